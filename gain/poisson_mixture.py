"""Poisson mixtures f(N) = sum_k P_k(N) s_k, their derivative and their first roots, vectorised.

P_k is the Poisson probability of k; the last entry of the sequence s stands for every larger
k as well. Since dP_k/dN = P_{k-1} - P_k, the derivative of the mixture of s is the mixture of
its differences, so roots and extrema use the same code. Poisson mixing diminishes variation
(S. Karlin, Total Positivity, 1968): f - y has no more roots than s - y has sign changes.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Spread", "difference_sequence", "first_root", "mixture", "spread_mixture"]

Floats = NDArray[np.float64]

_GRID_START = 1e-3
_POINTS_PER_DECADE = 24
_BLOCK = 4096
_MAX_STEPS = 200
_SATURATED = 600.0
_LARGEST_STRETCH = 1e4


class Spread(NamedTuple):
    """Emitters that share the excitation unevenly: f(N) = sum_q w_q mixture(s_q, u_q N).

    Attributes:
        share: u, local over reference mean (Q,), not negative.
        weight: w (Q,) for every row, or (rows, Q); the weights of a row sum to 1.
    """

    share: Floats
    weight: Floats

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_] | slice) -> Spread:
        """Return the spread of some rows."""
        return self if self.weight.ndim == 1 else Spread(self.share, self.weight[rows])

    @property
    def slope(self) -> Spread:
        """The spread with which a sequence's differences give the derivative."""
        return Spread(self.share, self.weight * self.share)


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


def spread_mixture(sequence: Floats, mean: Floats, spread: Spread | None = None) -> Floats:
    """Return f(N) for each row under an uneven excitation.

    Args:
        sequence: (rows, states), or (rows, Q, states) with one per part of the spread.
        mean: reference mean N (rows,).
        spread: how the emitters share it; None: all alike.
    """
    if spread is None:
        return mixture(sequence, mean)
    parts = sequence if sequence.ndim == 3 else sequence[:, None, :]
    local = np.minimum(mean[:, None] * spread.share, _SATURATED)  # beyond: the last state only
    return np.asarray(np.sum(spread.weight * mixture(parts, local), axis=1))


def _rising_root(
    sequence: Floats, low: Floats, high: Floats, spread: Spread | None = None
) -> Floats:
    """Return a root of each row's mixture in [low, high], f(low) < 0 <= f(high).

    Newton steps, replaced by bisection when they leave the bracket or converge slowly.
    """
    slope = difference_sequence(sequence)
    steep = None if spread is None else spread.slope
    noise = 4 * np.finfo(float).eps * np.abs(sequence).max(axis=tuple(range(1, sequence.ndim)))
    root = high.copy()
    rows = np.arange(len(root))
    a, b = low, high
    x = 0.5 * (a + b)
    previous = b - a
    for _ in range(_MAX_STEPS):
        if not len(rows):
            break
        f = spread_mixture(sequence, x, spread)
        below = f < 0
        a, b = np.where(below, x, a), np.where(below, b, x)
        with np.errstate(divide="ignore", invalid="ignore"):
            target = x - f / spread_mixture(slope, x, steep)
        newton = (target > a) & (target < b) & (np.abs(target - x) < 0.5 * previous)
        target = np.where(newton, target, 0.5 * (a + b))
        moved = np.abs(target - x)
        settled = np.abs(f) <= noise
        root[rows] = np.where(settled, x, target)
        keep = ~settled & (moved > 4 * np.finfo(float).eps * target)
        rows, sequence, slope, noise = rows[keep], sequence[keep], slope[keep], noise[keep]
        a, b, x, previous = a[keep], b[keep], target[keep], moved[keep]
        if spread is not None and steep is not None:
            spread, steep = spread.take(keep), steep.take(keep)
    return root


def search_limit(states: int) -> float:
    """Return the largest mean that is searched: well past the filling of every state."""
    full = states - 1
    return full + 10 * math.sqrt(full) + 30


def _on_grid(sequence: Floats, weights: Floats, spread: Spread | None) -> Floats:
    """Return the mixtures (rows, grid); weights but the last's (Q, states - 1, grid)."""
    parts = sequence if sequence.ndim == 3 else sequence[:, None, :]
    last = parts[..., -1:]
    rest = parts[..., :-1] - last
    if spread is not None:
        shares = np.atleast_2d(spread.weight)[..., None]
        rest, last = shares * rest, shares * last
    entries = rest.shape[1] * rest.shape[2]
    total = rest.reshape(len(rest), entries) @ weights.reshape(entries, -1)
    return np.asarray(last.sum(axis=1) + total)


def _first_root_block(
    sequence: Floats, grid: Floats, weights: Floats, spread: Spread | None
) -> Floats:
    """First roots of the rows of one block: sequence (rows, [Q,] states)."""
    slope = difference_sequence(sequence)
    steep = None if spread is None else spread.slope
    value = _on_grid(sequence, weights, spread)
    rate = _on_grid(slope, weights, steep)
    crossed = value >= 0
    # At mean 0 the mixture is its first entry, free of rounding.
    start = sequence[:, 0] if spread is None else spread_mixture(sequence, 0 * grid[:1], spread)
    crossed[:, 0] = (start > 0) | ((start == 0) & (rate[:, 0] > 0))
    lases = np.asarray(crossed.any(axis=1))
    first = np.where(lases, crossed.argmax(axis=1), len(grid))
    low = grid[np.maximum(first, 1) - 1]
    high = grid[np.minimum(first, len(grid) - 1)]

    # A maximum between two grid points, before the first crossing, may reach the level too.
    peak = (rate[:, :-1] > 0) & (rate[:, 1:] <= 0)
    row, left = np.nonzero(peak & (np.arange(len(grid) - 1) < first[:, None] - 1))
    if len(row):
        own = None if spread is None else spread.take(row)
        top = _rising_root(
            -slope[row], grid[left], grid[left + 1], None if own is None else own.slope
        )
        reached = spread_mixture(sequence[row], top, own) >= 0
        row, left, top = row[reached][::-1], left[reached][::-1], top[reached][::-1]
        low[row], high[row] = grid[left], top  # reversed: the earliest peak of a row stays
        lases[row] = True
        first[row] = left + 1

    root = np.full(len(sequence), np.nan)
    inside = lases & (first > 0)
    among = None if spread is None else spread.take(inside)
    root[inside] = _rising_root(sequence[inside], low[inside], high[inside], among)
    root[lases & (first == 0)] = 0.0
    return root


def first_root(sequence: Floats, level: Floats, spread: Spread | None = None) -> Floats:
    """Return the smallest mean at which each row's mixture reaches its level from below.

    Method: a logarithmic grid (24 points per decade) brackets the first crossing; maxima
    between grid points are located from the exact derivative, so that a gain which only just
    touches the level, or rises above it in between, is not missed; Newton steps with a
    bisection guard finish. Two extrema within one grid step (10 %) are not resolved; equation
    (5) has at most one.

    Args:
        sequence: gain of each state (rows, states); with a spread also (rows, Q, states).
        level: value to reach (rows,); inf: never.
        spread: how unevenly the emitters are excited; None: all alike.

    Returns:
        Means (rows,), relative precision 1e-15 times the condition of the root; nan where the
        level is not reached below `search_limit(states)` (over the smallest share, down to
        1e-4, with a spread).
    """
    rows, states = len(sequence), sequence.shape[-1]
    limit, shares = search_limit(states), np.ones(1)
    if spread is not None:
        shares = spread.share
        limit *= min(_LARGEST_STRETCH, max(1.0, 1 / max(float(shares.min()), 1e-300)))
    grid = np.concatenate([[0.0], np.geomspace(_GRID_START, limit, _grid_size(limit))])
    weights = np.empty((len(shares), states - 1, len(grid)))
    local = shares[:, None] * grid
    weights[:, 0] = np.exp(-local)
    for k in range(1, states - 1):
        weights[:, k] = weights[:, k - 1] * local / k
    result = np.full(rows, np.nan)
    highest = sequence.max(axis=tuple(range(1, sequence.ndim)))
    possible = np.flatnonzero(np.isfinite(level) & (highest > level))
    block = _BLOCK if spread is None else max(1, _BLOCK // len(shares))
    for start in range(0, len(possible), block):
        part = possible[start : start + block]
        lowered = sequence[part] - level[part].reshape(-1, *[1] * (sequence.ndim - 1))
        among = None if spread is None else spread.take(part)
        result[part] = _first_root_block(lowered, grid, weights, among)
    return result


def _grid_size(limit: float) -> int:
    return int(np.ceil(np.log10(limit / _GRID_START) * _POINTS_PER_DECADE)) + 1
