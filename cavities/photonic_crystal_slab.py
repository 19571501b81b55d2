"""Photonic-crystal slabs: a layer stack, a pattern etched into it, a film over the pattern."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from typing import Any, Literal

from pydantic import Field, model_validator

from cavities.body_of_revolution import Layer
from cavities.cell_overlap import nesting
from cavities.cell_shape import CellShape, Shape
from cavities.cover_film import CoverFilm, PlanarFilm
from cavities.etched_layers import Etch, etched_layers
from cavities.lattice import Lattice
from cavities.material import Material, MaterialLike
from cavities.periodic_stack import PeriodicStack
from cavities.spec import Spec

__all__ = ["PhotonicCrystalSlab"]


class PhotonicCrystalSlab(Spec):
    """A pattern etched from the top into uniform layers, with or without a film over it.

    z = 0 is the substrate's top face. The shapes are as they are on the finished wafer at the
    top of the pattern (`from_process` starts from the drawn ones).

    Attributes:
        lattice: repeats the shapes.
        substrate: medium below.
        layers: before etching, from bottom to top.
        pattern: whether the shapes are "holes" or what stays as "pillars".
        shapes: one or several per cell; they must not overlap, repetitions included.
        etch_depth: from the top of the layers (um); None: the uppermost layer, all of it. Less
            is a partial etch, more goes into the layers below.
        wall_angle_deg: between walls and plane, measured in what is left standing: below 90
            holes narrow downwards and pillars widen.
        slices: vertical slices of sloped walls, over the whole etch depth.
        film: `PlanarFilm`, `ConformalFilm` or none.
        opening_material: what fills the part of the openings that no film fills; None: the
            superstrate's material. Its region is "opening".
        above: further layers over the film.
        superstrate: medium above.

    Raises:
        ValueError: shapes that overlap, an etch deeper than the layers, films that do not fit.

    Example:
        >>> slab = PhotonicCrystalSlab(
        ...     lattice=Lattice.square(0.39), substrate=1.46,
        ...     layers=(Layer(name="slab", material=2.0, thickness=0.17),),
        ...     shapes=({"kind": "circle", "radius": 0.1365},),
        ...     film=PlanarFilm(material=1.9, overcoat=0.08))
        >>> [(layer.name, round(layer.thickness, 3)) for layer in slab.unit_cell().layers]
        [('slab', 0.17), ('gain', 0.08)]
    """

    lattice: Lattice
    substrate: MaterialLike = Field(default="SiO2", validate_default=True)
    layers: tuple[Layer, ...] = Field(min_length=1)
    pattern: Literal["holes", "pillars"] = "holes"
    shapes: tuple[Shape, ...] = Field(min_length=1)
    etch_depth: float | None = Field(default=None, gt=0)
    wall_angle_deg: float = Field(default=90.0, gt=0, lt=180)
    slices: int = Field(default=8, ge=1)
    film: CoverFilm | None = None
    opening_material: MaterialLike | None = None
    above: tuple[Layer, ...] = ()
    superstrate: MaterialLike = Field(default="air", validate_default=True)

    @model_validator(mode="after")
    def _check(self) -> PhotonicCrystalSlab:
        total = math.fsum(layer.thickness for layer in self.layers)
        if self.depth > total * (1 + 1e-12):
            raise ValueError(
                f"etch_depth: must be at most the thickness of the layers, {total:g} um, got "
                f"{self.depth:g} um; put a layer of the substrate's material below them"
            )
        if any(parent >= 0 for parent in nesting(self.lattice, self.shapes, "pattern")):
            raise ValueError(
                "shapes: must not lie inside each other, got one within another; describe rings "
                "with a PeriodicStack"
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
        film_name: str = "gain",
        **fields: Any,
    ) -> PhotonicCrystalSlab:
        """Return the slab that a process leaves.

        Args:
            drawn: shapes as in the layout (um).
            bias: how far every wall moves outwards from the drawn outline (um; < 0: inwards),
                from exposure, development and etching together.
            film_material: of a spin-coated film; None: no film.
            film_on_flat: thickness (um) that the same coating gives on an unpatterned wafer.
                The film is taken to end in a plane and to keep its volume, so the openings
                lower it, see `cavities.pattern_process`.
            film_name: region of the film.
            fields: everything else, as in the constructor.

        Raises:
            ValueError: film_on_flat without film_material, or the other way round.

        Example:
            >>> from cavities import Circle
            >>> slab = PhotonicCrystalSlab.from_process(
            ...     drawn=[Circle(radius=0.10)], bias=0.005, film_material=1.9, film_on_flat=0.15,
            ...     lattice=Lattice.square(0.4), substrate="SiO2",
            ...     layers=(Layer(name="slab", material="SiNx", thickness=0.17),))
            >>> round(slab.shapes[0].radius, 4), round(slab.film.overcoat, 4)
            (0.105, 0.1132)
        """
        from cavities.pattern_process import fabricated, spin_coated

        bare = cls(shapes=fabricated(drawn, bias), **fields)
        film = spin_coated(bare, film_material, film_on_flat, name=film_name)
        slab: PhotonicCrystalSlab = bare.changed(film=film)
        return slab

    @property
    def depth(self) -> float:
        """Etch depth (um)."""
        return self.layers[-1].thickness if self.etch_depth is None else self.etch_depth

    @property
    def floor(self) -> float:
        """Height (um) of the openings' floor over the substrate's top face."""
        return max(0.0, math.fsum(layer.thickness for layer in self.layers) - self.depth)

    @property
    def gain_material(self) -> Material | None:
        """Material of the region "gain", None without one."""
        if self.film is not None and self.film.name == "gain":
            return self.film.material
        named = [layer.material for layer in (*self.layers, *self.above) if layer.name == "gain"]
        return named[0] if named else None

    def open_fraction(self, below_top: float) -> float:
        """Return the open share of the plane at a depth (um) below the pattern's top."""
        etch = self._etch
        shapes = [etch.shape_at(shape, below_top) for shape in self.shapes]
        share = math.fsum(shape.area for shape in shapes) / self.lattice.area
        return share if self.pattern == "holes" else 1 - share

    @property
    def open_volume(self) -> float:
        """Volume of the openings per area of the wafer (um), exact for the sloped walls too."""
        from cavities.pattern_process import open_volume

        return open_volume(self, self.depth)

    @property
    def film_on_flat(self) -> float | None:
        """Thickness (um) of the planar film's volume on a flat wafer; None without one."""
        from cavities.pattern_process import film_volume

        return film_volume(self) if isinstance(self.film, PlanarFilm) else None

    @cached_property
    def _etch(self) -> Etch:
        return Etch(
            holes=self.pattern == "holes",
            shapes=self.shapes,
            depth=self.depth,
            wall_angle_deg=self.wall_angle_deg,
            slices=self.slices,
        )

    @cached_property
    def _stack(self) -> PeriodicStack:
        opening = self.superstrate if self.opening_material is None else self.opening_material
        layers = etched_layers(self.layers, self._etch, self.film, opening)
        return PeriodicStack(
            lattice=self.lattice,
            substrate=self.substrate,
            layers=(*layers, *self.above),
            superstrate=self.superstrate,
        )

    def unit_cell(self) -> PeriodicStack:
        """Return the stack of uniform and patterned layers that the solvers take."""
        return self._stack
