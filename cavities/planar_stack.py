"""Planar stacks: layers without end in the plane, between a substrate and a superstrate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field, model_validator

from cavities.body_of_revolution import Layer
from cavities.material import Material, MaterialInput, MaterialLike, as_material
from cavities.spec import Spec

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PlanarStack"]

_RESERVED = ("substrate", "superstrate", "backside")


class PlanarStack(Spec):
    """Layers from bottom to top on a substrate: what the multilayer solver takes.

    z = 0 is the substrate's top face; results are summed over layers of one name.

    Attributes:
        substrate: medium below (region name "substrate").
        layers: from bottom to top.
        superstrate: medium above (region name "superstrate").
        substrate_thickness: thickness (um) of a substrate that is thick against the coherence
            length: spectra then include its back face, and add up intensities inside it.
            None: the substrate has no back face.
        backside: medium behind that back face.

    Raises:
        ValueError: a layer has a reserved name, or a backside without substrate_thickness.

    Example:
        >>> film = PlanarStack(substrate="glass", superstrate="air",
        ...                    layers=(Layer(name="film", material=2.3, thickness=0.1),))
        >>> film.thickness, film.interfaces()
        (0.1, (0.0, 0.1))
    """

    substrate: MaterialLike = Field(default="glass", validate_default=True)
    layers: tuple[Layer, ...] = ()
    superstrate: MaterialLike = Field(default="air", validate_default=True)
    substrate_thickness: float | None = Field(default=None, gt=0)
    backside: MaterialLike = Field(default="air", validate_default=True)

    @model_validator(mode="after")
    def _names(self) -> PlanarStack:
        for layer in self.layers:
            if layer.name in _RESERVED:
                raise ValueError(
                    f"layer name: must not be one of {list(_RESERVED)}, got {layer.name!r}; "
                    "rename the layer"
                )
        return self

    def stack(self) -> PlanarStack:
        """Return the stack itself: every planar cavity has this method."""
        return self

    @property
    def thickness(self) -> float:
        """Thickness of all layers together (um)."""
        return self.interfaces()[-1]

    @property
    def regions(self) -> tuple[str, ...]:
        """Names of the layers, each once, from bottom to top."""
        return tuple(dict.fromkeys(layer.name for layer in self.layers))

    @property
    def media(self) -> tuple[Material, ...]:
        """Substrate, layers and superstrate, from bottom to top."""
        return (self.substrate, *(layer.material for layer in self.layers), self.superstrate)

    def interfaces(self) -> tuple[float, ...]:
        """Return the z (um) of every interface from bottom (0) to top."""
        edges = np.cumsum([0.0, *(layer.thickness for layer in self.layers)])
        return tuple(float(z) for z in edges)

    def reversed(self) -> PlanarStack:
        """Return the stack upside down (without a back face)."""
        return PlanarStack(
            substrate=self.superstrate, layers=self.layers[::-1], superstrate=self.substrate
        )

    def with_thicknesses(self, thicknesses: Iterable[float]) -> PlanarStack:
        """Return the stack with other layer thicknesses (um), from bottom to top.

        Raises:
            ValueError: not one thickness per layer.
        """
        values = [float(value) for value in thicknesses]
        if len(values) != len(self.layers):
            raise ValueError(
                f"thicknesses: must be one per layer ({len(self.layers)}), got {len(values)}; "
                "give them from bottom to top"
            )
        pairs = zip(self.layers, values, strict=True)
        layers = tuple(layer.changed(thickness=value) for layer, value in pairs)
        stack: PlanarStack = self.changed(layers=layers)
        return stack

    def with_material(self, region: str, material: MaterialInput) -> PlanarStack:
        """Return the stack with another material in every layer of one name.

        Raises:
            ValueError: no layer has that name.
        """
        if region not in self.regions:
            raise ValueError(
                f"region: must be one of {list(self.regions)}, got {region!r}; "
                "name a layer of the stack"
            )
        filling = as_material(material)
        layers = tuple(
            layer.changed(material=filling) if layer.name == region else layer
            for layer in self.layers
        )
        stack: PlanarStack = self.changed(layers=layers)
        return stack

    def layer_table(self, wavelength: float) -> pd.DataFrame:
        """Return the layers as a table from bottom to top.

        Args:
            wavelength: vacuum wavelength (um) at which index and optical thickness are given.

        Returns:
            Columns name, material, bottom_um, top_um, thickness_um, index (real part),
            optical_thickness_waves.
        """
        import pandas as pd

        edges = self.interfaces()
        index = np.array([float(layer.material.index(wavelength).real) for layer in self.layers])
        thickness = np.array([layer.thickness for layer in self.layers])
        return pd.DataFrame(
            {
                "name": [layer.name for layer in self.layers],
                "material": [layer.material.name for layer in self.layers],
                "bottom_um": edges[:-1],
                "top_um": edges[1:],
                "thickness_um": thickness,
                "index": index,
                "optical_thickness_waves": index * thickness / wavelength,
            }
        )
