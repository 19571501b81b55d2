"""What every index model has: a complex index, its slope, its range and its source."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from cavities.spec import Spec

__all__ = ["ComplexArray", "FloatArray", "IndexModelBase", "overlap"]

FloatArray = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]


class IndexModelBase(Spec, ABC):
    """Base of the index models: n + ik against vacuum wavelength, exp(-i omega t).

    Models do not guard their range: `cavities.material.Material` does.
    """

    @property
    @abstractmethod
    def wavelength_range(self) -> tuple[float, float]:
        """Lowest and highest vacuum wavelength (um) at which the data hold."""

    @abstractmethod
    def index(self, wavelength: FloatArray) -> ComplexArray:
        """Return the complex index at vacuum wavelengths (um, any shape), same shape."""

    @abstractmethod
    def slope(self, wavelength: FloatArray) -> ComplexArray:
        """Return dn/dlambda (1/um) of the complex index, same shape as `wavelength`."""

    def continued_index(self, wavelength: ComplexArray) -> ComplexArray:
        """Return the index at complex wavelengths (um, any shape), as decaying modes need it.

        By default continued from the real axis to first order, n(x + iy) = n(x) + iy n'(x):
        right where n varies little over y. Models with narrow lines override it.
        """
        at = np.asarray(wavelength, dtype=np.complex128)
        real = np.array(at.real)
        return np.asarray(self.index(real) + 1j * at.imag * self.slope(real))

    @property
    def poles(self) -> tuple[complex, ...]:
        """Complex vacuum wavelengths (um) where the continued permittivity diverges.

        Modes of a layer accumulate there without end: searches must keep off.
        """
        return ()

    @property
    def is_dispersive(self) -> bool:
        """Whether the index depends on the wavelength."""
        return True

    @property
    def source(self) -> str:
        """Where the numbers come from; empty when the model does not know."""
        return ""


def overlap(*models: IndexModelBase) -> tuple[float, float]:
    """Return the wavelength range (um) that all models share.

    Raises:
        ValueError: the ranges do not overlap.
    """
    low = max(model.wavelength_range[0] for model in models)
    high = min(model.wavelength_range[1] for model in models)
    if low > high:
        ranges = ", ".join("{:g}-{:g} um".format(*model.wavelength_range) for model in models)
        raise ValueError(
            f"material: the wavelength ranges of its parts must overlap, got {ranges}; "
            "choose data that share a range"
        )
    return low, high
