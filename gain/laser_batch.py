"""Lasers side by side over one pulse: what each has emitted, lost and kept at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.batched_rosenbrock import integrate_batch
from gain.laser_dynamics import integrate_laser, tolerances
from gain.laser_model import LaserModel
from gain.population_dynamics import initial_populations, pieces_of
from gain.pulse_shape import ContinuousPump, PulseShape, check_photons
from gain.rate_equations import RateEquations

__all__ = ["LaserRuns", "run_lasers"]

Floats = NDArray[np.float64]

_BLOCK = 500  # runs side by side: more only fill the memory


@dataclass(frozen=True, kw_only=True, eq=False)
class LaserRuns:
    """Integrals over a pulse and its decay, one row per run; per nanocrystal.

    Attributes:
        models: one for all runs, or one for each.
        absorbed_photons: N, (runs,).
        emitted: photons emitted by each mode, (runs, modes).
        state_time_ns: time spent in each state, mean over the groups, (runs, states).
        absorbed: excitons made by the pump, (runs,).
        spontaneous: photons emitted spontaneously into the modes, (runs,).
        background: photons absorbed by sigma_high, (runs,).
        excitons, photons: what is left at the end, (runs,).
    """

    models: tuple[LaserModel, ...]
    absorbed_photons: Floats
    emitted: Floats
    state_time_ns: Floats
    absorbed: Floats
    spontaneous: Floats
    background: Floats
    excitons: Floats
    photons: Floats

    def decayed(self) -> Floats:
        """Return the excitons lost other than into the modes, (runs,)."""
        decay = np.array([model.kinetics.decay_rates_per_ns() for model in self.models])
        total = (self.state_time_ns * decay).sum(axis=1)
        part = np.array([not isinstance(model.spontaneous, str) for model in self.models])
        return np.asarray(total - part * self.spontaneous)

    @property
    def blocked(self) -> Floats:
        """Share of the excitations that full nanocrystals refused, (runs,): raise max_excitons."""
        n = self.absorbed_photons
        share = 1 - np.divide(self.absorbed, n, out=np.ones_like(n), where=n > 0)
        return np.asarray(np.maximum(share, 0.0))

    def balance_error(self) -> Floats:
        """Return the miss of excitons in = left + decayed + photons, over excitons in, (runs,)."""
        entered = self.absorbed
        out = self.excitons + self.decayed() + self.emitted.sum(axis=1)
        out = out + self.background + self.photons
        return np.asarray(np.abs(out - entered) / np.where(entered > 0, entered, 1.0))


def run_lasers(
    models: LaserModel | Sequence[LaserModel],
    pulse: PulseShape,
    absorbed_photons: ArrayLike,
    *,
    photons: int = 1,
    duration_ns: float | None = None,
    rtol: float = 1e-4,
    method: Literal["batched", "LSODA"] = "batched",
) -> LaserRuns:
    """Return what lasers emit over one pulse, all pump levels side by side.

    Args:
        models: one laser, or one for each pump level (with as many modes, states and groups).
        pulse: the pump in time.
        absorbed_photons: N, mean excitations per nanocrystal and pulse, (runs,).
        photons: 1 or 2 photons per excitation.
        duration_ns: end after the pulse (ns); None: six exciton lifetimes.
        rtol: relative tolerance of a step.
        method: "batched" (RODAS4, all runs side by side) or "LSODA" (SciPy, one by one).

    Returns:
        The runs, in order.

    Raises:
        ValueError: negative N, a continuous pump, lasers that do not fit side by side.

    Example:
        >>> from gain.kinetics_presets import kinetics_preset
        >>> from gain.laser_modes import LaserModes
        >>> from gain.presets import quantum_shells
        >>> from gain.pulse_shape import InstantPulse
        >>> modes = LaserModes.comb(
        ...     0.662, spacing_nm=4.05, count=3, quality_factor=6000, figure_of_merit=50)
        >>> shells = kinetics_preset("microdisk_shells")
        >>> model = LaserModel(medium=quantum_shells(), kinetics=shells, modes=modes)
        >>> runs = run_lasers(model, InstantPulse(), [0.2, 0.4])
        >>> runs.emitted.sum(axis=1).round(4).tolist()
        [0.0001, 0.0882]
        >>> bool(runs.balance_error().max() < 1e-9)
        True
    """
    check_photons(photons)
    n = np.atleast_1d(np.asarray(absorbed_photons, dtype=np.float64))
    many = (models,) if isinstance(models, LaserModel) else tuple(models)
    if n.ndim != 1 or not (np.all(n >= 0) and np.all(np.isfinite(n))):
        raise ValueError(f"absorbed_photons: must be >= 0, one per run, got {n.ravel()[:3]}")
    if len(many) not in (1, len(n)):
        raise ValueError(f"models: must be 1 or one for each of {len(n)} runs, got {len(many)}")
    if isinstance(pulse, ContinuousPump):
        raise ValueError(
            "pulse: must end for the output to be finite, got 'continuous'; use steady_laser"
        )
    equations = RateEquations.of(*many)
    longest = max(model.kinetics.exciton_lifetime_ns for model in many)
    duration = 6 * longest if duration_ns is None else duration_ns
    if not duration > 0:
        raise ValueError(f"duration_ns: must be > 0, got {duration:g}; give ns after the pulse")
    start = _start(many, equations, pulse, n)
    times = np.array([pulse.window_ns[0], pulse.window_ns[1] + duration])
    before = np.zeros(len(n))
    if pulse.window_ns[1] == pulse.window_ns[0]:
        before = _excitons(equations, start)
    if method == "batched":
        final = _batched(equations, pulse, n, photons, start, times, rtol)
    elif method == "LSODA":
        final = np.array(
            [
                integrate_laser(
                    equations.rows(np.array([i])), many[i % len(many)], pulse, float(n[i]),
                    photons, start[i], times, rtol,
                )[1][-1]
                for i in range(len(n))
            ]
        )  # fmt: skip
    else:
        raise ValueError(f"method: must be 'batched' or 'LSODA', got {method!r}; choose one")
    totals = equations.totals(final)
    return LaserRuns(
        models=many,
        absorbed_photons=n,
        emitted=totals.emitted,
        state_time_ns=totals.state_time_ns,
        absorbed=before + totals.absorbed,
        spontaneous=totals.spontaneous,
        background=totals.background,
        excitons=_excitons(equations, final),
        photons=final[:, equations.photons].sum(axis=1),
    )


def _start(
    models: tuple[LaserModel, ...], equations: RateEquations, pulse: PulseShape, n: Floats
) -> Floats:
    state = np.zeros((len(n), equations.size))
    local = n[:, None] * equations.pump_profile
    p = initial_populations(models[0].kinetics, pulse, local.ravel())
    state[:, equations.populations] = p.reshape(len(n), -1)
    return state


def _excitons(equations: RateEquations, state: Floats) -> Floats:
    p = state[:, equations.populations].reshape(len(state), equations.groups, -1)
    return np.asarray((p @ np.arange(equations.states)) @ equations.group_fraction)


def _batched(
    equations: RateEquations,
    pulse: PulseShape,
    n: Floats,
    photons: int,
    state: Floats,
    times: Floats,
    rtol: float,
) -> Floats:
    def pumped_rate(time: Floats, which: NDArray[np.intp]) -> Floats:
        return n[which] * pulse.excitation_per_ns(time, photons=photons)

    def no_rate(time: Floats, _: NDArray[np.intp]) -> Floats:
        return np.zeros_like(time)

    if len(n) > _BLOCK:
        blocks = [np.arange(i, min(i + _BLOCK, len(n))) for i in range(0, len(n), _BLOCK)]
        return np.concatenate(
            [
                _batched(equations.rows(rows), pulse, n[rows], photons, state[rows], times, rtol)
                for rows in blocks
            ]
        )
    atol = tolerances(equations, rtol)
    steps: Floats | float = 1e-3 / float(equations.emit_per_ns.max() + 1 / times[-1])
    for begin, end, pumped, longest in pieces_of(pulse, times):
        state, steps = integrate_batch(
            equations,
            pumped_rate if pumped else no_rate,
            state,
            begin,
            end,
            longest=longest,
            rtol=rtol,
            atol=atol[: equations.unknowns],
            first_step=steps,
        )
    return state
