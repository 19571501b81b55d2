"""Circles: bound on the distance, area, grid and symmetry, against independent geometry."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st

from layouts.circle import area_tolerance, circle, circle_vertices, snap

RADII = st.floats(0.5, 200.0)
GRIDS = st.sampled_from([0.001, 0.002, 0.005, 0.01])
SLACK = st.floats(1.2, 20.0)
"""chord_error as a multiple of the smallest that the grid allows."""


@given(radius=RADII, grid=GRIDS, slack=SLACK)
def test_boundary_stays_within_chord_error(radius: float, grid: float, slack: float) -> None:
    """Every point of the boundary, sampled along the edges, is within chord_error of R.

    Exact bound: sagitta + half the diagonal of a grid cell <= chord_error by construction, so
    the tolerance is rounding only.
    """
    chord_error = slack * grid / math.sqrt(2)
    points = circle(radius, chord_error=chord_error, grid=grid) * grid
    following = np.roll(points, -1, axis=0)
    along = np.linspace(0, 1, 21)[:, None, None]
    samples = (1 - along) * points + along * following
    distance = np.abs(np.hypot(samples[..., 0], samples[..., 1]) - radius)
    assert distance.max() <= chord_error + 1e-9


@given(radius=RADII, grid=GRIDS, slack=SLACK)
def test_area_within_derived_tolerance(radius: float, grid: float, slack: float) -> None:
    """|A - pi R^2| is bounded by the two rings between which the boundary winds once."""
    chord_error = slack * grid / math.sqrt(2)
    polygon = shapely.Polygon(circle(radius, chord_error=chord_error, grid=grid) * grid)
    assert polygon.is_valid
    allowed = area_tolerance(radius, chord_error=chord_error, grid=grid)
    assert abs(polygon.area - math.pi * radius**2) <= allowed
    ring = math.pi * (radius**2 - (radius - chord_error) ** 2)
    assert allowed <= ring * (1 + 2 * chord_error / radius)


@given(radius=RADII, grid=GRIDS)
@example(radius=1.75, grid=0.002)
def test_symmetry_of_the_square(radius: float, grid: float) -> None:
    """The example has a vertex at 60 degrees, half-way between two grid points."""
    points = circle(radius, chord_error=3 * grid, grid=grid)
    assert points.dtype.kind == "i"
    here = {tuple(p) for p in points.tolist()}
    assert len(here) == len(points)
    assert here == {(-y, x) for x, y in here}
    assert here == {(x, -y) for x, y in here}
    assert np.abs(points).max(axis=0).tolist() == [round(radius / grid)] * 2


@given(radius=RADII, slack=SLACK)
def test_number_of_vertices_is_the_smallest(radius: float, slack: float) -> None:
    """Eight vertices fewer break the sagitta budget (exact formula R (1 - cos(pi/n)))."""
    grid = 0.001
    chord_error = slack * grid / math.sqrt(2)
    count = circle_vertices(radius, chord_error=chord_error, grid=grid)
    budget = chord_error - grid / math.sqrt(2)

    def sagitta(n: int) -> float:
        return 2 * radius * math.sin(math.pi / n / 2) ** 2

    assert count % 8 == 0
    assert sagitta(count) <= budget * (1 + 1e-9)
    assert count == 8 or sagitta(count - 8) > budget * (1 - 1e-9)


def test_area_deficit_follows_the_polygon_formula() -> None:
    """On a fine grid the area is n/2 R^2 sin(2 pi/n), that of the regular polygon.

    Snapping moves each of the n vertices by at most 7e-6 um, which changes the area by at
    most the perimeter times that: 2 pi 10 x 7e-6 = 4.4e-4 um^2.
    """
    radius, grid = 10.0, 1e-5
    points = circle(radius, chord_error=0.05, grid=grid)
    count = circle_vertices(radius, chord_error=0.05, grid=grid)
    assert len(points) == count
    expected = count / 2 * radius**2 * math.sin(2 * math.pi / count)
    assert shapely.Polygon(points * grid).area == pytest.approx(expected, abs=4.5e-4)


@pytest.mark.parametrize(
    ("radius", "settings", "message"),
    [
        (0.005, {}, r"radius: must be at least 10 grid steps .* got 0.005 um"),
        (-1.0, {}, r"radius: .* got -1.0 um"),
        (math.nan, {}, r"radius: .* got nan um"),
        (5.0, {"chord_error": 0.0007}, r"chord_error: must exceed .* got 0.0007 um"),
        (5.0, {"grid": 0.0}, r"grid: must be > 0 um, got 0.0"),
        (1e5, {"chord_error": 0.001}, r"chord_error: must not need more than 8000 vertices"),
    ],
)
def test_impossible_circles(radius: float, settings: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        circle(radius, **settings)


def test_snap() -> None:
    assert snap(0.0014) == 0.001
    assert snap(-7.126, grid=0.05) == -7.15
