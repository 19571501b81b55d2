"""Conformal coats against distances, Minkowski sums and closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from cavities.conformal_coat import conformal_coat
from cavities.outline import Line, Outline, Parabola, Point, Spline
from cavities.wall import parabolic_wall, segment_derivative, spline_through, wall_volume


def disk(start: Point, wall: Line | Parabola | Spline) -> Outline:
    top, bottom = wall.end[1], start[1]
    ends = [Line(end=(0.0, top)), Line(end=(0.0, bottom))]
    return Outline(start=(0.0, bottom), segments=(Line(end=start), wall, *ends))


def distance_error(outline: Outline, body: Outline, thickness: float) -> float:
    """Largest departure from the thickness of the distance coat boundary - disk boundary.

    The film's end faces (the foot's plane, the axis) are left out: they are cuts.
    """
    floor = body.start[1]
    points = outline.points(1e-5)
    free = (points[:, 1] > floor + 1e-9) & (points[:, 0] > 1e-9)
    boundary = body.polygon(3e-8).exterior
    distances = shapely.distance(shapely.points(points[free]), boundary)
    return float(np.abs(distances - thickness).max())


@pytest.mark.parametrize("thickness", [0.01, 0.075, 0.5, 2.0])
@pytest.mark.parametrize("base", [0.05, 3.0, 6.27, 7.5])
def test_thickness_is_constant(base: float, thickness: float) -> None:
    start, wall = (base, 0.0), parabolic_wall((base, 0.0), (7.5, 5.0))
    coat = conformal_coat(start, wall, thickness=thickness)
    assert distance_error(coat, disk(start, wall), thickness) < 1e-7


@settings(max_examples=8, deadline=None)
@given(st.floats(0.1, 10.0), st.floats(0.0, 1.0), st.floats(0.5, 8.0), st.floats(0.001, 0.2))
def test_thickness_is_constant_for_any_parabola(
    top: float, ratio: float, height: float, relative: float
) -> None:
    base = max(ratio, 0.01) * top
    thickness = relative * min(top, height)
    start, wall = (base, 0.0), parabolic_wall((base, 0.0), (top, height))
    coat = conformal_coat(start, wall, thickness=thickness)
    assert distance_error(coat, disk(start, wall), thickness) < 1e-7


@pytest.mark.parametrize("base", [1.6, 2.0, 2.4])
def test_against_a_minkowski_sum(base: float) -> None:
    """The coated disk is the disk grown by a circle, cut at the plane of its foot."""
    start, wall = (base, 1.0), Line(end=(2.0, 2.0))
    grown = disk(start, wall).polygon(1e-9).buffer(0.3, quad_segs=2000)
    expected = shapely.intersection(grown, shapely.box(0.0, 1.0, 10.0, 10.0))
    got = conformal_coat(start, wall, thickness=0.3).polygon(1e-8)
    assert shapely.symmetric_difference(got, expected).area < 1e-6


def test_cylinder_closed_form() -> None:
    coat = conformal_coat((2.0, 0.0), Line(end=(2.0, 1.0)), thickness=0.25)
    assert coat.polygon(1e-9).area == pytest.approx(
        2.25 * 1.0 + 2.0 * 0.25 + math.pi * 0.25**2 / 4, rel=1e-8
    )
    assert [segment.kind for segment in coat.segments] == ["line", "line", "arc", "line", "line"]


@pytest.mark.parametrize("base", [6.0, 7.5, 8.5])
def test_wall_only_ends_at_the_rim_plane(base: float) -> None:
    start, wall = (base, 0.0), Line(end=(7.5, 5.0))
    coat = conformal_coat(start, wall, thickness=0.4, cover_top=False)
    assert coat.polygon(1e-6).bounds[3] == pytest.approx(5.0, abs=1e-12)
    whole = conformal_coat(start, wall, thickness=0.4).polygon(1e-7)
    expected = shapely.intersection(whole, shapely.box(0.0, 0.0, 20.0, 5.0))
    assert shapely.symmetric_difference(coat.polygon(1e-7), expected).area < 1e-5


def test_top_only_is_a_flat_film() -> None:
    start, wall = (6.0, 0.0), parabolic_wall((6.0, 0.0), (7.5, 5.0))
    film = conformal_coat(start, wall, thickness=0.4, cover_wall=False)
    assert film.polygon(1e-6).equals(shapely.box(0.0, 5.0, 7.5, 5.4))


def test_wall_with_a_hollow() -> None:
    """A hollow wall can take a thin coat, not one thicker than its radius of curvature (1 um)."""

    def groove(t: np.ndarray) -> np.ndarray:
        angle = np.pi - 0.9 * (2 * t - 1)  # about (5, 1), outside the disk
        return np.column_stack([5 + np.cos(angle), 1 + np.sin(angle)])

    start, wall = spline_through(groove)
    assert wall.end[1] > start[1]
    with pytest.raises(ValueError, match="radius of curvature where it is hollow"):
        conformal_coat(start, wall, thickness=1.05)
    coat = conformal_coat(start, wall, thickness=0.3)
    free = coat.points(1e-4)
    hollow = free[np.abs(free[:, 1] - 1) < 0.3]
    radius = np.hypot(hollow[:, 0] - 5, hollow[:, 1] - 1)[hollow[:, 0] > 1]
    assert len(radius) > 5
    assert_allclose(radius, 0.7, atol=1e-6)


def test_coat_that_buries_the_wall() -> None:
    start, wall = (0.5, 0.0), parabolic_wall((0.5, 0.0), (8.0, 1.0))
    with pytest.raises(ValueError, match=r"coat_thickness: must be < 1\.0\d+ um") as error:
        conformal_coat(start, wall, thickness=1.5)
    assert "got 1.5 um" in str(error.value)
    assert "\n" not in str(error.value)
    conformal_coat(start, wall, thickness=0.99)


def test_flared_foot_above_the_rim() -> None:
    with pytest.raises(ValueError, match="foot must lie below the rim"):
        conformal_coat((9.0, 0.0), Line(end=(1.0, 0.5)), thickness=0.8)


@pytest.mark.parametrize("thickness", [0.0, -0.1, math.nan, math.inf])
def test_thickness_must_be_positive(thickness: float) -> None:
    with pytest.raises(ValueError, match="coat_thickness: must be > 0"):
        conformal_coat((1.0, 0.0), Line(end=(1.0, 1.0)), thickness=thickness)


def test_covering_nothing() -> None:
    with pytest.raises(ValueError, match="must cover the top or the wall"):
        conformal_coat(
            (1.0, 0.0), Line(end=(1.0, 1.0)), thickness=0.1, cover_top=False, cover_wall=False
        )


@given(st.floats(0.01, 20.0), st.floats(0.01, 20.0), st.floats(0.01, 10.0))
def test_parabolic_wall_is_exact(base: float, top: float, height: float) -> None:
    """r^2 is linear in z all along the Bezier curve."""
    start = (base, 0.0)
    wall = parabolic_wall(start, (top, height))
    r, z = wall.points(start, np.linspace(0, 1, 33)).T
    assert_allclose(r**2, base**2 + (top**2 - base**2) * z / height, rtol=1e-9)
    assert wall_volume(start, wall) == pytest.approx(
        math.pi * height * (base**2 + top**2) / 2, rel=1e-9
    )


@pytest.mark.parametrize(
    "segment",
    [
        Line(end=(2.0, 3.0)),
        Parabola(control=(1.8, 0.5), end=(2.0, 3.0)),
        Spline(knots=((1.3, 0.5), (1.6, 1.4), (1.9, 2.2), (2.0, 3.0))),
    ],
)
def test_segment_derivative_against_differences(segment: Line | Parabola | Spline) -> None:
    t, step = np.linspace(0.01, 0.99, 17), 1e-6
    start = (1.0, 0.0)
    difference = segment.points(start, t + step) - segment.points(start, t - step)
    assert_allclose(segment_derivative(start, segment, t), difference / (2 * step), atol=1e-7)


def test_spline_through_keeps_its_tolerance() -> None:
    def circle(t: np.ndarray) -> np.ndarray:
        angle = 3.0 * t
        return np.column_stack([5 + 2 * np.cos(angle), 2 * np.sin(angle)])

    for tolerance in (1e-4, 1e-6, 1e-8):
        start, spline = spline_through(circle, tolerance=tolerance)
        points = spline.points(start, np.linspace(0, 1, 5001))
        error = np.abs(np.hypot(points[:, 0] - 5, points[:, 1]) - 2).max()
        assert error <= 1.2 * tolerance


def test_spline_through_a_corner_is_refused() -> None:
    def corner(t: np.ndarray) -> np.ndarray:
        return np.column_stack([1 + np.abs(t - 0.437), t])

    with pytest.raises(ValueError, match="split it at its corner"):
        spline_through(corner)
