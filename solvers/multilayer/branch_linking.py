"""Which modes of neighbouring points are one branch of a dispersion."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from solvers.multilayer.open_stack import OpenStack

__all__ = ["in_plane_of", "linked"]

Complexes = NDArray[np.complex128]


def in_plane_of(problem: OpenStack, k: complex) -> float:
    """Return k_x (rad/um) of a mode."""
    return float(problem.in_plane(np.array([k]))[0][0])


def linked(
    k: Complexes,
    slopes: Complexes,
    which: NDArray[np.intp],
    offset: int,
    step: int,
    problems: Sequence[OpenStack],
) -> list[list[int]]:
    """Return chains of mode numbers, one per branch: each goes on where its slope points."""
    from scipy.optimize import linear_sum_assignment

    open_chains: list[list[int]] = []
    done: list[list[int]] = []
    for problem in range(offset, len(problems), step):
        here = np.flatnonzero(which == problem)
        squares = np.array([in_plane_of(problems[problem], k[i]) ** 2 for i in here])
        if open_chains and len(here):
            ends = [chain[-1] for chain in open_chains]
            before = np.array([in_plane_of(problems[which[i]], k[i]) ** 2 for i in ends])
            guess = k[ends][:, None] + slopes[ends][:, None] * (squares[None, :] - before[:, None])
            # Each candidate is tried at its own k_x: the branch's own is close by.
            cost = np.abs(guess - k[here][None, :])
            rows, columns = linear_sum_assignment(cost)
            taken = dict(zip(rows.tolist(), columns.tolist(), strict=True))
        else:
            taken = {}
        going: list[list[int]] = []
        used = set()
        spacing = _spacing(k[here])
        for number, chain in enumerate(open_chains):
            column = taken.get(number)
            if column is not None and cost[number, column] < spacing:
                going.append([*chain, int(here[column])])
                used.add(column)
            else:
                done.append(chain)
        going += [[int(here[i])] for i in range(len(here)) if i not in used]
        open_chains = going
    return sorted(done + open_chains, key=lambda chain: (which[chain[0]], k[chain[0]].real))


def _spacing(k: Complexes) -> float:
    """Return the distance beyond which two modes are not one branch."""
    if len(k) < 2:
        return 0.1 * float(np.abs(k).max()) if len(k) else 0.0
    return 0.6 * float(np.max(np.diff(np.sort(k.real))))
