"""A laser in time: populations and photons of every mode under one pump pulse.

The equations are those of `gain.laser_model`. One laser is solved by ODEPACK's LSODA (SciPy) with
the analytic Jacobian; sweeps over pumps and cavities run side by side in `gain.laser_batch`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.laser_model import LaserModel
from gain.laser_trace import LaserTrace
from gain.population_dynamics import initial_populations, pieces_of
from gain.pulse_shape import ContinuousPump, PulseShape, check_photons
from gain.rate_equations import RateEquations

__all__ = ["integrate_laser", "simulate_laser", "tolerances"]

Floats = NDArray[np.float64]


def simulate_laser(
    model: LaserModel,
    pulse: PulseShape,
    absorbed_photons: float,
    *,
    photons: int = 1,
    times_ns: ArrayLike | None = None,
    duration_ns: float | None = None,
    rtol: float = 1e-6,
) -> LaserTrace:
    """Return populations and photons in time.

    Args:
        model: the laser.
        pulse: the pump in time; a `ContinuousPump` runs into the steady state.
        absorbed_photons: N, mean excitations per nanocrystal and pulse (two-photon: excitons).
        photons: 1 or 2 photons per excitation.
        times_ns: increasing times of the result (ns); None: the integrator's own steps, which
            resolve every spike.
        duration_ns: end after the pulse (ns); None: six exciton lifetimes.
        rtol: relative tolerance.

    Raises:
        ValueError: negative N, or times that do not increase.

    Example:
        >>> from gain.kinetics_presets import kinetics_preset
        >>> from gain.laser_modes import LaserModes
        >>> from gain.presets import quantum_shells
        >>> from gain.pulse_shape import GaussianPulse
        >>> modes = LaserModes.comb(
        ...     0.662, spacing_nm=4.05, count=3, quality_factor=6000, figure_of_merit=50)
        >>> shells = kinetics_preset("microdisk_shells")
        >>> model = LaserModel(medium=quantum_shells(), kinetics=shells, modes=modes)
        >>> trace = simulate_laser(model, GaussianPulse(fwhm_ns=1.0), 0.5)
        >>> bool(trace.balance_error() < 1e-6), trace.brightest_label
        (True, '666.05 nm')
    """
    check_photons(photons)
    if not (absorbed_photons >= 0 and np.isfinite(absorbed_photons)):
        raise ValueError(f"absorbed_photons: must be >= 0, got {absorbed_photons:g}; give a mean")
    equations = RateEquations.of(model)
    start, stop = pulse.window_ns
    duration = 6 * model.kinetics.exciton_lifetime_ns if duration_ns is None else duration_ns
    if not duration > 0:
        raise ValueError(f"duration_ns: must be > 0, got {duration:g}; give ns after the pulse")
    if times_ns is None:
        last = duration if isinstance(pulse, ContinuousPump) else stop + duration
        asked, times = None, np.array([start, last])
    else:
        asked = times = np.asarray(times_ns, dtype=np.float64)
        if asked.ndim != 1 or not np.all(np.diff(asked) > 0) or asked[0] < start:
            raise ValueError(
                f"times_ns: must increase from {start:g} ns (start of the pulse) on, got "
                f"{asked.ravel()[:1]} first; sort them"
            )
    local = absorbed_photons * equations.pump_profile
    y = np.zeros(equations.size)
    y[equations.populations] = initial_populations(model.kinetics, pulse, local).ravel()
    time, rows = integrate_laser(
        equations, model, pulse, absorbed_photons, photons, y, times, rtol, every=asked
    )
    p = rows[:, equations.populations].reshape(len(rows), equations.groups, equations.states)
    totals = equations.totals(rows)
    at_once = 0.0
    if stop == start:
        at_once = float((p[0] @ np.arange(equations.states)) @ equations.group_fraction)
    return LaserTrace(
        model=model,
        pulse=pulse,
        absorbed_photons=float(absorbed_photons),
        time_ns=time,
        populations=p,
        photons=rows[:, equations.photons],
        emitted=totals.emitted,
        state_time_ns=totals.state_time_ns,
        absorbed=at_once + totals.absorbed,
        spontaneous=totals.spontaneous,
        background=totals.background,
    )


def tolerances(equations: RateEquations, rtol: float) -> Floats:
    """Return absolute tolerances of a row, (size,).

    Populations: 1e-6 of the relative tolerance. Photons: the same share of the spontaneous level
    of one exciton in every nanocrystal, so that growth from spontaneous emission is followed.
    """
    atol = np.full(equations.size, 1e-4 * rtol)
    atol[equations.populations] = 1e-5 * rtol
    level = float((equations.spontaneous_per_ns[..., 1] / equations.loss_per_ns).max())
    atol[equations.photons] = max(1e-3 * rtol * level, 1e-300)
    return atol


def integrate_laser(
    equations: RateEquations,
    model: LaserModel,
    pulse: PulseShape,
    absorbed_photons: float,
    photons: int,
    y: Floats,
    times: Floats,
    rtol: float,
    *,
    every: Floats | None = None,
) -> tuple[Floats, Floats]:
    """Return times and rows, (n,) and (n, size), by LSODA over the whole of `times`."""
    from scipy.integrate import solve_ivp

    unknowns, size = equations.unknowns, equations.size
    eye = np.eye(unknowns)
    atol = tolerances(equations, rtol)
    found_times, found = [np.array([pulse.window_ns[0]])], [y[None]]
    for begin, end, pumped, longest in pieces_of(pulse, times):

        def rate(time: float, pumped: bool = pumped) -> Floats:
            if not pumped:
                return np.zeros(1)
            shape = pulse.excitation_per_ns(time, photons=photons)
            return np.atleast_1d(absorbed_photons * shape)

        def rates(time: float, y: Floats) -> Floats:
            return np.asarray(equations.rates(rate(time), y[None])[0])

        def jacobian(time: float, y: Floats) -> Floats:
            w = rate(time)
            blocks = equations.jacobian(w, y[None])
            full = np.zeros((size, size))
            full[:unknowns, :unknowns] = _assembled(equations, blocks)
            full[unknowns:, :unknowns] = equations.integrals_of(np.repeat(w, unknowns), eye).T
            return full

        inside = None if every is None else every[(every > begin) & (every <= end)]
        at = None if inside is None else np.unique(np.append(inside, end))
        done = solve_ivp(
            rates, (begin, end), y, method="LSODA", jac=jacobian, t_eval=at, rtol=rtol, atol=atol,
            max_step=longest,
        )  # fmt: skip
        if not done.success:
            raise ValueError(f"laser: the rate equations failed at {begin:g} ns: {done.message}")
        y = done.y[:, -1]
        count = len(done.t) if inside is None else len(inside)
        skip = 1 if inside is None else 0
        found_times.append(done.t[skip:count])
        found.append(done.y.T[skip:count])
    time, rows = np.concatenate(found_times), np.concatenate(found)
    if every is not None and every[0] > time[0]:
        time, rows = time[1:], rows[1:]
    return time, rows


def _assembled(equations: RateEquations, blocks: tuple[Floats, ...]) -> Floats:
    """The Jacobian of one laser's populations and photons, (unknowns, unknowns)."""
    ladder, by_photons, by_populations, net = (block[0] for block in blocks)
    split, states = equations.photons.start, equations.states
    full = np.zeros((equations.unknowns, equations.unknowns))
    for g in range(equations.groups):
        place = slice(g * states, (g + 1) * states)
        full[place, place] = ladder[g]
        full[place, split:] = by_photons[g]
        full[split:, place] = by_populations[:, g]
    i = np.arange(split, equations.unknowns)
    full[i, i] = net
    return full
