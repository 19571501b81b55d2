"""Speed, accuracy and scale of the axisymmetric solver on the coated microdisk.

python -m benchmarks.microdisk_modes -o out/benchmarks [--only modes step spectrum scaling]

modes     the modes of the 20 um disk around 640 nm at one m, on one core, against a reference
step      following them from m to m + 1
spectrum  every mode of the 10 and 20 um disk, 600-680 nm, above a floor of Q, on two cores, with
          a check against eight times denser shifts at four azimuthal orders
scaling   time and peak memory versus diameter, with a fitted power law and a plot
"""

from __future__ import annotations

import argparse
import functools
import itertools
import math
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import in_fresh_process, machine, measured, one_thread, write_json
from cavities import ParabolicMicrodisk
from solvers import ModeSet, solve_modes
from solvers.axisymmetric.follow import step
from solvers.axisymmetric.search import Window
from solvers.axisymmetric.settings import AxisymmetricSettings
from solvers.axisymmetric.spectrum import modes_of_order
from solvers.axisymmetric.system import build_system

WINDOW = (0.630, 0.650)
SPECTRUM_WINDOW = (0.60, 0.68)


def coated_disk(diameter: float) -> ParabolicMicrodisk:
    """Return a 3 um high SU8 bowl with a 75 nm coat of n = 1.85 on 200 nm of gold."""
    radius = diameter / 2
    return ParabolicMicrodisk(
        top_radius=radius,
        base_radius=radius - 2,
        height=3.0,
        coat_thickness=0.075,
        coat_material=1.85,
        reflector_thickness=0.2,
    )


def one_order(disk: ParabolicMicrodisk, order: int, accuracy: Any) -> ModeSet:
    """Return the modes of one azimuthal order, from a new mesh every time."""
    build_system.cache_clear()
    return solve_modes(disk, WINDOW, azimuthal_order=order, accuracy=accuracy)


def modes() -> dict[str, Any]:
    """Time the modes at one m and compare them with the reference accuracy."""
    disk = coated_disk(20.0)
    one_order(disk, 114, "fast")
    rows: dict[str, Any] = {}
    reference = one_order(disk, 115, "reference")
    for accuracy in ("fast", "default"):
        run = measured(functools.partial(one_order, disk, 115, accuracy), repeats=3)
        found = run.value
        if len(found) != len(reference):
            raise RuntimeError(f"{accuracy}: {len(found)} modes, reference {len(reference)}")
        pairs = list(zip(found, reference, strict=True))
        rows[accuracy] = {
            "modes": len(found),
            "wall_s": run.wall_s,
            "cpu_s": run.cpu_s,
            "wavelength_error": max(abs(a.wavelength / b.wavelength - 1) for a, b in pairs),
            "q_error": max(abs(a.quality_factor / b.quality_factor - 1) for a, b in pairs),
            "largest_q": max(mode.quality_factor for mode in reference),
        }
        print(
            f"{accuracy:8s} {len(found)} modes in {run.wall_s:.2f} s (one core, with mesh); "
            f"against the reference: wavelength {rows[accuracy]['wavelength_error']:.1e}, "
            f"Q {rows[accuracy]['q_error']:.1e} (Q up to {rows[accuracy]['largest_q']:.0f})"
        )
    return rows


def one_step() -> dict[str, Any]:
    """Time following all modes of one m to m + 1, per mode."""
    disk = coated_disk(20.0)
    settings = AxisymmetricSettings.for_accuracy("fast")
    system = build_system(disk.body(), WINDOW, 115, settings)
    found = solve_modes(disk, WINDOW, azimuthal_order=115, accuracy="fast")
    vectors = np.stack([mode.sampler.vector(system) for mode in found], axis=1)  # type: ignore[union-attr]
    wavenumbers = np.asarray([mode.wavenumber for mode in found])
    slopes = np.asarray(
        [2 * math.pi * mode.free_spectral_range / mode.wavelength**2 for mode in found]
    )
    run = measured(lambda: step(system, 115, 1, wavenumbers, slopes, vectors), repeats=3)
    arrived, _ = run.value
    moved = np.asarray([mode.wavenumber.real for mode in arrived])
    predicted = float(np.abs((wavenumbers.real + slopes) / moved - 1).max())
    row = {
        "modes": len(found),
        "s_per_mode": run.wall_s / len(found),
        "prediction_error": predicted,
        "largest_residual": max(mode.residual for mode in arrived),
    }
    print(
        f"step     m = 115 to 116: {row['s_per_mode']:.3f} s per mode "
        f"({row['modes']} together); first-order prediction right to {predicted:.1e}"
    )
    return row


# Diameter (um), Q floor, azimuthal orders (None: all that can matter). The ranges are those of
# whispering-gallery modes, below which modes leak.
SPECTRA: tuple[tuple[float, float, range | None], ...] = (
    (10.0, 100.0, range(44, 76)),
    (10.0, 100.0, None),
    (20.0, 100.0, range(98, 156)),
)


def spectrum() -> dict[str, Any]:
    """Time the complete spectra and check their completeness at four orders."""
    rows: dict[str, Any] = {}
    for diameter, floor, orders in SPECTRA:
        disk = coated_disk(diameter)
        started = time.perf_counter()
        found = solve_modes(
            disk,
            SPECTRUM_WINDOW,
            accuracy="fast",
            azimuthal_order=orders,
            quality_factor_floor=floor,
            workers=2,
        )
        wall = time.perf_counter() - started
        present = sorted({mode.azimuthal_order or 0 for mode in found})
        chosen = [present[int(share * (len(present) - 1))] for share in (0.2, 0.45, 0.7, 0.9)]
        missed = sum(_missed(disk, found, order, floor) for order in chosen)
        span = "all m" if orders is None else f"m >= {orders[0]}"
        rows[f"{diameter:g} um, Q > {floor:g}, {span}"] = {
            "modes": len(found),
            "orders": [present[0], present[-1]],
            "wall_s": wall,
            "checked_orders": chosen,
            "missed": missed,
            "warnings": len(found.provenance["warnings"]),
            "largest_wavelength_error": max(m.wavelength_error / m.wavelength for m in found),
        }
        print(
            f"spectrum {diameter:g} um, Q > {floor:g}, {span}: {len(found)} modes, "
            f"m = {present[0]}-{present[-1]}, {wall:.0f} s on two cores; "
            f"missed at m = {chosen}: {missed}",
            flush=True,
        )
    return rows


def _missed(disk: ParabolicMicrodisk, found: ModeSet, order: int, floor: float) -> int:
    """Return how many modes eight narrow windows find that the wide one did not."""
    known = np.asarray([m.wavenumber for m in found if m.azimuthal_order == order])
    system = build_system(
        disk.body(), SPECTRUM_WINDOW, order, AxisymmetricSettings.for_accuracy("fast")
    )
    edges = np.linspace(2 * math.pi / SPECTRUM_WINDOW[1], 2 * math.pi / SPECTRUM_WINDOW[0], 9)
    missed = 0
    for low, high in itertools.pairwise(edges):
        window = Window(low=float(low), high=float(high), quality_factor_floor=1.01 * floor)
        for mode in modes_of_order(system, order, window).modes:
            near = np.abs(known - mode.wavenumber).min() if len(known) else math.inf
            missed += int(near > 1e-4 * abs(mode.wavenumber))
    return missed


def scaling() -> dict[str, Any]:
    """Measure time and peak memory of one azimuthal order versus diameter, and fit laws."""
    rows = [
        in_fresh_process("benchmarks.microdisk_modes:scaling_point", diameter)
        for diameter in (5.0, 10.0, 20.0, 30.0, 40.0)
    ]
    diameters = np.asarray([row["diameter"] for row in rows])
    laws = {}
    for name in ("cpu_s", "peak_memory_mb", "unknowns"):
        values = np.asarray([row[name] for row in rows])
        exponent, prefactor = np.polyfit(np.log(diameters), np.log(values), 1)
        laws[name] = {"exponent": float(exponent), "at_1_um": float(np.exp(prefactor))}
        print(f"scaling  {name} = {np.exp(prefactor):.3g} (D / um)^{exponent:.2f}")
    return {"points": rows, "laws": laws}


def scaling_point(diameter: float) -> dict[str, Any]:
    """Solve one azimuthal order near the rim of a disk in a fresh process."""
    from benchmarks.measure import peak_memory_mb

    disk = coated_disk(diameter)
    order = round(0.93 * 2 * math.pi / 0.64 * 1.58 * diameter / 2 * 0.8)
    run = measured(lambda: one_order(disk, order, "fast"))
    system = build_system(disk.body(), WINDOW, order, AxisymmetricSettings.for_accuracy("fast"))
    return {
        "diameter": diameter,
        "azimuthal_order": order,
        "modes": len(run.value),
        "unknowns": system.pencil.size,
        "wall_s": run.wall_s,
        "cpu_s": run.cpu_s,
        "peak_memory_mb": peak_memory_mb(),
    }


def plot_scaling(result: dict[str, Any], path: Path) -> None:
    """Draw time and memory versus diameter with their laws."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    points = result["points"]
    diameters = np.asarray([point["diameter"] for point in points])
    figure, panels = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    for axes, name, label in (
        (panels[0], "cpu_s", "processor time (s)"),
        (panels[1], "peak_memory_mb", "peak memory (MB)"),
    ):
        law = result["laws"][name]
        axes.loglog(diameters, [point[name] for point in points], "o")
        axes.loglog(diameters, law["at_1_um"] * diameters ** law["exponent"], "-", lw=1)
        axes.set_title(f"{law['at_1_um']:.3g} $D^{{{law['exponent']:.2f}}}$", fontsize=10)
        axes.set_xticks(diameters, [f"{value:g}" for value in diameters])
        axes.minorticks_off()
        axes.set_xlabel("diameter D (um)")
        axes.set_ylabel(label)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)
    plt.close(figure)


PARTS = {"modes": modes, "step": one_step, "spectrum": spectrum, "scaling": scaling}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts and write their numbers as JSON."""
    parser = argparse.ArgumentParser(description="Speed and scale of the axisymmetric solver.")
    parser.add_argument("-o", "--out", type=Path, default=Path("out/benchmarks"))
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    options = parser.parse_args(arguments)
    for name in options.only:
        result = PARTS[name]()
        write_json(options.out / f"microdisk_{name}.json", {"machine": machine(), "result": result})
        if name == "scaling":
            plot_scaling(result, options.out / "microdisk_scaling.png")
    return 0


if __name__ == "__main__":
    one_thread()
    raise SystemExit(main())
