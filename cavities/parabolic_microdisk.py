"""The parabolic microdisk: an undercut resist disk, coated with nanocrystals, on a mirror."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
from pydantic import Field, model_validator

from cavities.body_of_revolution import BodyOfRevolution, Layer, LayeredBackground, Region
from cavities.conformal_coat import conformal_coat
from cavities.lithography import Exposure
from cavities.material import MaterialLike
from cavities.outline import Line, Outline, Parabola, Point, Spline
from cavities.resist_profile import resist_profile
from cavities.spec import Spec
from cavities.wall import parabolic_wall, segment_derivative, wall_volume

__all__ = ["ParabolicMicrodisk"]

_SHAPE = ("top_radius", "base_radius", "height", "wall_points")


class ParabolicMicrodisk(Spec):
    """A disk of resist wide at the top, its wall a paraboloid, on a metal mirror.

    z = 0 is the top face of the reflector. Regions of the body: "gain" (the nanocrystal
    coat), "resist" (the disk); background: "substrate", "adhesion", "reflector",
    "superstrate". Device of Kersuzan et al. (hal-05014673, 2025); the paper gives diameters
    of 10-30 um, SU-8 and the order of the layers; every thickness here is a guess.

    Example:
        >>> disk = ParabolicMicrodisk(top_radius=7.5, base_radius=6.27, height=5.0)
        >>> [region.name for region in disk.body().regions], round(disk.undercut, 2)
        (['gain', 'resist'], 1.23)
    """

    top_radius: float = Field(gt=0, description="radius of the top face of the resist (um)")
    base_radius: float = Field(gt=0, description="radius of the foot of the resist (um)")
    height: float = Field(gt=0, description="height of the resist (um)")
    wall_points: tuple[Point, ...] = Field(
        default=(),
        description="wall from foot to rim as points (um) of a smooth curve, when it is not a "
        "parabola (blurred exposure, measured edge); empty: r^2 linear in z",
    )
    resist_material: MaterialLike = Field(default="SU8", validate_default=True)
    coat_thickness: float = Field(
        default=0.075, ge=0, description="nanocrystal film (um), 0 for none; guess"
    )
    coat_material: MaterialLike = Field(default="nanocrystal_film", validate_default=True)
    coat_top: bool = Field(default=True, description="whether the film covers the top face")
    coat_wall: bool = Field(default=True, description="whether the film covers the wall")
    coat_floor: bool = Field(
        default=False,
        description="whether the film also lies on the mirror around the disk (a background "
        'layer that counts as "gain")',
    )
    reflector_thickness: float = Field(default=0.2, ge=0, description="mirror (um), 0: none; guess")
    reflector_material: MaterialLike = Field(default="Au", validate_default=True)
    adhesion_thickness: float = Field(
        default=0.01, ge=0, description="adhesion layer under the mirror (um), 0: none; guess"
    )
    adhesion_material: MaterialLike = Field(default="Ti", validate_default=True)
    substrate: MaterialLike = Field(default="glass", validate_default=True)
    superstrate: MaterialLike = Field(default="air", validate_default=True)
    exposure: Exposure | None = Field(
        default=None, description="the exposure that writes this disk, where it is known"
    )

    @model_validator(mode="after")
    def _check(self) -> ParabolicMicrodisk:
        if self.base_radius > self.top_radius:
            raise ValueError(
                f"base_radius: must be <= top_radius = {self.top_radius:g} um, got "
                f"{self.base_radius:g}; use Microdisk for a wall that flares out downwards"
            )
        if self.coat_thickness > 0 and not (self.coat_top or self.coat_wall or self.coat_floor):
            raise ValueError(
                "coat_thickness: must be 0 when the coat covers nothing, got "
                f"{self.coat_thickness:g} um; set coat_top, coat_wall or coat_floor"
            )
        self._check_wall_points()
        self._check_exposure()
        sine = math.sin(math.radians(self.wall_tilt_deg))
        if self.coat_wall and self.coat_thickness * sine >= self.height:
            raise ValueError(
                f"coat_thickness: must be < height/sin(wall tilt) = {self.height / sine:.4g} um, "
                f"got {self.coat_thickness:g}; use a thinner coat, a higher disk or a steeper wall"
            )
        return self

    @classmethod
    def from_exposure(cls, exposure: Exposure, **fields: Any) -> ParabolicMicrodisk:
        """Return the disk that an exposure writes.

        Args:
            exposure: the laser shot; it is kept in the field `exposure`.
            fields: any other field of the disk (coat, mirror, materials).

        Raises:
            ValueError: the exposure leaves no disk, or a detached one.

        Example:
            >>> round(ParabolicMicrodisk.from_exposure(Exposure()).diameter, 2)
            15.0
        """
        exposure.profile()  # logs the doubts, once
        shape = _shape(exposure)
        twice = sorted({*_SHAPE, "exposure"} & fields.keys())
        if twice:
            raise ValueError(
                f"{twice[0]}: must not be given, the exposure sets it, got {fields[twice[0]]!r}; "
                "change the exposure or build ParabolicMicrodisk(...) from sizes"
            )
        return cls(exposure=exposure, **shape, **fields)

    def changed(self, **fields: Any) -> Any:
        """Return a copy with fields replaced; a new shape forgets the exposure.

        A new exposure sets the shape afresh.
        """
        if isinstance(fields.get("exposure"), Exposure) and not fields.keys() & set(_SHAPE):
            kept = {name: getattr(self, name) for name in type(self).model_fields}
            kept.update(fields)
            exposure = kept.pop("exposure")
            return type(self).from_exposure(
                exposure, **{k: v for k, v in kept.items() if k not in _SHAPE}
            )
        if fields.keys() & set(_SHAPE):
            fields = {"exposure": None, **fields}
        return super().changed(**fields)

    @property
    def diameter(self) -> float:
        """Diameter of the top face of the resist (um)."""
        return 2 * self.top_radius

    @property
    def undercut(self) -> float:
        """Overhang of the rim over the foot (um)."""
        return self.top_radius - self.base_radius

    @property
    def wall_tilt_deg(self) -> float:
        """Angle of the wall from the vertical at the rim (deg), positive when undercut."""
        slope = segment_derivative(*self.wall(), np.array([1.0]))[0]
        return math.degrees(math.atan2(slope[0], slope[1]))

    @property
    def volume(self) -> float:
        """Volume of the resist (um^3)."""
        return wall_volume(*self.wall())

    @property
    def coat_volume(self) -> float:
        """Volume of the coat on the disk (um^3), floor film not counted."""
        if not self._has_coat:
            return 0.0
        coated = _outline_volume(self.coat_outline())
        return coated if not self.coat_wall else coated - self.volume

    def wall(self) -> tuple[Point, Line | Parabola | Spline]:
        """Return the foot point (um) and the wall's segment up to the rim."""
        if self.wall_points:
            return self.wall_points[0], Spline(knots=self.wall_points[1:])
        foot = (self.base_radius, 0.0)
        return foot, parabolic_wall(foot, (self.top_radius, self.height))

    def outline(self) -> Outline:
        """Return the closed outline of the resist in the (r, z) half-plane."""
        foot, wall = self.wall()
        ends = ((0.0, self.height), (0.0, 0.0))
        return Outline(
            start=(0.0, 0.0), segments=(Line(end=foot), wall, *(Line(end=p) for p in ends))
        )

    def coat_outline(self) -> Outline:
        """Return the closed outline of the resist with its coat (to be painted first).

        Raises:
            ValueError: there is no coat on the disk, or it does not fit.
        """
        foot, wall = self.wall()
        return conformal_coat(
            foot,
            wall,
            thickness=self.coat_thickness,
            cover_top=self.coat_top,
            cover_wall=self.coat_wall,
        )

    def body(self) -> BodyOfRevolution:
        """Return the regions and the layers for the axisymmetric solvers."""
        regions = [Region(name="resist", outline=self.outline(), material=self.resist_material)]
        if self._has_coat:
            coat = Region(name="gain", outline=self.coat_outline(), material=self.coat_material)
            regions.insert(0, coat)
        floor = self.coat_thickness if self.coat_floor else 0.0
        stack = (
            ("adhesion", self.adhesion_material, self.adhesion_thickness),
            ("reflector", self.reflector_material, self.reflector_thickness),
            ("gain", self.coat_material, floor),
        )
        background = LayeredBackground(
            substrate=self.substrate,
            layers=tuple(
                Layer(name=name, material=material, thickness=thickness)
                for name, material, thickness in stack
                if thickness > 0
            ),
            top=floor,
            superstrate=self.superstrate,
        )
        return BodyOfRevolution(regions=tuple(regions), background=background)

    @property
    def _has_coat(self) -> bool:
        return self.coat_thickness > 0 and (self.coat_top or self.coat_wall)

    def _check_wall_points(self) -> None:
        if not self.wall_points:
            return
        if len(self.wall_points) < 4:
            raise ValueError(
                f"wall_points: must hold at least 4 points, got {len(self.wall_points)}; "
                "leave it empty for a parabola"
            )
        heights = [z for _, z in self.wall_points]
        if any(b <= a for a, b in pairwise(heights)):
            raise ValueError(
                f"wall_points: z must rise from foot to rim, got {heights[0]:g} to "
                f"{heights[-1]:g} um not in rising order; sort the points"
            )
        ends = (self.wall_points[0], self.wall_points[-1])
        wanted = ((self.base_radius, 0.0), (self.top_radius, self.height))
        for got, want in zip(ends, wanted, strict=True):
            if math.dist(got, want) > 1e-9:
                raise ValueError(
                    f"wall_points: must run from (base_radius, 0) to (top_radius, height), got "
                    f"{got} where {want} is due; change both together"
                )

    def _check_exposure(self) -> None:
        if self.exposure is None:
            return
        hint = "use ParabolicMicrodisk.from_exposure, or exposure=None"
        shape = _shape(self.exposure)
        for name in ("top_radius", "base_radius", "height"):
            got, want = getattr(self, name), shape[name]
            if abs(got - want) > 1e-9 * max(1.0, want):
                raise ValueError(
                    f"{name}: must be {want:.9g} um as the exposure gives it, got {got:.9g}; {hint}"
                )
        wall = shape.get("wall_points", ())
        if len(wall) != len(self.wall_points) or any(
            math.dist(got, want) > 1e-9 for got, want in zip(self.wall_points, wall, strict=True)
        ):
            raise ValueError(
                f"wall_points: must be the {len(wall)} points that the exposure gives, got "
                f"{len(self.wall_points)} others; {hint}"
            )


def _shape(exposure: Exposure) -> dict[str, Any]:
    """Return the shape fields that an exposure sets."""
    profile = resist_profile(exposure)
    shape: dict[str, Any] = {
        "top_radius": profile.top_radius,
        "base_radius": profile.base_radius,
        "height": profile.height,
    }
    if isinstance(profile.wall, Spline):
        shape["wall_points"] = (profile.wall_start, *profile.wall.knots)
    return shape


def _outline_volume(outline: Outline) -> float:
    """Return the volume (um^3) that an outline sweeps around the axis (Pappus)."""
    r, z = outline.points(1e-7).T
    following_r, following_z = np.roll(r, -1), np.roll(z, -1)
    area_moments = (r**2 + r * following_r + following_r**2) * (following_z - z)
    return float(np.pi / 3 * area_moments.sum())
