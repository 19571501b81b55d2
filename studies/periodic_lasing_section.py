"""Report section: threshold over the period beside the gain spectrum, by temperature and pump."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from studies.design import Design
from studies.number_text import readable
from studies.periodic_lasing import LasingPoint, PeriodLasing
from studies.periodic_sweep_section import family_styles
from studies.report_section import ReportSection, SectionFigure, SectionTable
from studies.report_tables import Cell, Column, Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["TRANSITION_COLORS", "draw_lasing", "lasing_section"]

TRANSITION_COLORS = {"X": "#c9184a", "XX": "#e09f3e", "MX": "#22577a"}
_EXCITATIONS = {"excitons": (0.5, 1.0, 2.0), "plasma": (5.0, 15.0, 30.0)}


def lasing_section(design: Design, found: PeriodLasing) -> ReportSection:
    """Return the section.

    Args:
        design: with medium and pump; found: its thresholds over the period.
    """
    law, study = design.periodic.temperature, design.periodic
    scattering = design.losses.scattering_quality_factor
    pump: Any = design.pump
    sentences = [
        "At each period, the mode of every symmetry that lies longest in wavelength, with its own "
        "Q"
        + (f", scattering of Q = {scattering:g} added" if scattering else "")
        + ", overlap and wavelength, against the gain of the film. X and XX are transitions of one "
        "and two excitons; MX is the electron-hole plasma of many pairs. The two pictures hold at "
        "low and at high excitation; of each mode the lower threshold counts, so a threshold of "
        "MX is that of a mode which excitons cannot make lase.",
        f"Pumps: pulses shorter than any decay at {1e3 * pump.wavelength:g} nm"
        + (
            f", and pulses of {study.quasi_cw_fwhm_ns:g} ns at "
            f"{1e3 * study.quasi_cw_wavelength:g} nm with the decay rates "
            f"“{study.quasi_cw_kinetics}”"
            if study.quasi_cw_wavelength is not None
            else ""
        )
        + ". Their absorption in the film comes from the solver, period by period.",
        f"Temperature, by named assumptions: the band edge follows Varshni's law with "
        f"{1e3 * law.varshni_ev_per_k:g} meV/K and {law.varshni_k:g} K "
        f"({law.shift_mev(77.0):+.0f} meV from {law.reference_k:g} to 77 K), phonons add "
        f"{law.phonon_width_mev(law.reference_k):.0f} meV to the width at {law.reference_k:g} K "
        f"and {law.phonon_width_mev(77.0):.0f} at 77 K, the film's index changes by "
        f"{law.index_per_k:g} per kelvin. Lifetimes, cross-sections and Stokes shift stay.",
    ]
    return ReportSection(
        anchor="period_threshold",
        title="Threshold over the period",
        short="Threshold by period",
        sentences=tuple(sentences),
        figures=tuple(
            SectionFigure(
                name=f"period_threshold_{t:.0f}k",
                draw=lambda t=t: draw_lasing(found, t),  # type: ignore[misc]
                caption=f"{t:g} K. Left: threshold of the mode that lases first, by transition. "
                "Middle: wavelengths of the modes; rings, in the colours of the transitions: the "
                "mode that lases first under short pulses. Right: gain spectra on the same axis "
                "for some excitations N per nanocrystal (dashed: plasma).",
                alt=f"Threshold over the period at {t:g} K beside the gain spectrum",
                full=True,
            )
            for t in found.sweeps
        ),
        tables=(_table(found),),
        cards=_cards(design, found),
        numbers={
            "temperature_law": law.model_dump(mode="json"),
            "field_factors": found.field_factors,
            "periods_um": next(iter(found.sweeps.values())).values,
            "points": [
                {
                    "period_um": p.period,
                    "temperature_k": p.temperature_k,
                    "pump": p.pump,
                    "mode": p.family,
                    "wavelength_um": p.wavelength,
                    "q": p.quality_factor,
                    "transition": p.transition,
                    "absorbed_photons": p.absorbed_photons,
                    "fluence_uj_per_cm2": p.fluence_uj_per_cm2,
                    "intensity_kw_per_cm2": p.intensity_kw_per_cm2,
                    "lases_first": p.first,
                }
                for p in found.points
            ],
        },
    )


def _cards(design: Design, found: PeriodLasing) -> tuple[tuple[str, str, str, str], ...]:
    """Return the lowest threshold over the periods at each temperature."""
    cards = []
    for t in found.sweeps:
        points = found.lasing(t, "fs")
        if points:
            best = min(points, key=lambda p: p.fluence_uj_per_cm2)
            cards.append(
                (
                    f"Best period at {t:g} K",
                    f"{1e3 * best.period:.0f}",
                    "nm",
                    f"{best.transition} at {1e3 * best.wavelength:.1f} nm, "
                    f"{readable(best.fluence_uj_per_cm2, 3)} µJ/cm²",
                )
            )
    return tuple(cards)


def _table(found: PeriodLasing) -> SectionTable:
    columns = (
        Column("period", "nm"), Column("T", "K"), Column("pump", text=True),
        Column("lases first", text=True), Column("λ", "nm"), Column("Q"),
        Column("transition", text=True), Column("N"), Column("fluence", "µJ/cm²"),
        Column("intensity", "kW/cm²"),
    )  # fmt: skip
    rows = []
    for t, sweep in found.sweeps.items():
        for pump in found.pumps:
            by_period = {point.period: point for point in found.lasing(t, pump)}
            for value in sweep.values:
                rows.append(_row(value, t, pump, by_period.get(value)))
    return SectionTable(title="What lases first", columns=columns, rows=tuple(rows))


_NO_LASING = (*(Cell("–") for _ in range(2)), Cell("–", text=True), *(Cell("–") for _ in range(3)))


def _row(period: float, temperature_k: float, pump: str, point: LasingPoint | None) -> Row:
    head = (
        Cell(f"{1e3 * period:.0f}", sort=period),
        Cell(f"{temperature_k:g}", sort=temperature_k),
        Cell(pump, text=True),
    )
    if point is None:
        return Row((*head, Cell("nothing", text=True), *_NO_LASING))
    intensity = point.intensity_kw_per_cm2
    return Row(
        (
            *head,
            Cell(point.family, text=True),
            Cell(f"{1e3 * point.wavelength:.2f}", sort=point.wavelength),
            Cell(readable(point.quality_factor, 3), sort=point.quality_factor),
            Cell(str(point.transition), text=True),
            Cell(readable(point.absorbed_photons, 3), sort=point.absorbed_photons),
            Cell(readable(point.fluence_uj_per_cm2, 3), sort=point.fluence_uj_per_cm2),
            Cell("–" if math.isnan(intensity) else readable(intensity, 3), sort=intensity),
        )
    )


def draw_lasing(found: PeriodLasing, temperature_k: float) -> Figure:
    """Return threshold, wavelengths and gain spectra at one temperature."""
    from matplotlib.figure import Figure

    from studies.pictures import legend_above

    new = Figure(figsize=(10.4, 4.6), layout="constrained")
    new.suptitle(f"{temperature_k:g} K")
    left, middle, right = new.subplots(1, 3, width_ratios=(1.25, 1.25, 1))
    _draw_thresholds(left, found, temperature_k)
    sweep = found.sweeps[temperature_k]
    at = [1e3 * value for value in sweep.values]
    styles = family_styles(sweep.families)
    for name in sweep.families:
        waves = sweep.series(name, lambda mode: 1e3 * mode.wavelength)
        middle.plot(at, waves, label=name, **{**styles[name], "markersize": 3, "linewidth": 1})
    for point in found.lasing(temperature_k, "fs"):
        middle.plot(
            1e3 * point.period, 1e3 * point.wavelength, "o", ms=10, mfc="none", mew=1.8,
            color=TRANSITION_COLORS[point.transition or "MX"],
        )  # fmt: skip
    middle.set_xlabel("period (nm)")
    middle.set_ylabel("wavelength (nm)")
    left.set_xlim(middle.get_xlim())
    right.sharey(middle)
    _draw_gain(right, found, temperature_k)
    right.tick_params(labelleft=False)
    for ax in (left, middle, right):
        legend_above(ax)
    return new


def _draw_thresholds(ax: Axes, found: PeriodLasing, temperature_k: float) -> None:
    for pump, style in zip(found.pumps, ("-", "--"), strict=False):
        points = found.lasing(temperature_k, pump)
        if not points:
            continue
        at = [1e3 * p.period for p in points]
        values = [p.fluence_uj_per_cm2 for p in points]
        ax.plot(at, values, style, color="0.55", lw=1.2, label=f"{pump} pump", zorder=1)
        for p, x, y in zip(points, at, values, strict=True):
            ax.plot(x, y, "o", ms=6, color=TRANSITION_COLORS[p.transition or "MX"], zorder=2)
    for name, color in TRANSITION_COLORS.items():
        ax.plot([], [], "o", color=color, label=name)
    ax.set_yscale("log")
    ax.set_xlabel("period (nm)")
    ax.set_ylabel("threshold fluence (µJ/cm²)")


def _draw_gain(ax: Axes, found: PeriodLasing, temperature_k: float) -> None:
    sweep = found.sweeps[temperature_k]
    every = [m.wavelength for modes in sweep.modes for m in modes.values()]
    if not every:
        return
    waves = np.linspace(min(every) - 0.02, max(every) + 0.02, 301)
    from matplotlib import colormaps

    for name, medium in found.media[temperature_k].items():
        levels = _EXCITATIONS[name]
        shades = colormaps["viridis"](np.linspace(0.1, 0.8, len(levels)))
        for level, shade in zip(levels, shades, strict=True):
            gain = medium.gain_per_cm(waves, absorbed_photons=level)
            style = "-" if name == "excitons" else "--"
            ax.plot(gain, 1e3 * waves, style, color=shade, lw=1.3, label=f"N = {level:g}, {name}")
    ax.axvline(0, color="0.6", lw=0.8)
    largest = ax.get_xlim()[1]
    ax.set_xlim(-0.4 * max(largest, 1.0), max(largest, 1.0))
    ax.set_xlabel("gain of the film (1/cm)")
    ax.set_ylim(1e3 * waves[0], 1e3 * waves[-1])
