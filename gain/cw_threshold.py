"""Pump intensities at which a continuously pumped cuvette becomes transparent, or amplifies."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gain.cw_cuvette import CwCuvette
from gain.ladder_spectrum import ladder_cross_sections
from gain.merit_curve import gain_window
from gain.spectral_shift import Shift

__all__ = ["ase_intensity_w_per_cm2", "transparency_intensity_w_per_cm2"]

Floats = NDArray[np.float64]

# Excitation rates searched, in units of the decay rate of one exciton.
_LOWEST, _HIGHEST = 1e-9, 1e6
_POINTS_PER_DECADE = 24
_WAVELENGTHS = 401


def transparency_intensity_w_per_cm2(
    cuvette: CwCuvette, wavelength: float | Literal["emission", "unshifted"] = "emission"
) -> float:
    """Return the lowest incident intensity (W/cm^2) at which the solution stops absorbing.

    Args:
        cuvette: the device.
        wavelength: where (um); "emission": at the emission peak, with the help of the Stokes
            shift; "unshifted": the populations' own transparency, p_0 = p_(N >= 2) for dots, as
            if absorption and emission lay on top of each other.

    Returns:
        The intensity; nan where no pump is enough.

    Errors: ValueError for a wavelength that is not positive.

    Example:
        >>> from gain.cw_cuvette import cdznse_cuvette
        >>> cuvette = cdznse_cuvette()
        >>> f"{transparency_intensity_w_per_cm2(cuvette):.1e}"
        '1.7e+04'
    """
    medium = cuvette.medium
    if wavelength == "unshifted":
        none = Shift(nm=0.0)
        medium = medium.changed(stokes=none, biexciton_shift=none, emission_line=None)
    if isinstance(wavelength, str):
        wavelength = medium.emission_wavelength
    coefficients = ladder_cross_sections(
        medium, np.array([wavelength]), cuvette.kinetics.states
    ).gain
    return _first_intensity(cuvette, coefficients, 0.0)


def ase_intensity_w_per_cm2(
    cuvette: CwCuvette, *, kappa: float = 1.0, length: float | None = None
) -> float:
    """Return the lowest incident intensity (W/cm^2) with g L = kappa at some wavelength.

    Args:
        cuvette: the device.
        kappa: gain-length product at which amplification counts, see `AseStripe`.
        length: L (um); None: the cuvette's `amplified_length`.

    Returns:
        The intensity; nan where no pump is enough.

    Errors: ValueError for a kappa or length that is not positive.

    Example:
        >>> from gain.cw_cuvette import cdznse_cuvette
        >>> f"{ase_intensity_w_per_cm2(cdznse_cuvette()):.1e}"
        '2.9e+05'
    """
    path = cuvette.amplified_length if length is None else length
    if not (kappa > 0 and path > 0):
        raise ValueError(
            f"kappa, length: must be positive, got {kappa:g} and {path:g} um; check the sign"
        )
    window = np.linspace(*gain_window(cuvette.medium), _WAVELENGTHS)
    level = kappa / (cuvette.medium.peak_gain_per_cm * path * 1e-4)
    coefficients = ladder_cross_sections(cuvette.medium, window, cuvette.kinetics.states).gain
    return _first_intensity(cuvette, coefficients, level)


def _first_intensity(cuvette: CwCuvette, coefficients: Floats, level: float) -> float:
    """First intensity at which the largest of the gains (wavelengths, states) reaches a level."""
    from scipy.optimize import brentq

    kinetics = cuvette.kinetics

    def best(log_rate: Floats) -> Floats:
        rate = np.exp(log_rate) / kinetics.exciton_lifetime_ns
        gains = kinetics.cw_populations(rate) @ coefficients.T
        return np.asarray(gains.max(axis=-1) - level)

    count = round(np.log10(_HIGHEST / _LOWEST) * _POINTS_PER_DECADE) + 1
    logs = np.linspace(np.log(_LOWEST), np.log(_HIGHEST), count)
    reached = best(logs) >= 0
    if not np.any(reached):
        return float("nan")
    first = int(np.argmax(reached))
    low, high = float(logs[max(first - 1, 0)]), float(logs[first])
    root = high if first == 0 else brentq(lambda x: float(best(np.array(x))), low, high, xtol=1e-13)
    rate = float(np.exp(root)) / kinetics.exciton_lifetime_ns
    return rate / cuvette.excitation_per_ns_per_intensity
