"""Modes that cannot radiate: FDTD knows their frequency, and their Q only as beyond its record."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from solvers.fdtd.extrapolation import extrapolated
from solvers.fdtd.ladder import FoundMode, Ladder
from solvers.fdtd.resonances import Rejected, Resonance, matched, read_resonances

__all__ = ["bound_modes"]

_SHARE_OF_SUPPORT = 0.2
"""Abs(Q) from which a resonance counts as undamped, over what the record supports."""

_LEAST_SHARE = 1e-3
_LARGEST_ERROR = 1e-4
_SAME = 5e-4
"""Largest relative difference of the frequencies of the first and the second run."""

_STANDARD_Q = 1e6


def bound_modes(
    ladder: Ladder, window: tuple[float, float], is_bound: Callable[[float], bool]
) -> tuple[list[FoundMode], list[Rejected]]:
    """Return the undamped resonances of a ladder that are bound, and the rejected without them.

    A bound mode of lossless media decays no faster than rounding and the absorber's rest make
    it; its damping is noise, of either sign. Whether it is bound follows from symmetry and from
    the light cone, not from the record.

    Args:
        ladder: as of `climb`.
        window: frequencies (1/um) between which modes are reported.
        is_bound: tells for a vacuum wavelength (um) whether such a mode is bound.
    """
    count = len(ladder.resolutions)
    seen = [_undamped(read_resonances(r.report), window) for r in ladder.results[:count]]
    second = None
    if len(ladder.results) > count:
        second = _undamped(read_resonances(ladder.results[count].report), window)
    finest = [one for one in seen[-1] if is_bound(one.wavelength)]
    rungs = [matched(finest, others) for others in seen[:-1]] + [list(finest)]
    repeats: list[Resonance | None] = [None] * len(finest)
    if second is not None:
        repeats = _partners(rungs[0], second)
    spacings = [1 / value for value in ladder.resolutions]
    found = []
    for number, one in enumerate(finest):
        present = [rung[number] for rung in rungs if rung[number] is not None]
        steps = [one for one in present if one is not None]
        other = repeats[number]
        if len(steps) < count or (second is not None and not _agree(steps[0], other)):
            continue
        noise = max(r.error * r.frequency.real + r.spread.real + r.drift.real for r in steps)
        if other is not None:
            noise += abs(other.frequency.real - steps[0].frequency.real)
        real, error = extrapolated(
            spacings, [r.frequency.real for r in steps], noise, first_order=False
        )
        if not window[0] <= real <= window[1]:
            continue
        found.append(
            FoundMode(
                frequency=complex(real, 0.0),
                error=complex(error, 0.0),
                rungs=tuple(steps),
                repeat=other,
                field_number=one.number
                if ladder.field_result is ladder.results[count - 1]
                else None,
            )
        )
    taken = {mode.rungs[-1].number for mode in found}
    rejected = [one for one in ladder.rejected if one.resonance.number not in taken]
    return found, rejected


def _undamped(found: Sequence[Resonance], window: tuple[float, float]) -> list[Resonance]:
    """Return the resonances without damping that the record could tell, all with one Q."""
    low, high = 0.95 * window[0], 1.05 * window[1]
    return [
        dataclasses.replace(
            one, frequency=complex(one.frequency.real, -one.frequency.real / (2 * _STANDARD_Q))
        )
        for one in found
        if low < one.frequency.real < high
        and abs(one.quality_factor) > _SHARE_OF_SUPPORT * one.largest_quality_factor
        and one.share > _LEAST_SHARE
        and one.error < _LARGEST_ERROR
    ]


def _partners(
    coarsest: Sequence[Resonance | None], second: Sequence[Resonance]
) -> list[Resonance | None]:
    present = [one for one in coarsest if one is not None]
    partners = iter(matched(present, second, same_probes=False))
    return [None if one is None else next(partners) for one in coarsest]


def _agree(first: Resonance, second: Resonance | None) -> bool:
    if second is None:
        return False
    return abs(second.frequency.real / first.frequency.real - 1) < _SAME
