"""Decay rates: algebra of yields and lifetimes, scaling laws, the exact CW steady state."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from gain import (
    ExcitonKinetics,
    auger_factor,
    kinetics_names,
    kinetics_preset,
    kinetics_provenance,
)


def kinetics(**fields: object) -> ExcitonKinetics:
    given_fields = {"radiative_lifetime_ns": 20.0, "auger_lifetime_ns": 2.0, **fields}
    return ExcitonKinetics(**given_fields)


@pytest.mark.parametrize(
    ("ratio", "auger", "radiative", "biexciton"),
    [
        (0.57, 22.0, 66.4, 9.46),  # 7.2 nm shells, doi:10.1039/D4NR04653F
        (0.79, 90.0, 95.7, 18.9),  # 8.7 nm
        (0.57, 50.0, 150.9, 21.5),  # the same with the lifetimes of the rate scaling model
        (0.79, 110.0, 117.0, 23.1),
    ],
)
def test_yield_ratio_and_auger_lifetime_give_the_radiative_one(
    ratio: float, auger: float, radiative: float, biexciton: float
) -> None:
    found = ExcitonKinetics.from_yield_ratio(yield_ratio=ratio, auger_lifetime_ns=auger)
    assert found.radiative_lifetime_ns == pytest.approx(radiative, rel=1e-3)
    assert found.biexciton_lifetime_ns == pytest.approx(biexciton, rel=2e-3)
    assert found.yield_ratio == pytest.approx(ratio, rel=1e-12)
    # by hand: QY_XX/QY_X = 4 k_r/(4 k_r + k_A), 1/tau_XX = 4 k_r + k_A
    four = 4 / found.radiative_lifetime_ns
    assert four / (four + 1 / auger) == pytest.approx(ratio, rel=1e-12)
    assert 1 / found.biexciton_lifetime_ns == pytest.approx(four + 1 / auger, rel=1e-12)


@given(
    tau=st.floats(0.1, 1e3), share=st.floats(0.01, 0.99), qy=st.floats(0.05, 1), a=st.floats(0, 3)
)
def test_total_lifetimes_come_back(tau: float, share: float, qy: float, a: float) -> None:
    longest = tau / (2**a * qy + 2 * (1 - qy))
    found = ExcitonKinetics.from_lifetimes(
        exciton_lifetime_ns=tau,
        biexciton_lifetime_ns=share * longest,
        quantum_yield=qy,
        radiative_exponent=a,
    )
    assert found.exciton_lifetime_ns == pytest.approx(tau, rel=1e-9)
    assert found.biexciton_lifetime_ns == pytest.approx(share * longest, rel=1e-9)
    assert found.quantum_yields()[1] == pytest.approx(qy, rel=1e-9)


def test_rates_of_the_ladder_by_hand() -> None:
    found = kinetics(quantum_yield=0.5, max_excitons=4)
    n = np.arange(5)
    expected = n**2 / 20 + n / 20 + n**2 * (n - 1) / 4 / 2.0
    np.testing.assert_allclose(found.decay_rates_per_ns(), expected, rtol=1e-14)
    assert found.exciton_lifetime_ns == pytest.approx(10.0)  # QY_X tau_r


def test_statistical_scaling_counts_the_triples() -> None:
    """N electrons and N holes: C(N, 2) N triples of each kind, two of each for the biexciton."""
    for n in range(7):
        triples = n * (n - 1) // 2 * n
        assert float(auger_factor(n)) == triples / 2
        pairs = n * (n - 1) // 2
        assert float(auger_factor(n, "superposition")) == pairs
    assert auger_factor([0, 1, 2, 4], "cubic").tolist() == [0, 0, 1, 8]


def test_no_auger_recombination_is_none_not_a_large_number() -> None:
    found = kinetics(auger_lifetime_ns=None)
    assert not found.auger_rates_per_ns().any()
    assert found.yield_ratio == 1.0


@given(mean=st.floats(1e-3, 8.0), tau=st.floats(0.1, 100))
def test_cw_without_auger_is_poisson(mean: float, tau: float) -> None:
    found = kinetics(
        radiative_lifetime_ns=tau, auger_lifetime_ns=None, radiative_exponent=1, max_excitons=60
    )
    expected = poisson.pmf(np.arange(61), mean)
    np.testing.assert_allclose(found.cw_populations(mean / tau), expected, atol=1e-12)


@given(w=st.floats(1e-6, 1e3), qy=st.floats(0.1, 1), a=st.floats(0, 3))
def test_cw_flows_balance_between_neighbours(w: float, qy: float, a: float) -> None:
    found = kinetics(quantum_yield=qy, radiative_exponent=a)
    p, k = found.cw_populations(w), found.decay_rates_per_ns()
    assert p.sum() == pytest.approx(1, abs=1e-14)
    np.testing.assert_allclose(w * p[:-1], k[1:] * p[1:], rtol=1e-9, atol=1e-300)


def test_cw_of_the_quasi_cw_shells() -> None:
    """66.9 kW/cm^2 at 532 nm on 7.2 to 8.7 nm shells: multiple pairs (doi:10.1039/D4NR04653F)."""
    photon = 6.62607015e-34 * 299792458 / 532e-9
    for name, sigma in (("7.2", 3.04e-14), ("8.7", 4.13e-14)):
        w = 66.9e3 * sigma / photon * 1e-9
        shells = kinetics_preset(f"quantum_shells_{name}nm", max_excitons=40)
        p = shells.cw_populations(w)
        assert 6 < p @ np.arange(41) < 13
        assert p[-1] < 1e-9


def test_edges_of_the_cw_state() -> None:
    found = kinetics(max_excitons=3)
    assert found.cw_populations(0.0).tolist() == [1, 0, 0, 0]
    assert found.cw_populations(1e12)[-1] == pytest.approx(1, abs=1e-9)
    assert found.cw_populations(np.ones((2, 5))).shape == (2, 5, 4)


def test_presets_say_where_their_numbers_come_from() -> None:
    kinds = ("measured", "derived", "computed", "guess", "source model", "choice")
    for name in kinetics_names():
        preset, words = kinetics_preset(name), kinetics_provenance(name)
        assert preset.biexciton_lifetime_ns < preset.exciton_lifetime_ns
        assert set(words) >= {"radiative_lifetime_ns", "auger_lifetime_ns", "quantum_yield"}
        assert all(text.startswith(kinds) for text in words.values())
    assert kinetics_preset("cdznse_dots").exciton_lifetime_ns == pytest.approx(3.5)
    assert 0.4 < kinetics_preset("cdznse_dots").biexciton_lifetime_ns < 0.65
    assert kinetics_preset("microdisk_shells").biexciton_lifetime_ns == pytest.approx(2.0)
    ratios = [kinetics_preset(f"quantum_shells_{d}nm").yield_ratio for d in ("7.2", "8.0", "8.7")]
    np.testing.assert_allclose(ratios, [0.57, 0.82, 0.79])
