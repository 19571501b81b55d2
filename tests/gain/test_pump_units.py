"""Spots and pulse trains: the published conversions, conventions, inverses."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad

from gain import PulseTrain, Pump, Spot


@pytest.mark.parametrize(
    ("spot", "power_mw", "w_per_cm2"),
    [
        (Spot(profile="top_hat", diameter=1000.0), 150.0, 19.10),
        (Spot(profile="top_hat", diameter=1000.0), 250.0, 31.83),
        (Spot(profile="top_hat", diameter=1000.0), 400.0, 50.93),
        (Spot(profile="top_hat", radius=1000.0), 150.0, 4.77),
        (Spot(profile="gaussian", diameter=1000.0), 150.0, 38.20),
    ],
)
def test_one_millimetre_in_every_convention(spot: Spot, power_mw: float, w_per_cm2: float) -> None:
    assert float(spot.intensity_w_per_cm2(power_mw)) == pytest.approx(w_per_cm2, abs=5e-3)
    assert spot.power_mw(w_per_cm2) == pytest.approx(power_mw, rel=1e-3)


def test_peak_fluence_integrates_to_the_energy() -> None:
    """Peak times exp(-2 r^2/w^2) over the plane; half of it lies within FWHM/2."""
    spot = Spot(profile="gaussian", fwhm=20.0)
    w = spot.beam_radius
    peak = float(spot.fluence_uj_per_cm2(3.0))  # uJ/cm^2
    energy_uj, _ = quad(lambda r: peak * math.exp(-2 * (r / w) ** 2) * 2 * math.pi * r, 0, 12 * w)
    assert 1e3 * energy_uj * 1e-8 == pytest.approx(3.0, rel=1e-9)
    assert math.exp(-2 * (10.0 / w) ** 2) == pytest.approx(0.5, rel=1e-12)
    assert spot.pulse_energy_nj(peak) == pytest.approx(3.0, rel=1e-12)


def test_pump_uses_the_same_spot() -> None:
    pump = Pump(wavelength=0.532, cross_section_cm2=3.6e-14, profile="top_hat", beam_radius=500.0)
    assert pump.spot == Spot(profile="top_hat", radius=500.0)
    assert pump.power_mw(19.0986) == pytest.approx(150.0, rel=1e-5)


@pytest.mark.parametrize("shape", ["gaussian", "sech2", "rectangle"])
def test_peak_power_integrates_to_the_energy(shape: str) -> None:
    train = PulseTrain(repetition_rate_khz=1.0, pulse_fwhm_ns=5.0, pulse_shape=shape)
    peak = float(train.peak_power_w(40.0))
    forms = {
        "gaussian": lambda t: math.exp(-4 * math.log(2) * (t / 5) ** 2),
        "sech2": lambda t: math.cosh(2 * math.acosh(math.sqrt(2)) * t / 5) ** -2,
        "rectangle": lambda t: float(abs(t) <= 2.5),
    }
    energy, _ = quad(lambda t: peak * forms[shape](t), -60, 60, points=[-2.5, 0, 2.5], limit=400)
    assert energy == pytest.approx(40.0, rel=1e-8)  # W ns = nJ
    assert forms[shape](2.5) == pytest.approx(0.5 if shape != "rectangle" else 1.0)


def test_power_energy_and_quasi_cw_fluence() -> None:
    """66.9 kW/cm^2 over 7 ns: 0.468 mJ/cm^2. 1 mW at 1 kHz: 1 uJ per pulse."""
    train = PulseTrain(repetition_rate_khz=0.1, pulse_fwhm_ns=7.0, pulse_shape="rectangle")
    assert float(train.fluence_uj_per_cm2(66.9e3)) == pytest.approx(468.3, abs=0.05)
    assert train.peak_intensity_w_per_cm2(468.3) == pytest.approx(66.9e3, rel=1e-4)
    kilo = PulseTrain(repetition_rate_khz=1.0, pulse_fwhm_ns=1e-4)
    assert float(kilo.pulse_energy_nj(1.0)) == pytest.approx(1000.0)
    powers = np.array([0.1, 2.0])
    np.testing.assert_allclose(kilo.average_power_mw(kilo.pulse_energy_nj(powers)), powers)
    assert kilo.duty_cycle == pytest.approx(1e-10)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Spot(profile="gaussian"), "spot: must have exactly one of"),
        (lambda: Spot(profile="gaussian", radius=1, diameter=2), "got radius, diameter"),
        (lambda: Spot(profile="top_hat", fwhm=1.0), "fwhm: must be left out for a top hat"),
        (lambda: Spot(profile="top_hat", radius=-1.0), "greater than 0"),
        (
            lambda: Spot(profile="top_hat", radius=1.0).fluence_uj_per_cm2(-1.0),
            "pulse_energy_nj: must be >= 0, got -1",
        ),
        (
            lambda: PulseTrain(repetition_rate_khz=1e6, pulse_fwhm_ns=7.0),
            "pulse_fwhm_ns: must be shorter than the distance",
        ),
        (
            lambda: PulseTrain(repetition_rate_khz=1.0, pulse_fwhm_ns=7.0).pulse_energy_nj(-1),
            "average_power_mw: must be >= 0",
        ),
    ],
)
def test_bad_pump_units(call: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()  # type: ignore[operator]
