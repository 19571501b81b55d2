"""Start values for all modes of a window: linearised eigenproblems on a grid of k0.

Between two neighbouring grid points M(k0) is taken as linear, M = M_1 + t (M_2 - M_1), whose
eigenvalues are all poles near them, whatever their symmetry.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cavities.material import Material
from solvers.fourier_modal.cell_problem import SectorProblem
from solvers.fourier_modal.pole_equation import mismatch_matrix

__all__ = ["Candidate", "find_candidates", "search_grid"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

_STEP = 0.015
_PHASE = 0.35
_OVERHANG = 0.3
_NEAR_THRESHOLD = (2e-4, 3e-3)


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidate:
    """A start value: k0 (rad/um) and the amplitudes at the plane (n,), of norm 1."""

    k: complex
    vector: Complexes


def search_grid(problem: SectorProblem, low: float, high: float) -> list[Floats]:
    """Return stretches of real k0 (rad/um) that cover a window, cut where an order opens.

    Args:
        problem: the sector.
        low, high: window of k0.
    """
    ends = [low]
    for threshold in _thresholds(problem, low, high):
        ends += [threshold * (1 - _NEAR_THRESHOLD[0]), threshold * (1 + _NEAR_THRESHOLD[0])]
    ends.append(high)
    step = min(_STEP * low, _PHASE / _optical_thickness(problem, (low + high) / 2))
    stretches = []
    for start, stop in zip(ends[::2], ends[1::2], strict=True):
        if stop <= start:
            continue
        points = np.linspace(start, stop, max(2, math.ceil((stop - start) / step - 1e-9) + 1))
        extra = [
            edge * (1 + sign * _NEAR_THRESHOLD[1])
            for edge, sign in ((start, 1), (stop, -1))
            if edge not in (low, high)
        ]
        inner = [point for point in extra if start < point < stop]
        stretches.append(np.unique(np.concatenate([points, inner])))
    return stretches


def find_candidates(
    problem: SectorProblem, low: float, high: float, depth: float
) -> list[Candidate]:
    """Return start values for every pole near a window.

    Args:
        problem: the sector, at a small truncation.
        low, high: window of Re k0 (rad/um).
        depth: largest |Im k0| of interest.
    """
    found: list[Candidate] = []
    for stretch in search_grid(problem, low, high):
        here = mismatch_matrix(problem.sides(complex(stretch[0])))
        for left, right in itertools.pairwise(stretch):
            there = mismatch_matrix(problem.sides(complex(right)))
            found += _of_pencil(here, there, left, right - left, depth)
            here = there
    return _without_copies(found)


def _of_pencil(
    first: Complexes, second: Complexes, start: float, step: float, depth: float
) -> list[Candidate]:
    # M_1 x = t (M_1 - M_2) x; 1/t are the eigenvalues of M_1^-1 (M_1 - M_2)
    values, vectors = np.linalg.eig(np.eye(len(first)) - np.linalg.solve(first, second))
    with np.errstate(divide="ignore", invalid="ignore"):
        t = 1 / values
    reach = max(2 * depth / step, 1.0)  # a damped mode is estimated from farther away
    overhang = max(0.5 * depth / step, _OVERHANG)
    kept = (t.real > -overhang) & (t.real < 1 + overhang) & (np.abs(t.imag) < reach)
    return [
        Candidate(k=complex(start + step * t[i]), vector=vectors[:, i])
        for i in np.flatnonzero(kept)
    ]


def _without_copies(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return candidates without those that two neighbouring intervals both found."""
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda c: c.k.real):
        twins = [
            other
            for other in kept
            if abs(other.k - candidate.k) < 3e-3 * abs(candidate.k)
            and abs(np.vdot(other.vector, candidate.vector)) > 0.95
        ]
        if not twins:
            kept.append(candidate)
    return kept


def _thresholds(problem: SectorProblem, low: float, high: float) -> list[float]:
    """Return the real k0 of a window at which an order of the sector opens in an outer medium."""
    stack, media = problem.cell.stack, problem.cell.media
    found = []
    for name, material in (("substrate", stack.substrate), ("superstrate", stack.superstrate)):

        def excess(k: float, name: str = name, material: Material = material) -> float:
            return k * math.sqrt(max(media.at(name, material, complex(k)).eps.real, 0.0))

        ends = excess(low), excess(high)
        for length in np.unique(np.round(problem.sector.lengths, 9)):
            if not ends[0] < length < ends[1]:
                continue
            left, right = low, high
            while right - left > 1e-9 * right:
                middle = (left + right) / 2
                left, right = (middle, right) if excess(middle) < length else (left, middle)
            found.append((left + right) / 2)
    return sorted({round(k, 9) for k in found})


def _optical_thickness(problem: SectorProblem, k: float) -> float:
    total = 0.0
    for number, layer in enumerate(problem.cell.layers):
        media = problem.media_of(number, complex(k))
        total += layer.thickness * max(abs(medium.eps) ** 0.5 for medium in media)
    return total + 1 / k
