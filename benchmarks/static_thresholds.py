"""Static thresholds of 10 000 cavities at 50 pump levels beside a plain SciPy loop.

The loop does per mode what a script would: the gain of equation (5) written out, a scan over a
logarithmic grid of pumps for the first sign change, `scipy.optimize.brentq` in that bracket; and
per cavity and pump level one gain per mode. It runs on a sample of the cavities.
"""

from __future__ import annotations

import itertools
import math
import sys
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from benchmarks.measure import machine, measured, one_thread, write_json
from gain import NanocrystalMedium, batch_thresholds, quantum_shells
from gain.threshold_batch import ThresholdBatch

__all__ = ["main"]

Floats = NDArray[np.float64]

CAVITIES, MODES, SAMPLE = 10_000, 25, 40
LEVELS = np.geomspace(0.05, 10.0, 50)
SPACING_NM = 4.05


def cavities(count: int = CAVITIES) -> tuple[Floats, Floats]:
    """Return combs of modes (um) and figures of merit, (count, modes)."""
    rng = np.random.default_rng(1)
    order = np.arange(MODES) - MODES // 2
    offset = rng.random((count, 1))
    merit = 50 * np.exp(0.5 * rng.standard_normal((count, 1)))
    wavelength = 0.650 + 1e-3 * SPACING_NM * (order + offset)
    return wavelength, merit * wavelength / 0.650


def ours(medium: NanocrystalMedium, wavelength: Floats, merit: Floats) -> ThresholdBatch:
    """Return thresholds and net gains of all cavities."""
    return batch_thresholds(medium, wavelength, merit, LEVELS)


def plain_gain(medium: NanocrystalMedium, wavelength: float, photons: float) -> float:
    """Return equation (5) at one wavelength (um) and one N."""
    std = medium.line_width
    stokes, biexciton = medium.stokes_redshift, medium.biexciton_redshift
    shift = 1e3 * (wavelength - medium.emission_wavelength)

    def line(x: float) -> float:
        return math.exp(-0.5 * (x / std) ** 2)

    p0 = math.exp(-photons)
    p1 = photons * p0
    return (
        -line(shift + stokes) * p0
        - 0.5 * line(shift + stokes + biexciton) * p1
        + 0.5 * line(shift) * p1
        + line(shift + biexciton) * (1 - p0 - p1)
    )


def loop(medium: NanocrystalMedium, wavelength: Floats, merit: Floats) -> tuple[Floats, Floats]:
    """Return the same of a few cavities, point by point: thresholds and net gains."""
    grid = np.concatenate([[0.0], np.geomspace(1e-3, 46.0, 113)])
    thresholds, net = np.full(len(wavelength), np.nan), np.empty((len(wavelength), len(LEVELS)))
    for number, (comb, merits) in enumerate(zip(wavelength, merit, strict=True)):
        roots = []
        for x, k in zip(comb, merits, strict=True):

            def excess(n: float, x: float = x, k: float = k) -> float:
                return plain_gain(medium, x, n) - 1 / k

            below = excess(0.0)
            for left, right in itertools.pairwise(grid):
                above = excess(right)
                if below < 0 <= above:
                    roots.append(brentq(excess, left, right, xtol=1e-12))
                    break
                below = above
        if roots:
            thresholds[number] = min(roots)
        for place, level in enumerate(LEVELS):
            net[number, place] = max(
                k * plain_gain(medium, x, level) - 1 for x, k in zip(comb, merits, strict=True)
            )
    return thresholds, net


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), default="out/benchmarks")
def main(output: Path) -> None:
    """Measure both and write OUTPUT/static_thresholds.json."""
    medium = quantum_shells()
    wavelength, merit = cavities()
    ours(medium, wavelength[:100], merit[:100])
    done = measured(lambda: ours(medium, wavelength, merit), repeats=3)
    plain = measured(lambda: loop(medium, wavelength[:SAMPLE], merit[:SAMPLE]))
    thresholds, net = plain.value
    per_cavity = done.cpu_s / CAVITIES
    content: dict[str, Any] = {
        "machine": machine(),
        "cavities": CAVITIES,
        "modes": MODES,
        "levels": len(LEVELS),
        "s": done.cpu_s,
        "thresholds_per_s": CAVITIES * MODES / done.cpu_s,
        "scipy_loop_s_extrapolated": plain.cpu_s / SAMPLE * CAVITIES,
        "times_faster": plain.cpu_s / SAMPLE / per_cavity,
        "largest_difference_threshold": float(
            np.nanmax(np.abs(done.value.absorbed_photons[:SAMPLE] / thresholds - 1))
        ),
        "largest_difference_net_gain": float(np.abs(done.value.net_gain[:SAMPLE] - net).max()),
        "lasing_share": float(np.mean(~np.isnan(done.value.absorbed_photons))),
    }
    print(
        f"{CAVITIES} cavities x {MODES} modes x {len(LEVELS)} pump levels: {done.cpu_s:.2f} s "
        f"({1e6 * per_cavity:.0f} us per cavity)"
    )
    print(
        f"plain SciPy loop: {plain.cpu_s / SAMPLE * 1e3:.0f} ms per cavity, "
        f"{content['scipy_loop_s_extrapolated']:.0f} s for all: {content['times_faster']:.0f} "
        "times slower"
    )
    print(
        f"largest differences: threshold {content['largest_difference_threshold']:.1e} (relative), "
        f"net gain {content['largest_difference_net_gain']:.1e}"
    )
    write_json(output / "static_thresholds.json", content)


if __name__ == "__main__":
    one_thread()
    sys.exit(main())
