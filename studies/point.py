"""One point of a sweep: from a design to the numbers that the sweep keeps."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from studies.checks import check_design
from studies.design import Design
from studies.errors import one_line
from studies.mode_stage import CODE, no_modes, solver_arguments, with_losses
from studies.result_json import plain
from studies.store import content_key
from studies.versions import code_digest
from studies.warning_log import collected_warnings

if TYPE_CHECKING:
    from solvers.modes import ModeSet

__all__ = ["QUANTITIES", "compute_points", "point_key"]

Record = dict[str, Any]

QUANTITIES: Mapping[str, tuple[str, str]] = {
    "lasing_wavelength": ("um", "wavelength of the mode that lases first"),
    "absorbed_photons": ("1", "absorbed photons per nanocrystal at threshold"),
    "fluence_uj_per_cm2": ("uJ/cm^2", "pump fluence at threshold"),
    "intensity_w_per_cm2": ("W/cm^2", "pump intensity at threshold"),
    "lasing_quality_factor": ("1", "Q of the mode that lases first"),
    "lasing_confinement": ("1", "its energy fraction in the gain film"),
    "lasing_azimuthal_order": ("1", "its azimuthal order"),
    "figure_of_merit": ("1", "its figure of merit K"),
    "best_quality_factor": ("1", "highest Q"),
    "best_wavelength": ("um", "wavelength of the mode with the highest Q"),
    "free_spectral_range_nm": ("nm", "free spectral range of that mode's family"),
    "mode_count": ("1", "modes found"),
    "diameter": ("um", "diameter of the cavity"),
    "base_diameter": ("um", "diameter of its foot"),
    "wall_tilt_deg": ("deg", "tilt of its wall"),
    "wall_time_s": ("s", "time the point took"),
}
"""What a sweep keeps of every point: unit and meaning."""


def point_key(design: Design) -> str:
    """Return the key of a point: what decides its numbers, and our code."""
    content = design.content()
    parts = {name: content[name] for name in ("cavity", "losses", "gain", "pump")}
    return content_key(
        {**parts, "solver": design.solver.content(), "code": code_digest((*CODE, "gain"))}
    )


def compute_points(
    designs: Sequence[Design], modes: ModeSet | None = None
) -> tuple[list[Record], ModeSet | None]:
    """Return the numbers of designs that share their modes, and these modes.

    Args:
        designs: designs with the same cavity and solver settings, other media or pumps.
        modes: their modes; None: they are solved for.

    Returns:
        One record per design, JSON-able: "numbers" (a value for each of `QUANTITIES` that is
        known), "quality_parts" (Q by loss channel of the mode that lases first, else of the
        best), "warnings"; or "error" and "lasting": whether the same input fails again.
    """
    start = time.perf_counter()
    with collected_warnings() as messages:
        try:
            check_design(designs[0])
            if modes is None:
                modes = _solve(designs[0])
        except Exception as error:
            return [_failure(error)] * len(designs), None
    solving = time.perf_counter() - start
    records = []
    for design in designs:
        try:
            record = plain(_numbers(design, modes))
            record["numbers"]["wall_time_s"] = round(solving, 3)
            record["warnings"] = list(dict.fromkeys([*record["warnings"], *messages]))
        except Exception as error:
            record = _failure(error)
        records.append(record)
    return records, modes


def _failure(error: Exception) -> Record:
    """Return the record of a point that cannot be computed."""
    lasting = isinstance(error, ValueError | TypeError)
    text = str(error) if lasting else f"{type(error).__name__}: {error}"
    return {"error": one_line(text), "lasting": lasting}


def _solve(design: Design) -> ModeSet:
    """Return the modes of a design, solved in this process."""
    from solvers import solve_modes

    arguments = solver_arguments(design)
    if "workers" in arguments:
        arguments["workers"] = 1
    modes = solve_modes(design.cavity, **arguments)
    if len(modes) == 0:
        raise no_modes(design)
    return modes


def _numbers(design: Design, modes: ModeSet) -> Record:
    """Return the record of a design with its modes, as solved."""
    from studies.population_stage import family_spacing

    modes = with_losses(design, modes)
    best = int(np.argmax([mode.quality_factor for mode in modes]))
    numbers: Record = {
        "best_quality_factor": modes[best].quality_factor,
        "best_wavelength": modes[best].wavelength,
        "mode_count": len(modes),
        **_sizes(design),
    }
    shown = best
    if design.gain is not None:
        from gain import threshold
        from studies.pump_profile import effective_pump

        result = threshold(modes, design.gain, effective_pump(design))  # type: ignore[arg-type]
        if result.lasing_index is not None:
            shown = result.lasing_index
            numbers |= _lasing(result, modes, shown)
    spacing = family_spacing(modes, shown)
    numbers["free_spectral_range_nm"] = math.nan if spacing is None else spacing
    return {
        "numbers": numbers,
        "quality_parts": dict(modes[shown].quality_factors),
        "warnings": list(modes.provenance.get("warnings", ())),
    }


def _lasing(result: Any, modes: ModeSet, index: int) -> Record:
    """Return the numbers of the mode that lases first."""
    order = modes[index].azimuthal_order
    return {
        "lasing_wavelength": result.lasing_wavelength,
        "absorbed_photons": result.lasing_absorbed_photons,
        "fluence_uj_per_cm2": result.lasing_fluence_uj_per_cm2,
        "intensity_w_per_cm2": result.lasing_intensity_w_per_cm2,
        "lasing_quality_factor": result.quality_factor[index],
        "lasing_confinement": result.confinement[index],
        "lasing_azimuthal_order": math.nan if order is None else order,
        "figure_of_merit": result.figure_of_merit[index],
    }


def _sizes(design: Design) -> Record:
    """Return the sizes of the cavity that it knows."""
    sizes = {"diameter": getattr(design.cavity, "diameter", None)}
    base = getattr(design.cavity, "base_radius", None)
    sizes["base_diameter"] = None if base is None else 2 * base
    sizes["wall_tilt_deg"] = getattr(design.cavity, "wall_tilt_deg", None)
    return {name: value for name, value in sizes.items() if value is not None}
