"""Bloch vectors: given as numbers or by the name of a lattice point."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cavities.lattice import Lattice

__all__ = ["BlochInput", "bloch_vector", "point_name"]

BlochInput: TypeAlias = str | Sequence[float]
"""Name of a lattice point ("Gamma", "X", ...) or (kx, ky) in rad/um."""


def bloch_vector(lattice: Lattice, bloch: BlochInput) -> NDArray[np.float64]:
    """Return a Bloch vector (2,) in rad/um.

    Raises:
        ValueError: an unknown name, or anything but two finite numbers.

    Example:
        >>> bloch_vector(Lattice.square(0.5), "X").round(6)
        array([6.283185, 0.      ])
    """
    if isinstance(bloch, str):
        return np.array(lattice.point(bloch))
    values = np.asarray(bloch, dtype=np.float64)
    if values.shape != (2,) or not np.all(np.isfinite(values)):
        raise ValueError(
            f"bloch: must be the name of a lattice point or (kx, ky) in rad/um, got {bloch!r}; "
            f"names are {list(lattice.points())}"
        )
    return values


def point_name(lattice: Lattice, bloch: NDArray[np.float64]) -> str:
    """Return the name of a lattice point, or the vector as text.

    Example:
        >>> point_name(Lattice.square(0.5), np.array([1.0, 0.0]))
        'k=(1, 0)'
    """
    reach = math.hypot(*lattice.reciprocal[0])
    for name, point in lattice.points().items():
        if math.dist(point, (bloch[0], bloch[1])) < 1e-9 * reach:
            return name
    return f"k=({bloch[0]:.5g}, {bloch[1]:.5g})"
