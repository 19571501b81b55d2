"""The steady state of a continuously pumped laser, solved directly.

For given photon numbers every group of nanocrystals is a birth-death chain, whose steady state is a
product: p_N ~ prod a_(j-1)/d_j with a, d the rates up and down. What is left is one equation for
the photons of each mode, K_m g_m - 1 + r_m/(kappa_m s_m) = 0, solved in ln s with the
exact Jacobian, for all pump levels at once: pseudo-transient continuation from the dark laser,
which ends in Newton's method (C. T. Kelley, D. E. Keyes, SIAM J. Numer. Anal. 35, 508 (1998),
doi:10.1137/S0036142996304796).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.dynamic_threshold import DynamicThreshold, net_gain_threshold
from gain.laser_model import LaserModel
from gain.pulse_shape import ContinuousPump
from gain.rate_equations import RateEquations

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["CwLaserCurve", "steady_laser"]

Floats = NDArray[np.float64]

_STEPS = 400


@dataclass(frozen=True, kw_only=True, eq=False)
class CwLaserCurve:
    """Steady states over pump levels; photons are per nanocrystal.

    Attributes:
        model: the laser.
        pump: its `period_ns` is the time to which N refers.
        absorbed_photons: N = W period, (pumps,).
        photons: in each mode, (pumps, modes).
        populations: (pumps, groups, states).
        net_gain: threshold from populations without photons.
    """

    model: LaserModel
    pump: ContinuousPump
    absorbed_photons: Floats
    photons: Floats
    populations: Floats
    net_gain: DynamicThreshold

    @property
    def output_per_ns(self) -> Floats:
        """Photons emitted per nanocrystal and ns by each mode, (pumps, modes)."""
        return self.photons * self.model.modes.loss_per_ns

    @property
    def mean_populations(self) -> Floats:
        """Populations over all nanocrystals, (pumps, states)."""
        fraction = self.model.modes.group_fraction
        return np.asarray(np.einsum("g,pgn->pn", fraction, self.populations))

    @property
    def mean_excitons(self) -> Floats:
        """<N>, (pumps,)."""
        return np.asarray(self.mean_populations @ np.arange(self.model.kinetics.states))

    @property
    def slope_threshold(self) -> float:
        """N of the steepest rise of the output on log axes."""
        from gain.light_light_curve import slope_threshold

        return slope_threshold(self.absorbed_photons, self.output_per_ns.sum(axis=1))

    def _noise_share(self) -> Floats:
        """Spontaneous share of the photons, r/(kappa s) = 1 - K g, (pumps, modes)."""
        modes = self.model.modes
        seen = np.einsum("g,gm,pgn->pmn", modes.group_fraction, modes.profile, self.populations)
        source = (seen * self.model.spontaneous_per_ns()).sum(axis=-1)
        return np.asarray(source / (modes.loss_per_ns * self.photons))

    def linewidth_nm(self) -> Floats:
        """Return the quantum-limited full width lambda/Q times (1 - K g), (pumps, modes), nm.

        The width of a linear amplifier's noise: the cold width without gain, narrowed as
        spontaneous photons become a smaller share. Far above threshold see
        `schawlow_townes_nm`. Technical noise, heating and the spectrometer add to it.
        """
        return self.model.modes.linewidth_nm * self._noise_share()

    def schawlow_townes_nm(self, *, alpha: float = 0.0) -> Floats:
        """Return the width far above threshold, (1 + alpha^2)/2 of `linewidth_nm`, (pumps, modes).

        Half, because above threshold amplitude noise is suppressed; alpha couples it to the
        phase. Meaningless below threshold.

        Args:
            alpha: linewidth enhancement factor; not known for nanocrystals, 0 leaves it out.

        Source: C. H. Henry, IEEE J. Quantum Electron. 18, 259 (1982),
        doi:10.1109/JQE.1982.1071522.
        """
        return 0.5 * (1 + alpha**2) * self.linewidth_nm()

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot output against pump on log axes."""
        from gain.laser_plots import plot_cw_laser

        return plot_cw_laser(self, ax=ax)


def steady_laser(
    model: LaserModel, absorbed_photons: ArrayLike, *, period_ns: float | None = None
) -> CwLaserCurve:
    """Return the steady states under continuous pumping.

    Args:
        model: the laser.
        absorbed_photons: N = W period > 0, (pumps,); with the default period W tau_X, the mean
            number of excitons without Auger recombination, as for a CW `Pump`.
        period_ns: the time to which N refers (ns); None: the exciton lifetime tau_X.

    Raises:
        ValueError: N that is not positive, or a steady state that was not found.

    Example:
        >>> from gain.kinetics_presets import kinetics_preset
        >>> from gain.laser_modes import LaserModes
        >>> from gain.presets import quantum_shells
        >>> modes = LaserModes.comb(
        ...     0.662, spacing_nm=4.05, count=3, quality_factor=6000, figure_of_merit=50)
        >>> shells = kinetics_preset("microdisk_shells")
        >>> model = LaserModel(medium=quantum_shells(), kinetics=shells, modes=modes)
        >>> curve = steady_laser(model, [0.1, 0.274, 0.5])
        >>> curve.mean_excitons.round(3).tolist()  # clamped above threshold
        [0.093, 0.223, 0.235]
    """
    n = np.atleast_1d(np.asarray(absorbed_photons, dtype=np.float64))
    if n.ndim != 1 or not np.all(n > 0) or not np.all(np.isfinite(n)):
        raise ValueError(f"absorbed_photons: must be > 0, one per pump level, got {n.ravel()[:3]}")
    pump = ContinuousPump(
        period_ns=model.kinetics.exciton_lifetime_ns if period_ns is None else period_ns
    )
    equations = RateEquations.of(model)
    rate = n / pump.period_ns
    photons = _solve(equations, rate)
    return CwLaserCurve(
        model=model,
        pump=pump,
        absorbed_photons=n,
        photons=photons,
        populations=_chain(equations, rate, photons)[0],
        net_gain=net_gain_threshold(model, pump),
    )


def _chain(equations: RateEquations, rate: Floats, s: Floats) -> tuple[Floats, Floats]:
    """Populations (pumps, groups, states) and d ln p/ds (pumps, groups, modes, states)."""
    light = s[:, None, :] * equations.profile
    up = light @ equations.absorb_per_ns
    up = (up + (rate[:, None] * equations.pump_profile)[..., None])[..., :-1]
    down = (light @ equations.emit_per_ns + equations.decay_per_ns)[..., 1:]
    zero = np.zeros((*up.shape[:-1], 1))
    logs = np.concatenate([zero, np.cumsum(np.log(up) - np.log(down), axis=-1)], axis=-1)
    p = np.exp(logs - logs.max(axis=-1, keepdims=True))
    p /= p.sum(axis=-1, keepdims=True)
    weight = equations.profile[None, :, :, None]
    each = equations.absorb_per_ns[:, None, :, :-1] / up[:, :, None, :]
    each = weight * (each - equations.emit_per_ns[:, None, :, 1:] / down[:, :, None, :])
    slope = np.concatenate([np.zeros((*each.shape[:-1], 1)), np.cumsum(each, axis=-1)], axis=-1)
    mean = (slope * p[:, :, None, :]).sum(axis=-1, keepdims=True)
    return p, slope - mean


def _residual(equations: RateEquations, rate: Floats, s: Floats) -> tuple[Floats, Floats]:
    """F = (net gain + r/s)/kappa, (pumps, modes), and dF/d ln s, (pumps, modes, modes)."""
    p, slope = _chain(equations, rate, s)
    share = (equations.group_fraction[:, None] * equations.profile).T
    loss = equations.loss_per_ns
    gain = equations.gain_per_ns
    seen = share @ p if equations.groups > 1 else p
    net = ((seen * gain).sum(axis=-1) - equations.background_per_ns) / loss - 1
    source = (seen * equations.spontaneous_per_ns).sum(axis=-1) / loss / s
    change = p[:, :, None, :] * slope
    matrix = np.zeros((len(s), s.shape[1], s.shape[1]))
    for g in range(equations.groups):
        both = gain + equations.spontaneous_per_ns / s[..., None]
        part = (share[:, g, None] * both / loss[..., None]) @ np.swapaxes(change[:, g], -1, -2)
        matrix += part
    matrix *= s[:, None, :]
    i = np.arange(s.shape[1])
    matrix[:, i, i] -= source
    return net + source, matrix


def _solve(equations: RateEquations, rate: Floats) -> Floats:
    """Photons per nanocrystal, (pumps, modes): d ln s/dt = F by growing implicit steps."""
    loss, emits = equations.loss_per_ns, equations.spontaneous_per_ns
    floor = 1e-30
    p, _ = _chain(equations, rate, np.full((len(rate), equations.mode_count), floor))
    mean = (equations.group_fraction @ p)[:, None, :]
    # Below the solution Newton's steps in ln s are safe; above it a bleaching absorber misleads
    # them. So start with all losses and no gain.
    lost = loss + equations.background_per_ns + (mean * equations.absorb_per_ns).sum(axis=-1)
    x = np.log(np.maximum((mean * emits).sum(axis=-1) / lost, floor))
    done = np.zeros(len(rate), dtype=bool)
    tau = np.full(len(rate), 0.1)
    eye = np.eye(equations.mode_count)
    for _ in range(_STEPS):
        active = np.flatnonzero(~done)
        if not len(active):
            return np.asarray(np.exp(x))
        value, matrix = _residual(equations, rate[active], np.exp(x[active]))
        implicit = eye / tau[active, None, None] - matrix
        move = np.linalg.solve(implicit, value[..., None])[..., 0]
        largest = np.abs(move).max(axis=1)
        small = largest < 1.5
        x[active[small]] += move[small]
        tau[active] *= np.where(small, np.clip(1 / np.maximum(largest, 1e-300), 1.0, 4.0), 0.25)
        done[active] = (largest < 1e-9) & (tau[active] > 1e3)
    worst = float(rate[np.flatnonzero(~done)[0]])
    raise ValueError(
        f"steady_laser: no steady state found at W = {worst:g} per ns; "
        "start from simulate_laser with a ContinuousPump"
    )
