"""The pole of a mode that is already known: to follow it, or to differentiate it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cavities.periodic_stack import PeriodicStack
from solvers.fourier_modal.cell_problem import SectorProblem
from solvers.fourier_modal.media import Media
from solvers.fourier_modal.point_group import plane_group
from solvers.fourier_modal.pole_equation import mismatch_matrix
from solvers.fourier_modal.prepare import as_unit_cell, cell_problem
from solvers.fourier_modal.refine import Pole, refine
from solvers.fourier_modal.search import Candidate
from solvers.modes import Mode

__all__ = ["changed_problem", "followed", "poles_at", "poles_of_mode", "require_periodic"]

_NEAR = 1e-5


def require_periodic(mode: Mode) -> None:
    """Check that a mode is of this solver.

    Raises:
        ValueError: it is not.
    """
    if "bloch" not in mode.settings or "orders" not in mode.settings:
        raise ValueError(
            f"mode: must be of a periodic cavity, got {mode.label!r} of method {mode.method!r}; "
            "solve the cavity with solve_modes"
        )


def poles_of_mode(
    cavity: Any, mode: Mode, *, use_symmetry: bool = True, media: Media | None = None
) -> tuple[SectorProblem, list[Pole]]:
    """Return the sector and the pole of a mode; several poles if it is degenerate in its sector.

    Args:
        cavity: what the mode was solved for.
        mode: a mode of method "fourier-modal"; its truncation is used.
        use_symmetry: whether to work in the mode's representation alone.
        media: gain and index shifts that the mode was solved with.

    Raises:
        ValueError: not such a mode, or the cavity has no mode there.
    """
    require_periodic(mode)
    cell = cell_problem(
        as_unit_cell(cavity),
        np.array(mode.settings["bloch"]),
        int(mode.settings["orders"]),
        mode.wavenumber.real,
        use_symmetry=use_symmetry and mode.symmetry is not None,
        media=media,
        factorization=mode.settings.get("factorization", "normal-vector"),
    )
    for number, sector in enumerate(cell.sectors):
        if not sector.name or sector.name == mode.symmetry:
            problem = cell.sector_problem(number)
            poles = poles_at(problem, mode.wavenumber)
            if poles:
                return problem, poles
    raise ValueError(
        f"mode: must be one of the cavity's, got {mode.label!r} at {mode.wavelength:.6g} um, where "
        "the cavity has none; give the cavity that the mode was solved for"
    )


def poles_at(problem: SectorProblem, k: complex) -> list[Pole]:
    """Return the poles of a sector within rounding of k0 (rad/um)."""
    _, values, rows = np.linalg.svd(mismatch_matrix(problem.sides(k)))
    small = rows[values < 1e-3 * np.median(values)]
    small = small if len(small) else rows[-1:]
    candidates = [Candidate(k=k, vector=row.conj()) for row in small]
    poles, _ = refine(problem, candidates)
    return [pole for pole in poles if abs(pole.k - k) < _NEAR * abs(k)]


def followed(problem: SectorProblem, poles: Sequence[Pole]) -> list[Pole]:
    """Return poles of a slightly changed sector, from those of the unchanged one.

    Raises:
        RuntimeError: Newton's method led nowhere; take a smaller step.
    """
    found, lost = refine(problem, [Candidate(k=p.k, vector=p.right) for p in poles])
    if lost or len(found) != len(poles):
        raise RuntimeError(
            f"followed: must lead to {len(poles)} poles, got {len(found)}; take a smaller step"
        )
    return found


def changed_problem(
    problem: SectorProblem, stack: PeriodicStack, bloch: NDArray[np.float64] | None = None
) -> SectorProblem:
    """Return the same sector of a slightly changed stack, or at another Bloch vector.

    The point group of the unchanged problem is imposed: what the change does to it is averaged
    over the group, which is all that counts to first order.

    Raises:
        ValueError: the new lattice or Bloch vector does not have the group.
    """
    cell = problem.cell
    changed = cell_problem(
        stack,
        cell.orders.bloch if bloch is None else bloch,
        len(cell.orders),
        cell.reference_k,
        use_symmetry=cell.group is not None,
        symmetry=(cell.centre, cell.group or plane_group(1, None)),
        media=cell.media,
        like=cell if stack is cell.stack else None,
        factorization=cell.factorization,
    )
    names = [sector.name for sector in changed.sectors]
    if problem.sector.name not in names or len(changed.orders) != len(cell.orders):
        raise ValueError(
            f"stack: must keep the symmetry {problem.sector.name!r} of the mode, got {names}; "
            "use the mode of a solution without symmetry"
        )
    reference = dataclasses.replace(
        changed, plane=cell.plane, reference_eps=cell.reference_eps, reference_k=cell.reference_k
    )
    return reference.sector_problem(names.index(problem.sector.name))
