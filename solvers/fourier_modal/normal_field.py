"""A smooth field of normals: n n^T, exact on every wall and spread smoothly between them.

The factorisation rules want to know the direction in which the electric field jumps. Any smooth
continuation of the walls' normals does; here it is

    n n^T(r) = sum_s w_s n_s n_s^T / sum_s w_s,   w_s = exp(-d_s^2/l^2)/d_s^2,

over all walls s and their repetitions, with n_s the direction to the nearest point of the wall
and d_s its distance: on a wall its own normal wins, half-way between two walls both count.

Source of the rules: L. Li, J. Opt. Soc. Am. A 13, 1870 (1996), doi:10.1364/JOSAA.13.001870;
normal vectors: T. Schuster et al., J. Opt. Soc. Am. A 24, 2880 (2007),
doi:10.1364/JOSAA.24.002880.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from cavities.cell_shape import CellShape, Circle, Ellipse

__all__ = ["normal_tensor"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]
_Wall = Callable[[Floats], tuple[Floats, Floats]]

_REACH = 2.0
_CHORD = 2e-3
_SAMPLES = 512
_TINY = 1e-9
_EQUAL = 1e-9


def normal_tensor(
    shapes: Sequence[CellShape], vectors: Floats, reach: tuple[int, int]
) -> tuple[Complexes, Complexes, Complexes]:
    """Return the Fourier coefficients of n_x n_x, n_x n_y, n_y n_y on a grid of differences.

    Args:
        shapes: walls of one layer.
        vectors: reduced lattice vectors as rows (2, 2), um.
        reach: largest indices (m1, m2) of the coefficients.

    Returns:
        Three arrays (2 m1 + 1, 2 m2 + 1).
    """
    m1, m2 = reach
    n1, n2 = (max(64, 2 ** math.ceil(math.log2(4 * m + 2))) for m in reach)
    i, j = np.meshgrid(np.arange(n1) / n1, np.arange(n2) / n2, indexing="ij")
    points = np.stack([i, j], axis=-1) @ vectors
    scale = _REACH * min(_half_thickness(shape) for shape in shapes)
    tensors, squares = [], []
    for shape in shapes:
        wall = _wall_of(shape)
        for offset in _wrapped(points, np.array(shape.centroid), vectors):
            tensor, square = wall(offset)
            tensors.append(tensor)
            squares.append(np.maximum(square / scale**2, _TINY**2))
    nearest = np.min(squares, axis=0)
    total = np.zeros((3, n1, n2))
    weights = np.zeros((n1, n2))
    for tensor, square in zip(tensors, squares, strict=True):
        weight = np.exp(nearest - square) * (nearest / square)
        total += weight * tensor
        weights += weight
    waves = np.fft.fft2(total / weights, axes=(1, 2)) / (n1 * n2)
    rows = np.arange(-m1, m1 + 1)[:, None], np.arange(-m2, m2 + 1)
    xx, xy, yy = (part[rows] for part in waves)
    return xx, xy, yy


def _half_thickness(shape: CellShape) -> float:
    """Return 2 area/perimeter (um): a circle's radius."""
    if isinstance(shape, Circle):
        return shape.radius
    outline = shape.outline(_CHORD * shape.reach)
    perimeter = float(np.sum(np.hypot(*(np.roll(outline, -1, axis=0) - outline).T)))
    return 2 * shape.area / perimeter


def _wrapped(points: Floats, centre: Floats, vectors: Floats) -> list[Floats]:
    """Return the points relative to the nearest repetitions of the centre."""
    fraction = (points - centre) @ np.linalg.inv(vectors)
    home = (fraction - np.round(fraction)) @ vectors
    steps = [np.array([a, b]) @ vectors for a in (-1, 0, 1) for b in (-1, 0, 1)]
    return [home - step for step in steps]


def _wall_of(shape: CellShape) -> _Wall:
    """Return a function from points (n, m, 2) about the centre to n n^T and squared distances."""
    if isinstance(shape, Circle):
        return _ellipse((shape.radius, shape.radius), 0.0)
    if isinstance(shape, Ellipse):
        return _ellipse(shape.radii, shape.angle_deg)
    return _polygon(shape.outline(_CHORD * shape.reach) - np.array(shape.centroid))


def _ellipse(radii: tuple[float, float], angle_deg: float) -> _Wall:
    # level sets of u = (x/a)^2 + (y/b)^2: exact on u = 1
    turn = math.radians(angle_deg)
    c, s = math.cos(turn), math.sin(turn)
    a, b = radii

    def wall(points: Floats) -> tuple[Floats, Floats]:
        x, y = points.transpose(2, 0, 1)
        p, q = c * x + s * y, c * y - s * x
        gp, gq = p / a**2, q / b**2
        slope = np.hypot(gp, gq)
        safe = np.where(slope > 0, slope, 1.0)
        normal = np.stack([(c * gp - s * gq) / safe, (s * gp + c * gq) / safe])
        # (sqrt(u) - 1)/|grad sqrt(u)|: the distance of a circle, near the wall that of an ellipse
        root = np.hypot(p / a, q / b)
        distance = np.where(slope > 0, (root - 1) * root / safe, min(radii))
        return _tensor(normal), distance**2

    return wall


def _polygon(corners: Floats) -> _Wall:
    from scipy.spatial import cKDTree

    edges = np.roll(corners, -1, axis=0) - corners
    lengths = np.hypot(*edges.T)
    counts = np.maximum(1, np.ceil(_SAMPLES * lengths / lengths.sum())).astype(int)
    owner = np.repeat(np.arange(len(corners)), counts)
    place = np.concatenate([(np.arange(n) + 0.5) / n for n in counts])
    tree = cKDTree(corners[owner] + place[:, None] * edges[owner])

    def wall(points: Floats) -> tuple[Floats, Floats]:
        flat = points.reshape(-1, 2)
        first = owner[tree.query(flat)[1]]
        best = np.full(len(flat), np.inf)
        total = np.zeros((3, len(flat)))
        ties = np.ones(len(flat))
        for neighbour in (0, 1, -1):  # the nearest sample's edge and the ones beside it
            edge = (first + neighbour) % len(corners)
            start, along = corners[edge], edges[edge]
            part = np.sum((flat - start) * along, axis=1) / lengths[edge] ** 2
            inside = (part > 0) & (part < 1)
            away = flat - start - np.clip(part, 0.0, 1.0)[:, None] * along
            square = np.sum(away**2, axis=1)
            straight = np.stack([along[:, 1], -along[:, 0]]) / lengths[edge]
            radial = away.T / np.sqrt(np.maximum(square, 1e-300))
            tensor = _tensor(np.where(inside, straight, radial))
            closer = square < best * (1 - _EQUAL)
            tied = ~closer & (square < best * (1 + _EQUAL))
            total = np.where(closer, tensor, np.where(tied, total + tensor, total))
            ties = np.where(closer, 1.0, ties + tied)
            best = np.minimum(best, square)
        shape = points.shape[:-1]
        return (total / ties).reshape(3, *shape), best.reshape(shape)

    return wall


def _tensor(normal: Floats) -> Floats:
    x, y = normal
    return np.stack([x * x, x * y, y * y])
