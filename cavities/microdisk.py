"""Microdisks with straight walls, on a substrate or on a pedestal, bare or coated."""

from __future__ import annotations

import math

from pydantic import Field, model_validator

from cavities.body_of_revolution import BodyOfRevolution, LayeredBackground, Region
from cavities.conformal_coat import conformal_coat
from cavities.material import MaterialLike
from cavities.outline import Line, Outline, Point
from cavities.spec import Spec

__all__ = ["Microdisk"]


class Microdisk(Spec):
    """A disk with a straight, vertical or tilted wall.

    z = 0 is the top face of the substrate. Regions of the body: "pedestal" and "gain" (the
    coat) where they exist, "disk"; background: "substrate", "superstrate".

    Example:
        >>> disk = Microdisk(radius=2.5, height=0.5, wall_angle_deg=-10.0)
        >>> round(disk.base_radius, 4)
        2.5882
    """

    radius: float = Field(gt=0, description="radius of the top face (um)")
    height: float = Field(gt=0, description="thickness of the disk (um)")
    wall_angle_deg: float = Field(
        default=0.0,
        gt=-90,
        lt=90,
        description="angle of the wall from the vertical (deg), positive when undercut",
    )
    material: MaterialLike = Field(default="SU8", validate_default=True)
    pedestal_radius: float | None = Field(
        default=None, gt=0, description="radius of the pedestal (um); None: on the substrate"
    )
    pedestal_height: float = Field(default=0.0, ge=0, description="height of the pedestal (um)")
    pedestal_material: MaterialLike | None = Field(
        default=None, description="None: the substrate's material"
    )
    coat_thickness: float = Field(default=0.0, ge=0, description="coat (um), 0 for none")
    coat_material: MaterialLike = Field(default="nanocrystal_film", validate_default=True)
    coat_top: bool = Field(default=True, description="whether the coat covers the top face")
    coat_wall: bool = Field(default=True, description="whether the coat covers the wall")
    substrate: MaterialLike = Field(default="glass", validate_default=True)
    superstrate: MaterialLike = Field(default="air", validate_default=True)

    @model_validator(mode="after")
    def _check(self) -> Microdisk:
        if self.base_radius <= 0:
            limit = math.degrees(math.atan(self.radius / self.height))
            raise ValueError(
                f"wall_angle_deg: must be < {limit:.4g} deg = atan(radius/height), got "
                f"{self.wall_angle_deg:g}; the foot would vanish"
            )
        if (self.pedestal_radius is None) != (self.pedestal_height == 0):
            raise ValueError(
                "pedestal_height: must be > 0 with a pedestal_radius and 0 without, got "
                f"pedestal_height={self.pedestal_height:g}, "
                f"pedestal_radius={self.pedestal_radius}; give both or neither"
            )
        if self.pedestal_radius is not None and self.pedestal_radius > self.base_radius:
            raise ValueError(
                f"pedestal_radius: must be <= the disk's foot of {self.base_radius:.4g} um, got "
                f"{self.pedestal_radius:g}; use a narrower pedestal"
            )
        if self.coat_thickness > 0 and not (self.coat_top or self.coat_wall):
            raise ValueError(
                "coat_thickness: must be 0 when the coat covers nothing, got "
                f"{self.coat_thickness:g} um; set coat_top or coat_wall"
            )
        drop = self.coat_thickness * math.sin(math.radians(abs(self.wall_angle_deg)))
        if self.coat_wall and drop >= self.height:
            limit = self.height * self.coat_thickness / drop
            raise ValueError(
                f"coat_thickness: must be < {limit:.4g} um = height/sin(wall angle), got "
                f"{self.coat_thickness:g}; use a thinner coat, a higher disk or a steeper wall"
            )
        return self

    @property
    def diameter(self) -> float:
        """Diameter of the top face (um)."""
        return 2 * self.radius

    @property
    def base_radius(self) -> float:
        """Radius of the bottom face (um)."""
        return self.radius - self.height * math.tan(math.radians(self.wall_angle_deg))

    @property
    def volume(self) -> float:
        """Volume of the disk (um^3), a truncated cone."""
        radii = self.radius**2 + self.radius * self.base_radius + self.base_radius**2
        return math.pi * self.height / 3 * radii

    def outline(self) -> Outline:
        """Return the closed outline of the disk in the (r, z) half-plane."""
        foot, wall = self._wall()
        bottom, top = foot[1], wall.end[1]
        ends = (foot, wall.end, (0.0, top), (0.0, bottom))
        return Outline(start=(0.0, bottom), segments=tuple(Line(end=p) for p in ends))

    def coat_outline(self) -> Outline:
        """Return the outline of the disk with its coat; the underside stays bare.

        Raises:
            ValueError: there is no coat.
        """
        foot, wall = self._wall()
        return conformal_coat(
            foot,
            wall,
            thickness=self.coat_thickness,
            cover_top=self.coat_top,
            cover_wall=self.coat_wall,
        )

    def body(self) -> BodyOfRevolution:
        """Return the regions and the layers for the axisymmetric solvers."""
        regions = [Region(name="disk", outline=self.outline(), material=self.material)]
        if self.coat_thickness > 0:
            coat = Region(name="gain", outline=self.coat_outline(), material=self.coat_material)
            regions.insert(0, coat)
        if self.pedestal_radius is not None:
            outline = Outline.rectangle(
                inner=0.0, outer=self.pedestal_radius, bottom=0.0, top=self.pedestal_height
            )
            material = self.pedestal_material or self.substrate
            regions.insert(0, Region(name="pedestal", outline=outline, material=material))
        background = LayeredBackground(substrate=self.substrate, superstrate=self.superstrate)
        return BodyOfRevolution(regions=tuple(regions), background=background)

    def _wall(self) -> tuple[Point, Line]:
        bottom = self.pedestal_height
        return (self.base_radius, bottom), Line(end=(self.radius, bottom + self.height))
