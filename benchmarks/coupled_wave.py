"""Coupled-wave theory: time of the constants and of finite spectra, accuracy beside full vector.

python -m benchmarks.coupled_wave -o out/benchmarks
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measure import machine, measured, one_thread, peak_memory_mb, write_json

LENGTHS = (50.0, 100.0, 200.0, 400.0, 1000.0)
TRUNCATIONS = (5, 10, 20, 30)


def structures() -> dict[str, tuple[Any, tuple[float, float]]]:
    """Return cavities and windows around their TE band edges (um)."""
    from cavities.periodic_presets import hsu_slab, infilled_slab, pcsel_sin_quantum_shells

    return {
        "infilled slab, 1.9 in 2.0": (infilled_slab(), (0.68, 0.69)),
        "SiN and quantum shells": (pcsel_sin_quantum_shells(), (0.698, 0.708)),
        "slab 2.02 in 1.46": (hsu_slab(), (0.565, 0.595)),
    }


def accuracy() -> list[dict[str, Any]]:
    """Return band edges of both theories and the time of each (s, processor)."""
    from solvers.coupled_wave import beside_full_vector, coupling
    from solvers.fourier_modal import solve_periodic

    rows = []
    for name, (cavity, window) in structures().items():
        ours = measured(partial(coupling, cavity), repeats=3)
        full = measured(partial(solve_periodic, cavity, window), repeats=1)
        beside = beside_full_vector(ours.value, full.value)
        rows.append(
            {
                "structure": name,
                "coupling_s": ours.cpu_s,
                "full_vector_s": full.cpu_s,
                "wavelength_difference_nm": beside.wavelength_differences_nm,
                "q_ratio": {k: v for k, v in beside.quality_ratios.items() if v == v},
                "table": beside.report(),
            }
        )
    return rows


def truncations() -> list[dict[str, float]]:
    """Return wavelength of every band edge (nm) and time over the truncation."""
    from solvers.coupled_wave import coupling

    cavity = structures()["infilled slab, 1.9 in 2.0"][0]
    rows = []
    for count in TRUNCATIONS:
        done = measured(partial(coupling, cavity, truncation=count), repeats=3)
        edges = {f"{e.name}_nm": 1e3 * e.wavelength for e in done.value.band_edges}
        rows.append({"truncation": count, "s": done.cpu_s, **edges})
    return rows


def sizes() -> list[dict[str, float]]:
    """Return alpha L of A, B and C and the time over the size."""
    from solvers.coupled_wave import coupling, finite_spectrum

    found = coupling(structures()["infilled slab, 1.9 in 2.0"][0])
    rows = []
    for length in LENGTHS:
        done = measured(partial(finite_spectrum, found, length), repeats=2)
        spectrum = done.value
        row = {"length_um": length, "s": done.cpu_s, "nodes": float(spectrum.nodes)}
        row |= {f"alpha_l_{name}": spectrum.of(name).alpha_l for name in "ABC"}
        rows.append(row)
    return rows


def grids() -> list[dict[str, float]]:
    """Return alpha L of the lowest mode at L = 200 um and the time over the grid."""
    from solvers.coupled_wave import coupling, finite_spectrum

    found = coupling(structures()["infilled slab, 1.9 in 2.0"][0])
    rows = []
    for nodes in (8, 10, 12, 14, 18):
        done = measured(partial(finite_spectrum, found, 200, nodes=nodes), repeats=1)
        rows.append({"nodes": nodes, "s": done.cpu_s, "alpha_l": done.value.of("B").alpha_l})
    return rows


def _table(title: str, rows: list[dict[str, float]]) -> None:
    print(f"\n{title}")
    print("  ".join(f"{name:>12s}" for name in rows[0]))
    for row in rows:
        print("  ".join(f"{value:12.6g}" for value in row.values()))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure everything and write OUTPUT/coupled_wave.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=Path("out/benchmarks"))
    options = parser.parse_args(arguments)
    rows = accuracy()
    for row in rows:
        print(f"\n{row['structure']}: coupling {row['coupling_s']:.3f} s, "
              f"full vector {row['full_vector_s']:.2f} s\n{row['table']}")  # fmt: skip
    tables: dict[str, Callable[[], list[dict[str, float]]]] = {
        "truncation": truncations,
        "size": sizes,
        "grid": grids,
    }
    content: dict[str, Any] = {"machine": machine(), "accuracy": rows}
    for name, make in tables.items():
        content[name] = make()
        _table(name, content[name])
    content["peak_memory_mb"] = peak_memory_mb()
    print(f"\npeak memory {content['peak_memory_mb']:.0f} MB")
    write_json(options.output / "coupled_wave.json", content)


if __name__ == "__main__":
    one_thread()
    main()
