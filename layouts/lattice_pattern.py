"""What is drawn of a periodic cavity: its pattern, the lattice in rows, outlines on the grid."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cavities.cell_shape import CellShape, Circle
from cavities.lattice import Lattice
from cavities.spec import Spec
from layouts.circle import MAX_VERTICES, circle

__all__ = ["Pattern", "Polygons", "Rows", "is_periodic", "pattern_of", "polygons", "rows"]

Polygons = tuple[tuple[tuple[int, int], ...], ...]
"""Vertices of polygons in grid steps."""

_MOST_STEPS = 24
"""Largest multiple of a primitive vector that is tried for a lattice vector along x."""


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """The pattern of a cavity, as it shall be on the wafer.

    Attributes:
        kind: whether the shapes are holes or pillars: the layer that they are drawn on.
        lattice: repeats them.
        shapes: of one cell.
    """

    kind: Literal["hole", "pillar"]
    lattice: Lattice
    shapes: tuple[CellShape, ...]

    def scaled_to(self, period: float) -> Pattern:
        """Return the pattern scaled in the plane to a period (um)."""
        factor = period / self.lattice.period
        if abs(factor - 1) < 1e-12:
            return self
        shapes = tuple(shape.scaled(factor) for shape in self.shapes)
        return Pattern(kind=self.kind, lattice=self.lattice.scaled(factor), shapes=shapes)

    def drawn(self, bias: float) -> Pattern:
        """Return what has to be drawn when the process moves walls outwards by a bias (um).

        Raises:
            ValueError: a shape vanishes.
        """
        from cavities.pattern_process import drawn

        try:
            shapes = drawn(self.shapes, bias)
        except ValueError as error:
            raise ValueError(
                f"biases: something must be left to draw, got {bias:g} um ({error})"
            ) from None
        return Pattern(kind=self.kind, lattice=self.lattice, shapes=shapes)


@dataclass(frozen=True, kw_only=True)
class Rows:
    """A lattice as rows along x: point (i, j) at x = i pitch + (j shift mod pitch), y = j step.

    Attributes:
        pitch: along a row (um).
        step: from row to row (um).
        shift: of each row against the one below (um), 0 <= shift < pitch.
    """

    pitch: float
    step: float
    shift: float

    def offsets(self, count: int) -> NDArray[np.float64]:
        """Return the x (um) of the first point of `count` rows, 0 <= x < pitch."""
        share = np.mod(np.arange(count) * (self.shift / self.pitch), 1.0)
        # a whole number of pitches must not come out as almost one
        return np.asarray(np.where(share > 1 - 1e-9, 0.0, share) * self.pitch)


def is_periodic(cavity: object) -> bool:
    """Return whether a cavity has a unit cell."""
    return callable(getattr(cavity, "unit_cell", None))


def pattern_of(cavity: Spec) -> Pattern:
    """Return the pattern that is etched into a periodic cavity.

    Of a `PeriodicStack`, which does not say how it was made, the inclusions of its one
    patterned layer are drawn as holes, those inside others left out.

    Raises:
        TypeError: the cavity has no unit cell.
        ValueError: a stack with no patterned layer, or several different ones.
    """
    from cavities.nanopillar_array import NanopillarArray
    from cavities.periodic_stack import PatternedLayer, PeriodicStack
    from cavities.photonic_crystal_slab import PhotonicCrystalSlab

    if isinstance(cavity, NanopillarArray):
        cavity = cavity.slab()
    if isinstance(cavity, PhotonicCrystalSlab):
        kind: Literal["hole", "pillar"] = "hole" if cavity.pattern == "holes" else "pillar"
        return Pattern(kind=kind, lattice=cavity.lattice, shapes=cavity.shapes)
    if not is_periodic(cavity):
        raise TypeError(
            f"cavity: must be periodic, got {type(cavity).__name__}; use a PhotonicCrystalSlab, "
            "a NanopillarArray or a PeriodicStack"
        )
    stack: PeriodicStack = cavity.unit_cell()  # type: ignore[attr-defined]
    found: list[tuple[CellShape, ...]] = []
    for layer in stack.layers:
        if isinstance(layer, PatternedLayer):
            pairs = zip(layer.inclusions, stack.parents(layer), strict=True)
            shapes = tuple(part.shape for part, parent in pairs if parent < 0)
            if shapes not in found:
                found.append(shapes)
    if len(found) != 1:
        raise ValueError(
            f"cavity: must have one pattern to draw, got {len(found)} different ones; make a "
            "PhotonicCrystalSlab of each"
        )
    return Pattern(kind="hole", lattice=stack.lattice, shapes=found[0])


def rows(lattice: Lattice) -> Rows:
    """Return a lattice as rows along x.

    Raises:
        ValueError: no lattice vector along x.

    Example:
        >>> found = rows(Lattice.triangular(0.4))
        >>> found.pitch, round(found.step, 6), round(found.shift, 6)
        (0.4, 0.34641, 0.2)
    """
    a1, a2 = lattice.vectors
    best: tuple[float, int, int] | None = None
    for i in range(_MOST_STEPS + 1):
        for j in range(-_MOST_STEPS, _MOST_STEPS + 1):
            x, y = i * a1 + j * a2
            if (
                math.gcd(i, j) == 1
                and abs(y) <= 1e-9 * abs(x)
                and (best is None or abs(x) < best[0])
            ):
                best = (abs(float(x)), i, j)
    if best is None:
        raise ValueError(
            f"lattice: must have a vector along x, got {lattice.a1} and {lattice.a2} um; turn the "
            "lattice"
        )
    pitch, i, j = best
    # the other vector of the basis: i n - j m = 1
    m, n = _bezout(i, j)
    x, y = m * a1 + n * a2
    if y < 0:
        x, y = -x, -y
    shift = float(x) % pitch
    if min(shift, pitch - shift) < 1e-9 * pitch:
        shift = 0.0
    return Rows(pitch=pitch, step=float(y), shift=shift)


def polygons(shapes: Sequence[CellShape], *, chord_error: float, grid: float) -> Polygons:
    """Return the outlines of shapes on the writing grid, in grid steps.

    Circles are those of `layouts.circle` about a centre on the grid; others have vertices on
    their outline with a sagitta of at most chord_error - grid/sqrt(2), then snapped.

    Raises:
        ValueError: a shape too small for the grid, a chord_error below grid/sqrt(2), too many
            vertices.
    """
    found = []
    for shape in shapes:
        if isinstance(shape, Circle):
            centre = np.rint(np.asarray(shape.center) / grid).astype(np.int64)
            points = circle(shape.radius, chord_error=chord_error, grid=grid) + centre
        else:
            points = _snapped(shape, chord_error, grid)
        found.append(tuple((int(x), int(y)) for x, y in points))
    return tuple(found)


def _snapped(shape: CellShape, chord_error: float, grid: float) -> NDArray[np.int64]:
    import shapely

    sagitta = chord_error - grid / math.sqrt(2)
    if sagitta <= 0:
        raise ValueError(
            f"chord_error: must exceed grid/sqrt(2) = {grid / math.sqrt(2):.3g} um, got "
            f"{chord_error} um; raise it or use a finer grid"
        )
    points = np.rint(shape.outline(sagitta) / grid).astype(np.int64)
    points = points[np.any(points != np.roll(points, 1, axis=0), axis=1)]
    if len(points) > MAX_VERTICES:
        raise ValueError(
            f"chord_error: must not need more than {MAX_VERTICES} vertices per shape, got "
            f"{len(points)}; raise it"
        )
    if len(points) < 3 or not shapely.Polygon(points).is_valid:
        raise ValueError(
            f"shapes: must be larger than a few grid steps of {grid:g} um, got one that collapses "
            "on the grid; use a finer grid"
        )
    return points


def _bezout(i: int, j: int) -> tuple[int, int]:
    """Return m, n with i n - j m = 1 for coprime i, j."""
    old, new = (i, 1, 0), (j, 0, 1)
    while new[0]:
        quotient = old[0] // new[0]
        old, new = new, tuple(a - quotient * b for a, b in zip(old, new, strict=True))  # type: ignore[assignment]
    sign = 1 if old[0] > 0 else -1
    # i old[1] + j old[2] = +-1
    return -sign * old[2], sign * old[1]
