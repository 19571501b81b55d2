"""What every FDTD request has: pulse, band and record from the window, points for sources."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.engines.job import JobSize
from solvers.fdtd.settings import FdtdSettings

__all__ = ["Timing", "halton", "job_size", "sources_and_probes", "timing_of"]

NARROWEST = 0.06
"""Least width of the pulse relative to its frequency: narrower ones last too long."""

PIXEL_STEPS_PER_S = 1.5e7
"""Real field values of all components count once: 1.5e7 to 3e7 pixel steps/s per core."""


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Pulse, band and record of a run (frequencies in 1/um, times in um/c)."""

    frequency: float
    width: float
    band: tuple[float, float]
    shortest: float
    longest: float
    decay: float

    @property
    def pulse_length(self) -> float:
        """Duration of the pulse with its cutoff of five widths on each side."""
        return 10 / self.width

    def parts(self) -> dict[str, Any]:
        """Return the entries of the request."""
        return {
            "pulse": {"frequency": self.frequency, "width": self.width, "cutoff": 5.0},
            "band": list(self.band),
            "record": {
                "shortest": self.shortest,
                "longest": self.longest,
                "decay": self.decay,
            },
        }

    def snapshots(self, low: Sequence[float], high: Sequence[float]) -> dict[str, Any]:
        """Return the request for snapshots of all components between two corners.

        They begin when resonances of Q = 20 are down to a few percent of the pulse's.
        """
        return {
            "count": 24,
            "start": 0.35 * self.shortest,
            "end": self.shortest,
            "low": list(low),
            "high": list(high),
        }


def timing_of(wavelength: tuple[float, float], settings: FdtdSettings) -> Timing:
    """Return pulse, band and record for a window (um).

    A Gaussian pulse of twice the window's width excites its edges with 0.3 of the centre's
    strength; the band in which resonances are sought is that width, so that the ones just
    outside are not mistaken for ones inside. The record lasts until a resonance of the asked-for
    Q has decayed by exp(-decay).
    """
    low, high = 1 / max(wavelength), 1 / min(wavelength)
    centre = (low + high) / 2
    width = max(2 * (high - low), NARROWEST * centre)
    shortest = max(settings.shortest_record / centre, 2 / width)
    longest = settings.decay * settings.quality_factor_goal / (math.pi * centre)
    return Timing(
        frequency=centre,
        width=width,
        band=(centre - width / 2, centre + width / 2),
        shortest=shortest,
        longest=max(longest, shortest),
        decay=settings.decay,
    )


def halton(count: int, dimensions: int, skip: int = 0) -> NDArray[np.float64]:
    """Return points (count, dimensions) that fill the unit cube evenly, without symmetry.

    J. H. Halton, Numer. Math. 2, 84 (1960), doi:10.1007/BF01386213.
    """
    points = np.empty((count, dimensions))
    for column, base in enumerate((2, 3, 5)[:dimensions]):
        for row in range(count):
            number, share, value = row + skip + 1, 1.0, 0.0
            while number:
                share /= base
                value += share * (number % base)
                number //= base
            points[row, column] = value
    return points


def sources_and_probes(
    points: NDArray[np.float64], components: Sequence[str], set_number: int
) -> dict[str, Any]:
    """Return sources and probes of every component at generic points.

    Args:
        points: candidates (n, 3) with n >= 12, generic: on no plane of symmetry.
        components: field components to drive and to listen to.
        set_number: 0 or 1: another choice of points, for the run that checks the first one.

    Every component is driven at several places with different phases and strengths, so that no
    class of symmetry is left out.
    """
    chosen = points[6 * set_number : 6 * set_number + 6]
    driven, heard = chosen[:3], chosen[3:]
    sources = []
    for place, point in enumerate(driven):
        for number, component in enumerate(components):
            phase = 2.4 * (place + 1) + 1.1 * number + 0.7 * set_number
            strength = 1.0 - 0.2 * place + 0.1 * number
            sources.append(
                {
                    "component": component,
                    "point": [float(value) for value in point],
                    "amplitude": [strength * math.cos(phase), strength * math.sin(phase)],
                }
            )
    probes = [
        {"component": component, "point": [float(value) for value in point]}
        for point in heard
        for component in components
    ]
    return {"sources": sources, "probes": probes}


def job_size(
    pixels: float, steps: float, *, complex_fields: bool, poles: int, snapshots: int = 0
) -> JobSize:
    """Return the estimate of memory and time of a run.

    Args:
        pixels: of the cell; steps: in time, at least (the record may be prolonged).
        complex_fields: fields take twice the memory and time.
        poles: of the richest medium, each with fields of its own.
        snapshots: kept fields of the whole cell.
    """
    factor = 2 if complex_fields else 1
    memory = pixels * (factor * (220 + 80 * poles) + snapshots * 24 * factor) / 1e9 + 0.1
    time_s = pixels * steps * factor * (1 + 0.4 * poles) / (2 * PIXEL_STEPS_PER_S)
    return JobSize(
        memory_gb=memory,
        time_s=1.0 + time_s,
        text=f"{pixels:.3g} pixels x {steps:.3g} steps",
    )
