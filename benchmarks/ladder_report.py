"""Two ladders side by side: the tables, the times to reach an accuracy, the picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.convergence import Reach, extrapolate, time_to_reach
from benchmarks.meep_ladder import MeepLadders, meep_mode, meep_rungs
from benchmarks.microdisk_case import MODES, TOLERANCES

__all__ = ["compare", "draw", "print_meep", "print_ours"]

BOTH = "both"


def print_meep(ladders: MeepLadders) -> None:
    """Print every Meep run and the Richardson limit of each ladder."""
    print("\nMeep, cylindrical          E_z-like nm       Q   E_r-like nm       Q     CPU s")
    for courant, runs in ladders.items():
        for run in runs:
            name = f"Courant {courant:g}, res {run['request']['resolution']:g}"
            _row(name, [meep_mode(run, mode) for mode in MODES], run["cpu_s"])
        for mode in MODES:
            limit = extrapolate(meep_rungs(runs, mode))
            value, uncertainty = 1e3 * limit.value, 1e3 * limit.uncertainty
            print(f"  Courant {courant:g}, limit: {mode} {value:.4f} +- {uncertainty:.4f} nm")


def print_ours(ours: dict[str, Any]) -> None:
    """Print every run of our solver and its reference."""
    print("\nOurs                       E_z-like nm       Q   E_r-like nm       Q     CPU s")
    for rung in ours["rungs"]:
        name = f"p = {rung['order']}"
        _row(name, [rung[mode] for mode in MODES], rung["cpu_s"])
    _row("reference", [ours["reference"][mode] for mode in MODES], float("nan"))


def _row(name: str, modes: list[dict[str, float]], cpu_s: float) -> None:
    cells = (f"{1e3 * mode['wavelength']:12.4f} {mode['quality_factor']:8.2f}" for mode in modes)
    print(f"  {name:23} {' '.join(cells)} {cpu_s:10.3f}")


def compare(ladders: MeepLadders, ours: dict[str, Any]) -> list[dict[str, Any]]:
    """Print and return the time that both need for each accuracy, mode by mode and for both.

    Our time is always that of runs that have both modes.
    """
    truth = {mode: ours["reference"][mode]["wavelength"] for mode in MODES}
    rows = []
    print("\naccuracy  mode        Meep s   at                          ours s   at         ratio")
    for tolerance in TOLERANCES:
        our_s, our_at = our_reach(ours, tolerance)
        for courant, runs in ladders.items():
            reaches = {m: time_to_reach(meep_rungs(runs, m), tolerance, truth[m]) for m in MODES}
            reaches[BOTH] = max(reaches.values(), key=lambda reach: reach.cost_s)
            for mode, reach in reaches.items():
                rows.append(_comparison(tolerance, mode, courant, reach, our_s))
                where = f"res {1 / reach.spacing:.0f}, Courant {courant:g}"
                star = " " if reach.measured else "*"
                print(
                    f"{tolerance:8.0e}  {mode:9} {reach.cost_s:8.1f}{star}  {where:26}"
                    f" {our_s:7.3f}   {our_at:9} {reach.cost_s / our_s:6.0f}"
                )
    print("* beyond the finest resolution that was run")
    for courant, runs in ladders.items():
        for mode in MODES:
            limit = extrapolate(meep_rungs(runs, mode))
            print(
                f"{mode}: Meep's limit (Courant {courant:g}) from ours "
                f"{limit.value / truth[mode] - 1:+.1e} (+- {limit.uncertainty / truth[mode]:.1e})"
            )
    return rows


def _comparison(
    tolerance: float, mode: str, courant: float, reach: Reach, our_s: float
) -> dict[str, Any]:
    return {
        "tolerance": tolerance,
        "mode": mode,
        "courant": courant,
        "resolution": 1 / reach.spacing,
        "meep_s": reach.cost_s,
        "meep_measured": reach.measured,
        "ours_s": our_s,
        "ratio": reach.cost_s / our_s,
    }


def our_reach(ours: dict[str, Any], tolerance: float) -> tuple[float, str]:
    """Return cost (s) and name of our cheapest run within the accuracy.

    As for Meep, every dearer run has to be within it too; and both modes of each.
    """
    reached = (float("nan"), "not reached")
    for rung in sorted(ours["rungs"], key=lambda rung: -float(rung["cpu_s"])):
        if any(_error(ours, rung, mode) > tolerance for mode in MODES):
            break
        reached = rung["cpu_s"], f"p = {rung['order']}"
    return reached


def _error(ours: dict[str, Any], rung: dict[str, Any], mode: str) -> float:
    return abs(float(rung[mode]["wavelength"] / ours["reference"][mode]["wavelength"]) - 1)


def draw(ladders: MeepLadders, ours: dict[str, Any], path: Path) -> Path:
    """Draw error of the wavelength against processor time, one panel per mode."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 4), layout="constrained")
    panels = figure.subplots(1, 2, sharey=True, sharex=True)
    for panel, mode in zip(panels, MODES, strict=True):
        truth = ours["reference"][mode]["wavelength"]
        for (courant, runs), marker in zip(ladders.items(), "osD^v", strict=False):
            rungs = meep_rungs(runs, mode)
            errors = [abs(rung.value / truth - 1) for rung in rungs]
            times = [rung.cost_s for rung in rungs]
            panel.loglog(times, errors, marker + "-", label=f"Meep, Courant {courant:g}")
        errors = [_error(ours, rung, mode) for rung in ours["rungs"]]
        panel.loglog([r["cpu_s"] for r in ours["rungs"]], errors, "k*", label="Lasewright")
        panel.set(title=f"{mode}, m = 30", xlabel="processor time (s)")
        panel.grid(alpha=0.3)
    panels[0].set_ylabel("relative error of the wavelength")
    panels[0].legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=150)
    return path
