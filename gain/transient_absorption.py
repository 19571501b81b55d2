"""Transient absorption from populations: dA(t, lambda), gain onset and lifetime.

A(t, lambda) = -(C l/ln 10) sigma_0 g_hat(populations; lambda) is the decadic absorbance of the
excited sample, A_0 that of the ground state, dA = A - A_0. The sample amplifies where A < 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.exciton_kinetics import ExcitonKinetics
from gain.gain_film import GainFilm
from gain.ladder_spectrum import ladder_cross_sections
from gain.population_dynamics import evolve_populations
from gain.pulse_shape import InstantPulse

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

__all__ = ["TransientAbsorption", "excited_absorbance_ratio", "pump_probe_map"]

Floats = NDArray[np.float64]

_CM_PER_UM = 1e-4
_NS_PER_PS = 1e-3


def excited_absorbance_ratio(populations: ArrayLike) -> Floats:
    """Return A/A_0 of a two-fold degenerate band edge without line shifts, p_0 - p_(N >= 2).

    Args:
        populations: of 0, 1, 2.. excitons, (..., states).

    Returns:
        1 unexcited, 0 transparent, -1 inverted, (...).

    Example:
        >>> from gain.populations import poisson_populations
        >>> excited_absorbance_ratio(poisson_populations([1.0, 3.0])).round(3).tolist()
        [0.104, -0.751]
    """
    p = np.asarray(populations, dtype=np.float64)
    if p.ndim == 0 or p.shape[-1] < 2:
        raise ValueError(
            f"populations: last axis must hold at least two states, got shape {p.shape}; give "
            "p_0, p_1, ..."
        )
    return np.asarray(p[..., 0] - p[..., 2:].sum(axis=-1))


@dataclass(frozen=True, kw_only=True, eq=False)
class TransientAbsorption:
    """A pump-probe map.

    Attributes:
        medium, kinetics: the sample.
        absorbed_photons: N of the pump pulse.
        path_length: of the probe through the sample (um).
        delay_ps: delays after the pump (delays,).
        wavelength: of the probe (um), (points,).
        populations: (delays, states).
        unexcited_absorbance: A_0, decadic (points,).
        absorbance_change: dA, decadic (delays, points).
    """

    medium: GainFilm
    kinetics: ExcitonKinetics
    absorbed_photons: float
    path_length: float
    delay_ps: Floats
    wavelength: Floats
    populations: Floats
    unexcited_absorbance: Floats
    absorbance_change: Floats

    @property
    def excited_absorbance(self) -> Floats:
        """A_0 + dA (delays, points); negative: gain."""
        return np.asarray(self.unexcited_absorbance + self.absorbance_change)

    @property
    def mean_excitons(self) -> Floats:
        """Mean excitons per nanocrystal (delays,)."""
        return np.asarray(self.populations @ np.arange(self.populations.shape[-1]))

    @property
    def gain_lifetime_ps(self) -> Floats:
        """Delay at which the gain of each wavelength ends (ps), (points,).

        0: no gain at any delay; inf: still there at the last one. Linear between delays.
        """
        excited = self.excited_absorbance
        end = np.zeros(excited.shape[1])
        for column in range(excited.shape[1]):
            row = excited[:, column]
            below = np.flatnonzero(row < 0)
            if not len(below):
                continue
            last = int(below[-1])
            if last == len(row) - 1:
                end[column] = np.inf
                continue
            share = row[last] / (row[last] - row[last + 1])
            step = self.delay_ps[last + 1] - self.delay_ps[last]
            end[column] = self.delay_ps[last] + share * step
        return end

    @property
    def gain_bandwidth_ev(self) -> Floats:
        """Width of the probe window that amplifies at each delay (eV), (delays,)."""
        from cavities.constants import HC_EV_UM

        energy = HC_EV_UM / self.wavelength
        weight = np.abs(np.gradient(energy))
        return np.asarray((self.excited_absorbance < 0) @ weight)

    def at(self, wavelength: float) -> tuple[Floats, Floats]:
        """Return (delay_ps, dA) at the sampled wavelength nearest to one (um)."""
        column = int(np.argmin(np.abs(self.wavelength - wavelength)))
        return self.delay_ps, self.absorbance_change[:, column]

    def to_dataset(self) -> xr.Dataset:
        """Return an xarray data set with units in the attributes."""
        import xarray as xr

        names = ("delay", "wavelength")
        return xr.Dataset(
            {
                "absorbance_change": (names, self.absorbance_change, {"units": "1, decadic"}),
                "unexcited_absorbance": (
                    "wavelength",
                    self.unexcited_absorbance,
                    {"units": "1, decadic"},
                ),
                "mean_excitons": ("delay", self.mean_excitons, {"units": "1"}),
            },
            coords={
                "delay": ("delay", self.delay_ps, {"units": "ps"}),
                "wavelength": ("wavelength", self.wavelength, {"units": "um"}),
            },
        )

    def report(self) -> str:
        """Return the bleach, the gain and how long it lasts, in words."""
        strongest = int(np.argmin(self.absorbance_change[0]))
        lifetime = self.gain_lifetime_ps
        lines = [
            f"N = {self.absorbed_photons:g}: largest bleach "
            f"{self.absorbance_change[0, strongest]:+.4g} at "
            f"{1e3 * self.wavelength[strongest]:.0f} nm "
            f"(absorbance {self.unexcited_absorbance[strongest]:.4g})."
        ]
        gaining = np.flatnonzero(lifetime > 0)
        if not len(gaining):
            lines.append("No gain at any delay.")
            return "\n".join(lines)
        blue, red = 1e3 * self.wavelength[gaining[[0, -1]]]
        longest = int(gaining[np.argmax(lifetime[gaining])])
        duration = lifetime[longest]
        until = "beyond the last delay" if np.isinf(duration) else f"for {duration:.3g} ps"
        lines.append(
            f"Gain from {blue:.0f} to {red:.0f} nm, longest at "
            f"{1e3 * self.wavelength[longest]:.0f} nm: {until}."
        )
        return "\n".join(lines)

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Plot dA over wavelength and delay, with the edge of the gain."""
        from gain.transient_plots import plot_transient_absorption

        return plot_transient_absorption(self, ax=ax)


def pump_probe_map(
    medium: GainFilm,
    kinetics: ExcitonKinetics,
    absorbed_photons: float,
    delay_ps: ArrayLike,
    wavelength: ArrayLike,
    *,
    path_length: float = 1000.0,
) -> TransientAbsorption:
    """Return dA(t, lambda) after a pump pulse that is short against every lifetime.

    Args:
        medium: the nanocrystals with their concentration.
        kinetics: their decay rates.
        absorbed_photons: N, mean absorbed photons per nanocrystal.
        delay_ps: delays (ps), (delays,), increasing from 0 or later.
        wavelength: of the probe (um), (points,), increasing.
        path_length: of the probe (um); 1 mm by default.

    Errors: ValueError for delays or wavelengths that do not increase, or a path that is not
        positive.
    Validity: no stimulated emission by the probe, a uniform pump over the probed volume, no hot
        carriers (the first picosecond), the line shapes of the gain model.

    Example:
        >>> from gain.kinetics_presets import kinetics_preset
        >>> from gain.presets import quantum_dots
        >>> dots = quantum_dots(concentration_per_cm3=3e15)
        >>> kinetics = kinetics_preset("cdznse_dots")
        >>> result = pump_probe_map(dots, kinetics, 3.0, [0.0, 1000.0], [0.639, 0.654])
        >>> bool(result.excited_absorbance[0, 1] < 0)
        True
    """
    t = np.atleast_1d(np.asarray(delay_ps, dtype=np.float64))
    x = np.atleast_1d(np.asarray(wavelength, dtype=np.float64))
    for name, values in (("delay_ps", t), ("wavelength", x)):
        if values.ndim != 1 or values[0] < 0 or not np.all(np.diff(values) > 0):
            raise ValueError(
                f"{name}: must be >= 0 and increase, got shape {values.shape} from "
                f"{values.flat[0]:g}; sort them, the pump comes at 0"
            )
    if not path_length > 0:
        raise ValueError(f"path_length: must be > 0 um, got {path_length:g}; check the unit")
    if not absorbed_photons >= 0:
        raise ValueError(
            f"absorbed_photons: must be >= 0, got {absorbed_photons:g}; give a mean number"
        )
    times = _NS_PER_PS * t
    grid = times if times[0] == 0 else np.concatenate([[0.0], times])
    if len(grid) == 1:  # the integrator needs an interval
        grid = np.array([0.0, _NS_PER_PS])
    trace = evolve_populations(kinetics, InstantPulse(), absorbed_photons, times_ns=grid)
    start = len(grid) - len(times) if times[0] > 0 else 0
    populations = trace.populations[start : start + len(times)]
    coefficients = ladder_cross_sections(medium, x, kinetics.states).gain
    # Absorbance of each state, decadic; that of state 0 is A_0.
    scale = -medium.peak_gain_per_cm * path_length * _CM_PER_UM / math.log(10)
    ground = scale * coefficients[:, 0]
    return TransientAbsorption(
        medium=medium,
        kinetics=kinetics,
        absorbed_photons=float(absorbed_photons),
        path_length=float(path_length),
        delay_ps=t,
        wavelength=x,
        populations=populations,
        unexcited_absorbance=ground,
        absorbance_change=np.asarray(scale * populations @ coefficients.T - ground),
    )
