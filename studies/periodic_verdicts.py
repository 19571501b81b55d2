"""The periodic devices of the quantum-shell review: paper, model, verdict.

Nanoscale 17, 3698 (2025), doi:10.1039/D4NR04653F, figures 5 and 6. The rules of the verdicts are
fixed here: a wavelength agrees within 1 %, a threshold within a factor of 1.5; it is compatible
when the assumptions' band holds it (wavelengths) or within a factor of 10 (thresholds).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from studies.design import Design
from studies.number_text import readable
from studies.periodic_assumptions import Moved
from studies.periodic_lasing import LasingPoint, PeriodLasing
from studies.periodic_sweep import ModeSweep, lowest
from studies.periodic_variants import period

if TYPE_CHECKING:
    from gain.paper_verdict import Judgement, PaperVerdict

__all__ = ["judged_threshold", "judged_wavelength", "periodic_verdicts"]

PCSEL_PERIODS_NM, PCSEL_LINES_NM = (320.0, 460.0), (600.0, 670.0)
QUASI_CW_KW_PER_CM2, QUASI_CW_LINE_NM, BEST_NM = 66.9, 660.0, (640.0, 660.0)
PILLAR_LINES_NM: Mapping[float, tuple[str, tuple[float, float]]] = {
    365.0: ("X", (640.0, 640.0)),
    335.0: ("XX", (625.0, 625.0)),
    315.0: ("MX", (565.0, 615.0)),
}
PILLAR_FLUENCE, PILLAR_EXCITONS = 4.0, 1.4
_COLD = 77.0


def judged_wavelength(
    model_nm: float, paper_nm: tuple[float, float], band_nm: tuple[float, float]
) -> Judgement:
    """Return the verdict on a wavelength (nm).

    Example:
        >>> judged_wavelength(641, (640, 640), (630, 650))
        'agrees'
        >>> judged_wavelength(700, (640, 640), (680, 720))
        'disagrees'
    """
    low, high = paper_nm
    if 0.99 * low <= model_nm <= 1.01 * high:
        return "agrees"
    return "compatible" if band_nm[0] <= high and low <= band_nm[1] else "disagrees"


def judged_threshold(model: float, paper: float) -> Judgement:
    """Return the verdict on a threshold, in any unit.

    Example:
        >>> judged_threshold(5.0, 4.0), judged_threshold(20.0, 4.0), judged_threshold(80.0, 4.0)
        ('agrees', 'compatible', 'disagrees')
    """
    if not model > 0:
        return "disagrees"
    ratio = abs(math.log(model / paper))
    return "agrees" if ratio < math.log(1.5) else (
        "compatible" if ratio < math.log(10) else "disagrees"
    )  # fmt: skip


def periodic_verdicts(
    design: Design,
    sweeps: Mapping[str, ModeSweep],
    moved: tuple[Moved, ...],
    lasing: PeriodLasing | None,
) -> tuple[PaperVerdict, ...]:
    """Return the rows of a design's paper.

    Args:
        design: its [output] paper names the device; sweeps: its modes over the geometry.
        moved: its resonances at the published periods.
        lasing: its thresholds over the period, None without a medium.
    """
    if design.output.paper == "pcsel_sin_quantum_shells":
        return tuple(_pcsel(sweeps, moved, lasing))
    if design.output.paper == "nanopillar_quantum_shells":
        return tuple(_pillars(design, sweeps, moved, lasing))
    return ()


def _row(
    quantity: str, paper: str, model: str, value: float, judgement: Judgement, reason: str
) -> PaperVerdict:
    from gain.paper_verdict import PaperVerdict

    return PaperVerdict(
        quantity=quantity,
        paper=paper,
        model=model,
        value=value,
        judgement=judgement,
        reason=reason,
    )


def _pcsel(
    sweeps: Mapping[str, ModeSweep], moved: tuple[Moved, ...], lasing: PeriodLasing | None
) -> Iterator[PaperVerdict]:
    over = sweeps["period"]
    indices = [
        mode.wavelength / value
        for value, modes in zip(over.values, over.modes, strict=True)
        for mode in modes.values()
    ]
    low = PCSEL_LINES_NM[1] / PCSEL_PERIODS_NM[1]
    high = PCSEL_LINES_NM[0] / PCSEL_PERIODS_NM[0]
    if indices:
        inside = low <= min(indices) and max(indices) <= high
        yield _row(
            "effective index, m λ = 2 n a with m = 2",
            f"{low:.2f} to {high:.2f}: 670 nm over 460 nm, 600 nm over 320 nm",
            f"{min(indices):.3f} to {max(indices):.3f} for the TM and TE band edges",
            max(indices),
            "agrees" if inside else "disagrees",
            "The guided modes of film and nitride lie inside the printed window, high in it.",
        )
    for one in moved:
        if one.mode is None:
            continue
        yield _pcsel_end(one)
    if lasing is None:
        return
    warm = min(lasing.sweeps, key=lambda t: abs(t - 293.0))
    points = lasing.lasing(warm, "fs")
    if points:
        yield _lasing_range(points)
        yield _best_line(points)
    slow = lasing.lasing(warm, "quasi-CW")
    if slow:
        yield _quasi_cw(slow)
    if points and slow:
        yield _correlation(points, slow)


def _pcsel_end(one: Moved) -> PaperVerdict:
    assert one.mode is not None
    nm, band = 1e3 * one.mode.wavelength, one.band_nm
    judgement = judged_wavelength(nm, PCSEL_LINES_NM, band)
    reason = "Follows from the assumed indices and film."
    if judgement == "disagrees" and nm > PCSEL_LINES_NM[1]:
        reason = (
            f"670 nm at this period needs an index of {670 / (1e3 * one.period):.3f}, that of the "
            "oxide: a mode at its cutoff. No assumption of this design brings it there; the period "
            "or the order of the grating must be meant otherwise, or these devices did not lase."
        )
    elif judgement != "agrees":
        reason = "Below the printed range with these indices, and with those of the assumptions."
        if judgement == "compatible":
            reason = (
                "Outside the printed range with these indices; the assumptions' band reaches it."
            )
    return _row(
        f"lowest resonance at a period of {1e3 * one.period:g} nm (nm)",
        "periods of 320 to 460 nm lase at 600 to 670 nm",
        f"{nm:.1f} ({band[0]:.0f} to {band[1]:.0f} with the assumptions)",
        nm,
        judgement,
        reason,
    )


def _lasing_range(points: tuple[LasingPoint, ...]) -> PaperVerdict:
    waves = [1e3 * p.wavelength for p in points if p.transition in ("X", "XX")]
    low, high = (min(waves), max(waves)) if waves else (math.nan, math.nan)
    meets = bool(waves) and low < PCSEL_LINES_NM[1] and high > PCSEL_LINES_NM[0]
    return _row(
        "wavelengths of lasing (nm)",
        "600 to 670, by the period",
        f"{low:.0f} to {high:.0f} on X and XX; MX below" if waves else "none on X and XX",
        low,
        "compatible" if meets else "disagrees",
        "Excitons reach down to about 630 nm; the blue part takes the plasma of many pairs.",
    )


def _best_line(points: tuple[LasingPoint, ...]) -> PaperVerdict:
    best = min(points, key=lambda p: p.fluence_uj_per_cm2)
    nm = 1e3 * best.wavelength
    inside = BEST_NM[0] - 5 <= nm <= BEST_NM[1] + 5
    return _row(
        "wavelength of the lowest threshold (nm)",
        "640 to 660",
        f"{nm:.0f}, on {best.transition}, at a period of {1e3 * best.period:.0f} nm "
        f"({readable(best.fluence_uj_per_cm2, 2)} µJ/cm²)",
        nm,
        "agrees" if inside else "disagrees",
        "Where modes of equal Q meet the gain; a single exciton in the red is the model's best, "
        "which residual absorption of the film would hinder first.",
    )


def _quasi_cw(points: tuple[LasingPoint, ...]) -> PaperVerdict:
    near = min(points, key=lambda p: abs(1e3 * p.wavelength - QUASI_CW_LINE_NM))
    value = near.intensity_kw_per_cm2
    plasma = [p.intensity_kw_per_cm2 for p in points if p.transition == "MX"]
    more = f"; {min(plasma):.0f} kW/cm² and more on MX" if plasma else ""
    return _row(
        "quasi-CW threshold near 660 nm (kW/cm²)",
        f"{QUASI_CW_KW_PER_CM2:g}",
        f"{value:.1f} at {1e3 * near.wavelength:.0f} nm on {near.transition}{more}",
        value,
        judged_threshold(value, QUASI_CW_KW_PER_CM2),
        "Excitons lase far below the printed threshold, the plasma above it: with the printed "
        "multiple pairs per shell the device lies between, or its Q is far lower than assumed.",
    )


def _correlation(fast: tuple[LasingPoint, ...], slow: tuple[LasingPoint, ...]) -> PaperVerdict:
    by_period = {p.period: p.fluence_uj_per_cm2 for p in slow}
    pairs = [(p.fluence_uj_per_cm2, by_period[p.period]) for p in fast if p.period in by_period]
    value = math.nan
    if len(pairs) > 2:
        value = float(np.corrcoef(np.log(np.array(pairs)).T)[0, 1])
    return _row(
        "femtosecond and quasi-CW thresholds over the period",
        "clear correlation",
        f"correlation of the logarithms {value:.2f}",
        value,
        "agrees" if value > 0.8 else "disagrees",
        "Both meet the same modes with the same gain.",
    )


def _pillars(
    design: Design,
    sweeps: Mapping[str, ModeSweep],
    moved: tuple[Moved, ...],
    lasing: PeriodLasing | None,
) -> Iterator[PaperVerdict]:
    first: dict[float, LasingPoint] = {}
    if lasing is not None:
        cold = min(lasing.sweeps, key=lambda t: abs(t - _COLD))
        first = {round(1e3 * p.period): p for p in lasing.lasing(cold, "fs")}
    for one in moved:
        known = PILLAR_LINES_NM.get(round(1e3 * one.period))
        if one.mode is None or known is None:
            continue
        yield _resonance(one, *known)
        point = first.get(round(1e3 * one.period))
        if point is not None:
            yield _transition(point, known[0])
    if first:
        yield from _pillar_threshold(first)
    if "residual" in sweeps:
        yield _oxide(design, sweeps["residual"])


def _resonance(one: Moved, name: str, line: tuple[float, float]) -> PaperVerdict:
    assert one.mode is not None
    nm, band = 1e3 * one.mode.wavelength, one.band_nm
    printed = f"{line[0]:g}" if line[0] == line[1] else f"{line[1]:g} to {line[0]:g}"
    return _row(
        f"lowest resonance at a period of {1e3 * one.period:g} nm (nm)",
        f"{name} laser at {printed} nm",
        f"{nm:.1f} ({band[0]:.0f} to {band[1]:.0f} with the assumptions)",
        nm,
        judged_wavelength(nm, line, band),
        "Which line belongs to which period is read from their order. Every size but the period "
        "is a guess; none was adjusted.",
    )


def _transition(point: LasingPoint, name: str) -> PaperVerdict:
    same = point.transition == name
    return _row(
        f"transition that lases at {1e3 * point.period:g} nm, {point.temperature_k:g} K",
        name,
        f"{point.transition} at {1e3 * point.wavelength:.1f} nm, {point.family}, N = "
        f"{readable(point.absorbed_photons, 2)}, {readable(point.fluence_uj_per_cm2, 2)} µJ/cm²",
        point.absorbed_photons,
        "agrees" if same else "disagrees",
        "The mode of lowest threshold among those of this period; X at 640 nm and 77 K is put in, "
        "XX lies 63 meV above it, MX is the plasma."
        + (
            f" Its threshold is far above the printed {PILLAR_FLUENCE:g} µJ/cm²."
            if point.fluence_uj_per_cm2 > 10 * PILLAR_FLUENCE
            else ""
        ),
    )


def _pillar_threshold(first: Mapping[float, LasingPoint]) -> Iterator[PaperVerdict]:
    published = [p for nm, p in first.items() if float(nm) in PILLAR_LINES_NM]
    if not published:
        return
    best = min(published, key=lambda p: p.fluence_uj_per_cm2)
    yield _row(
        "lowest threshold of the published periods (µJ/cm²)",
        f"about {PILLAR_FLUENCE:g}",
        f"{readable(best.fluence_uj_per_cm2, 3)} on {best.transition} at "
        f"{1e3 * best.period:.0f} nm, {best.temperature_k:g} K",
        best.fluence_uj_per_cm2,
        judged_threshold(best.fluence_uj_per_cm2, PILLAR_FLUENCE),
        "Pump wavelength, cross-section, Q and scattering are guesses that enter in proportion.",
    )
    yield _row(
        "excitons per shell at threshold",
        f"{PILLAR_EXCITONS:g}, ensemble average",
        f"{readable(best.absorbed_photons, 2)} ({best.transition})",
        best.absorbed_photons,
        judged_threshold(best.absorbed_photons, PILLAR_EXCITONS),
        "The biexciton's share decides; on X alone, far in the red, less is enough.",
    )


def _oxide(design: Design, sweep: ModeSweep) -> PaperVerdict:
    quality = []
    for value, modes in zip(sweep.values, sweep.modes, strict=True):
        mode = lowest({n: m for n, m in modes.items() if n == "TE A2"}) or lowest(modes)
        if mode is not None:
            quality.append((1e3 * value, mode.quality_factor))
    text = ", ".join(f"{nm:.0f} nm: {readable(q, 2)}" for nm, q in quality)
    return _row(
        f"Q over the residual oxide, period {1e3 * period(design.cavity):g} nm",
        "high Q, not printed; residual oxide not printed",
        text,
        quality[0][1] if quality else math.nan,
        "not testable",
        "Every 100 nm of oxide under the pillars raise Q about tenfold; from 300 nm on, roughness "
        "and size matter more than the silicon.",
    )
