"""Threshold of an ensemble whose large nanocrystals absorb more of the pump than the small ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.argument_checks import not_negative
from gain.ensemble import size_classes
from gain.nanocrystal_medium import NanocrystalMedium
from gain.poisson_mixture import Spread, first_root

__all__ = ["size_resolved_photons"]


def size_resolved_photons(
    medium: NanocrystalMedium,
    wavelength: ArrayLike,
    figure_of_merit: ArrayLike,
    *,
    pump_slope: float,
    count: int = 21,
) -> NDArray[np.float64]:
    """Return the threshold N, mean over the ensemble, with the pump absorbed by size; broadcasts.

    A nanocrystal whose lines lie x red of the mean absorbs exp(a x) times as much pump light
    (scaled to mean 1): far above the band edge cross-sections go with the volume, and larger
    ones are redder. They hold more excitons and lase first; with a = 0 this is
    `absorbed_photons_at_threshold`.

    Args:
        medium: nanocrystals with a dispersion (`inhomogeneous`).
        wavelength: vacuum wavelength of the modes (um), (...).
        figure_of_merit: K of the modes, (...).
        pump_slope: a = d ln sigma_p/dx per unit of `shifts_in` (1/nm or 1/meV): some 0.01 per
            nm for CdSe dots at 650 nm (3/D over d lambda/dD, sizing curve of
            doi:10.1021/cm034081k).
        count: number of size classes.

    Returns:
        N (...); nan where the mode never lases.

    Errors: ValueError for a K below 0 or a slope that is not finite.

    Example:
        >>> from gain import GaussianLine, quantum_dots
        >>> dots = quantum_dots(line=GaussianLine(std_nm=9.0),
        ...                     inhomogeneous=GaussianLine(std_nm=11.0))
        >>> [round(float(size_resolved_photons(dots, 0.68, 60.0, pump_slope=a)), 2)
        ...  for a in (0.0, 0.013)]
        [0.42, 0.34]
    """
    if not np.isfinite(pump_slope):
        raise ValueError(f"pump_slope: must be finite, got {pump_slope}; 0 leaves it out")
    x, k = np.broadcast_arrays(
        np.asarray(wavelength, dtype=np.float64), not_negative("figure_of_merit", figure_of_merit)
    )
    classes = size_classes(medium, count=count)
    weight = np.array([one.weight for one in classes])
    share = np.exp(pump_slope * np.array([one.redshift for one in classes]))
    share /= weight @ share
    sequence = np.stack([one.medium.gain_coefficients(x.ravel()) for one in classes], axis=1)
    with np.errstate(divide="ignore"):
        level = 1 / k.ravel()
    # Classes of no weight do not decide how far to search.
    kept = weight > 1e-12
    spread = Spread(share[kept], weight[kept] / weight[kept].sum())
    return first_root(sequence[:, kept], level, spread).reshape(x.shape)
