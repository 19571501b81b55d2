"""The first stage of a run: the modes of the cavity, from the store or from the solver."""

from __future__ import annotations

import dataclasses
import logging
import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from studies.cavity_table import cavity_type, is_periodic, is_planar
from studies.design import Design
from studies.errors import DesignError
from studies.store import Store, content_key
from studies.versions import code_digest

if TYPE_CHECKING:
    from solvers.modes import Mode, ModeSet

__all__ = [
    "Solve",
    "find_modes",
    "keep_modes",
    "modes_key",
    "no_modes",
    "solve_again",
    "solver_arguments",
    "stored_modes",
    "with_losses",
]

Solve = Callable[..., "ModeSet"]
"""A function with the arguments of `solvers.solve_modes`."""

CODE = ("cavities", "solvers")
logger = logging.getLogger(__name__)


def modes_key(design: Design) -> str:
    """Return the key of the design's modes: cavity, solver settings, our code, NGSolve."""
    from studies.versions import package_version

    return content_key(
        {
            "cavity": cavity_type(design.cavity),
            "hash": design.cavity.content_hash(),
            "solver": design.solver.content(),
            "code": code_digest(CODE),
            "ngsolve": package_version("ngsolve"),
        }
    )


def find_modes(
    design: Design,
    store: Store,
    *,
    solve: Solve | None = None,
    fresh: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[ModeSet, bool]:
    """Return the modes of the design, and whether they came from the store.

    Azimuthal orders that an interrupted run had finished are kept in the store and not solved
    again.

    Args:
        design: what to solve.
        store: where finished mode sets are kept.
        solve: the solver, default `solvers.solve_modes`.
        fresh: solve even when the store has the modes.
        progress: called with (azimuthal orders done, orders planned).

    Raises:
        DesignError: there is no mode in the window.
    """
    modes = None if fresh else stored_modes(design, store)
    if modes is not None:
        logger.info("modes: taken from the store, entry %s", modes_key(design)[:12])
        return modes, True
    unfinished = store.path("unfinished-modes", modes_key(design))
    if fresh:
        shutil.rmtree(unfinished, ignore_errors=True)
    extra: dict[str, Any] = {"progress": progress, "checkpoint": unfinished}
    if is_periodic(design.cavity):
        extra = {}  # one Bloch vector takes a second: nothing to report or to keep
    try:
        modes = _solver(solve)(design.cavity, **solver_arguments(design), **extra)
    except ValueError as error:
        if not is_periodic(design.cavity):
            raise
        raise _solver_error(error) from None
    if len(modes) == 0:
        raise no_modes(design)
    if fresh:
        store.remove("modes", modes_key(design))
    keep_modes(design, modes, store)
    shutil.rmtree(unfinished, ignore_errors=True)
    return modes, False


def no_modes(design: Design) -> DesignError:
    """Return the error of a window without modes."""
    low, high = design.solver.wavelength
    doubt = "angle_deg" if is_planar(design.cavity) else "azimuthal_order"
    if is_periodic(design.cavity):
        doubt = "period and bloch"
    elif doubt == "azimuthal_order":
        doubt += f" = {design.solver.azimuthal_order}"
    return DesignError(
        f"must hold at least one mode with Q > {design.solver.quality_factor_floor:g}, got none in "
        f"{low:g}-{high:g} um; widen the window, lower quality_factor_floor or check {doubt}",
        key="solver.wavelength",
    )


def _solver_error(error: ValueError) -> DesignError:
    """Return an error of the periodic solver as one about the table [solver]."""
    name, _, rest = str(error).partition(": ")
    known = {"orders": "orders", "bloch": "bloch", "wavelength": "wavelength"}
    key = known.get(name)
    text = rest if key else str(error)
    return DesignError(text, key=f"solver.{key}" if key else "solver")


def solver_arguments(design: Design) -> dict[str, Any]:
    """Return the keyword arguments of `solvers.solve_modes` for a design."""
    cavity = design.cavity
    return design.solver.arguments(planar=is_planar(cavity), periodic=is_periodic(cavity))


def keep_modes(design: Design, modes: ModeSet, store: Store) -> None:
    """Put the modes of a design into the store."""
    about = {"design": design.name, "cavity": cavity_type(design.cavity)}
    with store.writing("modes", modes_key(design), about=about) as draft:
        modes.save(draft / "modes.h5")


def stored_modes(design: Design, store: Store) -> ModeSet | None:
    """Return the modes of a design from the store, None when they are not there."""
    from solvers.modes import ModeSet

    folder = store.find("modes", modes_key(design))
    return None if folder is None else ModeSet.load(folder / "modes.h5")


def with_losses(design: Design, modes: ModeSet) -> ModeSet:
    """Return the modes with the design's [losses] added: 1/Q grows, the wavelength stays.

    Args:
        design: the design; modes: as solved.

    Example:
        >>> from cavities import Sphere
        >>> from solvers import Mode, ModeSet
        >>> from studies.settings import LossSettings, SolverSettings
        >>> ball = Design(cavity=Sphere(radius=2.0, material=1.5),
        ...               solver=SolverSettings(wavelength=(0.6, 0.7)),
        ...               losses=LossSettings(scattering_quality_factor=6000))
        >>> solved = ModeSet(modes=(Mode(wavenumber=10 - 2.5e-3j),))
        >>> round(solved[0].quality_factor), round(with_losses(ball, solved)[0].quality_factor)
        (2000, 1500)
    """
    quality = design.losses.scattering_quality_factor
    if quality is None:
        return modes
    lossy = []
    for mode in modes:
        k = mode.wavenumber
        channels = {**mode.quality_factors, "scattering": quality}
        damped = complex(k.real, k.imag - k.real / (2 * quality))
        lossy.append(dataclasses.replace(mode, wavenumber=damped, quality_factors=channels))
    return dataclasses.replace(modes, modes=tuple(lossy))


def solve_again(design: Design, mode: Mode, *, solve: Solve | None = None) -> Mode | None:
    """Return the same mode with its field, solved alone in a narrow window; None when lost.

    Modes that come from the store or from another process carry no field.
    """
    arguments: dict[str, Any] = solver_arguments(design)
    if is_planar(design.cavity):
        arguments["polarization"] = mode.polarization
    elif not is_periodic(design.cavity):
        arguments["workers"] = 1
    if mode.azimuthal_order is not None:
        arguments["azimuthal_order"] = mode.azimuthal_order
    for width in (2e-5, 1e-3):
        arguments["wavelength"] = (mode.wavelength * (1 - width), mode.wavelength * (1 + width))
        found = list(_solver(solve)(design.cavity, **arguments))
        if found:
            best = min(found, key=lambda other: abs(other.wavenumber - mode.wavenumber))
            if abs(best.wavenumber - mode.wavenumber) < 1e-4 * abs(mode.wavenumber):
                return best
    return None


def _solver(solve: Solve | None) -> Solve:
    """Return the given solver or the suite's."""
    if solve is not None:
        return solve
    import solvers

    default: Solve = solvers.solve_modes
    return default
