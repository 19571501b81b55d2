"""Circles as polygons on the writing grid, with a stated bound on the distance to the circle.

A polygon of n vertices on a circle of radius R leaves its chords at most the sagitta
s = R (1 - cos(pi/n)) inside the circle; moving each vertex to the nearest point of a grid of
pitch g moves the boundary by at most g/sqrt(2) more. The number of vertices is the smallest
multiple of 8 with s + g/sqrt(2) <= chord_error, so that *every* point of the drawn boundary
lies within `chord_error` of the circle.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["area_tolerance", "circle", "circle_vertices", "snap"]

MAX_VERTICES = 8000
"""Largest number of vertices of one polygon that GDS readers agree on."""

MIN_RADIUS_IN_GRID_STEPS = 10


def circle_vertices(radius: float, *, chord_error: float = 0.005, grid: float = 0.001) -> int:
    """Return how many vertices hold a circle within `chord_error` on the writing grid.

    Args:
        radius: radius (um), at least 10 grid steps.
        chord_error: largest distance (um) between the polygon and the circle, snapping
            included; more than grid/sqrt(2).
        grid: writing grid (um).

    Returns:
        A multiple of 8, from 8 to 8000.

    Raises:
        ValueError: a value is out of range, or more than 8000 vertices would be needed.

    Example:
        >>> circle_vertices(7.5)
        96
    """
    if not (grid > 0 and math.isfinite(grid)):
        raise ValueError(f"grid: must be > 0 um, got {grid}; the usual grid is 0.001 um")
    if not (radius >= MIN_RADIUS_IN_GRID_STEPS * grid and math.isfinite(radius)):
        raise ValueError(
            f"radius: must be at least {MIN_RADIUS_IN_GRID_STEPS} grid steps "
            f"({MIN_RADIUS_IN_GRID_STEPS * grid:g} um), got {radius} um; "
            "use a larger radius or a finer grid"
        )
    sagitta = chord_error - grid / math.sqrt(2)
    if not (sagitta > 0 and math.isfinite(chord_error)):
        raise ValueError(
            f"chord_error: must exceed grid/sqrt(2) = {grid / math.sqrt(2):.3g} um, "
            f"got {chord_error} um; raise it or use a finer grid"
        )
    half_angle = 2 * math.asin(min(1.0, math.sqrt(sagitta / (2 * radius))))
    count = max(8, 8 * math.ceil(math.pi / half_angle / 8 - 1e-12))
    if count > MAX_VERTICES:
        raise ValueError(
            f"chord_error: must not need more than {MAX_VERTICES} vertices per circle, got "
            f"{count} for {chord_error} um at radius {radius} um; raise chord_error"
        )
    return count


def circle(radius: float, *, chord_error: float = 0.005, grid: float = 0.001) -> NDArray[np.int64]:
    """Return the vertices of a circle about the origin, as whole numbers of grid steps.

    The polygon has the symmetry of the square, so its bounding box is centred and its sides
    are the diameter rounded to an even number of grid steps.

    Args:
        radius: radius (um).
        chord_error: largest distance (um) between the polygon and the circle, snapping included.
        grid: writing grid (um).

    Returns:
        Vertices (n, 2) in units of `grid`, counter-clockwise, the first not repeated.

    Raises:
        ValueError: see `circle_vertices`.

    Example:
        >>> points = circle(7.5, chord_error=0.01)
        >>> len(points), points[0].tolist()
        (64, [7500, 0])
    """
    count = circle_vertices(radius, chord_error=chord_error, grid=grid)
    angle = 2 * np.pi * np.arange(count // 8) / count
    steps = radius / grid
    eighth = np.rint(steps * np.column_stack([np.cos(angle), np.sin(angle)])).astype(np.int64)
    diagonal = np.full((1, 2), np.rint(steps / math.sqrt(2)), dtype=np.int64)
    # the other eighth is the mirror image: half-way cases must not round both ways
    quarter = np.concatenate([eighth, diagonal, eighth[:0:-1, ::-1]])
    quarters = [quarter]
    for _ in range(3):
        x, y = quarters[-1].T
        quarters.append(np.column_stack([-y, x]))
    points = np.concatenate(quarters)
    repeated = np.all(points == np.roll(points, 1, axis=0), axis=1)
    return np.asarray(points[~repeated])


def area_tolerance(radius: float, *, chord_error: float = 0.005, grid: float = 0.001) -> float:
    """Return the bound (um^2) on |area of the polygon - pi radius^2|.

    The boundary lies between the circles of radius R - chord_error and R + grid/sqrt(2)
    and winds once around the centre, so the area lies between theirs; the larger of the two
    differences is pi (2 R e - e^2) with e = chord_error or pi (2 R h + h^2), h = grid/sqrt(2).

    Example:
        >>> round(area_tolerance(7.5, chord_error=0.005), 4)
        0.2355
    """
    half_diagonal = grid / math.sqrt(2)
    inside = math.pi * chord_error * (2 * radius - chord_error)
    outside = math.pi * half_diagonal * (2 * radius + half_diagonal)
    return max(inside, outside)


def snap(value: float, *, grid: float = 0.001) -> float:
    """Return `value` (um) rounded to the nearest multiple of `grid` (um).

    Example:
        >>> snap(12.34567, grid=0.005)
        12.345
    """
    return round(round(value / grid) * grid, 9)
