"""The pictures of a run: each drawn by the package that owns the physics, styled in one way."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from studies.cavity_table import is_periodic, is_planar
from studies.files import atomic_path

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

    from solvers.modes import Mode
    from studies.pipeline import RunResult
    from studies.report_section import ReportSection, SectionFigure

__all__ = [
    "STYLE",
    "figure",
    "legend_above",
    "plain_logarithm",
    "save_figure",
    "write_pictures",
    "write_sections",
]

logger = logging.getLogger(__name__)

STYLE: Any = {
    "font.size": 9.5,
    "axes.titlesize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "legend.frameon": False,
    "figure.dpi": 110,
    "savefig.dpi": 160,
    "svg.hashsalt": "lasewright",
}
"""matplotlib settings of the report's pictures; used in a context, never set globally."""

VECTOR_LIMIT = 400_000
"""A picture goes to SVG unless that takes more bytes than this."""

Draw = Callable[["RunResult"], "Figure | None"]


def write_pictures(outcome: RunResult, folder: Path) -> dict[str, Path]:
    """Draw every picture that the run has data for; return the files by name.

    Line drawings become SVG, fields PNG. A picture that cannot be drawn is left out with a
    warning in the log: numbers never depend on pictures.

    Args:
        outcome: a finished run.
        folder: where the files go.
    """
    drawings = ((name, partial(draw, outcome), vector) for name, draw, vector in _drawings(outcome))
    return _write(drawings, folder)


def write_sections(sections: Iterable[ReportSection], folder: Path) -> dict[str, Path]:
    """Draw the pictures of report sections alone; return the files by name."""
    items = [item for section in sections for item in section.figures]
    return _write(((item.name, item.draw, item.vector) for item in items), folder)


def _write(
    drawings: Iterable[tuple[str, Callable[[], Figure | None], bool]], folder: Path
) -> dict[str, Path]:
    """Draw and save; a picture that cannot be drawn is left out with a warning."""
    import matplotlib as mpl

    written: dict[str, Path] = {}
    for name, draw, vector in drawings:
        with mpl.rc_context(STYLE):
            try:
                drawn = draw()
                if drawn is not None:
                    written[name] = save_figure(drawn, folder / name, vector=vector)
            except (ValueError, TypeError, KeyError, ArithmeticError) as error:
                logger.warning("picture %s left out: %s", name, error)
    return written


def figure(width: float = 6.4, height: float = 4.0) -> tuple[Figure, Axes]:
    """Return a figure with one axes (sizes in inches), independent of pyplot."""
    from matplotlib.figure import Figure

    new = Figure(figsize=(width, height), layout="constrained")
    return new, new.subplots()


def legend_above(ax: Axes, *, columns: int = 2, size: str = "small") -> None:
    """Put the legend over the axes, where it covers no curve."""
    ax.legend(
        loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=columns, fontsize=size,
        handlelength=1.5, columnspacing=1.0, labelspacing=0.3,
    )  # fmt: skip


def _lift_legend(ax: Axes, *, columns: int = 2) -> None:
    """Move the legend that a package has drawn over the axes."""
    legend = ax.get_legend()
    if legend is None:
        return
    handles = [handle for handle in legend.legend_handles if handle is not None]
    ax.legend(
        handles, [text.get_text() for text in legend.get_texts()], loc="lower center",
        bbox_to_anchor=(0.5, 1.0), ncols=columns, fontsize="small", columnspacing=1.0,
    )  # fmt: skip


def plain_logarithm(axis: Axis) -> None:
    """Label a logarithmic axis of less than two decades 50, 100, 200 instead of by powers."""
    from gain.plot_axes import plain_log_labels

    low, high = axis.get_view_interval()
    if high < 100 * low:
        plain_log_labels(axis)


def save_figure(drawn: Figure, stem: Path, *, vector: bool = True) -> Path:
    """Write a figure as SVG, or as PNG when it is a picture of fields or too large.

    Args:
        drawn: the figure.
        stem: path without suffix.
        vector: whether SVG is tried.
    """
    if vector:
        target = stem.with_name(stem.name + ".svg")
        with atomic_path(target) as path:
            drawn.savefig(path, metadata={"Date": None})
        if target.stat().st_size <= VECTOR_LIMIT:
            return target
        target.unlink()
    target = stem.with_name(stem.name + ".png")
    with atomic_path(target) as path:
        drawn.savefig(path, dpi=160)
    return target


def _drawings(outcome: RunResult) -> Iterator[tuple[str, Draw, bool]]:
    """Yield (name, function, whether vector) of every picture."""
    planar = is_planar(outcome.design.cavity)
    periodic = is_periodic(outcome.design.cavity)
    yield "cavity", _stack if planar else (_unit_cell if periodic else _cavity), True
    yield "profiles", _profiles, True
    if not (planar or periodic):
        yield "spectrum", _spectrum, True
    yield "free_spectral_range", _free_spectral_range, True
    yield "quality_factors", _quality_factors, True
    for number in range(len(outcome.fields)):
        draw = _planar_field(number) if planar else _field_drawing(number)
        yield f"field_{number + 1}", draw, planar
    yield "gain_spectra", _gain_spectra, True
    yield "gain_versus_pump", _gain_versus_pump, True
    yield "mode_thresholds", _mode_thresholds, True
    yield "gain_and_losses", _gain_and_losses, True
    yield "threshold_versus_loss", _threshold_versus_loss, True
    yield "monte_carlo", _monte_carlo, True
    for section in outcome.sections:
        for item in section.figures:
            yield item.name, _section_figure(item), item.vector


def _cavity(outcome: RunResult) -> Figure:
    from cavities.plot_body import plot_body

    new, ax = figure(7.0, 3.6)
    plot_body(outcome.design.cavity, ax=ax)  # type: ignore[arg-type]
    return new


def _unit_cell(outcome: RunResult) -> Figure:
    from matplotlib.figure import Figure

    from cavities.plot_unit_cell import draw_unit_cell

    new = Figure(figsize=(8.4, 4.2), layout="constrained")
    top, section = new.subplots(1, 2)
    draw_unit_cell(outcome.design.cavity, axes=(top, section))  # type: ignore[arg-type]
    return new


def _stack(outcome: RunResult) -> Figure:
    from studies.stack_pictures import draw_layers

    low, high = outcome.design.solver.wavelength
    new, ax = figure(7.4, 2.6)
    draw_layers(ax, outcome.design.cavity.stack(), (low + high) / 2)  # type: ignore[attr-defined]
    ax.set_yticks([])
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize="small")
    return new


def _planar_field(number: int) -> Draw:
    def draw(outcome: RunResult) -> Figure:
        from studies.stack_pictures import draw_mode

        mode = outcome.fields[number].mode
        new, ax = figure(6.4, 3.6)
        draw_mode(ax, outcome.design.cavity.stack(), mode, mode.wavelength)  # type: ignore[attr-defined]
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), fontsize="small", ncols=3)
        return new

    return draw


def _section_figure(item: SectionFigure) -> Draw:
    return lambda outcome: item.draw()


def _profiles(outcome: RunResult) -> Figure | None:
    """Profile of the resist against absorber concentration, the design's own included."""
    from cavities.plot_profile import plot_profiles

    exposure = getattr(outcome.design.cavity, "exposure", None)
    if exposure is None or exposure.absorber_mg_per_ml <= 0:
        return None
    own = exposure.absorber_mg_per_ml
    shots = [exposure.changed(absorber_mg_per_ml=factor * own) for factor in (0.5, 1.0, 2.0)]
    labels = [f"{shot.absorber_mg_per_ml:g} mg/mL absorber" for shot in shots]
    new, ax = figure(7.0, 3.4)
    plot_profiles(shots, labels=labels, ax=ax)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=3)
    return new


def _spectrum(outcome: RunResult) -> Figure:
    new, ax = figure(5.6, 4.2)
    outcome.solved.plot(ax=ax)
    _lift_legend(ax, columns=3)
    return new


def _free_spectral_range(outcome: RunResult) -> Figure | None:
    from solvers.free_spectral_range import free_spectral_range
    from solvers.plot_modes import plot_free_spectral_range

    if not any(len(family.spacing) for family in free_spectral_range(outcome.modes)):
        return None
    new, ax = figure(5.6, 4.0)
    plot_free_spectral_range(outcome.modes, ax=ax)
    _lift_legend(ax, columns=3)
    return new


def _quality_factors(outcome: RunResult) -> Figure:
    """Q by loss channel of the modes with the lowest thresholds, else the highest Q."""
    from solvers.plot_modes import plot_quality_factors

    modes, result = outcome.solved, outcome.threshold
    if result is not None and result.lases:
        chosen = [modes[int(i)] for i in np.argsort(result.absorbed_photons, kind="stable")[:12]]
    else:
        chosen = list(modes.sorted_by("quality_factor", reverse=True)[:12])
    if is_planar(outcome.design.cavity) or is_periodic(outcome.design.cavity):
        chosen = [_without_negligible(mode) for mode in chosen]
    new, ax = figure(7.0, 1.6 + 0.32 * len(chosen))
    plot_quality_factors(chosen, ax=ax)
    scattering = outcome.design.losses.scattering_quality_factor
    if scattering is not None:
        ax.set_xlim(left=min(ax.get_xlim()[0], scattering / 2))
        ax.axvline(scattering, color="#b5322a", ls="--", lw=1.2)
        ax.annotate(
            f"[losses] {scattering:g}",
            (scattering, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(4, 3),
            textcoords="offset points",
            color="#b5322a",
            fontsize="small",
        )
    return new


def _without_negligible(mode: Mode) -> Mode:
    """Return the mode without loss channels of less than 1e-5 of its loss."""
    limit = 1e5 * abs(mode.quality_factor)
    kept = {name: q for name, q in mode.quality_factors.items() if abs(q) < limit}
    return dataclasses.replace(mode, quality_factors=kept) if kept else mode


def _field_drawing(number: int) -> Draw:
    def draw(outcome: RunResult) -> Figure:
        from solvers.plot_mode_field import plot_mode_field

        picture = outcome.fields[number]
        spans = np.ptp(picture.r), np.ptp(picture.z)
        new, ax = figure(5.6, float(np.clip(5.0 * spans[1] / spans[0], 2.6, 6.5)))
        body = outcome.design.cavity.body()  # type: ignore[attr-defined]
        lines = []
        for region in body.regions:
            points = region.outline.points(1e-3)
            lines.append(np.concatenate([points, points[:1]]))
        for height in getattr(body.background, "interfaces", list)():
            lines.append(np.array([[picture.r[0], height], [picture.r[-1], height]]))
        plot_mode_field(picture.mode, picture.r, picture.z, outline=lines, ax=ax)
        ax.set_xlim(picture.r[0], picture.r[-1])
        ax.set_ylim(picture.z[0], picture.z[-1])
        return new

    return draw


def _gain_spectra(outcome: RunResult) -> Figure | None:
    if outcome.threshold is None:
        return None
    from gain import plot_gain_spectra

    new, ax = figure(5.6, 4.0)
    plot_gain_spectra(outcome.threshold.medium, ax=ax)
    return new


def _gain_versus_pump(outcome: RunResult) -> Figure | None:
    if outcome.threshold is None:
        return None
    from gain import plot_gain_versus_pump

    new, ax = figure(5.6, 4.0)
    plot_gain_versus_pump(outcome.threshold.medium, ax=ax)
    return new


def _mode_thresholds(outcome: RunResult) -> Figure | None:
    if outcome.threshold is None or not outcome.threshold.lases:
        return None
    from gain import plot_mode_thresholds

    new, ax = figure(5.6, 4.0)
    plot_mode_thresholds(outcome.threshold, ax=ax)
    _lift_legend(ax)
    return new


def _gain_and_losses(outcome: RunResult) -> Figure | None:
    if outcome.threshold is None or not outcome.threshold.lases:
        return None
    from gain import plot_gain_and_losses

    new, ax = figure(5.6, 4.0)
    plot_gain_and_losses(outcome.threshold, ax=ax)
    _lift_legend(ax)
    return new


def _threshold_versus_loss(outcome: RunResult) -> Figure | None:
    """Threshold and lasing wavelength versus 1/K, for a mode at every wavelength."""
    if outcome.threshold is None:
        return None
    from matplotlib.figure import Figure

    from gain import plot_lasing_wavelength_curve, plot_threshold_curve, threshold_curve

    curve = threshold_curve(outcome.threshold.medium, np.geomspace(1.05, 3000, 150))
    new = Figure(figsize=(7.0, 3.4), layout="constrained")
    left, right = new.subplots(1, 2)
    plot_threshold_curve(curve, ax=left)
    plot_lasing_wavelength_curve(curve, ax=right)
    index = outcome.threshold.lasing_index
    if index is not None:
        loss = 1 / outcome.threshold.figure_of_merit[index]
        left.plot(
            loss,
            outcome.threshold.lasing_absorbed_photons,
            "o",
            color="#b5322a",
            ms=6,
            label="this design",
        )
        right.plot(
            loss,
            outcome.threshold.lasing_redshift_nm,
            "o",
            color="#b5322a",
            ms=6,
            label="this design",
        )
        left.legend()
        right.legend()
    return new


def _monte_carlo(outcome: RunResult) -> Figure | None:
    if outcome.cloud is None:
        return None
    from gain import plot_lasing_cloud

    new, ax = figure(6.4, 4.2)
    plot_lasing_cloud(outcome.cloud, ax=ax)
    return new
