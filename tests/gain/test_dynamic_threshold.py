"""Thresholds by net gain: prototype values, limits, what never lases."""

from __future__ import annotations

import numpy as np
import pytest

from gain import (
    ContinuousPump,
    ExcitonKinetics,
    GaussianPulse,
    InstantPulse,
    LaserModel,
    LaserModes,
    RectangularPulse,
    absorbed_photons_at_threshold,
    kinetics_preset,
    light_light,
    net_gain_threshold,
    quantum_shells,
)
from gain.pulse_shape import PulseShape

SHELLS = kinetics_preset("microdisk_shells")  # tau_X 20 ns, tau_XX 2 ns


def model(merit: float = 50.0, **fields: object) -> LaserModel:
    modes = LaserModes.comb(
        0.650, spacing_nm=4.05, count=25, quality_factor=6000, figure_of_merit=merit
    )
    arguments = {"medium": quantum_shells(), "kinetics": SHELLS, "modes": modes, **fields}
    return LaserModel(**arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fwhm", "prototype", "ours"),
    [
        (1e-3, 0.2777, 0.2766),
        (0.1, 0.2775, 0.2769),
        (1.0, 0.2822, 0.2818),
        (5.0, 0.3231, 0.3228),
        (20.0, 0.5002, 0.5000),
    ],
)
def test_gaussian_pulses(fwhm: float, prototype: float, ours: float) -> None:
    """An independent prototype stopped soon after the pulse and lost 0.1 % of it.

    Short pulses: the gain peaks after the biexcitons have become excitons, after the pulse.
    """
    found = net_gain_threshold(model(), GaussianPulse(fwhm_ns=fwhm))
    assert found.absorbed_photons == pytest.approx(ours, abs=6e-5)
    assert found.absorbed_photons == pytest.approx(prototype, rel=5e-3)
    assert found.redshift_nm == pytest.approx(16.2)


def test_stopping_with_the_pulse_gives_the_static_threshold() -> None:
    static = absorbed_photons_at_threshold(quantum_shells(), model().modes.wavelength, 50.0)
    assert np.nanmin(static) == pytest.approx(0.2774, abs=5e-5)
    found = net_gain_threshold(model(), GaussianPulse(fwhm_ns=1e-3), duration_ns=1e-3)
    assert found.absorbed_photons == pytest.approx(np.nanmin(static), rel=3e-4)
    late = net_gain_threshold(model(), GaussianPulse(fwhm_ns=1e-3))
    assert late.absorbed_photons == pytest.approx(np.nanmin(static), rel=1e-2)
    assert late.time_ns > 0.1  # biexcitons become excitons


def test_slow_decay_is_the_static_model_exactly() -> None:
    """No decay during the pulse: Poisson populations whatever its shape; argmax lases first."""
    still = ExcitonKinetics(radiative_lifetime_ns=1e9, auger_lifetime_ns=None)
    slow = model(kinetics=still)
    static = absorbed_photons_at_threshold(quantum_shells(), slow.modes.wavelength, 50.0)
    pulses: tuple[PulseShape, ...] = (
        InstantPulse(),
        GaussianPulse(fwhm_ns=3.0),
        RectangularPulse(fwhm_ns=9.0),
    )
    for pulse in pulses:
        found = net_gain_threshold(slow, pulse, duration_ns=1.0)
        assert found.absorbed_photons == pytest.approx(np.nanmin(static), rel=1e-6)
        assert found.mode == int(np.nanargmin(static))


def test_cw_threshold_is_the_prototype_s() -> None:
    """W tau_X = 0.2741, which is 142 W/cm^2 at 532 nm with sigma 3.6e-14 cm^2."""
    found = net_gain_threshold(model(), ContinuousPump(period_ns=20.0))
    assert found.absorbed_photons == pytest.approx(0.2741, abs=5e-5)
    photon = 6.62607015e-34 * 299792458 / 532e-9
    intensity = found.absorbed_photons / 20e-9 * photon / 3.6e-14
    assert intensity == pytest.approx(142, rel=2e-3)
    # a plain bisection on the exact steady state
    low, high = 0.1, 0.5
    coefficients = quantum_shells().gain_coefficients(0.6662)
    for _ in range(50):
        middle = 0.5 * (low + high)
        p = SHELLS.cw_populations(middle / 20)
        gain = p[:2] @ coefficients[:2] + p[2:].sum() * coefficients[2]
        low, high = (middle, high) if 50 * gain < 1 else (low, middle)
    assert found.absorbed_photons == pytest.approx(low, rel=1e-7)


def test_a_long_flat_pulse_is_continuous() -> None:
    cw = net_gain_threshold(model(), ContinuousPump(period_ns=20.0)).absorbed_photons
    flat = RectangularPulse(fwhm_ns=400.0, edge_ns=10.0)
    found = net_gain_threshold(model(), flat).absorbed_photons
    assert found * 20 / 400 == pytest.approx(cw, rel=1e-3)


def test_two_photon_pulses_act_like_shorter_ones() -> None:
    two = net_gain_threshold(model(), GaussianPulse(fwhm_ns=5.0), photons=2)
    one = net_gain_threshold(model(), GaussianPulse(fwhm_ns=5.0 / 2**0.5))
    assert two.absorbed_photons == pytest.approx(one.absorbed_photons, rel=3e-5)


@pytest.mark.parametrize(
    "pulse", [InstantPulse(), GaussianPulse(fwhm_ns=1.0), ContinuousPump(period_ns=20.0)]
)
def test_k_below_one_never_lases(pulse: PulseShape) -> None:
    found = net_gain_threshold(model(0.99), pulse)
    assert not found.lases
    assert np.isnan(found.absorbed_photons)
    assert "No mode lases" in found.report()


def test_a_curve_without_threshold_is_a_result() -> None:
    curve = light_light(model(0.9), InstantPulse(), np.geomspace(0.1, 20, 12))
    assert np.isnan([curve.net_gain_threshold, curve.linear_threshold]).all()
    assert curve.report().startswith("No mode lases")
    assert (curve.output > 0).all()


def test_stronger_cavities_lase_redder_and_sooner() -> None:
    """K = 2 on the blue side, K = 1000 far red: as without dynamics."""
    found = [net_gain_threshold(model(k), InstantPulse()) for k in (3.0, 12.0, 50.0, 1000.0)]
    shifts = [entry.redshift_nm for entry in found]
    assert shifts == sorted(shifts)
    assert shifts[0] < 0 < shifts[1]
    photons = [entry.absorbed_photons for entry in found]
    assert photons == sorted(photons, reverse=True)


def test_a_very_low_threshold_is_found_below_the_search() -> None:
    found = net_gain_threshold(model(1000.0), InstantPulse(), search=(0.5, 10.0))
    wide = net_gain_threshold(model(1000.0), InstantPulse())
    assert found.absorbed_photons == pytest.approx(wide.absorbed_photons, rel=1e-6)


def test_groups_that_see_more_pump_lase_first() -> None:
    """Two equal groups, all pump in one, the mode in that group too: N counts the mean."""
    base = model()
    local = base.modes.with_profile(np.array([[2.0], [0.0]]) * np.ones(25), pump_profile=[1, 0])
    found = net_gain_threshold(model(modes=local), InstantPulse())
    reference = net_gain_threshold(base, InstantPulse())
    assert found.absorbed_photons == pytest.approx(0.5 * reference.absorbed_photons, rel=1e-6)
