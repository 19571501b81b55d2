"""Periodic modes: time of a blind search, memory, self-convergence, cost law.

The structure is the slab of Hsu et al. (doi:10.1038/nature12289): square lattice of 336 nm, holes
of 160 nm in 180 nm of n = 2.02, everything in n = 1.46; Gamma point, 540-600 nm, 8 modes.
"""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import click
import numpy as np

from benchmarks.measure import (
    in_fresh_process,
    machine,
    measured,
    one_thread,
    peak_memory_mb,
    write_json,
)
from cavities.body_of_revolution import Layer
from cavities.cell_shape import Circle
from cavities.lattice import Lattice
from cavities.periodic_stack import Inclusion, PatternedLayer, PeriodicStack
from solvers import ModeSet
from solvers.fourier_modal import (
    PeriodicSettings,
    mode_slopes,
    solve_periodic,
    spectrum,
    threshold_gain,
)

__all__ = ["main", "memory_of"]

WINDOW = (0.54, 0.60)
TRUNCATIONS = (49, 81, 121, 225, 349)


def slab(layers: int = 1) -> PeriodicStack:
    """Return the slab, cut into equal patterned layers (of holes that differ a little)."""
    pieces = tuple(
        PatternedLayer(
            name="slab",
            material=2.02,
            thickness=0.18 / layers,
            inclusions=(
                Inclusion(shape=Circle(radius=0.08 + 1e-6 * i), material=1.46, name="hole"),
            ),
        )
        for i in range(layers)
    )
    return PeriodicStack(
        lattice=Lattice.square(0.336), substrate=1.46, layers=pieces, superstrate=1.46
    )


def covered_slab() -> PeriodicStack:
    """Return the infilled and covered slab A1: 170 nm of n = 2.0, a = 390 nm, film of n = 1.9."""
    hole = Inclusion(shape=Circle(radius=0.1365), material=1.9, name="gain")
    return PeriodicStack(
        lattice=Lattice.square(0.39),
        substrate=1.46,
        layers=(
            PatternedLayer(name="slab", material=2.0, thickness=0.17, inclusions=(hole,)),
            Layer(name="gain", material=1.9, thickness=0.08),
        ),
        superstrate=1.0,
    )


def settings(orders: int, *, use_symmetry: bool = True) -> PeriodicSettings:
    """Return the settings of a truncation."""
    search = 25 if orders <= 49 else 49
    return PeriodicSettings(orders=orders, search_orders=search, use_symmetry=use_symmetry)


def search_time(orders: int, *, use_symmetry: bool, layers: int = 1) -> dict[str, Any]:
    """Return the time of a blind search of all 8 modes (best of three)."""
    stack, chosen = slab(layers), settings(orders, use_symmetry=use_symmetry)
    done = measured(lambda: solve_periodic(stack, WINDOW, settings=chosen), repeats=3)
    return {
        "orders": orders,
        "symmetry": use_symmetry,
        "layers": layers,
        "modes": len(done.value),
        "wall_s": done.wall_s,
        "cpu_s": done.cpu_s,
    }


def memory_of(orders: int, use_symmetry: bool) -> dict[str, float]:
    """Return the peak memory (MB) of a process that does one search, and before it."""
    before = _own_peak_mb()
    solve_periodic(slab(), WINDOW, settings=settings(orders, use_symmetry=use_symmetry))
    return {"orders": orders, "peak_mb": _own_peak_mb(), "before_mb": before}


def _own_peak_mb() -> float:
    """Return this process's own peak (MB): elsewhere a new process inherits its parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return float(line.split()[1]) / 1e3
    return peak_memory_mb()


def convergence(stack: PeriodicStack, window: tuple[float, float]) -> list[dict[str, Any]]:
    """Return wavelength, Q and estimated errors of every kind of mode at all truncations."""
    sets: list[ModeSet] = [
        solve_periodic(stack, window, settings=settings(orders)) for orders in TRUNCATIONS
    ]
    best = {(m.polarization, m.symmetry): m for m in sets[-1]}
    rows = []
    for orders, modes in zip(TRUNCATIONS, sets, strict=True):
        for key, mode in {(m.polarization, m.symmetry): m for m in modes}.items():
            exact = best[key]
            bright = exact.quality_factor < 1e10
            rows.append(
                {
                    "orders": orders,
                    "mode": f"{key[0]} {key[1]}",
                    "wavelength_nm": 1e3 * mode.wavelength,
                    "q": mode.quality_factor if bright else math.inf,
                    "error_nm": 1e3 * abs(mode.wavelength - exact.wavelength),
                    "estimate_nm": 1e3 * mode.wavelength_error,
                    "q_error": abs(mode.quality_factor / exact.quality_factor - 1) if bright else 0,
                    "q_estimate": mode.quality_factor_error if bright else 0,
                }
            )
    return rows


def print_convergence(name: str, rows: list[dict[str, Any]]) -> None:
    """Print one line per mode with wavelength (nm) and Q at all truncations."""
    print(f"\n{name}: wavelength (nm) / Q at " + ", ".join(str(n) for n in TRUNCATIONS) + " orders")
    for mode in dict.fromkeys(row["mode"] for row in rows):
        own = [row for row in rows if row["mode"] == mode]
        values = "  ".join(f"{row['wavelength_nm']:.4f} / {row['q']:.5g}" for row in own)
        covered = all(
            row["error_nm"] <= row["estimate_nm"] and row["q_error"] <= row["q_estimate"] + 1e-12
            for row in own[:-1]
        )
        print(f"  {mode:6s} {values}   estimate covers: {covered}")


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), default="out/benchmarks")
def main(output: Path) -> None:
    """Measure everything and write OUTPUT/periodic_modes.json."""
    solve_periodic(slab(), WINDOW, accuracy="fast")
    times = [search_time(81, use_symmetry=True), search_time(81, use_symmetry=False)]
    for row, aim, limit in zip(times, (0.2, 0.8), (0.5, 1.5), strict=True):
        print(
            f"blind search, 81 orders, symmetry {row['symmetry']!s:5s}: {row['modes']} modes in "
            f"{row['wall_s']:.3f} s ({row['cpu_s']:.3f} s CPU); limit {limit} s, aim {aim} s"
        )
    law = [search_time(n, use_symmetry=True) for n in TRUNCATIONS]
    law += [search_time(n, use_symmetry=False) for n in (81, 121)]
    for row in law:
        print(f"  {row['orders']:4d} orders, symmetry {row['symmetry']!s:5s}: {row['cpu_s']:.3f} s")
    layered = [search_time(81, use_symmetry=True, layers=n) for n in (1, 2, 4, 8)]
    for row in layered:
        print(f"  81 orders, {row['layers']} different patterned layers: {row['cpu_s']:.3f} s")
    used = [
        in_fresh_process("benchmarks.periodic_modes:memory_of", n, symmetric)
        for n, symmetric in ((81, True), (81, False), (121, False))
    ]
    for row in used:
        print(
            f"  {row['orders']} orders: peak {row['peak_mb']:.0f} MB, {row['before_mb']:.0f} before"
        )
    stack = covered_slab()
    (mode, *_) = solve_periodic(stack, (0.686, 0.688), accuracy="fast")
    slopes = measured(lambda: mode_slopes(stack, mode), repeats=3)
    pumped = measured(lambda: threshold_gain(stack, mode), repeats=3)
    waves = np.linspace(0.54, 0.60, 100)
    lines = measured(lambda: spectrum(slab(), waves, orders=81), repeats=3)
    print(
        f"derivatives: {1e3 * slopes.cpu_s / len(slopes.value):.1f} ms per parameter; threshold "
        f"{1e3 * pumped.cpu_s:.0f} ms; spectrum {1e3 * lines.cpu_s / 100:.2f} ms per wavelength"
    )
    tables = {
        "slab in glass": convergence(slab(), WINDOW),
        "covered slab": convergence(covered_slab(), (0.65, 0.69)),
    }
    for name, rows in tables.items():
        print_convergence(name, rows)
    content = {
        "machine": machine(),
        "search": times,
        "cost_law": law,
        "layers": layered,
        "memory": used,
        "slope_s": slopes.cpu_s / len(slopes.value),
        "threshold_s": pumped.cpu_s,
        "spectrum_s": lines.cpu_s / 100,
        "convergence": tables,
    }
    write_json(output / "periodic_modes.json", content)


if __name__ == "__main__":
    one_thread()
    sys.exit(main())
