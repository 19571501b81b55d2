"""One Meep run on one microdisk, in a process of its own: JSON in, JSON out.

    /usr/bin/python3 meep_microdisk_worker.py REQUEST.json RESULT.json

Depends on meep and numpy only: Debian's Meep needs another NumPy than ours, and importing it
changes the floating-point mode of the whole process. Lengths are in um, frequencies in c/um.

The disk 0 <= r <= radius, 0 <= z <= height stands on a substrate that fills z < 0. The run is
in cylindrical coordinates at one azimuthal order; a Gaussian pulse of E_r inside the rim (or of
E_z) excites both polarisations, harmonic inversion of the fields after the pulse gives the modes.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

COMPONENTS = ("Er", "Ez")


def main(request_path: str, result_path: str) -> None:
    """Run the request of one file and write the modes that it finds into another."""
    request = json.loads(Path(request_path).read_text())
    result = {"request": request, **solve(request)}
    partial = Path(result_path + ".partial")
    partial.write_text(json.dumps(result, indent=1))
    partial.replace(result_path)


def solve(request: dict[str, Any]) -> dict[str, Any]:
    """Run Meep once; return the modes by the field component they were seen in, and the cost."""
    import meep as mp

    mp.verbosity(0)
    wall, cpu = time.perf_counter(), time.process_time()
    simulation, monitors = build(mp, request)
    simulation.run(
        *(mp.after_sources(monitor) for monitor in monitors.values()),
        until_after_sources=request["ring_down"],
    )
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {
        "modes": {name: found(monitor) for name, monitor in monitors.items()},
        "wall_s": wall,
        "cpu_s": cpu,
        "time_steps": simulation.fields.t,
        "meep": mp.__version__,
        "threads": os.environ.get("OMP_NUM_THREADS", ""),
    }


def build(mp: Any, request: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Return the simulation and one harmonic inversion per field component.

    The cell is laid out in whole pixels: the rim, both faces of the disk and both ends of the
    cell lie on pixel boundaries at every resolution of the ladder.
    """
    radius, height = request["radius"], request["height"]
    padding, absorber = request["padding"], request["pml_thickness"]
    outer = radius + padding + absorber
    bottom, top = -(padding + absorber), height + padding + absorber
    middle = (bottom + top) / 2

    def block(low: float, high: float, reach: float, index: float) -> Any:
        return mp.Block(
            center=mp.Vector3(0, 0, (low + high) / 2 - middle),
            size=mp.Vector3(2 * reach, mp.inf, high - low),
            material=mp.Medium(index=index),
        )

    low, high = request["window"]
    centre, width = (1 / low + 1 / high) / 2, 1 / low - 1 / high
    # Twice the window: a short pulse leaves sooner, and time is what is measured here.
    pulse = mp.GaussianSource(centre, fwidth=2 * width)
    simulation = mp.Simulation(
        cell_size=mp.Vector3(outer, 0, top - bottom),
        dimensions=mp.CYLINDRICAL,
        m=request["azimuthal_order"],
        resolution=request["resolution"],
        Courant=request["courant"],
        boundary_layers=[mp.PML(absorber)],
        # The substrate reaches beyond the cell so that no face of it lies in the PML.
        geometry=[
            block(bottom - 10, 0, 2 * outer, request["substrate_index"]),
            block(0, height, radius, request["index"]),
        ],
        sources=[
            mp.Source(
                pulse,
                component=getattr(mp, request["source"]),
                center=mp.Vector3(0.9 * radius, 0, 0.4 * height - middle),
            )
        ],
    )
    probe = mp.Vector3(0.92 * radius, 0, 0.45 * height - middle)
    monitors = {name: mp.Harminv(getattr(mp, name), probe, centre, width) for name in COMPONENTS}
    return simulation, monitors


def found(monitor: Any) -> list[dict[str, float]]:
    """Return the modes of one harmonic inversion, strongest first."""
    modes = [
        {
            "wavelength": 1 / mode.freq,
            "quality_factor": mode.Q,
            "amplitude": abs(mode.amp),
            "error": abs(mode.err),
        }
        for mode in monitor.modes
        if mode.freq > 0
    ]
    return sorted(modes, key=lambda mode: -mode["amplitude"])


if __name__ == "__main__":
    main(*sys.argv[1:])
