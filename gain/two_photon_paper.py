"""The two-photon pumped two-mirror laser of the quantum shell review: paper, model, verdict.

D. Nazar et al., Nanoscale (2025), doi:10.1039/D4NR04653F, figure 7: quantum shells with an 8.2 nm
core on a colour-selective mirror, a PMMA spacer on the other, pumped at 1.55 eV. Pulse length and
spacer are not printed; the verdicts say what they assume.
"""

from __future__ import annotations

from cavities.constants import HC_EV_UM
from gain.paper_verdict import PaperVerdict
from gain.two_mirror import TwoMirrorResonator, linewidth_nm
from gain.two_photon import TwoPhotonPump

__all__ = ["two_photon_verdicts"]

PUMP_ENERGY_EV = 1.55
"""Photon energy of the pump (eV), text on figure 7."""
LINE_ENERGY_EV = 1.80
"""Energy of the laser line (eV), figure 7c."""
LINEWIDTH_MEV = 0.770
"""Printed width of the laser line (meV), also as 0.3 nm."""
THRESHOLD_MJ_PER_CM2 = 1.1
"""Printed threshold (mJ/cm^2, text; the axis of figure 7c says uJ)."""
LARGEST_CROSS_SECTION_GM = 1e7
"""'Up to' two-photon cross-section of quantum shells (GM), text."""
GAIN_THRESHOLD_EXCITONS = 1.4
"""Excitons per shell at the gain threshold printed for nanopillar lasers of such shells."""


def two_photon_verdicts(
    *,
    pulse_fwhm_fs: tuple[float, float] = (100.0, 300.0),
    group_index: float = 1.8,
    effective_length: float = 2.0,
) -> tuple[PaperVerdict, ...]:
    """Return the printed numbers of the two-mirror laser beside the model.

    Args:
        pulse_fwhm_fs: pump pulse lengths to compare, Gaussian (fs); not printed.
        group_index: of film and spacer; guess.
        effective_length: of the cavity, with the mirrors' penetration (um); guess.

    Example:
        >>> for line in two_photon_verdicts():
        ...     print(line.quantity, "|", line.model)
        width of the laser line (nm) | 0.295 nm, Q = 2338
        excitons per shell at 1.1 mJ/cm^2 | 6.5 (100 fs) to 2.2 (300 fs) at 1e+07 GM
        cross-section for 1.4 excitons (GM) | 2.1e+06 (100 fs) to 6.4e+06 (300 fs)
        free spectral range (nm) | 65.9 nm for n_g = 1.8 and 2 um; mirrors of 98.61 %
        axis of the threshold curve (uJ) | 1.1 mJ/cm^2 from the text
    """
    wavelength = HC_EV_UM / LINE_ENERGY_EV
    width = linewidth_nm(LINEWIDTH_MEV, LINE_ENERGY_EV)
    quality = 1e3 * LINE_ENERGY_EV / LINEWIDTH_MEV
    pumps = [
        TwoPhotonPump(
            wavelength=HC_EV_UM / PUMP_ENERGY_EV,
            pulse_fwhm_fs=length,
            cross_section_gm=LARGEST_CROSS_SECTION_GM,
        )
        for length in pulse_fwhm_fs
    ]
    excitons = [float(pump.excitons(THRESHOLD_MJ_PER_CM2)) for pump in pumps]
    needed = [
        pump.cross_section_for(GAIN_THRESHOLD_EXCITONS, THRESHOLD_MJ_PER_CM2) for pump in pumps
    ]
    mirror = TwoMirrorResonator.reflectance_for(
        quality, wavelength=wavelength, group_index=group_index, effective_length=effective_length
    )
    cavity = TwoMirrorResonator(
        wavelength=wavelength,
        group_index=group_index,
        effective_length=effective_length,
        reflectance_1=mirror,
        reflectance_2=mirror,
    )

    def span(values: list[float], style: str) -> str:
        first, last = (
            f"{value:{style}} ({length:g} fs)"
            for value, length in zip(values, pulse_fwhm_fs, strict=True)
        )
        return f"{first} to {last}"

    return (
        PaperVerdict(
            quantity="width of the laser line (nm)",
            paper="770 ueV (0.3 nm) at 1.80 eV",
            model=f"{width:.3f} nm, Q = {quality:.0f}",
            value=width,
            judgement="agrees",
            reason="Of the line above threshold: not the cold cavity's Q.",
        ),
        PaperVerdict(
            quantity="excitons per shell at 1.1 mJ/cm^2",
            paper="threshold 1.1 mJ/cm^2, up to 1e7 GM",
            model=f"{span(excitons, '.1f')} at {LARGEST_CROSS_SECTION_GM:.0e} GM",
            value=excitons[0],
            judgement="compatible",
            reason="N = (delta/2) (F/h nu)^2 sqrt(2 ln 2/pi)/t; the pulse length is not printed.",
        ),
        PaperVerdict(
            quantity="cross-section for 1.4 excitons (GM)",
            paper="up to 1e7 GM",
            model=span(needed, ".1e"),
            value=needed[0],
            judgement="compatible",
            reason="Below the largest cross-section for either pulse.",
        ),
        PaperVerdict(
            quantity="free spectral range (nm)",
            paper="one line, several at higher pump",
            model=(
                f"{cavity.free_spectral_range_nm:.1f} nm for n_g = {group_index:g} and "
                f"{effective_length:g} um; mirrors of {100 * mirror:.2f} %"
            ),
            value=cavity.free_spectral_range_nm,
            judgement="not testable",
            reason="The spacer is not printed; the mode spacing would give it.",
        ),
        PaperVerdict(
            quantity="axis of the threshold curve (uJ)",
            paper="0.8 to 1.2 uJ on the axis, 1.1 mJ/cm^2 in the text",
            model="1.1 mJ/cm^2 from the text",
            value=THRESHOLD_MJ_PER_CM2,
            judgement="not testable",
            reason="The axis gives an energy without the spot: 1.1 uJ is 1.1 mJ/cm^2 on 1e-3 cm^2.",
        ),
    )
