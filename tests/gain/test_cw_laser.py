"""The steady state: closed forms of the linear laser, clamping, time integration, linewidth."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from gain import (
    ContinuousPump,
    ExcitonKinetics,
    LaserModel,
    LaserModes,
    Shift,
    condensate_occupation,
    kinetics_preset,
    quantum_shells,
    simulate_laser,
    steady_laser,
)

SHELLS = kinetics_preset("microdisk_shells")
MERIT = 2e5


def linear_laser(beta: float, **fields: object) -> LaserModel:
    """One mode at the emission peak; no absorption there, so few excitons that none saturates.

    g = p_1/2, threshold at p_1 = 2/K = 1e-5; photon number in units of beta: s K kappa/(2 beta k).
    """
    medium = quantum_shells(stokes=Shift(nm=300.0), biexciton_shift=Shift(nm=0.0))
    modes = LaserModes.explicit([0.650], quality_factor=6000, figure_of_merit=MERIT)
    kinetics = ExcitonKinetics(radiative_lifetime_ns=20.0, auger_lifetime_ns=None)
    arguments = {"spontaneous": beta, **fields}
    return LaserModel(medium=medium, kinetics=kinetics, modes=modes, **arguments)  # type: ignore[arg-type]


def photon_number(laser: LaserModel, s: np.ndarray, beta: float) -> np.ndarray:
    """Photons in units in which stimulated equals spontaneous emission."""
    rate = laser.stimulated_per_ns[0] / 2 / (beta / 20.0)
    return np.asarray(s[:, 0] * rate)


@pytest.mark.parametrize("beta", [1e-1, 1e-3, 1e-5])
def test_linear_laser_s_curve_in_closed_form(beta: float) -> None:
    """s = [(r - 1) + sqrt((r - 1)^2 + 4 beta r)]/(2 beta), beta part of the decay."""
    laser = linear_laser(beta)
    r = np.geomspace(0.01, 30, 40)
    found = steady_laser(laser, r * 2 / MERIT)
    s = photon_number(laser, found.photons, beta)
    half = 0.5 * (r - 1)
    root = np.sqrt(half**2 + beta * r)
    expected = np.where(r < 1, r / (root - half), (root + half) / beta)
    np.testing.assert_allclose(s, expected, rtol=2e-3)
    at_threshold = steady_laser(laser, [2 / MERIT])
    assert photon_number(laser, at_threshold.photons, beta)[0] == pytest.approx(
        beta**-0.5, rel=2e-3
    )
    assert found.net_gain.absorbed_photons * MERIT / 2 == pytest.approx(1, rel=1e-4)


def test_slopes_far_below_and_far_above_differ_by_one_over_beta() -> None:
    laser = linear_laser(1e-3)
    below, above = (steady_laser(laser, np.array([r, 1.001 * r]) * 2 / MERIT) for r in (1e-3, 50.0))
    slopes = [float(np.diff(c.photons[:, 0])[0] / np.diff(c.absorbed_photons)[0])
              for c in (below, above)]  # fmt: skip
    assert slopes[1] / slopes[0] == pytest.approx(1e3, rel=5e-3)


def test_einstein_laser_is_the_condensate_of_the_polariton_laser() -> None:
    """Spontaneous emission besides k_r: r = R/g_R of `condensate_occupation`."""
    count = 1e9
    laser = linear_laser(1e-3, spontaneous="einstein", nanocrystals=count)
    beta = float(laser.einstein_factor()[0])
    assert 0.01 < beta < 1
    r = np.geomspace(0.05, 20, 25)
    found = steady_laser(laser, r * 2 / MERIT)
    np.testing.assert_allclose(
        found.photons[:, 0] * count, condensate_occupation(r, beta), rtol=2e-3
    )


def microdisk(**fields: object) -> LaserModel:
    modes = LaserModes.comb(
        0.654, spacing_nm=4.05, count=9, quality_factor=6000, figure_of_merit=50
    )
    arguments = {"medium": quantum_shells(), "kinetics": SHELLS, "modes": modes, **fields}
    return LaserModel(**arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("pump", [0.1, 0.5, 8.0])
def test_time_integration_ends_in_the_steady_state(pump: float) -> None:
    laser = microdisk(spontaneous=1e-2)
    uneven = laser.modes.with_profile(
        np.abs(np.sin(np.outer([0.3, 1.0, 1.9], np.arange(1, 10)))) + 0.1, pump_profile=[1, 2, 0.5]
    )
    laser = dataclasses.replace(laser, modes=uneven)
    steady = steady_laser(laser, [pump])
    trace = simulate_laser(laser, ContinuousPump(period_ns=20.0), pump, duration_ns=400.0)
    np.testing.assert_allclose(trace.photons[-1], steady.photons[0], rtol=1e-3)
    np.testing.assert_allclose(trace.populations[-1], steady.populations[0], atol=1e-5)


def test_populations_clamp_and_gain_stays_below_loss() -> None:
    curve = steady_laser(microdisk(spontaneous=1e-6), np.geomspace(0.05, 5, 40))
    assert curve.net_gain.absorbed_photons == pytest.approx(0.2741, abs=5e-5)
    above = curve.absorbed_photons > 0.3
    rising = curve.mean_excitons[~above]
    assert (np.diff(rising) > 0).all()
    spread = np.ptp(curve.mean_excitons[above & (curve.absorbed_photons < 0.6)])
    assert spread < 0.1 * curve.mean_excitons[above][0]
    assert (curve._noise_share() > 0).all()  # gain never exceeds loss
    assert curve.slope_threshold == pytest.approx(0.2741, rel=0.03)


def test_photons_and_excitons_balance() -> None:
    laser = microdisk(spontaneous=1e-2)
    curve = steady_laser(laser, [0.1, 0.5, 5.0])
    w = curve.absorbed_photons / curve.pump.period_ns
    p = curve.mean_populations
    pumped = w * (1 - p[:, -1])
    decay = p @ SHELLS.decay_rates_per_ns()
    into_modes = (p @ laser.spontaneous_per_ns().T).sum(axis=1)
    np.testing.assert_allclose(
        decay - into_modes + curve.output_per_ns.sum(axis=1), pumped, rtol=1e-9
    )


def test_linewidth_is_cold_without_gain_and_narrows_as_photons_multiply() -> None:
    laser = linear_laser(1e-3)
    curve = steady_laser(laser, np.array([1e-3, 0.5, 2.0, 20.0]) * 2 / MERIT)
    cold = laser.modes.linewidth_nm[0]
    width = curve.linewidth_nm()[:, 0]
    s = photon_number(laser, curve.photons, 1e-3)
    np.testing.assert_allclose(width[:2], cold * (1 - np.array([1e-3, 0.5])), rtol=3e-3)
    # R/(kappa S) with R = kappa: inverse photon number (Schawlow-Townes: half of it)
    np.testing.assert_allclose(width[2:], cold / (s[2:]), rtol=3e-3)
    np.testing.assert_allclose(curve.schawlow_townes_nm(alpha=2.0)[:, 0], 2.5 * width)


def test_k_below_one_has_no_threshold_but_a_steady_state() -> None:
    modes = LaserModes.comb(0.65, spacing_nm=4, count=5, quality_factor=500, figure_of_merit=0.9)
    curve = steady_laser(microdisk(modes=modes), np.geomspace(0.01, 100, 20))
    assert not curve.net_gain.lases
    assert np.isnan(curve.slope_threshold)
    assert (curve.photons > 0).all()
