"""Units of design files: the small table against pint, names against all fields there are."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from cavities.material import Material
from gain.exciton_kinetics import ExcitonKinetics
from gain.nanocrystal_medium import NanocrystalMedium
from gain.plasma_gain import PlasmaMedium
from studies import units
from studies.cavity_table import CAVITIES, cavity_class
from studies.design_tables import plain_models
from studies.device_settings import DeviceSettings
from studies.errors import DesignError
from studies.gain_settings import AseSettings, CuvetteSettings, TransientSettings
from studies.normalise import _leaves, nested_models

REGISTRY: Any = pint.UnitRegistry()


@pytest.mark.parametrize("symbol", sorted(set(units._UNITS) - {"1", "%", "°", "percent"}))
def test_small_table_agrees_with_pint(symbol: str) -> None:
    small = units.parse_unit(symbol)
    assert small is not None
    names = ("um", "g", "s", "K", "mol", "rad")
    base = math.prod(
        (REGISTRY(name) ** power for name, power in zip(names, small.dimensions, strict=True)),
        start=REGISTRY("1"),
    )
    assert math.isclose(REGISTRY(symbol).to(base).magnitude, small.factor, rel_tol=1e-12)


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("650 nm", "um", 0.65),
        ("20 um", "um", 20.0),
        ("20 µm", "um", 20.0),
        ("20μm", "um", 20.0),
        ("1.5e-3 mm", "um", 1.5),
        ("49 uJ/cm^2", "uJ/cm^2", 49.0),
        ("0.049 mJ/cm²", "uJ/cm^2", 49.0),
        ("490 mJ/m**2", "uJ/cm^2", 49.0),
        ("3.6e-14 cm^2", "cm^2", 3.6e-14),
        ("0.5 mW", "uW", 500.0),
        ("20 g/L", "mg/mL", 20.0),
        ("0.02 mg/uL", "mg/mL", 20.0),
        ("0.0069 L/(g um)", "mL/mg/um", 0.0069),
        ("20 ns", "ns", 20.0),
        ("63 meV", "meV", 63.0),
        ("10 deg", "deg", 10.0),
        ("50 %", "", 0.5),
        ("7", "", 7.0),
        ("0.001 inch", "um", 25.4),  # this and the following through pint
        ("1e-6 kilometers", "um", 1000.0),
        ("6500 angstrom", "um", 0.65),
        ("1 hour", "ms", 3.6e6),
        ("25 millijoule / centimeter ** 2", "uJ/cm^2", 25e3),
    ],
)
def test_conversions(text: str, unit: str, expected: float) -> None:
    assert units.convert(text, unit=unit, key="x") == pytest.approx(expected, rel=1e-14)


@given(st.floats(1e-12, 1e12), st.sampled_from(["nm", "um", "mm", "cm", "m"]))
def test_lengths_agree_with_pint(value: float, symbol: str) -> None:
    converted = units.convert(f"{value!r} {symbol}", unit="um", key="x")
    assert converted == pytest.approx(
        REGISTRY.Quantity(value, symbol).to("um").magnitude, rel=1e-13
    )


def test_the_written_digits_survive() -> None:
    assert units.convert("650 nm", unit="um", key="x") == 0.65
    assert units.convert("75 nm", unit="um", key="x") == 0.075
    assert units.convert("405 nm", unit="um", key="x") == 0.405


@pytest.mark.parametrize(
    ("text", "unit", "says"),
    [
        ("650 ns", "um", "quantity in um, got '650 ns'"),
        ("5 um", "", "plain number, got '5 um'"),
        ("650", "um", '"650 um"'),
        ("5 wobbles", "um", "unknown unit 'wobbles'"),
        ("5 nm/", "um", "got '5 nm/'"),
        ("thick", "um", "must be a number or a string such as"),
        ("3 degC", "um", "got '3 degC'"),
    ],
)
def test_wrong_quantities_are_one_line_errors(text: str, unit: str, says: str) -> None:
    with pytest.raises(DesignError) as caught:
        units.convert(text, unit=unit, key="cavity.height")
    assert str(caught.value).startswith("cavity.height: ")
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("power_uw", "uW"),
        ("cross_linking_dose_j_per_cm2", "J/cm^2"),
        ("absorptivity_ml_per_mg_per_um", "mL/mg/um"),
        ("resist_absorption_per_um", "1/um"),
        ("concentration_per_cm3", "1/cm^3"),
        ("temperature_k", "K"),
        ("nm", "nm"),
        ("top", "um"),
        ("wall_points", "um"),
        ("top_pairs", ""),
        ("resist_index", ""),
        ("per", ""),
    ],
)
def test_units_of_names(name: str, unit: str) -> None:
    assert units.field_unit(name) == unit


PLAIN = set(
    """azimuthal_order quality_factor_floor workers scattering_quality_factor field_factor overlap
    cavities median_quality_factor sigma_ln_quality_factor tail_fraction tail_quality_factor
    sigma_ln_concentration confinement seed dose_factors replicate_columns replicate_rows
    max_proximity field_count field_points table_rows bottom_pairs top_pairs cavity_order
    oxide_layer resist_index substrate_reflectance shrinkage value ratio coherence_areas
    background pairs chirp mirror_pairs angle_points spectrum_points in_plane_wavenumber beta
    pump_ratios cross_section_gm gain_threshold_excitons spontaneous mode_count pump_points
    trace_ratio radiative_exponent quantum_yield max_excitons power mirror_reflectance power_points
    concentration_ratios absorbed_photons spectrum_ratio kappa electron_mass hole_mass max_pairs
    two_photon_cross_section_gm quality_factor numerical_aperture slices pattern_ratios
    study_orders band_reach band_points bloch orders search_orders""".split()
)


def _models() -> Iterator[type[BaseModel]]:
    waiting: list[type[BaseModel]] = [*plain_models().values(), NanocrystalMedium]
    waiting += [ExcitonKinetics, PlasmaMedium, CuvetteSettings, AseSettings]
    waiting += [TransientSettings, DeviceSettings]
    waiting += [cavity_class(kind) for kind in CAVITIES]
    seen: set[type[BaseModel]] = {Material}
    while waiting:
        model = waiting.pop()
        if model in seen:
            continue
        seen.add(model)
        yield model
        for field in model.model_fields.values():
            waiting += nested_models(field.annotation)


def test_every_number_of_a_design_is_a_length_a_plain_number_or_names_its_unit() -> None:
    """A new bare field must be sorted into PLAIN here, or end in a word for a length."""
    for model in _models():
        for name, field in model.model_fields.items():
            leaves = list(_leaves(field.annotation))
            if float in leaves or int in leaves:
                plain = units.field_unit(name) == ""
                assert plain == (name in PLAIN), f"{model.__name__}.{name}"


@pytest.mark.parametrize("text", ["49 uJ/cm^2", "5 um", "5 mircon", "5 uWW"])
def test_common_units_and_typing_errors_do_not_load_pint(text: str) -> None:
    code = (
        "import sys\nfrom studies.units import convert\n"
        f"try: convert({text!r}, unit='uJ/cm^2', key='')\nexcept ValueError: pass\n"
        "sys.exit('pint' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
