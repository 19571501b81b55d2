"""Modes of many periodic cavities, each like the design's own with one thing changed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cavities.spec import Spec
from studies.design import Design
from studies.errors import DesignError
from studies.mode_stage import Solve
from studies.periodic_settings import solver_settings
from studies.periodic_variants import (
    film_thickness,
    pattern_ratio,
    period,
    with_film_thickness,
    with_pattern_ratio,
    with_period,
)

if TYPE_CHECKING:
    from solvers.modes import Mode, ModeSet

__all__ = [
    "ModeSweep",
    "family",
    "leading_modes",
    "lowest",
    "mode_sweeps",
    "solve_variant",
    "sweep_over",
]

WIDENED = 0.06
"""How much further the window reaches when something else than the period changes."""

LEAKY = 5.0
"""Smallest Q over the residual oxide: without any, the substrate takes nearly all."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ModeSweep:
    """Modes over one parameter.

    Attributes:
        name: of the parameter, in words; unit: of its values ("nm" or "").
        values: of the parameter (um where the unit is nm), (n,).
        own: the design's own value.
        modes: at each value, the lowest mode of each family; empty where nothing was found.
        cavities: at each value.
    """

    name: str
    unit: str
    values: tuple[float, ...]
    own: float
    modes: tuple[dict[str, Mode], ...]
    cavities: tuple[Spec, ...]

    @property
    def families(self) -> tuple[str, ...]:
        """Names of the families, longest wavelength first where it is known."""
        names: dict[str, float] = {}
        for found in self.modes:
            for name, mode in found.items():
                names.setdefault(name, mode.wavelength)
        return tuple(sorted(names, key=lambda name: -names[name]))

    def series(self, name: str, of: Callable[[Mode], float]) -> list[float]:
        """Return a number of one family at every value, nan where it was not found."""
        return [of(found[name]) if name in found else math.nan for found in self.modes]


def family(mode: Mode) -> str:
    """Return what a mode is called over a sweep: polarisation and symmetry."""
    return f"{mode.polarization} {mode.symmetry or mode.band}"


def leading_modes(modes: Iterable[Mode]) -> dict[str, Mode]:
    """Return the mode of longest wavelength of every family; of a degenerate pair the first."""
    found: dict[str, Mode] = {}
    for mode in sorted(modes, key=lambda mode: -mode.wavelength):
        found.setdefault(family(mode), mode)
    return found


def lowest(modes: dict[str, Mode]) -> Mode | None:
    """Return the mode of longest wavelength, None without modes."""
    return max(modes.values(), key=lambda mode: mode.wavelength, default=None)


def solve_variant(
    design: Design,
    cavity: Spec,
    *,
    solve: Solve | None = None,
    widened: float = 0.0,
    orders: int | None = None,
    floor: float | None = None,
) -> ModeSet:
    """Return the modes of a cavity like the design's own, in the window scaled with the period.

    Args:
        design: gives the window and the truncation of sweeps.
        cavity: what is solved.
        solve: the solver, default `solvers.solve_modes`.
        widened: share by which the window is widened on both sides.
        orders: plane waves, default those of [periodic] study_orders.
        floor: smallest Q, default the design's.
    """
    import solvers

    scale = period(cavity) / period(design.cavity)
    low, high = (scale * edge for edge in design.solver.wavelength)
    low, high = _within(cavity, low * (1 - widened), high * (1 + widened))
    orders = orders or design.periodic.study_orders
    found: ModeSet = (solve or solvers.solve_modes)(
        cavity,
        wavelength=(low, high),
        quality_factor_floor=floor or design.solver.quality_factor_floor,
        bloch=design.solver.bloch or "Gamma",
        settings=solver_settings(design.solver, orders=orders),
    )
    return found


def sweep_over(
    design: Design,
    values: Sequence[float],
    make: Callable[[float], Spec],
    *,
    name: str,
    own: float,
    unit: str = "nm",
    widened: float = WIDENED,
    floor: float | None = None,
    solve: Solve | None = None,
) -> ModeSweep:
    """Return the modes over one parameter; values that the cavity cannot have are left out."""
    kept: list[float] = []
    cavities: list[Spec] = []
    modes: list[dict[str, Mode]] = []
    for value in values:
        try:
            cavity = make(value)
        except (DesignError, ValueError):
            continue
        kept.append(value)
        cavities.append(cavity)
        found = solve_variant(design, cavity, solve=solve, widened=widened, floor=floor)
        modes.append(leading_modes(found))
    return ModeSweep(
        name=name, unit=unit, values=tuple(kept), own=own, modes=tuple(modes),
        cavities=tuple(cavities),
    )  # fmt: skip


def mode_sweeps(design: Design, *, solve: Solve | None = None) -> dict[str, ModeSweep]:
    """Return the sweeps of a design: "period", "pattern", and what else its cavity has."""
    cavity, study = design.cavity, design.periodic
    own = period(cavity)
    given: dict[str, Any] = {"design": design, "solve": solve}
    found = {
        "period": sweep_over(
            values=study.periods or tuple(own * (0.9 + 0.025 * i) for i in range(9)),
            make=lambda value: with_period(cavity, value),
            name="period", own=own, widened=0.0, **given,
        )
    }  # fmt: skip
    ratio = pattern_ratio(cavity)
    found["pattern"] = sweep_over(
        values=study.pattern_ratios or tuple(ratio * (0.6 + 0.1 * i) for i in range(8)),
        make=lambda value: with_pattern_ratio(cavity, value),
        name=f"{_noun(cavity)} diameter over period", unit="", own=ratio, **given,
    )  # fmt: skip
    film = film_thickness(cavity)
    if film is not None:
        found["film"] = sweep_over(
            values=study.film_thickness or tuple(film * 0.5 * i for i in range(6)),
            make=lambda value: with_film_thickness(cavity, value),
            name="film over the pattern", own=film, **given,
        )  # fmt: skip
    if hasattr(cavity, "residual_thickness"):
        found["residual"] = sweep_over(
            values=study.residual_thickness or (0.0, 0.1, 0.2, 0.3, 0.5),
            make=lambda value: cavity.changed(residual_thickness=value),
            name="residual oxide", own=cavity.residual_thickness, floor=LEAKY, **given,
        )  # fmt: skip
    return found


def _noun(cavity: Spec) -> str:
    """Return what the pattern is made of."""
    if hasattr(cavity, "height"):
        return "pillar"
    return "pillar" if getattr(cavity, "pattern", "holes") == "pillars" else "hole"


def _within(cavity: Spec, low: float, high: float) -> tuple[float, float]:
    """Return a window cut to where the data of all materials hold (um)."""
    for material in cavity.unit_cell().media:  # type: ignore[attr-defined]
        if not material.allow_extrapolation:
            first, last = material.wavelength_range
            low, high = max(low, first), min(high, last)
    return low, high
