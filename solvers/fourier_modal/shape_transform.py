"""Fourier transforms of shapes in closed form: circles, ellipses, polygons.

(1/A) int_shape exp(-i G r) d^2r over the cell's area A. Curves of rounded polygons are taken as
polygons with a chord error of 2e-6 of their size.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from cavities.cell_shape import CellShape, Circle, Ellipse

__all__ = ["shape_coefficients"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

_CHORD = 2e-6
_BLOCK = 2_000_000


def shape_coefficients(shape: CellShape, vectors: Floats, cell_area: float) -> Complexes:
    """Return the Fourier coefficients of the function that is 1 in a shape, else 0.

    Args:
        shape: the shape, coordinates in um.
        vectors: reciprocal lattice vectors (..., 2), rad/um.
        cell_area: area of the cell (um^2).

    Returns:
        Coefficients (...,); the one at G = 0 is the filled share of the cell.

    Example:
        >>> g = np.array([[0.0, 0.0], [20.0, 0.0]])
        >>> shape_coefficients(Circle(radius=0.1), g, 0.09).round(6)
        array([0.349066+0.j, 0.20131...+0.j])
    """
    flat = np.asarray(vectors, dtype=np.float64).reshape(-1, 2)
    if isinstance(shape, Circle):
        found = _ellipse(flat, shape.center, (shape.radius, shape.radius), 0.0)
    elif isinstance(shape, Ellipse):
        found = _ellipse(flat, shape.center, shape.radii, shape.angle_deg)
    else:
        found = _polygon(flat, shape.outline(_CHORD * shape.reach), shape.area)
    return np.asarray((found / cell_area).reshape(vectors.shape[:-1]), dtype=np.complex128)


def _ellipse(
    vectors: Floats, centre: tuple[float, float], radii: tuple[float, float], angle_deg: float
) -> Complexes:
    from scipy.special import j1

    turn = math.radians(angle_deg)
    along = vectors @ np.array([math.cos(turn), math.sin(turn)])
    across = vectors @ np.array([-math.sin(turn), math.cos(turn)])
    argument = np.hypot(radii[0] * along, radii[1] * across)
    safe = np.where(argument > 0, argument, 1.0)
    disk = np.where(argument > 0, 2 * j1(safe) / safe, 1.0)
    return np.asarray(math.pi * radii[0] * radii[1] * disk * np.exp(-1j * (vectors @ centre)))


def _polygon(vectors: Floats, corners: Floats, area: float) -> Complexes:
    # div(G exp(-iGr)) = -i G^2 exp(-iGr), so the area integral is one over the edges.
    following = np.roll(corners, -1, axis=0)
    edge, middle = following - corners, (following + corners) / 2
    square = np.sum(vectors**2, axis=1)
    total = np.zeros(len(vectors), dtype=np.complex128)
    step = max(1, _BLOCK // len(vectors))
    for start in range(0, len(edge), step):
        d, m = edge[start : start + step], middle[start : start + step]
        normal = vectors[:, :1] * d[:, 1] - vectors[:, 1:] * d[:, 0]
        wave = np.exp(-1j * (vectors @ m.T))
        total += np.sum(normal * wave * np.sinc(vectors @ d.T / (2 * math.pi)), axis=1)
    safe = np.where(square > 0, square, 1.0)
    return np.where(square > 0, 1j * total / safe, area)
