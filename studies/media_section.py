"""Report section: other nanocrystals in the same cavity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from studies.design import Design
from studies.dynamics_settings import DynamicsSettings, pulse_name
from studies.laser_model_stage import laser_model
from studies.number_text import readable, signed
from studies.report_section import ReportSection, SectionFigure, SectionTable
from studies.report_tables import Cell, Column, Row

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from gain.dynamic_threshold import DynamicThreshold
    from gain.exciton_kinetics import ExcitonKinetics
    from gain.gain_film import GainFilm
    from gain.laser_model import LaserModel
    from gain.lasing_threshold import ThresholdResult
    from gain.pump import Pump
    from solvers.modes import ModeSet

__all__ = ["media_section"]


@dataclass(frozen=True, kw_only=True, eq=False)
class MediumOutcome:
    """One medium in the cavity: static and dynamic thresholds."""

    name: str
    medium: GainFilm
    kinetics: ExcitonKinetics
    pump: Pump | None
    static: ThresholdResult
    thresholds: tuple[DynamicThreshold, ...]

    def numbers(self, pulses: list[str]) -> dict[str, Any]:
        """Return what result.json holds."""
        index = self.static.lasing_index
        return {
            "name": self.name,
            "lases": self.static.lases,
            "static_absorbed_photons": self.static.lasing_absorbed_photons,
            "static_redshift_nm": self.static.lasing_redshift_nm if index is not None else None,
            "static_fluence_uj_per_cm2": self.static.lasing_fluence_uj_per_cm2,
            "best_figure_of_merit": float(self.static.figure_of_merit.max()),
            "emission_wavelength_um": self.medium.emission_wavelength,
            "pulses": [
                {
                    "pulse": name,
                    "absorbed_photons": found.absorbed_photons,
                    "redshift_nm": found.redshift_nm,
                }
                for name, found in zip(pulses, self.thresholds, strict=True)
            ],
        }


def media_section(
    design: Design, modes: ModeSet, result: ThresholdResult, settings: DynamicsSettings
) -> ReportSection:
    """Return the section: thresholds of the compared media beside the design's own.

    Args:
        design: with [[compare]].
        modes: the modes, all losses included.
        result: thresholds of the design's own medium.
        settings: the pulses.
    """
    outcomes = [
        _outcome(
            design.gain.name,  # type: ignore[union-attr]
            result,
            design.kinetics,  # type: ignore[arg-type]
            settings,
        )
    ]
    from gain import threshold

    for other in design.compare:
        pump = _pump(result.pump, other.pump_cross_section_cm2)
        static = threshold(modes, other.gain, pump)  # type: ignore[arg-type]
        outcomes.append(_outcome(other.name, static, other.kinetics, settings))  # type: ignore[arg-type]
    pulses = [pulse_name(pulse) for pulse in settings.pulses]
    return ReportSection(
        anchor="media",
        title="Other nanocrystals in this cavity",
        short="Media",
        sentences=(
            *(_sentence(one) for one in outcomes),
            "Same modes and losses for all: films of other nanocrystals may scatter more or less. "
            "Density, cross-section and lines are each medium's own, and K collects them.",
        ),
        figures=(
            SectionFigure(
                name="media",
                draw=lambda: _draw(outcomes),
                caption="Threshold and distance of the laser line from the emission peak: lines "
                "for cavities of any K with a mode everywhere, dots for the modes of this one.",
                alt="Thresholds and wavelengths of several media",
                full=True,
            ),
        ),
        tables=(_table(outcomes, pulses),),
        numbers={"media": [one.numbers(pulses) for one in outcomes]},
    )


def _pump(pump: Pump | None, cross_section_cm2: float | None) -> Pump | None:
    if pump is None or cross_section_cm2 is None:
        return None
    changed: Pump = pump.changed(cross_section_cm2=cross_section_cm2)
    return changed


def _outcome(
    name: str, static: ThresholdResult, kinetics: ExcitonKinetics, settings: DynamicsSettings
) -> MediumOutcome:
    from gain.dynamic_threshold import net_gain_threshold

    model: LaserModel = laser_model(
        static, kinetics, count=settings.mode_count, spontaneous=settings.spontaneous
    )
    return MediumOutcome(
        name=name,
        medium=static.medium,
        kinetics=kinetics,
        pump=static.pump,
        static=static,
        thresholds=tuple(net_gain_threshold(model, pulse) for pulse in settings.pulses),
    )


def _sentence(one: MediumOutcome) -> str:
    best = readable(float(one.static.figure_of_merit.max()), 3)
    if not one.static.lases:
        return f"{one.name}: no mode lases at any pump; the best K is {best}."
    return (
        f"{one.name}: lases from N = {readable(one.static.lasing_absorbed_photons, 3)} at "
        f"{signed(one.static.lasing_redshift_nm)} nm of its emission peak; the best K is {best}."
    )


def _table(outcomes: list[MediumOutcome], pulses: list[str]) -> SectionTable:
    columns = [
        Column("medium", text=True),
        Column("best K"),
        Column("static", "N"),
        Column("shift", "nm"),
        Column("fluence", "µJ/cm²"),
        *(Column(name, "N") for name in pulses),
    ]
    rows = []
    for one in outcomes:
        static = one.static
        fluence = static.lasing_fluence_uj_per_cm2
        cells = [
            Cell(one.name, text=True),
            _number(float(static.figure_of_merit.max()), 3),
            _number(static.lasing_absorbed_photons if static.lases else None),
            Cell(signed(static.lasing_redshift_nm) if static.lases else "–"),
            _number(fluence, 3),
            *(
                _number(found.absorbed_photons)
                if found.lases
                else Cell(f"above {readable(found.searched[1], 3)}")
                for found in one.thresholds
            ),
        ]
        rows.append(Row(tuple(cells)))
    return SectionTable(title="", columns=tuple(columns), rows=tuple(rows))


def _number(value: float | None, digits: int = 4) -> Cell:
    if value is None or np.isnan(value):
        return Cell("never" if digits == 4 else "–")
    return Cell(readable(float(value), digits), sort=float(value))


def _draw(outcomes: list[MediumOutcome]) -> Figure:
    from matplotlib import colormaps

    from gain.merit_curve import threshold_curve
    from gain.plot_axes import plain_log_labels
    from studies.pictures import figure

    new, ax = figure(6.6, 4.4)
    colors = colormaps["viridis"](np.linspace(0, 0.85, len(outcomes)))
    merits = np.geomspace(1.2, 1000, 120)
    for one, color in zip(outcomes, colors, strict=True):
        curve = threshold_curve(one.medium, merits)
        ax.semilogx(curve.absorbed_photons, curve.redshift_nm, color=color, lw=1.2)
        shift = 1e3 * (one.static.wavelength - one.medium.emission_wavelength)
        ax.plot(one.static.absorbed_photons, shift, ".", ms=4, color=color, alpha=0.6)
        index = one.static.lasing_index
        if index is not None:
            ax.plot(
                one.static.absorbed_photons[index], shift[index], "o", ms=8, mfc="none",
                color=color,
            )  # fmt: skip
        ax.plot([], [], "o-", color=color, ms=4, label=one.name)
    ax.axhline(0, color="0.6", lw=0.8, ls=":")
    plain_log_labels(ax.xaxis)
    ax.set_xlabel("threshold, absorbed photons per nanocrystal")
    ax.set_ylabel("laser line from the emission peak (nm)")
    ax.legend()
    return new
