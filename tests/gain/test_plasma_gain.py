"""Plasma gain: closed forms of a two-dimensional plasma, detailed balance, pairs per shell."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from cavities.constants import BOLTZMANN_EV_PER_K, HC_EV_UM
from gain import (
    absorbed_photons_at_threshold,
    effective_density_per_cm2,
    fermi_level_over_kt,
    plasma_shells,
    threshold,
    threshold_curve,
    transparency_density_per_cm2,
)
from solvers.modes import Mode

THERMAL_EV = BOLTZMANN_EV_PER_K * 295.0


@pytest.mark.parametrize(("radius_nm", "pairs"), [(4.5, 4.3), (5.4, 6.2), (7.75, 12.7)])
def test_pairs_at_transparency(radius_nm: float, pairs: float) -> None:
    shells = plasma_shells(shell_radius_nm=radius_nm)
    assert shells.transparency_density_per_cm2 == pytest.approx(1.68e12, rel=2e-3)
    assert round(shells.transparency_pairs, 1) == pairs
    by_hand = 1.68e12 * 4 * math.pi * (radius_nm * 1e-7) ** 2
    assert shells.transparency_pairs == pytest.approx(by_hand, rel=2e-3)


@given(st.floats(1e10, 1e14), st.floats(1e10, 1e14))
def test_transparency_density(electrons: float, holes: float) -> None:
    n = transparency_density_per_cm2(electrons, holes)
    assert math.exp(-n / electrons) + math.exp(-n / holes) == pytest.approx(1, abs=1e-5)
    assert transparency_density_per_cm2(electrons, electrons) == pytest.approx(
        electrons * math.log(2), rel=1e-6
    )


@given(st.floats(1e-6, 60.0))
def test_fermi_level_is_that_of_the_fermi_integral(ratio: float) -> None:
    """n/N = int dx/(1 + exp(x - mu/kT)) over one constant density of states."""
    level = float(fermi_level_over_kt(ratio * 1e12, 1e12))
    stop = max(level, 0.0) + 45
    filled, _ = quad(
        lambda x: 1 / (1 + math.exp(min(x - level, 700.0))), 0, stop, points=[max(level, 0.0)]
    )
    assert filled == pytest.approx(ratio, rel=1e-7)
    assert 1 / (1 + math.exp(-level)) == pytest.approx(-math.expm1(-ratio), rel=1e-12)


@pytest.mark.parametrize("density", [2.5e12, 5e12, 1e13])
@pytest.mark.parametrize("renormalisation", [0.0, 25.0])
def test_gain_ends_at_the_sum_of_the_quasi_fermi_levels(
    density: float, renormalisation: float
) -> None:
    """Bernard and Duraffourg, at any broadening."""
    for broadening in (5.0, 40.0):
        shells = plasma_shells(broadening_mev=broadening, renormalisation_mev=renormalisation)
        electrons, holes = shells.fermi_levels_mev(density)
        end = float(shells.band_gap_ev(density) + 1e-3 * (electrons + holes))
        around = HC_EV_UM / (end + np.array([-1e-3, 0.0, 1e-3]))
        gain = shells.plasma_gain(around, density)
        assert gain[0] > 0 > gain[2]
        assert gain[1] == pytest.approx(0, abs=1e-12)


def test_emission_over_absorption_obeys_detailed_balance() -> None:
    """sigma_em/sigma_abs = exp((mu_e + mu_h + E_g - E)/kT) in every state with carriers."""
    shells = plasma_shells(max_pairs=20, renormalisation_mev=15.0)
    at = np.linspace(0.58, 0.70, 7)
    up, down = shells.absorption_coefficients(at), shells.emission_coefficients(at)
    pairs = np.arange(1, shells.states)
    density = shells.density_per_cm2(pairs)
    levels = 1e-3 * sum(shells.fermi_levels_mev(density))
    expected = (levels + shells.band_gap_ev(density) - HC_EV_UM / at[:, None]) / THERMAL_EV
    np.testing.assert_allclose(np.log(down[:, 1:] / up[:, 1:]), expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(
        shells.gain_coefficients(at)[:, 1:], shells.plasma_gain(at[:, None], density), atol=1e-12
    )


def test_limits_without_and_with_many_pairs() -> None:
    """The bare step absorbs; far above transparency it amplifies as much."""
    shells = plasma_shells(broadening_mev=1.0, max_pairs=100, shell_radius_nm=4.0)
    edge = HC_EV_UM / shells.emission_wavelength
    above, below = HC_EV_UM / (edge + 0.02), HC_EV_UM / (edge - 0.02)
    assert shells.gain_coefficients(above)[0] == pytest.approx(-1, abs=1e-12)
    assert shells.gain_coefficients(below)[0] == pytest.approx(0, abs=1e-12)
    assert shells.gain_coefficients(above)[-1] > 0.99
    at_edge = shells.plasma_gain(HC_EV_UM / (edge + 1e-9), shells.transparency_density_per_cm2)
    assert at_edge == pytest.approx(0, abs=1e-6)


def test_renormalisation_goes_as_the_cube_root() -> None:
    shells = plasma_shells(renormalisation_mev=20.0)
    shift = 1e3 * (shells.band_gap_ev(0.0) - shells.band_gap_ev([1e12, 8e12]))
    np.testing.assert_allclose(shift, [20.0, 40.0], rtol=1e-9)


def test_effective_density_of_the_free_electron() -> None:
    """m kT/(pi hbar^2) at 295 K: 4.178e14 per eV and cm^2, times 25.42 meV."""
    assert effective_density_per_cm2(1.0, 295.0) == pytest.approx(4.178e14 * 0.025421, rel=1e-3)


def test_thresholds_take_the_plasma() -> None:
    """Poisson pairs; the first root by hand; renormalisation moves the laser to the red."""
    shells = plasma_shells()
    curve = threshold_curve(shells, [3.0, 30.0])
    assert curve.absorbed_photons[0] > curve.absorbed_photons[1] > 3
    n, x = curve.absorbed_photons[1], curve.wavelength[1]
    assert float(shells.gain(x, absorbed_photons=n)) == pytest.approx(1 / 30, abs=1e-10)
    red = threshold_curve(plasma_shells(renormalisation_mev=20.0), [30.0])
    assert red.redshift_nm[0] > curve.redshift_nm[1] + 5
    mode = Mode(wavenumber=9.65 - 4e-5j, confinement={"gain": 0.3})
    result = threshold([mode], shells)
    root = absorbed_photons_at_threshold(shells, mode.wavelength, result.figure_of_merit)
    assert result.absorbed_photons == root


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: plasma_shells(shell_radius_nm=0.0), "shell_radius_nm"),
        (lambda: plasma_shells(electron_mass=-0.1), "electron_mass"),
        (lambda: plasma_shells(shifts_in="nm"), "shifts_in"),
        (lambda: plasma_shells().plasma_gain(-0.65, 1e12), "wavelength: must be positive"),
        (lambda: plasma_shells().fermi_levels_mev(-1e12), "density: must be >= 0"),
        (lambda: effective_density_per_cm2(0.13, 0.0), "mass, temperature_k: must be positive"),
        (lambda: transparency_density_per_cm2(0.0, 1e12), "must be positive, got 0"),
        (lambda: plasma_shells().gain(0.65, populations=[1.0]), "last axis must be 41"),
        (
            lambda: plasma_shells(max_pairs=2).gain(0.65, populations=[1.4, -0.4, 0.0]),
            "populations: must be probabilities",
        ),
    ],
)
def test_bad_plasma(call: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()  # type: ignore[operator]
