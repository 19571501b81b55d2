"""Shapes of a unit cell, seen from above: circles, ellipses, polygons, rounded polygons.

Coordinates are micrometres, the origin is a lattice point. A shape that reaches over the
cell's edge goes on in the next cell, for the lattice repeats it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from cavities.polygon_outline import centroid as centroid_of
from cavities.polygon_outline import (
    corner_turns,
    ellipse_points,
    filleted,
    mitred,
    require_simple,
    signed_area,
)
from cavities.spec import Spec

if TYPE_CHECKING:
    import shapely

__all__ = [
    "CellShape",
    "Circle",
    "Ellipse",
    "Polygon",
    "RoundedPolygon",
    "Shape",
    "shape_from_shapely",
]

Point = tuple[float, float]
Floats = NDArray[np.float64]


class CellShape(Spec):
    """Base of the shapes: what all of them can do."""

    def outline(self, chord_error: float) -> Floats:
        """Return the vertices (n, 2) in um, counterclockwise, the first one not repeated.

        Args:
            chord_error: largest distance (um) of the chords from a curved outline; the vertices
                lie on it.
        """
        raise NotImplementedError

    def grown(self, distance: float) -> CellShape:
        """Return the shape with its outline moved outwards by a distance (um; < 0: inwards).

        Raises:
            ValueError: nothing is left.
        """
        raise NotImplementedError

    def translated(self, dx: float, dy: float) -> CellShape:
        """Return the shape moved by dx, dy (um)."""
        raise NotImplementedError

    def scaled(self, factor: float) -> CellShape:
        """Return the shape with all its coordinates multiplied by a factor > 0."""
        raise NotImplementedError

    @property
    def area(self) -> float:
        """Exact area (um^2)."""
        raise NotImplementedError

    @property
    def centroid(self) -> Point:
        """Centre of gravity (um)."""
        raise NotImplementedError

    @property
    def reach(self) -> float:
        """Radius (um) of a circle about `centroid` that holds the whole shape."""
        raise NotImplementedError

    def polygon(self, chord_error: float) -> shapely.Polygon:
        """Return a shapely polygon within `chord_error` (um) of the shape."""
        import shapely

        if not chord_error > 0:
            raise ValueError(
                f"chord_error: must be > 0 um, got {chord_error:g}; 1e-4 of the period is fine"
            )
        return shapely.Polygon(self.outline(chord_error))


class Circle(CellShape):
    """A circle.

    Example:
        >>> Circle(radius=0.08).grown(0.01).radius
        0.09
    """

    kind: Literal["circle"] = "circle"
    center: Point = (0.0, 0.0)
    radius: float = Field(gt=0)

    @property
    def area(self) -> float:
        """Exact area (um^2)."""
        return math.pi * self.radius**2

    @property
    def centroid(self) -> Point:
        """Centre of gravity (um)."""
        return self.center

    @property
    def reach(self) -> float:
        """The radius (um)."""
        return self.radius

    def outline(self, chord_error: float) -> Floats:
        """Return the vertices (n, 2); see `CellShape.outline`."""
        return ellipse_points(self.center, (self.radius, self.radius), 0.0, chord_error)

    def grown(self, distance: float) -> Circle:
        """Return the circle with a radius larger by `distance` (um)."""
        if self.radius + distance <= 0:
            raise _vanished(distance)
        return Circle(center=self.center, radius=self.radius + distance)

    def translated(self, dx: float, dy: float) -> Circle:
        """Return the circle moved by dx, dy (um)."""
        return Circle(center=(self.center[0] + dx, self.center[1] + dy), radius=self.radius)

    def scaled(self, factor: float) -> Circle:
        """Return the circle with all lengths multiplied by a factor."""
        x, y = self.center
        return Circle(center=(factor * x, factor * y), radius=factor * self.radius)


class Ellipse(CellShape):
    """An ellipse: half axes along x and y (um), then turned counterclockwise.

    `grown` adds the distance to both half axes. The parallel curve of an ellipse is no
    ellipse: this one moves by at least 2 sqrt(ab)/(a + b) of the distance everywhere
    (Kantorovich's inequality; 0.94 at an axis ratio of 2).
    """

    kind: Literal["ellipse"] = "ellipse"
    center: Point = (0.0, 0.0)
    radii: tuple[Annotated[float, Field(gt=0)], Annotated[float, Field(gt=0)]]
    angle_deg: float = 0.0

    @property
    def area(self) -> float:
        """Exact area (um^2)."""
        return math.pi * self.radii[0] * self.radii[1]

    @property
    def centroid(self) -> Point:
        """Centre of gravity (um)."""
        return self.center

    @property
    def reach(self) -> float:
        """The larger half axis (um)."""
        return max(self.radii)

    def outline(self, chord_error: float) -> Floats:
        """Return the vertices (n, 2); see `CellShape.outline`."""
        return ellipse_points(self.center, self.radii, self.angle_deg, chord_error)

    def grown(self, distance: float) -> Ellipse:
        """Return the ellipse with both half axes larger by `distance` (um)."""
        if min(self.radii) + distance <= 0:
            raise _vanished(distance)
        radii = (self.radii[0] + distance, self.radii[1] + distance)
        return Ellipse(center=self.center, radii=radii, angle_deg=self.angle_deg)

    def translated(self, dx: float, dy: float) -> Ellipse:
        """Return the ellipse moved by dx, dy (um)."""
        center = (self.center[0] + dx, self.center[1] + dy)
        return Ellipse(center=center, radii=self.radii, angle_deg=self.angle_deg)

    def scaled(self, factor: float) -> Ellipse:
        """Return the ellipse with all lengths multiplied by a factor."""
        (x, y), (a, b) = self.center, self.radii
        return Ellipse(
            center=(factor * x, factor * y),
            radii=(factor * a, factor * b),
            angle_deg=self.angle_deg,
        )


class Polygon(CellShape):
    """A polygon without holes; `grown` keeps its corners sharp.

    Attributes:
        points: corners (um) in order, either way round; the first one not repeated. A ring is
            two inclusions, the inner one inside the outer.

    Raises:
        ValueError: fewer than three corners, an outline that crosses or touches itself, or no area.

    Example:
        >>> Polygon.rectangle(0.2, 0.1).grown(0.01).area.__round__(6)
        0.0264
    """

    kind: Literal["polygon"] = "polygon"
    points: tuple[Point, ...] = Field(min_length=3)

    @model_validator(mode="after")
    def _simple(self) -> Polygon:
        require_simple("points", self.points)
        return self

    @classmethod
    def rectangle(cls, width: float, height: float, center: Point = (0.0, 0.0)) -> Polygon:
        """Return a rectangle, width along x and height along y (um)."""
        x, y, w, h = *center, width / 2, height / 2
        return cls(points=((x - w, y - h), (x + w, y - h), (x + w, y + h), (x - w, y + h)))

    @classmethod
    def regular(
        cls, corners: int, radius: float, center: Point = (0.0, 0.0), angle_deg: float = 90.0
    ) -> Polygon:
        """Return a regular polygon; its first corner lies at `angle_deg`, `radius` (um) away."""
        turns = np.arange(corners) * (2 * math.pi / corners) + math.radians(angle_deg)
        x, y = center[0] + radius * np.cos(turns), center[1] + radius * np.sin(turns)
        return cls(points=tuple(zip(x.tolist(), y.tolist(), strict=True)))

    @property
    def area(self) -> float:
        """Exact area (um^2)."""
        return abs(signed_area(self.points))

    @property
    def centroid(self) -> Point:
        """Centre of gravity (um)."""
        return centroid_of(self.points)

    @property
    def reach(self) -> float:
        """Largest distance (um) of a corner from the centre."""
        return _farthest(self.points, self.centroid)

    def outline(self, chord_error: float) -> Floats:
        """Return the corners (n, 2), counterclockwise; the chord error has no effect."""
        del chord_error
        step = 1 if signed_area(self.points) > 0 else -1
        return np.array(self.points[::step])

    def grown(self, distance: float) -> Polygon:
        """Return the polygon with every side moved outwards by `distance` (um)."""
        return Polygon(points=mitred(self.points, distance))

    def translated(self, dx: float, dy: float) -> Polygon:
        """Return the polygon moved by dx, dy (um)."""
        return Polygon(points=_moved(self.points, 1.0, dx, dy))

    def scaled(self, factor: float) -> Polygon:
        """Return the polygon with all lengths multiplied by a factor."""
        return Polygon(points=_moved(self.points, factor, 0.0, 0.0))


class RoundedPolygon(CellShape):
    """A polygon whose corners are circular arcs that touch the two sides.

    Attributes:
        points: the sharp corners (um) in order; the first one not repeated.
        radius: radius of the arcs (um), one for all or one per corner; 0: sharp.

    `grown` gives the exact parallel curve: radii grow at corners that point outwards and
    shrink at those that point inwards.

    Raises:
        ValueError: as `Polygon`, or arcs that do not fit on a side.

    Example:
        >>> square = Polygon.rectangle(0.2, 0.2).points
        >>> rounded = RoundedPolygon(points=square, radius=0.05)
        >>> round(rounded.area, 8) == round(0.04 - (4 - math.pi) * 0.05**2, 8)
        True
    """

    kind: Literal["rounded_polygon"] = "rounded_polygon"
    points: tuple[Point, ...] = Field(min_length=3)
    radius: Annotated[float, Field(ge=0)] | tuple[Annotated[float, Field(ge=0)], ...]

    @model_validator(mode="after")
    def _fits(self) -> RoundedPolygon:
        require_simple("points", self.points)
        if isinstance(self.radius, tuple) and len(self.radius) != len(self.points):
            raise ValueError(
                f"radius: must be one number or one per corner ({len(self.points)}), got "
                f"{len(self.radius)}; leave none out"
            )
        filleted(self.points, self.radii)
        return self

    @property
    def radii(self) -> tuple[float, ...]:
        """Radius (um) of every corner."""
        if isinstance(self.radius, tuple):
            return self.radius
        return (self.radius,) * len(self.points)

    @property
    def area(self) -> float:
        """Exact area (um^2): an arc of turning angle t cuts off r^2 (tan(t/2) - t/2)."""
        turns = corner_turns(self.points)
        pairs = zip(turns, self.radii, strict=True)
        cut = sum(r**2 * (math.tan(t / 2) - t / 2) for t, r in pairs)
        return abs(signed_area(self.points)) - float(cut)

    @property
    def centroid(self) -> Point:
        """Centre of gravity (um), to a millionth of the size."""
        return centroid_of(self.outline(1e-7 * _farthest(self.points, self.points[0])))

    @property
    def reach(self) -> float:
        """Radius (um) of a circle about the centre that holds the sharp corners too."""
        return _farthest(self.points, self.centroid)

    def outline(self, chord_error: float) -> Floats:
        """Return the vertices (n, 2); see `CellShape.outline`."""
        pieces = filleted(self.points, self.radii)
        outline = np.concatenate([piece.points(chord_error) for piece in pieces])
        return outline if signed_area(self.points) > 0 else outline[::-1]

    def grown(self, distance: float) -> RoundedPolygon:
        """Return the parallel curve at `distance` (um)."""
        outwards = [math.copysign(1.0, turn) for turn in corner_turns(self.points)]
        pairs = zip(self.radii, outwards, strict=True)
        radii = tuple(max(0.0, radius + sign * distance) for radius, sign in pairs)
        return RoundedPolygon(points=mitred(self.points, distance), radius=radii)

    def translated(self, dx: float, dy: float) -> RoundedPolygon:
        """Return the shape moved by dx, dy (um)."""
        return RoundedPolygon(points=_moved(self.points, 1.0, dx, dy), radius=self.radius)

    def scaled(self, factor: float) -> RoundedPolygon:
        """Return the shape with all lengths multiplied by a factor."""
        return RoundedPolygon(
            points=_moved(self.points, factor, 0.0, 0.0),
            radius=tuple(factor * radius for radius in self.radii),
        )


Shape: TypeAlias = Annotated[
    Circle | Ellipse | Polygon | RoundedPolygon, Field(discriminator="kind")
]
"""A field that takes any shape; in design files `kind` tells which."""


def shape_from_shapely(geometry: shapely.Geometry) -> Polygon:
    """Return a shapely polygon (um) as a shape.

    Raises:
        ValueError: no single polygon, or one with holes.

    Example:
        >>> import shapely
        >>> shape_from_shapely(shapely.box(0, 0, 0.2, 0.1)).area.__round__(9)
        0.02
    """
    if geometry.geom_type != "Polygon" or geometry.is_empty:
        raise ValueError(
            f"geometry: must be one polygon, got {geometry.geom_type}; "
            "make one inclusion of each part"
        )
    polygon: shapely.Polygon = geometry
    if len(polygon.interiors):
        raise ValueError(
            f"geometry: must have no holes, got {len(polygon.interiors)}; make the hole an "
            "inclusion of its own, inside the outer one"
        )
    return Polygon(points=tuple((float(x), float(y)) for x, y in polygon.exterior.coords[:-1]))


def _farthest(points: tuple[Point, ...], centre: Point) -> float:
    return max(math.dist(point, centre) for point in points)


def _moved(points: tuple[Point, ...], factor: float, dx: float, dy: float) -> tuple[Point, ...]:
    return tuple((factor * x + dx, factor * y + dy) for x, y in points)


def _vanished(distance: float) -> ValueError:
    return ValueError(
        f"distance: something of the shape must be left, got {distance:g} um; shrink it less"
    )
