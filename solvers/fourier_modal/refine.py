"""From start values to poles: Newton steps on clusters of neighbouring modes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.fourier_modal.cell_problem import SectorProblem, TwoSides
from solvers.fourier_modal.pole_equation import Bordered, bordered
from solvers.fourier_modal.search import Candidate

__all__ = ["Pole", "refine", "widened"]

Complexes = NDArray[np.complex128]

_CLUSTER = 1e-3
_TOLERANCE = 1e-8
_SPLIT = 1e-7
_STEPS = 12
_FARTHEST = 0.03


@dataclass(frozen=True, kw_only=True, eq=False)
class Pole:
    """A pole of one sector.

    Attributes:
        k: k0 (rad/um).
        right: amplitudes at the plane (n,), norm 1.
        left: left amplitudes (n,), scaled so that w^T M'(k0) a = 1.
        residual: |M a| at the k0 where both sides were computed, which is `sides.k`.
        sides: both sides of the plane.
        evaluations: how many times M was computed.
    """

    k: complex
    right: Complexes
    left: Complexes
    residual: float
    sides: TwoSides
    evaluations: int = 0


def refine(
    problem: SectorProblem, candidates: Sequence[Candidate], *, tolerance: float = _TOLERANCE
) -> tuple[list[Pole], list[Candidate]]:
    """Return the poles that the candidates lead to, each once, and candidates that led nowhere.

    Args:
        problem: the sector.
        candidates: start values.
        tolerance: last relative step of k0 that ends the iteration; its square is the error.
    """
    pending = [
        (complex(np.mean([c.k for c in group])), _span([c.vector for c in group]), 0, group)
        for group in _clusters(candidates)
    ]
    poles: list[Pole] = []
    lost: list[Candidate] = []
    while pending:
        k, guess, steps, group = pending.pop()
        if guess.shape[1] == 0:
            continue
        solved = bordered(problem, complex(k), guess)
        shifts, mixing = np.linalg.eig(-np.linalg.solve(solved.slope, solved.mismatch))
        vectors = solved.right @ mixing
        vectors = vectors / np.linalg.norm(vectors, axis=0)
        origin = np.mean([c.k for c in group])
        for members in _groups(shifts, float(_SPLIT * abs(k))):
            moved = complex(k + np.mean(shifts[members]))
            change = float(np.max(np.abs(shifts[members])))
            if abs(moved - origin) > _FARTHEST * abs(origin) or not np.isfinite(change):
                lost += [c for c in group if c not in lost]
                continue
            if change < tolerance * abs(k):
                poles += _finished(solved, mixing, shifts, members, steps + 1)
            elif steps + 1 >= _STEPS:
                lost += [c for c in group if c not in lost]
            else:
                pending.append((moved, vectors[:, members], steps + 1, group))
    return _distinct(poles), lost


def widened(vector: Complexes, small: Complexes, large: Complexes) -> Complexes:
    """Return a vector of a small sector in a larger one.

    Args:
        vector: amplitudes in the small sector (n,).
        small: the small sector's functions on its orders, placed among the large one's orders
            (2, N, n).
        large: the large sector's functions (2, N, n').
    """
    spread = np.einsum("qan,n->qa", small, vector)
    return np.asarray(np.einsum("qan,qa->n", large.conj(), spread))


def _finished(
    solved: Bordered, mixing: Complexes, shifts: Complexes, members: list[int], steps: int
) -> list[Pole]:
    unmixing = np.linalg.inv(mixing)
    found = []
    for i in members:
        right = solved.right @ mixing[:, i]
        size = float(np.linalg.norm(right))
        # the left vector that goes with it: rows of (S' mixing)^-1
        left = solved.left @ np.linalg.solve(solved.slope.T, unmixing[i])
        residual = float(np.linalg.norm(solved.mismatch @ mixing[:, i])) / size
        found.append(
            Pole(
                k=complex(solved.sides.k + shifts[i]),
                right=right / size,
                left=np.asarray(left * size, dtype=np.complex128),
                residual=residual,
                sides=solved.sides,
                evaluations=steps,
            )
        )
    return found


def _clusters(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    rest = sorted(candidates, key=lambda c: c.k.real)
    groups: list[list[Candidate]] = []
    for candidate in rest:
        near = [
            group
            for group in groups
            if any(abs(c.k - candidate.k) < _CLUSTER * abs(c.k) for c in group)
        ]
        if near:
            near[0].append(candidate)
            for other in near[1:]:
                near[0].extend(other)
                groups.remove(other)
        else:
            groups.append([candidate])
    return groups


def _groups(values: Complexes, distance: float) -> list[list[int]]:
    groups: list[list[int]] = []
    for i in np.argsort(values.real):
        for group in groups:
            if any(abs(values[j] - values[i]) < distance for j in group):
                group.append(int(i))
                break
        else:
            groups.append([int(i)])
    return groups


def _span(vectors: Sequence[Complexes]) -> Complexes:
    """Return an orthonormal basis of what the vectors span, without near copies."""
    stacked = np.stack([v / np.linalg.norm(v) for v in vectors], axis=1)
    basis, values, _ = np.linalg.svd(stacked, full_matrices=False)
    return np.asarray(basis[:, values > 0.2])


def _distinct(poles: list[Pole]) -> list[Pole]:
    """Return the poles sorted by k0, each once: copies have one k0 and one vector."""
    kept: list[Pole] = []
    for pole in sorted(poles, key=lambda p: (p.k.real, p.residual)):
        twins = [other for other in kept if abs(other.k - pole.k) < 1e-6 * abs(pole.k)]
        if twins:
            basis = np.linalg.qr(np.stack([other.right for other in twins], axis=1))[0]
            outside = pole.right - basis @ (basis.conj().T @ pole.right)
            if np.linalg.norm(outside) < 1e-2:
                continue
        kept.append(pole)
    return kept
