"""Presets: every number has a stated source, everything can be replaced."""

from __future__ import annotations

import subprocess
import sys
from typing import get_args

import pytest

import gain
from gain import (
    GaussianLine,
    NanocrystalMedium,
    nanoplatelets,
    preset,
    provenance,
    pump_532,
    quantum_dots,
    quantum_shells,
    threshold_curve,
)
from gain.presets import PresetName

NAMES = get_args(PresetName)


@pytest.mark.parametrize("name", NAMES)
def test_every_field_has_a_source(name: PresetName) -> None:
    fields = set(NanocrystalMedium.model_fields) - {"name", "emission_line"}
    texts = provenance(name)
    assert set(texts) == fields | {"pump_cross_section_cm2"}
    kinds = ("measured: ", "computed: ", "derived: ", "guess: ", "source model: ")
    assert all(text.startswith(kinds) for text in texts.values())


@pytest.mark.parametrize("name", NAMES)
def test_fields_can_be_replaced(name: PresetName) -> None:
    medium = preset(name, emission_wavelength=0.62, line=GaussianLine(fwhm_mev=80.0))
    assert medium.emission_wavelength == 0.62
    assert medium.name == name
    assert pump_532(name, cross_section_cm2=1e-15).cross_section_cm2 == 1e-15


def test_shortcuts() -> None:
    assert quantum_shells() == preset("quantum_shells")
    assert quantum_dots() == preset("quantum_dots")
    assert nanoplatelets() == preset("nanoplatelets")


def test_quantum_dot_sigma_follows_from_its_source() -> None:
    """Decadic molar 9.7e5 /M/cm to cm^2 per dot: ln(10) 1000/N_A."""
    assert quantum_dots().cross_section_cm2 == pytest.approx(3.82e-21 * 9.7e5, rel=2e-3)


def test_stated_kennard_stepanov_shifts() -> None:
    for medium, shift in ((quantum_shells(), 14.9), (nanoplatelets(), 9.2)):
        derived = medium.changed(stokes="kennard_stepanov")
        assert derived.stokes_redshift == pytest.approx(shift, abs=0.05)


@pytest.mark.parametrize("name", NAMES)
def test_each_lases_in_a_good_cavity(name: PresetName) -> None:
    curve = threshold_curve(preset(name), [100.0])
    assert 0 < curve.absorbed_photons[0] < 5
    assert 10 < curve.redshift_nm[0] < 30


def test_public_names_exist() -> None:
    assert {"NanocrystalMedium", "threshold"} < set(dir(gain))
    for name in dir(gain):
        assert getattr(gain, name) is not None
    with pytest.raises(AttributeError, match="No gain attribute thresholds"):
        gain.thresholds  # type: ignore[attr-defined]  # noqa: B018


def test_package_import_is_light() -> None:
    code = (
        "import sys, gain; heavy = {'scipy', 'matplotlib', 'pandas', 'numpy', 'pydantic'};"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_thresholds_need_neither_scipy_nor_matplotlib() -> None:
    code = (
        "import sys; from gain import quantum_shells, threshold; from solvers.modes import Mode;"
        "threshold([Mode(wavenumber=9.5-1e-3j, confinement={'gain': 0.3})],"
        "quantum_shells(film_index=1.8));"
        "heavy = {'scipy', 'matplotlib', 'pandas', 'xarray', 'ngsolve'} & set(sys.modules);"
        "sys.exit(', '.join(heavy) or 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
