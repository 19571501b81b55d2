"""Microspheres: the cavity with exactly known modes."""

from __future__ import annotations

import math

from pydantic import Field

from cavities.body_of_revolution import BodyOfRevolution, Region
from cavities.material import MaterialLike
from cavities.outline import Outline
from cavities.spec import Spec

__all__ = ["Sphere"]


class Sphere(Spec):
    """A sphere centred at z = 0 in a homogeneous medium.

    Region of the body: "sphere"; background: "background".

    Example:
        >>> Sphere(radius=2.0, material=1.5).diameter
        4.0
    """

    radius: float = Field(gt=0, description="radius (um)")
    material: MaterialLike
    background: MaterialLike = Field(default="air", validate_default=True)

    @property
    def diameter(self) -> float:
        """Diameter (um)."""
        return 2 * self.radius

    @property
    def volume(self) -> float:
        """Volume (um^3)."""
        return 4 / 3 * math.pi * self.radius**3

    def body(self) -> BodyOfRevolution:
        """Return the region and its background for the axisymmetric solvers."""
        outline = Outline.half_disk(radius=self.radius)
        region = Region(name="sphere", outline=outline, material=self.material)
        return BodyOfRevolution(regions=(region,), background=self.background)
