"""The laser threshold under a real pump: net gain from populations that decay while they build up.

The primary definition of threshold: the smallest pump for which some mode has K g(t) = 1 at some
time, with populations from pump and decay alone. No photons are needed (without depletion they
would grow without bound), no spontaneous emission factor enters, and nothing is fitted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gain.laser_model import LaserModel
from gain.population_dynamics import evolve_populations
from gain.pulse_shape import ContinuousPump, InstantPulse, PulseShape

__all__ = ["DynamicThreshold", "largest_net_gain", "net_gain_threshold"]

Floats = NDArray[np.float64]

_GRID = 40


@dataclass(frozen=True, kw_only=True, eq=False)
class DynamicThreshold:
    """Threshold by net gain; nan and None where no mode lases at any pump of the search.

    Attributes:
        absorbed_photons: N at threshold: per pulse, or per period of a `ContinuousPump`.
        mode: index of the mode that lases first; label, wavelength (um): of that mode.
        time_ns: when its gain reaches the loss (ns); inf for a continuous pump.
        redshift_nm: wavelength minus emission peak (nm).
        searched: pump levels between which the threshold was looked for.
    """

    absorbed_photons: float
    mode: int | None
    label: str | None
    wavelength: float
    time_ns: float
    redshift_nm: float
    searched: tuple[float, float]

    @property
    def lases(self) -> bool:
        """Whether a threshold exists."""
        return self.mode is not None

    def report(self) -> str:
        """Return one sentence."""
        if self.mode is None:
            low, high = self.searched
            return f"No mode lases for N from {low:.3g} to {high:.3g}."
        return (
            f"{self.label} lases first ({self.redshift_nm:+.1f} nm from the emission peak), at "
            f"N = {self.absorbed_photons:.4g}."
        )


def net_gain_threshold(
    model: LaserModel,
    pulse: PulseShape,
    *,
    photons: int = 1,
    search: tuple[float, float] = (1e-3, 100.0),
    duration_ns: float | None = None,
) -> DynamicThreshold:
    """Return the smallest pump with net gain in some mode at some time.

    Args:
        model: the laser; its spontaneous emission is not used.
        pulse: the pump in time; `InstantPulse` for femtoseconds, `ContinuousPump` for CW.
        photons: 1 or 2 photons per excitation.
        search: lowest and highest N looked at; the lowest is lowered where it is above threshold.
        duration_ns: how long after the pulse gain may come (ns); None: five exciton lifetimes.

    Returns:
        The threshold; with nan where there is none (K too small, say): a result, not an error.

    Raises:
        ValueError: a search interval that is empty or not positive.

    Example:
        >>> from gain.kinetics_presets import kinetics_preset
        >>> from gain.laser_modes import LaserModes
        >>> from gain.presets import quantum_shells
        >>> modes = LaserModes.comb(
        ...     0.650, spacing_nm=4.05, count=25, quality_factor=6000, figure_of_merit=50)
        >>> shells = kinetics_preset("microdisk_shells")
        >>> model = LaserModel(medium=quantum_shells(), kinetics=shells, modes=modes)
        >>> print(net_gain_threshold(model, ContinuousPump(period_ns=20.0)).report())
        666.20 nm lases first (+16.2 nm from the emission peak), at N = 0.2741.
    """
    low, high = (float(edge) for edge in search)
    if not 0 < low < high:
        raise ValueError(f"search: must be 0 < low < high, got ({low:g}, {high:g}); widen it")

    def excess(n: Floats) -> tuple[Floats, NDArray[np.intp], Floats]:
        return largest_net_gain(model, pulse, n, photons=photons, duration_ns=duration_ns)

    while excess(np.array([low]))[0][0] > 0 and low > 1e-9:
        low *= 0.01
    grid = np.geomspace(low, high, _GRID)
    above = np.flatnonzero(excess(grid)[0] > 0)
    nothing = float("nan")
    if not len(above) or above[0] == 0:
        return DynamicThreshold(
            absorbed_photons=nothing, mode=None, label=None, wavelength=nothing, time_ns=nothing,
            redshift_nm=nothing, searched=(low, high),
        )  # fmt: skip
    from scipy.optimize import brentq

    first = int(above[0])
    left, right = (float(edge) for edge in np.log(grid[first - 1 : first + 1]))
    root = brentq(lambda x: float(excess(np.exp([x]))[0][0]), left, right, xtol=1e-9, rtol=1e-9)
    n = float(np.exp(root))
    _, mode, time = excess(np.array([n]))
    best = int(mode[0])
    wavelength = float(model.modes.wavelength[best])
    return DynamicThreshold(
        absorbed_photons=n,
        mode=best,
        label=model.modes.labels[best],
        wavelength=wavelength,
        time_ns=float(time[0]),
        redshift_nm=1e3 * (wavelength - model.medium.emission_wavelength),
        searched=(low, high),
    )


def largest_net_gain(
    model: LaserModel,
    pulse: PulseShape,
    absorbed_photons: Floats,
    *,
    photons: int = 1,
    duration_ns: float | None = None,
) -> tuple[Floats, NDArray[np.intp], Floats]:
    """Return the largest K g - 1 over modes and time, its mode and its time (ns), each (pumps,).

    Args: as for `net_gain_threshold`, `absorbed_photons` (pumps,).
    """
    modes = model.modes
    n = np.asarray(absorbed_photons, dtype=np.float64)
    local = n[:, None] * modes.pump_profile
    if isinstance(pulse, ContinuousPump):
        p = model.kinetics.cw_populations(local / pulse.period_ns)[:, :, None, :]
        times = np.array([np.inf])
    else:
        trace = evolve_populations(
            model.kinetics, pulse, local, photons=photons, duration_ns=duration_ns
        )
        p, times = trace.populations, trace.time_ns
    share = modes.group_fraction[:, None] * modes.profile
    gain = np.zeros((len(n), len(times), len(modes.labels)))
    for g in range(len(share)):
        gain += (p[:, g] @ model.spectrum.gain.T) * share[g]
    net = gain * modes.figure_of_merit - 1
    flat = net.reshape(len(n), -1)
    place = np.argmax(flat, axis=1)
    when, mode = np.divmod(place, net.shape[-1])
    top, at = np.empty(len(n)), np.empty(len(n))
    for i in range(len(n)):
        top[i], at[i] = _refined(times, net[i, :, mode[i]], int(when[i]))
    if isinstance(pulse, InstantPulse):
        at = np.maximum(at, 0.0)
    return top, mode, at


def _refined(times: Floats, values: Floats, j: int) -> tuple[float, float]:
    """Maximum of the parabola through a sample and its neighbours: value and time."""
    if not 0 < j < len(values) - 1:
        return float(values[j]), float(times[j])
    t, v = times[j - 1 : j + 2] - times[j], values[j - 1 : j + 2]
    left, right = (v[0] - v[1]) / t[0], (v[2] - v[1]) / t[2]
    curve = (right - left) / (t[2] - t[0])
    slope = left - curve * t[0]
    if curve >= 0:
        return float(v[1]), float(times[j])
    shift = float(np.clip(-0.5 * slope / curve, t[0], t[2]))
    return float(v[1] + slope * shift + curve * shift**2), float(times[j] + shift)
