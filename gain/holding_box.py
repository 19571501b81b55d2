"""The parameter ranges within which a claim holds: a box peeled out of a sensitivity map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gain.sensitivity_map import ParameterRange, SensitivityMap

__all__ = ["HoldingBox", "find_holding_box"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class HoldingBox:
    """Ranges of all parameters within which a claim holds in a given share.

    Attributes:
        ranges: the box.
        fraction: share of its points where the claim applies in which it holds.
        points: number of those points.
        volume: of the box over that of the map, on the parameters' scales.
        reached: whether the share that was asked for is met.
    """

    ranges: tuple[ParameterRange, ...]
    fraction: float
    points: int
    volume: float
    reached: bool

    def __str__(self) -> str:
        inside = ", ".join(f"{x.text} {x.low:.3g} to {x.high:.3g}" for x in self.ranges)
        return (
            f"{inside}: holds in {self.fraction:.1%} of {self.points} points, "
            f"{self.volume:.1%} of the map"
        )


def find_holding_box(
    found: SensitivityMap, *, fraction: float = 0.95, peel: float = 0.05, fewest: int = 20
) -> HoldingBox:
    """Return a large box in which the claim holds in at least a share of the points.

    Patient rule induction: from the whole box, again and again the end of one parameter is cut
    off that raises the fraction most per point lost, a few per cent of the points at a time,
    until the fraction is reached. The box is one of many; it says where the claim is safe, not
    that it fails elsewhere.

    Args:
        found: the map; values must lie from 0 to 1.
        fraction: share wanted, above 0 to 1.
        peel: share of the points that one cut removes.
        fewest: number of points below which no cut is made.

    Errors: ValueError for shares outside 0 to 1, values outside 0 to 1, or a claim that
        applies nowhere.
    Source: J. H. Friedman and N. I. Fisher, Statistics and Computing 9, 123 (1999),
        doi:10.1023/A:1008894516817.

    Example:
        >>> from gain.sensitivity_map import map_sensitivity
        >>> box = [ParameterRange(name="x", low=0, high=1), ParameterRange(name="y", low=0, high=1)]
        >>> found = map_sensitivity(lambda x, y: x > 0.6, box, count=512)
        >>> inside = find_holding_box(found, fraction=1.0)
        >>> 0.55 < inside.ranges[0].low < 0.65, inside.ranges[1].low < 0.1, inside.reached
        (True, True, True)
    """
    for name, value in (("fraction", fraction), ("peel", peel)):
        top = 0.5 if name == "peel" else 1.0
        if not 0 < value <= top:
            raise ValueError(f"{name}: must lie in 0 to {top:g}, got {value:g}; give a share")
    applies = found.applies
    values = found.values[applies]
    if not len(values):
        raise ValueError("found: the claim must apply somewhere, got none; widen the ranges")
    if values.min() < 0 or values.max() > 1:
        raise ValueError(
            f"found: values must lie in 0 to 1, got {values.min():g} to {values.max():g}; "
            "compare them with a limit in the claim"
        )
    unit = np.column_stack(
        [one.position(found.samples[applies, i]) for i, one in enumerate(found.ranges)]
    )
    low, high = np.zeros(unit.shape[1]), np.ones(unit.shape[1])
    inside = np.ones(len(values), dtype=bool)
    while values[inside].mean() < fraction:
        cut = _best_cut(unit[inside], values[inside], peel, fewest)
        if cut is None:
            break
        axis, level, from_below = cut
        (low if from_below else high)[axis] = level
        inside &= (unit[:, axis] >= level) if from_below else (unit[:, axis] <= level)
    return HoldingBox(
        ranges=tuple(
            one.changed(low=float(one.at(low[i])), high=float(one.at(high[i])))
            for i, one in enumerate(found.ranges)
        ),
        fraction=float(values[inside].mean()),
        points=int(inside.sum()),
        volume=float(np.prod(high - low)),
        reached=bool(values[inside].mean() >= fraction),
    )


def _best_cut(
    unit: Floats, values: Floats, peel: float, fewest: int
) -> tuple[int, float, bool] | None:
    """Return axis, level and side of the cut that raises the mean most per point lost."""
    best, chosen = 0.0, None
    mean = values.mean()
    for axis in range(unit.shape[1]):
        for from_below in (True, False):
            place = float(np.quantile(unit[:, axis], peel if from_below else 1 - peel))
            kept = unit[:, axis] > place if from_below else unit[:, axis] < place
            count = int(kept.sum())
            if count < fewest or count == len(values):
                continue
            gained = (values[kept].mean() - mean) / (len(values) - count)
            if gained > best:
                # Half-way between the last point that goes and the first that stays.
                edge = unit[kept, axis].min() if from_below else unit[kept, axis].max()
                gone = unit[~kept, axis].max() if from_below else unit[~kept, axis].min()
                best, chosen = gained, (axis, float(edge + gone) / 2, from_below)
    return chosen
