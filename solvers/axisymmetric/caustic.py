"""Where modes can live: effective index of the vertical stack at every radius, and caustics.

At radius r the body is taken as a planar stack; its fundamental TE mode has the largest
effective index n_eff(r) a guided wave can have there. A mode of order m oscillates only where
k n_eff(r) > m/r (the adiabatic lower bound of Born and Oppenheimer) and tunnels elsewhere as
exp(-int sqrt(m^2/r^2 - k^2 n_eff^2) dr). Surface plasmons exceed the bound, with a Q of some ten.
"""

from __future__ import annotations

import functools
import math

import numpy as np
from numpy.typing import NDArray

from cavities.body_of_revolution import BodyOfRevolution, LayeredBackground

__all__ = ["highest_order", "inner_wall_radius"]

Floats = NDArray[np.float64]

# Relative safety of the adiabatic index against the vector nature of the field.
_SAFETY = 1.02


def highest_order(body: BodyOfRevolution, shortest_wavelength: float) -> int:
    """Return the largest azimuthal order m that can oscillate somewhere inside the body."""
    radii, index = _effective_index(body, shortest_wavelength)
    k = 2 * math.pi / shortest_wavelength
    return max(math.floor(_SAFETY * k * float((radii * index).max())), 0)


def inner_wall_radius(
    body: BodyOfRevolution, azimuthal_order: int, shortest_wavelength: float, tolerance: float
) -> float:
    """Return the radius (um) inside which every mode of order m is below `tolerance`.

    0 where the axis has to be kept: m <= 3, or a wall closer than a tenth of the rim.
    """
    if azimuthal_order <= 3:
        return 0.0
    radii, index = _effective_index(body, shortest_wavelength)
    k = 2 * math.pi / shortest_wavelength
    decay = (azimuthal_order / radii) ** 2 - (_SAFETY * k * index) ** 2
    oscillating = np.flatnonzero(decay <= 0)
    caustic = int(oscillating[0]) if len(oscillating) else len(radii) - 1
    rates = np.sqrt(np.maximum(decay[: caustic + 1], 0))
    steps = (rates[1:] + rates[:-1]) / 2 * np.diff(radii[: caustic + 1])
    exponent = np.concatenate([np.cumsum(steps[::-1])[::-1], [0.0]])
    hidden = np.flatnonzero(exponent > -math.log(tolerance))
    wall = float(radii[hidden[-1]]) if len(hidden) else 0.0
    return wall if wall > 0.1 * radii[-1] else 0.0


@functools.lru_cache(maxsize=8)
def _effective_index(body: BodyOfRevolution, wavelength: float) -> tuple[Floats, Floats]:
    """Return radii (um) up to the rim and the largest TE effective index at each."""
    import shapely
    from scipy.linalg import eigh_tridiagonal

    polygons = [region.outline.polygon(1e-3) for region in body.regions]
    bounds = np.asarray([polygon.bounds for polygon in polygons])
    rim, low, high = bounds[:, 2].max(), bounds[:, 1].min(), bounds[:, 3].max()
    step = wavelength / 40
    heights = np.arange(low - wavelength, high + wavelength, step)
    radii = np.linspace(0, rim, 161)[1:]
    background = _background_permittivity(body, heights, wavelength)
    k = 2 * math.pi / wavelength
    index = np.empty(len(radii))
    for column, radius in enumerate(radii):
        eps = background.copy()
        for region, polygon in zip(body.regions, polygons, strict=True):
            inside = shapely.contains_xy(polygon, np.full(len(heights), radius), heights)
            eps[inside] = complex(region.material.permittivity(wavelength)).real
        diagonal = 2 / step**2 - k**2 * eps
        off = np.full(len(heights) - 1, -1 / step**2)
        lowest = eigh_tridiagonal(
            diagonal, off, eigvals_only=True, select="i", select_range=(0, 0)
        )[0]
        index[column] = math.sqrt(max(-lowest, 0.0)) / k
    return radii, index


def _background_permittivity(body: BodyOfRevolution, heights: Floats, wavelength: float) -> Floats:
    background = body.background
    if not isinstance(background, LayeredBackground):
        return np.full(len(heights), complex(background.permittivity(wavelength)).real)
    materials = [
        background.substrate,
        *(layer.material for layer in background.layers),
        background.superstrate,
    ]
    eps = np.asarray([complex(m.permittivity(wavelength)).real for m in materials])
    return np.asarray(eps[np.searchsorted(background.interfaces(), heights)])
