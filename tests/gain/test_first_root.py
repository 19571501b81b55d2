"""The first root from below: against brentq, Lambert W, tangency, re-entrant gain."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.special import lambertw
from scipy.stats import poisson

from gain import (
    GaussianLine,
    NanocrystalMedium,
    Shift,
    absorbed_photons_at_threshold,
    quantum_shells,
)
from gain.poisson_mixture import difference_sequence, first_root, mixture, search_limit

sequences = st.lists(st.floats(-2, 2), min_size=3, max_size=12).map(np.array)


def scanned_root(sequence: np.ndarray, level: float) -> float:
    """First sign change of f - level on a dense grid (1 %), then brentq; nan without one."""

    def excess(n: float) -> float:
        return float(mixture(sequence, np.asarray(n))) - level

    scan = np.concatenate([[0.0], np.geomspace(1e-6, search_limit(len(sequence)), 2500)])
    above = np.flatnonzero(mixture(sequence[None, :], scan) >= level)
    if not above.size:
        return math.nan
    return float(brentq(excess, scan[above[0] - 1], scan[above[0]], xtol=1e-15, rtol=1e-14))


@given(sequences, st.floats(0, 40))
def test_mixture_is_the_poisson_average(sequence: np.ndarray, mean: float) -> None:
    """Against scipy's Poisson distribution, the tail lumped into the last entry."""
    k = np.arange(400)
    weights = poisson.pmf(k, mean)
    expected = float(weights @ sequence[np.minimum(k, len(sequence) - 1)])
    assert float(mixture(sequence, np.asarray(mean))) == pytest.approx(expected, abs=1e-12)


@given(sequences, st.floats(0.01, 20))
def test_derivative_is_the_mixture_of_differences(sequence: np.ndarray, mean: float) -> None:
    h = 1e-5 * max(mean, 1.0)
    slope = float(mixture(difference_sequence(sequence), np.asarray(mean)))
    up, down = (float(mixture(sequence, np.asarray(mean + s * h))) for s in (1, -1))
    assert slope == pytest.approx((up - down) / (2 * h), abs=1e-6)


@settings(max_examples=150, deadline=None)
@given(
    redshift_nm=st.floats(-60, 60),
    log_merit=st.floats(math.log(0.8), math.log(1e5)),
    stokes_nm=st.floats(0, 40),
    biexciton_nm=st.floats(-15, 60),
    std_nm=st.floats(5, 25),
    areas=st.sampled_from([1, 1, 1, 2, 5]),
)
def test_thresholds_agree_with_a_scalar_search(
    redshift_nm: float,
    log_merit: float,
    stokes_nm: float,
    biexciton_nm: float,
    std_nm: float,
    areas: int,
) -> None:
    medium = quantum_shells(
        line=GaussianLine(std_nm=std_nm),
        stokes=Shift(nm=stokes_nm),
        biexciton_shift=Shift(nm=biexciton_nm),
        coherence_areas=areas,
    )
    wavelength, merit = 0.650 + 1e-3 * redshift_nm, math.exp(log_merit)
    sequence = medium.gain_coefficients(wavelength)
    expected = scanned_root(sequence, 1 / merit)
    # Where a maximum lies within 1e-6 of the level, the scan of 1 % may step over it.
    peak = mixture(sequence[None, :], np.geomspace(1e-3, 60, 4000)).max()
    assume(abs(peak * merit - 1) > 1e-4)
    found = float(absorbed_photons_at_threshold(medium, wavelength, merit))
    if math.isnan(expected):
        assert math.isnan(found)
    else:
        assert found == pytest.approx(expected, rel=1e-8)


def test_m_1_against_lambert_w() -> None:
    """(c0 - c2) + (c1 - c2) N = (y - c2) exp(N) has the closed form of Lambert's W.

    With A = c0 - c2, B = c1 - c2, D = y - c2: N = -A/B - W(-(D/B) exp(-A/B)); both real
    branches give roots, the smaller positive one is the threshold.
    """
    rng = np.random.default_rng(3)
    medium = quantum_shells()
    at, level = rng.uniform(0.60, 0.69, 3000), np.exp(rng.uniform(np.log(1e-4), 0, 3000))
    c = medium.gain_coefficients(at)
    a, b, d = c[:, 0] - c[:, 2], c[:, 1] - c[:, 2], level - c[:, 2]
    with np.errstate(all="ignore"):
        branches = np.stack([-a / b - lambertw(-(d / b) * np.exp(-a / b), k) for k in (0, -1)])
    real = np.abs(branches.imag) < 1e-12
    roots = np.where(real & (branches.real > 0), branches.real, np.inf).min(axis=0)
    well = np.abs(b) > 1e-3  # away from the case B = 0, where the formula divides by it
    found = first_root(c, level)
    expected = np.where(np.isinf(roots), np.nan, roots)
    # The double root at tangency is worth only half the digits.
    np.testing.assert_allclose(found[well], expected[well], rtol=1e-6)
    assert np.count_nonzero(np.isfinite(found[well])) > 500


def test_reentrant_gain_lases_at_the_first_root() -> None:
    """At +15 nm the gain rises above 1/K = 0.05, falls below it again near N = 3."""
    medium = quantum_shells()
    wavelength, level = 0.665, 0.05
    n = np.linspace(0, 30, 300_001)
    above = medium.gain(wavelength, absorbed_photons=n) >= level
    crossings = n[1:][np.diff(above.astype(int)) != 0]
    assert len(crossings) == 2
    assert not above[-1]
    found = float(absorbed_photons_at_threshold(medium, wavelength, 1 / level))
    assert found == pytest.approx(crossings[0], abs=1e-4)


def test_rise_fall_rise_takes_the_first_of_three_roots() -> None:
    sequence = np.array([-1.0, 8.0, -9.0, -9.0, -9.0, -9.0, 9.0])
    n = np.linspace(0, 30, 300_001)
    values = mixture(sequence[None, :], n)
    crossings = n[1:][np.diff(np.sign(values)) != 0]
    assert len(crossings) == 3
    assert first_root(sequence[None, :], np.zeros(1))[0] == pytest.approx(crossings[0], abs=2e-4)


def test_the_earlier_of_two_peaks_between_grid_points_counts() -> None:
    """Two maxima of equal height, the level a hair below both: the root is left of the first."""

    def family(a: float) -> np.ndarray:
        return np.array(
            [-1.0, 8.0, -9.0, -9.0, -9.0, -9.0, a, a, -30.0, -30.0, -30.0, -30.0, -30.0]
        )

    n = np.linspace(0, 12, 240_001)

    def peaks(a: float) -> tuple[float, float]:
        values = mixture(family(a)[None, :], n)
        return float(values[n < 2].max()), float(values[n > 2].max())

    a = brentq(lambda a: np.subtract(*peaks(a)), 5.0, 100.0, xtol=1e-13)
    first, second = peaks(a)
    assert first == pytest.approx(second, abs=1e-9)
    top = n[n < 2][mixture(family(a)[None, :], n[n < 2]).argmax()]
    level = min(first, second) - 1e-7
    root = first_root(family(a)[None, :], np.array([level]))[0]
    assert root == pytest.approx(top, abs=2e-3)
    assert root < top


@pytest.mark.parametrize("wavelength", [0.660, 0.665, 0.671, 0.680])
def test_a_gain_that_only_just_touches_is_not_missed(wavelength: float) -> None:
    """M = 1 has one maximum, at N* = (c1 - c0)/(c1 - c2), between the points of any grid."""
    medium = quantum_shells()
    c = medium.gain_coefficients(wavelength)
    top = (c[1] - c[0]) / (c[1] - c[2])
    peak = float(medium.gain(wavelength, absorbed_photons=top))
    touching = float(absorbed_photons_at_threshold(medium, wavelength, (1 + 1e-10) / peak))
    # Quadratic maximum: 1e-10 below it lies within about 1e-5 of N*.
    assert touching == pytest.approx(top, rel=1e-4)
    assert touching < top
    assert np.isnan(absorbed_photons_at_threshold(medium, wavelength, (1 - 1e-10) / peak))


def test_mode_outside_the_gain_never_lases() -> None:
    far = absorbed_photons_at_threshold(quantum_shells(), [0.2, 0.45, 0.9, 1.55], 1e6)
    assert np.isnan(far).all()
    assert np.isnan(absorbed_photons_at_threshold(quantum_shells(), 1.55, math.inf))


def test_zero_confinement_never_lases() -> None:
    assert np.isnan(absorbed_photons_at_threshold(quantum_shells(), 0.66, 0.0))


def test_blocks_do_not_change_the_result() -> None:
    rng = np.random.default_rng(0)
    medium = quantum_shells()
    at, merit = rng.uniform(0.60, 0.69, 9000), rng.lognormal(3, 1, 9000)
    together = absorbed_photons_at_threshold(medium, at, merit)
    alone = [absorbed_photons_at_threshold(medium, at[i], merit[i]) for i in range(0, 9000, 450)]
    np.testing.assert_array_equal(together[::450], alone)


def test_broadcasts_modes_against_quality() -> None:
    medium = quantum_shells()
    grid = absorbed_photons_at_threshold(
        medium, np.linspace(0.64, 0.67, 7)[:, None], np.array([20.0, 50.0, 100.0])
    )
    assert grid.shape == (7, 3)
    lasing = ~np.isnan(grid[:, 0])
    assert np.all(np.diff(grid[lasing], axis=1) < 0)


def literal_equation_5(medium: NanocrystalMedium, nm: np.ndarray, n: float) -> np.ndarray:
    """Equation (5) with Poisson populations, written out as printed (s, D_S, D_XX in nm)."""

    def sigma_0(x: np.ndarray) -> np.ndarray:
        return np.asarray(np.exp(-((x - (650 - 15)) ** 2) / (2 * 11.5**2)))

    p0, p1 = math.exp(-n), n * math.exp(-n)
    return (
        -sigma_0(nm) * p0
        - 0.5 * sigma_0(nm + 21.5) * p1
        + 0.5 * sigma_0(nm - 15) * p1
        + sigma_0(nm - 15 + 21.5) * (1 - p0 - p1)
    )


@pytest.mark.parametrize("interaction", ["saturated", "pairwise"])
@pytest.mark.parametrize("n", [0.0, 1e-3, 0.3, 1.0, 2.0, 7.0])
def test_m_1_is_equation_5_to_machine_precision(n: float, interaction: str) -> None:
    medium = quantum_shells(exciton_interaction=interaction)
    nm = np.linspace(580, 720, 141)
    np.testing.assert_allclose(
        medium.gain(nm / 1e3, absorbed_photons=n), literal_equation_5(medium, nm, n), atol=5e-15
    )


@settings(max_examples=40, deadline=None)
@given(
    areas=st.integers(1, 12),
    n=st.floats(0.01, 40),
    redshift_nm=st.floats(-40, 40),
    interaction=st.sampled_from(["saturated", "pairwise"]),
)
def test_n_exciton_gain_against_the_sum(
    areas: int, n: float, redshift_nm: float, interaction: str
) -> None:
    """sum_N P_N [f_N G_em,N - (1 - f_N) G_abs,N], term by term with scipy's P_N."""
    medium = quantum_shells(coherence_areas=areas, exciton_interaction=interaction)

    def line(u: float) -> float:
        return math.exp(-0.5 * (u / 11.5) ** 2)

    total = 0.0
    for count in range(160):
        filled = min(count, 2 * areas)
        f = filled / (2 * areas)
        emitting, absorbing = max(filled - 1, 0), filled
        if interaction == "saturated":
            emitting, absorbing = min(emitting, 1), min(absorbing, 1)
        up = line(redshift_nm + 15 + 21.5 * absorbing)
        down = line(redshift_nm + 21.5 * emitting)
        total += poisson.pmf(count, n) * (f * down - (1 - f) * up)
    found = float(medium.gain(0.650 + 1e-3 * redshift_nm, absorbed_photons=n))
    assert found == pytest.approx(total, abs=1e-12)


@pytest.mark.parametrize("areas", [1, 2, 5, 20])
def test_transparency_without_shifts_is_half_filling(areas: int) -> None:
    """No shifts: g = 2 <f> - 1, transparent where the mean filling is 1/2."""
    medium = quantum_shells(stokes="0 nm", biexciton_shift="0 nm", coherence_areas=areas)
    n = float(absorbed_photons_at_threshold(medium, 0.650, math.inf))
    k = np.arange(300)
    filling = float(poisson.pmf(k, n) @ np.minimum(k / (2 * areas), 1.0))
    assert filling == pytest.approx(0.5, abs=1e-13)
