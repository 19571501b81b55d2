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

# The accuracy level "fast" as it ships, with these orders p in place of its own: nothing of the
# ladder was chosen by looking at errors.
LADDER = (2, 3, 4, 5, 6)
SEARCH = (0.685, 0.712)


def run_ours(repeats: int = 3) -> dict[str, Any]:
    """Return the reference and the ladder: wavelengths (um), Q, cost (s) with meshing."""
    reference = solve(None)
    targets = {name: nearest(reference, guess) for name, guess in MODES.items()}
    rungs = []
    for order in LADDER:
        run = measured(partial(solve, order), repeats=repeats)
        cost = {"order": order, "cpu_s": run.cpu_s, "wall_s": run.wall_s}
        rungs.append(
            cost | {name: nearest(run.value, mode["wavelength"]) for name, mode in targets.items()}
        )
    return {"reference": targets, "rungs": rungs}


def solve(order: int | None) -> ModeSet:
    """Return every mode with Q > 50 in the window, at an order or as reference."""
    from cavities import BodyOfRevolution, LayeredBackground, Outline, Region
    from solvers import solve_modes
    from solvers.axisymmetric.settings import AxisymmetricSettings

    disk = Region(
        name="disk",
        outline=Outline.rectangle(inner=0, outer=RADIUS, bottom=0, top=HEIGHT),
        material=INDEX,
    )
    background = LayeredBackground(substrate=SUBSTRATE_INDEX, superstrate=1.0)
    level = AxisymmetricSettings.for_accuracy("reference" if order is None else "fast")
    settings = level if order is None else level.changed(order=order)
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
