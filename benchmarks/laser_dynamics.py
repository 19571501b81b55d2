"""Laser rate equations beside a plain SciPy loop: time of a light-light curve, accuracy, scaling.

The case is that of the documentation: quantum shells with 9 states, 25 modes of K = 50 and
Q = 6000, 40 pump levels from 0.05 to 10 absorbed photons per nanocrystal.
"""

from __future__ import annotations

import dataclasses
import functools
import sys
from pathlib import Path
from typing import Any, Final, Literal

import click
import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import machine, measured, one_thread, write_json
from gain import (
    GaussianPulse,
    InstantPulse,
    LaserModel,
    LaserModes,
    kinetics_preset,
    leading_redshift_map,
    light_light,
    net_gain_threshold,
    poisson_populations,
    quantum_shells,
    run_lasers,
    steady_laser,
)
from gain.pulse_shape import PulseShape

__all__ = ["main"]

Floats = NDArray[np.float64]
ScipyMethod = Literal["LSODA", "BDF", "Radau"]
METHODS: Final[tuple[ScipyMethod, ...]] = ("LSODA", "BDF", "Radau")

PULSES: Final[dict[str, PulseShape]] = {
    "fs": InstantPulse(),
    "1 ns": GaussianPulse(fwhm_ns=1.0),
    "5 ns": GaussianPulse(fwhm_ns=5.0),
}
PUMPS: Final = np.geomspace(0.05, 10, 40)
SAMPLE: Final = slice(3, None, 9)


@functools.cache
def laser(modes: int = 25) -> LaserModel:
    """The laser of the documentation."""
    comb = LaserModes.comb(
        0.650, spacing_nm=4.05, count=modes, quality_factor=6000, figure_of_merit=50
    )
    return LaserModel(
        medium=quantum_shells(), kinetics=kinetics_preset("microdisk_shells"), modes=comb
    )


def plain(model: LaserModel, pulse: PulseShape, pumps: Floats, method: ScipyMethod) -> Floats:
    """A loop over `solve_ivp` as one writes it first: no Jacobian, one pump at a time."""
    from scipy.integrate import solve_ivp

    k, spectrum = model.kinetics.decay_rates_per_ns(), model.spectrum
    emit, absorb, gain = spectrum.emission, spectrum.absorption, spectrum.gain
    kappa, merit = model.modes.loss_per_ns, model.modes.figure_of_merit
    seeds, n, m = model.spontaneous_per_ns(), len(k), len(kappa)
    emitted = []
    for pump in pumps:

        def rates(t: float, y: Floats, pump: float = pump, pumped: bool = True) -> Floats:
            p, s = y[:n], y[n : n + m]
            w = pump * float(pulse.flux_per_ns(t)) if pumped else 0.0
            light = merit * kappa * s
            up = light @ absorb + w
            down = k + light @ emit
            flow = up[:-1] * p[:-1] - down[1:] * p[1:]
            dp = np.append(-flow, 0.0) + np.append(0.0, flow)
            ds = kappa * (merit * (gain @ p) - 1) * s + seeds @ p
            return np.concatenate([dp, ds, kappa * s])

        y = np.zeros(n + 2 * m)
        start, stop = pulse.window_ns
        atol = np.concatenate([np.full(n, 1e-9), np.full(2 * m, 1e-12)])
        if stop > start:
            y[0] = 1.0
            done = solve_ivp(rates, (start, stop), y, method=method, rtol=1e-5, atol=atol,
                             max_step=(stop - start) / 60)  # fmt: skip
            y = done.y[:, -1]
        else:
            y[:n] = poisson_populations(float(pump), states=n)
        decay = functools.partial(rates, pumped=False)
        done = solve_ivp(decay, (stop, stop + 120.0), y, method=method, rtol=1e-5, atol=atol)
        emitted.append(done.y[n + m :, -1])
    return np.array(emitted)


def compare(name: str, *, repeats: int = 2) -> dict[str, Any]:
    """Return times of one light-light curve (s) by all ways, and their largest errors."""
    model, pulse = laser(), PULSES[name]
    few = PUMPS[SAMPLE]
    exact = run_lasers(model, pulse, few, method="LSODA", rtol=1e-9).emitted.sum(axis=1)

    def error(emitted: Floats) -> float:
        return float(np.abs(emitted.sum(axis=1) / exact - 1).max())

    run_lasers(model, pulse, PUMPS[:1])
    ours = measured(lambda: run_lasers(model, pulse, PUMPS), repeats=repeats)
    looped = measured(lambda: run_lasers(model, pulse, few, method="LSODA", rtol=1e-5))
    row: dict[str, Any] = {
        "pulse": name,
        "s": ours.cpu_s,
        "error": error(ours.value.emitted[SAMPLE]),
        "balance": float(ours.value.balance_error().max()),
        "lsoda_with_jacobian": {
            "s": looped.cpu_s / len(few) * len(PUMPS), "error": error(looped.value.emitted),
        },
    }  # fmt: skip
    for method in METHODS:
        with np.errstate(over="ignore"):  # SciPy's difference steps for the Jacobian
            done = measured(lambda method=method: plain(model, pulse, few, method))  # type: ignore[misc]
        row[f"plain_{method}"] = {
            "s": done.cpu_s / len(few) * len(PUMPS), "error": error(done.value),
        }  # fmt: skip
    return row


def scaling() -> dict[str, list[dict[str, float]]]:
    """Return time per pump level over the number of pump levels and of modes (1 ns pulse)."""
    pulse = PULSES["1 ns"]
    pumps, modes = [], []
    for count in (1, 10, 40, 160):
        levels = np.geomspace(0.05, 10, count) if count > 1 else np.array([1.0])
        done = measured(lambda levels=levels: run_lasers(laser(), pulse, levels))  # type: ignore[misc]
        pumps.append({"pumps": count, "ms_per_pump": 1e3 * done.cpu_s / count})
    for count in (5, 25, 75):
        done = measured(lambda count=count: run_lasers(laser(count), pulse, PUMPS))  # type: ignore[misc]
        modes.append({"modes": count, "ms_per_pump": 1e3 * done.cpu_s / len(PUMPS)})
    return {"pumps": pumps, "modes": modes}


def others() -> dict[str, float]:
    """Return times (s) of a curve with its thresholds, of a steady state, of a sensitivity map."""
    model, pulse = laser(), PULSES["1 ns"]
    merits = np.geomspace(8, 200, 20)
    maps = [
        dataclasses.replace(
            model, modes=dataclasses.replace(model.modes, figure_of_merit=np.full(25, merit))
        )
        for merit in merits
    ]
    calls = {
        "curve with three thresholds": lambda: light_light(model, pulse, PUMPS),
        "net-gain threshold": lambda: net_gain_threshold(model, pulse),
        "CW curve, 40 pumps": lambda: steady_laser(model, PUMPS),
        "map of 20 cavities x 4 pumps": lambda: leading_redshift_map(maps, pulse, [1, 3, 10, 20]),
    }
    return {name: measured(call).cpu_s for name, call in calls.items()}


@click.command()
@click.option("-o", "--output", type=click.Path(path_type=Path), default="out/benchmarks")
def main(output: Path) -> None:
    """Measure everything and write OUTPUT/laser_dynamics.json."""
    ways = ("lsoda_with_jacobian", "plain_LSODA", "plain_BDF", "plain_Radau")
    print("light-light curve: 25 modes, 9 states, 40 pumps; seconds (error), times slower")
    rows = [compare(name) for name in PULSES]
    for row in rows:
        print(f"{row['pulse']:5s} batched {row['s']:6.2f} s ({row['error']:.0e}), "
              f"balance {row['balance']:.0e}")  # fmt: skip
        for way in ways:
            entry = row[way]
            print(f"      {way:20s} {entry['s']:6.2f} s ({entry['error']:.0e}), "
                  f"x {entry['s'] / row['s']:5.1f}")  # fmt: skip
    cost = scaling()
    for axis, entries in cost.items():
        text = ", ".join(f"{entry[axis]:.0f}: {entry['ms_per_pump']:.1f}" for entry in entries)
        print(f"ms per pump level over {axis}: {text}")
    rest = others()
    for name, seconds in rest.items():
        print(f"{name}: {seconds:.2f} s")
    write_json(
        output / "laser_dynamics.json",
        {"curves": rows, "scaling": cost, "others": rest, "machine": machine()},
    )


if __name__ == "__main__":
    one_thread()
    sys.exit(main())
