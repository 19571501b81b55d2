"""MPB worker: one input directory in, one output directory out; runs in MPB's interpreter.

A program of its own that needs only meep.mpb and NumPy (h5py where it is there):

    /usr/bin/python3 mpb_worker.py INPUT_DIRECTORY OUTPUT_DIRECTORY [--watch]

`job.json` is written by `solvers.band_structure.job`. Lengths are in the job's unit, coordinates
Cartesian, frequencies in c/unit, Bloch vectors in the basis of the reciprocal lattice. Progress
lines on stdout are JSON after "LASEWRIGHT ". With --watch the worker leaves when its standard input
closes, that is, when the process that started it is gone.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

ENDLESS = 1e20
PARITIES = {
    "none": "NO_PARITY",
    "TE": "TE",
    "TM": "TM",
    "even-z": "EVEN_Z",
    "odd-z": "ODD_Z",
}


def main(input_directory: str, output_directory: str, watch: str = "") -> None:
    """Run one job; write result.json last, so that it is there only when all else is."""
    if watch:
        threading.Thread(target=leave_with_parent, daemon=True).start()
    started = time.perf_counter()
    job = json.loads((Path(input_directory) / "job.json").read_text())
    out = Path(output_directory)
    out.mkdir(parents=True, exist_ok=True)
    arrays, facts = solve(job)
    name = write_arrays(out, arrays)
    report = {
        **facts,
        "wall_s": time.perf_counter() - started,
        "files": {name: (out / name).stat().st_size},
    }
    partial = out / "result.json.partial"
    partial.write_text(json.dumps(report, indent=1))
    partial.replace(out / "result.json")


def leave_with_parent() -> None:
    """End this process when nobody holds the other end of its standard input any more."""
    while os.read(0, 4096):
        pass
    os._exit(3)


def solve(job: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the arrays of all bands and Bloch vectors, and the facts of the run."""
    with warnings.catch_warnings():
        # numpy reports the flushing of denormals that importing Meep switches on
        warnings.simplefilter("ignore")
        import meep as mp
        from meep import mpb
    mp.verbosity(0)
    solver = build(mp, mpb, job)
    found = Collector(mp, solver, job)
    solver.run_parity(getattr(mp, PARITIES[job["parity"]]), True, lambda _: found.collect())
    arrays = {name: np.array(values) for name, values in found.rows.items()}
    for name, values in arrays.items():
        if not np.all(np.isfinite(values)):
            raise FloatingPointError(f"{name}: not finite (NaN)")
    arrays.update(found.extra)
    arrays["epsilon"] = np.array(solver.get_epsilon())
    facts = {
        "meep": mp.__version__,
        "numpy": np.__version__,
        "grid": [int(n) for n in arrays["epsilon"].shape],
        "iterations": [float(n) for n in solver.eigensolver_iters],
    }
    return arrays, facts


def build(mp: Any, mpb: Any, job: dict[str, Any]) -> Any:
    """Return the ModeSolver of a job."""
    vectors = np.array(job["vectors"], dtype=float)
    lengths = np.linalg.norm(vectors, axis=1)
    unit = vectors / lengths[:, None]
    size = [n if on else 0 for n, on in zip(lengths, job["periodic"], strict=True)]
    lattice = mp.Lattice(
        size=mp.Vector3(*size),
        basis1=mp.Vector3(*unit[0]),
        basis2=mp.Vector3(*unit[1]),
        basis3=mp.Vector3(*unit[2]),
    )
    inverse = np.linalg.inv(unit)
    return mpb.ModeSolver(
        resolution=mp.Vector3(*job["resolution"]),
        mesh_size=job["mesh_size"],
        tolerance=job["tolerance"],
        num_bands=job["bands"],
        k_points=[mp.Vector3(*k) for k in job["k_points"]],
        geometry_lattice=lattice,
        geometry=[shape(mp, one, inverse) for one in job["objects"]],
        default_material=mp.Medium(epsilon=job["background"]),
        deterministic=True,
        # all bands together: in separate blocks the first one can miss a band of the second
        eigensolver_block_size=0,
    )


def shape(mp: Any, one: dict[str, Any], inverse: Any) -> Any:
    """Return one object; MPB takes positions in the basis of the lattice, of unit vectors."""

    def position(x: float, y: float, z: float) -> Any:
        return mp.Vector3(*(np.array([x, y, z]) @ inverse))

    kind, medium = one["kind"], mp.Medium(epsilon=one["epsilon"])
    endless = one.get("height") is None
    if kind == "cylinder":
        height = ENDLESS if endless else one["height"]
        center = position(*one["center"])
        return mp.Cylinder(center=center, radius=one["radius"], height=height, material=medium)
    if kind == "sphere":
        return mp.Sphere(center=position(*one["center"]), radius=one["radius"], material=medium)
    if kind == "layer":
        size, center = [ENDLESS] * 3, [0.0] * 3
        size[one["axis"]], center[one["axis"]] = one["thickness"], one["middle"]
        return mp.Block(center=mp.Vector3(*center), size=mp.Vector3(*size), material=medium)
    if kind == "prism":
        # MPB tests prisms in lattice coordinates: the corners have to be given in these
        bottom, height = (-1.0, 2.0) if endless else (one["bottom"], one["height"])
        corners = [position(x, y, bottom) for x, y in one["corners"]]
        return mp.Prism(corners, height=height, material=medium)
    raise ValueError(f"object kind {kind!r} is unknown to this worker")


class Collector:
    """Takes what the job asks for from the solver after each Bloch vector.

    `rows` holds one entry per Bloch vector, `extra` what only some of them have.
    """

    def __init__(self, mp: Any, solver: Any, job: dict[str, Any]) -> None:
        """Start with nothing."""
        self.mp, self.solver, self.job = mp, solver, job
        self.bands = range(1, job["bands"] + 1)
        self.rows: dict[str, list[Any]] = {"frequency": [], "axial_share": []}
        if job["group_velocity"]:
            self.rows["group_velocity"] = []
        if job["profile"]:
            self.rows["profile"] = []
        self.extra: dict[str, Any] = {}
        self.index = 0
        self.begun = time.perf_counter()

    def collect(self) -> None:
        """Collect the Bloch vector that was solved last, and report progress."""
        solver = self.solver
        self.rows["frequency"].append([float(f) for f in solver.freqs])
        if self.job["group_velocity"]:
            self.rows["group_velocity"].append(self.velocities())
        shares, profiles = [], []
        for band in self.bands:
            solver.get_dfield(band, False)
            # total, then the shares of the real and imaginary parts of D_x, D_y, D_z
            share = float(sum(solver.compute_field_energy()[5:7]))
            shares.append(share if np.isfinite(share) else 0.0)
            if self.job["profile"]:
                density = np.array(solver.get_dpwr(band)).sum(axis=(0, 1))
                # the static fields at Gamma have no energy that MPB knows of
                total = density.sum()
                profiles.append(density / total if total else 0 * density)
        self.rows["axial_share"].append(shares)
        if self.job["profile"]:
            self.rows["profile"].append(profiles)
        operations = self.job["operations"].get(str(self.index))
        if operations:
            self.extra[f"overlaps_{self.index}"] = self.overlaps(operations)
        for index, band in self.job["fields"]:
            if index == self.index:
                self.take_field(band)
        self.index += 1
        total = len(self.job["k_points"])
        left = (time.perf_counter() - self.begun) / self.index * (total - self.index)
        facts = {"done": self.index, "expected": total, "seconds_left": left}
        sys.stdout.write("LASEWRIGHT " + json.dumps(facts) + "\n")
        sys.stdout.flush()

    def velocities(self) -> Any:
        """Return the group velocities (bands, 3), Cartesian, in units of c."""
        vectors = np.array(self.job["vectors"], dtype=float)
        found = np.zeros((len(self.bands), 3))
        for axis in range(3):
            if any(vectors[i][axis] for i in range(3) if self.job["periodic"][i]):
                # the Cartesian direction in the basis of the reciprocal vectors
                along = self.mp.Vector3(*vectors[:, axis])
                found[:, axis] = self.solver.compute_group_velocity_component(along)
        return found

    def overlaps(self, operations: Any) -> Any:
        """Return <field | O field> of every operation and band, complex (operations, bands)."""
        mp, solver = self.mp, self.solver
        values = np.zeros((len(operations), len(self.bands)), dtype=complex)
        for band in self.bands:
            solver.get_bfield(band, False)
            for row, columns in enumerate(operations):
                turned = mp.Matrix(*(mp.Vector3(*column) for column in columns))
                values[row, band - 1] = solver.transformed_overlap(turned, mp.Vector3())
        return values

    def take_field(self, band: int) -> None:
        """Keep E and H of one band without the Bloch phase factor, (nx, ny[, nz], 3) each."""
        for name, get in (("E", self.solver.get_efield), ("H", self.solver.get_hfield)):
            self.extra[f"{name}_{self.index}_{band}"] = np.array(get(band, False))


def write_arrays(out: Path, arrays: dict[str, Any]) -> str:
    """Write the arrays to arrays.h5, or arrays.npz without h5py; return the file's name."""
    try:
        import h5py
    except ImportError:
        np.savez(out / "arrays.npz", **arrays)
        return "arrays.npz"
    with h5py.File(out / "arrays.h5", "w") as file:
        for name, values in arrays.items():
            file[name] = values
    return "arrays.h5"


if __name__ == "__main__":
    main(*sys.argv[1:])
