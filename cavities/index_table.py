"""A tabulated complex index, interpolated smoothly without overshoot."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field, model_validator

from cavities.index_model import ComplexArray, FloatArray, IndexModelBase

if TYPE_CHECKING:
    from scipy.interpolate import PchipInterpolator

__all__ = ["TableIndex"]


class TableIndex(IndexModelBase):
    """A table of n and k against wavelength.

    n and k are interpolated separately in wavelength by PCHIP (piecewise cubic Hermite,
    F. N. Fritsch and J. Butland, SIAM J. Sci. Stat. Comput. 5, 300 (1984),
    doi:10.1137/0905021). Unlike linear interpolation it has a continuous slope, which the
    group permittivity needs; unlike a cubic spline it never overshoots, so that k stays
    >= 0 beside an absorption edge. Outside the table the end values are held.

    Attributes:
        wavelength: strictly increasing vacuum wavelengths (um).
        n: real parts, one per wavelength.
        k: imaginary parts, one per wavelength; empty for a transparent material.

    Example:
        >>> film = TableIndex(wavelength=(0.5, 0.6, 0.8), n=(1.90, 1.86, 1.84))
        >>> round(float(film.index(np.array(0.6)).real), 3)
        1.86
    """

    kind: Literal["table"] = "table"
    wavelength: tuple[float, ...] = Field(min_length=1)
    n: tuple[float, ...]
    k: tuple[float, ...] = ()

    @model_validator(mode="after")
    def _checks(self) -> TableIndex:
        count = len(self.wavelength)
        for name, column in (("n", self.n), ("k", self.k)):
            if len(column) != count and not (name == "k" and not column):
                raise ValueError(
                    f"{name}: must have one value per wavelength ({count}), got {len(column)}; "
                    "complete the table"
                )
        if self.wavelength[0] <= 0:
            raise ValueError(
                f"wavelength: must be > 0 um, got {self.wavelength[0]:g}; check the first column"
            )
        steps = np.diff(self.wavelength)
        if np.any(steps <= 0):
            row = int(np.argmax(steps <= 0)) + 1
            raise ValueError(
                "wavelength: must increase strictly, "
                f"got {self.wavelength[row]:g} after {self.wavelength[row - 1]:g} um (row {row}); "
                "sort the table and remove repeated wavelengths"
            )
        return self

    def __repr_args__(self) -> Iterable[tuple[str, object]]:
        low, high = self.wavelength_range
        return [("rows", len(self.wavelength)), ("wavelength_range", (low, high))]

    @property
    def wavelength_range(self) -> tuple[float, float]:
        """First and last wavelength of the table (um)."""
        return self.wavelength[0], self.wavelength[-1]

    @property
    def is_dispersive(self) -> bool:
        """Whether the table has more than one row."""
        return len(self.wavelength) > 1

    def index(self, wavelength: FloatArray) -> ComplexArray:
        """Return n + ik at the wavelengths (um)."""
        x = np.clip(wavelength, *self.wavelength_range)
        if not self.is_dispersive:
            k = self.k[0] if self.k else 0.0
            return np.full(np.shape(wavelength), complex(self.n[0], k), dtype=np.complex128)
        return _complex(self._curves(x), bool(self.k))

    def slope(self, wavelength: FloatArray) -> ComplexArray:
        """Return dn/dlambda (1/um); zero outside the table, where the ends are held."""
        if not self.is_dispersive:
            return np.zeros(np.shape(wavelength), dtype=np.complex128)
        low, high = self.wavelength_range
        inside = (np.asarray(wavelength) >= low) & (np.asarray(wavelength) <= high)
        derivative = self._curves(np.clip(wavelength, low, high), nu=1)
        return np.asarray(_complex(derivative, bool(self.k)) * inside, dtype=np.complex128)

    @cached_property
    def _curves(self) -> PchipInterpolator:
        from scipy.interpolate import PchipInterpolator

        columns = (self.n, self.k) if self.k else (self.n,)
        # A flat stretch, or k of 1e-189, makes scipy divide by (nearly) zero on the way to
        # its correct limit, a zero slope.
        with np.errstate(over="ignore", divide="ignore", invalid="ignore", under="ignore"):
            return PchipInterpolator(self.wavelength, np.transpose(columns))


def _complex(columns: FloatArray, has_k: bool) -> ComplexArray:
    if has_k:
        return np.asarray(columns[..., 0] + 1j * columns[..., 1], dtype=np.complex128)
    return np.asarray(columns[..., 0], dtype=np.complex128)
