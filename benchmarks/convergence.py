"""Ladders of runs: Richardson extrapolation, and the time to reach an accuracy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Limit", "Reach", "Rung", "extrapolate", "time_to_reach"]


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One run of a ladder: grid spacing (um), value, cost (s)."""

    spacing: float
    value: float
    cost_s: float


@dataclass(frozen=True, kw_only=True)
class Limit:
    """The limit of a ladder at zero spacing, and how far it moves without the finest rung."""

    value: float
    uncertainty: float


@dataclass(frozen=True, kw_only=True)
class Reach:
    """What it takes to reach an accuracy: the cost (s), the spacing (um), measured or not."""

    cost_s: float
    spacing: float
    measured: bool


def extrapolate(rungs: Sequence[Rung], powers: Sequence[float] = (1, 2)) -> Limit:
    """Return the limit of value = limit + sum of c_p h^p through the finest rungs.

    Args:
        rungs: at least len(powers) + 2 of them, of different spacings.
        powers: of the error model. A staircase wall needs the first power.

    Example:
        >>> rungs = [Rung(spacing=h, value=7 + 2 * h - h**2, cost_s=1) for h in (4, 3, 2, 1)]
        >>> limit = extrapolate(rungs)
        >>> round(limit.value, 12), limit.uncertainty < 1e-12
        (7.0, True)
    """
    ordered = sorted(rungs, key=lambda rung: -rung.spacing)
    unknowns = len(powers) + 1
    if len(ordered) < unknowns + 1:
        raise ValueError(
            f"rungs: at least {unknowns + 1} are needed for {len(powers)} powers, "
            f"got {len(ordered)}; run more resolutions"
        )
    value, before = (
        float(
            np.linalg.solve(
                _powers([rung.spacing for rung in chosen], (0, *powers)),
                [rung.value for rung in chosen],
            )[0]
        )
        for chosen in (ordered[-unknowns:], ordered[-unknowns - 1 : -1])
    )
    return Limit(value=value, uncertainty=abs(value - before))


def time_to_reach(
    rungs: Sequence[Rung], tolerance: float, limit: float, powers: Sequence[float] = (1, 2)
) -> Reach:
    """Return the cost of the relative error `tolerance` against a known limit.

    Measured: the cheapest rung from which on every finer one is within the tolerance (an error
    that happens to cross zero does not count). Where the finest rung is not there yet, the sum of
    c_p h^p through the finest rungs gives the spacing, and a power law through the two finest
    ones the cost.

    Example:
        >>> rungs = [Rung(spacing=h, value=1 + h**2, cost_s=h**-3) for h in (0.4, 0.2, 0.1)]
        >>> reach = time_to_reach(rungs, 0.05, limit=1.0)
        >>> round(reach.cost_s, 6), reach.spacing, reach.measured
        (125.0, 0.2, True)
        >>> reach = time_to_reach(rungs, 1e-4, limit=1.0)
        >>> round(reach.spacing, 3), reach.measured
        (0.01, False)
    """
    ordered = sorted(rungs, key=lambda rung: -rung.spacing)
    bound = tolerance * abs(limit)
    reached = None
    for rung in reversed(ordered):
        if abs(rung.value - limit) > bound:
            break
        reached = rung
    if reached is not None:
        return Reach(cost_s=reached.cost_s, spacing=reached.spacing, measured=True)
    finest = ordered[-len(powers) :]
    coefficients = np.linalg.solve(
        _powers([rung.spacing for rung in finest], powers), [rung.value - limit for rung in finest]
    )
    spacings = ordered[-1].spacing * np.geomspace(1, 1e-6, 6001)
    outside = np.flatnonzero(np.abs(_powers(spacings, powers) @ coefficients) > bound)
    spacing = float(spacings[outside[-1] + 1 if outside.size else 0])
    coarse, fine = ordered[-2:]
    power = math.log(fine.cost_s / coarse.cost_s) / math.log(coarse.spacing / fine.spacing)
    cost = fine.cost_s * (fine.spacing / spacing) ** power
    return Reach(cost_s=cost, spacing=spacing, measured=False)


def _powers(spacings: ArrayLike, powers: Sequence[float]) -> NDArray[np.float64]:
    """Return the matrix h^p, one row per spacing."""
    return np.asarray(spacings, dtype=np.float64)[:, None] ** np.asarray(powers, dtype=np.float64)
