"""Lineic loss of a cavity mode and the figure of merit K of cavity and medium together."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cavities.constants import SPEED_OF_LIGHT_UM_PER_S

__all__ = [
    "figure_of_merit",
    "lineic_loss_per_cm",
    "photon_lifetime_ps",
    "quality_factor_for",
]

_PER_CM = 1e4  # 1/um in 1/cm


def _positive(name: str, value: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(value, dtype=np.float64)
    if not np.all(array > 0):
        raise ValueError(f"{name}: must be positive, got {np.min(array):g}; check sign and unit")
    return array


def lineic_loss_per_cm(
    wavelength: ArrayLike, quality_factor: ArrayLike, index: ArrayLike
) -> NDArray[np.float64]:
    """Return the cavity loss per length, 2 pi n/(lambda Q) (1/cm); broadcasts.

    This is the material gain that balances the cavity when all of the mode's energy is in the
    film; with a confinement Gamma the film must give 1/Gamma times as much. n is the phase
    index of the gain film, not the mode's effective or group index (an exact transfer-matrix
    pole search agrees to 1e-3). The factor c printed in the source is an error of dimension.

    Args:
        wavelength: vacuum wavelength (um).
        quality_factor: cold-cavity Q, without the nanocrystals' resonant absorption.
        index: real phase index of the gain film.

    Errors: ValueError for values that are not positive.
    Source: HAL hal-05014673 (2025), below equation (5), corrected.

    Example:
        >>> round(float(lineic_loss_per_cm(0.650, 6000, 1.6)), 2)
        25.78
    """
    length = _positive("wavelength", wavelength) * _positive("quality_factor", quality_factor)
    return np.asarray(2 * np.pi * _positive("index", index) / length * _PER_CM)


def photon_lifetime_ps(wavelength: ArrayLike, quality_factor: ArrayLike) -> NDArray[np.float64]:
    """Return the photon lifetime lambda Q/(2 pi c) (ps) at a vacuum wavelength (um); broadcasts.

    Errors: ValueError for values that are not positive.

    Example:
        >>> round(float(photon_lifetime_ps(0.650, 6000)), 2)
        2.07
    """
    length = _positive("wavelength", wavelength) * _positive("quality_factor", quality_factor)
    return np.asarray(1e12 * length / (2 * np.pi * SPEED_OF_LIGHT_UM_PER_S))


def figure_of_merit(
    wavelength: ArrayLike,
    quality_factor: ArrayLike,
    index: ArrayLike,
    *,
    peak_gain_per_cm: ArrayLike,
    confinement: ArrayLike = 1.0,
) -> NDArray[np.float64]:
    """Return K = Gamma lambda Q C sigma_0/(2 pi n); a mode lases when g/(C sigma_0) = 1/K.

    Args:
        wavelength: vacuum wavelength (um).
        quality_factor: cold-cavity Q.
        index: real phase index of the gain film.
        peak_gain_per_cm: C sigma_0 (1/cm), see `NanocrystalMedium.peak_gain_per_cm`.
        confinement: Gamma, energy fraction in the gain film, 0 to 1.

    Errors: ValueError for values out of range.
    Source: HAL hal-05014673 (2025), with the confinement added.

    Example:
        >>> round(float(figure_of_merit(0.650, 6000, 1.6, peak_gain_per_cm=3.5e17 * 5e-15)), 1)
        67.9
    """
    fraction = np.asarray(confinement, dtype=np.float64)
    if not np.all((fraction >= 0) & (fraction <= 1)):
        raise ValueError(
            f"confinement: must lie in 0 to 1, got {fraction.min():g} to {fraction.max():g}; "
            "give the energy fraction in the gain film"
        )
    peak = _positive("peak_gain_per_cm", peak_gain_per_cm)
    loss = lineic_loss_per_cm(wavelength, quality_factor, index)
    with np.errstate(divide="ignore", invalid="ignore"):  # a lossless mode has K = inf
        return np.asarray(np.where(fraction > 0, fraction * peak / loss, 0.0))


def quality_factor_for(
    figure_of_merit: ArrayLike,
    wavelength: ArrayLike,
    index: ArrayLike,
    *,
    peak_gain_per_cm: ArrayLike,
    confinement: ArrayLike = 1.0,
) -> NDArray[np.float64]:
    """Return the Q that gives a figure of merit K: the inverse of `figure_of_merit`.

    Args, errors: as for `figure_of_merit`; confinement must be positive.

    Example:
        >>> round(float(quality_factor_for(67.886, 0.650, 1.6, peak_gain_per_cm=1750.0)))
        6000
    """
    wanted = _positive("figure_of_merit", figure_of_merit)
    loss = lineic_loss_per_cm(wavelength, 1.0, index)
    gain = _positive("confinement", confinement) * _positive("peak_gain_per_cm", peak_gain_per_cm)
    return np.asarray(wanted * loss / gain)
