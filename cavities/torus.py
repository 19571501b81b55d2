"""Tori: rings of circular cross-section."""

from __future__ import annotations

import math

from pydantic import Field, model_validator

from cavities.body_of_revolution import BodyOfRevolution, Region
from cavities.material import MaterialLike
from cavities.outline import Outline
from cavities.spec import Spec

__all__ = ["Torus"]


class Torus(Spec):
    """A torus about the z axis, centred at z = 0, in a homogeneous medium.

    Region of the body: "torus"; background: "background".

    Example:
        >>> Torus(major_radius=10.0, minor_radius=1.0, material="SiO2").outer_radius
        11.0
    """

    major_radius: float = Field(gt=0, description="axis to the centre of the tube (um)")
    minor_radius: float = Field(gt=0, description="radius of the tube (um)")
    material: MaterialLike
    background: MaterialLike = Field(default="air", validate_default=True)

    @model_validator(mode="after")
    def _open_hole(self) -> Torus:
        if self.minor_radius >= self.major_radius:
            raise ValueError(
                f"minor_radius: must be < major_radius = {self.major_radius:g} um, got "
                f"{self.minor_radius:g}; a torus without a hole crosses the axis"
            )
        return self

    @property
    def outer_radius(self) -> float:
        """Largest distance from the axis (um)."""
        return self.major_radius + self.minor_radius

    @property
    def volume(self) -> float:
        """Volume (um^3)."""
        return 2 * math.pi**2 * self.major_radius * self.minor_radius**2

    def body(self) -> BodyOfRevolution:
        """Return the region and its background for the axisymmetric solvers."""
        outline = Outline.circle(centre=(self.major_radius, 0.0), radius=self.minor_radius)
        region = Region(name="torus", outline=outline, material=self.material)
        return BodyOfRevolution(regions=(region,), background=self.background)
