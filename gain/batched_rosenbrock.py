"""Many lasers at once: the rate equations by RODAS4, every laser with steps of its own.

SciPy's stiff solvers take one laser at a time, or many with one common step, which the turn-on of
each would shorten for all. Here the steps are taken side by side on arrays: per laser the same
adaptive, L-stable Rosenbrock method of order 4(3), with the exact Jacobian. Its blocks are used:
populations are eliminated group by group, what remains is one small matrix per laser. The
integrals are linear in the unknowns, so excitons and photons balance to rounding.

`gain.laser_dynamics` solves one laser with SciPy's LSODA; both are compared in the tests.

Source: E. Hairer and G. Wanner, Solving Ordinary Differential Equations II (1996), section IV.7,
doi:10.1007/978-3-642-05221-7 (RODAS: stages, coefficients and error estimate).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gain.rate_equations import Jacobian, RateEquations

__all__ = ["integrate_batch"]

Floats = NDArray[np.float64]
PumpRate = Callable[[Floats, NDArray[np.intp]], Floats]

_GAMMA: Final = 0.25
_NODE: Final = (0.0, 0.386, 0.21, 0.63, 1.0, 1.0)
_TILT: Final = (0.25, -0.1043, 0.1035, -0.0362, 0.0, 0.0)
_A: Final = (
    (),
    (1.544,),
    (0.9466785280815826, 0.2557011698983284),
    (3.314825187068521, 2.896124015972201, 0.9986419139977817),
    (1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950),
    (1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1.0),
)
_C: Final = (
    (),
    (-5.6688,),
    (-2.430093356833875, -0.2063599157091915),
    (-0.1073529058151375, -9.594562251023355, -20.47028614809616),
    (7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160),
    (
        8.083246795921522,
        -7.981132988064893,
        -31.52159432874371,
        16.31930543123136,
        -6.058818238834054,
    ),
)
_LARGEST_STEPS: Final = 200_000


def integrate_batch(
    equations: RateEquations,
    pump: PumpRate,
    y: Floats,
    begin: float,
    end: float,
    *,
    longest: float = np.inf,
    rtol: float = 1e-5,
    atol: Floats,
    first_step: Floats | float,
    which: NDArray[np.intp] | None = None,
) -> tuple[Floats, Floats]:
    """Integrate a batch of lasers from `begin` to `end` (ns), where the pump is smooth.

    Args:
        equations: one laser for all, or one for each.
        pump: W (1/ns) at times (ns), (n,), of the lasers with indices (n,).
        y: states, (B, size).
        begin, end: times (ns).
        longest: longest step (ns).
        rtol, atol: tolerances; atol of the unknowns, (unknowns,).
        first_step: first step (ns), one or (B,).
        which: indices of the lasers that `pump` understands; None: 0 to B - 1.

    Returns:
        States at the end (B, size) and the last full steps (ns), (B,).

    Raises:
        ValueError: a laser does not reach the end.
    """
    batch = len(y)
    index = np.arange(batch) if which is None else which
    final, last = np.array(y), np.array(np.broadcast_to(first_step, (batch,)), dtype=np.float64)
    alive = np.arange(batch)
    state, step, time = final.copy(), np.minimum(last, longest), np.full(batch, begin)
    own = equations
    for _ in range(_LARGEST_STEPS):
        if not len(alive):
            return final, last
        left = end - time
        take = np.where(step >= left * (1 - 1e-12), left, np.minimum(step, left / 2))
        take = np.where(step < left / 2, step, take)
        new, error, take = _step(own, pump, index[alive], time, state, take, rtol, atol)
        good = error <= 1
        factor = np.clip(0.9 * np.maximum(error, 1e-10) ** -0.25, 0.2, 6.0)
        state[good] = new[good]
        time = np.where(good, time + take, time)
        # A step cut short by the end of the stretch says little about the next one.
        proposed = take * np.where(good, factor, np.minimum(factor, 0.9))
        step = np.minimum(np.where(good, np.maximum(proposed, step * (take < step)), proposed),
                          longest)  # fmt: skip
        if np.any(~(step > 1e-14 * max(abs(end), abs(begin), 1e-3))):
            raise ValueError(
                f"laser: the steps became too short at {float(time.min()):g} ns; "
                "check rates and pump"
            )
        done = time >= end - 1e-12 * (end - begin)
        if np.any(done):
            final[alive[done]], last[alive[done]] = state[done], step[done]
            keep = ~done
            alive, state, step, time = alive[keep], state[keep], step[keep], time[keep]
            own = equations.rows(alive)
    raise ValueError(f"laser: {_LARGEST_STEPS} steps did not reach {end:g} ns; raise rtol")


def _step(
    equations: RateEquations,
    pump: PumpRate,
    index: NDArray[np.intp],
    time: Floats,
    y: Floats,
    step: Floats,
    rtol: float,
    atol: Floats,
) -> tuple[Floats, Floats, Floats]:
    """One step of every laser: new states, errors over the tolerance, steps taken."""
    w = pump(time, index)
    jacobian = equations.jacobian(w, y)
    unknowns = equations.unknowns
    # With a growing mode the method's matrix is singular at 1/(gamma h) = growth: stay below.
    growth = np.maximum(jacobian.net_gain.max(axis=1), 0.0)
    step = np.minimum(step, np.divide(2.0, growth, out=np.full_like(growth, np.inf),
                                      where=growth > 0))  # fmt: skip
    z = 1 / (_GAMMA * step)
    solve = _Solver(equations, jacobian, z)
    short = 1e-4 * step
    slope = (pump(time + short, index) - pump(time - short, index)) / (2 * short)
    tilt = equations.pump_slope(slope * step, y) if slope.any() else None
    k = np.empty((len(_A), *y.shape))
    stage = y
    for i, (a, c) in enumerate(zip(_A, _C, strict=True)):
        rate = w
        if i:
            stage = y + np.tensordot(a, k[:i], 1)
            rate = pump(time + _NODE[i] * step, index)
        right = equations.rates(rate, stage)
        if i:
            right += np.tensordot(c, k[:i], 1) / step[:, None]
        if tilt is not None and _TILT[i]:
            right += _TILT[i] * tilt
        k[i, :, :unknowns] = solve(right[:, :unknowns])
        carried = equations.integrals_of(w, k[i, :, :unknowns])
        k[i, :, unknowns:] = (right[:, unknowns:] + carried) / z[:, None]
    new = stage + k[-1]
    scale = atol + rtol * np.maximum(np.abs(y[:, :unknowns]), np.abs(new[:, :unknowns]))
    error = np.sqrt(np.mean((k[-1][:, :unknowns] / scale) ** 2, axis=1))
    return new, np.where(np.isfinite(error), error, 1e10), step


class _Solver:
    """(z - J) k = r for a batch, populations eliminated group by group."""

    def __init__(self, equations: RateEquations, jacobian: Jacobian, z: Floats) -> None:
        ladder, by_photons, by_populations, net = jacobian
        batch, groups, states = ladder.shape[:3]
        self._shape = batch, groups, states
        eye = np.eye(states)
        self._inverse = np.linalg.inv(z[:, None, None, None] * eye - ladder)
        self._spread = (self._inverse @ by_photons).reshape(batch, groups * states, -1)
        self._collect = by_populations.reshape(batch, -1, groups * states)
        small = -(self._collect @ self._spread)
        i = np.arange(small.shape[-1])
        small[:, i, i] += z[:, None] - net
        self._small = np.linalg.inv(small)
        self._split = equations.photons.start

    def __call__(self, right: Floats) -> Floats:
        batch, groups, states = self._shape
        force = right[:, : self._split].reshape(batch, groups, states, 1)
        p = (self._inverse @ force).reshape(batch, -1, 1)
        s = self._small @ (right[:, self._split :, None] + self._collect @ p)
        p = p + self._spread @ s
        return np.concatenate([p, s], axis=1)[..., 0]
