"""DBR micropillars: two Bragg mirrors around a cavity, confined by a mesa or an oxide ring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field, model_validator

from cavities.body_of_revolution import BodyOfRevolution, Layer, LayeredBackground, Region
from cavities.material import Material, MaterialLike
from cavities.mirrors import alternating_layers, quarter_wave, side_of_contrast
from cavities.outline import Outline
from cavities.spec import Spec

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Micropillar"]


class Micropillar(Spec):
    """A vertical cavity of quarter-wave mirrors, laterally confined.

    z = 0 is the top face of the substrate. Each mirror alternates two materials from the
    cavity outwards. The pillar of the given radius is etched through all layers, down to the
    bottom mirror, or through the top mirror only; without a radius the layers are infinite
    and an oxide ring confines. Regions of the body: "bottom_mirror", "cavity", "gain",
    "top_mirror", "oxide"; the layers that are not etched are background layers of the same
    names.

    Raises:
        ValueError: neither radius nor oxide aperture, or parts that do not fit.

    Example:
        >>> pillar = Micropillar(
        ...     design_wavelength=0.6, radius=1.5, high_material=2.3, low_material=1.5,
        ...     cavity_material=1.5, bottom_pairs=8, top_pairs=6)
        >>> len(pillar.layers), round(pillar.cavity_length, 3), pillar.cavity_side
        (29, 0.4, 'high')
    """

    design_wavelength: float = Field(gt=0, description="vacuum wavelength of the resonance (um)")
    radius: float | None = Field(
        default=None, gt=0, description="pillar radius (um); None: no mesa, needs oxide_aperture"
    )
    mesa: Literal["full", "cavity", "top"] = Field(
        default="full",
        description="how deep the pillar is etched: through everything, through top mirror and "
        "cavity, through the top mirror only",
    )
    bottom_pairs: float = Field(
        default=7.0, ge=0, multiple_of=0.5, description="pairs of the bottom mirror (halves too)"
    )
    top_pairs: float = Field(
        default=7.0, ge=0, multiple_of=0.5, description="pairs of the top mirror (halves too)"
    )
    high_material: MaterialLike = Field(default="TiO2", validate_default=True)
    low_material: MaterialLike = Field(default="SiO2", validate_default=True)
    high_thickness: float | None = Field(
        default=None, gt=0, description="high-index mirror layers (um); None: quarter wave"
    )
    low_thickness: float | None = Field(
        default=None, gt=0, description="low-index mirror layers (um); None: quarter wave"
    )
    next_to_cavity: Literal["auto", "high", "low"] = Field(
        default="auto",
        description="mirror material beside the cavity; auto: the one whose index is farther "
        "from the cavity's",
    )
    cavity_material: MaterialLike = Field(default="SiO2", validate_default=True)
    cavity_thickness: float | None = Field(
        default=None,
        gt=0,
        description="spacer and gain film together (um); None: cavity_order half waves",
    )
    cavity_order: int = Field(default=2, ge=1, description="half waves in the cavity")
    gain_material: MaterialLike | None = Field(
        default=None, description="film at the centre of the cavity; None: no film"
    )
    gain_thickness: float = Field(default=0.0, ge=0, description="thickness of that film (um)")
    oxide_aperture: float | None = Field(
        default=None, gt=0, description="radius of the opening in the oxide (um); None: no oxide"
    )
    oxide_material: MaterialLike = Field(
        default=1.6,
        validate_default=True,
        description="default: about the index of wet-oxidised AlAs; textbook value, not measured",
    )
    oxide_layer: int = Field(
        default=0, ge=0, description="oxidised layer of the top mirror, 0 beside the cavity"
    )
    oxide_thickness: float | None = Field(
        default=None, gt=0, description="oxide (um), centred in its layer; None: the whole layer"
    )
    substrate: MaterialLike = Field(default="glass", validate_default=True)
    superstrate: MaterialLike = Field(default="air", validate_default=True)

    @model_validator(mode="after")
    def _check(self) -> Micropillar:
        if self.radius is None and self.oxide_aperture is None:
            raise ValueError(
                "radius: must be given when there is no oxide_aperture, got None; nothing would "
                "confine the light sideways"
            )
        if (self.gain_material is None) != (self.gain_thickness == 0):
            raise ValueError(
                "gain_thickness: must be > 0 with a gain_material and 0 without, got "
                f"{self.gain_thickness:g} um; give both or neither"
            )
        if self.cavity_length <= 0 or self.gain_thickness > self.cavity_length * (1 + 1e-12):
            raise ValueError(
                f"gain_thickness: must be <= the cavity of {self.cavity_length:.4g} um, got "
                f"{self.gain_thickness:g}; raise cavity_order or cavity_thickness"
            )
        if self.radius is not None and self._unetched() == len(self.layers):
            raise ValueError(
                f"mesa: must etch at least one layer, got {self.mesa!r} with "
                f"top_pairs={self.top_pairs:g}; etch deeper"
            )
        self._check_oxide()
        return self

    @property
    def high_layer(self) -> float:
        """Thickness of the high-index mirror layers (um)."""
        return self.high_thickness or quarter_wave(self.high_material, self.design_wavelength)

    @property
    def low_layer(self) -> float:
        """Thickness of the low-index mirror layers (um)."""
        return self.low_thickness or quarter_wave(self.low_material, self.design_wavelength)

    @property
    def cavity_length(self) -> float:
        """Thickness of the cavity with its gain film (um).

        By default the optical path, gain film included, is cavity_order half waves.
        """
        if self.cavity_thickness is not None:
            return self.cavity_thickness
        path = self.cavity_order * self.design_wavelength / 2
        if self.gain_material is not None:
            path -= self._index(self.gain_material) * self.gain_thickness
        return path / self._index(self.cavity_material) + self.gain_thickness

    @property
    def cavity_side(self) -> Literal["high", "low"]:
        """Which mirror material touches the cavity."""
        if self.next_to_cavity != "auto":
            return self.next_to_cavity
        return side_of_contrast(
            self.high_material, self.low_material, self.cavity_material, self.design_wavelength
        )

    @property
    def layers(self) -> tuple[Layer, ...]:
        """All layers from bottom to top, as on the axis (the oxide ring not included)."""
        half = (self.cavity_length - self.gain_thickness) / 2
        if self.gain_material is None:
            cavity = [("cavity", self.cavity_material, 2 * half)]
        else:
            spacer = ("cavity", self.cavity_material, half)
            cavity = [spacer, ("gain", self.gain_material, self.gain_thickness), spacer]
        return (
            *reversed(self._mirror("bottom_mirror", self.bottom_pairs)),
            *(
                Layer(name=name, material=material, thickness=thickness)
                for name, material, thickness in cavity
                if thickness > 1e-12
            ),
            *self._mirror("top_mirror", self.top_pairs),
        )

    @property
    def height(self) -> float:
        """Thickness of all layers together (um)."""
        return sum(layer.thickness for layer in self.layers)

    def layer_table(self) -> pd.DataFrame:
        """Return the layers as a table from bottom to top.

        Columns: name, material, bottom_um, top_um, thickness_um, index (real part at the design
        wavelength), optical_thickness_waves.
        """
        import pandas as pd

        layers, edges = self.layers, self._edges()
        index = np.array([self._index(layer.material) for layer in layers])
        thickness = np.array([layer.thickness for layer in layers])
        return pd.DataFrame(
            {
                "name": [layer.name for layer in layers],
                "material": [layer.material.name for layer in layers],
                "bottom_um": edges[:-1],
                "top_um": edges[1:],
                "thickness_um": thickness,
                "index": index,
                "optical_thickness_waves": index * thickness / self.design_wavelength,
            }
        )

    def body(self) -> BodyOfRevolution:
        """Return the regions and the layers for the axisymmetric solvers."""
        layers, edges = self.layers, self._edges()
        kept = self._unetched()
        regions = [
            self._ring(layer.name, layer.material, (0.0, self.radius), (edges[i], edges[i + 1]))
            for i, layer in enumerate(layers)
            if i >= kept and self.radius is not None
        ]
        background = list(layers[:kept])
        if self.oxide_aperture is not None:
            at = self._first_top_layer() + self.oxide_layer
            low, high = self._oxide_span()
            if self.radius is None:
                background[at : at + 1] = self._oxidised(layers[at], edges[at], edges[at + 1])
                opening = (0.0, self.oxide_aperture)
                regions.append(
                    self._ring(layers[at].name, layers[at].material, opening, (low, high))
                )
            else:
                ring = (self.oxide_aperture, self.radius)
                regions.append(self._ring("oxide", self.oxide_material, ring, (low, high)))
        stack = LayeredBackground(
            substrate=self.substrate,
            layers=tuple(background),
            top=float(edges[kept]),
            superstrate=self.superstrate,
        )
        return BodyOfRevolution(regions=tuple(regions), background=stack)

    def _oxidised(self, layer: Layer, bottom: float, top: float) -> list[Layer]:
        """Return the background layers that replace an oxidised one outside the opening."""
        low, high = self._oxide_span()
        pieces = (
            (layer.name, layer.material, low - bottom),
            ("oxide", self.oxide_material, high - low),
            (layer.name, layer.material, top - high),
        )
        return [Layer(name=n, material=m, thickness=t) for n, m, t in pieces if t > 1e-12]

    @staticmethod
    def _ring(
        name: str,
        material: Material,
        radii: tuple[float, float | None],
        span: tuple[float, float],
    ) -> Region:
        inner, outer = radii
        assert outer is not None
        bottom, top = (float(z) for z in span)
        outline = Outline.rectangle(inner=inner, outer=outer, bottom=bottom, top=top)
        return Region(name=name, outline=outline, material=material)

    def _mirror(self, name: str, pairs: float) -> tuple[Layer, ...]:
        """Return the layers of a mirror from the cavity outwards."""
        return alternating_layers(
            name,
            (self.high_material, self.high_layer),
            (self.low_material, self.low_layer),
            pairs=pairs,
            first=self.cavity_side,
        )

    def _edges(self) -> list[float]:
        return [0.0, *(float(z) for z in np.cumsum([layer.thickness for layer in self.layers]))]

    def _first_top_layer(self) -> int:
        return len(self.layers) - round(2 * self.top_pairs)

    def _unetched(self) -> int:
        """Return how many layers, from the bottom, stay infinite in r."""
        if self.radius is None:
            return len(self.layers)
        kept = {"full": 0, "cavity": round(2 * self.bottom_pairs), "top": self._first_top_layer()}
        return kept[self.mesa]

    def _oxide_span(self) -> tuple[float, float]:
        at = self._first_top_layer() + self.oxide_layer
        edges = self._edges()
        bottom, top = edges[at], edges[at + 1]
        if self.oxide_thickness is None or self.oxide_thickness >= top - bottom:
            return bottom, top
        middle = (bottom + top) / 2
        return middle - self.oxide_thickness / 2, middle + self.oxide_thickness / 2

    def _index(self, material: Material) -> float:
        return float(material.index(self.design_wavelength).real)

    def _check_oxide(self) -> None:
        if self.oxide_aperture is None:
            return
        if self.radius is not None and self.oxide_aperture >= self.radius:
            raise ValueError(
                f"oxide_aperture: must be < radius = {self.radius:g} um, got "
                f"{self.oxide_aperture:g}; leave it out for a pillar without oxide"
            )
        count = round(2 * self.top_pairs)
        if self.oxide_layer >= count:
            raise ValueError(
                f"oxide_layer: must be < {count}, the layers of the top mirror, got "
                f"{self.oxide_layer}; count from the cavity upwards, 0 first"
            )
        layer = self.layers[self._first_top_layer() + self.oxide_layer].thickness
        if self.oxide_thickness is not None and self.oxide_thickness > layer * (1 + 1e-9):
            raise ValueError(
                f"oxide_thickness: must be <= its layer of {layer:.4g} um, got "
                f"{self.oxide_thickness:g}; choose another oxide_layer or a thinner oxide"
            )
