"""Two-mirror cavities: a coated mirror, a spacer and a second mirror laid on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from cavities.body_of_revolution import Layer
from cavities.material import MaterialLike
from cavities.mirrors import Mirror, QuarterWaveMirror
from cavities.planar_stack import PlanarStack
from cavities.spec import Spec

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TwoMirrorCavity"]


class TwoMirrorCavity(Spec):
    """A nanocrystal film on a colour-selective mirror, a polymer spacer, a second mirror.

    The device of D. Nazar et al., Nanoscale (2025), doi:10.1039/D4NR04653F, figure 7: pumped
    with two photons of 1.55 eV through a mirror that passes the pump and reflects the emission.
    The article gives neither the mirrors' layers nor the thicknesses: the defaults are
    placeholders of that kind (7.5 pairs of TiO2 and SiO2 at 1.80 eV, a film of 1 um), to be
    replaced by the values of the device.

    Regions: "back_mirror", "gain", "spacer", "front_mirror". The back mirror lies on the
    substrate, the front mirror carries the superstrate (its own glass).

    Attributes:
        back_mirror: the mirror that is coated with the film.
        film_material, film_thickness: nanocrystal film (um), region "gain".
        spacer_material, spacer_thickness: spacer (um).
        front_mirror: the colour-selective mirror on the side of the pump.

    Example:
        >>> TwoMirrorCavity(spacer_thickness=10.0).stack().regions
        ('back_mirror', 'gain', 'spacer', 'front_mirror')
    """

    back_mirror: Mirror = Field(
        default=QuarterWaveMirror(design_wavelength=0.689, pairs=7.5), validate_default=True
    )
    film_material: MaterialLike = Field(default="nanocrystal_film", validate_default=True)
    film_thickness: float = Field(default=1.0, gt=0, description="thickness (um)")
    spacer_material: MaterialLike = Field(default="PMMA", validate_default=True)
    spacer_thickness: float = Field(gt=0, description="thickness (um)")
    front_mirror: Mirror = Field(
        default=QuarterWaveMirror(design_wavelength=0.689, pairs=7.5), validate_default=True
    )
    substrate: MaterialLike = Field(default="glass", validate_default=True)
    superstrate: MaterialLike = Field(default="glass", validate_default=True)

    @property
    def cavity(self) -> tuple[Layer, ...]:
        """What lies between the mirrors, from bottom to top."""
        return (
            Layer(name="gain", material=self.film_material, thickness=self.film_thickness),
            Layer(name="spacer", material=self.spacer_material, thickness=self.spacer_thickness),
        )

    def stack(self) -> PlanarStack:
        """Return all layers from bottom to top."""
        bottom = self.back_mirror.layers("back_mirror", self.film_material)
        top = self.front_mirror.layers("front_mirror", self.spacer_material)
        return PlanarStack(
            substrate=self.substrate,
            layers=(*bottom[::-1], *self.cavity, *top),
            superstrate=self.superstrate,
        )

    def layer_table(self, wavelength: float) -> pd.DataFrame:
        """Return the layers from bottom to top; see `PlanarStack.layer_table`."""
        return self.stack().layer_table(wavelength)
