"""The CW ASE cuvette of CdZnSe/ZnSe dots: paper, model, verdict.

P. K. Das, N. Dhiman, S. Umapathy and A. Bhardwaj, Opt. Mater. Express (2023): dots in toluene,
pumped continuously at 532 nm, with a lamp or a mirror as feedback; transient absorption after
370 nm pulses. What the paper does not give is varied over a range, see `cuvette_range`.
"""

from __future__ import annotations

import math

import numpy as np

from cavities.constants import HC_EV_NM, HC_J_UM
from gain.cdznse_table import CDZNSE_TABLE, PRINTED_FRACTIONS, unexcited_absorbance
from gain.cw_cuvette import CwCuvette, cdznse_cuvette
from gain.cw_cuvette_range import CuvetteRange, cuvette_range
from gain.cw_cuvette_result import chord_departure, pump_cuvette
from gain.line_shape import GaussianLine
from gain.nanocrystal_samples import nanocrystal
from gain.nanocrystal_sizing import cdse_diameter_nm
from gain.paper_verdict import PaperVerdict
from gain.populations import poisson_populations
from gain.presets import quantum_dots
from gain.transient_absorption import excited_absorbance_ratio

__all__ = ["cuvette_verdicts"]

LAMP_THRESHOLD_MW, MIRROR_THRESHOLD_MW, LARGEST_POWER_MW = 150.0, 250.0, 400.0
"""Pump powers of the printed thresholds and of the largest pump (mW)."""
ABSORPTION_PEAK_NM, EMISSION_PEAK_NM, EMISSION_FWHM_NM = 639.0, 654.0, 34.5
DIAMETER_NM = 6.5
ATOMIC_PERCENT = {"Zn": 67.0, "Cd": 19.0, "Se": 16.0}
PROBE_PUMP_NJ, PROBE_PUMP_WAVELENGTH = 100.0, 0.370
GAIN_DELAY_PS = 0.8


def cuvette_verdicts(cuvette: CwCuvette | None = None) -> tuple[PaperVerdict, ...]:
    """Return the printed numbers of the CW ASE cuvette beside the model.

    Args:
        cuvette: the device; None: `cdznse_cuvette()`.

    Example:
        >>> for line in cuvette_verdicts()[:4]:
        ...     print(line.quantity, "|", line.model, "|", line.judgement)
        intensity of 150 mW (W/cm^2) | 19.10 W/cm^2 | agrees
        intensity of 250 mW (W/cm^2) | 31.83 W/cm^2 | agrees
        mean excitons per dot at 31.8 W/cm^2 | 3.0e-04 to 1.6e-02 | disagrees
        intensity for transparency (W/cm^2) | 1.6e+03 to 1.4e+05 W/cm^2 | disagrees
    """
    device = cdznse_cuvette() if cuvette is None else cuvette
    judged = float(device.intensity_w_per_cm2(MIRROR_THRESHOLD_MW))
    span = cuvette_range(device, intensity_w_per_cm2=judged)
    return (*_pumping(device, span), *_absorption(), *_sample())


def _pumping(device: CwCuvette, span: CuvetteRange) -> tuple[PaperVerdict, ...]:
    low, high = device.intensity_w_per_cm2([LAMP_THRESHOLD_MW, MIRROR_THRESHOLD_MW])
    few, many = span.mean_excitons.min(), span.mean_excitons.max()
    easy, hard = span.transparency_w_per_cm2.min(), span.transparency_w_per_cm2.max()
    first, last = span.shortfall
    reached = span.amplifies
    response = pump_cuvette(device, np.linspace(10.0, LARGEST_POWER_MW, 40))
    lamp = chord_departure(response.power_mw, response.lamp_enhancement)
    mirror = chord_departure(response.power_mw, response.mirror_enhancement)
    gain = float(device.gain_per_cm(device.medium.emission_wavelength, span.intensity_w_per_cm2))
    ase = span.ase_w_per_cm2
    smallest = float(np.nanmin(ase)) if not np.all(np.isnan(ase)) else float("nan")
    return (
        PaperVerdict(
            quantity=f"intensity of {LAMP_THRESHOLD_MW:g} mW (W/cm^2)",
            paper="about 19.1 W/cm^2, threshold with the lamp",
            model=f"{low:.2f} W/cm^2",
            value=float(low),
            judgement="agrees",
            reason="A top hat of 1 mm diameter; a Gaussian of that 1/e^2 diameter has twice that "
            "at its peak.",
        ),
        PaperVerdict(
            quantity=f"intensity of {MIRROR_THRESHOLD_MW:g} mW (W/cm^2)",
            paper="about 31.8 W/cm^2, threshold with the mirror, and the headline",
            model=f"{high:.2f} W/cm^2",
            value=float(high),
            judgement="agrees",
            reason="The abstract's 31 W/cm^2 is the mirror's; the lamp's 19.1 is lower.",
        ),
        PaperVerdict(
            quantity="mean excitons per dot at 31.8 W/cm^2",
            paper="gain, which takes about one",
            model=f"{few:.1e} to {many:.1e}",
            value=float(many),
            judgement="compatible" if reached else "disagrees",
            reason="sigma_p I tau/(h nu) with sigma_532 = 1e-15 to 9.6e-15 cm^2 and lifetimes of "
            "3.5 to 20 ns.",
        ),
        PaperVerdict(
            quantity="intensity for transparency (W/cm^2)",
            paper="below 19.1 and 31.8 W/cm^2",
            model=f"{easy:.1e} to {hard:.1e} W/cm^2",
            value=float(easy),
            judgement="compatible" if reached else "disagrees",
            reason=f"At the emission peak, Stokes shift included: {first:.0f} to {last:.0f} times "
            "the reported intensity.",
        ),
        PaperVerdict(
            quantity="gain at 654 nm and 31.8 W/cm^2 (1/cm)",
            paper="positive",
            model=f"{gain:+.2f} /cm",
            value=gain,
            judgement="agrees" if gain > 0 else "disagrees",
            reason=f"{device.medium.concentration_per_cm3:.2g} dots per cm^3 with sigma_0 = "
            f"{device.medium.cross_section_cm2:.1e} cm^2 absorb; full inversion would give "
            f"{device.medium.peak_gain_per_cm:+.1f} /cm.",
        ),
        PaperVerdict(
            quantity="intensity for g L = 1 (W/cm^2)",
            paper="31 W/cm^2",
            model=f"at least {smallest:.1e} W/cm^2",
            value=smallest,
            judgement="compatible" if smallest <= span.intensity_w_per_cm2 else "disagrees",
            reason="The lowest over all inputs and wavelengths, along "
            f"{device.amplified_length / 1e3:g} mm.",
        ),
        PaperVerdict(
            quantity="departure of the enhancement from a straight line",
            paper="a kink at 150 mW (lamp) and 250 mW (mirror)",
            model=f"{lamp:.0e} (lamp), {mirror:.0e} (mirror)",
            value=max(lamp, mirror),
            judgement="disagrees",
            reason="At 1e-3 to 1e-2 excitons per dot bleaching and returned emission are linear "
            "in the pump; such kinks would give 0.4 and 0.6. What bends the measured curves is not "
            "in this model.",
        ),
    )


def _absorption() -> tuple[PaperVerdict, ...]:
    one, three = CDZNSE_TABLE[1], CDZNSE_TABLE[3]
    ground = unexcited_absorbance()
    excited = float(three.excited_absorbance(GAIN_DELAY_PS, ground))
    ratio = excited_absorbance_ratio(poisson_populations([1.0, 3.0]))
    printed = PRINTED_FRACTIONS[1]
    sphere = nanocrystal("cdse_dot_6.5nm")
    sigma = float(sphere.cross_section_cm2(PROBE_PUMP_WAVELENGTH))
    fluence = HC_J_UM / PROBE_PUMP_WAVELENGTH / sigma
    spot_mm = 10 * math.sqrt(4 * 1e-9 * PROBE_PUMP_NJ / fluence / math.pi)
    return (
        PaperVerdict(
            quantity="fast fraction of the bleach at <N> ~ 1 (%)",
            paper=f"{100 * printed[0]:.1f} % (the three add up to {100 * sum(printed):.1f} %)",
            model=f"{100 * one.fractions[0]:.1f} %",
            value=float(100 * one.fractions[0]),
            judgement="disagrees",
            reason="From the printed amplitudes; the fractions at <N> ~ 3 are right.",
        ),
        PaperVerdict(
            quantity="absorbance at <N> ~ 3 and 0.8 ps from the printed fit (1e-3)",
            paper="negative: gain",
            model=f"{1e3 * excited:+.1f}e-3",
            value=1e3 * excited,
            judgement="disagrees",
            reason="With the A_0 that makes <N> ~ 1 transparent at 2.3 ps: the fitted bleach at "
            "<N> ~ 3 is the smaller one.",
        ),
        PaperVerdict(
            quantity="A/A_0 right after the pulse at <N> ~ 1",
            paper="0, transparent",
            model=f"{ratio[0]:+.2f}",
            value=float(ratio[0]),
            judgement="agrees",
            reason="Poisson populations without line shifts; transparency is at <N> = 1.146, "
            "0.80 at 654 nm.",
        ),
        PaperVerdict(
            quantity="A/A_0 right after the pulse at <N> ~ 3",
            paper="negative, gain (figure 2c)",
            model=f"{ratio[1]:+.2f}",
            value=float(ratio[1]),
            judgement="agrees",
            reason="The sign agrees with the figure, not with the printed fit.",
        ),
        PaperVerdict(
            quantity="spot of the 370 nm pump for <N> = 1 at 100 nJ (mm)",
            paper="not given",
            model=f"{spot_mm:.2f} mm (top hat), sigma_370 = {sigma:.1e} cm^2",
            value=spot_mm,
            judgement="compatible",
            reason="A common size; the cross-section is that of a CdSe sphere of 6.5 nm.",
        ),
    )


def _sample() -> tuple[PaperVerdict, ...]:
    sized = float(cdse_diameter_nm(1e-3 * ABSORPTION_PEAK_NM))
    total = sum(ATOMIC_PERCENT.values())
    zinc = 100 * ATOMIC_PERCENT["Zn"] / (ATOMIC_PERCENT["Zn"] + ATOMIC_PERCENT["Cd"])
    shift = 1e3 * HC_EV_NM * (1 / ABSORPTION_PEAK_NM - 1 / EMISSION_PEAK_NM)
    shared = quantum_dots(
        line=GaussianLine(fwhm_nm=EMISSION_FWHM_NM), stokes="kennard_stepanov", shifts_in="mev"
    ).stokes_redshift
    return (
        PaperVerdict(
            quantity="diameter of CdSe dots absorbing at 639 nm (nm)",
            paper=f"{DIAMETER_NM:g} +- 1 nm, {ATOMIC_PERCENT['Zn']:g} % Zn, "
            f"{ATOMIC_PERCENT['Cd']:g} % Cd, {ATOMIC_PERCENT['Se']:g} % Se",
            model=f"{sized:.2f} nm of pure CdSe",
            value=sized,
            judgement="disagrees",
            reason=f"The percentages add up to {total:g} and make {zinc:.0f} % of the cations "
            "zinc; a core with any zinc, smaller than the dot, absorbs bluer than this. "
            "Cross-sections of this sample are a range.",
        ),
        PaperVerdict(
            quantity="Stokes shift (meV)",
            paper=f"{EMISSION_PEAK_NM - ABSORPTION_PEAK_NM:g} nm, {shift:.1f} meV",
            model=f"{shared:.0f} meV from the line width (Kennard-Stepanov)",
            value=shared,
            judgement="not testable",
            reason="The width is the ensemble's; the relation holds for the homogeneous width.",
        ),
    )
