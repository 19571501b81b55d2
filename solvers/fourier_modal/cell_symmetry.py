"""The point group of a periodic stack, its centre, and the little group of a Bloch vector."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cavities.lattice import Lattice
from cavities.periodic_stack import PatternedLayer, PeriodicStack
from solvers.fourier_modal.orders import chosen_orders
from solvers.fourier_modal.point_group import PointGroup, plane_group
from solvers.fourier_modal.shape_transform import shape_coefficients

__all__ = ["cell_symmetry", "little_group"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

_SAME = 1e-6
_TEST_ORDERS = 61
_MOST_CENTRES = 40


def cell_symmetry(
    stack: PeriodicStack, centre: tuple[float, float] | None = None
) -> tuple[tuple[float, float], PointGroup]:
    """Return the centre (um) about which a stack is most symmetric, and its point group there.

    Args:
        stack: the unit cell; centre: the only one to look at (um); None: the best one.

    Example:
        >>> from cavities.cell_shape import Circle
        >>> from cavities.periodic_stack import Inclusion
        >>> hole = Inclusion(shape=Circle(center=(0.1, 0.0), radius=0.08), material="air")
        >>> slab = PatternedLayer(name="slab", material=2.0, thickness=0.1, inclusions=(hole,))
        >>> stack = PeriodicStack(lattice=Lattice.square(0.3), layers=(slab,))
        >>> centre, group = cell_symmetry(stack)
        >>> centre, group.name
        ((0.1, 0.0), 'C4v')
    """
    rotations, mirrors = _holohedry(stack.lattice)
    vectors = chosen_orders(stack.lattice, np.zeros(2), _TEST_ORDERS).reciprocal
    patterns = _patterns(stack, vectors)
    places = itertools.islice(_centres(stack), _MOST_CENTRES) if centre is None else [centre]
    best = (centre or (0.0, 0.0), plane_group(1, None))
    for place in places:
        moved = patterns * np.exp(1j * (vectors @ np.array(place)))
        order = max(n for n in rotations if _keeps(_rotation(360 / n), vectors, moved))
        lines = [angle for angle in mirrors if _keeps(_mirror(angle), vectors, moved)]
        group = plane_group(order, lines[0] if lines else None)
        if len(group.operations) > len(best[1].operations):
            best = (place, group)
        if len(group.operations) == max(rotations) * (2 if mirrors else 1):
            break
    return best


def little_group(group: PointGroup, lattice: Lattice, bloch: Floats) -> PointGroup:
    """Return the operations that take k to itself or to k plus a reciprocal lattice vector.

    Example:
        >>> square = Lattice.square(0.3)
        >>> little_group(plane_group(4, 0.0), square, np.array(square.point("X"))).name
        'C2v'
    """
    inverse = np.linalg.inv(lattice.reciprocal)
    kept = []
    for operation in group.operations:
        steps = (operation @ bloch - bloch) @ inverse
        kept.append(bool(np.all(np.abs(steps - np.rint(steps)) < 1e-9)))
    count = len(group.operations) // (2 if group.mirror_deg is not None else 1)
    order = sum(kept[:count])
    lines = []
    for operation, keep in zip(group.operations[count:], kept[count:], strict=True):
        if keep:
            angle = math.degrees(math.atan2(operation[1, 0], operation[0, 0])) / 2
            lines.append(angle % 180.0)
    return plane_group(order, min(lines) if lines else None)


def _holohedry(lattice: Lattice) -> tuple[list[int], list[float]]:
    """Return the orders of rotations and the directions (degrees) of mirrors of a lattice."""
    vectors = np.array(lattice.reduced())
    inverse = np.linalg.inv(vectors)

    def keeps(operation: Floats) -> bool:
        steps = vectors @ operation.T @ inverse
        return bool(np.all(np.abs(steps - np.rint(steps)) < _SAME))

    rotations = [n for n in (1, 2, 3, 4, 6) if keeps(_rotation(360 / n))]
    u, v = vectors
    angles = {round(math.degrees(math.atan2(w[1], w[0])), 9) for w in (u, v, u + v, u - v)}
    angles |= {angle + 90 for angle in angles} | {angle + 30 for angle in angles}
    candidates = sorted({round(angle % 180, 7) % 180 for angle in angles})
    return rotations, [angle for angle in candidates if keeps(_mirror(angle))]


def _rotation(angle_deg: float) -> Floats:
    c, s = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    return np.array([[c, -s], [s, c]])


def _mirror(angle_deg: float) -> Floats:
    c, s = math.cos(2 * math.radians(angle_deg)), math.sin(2 * math.radians(angle_deg))
    return np.array([[c, s], [s, -c]])


def _patterns(stack: PeriodicStack, vectors: Floats) -> Complexes:
    """Return Fourier coefficients of every kind of part of every layer (parts, G)."""
    rows = []
    for layer in stack.slices():
        if not isinstance(layer, PatternedLayer):
            continue
        kinds: dict[Any, Complexes] = {}
        for part, parent in zip(layer.inclusions, stack.parents(layer), strict=True):
            outer = layer if parent < 0 else layer.inclusions[parent]
            key = (part.name, part.material, outer.name, outer.material)
            coefficients = shape_coefficients(part.shape, vectors, stack.lattice.area)
            kinds[key] = kinds.get(key, 0) + coefficients
        rows += list(kinds.values())
    return np.array(rows, dtype=np.complex128).reshape(-1, len(vectors))


def _centres(stack: PeriodicStack) -> Iterator[tuple[float, float]]:
    """Yield points about which the stack may be symmetric, likely ones first."""
    patterned = [layer for layer in stack.layers if isinstance(layer, PatternedLayer)]
    if not patterned:
        yield 0.0, 0.0
        return
    layer = min(patterned, key=lambda one: len(one.inclusions))
    points = [np.array(part.shape.centroid) for part in layer.inclusions]
    yield _pair(points[0])
    yield _pair(np.mean(points, axis=0))
    for point in points[1:]:
        yield _pair(point)
    a1, a2 = stack.lattice.vectors
    shifts = [np.zeros(2), a1 / 2, a2 / 2, (a1 + a2) / 2]
    for first, second in itertools.combinations_with_replacement(points, 2):
        for shift in shifts:
            yield _pair((first + second) / 2 + shift)
    yield 0.0, 0.0


def _pair(point: Floats) -> tuple[float, float]:
    return float(point[0]), float(point[1])


def _keeps(operation: Floats, vectors: Floats, patterns: Complexes) -> bool:
    images = vectors @ operation.T
    distance = np.abs(images[:, None] - vectors).sum(axis=2)
    target = np.argmin(distance, axis=1)
    scale = np.abs(patterns).max(initial=0.0)
    inside = distance[np.arange(len(vectors)), target] < 1e-6 * np.abs(vectors).max()
    changed = np.abs(patterns[:, target] - patterns)[:, inside]
    return bool(changed.max(initial=0.0) <= _SAME * scale)
