"""Poisson mixtures f(N) = sum_k P_k(N) s_k, their derivative and their first roots, vectorised.

P_k is the Poisson probability of k; the last entry of the sequence s stands for every larger
k as well. Since dP_k/dN = P_{k-1} - P_k, the derivative of the mixture of s is the mixture of
its differences, so roots and extrema use the same code. Poisson mixing diminishes variation
(S. Karlin, Total Positivity, 1968): f - y has no more roots than s - y has sign changes.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["difference_sequence", "first_root", "mixture"]

Floats = NDArray[np.float64]

_GRID_START = 1e-3
_POINTS_PER_DECADE = 24
_BLOCK = 4096
_MAX_STEPS = 200


def mixture(sequence: Floats, mean: Floats) -> Floats:
    """Return f(N) for each row: sequence (..., states), mean (...), result (...)."""
    last = sequence[..., -1]
    total = np.zeros(np.broadcast_shapes(last.shape, np.shape(mean)))
    for k in range(sequence.shape[-1] - 2, 0, -1):
        total = (total + (sequence[..., k] - last)) * (mean / k)
    total = total + (sequence[..., 0] - last)
    return np.asarray(last + np.exp(-mean) * total)


def difference_sequence(sequence: Floats) -> Floats:
    """Return the sequence (..., states) whose mixture is the derivative df/dN."""
    result = np.zeros_like(sequence)
    result[..., :-1] = np.diff(sequence, axis=-1)
    return result


def _rising_root(sequence: Floats, low: Floats, high: Floats) -> Floats:
    """Return a root of each row's mixture in [low, high], f(low) < 0 <= f(high).

    Newton steps, replaced by bisection when they leave the bracket or converge slowly.
    """
    slope = difference_sequence(sequence)
    noise = 4 * np.finfo(float).eps * np.abs(sequence).max(axis=1)
    root = high.copy()
    rows = np.arange(len(root))
    a, b = low, high
    x = 0.5 * (a + b)
    previous = b - a
    for _ in range(_MAX_STEPS):
        if not len(rows):
            break
        f = mixture(sequence, x)
        below = f < 0
        a, b = np.where(below, x, a), np.where(below, b, x)
        with np.errstate(divide="ignore", invalid="ignore"):
            target = x - f / mixture(slope, x)
        newton = (target > a) & (target < b) & (np.abs(target - x) < 0.5 * previous)
        target = np.where(newton, target, 0.5 * (a + b))
        moved = np.abs(target - x)
        settled = np.abs(f) <= noise
        root[rows] = np.where(settled, x, target)
        keep = ~settled & (moved > 4 * np.finfo(float).eps * target)
        rows, sequence, slope, noise = rows[keep], sequence[keep], slope[keep], noise[keep]
        a, b, x, previous = a[keep], b[keep], target[keep], moved[keep]
    return root


def search_limit(states: int) -> float:
    """Return the largest mean that is searched: well past the filling of every state."""
    full = states - 1
    return full + 10 * math.sqrt(full) + 30


def _first_root_block(sequence: Floats, grid: Floats, weights: Floats) -> Floats:
    """First roots of the rows of one block: sequence (rows, states)."""
    last = sequence[:, -1:]
    slope = difference_sequence(sequence)
    value = last + (sequence[:, :-1] - last) @ weights
    rate = slope[:, :-1] @ weights
    crossed = value >= 0
    start = sequence[:, 0]  # the mixture at mean 0, free of rounding
    crossed[:, 0] = (start > 0) | ((start == 0) & (rate[:, 0] > 0))
    lases = np.asarray(crossed.any(axis=1))
    first = np.where(lases, crossed.argmax(axis=1), len(grid))
    low = grid[np.maximum(first, 1) - 1]
    high = grid[np.minimum(first, len(grid) - 1)]

    # A maximum between two grid points, before the first crossing, may reach the level too.
    peak = (rate[:, :-1] > 0) & (rate[:, 1:] <= 0)
    row, left = np.nonzero(peak & (np.arange(len(grid) - 1) < first[:, None] - 1))
    if len(row):
        top = _rising_root(-slope[row], grid[left], grid[left + 1])
        reached = mixture(sequence[row], top) >= 0
        row, left, top = row[reached][::-1], left[reached][::-1], top[reached][::-1]
        low[row], high[row] = grid[left], top  # reversed: the earliest peak of a row stays
        lases[row] = True
        first[row] = left + 1

    root = np.full(len(sequence), np.nan)
    inside = lases & (first > 0)
    root[inside] = _rising_root(sequence[inside], low[inside], high[inside])
    root[lases & (first == 0)] = 0.0
    return root


def first_root(sequence: Floats, level: Floats) -> Floats:
    """Return the smallest mean at which each row's mixture reaches its level from below.

    Method: a logarithmic grid (24 points per decade) brackets the first crossing; maxima
    between grid points are located from the exact derivative, so that a gain which only just
    touches the level, or rises above it in between, is not missed; Newton steps with a
    bisection guard finish. Two extrema within one grid step (10 %) are not resolved; equation
    (5) has at most one.

    Args:
        sequence: gain of each state (rows, states).
        level: value to reach (rows,); inf: never.

    Returns:
        Means (rows,), relative precision 1e-15 times the condition of the root; nan where the
        level is not reached below `search_limit(states)`.
    """
    rows, states = sequence.shape
    grid = np.concatenate(
        [[0.0], np.geomspace(_GRID_START, search_limit(states), _grid_size(states))]
    )
    weights = np.empty((states - 1, len(grid)))
    weights[0] = np.exp(-grid)
    for k in range(1, states - 1):
        weights[k] = weights[k - 1] * grid / k
    result = np.full(rows, np.nan)
    possible = np.flatnonzero(np.isfinite(level) & (sequence.max(axis=1) > level))
    for start in range(0, len(possible), _BLOCK):
        block = possible[start : start + _BLOCK]
        result[block] = _first_root_block(sequence[block] - level[block, None], grid, weights)
    return result


def _grid_size(states: int) -> int:
    decades = np.log10(search_limit(states) / _GRID_START)
    return int(np.ceil(decades * _POINTS_PER_DECADE)) + 1
