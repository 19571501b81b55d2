"""Transition spectra of a nanocrystal with N excitons: equation (5) for any degeneracy.

Normalised gain, with P_N the probability of N excitons and f_N = min(N/2M, 1):

    g/(C sigma_0) = sum_N P_N [ f_N G(x - x_em,N) - (1 - f_N) G(x - x_abs,N) ] - b

Emission N -> N-1 lies at the emission peak less the shift of its N - 1 spectators, absorption
N -> N+1 at the absorption peak less the shift of its N spectators; all N >= 2M are one state.
M = 1 gives back equation (5) of HAL hal-05014673 (2025), term by term.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cavities.constants import HC_EV_NM

if TYPE_CHECKING:
    from gain.line_shape import GaussianLine, TabulatedLine
    from gain.nanocrystal_medium import NanocrystalMedium

__all__ = [
    "absorption_coefficients",
    "absorption_positions",
    "emission_coefficients",
    "emission_positions",
    "redshift",
    "wavelength_at",
]


def redshift(medium: NanocrystalMedium, wavelength: ArrayLike) -> NDArray[np.float64]:
    """Return the distance from the emission peak, positive to the red.

    Args:
        medium: its `shifts_in` sets the unit, nm or meV.
        wavelength: vacuum wavelengths (um), any shape.

    Errors: ValueError for a wavelength that is not positive.
    """
    x = np.asarray(wavelength, dtype=np.float64)
    if not np.all(x > 0):
        raise ValueError(f"wavelength: must be positive (um), got {np.min(x):g}; check the unit")
    if medium.shifts_in == "nm":
        return 1e3 * (x - medium.emission_wavelength)
    return HC_EV_NM * (1 / medium.emission_wavelength - 1 / x)


def wavelength_at(medium: NanocrystalMedium, shift: ArrayLike) -> NDArray[np.float64]:
    """Return the vacuum wavelength (um) at a distance from the emission peak: inverse of above."""
    u = np.asarray(shift, dtype=np.float64)
    if medium.shifts_in == "nm":
        return medium.emission_wavelength + 1e-3 * u
    return 1 / (1 / medium.emission_wavelength - u / HC_EV_NM)


def _spectator_shift(medium: NanocrystalMedium, spectators: ArrayLike) -> NDArray[np.float64]:
    n = np.maximum(np.asarray(spectators, dtype=np.float64), 0.0)
    count = np.minimum(n, 1.0) if medium.exciton_interaction == "saturated" else n
    return medium.biexciton_redshift * count


def emission_positions(medium: NanocrystalMedium) -> NDArray[np.float64]:
    """Return the position of the emission line of each state, (states,), as a redshift."""
    return -_spectator_shift(medium, np.arange(medium.states) - 1)


def absorption_positions(medium: NanocrystalMedium) -> NDArray[np.float64]:
    """Return the position of the absorption line of each state, (states,), as a redshift."""
    return -medium.stokes_redshift - _spectator_shift(medium, np.arange(medium.states))


def _lines(
    medium: NanocrystalMedium,
    line: GaussianLine | TabulatedLine,
    positions: NDArray[np.float64],
    wavelength: ArrayLike,
) -> NDArray[np.float64]:
    distinct, which = np.unique(positions, return_inverse=True)
    u = redshift(medium, wavelength)[..., None] - distinct
    return line.profile(u, medium.shifts_in, nm_per_mev=medium.nm_per_mev)[..., which]


def emission_coefficients(medium: NanocrystalMedium, wavelength: ArrayLike) -> NDArray[np.float64]:
    """Return sigma_em/sigma_0 of each state, (..., states), at wavelengths (um), (...)."""
    share = np.arange(medium.states) / (medium.states - 1)
    line = medium.emission_line or medium.line
    return share * _lines(medium, line, emission_positions(medium), wavelength)


def absorption_coefficients(
    medium: NanocrystalMedium, wavelength: ArrayLike
) -> NDArray[np.float64]:
    """Return sigma_abs/sigma_0 of each state, (..., states), at wavelengths (um), (...)."""
    share = 1 - np.arange(medium.states) / (medium.states - 1)
    return share * _lines(medium, medium.line, absorption_positions(medium), wavelength)
