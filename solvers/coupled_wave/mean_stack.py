"""Uniform layers of mean permittivity: the vertical waveguide of coupled-wave theory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["MeanStack", "outgoing"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]


@dataclass(frozen=True, kw_only=True, eq=False)
class MeanStack:
    """Layers at one k0, from bottom to top.

    Attributes:
        thickness: (L,), um.
        permittivity: mean permittivity (L,).
        slope: d eps/dk0 (L,), um/rad.
        outer, outer_slope: the same of substrate and superstrate (2,).
    """

    thickness: Floats
    permittivity: Complexes
    slope: Complexes
    outer: Complexes
    outer_slope: Complexes

    def real(self) -> MeanStack:
        """Return the stack without loss and gain."""
        return MeanStack(
            thickness=self.thickness,
            permittivity=self.permittivity.real.astype(np.complex128),
            slope=self.slope.real.astype(np.complex128),
            outer=self.outer.real.astype(np.complex128),
            outer_slope=self.outer_slope.real.astype(np.complex128),
        )


def outgoing(square: Complexes | complex) -> Complexes:
    """Return the root of k_z^2 that leaves or decays: Re + Im > 0."""
    root = np.sqrt(np.asarray(square, dtype=np.complex128))
    return np.asarray(np.where(root.real + root.imag < 0, -root, root))
