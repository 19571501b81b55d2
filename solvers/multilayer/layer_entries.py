"""Entries of one layer's transfer matrix at complex wavenumbers, scaled, with derivatives."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["LayerEntries", "layer_entries", "sinc_slope"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

_SERIES = (-1 / 6, 2 / 120, -3 / 5040, 4 / 362880, -5 / 39916800, 6 / 6227020800)
_SERIES_LIMIT = 0.1


class LayerEntries(NamedTuple):
    """C = cos(sqrt(q) d) and S = sin(sqrt(q) d)/sqrt(q), both over exp(log_scale).

    Entire functions of q: no branch, no pole.
    """

    cosine: Complexes
    sinc: Complexes
    log_scale: Floats


def layer_entries(square: Complexes, thickness: ArrayLike) -> LayerEntries:
    """Return C and S of layers.

    Args:
        square: q = k_z^2 (rad^2/um^2), any shape.
        thickness: d (um), broadcastable.
    """
    w = np.sqrt(np.where(square == 0, 1e-280, square))
    angle = w * np.asarray(thickness)
    real, depth = angle.real, angle.imag
    log_scale = np.abs(depth)
    fall = np.expm1(-2 * log_scale) / 2
    hyper_cosine, hyper_sine = 1 + fall, np.copysign(fall, depth)
    cosine, sine = np.cos(real), np.sin(real)
    c = cosine * hyper_cosine - 1j * (sine * hyper_sine)
    s = (sine * hyper_cosine + 1j * (cosine * hyper_sine)) / w
    return LayerEntries(c, s, log_scale)


def sinc_slope(square: Complexes, thickness: ArrayLike, entries: LayerEntries) -> Complexes:
    """Return dS/dq = (d C - S)/(2 q), by its series where the difference would cancel."""
    d = np.asarray(thickness)
    x = square * d**2
    near = np.abs(x) < _SERIES_LIMIT
    away = (d * entries.cosine - entries.sinc) / (2 * np.where(near, 1.0, square))
    if not np.any(near):
        return np.asarray(away)
    small = np.where(near, x, 0)
    series = np.zeros_like(away)
    for coefficient in reversed(_SERIES):
        series = series * small + coefficient
    return np.asarray(np.where(near, d**3 * series * np.exp(-entries.log_scale), away))
