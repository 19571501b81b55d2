"""Pump conversions, lineic loss and the figure of merit: published numbers and round trips."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cavities.constants import HC_J_UM, SPEED_OF_LIGHT_UM_PER_S
from gain import (
    Pump,
    figure_of_merit,
    free_spectral_range_nm,
    gaussian_overlap,
    lineic_loss_per_cm,
    photon_lifetime_ps,
    quality_factor_for,
)


@pytest.mark.parametrize(
    ("wavelength", "quality", "index", "loss", "lifetime"),
    [(0.650, 6000, 1.6, 25.8, 2.07), (0.601, 925, 1.85, 209, 0.295), (0.689, 2300, 1.8, 71, 0.84)],
)
def test_lineic_losses(
    wavelength: float, quality: float, index: float, loss: float, lifetime: float
) -> None:
    found = float(lineic_loss_per_cm(wavelength, quality, index))
    assert found == pytest.approx(loss, abs=0.5 if loss > 30 else 0.05)
    assert float(photon_lifetime_ps(wavelength, quality)) == pytest.approx(lifetime, abs=0.005)


@given(st.floats(0.3, 2), st.floats(1e2, 1e9), st.floats(1, 4))
def test_lineic_loss_is_the_temporal_rate_times_n_over_c(
    wavelength: float, quality: float, index: float
) -> None:
    """omega/Q n/c, in 1/um times 1e4: the dimension that the printed formula gets wrong."""
    omega = 2 * math.pi * SPEED_OF_LIGHT_UM_PER_S / wavelength
    expected = 1e4 * omega / quality * index / SPEED_OF_LIGHT_UM_PER_S
    assert float(lineic_loss_per_cm(wavelength, quality, index)) == pytest.approx(expected)


def test_figure_of_merit_of_the_film_example() -> None:
    """Q = 6000, C = 3.5e17 cm^-3, sigma_0 = 5e-15 cm^2, n = 1.6: K = 68 Gamma."""
    peak = 3.5e17 * 5e-15
    for gamma in (1.0, 0.3):
        k = float(figure_of_merit(0.65, 6000, 1.6, peak_gain_per_cm=peak, confinement=gamma))
        assert k == pytest.approx(68 * gamma, rel=2e-3)


@given(
    st.floats(0.1, 1e6), st.floats(0.4, 1.6), st.floats(1, 3), st.floats(1, 1e5), st.floats(0.01, 1)
)
def test_quality_factor_inverts_the_figure_of_merit(
    k: float, wavelength: float, index: float, peak: float, gamma: float
) -> None:
    q = quality_factor_for(k, wavelength, index, peak_gain_per_cm=peak, confinement=gamma)
    back = figure_of_merit(wavelength, q, index, peak_gain_per_cm=peak, confinement=gamma)
    assert float(back) == pytest.approx(k, rel=1e-12)


def test_free_spectral_range_of_the_disks() -> None:
    """10, 20, 30 um at 640 nm, n_g = 1.6105: 8.1, 4.05, 2.7 nm."""
    found = [free_spectral_range_nm(0.640, d, 1.6105) for d in (10.0, 20.0, 30.0)]
    assert found == pytest.approx([8.1, 4.05, 2.7], abs=0.01)


def test_one_photon_per_nanocrystal() -> None:
    """F = h nu/sigma_p, halved by a field factor of 2, doubled by an overlap of 1/2."""
    pump = Pump(wavelength=0.532, cross_section_cm2=3.6e-14)
    expected = 1e6 * HC_J_UM / 0.532 / 3.6e-14
    assert float(pump.fluence_uj_per_cm2(1.0)) == pytest.approx(expected)
    assert float(pump.changed(field_factor=2.0).fluence_uj_per_cm2(1)) == pytest.approx(
        expected / 2
    )
    assert float(pump.changed(overlap=0.5).fluence_uj_per_cm2(1)) == pytest.approx(2 * expected)


@pytest.mark.parametrize(
    ("fluence", "cross_section", "photons"), [(5.3, 1.81e-13, 1.93), (4.0, 1.74e-13, 1.4)]
)
def test_published_fluences_at_400_nm(fluence: float, cross_section: float, photons: float) -> None:
    """Shells, doi:10.1039/D4NR04653F: 5.3 and 4 uJ/cm^2 with computed cross-sections."""
    pump = Pump(wavelength=0.400, cross_section_cm2=cross_section)
    found = float(pump.absorbed_photons(fluence_uj_per_cm2=fluence))
    assert found == pytest.approx(photons, abs=6e-3)


def test_cw_intensity() -> None:
    """W tau = 0.2741, sigma = 3.6e-14 cm^2, tau = 20 ns, 532 nm: 142 W/cm^2."""
    pump = Pump(kind="cw", wavelength=0.532, cross_section_cm2=3.6e-14, lifetime_ns=20.0)
    intensity = float(pump.intensity_w_per_cm2(0.2741))
    assert intensity == pytest.approx(142, abs=0.5)
    back = float(pump.absorbed_photons(intensity_w_per_cm2=intensity))
    assert back == pytest.approx(0.2741, rel=1e-12)


@given(st.floats(1e-6, 1e3), st.floats(0.2, 5), st.floats(0.01, 1))
def test_fluence_round_trip(photons: float, field: float, overlap: float) -> None:
    pump = Pump(wavelength=0.532, cross_section_cm2=1e-14, field_factor=field, overlap=overlap)
    fluence = pump.fluence_uj_per_cm2(photons)
    back = float(pump.absorbed_photons(fluence_uj_per_cm2=fluence))
    assert back == pytest.approx(photons, rel=1e-12)


@pytest.mark.parametrize(
    ("profile", "radius", "milliwatt", "intensity"),
    [
        ("top_hat", 500.0, 150, 19.10),
        ("top_hat", 500.0, 250, 31.83),
        ("top_hat", 1000.0, 150, 4.77),
        ("gaussian", 500.0, 150, 38.20),
    ],
)
def test_spot_conventions(profile: str, radius: float, milliwatt: float, intensity: float) -> None:
    """Powers on a 1 mm spot: top hat of 1 mm diameter, or a Gaussian's peak, 2 P/(pi w^2)."""
    pump = Pump(
        kind="cw",
        wavelength=0.532,
        cross_section_cm2=1e-14,
        lifetime_ns=3.5,
        profile=profile,
        beam_radius=radius,
    )
    assert float(pump.power_mw(intensity)) == pytest.approx(milliwatt, rel=2e-3)


def test_gaussian_energy_is_the_integral_of_its_fluence() -> None:
    pump = Pump(wavelength=0.532, cross_section_cm2=1e-14, beam_radius=12.0)
    r = np.linspace(0, 80, 200_001)  # um
    fluence = 10.0 * np.exp(-2 * (r / 12.0) ** 2)  # uJ/cm^2
    energy_nj = 1e3 * np.trapezoid(2 * np.pi * r * fluence, r) * 1e-8
    assert float(pump.pulse_energy_nj(10.0)) == pytest.approx(energy_nj, rel=1e-8)


def test_gaussian_overlap_of_the_rim() -> None:
    assert gaussian_overlap(0.0, 5.0) == 1.0
    assert gaussian_overlap(5.0, 5.0) == pytest.approx(math.exp(-2))
