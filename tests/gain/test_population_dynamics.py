"""Populations in time: exact propagators, Poisson statistics, balance, gain lifetime."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.linalg import expm
from scipy.stats import poisson

from gain import (
    ContinuousPump,
    ExcitonKinetics,
    GaussianPulse,
    InstantPulse,
    RectangularPulse,
    Sech2Pulse,
    TabulatedPulse,
    evolve_populations,
    kinetics_preset,
    quantum_shells,
)
from gain.pulse_shape import PulseShape

SHELLS = ExcitonKinetics(
    radiative_lifetime_ns=20.0, auger_lifetime_ns=3.0, quantum_yield=0.8, max_excitons=6
)


def generator(kinetics: ExcitonKinetics, w: float) -> np.ndarray:
    """dp/dt = A p written out."""
    k, states = kinetics.decay_rates_per_ns(), kinetics.states
    a = np.diag(-k) + np.diag(k[1:], 1)
    up = np.append(np.full(states - 1, w), 0.0)
    return a - np.diag(up) + np.diag(up[:-1], -1)


def test_rectangular_pulse_against_matrix_exponentials() -> None:
    pumps, width = np.array([0.3, 2.0, 12.0]), 5.0
    times = np.array([-1.0, 2.5, 4.0, 30.0])
    trace = evolve_populations(SHELLS, RectangularPulse(fwhm_ns=width), pumps, times_ns=times)
    ground = np.eye(SHELLS.states)[0]
    for i, n in enumerate(pumps):
        pumped, free = generator(SHELLS, n / width), generator(SHELLS, 0.0)
        end = expm(width * pumped) @ ground
        expected = [
            expm(1.5 * pumped) @ ground,
            end,
            expm(1.5 * free) @ end,
            expm(27.5 * free) @ end,
        ]
        np.testing.assert_allclose(trace.populations[i], expected, atol=2e-7)


def test_instantaneous_pulse_is_poisson_and_decays_exactly() -> None:
    trace = evolve_populations(SHELLS, InstantPulse(), 1.3, times_ns=[0.0, 7.0])
    expected = poisson.pmf(np.arange(7), 1.3)
    expected[-1] = poisson.sf(5, 1.3)
    np.testing.assert_allclose(trace.populations[0], expected, atol=1e-14)
    np.testing.assert_allclose(
        trace.populations[1], expm(7 * generator(SHELLS, 0.0)) @ expected, atol=1e-7
    )


@pytest.mark.parametrize("photons", [1, 2])
def test_without_auger_a_pulse_leaves_poisson_statistics_at_all_times(photons: int) -> None:
    """k_N = N k keeps a Poisson distribution Poisson; its mean obeys dm/dt = W - k m."""
    free = ExcitonKinetics(
        radiative_lifetime_ns=4.0, auger_lifetime_ns=None, radiative_exponent=1, max_excitons=40
    )
    pulse = GaussianPulse(fwhm_ns=3.0)
    times = np.array([-1.0, 0.5, 3.0, 12.0])
    trace = evolve_populations(free, pulse, 5.0, photons=photons, times_ns=times)
    for row, t in zip(trace.populations, times, strict=True):
        mean = quad(
            lambda x: 5 * float(pulse.excitation_per_ns(x, photons=photons)) * np.exp((x - t) / 4),  # noqa: B023
            -9,
            t,
            epsabs=1e-12,
        )[0]
        np.testing.assert_allclose(row, poisson.pmf(np.arange(41), mean), atol=1e-6)


@settings(deadline=None, max_examples=15)
@given(
    tau=st.floats(0.5, 100),
    auger=st.one_of(st.none(), st.floats(0.05, 50)),
    qy=st.floats(0.1, 1),
    width=st.floats(1e-3, 30),
    kind=st.sampled_from(["gaussian", "sech2", "rectangular", "instant"]),
)
def test_every_exciton_is_accounted_for(
    tau: float, auger: float | None, qy: float, width: float, kind: str
) -> None:
    shape: dict[str, PulseShape] = {
        "gaussian": GaussianPulse(fwhm_ns=width),
        "sech2": Sech2Pulse(fwhm_ns=width),
        "rectangular": RectangularPulse(fwhm_ns=width, edge_ns=0.3 * width),
        "instant": InstantPulse(),
    }
    kinetics = ExcitonKinetics(radiative_lifetime_ns=tau, auger_lifetime_ns=auger, quantum_yield=qy)
    trace = evolve_populations(kinetics, shape[kind], [0.1, 1.0, 6.0])
    assert trace.balance_error().max() < 1e-9
    np.testing.assert_allclose(trace.populations.sum(axis=-1), 1, atol=1e-9)
    assert trace.populations.min() > -1e-7
    # absorbed falls short of N only where the top state blocks
    missed = 1 - trace.absorbed[:, -1] / np.array([0.1, 1.0, 6.0])
    assert missed.min() > -1e-6
    assert missed[0] < 1e-6


def test_radiated_photons_are_the_integral_of_the_emission() -> None:
    times = np.linspace(-9, 80, 20_001)
    trace = evolve_populations(SHELLS, GaussianPulse(fwhm_ns=3.0), 2.0, times_ns=times)
    area = np.trapezoid(trace.emission_per_ns(), times)
    assert area == pytest.approx(trace.radiated[-1], rel=1e-5)
    assert trace.trapped[-1] > 0
    assert trace.auger[-1] > 0


def test_continuous_pump_ends_in_the_exact_steady_state() -> None:
    pump = ContinuousPump(period_ns=10.0)
    trace = evolve_populations(SHELLS, pump, [0.2, 3.0], duration_ns=300.0)
    expected = SHELLS.cw_populations(np.array([0.02, 0.3]))
    np.testing.assert_allclose(trace.populations[:, -1], expected, atol=1e-6)
    assert trace.time_ns[0] == 0


def test_tabulated_gaussian_is_the_gaussian() -> None:
    t = np.linspace(-9, 9, 181)
    table = TabulatedPulse(
        time_ns=tuple(t), power=tuple(GaussianPulse(fwhm_ns=3.0).flux_per_ns(t).tolist())
    )
    times = [0.0, 4.0, 20.0]
    one = evolve_populations(SHELLS, table, 2.0, times_ns=times)
    two = evolve_populations(SHELLS, GaussianPulse(fwhm_ns=3.0), 2.0, times_ns=times)
    np.testing.assert_allclose(one.populations, two.populations, atol=1e-4)


def test_a_batch_is_its_members_and_keeps_its_shape() -> None:
    pumps = np.geomspace(0.01, 10, 6).reshape(2, 3)
    pulse, times = GaussianPulse(fwhm_ns=1.0), [0.0, 1.0, 5.0]
    batch = evolve_populations(SHELLS, pulse, pumps, times_ns=times)
    assert batch.populations.shape == (2, 3, 3, 7)
    one = evolve_populations(SHELLS, pulse, float(pumps[1, 1]), times_ns=times)
    np.testing.assert_allclose(batch.populations[1, 1], one.populations, atol=1e-7)


def test_initial_excitons_stay_in_the_balance() -> None:
    start = np.zeros(7)
    start[2] = 1.0
    trace = evolve_populations(SHELLS, InstantPulse(), 1.0, initial=start, times_ns=[0.0, 50.0])
    assert float(trace.initial_excitons) == 2.0
    assert trace.mean_excitons[0] == pytest.approx(3.0, abs=0.01)  # two, and one on average
    assert float(trace.balance_error()) < 1e-12


def test_gain_of_a_trace_is_that_of_the_medium() -> None:
    medium = quantum_shells()
    short = ExcitonKinetics(radiative_lifetime_ns=20.0, auger_lifetime_ns=3.0, max_excitons=2)
    trace = evolve_populations(short, InstantPulse(), 0.8, times_ns=[0.0, 4.0])
    waves = [0.63, 0.665]
    expected = [[medium.gain(x, populations=p) for x in waves] for p in trace.populations]
    np.testing.assert_allclose(trace.gain(medium, waves)[1], expected[1], atol=1e-12)
    # The top state of the ladder absorbs no further, as the medium's own last state.
    np.testing.assert_allclose(trace.gain(medium, waves)[0], expected[0], atol=1e-12)


def test_gain_lifetime_of_shells() -> None:
    """Slower Auger recombination keeps the gain longer; > 6 ns needs more than 1.4 excitons."""
    lifetimes = [
        evolve_populations(kinetics_preset(f"quantum_shells_{d}nm"), InstantPulse(), [1, 1.4, 3, 6])
        .gain_lifetime_ns(quantum_shells(), 0.6285)
        .tolist()
        for d in ("7.2", "8.7")
    ]
    assert lifetimes[0][0] == lifetimes[1][0] == 0  # transparency is at 1.146 without shifts
    assert all(0 < a < b for a, b in zip(lifetimes[0][1:], lifetimes[1][1:], strict=True))
    assert lifetimes[0][2] > 6
    level = evolve_populations(kinetics_preset("quantum_shells_7.2nm"), InstantPulse(), 3.0)
    assert level.gain_lifetime_ns(quantum_shells(), 0.6285, level=-2.0) == np.inf
