"""Which shapes of a unit cell lie inside each other, and the check that none overlap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cavities.cell_shape import CellShape, Circle
from cavities.lattice import Lattice, Vector

if TYPE_CHECKING:
    import shapely

__all__ = ["nesting", "require_in_cell"]

_CHORD = 1e-4
"""Chord error of curved outlines over the size of the shape, for comparing shapes."""

_TOUCH = 1e-6
"""Overlap of two outlines, over their size, that still counts as touching."""


def require_in_cell(lattice: Lattice, shapes: Sequence[CellShape], layer: str) -> None:
    """Check that every centre lies in or next to the primitive cell.

    Raises:
        ValueError: a lattice coordinate of a centre is outside [-1, 1]: most often a length
            that is not in um.
    """
    for shape in shapes:
        first, second = lattice.fractional(shape.centroid)
        if max(abs(first), abs(second)) > 1 + 1e-9:
            x, y = shape.centroid
            raise ValueError(
                f"inclusions: centres must be within one lattice vector of the origin, got "
                f"({x:g}, {y:g}) um = {first:.3g} a1 + {second:.3g} a2 in layer {layer!r}; "
                "subtract lattice vectors (lengths are um)"
            )


def nesting(lattice: Lattice, shapes: Sequence[CellShape], layer: str) -> tuple[int, ...]:
    """Return for each shape the index of the smallest earlier one around it, -1 for none.

    Args:
        lattice: repeats the shapes.
        shapes: of one layer; a later one may lie wholly inside an earlier one.
        layer: its name, for messages.

    Raises:
        ValueError: a shape overlaps another or its own repetition, or holds an earlier one.
    """
    for index, shape in enumerate(shapes):
        for shift in _near(lattice, shape, shape):
            if math.hypot(*shift) > 0 and _overlap(shape, shape, shift):
                raise ValueError(
                    f"inclusions: must not overlap their own repetitions, got inclusion {index} "
                    f"of layer {layer!r} over the one at ({shift[0]:.4g}, {shift[1]:.4g}) um; "
                    "make it smaller or the period larger"
                )
    parents = []
    for index, shape in enumerate(shapes):
        parent = -1
        for other in range(index):
            for shift in _near(lattice, shapes[other], shape):
                if not _overlap(shapes[other], shape, shift):
                    continue
                if not _inside(shapes[other], shape, shift):
                    raise ValueError(
                        f"inclusions: must lie apart or wholly inside an earlier one, got "
                        f"inclusion {index} across the edge of inclusion {other} of layer "
                        f"{layer!r}; move one, or list the outer one first"
                    )
                if parent < 0 or shapes[other].area < shapes[parent].area:
                    parent = other
        parents.append(parent)
    return tuple(parents)


def _near(lattice: Lattice, first: CellShape, second: CellShape) -> list[Vector]:
    """Return the translations of `second` that bring it within reach of `first`."""
    (x1, y1), (x2, y2) = first.centroid, second.centroid
    touch = first.reach + second.reach
    distance = math.hypot(x2 - x1, y2 - y1)
    shifts = lattice.translations(touch + distance)
    gaps = np.hypot(shifts[:, 0] + x2 - x1, shifts[:, 1] + y2 - y1)
    return [(float(dx), float(dy)) for dx, dy in shifts[gaps < touch]]


def _overlap(first: CellShape, second: CellShape, shift: Vector) -> bool:
    """Return whether `second`, moved by a shift, covers part of `first`."""
    slack = _TOUCH * (first.reach + second.reach)
    if isinstance(first, Circle) and isinstance(second, Circle):
        return _distance(first, second, shift) < first.radius + second.radius - slack
    common = _polygon(first).intersection(_polygon(second.translated(*shift)))
    return bool(common.area > slack * min(first.reach, second.reach))


def _inside(outer: CellShape, inner: CellShape, shift: Vector) -> bool:
    """Return whether `inner`, moved by a shift, lies wholly in `outer`."""
    slack = _TOUCH * (outer.reach + inner.reach)
    if isinstance(outer, Circle) and isinstance(inner, Circle):
        return _distance(outer, inner, shift) + inner.radius <= outer.radius + slack
    left = _polygon(inner.translated(*shift)).difference(_polygon(outer))
    return bool(left.area <= (slack + 2 * _CHORD * outer.reach) * inner.reach)


def _distance(first: Circle, second: Circle, shift: Vector) -> float:
    (x1, y1), (x2, y2) = first.center, second.center
    return math.hypot(x2 + shift[0] - x1, y2 + shift[1] - y1)


def _polygon(shape: CellShape) -> shapely.Polygon:
    return shape.polygon(_CHORD * shape.reach)
