"""Transient absorption: the printed table, fits, populations to dA, gain onset and lifetime."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gain.bleach_decay import BleachDecay
from gain.bleach_fit import fit_bleach_decay
from gain.cdznse_table import (
    CDZNSE_TABLE,
    PRINTED_FRACTIONS,
    TABLE_FLAGS,
    unexcited_absorbance,
)
from gain.exciton_kinetics import ExcitonKinetics
from gain.kinetics_presets import kinetics_preset
from gain.populations import poisson_populations
from gain.presets import quantum_dots, quantum_shells
from gain.quantum_shell_paper import quantum_shell_verdicts
from gain.spectral_shift import Shift
from gain.transient_absorption import excited_absorbance_ratio, pump_probe_map


def test_table_in_numbers() -> None:
    one, three = CDZNSE_TABLE[1], CDZNSE_TABLE[3]
    np.testing.assert_allclose(100 * one.fractions, [33.9, 33.5, 32.6], atol=0.06)
    np.testing.assert_allclose(100 * three.fractions, [38.0, 47.7, 14.4], atol=0.06)
    assert one.initial == pytest.approx(-0.02672, abs=1e-8)
    assert three.initial == pytest.approx(-0.02396, abs=1e-8)
    assert [round(x.amplitude_lifetime_ps) for x in (one, three)] == [1309, 803]
    assert [round(x.intensity_lifetime_ps) for x in (one, three)] == [2928, 2455]


def test_table_errors_are_flagged() -> None:
    assert sum(PRINTED_FRACTIONS[1]) == pytest.approx(1.036)
    np.testing.assert_allclose(CDZNSE_TABLE[3].fractions, PRINTED_FRACTIONS[3], atol=1e-3)
    assert abs(CDZNSE_TABLE[1].fractions[0] - PRINTED_FRACTIONS[1][0]) > 0.03
    delays = np.concatenate([[0], np.geomspace(0.1, 1e5, 400)])
    three, one = (CDZNSE_TABLE[n].absorbance_change(delays) for n in (3, 1))
    assert np.all(three > one)  # the smaller bleach, at every delay
    ground = unexcited_absorbance()
    assert ground == pytest.approx(0.02565, abs=1e-5)
    assert float(CDZNSE_TABLE[3].excited_absorbance(0.8, ground)) == pytest.approx(0.0018, abs=5e-5)
    assert CDZNSE_TABLE[3].gain_intervals_ps(ground) == ()
    assert len(TABLE_FLAGS) == 2


def test_gain_of_a_single_exponential_ends_in_closed_form() -> None:
    decay = BleachDecay(amplitudes=(-0.06,), lifetimes_ps=(500.0,))
    ((onset, end),) = decay.gain_intervals_ps(0.02)
    assert onset == 0
    assert end == pytest.approx(500 * math.log(3), rel=1e-9)
    assert decay.gain_lifetime_ps(0.02) == pytest.approx(end)
    assert decay.gain_lifetime_ps(0.07) == 0


def test_gain_with_an_onset_and_one_that_stays() -> None:
    """-0.05 (e^{-t/1000} - e^{-t/10}): rises, then decays; both edges solve A = 0."""
    decay = BleachDecay(amplitudes=(-0.05, 0.05), lifetimes_ps=(1000.0, 10.0))
    ((onset, end),) = decay.gain_intervals_ps(0.02)
    assert 0 < onset < 10 < end < 1000
    np.testing.assert_allclose(decay.excited_absorbance([onset, end], 0.02), 0.0, atol=1e-10)
    stays = BleachDecay(offset=-0.05, amplitudes=(0.05,), lifetimes_ps=(10.0,))
    ((begin, forever),) = stays.gain_intervals_ps(0.02)
    assert begin == pytest.approx(-10 * math.log(0.6), rel=1e-9)
    assert math.isinf(forever)
    assert stays.gain_intervals_ps(0.02, until_ps=100.0)[0][1] == 100.0


@given(
    amplitudes=st.lists(st.floats(-1, -0.01), min_size=1, max_size=4),
    scale=st.floats(0.1, 10),
)
def test_mean_lifetimes_scale_and_order(amplitudes: list[float], scale: float) -> None:
    tau = [10.0 * 3**i for i in range(len(amplitudes))]
    decay = BleachDecay(amplitudes=tuple(amplitudes), lifetimes_ps=tuple(tau))
    slow = BleachDecay(amplitudes=tuple(amplitudes), lifetimes_ps=tuple(scale * x for x in tau))
    assert decay.fractions.sum() == pytest.approx(1.0)
    assert decay.amplitude_lifetime_ps <= decay.intensity_lifetime_ps * (1 + 1e-12)
    assert slow.amplitude_lifetime_ps == pytest.approx(scale * decay.amplitude_lifetime_ps)
    assert slow.intensity_lifetime_ps == pytest.approx(scale * decay.intensity_lifetime_ps)


@pytest.mark.parametrize("excitation", [1, 3])
def test_fit_recovers_the_table(excitation: int) -> None:
    true = CDZNSE_TABLE[excitation]
    delays = np.concatenate([np.linspace(0, 60, 40), np.geomspace(65, 15_000, 80)])
    fit = fit_bleach_decay(delays, true.absorbance_change(delays))
    np.testing.assert_allclose(fit.decay.lifetimes_ps, true.lifetimes_ps, rtol=1e-5)
    np.testing.assert_allclose(fit.decay.amplitudes, true.amplitudes, rtol=1e-5)
    assert fit.decay.offset == pytest.approx(true.offset, rel=1e-5)


def test_fit_errors_cover_the_truth() -> None:
    """Noise of 1e-4: every parameter within four of its errors, errors of the right size."""
    rng = np.random.default_rng(3)
    true = CDZNSE_TABLE[1]
    delays = np.concatenate([np.linspace(0.5, 60, 60), np.geomspace(65, 20_000, 140)])
    exact = true.absorbance_change(delays)
    expected = np.array([true.offset, *true.amplitudes, *true.lifetimes_ps])
    pulls = []
    for _ in range(6):
        data = exact + 1e-4 * rng.standard_normal(delays.size)
        fit = fit_bleach_decay(delays, data, uncertainty=1e-4)
        found = np.array([fit.decay.offset, *fit.decay.amplitudes, *fit.decay.lifetimes_ps])
        pulls.append((found - expected) / fit.standard_errors)
        assert 0.7 < fit.reduced_chi2 < 1.3
    assert np.abs(pulls).max() < 4
    assert 0.4 < np.std(pulls) < 1.8
    unknown = fit_bleach_decay(delays, data)
    np.testing.assert_allclose(unknown.uncertainty, 1e-4, rtol=0.2)
    assert "mean lifetime" in unknown.report()


def test_fit_without_offset_from_a_given_start() -> None:
    delays = np.geomspace(1, 1e4, 60)
    true = BleachDecay(amplitudes=(-0.02, -0.01), lifetimes_ps=(20.0, 800.0))
    fit = fit_bleach_decay(
        delays, true.absorbance_change(delays), terms=2, offset=False, lifetimes_ps=(5.0, 3000.0)
    )
    np.testing.assert_allclose(fit.decay.lifetimes_ps, true.lifetimes_ps, rtol=1e-6)
    assert fit.decay.offset == 0
    assert fit.covariance.shape == (5, 5)


def test_poisson_bleach() -> None:
    ratio = excited_absorbance_ratio(poisson_populations([1.0, 3.0]))
    np.testing.assert_allclose(ratio, [0.104, -0.751], atol=1e-3)


def test_map_without_shifts_is_the_bleach_of_the_populations() -> None:
    dots = quantum_dots(
        stokes=Shift(nm=0.0), biexciton_shift=Shift(nm=0.0), concentration_per_cm3=3e15
    )
    kinetics = kinetics_preset("cdznse_dots", max_excitons=12)
    delays, probe = np.array([0.0, 10.0, 500.0, 5000.0]), np.linspace(0.62, 0.68, 7)
    result = pump_probe_map(dots, kinetics, 2.0, delays, probe)
    line = np.exp(-0.5 * ((probe - 0.654) / (34.5e-3 / (2 * math.sqrt(2 * math.log(2))))) ** 2)
    ground = 3e15 * dots.cross_section_cm2 * 0.1 / math.log(10) * line
    np.testing.assert_allclose(result.unexcited_absorbance, ground, rtol=1e-9)
    ratio = excited_absorbance_ratio(result.populations)[:, None]
    np.testing.assert_allclose(
        result.excited_absorbance, ratio * ground, rtol=1e-7, atol=1e-9 * ground.max()
    )
    np.testing.assert_allclose(
        result.populations[0, :4], poisson_populations(2.0, states=30)[:4], atol=1e-5
    )


def test_map_decays_with_the_single_exciton() -> None:
    """Without Auger and with independent excitons the mean decays as exp(-t/tau)."""
    kinetics = ExcitonKinetics(
        radiative_lifetime_ns=3.5, auger_lifetime_ns=None, radiative_exponent=1.0, max_excitons=20
    )
    delays = np.array([100.0, 1000.0, 7000.0])
    result = pump_probe_map(quantum_dots(), kinetics, 1.0, delays, [0.639])
    np.testing.assert_allclose(result.mean_excitons, np.exp(-delays / 3500), rtol=1e-5)
    mean = np.exp(-delays / 3500)
    np.testing.assert_allclose(
        result.populations[:, :3], poisson_populations(mean, states=30)[:, :3], atol=1e-6
    )


def test_gain_lifetime_and_bandwidth_of_a_map() -> None:
    shells, kinetics = quantum_shells(), kinetics_preset("quantum_shells_7.2nm")
    delays = np.concatenate([[0.0], np.geomspace(1, 2e5, 60)])
    probe = np.linspace(0.58, 0.70, 61)
    strong = pump_probe_map(shells, kinetics, 3.0, delays, probe)
    weak = pump_probe_map(shells, kinetics, 1e-4, delays, probe[:30])
    lifetime = strong.gain_lifetime_ps
    assert lifetime[(probe > 0.63) & (probe < 0.68)].min() > 6000
    assert np.all(lifetime[probe < 0.59] < lifetime.max())
    assert np.all(weak.gain_lifetime_ps == 0)
    assert np.all(weak.gain_bandwidth_ev == 0)
    width = strong.gain_bandwidth_ev
    assert width[0] > width[-1] >= 0
    assert "No gain at any delay" in weak.report()
    assert "Gain from" in strong.report()
    dataset = strong.to_dataset()
    assert dataset["absorbance_change"].shape == (61, 61)
    assert dataset["delay"].attrs["units"] == "ps"
    delay, trace = strong.at(0.6401)
    assert len(delay) == len(trace) == 61


def test_single_delay() -> None:
    for delay in (0.0, 50.0):
        result = pump_probe_map(
            quantum_dots(), kinetics_preset("cdznse_dots"), 1.0, delay, [0.64, 0.65]
        )
        assert result.absorbance_change.shape == (1, 2)
        assert np.all(result.absorbance_change < 0)


def test_quantum_shell_rows() -> None:
    rows = {row.quantity: row for row in quantum_shell_verdicts()}
    values = {
        "radiative lifetime of one exciton, 7.2 nm core (ns)": (66.4, 0.01),
        "radiative lifetime of one exciton, 8.7 nm core (ns)": (95.7, 0.01),
        "radiative lifetimes from the rate-scaling Auger lifetimes (ns)": (151, 0.01),
        "excitons per shell at 4 uJ/cm^2": (1.71, 0.01),
        "excitons per shell at the biexciton ASE threshold, 5.3 uJ/cm^2": (1.93, 0.01),
        "biexciton shift in ASE (meV)": (56.9, 0.002),
        "biexciton shift in the nanopillar laser (meV)": (46.5, 0.002),
        "width of the gain window (meV)": (431, 0.002),
        "pairs per shell for net gain of the plasma": (4.3, 0.02),
        "photons absorbed per shell and quasi-CW pulse at threshold": (38, 0.02),
        "mean excitons at the quasi-CW threshold": (7.3, 0.02),
        "effective index of the photonic crystal": (1.457, 0.002),
    }
    for name, (value, tolerance) in values.items():
        assert rows[name].value == pytest.approx(value, rel=tolerance), name
    assert "0.39 (515 nm)" in rows["excitons per shell at 4 uJ/cm^2"].model
    assert "1.15 (no shifts), 1.26" in rows["excitons per shell at the gain threshold"].model
    assert (
        "0.468 mJ/cm^2" in rows["photons absorbed per shell and quasi-CW pulse at threshold"].model
    )
    assert len(rows) == 15


DOTS, KINETICS = quantum_dots(), kinetics_preset("cdznse_dots")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: BleachDecay(amplitudes=(1, 2), lifetimes_ps=(1,)), "one per amplitude"),
        (lambda: BleachDecay(amplitudes=(1,), lifetimes_ps=(-1,)), "must be > 0"),
        (lambda: CDZNSE_TABLE[1].absorbance_change(-1.0), "delay_ps: must be >= 0"),
        (lambda: CDZNSE_TABLE[1].gain_intervals_ps(-1.0), "unexcited_absorbance"),
        (lambda: fit_bleach_decay([1, 2, 3], [1, 2, 3]), "more than 7 for 3 terms"),
        (lambda: fit_bleach_decay(range(-5, 15), range(20)), "cut what comes before the pump"),
        (
            lambda: fit_bleach_decay(range(20), range(20), uncertainty=0.0),
            "uncertainty: must be > 0",
        ),
        (
            lambda: fit_bleach_decay(range(20), range(20), lifetimes_ps=[1.0, -2.0, 3.0]),
            "3 positive numbers",
        ),
        (lambda: pump_probe_map(DOTS, KINETICS, 1.0, [2, 1], [0.6]), "delay_ps"),
        (lambda: pump_probe_map(DOTS, KINETICS, 1.0, [1, 2], [0.7, 0.6]), "wavelength"),
        (lambda: pump_probe_map(DOTS, KINETICS, -1.0, [1, 2], [0.6]), "absorbed_photons"),
        (
            lambda: pump_probe_map(DOTS, KINETICS, 1.0, [1], [0.6], path_length=0),
            "path_length",
        ),
        (lambda: excited_absorbance_ratio(1.0), "at least two states"),
    ],
)
def test_bad_input_is_named(call: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()  # type: ignore[operator]
