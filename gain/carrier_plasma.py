"""A two-dimensional electron-hole plasma: densities and quasi-Fermi levels in closed form.

One parabolic subband of mass m holds n = N ln(1 + exp(mu/kT)) carriers per area, with the
effective density N = m kT/(pi hbar^2); hence mu = kT ln(exp(n/N) - 1) and a filling of the band
edge of 1 - exp(-n/N). Source: textbook; W. W. Chow and S. W. Koch, Semiconductor-Laser
Fundamentals (1999), doi:10.1007/978-3-662-03880-2, chapter 2.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cavities.constants import BOLTZMANN_EV_PER_K, ELEMENTARY_CHARGE_C, HBAR_J_S

__all__ = [
    "ELECTRON_MASS_KG",
    "effective_density_per_cm2",
    "fermi_level_over_kt",
    "transparency_density_per_cm2",
]

Floats = NDArray[np.float64]

ELECTRON_MASS_KG: Final = 9.109_383_7015e-31
"""Rest mass of the electron (kg), CODATA 2018."""


def effective_density_per_cm2(mass: float, temperature_k: float) -> float:
    """Return N = m kT/(pi hbar^2) (1/cm^2), the carriers that one subband holds within kT.

    Args:
        mass: effective mass over that of the electron.
        temperature_k: temperature (K).

    Errors: ValueError for values that are not positive.

    Example:
        >>> f"{effective_density_per_cm2(0.13, 295.0):.3e}"
        '1.380e+12'
    """
    if not (mass > 0 and temperature_k > 0):
        raise ValueError(
            f"mass, temperature_k: must be positive, got {mass:g} and {temperature_k:g} K"
        )
    thermal_j = BOLTZMANN_EV_PER_K * ELEMENTARY_CHARGE_C * temperature_k
    return 1e-4 * mass * ELECTRON_MASS_KG * thermal_j / (np.pi * HBAR_J_S**2)


def fermi_level_over_kt(density: ArrayLike, effective_density: float) -> Floats:
    """Return mu/kT = ln(exp(n/N) - 1) above the band edge, (...); -inf without carriers.

    Args:
        density: carriers per area n (1/cm^2), (...).
        effective_density: N (1/cm^2).

    Errors: ValueError for a negative density.
    """
    ratio = np.asarray(density, dtype=np.float64) / effective_density
    if not np.all(ratio >= 0):
        raise ValueError(f"density: must be >= 0, got {np.min(density):g} /cm^2; check the sign")
    with np.errstate(divide="ignore"):
        # ln(e^x - 1) = x + ln(1 - e^-x), for large and small x alike
        return np.asarray(ratio + np.log(-np.expm1(-ratio)))


def transparency_density_per_cm2(electron_density: float, hole_density: float) -> float:
    """Return the n at which the band edge is transparent: exp(-n/N_c) + exp(-n/N_v) = 1.

    Args:
        electron_density, hole_density: effective densities N_c, N_v (1/cm^2).

    Errors: ValueError for densities that are not positive.

    Example:
        >>> f"{transparency_density_per_cm2(1.381e12, 4.781e12):.3g}"
        '1.68e+12'
    """
    from scipy.optimize import brentq

    low, high = sorted((electron_density, hole_density))
    if not low > 0:
        raise ValueError(f"electron_density, hole_density: must be positive, got {low:g} /cm^2")
    # Equal bands: n = N ln 2; the root lies between the two bands' own values.
    start, stop = low * np.log(2) * (1 - 1e-9), high * np.log(2) * (1 + 1e-9)
    root = brentq(lambda n: np.exp(-n / low) + np.exp(-n / high) - 1, start, stop, xtol=1e-6 * low)
    return float(root)
