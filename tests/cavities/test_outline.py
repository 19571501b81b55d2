"""Outlines and bodies: closed forms, flattening error, every way to be wrong."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from pydantic import ValidationError

from cavities import (
    Arc,
    BodyOfRevolution,
    Layer,
    LayeredBackground,
    Line,
    Outline,
    Parabola,
    Region,
    Spline,
)


def test_rectangle() -> None:
    outline = Outline.rectangle(inner=1.0, outer=3.0, bottom=-1.0, top=2.0)
    assert outline.polygon(1e-6).area == 6.0
    assert len(outline.segments) == 4


@given(st.floats(0.1, 50.0), st.floats(-20.0, 20.0))
def test_half_disk(radius: float, height: float) -> None:
    polygon = Outline.half_disk(radius=radius, height=height).polygon(1e-6 * radius)
    assert polygon.area == pytest.approx(math.pi * radius**2 / 2, rel=1e-5)
    assert polygon.centroid.y == pytest.approx(height, abs=1e-6 * radius + 1e-9)
    assert polygon.centroid.x == pytest.approx(4 * radius / (3 * math.pi), rel=1e-5)


@pytest.mark.parametrize("max_error", [1e-2, 1e-4, 1e-6])
def test_flattening_stays_within_its_error(max_error: float) -> None:
    points = Outline.circle(centre=(5.0, 1.0), radius=2.0).points(max_error)
    middles = (points + np.roll(points, -1, axis=0)) / 2
    for sample in (points, middles):
        distance = np.hypot(sample[:, 0] - 5, sample[:, 1] - 1)
        assert np.abs(distance - 2).max() <= max_error
    assert len(points) < 20 / math.sqrt(max_error)


@given(st.floats(-math.pi, math.pi), st.floats(0.1, 6.0), st.booleans())
def test_arc_runs_through_its_middle_point(first: float, sweep: float, clockwise: bool) -> None:
    """Either sense, less or more than half a turn: the middle parameter is the middle angle."""
    turn = -sweep if clockwise else sweep
    angles = first + turn * np.array([0.0, 0.5, 1.0])
    start, middle, end = ((10 + 2 * math.cos(a), 2 * math.sin(a)) for a in angles)
    points = Arc(through=middle, end=end).points(start, np.array([0.0, 0.5, 1.0]))
    assert_allclose(points, [start, middle, end], atol=1e-7)


def test_parabola_is_a_quadratic_bezier() -> None:
    outline = Outline(
        start=(0.0, 0.0),
        segments=(Line(end=(1.0, 0.0)), Parabola(control=(1.0, 1.0), end=(0.0, 1.0)),
                  Line(end=(0.0, 0.0))),
    )  # fmt: skip
    # the Bezier region beyond the chord has 2/3 of the area of its control triangle
    assert outline.polygon(1e-9).area == pytest.approx(0.5 + 2 / 3 * 0.5, rel=1e-7)


def test_spline_passes_its_knots_and_reproduces_a_line() -> None:
    knots = ((1.0, 1.0), (2.0, 2.0), (4.0, 4.0))
    points = Spline(knots=knots).points((0.0, 0.0), np.linspace(0, 1, 41))
    assert_allclose(points[:, 0], points[:, 1], atol=1e-14)
    assert_allclose(points[[0, 10, 20, 40]], [(0, 0), *knots], atol=1e-13)


def test_self_intersection() -> None:
    bow_tie = [(0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0)]
    with pytest.raises(ValidationError, match=r"must not cross itself, got Self-intersection\[1 1"):
        Outline.closed_polygon(bow_tie)


def test_curves_that_cross() -> None:
    with pytest.raises(ValidationError, match="must not cross itself"):
        Outline(
            start=(0.0, 0.0),
            segments=(
                Line(end=(3.0, 0.0)),
                Arc(through=(1.5, -0.5), end=(0.0, 0.0)),
                Line(end=(0.0, 1.0)),
                Line(end=(1.0, -1.0)),
                Line(end=(0.0, 0.0)),
            ),
        )


def test_open_outline() -> None:
    with pytest.raises(ValidationError, match=r"must end at the start \(0.0, 0.0\), got \(1.0, 1"):
        Outline(start=(0.0, 0.0), segments=(Line(end=(1.0, 0.0)), Line(end=(1.0, 1.0))))


def test_negative_radius() -> None:
    with pytest.raises(ValidationError, match="r must be >= 0 everywhere, got r = -1 um"):
        Outline.closed_polygon([(-1.0, 0.0), (1.0, 0.0), (1.0, 1.0)])


def test_curve_that_bulges_over_the_axis() -> None:
    with pytest.raises(ValidationError, match="r must be >= 0 everywhere"):
        Outline(
            start=(0.0, 0.0),
            segments=(
                Line(end=(1.0, 0.0)),
                Line(end=(0.0, 2.0)),
                Arc(through=(-0.3, 1.0), end=(0.0, 0.0)),
            ),
        )


def test_flat_arc() -> None:
    with pytest.raises(ValidationError, match="must not lie on one line"):
        Outline(
            start=(0.0, 0.0),
            segments=(Arc(through=(0.5, 0.0), end=(1.0, 0.0)), Line(end=(0.0, 0.0))),
        )


def test_empty_outline() -> None:
    with pytest.raises(ValidationError, match="outline: "):
        Outline.closed_polygon([(0.0, 0.0), (1.0, 0.0), (2.0, 0.0)])


def test_outline_json_round_trip() -> None:
    outline = Outline(
        start=(0.0, 0.0),
        segments=(
            Line(end=(1.0, 0.0)),
            Parabola(control=(1.2, 0.3), end=(1.5, 1.0)),
            Spline(knots=((1.4, 1.2), (1.2, 1.4), (1.0, 1.5))),
            Arc(through=(0.5, 1.7), end=(0.0, 1.8)),
            Line(end=(0.0, 0.0)),
        ),
    )
    again = Outline.model_validate_json(outline.model_dump_json())
    assert again == outline
    assert hash(again) == hash(outline)


def test_interfaces_end_at_the_top() -> None:
    layers = tuple(Layer(name="layer", material=1.5, thickness=t) for t in (0.1, 0.2, 0.3))
    background = LayeredBackground(substrate=1.5, layers=layers, top=1.0, superstrate=1.0)
    assert background.interfaces() == pytest.approx([0.4, 0.5, 0.7, 1.0])
    assert background.interfaces()[-1] == 1.0


@pytest.mark.parametrize("name", ["substrate", "superstrate", "background", "pml"])
def test_reserved_region_names(name: str) -> None:
    region = Region(name=name, outline=Outline.half_disk(radius=1.0), material=1.5)
    with pytest.raises(ValidationError, match=f"region name: must not be one of .* got '{name}'"):
        BodyOfRevolution(regions=(region,), background=1.0)


def test_a_body_is_its_own_body() -> None:
    region = Region(name="ball", outline=Outline.half_disk(radius=1.0), material=1.5)
    body = BodyOfRevolution(regions=(region,), background=1.0)
    assert body.body() is body
