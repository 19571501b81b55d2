"""Populations in time and what follows from them: excitons, gain, emission, balance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.exciton_kinetics import ExcitonKinetics
from gain.gain_film import GainFilm
from gain.ladder_spectrum import ladder_cross_sections
from gain.pulse_shape import PulseShape

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["PopulationTrace"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class PopulationTrace:
    """Populations after a pump, without stimulated emission.

    Attributes:
        kinetics, pulse, photons: what was asked.
        absorbed_photons: N, (...).
        time_ns: times (ns), (times,); 0 is the pulse's centre.
        populations: (..., times, states).
        initial_excitons: mean excitons before the pulse, (...).
        absorbed, radiated, auger, trapped: mean number of excitons per nanocrystal made by the
            pump and lost through each channel until then, (..., times). `absorbed` falls short
            of N where the top state is full.
    """

    kinetics: ExcitonKinetics
    pulse: PulseShape
    photons: int
    absorbed_photons: Floats
    time_ns: Floats
    populations: Floats
    initial_excitons: Floats
    absorbed: Floats
    radiated: Floats
    auger: Floats
    trapped: Floats

    @property
    def mean_excitons(self) -> Floats:
        """<N>(t), (..., times)."""
        return np.asarray(self.populations @ np.arange(self.kinetics.states))

    @property
    def top_population(self) -> Floats:
        """Largest population of the top state, (...): above some percent the ladder is short."""
        return np.asarray(self.populations[..., -1].max(axis=-1))

    def balance_error(self) -> Floats:
        """Return the largest miss of excitons in = excitons left + lost, over those in, (...)."""
        entered = self.initial_excitons[..., None] + self.absorbed
        lost = self.radiated + self.auger + self.trapped
        miss = np.abs(entered - lost - self.mean_excitons).max(axis=-1)
        scale = np.asarray(entered.max(axis=-1))
        return np.asarray(np.divide(miss, scale, out=np.zeros_like(miss), where=scale > 0))

    def emission_per_ns(self) -> Floats:
        """Return the rate of spontaneous emission per nanocrystal (1/ns), (..., times)."""
        return np.asarray(self.populations @ self.kinetics.radiative_rates_per_ns())

    def gain(self, medium: GainFilm, wavelength: ArrayLike) -> Floats:
        """Return g/(C sigma_0), (..., times, wavelengths), at vacuum wavelengths (um), (w,).

        Args:
            medium: the nanocrystals.
            wavelength: one wavelength, or an array (w,).
        """
        coefficients = ladder_cross_sections(medium, wavelength, self.kinetics.states).gain
        return np.asarray(self.populations @ np.moveaxis(coefficients, -1, 0))

    def gain_lifetime_ns(
        self, medium: GainFilm, wavelength: float, *, level: float = 0.0
    ) -> Floats:
        """Return how long g/(C sigma_0) at a wavelength (um) stays above a level (ns), (...).

        From the first to the last crossing, interpolated; inf when the gain has not ended with
        the trace, 0 when there is none.

        Example:
            >>> from gain.kinetics_presets import kinetics_preset
            >>> from gain.population_dynamics import evolve_populations
            >>> from gain.presets import quantum_shells
            >>> from gain.pulse_shape import InstantPulse
            >>> shells = kinetics_preset("quantum_shells_7.2nm")
            >>> trace = evolve_populations(shells, InstantPulse(), [1.0, 1.4, 3.0])
            >>> trace.gain_lifetime_ns(quantum_shells(), 0.6285).round(0).tolist()
            [0.0, 4.0, 16.0]
        """
        gain = self.gain(medium, float(wavelength)) - level
        flat = gain.reshape(-1, gain.shape[-1])
        spans = [_span(self.time_ns, row) for row in flat]
        return np.array(spans).reshape(gain.shape[:-1])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot the populations of one pump level against time."""
        from gain.population_plots import plot_populations

        return plot_populations(self, ax=ax)


def _span(time: Floats, values: Floats) -> float:
    """Time between the first rise above zero and the last fall below it."""
    above = np.flatnonzero(values > 0)
    if not len(above):
        return 0.0
    first, last = int(above[0]), int(above[-1])
    if last == len(time) - 1:
        return float("inf")
    end = _crossing(time, values, last)
    begin = float(time[0]) if first == 0 else _crossing(time, values, first - 1)
    return end - begin


def _crossing(time: Floats, values: Floats, j: int) -> float:
    share = values[j] / (values[j] - values[j + 1])
    return float(time[j] + share * (time[j + 1] - time[j]))
