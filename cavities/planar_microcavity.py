"""Planar microcavities: two mirrors around spacers and a gain film."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from cavities.body_of_revolution import Layer
from cavities.material import MaterialLike
from cavities.mirrors import Mirror
from cavities.planar_stack import PlanarStack
from cavities.spec import Spec

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PlanarMicrocavity"]


class PlanarMicrocavity(Spec):
    """A planar cavity: substrate, bottom mirror, cavity layers, top mirror, superstrate.

    Regions: "bottom_mirror", "top_mirror" (quarter-wave and metal mirrors), the names of the
    cavity layers (by convention "gain" for the film that is pumped), "gap" for what lies under
    a transferred top mirror.

    Attributes:
        bottom_mirror, top_mirror: QuarterWaveMirror, MetalMirror or LayerMirror.
        cavity: layers between the mirrors, from bottom to top.
        gap_material, gap_thickness: layer under a transferred top mirror: air that was left in,
            or glue (um). None: the mirror was deposited.

    Raises:
        ValueError: no cavity layer, or one of gap_material and gap_thickness without the other.

    Example:
        >>> from cavities.mirrors import QuarterWaveMirror
        >>> mirror = QuarterWaveMirror(design_wavelength=0.6, high_material=2.3,
        ...                            low_material=1.46, pairs=6.5)
        >>> device = PlanarMicrocavity(
        ...     bottom_mirror=mirror, top_mirror=mirror,
        ...     cavity=(Layer(name="gain", material=1.85, thickness=0.8),))
        >>> stack = device.stack()
        >>> len(stack.layers), stack.regions
        (27, ('bottom_mirror', 'gain', 'top_mirror'))
    """

    bottom_mirror: Mirror
    cavity: tuple[Layer, ...] = Field(min_length=1, description="from bottom to top")
    top_mirror: Mirror
    gap_material: MaterialLike | None = None
    gap_thickness: float = Field(default=0.0, ge=0, description="thickness (um)")
    substrate: MaterialLike = Field(default="glass", validate_default=True)
    superstrate: MaterialLike = Field(default="air", validate_default=True)
    substrate_thickness: float | None = Field(
        default=None, gt=0, description="substrate with a back face (um), see PlanarStack"
    )
    backside: MaterialLike = Field(default="air", validate_default=True)

    @model_validator(mode="after")
    def _gap(self) -> PlanarMicrocavity:
        if (self.gap_material is None) != (self.gap_thickness == 0):
            raise ValueError(
                "gap_thickness: must be > 0 with a gap_material and 0 without, got "
                f"{self.gap_thickness:g} um; give both or neither"
            )
        return self

    def stack(self) -> PlanarStack:
        """Return all layers from bottom to top."""
        middle = list(self.cavity)
        if self.gap_material is not None:
            middle.append(
                Layer(name="gap", material=self.gap_material, thickness=self.gap_thickness)
            )
        bottom = self.bottom_mirror.layers("bottom_mirror", middle[0].material)
        top = self.top_mirror.layers("top_mirror", middle[-1].material)
        return PlanarStack(
            substrate=self.substrate,
            layers=(*bottom[::-1], *middle, *top),
            superstrate=self.superstrate,
            substrate_thickness=self.substrate_thickness,
            backside=self.backside,
        )

    def layer_table(self, wavelength: float) -> pd.DataFrame:
        """Return the layers from bottom to top; see `PlanarStack.layer_table`."""
        return self.stack().layer_table(wavelength)
