"""MPB and Meep on periodic cavities: documented crystals, and our own solver beside both.

python -m benchmarks.engines_periodic -o out/benchmarks

Finished engine runs are kept in the output folder and not repeated.
"""

from __future__ import annotations

import argparse
import itertools
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measure import machine, one_thread, write_json
from cavities import Lattice, Layer, NanopillarArray, PlanarFilm
from cavities.cell_shape import Circle
from cavities.periodic_stack import Inclusion, PatternedLayer, PeriodicStack
from solvers.band_structure import BandSettings, LayerCrystal, PlaneCrystal, solve_bands
from solvers.band_structure.job import BandJob, CrystalSphere
from solvers.engines.run_worker import RunOptions, run_job
from solvers.fdtd.periodic import solve_periodic_fdtd
from solvers.fdtd.settings import FdtdSettings
from solvers.fourier_modal import solve_periodic
from solvers.modes import Mode

Row = dict[str, Any]


def photonic_crystal() -> PeriodicStack:
    """Slab of n = 2.02 in n = 1.46, square lattice of 336 nm (doi:10.1038/nature12289)."""
    hole = Inclusion(shape=Circle(radius=0.08), material=1.46, name="hole")
    slab = PatternedLayer(name="slab", material=2.02, thickness=0.18, inclusions=(hole,))
    return PeriodicStack(
        lattice=Lattice.square(0.336), substrate=1.46, layers=(slab,), superstrate=1.46
    )


def covered_crystal() -> PeriodicStack:
    """Holes of 0.7 a in n = 2.0 on glass, filled and covered by a film of n = 1.9."""
    hole = Inclusion(shape=Circle(radius=0.35 * 0.39), material=1.9, name="gain")
    slab = PatternedLayer(name="slab", material=2.0, thickness=0.17, inclusions=(hole,))
    cover = Layer(name="gain", material=1.9, thickness=0.08)
    return PeriodicStack(
        lattice=Lattice.square(0.39), substrate=1.46, layers=(slab, cover), superstrate=1.0
    )


def nanopillars() -> NanopillarArray:
    """Pillars of n = 1.46 on 150 nm of residual oxide and an absorbing substrate of n = 3."""
    return NanopillarArray(
        lattice=Lattice.square(0.335),
        diameter=0.1675,
        height=0.2,
        residual_thickness=0.15,
        pillar_material=1.46,
        substrate=3.0 + 0.02j,
        film=PlanarFilm(material=1.95, overcoat=0.1),
    )


def documented_crystals(options: RunOptions) -> list[Row]:
    """Return MPB's documented crystals: ours, the numbers of its own tests and of its pages."""
    square, triangular = Lattice.square(1.0), Lattice.triangular(1.0)
    rods = PlaneCrystal.round(square, radius=0.2, inside=11.56**0.5)
    found = solve_bands(rods, polarization="TM", options=options)
    x, m = found.frequency[found.at("X")], found.frequency[found.at("M")]
    rows: list[Row] = [
        _row("square rods, eps 11.56, X", x[:2], (0.42065734,), (0.245809, 0.420657)),
        _row("M", m[:2], (0.28590578, 0.50298310), (0.285906, 0.502981)),
    ]
    for name, lattice, tested, page in (
        ("square rods, eps 12, gap", square, (0.28094795, 0.41711425), (0.282623, 0.419335)),
        ("triangular rods, gap", triangular, (0.27469023, 0.44533108), (0.275066, 0.446290)),
    ):
        crystal = PlaneCrystal.round(lattice, radius=0.2, inside=12**0.5)
        gap = solve_bands(crystal, polarization="TM", points_between=4, options=options).gaps()[0]
        rows.append(_row(name, (gap.low, gap.high), tested, page))
    layers = (
        Layer(name="high", material=3.0, thickness=0.25),
        Layer(name="low", material=1.0, thickness=0.75),
    )
    edges = solve_bands(LayerCrystal(layers=layers), options=options).frequency[-1, :2]
    rows.append(_row("quarter-wave stack", edges, (), (0.22245099, 0.44347072)))
    defect = PlaneCrystal.round(square, radius=0.2, inside=12**0.5).repeated(5, 5)
    state = solve_bands(
        defect.without((0.0, 0.0)),
        polarization="TM",
        path=[(math.pi / 5, math.pi / 5)],
        period=1.0,
        settings=BandSettings(bands=25, resolution=16, symmetry=False),
        options=options,
    ).frequency[0, 24]
    rows.append(_row("5 x 5 point defect", (state,), (0.37730041,), (0.378166,)))
    rows.append(
        _row("diamond, gap", _diamond(options), (0.39676580, 0.44237077), (0.396349, 0.440813))
    )
    return rows


def _diamond(options: RunOptions) -> tuple[float, float]:
    """Return the gap of spheres in a diamond lattice, 16 points per period, MPB's path."""
    edge = math.sqrt(0.5)
    unit = edge / math.sqrt(2)
    vectors = ((0.0, unit, unit), (unit, 0.0, unit), (unit, unit, 0.0))
    corners = np.array(
        [[0, 0.5, 0.5], [0, 0.625, 0.375], [0, 0.5, 0], [0, 0, 0], [0, 0.5, 0.5],
         [0.25, 0.75, 0.5], [0.375, 0.75, 0.375]]
    )  # fmt: skip
    points = [corners[0]]
    for start, end in itertools.pairwise(corners):
        points += [start + (end - start) * step / 5 for step in range(1, 6)]
    spheres = tuple(
        CrystalSphere(
            epsilon=11.56,
            radius=0.25,
            center=tuple(sign * 0.125 * sum(v[axis] for v in vectors) for axis in range(3)),
        )
        for sign in (1, -1)
    )
    scale = 1 / edge
    job = BandJob(
        vectors=vectors,
        periodic=(True, True, True),
        background=1.0,
        objects=spheres,
        k_points=tuple((float(a), float(b), float(c)) for a, b, c in points),
        bands=5,
        resolution=(16 * scale, 16 * scale, 16 * scale),
        mesh_size=5,
        group_velocity=False,
    )
    frequency = run_job(job.engine_job("diamond"), options).arrays()["frequency"]
    return float(frequency[:, 1].max()), float(frequency[:, 2].min())


def _row(name: str, ours: Iterable[float], tested: Iterable[float], page: Iterable[float]) -> Row:
    return {
        "crystal": name,
        "ours": [float(value) for value in ours],
        "test_suite": list(tested),
        "documentation": list(page),
    }


def slab_edges(options: RunOptions) -> list[Row]:
    """Return the dark band edges of both crystals by MPB beside the Fourier modal method."""
    rows = []
    for name, stack, window in (
        ("crystal in glass", photonic_crystal(), (0.54, 0.6)),
        ("covered crystal", covered_crystal(), (0.645, 0.695)),
    ):
        exact = {
            (m.polarization, m.symmetry): m.wavelength
            for m in solve_periodic(stack, window, accuracy="reference")
            if math.isinf(m.quality_factor)
        }
        for resolution in (12, 16, 20):
            started = time.perf_counter()
            found = solve_bands(
                stack,
                path=["Gamma"],
                settings=BandSettings(
                    bands=34, resolution=resolution, padding=1.5, group_velocity=False
                ),
                options=options,
            )
            for kind in ("TE", "TM"):
                for edge in found.band_edges(kind).values():
                    reference = exact.get((kind, edge.symmetry))
                    if reference is not None:
                        rows.append(
                            {
                                "cavity": name,
                                "mode": f"{kind} {edge.symmetry}",
                                "points": resolution,
                                "wavelength_um": edge.wavelength,
                                "fourier_modal_um": reference,
                                "seconds": time.perf_counter() - started,
                            }
                        )
    return rows


def time_domain(
    name: str,
    cavity: Any,
    wavelength: tuple[float, float],
    pixels: Sequence[int],
    classes: Sequence[tuple[str, str | None]],
    options: RunOptions,
) -> list[Row]:
    """Return the modes of some symmetry classes by FDTD beside the Fourier modal method."""
    period = cavity.unit_cell().lattice.period
    reference = solve_periodic(
        cavity,
        (0.97 * wavelength[0], 1.03 * wavelength[1]),
        accuracy="reference",
        quality_factor_floor=30,
    )
    rows = []
    for symmetry, parity in classes:
        found = solve_periodic_fdtd(
            cavity,
            wavelength=wavelength,
            symmetry=[symmetry],
            parity=parity,
            quality_factor_floor=30,
            settings=FdtdSettings(resolutions=tuple(n / period for n in pixels)),
            options=options,
        )
        seconds = found.provenance["engine_time_s"]
        for mode in {mode.wavenumber: mode for mode in found}.values():
            exact = _partner(mode, reference)
            rows.append(_comparison(name, mode, exact, seconds))
            _print_comparison(rows[-1])
    return rows


def _partner(mode: Mode, reference: Iterable[Mode]) -> Mode:
    same = [
        one
        for one in reference
        if one.symmetry == mode.symmetry and one.polarization == mode.polarization
    ]
    return min(same, key=lambda one: abs(one.wavelength - mode.wavelength))


def _comparison(name: str, mode: Mode, exact: Mode, seconds: float) -> Row:
    finite = math.isfinite(mode.quality_factor)
    return {
        "cavity": name,
        "mode": f"{mode.polarization} {mode.symmetry}",
        "wavelength_um": mode.wavelength,
        "wavelength_error_um": mode.wavelength_error,
        "q": mode.quality_factor if finite else None,
        "q_error": mode.quality_factor_error,
        "fourier_modal_um": exact.wavelength,
        "fourier_modal_q": exact.quality_factor if finite else None,
        "fourier_modal_q_error": exact.quality_factor_error,
        "wavelength_difference": mode.wavelength / exact.wavelength - 1,
        "q_difference": mode.quality_factor / exact.quality_factor - 1 if finite else None,
        "rungs": mode.settings["rungs"],
        "seconds": seconds,
    }


def _print_comparison(row: Mapping[str, Any]) -> None:
    text = (
        f"{row['cavity']}, {row['mode']}: {1e3 * row['wavelength_um']:.3f} "
        f"+- {1e3 * row['wavelength_error_um']:.2f} nm, Fourier modal "
        f"{1e3 * row['fourier_modal_um']:.3f} nm ({100 * row['wavelength_difference']:+.3f} %)"
    )
    if row["q"] is not None:
        text += (
            f"; Q {row['q']:.1f} +- {100 * row['q_error']:.1f} %, {row['fourier_modal_q']:.1f} "
            f"({100 * row['q_difference']:+.1f} %)"
        )
    print(f"{text}; {row['seconds']:.0f} s of Meep", flush=True)


def crystal_modes(options: RunOptions) -> list[Row]:
    """Return the photonic crystal's modes by FDTD."""
    pixels = (12, 16, 20)
    even = [(name, "even") for name in ("A2", "B2", "E")]
    odd = [(name, "odd") for name in ("B1", "E")]
    rows = time_domain(
        "crystal in glass", photonic_crystal(), (0.565, 0.595), pixels, even, options
    )
    return rows + time_domain(
        "crystal in glass", photonic_crystal(), (0.56, 0.58), pixels, odd, options
    )


def nanopillar_modes(options: RunOptions) -> list[Row]:
    """Return the nanopillar array's modes by FDTD."""
    classes = [("A2", None), ("B2", None), ("E", None)]
    return time_domain("nanopillars", nanopillars(), (0.575, 0.605), (12, 16, 20), classes, options)


PARTS: Mapping[str, Callable[[RunOptions], list[Row]]] = {
    "documented_crystals": documented_crystals,
    "slab_edges": slab_edges,
    "crystal_modes": crystal_modes,
    "nanopillar_modes": nanopillar_modes,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure everything, print it and write engines_periodic.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--out", type=Path, default=Path("out/benchmarks"))
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    chosen = parser.parse_args(arguments)
    options = RunOptions(workspace=chosen.out / "engines")
    results: dict[str, Any] = {"machine": machine()}
    for name in chosen.only:
        print(f"\n{name}", flush=True)
        results[name] = PARTS[name](options)
        if not name.endswith("_modes"):
            for row in results[name]:
                print("  " + ", ".join(f"{key} {value}" for key, value in row.items()), flush=True)
    write_json(chosen.out / "engines_periodic.json", results)


if __name__ == "__main__":
    one_thread()
    main()
