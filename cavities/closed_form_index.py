"""Closed-form index models: constant, Cauchy, Sellmeier and the nine database formulas."""

from __future__ import annotations

import math
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from cavities.index_model import ComplexArray, FloatArray, IndexModelBase

__all__ = ["CauchyIndex", "ConstantIndex", "FormulaIndex", "SellmeierIndex"]

Wavelength = Annotated[float, Field(gt=0)]
ValidRange = tuple[Wavelength, Wavelength]

COMPLEX_STEP = 1e-30
"""Imaginary step (um) of the complex-step derivative: exact to rounding, no subtraction."""


class ConstantIndex(IndexModelBase):
    """The same complex index at every wavelength.

    Attributes:
        value: (n, k) of the index n + ik; k > 0 absorbs, k < 0 amplifies.

    Example:
        >>> complex(ConstantIndex(value=(1.5, 0.01)).index(np.array(0.63)))
        (1.5+0.01j)
    """

    kind: Literal["constant"] = "constant"
    value: tuple[float, float]

    @model_validator(mode="after")
    def _physical(self) -> ConstantIndex:
        if self.value[0] < 0 or self.value == (0.0, 0.0):
            raise ValueError(
                "index: the real part must be >= 0 and the index must not be zero, "
                f"got {complex(*self.value)}; give n + ik with n > 0 "
                "(k > 0 absorbs, k < 0 amplifies)"
            )
        return self

    @property
    def wavelength_range(self) -> tuple[float, float]:
        """All wavelengths."""
        return 0.0, math.inf

    @property
    def is_dispersive(self) -> bool:
        """False."""
        return False

    def index(self, wavelength: FloatArray) -> ComplexArray:
        """Return the constant, in the shape of `wavelength` (um)."""
        return np.full(np.shape(wavelength), complex(*self.value), dtype=np.complex128)

    def slope(self, wavelength: FloatArray) -> ComplexArray:
        """Return zeros."""
        return np.zeros(np.shape(wavelength), dtype=np.complex128)


class FormulaIndex(IndexModelBase):
    """A real index by one of the nine dispersion formulas of refractiveindex.info.

    The formulas are numbered as in the database's "Dispersion formulas" sheet
    (M. N. Polyanskiy, Sci. Data 11, 94 (2024), doi:10.1038/s41597-023-02898-2):
    1 Sellmeier, 2 Sellmeier-2, 3 polynomial, 4 RefractiveIndex.INFO, 5 Cauchy, 6 gases,
    7 Herzberger, 8 retro, 9 exotic; wavelengths in um.

    Attributes:
        formula: number of the formula, 1-9.
        coefficients: its coefficients, in the database's order.
        valid_range: lowest and highest wavelength (um) of the fit.

    Example:
        >>> fused_silica = FormulaIndex(
        ...     formula=1,
        ...     coefficients=(0, 0.6961663, 0.0684043, 0.4079426, 0.1162414, 0.8974794, 9.896161),
        ...     valid_range=(0.21, 3.71),
        ... )
        >>> round(float(fused_silica.index(np.array(0.5876)).real), 5)
        1.45846
    """

    kind: Literal["formula"] = "formula"
    formula: int = Field(ge=1, le=9)
    coefficients: tuple[float, ...] = Field(min_length=1)
    valid_range: ValidRange

    @model_validator(mode="after")
    def _checks(self) -> FormulaIndex:
        _check_range(self.valid_range)
        count = len(self.coefficients)
        most = {7: 6, 8: 4, 9: 6}.get(self.formula)
        if (count % 2 == 0) if most is None else (count > most):
            expected = "an odd number" if most is None else f"at most {most}"
            raise ValueError(
                f"coefficients: formula {self.formula} must have {expected} of them, "
                f"got {count}; check the list against the formula"
            )
        return self

    @property
    def wavelength_range(self) -> tuple[float, float]:
        """The fit's range (um)."""
        return self.valid_range

    def index(self, wavelength: FloatArray) -> ComplexArray:
        """Return n; where the formula gives n^2 < 0 (extrapolated), n is imaginary."""
        value, squared = _formula(self.formula, self.coefficients, _complex(wavelength))
        return np.asarray(np.sqrt(value) if squared else value, dtype=np.complex128)

    def slope(self, wavelength: FloatArray) -> ComplexArray:
        """Return dn/dlambda (1/um), exact, by a complex step of the analytic formula."""
        stepped = _complex(wavelength) + 1j * COMPLEX_STEP
        value, squared = _formula(self.formula, self.coefficients, stepped)
        derivative = value.imag / COMPLEX_STEP
        if squared:
            derivative = derivative / (2 * np.sqrt(value.real + 0j))
        return np.asarray(derivative, dtype=np.complex128)


class CauchyIndex(IndexModelBase):
    """Cauchy's real index n = A + B / lambda^2 + C / lambda^4 + ...

    Attributes:
        coefficients: A, B (um^2), C (um^4), ...
        valid_range: lowest and highest wavelength (um).

    Example:
        >>> su8 = CauchyIndex(coefficients=(1.5525, 0.00629, 0.0004), valid_range=(0.32, 1.7))
        >>> round(float(su8.index(np.array(0.64)).real), 4)
        1.5702
    """

    kind: Literal["cauchy"] = "cauchy"
    coefficients: tuple[float, ...] = Field(min_length=1)
    valid_range: ValidRange

    @model_validator(mode="after")
    def _checks(self) -> CauchyIndex:
        _check_range(self.valid_range)
        return self

    @property
    def wavelength_range(self) -> tuple[float, float]:
        """The fit's range (um)."""
        return self.valid_range

    def index(self, wavelength: FloatArray) -> ComplexArray:
        """Return n at the wavelengths (um)."""
        terms = (a * wavelength ** (-2.0 * j) for j, a in enumerate(self.coefficients))
        return np.asarray(sum(terms), dtype=np.complex128)

    def slope(self, wavelength: FloatArray) -> ComplexArray:
        """Return dn/dlambda (1/um)."""
        terms = (
            -2.0 * j * a * wavelength ** (-2.0 * j - 1) for j, a in enumerate(self.coefficients)
        )
        return np.asarray(sum(terms), dtype=np.complex128)


class SellmeierIndex(IndexModelBase):
    """Sellmeier's real index n^2 = constant + sum B_j lambda^2 / (lambda^2 - C_j^2).

    Attributes:
        terms: pairs (B_j, C_j): strength and resonance wavelength C_j (um).
        constant: 1, or the contribution of far resonances.
        valid_range: lowest and highest wavelength (um).

    Example:
        >>> lens = SellmeierIndex(terms=((1.25, 0.1),), valid_range=(0.4, 2.0))
        >>> round(float(lens.index(np.array(1.0)).real), 6)
        1.504203
    """

    kind: Literal["sellmeier"] = "sellmeier"
    terms: tuple[tuple[float, Wavelength], ...] = Field(min_length=1)
    constant: float = 1.0
    valid_range: ValidRange

    @model_validator(mode="after")
    def _checks(self) -> SellmeierIndex:
        _check_range(self.valid_range)
        return self

    @property
    def wavelength_range(self) -> tuple[float, float]:
        """The fit's range (um)."""
        return self.valid_range

    def index(self, wavelength: FloatArray) -> ComplexArray:
        """Return n; where the formula gives n^2 < 0 (extrapolated), n is imaginary."""
        square = np.asarray(wavelength) ** 2
        total = self.constant + sum(b * square / (square - c**2) for b, c in self.terms)
        return np.asarray(np.sqrt(total + 0j), dtype=np.complex128)

    def slope(self, wavelength: FloatArray) -> ComplexArray:
        """Return dn/dlambda (1/um)."""
        square = np.asarray(wavelength) ** 2
        total = -sum(b * c**2 / (square - c**2) ** 2 for b, c in self.terms) * wavelength
        return np.asarray(total / self.index(wavelength), dtype=np.complex128)


def _check_range(valid_range: tuple[float, float]) -> None:
    low, high = valid_range
    if low >= high:
        raise ValueError(
            f"valid_range: the first must be below the second, got {low:g}, {high:g} um; "
            "give (lowest, highest)"
        )


def _complex(wavelength: FloatArray) -> ComplexArray:
    return np.asarray(wavelength, dtype=np.complex128)


def _formula(
    formula: int, coefficients: tuple[float, ...], x: ComplexArray
) -> tuple[ComplexArray, bool]:
    """Return the value of the formula and whether that value is n^2 (else n)."""
    c = (*coefficients, *(0.0,) * max(0, 17 - len(coefficients)))
    pairs = tuple(zip(coefficients[1::2], coefficients[2::2], strict=False))
    value: ComplexArray
    if formula == 1:
        value = 1 + c[0] + x**2 * sum(b / (x**2 - p**2) for b, p in pairs)
    elif formula == 2:
        value = 1 + c[0] + x**2 * sum(b / (x**2 - p) for b, p in pairs)
    elif formula in (3, 5):
        value = c[0] + sum(b * x**p for b, p in pairs) + 0 * x
    elif formula == 4:
        value = c[0] + sum(b * x**p for b, p in pairs[4:]) + 0 * x
        for strength, power, resonance, exponent in (c[1:5], c[5:9]):
            if strength != 0:
                value = value + strength * x**power / (x**2 - resonance**exponent)
    elif formula == 6:
        value = 1 + c[0] + sum(b / (p - x**-2) for b, p in pairs) + 0 * x
    elif formula == 7:
        value = 1 / (x**2 - 0.028)
        value = c[0] + c[1] * value + c[2] * value**2
        value = value + c[3] * x**2 + c[4] * x**4 + c[5] * x**6
    elif formula == 8:
        value = c[0] + c[1] * x**2 / (x**2 - c[2]) + c[3] * x**2
        value = (1 + 2 * value) / (1 - value)
    else:
        value = c[0] + c[1] / (x**2 - c[2]) + c[3] * (x - c[4]) / ((x - c[4]) ** 2 + c[5])
    return np.asarray(value, dtype=np.complex128), formula in (1, 2, 3, 4, 8, 9)
