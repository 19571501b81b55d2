"""Inhomogeneous broadening: exact convolutions, and detailed balance per size class only."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq

from cavities.constants import BOLTZMANN_EV_PER_K, HC_EV_NM
from gain import (
    GaussianLine,
    NanocrystalMedium,
    Shift,
    TabulatedLine,
    absorbed_photons_at_threshold,
    homogeneous_line,
    poisson_populations,
    quantum_shells,
    size_classes,
    size_resolved_photons,
    threshold,
    threshold_curve,
    with_size_dispersion,
)
from gain.ensemble import broadened_profile, broadened_std
from solvers.modes import Mode

NM_PER_MEV = 0.34


@pytest.mark.parametrize(("own", "spread"), [(3.0, 4.0), (11.5, 2.0), (1.0, 20.0)])
def test_gaussian_by_gaussian_is_the_gaussian_of_summed_variance(own: float, spread: float) -> None:
    line, wide = GaussianLine(std_nm=own), GaussianLine(std_nm=spread)
    x = np.linspace(-60, 60, 41)
    found = broadened_profile(line, wide, x, "nm", nm_per_mev=NM_PER_MEV)
    total = math.hypot(own, spread)
    np.testing.assert_allclose(found, own / total * np.exp(-0.5 * (x / total) ** 2), rtol=1e-13)
    # and that is the convolution
    for at in (0.0, 7.0, -23.0):
        value, _ = quad(
            lambda d, at=at: math.exp(-0.5 * ((at - d) / own) ** 2)
            * math.exp(-0.5 * (d / spread) ** 2) / (spread * math.sqrt(2 * math.pi)),
            -12 * spread, 12 * spread, points=[0.0, at], limit=200, epsabs=1e-14,
        )  # fmt: skip
        (here,) = broadened_profile(line, wide, [at], "nm", nm_per_mev=NM_PER_MEV)
        assert here == pytest.approx(value, rel=1e-9, abs=1e-13)


@pytest.mark.parametrize("spread", [1.0, 8.0, 30.0])
def test_a_table_is_convolved_like_the_line_it_samples(spread: float) -> None:
    x = np.linspace(-50, 50, 201)
    y = np.exp(-0.5 * (x / 9) ** 2)
    table = TabulatedLine(redshift_nm=tuple(x), value=tuple(y))
    wide = GaussianLine(std_nm=spread)
    at = np.linspace(-40, 40, 33)
    exact = broadened_profile(GaussianLine(std_nm=9.0), wide, at, "nm", nm_per_mev=NM_PER_MEV)
    found = broadened_profile(table, wide, at, "nm", nm_per_mev=NM_PER_MEV)
    np.testing.assert_allclose(found, exact, atol=1e-3)
    std = broadened_std(table, wide, "nm", nm_per_mev=NM_PER_MEV)
    assert std == pytest.approx(math.hypot(9, spread), rel=2e-3)


def test_no_dispersion_is_the_plain_medium() -> None:
    plain = quantum_shells()
    at = np.linspace(0.6, 0.7, 21)
    hardly = with_size_dispersion(plain, GaussianLine(std_nm=1e-5))
    np.testing.assert_allclose(
        hardly.gain_coefficients(at), plain.gain_coefficients(at), atol=1e-10
    )
    again = with_size_dispersion(hardly, None)
    assert again == plain


def test_an_ensemble_is_the_wide_medium_with_a_smaller_cross_section() -> None:
    """s/S of the cross-section at the width S: a figure of merit K is worth K s/S."""
    own, spread = 8.0, 6.0
    film = quantum_shells(line=GaussianLine(std_nm=own), inhomogeneous=GaussianLine(std_nm=spread))
    wide = quantum_shells(line=GaussianLine(std_nm=10.0))
    for merit in (5.0, 50.0):
        one = threshold_curve(film, [merit])
        other = threshold_curve(wide, [merit * 0.8])
        assert one.absorbed_photons[0] == pytest.approx(other.absorbed_photons[0], rel=1e-7)
        assert one.redshift_nm[0] == pytest.approx(other.redshift_nm[0], abs=0.02)
    mode = Mode(wavenumber=9.438 - 4e-5j, confinement={"gain": 0.2})
    result = threshold([mode], film)
    root = absorbed_photons_at_threshold(wide, mode.wavelength, result.figure_of_merit[0] * 0.8)
    assert result.absorbed_photons[0] == pytest.approx(float(root), rel=1e-12)


def test_size_classes_add_up_to_the_ensemble() -> None:
    film = quantum_shells(shifts_in="mev", inhomogeneous=GaussianLine(std_mev=20.0))
    classes = size_classes(film)
    at = np.linspace(0.62, 0.69, 15)
    total = sum(one.weight * one.medium.absorption_coefficients(at) for one in classes)
    # nm-to-meV conversion of the line width at each class's own peak: first order
    np.testing.assert_allclose(total, film.absorption_coefficients(at), atol=0.02)
    own = film.changed(line=GaussianLine(std_mev=33.0), stokes=Shift(mev=40.0),
                       biexciton_shift=Shift(mev=60.0))  # fmt: skip
    total = sum(one.weight * one.medium.gain_coefficients(at) for one in size_classes(own))
    np.testing.assert_allclose(total, own.gain_coefficients(at), atol=1e-9)
    assert len(size_classes(quantum_shells())) == 1


def transparency_shift_mev(medium: NanocrystalMedium, photons: float, zero_line: float) -> float:
    """E_zl - E_t of the 0-X transition (XX far away)."""

    def gain(mev: float) -> float:
        return float(medium.gain(HC_EV_NM / mev, absorbed_photons=photons))

    return zero_line - float(brentq(gain, zero_line - 260, zero_line + 60, xtol=1e-11))


@pytest.mark.parametrize("photons", [0.1, 0.5])
def test_detailed_balance_of_each_size_class_but_not_of_the_ensemble(photons: float) -> None:
    """E_zl - E_t = kT ln(2 p_0/p_1) in a class; (S/s)^2 times that in the ensemble."""
    own, spread = 30.0, 25.0
    film = quantum_shells(
        line=GaussianLine(std_mev=own),
        inhomogeneous=GaussianLine(std_mev=spread),
        stokes="kennard_stepanov",
        shifts_in="mev",
        biexciton_shift=Shift(mev=1200.0),
        temperature_k=295.0,
    )
    assert film.stokes_redshift == pytest.approx(own**2 / (1e3 * BOLTZMANN_EV_PER_K * 295.0))
    p = poisson_populations(photons)
    thermal = 1e3 * BOLTZMANN_EV_PER_K * 295 * math.log(2 * p[0] / p[1])
    for one in size_classes(film, count=5):
        zero_line = HC_EV_NM / one.medium.emission_wavelength + 0.5 * film.stokes_redshift
        shift = transparency_shift_mev(one.medium, photons, zero_line)
        assert shift == pytest.approx(thermal, abs=1e-6)
    zero_line = HC_EV_NM / film.emission_wavelength + 0.5 * film.stokes_redshift
    shift = transparency_shift_mev(film, photons, zero_line)
    ratio = (own**2 + spread**2) / own**2
    assert shift == pytest.approx(ratio * thermal, abs=1e-6)
    assert shift > 1.5 * thermal


def test_homogeneous_line_inverts_the_broadening() -> None:
    line, spread = GaussianLine(std_nm=7.0), GaussianLine(std_mev=25.0)
    total = GaussianLine(std_nm=math.hypot(7.0, 25.0 * 0.650**2 * 1e3 / HC_EV_NM))
    back = homogeneous_line(total, spread, emission_wavelength=0.650)
    assert back.std_nm == pytest.approx(line.std_nm, rel=1e-9)
    with pytest.raises(ValueError, match="ensemble: must be wider than the dispersion"):
        homogeneous_line(spread, total, emission_wavelength=0.650)


def test_size_resolved_threshold() -> None:
    """Slope 0: the plain threshold. Else the sum over classes reaches 1/K there, not below."""
    film = quantum_shells(
        line=GaussianLine(std_nm=8.0), stokes=Shift(nm=7.2), inhomogeneous=GaussianLine(std_nm=9.0)
    )
    at, merit = np.array([0.645, 0.665]), np.array([8.0, 60.0])
    plain = absorbed_photons_at_threshold(film, at, merit)
    none = size_resolved_photons(film, at, merit, pump_slope=0.0)
    np.testing.assert_allclose(none, plain, rtol=1e-6)
    slope = 0.02
    found = size_resolved_photons(film, at, merit, pump_slope=slope)
    classes = size_classes(film)
    mean = sum(one.weight * math.exp(slope * one.redshift) for one in classes)
    for x, k, n in zip(at, merit, found, strict=True):

        def gain(photons: float, x: float = x) -> float:
            return sum(
                one.weight
                * float(
                    one.medium.gain(
                        x, absorbed_photons=photons * math.exp(slope * one.redshift) / mean
                    )
                )
                for one in classes
            )

        assert gain(n) == pytest.approx(1 / k, rel=1e-9)
        assert all(gain(n * share) < 1 / k for share in (0.3, 0.7, 0.95))
    assert found[1] < plain[1]  # large, red nanocrystals get more


def test_bad_ensembles() -> None:
    with pytest.raises(ValueError, match="count: must be at least 1, got 0"):
        size_classes(quantum_shells(inhomogeneous=GaussianLine(std_nm=5.0)), count=0)
    with pytest.raises(ValueError, match="greater than 0"):
        GaussianLine(std_nm=0.0)
    with pytest.raises(ValueError, match="pump_slope: must be finite"):
        size_resolved_photons(quantum_shells(), 0.66, 50.0, pump_slope=math.nan)
