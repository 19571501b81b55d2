"""Dose versus height in a resist film: absorption, substrate reflection, diffusion blur."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["depth_dose"]

Floats = NDArray[np.float64]


def depth_dose(
    height: ArrayLike,
    *,
    thickness: float,
    absorption_per_um: float,
    reflectance: float = 0.0,
    diffusion_length: float = 0.0,
) -> Floats:
    """Return the dose at a height over the dose of the incident light at the film's top face.

    g(z) = exp(-a (z0 - z)) (1 + R exp(-2 a z)), light entering at z0: Beer-Lambert's law with
    the intensity (no fringes) that the substrate sends back. A diffusion length s replaces g
    by its convolution with a Gaussian of standard deviation s between two faces that let
    nothing through, in closed form. Valid where standing-wave fringes are washed out or finer
    than s.

    Args:
        height: z above the substrate (um), any shape, 0 <= z <= thickness.
        thickness: z0 (um).
        absorption_per_um: a, Napierian (1/um).
        reflectance: R of the substrate at the exposure wavelength (intensity).
        diffusion_length: s (um), standard deviation along each axis.

    Returns:
        g, same shape as `height`, no unit.

    Example:
        >>> float(depth_dose(0.0, thickness=5.0, absorption_per_um=0.2).round(6))
        0.367879
    """
    z = np.asarray(height, dtype=np.float64)
    a, z0 = absorption_per_um, thickness
    down = _blurred_exponential(z, rate=a, thickness=z0, sigma=diffusion_length)
    total = down * math.exp(-a * z0)
    if reflectance:
        up = _blurred_exponential(z, rate=-a, thickness=z0, sigma=diffusion_length)
        total = total + reflectance * math.exp(-a * z0) * up
    return np.asarray(total, dtype=np.float64)


def _blurred_exponential(z: Floats, *, rate: float, thickness: float, sigma: float) -> Floats:
    """Return exp(rate z) on [0, thickness], blurred with no flux through the faces."""
    if sigma == 0.0:
        return np.exp(rate * z)
    if sigma > 0.05 * thickness:
        return _blurred_by_modes(z, rate, thickness, sigma)
    return _blurred_by_images(z, rate, thickness, sigma)


def _blurred_by_modes(z: Floats, rate: float, thickness: float, sigma: float) -> Floats:
    """Sum the slab's cosine modes, each damped: few terms for a wide blur."""
    n = np.arange(1, math.ceil(9.0 * thickness / (math.pi * sigma)) + 1)
    k = n * math.pi / thickness
    ends = np.where(n % 2, -1.0, 1.0) * math.exp(rate * thickness) - 1.0
    weight = 2 * rate / thickness * ends / (rate**2 + k**2) * np.exp(-((k * sigma) ** 2) / 2)
    depth = rate * thickness
    mean = math.expm1(depth) / depth if depth else 1.0
    return np.asarray(mean + np.cos(z[..., None] * k) @ weight, dtype=np.float64)


def _blurred_by_images(z: Floats, rate: float, thickness: float, sigma: float) -> Floats:
    """Integrate the film and its mirror images in closed form: exact for a narrow blur."""
    from scipy.special import erf

    width = math.sqrt(2.0) * sigma
    result = np.zeros_like(z)
    for piece in (-1, 0, 1):  # the next images are at least 20 sigma away
        low, high = piece * thickness, (piece + 1) * thickness
        # even pieces carry exp(rate (z - low)), odd ones its mirror image exp(rate (high - z))
        slope, origin = (rate, low) if piece % 2 == 0 else (-rate, high)
        shift = slope * sigma**2
        weight = erf((high - z - shift) / width) - erf((low - z - shift) / width)
        exponent = slope * (z - origin) + slope * shift / 2
        result += 0.5 * weight * np.exp(exponent)
    return np.asarray(result, dtype=np.float64)
