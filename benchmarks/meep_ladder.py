"""Meep's ladder of resolutions on the microdisk; finished runs are kept and found again."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.convergence import Rung
from benchmarks.microdisk_case import (
    AZIMUTHAL_ORDER,
    HEIGHT,
    INDEX,
    MODES,
    RADIUS,
    SUBSTRATE_INDEX,
    WINDOW,
)

__all__ = ["MeepLadders", "meep_mode", "meep_rungs", "run_meep"]

WORKER = Path(__file__).with_name("meep_microdisk_worker.py")
MeepLadders = dict[float, list[dict[str, Any]]]
"""Runs by Courant number, from coarse to fine."""


def run_meep(resolution: float, courant: float, out: Path) -> dict[str, Any]:
    """Return one Meep run, from the output directory where it is already done.

    Args:
        resolution: pixels per um.
        courant: time step in units of the pixel (over c).
        out: directory of the finished runs.
    """
    request = {
        "radius": RADIUS,
        "height": HEIGHT,
        "index": INDEX,
        "substrate_index": SUBSTRATE_INDEX,
        "azimuthal_order": AZIMUTHAL_ORDER,
        "window": list(WINDOW),
        "padding": 0.5,
        "pml_thickness": 1.0,
        "ring_down": 50,
        "source": "Er",
        "resolution": resolution,
        "courant": courant,
    }
    name = f"resolution {resolution:g}, Courant {courant:g}"
    kept = out / f"microdisk_resolution_{resolution:g}_courant_{courant:g}.json"
    if kept.exists():
        result: dict[str, Any] = json.loads(kept.read_text())
        if result["request"] == request:
            print(f"Meep, {name}: {result['cpu_s']:.1f} s, kept from {kept}")
            return result
    kept.parent.mkdir(parents=True, exist_ok=True)
    question = kept.with_suffix(".request")
    question.write_text(json.dumps(request))
    command = [meep_python(), str(WORKER), str(question), str(kept)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    question.unlink()
    result = json.loads(kept.read_text())
    print(f"Meep, {name}: {result['cpu_s']:.1f} s", flush=True)
    return result


def meep_python() -> str:
    """Return the interpreter that has Meep."""
    from studies.doctor import diagnose

    engine = next(engine for engine in diagnose() if engine.name == "meep")
    if not engine.found:
        raise SystemExit(f"Meep: not found ({engine.problem}); install it: {engine.install}")
    return engine.where


def meep_mode(run: dict[str, Any], name: str) -> dict[str, float]:
    """Return a mode of a run: the strongest one in E_z near the place where it should be."""
    near: list[dict[str, float]] = [
        mode for mode in run["modes"]["Ez"] if abs(mode["wavelength"] - MODES[name]) < 5e-3
    ]
    if not near:
        raise SystemExit(f"Meep saw no {name} mode near {MODES[name]} um; raise the resolution")
    return near[0]


def meep_rungs(runs: Sequence[dict[str, Any]], name: str) -> list[Rung]:
    """Return the ladder of one mode's wavelength (um) against processor time (s)."""
    return [
        Rung(
            spacing=1 / run["request"]["resolution"],
            value=meep_mode(run, name)["wavelength"],
            cost_s=run["cpu_s"],
        )
        for run in runs
    ]
