"""Checks of arguments that many functions share."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["not_negative"]


def not_negative(name: str, value: ArrayLike) -> NDArray[np.float64]:
    """Return a value as an array of floats.

    Errors: ValueError naming the argument, for an entry below 0 or nan.
    """
    array = np.asarray(value, dtype=np.float64)
    if not np.all(array >= 0):
        raise ValueError(f"{name}: must be >= 0, got {np.min(array):g}; check the sign")
    return array
