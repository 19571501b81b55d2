"""Thresholds over the size of the area."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from solvers.coupled_wave.finite_area import FiniteSpectrum, finite_spectrum
from solvers.coupled_wave.solve_coupling import Coupling, coupling

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["LengthSweep", "length_sweep"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class LengthSweep:
    """Finite spectra of squares of several sizes.

    Attributes:
        coupling: of the infinite structure.
        length: sides (um), ascending.
        spectra: one per side.
    """

    coupling: Coupling
    length: Floats
    spectra: tuple[FiniteSpectrum, ...]

    def alpha_l(self, band_edge: str) -> Floats:
        """Return alpha L of the single-lobed mode of a band edge at every size."""
        return np.array([spectrum.of(band_edge).alpha_l for spectrum in self.spectra])

    @property
    def lowest_alpha_l(self) -> Floats:
        """Alpha L of the mode of lowest threshold at every size."""
        return np.array([spectrum[0].alpha_l for spectrum in self.spectra])

    def alpha_per_cm(self, band_edge: str) -> Floats:
        """Return the amplitude threshold gain (1/cm) in the same way."""
        return 1e4 * self.alpha_l(band_edge) / self.length

    @property
    def selectivity_per_cm(self) -> Floats:
        """Margin to the next mode (1/cm) at every size."""
        return np.array([spectrum.selectivity_per_cm for spectrum in self.spectra])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot alpha L of every band edge over the size."""
        from solvers.coupled_wave.plot_finite import plot_length_sweep

        return plot_length_sweep(self, ax=ax)


def length_sweep(
    cavity: Any, lengths: Iterable[float], *, modes: int = 12, gain_region: str = "gain"
) -> LengthSweep:
    """Return the finite spectra of squares of several sizes.

    Args:
        cavity: periodic cavity or its `Coupling`.
        lengths: sides (um).
        modes: how many modes of lowest threshold of each.
        gain_region: as in `finite_spectrum`.
    """
    found = cavity if isinstance(cavity, Coupling) else coupling(cavity)
    sides = np.sort(np.array([float(length) for length in lengths]))
    spectra = tuple(
        finite_spectrum(found, float(side), modes=modes, gain_region=gain_region) for side in sides
    )
    return LengthSweep(coupling=found, length=sides, spectra=spectra)
