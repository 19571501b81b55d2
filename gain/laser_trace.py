"""One laser pulse in time and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gain.laser_model import LaserModel
from gain.pulse_shape import PulseShape

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["LaserTrace"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class LaserTrace:
    """Populations and photons in time; excitons and photons are per nanocrystal.

    Attributes:
        model, pulse, absorbed_photons: what was asked.
        time_ns: times (ns), (times,); 0 is the pulse's centre.
        populations: (times, groups, states).
        photons: in each mode, (times, modes); times `model.nanocrystals` for photon numbers.
        emitted: photons emitted by each mode until then, (times, modes).
        state_time_ns: time spent in each state until then, mean over the groups, (times, states).
        absorbed: excitons made by the pump until then, (times,).
        spontaneous: photons emitted spontaneously into the modes until then, (times,).
        background: photons absorbed by sigma_high until then, (times,).
    """

    model: LaserModel
    pulse: PulseShape
    absorbed_photons: float
    time_ns: Floats
    populations: Floats
    photons: Floats
    emitted: Floats
    state_time_ns: Floats
    absorbed: Floats
    spontaneous: Floats
    background: Floats

    @property
    def mean_populations(self) -> Floats:
        """Populations over all nanocrystals, (times, states)."""
        fraction = self.model.modes.group_fraction
        return np.asarray(np.einsum("g,tgn->tn", fraction, self.populations))

    @property
    def mean_excitons(self) -> Floats:
        """<N>(t), (times,)."""
        return np.asarray(self.mean_populations @ np.arange(self.model.kinetics.states))

    @property
    def output_per_ns(self) -> Floats:
        """Photons emitted by each mode per nanocrystal and ns, (times, modes)."""
        return self.photons * self.model.modes.loss_per_ns

    @property
    def net_gain(self) -> Floats:
        """K g - 1 of each mode, (times, modes): > 0 while its photons multiply."""
        modes = self.model.modes
        seen = np.einsum("g,gm,tgn->tmn", modes.group_fraction, modes.profile, self.populations)
        gain = (seen * self.model.spectrum.gain).sum(axis=-1)
        return np.asarray(modes.figure_of_merit * gain - 1)

    @property
    def brightest(self) -> int:
        """Index of the mode that emits most photons."""
        return int(np.argmax(self.emitted[-1]))

    @property
    def brightest_label(self) -> str:
        """Label of that mode."""
        return self.model.modes.labels[self.brightest]

    def balance_error(self) -> float:
        """Return the largest miss of excitons in = left + decayed + photons, over excitons in."""
        decayed = self.state_time_ns @ self.model.kinetics.decay_rates_per_ns()
        if not isinstance(self.model.spontaneous, str):
            decayed = decayed - self.spontaneous
        out = self.mean_excitons + decayed + self.emitted.sum(axis=1) + self.background
        out = out + self.photons.sum(axis=1)
        scale = float(self.absorbed.max())
        return float(np.abs(out - self.absorbed).max() / scale) if scale > 0 else 0.0

    def turn_on_ns(self) -> Floats:
        """Return when the output of each mode peaks (ns), (modes,)."""
        return np.asarray(self.time_ns[np.argmax(self.photons, axis=0)])

    def output_fwhm_ns(self) -> float:
        """Return the full width at half maximum of the total output around its peak (ns)."""
        total = self.output_per_ns.sum(axis=1)
        top = int(np.argmax(total))
        half = 0.5 * total[top]
        left, right = np.flatnonzero(total[:top] < half), np.flatnonzero(total[top:] < half)
        begin = self.time_ns[0] if not len(left) else self._at(total, half, int(left[-1]))
        last = top + int(right[0]) - 1 if len(right) else len(total) - 1
        end = self.time_ns[-1] if not len(right) else self._at(total, half, last)
        return float(end - begin)

    def _at(self, values: Floats, level: float, j: int) -> float:
        share = (level - values[j]) / (values[j + 1] - values[j])
        return float(self.time_ns[j] + share * (self.time_ns[j + 1] - self.time_ns[j]))

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot the output of the brightest modes against time, with the pump."""
        from gain.laser_plots import plot_laser_trace

        return plot_laser_trace(self, ax=ax)
