"""The rate model against closed forms, conservation, and an independent integrator."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cavities.constants import HBAR_EV_S
from gain import LifetimeCurve, PolaritonLaser, condensate_occupation, fit_s_curve

LASER = PolaritonLaser(beta=1e-4, reservoir_lifetime_ns=1.3, condensate_lifetime_ps=0.39)


@given(r=st.floats(0.0, 1e4), log_beta=st.floats(-12, 0))
def test_steady_state_solves_the_rate_equations(r: float, log_beta: float) -> None:
    """R n_R (n_0 + 1) = g_0 n_0 and P = g_R n_R + R n_R (n_0 + 1), in threshold units."""
    beta = 10**log_beta
    n = float(condensate_occupation(r, beta))
    x = n / (n + 1)
    assert x + beta * n == pytest.approx(r, rel=1e-9, abs=1e-300)


@given(log_beta=st.floats(-10, -1))
def test_limits_of_the_s_curve(log_beta: float) -> None:
    beta = 10**log_beta
    # beta n^2 + beta n = 1 at r = 1
    assert float(condensate_occupation(1.0, beta)) == pytest.approx(
        0.5 * (math.sqrt(1 + 4 / beta) - 1), rel=1e-9
    )
    low, high = PolaritonLaser(
        beta=beta, reservoir_lifetime_ns=1, condensate_lifetime_ps=1
    ).slopes()
    assert high / low == pytest.approx((1 + beta) / beta)
    assert float(condensate_occupation(1e-9, beta)) == pytest.approx(1e-9 * low, rel=1e-6)
    step = condensate_occupation([1e6, 1e6 + 1], beta)
    assert float(step[1] - step[0]) == pytest.approx(high, rel=1e-3)


def test_thresholds_in_absolute_numbers() -> None:
    """n_R,th = g_0/R and P_th = g_R n_R,th with R = beta g_R."""
    gamma_r, gamma_0 = 1 / 1.3e-9, 1 / 0.39e-12
    assert LASER.threshold_reservoir == pytest.approx(gamma_0 / (1e-4 * gamma_r))
    assert LASER.threshold_pump_per_s == pytest.approx(gamma_0 / 1e-4)
    assert LASER.emission_per_s(2.0) == pytest.approx(gamma_0 * float(LASER.occupation(2.0)))
    assert float(LASER.reservoir_ratio(50.0)) == pytest.approx(1, abs=1e-5)


def test_linewidth_is_loss_minus_gain() -> None:
    n = float(LASER.occupation(0.9))
    gain = n / (n + 1)
    expected = 1e3 * HBAR_EV_S / 0.39e-12 * (1 - gain)
    assert float(LASER.linewidth_mev(0.9)) == pytest.approx(expected, rel=1e-10)
    assert float(LASER.linewidth_mev(0.0)) == pytest.approx(1.688, abs=1e-3)
    assert float(LASER.linewidth_mev(0.0, cold_fwhm_mev=2.23)) == pytest.approx(2.23)


@pytest.mark.parametrize("ratio", [0.3, 0.95, 1.05, 1.6, 5.0])
@pytest.mark.parametrize("pulse", [0.0, 20.0])
def test_excitons_are_conserved(ratio: float, pulse: float) -> None:
    """Pumped = left in the reservoir + its other decays + in the mode + emitted."""
    found = LASER.pulsed(ratio, pulse_fwhm_ps=pulse)
    total = (
        found.reservoir_ratio[-1] * found.threshold_reservoir
        + found.reservoir_decays
        + found.occupation[-1]
        + found.photons
    )
    assert total == pytest.approx(ratio * found.threshold_reservoir, rel=1e-6)


def test_pulse_against_an_explicit_integrator() -> None:
    """Fourth-order Runge-Kutta with 4 fs steps over the emission at 2 times threshold."""
    gamma_r, gamma_0, beta = 1 / 1300, 1 / 0.39, 1e-4

    def rates(y: np.ndarray) -> np.ndarray:
        x, n = y
        return np.array(
            [-gamma_r * (x + beta * x * (n + 1)), gamma_0 * (x * (n + 1) - n)], dtype=np.float64
        )

    step, y, trace = 0.004, np.array([2.0, 0.0]), []
    for _ in range(4000):
        trace.append(y[1])
        a = rates(y)
        b = rates(y + step / 2 * a)
        c = rates(y + step / 2 * b)
        d = rates(y + step * c)
        y = y + step / 6 * (a + 2 * b + 2 * c + d)
    time = step * np.arange(4000)
    found = LASER.pulsed(2.0)
    early = found.time_ps < time[-1]
    expected = np.interp(found.time_ps[early], time, trace)
    np.testing.assert_allclose(found.occupation[early], expected, rtol=0, atol=1e-5 * max(trace))
    assert found.peak_time_ps == pytest.approx(time[int(np.argmax(trace))], abs=0.03)


def test_far_below_threshold_the_emission_follows_the_reservoir() -> None:
    """n_0 = x/(1 - x): at x << 1 it decays with the reservoir's lifetime."""
    found = LASER.pulsed(0.01)
    assert found.decay_time_ps() == pytest.approx(1300, rel=0.02)
    near = LASER.pulsed(0.8)
    late = near.time_ps > 20
    x = near.reservoir_ratio[late]
    np.testing.assert_allclose(near.occupation[late], x / (1 - x), rtol=0.02)


def test_long_pump_pulses_approach_the_steady_state() -> None:
    """A pump of 100 reservoir lifetimes: the peak occupation is that of CW at its peak power."""
    slow = PolaritonLaser(beta=1e-3, reservoir_lifetime_ns=0.1, condensate_lifetime_ps=0.5)
    width = 1e4
    std = width / (2 * math.sqrt(2 * math.log(2)))
    # Peak rate of excitons over threshold rate: n/(std sqrt(2 pi)) times the lifetime.
    ratio = 2.0 * std * math.sqrt(2 * math.pi) / 100.0
    found = slow.pulsed(ratio, pulse_fwhm_ps=width, duration_ps=5e4)
    assert found.occupation.max() == pytest.approx(float(slow.occupation(2.0)), rel=0.01)


def test_lifetime_against_pump() -> None:
    """Falls from the reservoir's lifetime to the mode's; behind 50 ps nothing below 30 ps reads."""
    pulses = [LASER.pulsed(ratio) for ratio in (0.05, 0.816, 1.633, 4.0)]
    curve = LifetimeCurve.of(pulses, irf_fwhm_ps=50.0)
    assert np.all(np.diff(curve.decay_time_ps) < 0)
    assert curve.decay_time_ps[0] > 1200
    assert curve.decay_time_ps[2] < 5
    assert curve.irf_only_ps == pytest.approx(50 / (2 * math.sqrt(math.log(2))))
    assert curve.detected_ps[2] == pytest.approx(curve.irf_only_ps, rel=0.05)
    assert curve.detected_ps[0] == pytest.approx(curve.decay_time_ps[0], rel=0.05)


def test_detection_loses_no_photon() -> None:
    found = LASER.pulsed(2.0)
    time = np.linspace(-200, 8200, 4_201)
    trace = found.detected(time, irf_fwhm_ps=50.0)
    assert np.sum(trace) * 2.0 == pytest.approx(found.photons, rel=1e-3)


def test_coherent_width_of_a_pulse() -> None:
    """Time-bandwidth product: between a Gaussian's 1.82 meV ps and five times that."""
    found = LASER.pulsed(2.0)
    above = found.time_ps[found.occupation > 0.5 * found.occupation.max()]
    product = found.coherent_fwhm_mev() * (above[-1] - above[0])
    assert 0.6 * 1.82 < product < 5 * 1.82
    assert found.coherent_fwhm_mev(reservoir_shift_mev=3.0) > found.coherent_fwhm_mev()


def test_fit_gives_beta_back() -> None:
    pump = 49 * np.geomspace(0.3, 3, 20)
    fit = fit_s_curve(pump, 5 * condensate_occupation(pump / 49, 1 / 18_000))
    assert 1 / float(fit.beta) == pytest.approx(18_000, rel=1e-6)
    assert float(fit.threshold) == pytest.approx(49, rel=1e-9)
    assert float(fit.scale) == pytest.approx(5, rel=1e-6)
    low, high = fit.slopes
    assert float(high / low) == pytest.approx(18_001, rel=1e-5)


def test_coverage_of_the_s_curve_fit() -> None:
    """4000 noisy curves (10 %): the 95 % intervals hold the truth, in the logarithm."""
    pump = 49 * np.geomspace(0.3, 3, 20)
    noise = np.exp(0.1 * np.random.default_rng(0).standard_normal((4000, pump.size)))
    fit = fit_s_curve(pump, 5 * condensate_occupation(pump / 49, 1 / 18_000) * noise)
    assert bool(fit.converged.all())
    for name, truth in (("scale", 5.0), ("threshold", 49.0), ("beta", 1 / 18_000)):
        low, high = fit.interval(name)  # type: ignore[arg-type]
        assert 0.935 <= float(np.mean((low <= truth) & (truth <= high))) <= 0.965


@settings(max_examples=30, deadline=None)
@given(log_beta=st.floats(-7, -1.5), threshold=st.floats(0.1, 1e3))
def test_fit_over_orders_of_magnitude(log_beta: float, threshold: float) -> None:
    pump = threshold * np.geomspace(0.1, 10, 30)
    fit = fit_s_curve(pump, condensate_occupation(pump / threshold, 10**log_beta))
    assert np.log10(float(fit.beta)) == pytest.approx(log_beta, abs=1e-3)


def test_the_cw_curve_fitted_to_pulses_gives_too_small_a_beta() -> None:
    """Overshoot: a pulse empties the reservoir below threshold, the jump exceeds 1/beta."""
    ratio = np.geomspace(0.2, 4, 24)
    output = np.array([LASER.pulsed(value).photons for value in ratio.tolist()])
    fit = fit_s_curve(ratio, output, relative_error=0.1)
    assert 1.5 < 1e-4 / float(fit.beta) < 6
    assert float(fit.threshold) == pytest.approx(1, abs=0.1)


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="pump_ratio: must be >= 0"):
        condensate_occupation(-1.0, 1e-4)
    with pytest.raises(ValueError, match="beta: must lie in 0-1"):
        condensate_occupation(1.0, 0.0)
    with pytest.raises(ValueError, match="pump_ratio: must be > 0"):
        LASER.pulsed(0.0)
    with pytest.raises(ValueError, match="duration_ps: must be longer than the pump pulse"):
        LASER.pulsed(1.0, pulse_fwhm_ps=100.0, duration_ps=50.0)
    with pytest.raises(ValueError, match="pump_ratio: must be above 1 for a coherent"):
        LASER.pulsed(0.5).coherent_fwhm_mev()
    with pytest.raises(ValueError, match="irf_fwhm_ps: must be > 0"):
        LASER.pulsed(0.5).detected(np.array([0.0]), irf_fwhm_ps=0.0)
    with pytest.raises(ValueError, match="output: must be > 0"):
        fit_s_curve([1, 2, 3, 4], [1, 0, 3, 4])
    with pytest.raises(ValueError, match="photon_weight: must lie in 0-1"):
        PolaritonLaser.from_lower_polariton(
            beta=1e-4,
            reservoir_lifetime_ns=1,
            wavelength=0.6,
            quality_factor=900,
            photon_weight=0.0,
        )
