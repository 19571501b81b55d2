"""Populations of the excitonic states in time, for many pump levels at once.

    dp_N/dt = W(t) (p_(N-1) - p_N) - k_N p_N + k_(N+1) p_(N+1)

No stimulated emission. The top state is not pumped further. A short pulse leaves the Poisson
distribution; W(t) is that of `gain.pulse_shape`. All pump levels are one system of equations with a
banded analytic Jacobian, solved by ODEPACK's LSODA: linear, so every balance that the equations
obey holds to rounding.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.exciton_kinetics import ExcitonKinetics
from gain.population_trace import PopulationTrace
from gain.populations import poisson_populations
from gain.pulse_shape import InstantPulse, PulseShape, check_photons

__all__ = ["evolve_populations", "initial_populations", "pieces_of"]

Floats = NDArray[np.float64]

_INTEGRALS = 4  # absorbed, radiated, lost by Auger recombination, trapped


def evolve_populations(
    kinetics: ExcitonKinetics,
    pulse: PulseShape,
    absorbed_photons: ArrayLike,
    *,
    photons: int = 1,
    times_ns: ArrayLike | None = None,
    duration_ns: float | None = None,
    initial: ArrayLike | None = None,
    rtol: float = 1e-8,
) -> PopulationTrace:
    """Return the populations in time.

    Args:
        kinetics: decay rates.
        pulse: the pump in time.
        absorbed_photons: N, mean number of excitations per nanocrystal and pulse if none decayed
            and none were blocked (two-photon: excitons, see `TwoPhotonPump.excitons`), (...).
        photons: 1 or 2 photons per excitation: W follows Phi or Phi^2.
        times_ns: increasing times of the result (ns); None: 400 times that resolve pulse and
            decay.
        duration_ns: end of the simulation after the pulse (ns); None: five exciton lifetimes.
        initial: populations before the pulse, (..., states); None: ground state.
        rtol: relative tolerance of the integrator.

    Returns:
        A trace with populations (..., times, states).

    Raises:
        ValueError: negative N, times that do not increase or lie before the pulse, initial
            populations that do not sum to 1.

    Example:
        >>> from gain.pulse_shape import GaussianPulse
        >>> shells = ExcitonKinetics(radiative_lifetime_ns=66.4, auger_lifetime_ns=22.0)
        >>> trace = evolve_populations(shells, GaussianPulse(fwhm_ns=7.0), [0.1, 1.0, 10.0])
        >>> trace.mean_excitons.max(axis=-1).round(2).tolist()
        [0.09, 0.79, 4.07]
    """
    check_photons(photons)
    n = np.asarray(absorbed_photons, dtype=np.float64)
    if not (np.all(n >= 0) and np.all(np.isfinite(n))):
        raise ValueError(f"absorbed_photons: must be >= 0, got {np.min(n):g}; give a mean number")
    states, pumps = kinetics.states, n.ravel()
    before = _before(kinetics, pumps, initial)
    start = _added(before, pumps) if isinstance(pulse, InstantPulse) else before
    size = states + _INTEGRALS
    state = np.zeros((len(pumps), size))
    state[:, :states] = start
    state[:, states] = (start - before) @ np.arange(states)
    times = _times(kinetics, pulse, times_ns, duration_ns)
    flat, values = state.ravel(), [state[None]]
    for begin, end, pumped, longest in pieces_of(pulse, times):
        inside = times[(times > begin) & (times <= end)]
        flat, found = _integrate(
            kinetics, pulse, pumps, photons, flat, (begin, end), inside, pumped, longest, rtol
        )
        values.append(found.reshape(-1, len(pumps), size))
    every = np.concatenate(values)
    if times[0] > _first(pulse):
        every = every[1:]
    shaped = np.moveaxis(every, 0, 1).reshape(*n.shape, len(times), size)
    parts = shaped[..., states:]
    return PopulationTrace(
        kinetics=kinetics,
        pulse=pulse,
        photons=photons,
        absorbed_photons=n,
        time_ns=times,
        populations=shaped[..., :states],
        initial_excitons=np.asarray((before @ np.arange(states)).reshape(n.shape)),
        absorbed=parts[..., 0],
        radiated=parts[..., 1],
        auger=parts[..., 2],
        trapped=parts[..., 3],
    )


def initial_populations(kinetics: ExcitonKinetics, pulse: PulseShape, pumps: Floats) -> Floats:
    """Return the populations at the start, (pumps, states).

    The ground state, or right after an instantaneous pulse the Poisson distribution.
    """
    before = _before(kinetics, pumps, None)
    return _added(before, pumps) if isinstance(pulse, InstantPulse) else before


def _before(kinetics: ExcitonKinetics, pumps: Floats, initial: ArrayLike | None) -> Floats:
    """Populations before the pump, (pumps, states): the ground state or what was given."""
    shape = (len(pumps), kinetics.states)
    if initial is None:
        ground = np.zeros(shape)
        ground[:, 0] = 1.0
        return ground
    given = np.asarray(initial, dtype=np.float64)
    if given.shape[-1:] != shape[1:] or not np.allclose(given.sum(axis=-1), 1, atol=1e-9):
        raise ValueError(
            f"initial: must end in {shape[1]} populations that sum to 1, got shape {given.shape}; "
            "give one population per state"
        )
    return np.array(np.broadcast_to(given, shape) if given.ndim == 1 else given.reshape(shape))


def _added(before: Floats, pumps: Floats) -> Floats:
    """Populations once a Poisson number of excitons is added; the top state holds the rest."""
    states = before.shape[1]
    excitons = poisson_populations(pumps, states=states)
    after = np.zeros_like(before)
    for j in range(states):
        for i in range(states):
            after[:, min(i + j, states - 1)] += before[:, j] * excitons[:, i]
    return after


def pieces_of(pulse: PulseShape, times: Floats) -> Iterator[tuple[float, float, bool, float]]:
    """Yield (begin, end, pumped, longest step) in ns: stretches on which the pump is smooth."""
    start, stop = pulse.window_ns
    end = float(times[-1])
    if stop > start:
        edges = [start, *(t for t in pulse.corners_ns if start < t < min(stop, end))]
        edges.append(min(stop, end))
        for begin, finish in itertools.pairwise(edges):
            yield begin, finish, True, pulse.longest_step_ns
    if end > stop:
        yield stop, end, False, math.inf


def _first(pulse: PulseShape) -> float:
    return pulse.window_ns[0]


def _times(
    kinetics: ExcitonKinetics,
    pulse: PulseShape,
    times_ns: ArrayLike | None,
    duration_ns: float | None,
) -> Floats:
    start, stop = pulse.window_ns
    if times_ns is not None:
        times = np.asarray(times_ns, dtype=np.float64)
        if times.ndim != 1 or not np.all(np.diff(times) > 0) or times[0] < start:
            raise ValueError(
                f"times_ns: must increase from {start:g} ns (start of the pulse) on, got "
                f"{times.ravel()[:1]} first; sort them"
            )
        return times
    if duration_ns is not None and not duration_ns > 0:
        raise ValueError(f"duration_ns: must be > 0, got {duration_ns:g}; give ns after the pulse")
    duration = 5 * kinetics.exciton_lifetime_ns if duration_ns is None else duration_ns
    fastest = 1 / float(kinetics.decay_rates_per_ns().max())
    pulsed = math.isfinite(stop) and stop > start
    origin = stop if math.isfinite(stop) else start
    first = min(0.02 * fastest, 1e-3 * duration)
    if pulsed:
        first = min(first, 0.01 * (stop - start))
    late = origin + np.geomspace(first, duration, 200 if pulsed else 399)
    early = np.linspace(start, stop, 200) if pulsed else np.array([origin])
    return np.concatenate([early, late])


def _integrate(
    kinetics: ExcitonKinetics,
    pulse: PulseShape,
    pumps: Floats,
    photons: int,
    flat: Floats,
    span: tuple[float, float],
    times: Floats,
    pumped: bool,
    longest: float,
    rtol: float,
) -> tuple[Floats, Floats]:
    """Solve one stretch: final state and the states at `times`, (times, unknowns)."""
    from scipy.integrate import solve_ivp

    states = kinetics.states
    size = states + _INTEGRALS
    decay = kinetics.decay_rates_per_ns()
    shares = np.stack(
        [
            kinetics.radiative_rates_per_ns(),
            kinetics.auger_rates_per_ns(),
            kinetics.trapping_rates_per_ns(),
        ]
    )

    def pump(time: float) -> Floats:
        if not pumped:
            return np.zeros_like(pumps)
        return pumps * float(pulse.excitation_per_ns(time, photons=photons))

    def rates(time: float, y: Floats) -> Floats:
        p = y.reshape(-1, size)[:, :states]
        up = pump(time)[:, None] * p[:, :-1]
        net = up - decay[1:] * p[:, 1:]
        out = np.zeros((len(pumps), size))
        out[:, : states - 1] -= net
        out[:, 1:states] += net
        out[:, states] = up.sum(axis=1)
        out[:, states + 1 :] = p @ shares.T
        return out.ravel()

    lower = states + _INTEGRALS - 1

    def jacobian(time: float, _: Floats) -> Floats:
        w = pump(time)
        # band[i - j + 1, j] = d rate_i / d y_j, j within each block
        band = np.zeros((lower + 2, len(pumps), size))
        band[0, :, 1:states] = decay[1:]
        band[1, :, :states] = -decay
        band[1, :, : states - 1] -= w[:, None]
        band[2, :, : states - 1] = w[:, None]
        for j in range(states):
            if j < states - 1:
                band[states - j + 1, :, j] += w
            band[states - j + 2 : states - j + 5, :, j] += shares[:, j, None]
        return band.reshape(lower + 2, -1)

    done = solve_ivp(
        rates,
        span,
        flat,
        method="LSODA",
        t_eval=np.append(times, span[1]) if not len(times) or times[-1] < span[1] else times,
        jac=jacobian,
        lband=lower,
        uband=1,
        rtol=rtol,
        atol=1e-12,
        max_step=longest,
        first_step=None,
    )
    if not done.success:
        raise ValueError(f"kinetics: the ladder could not be integrated: {done.message}")
    values = np.asarray(done.y.T)
    return values[-1], values[: len(times)]
