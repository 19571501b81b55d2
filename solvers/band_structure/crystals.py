"""Plain crystals: rods and holes without end in z, and stacks of layers that repeat."""

from __future__ import annotations

import math
from typing import Any

from pydantic import Field, model_validator

from cavities.body_of_revolution import Layer
from cavities.cell_shape import Circle
from cavities.lattice import Lattice
from cavities.material import Material, MaterialInput, MaterialLike, as_material
from cavities.periodic_stack import Inclusion, PatternedLayer, PeriodicStack
from cavities.spec import Spec

__all__ = ["LayerCrystal", "PlaneCrystal"]

_ONE = 1.0


class PlaneCrystal(Spec):
    """A two-dimensional crystal: shapes without end along z, repeated by a lattice.

    Attributes:
        lattice: repeats the shapes (um).
        material: what is between them.
        inclusions: shapes and what fills them; rules of overlap as in a PatternedLayer.

    Raises:
        ValueError: inclusions that overlap each other or their own repetitions.

    Example:
        >>> rods = PlaneCrystal.round(Lattice.square(1.0), radius=0.2, inside=12**0.5)
        >>> len(rods.repeated(5, 5).without((0.0, 0.0)).inclusions)
        24
    """

    lattice: Lattice
    material: MaterialLike = Field(default="air", validate_default=True)
    inclusions: tuple[Inclusion, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> PlaneCrystal:
        if self.inclusions:
            self._stack()
        return self

    @classmethod
    def round(
        cls,
        lattice: Lattice,
        *,
        radius: float,
        inside: MaterialInput,
        outside: MaterialInput = "air",
    ) -> PlaneCrystal:
        """Return one round rod or hole per lattice point.

        Args:
            lattice: repeats it.
            radius: um.
            inside, outside: materials (a number is a refractive index).
        """
        filling = as_material(inside)
        rod = Inclusion(shape=Circle(radius=radius), material=filling, name="rod")
        return cls(lattice=lattice, material=as_material(outside), inclusions=(rod,))

    @property
    def media(self) -> tuple[Material, ...]:
        """Every material once."""
        found = [self.material, *(part.material for part in self.inclusions)]
        return tuple(dict.fromkeys(found))

    def repeated(self, first: int, second: int) -> PlaneCrystal:
        """Return the same crystal with a cell of `first` x `second` primitive cells."""
        stack = self._stack().repeated(first, second)
        return PlaneCrystal(
            lattice=stack.lattice,
            material=self.material,
            inclusions=_pattern(stack).inclusions,
        )

    def without(self, point: tuple[float, float]) -> PlaneCrystal:
        """Return the crystal without the inclusion at a point (um): a defect in every cell.

        Raises:
            ValueError: no inclusion, or more than one, has its centre there.
        """
        kept = [part for part in self.inclusions if not self._at(part, point)]
        if len(kept) != len(self.inclusions) - 1:
            raise ValueError(
                f"point: must be the centre of one inclusion, got {point} um, which is that of "
                f"{len(self.inclusions) - len(kept)}; give its x and y"
            )
        crystal: PlaneCrystal = self.changed(inclusions=tuple(kept))
        return crystal

    def stack(self) -> PeriodicStack:
        """Return a periodic stack of one layer with this pattern, of thickness 1 um."""
        return self._stack()

    def _at(self, part: Inclusion, point: tuple[float, float]) -> bool:
        x, y = part.shape.centroid
        steps = self.lattice.fractional((x - point[0], y - point[1]))
        return bool(max(abs(steps - steps.round())) < 1e-6)

    def _stack(self) -> PeriodicStack:
        if not self.inclusions:
            layer: Any = Layer(name="background", material=self.material, thickness=_ONE)
        else:
            layer = PatternedLayer(
                name="background",
                material=self.material,
                thickness=_ONE,
                inclusions=self.inclusions,
            )
        return PeriodicStack(
            lattice=self.lattice,
            substrate=self.material,
            layers=(layer,),
            superstrate=self.material,
        )


class LayerCrystal(Spec):
    """A one-dimensional crystal: layers that repeat along x without end.

    Attributes:
        layers: of one period.

    Example:
        >>> quarter = LayerCrystal(layers=(Layer(name="high", material=3.0, thickness=0.25),
        ...                                Layer(name="low", material=1.0, thickness=0.75)))
        >>> quarter.period
        1.0
    """

    layers: tuple[Layer, ...] = Field(min_length=1)

    @property
    def period(self) -> float:
        """Thickness of all layers (um)."""
        return math.fsum(layer.thickness for layer in self.layers)

    @property
    def media(self) -> tuple[Material, ...]:
        """Every material once."""
        return tuple(dict.fromkeys(layer.material for layer in self.layers))


def _pattern(stack: PeriodicStack) -> Any:
    """Return the stack's only layer; a uniform one has no inclusions to repeat."""
    layer = stack.layers[0]
    if not isinstance(layer, PatternedLayer):
        raise ValueError(
            "inclusions: must not be empty for a supercell, got none; a uniform medium has no cell"
        )
    return layer
