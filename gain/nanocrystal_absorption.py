"""Absorption cross-section of a layered nanocrystal from its volume (quasi-static limit)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, model_validator

from cavities.material import Material, MaterialLike
from cavities.spec import Spec

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["TOLUENE_INDEX", "LayeredNanocrystal"]

TOLUENE_INDEX = 1.496
"""Index of toluene at 589 nm and 20 C, the solvent of the published samples."""

_CM_PER_UM = 1e-4
_CM_PER_NM = 1e-7


class LayeredNanocrystal(Spec):
    """A sphere of concentric layers, far smaller than the wavelength, in a transparent host.

    sigma = (2 pi n_m/lambda) Im[3 V (eps - eps_m)/(eps + 2 eps_m)], with V the volume of the
    sphere, eps_m = n_m^2 the host and eps the homogeneous equivalent of the layers
    (`Material.core_shell`, the exact quasi-static recursion). All light that the sphere takes
    from the beam is absorbed: scattering is smaller by (size/wavelength)^3.

    Attributes:
        name: name in results.
        layers: materials from the core outwards, with their bulk optical constants.
        radii_nm: outer radius of each layer (nm), increasing.
        host: the medium around; its real index is used.

    Errors: ValueError naming the field, the rule and the value.
    Source: C. F. Bohren and D. R. Huffman, Absorption and Scattering of Light by Small
        Particles, sections 5.2 and 5.4, doi:10.1002/9783527618156. For CdSe dots in hexane at
        350 nm it gives 5.2e5 a^3/cm, measured 5.5e5 a^3/cm (C. A. Leatherdale et al., J. Phys.
        Chem. B 106, 7619 (2002), doi:10.1021/jp025698c).
    Validity: wavelengths well above the band edge, where the states of the nanocrystal are as
        dense as those of the bulk (400 nm for CdSe; at 532 nm red dots still follow within some
        ten per cent). Not the 1S peak itself: that is `gain.nanocrystal_sizing`.

    Example:
        >>> dot = LayeredNanocrystal(layers=["CdSe"], radii_nm=[3.25])
        >>> [f"{float(dot.cross_section_cm2(x)):.1e}" for x in (0.400, 0.532)]
        ['1.6e-14', '9.6e-15']
    """

    name: str = "nanocrystal"
    layers: tuple[MaterialLike, ...] = Field(min_length=1)
    radii_nm: tuple[float, ...] = Field(min_length=1)
    host: MaterialLike = Field(default=TOLUENE_INDEX, validate_default=True)

    @model_validator(mode="after")
    def _layers_match(self) -> LayeredNanocrystal:
        rising = all(a < b for a, b in zip((0.0, *self.radii_nm), self.radii_nm, strict=False))
        if len(self.layers) != len(self.radii_nm) or not rising:
            raise ValueError(
                "radii_nm: must be > 0, increase outwards and have one entry per layer "
                f"({len(self.layers)}), got {self.radii_nm}; give the layers core first"
            )
        return self

    @property
    def volume_nm3(self) -> float:
        """Volume of the whole sphere (nm^3)."""
        return 4 / 3 * math.pi * self.radii_nm[-1] ** 3

    def permittivity(self, wavelength: ArrayLike) -> NDArray[np.complex128]:
        """Return the permittivity of the equivalent homogeneous sphere at wavelengths (um)."""
        equivalent = Material.core_shell(self.layers, self.radii_nm, name=self.name)
        return equivalent.permittivity(wavelength)

    def cross_section_cm2(self, wavelength: ArrayLike) -> NDArray[np.float64]:
        """Return the absorption cross-section (cm^2).

        Args:
            wavelength: vacuum wavelengths (um), any shape.

        Returns:
            Cross-sections, same shape; 0 where no layer absorbs.

        Errors: ValueError outside the range of a layer's optical constants.
        """
        x = np.asarray(wavelength, dtype=np.float64)
        sphere = self.permittivity(x)
        index = self.host.index(x).real
        host = index**2
        clausius = (3 * (sphere - host) / (sphere + 2 * host)).imag
        volume = self.volume_nm3 * _CM_PER_NM**3
        return np.asarray(2 * np.pi * index / (x * _CM_PER_UM) * volume * clausius)

    def intrinsic_absorption_per_cm(self, wavelength: ArrayLike) -> NDArray[np.float64]:
        """Return sigma/V (1/cm), the absorption per volume fraction of a dilute dispersion."""
        return self.cross_section_cm2(wavelength) / (self.volume_nm3 * _CM_PER_NM**3)

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Plot the cross-section over wavelength, 350 to 700 nm."""
        from gain.absorption_plots import plot_cross_sections

        return plot_cross_sections([self], ax=ax)
