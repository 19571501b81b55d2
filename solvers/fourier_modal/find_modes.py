"""Blind search of one window at one Bloch vector: all poles of all sectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cavities.periodic_stack import PeriodicStack
from solvers.fourier_modal.cell_problem import CellProblem, SectorProblem
from solvers.fourier_modal.cell_symmetry import cell_symmetry
from solvers.fourier_modal.media import Media
from solvers.fourier_modal.prepare import cell_problem
from solvers.fourier_modal.refine import Pole, refine, widened
from solvers.fourier_modal.search import Candidate, find_candidates
from solvers.fourier_modal.settings import PeriodicSettings

__all__ = ["FoundPole", "find_poles"]

Complexes = NDArray[np.complex128]

_SEARCH_TOLERANCE = 1e-4
_FINAL_TOLERANCE = 1e-8
_MARGIN = 2e-3


@dataclass(frozen=True, kw_only=True, eq=False)
class FoundPole:
    """A pole with its sector, and its k0 (rad/um) at the smaller truncation."""

    problem: SectorProblem
    pole: Pole
    coarse: complex


def find_poles(
    stack: PeriodicStack,
    bloch: NDArray[np.float64],
    window: tuple[float, float],
    *,
    depth: float,
    settings: PeriodicSettings,
    media: Media | None = None,
) -> tuple[list[FoundPole], list[str]]:
    """Return all poles near a window of k0, and warnings.

    Args:
        stack: the unit cell.
        bloch: Bloch vector (2,), rad/um.
        window: of Re k0 (rad/um).
        depth: largest |Im k0| of interest (rad/um).
        settings: truncations.
        media: gain and index shifts.
    """
    low, high = window[0] * (1 - _MARGIN), window[1] * (1 + _MARGIN)
    symmetry = cell_symmetry(stack)
    small, large = (
        cell_problem(
            stack,
            bloch,
            count,
            (low + high) / 2,
            use_symmetry=settings.use_symmetry,
            symmetry=symmetry,
            media=media,
            factorization=settings.factorization,
        )
        for count in (settings.search_orders, settings.orders)
    )
    names = [sector.name for sector in large.sectors]
    found: list[FoundPole] = []
    warnings: list[str] = []
    for number, sector in enumerate(small.sectors):
        coarse_problem = small.sector_problem(number)
        candidates = find_candidates(coarse_problem, low, high, depth)
        coarse, _ = refine(coarse_problem, candidates, tolerance=_SEARCH_TOLERANCE)
        if not coarse:
            continue
        place = names.index(sector.name)
        problem = large.sector_problem(place)
        starts = _starts(coarse, small, number, large, place)
        poles, lost = refine(problem, starts, tolerance=_FINAL_TOLERANCE)
        inside = [c for c in lost if low <= c.k.real <= high and abs(c.k.imag) < depth]
        warnings += [
            f"a start value at {2 * np.pi / c.k.real:.6g} um led to no mode at {len(large.orders)} "
            "orders; compare with more orders"
            for c in inside
        ]
        vectors = np.stack([start.vector for start in starts])
        for pole in poles:
            overlap = np.abs(vectors.conj() @ pole.right) / np.linalg.norm(vectors, axis=1)
            twin = coarse[int(np.argmax(overlap))]
            found.append(FoundPole(problem=problem, pole=pole, coarse=twin.k))
    return sorted(found, key=lambda f: f.pole.k.real), warnings


def _starts(
    coarse: Sequence[Pole], small: CellProblem, number: int, large: CellProblem, place: int
) -> list[Candidate]:
    """Return the poles of the small truncation as start values in the large one."""
    basis = small.sectors[number].bases[0]
    spread = np.zeros((2, len(large.orders), basis.shape[2]), dtype=np.complex128)
    spread[:, small.orders.subset_of(large.orders)] = basis
    target = large.sectors[place].bases[0]
    return [Candidate(k=pole.k, vector=widened(pole.right, spread, target)) for pole in coarse]
