"""The paper's numbers: as printed, recomputed, and with nothing tuned to meet them."""

from __future__ import annotations

import math

import pytest

from cavities.constants import HC_EV_NM
from gain import absorbed_photons_per_dot, paper_laser, paper_oscillators, photon_laser_threshold
from gain import polariton_paper_verdicts as verdicts
from gain.paper_verdict import verdict_frame, verdict_text
from gain.polariton_paper import ASSUMED, PRINTED, assumed
from gain.polariton_paper_verdicts import EVIDENCE


def value(quantity: str) -> float:
    return next(line.value for line in verdicts() if line.quantity == quantity)


def judgement(quantity: str) -> str:
    return next(line.judgement for line in verdicts() if line.quantity == quantity)


def test_lines_and_quality_factor() -> None:
    """1239.842 (1/601.6 - 1/636.5) eV = 113.0 meV; 601/0.65 = 924.6."""
    shift = "distance of the X and XX lines (meV)"
    assert value(shift) == pytest.approx(1239.84198e3 * (1 / 601.6 - 1 / 636.5), rel=1e-8)
    assert value(shift) == pytest.approx(113.0, abs=0.05)
    assert value("quality factor from the linewidth") == pytest.approx(925, abs=0.5)


def test_lower_polariton_is_not_at_601_nm() -> None:
    """(2.063 + 2.09)/2 - sqrt(45^2 + 27^2) meV/2 = 2.0503 eV = 604.7 nm; 603.5 with 592 nm."""
    by_hand = (2.063 + 2.09) / 2 - 5e-4 * math.hypot(45, 27)
    lower = float(paper_oscillators().branches(angle_deg=0.0).lower)
    assert lower == pytest.approx(by_hand, rel=1e-14)
    assert HC_EV_NM / lower == pytest.approx(604.7, abs=0.05)
    other = paper_oscillators(exciton_energy_ev=HC_EV_NM / 592).branches(angle_deg=0.0)
    assert HC_EV_NM / float(other.lower) == pytest.approx(603.5, abs=0.05)
    assert judgement("lower polariton at k = 0 (nm)") == "disagrees"
    gap = 1e3 * (HC_EV_NM / 601 - lower)
    assert gap == pytest.approx(12.7, abs=0.05)
    bare = float(paper_oscillators().branches(angle_deg=0.0).photon_energy_ev[0])
    assert HC_EV_NM / bare == pytest.approx(601.0, abs=0.05)


def test_detuning_that_601_nm_would_need() -> None:
    """Secular equation at 2.0630 eV with Om = 45: -8 meV (2.09), -15 meV (592 nm)."""
    for exciton, expected in ((2.09, -8.0), (HC_EV_NM / 592, -15.0)):
        depth = exciton - HC_EV_NM / 601
        detuning = 1e3 * ((0.045**2 / 4) / depth - depth)
        assert detuning == pytest.approx(expected, abs=0.6)


def test_photon_number_per_dot() -> None:
    """9.87e13 photons/cm^2 over 5.87e17 dots/cm^3 times 0.8 um."""
    incident = 49e-6 / (6.62607015e-34 * 299792458 / 400e-9)
    assert incident == pytest.approx(9.87e13, rel=1e-3)
    density = 0.6 / (math.pi / 6 * 12.5e-7**3)
    assert absorbed_photons_per_dot(absorbed_share=1.0) == pytest.approx(
        incident / (density * 0.8e-4), rel=1e-9
    )
    assert absorbed_photons_per_dot(absorbed_share=1.0) == pytest.approx(2.1, abs=0.01)
    assert absorbed_photons_per_dot() == pytest.approx(1.7, abs=0.03)


def test_photon_lasing_is_possible_at_the_printed_threshold() -> None:
    """Over the plausible widths and Q the biexciton threshold is at or below 49 uJ/cm^2."""
    for width in (60.0, 90.0, 110.0):
        for quality in (500.0, 925.0, 3000.0):
            found = photon_laser_threshold(line_fwhm_mev=width, cold_quality_factor=quality)
            assert 0.3 < found["absorbed_photons"] < 1.6
            assert found["fluence_uj_per_cm2"] < 49
    assert "do not decide" in EVIDENCE


def test_laser_numbers() -> None:
    laser = paper_laser()
    assert laser.condensate_lifetime_ps == pytest.approx(0.39, abs=0.005)
    assert value("ratio of the S-curve's slopes") == pytest.approx(18_001)
    assert float(laser.occupation(1.0)) == pytest.approx(134, abs=0.5)
    assert value("shortening of the lifetime") == pytest.approx(19.1, abs=0.05)
    assert value("blueshift as saturation, n/n_s") == pytest.approx(0.30, abs=0.005)
    assert value("exciton width at which strong coupling ends (meV)") == pytest.approx(92, abs=0.3)


def test_every_number_has_its_source() -> None:
    assert all(number.where for number in (*PRINTED.values(), *ASSUMED.values()))
    starts = ("guess", "computed", "stand-in", "derived", "measured")
    assert all(number.where.startswith(starts) for number in ASSUMED.values())
    with pytest.raises(ValueError, match="assumed: must name one of"):
        assumed(fill=0.5)


def test_table_and_text() -> None:
    lines = verdicts()
    frame = verdict_frame(lines)
    assert len(frame) == len(lines) >= 17
    assert set(frame["judgement"]) == {"agrees", "disagrees", "compatible", "not testable"}
    assert "604.7 nm" in verdict_text(lines)
