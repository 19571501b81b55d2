"""Closed outlines in the (r, z) half-plane, made of lines, arcs, parabolas and splines."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from cavities.spec import Spec

if TYPE_CHECKING:
    import shapely

__all__ = ["Arc", "Line", "Outline", "Parabola", "Point", "Segment", "Spline"]

Point = tuple[float, float]
Floats = NDArray[np.float64]


class Line(Spec):
    """Straight segment from the previous point to `end` (um)."""

    kind: Literal["line"] = "line"
    end: Point

    def points(self, start: Point, parameter: Floats) -> Floats:
        """Return the points (n, 2) at parameters 0..1 (n,)."""
        t = parameter[:, None]
        return np.asarray((1 - t) * np.asarray(start) + t * np.asarray(self.end))


class Parabola(Spec):
    """Parabolic segment: a quadratic Bezier curve with one `control` point (um)."""

    kind: Literal["parabola"] = "parabola"
    control: Point
    end: Point

    def points(self, start: Point, parameter: Floats) -> Floats:
        """Return the points (n, 2) at parameters 0..1 (n,)."""
        t = parameter[:, None]
        first, middle, last = (np.asarray(p) for p in (start, self.control, self.end))
        return np.asarray((1 - t) ** 2 * first + 2 * t * (1 - t) * middle + t**2 * last)


class Arc(Spec):
    """Circular arc from the previous point over `through` to `end` (um)."""

    kind: Literal["arc"] = "arc"
    through: Point
    end: Point

    def centre(self, start: Point) -> Point:
        """Return the centre of the circle through the three points."""
        # relative to the start: a small arc far from the axis keeps its accuracy
        bx, by = self.through[0] - start[0], self.through[1] - start[1]
        cx, cy = self.end[0] - start[0], self.end[1] - start[1]
        twice_area = 2 * (bx * cy - cx * by)
        if abs(twice_area) < 1e-14:
            raise ValueError(
                "arc: start, through and end must not lie on one line, "
                f"got {start}, {self.through}, {self.end}; use a Line instead"
            )
        b2, c2 = bx**2 + by**2, cx**2 + cy**2
        x = (b2 * cy - c2 * by) / twice_area
        y = (c2 * bx - b2 * cx) / twice_area
        return start[0] + x, start[1] + y

    def points(self, start: Point, parameter: Floats) -> Floats:
        """Return the points (n, 2) at parameters 0..1 (n,)."""
        x, y = self.centre(start)
        first, middle, last = (math.atan2(q - y, p - x) for p, q in (start, self.through, self.end))
        turn = 2 * math.pi
        sweep = (last - first) % turn
        if (middle - first) % turn > sweep:
            sweep -= turn
        angle = first + sweep * parameter
        radius = math.hypot(start[0] - x, start[1] - y)
        return np.column_stack([x + radius * np.cos(angle), y + radius * np.sin(angle)])


class Spline(Spec):
    """Smooth curve interpolating the given points (um), the last of which ends it.

    A C2 cubic spline over the chord length; end conditions "not-a-knot".
    """

    kind: Literal["spline"] = "spline"
    knots: tuple[Point, ...] = Field(min_length=3)

    @property
    def end(self) -> Point:
        """The last point of the segment."""
        return self.knots[-1]

    def points(self, start: Point, parameter: Floats) -> Floats:
        """Return the points (n, 2) at parameters 0..1 (n,)."""
        from scipy.interpolate import CubicSpline

        knots = np.asarray((start, *self.knots))
        chord = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(knots, axis=0).T))])
        spline = CubicSpline(chord / chord[-1], knots)
        return np.asarray(spline(parameter), dtype=np.float64)


Segment = Annotated[Line | Arc | Parabola | Spline, Field(discriminator="kind")]


class Outline(Spec):
    """A closed curve in the (r, z) half-plane, r >= 0, that does not cross itself.

    Attributes:
        start: first point (um); the last segment must end there.
        segments: the segments in order.

    Raises:
        ValueError: open, self-intersecting, empty or at negative r.

    Example:
        >>> round(Outline.half_disk(radius=2.0).polygon(1e-4).area, 3)
        6.283
    """

    start: Point
    segments: tuple[Segment, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _check(self) -> Outline:
        from shapely import is_valid_reason

        end = self.segments[-1].end
        if math.dist(end, self.start) > 1e-9:
            raise ValueError(
                f"outline: the last segment must end at the start {self.start}, got {end}; "
                "add a closing Line"
            )
        polygon = self.polygon(1e-3 * self._size())
        if not polygon.is_valid:
            raise ValueError(
                "outline: the curve must not cross itself, "
                f"got {is_valid_reason(polygon)}; reorder its points"
            )
        if polygon.area <= 0:
            raise ValueError(
                f"outline: the enclosed area must be > 0, got {polygon.area}; check the points"
            )
        if polygon.bounds[0] < -1e-9:
            raise ValueError(
                f"outline: r must be >= 0 everywhere, got r = {polygon.bounds[0]:.6g} um; "
                "draw only the half-plane r >= 0"
            )
        return self

    @classmethod
    def closed_polygon(cls, points: tuple[Point, ...] | list[Point]) -> Outline:
        """Return the closed polygon through the points (um, not repeated at the end)."""
        first, *others = points
        return cls(start=first, segments=tuple(Line(end=p) for p in (*others, first)))

    @classmethod
    def rectangle(cls, *, inner: float, outer: float, bottom: float, top: float) -> Outline:
        """Return the rectangle inner <= r <= outer, bottom <= z <= top (um)."""
        return cls.closed_polygon([(inner, bottom), (outer, bottom), (outer, top), (inner, top)])

    @classmethod
    def half_disk(cls, *, radius: float, height: float = 0.0) -> Outline:
        """Return the half-plane outline of a sphere centred on the axis at z = height (um)."""
        bottom, top = (0.0, height - radius), (0.0, height + radius)
        return cls(
            start=bottom, segments=(Arc(through=(radius, height), end=top), Line(end=bottom))
        )

    @classmethod
    def circle(cls, *, centre: Point, radius: float) -> Outline:
        """Return a full circle (um), for tori and fibres."""
        r, z = centre
        right, left = (r + radius, z), (r - radius, z)
        return cls(
            start=right,
            segments=(
                Arc(through=(r, z + radius), end=left),
                Arc(through=(r, z - radius), end=right),
            ),
        )

    def starts(self) -> list[Point]:
        """Return the start point of every segment."""
        return [self.start, *(segment.end for segment in self.segments[:-1])]

    def points(self, max_error: float) -> Floats:
        """Return a polyline (n, 2) that stays within `max_error` (um) of the curve.

        The first point is not repeated at the end.
        """
        pieces = []
        for start, segment in zip(self.starts(), self.segments, strict=True):
            pieces.append(_flatten(start, segment, max_error)[:-1])
        return np.concatenate(pieces)

    def polygon(self, max_error: float) -> shapely.Polygon:
        """Return a shapely polygon within `max_error` (um) of the curve."""
        import shapely

        return shapely.Polygon(self.points(max_error))

    def _size(self) -> float:
        ends = np.asarray([self.start, *(s.end for s in self.segments)])
        return float(np.ptp(ends, axis=0).max()) or 1.0


def _flatten(start: Point, segment: Line | Arc | Parabola | Spline, max_error: float) -> Floats:
    """Sample a segment, doubling the points until the chords are within max_error."""
    if isinstance(segment, Line):
        return np.asarray([start, segment.end], dtype=np.float64)
    count = 8
    while True:
        fine = segment.points(start, np.linspace(0, 1, 2 * count + 1))
        middles = (fine[:-1:2] + fine[2::2]) / 2
        if np.hypot(*(fine[1::2] - middles).T).max() <= max_error or count >= 2**16:
            return fine
        count *= 2
