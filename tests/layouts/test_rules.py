"""Rules: each one is broken on purpose, and the exact ones are compared with brute force."""

from __future__ import annotations

import math
from typing import Any

import gdsfactory as gf
import numpy as np
import pytest
from scipy.optimize import brentq

from cavities.lithography import Exposure
from layouts.device import Device
from layouts.drawing import draw_polygon, draw_rectangle, place
from layouts.microdisk_cell import microdisk_cell
from layouts.rules import check_drawing, check_spacing, proximity
from layouts.settings import ChipSettings


def _device(name: str, x: float, y: float, diameter: float = 15.0) -> Device:
    return Device(name=name, x=x, y=y, top_diameter=diameter, base_diameter=0.8 * diameter)


def _drawing(
    *, places: list[tuple[float, float]], boxes: dict[str, tuple[float, float, float, float]]
) -> Any:
    component = gf.Component()
    disk = microdisk_cell(top_diameter=15.0, base_diameter=12.0)
    for x, y in places:
        place(component, disk, x=x, y=y)
    for name, (left, bottom, right, top) in boxes.items():
        draw_rectangle(component, left=left, bottom=bottom, right=right, top=top, layer=name)
    return component


FLOOR = {"floorplan": (-100.0, -100.0, 100.0, 100.0)}


def _broken(component: Any, *, count: int) -> list[str]:
    report = check_drawing(component, ChipSettings(), device_count=count)
    assert report.passed == (not report.violations)
    assert {violation.rule for violation in report.violations} <= set(report.rules)
    return [violation.rule for violation in report.violations]


def test_good_drawing_passes() -> None:
    boxes = {**FLOOR, "label": (0.0, 20.0, 5.0, 30.0), "marks": (0.0, 40.0, 5.0, 50.0)}
    component = _drawing(places=[(0.0, 0.0), (40.0, 0.0)], boxes=boxes)
    assert _broken(component, count=2) == []


def test_overlapping_disks() -> None:
    component = _drawing(places=[(0.0, 0.0), (14.0, 0.0)], boxes=FLOOR)
    assert "2 separate disks" in _broken(component, count=2)


def test_disks_too_close() -> None:
    """The gap of 1.9 um is below the 2 um allowed, 2.1 um is above."""
    for gap, rules in ((1.9, ["disks at least 2 um apart"]), (2.1, [])):
        component = _drawing(places=[(0.0, 0.0), (15.0 + gap, 0.0)], boxes=FLOOR)
        assert _broken(component, count=2) == rules


def test_too_close_across_two_arrays() -> None:
    """The check works through the hierarchy: neither array is at fault on its own."""
    disk = microdisk_cell(top_diameter=15.0, base_diameter=12.0)
    component = _drawing(places=[], boxes=FLOOR)
    for x in (-80.0, 16.5 - 80.0 + 60.0):
        place(component, disk, x=x, columns=3, rows=2, column_pitch=30.0, row_pitch=30.0)
    assert _broken(component, count=12) == ["disks at least 2 um apart"]


def test_missing_disk() -> None:
    assert _broken(_drawing(places=[(0.0, 0.0)], boxes=FLOOR), count=2) == ["2 separate disks"]


@pytest.mark.parametrize("name", ["label", "marks"])
def test_disk_under_lettering(name: str) -> None:
    component = _drawing(places=[(0.0, 0.0)], boxes={**FLOOR, name: (-2.0, -2.0, 2.0, 2.0)})
    assert "no disk under lettering or marks" in _broken(component, count=1)


def test_lettering_too_close() -> None:
    component = _drawing(places=[(0.0, 0.0)], boxes={**FLOOR, "label": (9.0, -2.0, 12.0, 2.0)})
    assert _broken(component, count=1) == ["disks at least 2 um from lettering and marks"]


def test_lettering_on_marks() -> None:
    boxes = {**FLOOR, "label": (20.0, 0.0, 30.0, 5.0), "marks": (25.0, 0.0, 35.0, 5.0)}
    component = _drawing(places=[(0.0, 0.0)], boxes=boxes)
    assert _broken(component, count=1) == ["lettering clear of the marks"]


def test_thin_stroke() -> None:
    boxes = {**FLOOR, "label": (20.0, 0.0, 20.9, 5.0)}
    component = _drawing(places=[(0.0, 0.0)], boxes=boxes)
    assert _broken(component, count=1) == ["strokes at least 1 um wide"]


def test_outside_the_floorplan() -> None:
    component = _drawing(places=[(95.0, 0.0)], boxes=FLOOR)
    report = check_drawing(component, ChipSettings(), device_count=1)
    assert [violation.rule for violation in report.violations] == [
        "everything inside the floorplan"
    ]
    assert report.violations[0].where[0] > 100.0
    with pytest.raises(ValueError, match=r"layout: must keep every rule, got rim/.*floorplan"):
        report.require()


def test_holes_and_layers_of_others_do_not_matter() -> None:
    component = _drawing(places=[(0.0, 0.0)], boxes=FLOOR)
    draw_polygon(component, [(0, 0), (0, 1), (1, 1), (1, 0)], "device")
    assert _broken(component, count=1) == []


def test_spacing_names_the_pair() -> None:
    devices = [_device("one", 0, 0), _device("two", 100, 0), _device("three", 104, 3)]
    with pytest.raises(ValueError, match=r"got -10 um between two and three \(overlap\)"):
        check_spacing(devices, min_gap=2.0)
    with pytest.raises(ValueError, match=r"got 1 um between one and two \(are too close\)"):
        check_spacing([_device("one", 0, 0), _device("two", 16, 0)], min_gap=2.0)
    check_spacing([_device("one", 0, 0), _device("two", 17.0, 0)], min_gap=2.0)


def test_gap_counts_the_wider_end() -> None:
    flared = Device(name="one", x=0, y=0, top_diameter=10, base_diameter=14)
    with pytest.raises(ValueError, match="got 1 um between one and two"):
        check_spacing([flared, flared.changed(name="two", x=15.0)], min_gap=2.0)


def test_proximity_is_the_dose_of_the_neighbours() -> None:
    """Against the sum of the two exposures' doses, evaluated by the exposure itself."""
    exposure = Exposure()
    profile = exposure.profile()
    pitch = 22.0
    devices = [
        Device.from_exposure(exposure, name="one", x=0, y=0),
        Device.from_exposure(exposure, name="two", x=pitch, y=0),
        Device.from_exposure(exposure, name="far", x=500, y=0),
    ]
    added = proximity(devices, exposure)
    limit = exposure.cross_linking_dose_j_per_cm2
    z0 = exposure.film_thickness
    expected = exposure.dose_j_per_cm2(pitch - profile.top_radius, z0) / limit
    assert added == pytest.approx([expected, expected, 0.0], rel=1e-9)

    def excess(r: float) -> float:
        doses = exposure.dose_j_per_cm2(np.array([r, pitch - r]), z0)
        return float(doses.sum() / limit - 1)

    moved = brentq(excess, profile.top_radius, profile.top_radius + 0.5) - profile.top_radius
    widening = profile.dose_latitude * math.log1p(added[0])
    assert moved == pytest.approx(widening, rel=0.05)


def test_too_much_proximity_is_an_error() -> None:
    exposure = Exposure()
    devices = [Device.from_exposure(exposure, name=f"d{i}", x=18.0 * i, y=0) for i in range(3)]
    added = proximity(devices, exposure)
    assert added[1] == pytest.approx(2 * added[0], rel=1e-6)
    with pytest.raises(ValueError, match=r"max_proximity = 0.01 .* at d1; widen the pitch"):
        check_spacing(devices, min_gap=2.0, exposure=exposure)
    check_spacing(devices, min_gap=2.0, exposure=exposure, max_proximity=1.0)


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ({"grid": 0.003}, "grid: must divide 0.1 um"),
        ({"cross_width": 4.001}, "cross_width: must be a multiple of 0.002"),
        ({"label_height": 6.0}, "label_height: must be at least 7 min_feature"),
        ({"cross_width": 0.5}, "cross_width: must be at least min_feature"),
        ({"title": "20 \u00b5m"}, "title"),
    ],
)
def test_bad_settings(field: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ChipSettings.model_validate(field)
