"""The runs of one structure: a ladder of resolutions, a second opinion, and what they agree on."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from solvers.engines.job import EngineJob, EngineResult
from solvers.engines.run_worker import RunOptions, run_job
from solvers.fdtd.extrapolation import extrapolated
from solvers.fdtd.resonances import (
    Rejected,
    Resonance,
    matched,
    read_resonances,
    sound,
    unconfirmed,
)

__all__ = ["FoundMode", "Ladder", "climb"]

FIELD_BYTES = 5e8
"""Snapshots of one run may take so much memory."""

MakeJob = Callable[..., EngineJob]
"""Called with a resolution, `repeat` and `fields`; returns the job."""


@dataclass(frozen=True, kw_only=True)
class FoundMode:
    """A resonance that all runs agree on, at zero pixel size.

    Attributes:
        frequency: extrapolated, complex (1/um).
        error: absolute errors of its real and imaginary part, as a complex number.
        rungs: as seen from the coarsest to the finest run.
        repeat: as seen by the second run at the coarsest resolution.
        field_number: place of its field in the run with fields; None without.
    """

    frequency: complex
    error: complex
    rungs: tuple[Resonance, ...]
    repeat: Resonance | None
    field_number: int | None


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """What the runs gave.

    Attributes:
        modes: by rising wavelength; rejected: with reasons.
        results: of all runs; resolutions: of the ladder.
        field_result: the run that has the fields; None without.
    """

    modes: tuple[FoundMode, ...]
    rejected: tuple[Rejected, ...]
    results: tuple[EngineResult, ...]
    resolutions: tuple[float, ...]
    field_result: EngineResult | None


def climb(
    make: MakeJob,
    resolutions: Sequence[float],
    options: RunOptions,
    *,
    window: tuple[float, float],
    repeat: bool = True,
    fields: bool = True,
    first_order: bool = True,
) -> Ladder:
    """Run the ladder and return the resonances that it agrees on.

    Args:
        make: job at a resolution.
        resolutions: pixels per um, rising.
        options: how jobs are run.
        window: frequencies (1/um) between which modes are reported.
        repeat: make the second run at the coarsest resolution.
        first_order: whether errors may go with the first power of the pixel; see `extrapolated`.
        fields: split fields at resonance, in the finest run whose snapshots are not too large.
    """
    with_fields = _field_rung(make, resolutions) if fields else None
    results = [run_job(make(value, fields=value == with_fields), options) for value in resolutions]
    second = run_job(make(resolutions[0], repeat=True), options) if repeat else None
    finest, rejected = sound(read_resonances(results[-1].report))
    seen = [matched(finest, sound(read_resonances(r.report))[0]) for r in results[:-1]]
    seen.append(list(finest))
    coarsest = seen[0]
    confirmed = _confirmation(coarsest, second)
    modes = []
    for number, one in enumerate(finest):
        rungs = [rung[number] for rung in seen]
        other = confirmed[number]
        if any(rung is None for rung in rungs):
            reason = "not seen at every resolution"
        elif second is not None:
            reason = unconfirmed(rungs[0], other)  # type: ignore[arg-type]
        else:
            reason = ""
        if reason:
            rejected.append(Rejected(resonance=one, reason=reason))
            continue
        present = tuple(rung for rung in rungs if rung is not None)
        frequency, error = _at_zero(resolutions, present, other, first_order)
        place = None
        if with_fields is not None:
            place = present[list(resolutions).index(with_fields)].number
        modes.append(
            FoundMode(
                frequency=frequency, error=error, rungs=present, repeat=other, field_number=place
            )
        )
    low, high = window
    inside = [mode for mode in modes if low <= mode.frequency.real <= high]
    return Ladder(
        modes=tuple(sorted(inside, key=lambda mode: -mode.frequency.real)),
        rejected=tuple(r for r in rejected if low <= r.resonance.frequency.real <= high),
        results=(*results, *([second] if second is not None else [])),
        resolutions=tuple(resolutions),
        field_result=None if with_fields is None else results[list(resolutions).index(with_fields)],
    )


def _confirmation(
    coarsest: Sequence[Resonance | None], second: EngineResult | None
) -> list[Resonance | None]:
    """Return for each resonance of the coarsest run the one of the second run."""
    if second is None:
        return [None] * len(coarsest)
    present = [one for one in coarsest if one is not None]
    offered, _ = sound(read_resonances(second.report))
    partners = iter(matched(present, offered, same_probes=False))
    return [None if one is None else next(partners) for one in coarsest]


def _at_zero(
    resolutions: Sequence[float],
    rungs: Sequence[Resonance],
    repeat: Resonance | None,
    first_order: bool,
) -> tuple[complex, complex]:
    """Return the frequency at zero pixel size and its errors (real, imaginary).

    The difference of the second run, whose absorber is elsewhere, is part of the error: it is
    what the absorber and the noise of the harmonic inversion do.
    """
    spacings = [1 / value for value in resolutions]
    noise = [one.error * abs(one.frequency) for one in rungs]
    spread = [one.spread + one.drift for one in rungs]
    other = 0j
    if repeat is not None:
        apart = repeat.frequency - rungs[0].frequency
        other = complex(abs(apart.real), abs(apart.imag))
    real, real_error = extrapolated(
        spacings,
        [one.frequency.real for one in rungs],
        max(noise) + max(s.real for s in spread) + other.real,
        first_order=first_order,
    )
    imaginary, imaginary_error = extrapolated(
        spacings,
        [one.frequency.imag for one in rungs],
        max(noise) + max(s.imag for s in spread) + other.imag,
        first_order=first_order,
    )
    if imaginary >= 0:  # the scatter of the rungs exceeds the loss
        imaginary = rungs[-1].frequency.imag
        imaginary_error = max(imaginary_error, abs(imaginary))
    return complex(real, imaginary), complex(real_error, imaginary_error)


def _field_rung(make: MakeJob, resolutions: Sequence[float]) -> float:
    """Return the finest resolution whose snapshots fit, at least the coarsest."""
    for value in reversed(resolutions):
        request = make(value, fields=True).request
        shot = request["snapshots"]
        extent = [b - a for a, b in zip(shot["low"], shot["high"], strict=True)]
        pixels = math.prod(max(1.0, length * value) for length in extent)
        bytes_each = 8 if request.get("complex_fields") else 4
        if pixels * shot["count"] * len(shot["components"]) * bytes_each < FIELD_BYTES:
            return value
    return resolutions[0]
