"""One run of the data path: cavity, modes, threshold, layout, pictures, report.

Every file of the output folder is written whole or not at all, stage after stage; the modes and
the sampled fields also go to the result store as soon as they are there, so that a run that was
cut short goes on where it stopped.
"""

from __future__ import annotations

import logging
import platform
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from studies.cavity_table import is_periodic
from studies.checks import check_design
from studies.design import Design
from studies.field_stage import FieldPicture, field_pictures
from studies.files import atomic_path, check_writable, write_text
from studies.mode_stage import Solve, find_modes, with_losses
from studies.periodic_stage import periodic_sections
from studies.planar_stage import planar_sections, require_decay
from studies.report_section import ReportSection
from studies.result_json import layout_entry, mode_entries, result_text, threshold_entry
from studies.run_clock import RunClock
from studies.store import Store, default_root
from studies.versions import versions
from studies.warning_log import collected_warnings

if TYPE_CHECKING:
    from gain.lasing_threshold import ThresholdResult
    from gain.monte_carlo import LasingCloud
    from layouts.chip_layout import Layout
    from layouts.verification import ReadBack
    from solvers.modes import ModeSet

__all__ = ["RunResult", "orders_progress", "run"]

Progress = Callable[[str], None]
logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, eq=False)
class RunResult:
    """Everything a run produced.

    Attributes:
        design: what was asked.
        modes: the modes in the window, with the design's [losses].
        solved: the same modes as the solver gave them.
        threshold: thresholds of the modes, None without a medium.
        cloud: Monte Carlo over cavity quality, None without.
        fields: sampled fields of some modes.
        sections: what the report has beyond the parts that every run has.
        layout: the mask, None for cavities that are not drawn.
        layout_files: what klayout read back from the written files, by file name.
        provenance: versions, wall time, warnings.
        folder: where the files are, None when nothing was written.
    """

    design: Design
    modes: ModeSet
    solved: ModeSet
    threshold: ThresholdResult | None = None
    cloud: LasingCloud | None = None
    fields: tuple[FieldPicture, ...] = ()
    sections: tuple[ReportSection, ...] = ()
    layout: Layout | None = None
    layout_files: dict[str, ReadBack] = field(default_factory=dict)
    provenance: dict[str, Any] = field(default_factory=dict)
    folder: Path | None = None


def run(
    design: Design,
    out: str | Path | None = None,
    *,
    store: Store | None = None,
    fresh: bool = False,
    solve: Solve | None = None,
    progress: Progress | None = None,
) -> RunResult:
    """Return modes, threshold and mask of a design; with `out`, write them and the report.

    Args:
        design: see `load_design`.
        out: folder for result.json, report.html, modes.csv, modes.h5, pictures and masks; it is
            made after the first stage, so that a design that fails leaves nothing behind.
        store: result store; default: the user's cache folder.
        fresh: solve even when the store has the modes.
        solve: the solver, default `solvers.solve_modes`.
        progress: called with one line when a stage starts.

    Raises:
        DesignError: the design cannot be solved, or `out` cannot be written.
    """
    say = progress or logger.info
    clock = RunClock()
    folder = None if out is None else Path(out)
    if folder is not None:
        check_writable(folder)
    check_design(design)
    plan_layout(design)
    store = store or Store(default_root())
    with collected_warnings() as messages:
        say("modes")
        with clock.stage("modes"):
            solved, stored = find_modes(
                design, store, solve=solve, fresh=fresh, progress=orders_progress(say)
            )
        require_decay(design, solved)
        modes = with_losses(design, solved)
        say(f"modes: {modes.summary()}{' (from the store)' if stored else ''}")
        if folder is not None:
            _write_modes(modes, folder)
        with clock.stage("threshold"):
            result, cloud = _threshold(design, modes)
        with clock.stage("studies"):
            sections = planar_sections(design, modes, result, solve=solve)
            sections += periodic_sections(design, modes, solved, result, solve=solve, progress=say)
            if design.kinetics is not None:
                from studies.dynamics_section import dynamics_sections

                say("dynamics")
                sections += tuple(dynamics_sections(design, modes, result))
        say("mask")
        with clock.stage("layout"):
            chip, files = _layout(design, modes, result, folder)
        fields: tuple[FieldPicture, ...] = ()
        if design.output.pictures and not is_periodic(design.cavity):
            say("fields")
            with clock.stage("fields"):
                chosen = pictured_modes(design, modes, result)
                fields = field_pictures(design, solved, chosen, store, solve=solve)
                fields = tuple(picture.of(modes[picture.index]) for picture in fields)
    provenance = {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": versions(),
        "settings": design.solver.model_dump(mode="json"),
        "modes_from_store": stored,
        "solver": dict(modes.provenance),
        "wall_time_s": clock.total(),
        "stages_s": clock.seconds,
        "machine": f"{platform.system()} {platform.machine()}",
        "warnings": list(dict.fromkeys([*modes.provenance.get("warnings", ()), *messages])),
    }
    outcome = RunResult(
        design=design,
        modes=modes,
        solved=solved,
        threshold=result,
        cloud=cloud,
        fields=fields,
        sections=sections,
        layout=chip,
        layout_files=files,
        provenance=provenance,
        folder=folder,
    )
    if folder is not None:
        _write_outcome(outcome, folder, clock, say)
    return outcome


def plan_layout(design: Design) -> None:
    """Raise before any solving when the design's mask cannot be drawn.

    Raises:
        DesignError: a diameter that cannot be written, devices too close.
    """
    from studies.layout_stage import check_layout

    check_layout(design)


def pictured_modes(
    design: Design, modes: ModeSet, result: ThresholdResult | None
) -> tuple[int, ...]:
    """Return the numbers of the modes to picture: lowest thresholds first, else highest Q."""
    if result is not None and result.lases:
        order = np.argsort(result.absorbed_photons, kind="stable")
    else:
        order = np.argsort([-mode.quality_factor for mode in modes], kind="stable")
    return tuple(int(i) for i in order[: design.output.field_count])


def _threshold(design: Design, modes: ModeSet) -> tuple[ThresholdResult | None, LasingCloud | None]:
    """Return thresholds and Monte Carlo, None without a medium."""
    if design.gain is None:
        return None, None
    from gain import threshold
    from studies.population_stage import lasing_population
    from studies.pump_profile import effective_pump

    result = threshold(modes, design.gain, effective_pump(design))  # type: ignore[arg-type]
    return result, lasing_population(design, modes, result)


def _layout(
    design: Design, modes: ModeSet, result: ThresholdResult | None, folder: Path | None
) -> tuple[Layout | None, dict[str, ReadBack]]:
    """Return the mask and what its files hold."""
    from studies.layout_stage import draw_layout, write_layout

    chip = draw_layout(design, result)
    if chip is None or folder is None:
        return chip, {}
    from studies.planar_sheets import leading_mode

    return chip, write_layout(chip, design, folder, mode=leading_mode(modes, result))


def _write_modes(modes: ModeSet, folder: Path) -> None:
    """Write modes.h5 and modes.csv."""
    with atomic_path(folder / "modes.h5") as path:
        modes.save(path)
    with atomic_path(folder / "modes.csv") as path:
        modes.to_dataframe().to_csv(path)


def _write_outcome(outcome: RunResult, folder: Path, clock: RunClock, say: Progress) -> None:
    """Write pictures, threshold table, result.json and the report."""
    pictures: dict[str, Path] = {}
    if outcome.threshold is not None:
        with atomic_path(folder / "thresholds.csv") as path:
            outcome.threshold.to_dataframe().to_csv(path, index=False)
    if outcome.design.output.pictures:
        from studies.pictures import write_pictures

        say("pictures")
        with clock.stage("pictures"), collected_warnings() as messages:
            pictures = write_pictures(outcome, folder / "pictures")
        outcome.provenance["warnings"] += messages
    outcome.provenance["wall_time_s"] = clock.total()
    text = result_text(
        design=outcome.design.content(),
        modes=mode_entries(outcome.modes, outcome.threshold),
        threshold=threshold_entry(outcome.threshold, outcome.cloud),
        layout=layout_entry(outcome.layout, outcome.layout_files),
        provenance=outcome.provenance,
        extra={section.anchor: section.numbers for section in outcome.sections},
    )
    write_text(folder / "result.json", text)
    from studies.report import report_html

    say("report")
    write_text(folder / "report.html", report_html(outcome, pictures))


def orders_progress(say: Progress) -> Callable[[int, int], None]:
    """Return a function that tells how many azimuthal orders are done."""
    return lambda done, planned: say(f"modes: azimuthal order {done} of {planned}")
