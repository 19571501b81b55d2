"""What a run adds for periodic cavities: one report section after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from studies.cavity_table import is_periodic
from studies.design import Design
from studies.mode_stage import Solve
from studies.report_section import ReportSection

if TYPE_CHECKING:
    from gain.lasing_threshold import ThresholdResult
    from solvers.modes import ModeSet

__all__ = ["periodic_sections"]


def periodic_sections(
    design: Design,
    modes: ModeSet,
    solved: ModeSet,
    result: ThresholdResult | None,
    *,
    solve: Solve | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[ReportSection, ...]:
    """Return the sections of a periodic cavity; none for others.

    Args:
        design: what was asked.
        modes: the modes with all losses; solved: as the solver gave them.
        result: their thresholds, None without a medium.
        solve: the solver, default `solvers.solve_modes`.
        progress: called with one line when a section starts.

    Raises:
        DesignError: a table of the design asks for what the cavity cannot give.
    """
    if not is_periodic(design.cavity):
        return ()
    return tuple(_sections(design, modes, solved, result, solve, progress))


def _sections(
    design: Design,
    modes: ModeSet,
    solved: ModeSet,
    result: ThresholdResult | None,
    solve: Solve | None,
    say: Callable[[str], None],
) -> Iterator[ReportSection]:
    from studies.periodic_assumptions import assumption_section, moved_resonances
    from studies.periodic_bands import bands_section, design_bands
    from studies.periodic_fields import field_section
    from studies.periodic_lasing import period_lasing
    from studies.periodic_size import size_section
    from studies.periodic_sweep import mode_sweeps
    from studies.periodic_sweep_section import sweep_section

    say("fields")
    yield field_section(design, solved, _ranked(design, modes, result), solve=solve)
    say("bands")
    yield bands_section(design, design_bands(design))
    say("geometry")
    sweeps = mode_sweeps(design, solve=solve)
    yield sweep_section(sweeps, orders=design.periodic.study_orders)
    moved = moved_resonances(design, solve=solve)
    if design.periodic.unknown:
        yield assumption_section(design, moved, sweeps["period"])
    say("thresholds over the period")
    lasing = period_lasing(design, sweeps["period"], solve=solve)
    if lasing is not None and result is not None:
        from studies.periodic_lasing_section import lasing_section
        from studies.periodic_pump_section import depth_resolved, periodic_pump_section

        yield lasing_section(design, lasing)
        index = result.lasing_index
        if index is not None and result.fluence_uj_per_cm2 is not None:
            depth = depth_resolved(
                design, solved[index], float(result.figure_of_merit[index]), solve=solve
            )
            uniform = float(result.fluence_uj_per_cm2[index])
            yield periodic_pump_section(design, lasing, depth, mode=solved[index], uniform=uniform)
    say("device size")
    yield size_section(design, solved)
    if design.output.paper is not None:
        from studies.paper_section import paper_section
        from studies.periodic_verdicts import periodic_verdicts

        yield paper_section(
            periodic_verdicts(design, sweeps, moved, lasing),
            title="The paper, line by line (doi:10.1039/D4NR04653F)",
        )


def _ranked(design: Design, modes: ModeSet, result: ThresholdResult | None) -> list[int]:
    """Return the numbers of the modes to picture: lowest thresholds first, else highest Q."""
    if result is not None and result.lases:
        order = np.argsort(result.absorbed_photons, kind="stable")
    else:
        order = np.argsort([-mode.quality_factor for mode in modes], kind="stable")
    return [int(i) for i in order[: 2 * design.output.field_count]][: design.output.field_count]
