"""Resonances of FDTD runs: which ones are real, and which belong together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Rejected", "Resonance", "matched", "read_resonances", "sound", "unconfirmed"]

LEAST_DECAY = 0.02
"""Least decay exponent of the amplitude over the record for Q to be known."""
LEAST_SHARE = 1e-4
"""Least amplitude relative to the strongest resonance."""
LARGEST_ERROR = 1e-3
"""Largest relative error of the frequency that harmonic inversion may report."""
FARTHEST = 0.05
"""Largest relative shift of a frequency between two resolutions."""


@dataclass(frozen=True, kw_only=True)
class Resonance:
    """A resonance as one run saw it.

    Attributes:
        frequency: complex (1/um), Im < 0 when it decays.
        number: its place in the run's list, which is that of its field.
        amplitude: at the probe that saw it best; share: of the strongest resonance's there.
        error: relative error of the frequency by harmonic inversion.
        spread: how far other probes are, in Re and Im (1/um).
        drift: how far it moves when the first third of the record is left out, likewise.
        signature: amplitude at every probe.
        record: length of the record (um/c).
    """

    frequency: complex
    number: int
    amplitude: float
    share: float
    error: float
    spread: complex
    drift: complex
    signature: tuple[float, ...]
    record: float

    @property
    def quality_factor(self) -> float:
        """Q = -Re f/(2 Im f)."""
        f = self.frequency
        return -f.real / (2 * f.imag) if f.imag else math.inf

    @property
    def wavelength(self) -> float:
        """Vacuum wavelength (um)."""
        return 1 / self.frequency.real

    @property
    def largest_quality_factor(self) -> float:
        """The largest Q that the record supports."""
        return math.pi * self.frequency.real * self.record / LEAST_DECAY


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """A resonance that is not reported as a mode, and why."""

    resonance: Resonance
    reason: str

    def report(self) -> dict[str, Any]:
        """Return its numbers for the provenance."""
        one = self.resonance
        return {
            "wavelength_um": one.wavelength,
            "quality_factor": one.quality_factor if math.isfinite(one.quality_factor) else None,
            "amplitude": one.amplitude,
            "reason": self.reason,
        }


def read_resonances(report: Mapping[str, Any]) -> list[Resonance]:
    """Return the resonances of a worker's report."""
    return [
        Resonance(
            frequency=complex(one["frequency"], one["imaginary"]),
            number=number,
            amplitude=one["amplitude"],
            share=one["share"],
            error=one["error"],
            spread=complex(one["spread"], one["spread_imaginary"]),
            drift=complex(one["drift"], one["drift_imaginary"]),
            signature=tuple(one["signature"]),
            record=report["record"]["length"],
        )
        for number, one in enumerate(report["resonances"])
    ]


def sound(found: Sequence[Resonance]) -> tuple[list[Resonance], list[Rejected]]:
    """Return what one run alone can vouch for, and the rest with reasons.

    Negative Q cannot be in a passive structure; a Q beyond what the record supports is noise.
    """
    kept, rejected = [], []
    for one in found:
        if one.frequency.imag >= 0:
            reason = "negative Q in a passive structure"
        elif one.quality_factor > one.largest_quality_factor:
            reason = (
                f"Q beyond the {one.largest_quality_factor:.3g} that the record supports: "
                "raise quality_factor_goal"
            )
        elif one.share < LEAST_SHARE:
            reason = "amplitude lost among the others"
        elif one.error > LARGEST_ERROR:
            reason = f"harmonic inversion not sure (relative error {one.error:.1e})"
        elif abs(one.drift.real) > 1e-3 * one.frequency.real:
            reason = "not there without the first third of the record"
        elif one.drift.imag > 0.3 * abs(one.frequency.imag):
            reason = "Q not settled within the record: raise quality_factor_goal"
        else:
            kept.append(one)
            continue
        rejected.append(Rejected(resonance=one, reason=reason))
    return kept, rejected


def unconfirmed(first: Resonance, second: Resonance | None) -> str:
    """Return why a resonance is not confirmed by a run with other sources and probes, or ""."""
    if second is None:
        return "not seen with other sources and probes"
    apart = abs(first.frequency.real - second.frequency.real)
    width = abs(first.frequency.imag) * 2
    if apart > max(0.3 * width, 5e-4 * first.frequency.real):
        return f"at {second.wavelength:.6g} um with other sources and probes"
    ratio = first.quality_factor / second.quality_factor
    if not 0.5 < ratio < 2:
        return f"Q = {second.quality_factor:.3g} with other sources and probes"
    return ""


def matched(
    wanted: Sequence[Resonance], offered: Sequence[Resonance], *, same_probes: bool = True
) -> list[Resonance | None]:
    """Return for each wanted resonance the offered one that is the same mode, or None.

    One to one, by frequency, Q and (with the same probes) the pattern of amplitudes.

    Args:
        wanted, offered: resonances of two runs; same_probes: at the same places.
    """
    from scipy.optimize import linear_sum_assignment

    if not wanted or not offered:
        return [None] * len(wanted)
    cost = np.array([[_distance(a, b, same_probes) for b in offered] for a in wanted])
    rows, columns = linear_sum_assignment(np.minimum(cost, 1e3))
    partner: list[Resonance | None] = [None] * len(wanted)
    for row, column in zip(rows, columns, strict=True):
        if cost[row, column] < 1e3:
            partner[int(row)] = offered[int(column)]
    return partner


def _distance(a: Resonance, b: Resonance, same_probes: bool) -> float:
    apart = abs(a.frequency.real - b.frequency.real) / a.frequency.real
    if apart > FARTHEST or a.frequency.imag >= 0 or b.frequency.imag >= 0:
        return 1e6
    ratio = abs(math.log(a.quality_factor / b.quality_factor))
    if ratio > math.log(10):
        return 1e6
    distance = apart / 0.005 + ratio
    if same_probes:
        u, v = np.asarray(a.signature), np.asarray(b.signature)
        norm = float(np.linalg.norm(u) * np.linalg.norm(v))
        distance += 4 * (1 - float(u @ v) / norm) if norm else 4.0
    return distance
