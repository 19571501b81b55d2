"""Degree of polarisation from the intensity behind a rotating polariser, with error bars.

I(phi) = (I_max + I_min)/2 + (I_max - I_min)/2 cos 2(phi - phi_0): linear in
(1, cos 2 phi, sin 2 phi), the Stokes parameters S_0, S_1, S_2 over 2. The degree of *linear*
polarisation is (I_max - I_min)/(I_max + I_min). A linear polariser alone cannot tell elliptical
light from a mixture of linear and unpolarised light: that takes a quarter-wave plate (S_3).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "PolarizationFit",
    "degree_of_polarization",
    "fit_polarization",
    "intensity_ratio",
]

Floats = NDArray[np.float64]


def degree_of_polarization(maximum: ArrayLike, minimum: ArrayLike) -> Floats:
    """Return (I_max - I_min)/(I_max + I_min), broadcast shape.

    Raises:
        ValueError: not 0 <= I_min <= I_max, or both zero.

    Example:
        >>> degree_of_polarization(1.857, 1.0).round(3).tolist()
        0.3
    """
    high, low = np.asarray(maximum, dtype=np.float64), np.asarray(minimum, dtype=np.float64)
    if not np.all((low >= 0) & (high >= low) & (high > 0)):
        raise ValueError(
            f"maximum, minimum: must satisfy 0 <= I_min <= I_max, got {np.min(high):g} and "
            f"{np.min(low):g}; subtract the background, do not swap them"
        )
    return np.asarray((high - low) / (high + low))


def intensity_ratio(degree: ArrayLike) -> Floats:
    """Return I_max/I_min for a degree of polarisation, same shape; inf at 1.

    Raises:
        ValueError: a degree outside 0-1.

    Example:
        >>> intensity_ratio([0.3, 0.4]).round(3).tolist()
        [1.857, 2.333]
    """
    p = np.asarray(degree, dtype=np.float64)
    if not np.all((p >= 0) & (p <= 1)):
        raise ValueError(f"degree: must lie in 0-1, got {np.max(p):g}; give a fraction")
    with np.errstate(divide="ignore"):
        return np.asarray((1 + p) / (1 - p))


@dataclass(frozen=True, kw_only=True, eq=False)
class PolarizationFit:
    """Linear polarisation from a scan of the polariser.

    Attributes:
        angle_deg, intensity, error: the data, (n,).
        stokes: (S_0, S_1, S_2) in units of the intensity, (3,).
        covariance: of them, (3, 3).
        chi_square: of the fit.
    """

    angle_deg: Floats
    intensity: Floats
    error: Floats
    stokes: Floats
    covariance: Floats
    chi_square: float

    @property
    def degree(self) -> float:
        """Degree of linear polarisation sqrt(S_1^2 + S_2^2)/S_0: biased upwards by noise."""
        return math.hypot(self.stokes[1], self.stokes[2]) / float(self.stokes[0])

    @property
    def degree_error(self) -> float:
        """Standard deviation of the degree, linearised."""
        s0, s1, s2 = self.stokes
        length = max(math.hypot(s1, s2), 1e-300)
        slope = np.array([-self.degree / s0, s1 / (length * s0), s2 / (length * s0)])
        return float(np.sqrt(slope @ self.covariance @ slope))

    @property
    def direction_deg(self) -> float:
        """Polariser angle of the maximum, -90 to 90 degrees."""
        return 0.5 * math.degrees(math.atan2(self.stokes[2], self.stokes[1]))

    def curve(self, angle_deg: ArrayLike) -> Floats:
        """Return the fitted intensity at polariser angles (deg), same shape."""
        twice = 2 * np.radians(np.asarray(angle_deg, dtype=np.float64))
        s0, s1, s2 = 0.5 * self.stokes
        return np.asarray(s0 + s1 * np.cos(twice) + s2 * np.sin(twice))

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot the scan in polar form with the fit."""
        from gain.polariton_laser_plots import plot_polarization

        return plot_polarization(self, ax=ax)


def fit_polarization(
    angle_deg: ArrayLike, intensity: ArrayLike, *, error: ArrayLike
) -> PolarizationFit:
    """Fit the linear Stokes parameters to a polariser scan: weighted linear least squares.

    Args:
        angle_deg: polariser angles (deg), (n,), at least three different modulo 180.
        intensity: behind the polariser, (n,).
        error: standard deviations, broadcast to (n,).

    Raises:
        ValueError: too few different angles, or errors that are not positive.

    Example:
        >>> angle = np.arange(0, 360, 15.0)
        >>> fit = fit_polarization(angle, 1 + 0.35 * np.cos(2 * np.radians(angle - 20)), error=0.02)
        >>> round(fit.degree, 6), round(fit.direction_deg, 6)
        (0.35, 20.0)
    """
    angle = np.asarray(angle_deg, dtype=np.float64)
    values = np.asarray(intensity, dtype=np.float64)
    if angle.ndim != 1 or angle.shape != values.shape:
        raise ValueError(
            "angle_deg, intensity: must be columns of the same length, got shapes "
            f"{angle.shape} and {values.shape}; give one intensity per angle"
        )
    if np.unique(np.round(np.mod(angle, 180.0), 6)).size < 3:
        raise ValueError(
            "angle_deg: must hold three different angles modulo 180, got "
            f"{np.unique(np.mod(angle, 180.0)).size}; add angles"
        )
    sigma = np.broadcast_to(np.asarray(error, dtype=np.float64), values.shape)
    if not np.all(sigma > 0):
        raise ValueError(f"error: must be > 0, got {np.min(sigma):g}; give deviations")
    twice = 2 * np.radians(angle)
    columns = [np.full_like(twice, 0.5), 0.5 * np.cos(twice), 0.5 * np.sin(twice)]
    design = np.stack(columns, axis=1) / sigma[:, None]
    covariance = np.asarray(np.linalg.inv(design.T @ design), dtype=np.float64)
    stokes = covariance @ design.T @ (values / sigma)
    residual = design @ stokes - values / sigma
    return PolarizationFit(
        angle_deg=angle,
        intensity=values,
        error=sigma,
        stokes=stokes,
        covariance=covariance,
        chi_square=float(residual @ residual),
    )
