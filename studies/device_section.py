"""Report sections of lasers whose cavity is assumed: Q and confinement by name, pump as printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from studies.gain_design import GainDesign
from studies.number_text import quantity, readable, rounded, signed
from studies.report_section import ReportSection, SectionFigure, SectionTable
from studies.report_tables import Cell, Column, Row

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from gain.laser_model import LaserModel
    from gain.light_light_curve import LightLightCurve
    from gain.population_trace import PopulationTrace
    from studies.device_settings import DeviceSettings

__all__ = ["DeviceOutcome", "device_model", "device_outcome", "device_sections"]

FLUENCE_SPAN, FLUENCE_POINTS = 30.0, 60
LARGEST_PRODUCT = 1e5
"""Gamma Q beyond which nothing is drawn."""
MEASURED = "#b5322a"


@dataclass(frozen=True, kw_only=True, eq=False)
class DeviceOutcome:
    """What a device does.

    Attributes:
        settings: what was asked; model: the laser with the assumed cavity.
        curve: output against pump.
        reported_fluence: printed threshold (uJ/cm^2), None without one.
        at_reported: populations at it, None without one.
        fluence: incident fluences (uJ/cm^2), (points,).
        needed: Gamma Q that lases at each, (points,); inf: no gain at any mode.
    """

    settings: DeviceSettings
    model: LaserModel
    curve: LightLightCurve
    reported_fluence: float | None
    at_reported: PopulationTrace | None
    fluence: NDArray[np.float64]
    needed: NDArray[np.float64]

    @property
    def anchor(self) -> str:
        """Id on the page and key in result.json."""
        return "device_" + re.sub(r"[^a-z0-9]+", "_", self.settings.name.lower()).strip("_")

    @property
    def threshold_fluence(self) -> float:
        """Fluence at the net-gain threshold of the assumed cavity (uJ/cm^2); nan: none."""
        n = self.curve.net_gain_threshold
        return self.settings.fluence(n) if np.isfinite(n) else float("nan")

    @property
    def reported_excitations(self) -> float | None:
        """Excitations per nanocrystal at the printed threshold, without decay."""
        if self.reported_fluence is None:
            return None
        return self.settings.excitations(self.reported_fluence)

    @property
    def reported_excitons(self) -> float | None:
        """Largest mean number of excitons there, with decay."""
        return None if self.at_reported is None else float(self.at_reported.mean_excitons.max())

    @property
    def needed_at_reported(self) -> float | None:
        """Gamma Q for which the threshold is the printed one; inf: none is enough."""
        if self.reported_fluence is None:
            return None
        return float(_needed(self.model, self.settings, np.array([self.reported_fluence]))[0])

    @property
    def assumed(self) -> float:
        """Gamma Q of the assumed cavity."""
        return self.settings.confinement * self.settings.quality_factor


def device_model(design: GainDesign, device: DeviceSettings) -> LaserModel:
    """Return the laser of a device: its medium, decay rates and a comb of equal modes."""
    from gain.kinetics_presets import kinetics_preset
    from gain.laser_model import LaserModel
    from gain.laser_modes import LaserModes

    medium = design.plasma if device.medium == "plasma" else design.gain
    assert medium is not None
    if device.emission_wavelength is not None:
        medium = medium.changed(emission_wavelength=device.emission_wavelength)
    kinetics = design.kinetics if device.kinetics is None else kinetics_preset(device.kinetics)
    if device.max_excitons is not None:
        kinetics = kinetics.changed(max_excitons=device.max_excitons)
    centre = device.mode_wavelength or medium.emission_wavelength
    place = np.arange(device.mode_count) - (device.mode_count - 1) // 2
    modes = LaserModes.explicit(
        centre + 1e-3 * device.mode_spacing_nm * place,
        quality_factor=device.quality_factor,
        medium=medium,
        confinement=device.confinement,
    )
    return LaserModel(medium=medium, kinetics=kinetics, modes=modes, spontaneous=device.spontaneous)


def device_outcome(design: GainDesign, device: DeviceSettings) -> DeviceOutcome:
    """Return what a device does: thresholds, output, and the Gamma Q that each pump would take."""
    from gain.light_light_curve import light_light
    from gain.population_dynamics import evolve_populations

    model = device_model(design, device)
    photons = device.photons
    reported = device.reported_fluence
    middle = device.fluence(1.0) if reported is None else reported
    fluence = middle * np.geomspace(1 / FLUENCE_SPAN, FLUENCE_SPAN, FLUENCE_POINTS)
    needed = _needed(model, device, fluence)
    enough = np.flatnonzero(needed <= device.confinement * device.quality_factor)
    centre = device.excitations(float(fluence[enough[0]] if len(enough) else middle))
    low, high = (ratio * centre for ratio in device.pump_ratios)
    levels = np.geomspace(low, high, device.pump_points)
    trace = None
    if reported is not None:
        trace = evolve_populations(
            model.kinetics, device.pulse, device.excitations(reported), photons=photons
        )
    return DeviceOutcome(
        settings=device,
        model=model,
        curve=light_light(model, device.pulse, levels, photons=photons),
        reported_fluence=reported,
        at_reported=trace,
        fluence=fluence,
        needed=needed,
    )


def _needed(
    model: LaserModel, device: DeviceSettings, fluence: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Gamma Q with which the best mode has net gain at these fluences."""
    from gain.dynamic_threshold import largest_net_gain

    levels = np.array([device.excitations(value) for value in fluence])
    net, _, _ = largest_net_gain(model, device.pulse, levels, photons=device.photons)
    share = net + 1
    assumed = device.confinement * device.quality_factor
    return np.where(share > 0, assumed / np.where(share > 0, share, 1.0), np.inf)


def device_sections(design: GainDesign) -> Iterator[ReportSection]:
    """Yield a summary of all devices, then one section each."""
    outcomes = [device_outcome(design, device) for device in design.device]
    yield _summary(outcomes)
    for one in outcomes:
        yield _section(one)


def _summary(outcomes: list[DeviceOutcome]) -> ReportSection:
    columns = (
        Column("device", text=True),
        Column("pump", text=True),
        Column("reported", "µJ/cm²"),
        Column("excitations there", "per nanocrystal"),
        Column("excitons there", "largest mean"),
        Column("ΓQ for that threshold"),
        Column("ΓQ assumed"),
        Column("threshold with it", "µJ/cm²"),
        Column("line", "nm from emission"),
    )
    rows = []
    for one in outcomes:
        net = one.curve.net_gain
        rows.append(
            Row(
                (
                    Cell(one.settings.name, text=True),
                    Cell(_pump_text(one.settings), text=True),
                    _cell(one.reported_fluence),
                    _cell(one.reported_excitations),
                    _cell(one.reported_excitons),
                    _cell(one.needed_at_reported, never="none"),
                    _cell(one.assumed),
                    _cell(one.threshold_fluence, never="never"),
                    Cell(signed(net.redshift_nm) if net.lases else "–"),
                )
            )
        )
    return ReportSection(
        anchor="devices",
        title="Devices",
        sentences=(
            "The cavities are not solved: Q and Γ are assumptions of the design, so a threshold "
            "is not a prediction here. What the printed threshold says without them is the "
            "excitation it makes, and the product ΓQ for which it would be the threshold.",
        ),
        tables=(SectionTable(title="", columns=columns, rows=tuple(rows)),),
        figures=(
            SectionFigure(
                name="devices",
                draw=lambda: _draw_needed(outcomes),
                caption="ΓQ at which the laser threshold is a given fluence. Rings: reported "
                "thresholds; crosses: thresholds of the assumed cavities.",
                alt="Gamma Q needed against fluence",
                full=True,
            ),
        ),
        numbers={"devices": [one.settings.name for one in outcomes]},
    )


def _section(one: DeviceOutcome) -> ReportSection:
    device, curve = one.settings, one.curve
    net = curve.net_gain
    sentences = []
    if one.reported_fluence is not None:
        needed = one.needed_at_reported
        assert needed is not None
        consequence = (
            f"with this medium that is the threshold of a cavity with ΓQ = {rounded(needed)}."
            if np.isfinite(needed)
            else "with this medium no mode has gain there, whatever its Q."
        )
        sentences.append(
            f"At the reported {quantity(one.reported_fluence, 'uJ/cm^2', 3)} a nanocrystal is "
            f"excited {readable(one.reported_excitations, 3)} times and holds at most "
            f"{readable(one.reported_excitons, 3)} excitons on average; {consequence}"
        )
    sentences.append(
        f"Assumed: Q = {device.quality_factor:g} and Γ = {device.confinement:g} (ΓQ = "
        f"{readable(one.assumed, 3)}), modes every {device.mode_spacing_nm:g} nm. "
        + (
            f"{curve.report()}".replace("-", "−")
            + f" That is {quantity(one.threshold_fluence, 'uJ/cm^2', 3)}."
            if net.lases
            else "Such a cavity does not lase at any pump looked at."
        )
    )
    blocked = float((1 - curve.runs.absorbed / curve.runs.absorbed_photons).max())
    if blocked > 0.02:
        sentences.append(
            f"At the strongest pump {100 * blocked:.0f} % of the excitations find the top state "
            "full: raise max_excitons for what happens there."
        )
    figures = [
        SectionFigure(
            name=f"{one.anchor}_light",
            draw=lambda: _draw_curve(one),
            caption="Output against pump with the three thresholds.",
            alt="Light-light curve",
        )
    ]
    if one.at_reported is not None:
        figures.append(
            SectionFigure(
                name=f"{one.anchor}_populations",
                draw=lambda: _draw_populations(one),
                caption="Populations at the reported threshold, without light in the modes.",
                alt="Populations at the reported threshold",
            )
        )
    return ReportSection(
        anchor=one.anchor,
        title=device.name,
        sentences=tuple(sentences),
        figures=tuple(figures),
        cards=(
            (
                device.name,
                "never" if not net.lases else rounded(one.threshold_fluence, 3),
                "" if not net.lases else "µJ/cm²",
                f"threshold for ΓQ = {readable(one.assumed, 3)}, assumed",
            ),
        ),
        numbers=_numbers(one),
    )


def _numbers(one: DeviceOutcome) -> dict[str, Any]:
    net, curve = one.curve.net_gain, one.curve
    return {
        "name": one.settings.name,
        "photons_per_excitation": one.settings.photons,
        "reported_fluence_uj_per_cm2": one.reported_fluence,
        "excitations_at_reported": one.reported_excitations,
        "largest_mean_excitons_at_reported": one.reported_excitons,
        "confinement_times_q_for_reported": one.needed_at_reported,
        "assumed_confinement_times_q": one.assumed,
        "largest_figure_of_merit": float(one.model.modes.figure_of_merit.max()),
        "lases": net.lases,
        "threshold_excitations": net.absorbed_photons,
        "threshold_fluence_uj_per_cm2": one.threshold_fluence,
        "threshold_wavelength_um": net.wavelength,
        "threshold_redshift_nm": net.redshift_nm,
        "threshold_time_ns": net.time_ns,
        "steepest_rise_excitations": curve.slope_threshold,
        "linear_fit_excitations": curve.linear_threshold,
        "balance_error": float(curve.runs.balance_error().max()),
        "excitations": curve.absorbed_photons.tolist(),
        "output_per_nanocrystal": curve.output.tolist(),
        "fluence_uj_per_cm2": one.fluence.tolist(),
        "confinement_times_q_needed": one.needed.tolist(),
    }


def _cell(value: float | None, *, never: str = "–") -> Cell:
    if value is None or not np.isfinite(value):
        return Cell("–" if value is None else never)
    return Cell(readable(float(value), 3), sort=float(value))


def _pump_text(device: DeviceSettings) -> str:
    from studies.dynamics_settings import pulse_name

    photons = "" if device.photons == 1 else ", two photons"
    return f"{pulse_name(device.pulse)}, {1e3 * device.pump_wavelength:g} nm{photons}"


def _draw_needed(outcomes: list[DeviceOutcome]) -> Figure:
    from matplotlib import colormaps

    from studies.pictures import figure

    new, ax = figure(6.8, 4.2)
    colors = colormaps["viridis"](np.linspace(0, 0.85, len(outcomes)))
    for one, color in zip(outcomes, colors, strict=True):
        shown = np.where(one.needed < LARGEST_PRODUCT, one.needed, np.nan)
        ax.loglog(one.fluence, shown, color=color, label=one.settings.name)
        needed = one.needed_at_reported
        if one.reported_fluence is not None and needed is not None and np.isfinite(needed):
            ax.plot(one.reported_fluence, needed, "o", ms=9, mfc="none", color=color)
        if np.isfinite(one.threshold_fluence):
            ax.plot(one.threshold_fluence, one.assumed, "x", ms=8, color=color)
    ax.set_xlabel("incident fluence (µJ/cm$^2$)")
    ax.set_ylabel(r"$\Gamma Q$ at threshold")
    ax.legend()
    return new


def _draw_curve(one: DeviceOutcome) -> Figure:
    from studies.pictures import figure

    new, ax = figure(5.6, 4.2)
    one.curve.plot(ax=ax)
    if one.reported_excitations is not None:
        ax.axvline(one.reported_excitations, color=MEASURED, lw=1.2, ls="-.", label="reported")
        ax.legend(frameon=False, fontsize="small", loc="upper left")
    return new


def _draw_populations(one: DeviceOutcome) -> Figure:
    from studies.pictures import figure

    assert one.at_reported is not None
    new, ax = figure(5.6, 4.2)
    one.at_reported.plot(ax=ax)
    return new
