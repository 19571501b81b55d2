"""The Fourier modal solver against finite elements in the unit cell, structure by structure.

Two methods that share only the cavity: every mode of a window by both, side by side, with the
errors that both claim.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from benchmarks.measure import (
    in_fresh_process,
    machine,
    measured,
    one_thread,
    peak_memory_mb,
    write_json,
)
from cavities import hsu_slab, infilled_slab, nanopillar_quantum_shells
from cavities.body_of_revolution import Layer
from cavities.cell_shape import Circle, Polygon
from cavities.lattice import Lattice
from cavities.material import Material
from cavities.periodic_stack import Inclusion, PatternedLayer, PeriodicStack
from solvers import Mode, ModeSet
from solvers.fourier_modal import PeriodicSettings, solve_periodic
from solvers.unit_cell_fem import UnitCellSettings, solve_unit_cell

__all__ = ["Case", "cases", "main", "pairs", "solved"]

DARK = 1e6


@dataclass(frozen=True, kw_only=True)
class Case:
    """A structure, its window (um), and how far the methods may be apart (nm or relative)."""

    name: str
    stack: PeriodicStack
    window: tuple[float, float]
    floor: float
    wavelength_limit: float
    quality_limit: float
    mesh_size: float = 0.7


def cases() -> list[Case]:
    """Return the structures of the comparison."""
    air = Material.constant(1.0)
    hole = Inclusion(shape=Circle(radius=0.16), material=air, name="hole")
    membrane = PatternedLayer(name="slab", material=3.48, thickness=0.22, inclusions=(hole,))
    silicon = PeriodicStack(
        lattice=Lattice.square(0.68), substrate=1.45, layers=(membrane,), superstrate=air
    )
    triangle = Inclusion(shape=Polygon.regular(3, 0.13), material=air, name="hole")
    core = Material.constant(2.5)
    etched = PatternedLayer(name="core", material=core, thickness=0.08, inclusions=(triangle,))
    partial = PeriodicStack(
        lattice=Lattice.square(0.38),
        substrate=1.45,
        layers=(Layer(name="core", material=core, thickness=0.10), etched),
        superstrate=air,
    )
    glass = hsu_slab().unit_cell()
    low = {"wavelength_limit": 2e-5, "quality_limit": 0.02}
    high = {"wavelength_limit": 5e-4, "quality_limit": 0.08}
    pillars = nanopillar_quantum_shells(0.335, residual_oxide=0.2).unit_cell()
    covered = infilled_slab().unit_cell()
    return [
        Case(name="slab in glass", stack=glass, window=(0.54, 0.60), floor=100, **low),
        Case(name="covered slab", stack=covered, window=(0.65, 0.69), floor=100, **low),
        Case(name="silicon slab", stack=silicon, window=(1.55, 1.70), floor=30, **high),
        Case(name="triangles, partial etch", stack=partial, window=(0.58, 0.60), floor=100, **high),
        Case(name="pillars on silicon", stack=pillars, window=(0.575, 0.60), floor=100, **high),
    ]


def solved(number: int, order: int) -> dict[str, Any]:
    """Return one case by the witness: modes as rows, time (s) and peak memory (MB)."""
    case = cases()[number]
    settings = UnitCellSettings(order=order, mesh_size=case.mesh_size)
    done = measured(
        lambda: solve_unit_cell(
            case.stack, case.window, quality_factor_floor=case.floor, settings=settings
        )
    )
    return {
        "modes": [_row(mode) for mode in done.value],
        "elements": done.value.provenance["elements"],
        "unknowns": max((mode.settings["unknowns"] for mode in done.value), default=0),
        "warnings": list(done.value.provenance["warnings"]),
        "wall_s": done.wall_s,
        "cpu_s": done.cpu_s,
        "peak_mb": peak_memory_mb(),
    }


def fourier_modes(case: Case, orders: int) -> ModeSet:
    """Return the modes of a case by the Fourier modal method."""
    settings = PeriodicSettings(orders=orders, search_orders=121)
    return solve_periodic(
        case.stack, case.window, quality_factor_floor=case.floor, settings=settings
    )


def _row(mode: Mode) -> dict[str, Any]:
    return {
        "polarization": mode.polarization,
        "symmetry": mode.symmetry,
        "wavelength": mode.wavelength,
        "q": mode.quality_factor if math.isfinite(mode.quality_factor) else 1e99,
        "wavelength_error": mode.wavelength_error,
        "q_error": mode.quality_factor_error,
    }


def pairs(
    ours: list[dict[str, Any]], witness: list[dict[str, Any]]
) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Return each of our modes with the nearest unused one of its polarisation."""
    left = list(witness)
    found = []
    for mode in ours:
        same = [one for one in left if one["polarization"] == mode["polarization"]]
        near = min(same, key=lambda one: abs(one["wavelength"] - mode["wavelength"]), default=None)
        if near is not None:
            left.remove(near)
        found.append((mode, near))
    return found


def compare(case: Case, ours: list[dict[str, Any]], witness: dict[str, Any]) -> bool:
    """Print the modes of both side by side; return whether all are within the limits."""
    print(
        f"\n{case.name}: {witness['elements']} elements, {witness['unknowns']} unknowns, "
        f"{witness['cpu_s']:.0f} s CPU, {witness['peak_mb']:.0f} MB"
    )
    for text in witness["warnings"]:
        print(f"  warning: {text}")
    within = len(ours) == len(witness["modes"])
    if not within:
        print(f"  {len(ours)} modes here, {len(witness['modes'])} there")
    for mode, other in pairs(ours, witness["modes"]):
        if other is None:
            print(f"  {mode['polarization']} {1e3 * mode['wavelength']:.3f} nm has no partner")
            continue
        apart = other["wavelength"] / mode["wavelength"] - 1
        dark = mode["q"] > DARK
        q_apart = 0.0 if dark else other["q"] / mode["q"] - 1
        claimed = mode["wavelength_error"] + other["wavelength_error"]
        covered = abs(other["wavelength"] - mode["wavelength"]) <= claimed
        good = abs(apart) <= case.wavelength_limit and abs(q_apart) <= case.quality_limit
        good = good and (not dark or other["q"] > 1e5)
        within = within and good
        print(
            f"  {mode['polarization']} {mode['symmetry'] or '':3s} "
            f"{1e3 * mode['wavelength']:.4f} / {mode['q']:.5g}   "
            f"{1e3 * other['wavelength']:.4f} / {other['q']:.5g}   "
            f"{1e3 * (other['wavelength'] - mode['wavelength']):+.4f} nm ({apart:+.1e}), "
            f"Q {100 * q_apart:+.2f} %, within limits: {good}, claimed errors cover: {covered}"
        )
    return within


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), default="out/benchmarks")
@click.option("--order", type=click.IntRange(4, 7), default=5, help="Order of the elements.")
@click.option("--orders", type=int, default=841, help="Plane waves of the Fourier method.")
@click.option("--only", type=click.IntRange(0, 4), multiple=True, help="Cases, counted from 0.")
def main(output: Path, order: int, orders: int, only: tuple[int, ...]) -> None:
    """Solve every structure both ways and write OUTPUT/periodic_witness.json."""
    rows = []
    for number, case in enumerate(cases()):
        if only and number not in only:
            continue
        ours = [_row(mode) for mode in fourier_modes(case, orders)]
        witness = in_fresh_process("benchmarks.periodic_witness:solved", number, order)
        within = compare(case, ours, witness)
        rows.append({"case": case.name, "ours": ours, "witness": witness, "within": within})
    write_json(output / "periodic_witness.json", {"machine": machine(), "cases": rows})


if __name__ == "__main__":
    one_thread()
    sys.exit(main())
