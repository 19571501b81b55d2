"""Transition spectra of a nanocrystal with N excitons: equation (5) for any degeneracy.

Normalised gain, with P_N the probability of N excitons and f_N = min(N/2M, 1):

    g/(C sigma_0) = sum_N P_N [ f_N G(x - x_em,N) - (1 - f_N) G(x - x_abs,N) ] - b

Emission N -> N-1 lies at the emission peak less the shift of its N - 1 spectators, absorption
N -> N+1 at the absorption peak less the shift of its N spectators; all N >= 2M are one state.
M = 1 gives back equation (5) of HAL hal-05014673 (2025), term by term. A species with z extra
carriers has f_more = min((N + z)/2M, 1) of one kind of carrier and f_N of the other: emission
f_N, absorption 1 - f_more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cavities.constants import HC_EV_NM
from gain.ensemble import broadened_profile

if TYPE_CHECKING:
    from gain.gain_film import GainFilm
    from gain.line_shape import GaussianLine, TabulatedLine
    from gain.nanocrystal_medium import NanocrystalMedium

__all__ = [
    "Species",
    "absorption_coefficients",
    "absorption_positions",
    "emission_coefficients",
    "emission_positions",
    "redshift",
    "wavelength_at",
]


class Species(NamedTuple):
    """Nanocrystals of one charge.

    Attributes:
        fraction: share of the ensemble, 0 to 1.
        extra_carriers: z, electrons (or holes) present before the pump.
        charge_shift: blue shift of every line by the charge, in the medium's `shifts_in`.
        biexciton_shift: blue shift of the lines with spectator excitons, charge included;
            None: the medium's Delta_XX on top of `charge_shift`.
    """

    fraction: float = 1.0
    extra_carriers: int = 0
    charge_shift: float = 0.0
    biexciton_shift: float | None = None


NEUTRAL = Species()
"""Nanocrystals without extra carriers."""


def redshift(medium: GainFilm, wavelength: ArrayLike) -> NDArray[np.float64]:
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


def wavelength_at(medium: GainFilm, shift: ArrayLike) -> NDArray[np.float64]:
    """Return the vacuum wavelength (um) at a distance from the emission peak: inverse of above."""
    u = np.asarray(shift, dtype=np.float64)
    if medium.shifts_in == "nm":
        return medium.emission_wavelength + 1e-3 * u
    return 1 / (1 / medium.emission_wavelength - u / HC_EV_NM)


def _blue_shift(
    medium: NanocrystalMedium, species: Species, spectators: ArrayLike
) -> NDArray[np.float64]:
    n = np.maximum(np.asarray(spectators, dtype=np.float64), 0.0)
    count = np.minimum(n, 1.0) if medium.exciton_interaction == "saturated" else n
    shift = medium.biexciton_redshift
    if species.biexciton_shift is not None:
        shift = species.biexciton_shift - species.charge_shift
    return species.charge_shift + shift * count


def emission_positions(
    medium: NanocrystalMedium, species: Species = NEUTRAL
) -> NDArray[np.float64]:
    """Return the position of the emission line of each state, (states,), as a redshift."""
    return -_blue_shift(medium, species, np.arange(medium.states) - 1)


def absorption_positions(
    medium: NanocrystalMedium, species: Species = NEUTRAL
) -> NDArray[np.float64]:
    """Return the position of the absorption line of each state, (states,), as a redshift."""
    return -medium.stokes_redshift - _blue_shift(medium, species, np.arange(medium.states))


def _fillings(
    medium: NanocrystalMedium, species: Species
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Filled share of the band edge by state: the scarcer kind of carrier, the other kind."""
    pairs = medium.states - 1
    excitons = np.arange(medium.states)
    return excitons / pairs, np.minimum(excitons + species.extra_carriers, pairs) / pairs


def _lines(
    medium: NanocrystalMedium,
    line: GaussianLine | TabulatedLine,
    positions: NDArray[np.float64],
    wavelength: ArrayLike,
) -> NDArray[np.float64]:
    distinct, which = np.unique(positions, return_inverse=True)
    u = redshift(medium, wavelength)[..., None] - distinct
    profile = broadened_profile(
        line, medium.inhomogeneous, u, medium.shifts_in, nm_per_mev=medium.nm_per_mev
    )
    return profile[..., which]


def emission_coefficients(medium: NanocrystalMedium, wavelength: ArrayLike) -> NDArray[np.float64]:
    """Return sigma_em/sigma_0 of each state, (..., states), at wavelengths (um), (...)."""
    line = medium.emission_line or medium.line
    total: NDArray[np.float64] | float = 0.0
    for species in medium.species:
        scarce, ample = _fillings(medium, species)
        share = species.fraction * (scarce if medium.pairing == "paired" else scarce * ample)
        total = total + share * _lines(
            medium, line, emission_positions(medium, species), wavelength
        )
    return np.asarray(total)


def absorption_coefficients(
    medium: NanocrystalMedium, wavelength: ArrayLike
) -> NDArray[np.float64]:
    """Return sigma_abs/sigma_0 of each state, (..., states), at wavelengths (um), (...)."""
    total: NDArray[np.float64] | float = 0.0
    for species in medium.species:
        scarce, ample = _fillings(medium, species)
        empty = 1 - ample if medium.pairing == "paired" else (1 - scarce) * (1 - ample)
        total = total + species.fraction * empty * _lines(
            medium, medium.line, absorption_positions(medium, species), wavelength
        )
    return np.asarray(total)
