"""Two-photon pumping by quadrature over the pulse; the resonator by its round trip."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cavities.constants import HC_J_UM, SPEED_OF_LIGHT_UM_PER_S
from gain import TwoMirrorResonator, TwoPhotonPump, two_photon_verdicts
from gain.two_mirror import linewidth_mev, linewidth_nm, mirror_penetration


@pytest.mark.parametrize("shape", ["gaussian", "sech2", "rectangle"])
def test_excitons_by_quadrature_over_the_pulse(shape: str) -> None:
    """N = int delta Phi(t)^2/2 dt with a flux whose integral is F/h nu."""
    fwhm, fluence, delta = 120e-15, 1.1e-3, 1e7 * 1e-50
    time = np.linspace(-40 * fwhm, 40 * fwhm, 800_001)
    if shape == "gaussian":
        pulse = np.exp(-4 * math.log(2) * (time / fwhm) ** 2)
    elif shape == "sech2":
        pulse = 1 / np.cosh(np.minimum(np.abs(2 * np.arccosh(np.sqrt(2)) * time / fwhm), 300)) ** 2
    else:
        pulse = (np.abs(time) <= fwhm / 2).astype(float)
    step = time[1] - time[0]
    flux = pulse / (pulse.sum() * step) * fluence * 0.8 / HC_J_UM
    expected = 0.5 * delta * np.sum(flux**2) * step
    pump = TwoPhotonPump(
        wavelength=0.8,
        pulse_fwhm_fs=120,
        cross_section_gm=1e7,
        pulse_shape=shape,
    )
    assert float(pump.excitons(1.1)) == pytest.approx(expected, rel=2e-4)


@given(fluence=st.floats(0.01, 10), length=st.floats(10, 1e4), field=st.floats(0.2, 5))
def test_scaling_and_inverse(fluence: float, length: float, field: float) -> None:
    """Quadratic in fluence and field factor, inverse in the pulse length."""
    pump = TwoPhotonPump(wavelength=0.8, pulse_fwhm_fs=length, cross_section_gm=1e6)
    n = float(pump.excitons(fluence))
    assert float(pump.excitons(2 * fluence)) == pytest.approx(4 * n)
    assert float(pump.changed(field_factor=field).excitons(fluence)) == pytest.approx(field**2 * n)
    assert float(pump.changed(pulse_fwhm_fs=2 * length).excitons(fluence)) == pytest.approx(n / 2)
    assert float(pump.fluence_mj_per_cm2(n)) == pytest.approx(fluence)
    assert pump.cross_section_for(n, fluence) == pytest.approx(1e6)


def test_excitons_of_the_two_mirror_laser() -> None:
    """1.1 mJ/cm^2 at 1.55 eV and 1e7 GM: 6.5 (100 fs) and 2.2 excitons (300 fs) per shell."""
    for length, expected in ((100.0, 6.5), (300.0, 2.2)):
        pump = TwoPhotonPump(wavelength=1.239842 / 1.55, pulse_fwhm_fs=length, cross_section_gm=1e7)
        assert float(pump.excitons(1.1)) == pytest.approx(expected, abs=0.05)
        needed = pump.cross_section_for(1.4, 1.1)
        assert needed == pytest.approx({100.0: 2.15e6, 300.0: 6.45e6}[length], rel=0.01)


@given(
    length=st.floats(0.5, 50),
    first=st.floats(0.8, 0.9999),
    second=st.floats(0.8, 0.9999),
    loss=st.floats(0, 100),
)
def test_resonator_relations(length: float, first: float, second: float, loss: float) -> None:
    """Q = omega tau; linewidth = c/(2 pi tau); finesse; gain at threshold cancels the loss."""
    cavity = TwoMirrorResonator(
        wavelength=0.6888,
        group_index=1.8,
        effective_length=length,
        reflectance_1=first,
        reflectance_2=second,
        loss_per_cm=loss,
    )
    alpha = 1e-4 * loss
    left = first * second * math.exp(-2 * alpha * length)
    trip = 2 * 1.8 * length / SPEED_OF_LIGHT_UM_PER_S
    lifetime = -trip / math.log(left)
    assert 1e-12 * cavity.photon_lifetime_ps == pytest.approx(lifetime, rel=1e-9)
    width = 0.6888**2 / (2 * math.pi * SPEED_OF_LIGHT_UM_PER_S * lifetime)
    assert cavity.linewidth_nm == pytest.approx(1e3 * width, rel=1e-9)
    assert cavity.finesse == pytest.approx(-2 * math.pi / math.log(left), rel=1e-9)
    gain = 1e-4 * cavity.threshold_gain_per_cm
    assert left * math.exp(2 * gain * length) == pytest.approx(1, rel=1e-9)


def test_reflectance_for_a_quality_factor() -> None:
    mirror = TwoMirrorResonator.reflectance_for(
        2338, wavelength=0.6888, group_index=1.8, effective_length=2.0
    )
    cavity = TwoMirrorResonator(
        wavelength=0.6888,
        group_index=1.8,
        effective_length=2.0,
        reflectance_1=mirror,
        reflectance_2=mirror,
    )
    assert cavity.quality_factor == pytest.approx(2338, rel=1e-12)
    good = 2 * math.pi * 1.8 * 2.0 / (0.6888 * (1 - mirror))
    assert cavity.quality_factor == pytest.approx(good, rel=0.01)
    perfect = cavity.changed(reflectance_1=1.0, reflectance_2=1.0)
    assert math.isinf(perfect.photon_lifetime_ps)


def test_widths_and_penetration() -> None:
    assert linewidth_nm(0.77, 1.80) == pytest.approx(0.295, abs=5e-4)
    assert linewidth_mev(linewidth_nm(0.77, 1.80), 1.80) == pytest.approx(0.77)
    assert mirror_penetration(0.601, 2.30, 1.46) == pytest.approx(0.179, abs=1e-3)
    with pytest.raises(ValueError, match="high_index: must be above"):
        mirror_penetration(0.6, 1.4, 2.3)


def test_verdicts() -> None:
    found = {line.quantity: line for line in two_photon_verdicts()}
    assert found["width of the laser line (nm)"].judgement == "agrees"
    assert found["excitons per shell at 1.1 mJ/cm^2"].value == pytest.approx(6.5, abs=0.05)


def test_bad_input() -> None:
    pump = TwoPhotonPump(wavelength=0.8, pulse_fwhm_fs=100, cross_section_gm=1e7)
    with pytest.raises(ValueError, match="fluence_mj_per_cm2: must be >= 0"):
        pump.excitons(-1.0)
    with pytest.raises(ValueError, match="excitons: must be >= 0"):
        pump.fluence_mj_per_cm2(-1.0)
    with pytest.raises(ValueError, match="must be > 0, got 0 and 1"):
        pump.cross_section_for(0.0, 1.0)
