"""Mirrors of layered cavities: quarter-wave pairs, a metal film, or any list of layers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from cavities.body_of_revolution import Layer
from cavities.material import Material, MaterialLike
from cavities.spec import Spec

__all__ = [
    "LayerMirror",
    "MetalMirror",
    "Mirror",
    "QuarterWaveMirror",
    "alternating_layers",
    "quarter_wave",
    "side_of_contrast",
]


def quarter_wave(material: Material, wavelength: float) -> float:
    """Return the thickness (um) of a quarter wave at normal incidence, lambda/(4 Re n).

    Example:
        >>> round(quarter_wave(Material.constant(1.5), 0.6), 12)
        0.1
    """
    return wavelength / 4 / float(material.index(wavelength).real)


def side_of_contrast(
    high: Material, low: Material, beside: Material, wavelength: float
) -> Literal["high", "low"]:
    """Return which mirror material belongs beside another: the one farther from it in index."""
    first, second, middle = (float(m.index(wavelength).real) for m in (high, low, beside))
    return "high" if abs(first - middle) >= abs(second - middle) else "low"


def alternating_layers(
    name: str,
    high: tuple[Material, float],
    low: tuple[Material, float],
    *,
    pairs: float,
    first: Literal["high", "low"],
    chirp: float = 0.0,
) -> tuple[Layer, ...]:
    """Return the layers of a periodic mirror from the cavity outwards.

    Args:
        name: region name of every layer.
        high, low: material and thickness (um).
        pairs: number of pairs, halves too.
        first: which of the two touches the cavity.
        chirp: relative change of thickness from the first layer to the last, linear, the mean
            unchanged.

    Example:
        >>> glass, titania = Material.constant(1.5), Material.constant(2.3)
        >>> layers = alternating_layers("m", (titania, 0.07), (glass, 0.1), pairs=1.5, first="low")
        >>> [layer.thickness for layer in layers]
        [0.1, 0.07, 0.1]
    """
    order = (high, low) if first == "high" else (low, high)
    count = round(2 * pairs)
    # Exactly symmetric about the mean; a single layer has nothing to run over.
    places = [(2 * i - count + 1) / max(2 * (count - 1), 1) for i in range(count)]
    return tuple(
        Layer(name=name, material=order[i % 2][0], thickness=order[i % 2][1] * (1 + chirp * place))
        for i, place in enumerate(places)
    )


class QuarterWaveMirror(Spec):
    """A Bragg mirror of quarter-wave pairs.

    Attributes:
        next_to_cavity: mirror material beside the cavity; auto: the one whose index is farther
            from the cavity's.
        chirp: relative change of layer thickness from the cavity outwards, the mean unchanged:
            0.1 runs from -5 % to +5 %.

    Example:
        >>> mirror = QuarterWaveMirror(design_wavelength=0.6, high_material=2.4, low_material=1.5,
        ...                            pairs=5.5)
        >>> len(mirror.layers("top_mirror")), mirror.layers("top_mirror")[0].material.name
        (11, 'n = 2.4')
    """

    kind: Literal["quarter_wave"] = "quarter_wave"
    design_wavelength: float = Field(gt=0, description="vacuum wavelength of the centre (um)")
    high_material: MaterialLike = Field(default="TiO2", validate_default=True)
    low_material: MaterialLike = Field(default="SiO2", validate_default=True)
    pairs: float = Field(default=7.0, ge=0, multiple_of=0.5, description="pairs, halves too")
    next_to_cavity: Literal["auto", "high", "low"] = "auto"
    chirp: float = Field(default=0.0, gt=-2, lt=2)

    @model_validator(mode="after")
    def _contrast(self) -> QuarterWaveMirror:
        x = self.design_wavelength
        high, low = (float(m.index(x).real) for m in (self.high_material, self.low_material))
        if high < low:
            raise ValueError(
                f"high_material: must have the higher index at {x:g} um, got {high:.4g} < "
                f"{low:.4g}; swap the two materials"
            )
        return self

    def layers(self, name: str, beside: Material | None = None) -> tuple[Layer, ...]:
        """Return the layers from the cavity outwards.

        Args:
            name: region name of every layer.
            beside: what the mirror touches; decides when next_to_cavity is "auto" (without
                it: "high").
        """
        x, high, low = self.design_wavelength, self.high_material, self.low_material
        side = self.next_to_cavity
        if side == "auto":
            side = "high" if beside is None else side_of_contrast(high, low, beside, x)
        return alternating_layers(
            name,
            (high, quarter_wave(high, x)),
            (low, quarter_wave(low, x)),
            pairs=self.pairs,
            first=side,
            chirp=self.chirp,
        )


class MetalMirror(Spec):
    """A metal film, with an optional adhesion layer behind it.

    Example:
        >>> MetalMirror(material="Au", thickness=0.05).layers("top_mirror")[0].thickness
        0.05
    """

    kind: Literal["metal"] = "metal"
    material: MaterialLike = Field(default="Au", validate_default=True)
    thickness: float = Field(gt=0, description="thickness (um)")
    adhesion_material: MaterialLike | None = Field(default=None, description="behind the metal")
    adhesion_thickness: float = Field(default=0.0, ge=0, description="thickness (um)")

    @model_validator(mode="after")
    def _adhesion(self) -> MetalMirror:
        if (self.adhesion_material is None) != (self.adhesion_thickness == 0):
            raise ValueError(
                "adhesion_thickness: must be > 0 with an adhesion_material and 0 without, got "
                f"{self.adhesion_thickness:g} um; give both or neither"
            )
        return self

    def layers(self, name: str, beside: Material | None = None) -> tuple[Layer, ...]:
        """Return the layers from the cavity outwards; `beside` has no effect."""
        del beside
        rows = [Layer(name=name, material=self.material, thickness=self.thickness)]
        if self.adhesion_material is not None:
            rows.append(
                Layer(
                    name="adhesion",
                    material=self.adhesion_material,
                    thickness=self.adhesion_thickness,
                )
            )
        return tuple(rows)


class LayerMirror(Spec):
    """A mirror given layer by layer, from the cavity outwards; the layers keep their names."""

    kind: Literal["layers"] = "layers"
    sequence: tuple[Layer, ...] = Field(min_length=1, description="from the cavity outwards")

    def layers(self, name: str, beside: Material | None = None) -> tuple[Layer, ...]:
        """Return the layers from the cavity outwards; the arguments have no effect."""
        del name, beside
        return self.sequence


Mirror = Annotated[QuarterWaveMirror | MetalMirror | LayerMirror, Field(discriminator="kind")]
"""A field that takes any mirror; in design files `kind` tells which."""
