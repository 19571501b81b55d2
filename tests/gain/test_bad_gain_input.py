"""Bad input: one line that names the argument, the rule and the value."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from gain import (
    BackgroundTable,
    CavityPopulation,
    GaussianLine,
    Pump,
    Shift,
    TabulatedLine,
    absorbed_photons_at_threshold,
    figure_of_merit,
    free_spectral_range_nm,
    gaussian_overlap,
    lasing_cloud,
    lineic_loss_per_cm,
    poisson_populations,
    population_inversion,
    preset,
    quantum_shells,
    threshold,
    threshold_curve,
)
from solvers.modes import Mode

PUMP: dict[str, Any] = {"wavelength": 0.532, "cross_section_cm2": 1e-14}
GOOD = Mode(wavenumber=9.5 - 1e-3j, confinement={"gain": 0.3, "resist": 0.7})


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: threshold([], quantum_shells()), "modes: .* got 0"),
        (lambda: threshold([GOOD], quantum_shells(), region="film"), "gain, resist.* got 'film'"),
        (
            lambda: threshold(
                [Mode(wavenumber=9.5 + 1e-3j, confinement={"gain": 0.3})], quantum_shells()
            ),
            "quality_factor must be positive, got -4750",
        ),
        (lambda: absorbed_photons_at_threshold(quantum_shells(), 0.65, -1.0), "got -1"),
        (lambda: absorbed_photons_at_threshold(quantum_shells(), -0.65, 5.0), "got -0.65"),
        (lambda: absorbed_photons_at_threshold(quantum_shells(), 0.65, math.nan), "got nan"),
        (lambda: threshold_curve(quantum_shells(), [0.0]), "figure_of_merit: .* minimum 0"),
        (lambda: threshold_curve(quantum_shells(), [5.0], wavelength=(0.7, 0.6)), r"\(0.7, 0.6\)"),
        (lambda: poisson_populations(-0.1), "absorbed_photons: .* got -0.1"),
        (lambda: poisson_populations(1.0, states=1), "states: .* got 1"),
        (lambda: population_inversion(1.0, "X-XX"), "transition: .* got 'X-XX'"),  # type: ignore[arg-type]
        (lambda: lineic_loss_per_cm(0.65, -6000, 1.6), "quality_factor: .* got -6000"),
        (
            lambda: figure_of_merit(0.65, 6e3, 1.6, peak_gain_per_cm=1e3, confinement=1.2),
            "confinement: .* 1.2",
        ),
        (lambda: free_spectral_range_nm(0.65, 0.0, 1.6), "diameter.* 0,"),
        (lambda: gaussian_overlap(1.0, 0.0), "beam_radius.* 0 um"),
        (lambda: preset("quantum_rods"), "quantum_dots, nanoplatelets.* got 'quantum_rods'"),  # type: ignore[arg-type]
        (lambda: quantum_shells().gain(0.65), "exactly one of them, got neither"),
        (
            lambda: quantum_shells().gain(0.65, absorbed_photons=1, populations=[1, 0, 0]),
            "got both",
        ),
        (lambda: quantum_shells().gain(0.65, populations=[1, 0]), r"must be 3 .* shape \(2,\)"),
        (lambda: Pump(**PUMP).intensity_w_per_cm2(1.0), "lifetime_ns: .* got None"),
        (lambda: Pump(**PUMP).pulse_energy_nj(1.0), "beam_radius: .* got None"),
        (lambda: Pump(**PUMP).absorbed_photons(), "exactly one .* neither"),
        (lambda: Pump(**PUMP).absorbed_photons(fluence_uj_per_cm2=-1), "got -1e-06"),
        (
            lambda: lasing_cloud(
                CavityPopulation(median_quality_factor=1e4), quantum_shells(), count=0
            ),
            "count: .* got 0",
        ),
        (lambda: TabulatedLine.from_spectrum([1, 2, 3], [1, 2, 3]), r"shapes \(3,\)"),
        (lambda: TabulatedLine.from_spectrum([1, 2, 3, 4, 5], [0, 0, 0, 0, 0]), "got 0"),
    ],
)
def test_values(call: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=words) as error:
        call()
    assert not isinstance(error.value, ValidationError)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: quantum_shells(stokes=15), "carry its unit, nm or meV, got 15"),
        (lambda: quantum_shells(stokes="15"), "got '15'"),
        (lambda: quantum_shells(stokes="15 um"), "got '15 um'"),
        (lambda: quantum_shells(biexciton_shift=21.5), "got 21.5"),
        (lambda: quantum_shells(stokes=Shift(nm=700.0)), "positive wavelengths, got -71.5"),
        (
            lambda: quantum_shells(
                stokes="kennard_stepanov",
                line=TabulatedLine(redshift_nm=(-2, -1, 0, 1, 2), value=(0, 0.5, 1, 0.5, 0)),
            ),
            "needs a Gaussian line .* got line 'table'",
        ),
        (lambda: quantum_shells(background=-0.1), "background"),
        (lambda: quantum_shells(cross_section_cm2=0.0), "cross_section_cm2"),
        (lambda: quantum_shells(concentration_per_cm3=-1.0), "concentration_per_cm3"),
        (lambda: quantum_shells(coherence_areas=0), "coherence_areas"),
        (lambda: quantum_shells(coherence_area=3), "coherence_area"),
        (lambda: quantum_shells(film_index="unobtainium"), "unobtainium"),
        (lambda: quantum_shells(emission_wavelength=650), "emission_wavelength"),
        (lambda: GaussianLine(), "exactly one of std_nm, .* got none"),
        (lambda: GaussianLine(std_nm=10, fwhm_mev=80), "got std_nm, fwhm_mev"),
        (lambda: GaussianLine(std_nm=-1), "std_nm"),
        (lambda: Shift(), "got neither"),
        (lambda: Shift(nm=1, mev=1), "got both"),
        (lambda: TabulatedLine(value=(0, 0.5, 1, 0.5, 0)), "exactly one of redshift_nm"),
        (lambda: TabulatedLine(redshift_nm=(0, 1), value=(1, 0)), "at least 5, got 2 and 2"),
        (
            lambda: TabulatedLine(redshift_nm=(-2, 1, 0, 1, 2), value=(0, 0.5, 1, 0.5, 0)),
            "increase strictly",
        ),
        (
            lambda: TabulatedLine(redshift_nm=(-2, -1, 0, 1, 2), value=(0, 0.5, 0.9, 0.5, 0)),
            "maximum 1 at redshift 0, got 0..0.9",
        ),
        (
            lambda: TabulatedLine(redshift_nm=(-2, -1, 0, 1, 2), value=(0.6, 0.5, 1, 0.5, 0)),
            "fall outwards",
        ),
        (lambda: BackgroundTable(wavelength=(0.7, 0.6), ratio=(0.1, 0.1)), "must increase"),
        (lambda: Pump(kind="cw", **PUMP), "lifetime_ns: must be given"),
        (lambda: Pump(wavelength=-0.5, cross_section_cm2=1e-14), "wavelength"),
        (lambda: Pump(overlap=1.5, **PUMP), "overlap"),
        (
            lambda: CavityPopulation(median_quality_factor=1e4, tail_fraction=0.1),
            "tail_quality_factor: must be given",
        ),
        (
            lambda: CavityPopulation(median_quality_factor=1e4, tail_quality_factor=(5, 1)),
            r"got \(5.0, 1.0\)",
        ),
    ],
)
def test_fields(build: Callable[[], object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        build()
