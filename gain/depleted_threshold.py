"""Smallest pump at which a medium behind a depleted pump reaches a gain, at any wavelength."""

from __future__ import annotations

import numpy as np

from gain.gain_film import GainFilm
from gain.lasing_threshold import absorbed_photons_at_threshold
from gain.merit_curve import gain_window
from gain.nonuniform_pump import ExcitationProfile

__all__ = ["beer_lambert_profile", "depleted_threshold"]

_NODES = 48
_DARK = 20.0
_WAVELENGTHS = 401
_FINE = 33
_ZOOMS = 3


def beer_lambert_profile(optical_depth: float) -> ExcitationProfile:
    """Return the excitation exp(-a u), u uniform over the depth, relative to the front.

    Gauss-Legendre nodes down to exp(-20); what lies deeper counts as dark. Averages agree with
    the closed form of `gain.depleted_pump` to 1e-7 for excitations of the front up to 1e4.

    Args:
        optical_depth: a of the pump across the medium (napierian), >= 0.

    Errors: ValueError for a negative depth.
    """
    if not optical_depth >= 0:
        raise ValueError(f"optical_depth: must be >= 0, got {optical_depth:g}; check the sign")
    lit = min(optical_depth, _DARK)
    node, weight = np.polynomial.legendre.leggauss(_NODES)
    share, part = np.exp(-lit * (1 + node) / 2), weight / 2
    if optical_depth > _DARK:
        lit_part = _DARK / optical_depth
        share, part = np.append(share, 0.0), np.append(lit_part * part, 1 - lit_part)
    return ExcitationProfile(share=share, weight=part, reference="front")


def depleted_threshold(
    medium: GainFilm, figure_of_merit: float, optical_depth: float
) -> tuple[float, float]:
    """Return N at the front and the wavelength (um) at which the mean gain first reaches 1/K.

    The gain is averaged over the depth of the pump. The smallest first root over a grid of
    wavelengths, refined by three zooms.

    Args:
        medium: the nanocrystals.
        figure_of_merit: K > 0.
        optical_depth: of the pump across the medium, >= 0.

    Returns:
        (nan, nan) where no N up to some 1e5 at the front is enough.

    Errors: those of `beer_lambert_profile`.

    Example:
        >>> from gain.presets import quantum_shells
        >>> [round(depleted_threshold(quantum_shells(), 5.0, a)[0], 3) for a in (0.0, 0.5, 2.0)]
        [1.477, 1.893, 3.932]
    """
    profile = beer_lambert_profile(optical_depth)
    grid = np.linspace(*gain_window(medium), _WAVELENGTHS)
    for zoom in range(_ZOOMS + 1):
        roots = absorbed_photons_at_threshold(medium, grid, figure_of_merit, excitation=profile)
        if np.all(np.isnan(roots)):
            return float("nan"), float("nan")
        best = int(np.nanargmin(roots))
        if zoom == _ZOOMS:
            break
        step = grid[1] - grid[0]
        grid = np.linspace(grid[best] - step, grid[best] + step, _FINE)
    return float(roots[best]), float(grid[best])
