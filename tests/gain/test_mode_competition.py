"""Competition above threshold: long pulses stay red, femtoseconds turn blue; spectra."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from gain import (
    GaussianPulse,
    InstantPulse,
    LaserModel,
    LaserModes,
    kinetics_preset,
    leading_redshift_map,
    mode_shares,
    output_spectra,
    quantum_shells,
)

SHELLS = kinetics_preset("microdisk_shells")
MODES = LaserModes.comb(
    0.650, spacing_nm=4.05, count=13, quality_factor=6000, figure_of_merit=50, offset_nm=4.05
)
MODEL = LaserModel(medium=quantum_shells(), kinetics=SHELLS, modes=MODES)


@pytest.mark.parametrize(("fwhm", "keeps"), [(1.0, 3.0), (5.0, 5.0)])
def test_nanosecond_pulses_stay_red(fwhm: float, keeps: float) -> None:
    """The prototype: first mode to N = 3 (1 ns) or 5 (5 ns), then the next; never blue to 20."""
    found = mode_shares(MODEL, GaussianPulse(fwhm_ns=fwhm), np.geomspace(0.2, 20, 16))
    assert found.redshift_nm[found.first_mode] == pytest.approx(16.2)
    assert keeps <= found.first_leads_to < 10
    assert np.isnan(found.turns_blue_at)
    assert [round(shift) for _, _, shift in found.leaders()] == [16, 12]


def test_femtosecond_pulses_turn_blue() -> None:
    """The prototype: +12 from N = 0.4, +8 (0.8), +4 (1.5), the biexciton's mode from 5 on."""
    found = mode_shares(MODEL, InstantPulse(), [0.2, 0.32, 0.45, 0.85, 1.6, 3.0, 6.0, 12.0])
    assert [round(shift) for shift in found.leading_redshift_nm[1:]] == [16, 12, 8, 4, 4, -20, -20]
    assert np.isnan(found.leading_redshift_nm[0])
    assert found.turns_blue_at == 6.0
    np.testing.assert_allclose(found.share.sum(axis=1), 1)


def test_the_claim_over_unknown_parameters() -> None:
    """K 25 to 100, Auger 1 to 10 ns, beta 1e-5 to 1e-2: 5 ns pulses never turn blue.

    Femtosecond pulses lase bluer than they, but blue of the emission peak for moderate K only.
    """
    models = []
    for merit in (25.0, 100.0):
        modes = dataclasses.replace(MODES, figure_of_merit=np.full(13, merit))
        for auger in (1.0, 10.0):
            kinetics = kinetics_preset("microdisk_shells", auger_lifetime_ns=auger)
            models += [
                dataclasses.replace(MODEL, modes=modes, kinetics=kinetics, spontaneous=beta)
                for beta in (1e-5, 1e-2)
            ]
    slow = leading_redshift_map(models, GaussianPulse(fwhm_ns=5.0), [1.0, 10.0])
    fast = leading_redshift_map(models, InstantPulse(), [1.0, 10.0])
    assert slow.shape == (8, 2)
    assert (slow > 0).all()
    assert (fast < slow).all()
    assert (fast[:4, 1] < 0).all()  # K = 25
    assert (fast[4:, 1] > 0).all()  # K = 100


def test_poor_cavities_lase_blue() -> None:
    poor = dataclasses.replace(
        MODEL, modes=dataclasses.replace(MODES, figure_of_merit=np.full(13, 4.0))
    )
    found = mode_shares(poor, GaussianPulse(fwhm_ns=1e-3), [0.5, 1.0, 2.0, 4.0])
    assert found.redshift_nm[found.first_mode] < 0
    assert found.leading_redshift_nm[-1] < 0


def test_nothing_lases() -> None:
    weak = dataclasses.replace(
        MODEL, modes=dataclasses.replace(MODES, figure_of_merit=np.full(13, 0.9))
    )
    found = mode_shares(weak, InstantPulse(), [0.1, 1.0, 3.0, 9.0])
    assert found.first_mode is None
    assert np.isnan([found.first_leads_to, found.turns_blue_at]).all()
    assert found.leaders() == []


def test_spectra_hold_every_photon() -> None:
    found = mode_shares(MODEL, InstantPulse(), [0.1, 0.4, 1.0, 4.0]).curve
    x = np.linspace(0.3, 1.0, 700_001)
    spectra = output_spectra(found, x)
    total = np.trapezoid(spectra.per_nm, 1e3 * x, axis=1)
    rates = SHELLS.radiative_rates_per_ns()
    photons = found.output + found.runs.state_time_ns @ rates - found.runs.spontaneous
    np.testing.assert_allclose(total, photons, rtol=2e-3)
    only_modes = output_spectra(found, x, background_share=0.0)
    np.testing.assert_allclose(
        np.trapezoid(only_modes.per_nm, 1e3 * x, axis=1), found.output, rtol=2e-3
    )


def test_spectrum_below_threshold_is_the_emission_line() -> None:
    found = mode_shares(MODEL, InstantPulse(), [0.01, 0.02, 0.03, 0.04]).curve
    x = np.linspace(0.6, 0.7, 2001)
    spectra = output_spectra(found, x, instrument_nm=1.0)
    line = np.exp(-0.5 * ((x - 0.65) / 0.0115) ** 2)
    shape = spectra.background_per_nm[0] / spectra.background_per_nm[0].max()
    np.testing.assert_allclose(shape, line, atol=0.01)
    # area of a Gaussian of standard deviation 11.5 nm
    area = spectra.background_per_nm[0].max() * 11.5 * np.sqrt(2 * np.pi)
    assert area == pytest.approx(0.01, rel=0.03)


def test_peaks_are_as_wide_as_they_are_told() -> None:
    found = mode_shares(MODEL, InstantPulse(), [0.2, 0.3, 0.33, 0.36]).curve
    x = np.linspace(0.6655, 0.6669, 14_001)
    for width, instrument, expected in ((None, 0.0, 0.111), (0.02, 0.0, 0.02), (0.02, 0.1, 0.12)):
        y = output_spectra(found, x, linewidth_nm=width, instrument_nm=instrument).per_nm[-1]
        above = 1e3 * x[y > 0.5 * y.max()]
        assert np.ptp(above) == pytest.approx(expected, rel=0.02)
