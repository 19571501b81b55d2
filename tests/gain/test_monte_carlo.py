"""The cloud of figure 5: statistics against closed forms and against the reported numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

from gain import (
    CavityPopulation,
    LasingCloud,
    absorbed_photons_at_threshold,
    lasing_cloud,
    quantum_shells,
    threshold_curve,
)

MEDIUM = quantum_shells(film_index=1.8)  # no dispersion: K proportional to wavelength


def bulk(**fields: Any) -> CavityPopulation:
    """Lognormal K, median 50, sigma_ln = 0.5, unless said otherwise."""
    return CavityPopulation.from_figure_of_merit(50.0, MEDIUM, **fields)


def merit_for(photons: float) -> float:
    """K whose threshold is N, from the dense-comb curve."""

    def excess(log_merit: float) -> float:
        return float(threshold_curve(MEDIUM, [math.exp(log_merit)]).absorbed_photons[0])

    return math.exp(brentq(lambda x: excess(x) - photons, math.log(2), math.log(1e5), xtol=1e-8))


def binomial_tolerance(p: float, count: int) -> float:
    """Four standard deviations of a counted fraction: false alarm 6e-5."""
    return 4 * math.sqrt(p * (1 - p) / count)


def test_dense_comb_fraction_is_the_lognormal_tail() -> None:
    """N falls with K, so P(N < 0.5) = Phi(ln(50/K_0.5)/0.5), K_0.5 = 19.7: 96.9 %.

    A comb of 0.25 nm is dense; K varies with the mode's wavelength by (lambda/lambda_0), which
    is folded into K_0.5 here (12 nm of 650: 1.8 %, 0.25 % of the probability).
    """
    count = 3000
    merit = merit_for(0.5)
    assert merit == pytest.approx(19.7, abs=0.05)
    cloud = lasing_cloud(bulk(mode_spacing_nm=0.25), MEDIUM, count=count, seed=11)
    p = float(norm.cdf(math.log(50 / merit) / 0.5))
    assert cloud.fraction_below(0.5) == pytest.approx(p, abs=binomial_tolerance(p, count) + 2.5e-3)


def test_reported_fraction_and_correlation() -> None:
    """63 cavities, K median 50, sigma_ln 0.5: about 96 % below N = 0.5, Spearman about -0.86.

    Counting 63 of them scatters by sqrt(0.96 * 0.04/63) = 2.5 % and by about
    (1 - rho^2)/sqrt(62) = 3.3 % of correlation; the reference is one such run. Seeds 0 to 99,
    spacing 4.05 nm (20 um disk): the mean must lie within one such scatter of the reference.
    """
    clouds = [lasing_cloud(bulk(), MEDIUM, count=63, seed=seed) for seed in range(100)]
    fraction = np.array([cloud.fraction_below(0.5) for cloud in clouds])
    correlation = np.array([cloud.spearman for cloud in clouds])
    assert fraction.mean() == pytest.approx(0.96, abs=0.025)
    assert correlation.mean() == pytest.approx(-0.86, abs=0.033)
    # And the scatter itself is the expected one.
    assert fraction.std() == pytest.approx(0.022, abs=0.006)
    assert correlation.std() == pytest.approx(0.036, abs=0.012)


def test_paper_60_of_63_is_within_counting_statistics() -> None:
    """95 % (60 of 63) below N = 0.5 were seen; the population above gives 96.9 %."""
    p = float(norm.cdf(math.log(50 / merit_for(0.5)) / 0.5))
    assert abs(60 / 63 - p) < 2 * math.sqrt(p * (1 - p) / 63)


def test_low_q_tail_lases_blue_at_high_threshold() -> None:
    """5 % of cavities with K = 1 to 20: 3.4 % lase blue, the worst far above the median.

    Blue means K below the branch jump at 7.45: ln(7.45)/ln(20) of the tail, and the comb's
    scatter moves the jump a little. The worst ratio grows without limit as K -> 1: thresholds 20
    times the median, as reported, occur, but in only some of the draws of 63.
    """
    count = 20_000
    cloud = lasing_cloud(bulk_with_tail(0.05), MEDIUM, count=count, seed=2)
    p = 0.05 * math.log(7.45) / math.log(20)
    assert cloud.blue_fraction == pytest.approx(p, abs=binomial_tolerance(p, count) + 3e-3)
    assert cloud.worst_ratio > 20
    blue = cloud.redshift_nm < 0
    assert cloud.absorbed_photons[blue].min() > 1.3
    assert np.all(cloud.redshift_nm[blue] < -15)
    draws = [
        lasing_cloud(bulk_with_tail(0.05), MEDIUM, count=63, seed=seed).worst_ratio
        for seed in range(100)
    ]
    assert 0.01 < np.mean(np.array(draws) > 20) < 0.2


def bulk_with_tail(fraction: float) -> CavityPopulation:
    return CavityPopulation.from_figure_of_merit(
        50.0, MEDIUM, tail=(1.0, 20.0), tail_fraction=fraction
    )


def test_quality_factors_follow_the_population() -> None:
    count = 20_000
    cloud = lasing_cloud(bulk_with_tail(0.2), MEDIUM, count=count, seed=4)
    log_k = np.log(cloud.figure_of_merit)
    # Median of a mixture: 20 % of it (the tail) lies below K = 20.
    below = 0.2 + 0.8 * norm.cdf(math.log(20 / 50) / 0.5)
    found = float(np.mean(log_k < math.log(20)))
    assert found == pytest.approx(float(below), abs=binomial_tolerance(float(below), count))
    ratio = cloud.quality_factor / cloud.figure_of_merit
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-12)


def test_density_scatter_widens_k_only() -> None:
    cloud = lasing_cloud(
        bulk(sigma_ln_quality_factor=0.3, sigma_ln_concentration=0.4),
        MEDIUM,
        count=20_000,
        seed=5,
    )
    assert np.log(cloud.figure_of_merit).std() == pytest.approx(0.5, abs=4 * 0.5 / math.sqrt(4e4))
    assert np.log(cloud.quality_factor).std() == pytest.approx(0.3, abs=4 * 0.3 / math.sqrt(4e4))


def test_each_cavity_is_the_best_of_its_comb() -> None:
    """No cavity beats the dense comb at its own K, and the coarse comb costs little."""
    cloud = lasing_cloud(bulk(), MEDIUM, count=200, seed=6)
    scaled = cloud.figure_of_merit * cloud.wavelength / 0.650
    again = absorbed_photons_at_threshold(MEDIUM, cloud.wavelength, scaled)
    np.testing.assert_allclose(cloud.absorbed_photons, again, rtol=1e-10)
    for i in range(0, 200, 20):
        neighbours = cloud.wavelength[i] + 4.05e-3 * np.array([-2, -1, 1, 2])
        others = absorbed_photons_at_threshold(
            MEDIUM, neighbours, cloud.figure_of_merit[i] * neighbours / 0.650
        )
        assert not np.any(others < cloud.absorbed_photons[i])


def test_seeds() -> None:
    def cloud(seed: int) -> LasingCloud:
        return lasing_cloud(bulk(), MEDIUM, count=50, seed=seed)

    np.testing.assert_array_equal(cloud(1).absorbed_photons, cloud(1).absorbed_photons)
    assert np.any(cloud(1).absorbed_photons != cloud(2).absorbed_photons)


def test_hopeless_cavities_are_nan() -> None:
    population = CavityPopulation(median_quality_factor=5.0)
    cloud = lasing_cloud(population, MEDIUM, count=30)
    assert cloud.lasing_fraction == 0
    assert np.isnan(cloud.wavelength).all()
    assert cloud.fraction_below(0.5) == 0
    assert cloud.blue_fraction == 0
    assert math.isnan(cloud.spearman)
    assert math.isnan(cloud.worst_ratio)
    assert "30 cavities, 0.0% lase" in cloud.report()


def test_dataframe() -> None:
    table = lasing_cloud(bulk(), MEDIUM, count=12).to_dataframe()
    assert table.shape == (12, 5)
    assert (1e3 * table.wavelength_um - 650).round(6).equals(table.redshift_nm.round(6))
