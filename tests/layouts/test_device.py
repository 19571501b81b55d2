"""Devices and their names."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cavities.lithography import Exposure
from layouts.device import Device, device_name


def _device(**fields: object) -> Device:
    return Device.model_validate(
        {"name": "A01", "x": 0, "y": 0, "top_diameter": 15, "base_diameter": 12, **fields}
    )


@given(rows=st.lists(st.integers(1, 2000), min_size=2, max_size=2, unique=True))
def test_names_differ(rows: list[int]) -> None:
    assert device_name(rows[0], 7) != device_name(rows[1], 7)
    assert device_name(7, rows[0]) != device_name(7, rows[1])


def test_letters_continue_after_z() -> None:
    assert [device_name(row, 1) for row in (1, 26, 27, 52, 53, 702, 703)] == [
        "A01",
        "Z01",
        "AA01",
        "AZ01",
        "BA01",
        "ZZ01",
        "AAA01",
    ]


def test_from_exposure_takes_shape_and_dose() -> None:
    exposure = Exposure(time_ms=80.0, power_uw=400.0)
    device = Device.from_exposure(exposure, name="B02", x=1.0, y=2.0)
    radius = exposure.beam_waist * math.sqrt(
        math.log(exposure.peak_dose_j_per_cm2 / exposure.cross_linking_dose_j_per_cm2) / 2
    )
    assert device.top_diameter == pytest.approx(2 * radius, rel=1e-12)
    assert device.energy_uj == pytest.approx(32.0, rel=1e-12)
    assert (device.x, device.y, device.name) == (1.0, 2.0, "B02")


def test_energy_is_nan_without_exposure() -> None:
    assert math.isnan(_device().energy_uj)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"exposure_time_ms": 5.0}, "give both or none, got 5.0 and None"),
        ({"name": "A 1"}, "name"),
        ({"name": "A,1"}, "name"),
        ({"name": 'A"1'}, "name"),
        ({"top_diameter": -1.0}, "top_diameter"),
        ({"x": math.inf}, "x"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_bad_devices(fields: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        _device(**fields)
