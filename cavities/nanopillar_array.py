"""Nanopillar arrays: pillars on a substrate in a gain film."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from pydantic import Field, model_validator

from cavities.body_of_revolution import Layer
from cavities.cell_shape import CellShape, Circle, Shape
from cavities.cover_film import CoverFilm
from cavities.lattice import Lattice
from cavities.material import Material, MaterialLike
from cavities.periodic_stack import PeriodicStack
from cavities.photonic_crystal_slab import PhotonicCrystalSlab
from cavities.spec import Spec

__all__ = ["NanopillarArray"]


class NanopillarArray(Spec):
    """Pillars etched into a layer on a substrate, filled and covered by a film.

    Attributes:
        lattice: repeats the pillar.
        diameter: of one round pillar per lattice point (um), at its top; None: `shapes`.
        shapes: other pillars, one or several per cell, instead of `diameter`.
        height: of the pillars (um).
        pillar_material: of the pillars (region "pillar") and of the residual layer.
        residual_thickness: what the etch left of the pillars' layer below them (um), region
            "residual"; 0: the pillars stand on the substrate.
        below: further layers between the substrate and the residual layer.
        wall_angle_deg: below 90 the pillars widen downwards.
        slices: vertical slices of sloped walls.
        film: `PlanarFilm`, `ConformalFilm` or none.
        substrate, superstrate: media below and above.

    Raises:
        ValueError: both or neither of `diameter` and `shapes`, pillars that overlap, a film that
            does not fit.

    Example:
        >>> from cavities import PlanarFilm
        >>> array = NanopillarArray(lattice=Lattice.square(0.335), diameter=0.1675, height=0.2,
        ...                         residual_thickness=0.3,
        ...                         film=PlanarFilm(material=1.95, overcoat=0.1))
        >>> array.unit_cell().regions
        ('residual', 'gain', 'pillar')
    """

    lattice: Lattice
    diameter: float | None = Field(default=None, gt=0)
    shapes: tuple[Shape, ...] = ()
    height: float = Field(gt=0)
    pillar_material: MaterialLike = Field(default="SiO2", validate_default=True)
    residual_thickness: float = Field(default=0.0, ge=0)
    below: tuple[Layer, ...] = ()
    wall_angle_deg: float = Field(default=90.0, gt=0, lt=180)
    slices: int = Field(default=8, ge=1)
    film: CoverFilm | None = None
    substrate: MaterialLike = Field(default="Si", validate_default=True)
    superstrate: MaterialLike = Field(default="air", validate_default=True)

    @model_validator(mode="after")
    def _check(self) -> NanopillarArray:
        if (self.diameter is None) == (not self.shapes):
            raise ValueError(
                "diameter: must be given, or shapes instead, got "
                f"{'neither' if self.diameter is None else 'both'}; give one of the two"
            )
        self.unit_cell()
        return self

    @classmethod
    def from_process(
        cls,
        *,
        drawn: Sequence[CellShape],
        bias: float = 0.0,
        film_material: Any = None,
        film_on_flat: float | None = None,
        **fields: Any,
    ) -> NanopillarArray:
        """Return the array that a process leaves; see `PhotonicCrystalSlab.from_process`.

        Raises:
            ValueError: film_on_flat without film_material, or the other way round.

        Example:
            >>> array = NanopillarArray.from_process(
            ...     drawn=[Circle(radius=0.08)], bias=0.004, film_material=1.95,
            ...     film_on_flat=0.25, lattice=Lattice.square(0.335), height=0.2)
            >>> round(array.film.overcoat, 4)
            0.0895
        """
        from cavities.pattern_process import fabricated, spin_coated

        bare = cls(shapes=fabricated(drawn, bias), **fields)
        array: NanopillarArray = bare.changed(
            film=spin_coated(bare.slab(), film_material, film_on_flat)
        )
        return array

    @property
    def gain_material(self) -> Material | None:
        """Material of the region "gain", None without one."""
        return self._slab.gain_material

    @cached_property
    def _slab(self) -> PhotonicCrystalSlab:
        etched = Layer(name="pillar", material=self.pillar_material, thickness=self.height)
        layers = (*self.below, etched)
        if self.residual_thickness > 0:
            residual = Layer(
                name="residual", material=self.pillar_material, thickness=self.residual_thickness
            )
            layers = (*self.below, residual, etched)
        shapes: tuple[Shape, ...] = self.shapes
        if self.diameter is not None:
            shapes = (Circle(radius=self.diameter / 2),)
        return PhotonicCrystalSlab(
            lattice=self.lattice,
            substrate=self.substrate,
            layers=layers,
            pattern="pillars",
            shapes=shapes,
            wall_angle_deg=self.wall_angle_deg,
            slices=self.slices,
            film=self.film,
            superstrate=self.superstrate,
        )

    def slab(self) -> PhotonicCrystalSlab:
        """Return the same structure as a patterned layer stack."""
        return self._slab

    def unit_cell(self) -> PeriodicStack:
        """Return the stack of uniform and patterned layers that the solvers take."""
        return self._slab.unit_cell()

    @property
    def filling(self) -> float:
        """Share of the plane that the pillars take at their top."""
        return math.fsum(shape.area for shape in self._slab.shapes) / self.lattice.area
