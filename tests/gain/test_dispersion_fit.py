"""The dispersion fit: exact recovery, analytic derivatives, coverage over 1000 noisy maps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gain import (
    CoupledOscillators,
    DispersionMap,
    DispersionPeaks,
    emission_map,
    find_peaks,
    fit_dispersion,
)
from gain.batched_least_squares import least_squares
from gain.dispersion_fit import _energies
from gain.dispersion_fit_result import PARAMETERS

Floats = NDArray[np.float64]

ANGLE = np.linspace(0, 40, 21)
ENERGY = np.linspace(1.98, 2.28, 121)
TRUTH = {
    "rabi_splitting_mev": 45.0,
    "detuning_mev": -27.0,
    "exciton_energy_ev": 2.09,
    "cavity_energy_ev": 2.063,
    "effective_index": 1.7,
}
PHOTON_MEV, EXCITON_MEV = 2063 / 300, 12.0


def system(
    om: float = 45.0, delta: float = -27.0, index: float = 1.7, *, widths: bool = True
) -> CoupledOscillators:
    return CoupledOscillators.from_quality_factor(
        exciton_energy_ev=2.09,
        detuning_mev=delta,
        rabi_splitting_mev=om,
        effective_index=index,
        quality_factor=300.0 if widths else np.inf,
        exciton_fwhm_mev=EXCITON_MEV if widths else 0.0,
    )


def peaks_of(oscillators: CoupledOscillators, error_mev: float = 0.5) -> DispersionPeaks:
    found = oscillators.branches(angle_deg=ANGLE)
    lower = DispersionPeaks.single(ANGLE, found.lower, error_mev=error_mev)
    upper = DispersionPeaks.single(ANGLE, found.upper, error_mev=error_mev, branch="upper")
    return lower.joined(upper)


@settings(max_examples=25, deadline=None)
@given(om=st.floats(20.0, 150.0), delta=st.floats(-80.0, 60.0), index=st.floats(1.4, 2.3))
def test_exact_peaks_give_the_parameters_back(om: float, delta: float, index: float) -> None:
    """No start is given: the grid of the secular equation finds it."""
    fit = fit_dispersion(peaks_of(system(om, delta, index, widths=False)))
    assert bool(fit.converged)
    assert float(fit.value("rabi_splitting_mev")) == pytest.approx(om, rel=1e-5)
    assert float(fit.value("detuning_mev")) == pytest.approx(delta, abs=1e-3)
    assert float(fit.value("effective_index")) == pytest.approx(index, rel=1e-5)


def test_known_widths_enter_the_energies() -> None:
    """The real energies of the complex matrix: ignoring the widths gives a smaller splitting."""
    broad = CoupledOscillators.from_quality_factor(
        exciton_energy_ev=2.09,
        detuning_mev=-27.0,
        rabi_splitting_mev=45.0,
        effective_index=1.7,
        quality_factor=900,
        exciton_fwhm_mev=30.0,
    )
    peaks = peaks_of(broad)
    width = broad.photons[0].fwhm_mev
    right = fit_dispersion(peaks, photon_fwhm_mev=width, exciton_fwhm_mev=30.0)
    wrong = fit_dispersion(peaks)
    assert float(right.value("rabi_splitting_mev")) == pytest.approx(45.0, abs=1e-3)
    assert float(wrong.value("rabi_splitting_mev")) < 44.0


def test_derivatives_against_differences() -> None:
    values = np.array([[45.0, 2.063, 2.09, 1.7], [80.0, 2.11, 2.09, 2.1]])
    sine = np.sin(np.radians(np.concatenate([ANGLE, ANGLE])))
    sign = np.repeat([-1.0, 1.0], ANGLE.size)
    width = -0.5e-3j * (5.0 - 40.0)
    _, jacobian = _energies(values, sine, sign, width)
    for j, step in enumerate((1e-3, 1e-6, 1e-6, 1e-5)):
        shift = np.zeros(4)
        shift[j] = step
        up, _ = _energies(values + shift, sine, sign, width)
        down, _ = _energies(values - shift, sine, sign, width)
        slope = (up - down) / (2 * step)
        np.testing.assert_allclose(jacobian[..., j], slope, rtol=1e-5, atol=1e-9)


def test_fixed_parameters_stay() -> None:
    fit = fit_dispersion(
        peaks_of(system(widths=False)), fixed={"exciton_energy_ev": 2.09, "effective_index": 1.7}
    )
    assert float(fit.value("exciton_energy_ev")) == 2.09
    assert float(fit.error("effective_index")) == 0.0
    assert float(fit.error("detuning_mev")) == pytest.approx(
        1e3 * float(fit.error("cavity_energy_ev"))
    )
    assert "fixed" in fit.report()
    assert int(fit.degrees_of_freedom) == 2 * ANGLE.size - 2


def test_a_lower_branch_alone_hardly_determines_the_splitting() -> None:
    """The errors say so: with all free ten times those with the exciton and index known."""
    found = system(widths=False).branches(angle_deg=ANGLE)
    lower = DispersionPeaks.single(ANGLE, found.lower, error_mev=0.3)
    free = fit_dispersion(lower, start=system(widths=False))
    held = fit_dispersion(lower, fixed={"exciton_energy_ev": 2.09, "effective_index": 1.7})
    assert float(free.error("rabi_splitting_mev")) > 8 * float(held.error("rabi_splitting_mev"))
    assert abs(float(free.correlation("rabi_splitting_mev", "exciton_energy_ev"))) > 0.9


def noisy_maps(seeds: int, level: float, *, seed: int) -> DispersionMap:
    clean = emission_map(system(), angle_deg=ANGLE, energy_ev=ENERGY)
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((seeds, *clean.intensity.shape))
    intensity = clean.intensity + level * clean.intensity.max() * noise
    return DispersionMap(angle_deg=ANGLE, energy_ev=ENERGY, intensity=intensity)


def coverage(low: Floats, high: Floats, truth: float) -> float:
    return float(np.mean((low <= truth) & (truth <= high)))


@pytest.mark.parametrize("level", [0.01, 0.02])
def test_coverage_of_the_interval_over_1000_noisy_maps(level: float) -> None:
    """Map -> peaks -> fit: the 95 % interval holds the truth in 93 to 97 % of 1000 maps.

    The share itself scatters by sqrt(0.95 * 0.05/1000) = 0.7 %; the window is 2.9 of that.
    """
    fit = fit_dispersion(
        noisy_maps(1000, level, seed=1),
        branches="both",
        photon_fwhm_mev=PHOTON_MEV,
        exciton_fwhm_mev=EXCITON_MEV,
    )
    assert bool(fit.converged.all())
    assert fit.scaled
    for name, truth in TRUTH.items():
        share = coverage(*fit.interval(name), truth)
        assert 0.93 <= share <= 0.97, (name, share)
        bias = np.mean(fit.value(name)) - truth
        assert abs(bias) < 0.2 * np.median(fit.error(name)), name


def test_coverage_with_peaks_of_known_error() -> None:
    """Gaussian errors on the energies themselves: the normal interval holds 95 %."""
    exact = peaks_of(system(widths=False), error_mev=0.4)
    rng = np.random.default_rng(3)
    energy = exact.energy_ev + exact.error_ev * rng.standard_normal((4000, exact.energy_ev.size))
    peaks = DispersionPeaks(
        angle_deg=exact.angle_deg,
        branch=exact.branch,
        energy_ev=energy,
        error_ev=np.broadcast_to(exact.error_ev, energy.shape),
    )
    fit = fit_dispersion(peaks)
    for name, truth in TRUTH.items():
        share = coverage(*fit.interval(name), truth)
        assert 0.93 <= share <= 0.97, (name, share)
    mean = float(np.mean(fit.chi_square / fit.degrees_of_freedom))
    assert mean == pytest.approx(1, abs=4 * np.sqrt(2 / (38 * 4000)))


def test_coverage_with_counting_noise() -> None:
    """Poisson counts: the errors follow from the fitted intensity, not from the residuals."""
    clean = emission_map(system(), angle_deg=ANGLE[:11], energy_ev=ENERGY)
    counts = np.random.default_rng(5).poisson(
        2000 * clean.intensity / clean.intensity.max() + 20, (400, *clean.intensity.shape)
    )
    measured = DispersionMap(angle_deg=ANGLE[:11], energy_ev=ENERGY, intensity=counts.astype(float))
    peaks = find_peaks(measured, branches="both", noise="counts")
    branches = system().branches(angle_deg=ANGLE[:11])
    truth = np.concatenate([branches.lower, branches.upper])
    assert np.isfinite(peaks.energy_ev).all()
    pull = (peaks.energy_ev - truth) / peaks.error_ev
    # 8800 pulls: standard deviation 1 +- 0.8 %, and 2 % for the linearised errors.
    assert float(np.std(pull)) == pytest.approx(1, abs=0.045)
    assert abs(float(np.mean(pull))) < 0.06


def test_peaks_of_a_noiseless_map() -> None:
    """Sums of two Lorentzians are fitted exactly: energies and widths of the model."""
    clean = emission_map(system(), angle_deg=ANGLE[:9], energy_ev=ENERGY)
    peaks = find_peaks(clean, branches="both")
    branches = system().branches(angle_deg=ANGLE[:9])
    np.testing.assert_allclose(
        peaks.energy_ev, np.concatenate([branches.lower, branches.upper]), atol=1e-7
    )
    assert peaks.fwhm_mev is not None
    expected = branches.fwhm_mev.T.ravel()
    np.testing.assert_allclose(peaks.fwhm_mev, expected, rtol=1e-5)


def test_a_peak_lost_in_noise_is_left_out() -> None:
    """At large angles the lower branch has no photon left: neither peak is used there."""
    peaks = find_peaks(noisy_maps(3, 0.01, seed=2), branches="both")
    lower = peaks.energy_ev[:, : ANGLE.size]
    assert np.isfinite(lower[:, :5]).all()
    assert np.isnan(lower[:, -3:]).all()


def test_a_batch_is_its_members() -> None:
    measured = noisy_maps(3, 0.01, seed=4)
    together = fit_dispersion(
        measured, branches="both", photon_fwhm_mev=PHOTON_MEV, exciton_fwhm_mev=EXCITON_MEV
    )
    alone = fit_dispersion(
        DispersionMap(angle_deg=ANGLE, energy_ev=ENERGY, intensity=measured.intensity[1]),
        branches="both",
        photon_fwhm_mev=PHOTON_MEV,
        exciton_fwhm_mev=EXCITON_MEV,
    )
    np.testing.assert_allclose(together.values[1], alone.values, rtol=1e-7)
    assert alone.oscillators.photons[0].effective_index == pytest.approx(1.7, abs=0.05)
    with pytest.raises(ValueError, match="fit: must be one data set"):
        together.report()


def test_maps_over_wavelength() -> None:
    """Emission per wavelength becomes emission per energy, sorted; transmission keeps values."""
    wavelength = np.array([590.0, 600.0, 610.0])
    values = np.array([[1.0, 2.0, 3.0]])
    found = DispersionMap.from_wavelength([0.0], wavelength, values, kind="transmission")
    np.testing.assert_allclose(found.intensity, values[:, ::-1])
    emitted = DispersionMap.from_wavelength([0.0], wavelength, values)
    ratio = emitted.intensity[0] / values[0, ::-1]
    np.testing.assert_allclose(ratio / ratio[0], (wavelength[::-1] / 610.0) ** 2)


def test_bad_input() -> None:
    peaks = peaks_of(system(widths=False))
    with pytest.raises(ValueError, match=r"fixed: must name one of .*got 'n'"):
        fit_dispersion(peaks, fixed={"n": 1.7})
    with pytest.raises(ValueError, match="must leave a parameter free"):
        fit_dispersion(peaks, fixed=dict.fromkeys(PARAMETERS, 2.0))
    window = DispersionPeaks(
        angle_deg=peaks.angle_deg,
        branch=peaks.branch,
        energy_ev=peaks.energy_ev,
        error_ev=peaks.error_ev,
        energy_window_ev=(2.0, 2.2),
    )
    with pytest.raises(ValueError, match=r"exciton_energy_ev: must lie inside the map \(2-2.2 eV"):
        fit_dispersion(window, fixed={"exciton_energy_ev": 2.3})
    with pytest.raises(ValueError, match="data: must have at least 4 peaks"):
        fit_dispersion(DispersionPeaks.single([0.0, 5.0], [2.05, 2.051], error_mev=1.0))
    with pytest.raises(ValueError, match=r"energy_ev: must hold the exciton at 2\.09"):
        emission_map(system(), angle_deg=ANGLE, energy_ev=np.linspace(2.0, 2.08, 50))
    with pytest.raises(ValueError, match="fwhm_mev: must be > 0 for a map"):
        emission_map(system(widths=False), angle_deg=ANGLE, energy_ev=ENERGY)
    with pytest.raises(ValueError, match=r"angle_deg: must lie in -90 to 90 degrees, got 95"):
        DispersionMap(angle_deg=[0, 95], energy_ev=[2, 2.1], intensity=np.ones((2, 2)))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="intensity: must end in the shape"):
        DispersionMap(angle_deg=ANGLE, energy_ev=ENERGY, intensity=np.ones((3, 3)))
    with pytest.raises(ValueError, match="error_ev: must be > 0"):
        DispersionPeaks.single(ANGLE, np.full(21, 2.0), error_mev=0.0)
    with pytest.raises(ValueError, match="energy_ev: must have more than 7 samples"):
        find_peaks(
            DispersionMap(angle_deg=ANGLE, energy_ev=ENERGY[:6], intensity=np.ones((21, 6))),
            branches="both",
        )


def test_least_squares_against_scipy() -> None:
    """A batch of exponentials: values, covariance and cost of scipy's curve_fit."""
    from scipy.optimize import curve_fit

    x = np.linspace(0, 3, 25)
    rng = np.random.default_rng(0)
    y = 2.0 * np.exp(-1.3 * x) + 0.02 * rng.standard_normal((4, x.size))

    def model(p: Floats, rows: NDArray[np.intp]) -> tuple[Floats, Floats]:
        decay = np.exp(-p[:, 1:] * x)
        slope = np.stack([decay, -p[:, :1] * x * decay], axis=-1)
        return (p[:, :1] * decay - y[rows]) / 0.02, slope / 0.02

    fit = least_squares(model, np.ones((4, 2)))
    for row in range(4):
        best, covariance = curve_fit(
            lambda t, a, b: a * np.exp(-b * t), x, y[row], p0=[1, 1], sigma=np.full(25, 0.02),
            absolute_sigma=True,
        )  # fmt: skip
        np.testing.assert_allclose(fit.values[row], best, rtol=1e-5)
        np.testing.assert_allclose(fit.covariance[row], covariance, rtol=1e-3)


def test_least_squares_keeps_bounds_and_survives_singular_rows() -> None:
    def model(p: Floats, rows: NDArray[np.intp]) -> tuple[Floats, Floats]:
        target = np.array([[-1.0, 3.0], [0.5, 0.5]])[rows]
        jacobian = np.zeros((len(rows), 2, 2))
        jacobian[:, 0, 0] = 1.0
        jacobian[:, 1, 1] = np.where(rows == 1, 0.0, 1.0)
        return p - target, jacobian

    fit = least_squares(model, np.full((2, 2), 0.2), lower=np.array([0.0, -9.0]))
    np.testing.assert_allclose(fit.values[0], [0.0, 3.0], atol=1e-6)
    assert np.isnan(fit.covariance[1]).all()
