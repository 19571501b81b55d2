"""Our ladder of settings on the microdisk, and the converged reference."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from benchmarks.measure import measured
from benchmarks.microdisk_case import (
    AZIMUTHAL_ORDER,
    HEIGHT,
    INDEX,
    MODES,
    RADIUS,
    SUBSTRATE_INDEX,
)

if TYPE_CHECKING:
    from solvers import ModeSet

__all__ = ["run_ours", "solve"]

# (order p, mesh size in wavelengths), from coarse to fine.
LADDER = ((3, 1.0), (3, 0.8), (4, 0.8), (5, 0.8), (5, 0.6))
# As for Meep, the smallest cell that serves: gap and absorber in vacuum wavelengths.
CELL = {"pml_distance": 0.5, "pml_thickness": 1.0, "pml_strength": 4.0}
SEARCH = (0.685, 0.712)


def run_ours(repeats: int = 3) -> dict[str, Any]:
    """Return the reference and the ladder: wavelengths (um), Q, cost (s) with meshing."""
    reference = solve(None)
    targets = {name: nearest(reference, guess) for name, guess in MODES.items()}
    rungs = []
    for order, mesh_size in LADDER:
        run = measured(partial(solve, (order, mesh_size)), repeats=repeats)
        cost = {"order": order, "mesh_size": mesh_size, "cpu_s": run.cpu_s, "wall_s": run.wall_s}
        rungs.append(
            cost | {name: nearest(run.value, mode["wavelength"]) for name, mode in targets.items()}
        )
    return {"reference": targets, "rungs": rungs}


def solve(rung: tuple[int, float] | None) -> ModeSet:
    """Return every mode with Q > 50 in the window, at (order, mesh size) or as reference."""
    from cavities import BodyOfRevolution, LayeredBackground, Outline, Region
    from solvers import solve_modes
    from solvers.axisymmetric.settings import AxisymmetricSettings

    disk = Region(
        name="disk",
        outline=Outline.rectangle(inner=0, outer=RADIUS, bottom=0, top=HEIGHT),
        material=INDEX,
    )
    background = LayeredBackground(substrate=SUBSTRATE_INDEX, superstrate=1.0)
    if rung is None:
        settings = AxisymmetricSettings.for_accuracy("reference")
    else:
        order, mesh_size = rung
        drop = 1 if order > 2 else 0
        settings = AxisymmetricSettings(
            order=order, mesh_size=mesh_size, coarse_order_drop=drop, **CELL
        )
    return solve_modes(
        BodyOfRevolution(regions=(disk,), background=background),
        wavelength=SEARCH,
        azimuthal_order=AZIMUTHAL_ORDER,
        quality_factor_floor=50,
        settings=settings,
    )


def nearest(modes: ModeSet, wavelength: float) -> dict[str, float]:
    """Return wavelength (um) and Q of the mode nearest to a wavelength."""
    found = min(modes, key=lambda mode: abs(mode.wavelength - wavelength))
    return {"wavelength": found.wavelength, "quality_factor": found.quality_factor}
