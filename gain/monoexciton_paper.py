"""Mono-exciton lasing of shells, platelets and dots: paper, model, verdict.

C. Kersuzan et al., HAL hal-05014673 (2025), figures 1 and 6 and what the text says of cavities of
low quality. The supporting information (sizes, cross-sections, lifetimes) is not public. Exposure,
modes, and figures 2 to 5 are compared in notebooks/parabolic_su8_microdisk.ipynb.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from gain.ase import ase_threshold, minimum_concentration_per_cm3
from gain.ase_stripe import AseStripe
from gain.dynamic_threshold import net_gain_threshold
from gain.exciton_kinetics import ExcitonKinetics
from gain.kinetics_presets import kinetics_preset
from gain.laser_model import LaserModel
from gain.laser_modes import LaserModes
from gain.merit_curve import branch_jump, threshold_curve
from gain.mode_competition import ModeCompetition, mode_shares
from gain.nanocrystal_medium import NanocrystalMedium
from gain.paper_verdict import PaperVerdict
from gain.presets import nanoplatelets, quantum_dots, quantum_shells
from gain.pulse_shape import GaussianPulse, InstantPulse

__all__ = ["monoexciton_verdicts"]

PULSES_NS: Final = (1.0, 5.0)
"""Pulse lengths of a Q-switched 532 nm laser; the length is not printed."""
QUALITY_FACTOR, MERIT, SPACING_NM = 6000.0, 50.0, 4.05
"""Printed lower bound of Q; a figure of merit that puts the threshold near 0.3; 20 um disks."""
FIRST_MODE_LEADS_TO, THRESHOLD_6C = 10.0, 0.3
STRIPE = AseStripe(length=3000.0)


def monoexciton_verdicts(
    shells: NanocrystalMedium | None = None, kinetics: ExcitonKinetics | None = None
) -> tuple[PaperVerdict, ...]:
    """Return the printed statements on ASE, media and kinetics beside the model.

    Args:
        shells: the quantum shells; None: the preset `quantum_shells`.
        kinetics: their decay rates; None: the preset `microdisk_shells`.

    Example:
        >>> for line in monoexciton_verdicts()[:3]:
        ...     print(line.quantity, "|", line.model, "|", line.judgement)
        ASE wavelength at low concentration (nm from the emission peak) | -21.1 nm | agrees
        ASE wavelength at high concentration (nm from the emission peak) | +15.8 nm | agrees
        ASE threshold with concentration (absorbed photons) | 3.56 to 0.28 | agrees
    """
    medium = quantum_shells() if shells is None else shells
    rates = kinetics_preset("microdisk_shells") if kinetics is None else kinetics
    return (*_ase(medium), *_media(), *_cavities(medium), *_above(medium, rates))


def _ase(shells: NanocrystalMedium) -> tuple[PaperVerdict, ...]:
    lowest = minimum_concentration_per_cm3(STRIPE, shells)
    found = ase_threshold(STRIPE, shells, concentration_per_cm3=[1.2 * lowest, 50 * lowest])
    blue, red = (float(x) for x in found.redshift_nm)
    many, few = (float(x) for x in found.absorbed_photons)
    jump = branch_jump(shells)
    turn = math.nan if jump is None else jump.figure_of_merit
    product = lowest * shells.cross_section_cm2 * STRIPE.length * 1e-4
    return (
        PaperVerdict(
            quantity="ASE wavelength at low concentration (nm from the emission peak)",
            paper="always blue of the exciton's emission (figure 1a)",
            model=f"{blue:+.1f} nm",
            value=blue,
            judgement="agrees",
            reason="1.2 C_min: only the biexciton's line has enough gain.",
        ),
        PaperVerdict(
            quantity="ASE wavelength at high concentration (nm from the emission peak)",
            paper="shifts to longer wavelengths",
            model=f"{red:+.1f} nm",
            value=red,
            judgement="agrees",
            reason=f"50 C_min; the line jumps to the exciton's red wing at {turn:.2f} C_min. "
            "Solubility limits the paper's range.",
        ),
        PaperVerdict(
            quantity="ASE threshold with concentration (absorbed photons)",
            paper="falls (figure 1c), abruptly above C_min",
            model=f"{many:.2f} to {few:.2f}",
            value=few,
            judgement="agrees",
            reason="From 1.2 to 50 C_min.",
        ),
        PaperVerdict(
            quantity="C_min sigma_0 L",
            paper="C_min inversely proportional to sigma_0 (figure 1d)",
            model=f"{product:.2f}",
            value=product,
            judgement="agrees",
            reason="Exact for one criterion g L = kappa, here 1 as in the paper; where amplified "
            "and spontaneous light are equal kappa is 5 to 10.",
        ),
    )


def _media() -> tuple[PaperVerdict, ...]:
    platelets, dots, shells = nanoplatelets(), quantum_dots(), quantum_shells()
    curve = threshold_curve(platelets, [20.0, 100.0])
    most, least = (float(x) for x in curve.absorbed_photons)
    near, far = (float(x) for x in curve.redshift_nm)
    areas = _smallest_areas(100.0)
    ratio = dots.peak_gain_per_cm / shells.peak_gain_per_cm
    lasing = threshold_curve(dots, [ratio * MERIT])
    photons, shift = float(lasing.absorbed_photons[0]), float(lasing.redshift_nm[0])
    return (
        PaperVerdict(
            quantity="lowest thresholds of platelets (absorbed photons)",
            paper="above 2 (figure 6b)",
            model=f"{least:.1f} to {most:.1f} for K = 100 to 20",
            value=least,
            judgement="compatible",
            reason=f"{platelets.coherence_areas} coherence areas, from a guessed 100 nm^2; above 2 "
            f"takes at least {areas} of them at K = 100. The printed numbers use a calculated "
            "cross-section.",
        ),
        PaperVerdict(
            quantity="wavelength of platelet lasers (nm from the emission peak)",
            paper="+10 to +25 nm at the lowest thresholds, then towards 0",
            model=f"{far:+.1f} nm (K = 100), {near:+.1f} nm (K = 20)",
            value=far,
            judgement="compatible",
            reason="The trend agrees; how far depends on the line width (guessed 21 nm) and on K.",
        ),
        PaperVerdict(
            quantity="threshold of dots with the Q of the shells (absorbed photons)",
            paper="no dots lased",
            model=f"{photons:.2f} at {shift:+.0f} nm",
            value=photons,
            judgement="disagrees",
            reason=f"With guessed density and cross-section K is {ratio:.2f} times that of the "
            "shells. No lasing at any pump takes K < 1: a lower sigma_0 (supporting information, "
            "not public) is not enough by itself, rougher films must spoil Q, too.",
        ),
    )


def _smallest_areas(merit: float) -> int:
    """Fewest coherence areas for which the threshold is above two photons."""
    for areas in range(1, 51):
        curve = threshold_curve(nanoplatelets(coherence_areas=areas), [merit])
        if curve.absorbed_photons[0] > 2:
            return areas
    return 50


def _cavities(shells: NanocrystalMedium) -> tuple[PaperVerdict, ...]:
    curve = threshold_curve(shells, [3.0, MERIT])
    poor, good = (float(x) for x in curve.absorbed_photons)
    blue = float(curve.redshift_nm[0])
    return (
        PaperVerdict(
            quantity="wavelength of cavities of low quality (nm from the emission peak)",
            paper="blue of the exciton's emission, thresholds up to 20 times higher",
            model=f"{blue:+.1f} nm, {poor / good:.1f} times the threshold (K = 3 and {MERIT:g})",
            value=blue,
            judgement="compatible",
            reason="A prediction for K below about 5 at any width and Stokes shift; which K the "
            "poor cavities had is not known.",
        ),
    )


def _above(shells: NanocrystalMedium, kinetics: ExcitonKinetics) -> tuple[PaperVerdict, ...]:
    modes = LaserModes.comb(
        shells.emission_wavelength,
        spacing_nm=SPACING_NM,
        count=17,
        quality_factor=QUALITY_FACTOR,
        figure_of_merit=MERIT,
    )
    ladder = kinetics.changed(max_excitons=max(kinetics.max_excitons, 20))
    model = LaserModel(medium=shells, kinetics=kinetics, modes=modes)
    full = LaserModel(medium=shells, kinetics=ladder, modes=modes)
    pumps = np.geomspace(0.2, 20, 26)
    runs = [mode_shares(model, GaussianPulse(fwhm_ns=t), pumps) for t in PULSES_NS]
    short = mode_shares(full, InstantPulse(), pumps)
    starts = [run.curve.net_gain_threshold for run in runs]
    static = net_gain_threshold(model, InstantPulse()).absorbed_photons
    lead = [run.first_leads_to for run in runs]
    blue = [float(np.nanmin(run.leading_redshift_nm)) for run in runs]
    turn = short.turns_blue_at
    return (
        PaperVerdict(
            quantity="threshold of the cavity of figure 6c (absorbed photons)",
            paper=f"about {THRESHOLD_6C:g}",
            model=f"{static:.3f} (femtosecond), " + _each(starts, ".3f"),
            value=starts[0],
            judgement="compatible",
            reason=f"K = {MERIT:g} and the lifetimes are guesses: one number fitted by one number. "
            "Nanosecond pulses raise the threshold by decay during the pulse.",
        ),
        PaperVerdict(
            quantity="pump up to which the first mode leads (absorbed photons)",
            paper=f"about {FIRST_MODE_LEADS_TO:g} (figures 6c, d)",
            model=_each(lead, ".1f"),
            value=max(lead),
            judgement="disagrees",
            reason="The lead then passes to a neighbour in the blue, still on the red side, "
            f"{FIRST_MODE_LEADS_TO / max(lead):.1f} to {FIRST_MODE_LEADS_TO / min(lead):.1f} times "
            "too early. Longer pulses keep it longer; neither pulse length nor lifetimes are "
            "printed.",
        ),
        PaperVerdict(
            quantity="bluest leading mode under nanosecond pulses (nm from the emission peak)",
            paper="red side at every pump (figures 6c, d)",
            model=_each(blue, "+.1f") + f", to N = {pumps[-1]:g}",
            value=min(blue),
            judgement="agrees" if min(blue) > 0 else "disagrees",
            reason="Stimulated emission holds the populations near threshold during the pulse.",
        ),
        PaperVerdict(
            quantity="pump at which femtosecond pulses turn the laser blue (absorbed photons)",
            paper="not measured",
            model=_turn(turn, short),
            value=turn,
            judgement="not testable",
            reason="A prediction: all excitons are there before the first photon. It holds for K "
            "up to about 50; better cavities stay red.",
        ),
    )


def _each(values: Sequence[float], style: str) -> str:
    pairs = zip(values, PULSES_NS, strict=True)
    return ", ".join(f"{value:{style}} ({t:g} ns)" for value, t in pairs)


def _turn(pump: float, run: ModeCompetition) -> str:
    if math.isnan(pump):
        return f"never up to N = {run.absorbed_photons[-1]:g}"
    return f"{pump:.1f}"
