"""Time to 0.1 nm and 2 % in Q of one radiating mode: ours, and other programs that are installed.

The mode is the TE-like E pair at Gamma of the slab of Hsu et al. (doi:10.1038/nature12289), Q some
250. Every program climbs its own ladder of truncations; its time is that of the cheapest rung
from which on all dearer ones are within the tolerance. One thread, all in one run.
"""

from __future__ import annotations

import importlib.util
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from benchmarks.measure import in_fresh_process, machine, measured, one_thread, write_json
from benchmarks.peer_spectra import peer_resonance
from benchmarks.periodic_modes import settings, slab
from solvers import Mode, ModeSet, solve_modes

__all__ = ["PEERS", "main", "rung"]

TOLERANCE_UM, TOLERANCE_Q = 1e-4, 0.02
WINDOW = (0.54, 0.60)
NARROW = (0.570, 0.575)

# Program: what it needs, and its ladder (plane waves, order of elements, longest G, pixels per
# period of the finest of three runs).
PEERS: dict[str, tuple[str, tuple[int, ...]]] = {
    "ours": ("numpy", (49, 81, 121)),
    "NGSolve (unit-cell-fem)": ("ngsolve", (3, 4, 5)),
    "legume": ("legume", (3, 4, 5, 7)),
    "fmmax": ("fmmax", (49, 81, 121, 225)),
    "grcwa": ("grcwa", (49, 121, 225, 361)),
    "Meep (fdtd)": ("meep", (20, 30, 40)),
}


def rung(program: str, level: int, near: float) -> dict[str, float]:
    """Return wavelength (um), Q and processor seconds of the mode by one program."""
    if program in ("fmmax", "grcwa"):
        return peer_resonance(program, level, near)
    if program == "Meep (fdtd)":
        return _meep(level)
    if program == "ours":
        solve_modes(slab(), WINDOW, accuracy="fast")
        done = measured(lambda: solve_modes(slab(), WINDOW, settings=settings(level)), repeats=3)
    elif program == "legume":
        from solvers.guided_modes import GuidedModeSettings

        chosen = GuidedModeSettings(largest_wave=level)
        method = "guided-mode-expansion"
        solve_modes(slab(), NARROW, method=method, settings=GuidedModeSettings(largest_wave=2))
        done = measured(
            lambda: solve_modes(slab(), WINDOW, method=method, settings=chosen), repeats=3
        )
    else:
        from solvers.unit_cell_fem import UnitCellSettings

        elements = UnitCellSettings(order=level)
        done = measured(
            lambda: solve_modes(slab(), NARROW, method="unit-cell-fem", settings=elements)
        )
    mode = _bright(done.value, near)
    return {"wavelength": mode.wavelength, "q": mode.quality_factor, "cpu_s": done.cpu_s}


def _meep(finest: int) -> dict[str, float]:
    """Return what three runs of the mode's own class give, extrapolated; Meep's time alone."""
    from solvers.engines.run_worker import RunOptions
    from solvers.fdtd import FdtdSettings
    from solvers.fdtd.periodic import solve_periodic_fdtd

    counts = sorted({2 * round(share * finest / 2) for share in (0.6, 0.8, 1.0)})
    period = slab().lattice.period
    found = solve_periodic_fdtd(
        slab(),
        wavelength=NARROW,
        symmetry=["E"],
        parity="even",
        settings=FdtdSettings(
            resolutions=tuple(count / period for count in counts),
            quality_factor_goal=1000,
            repeat=False,
            fields=False,
        ),
        options=RunOptions(reuse=False),
    )
    mode = found[0]
    seconds = float(found.provenance["engine_time_s"])
    return {"wavelength": mode.wavelength, "q": mode.quality_factor, "cpu_s": seconds}


def _is_here(needs: str) -> bool:
    """Whether a peer is installed: a module here, or an engine with an interpreter of its own."""
    if needs != "meep":
        return importlib.util.find_spec(needs) is not None
    from solvers.engines.discovery import find_engines

    return find_engines().best() is not None


def _bright(modes: ModeSet, near: float) -> Mode:
    """Return the TE-like mode with radiation that is nearest to a wavelength."""
    bright = [mode for mode in modes if mode.polarization == "TE" and mode.quality_factor < 1e4]
    if not bright:
        raise ValueError(f"modes: must hold a radiating TE-like mode near {near:g} um, got {modes}")
    return min(bright, key=lambda mode: abs(mode.wavelength - near))


def climb(program: str, ladder: tuple[int, ...], truth: tuple[float, float]) -> dict[str, Any]:
    """Return all rungs of a program with their errors, and its time to the tolerance."""
    rows: list[dict[str, Any]] = []
    for level in ladder:
        try:
            row = in_fresh_process("benchmarks.periodic_peers:rung", program, level, truth[0])
        except subprocess.CalledProcessError:
            print(f"  {program:24s} {level:4d}: failed")
            continue
        error = abs(row["wavelength"] - truth[0]), abs(row["q"] / truth[1] - 1)
        good = error[0] <= TOLERANCE_UM and error[1] <= TOLERANCE_Q
        rows.append(
            {"level": level, "error_um": error[0], "error_q": error[1], "good": good, **row}
        )
        print(
            f"  {program:24s} {level:4d}: {1e3 * row['wavelength']:.3f} nm / {row['q']:.2f}, "
            f"{1e3 * error[0]:.3f} nm, {100 * error[1]:.2f} %, {row['cpu_s']:.3f} s"
        )
    reached = math.inf
    for row in reversed(rows):
        if not row["good"]:
            break
        reached = row["cpu_s"]
    return {"program": program, "rungs": rows, "seconds": reached}


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), default="out/benchmarks")
def main(output: Path) -> None:
    """Climb all ladders and write OUTPUT/periodic_peers.json."""
    best = _bright(solve_modes(slab(), WINDOW, settings=settings(349)), 0.5723)
    truth = best.wavelength, best.quality_factor
    print(f"reference, 349 orders: {1e3 * truth[0]:.4f} nm / {truth[1]:.3f}")
    results, missing = [], []
    for program, (needs, ladder) in PEERS.items():
        if not _is_here(needs):
            missing.append(program)
            continue
        results.append(climb(program, ladder, truth))
    ours = results[0]["seconds"]
    print(f"\ntime to {1e3 * TOLERANCE_UM:g} nm and {100 * TOLERANCE_Q:g} % in Q")
    for result in results:
        if math.isinf(result["seconds"]):
            print(f"  {result['program']:24s} not reached")
        else:
            print(
                f"  {result['program']:24s} {result['seconds']:8.3f} s  "
                f"{result['seconds'] / ours:8.1f} x ours"
            )
    for program in missing:
        print(f"  {program:24s} not installed")
    for result in results:
        result["ratio"] = result["seconds"] / ours if math.isfinite(result["seconds"]) else None
        result["seconds"] = result["seconds"] if math.isfinite(result["seconds"]) else None
    content = {"machine": machine(), "truth": truth, "programs": results, "missing": missing}
    write_json(output / "periodic_peers.json", content)


if __name__ == "__main__":
    one_thread()
    sys.exit(main())
