"""Spectra of multilayers beside `tmm` and `tmm_fast`: time, memory, accuracy, scaling.

Needs `tmm`, and for the second comparison `tmm_fast` with PyTorch (CPU). What is missing is left
out and said so.
"""

from __future__ import annotations

import importlib
import math
import sys
import tracemalloc
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import (
    machine,
    measured,
    one_thread,
    write_json,
)
from solvers.multilayer import StackArrays, spectrum

__all__ = ["main"]

Case = tuple[StackArrays, NDArray[np.float64], NDArray[np.float64], tuple[str, ...]]

LAYERS = 30
TMM_POINTS = 600
# Operations of the inner loop per layer and point: the layer (wave number, tangent counted as 20,
# sine and cosine, entries), and each polarisation (four complex products, two complex sums).
LAYER_FLOP, TE_FLOP, TM_FLOP = 34, 28, 40


def angle_map(
    *, angles: int = 200, wavelengths: int = 500, layers: int = LAYERS, lossy: bool = False
) -> Case:
    """A dispersive mirror of `layers` layers, both polarisations."""
    x = np.linspace(0.5, 0.8, wavelengths).reshape(1, 1, -1)
    high = (2.3 + 0.02 / x**2) ** 2
    low = (1.46 + 0.004 / x**2) ** 2
    pair: list[NDArray[Any]] = [high, low]
    if lossy:
        pair = [high * (1 + 1e-4j), low * (1 + 1e-5j)]
    media = [np.full((1, 1, 1), 2.25), *(pair[i % 2] for i in range(layers)), np.ones((1, 1, 1))]
    thick = np.array([[(0.066, 0.104)[i % 2] for i in range(layers)]])
    arrays = StackArrays(
        permittivity=tuple(media), thickness=thick, names=("m",) * layers, batched=False
    )
    return arrays, x.ravel(), np.linspace(0, 80, angles), ("TE", "TM")


def random_stacks(
    *, stacks: int = 1000, wavelengths: int = 500, layers: int = LAYERS, lossy: bool = False
) -> Case:
    """Random stacks at normal incidence: every layer different, none computed twice."""
    rng = np.random.default_rng(1)
    media: list[NDArray[Any]] = []
    for _ in range(layers):
        index = rng.uniform(1.4, 2.6, (stacks, 1, 1))
        media.append(index**2 if not lossy else (index + 1e-3j) ** 2)
    ends = np.full((1, 1, 1), 2.25), np.ones((1, 1, 1))
    arrays = StackArrays(
        permittivity=(ends[0], *media, ends[1]),
        thickness=rng.uniform(0.03, 0.2, (stacks, layers)),
        names=("r",) * layers,
        batched=True,
    )
    return arrays, np.linspace(0.5, 0.8, wavelengths), np.zeros(1), ("TE",)


CASES: dict[str, Callable[..., Case]] = {"angle map": angle_map, "random stacks": random_stacks}


def ours(case: Case) -> NDArray[np.float64]:
    """Return R of shape (P, S, A, W)."""
    arrays, waves, angles, names = case
    found = spectrum(
        arrays, waves, angle_deg=angles, polarization=names, absorption=False, check_gain=False
    )
    return found.reflectance.reshape(len(names), arrays.count, len(angles), len(waves))


def from_top(case: Case) -> tuple[NDArray[np.complex128], NDArray[np.float64]]:
    """Return indices (S, L + 2, W) and thicknesses (S, L) in the order that the light passes."""
    arrays, waves, _, _ = case
    shape = (arrays.count, 1, len(waves))
    index = np.concatenate([np.broadcast_to(e, shape) for e in arrays.permittivity[::-1]], axis=1)
    thick = np.broadcast_to(arrays.thickness, (arrays.count, arrays.thickness.shape[1]))
    return np.sqrt(index.astype(np.complex128)), thick[:, ::-1]


def beside_tmm(case: Case, reflectance: NDArray[np.float64]) -> dict[str, float] | None:
    """Return the time of `tmm` per point and the largest difference, on a sample of points."""
    try:
        tmm = importlib.import_module("tmm")
    except ImportError:
        return None
    _, waves, angles, names = case
    index, thick = from_top(case)
    rng = np.random.default_rng(2)
    places = [tuple(int(rng.integers(n)) for n in reflectance.shape) for _ in range(TMM_POINTS)]

    def run() -> list[float]:
        return [
            tmm.coh_tmm(
                "s" if names[p] == "TE" else "p",
                index[s, :, w],
                [np.inf, *thick[s], np.inf],
                math.radians(angles[a]),
                waves[w],
            )["R"]
            for p, s, a, w in places
        ]

    done = measured(run)
    difference = max(abs(reflectance[at] - r) for at, r in zip(places, done.value, strict=True))
    return {"s_per_point": done.cpu_s / TMM_POINTS, "difference": float(difference)}


def beside_tmm_fast(case: Case, reflectance: NDArray[np.float64]) -> dict[str, float] | None:
    """Return the time of `tmm_fast` per point on one thread, in blocks that fit in memory."""
    try:
        torch = importlib.import_module("torch")
        fast = importlib.import_module("tmm_fast")
    except ImportError:
        return None
    torch.set_num_threads(1)
    _, waves, angles, names = case
    index, thick = from_top(case)
    ends = np.full((len(thick), 1), np.inf)
    depth = np.concatenate([ends, thick, ends], axis=1)
    block = max(1, 50_000 // (len(waves) * len(angles)))
    tilt = np.radians(angles)

    def run() -> NDArray[np.float64]:
        rows = []
        for name in names:
            parts = [
                fast.coh_tmm(
                    "s" if name == "TE" else "p", index[i : i + block], depth[i : i + block], tilt,
                    waves,
                )["R"]
                for i in range(0, len(thick), block)
            ]  # fmt: skip
            rows.append(np.concatenate([np.asarray(part) for part in parts]))
        return np.array(rows)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        done = measured(run)
    return {
        "s_per_point": done.cpu_s / reflectance.size,
        "difference": float(np.abs(done.value - reflectance).max()),
    }


def compare(name: str, *, lossy: bool, repeats: int = 3) -> dict[str, Any]:
    """Return times per point (s) of all three on one case, and how they agree."""
    case = CASES[name](lossy=lossy)
    ours(case)
    done = measured(lambda: ours(case), repeats=repeats)
    per_point = done.cpu_s / done.value.size
    row: dict[str, Any] = {
        "case": name,
        "lossy": lossy,
        "points": done.value.size,
        "layers": LAYERS,
        "s": done.cpu_s,
        "s_per_point": per_point,
        "ns_per_layer_and_point": 1e9 * per_point / LAYERS,
        "tmm": beside_tmm(case, done.value),
        "tmm_fast": beside_tmm_fast(case, done.value),
    }
    for other in ("tmm", "tmm_fast"):
        if row[other] is not None:
            row[f"times_faster_than_{other}"] = row[other]["s_per_point"] / per_point
    return row


def memory(angles: int) -> dict[str, float]:
    """Return the peak memory (MB) of a spectrum, and what of it is not the result."""
    case = angle_map(angles=angles)
    arrays, waves, tilts, names = case
    ours(angle_map(angles=2))
    tracemalloc.start()
    found = spectrum(arrays, waves, angle_deg=tilts, polarization=names, absorption=False)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    kept = sum(a.nbytes for a in (found.r, found.t, found.reflectance, found.transmittance)) / 1e6
    return {"points": found.r.size, "result_mb": kept, "beyond_mb": peak - kept}


def scaling() -> dict[str, list[dict[str, float]]]:
    """Return time over the number of layers and over the number of points."""
    layers, points = [], []
    for count in (3, 10, 30, 100, 300):
        case = angle_map(angles=20, layers=count)
        done = measured(lambda case=case: ours(case), repeats=3)  # type: ignore[misc]
        per = 1e9 * done.cpu_s / done.value.size / count
        layers.append({"layers": count, "ns_per_layer_and_point": per})
    for angles in (1, 4, 20, 100, 400):
        case = angle_map(angles=angles)
        done = measured(lambda case=case: ours(case), repeats=3)  # type: ignore[misc]
        per = 1e9 * done.cpu_s / done.value.size / LAYERS
        points.append({"points": done.value.size, "ns_per_layer_and_point": per})
    return {"layers": layers, "points": points}


def arithmetic(row: dict[str, Any]) -> dict[str, float]:
    """Return the inner loop's rate beside that of a matrix product on the same thread (Gflop/s)."""
    a = np.random.default_rng(0).random((1500, 1500))
    _ = a @ a
    done = measured(lambda: a @ a, repeats=3)
    peak = 2 * 1500**3 / done.wall_s / 1e9
    polarizations = 2 if row["case"] == "angle map" else 1
    flop = LAYER_FLOP / polarizations + (TE_FLOP + (TM_FLOP if polarizations == 2 else 0)) / (
        polarizations
    )
    rate = flop / row["ns_per_layer_and_point"]
    return {"gflop_per_s": rate, "matrix_product_gflop_per_s": peak, "fraction": rate / peak}


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), default="out/benchmarks")
def main(output: Path) -> None:
    """Measure everything and write OUTPUT/multilayer_spectra.json."""
    rows = [compare(name, lossy=lossy) for name in CASES for lossy in (False, True)]
    print(f"{'case':28s} {'us/point':>9s} {'ns/layer':>9s} {'x tmm':>8s} {'x tmm_fast':>11s}")
    for row in rows:
        label = f"{row['case']}{', absorbing' if row['lossy'] else ''}"
        ratios = [row.get(f"times_faster_than_{o}", math.nan) for o in ("tmm", "tmm_fast")]
        print(
            f"{label:28s} {1e6 * row['s_per_point']:9.3f} {row['ns_per_layer_and_point']:9.2f} "
            f"{ratios[0]:8.0f} {ratios[1]:11.1f}"
        )
        print(
            "    largest difference in R: "
            + ", ".join(f"{o} {row[o]['difference']:.1e}" for o in ("tmm", "tmm_fast") if row[o])
        )
    used = [memory(angles) for angles in (50, 200, 800)]
    for entry in used:
        print(
            f"{entry['points']:9.0f} points: result {entry['result_mb']:6.1f} MB, "
            f"beyond it {entry['beyond_mb']:5.1f} MB"
        )
    cost = scaling()
    for axis, entries in cost.items():
        text = ", ".join(f"{e[axis]:.0f}: {e['ns_per_layer_and_point']:.2f}" for e in entries)
        print(f"ns per layer and point over {axis}: {text}")
    rate = {f"{r['case']}, lossy {r['lossy']}": arithmetic(r) for r in rows}
    for name, entry in rate.items():
        print(f"{name}: {entry['gflop_per_s']:.1f} Gflop/s, {entry['fraction']:.0%} of dgemm")
    content = {"machine": machine(), "speed": rows, "memory": used, "scaling": cost, "rate": rate}
    write_json(output / "multilayer_spectra.json", content)


if __name__ == "__main__":
    one_thread()
    sys.exit(main())
