"""What the mode sets of every solver of periodic cavities have in common."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from cavities.spec import Spec
from solvers.fourier_modal.labels import labelled
from solvers.modes import Mode, ModeSet

__all__ = ["bloch_mode_set"]


def bloch_mode_set(
    cavity: Any,
    modes: Sequence[Mode],
    *,
    window: tuple[float, float],
    method: str,
    bloch: NDArray[Any],
    lattice_point: str,
    quality_factor_floor: float,
    settings: Spec,
    started: float,
    warnings: Sequence[str] = (),
    provenance: dict[str, Any],
) -> ModeSet:
    """Return the modes at one Bloch vector, labelled, with what was asked and how long it took.

    Args:
        cavity: what was solved; window: wavelengths (um); method: name of the solver.
        bloch: vector (rad/um); lattice_point: its name.
        settings: numerical settings; started: `time.perf_counter()` at the start of the work.
        warnings: doubts; an empty set adds its own.
        provenance: versions and sizes that only this solver knows.
    """
    doubts = list(warnings)
    if not modes:
        low, high = window
        doubts.append(f"no mode between {low:g} and {high:g} um at {lattice_point}")
    return ModeSet(
        modes=labelled(modes),
        cavity={"type": type(cavity).__name__, **cavity.model_dump(mode="json")},
        window=window,
        settings={
            "method": method,
            "bloch": [float(x) for x in bloch],
            "lattice_point": lattice_point,
            "quality_factor_floor": quality_factor_floor,
            **settings.model_dump(mode="json"),
        },
        provenance={
            **provenance,
            "wall_time_s": time.perf_counter() - started,
            "warnings": doubts,
        },
    )
