"""Meep beside exact resonances and beside our own solvers.

python -m benchmarks.engines -o out/benchmarks [--only sphere ring disk planar ranks]

Spheres: two ladders each, deviation from the exact resonance beside the error that the run itself
reports. Ring: the documentation's digits. Disk and planar cavity: default method beside Meep.
Ranks: the same run on one and on two MPI processes. Runs are kept in OUT/engines.
"""

from __future__ import annotations

import argparse
import dataclasses
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cavities import Layer, Microdisk, PlanarMicrocavity, Sphere
from cavities.mirrors import QuarterWaveMirror
from solvers import ModeSet, solve_modes
from solvers.engines.discovery import require_meep
from solvers.engines.errors import EngineError, EngineMissing
from solvers.engines.run_worker import RunOptions, run_job
from solvers.fdtd import FdtdSettings
from solvers.fdtd.plain_structures import cartesian_ring, cylindrical_ring, holey_waveguide
from tests.solvers.exact_sphere import sphere_modes

SPHERES: tuple[tuple[float, int, tuple[float, float]], ...] = (
    (2.0, 1, (1.35, 1.43)),
    (2.0, 9, (0.85, 0.95)),
    (1.5, 12, (0.50, 0.56)),
    (2.5, 8, (1.15, 1.30)),
)
"""Index, azimuthal order, window (um) of spheres of radius 1 um."""
PIXELS = (8.0, 11.0)
"""Pixels per wavelength in the medium of the coarsest run of both ladders."""


def spheres(options: RunOptions) -> None:
    """Print the deviations from the exact sphere."""
    print("| n | m | mode | pixels | wavelength off | reported | Q off | reported | within |")
    print("|---|---|---|---|---|---|---|---|---|")
    inside = total = 0
    for index, order, window in SPHERES:
        low, high = (2 * math.pi / value for value in reversed(window))
        exact = sphere_modes(
            index, low=low, high=high, lowest_quality=50, lowest_degree=max(order, 1)
        )
        for pixels in PIXELS:
            found = solve_modes(
                Sphere(radius=1.0, material=index),
                window,
                method="fdtd",
                azimuthal_order=order,
                quality_factor_floor=50,
                settings=FdtdSettings(
                    pixels_per_wavelength=pixels, quality_factor_goal=3e3, fields=False
                ),
                engine=options,
            )
            for mode in found:
                near = min(exact, key=lambda e: abs(e.wavenumber.real - mode.wavenumber.real))
                wavelength = 2 * math.pi / near.wavenumber.real
                off = abs(mode.wavelength / wavelength - 1)
                q_off = abs(mode.quality_factor / near.quality_factor - 1)
                error = mode.wavelength_error / wavelength
                good = off <= error and q_off <= mode.quality_factor_error
                inside, total = inside + good, total + 1
                print(
                    f"| {index} | {order} | {near.polarization} {near.degree} | {pixels:g} "
                    f"| {off:.1e} | {error:.1e} | {q_off:.1e} | {mode.quality_factor_error:.1e} "
                    f"| {'yes' if good else 'no'} |",
                    flush=True,
                )
    print(f"\n{inside} of {total} within their own reported errors")


def rings(options: RunOptions) -> None:
    """Print the documented structures beside their documented digits."""
    cases: list[tuple[str, Any, list[tuple[float, float]]]] = [
        ("ring, m = 3", cylindrical_ring(3), [(0.1183512829, 85.6808)]),
        ("ring, m = 4", cylindrical_ring(4), [(0.14755787, 380.61)]),
        ("ring, m = 5", cylindrical_ring(5), [(0.17594486, 1795.14)]),
        (
            "ring in the plane",
            cartesian_ring(),
            [(0.118101575, 80.68), (0.147162556, 316.29), (0.175246751, 1677.5)],
        ),
        ("holey waveguide", holey_waveguide(), [(0.23445415346, 372.40808)]),
    ]
    print("| structure | frequency | documented | Q | documented | s |")
    print("|---|---|---|---|---|---|")
    for name, job, documented in cases:
        result = run_job(job, options)
        for frequency, quality in documented:
            near = min(
                result.report["resonances"], key=lambda one: abs(one["frequency"] - frequency)
            )
            print(
                f"| {name} | {near['frequency']:.9f} | {frequency} | "
                f"{near['quality_factor']:.3f} | {quality} | {result.wall_s:.1f} |",
                flush=True,
            )


def compare(expected: ModeSet, found: ModeSet) -> None:
    """Print both mode sets side by side."""
    from studies.verify import compare_modes

    rows, extra = compare_modes(expected, found)
    print("| mode | nm | Q | Meep nm | Meep Q | off | reported | Q off | reported | verdict |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for row in rows:
        one, other = row.default, row.engine
        numbers = f"{1e3 * one.wavelength:.4f} | {one.quality_factor:.5g}"
        if other is None:
            print(f"| {one.label} | {numbers} | | | | | | | {row.verdict}: {row.note} |")
            continue
        print(
            f"| {one.label} | {numbers} | {1e3 * other.wavelength:.4f} | "
            f"{other.quality_factor:.5g} | {row.wavelength_difference:+.1e} | "
            f"{row.wavelength_error:.1e} | {row.quality_difference:+.1e} | "
            f"{row.quality_error:.1e} | {row.verdict} |"
        )
    print(f"seen by Meep alone: {len(extra)}")
    times = expected.provenance["wall_time_s"], found.provenance["engine_time_s"]
    print(f"seconds: {times[0]:.1f} and {times[1]:.1f}", flush=True)


def disks(options: RunOptions) -> None:
    """Print a microdisk on glass by finite elements and by Meep, two ladders."""
    disk = Microdisk(radius=1.0, height=0.5, material=2.5, substrate=1.45, superstrate=1.0)
    window, order = (0.85, 0.93), 10
    expected = solve_modes(disk, window, azimuthal_order=order, quality_factor_floor=50)
    for resolutions in (None, (64.0, 80.0, 96.0, 112.0)):
        found = solve_modes(
            disk,
            window,
            method="fdtd",
            azimuthal_order=order,
            quality_factor_floor=50,
            settings=FdtdSettings(resolutions=resolutions),
            engine=options,
        )
        print(f"\npixels per um: {resolutions or 'chosen by the solver'}\n")
        compare(expected, found)


def planars(options: RunOptions) -> None:
    """Print a planar microcavity by matrices and by Meep."""
    mirror = QuarterWaveMirror(
        design_wavelength=0.6, high_material="TiO2", low_material="SiO2", pairs=6.5
    )
    cavity = PlanarMicrocavity(
        bottom_mirror=mirror,
        top_mirror=mirror,
        cavity=(Layer(name="gain", material=1.85, thickness=0.8),),
    )
    window = (0.57, 0.63)
    expected = solve_modes(cavity, window)
    compare(expected, solve_modes(cavity, window, method="fdtd", engine=options))


def ranks(options: RunOptions) -> None:
    """Print the same run on one and on two MPI processes."""
    try:
        interpreter = require_meep(mpi=True)
    except EngineMissing as missing:
        print(f"skipped: {missing}")
        return
    job = holey_waveguide(resolution=40)
    results = []
    for count in (1, 2):
        results.append(
            run_job(
                job,
                dataclasses.replace(options, interpreter=interpreter, ranks=count, reuse=False),
            )
        )
        strongest = max(results[-1].report["resonances"], key=lambda one: one["amplitude"])
        print(
            f"{count} processes: {strongest['frequency']:.12f}, Q = "
            f"{strongest['quality_factor']:.6f}, {results[-1].wall_s:.1f} s",
            flush=True,
        )
    print(f"two are {results[0].wall_s / results[1].wall_s:.2f} times faster")


PARTS = {"ring": rings, "planar": planars, "disk": disks, "sphere": spheres, "ranks": ranks}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts; return 1 when the engine is missing or fails."""
    parser = argparse.ArgumentParser(description="Meep beside exact results and our solvers.")
    parser.add_argument("-o", "--out", type=Path, default=Path("out/benchmarks"))
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    chosen = parser.parse_args(arguments)
    options = RunOptions(workspace=chosen.out / "engines")
    try:
        for name in chosen.only:
            print(f"\n## {name}\n", flush=True)
            PARTS[name](options)
    except EngineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
