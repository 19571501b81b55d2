"""Conformal coats: the outline at a constant distance from a disk's wall and top face."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from cavities.outline import Arc, Line, Outline, Parabola, Point, Segment, Spline
from cavities.wall import segment_derivative, spline_through

__all__ = ["conformal_coat"]

Floats = NDArray[np.float64]
Wall = Line | Parabola | Spline

_FLAT = 1e-3  # rad: an arc that turns less than this is left out (1e-6 of the thickness)


def conformal_coat(
    start: Point,
    wall: Wall,
    *,
    thickness: float,
    cover_top: bool = True,
    cover_wall: bool = True,
) -> Outline:
    """Return the outline of a disk together with its conformal coat.

    The coat is what lies within `thickness` of the disk and above the plane of its foot: the
    exact offset curve along the wall's normal, an arc around the rim, a flat film on the top
    face. An undercut wall's offset is cut off by the plane of the foot; a wall that flares
    out towards the foot gets an arc around it. Paint the disk over this outline, so that the
    coat is what remains of it.

    Args:
        start: foot of the wall (um); the coat ends on the plane z = start[1].
        wall: segment from the foot up to the rim, r > 0.
        thickness: of the coat, along the normal (um), > 0.
        cover_top: whether the top face is coated.
        cover_wall: whether the wall is coated.

    Returns:
        Closed outline from the axis: foot plane, coated wall, rim, top face.

    Raises:
        ValueError: no face covered, or the coat does not fit: thicker than a hollow of the
            wall allows, or so thick that it buries the undercut wall.

    Example:
        >>> disk = conformal_coat((1.0, 0.0), Line(end=(1.0, 2.0)), thickness=0.5)
        >>> disk.segments[1].end, disk.segments[2].end
        ((1.5, 2.0), (1.0, 2.5))
    """
    if not (math.isfinite(thickness) and thickness > 0):
        raise ValueError(
            f"coat_thickness: must be > 0 for a coat, got {thickness}; leave the coat out instead"
        )
    if not (cover_top or cover_wall):
        raise ValueError(
            "coat: must cover the top or the wall, got neither; set coat_thickness = 0 instead"
        )
    rim, floor = wall.end, start[1]
    top = rim[1] + thickness
    if not cover_wall:
        return Outline.rectangle(inner=0.0, outer=rim[0], bottom=rim[1], top=top)
    ceiling = math.inf if cover_top else rim[1]
    first, segments = _coated_wall(start, wall, thickness, ceiling)
    last = segments[-1].end
    closing = [Line(end=(0.0, last[1])), Line(end=(0.0, floor))]
    return Outline(start=(0.0, floor), segments=(Line(end=first), *segments, *closing))


def _coated_wall(
    start: Point, wall: Wall, thickness: float, ceiling: float
) -> tuple[Point, list[Segment]]:
    """Return the first point on the foot's plane and the segments up to the coat's top."""
    _require_room(start, wall, thickness)
    first, low, foot = _foot(start, wall, thickness)
    end, high, rim = _rim(start, wall, thickness, ceiling)
    return first, [*foot, _offset_segment(start, wall, thickness, (low, high), end), *rim]


def _foot(start: Point, wall: Wall, thickness: float) -> tuple[Point, float, list[Segment]]:
    """Return the coat's first point, the wall parameter where its offset begins, any arc between.

    An undercut offset is cut by the foot's plane; a flared one is rounded down to it.
    """
    floor, angle = start[1], _normal_angle(start, wall, 0.0)
    r, z = _offset(start, wall, thickness, 0.0)
    if angle > _FLAT:
        arc = _arc(start, thickness, angle / 2, (r, z))
        return (start[0] + thickness, floor), 0.0, [arc]
    if z >= floor:
        return (r, floor), 0.0, []
    low = _crossing(start, wall, thickness, floor)
    return (_offset(start, wall, thickness, low)[0], floor), low, []


def _rim(
    start: Point, wall: Wall, thickness: float, ceiling: float
) -> tuple[Point, float, list[Segment]]:
    """Return the end of the wall's offset, its wall parameter, any arc around the rim.

    Under a ceiling (a bare top face) the coat ends on the plane of the top face.
    """
    corner = wall.end
    r, z = _offset(start, wall, thickness, 1.0)
    angle = _normal_angle(start, wall, 1.0)
    if math.isinf(ceiling):
        top = (corner[0], corner[1] + thickness)
        return (r, z), 1.0, [_arc(corner, thickness, (angle + math.pi / 2) / 2, top)]
    if angle < -_FLAT:
        side = (corner[0] + thickness, ceiling)
        return (r, z), 1.0, [_arc(corner, thickness, angle / 2, side)]
    if z <= ceiling:
        return (r, ceiling), 1.0, []
    high = _crossing(start, wall, thickness, ceiling)
    return (_offset(start, wall, thickness, high)[0], ceiling), high, []


def _offset_segment(
    start: Point,
    wall: Wall,
    thickness: float,
    span: tuple[float, float],
    end: Point,
) -> Line | Spline:
    """Return the offset of the wall over a span of its parameter, ending exactly at `end`."""
    if isinstance(wall, Line):
        return Line(end=end)
    low, high = span

    def curve(t: Floats) -> Floats:
        at = low + (high - low) * t
        return wall.points(start, at) + thickness * _normal(start, wall, at)

    _, spline = spline_through(curve)
    return Spline(knots=(*spline.knots[:-1], end))


def _arc(centre: Point, radius: float, middle_angle: float, end: Point) -> Arc:
    through = (
        centre[0] + radius * math.cos(middle_angle),
        centre[1] + radius * math.sin(middle_angle),
    )
    return Arc(through=through, end=end)


def _normal(start: Point, wall: Wall, parameter: Floats) -> Floats:
    """Return the unit normals (n, 2) that point away from the axis."""
    tangent = segment_derivative(start, wall, parameter)
    normal = np.column_stack([tangent[:, 1], -tangent[:, 0]])
    return np.asarray(normal / np.hypot(*normal.T)[:, None])


def _normal_angle(start: Point, wall: Wall, parameter: float) -> float:
    """Return the normal's angle (rad) from the r axis: negative where the wall is undercut."""
    r, z = _normal(start, wall, np.array([parameter]))[0]
    return math.atan2(z, r)


def _offset(start: Point, wall: Wall, thickness: float, parameter: float) -> Point:
    at = np.array([parameter])
    r, z = (wall.points(start, at) + thickness * _normal(start, wall, at))[0]
    return float(r), float(z)


def _crossing(start: Point, wall: Wall, thickness: float, height: float) -> float:
    """Return the parameter where the offset wall passes the plane z = height."""
    from scipy.optimize import brentq

    def above(t: float) -> float:
        return _offset(start, wall, thickness, t)[1] - height

    return float(brentq(above, 0.0, 1.0, xtol=1e-15, rtol=1e-14))


def _require_room(start: Point, wall: Wall, thickness: float) -> None:
    """Raise unless the coat fits on the wall: no fold in hollows, wall not buried."""
    t = np.linspace(0.0, 1.0, 2001)
    points = wall.points(start, t)
    offset = points + thickness * _normal(start, wall, t)
    advance = np.sum(np.diff(offset, axis=0) * np.diff(points, axis=0), axis=1)
    if np.any(advance <= 0):
        at = points[int(np.argmin(advance))]
        raise ValueError(
            "coat_thickness: must be less than the wall's radius of curvature where it is hollow "
            f"(r = {at[0]:.4g}, z = {at[1]:.4g} um), got {thickness:g} um; use a thinner coat"
        )
    if offset[0, 1] >= wall.end[1]:
        raise ValueError(
            "coat_thickness: the coated foot must lie below the rim, got "
            f"z = {offset[0, 1]:.4g} um for a rim at {wall.end[1]:.4g} um with {thickness:g} um of "
            "coat; use a thinner coat, a higher disk or a steeper wall"
        )
    z = float(offset[-1, 1])
    if z <= start[1]:
        limit = thickness * (wall.end[1] - start[1]) / (wall.end[1] - z)
        raise ValueError(
            f"coat_thickness: must be < {limit:.4g} um = height/sin(wall tilt) so that the coated "
            f"wall ends above the foot's plane, got {thickness:g} um; use a thinner coat, a higher "
            "disk or a steeper wall"
        )
