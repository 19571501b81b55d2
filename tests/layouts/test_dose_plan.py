"""Plans of dose arrays, against the closed form of the exposure written out here."""

from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from cavities.lithography import Exposure
from layouts.device import Device
from layouts.dose_plan import DoseArray, plan_devices, plan_dose_array, plan_size_array

ORIGIN = (200.0, 200.0)


def _top_diameter(exposure: Exposure, energy_uj: float) -> float:
    """D = w0 sqrt(2 ln(2 E/(pi w0^2 W_cl))), SI units inside."""
    waist_m = exposure.beam_waist * 1e-6
    threshold = exposure.cross_linking_dose_j_per_cm2 * 1e4
    overdose = 2 * energy_uj * 1e-6 / (math.pi * waist_m**2 * threshold)
    return exposure.beam_waist * math.sqrt(2 * math.log(overdose))


def _base_diameter(exposure: Exposure, top_diameter: float) -> float:
    """D_base^2 = D_top^2 - 2 a z0 w0^2."""
    absorption = exposure.absorptivity_ml_per_mg_per_um * exposure.absorber_mg_per_ml
    loss = 2 * absorption * exposure.film_thickness * exposure.beam_waist**2
    return math.sqrt(top_diameter**2 - loss)


def test_doses_give_the_diameters() -> None:
    exposure = Exposure()
    array = DoseArray(diameters=(12.0, 15.0, 18.0), dose_factors=(0.9, 1.0, 1.3))
    for device in plan_dose_array(exposure, array, origin=ORIGIN).devices:
        energy = device.energy_uj
        assert device.top_diameter == pytest.approx(_top_diameter(exposure, energy), rel=1e-12)
        assert device.base_diameter == pytest.approx(
            _base_diameter(exposure, device.top_diameter), rel=1e-12
        )
        assert device.power_uw == exposure.power_uw


def test_diameter_shifts_with_dose_factor() -> None:
    """D(f)^2 = D(1)^2 + 2 w0^2 ln f, up to half a time step of 0.01 ms.

    dD = (w0^2/D) dt/t, largest for the smallest disk (11.59 um, 19.83 ms):
    49/11.59 x 0.005/19.83 = 1.07e-3 um.
    """
    exposure = Exposure()
    array = DoseArray(diameters=(12.5, 17.0), replicate_columns=1)
    for device in plan_dose_array(exposure, array, origin=ORIGIN).devices:
        assert device.nominal_diameter is not None
        square = device.nominal_diameter**2 + 2 * exposure.beam_waist**2 * math.log(
            device.dose_factor
        )
        assert device.top_diameter == pytest.approx(math.sqrt(square), abs=1.07e-3)


def test_times_are_multiples_of_the_time_step() -> None:
    array = DoseArray(time_step_ms=0.25)
    for device in plan_dose_array(Exposure(), array, origin=ORIGIN).devices:
        assert device.exposure_time_ms is not None
        assert device.exposure_time_ms / 0.25 == pytest.approx(
            round(device.exposure_time_ms / 0.25), abs=1e-9
        )
        assert device.top_diameter == pytest.approx(
            _top_diameter(Exposure(), device.energy_uj), rel=1e-12
        )


def test_table_is_laid_out_row_by_row_from_the_top() -> None:
    array = DoseArray(
        diameters=(12.0, 15.0),
        dose_factors=(1.0, 1.2),
        replicate_columns=3,
        replicate_rows=2,
        pitch=60.0,
    )
    plan = plan_dose_array(Exposure(), array, origin=ORIGIN)
    assert len(plan.devices) == 2 * 2 * 3 * 2
    names = [device.name for device in plan.devices]
    assert names[:7] == ["A01", "A02", "A03", "A04", "A05", "A06", "B01"]
    for device in plan.devices:
        assert device.x == 200.0 + 60.0 * (device.column - 1)
        assert device.y == 200.0 + 60.0 * (4 - device.row)
        assert device.nominal_diameter == (12.0 if device.row <= 2 else 15.0)
        assert device.dose_factor == (1.0 if device.column <= 3 else 1.2)


def test_blocks_cover_every_device_once() -> None:
    array = DoseArray(replicate_columns=3, replicate_rows=2)
    plan = plan_dose_array(Exposure(), array, origin=ORIGIN)
    covered = [
        (block.device.x + i * block.pitch, block.device.y + j * block.pitch, block.device.energy_uj)
        for block in plan.blocks
        for i in range(block.columns)
        for j in range(block.rows)
    ]
    assert sorted(covered) == sorted((d.x, d.y, d.energy_uj) for d in plan.devices)


def test_default_rows_are_those_within_reach() -> None:
    """w0 = 7 um, 500 uW: 22.5 um takes 882 ms x 1.25 > 1 s; 7 um would be detached."""
    plan = plan_dose_array(Exposure(), DoseArray(), origin=ORIGIN)
    rows = sorted({device.nominal_diameter or 0.0 for device in plan.devices})
    assert rows == pytest.approx([10.0, 12.5, Exposure().profile().diameter, 17.5, 20.0])
    wide = Exposure(beam_waist=11.0, power_uw=2000.0)
    plan = plan_dose_array(wide, DoseArray(), origin=ORIGIN)
    assert max(device.nominal_diameter or 0.0 for device in plan.devices) == 30.0


def test_default_pitch_leaves_eight_waists() -> None:
    plan = plan_dose_array(Exposure(), DoseArray(), origin=ORIGIN)
    largest = max(device.top_diameter for device in plan.devices)
    assert plan.pitch == 10 * math.ceil((largest + 8 * 7.0) / 10)


def test_free_devices_move_to_the_grid() -> None:
    device = Device(name="one", x=1.00049, y=-3.0006, top_diameter=5, base_diameter=4)
    (moved,) = plan_devices([device]).devices
    assert (moved.x, moved.y) == (1.0, -3.001)


def test_sizes_keep_the_overhang() -> None:
    plan = plan_size_array(top_diameter=6.0, base_diameter=5.0, array=DoseArray(), origin=ORIGIN)
    assert len(plan.devices) == 50
    assert {round(d.top_diameter - d.base_diameter, 9) for d in plan.devices} == {1.0}
    assert sorted({round(d.top_diameter, 9) for d in plan.devices}) == [4.8, 5.4, 6.0, 6.6, 7.2]
    assert all(math.isnan(device.energy_uj) for device in plan.devices)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (DoseArray(diameters=(7.0,)), "7 um at dose factor 0.8 cannot be written; .*detached"),
        (DoseArray(diameters=(30.0,)), "max_exposure_time_ms = 1000, got .* for 30 um"),
        (DoseArray(diameters=(10.0,), time_step_ms=100.0), "time_step_ms = 100"),
        (DoseArray(diameters=(1e4,)), "within reach of the beam_waist"),
    ],
)
def test_diameters_that_cannot_be_written(array: DoseArray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plan_dose_array(Exposure(), array, origin=ORIGIN)


def test_doses_need_an_exposure() -> None:
    with pytest.raises(ValueError, match="dose_factors: must be left out"):
        plan_size_array(
            top_diameter=6, base_diameter=5, array=DoseArray(dose_factors=(2.0,)), origin=ORIGIN
        )
    with pytest.raises(ValueError, match="diameters: must exceed the 1 um"):
        plan_size_array(
            top_diameter=6, base_diameter=5, array=DoseArray(diameters=(0.9,)), origin=ORIGIN
        )


def test_device_names_must_differ() -> None:
    device = Device(name="one", x=0, y=0, top_diameter=5, base_diameter=4)
    with pytest.raises(ValueError, match="got 'one' twice"):
        plan_devices([device, device.changed(x=50.0)])
    with pytest.raises(ValueError, match="got none"):
        plan_devices([])


@pytest.mark.parametrize("field", [{"diameters": (-1.0,)}, {"dose_factors": ()}, {"pitch": 0.0}])
def test_bad_arrays(field: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(field))):
        DoseArray.model_validate(field)
