"""Pump spots: energy or power to peak fluence or intensity, with the convention in the name.

A top hat has one value over its disk: peak = E/(pi r^2). A Gaussian of 1/e^2 intensity radius w
has 2 E/(pi w^2) on its axis, twice the mean over its 1/e^2 disk. "Spot size 1 mm" without a
convention leaves a factor of 8 open: 150 mW give 19.1 W/cm^2 (top hat, diameter), 4.8 (radius) or
38.2 (peak of a Gaussian of that 1/e^2 diameter).
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, model_validator

from cavities.spec import Spec
from gain.argument_checks import not_negative

__all__ = ["Spot"]

Floats = NDArray[np.float64]

_CM2_PER_UM2 = 1e-8


class Spot(Spec):
    """The spot of a pump beam on the sample; give exactly one of radius and diameter.

    Attributes:
        profile: "gaussian" or "top_hat".
        radius: 1/e^2 intensity radius of a Gaussian, radius of a top hat (um).
        diameter: twice the radius (um).
        fwhm: full width at half maximum of a Gaussian's intensity (um).

    Errors: ValueError unless exactly one size is given, or a FWHM of a top hat.

    Example:
        >>> spot = Spot(profile="top_hat", diameter=1000.0)
        >>> spot.intensity_w_per_cm2([150.0, 250.0]).round(2).tolist()
        [19.1, 31.83]
    """

    profile: Literal["gaussian", "top_hat"]
    radius: float | None = Field(default=None, gt=0)
    diameter: float | None = Field(default=None, gt=0)
    fwhm: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one_size(self) -> Spot:
        given = [name for name in ("radius", "diameter", "fwhm") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                "spot: must have exactly one of radius, diameter, fwhm, got "
                f"{', '.join(given) or 'none'}; keep one size"
            )
        if self.profile == "top_hat" and self.fwhm is not None:
            raise ValueError("fwhm: must be left out for a top hat, got one; give its diameter")
        return self

    @property
    def beam_radius(self) -> float:
        """Radius of a top hat, 1/e^2 intensity radius of a Gaussian (um)."""
        if self.fwhm is not None:
            return self.fwhm / math.sqrt(2 * math.log(2))
        if self.diameter is not None:
            return self.diameter / 2
        assert self.radius is not None
        return self.radius

    @property
    def area_cm2(self) -> float:
        """Energy over peak fluence (cm^2): pi w^2/2 of a Gaussian, pi r^2 of a top hat."""
        share = 0.5 if self.profile == "gaussian" else 1.0
        return share * math.pi * self.beam_radius**2 * _CM2_PER_UM2

    def fluence_uj_per_cm2(self, pulse_energy_nj: ArrayLike) -> Floats:
        """Return the peak fluence (uJ/cm^2) of pulses (nJ), (...)."""
        return not_negative("pulse_energy_nj", pulse_energy_nj) * (1e-3 / self.area_cm2)

    def pulse_energy_nj(self, fluence_uj_per_cm2: ArrayLike) -> Floats:
        """Return the pulse energy (nJ) of a peak fluence (uJ/cm^2), (...)."""
        return not_negative("fluence_uj_per_cm2", fluence_uj_per_cm2) * (1e3 * self.area_cm2)

    def intensity_w_per_cm2(self, power_mw: ArrayLike) -> Floats:
        """Return the peak intensity (W/cm^2) of a power (mW), (...)."""
        return not_negative("power_mw", power_mw) * (1e-3 / self.area_cm2)

    def power_mw(self, intensity_w_per_cm2: ArrayLike) -> Floats:
        """Return the power (mW) of a peak intensity (W/cm^2), (...)."""
        return not_negative("intensity_w_per_cm2", intensity_w_per_cm2) * (1e3 * self.area_cm2)
