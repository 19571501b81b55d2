"""Bodies of revolution: named regions in the (r, z) half-plane over a layered background."""

from __future__ import annotations

from pydantic import Field, model_validator

from cavities.material import MaterialLike
from cavities.outline import Outline
from cavities.spec import Spec

__all__ = ["BodyOfRevolution", "Layer", "LayeredBackground", "Region"]


class Region(Spec):
    """A named part of the body: an outline (um) filled with a material.

    Several regions may carry the same name (the layers of one mirror): results are
    summed by name. Where regions overlap, the later one in the list wins.
    """

    name: str = Field(min_length=1)
    outline: Outline
    material: MaterialLike


class Layer(Spec):
    """A background layer, infinite in r, of the given thickness (um)."""

    name: str = Field(min_length=1)
    material: MaterialLike
    thickness: float = Field(gt=0)


class LayeredBackground(Spec):
    """A stack of layers infinite in r: substrate, layers from bottom to top, superstrate.

    Attributes:
        substrate: material below everything (region name "substrate").
        layers: from bottom to top, each with its name.
        top: z (um) of the top face of the uppermost layer (0: the convention of the suite).
        superstrate: material above everything (region name "superstrate").
    """

    substrate: MaterialLike
    layers: tuple[Layer, ...] = ()
    top: float = 0.0
    superstrate: MaterialLike

    def interfaces(self) -> list[float]:
        """Return the z (um) of every interface, from bottom to top."""
        z = self.top - sum(layer.thickness for layer in self.layers)
        heights = [z]
        for layer in self.layers:
            z += layer.thickness
            heights.append(z)
        heights[-1] = self.top
        return heights


class BodyOfRevolution(Spec):
    """Any body of revolution about the z axis: what the axisymmetric solvers take.

    Attributes:
        regions: painted in order over the background, later regions win.
        background: one material (region name "background") or a layer stack.
    """

    regions: tuple[Region, ...] = Field(min_length=1)
    background: MaterialLike | LayeredBackground

    @model_validator(mode="after")
    def _names(self) -> BodyOfRevolution:
        reserved = {"substrate", "superstrate", "background", "pml"}
        for region in self.regions:
            if region.name in reserved:
                raise ValueError(
                    f"region name: must not be one of {sorted(reserved)}, got {region.name!r}; "
                    "rename the region"
                )
        return self

    def body(self) -> BodyOfRevolution:
        """Return the body itself: every axisymmetric cavity has this method."""
        return self
