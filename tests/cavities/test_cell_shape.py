"""Shapes of a unit cell: exact areas, offsets, rounded corners, bad outlines."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from cavities.cell_shape import (
    CellShape,
    Circle,
    Ellipse,
    Polygon,
    RoundedPolygon,
    shape_from_shapely,
)

L_SHAPE = ((0.0, 0.0), (0.2, 0.0), (0.2, 0.1), (0.1, 0.1), (0.1, 0.2), (0.0, 0.2))
SHAPES: dict[str, CellShape] = {
    "circle": Circle(center=(0.05, -0.02), radius=0.09),
    "ellipse": Ellipse(center=(0.05, -0.02), radii=(0.12, 0.07), angle_deg=25.0),
    "rectangle": Polygon.rectangle(0.2, 0.12, center=(0.05, -0.02)),
    "triangle, clockwise": Polygon(points=((0.0, 0.0), (0.0, 0.2), (0.2, 0.0))),
    "L": Polygon(points=L_SHAPE),
    "rounded L": RoundedPolygon(points=L_SHAPE, radius=0.03),
    "rounded L, clockwise": RoundedPolygon(points=L_SHAPE[::-1], radius=0.03),
    "stadium": RoundedPolygon(points=Polygon.rectangle(0.2, 0.1).points, radius=0.05),
    "mixed": RoundedPolygon(points=L_SHAPE, radius=(0.0, 0.01, 0.02, 0.03, 0.04, 0.05)),
}


@pytest.mark.parametrize("name", SHAPES)
def test_area_and_centre_are_those_of_a_fine_polygon(name: str) -> None:
    shape = SHAPES[name]
    polygon = shape.polygon(1e-9)
    assert polygon.is_valid
    assert shape.area == pytest.approx(polygon.area, rel=2e-7)
    assert shape.centroid == pytest.approx((polygon.centroid.x, polygon.centroid.y), abs=1e-7)
    centre = np.array(shape.centroid)
    assert np.hypot(*(shape.outline(1e-6) - centre).T).max() <= shape.reach * (1 + 1e-12)
    # counterclockwise
    assert shapely.LinearRing(shape.outline(1e-4)).is_ccw


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("chord_error", [1e-2, 1e-3, 1e-4])
def test_chords_stay_within_their_error(name: str, chord_error: float) -> None:
    shape = SHAPES[name]
    fine, coarse = shape.polygon(1e-6), shape.polygon(chord_error)
    distance = shapely.hausdorff_distance(fine.exterior, coarse.exterior)
    assert distance <= chord_error + 1e-6
    assert len(shape.outline(1e-5)) >= len(shape.outline(1e-3))


@pytest.mark.parametrize("name", [name for name in SHAPES if name != "ellipse"])
@pytest.mark.parametrize("distance", [0.008, -0.008])
def test_grown_is_the_parallel_curve(name: str, distance: float) -> None:
    """The independent reference: shapely's buffer, sharp for sharp shapes, else round."""
    shape = SHAPES[name]
    style = "mitre" if isinstance(shape, Polygon) else "round"
    expected = shape.polygon(1e-6).buffer(
        distance, join_style=style, mitre_limit=20.0, quad_segs=64
    )
    got = shape.grown(distance)
    assert got.polygon(1e-6).symmetric_difference(expected).area < 1e-4 * expected.area
    if not (isinstance(shape, RoundedPolygon) and min(shape.radii) == 0):
        assert got.grown(-distance).area == pytest.approx(shape.area, rel=1e-9)


def test_an_ellipse_grows_by_at_least_the_stated_share() -> None:
    a, b, d = 0.12, 0.06, 0.01
    outline = Ellipse(radii=(a, b)).polygon(1e-6).exterior
    moved = Ellipse(radii=(a, b)).grown(d).outline(1e-5)
    distances = [outline.distance(shapely.Point(p)) for p in moved]
    assert max(distances) == pytest.approx(d, rel=1e-3)
    assert min(distances) == pytest.approx(d * 2 * math.sqrt(2) / 3, rel=2e-2)
    assert min(distances) > 0.94 * d


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(0.2, 3.0), st.sampled_from(sorted(SHAPES)))
def test_moving_and_scaling(dx: float, dy: float, factor: float, name: str) -> None:
    shape = SHAPES[name]
    moved, larger = shape.translated(dx, dy), shape.scaled(factor)
    x, y = shape.centroid
    assert moved.area == pytest.approx(shape.area, rel=1e-9)
    assert moved.centroid == pytest.approx((x + dx, y + dy), abs=1e-7)
    assert larger.area == pytest.approx(factor**2 * shape.area, rel=1e-9)
    assert larger.centroid == pytest.approx((factor * x, factor * y), abs=1e-6)
    assert type(shape).model_validate_json(shape.model_dump_json()) == shape


@pytest.mark.parametrize("corners", [3, 4, 6, 32])
def test_regular_polygons(corners: int) -> None:
    shape = Polygon.regular(corners, 0.1, center=(0.2, 0.3))
    assert shape.area == pytest.approx(
        corners / 2 * 0.01 * math.sin(2 * math.pi / corners), rel=1e-12
    )
    assert shape.centroid == pytest.approx((0.2, 0.3), abs=1e-12)
    assert shape.points[0] == pytest.approx((0.2, 0.4), abs=1e-12)


def test_shapely_polygons_come_in() -> None:
    box = shapely.box(0.0, 0.0, 0.2, 0.1)
    assert shape_from_shapely(box).area == pytest.approx(0.02)
    with pytest.raises(ValueError, match="must have no holes, got 1"):
        shape_from_shapely(shapely.Polygon(box.exterior.coords, [box.buffer(-0.02).exterior]))
    with pytest.raises(ValueError, match="must be one polygon, got MultiPolygon"):
        shape_from_shapely(shapely.MultiPolygon([box, shapely.box(1, 1, 2, 2)]))
    with pytest.raises(ValueError, match="must be one polygon"):
        shape_from_shapely(shapely.Polygon())


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Circle(radius=0.0), "greater than 0"),
        (lambda: Circle(radius=0.1).grown(-0.1), "something of the shape must be left"),
        (lambda: Ellipse(radii=(0.1, 0.05)).grown(-0.06), "something of the shape must be left"),
        (lambda: Polygon.rectangle(0.2, 0.1).grown(-0.05), "every side must keep a length"),
        (
            lambda: Polygon(points=((0, 0), (1, 1), (1, 0), (0, 1))),
            "points: the outline must not cross or touch itself, got Self-intersection",
        ),
        (
            lambda: Polygon(points=((0, 0), (1, 0), (1, 1), (1, 0))),
            "must not cross or touch itself",
        ),
        (lambda: Polygon(points=((0, 0), (1, 0), (2, 0))), "must (not cross|enclose an area)"),
        (lambda: Polygon(points=((0, 0), (1, 0))), "at least 3"),
        (
            lambda: RoundedPolygon(points=Polygon.rectangle(0.2, 0.1).points, radius=0.06),
            "radius: the arcs must fit on every side, got 0.06 .0.06 um on a side of 0.1 um",
        ),
        (
            lambda: RoundedPolygon(points=L_SHAPE, radius=(0.01, 0.01)),
            r"one per corner \(6\), got 2",
        ),
        (lambda: Circle(radius=0.1).polygon(0.0), "chord_error: must be > 0"),
    ],
)
def test_bad_shapes(make: object, message: str) -> None:
    with pytest.raises(ValueError, match=message.replace(" .0.06", r" \+ 0.06")) as caught:
        make()  # type: ignore[operator]
    del caught
