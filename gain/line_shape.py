"""Line shapes: the spectrum sigma_0(lambda)/sigma_0 of one transition, with its peak at 1."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, model_validator

from cavities.spec import Spec

__all__ = ["FWHM_PER_STD", "GaussianLine", "LineShape", "SpectralUnit", "TabulatedLine"]

SpectralUnit = Literal["nm", "mev"]
"""The spectral axis on which lines keep their shape when they shift: wavelength or energy."""

FWHM_PER_STD: Final = 2 * math.sqrt(2 * math.log(2))
"""Full width at half maximum of a Gaussian of standard deviation 1."""


class GaussianLine(Spec):
    """Gaussian line exp(-x^2 / 2 s^2); give exactly one of the four widths.

    Attributes:
        std_nm, fwhm_nm: standard deviation s or full width at half maximum (nm).
        std_mev, fwhm_mev: the same (meV).

    A width given on the other axis is converted at the emission peak, to first order:
    d(lambda) = lambda_0^2 dE / hc.

    Errors: ValueError unless exactly one width is given.

    Example:
        >>> line = GaussianLine(fwhm_nm=27.0)
        >>> round(line.std("nm", nm_per_mev=0.34), 3)
        11.466
        >>> float(line.profile(13.5, "nm", nm_per_mev=0.34))
        0.5
    """

    kind: Literal["gaussian"] = "gaussian"
    std_nm: float | None = Field(default=None, gt=0)
    fwhm_nm: float | None = Field(default=None, gt=0)
    std_mev: float | None = Field(default=None, gt=0)
    fwhm_mev: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one_width(self) -> GaussianLine:
        names = ("std_nm", "fwhm_nm", "std_mev", "fwhm_mev")
        given = [name for name in names if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                f"line: must have exactly one of {', '.join(names)}, "
                f"got {', '.join(given) or 'none'}; keep one width"
            )
        return self

    def std(self, unit: SpectralUnit, *, nm_per_mev: float) -> float:
        """Return the standard deviation in `unit`; `nm_per_mev` = lambda_0^2 / hc (nm/meV)."""
        for name, scale in (("std", 1.0), ("fwhm", 1 / FWHM_PER_STD)):
            for own in ("nm", "mev"):
                width = getattr(self, f"{name}_{own}")
                if width is not None:
                    factor = 1.0 if own == unit else nm_per_mev if unit == "nm" else 1 / nm_per_mev
                    return float(width) * scale * factor
        raise AssertionError("a validated line has one width")

    def profile(
        self, redshift: ArrayLike, unit: SpectralUnit, *, nm_per_mev: float
    ) -> NDArray[np.float64]:
        """Return the line at distances `redshift` (in `unit`, positive to the red), any shape."""
        x = np.asarray(redshift, dtype=np.float64) / self.std(unit, nm_per_mev=nm_per_mev)
        return np.asarray(np.exp(-0.5 * x * x))


class TabulatedLine(Spec):
    """A measured line: samples against the distance from the peak, positive to the red.

    Between samples the line is linear. Beyond the ends it goes on as the exponential through
    the last two samples (an Urbach tail), or stays zero where the last sample is zero: a table
    cut off at a finite value would invent gain in the red. A table on the other axis is
    converted at the emission peak, to first order.

    Attributes:
        redshift_nm or redshift_mev: increasing distances from the peak (n,), exactly one of them.
        value: line (n,), not negative, largest value 1 at distance 0.

    Errors: ValueError for tables that break these rules, or whose ends do not fall outwards.

    Example:
        >>> line = TabulatedLine(redshift_nm=(-20, -10, 0, 10, 20), value=(0.1, 0.5, 1, 0.5, 0.1))
        >>> line.profile([0, 5, 30], "nm", nm_per_mev=0.34).round(3).tolist()
        [1.0, 0.75, 0.02]
    """

    kind: Literal["table"] = "table"
    redshift_nm: tuple[float, ...] | None = None
    redshift_mev: tuple[float, ...] | None = None
    value: tuple[float, ...]

    @model_validator(mode="after")
    def _table(self) -> TabulatedLine:
        if (self.redshift_nm is None) == (self.redshift_mev is None):
            raise ValueError(
                "line: must have exactly one of redshift_nm, redshift_mev, got "
                f"{'none' if self.redshift_nm is None else 'both'}; keep one axis"
            )
        x, y = self._samples()
        if x.size != y.size or x.size < 5:
            raise ValueError(
                "line: redshift and value must have the same length of at least 5, "
                f"got {x.size} and {y.size}; add samples"
            )
        if not np.all(np.diff(x) > 0):
            raise ValueError("line: redshift must increase strictly, got a step <= 0; sort it")
        if y.min() < 0 or abs(y.max() - 1) > 1e-9 or abs(x[y.argmax()]) > 1e-9:
            raise ValueError(
                "line: value must be >= 0 with its maximum 1 at redshift 0, got "
                f"{y.min():g}..{y.max():g} with the maximum at {x[y.argmax()]:g}; "
                "use TabulatedLine.from_spectrum, which does that"
            )
        if (y[0] >= y[1] and y[0] > 0) or (y[-1] >= y[-2] and y[-1] > 0):
            raise ValueError(
                f"line: value must fall outwards at both ends, got {y[0]:g}, {y[1]:g} ... "
                f"{y[-2]:g}, {y[-1]:g}; trim the table or subtract the background"
            )
        return self

    @classmethod
    def from_spectrum(cls, wavelength_nm: ArrayLike, value: ArrayLike) -> TabulatedLine:
        """Return the line of a measured spectrum (n,) over wavelengths (nm), recentred to 1 at 0.

        Subtract baselines and higher transitions first: those belong to `background`.
        """
        x, y = np.asarray(wavelength_nm, dtype=float), np.asarray(value, dtype=float)
        if x.ndim != 1 or x.shape != y.shape or x.size < 5:
            raise ValueError(
                "wavelength_nm, value: must be two columns of the same length of at least 5, "
                f"got shapes {x.shape} and {y.shape}; give one value per wavelength"
            )
        order = np.argsort(x)
        x, y = x[order], y[order]
        peak = int(y.argmax())
        if not y[peak] > 0:
            raise ValueError(f"value: must have a positive maximum, got {y[peak]:g}; check sign")
        return cls(redshift_nm=tuple((x - x[peak]).tolist()), value=tuple((y / y[peak]).tolist()))

    @classmethod
    def from_csv(cls, path: str | Path) -> TabulatedLine:
        """Return the line from a text file: columns wavelength (nm), value; '#' comments."""
        try:
            table = np.loadtxt(path, delimiter=",", ndmin=2)
        except ValueError as error:
            raise ValueError(
                f"path: must hold numbers, two comma-separated columns (nm, value), got {error} "
                f"in {path}; put '#' before header lines"
            ) from error
        if table.shape[1] != 2:
            raise ValueError(
                f"path: must hold two comma-separated columns (nm, value), got {table.shape[1]} "
                f"in {path}; remove the others"
            )
        return cls.from_spectrum(table[:, 0], table[:, 1])

    def _samples(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        x = self.redshift_nm if self.redshift_nm is not None else self.redshift_mev
        return np.asarray(x, dtype=np.float64), np.asarray(self.value, dtype=np.float64)

    def profile(
        self, redshift: ArrayLike, unit: SpectralUnit, *, nm_per_mev: float
    ) -> NDArray[np.float64]:
        """Return the line at distances `redshift` (in `unit`, positive to the red), any shape."""
        x, y = self._samples()
        own = "nm" if self.redshift_nm is not None else "mev"
        if own != unit:
            x = x * (nm_per_mev if unit == "nm" else 1 / nm_per_mev)
        at = np.asarray(redshift, dtype=np.float64)
        result = np.interp(at, x, y)
        for end, inner, outside in ((0, 1, at < x[0]), (-1, -2, at > x[-1])):
            if y[end] > 0:
                slope = math.log(y[end] / y[inner]) / (x[end] - x[inner])
                tail = y[end] * np.exp(slope * np.where(outside, at - x[end], 0.0))
                result = np.where(outside, tail, result)
            else:
                result = np.where(outside, 0.0, result)
        return np.asarray(result)


LineShape = Annotated[GaussianLine | TabulatedLine, Field(discriminator="kind")]
"""A Gaussian or a measured table."""
