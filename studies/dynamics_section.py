"""Report sections of the laser in time: thresholds, traces, mode competition, spectra."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from studies.design import Design
from studies.dynamics_run import PulsedRun, SteadyRun, run_pulse, run_steady
from studies.dynamics_settings import DynamicsSettings
from studies.laser_model_stage import laser_model
from studies.number_text import quantity, readable, signed
from studies.report_section import ReportSection, SectionFigure, SectionTable
from studies.report_tables import Cell, Column, Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from gain.laser_model import LaserModel
    from gain.lasing_threshold import ThresholdResult
    from solvers.modes import ModeSet

__all__ = ["dynamics_sections"]


def dynamics_sections(
    design: Design, modes: ModeSet, result: ThresholdResult | None
) -> Iterator[ReportSection]:
    """Yield the sections of a design with the table [kinetics]; none for others.

    Args:
        design: what was asked.
        modes: the modes with all losses.
        result: their static thresholds.
    """
    if design.kinetics is None or result is None:
        return
    settings = design.dynamics or DynamicsSettings()
    model = laser_model(
        result,
        design.kinetics,  # type: ignore[arg-type]
        count=settings.mode_count,
        spontaneous=settings.spontaneous,
    )
    pulsed = [
        run_pulse(model, pulse, settings) for pulse in settings.pulses if pulse.kind != "continuous"
    ]
    steady = [
        run_steady(model, pulse, settings)
        for pulse in settings.pulses
        if pulse.kind == "continuous"
    ]
    yield _laser(model, result, pulsed, steady, settings)
    if pulsed:
        yield _competition(pulsed)
    if design.compare:
        from studies.media_section import media_section

        yield media_section(design, modes, result, settings)
    if design.output.paper == "monoexciton_microdisk":
        from gain.monoexciton_paper import monoexciton_verdicts
        from studies.paper_section import paper_section

        yield paper_section(
            monoexciton_verdicts(design.gain, design.kinetics),  # type: ignore[arg-type]
            title="The paper, line by line (HAL hal-05014673)",
        )


def _laser(
    model: LaserModel,
    result: ThresholdResult,
    pulsed: list[PulsedRun],
    steady: list[SteadyRun],
    settings: DynamicsSettings,
) -> ReportSection:
    kinetics, pump = model.kinetics, result.pump
    ratio = model.fuchtbauer_ladenburg_ratio()
    static = result.lasing_absorbed_photons
    sentences = [
        f"Exciton lifetime {quantity(kinetics.exciton_lifetime_ns, 'ns', 3)}"
        + (
            f", biexciton {quantity(kinetics.biexciton_lifetime_ns, 'ns', 3)}"
            if kinetics.max_excitons > 1
            else ""
        )
        + f", up to {kinetics.max_excitons} excitons; {len(model.modes.labels)} modes compete, "
        f"each with a spontaneous factor β of {settings.spontaneous:g}. The threshold is the pump "
        "at which some mode has net gain at some time, from populations alone; it needs no β. The "
        "steepest rise and the linear fit of the output are shown beside it, and the linear fit "
        "is biased for pulses.",
        f"Static threshold, for a pulse short against every decay: N = {readable(static, 4)}."
        if result.lases
        else "No mode lases at any pump.",
        f"β and gain are free of each other here. If spontaneous and stimulated emission had one "
        f"cross-section, the lifetime would allow {readable(ratio, 2)} of the gain assumed "
        "(Füchtbauer-Ladenburg).",
    ]
    worst = max((run.blocked for run in pulsed), default=0.0)
    if worst > 0.02:
        sentences.append(
            f"At the strongest pump {100 * worst:.0f} % of the photons find the top state full: "
            "raise max_excitons in [kinetics] for what happens there."
        )
    figures = [
        *(_curve_figure(i, run) for i, run in enumerate(pulsed)),
        *(_steady_figure(i, run) for i, run in enumerate(steady)),
        *(figure for i, run in enumerate(pulsed) for figure in _time_figures(i, run)),
    ]
    cards = []
    if pulsed and pulsed[0].net_gain.lases:
        first = pulsed[0]
        cards.append(
            (
                f"Threshold, {first.name}",
                readable(first.net_gain.absorbed_photons, 3),
                "photons",
                f"{signed(first.net_gain.redshift_nm)} nm from the emission peak",
            )
        )
    return ReportSection(
        anchor="dynamics",
        title="The laser in time",
        short="Dynamics",
        sentences=tuple(sentences),
        figures=tuple(figures),
        tables=(_thresholds(result, pulsed, steady),),
        cards=tuple(cards),
        numbers={
            "kinetics": kinetics.model_dump(mode="json"),
            "exciton_lifetime_ns": kinetics.exciton_lifetime_ns,
            "biexciton_lifetime_ns": kinetics.biexciton_lifetime_ns,
            "spontaneous": settings.spontaneous,
            "fuchtbauer_ladenburg_ratio": ratio,
            "modes": [
                {"mode": label, "wavelength_um": x, "q": q, "figure_of_merit": k}
                for label, x, q, k in zip(
                    model.modes.labels,
                    model.modes.wavelength,
                    model.modes.quality_factor,
                    model.modes.figure_of_merit,
                    strict=True,
                )
            ],
            "static_absorbed_photons": static,
            "pulses": [run.numbers(pump) for run in pulsed],
            "continuous": [run.numbers(pump) for run in steady],
        },
    )


def _thresholds(
    result: ThresholdResult, pulsed: list[PulsedRun], steady: list[SteadyRun]
) -> SectionTable:
    """One row per pump: three thresholds, the mode, the pump in physical units."""
    pump = result.pump
    columns = [
        Column("pump", text=True),
        Column("net gain", "N"),
        Column("steepest rise", "N"),
        Column("linear fit", "N, biased"),
        Column("first mode", text=True),
        Column("shift", "nm"),
        *([Column("incident at threshold", text=True)] if pump is not None else []),
    ]
    rows = []
    runs: list[PulsedRun | SteadyRun] = [*pulsed, *steady]
    for run in runs:
        net = run.net_gain if isinstance(run, PulsedRun) else run.curve.net_gain
        if isinstance(run, PulsedRun):
            curve = run.competition.curve
            slope, linear = curve.slope_threshold, curve.linear_threshold
        else:
            slope, linear = run.curve.slope_threshold, float("nan")
        cells = [
            Cell(run.name, text=True),
            Cell(
                readable(net.absorbed_photons)
                if net.lases
                else f"above {readable(net.searched[1], 3)}"
            ),
            Cell(readable(slope)),
            Cell(readable(linear)),
            Cell(net.label or "–", text=True),
            Cell(signed(net.redshift_nm) if net.lases else "–"),
        ]
        if pump is not None:
            if isinstance(run, PulsedRun):
                text = quantity(float(pump.fluence_uj_per_cm2(net.absorbed_photons)), "uJ/cm^2", 3)
            else:
                text = quantity(run.intensity(pump), "W/cm^2", 3)
            cells.append(Cell(text, text=True))
        rows.append(Row(tuple(cells)))
    return SectionTable(title="Thresholds", columns=tuple(columns), rows=tuple(rows))


def _competition(pulsed: list[PulsedRun]) -> ReportSection:
    sentences = []
    for run in pulsed:
        shares = run.competition
        top = shares.absorbed_photons[-1]
        if not run.net_gain.lases:
            sentences.append(f"{_capital(run.name)}: no mode lases.")
            continue
        blue = shares.turns_blue_at
        turn = (
            f"stays on the red side up to N = {readable(float(top), 3)}"
            if blue != blue
            else f"turns blue of the emission peak at N = {readable(blue, 3)}"
        )
        kept = readable(shares.first_leads_to, 3)
        walk = " → ".join(signed(shift) for _, _, shift in shares.leaders())
        sentences.append(
            f"{_capital(run.name)}: the first mode keeps the lead to N = {kept}; the laser {turn}. "
            f"Leading modes: {walk} nm."
        )
    sentences.append(
        "During a pulse long against the build-up of light, stimulated emission holds the "
        "populations near threshold; a femtosecond pulse makes every exciton before the first "
        "photon. These are predictions for the inputs of this design, not for a range of them."
    )
    figures = [figure for i, run in enumerate(pulsed) for figure in _map_figures(i, run)]
    return ReportSection(
        anchor="mode_competition",
        title="Mode competition above threshold",
        short="Competition",
        sentences=tuple(sentences),
        figures=tuple(figures),
        numbers={
            "pulses": [
                {
                    "pulse": run.name,
                    "first_mode_leads_to": run.competition.first_leads_to,
                    "turns_blue_at": run.competition.turns_blue_at,
                    "absorbed_photons": run.competition.absorbed_photons.tolist(),
                    "redshift_nm": run.competition.redshift_nm.tolist(),
                    "share": run.competition.share.round(6).tolist(),
                }
                for run in pulsed
            ]
        },
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _drawn(plot: Callable[..., Axes], width: float = 5.6, height: float = 4.2) -> Any:
    """Return a function that draws on a new figure."""

    def draw() -> Figure:
        from studies.pictures import figure

        new, ax = figure(width, height)
        plot(ax=ax)
        return new

    return draw


def _curve_figure(number: int, run: PulsedRun) -> SectionFigure:
    return SectionFigure(
        name=f"light_light_{number + 1}",
        draw=_drawn(run.competition.curve.plot),
        caption=f"Output against pump, {run.name}, with the three thresholds and the brightest "
        "modes.",
        alt=f"Light-light curve, {run.name}",
    )


def _steady_figure(number: int, run: SteadyRun) -> SectionFigure:
    return SectionFigure(
        name=f"steady_{number + 1}",
        draw=_drawn(run.curve.plot),
        caption="Steady output under continuous pumping. The gain of the lasing mode is clamped "
        "above threshold; excitons that do not emit there still grow. Heat is not in the model.",
        alt="Steady output against pump",
    )


def _time_figures(number: int, run: PulsedRun) -> Iterator[SectionFigure]:
    if run.trace is not None:
        yield SectionFigure(
            name=f"trace_{number + 1}",
            draw=_drawn(run.trace.plot),
            caption=f"Output of the brightest modes in time, {run.name}, at "
            f"N = {readable(run.trace.absorbed_photons, 3)}.",
            alt=f"Output in time, {run.name}",
        )
    yield SectionFigure(
        name=f"populations_{number + 1}",
        draw=_drawn(run.populations.plot),
        caption=f"Populations in time without light in the modes, {run.name}: what pump and decay "
        "alone do.",
        alt=f"Populations in time, {run.name}",
    )


def _map_figures(number: int, run: PulsedRun) -> Iterator[SectionFigure]:
    if run.net_gain.lases:
        yield SectionFigure(
            name=f"competition_{number + 1}",
            draw=_drawn(run.competition.plot),
            caption=f"Share of each mode in the output, {run.name}; white: the leading mode.",
            alt=f"Mode shares over pump, {run.name}",
            vector=False,
        )
    yield SectionFigure(
        name=f"emission_{number + 1}",
        draw=_drawn(run.spectra.plot),
        caption=f"Emitted spectrum against pump, {run.name}, each line over its maximum.",
        alt=f"Emission map over pump, {run.name}",
        vector=False,
    )
