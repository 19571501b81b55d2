"""Outlines of plane polygons: area, offset, rounded corners, sampled arcs and ellipses."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "CornerArc",
    "centroid",
    "corner_turns",
    "ellipse_points",
    "filleted",
    "mitred",
    "require_simple",
    "signed_area",
]

Point = tuple[float, float]
Points = Sequence[Point] | NDArray[np.float64]
Floats = NDArray[np.float64]


class CornerArc(NamedTuple):
    """An arc in place of a corner: centre, radius (um), first angle and sweep (rad)."""

    centre: Point
    radius: float
    first: float
    sweep: float

    def points(self, chord_error: float) -> Floats:
        """Return points (n, 2) on the arc, both ends included; one point for radius 0."""
        if self.radius == 0:
            return np.array([self.centre])
        count = math.ceil(abs(self.sweep) / _step(self.radius, chord_error)) + 1
        angle = self.first + np.linspace(0.0, self.sweep, max(2, count))
        circle = np.column_stack([np.cos(angle), np.sin(angle)])
        return np.asarray(self.centre + self.radius * circle)


def signed_area(points: Points) -> float:
    """Return the enclosed area (um^2), positive counterclockwise.

    Example:
        >>> signed_area([(0.0, 0.0), (2.0, 0.0), (2.0, 1.0)])
        1.0
    """
    x, y = _relative(points)
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) / 2)


def centroid(points: Points) -> Point:
    """Return the centre of gravity (um) of the enclosed area."""
    x, y = _relative(points)
    cross = x * np.roll(y, -1) - np.roll(x, -1) * y
    six_areas = 3 * float(cross.sum())
    x0, y0 = float(points[0][0]), float(points[0][1])
    return (
        x0 + float(np.sum((x + np.roll(x, -1)) * cross)) / six_areas,
        y0 + float(np.sum((y + np.roll(y, -1)) * cross)) / six_areas,
    )


def require_simple(name: str, points: Sequence[Point]) -> None:
    """Check that a closed outline has an area and neither crosses nor touches itself.

    Raises:
        ValueError: it does not; the message names the argument.
    """
    import shapely

    ring = shapely.LinearRing(points)
    if not ring.is_simple:
        reason = shapely.is_valid_reason(shapely.Polygon(ring))
        raise ValueError(
            f"{name}: the outline must not cross or touch itself, got {reason}; "
            "put the corners in order, none twice"
        )
    size = max(math.dist(points[0], point) for point in points)
    if abs(signed_area(points)) < 1e-9 * size**2:
        raise ValueError(
            f"{name}: the outline must enclose an area, got corners on one line; move a corner"
        )


def corner_turns(points: Points) -> Floats:
    """Return the turning angle (rad) at every corner (n,): > 0 where the corner points outwards."""
    along = _sides(points)
    before = np.roll(along, 1, axis=0)
    cross = before[:, 0] * along[:, 1] - before[:, 1] * along[:, 0]
    turns = np.arctan2(cross, np.sum(before * along, axis=1))
    return np.asarray(turns * math.copysign(1.0, signed_area(points)))


def mitred(points: Sequence[Point], distance: float) -> tuple[Point, ...]:
    """Return the corners after every side moved outwards by a distance (um; < 0: inwards).

    Corners keep their number and stay sharp, so that they move linearly with the distance.

    Raises:
        ValueError: a side shrank to nothing.
    """
    corners = np.asarray(points, dtype=np.float64)
    along = _sides(points)
    length = np.hypot(*along.T)
    unit = along / length[:, None]
    side = math.copysign(1.0, signed_area(points))
    normal = side * np.column_stack([unit[:, 1], -unit[:, 0]])
    before, after = np.roll(normal, 1, axis=0), normal
    # the corner moves along the bisector: both sides advance by `distance`
    scale = 1 + np.sum(before * after, axis=1)
    moved = corners + distance * (before + after) / scale[:, None]
    if np.any(np.sum((np.roll(moved, -1, axis=0) - moved) * unit, axis=1) <= 0):
        raise ValueError(
            f"distance: every side must keep a length > 0, got {distance:g} um for a shortest side "
            f"of {length.min():.4g} um; move it less, or simplify the outline"
        )
    return tuple((float(x), float(y)) for x, y in moved)


def filleted(points: Sequence[Point], radii: Sequence[float]) -> list[CornerArc]:
    """Return the arcs that replace the corners, in order; each touches both of its sides.

    Raises:
        ValueError: two arcs overlap on a side.
    """
    corners = np.asarray(points, dtype=np.float64)
    length = np.hypot(*_sides(points).T)
    side = math.copysign(1.0, signed_area(points))
    turns = side * corner_turns(points)  # counterclockwise angles
    radius = np.asarray(radii, dtype=np.float64)
    tangent = radius * np.abs(np.tan(turns / 2))
    left = length - tangent - np.roll(tangent, -1)
    if np.any(left < -1e-9 * length):
        worst = int(np.argmin(left))
        raise ValueError(
            f"radius: the arcs must fit on every side, got {tangent[worst]:.4g} + "
            f"{np.roll(tangent, -1)[worst]:.4g} um on a side of {length[worst]:.4g} um; "
            "use smaller radii"
        )
    unit = _sides(points) / length[:, None]
    arcs = []
    for corner, before, turn, r in zip(
        corners, np.roll(unit, 1, axis=0), turns.tolist(), radius.tolist(), strict=True
    ):
        bend = math.copysign(1.0, turn)  # the centre lies to this side of the way in
        inward = bend * np.array([-before[1], before[0]])
        centre = corner - before * r * abs(math.tan(turn / 2)) + inward * r
        first = math.atan2(-inward[1], -inward[0])
        arcs.append(CornerArc((float(centre[0]), float(centre[1])), r, first, turn))
    return arcs


def ellipse_points(
    centre: Point, radii: tuple[float, float], angle_deg: float, chord_error: float
) -> Floats:
    """Return points (n, 2) on an ellipse, counterclockwise, n a multiple of 8.

    The sagitta of a step d of the parameter is at most max(a, b) (1 - cos(d/2)).
    """
    count = 8 * math.ceil(2 * math.pi / _step(max(radii), chord_error) / 8)
    t = np.arange(count) * (2 * math.pi / count)
    x, y = radii[0] * np.cos(t), radii[1] * np.sin(t)
    turn = math.radians(angle_deg)
    c, s = math.cos(turn), math.sin(turn)
    return np.column_stack([centre[0] + c * x - s * y, centre[1] + s * x + c * y])


def _step(radius: float, chord_error: float) -> float:
    """Return the largest angle between points whose chord stays within the error."""
    return 2 * math.acos(max(0.0, 1 - chord_error / radius))


def _sides(points: Points) -> Floats:
    corners = np.asarray(points, dtype=np.float64)
    return np.asarray(np.roll(corners, -1, axis=0) - corners)


def _relative(points: Points) -> tuple[Floats, Floats]:
    corners = np.asarray(points, dtype=np.float64)
    x, y = (corners - corners[0]).T
    return x, y
