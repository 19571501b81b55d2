"""Blueshift laws, occupations and polarisation: limits, inverses, coverage of the fits."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cavities.constants import BOLTZMANN_EV_PER_K
from gain import (
    CoupledOscillators,
    bleached_fraction,
    bose_einstein,
    degree_of_polarization,
    emission_map,
    fit_blueshift,
    fit_occupation,
    fit_polarization,
    intensity_ratio,
    largest_blueshift_mev,
    maxwell_boltzmann,
    mean_field_blueshift_mev,
    occupation_from_emission,
    rabi_splitting_at_blueshift_mev,
    saturation_blueshift_mev,
)

PAIR = {"rabi_splitting_mev": 45.0, "detuning_mev": -27.0}


def system(om: float, delta: float) -> CoupledOscillators:
    return CoupledOscillators.from_quality_factor(
        exciton_energy_ev=2.09,
        detuning_mev=delta,
        rabi_splitting_mev=om,
        effective_index=1.7,
    )


@given(n=st.floats(0.0, 1.0), om=st.floats(5.0, 100.0), delta=st.floats(-80.0, 80.0))
def test_saturation_is_the_lower_polariton_of_a_smaller_splitting(
    n: float, om: float, delta: float
) -> None:
    shift = float(saturation_blueshift_mev(n, rabi_splitting_mev=om, detuning_mev=delta))
    left = om * np.sqrt(1 - n)
    before, after = (float(system(o, delta).branches(angle_deg=0.0).lower) for o in (om, left))
    assert shift == pytest.approx(1e3 * (after - before), abs=1e-9)
    limit = largest_blueshift_mev(rabi_splitting_mev=om, detuning_mev=delta)
    assert shift <= limit + 1e-12
    bare = min(2.09 + 1e-3 * delta, 2.09)
    assert limit == pytest.approx(1e3 * (bare - before), abs=1e-9)


@given(n=st.floats(0.0, 1.0))
def test_the_law_can_be_inverted(n: float) -> None:
    shift = saturation_blueshift_mev(n, **PAIR)
    assert float(bleached_fraction(shift, **PAIR)) == pytest.approx(n, abs=1e-9)
    left = rabi_splitting_at_blueshift_mev(shift, **PAIR)
    assert float(left) == pytest.approx(45 * np.sqrt(1 - n), abs=1e-6)


def test_mean_field_is_linear_below_and_clamped_above() -> None:
    r = np.array([0.25, 0.5, 3.0, 6.0])
    shift = mean_field_blueshift_mev(r, beta=1e-8, reservoir_shift_mev=3.1)
    np.testing.assert_allclose(shift, [0.775, 1.55, 3.1, 3.1], rtol=1e-3)
    both = mean_field_blueshift_mev(r, beta=1e-8, reservoir_shift_mev=3.1, condensate_shift_mev=0.5)
    np.testing.assert_allclose(both - shift, [0, 0, 1.0, 2.5], atol=1e-3)


def test_coverage_of_the_blueshift_fit() -> None:
    """Linear least squares with known errors: exact intervals, 1.96 sigma in 95 % of cases."""
    r = np.linspace(0.2, 2.4, 14)
    law = mean_field_blueshift_mev(r, beta=1e-4, reservoir_shift_mev=3.1, condensate_shift_mev=0.4)
    rng = np.random.default_rng(0)
    hits = np.zeros(2)
    for _ in range(1000):
        fit = fit_blueshift(r, law + 0.2 * rng.standard_normal(14), error_mev=0.2, beta=1e-4)
        miss = np.array([fit.reservoir_shift_mev - 3.1, fit.condensate_shift_mev - 0.4])
        hits += np.abs(miss) < 1.96 * np.array(fit.errors_mev)
    assert np.all((hits >= 930) & (hits <= 970))


def test_boltzmann_is_the_dilute_limit_of_bose_einstein() -> None:
    energy = np.linspace(0, 60, 13)
    kt = 1e3 * BOLTZMANN_EV_PER_K * 300
    dilute = bose_einstein(energy, temperature_k=300, chemical_potential_mev=-8 * kt)
    expected = maxwell_boltzmann(energy, temperature_k=300, amplitude=np.exp(-8.0))
    np.testing.assert_allclose(dilute, expected, rtol=4e-4)


@pytest.mark.parametrize("mu", [-0.2, -3.0])
def test_bose_einstein_fit_and_its_coverage(mu: float) -> None:
    """Absolute occupations (A = 1): T and mu from 2000 noisy branches."""
    energy = np.linspace(0, 60, 25)
    exact = bose_einstein(energy, temperature_k=320.0, chemical_potential_mev=mu)
    noise = np.exp(0.05 * np.random.default_rng(1).standard_normal((2000, 25)))
    fit = fit_occupation(
        energy, exact * noise, relative_error=0.05, statistics="bose_einstein", amplitude=1.0
    )
    assert bool(fit.converged.all())
    close = np.abs(fit.temperature_k - 320) < 1.96 * fit.temperature_error_k
    assert 0.93 <= float(close.mean()) <= 0.97
    near = np.abs(np.log(fit.chemical_potential_mev / mu)) < 1.96 * np.sqrt(fit.covariance[:, 2, 2])
    assert 0.93 <= float(near.mean()) <= 0.97


def test_dilute_data_do_not_determine_the_chemical_potential() -> None:
    """With a free scale the error of mu exceeds mu itself: that is the Boltzmann limit."""
    energy = np.linspace(0, 60, 25)
    data = maxwell_boltzmann(energy, temperature_k=300.0, amplitude=7.0)
    plain = fit_occupation(energy, data)
    assert float(plain.temperature_k) == pytest.approx(300.0, rel=1e-9)
    assert float(plain.amplitude) == pytest.approx(7.0, rel=1e-9)
    loose = fit_occupation(energy, data, statistics="bose_einstein")
    error = float(loose.chemical_potential_error_mev)
    assert np.isnan(error) or error > abs(float(loose.chemical_potential_mev))


def test_occupation_from_a_map_gives_its_temperature_back() -> None:
    """The map emits |C|^2 exp(-E/kT): dividing by the photon share leaves the exponential."""
    lossy = CoupledOscillators.from_quality_factor(
        exciton_energy_ev=2.09,
        detuning_mev=-27.0,
        rabi_splitting_mev=45.0,
        effective_index=1.7,
        quality_factor=2000,
        exciton_fwhm_mev=1.0,
    )
    angle = np.linspace(0, 24, 13)
    energy = np.linspace(2.0, 2.25, 25_001)
    found = emission_map(lossy, angle_deg=angle, energy_ev=energy, temperature_k=350.0)
    branches = lossy.branches(angle_deg=angle)
    lower = np.where(energy < 2.09, found.intensity, 0.0).sum(axis=1)
    occupation = occupation_from_emission(lower, branches)
    above = 1e3 * (branches.lower - branches.lower[0])
    fit = fit_occupation(above, occupation, relative_error=0.01)
    # The tail of the upper branch below 2.09 eV and the cut tails of the lower one: 3 %.
    assert float(fit.temperature_k) == pytest.approx(350.0, rel=0.03)


def test_a_condensed_map_is_brighter_at_the_bottom() -> None:
    """Bose-Einstein over Boltzmann occupation: (1 - e^{-x})^{-1} e^{mu/kT}, x = (E - mu)/kT."""
    lossy = system(45.0, -27.0).changed(
        excitons=({"energy_ev": 2.09, "fwhm_mev": 1.0},),
    )
    lossy = lossy.changed(photons=(lossy.photons[0].changed(fwhm_mev=1.0),))
    draw = functools.partial(
        emission_map, lossy, angle_deg=[0.0, 10.0], energy_ev=np.linspace(2.04, 2.15, 2201)
    )
    plain = draw(temperature_k=300.0)
    bose = draw(temperature_k=300.0, chemical_potential_mev=-0.5)
    kt = 1e3 * BOLTZMANN_EV_PER_K * 300
    peak = [int(np.argmax(row)) for row in plain.intensity]
    lower = lossy.branches(angle_deg=[0.0, 10.0]).lower
    x = (1e3 * (lower - lower[0]) + 0.5) / kt
    expected = np.exp(-0.5 / kt) / (1 - np.exp(-x))
    found = [bose.intensity[j, peak[j]] / plain.intensity[j, peak[j]] for j in range(2)]
    np.testing.assert_allclose(found, expected, rtol=0.01)
    with pytest.raises(ValueError, match="temperature_k: must be given with"):
        draw(chemical_potential_mev=-0.5)


@given(degree=st.floats(0.0, 0.999))
def test_degree_and_ratio_are_inverse(degree: float) -> None:
    ratio = float(intensity_ratio(degree))
    assert float(degree_of_polarization(ratio, 1.0)) == pytest.approx(degree, abs=1e-12)


def test_coverage_of_the_polarisation_fit() -> None:
    angle = np.arange(0, 360, 15.0)
    exact = 1 + 0.35 * np.cos(2 * np.radians(angle - 20))
    rng = np.random.default_rng(4)
    hits, directions = 0, []
    for _ in range(1000):
        fit = fit_polarization(angle, exact + 0.05 * rng.standard_normal(24), error=0.05)
        hits += abs(fit.degree - 0.35) < 1.96 * fit.degree_error
        directions.append(fit.direction_deg)
    assert 930 <= hits <= 970
    assert float(np.mean(directions)) == pytest.approx(20, abs=0.3)


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="density_ratio: must lie in 0-1"):
        saturation_blueshift_mev(1.5, **PAIR)
    with pytest.raises(ValueError, match=r"blueshift_mev: must lie in 0-12\.74 meV"):
        bleached_fraction(20.0, **PAIR)
    with pytest.raises(ValueError, match="error_mev: must be > 0"):
        fit_blueshift([0.5, 1, 2], [1, 2, 3], error_mev=0.0, beta=1e-4)
    with pytest.raises(ValueError, match="chemical_potential_mev: must lie below"):
        bose_einstein([0.0, 1.0], temperature_k=300, chemical_potential_mev=0.5)
    with pytest.raises(ValueError, match="temperature_k: must be > 0"):
        maxwell_boltzmann(1.0, temperature_k=0.0)
    with pytest.raises(ValueError, match="occupation: must be > 0"):
        fit_occupation([0, 1, 2], [1, 0, 1])
    with pytest.raises(ValueError, match="energy_mev: must be >= 0"):
        fit_occupation([-1, 1, 2], [1, 1, 1])
    with pytest.raises(ValueError, match="angle_deg: must hold three different angles"):
        fit_polarization([0, 90, 180], [1, 2, 1], error=0.1)
    with pytest.raises(ValueError, match="maximum, minimum"):
        degree_of_polarization(1.0, 2.0)
    with pytest.raises(ValueError, match="degree: must lie in 0-1"):
        intensity_ratio(1.2)
