"""ASE in a stripe: closed forms, limits, the regression values of the physics notes."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import brentq

from gain.ase import (
    ase_threshold,
    biexciton_inversion_threshold,
    minimum_concentration_per_cm3,
)
from gain.ase_stripe import AseStripe, amplified_emission, equal_emission_kappa
from gain.depleted_pump import depleted_mean, depleted_populations
from gain.depleted_threshold import beer_lambert_profile
from gain.merit_curve import threshold_curve
from gain.populations import poisson_populations
from gain.presets import nanoplatelets, pump_532, quantum_shells
from gain.stripe_length import fit_stripe_length, stripe_length_intensity
from gain.stripe_spectrum import ase_spectrum, spontaneous_spectrum


@given(st.floats(1 + 1e-6, 1e7))
def test_kappa_solves_its_equation(ratio: float) -> None:
    x = float(equal_emission_kappa(ratio))
    assert x > 0
    assert math.expm1(x) / x == pytest.approx(ratio, rel=1e-13)


def test_kappa_against_thirty_digits() -> None:
    with mpmath.workdps(30):
        exact = mpmath.findroot(lambda x: (mpmath.exp(x) - 1) / x - 448, 8.0)
    assert float(equal_emission_kappa(448.0)) == pytest.approx(float(exact), rel=1e-14)


def test_kappa_of_common_stripes() -> None:
    """A stripe of 50 to 200 um, 3 mm long, NA 0.2 to 0.39: kappa of 5 to 10, not 1."""
    found = [
        AseStripe(width=d, depth=d, numerical_aperture=na, kappa="physical").gain_length_needed
        for d in (50.0, 200.0)
        for na in (0.2, 0.39)
    ]
    assert min(found) == pytest.approx(4.96, abs=0.01)
    assert max(found) == pytest.approx(9.77, abs=0.01)


def test_detected_intensity_is_equation_1_with_its_dimension() -> None:
    stripe = AseStripe(length=3000.0, width=100.0, depth=50.0, numerical_aperture=0.3)
    gain = 7.0
    collected, amplified = stripe.detected(gain)
    integral, _ = quad(lambda z: math.exp(gain * z), 0, 0.3)
    assert float(amplified) * 0.3 == pytest.approx(100 * 50 / 3000**2 * integral, rel=1e-12)
    assert float(collected) == pytest.approx(2 * math.pi * (1 - math.sqrt(1 - 0.09)), rel=1e-14)


def test_without_gain_both_solid_angles_add_up() -> None:
    stripe = AseStripe()
    collected, amplified = stripe.detected(0.0)
    total = stripe.collection_solid_angle + stripe.amplification_solid_angle
    assert float(collected + amplified) == pytest.approx(total, rel=1e-15)


def test_amplified_emission_of_strong_absorption_and_overflow() -> None:
    assert float(amplified_emission(-1e3)) == pytest.approx(1e-3)
    assert np.isinf(amplified_emission(1e4))


def test_inversion_law_of_the_text() -> None:
    ratio = [1.05, 1.2, 1.5, 2.0, 4.0, 10.0, 100.0]
    printed = [5.54, 3.99, 3.06, 2.48, 1.82, 1.48, 1.28]
    found = biexciton_inversion_threshold(ratio)
    np.testing.assert_allclose(found, printed, atol=0.006)
    for c, n in zip(ratio, found, strict=True):
        assert 1 - math.exp(-n) * (1 + 2 * n) == pytest.approx(1 / c, rel=1e-12)
    limit = biexciton_inversion_threshold([1e12])[0]
    assert math.exp(limit) == pytest.approx(1 + 2 * limit, rel=1e-9)
    assert limit == pytest.approx(1.25643, abs=1e-5)
    assert np.isnan(biexciton_inversion_threshold(0.999))


@pytest.mark.parametrize(("sigma", "micromolar"), [(1e-15, 5.5), (7.3e-14, 0.076)])
def test_minimum_concentration(sigma: float, micromolar: float) -> None:
    shells = quantum_shells(cross_section_cm2=sigma)
    lowest = minimum_concentration_per_cm3(AseStripe(length=3000.0), shells)
    assert lowest * sigma * 0.3 == pytest.approx(1.0, rel=1e-12)
    assert lowest / 6.02214076e14 == pytest.approx(micromolar, rel=0.01)


def test_minimum_concentration_with_film_loss_and_background() -> None:
    film = AseStripe(length=2000.0, confinement=0.5, loss_per_cm=10.0)
    shells = quantum_shells(background=0.2)
    lowest = minimum_concentration_per_cm3(film, shells)
    assert lowest * shells.cross_section_cm2 * 0.8 * 0.5 == pytest.approx(5.0 + 10.0, rel=1e-12)
    for share, reached in ((0.999, False), (1.01, True)):
        result = ase_threshold(film, shells, concentration_per_cm3=share * lowest)
        assert bool(np.isfinite(result.absorbed_photons[0])) is reached


def test_threshold_is_the_laser_threshold_at_c_over_c_min() -> None:
    shells, stripe = quantum_shells(), AseStripe()
    lowest = minimum_concentration_per_cm3(stripe, shells)
    ratio = np.array([0.9, 1.2, 5.0, 10.0, 50.0])
    result = ase_threshold(stripe, shells, concentration_per_cm3=ratio * lowest)
    curve = threshold_curve(shells, ratio)
    np.testing.assert_allclose(result.concentration_ratio, ratio, rtol=1e-12)
    np.testing.assert_allclose(result.absorbed_photons, curve.absorbed_photons, rtol=1e-9)
    np.testing.assert_allclose(result.redshift_nm[1:], [-21, -19.8, 7, 16], atol=0.5)
    assert np.all(np.diff(result.redshift_nm[1:]) > 0)
    assert np.all(np.diff(result.absorbed_photons[1:]) < 0)
    assert "no ASE at any pump" in result.report()


@given(st.floats(0.05, 20.0))
def test_only_the_product_of_length_concentration_and_cross_section_counts(scale: float) -> None:
    stripe, shells = AseStripe(length=3000.0), quantum_shells(concentration_per_cm3=4e15)
    one = ase_threshold(stripe, shells)
    two = ase_threshold(
        stripe,
        quantum_shells(cross_section_cm2=shells.cross_section_cm2 * scale),
        concentration_per_cm3=4e15,
        length=3000.0 / scale,
    )
    np.testing.assert_allclose(two.absorbed_photons, one.absorbed_photons, rtol=1e-9)


def test_longer_stripes_start_earlier() -> None:
    result = ase_threshold(
        AseStripe(),
        quantum_shells(concentration_per_cm3=1e15),
        length=[1000.0, 3000.0, 1e4],
        pump=pump_532("quantum_shells"),
    )
    assert np.isnan(result.absorbed_photons[0])  # C sigma_0 L = 0.5
    assert result.absorbed_photons[1] > result.absorbed_photons[2]
    fluence = result.fluence_uj_per_cm2
    assert fluence is not None
    np.testing.assert_allclose(fluence[1:], 10.3719 * result.absorbed_photons[1:], rtol=1e-4)
    assert result.to_dataframe().shape == (3, 8)


@given(front=st.floats(1e-4, 200.0), depth=st.floats(1e-3, 12.0), states=st.integers(2, 6))
def test_depleted_populations_are_the_mean_over_depth(
    front: float, depth: float, states: int
) -> None:
    found = depleted_populations(front, depth, states=states)
    node, weight = np.polynomial.legendre.leggauss(120)
    local = front * np.exp(-depth * (1 + node) / 2)
    exact = weight / 2 @ poisson_populations(local, states=states)
    np.testing.assert_allclose(found, exact, rtol=1e-9, atol=1e-11)
    assert found.sum() == pytest.approx(1.0, rel=1e-12)
    mean = front * -math.expm1(-depth) / depth
    assert float(depleted_mean(front, depth)) == pytest.approx(mean, rel=1e-12)


def test_depleted_populations_at_the_ends() -> None:
    np.testing.assert_allclose(depleted_populations(1.7, 0.0), poisson_populations(1.7))
    np.testing.assert_allclose(depleted_populations(0.0, 3.0), [1, 0, 0])
    # Far behind, p_0 = 1: what is left of it is Ein(N_0)/a.
    lost = np.euler_gamma + math.log(5.0) + float(mpmath.e1(5.0))
    np.testing.assert_allclose(1 - depleted_populations(5.0, 1e4)[0], lost / 1e4, rtol=1e-9)


def test_profile_of_the_threshold_is_the_closed_form() -> None:
    for depth in (0.3, 3.0, 10.0, 20.0, 300.0):
        profile = beer_lambert_profile(depth)
        for front in (0.5, 3.0, 40.0, 1e4):
            np.testing.assert_allclose(
                profile.populations(front), depleted_populations(front, depth), atol=1e-7
            )


def test_depletion_raises_the_threshold_and_averages_populations() -> None:
    shells, pump = quantum_shells(concentration_per_cm3=5e15), pump_532("quantum_shells")
    thin = AseStripe(depth=1e-3)
    deep = AseStripe(depth=100.0)
    uniform = ase_threshold(thin, shells)
    same = ase_threshold(thin, shells, pump=pump, depletion=True)
    np.testing.assert_allclose(same.absorbed_photons, uniform.absorbed_photons, rtol=1e-5)
    result = ase_threshold(deep, shells, pump=pump, depletion=True)
    depth = float(result.optical_depth[0])
    assert depth == pytest.approx(5e15 * 3.6e-14 * 0.01, rel=1e-12)

    def excess(front: float) -> float:
        gain = shells.gain(result.wavelength[0], populations=depleted_populations(front, depth))
        return float(gain) - deep.material_gain_needed_per_cm / shells.peak_gain_per_cm

    exact = brentq(excess, 0.1, 20.0, xtol=1e-12)
    assert result.absorbed_photons[0] == pytest.approx(exact, rel=1e-8)
    # The populations of the mean excitation would start earlier or later, but not there.
    mean = float(depleted_mean(result.absorbed_photons[0], depth))
    assert abs(mean / uniform.absorbed_photons[0] - 1) > 0.01


def test_spectrum_narrows_onto_the_ase_wavelength() -> None:
    shells = quantum_shells(concentration_per_cm3=6e15)
    stripe, window = AseStripe(), np.linspace(0.58, 0.72, 1401)
    spectra = ase_spectrum(stripe, shells, [0.05, 3.0, 20.0], window)
    assert spectra.peak_wavelength[0] == pytest.approx(0.65, abs=2e-3)
    assert spectra.width_nm[0] > 26
    assert spectra.width_nm[2] < 12
    assert 1e3 * (spectra.peak_wavelength[2] - 0.65) == pytest.approx(-21.5, abs=1.0)
    assert np.all(np.diff(spectra.integrated) > 0)
    assert "g L" in spectra.report()


def test_spectrum_is_equation_1_point_by_point() -> None:
    shells, stripe = quantum_shells(concentration_per_cm3=4e15), AseStripe()
    window = np.linspace(0.60, 0.70, 11)
    spectra = ase_spectrum(stripe, shells, 2.0, window)
    p = poisson_populations(2.0)
    gain = shells.gain_per_cm(window, populations=p)
    line = p[1] * np.exp(-0.5 * ((window - 0.65) / 0.0115) ** 2) + 4 * p[2] * np.exp(
        -0.5 * ((window - 0.6285) / 0.0115) ** 2
    )
    np.testing.assert_allclose(spontaneous_spectrum(shells, window, p), line, rtol=1e-9)
    amplified = stripe.amplification_solid_angle * np.expm1(gain * 0.3) / (gain * 0.3)
    np.testing.assert_allclose(
        spectra.intensity[0], line * (stripe.collection_solid_angle + amplified), rtol=1e-9
    )


def test_spectrum_marks_saturation() -> None:
    dense = quantum_shells(concentration_per_cm3=3e17)
    window = np.linspace(0.60, 0.70, 101)
    spectra = ase_spectrum(AseStripe(), dense, [0.1, 10.0], window)
    assert spectra.saturation[0] < 1 < spectra.saturation[1]
    assert "gain saturates" in spectra.report()


def test_platelets_go_through_the_same_functions() -> None:
    result = ase_threshold(AseStripe(), nanoplatelets(concentration_per_cm3=1e16))
    assert result.absorbed_photons[0] > 3


@pytest.mark.parametrize("gain", [15.0, -6.0])
def test_stripe_length_fit_recovers_the_gain_within_its_error(gain: float) -> None:
    """Pulls of 40 noisy scans: mean 0 and width 1 within their own errors."""
    rng = np.random.default_rng(7)
    length = np.linspace(150, 2000, 14)
    true = stripe_length_intensity(length, gain_per_cm=gain, amplitude=3.0)
    pulls = []
    for _ in range(40):
        data = true * (1 + 0.03 * rng.standard_normal(length.size))
        fit = fit_stripe_length(length, data, uncertainty=0.03 * true)
        assert not fit.saturates
        pulls.append((fit.gain_per_cm - gain) / fit.gain_std_per_cm)
    assert abs(np.mean(pulls)) < 0.6
    assert 0.6 < np.std(pulls) < 1.5


def test_stripe_length_fit_is_exact_without_noise() -> None:
    length = np.linspace(100, 1500, 12)
    data = stripe_length_intensity(length, gain_per_cm=30.0, amplitude=2.0, spontaneous=5.0)
    fit = fit_stripe_length(length, data, relative_uncertainty=0.01, spontaneous=True)
    found = (fit.gain_per_cm, fit.amplitude, fit.spontaneous)
    np.testing.assert_allclose(found, (30.0, 2.0, 5.0), rtol=1e-7)
    assert fit.reduced_chi2 < 1e-12
    np.testing.assert_allclose(fit.model(length), data, rtol=1e-9)


def test_stripe_length_fit_reports_saturation() -> None:
    length = np.linspace(100, 3000, 20)
    ideal = stripe_length_intensity(length, gain_per_cm=25.0)
    data = ideal / (1 + ideal / 5)
    with pytest.warns(UserWarning, match="it saturates; set longest"):
        fit = fit_stripe_length(length, data, relative_uncertainty=0.02)
    assert fit.saturates
    assert fit.gain_per_cm < fit.short_gain_per_cm < 26
    assert "lower bound" in fit.report()
    short = fit_stripe_length(length, data, relative_uncertainty=0.02, longest=800)
    assert short.gain_per_cm > fit.gain_per_cm
    assert int(short.used.sum()) == 5


def test_stripe_length_error_from_the_scatter() -> None:
    rng = np.random.default_rng(1)
    length = np.linspace(200, 2000, 40)
    true = stripe_length_intensity(length, gain_per_cm=10.0)
    fit = fit_stripe_length(length, true + 0.01 * rng.standard_normal(length.size))
    np.testing.assert_allclose(fit.uncertainty, 0.01, rtol=0.4)
    assert abs(fit.gain_per_cm - 10.0) < 4 * fit.gain_std_per_cm


STRIPE, SHELLS = AseStripe(), quantum_shells()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: AseStripe(length=-1.0), "length"),
        (lambda: AseStripe(numerical_aperture=1.2), "numerical_aperture"),
        (lambda: AseStripe(kappa="visible"), "kappa"),
        (
            lambda: AseStripe(length=50.0, width=200.0, kappa="physical").gain_length_needed,
            "solid_angle_ratio: must be > 1",
        ),
        (
            lambda: ase_threshold(STRIPE, SHELLS, concentration_per_cm3=-1e15),
            "concentration_per_cm3",
        ),
        (lambda: ase_threshold(STRIPE, SHELLS, length=0.0), "length: must be positive"),
        (lambda: ase_threshold(STRIPE, SHELLS, depletion=True), "pump: must be given"),
        (
            lambda: minimum_concentration_per_cm3(STRIPE, quantum_shells(background=1.5)),
            "background: must leave some gain",
        ),
        (lambda: biexciton_inversion_threshold(-1.0), "give C/C_min"),
        (lambda: depleted_populations(-1.0, 0.0), "front_photons: must be >= 0"),
        (lambda: depleted_populations(1.0, -0.1), "optical_depth: must be >= 0"),
        (lambda: beer_lambert_profile(-1.0), "optical_depth: must be >= 0"),
        (lambda: ase_spectrum(STRIPE, SHELLS, 1.0, [0.7, 0.6, 0.5]), "three increasing"),
        (lambda: ase_spectrum(STRIPE, SHELLS, 1.0, [0.5, 0.6, 0.7], depletion=True), "pump"),
        (lambda: fit_stripe_length([1, 2, 3], [1, 2, 3]), "at least 5 points"),
        (lambda: fit_stripe_length([0, 1, 2, 3, 4], [0, 1, 2, 3, 4]), "remove the zero stripe"),
        (lambda: fit_stripe_length([1, 2, 3, 4, 5], [1, 2, 3, 4]), "one value per length"),
        (
            lambda: fit_stripe_length(range(1, 7), range(1, 7), uncertainty=-1.0),
            "uncertainty: must be > 0",
        ),
    ],
)
def test_bad_input_is_named(call: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()  # type: ignore[operator]
