"""Gain spectra of a ladder of N-exciton states: what populations from kinetics amplify.

A medium knows 2M + 1 optically distinct states (0, X, XX for dots and shells); a ladder may go
higher. States above 2M have the spectrum of 2M: the band edge is full.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.gain_film import GainFilm
from gain.spectrum import wavelength_at

__all__ = ["LadderSpectrum", "ladder_cross_sections"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class LadderSpectrum:
    """Cross-sections of every state over sigma_0, at some wavelengths.

    Attributes:
        emission: sigma_em/sigma_0, (..., states).
        absorption: sigma_abs/sigma_0, (..., states); 0 in the top state.
        peak: largest sigma_em/sigma_0 of each state at any wavelength, (states,).
        background: sigma_high/sigma_0, (...).
    """

    emission: Floats
    absorption: Floats
    peak: Floats
    background: Floats

    @property
    def gain(self) -> Floats:
        """Normalised gain of each state, (..., states): emission - absorption - background."""
        return self.emission - self.absorption - self.background[..., None]

    @property
    def line(self) -> Floats:
        """Emission line of each state with peak 1, (..., states); 0 where it does not emit."""
        blank = np.zeros_like(self.emission)
        return np.divide(self.emission, self.peak, out=blank, where=self.peak > 0)


def ladder_cross_sections(medium: GainFilm, wavelength: ArrayLike, states: int) -> LadderSpectrum:
    """Return the cross-sections of the states 0, 1, ... at vacuum wavelengths (um), (...).

    Args:
        medium: the nanocrystals.
        wavelength: vacuum wavelengths (um), (...).
        states: number of states of the ladder, at least two.

    Raises:
        ValueError: fewer states than two.

    Example:
        >>> from gain.presets import quantum_shells
        >>> ladder_cross_sections(quantum_shells(), 0.665, 5).gain.round(4).tolist()
        [-0.0333, 0.2135, 0.0065, 0.0065, 0.0065]
    """
    if states < 2:
        raise ValueError(f"states: must be at least 2, got {states}; raise max_excitons")
    place = np.minimum(np.arange(states), medium.states - 1)
    upward = np.array(medium.absorption_coefficients(wavelength)[..., place])
    upward[..., -1] = 0.0
    return LadderSpectrum(
        emission=np.asarray(medium.emission_coefficients(wavelength)[..., place]),
        absorption=upward,
        peak=_peaks(medium)[place],
        background=medium.background_ratio(wavelength),
    )


def _peaks(medium: GainFilm) -> Floats:
    """Largest emission of each state, (medium states,)."""
    lines = medium.line_positions
    reach = 4 * medium.line_width
    grid = np.linspace(lines.min() - reach, lines.max() + reach, 1001)
    every = wavelength_at(medium, np.concatenate([lines, grid]))
    return np.asarray(medium.emission_coefficients(every[every > 0]).max(axis=0))
