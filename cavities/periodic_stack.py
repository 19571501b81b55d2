"""Periodic stacks: uniform and patterned layers over one lattice, on a substrate."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np
from pydantic import Field, model_validator

from cavities.body_of_revolution import Layer
from cavities.cell_overlap import nesting, require_in_cell
from cavities.cell_shape import CellShape, Shape
from cavities.lattice import Lattice
from cavities.material import Material, MaterialInput, MaterialLike, as_material
from cavities.spec import Spec

__all__ = ["Inclusion", "PatternedLayer", "PeriodicLayer", "PeriodicStack"]

_RESERVED = ("substrate", "superstrate")


class Inclusion(Spec):
    """A shape of the unit cell filled with a material.

    Attributes:
        shape: seen from above; repeated by the lattice, so it may reach over the cell's edge.
        material: what fills it.
        name: its region; several inclusions and layers may share one.
    """

    shape: Shape
    material: MaterialLike
    name: str = Field(default="inclusion", min_length=1)


class PatternedLayer(Spec):
    """A layer with inclusions that the lattice repeats.

    An inclusion may lie wholly inside an earlier one and replaces it there (a film in a hole:
    two circles). Otherwise inclusions, repetitions included, may touch but not overlap; the
    stack that brings the lattice checks it.

    Attributes:
        name: region of the layer's own material.
        thickness: um.
        material: what is between the inclusions.
        inclusions: at least one.
        wall_angle_deg: angle between the walls and the plane, measured inside the inclusions:
            90 is vertical; below, inclusions narrow upwards (pillars with a wide foot); above,
            they narrow downwards (a hole that closes towards its bottom).
        shape_height: where the shapes are as given: at the layer's bottom, middle or top.
        slices: into how many vertical slices sloped walls are cut; each takes the shape at its
            middle, so that results converge with 1/slices^2.

    Raises:
        ValueError: no inclusion, a thickness not > 0, or walls so flat that a shape vanishes.

    Example:
        >>> hole = Inclusion(shape={"kind": "circle", "radius": 0.08}, material="air")
        >>> layer = PatternedLayer(name="slab", material=2.0, thickness=0.1, inclusions=(hole,),
        ...                        wall_angle_deg=100.0, slices=2)
        >>> [round(piece.inclusions[0].shape.radius, 4) for piece in layer.cut()]
        [0.0668, 0.0756]
    """

    name: str = Field(min_length=1)
    thickness: float = Field(gt=0)
    material: MaterialLike
    inclusions: tuple[Inclusion, ...] = Field(min_length=1)
    wall_angle_deg: float = Field(default=90.0, gt=0, lt=180)
    shape_height: Literal["bottom", "middle", "top"] = "top"
    slices: int = Field(default=8, ge=1)

    @model_validator(mode="after")
    def _walls(self) -> PatternedLayer:
        if not self.is_vertical:
            for z in (0.0, self.thickness):
                self.at(z)
        return self

    @property
    def is_vertical(self) -> bool:
        """Whether the walls are vertical, so that the layer is one slice."""
        return self.wall_angle_deg == 90.0

    @property
    def regions(self) -> tuple[str, ...]:
        """Names of the layer and of its inclusions, each once."""
        return tuple(dict.fromkeys((self.name, *(part.name for part in self.inclusions))))

    def growth(self, height: float) -> float:
        """Return by how much (um) the shapes are wider on each side at a height in the layer."""
        reference = {"bottom": 0.0, "middle": 0.5, "top": 1.0}[self.shape_height]
        slope = math.tan(math.radians(90.0 - self.wall_angle_deg))
        return (reference * self.thickness - height) * slope

    def at(self, height: float) -> tuple[Inclusion, ...]:
        """Return the inclusions as they are at a height (um) above the layer's bottom.

        Raises:
            ValueError: a shape has vanished there.
        """
        distance = self.growth(height)
        try:
            return tuple(p.changed(shape=p.shape.grown(distance)) for p in self.inclusions)
        except ValueError:
            raise ValueError(
                "wall_angle_deg: every shape must be left at the layer's bottom and top, got "
                f"{self.wall_angle_deg:g} degrees, which moves walls by {distance:.4g} um in "
                f"layer {self.name!r}; use steeper walls, a thinner layer or larger shapes"
            ) from None

    def cut(self) -> tuple[PatternedLayer, ...]:
        """Return the layer as slices with vertical walls, from bottom to top."""
        if self.is_vertical:
            return (self,)
        step = self.thickness / self.slices
        return tuple(
            self.changed(
                thickness=step, inclusions=self.at((i + 0.5) * step), wall_angle_deg=90.0, slices=1
            )
            for i in range(self.slices)
        )

    def scaled(self, factor: float) -> PatternedLayer:
        """Return the layer with thickness and shapes multiplied by a factor."""
        parts = tuple(p.changed(shape=p.shape.scaled(factor)) for p in self.inclusions)
        layer: PatternedLayer = self.changed(thickness=factor * self.thickness, inclusions=parts)
        return layer


PeriodicLayer: TypeAlias = Layer | PatternedLayer
"""A uniform layer, or a patterned one (it has inclusions)."""


class PeriodicStack(Spec):
    """Layers from bottom to top over one lattice: what the periodic solvers take.

    z = 0 is the substrate's top face; results are summed over parts of one name.

    Attributes:
        lattice: repeats the cell; its origin is a lattice point.
        substrate: medium below (region name "substrate").
        layers: from bottom to top, uniform (`Layer`) or patterned (`PatternedLayer`).
        superstrate: medium above (region name "superstrate").

    Raises:
        ValueError: a reserved name, an inclusion far from the cell (its centre must have
            lattice coordinates between -1 and 1), or inclusions that overlap each other or
            their own repetitions.

    Example:
        >>> hole = Inclusion(shape={"kind": "circle", "radius": 0.08}, material=1.46, name="hole")
        >>> slab = PatternedLayer(name="slab", material=2.02, thickness=0.18, inclusions=(hole,))
        >>> stack = PeriodicStack(lattice=Lattice.square(0.336), substrate=1.46, layers=(slab,),
        ...                       superstrate=1.46)
        >>> stack.regions, {k: round(v, 4) for k, v in stack.fractions(slab).items()}
        (('slab', 'hole'), {'slab': 0.8219, 'hole': 0.1781})
    """

    lattice: Lattice
    substrate: MaterialLike = Field(default="glass", validate_default=True)
    layers: tuple[PeriodicLayer, ...] = Field(min_length=1)
    superstrate: MaterialLike = Field(default="air", validate_default=True)

    @model_validator(mode="after")
    def _check(self) -> PeriodicStack:
        for name in self.regions:
            if name in _RESERVED:
                raise ValueError(
                    f"region name: must not be one of {list(_RESERVED)}, got {name!r}; "
                    "rename the layer or inclusion"
                )
        for layer in self.layers:
            if isinstance(layer, PatternedLayer):
                shapes = [part.shape for part in layer.inclusions]
                require_in_cell(self.lattice, shapes, layer.name)
                # walls are straight: what fits at the widest place fits everywhere
                for z in {0.0, layer.thickness} if not layer.is_vertical else {0.0}:
                    nesting(self.lattice, [part.shape for part in layer.at(z)], layer.name)
        return self

    def unit_cell(self) -> PeriodicStack:
        """Return the stack itself: every periodic cavity has this method."""
        return self

    @property
    def thickness(self) -> float:
        """Thickness of all layers together (um)."""
        return self.interfaces()[-1]

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """Names of layers and inclusions, each once, from bottom to top."""
        names = [
            name
            for layer in self.layers
            for name in (layer.regions if isinstance(layer, PatternedLayer) else (layer.name,))
        ]
        return tuple(dict.fromkeys(names))

    @property
    def media(self) -> tuple[Material, ...]:
        """Every material once: substrate, layers and inclusions upwards, superstrate."""
        found: list[Material] = [self.substrate]
        for layer in self.layers:
            found.append(layer.material)
            if isinstance(layer, PatternedLayer):
                found += [part.material for part in layer.inclusions]
        return tuple(dict.fromkeys([*found, self.superstrate]))

    def interfaces(self) -> tuple[float, ...]:
        """Return the z (um) of every interface from bottom (0) to top, slices not counted."""
        edges = np.cumsum([0.0, *(layer.thickness for layer in self.layers)])
        return tuple(float(z) for z in edges)

    def slices(self) -> tuple[PeriodicLayer, ...]:
        """Return the layers with every sloped wall cut into vertical slices, bottom to top."""
        pieces: list[PeriodicLayer] = []
        for layer in self.layers:
            pieces += layer.cut() if isinstance(layer, PatternedLayer) else (layer,)
        return tuple(pieces)

    def parents(self, layer: PatternedLayer) -> tuple[int, ...]:
        """Return for each inclusion of a layer the one it lies in, -1 for the layer itself.

        The permittivity of the layer is that of its own material plus, for every inclusion,
        (its own - its parent's) inside its shape.
        """
        return nesting(self.lattice, [part.shape for part in layer.inclusions], layer.name)

    def fractions(self, layer: PeriodicLayer) -> dict[str, float]:
        """Return the share of the volume of a layer that each of its regions fills."""
        if not isinstance(layer, PatternedLayer):
            return {layer.name: 1.0}
        shares = dict.fromkeys(layer.regions, 0.0)
        pieces = layer.cut()
        for piece in pieces:
            parents = self.parents(piece)
            shares[piece.name] += 1.0 / len(pieces)
            for part, parent in zip(piece.inclusions, parents, strict=True):
                share = part.shape.area / self.lattice.area / len(pieces)
                shares[part.name] += share
                outer = piece.name if parent < 0 else piece.inclusions[parent].name
                shares[outer] -= share
        return shares

    def with_material(self, region: str, material: MaterialInput) -> PeriodicStack:
        """Return the stack with another material wherever one region is.

        Raises:
            ValueError: there is no such region.
        """
        if region not in (*self.regions, *_RESERVED):
            raise ValueError(
                f"region: must be one of {[*self.regions, *_RESERVED]}, got {region!r}; "
                "name a layer or an inclusion of the stack"
            )
        filling = as_material(material)
        if region in _RESERVED:
            swapped: PeriodicStack = self.changed(**{region: filling})
            return swapped
        layers: list[PeriodicLayer] = []
        for layer in self.layers:
            new = {"material": filling} if layer.name == region else {}
            if isinstance(layer, PatternedLayer):
                parts = tuple(
                    p.changed(material=filling) if p.name == region else p for p in layer.inclusions
                )
                layers.append(layer.changed(**new, inclusions=parts))
            else:
                layers.append(layer.changed(**new))
        stack: PeriodicStack = self.changed(layers=tuple(layers))
        return stack

    def shifted(self, dx: float, dy: float) -> PeriodicStack:
        """Return the same structure with the cell's origin elsewhere: shapes move by dx, dy (um).

        Shapes are brought back to the neighbourhood of the cell.
        """
        return self._mapped(lambda shape: (_home(self.lattice, shape.translated(dx, dy)),))

    def repeated(self, first: int, second: int) -> PeriodicStack:
        """Return the same structure with a cell of `first` x `second` primitive cells."""
        a1, a2 = self.lattice.vectors
        shifts = [i * a1 + j * a2 for i in range(first) for j in range(second)]
        lattice = Lattice(a1=tuple(first * a1), a2=tuple(second * a2))
        return self._mapped(
            lambda shape: tuple(
                _home(lattice, shape.translated(float(dx), float(dy))) for dx, dy in shifts
            ),
            lattice=lattice,
        )

    def isolated(self, first: int, second: int, margin: float) -> PeriodicStack:
        """Return `first` x `second` cells alone in the middle of one large cell.

        The middle of the group is the origin. Layers go on around it, without inclusions.

        Args:
            first: cells along x; second: along y; the vectors must lie along x and y.
            margin: from the cells' edges, or inclusions beyond them, to the large cell's (um).

        Example:
            >>> hole = Inclusion(shape={"kind": "circle", "radius": 0.08}, material="air")
            >>> slab = PatternedLayer(name="slab", material=2.0, thickness=0.1, inclusions=(hole,))
            >>> cell = PeriodicStack(lattice=Lattice.square(0.3), layers=(slab,))
            >>> alone = cell.isolated(2, 1, margin=0.5)
            >>> alone.lattice.a1, [p.shape.center for p in alone.layers[0].inclusions]
            ((1.6, 0.0), [(-0.15, 0.0), (0.15, 0.0)])
        """
        vectors = np.abs(self.lattice.vectors)
        width, depth = float(vectors[:, 0].max()), float(vectors[:, 1].max())
        layers = [layer for layer in self.slices() if isinstance(layer, PatternedLayer)]
        shapes = [part.shape for layer in layers for part in layer.inclusions]
        places = np.array([shape.centroid for shape in shapes]).reshape(-1, 2)
        # centroids of one set of inclusions differ by rounding only
        middle = (places.min(axis=0) + places.max(axis=0)) / 2 if len(shapes) else np.zeros(2)
        reach = np.array([shape.reach for shape in shapes])[:, None]
        half = (
            np.maximum(
                np.array([width, depth]) / 2,
                np.max(np.abs(places - middle) + reach, axis=0, initial=0),
            )
            + np.array([(first - 1) * width, (second - 1) * depth]) / 2
        )
        shifts = [
            (round((i - (first - 1) / 2) * width, 12), round((j - (second - 1) / 2) * depth, 12))
            for i in range(first)
            for j in range(second)
        ]
        whole = 2 * (half + margin)
        return self._mapped(
            lambda shape: tuple(
                shape.translated(float(dx - middle[0]), float(dy - middle[1])) for dx, dy in shifts
            ),
            lattice=Lattice.rectangular(float(whole[0]), float(whole[1])),
        )

    def scaled(self, factor: float) -> PeriodicStack:
        """Return the stack with all lengths multiplied by a factor."""
        layers = tuple(
            layer.scaled(factor)
            if isinstance(layer, PatternedLayer)
            else layer.changed(thickness=factor * layer.thickness)
            for layer in self.layers
        )
        stack: PeriodicStack = self.changed(lattice=self.lattice.scaled(factor), layers=layers)
        return stack

    def _mapped(
        self, move: Callable[[Shape], Iterable[CellShape]], lattice: Lattice | None = None
    ) -> PeriodicStack:
        layers = tuple(
            layer.changed(
                inclusions=tuple(
                    part.changed(shape=shape)
                    for part in layer.inclusions
                    for shape in move(part.shape)
                )
            )
            if isinstance(layer, PatternedLayer)
            else layer
            for layer in self.layers
        )
        stack: PeriodicStack = self.changed(layers=layers, lattice=lattice or self.lattice)
        return stack


def _home(lattice: Lattice, shape: CellShape) -> CellShape:
    """Return the shape moved by whole lattice vectors so that its centre is in the cell."""
    steps = np.floor(lattice.fractional(shape.centroid) + 1e-9)
    dx, dy = -(steps @ lattice.vectors)
    return shape.translated(float(dx), float(dy))
