"""What `spectrum` returns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

__all__ = ["SpectrumResult"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]


@dataclass(frozen=True, kw_only=True, eq=False)
class SpectrumResult:
    """Spectra of one stack or of a batch.

    The arrays have the axes (polarization, stack, angle, wavelength), of which only those are
    there that were given as lists.

    Attributes:
        wavelength: vacuum wavelengths (um).
        angle_deg: angles of incidence (degrees), None if k_x was given.
        in_plane_wavenumber: k_x (rad/um), None if angles were given.
        polarizations: names, in the order of the axis.
        side: "top" or "bottom": where the light comes from.
        dimensions: names of the axes of the arrays.
        r, t: amplitudes of reflected and transmitted wave over the incident one: of E_y in TE,
            of H_y (r) and |E| (t) in TM, as in textbooks. nan where the substrate is incoherent.
        reflectance, transmittance: fractions of the incident power.
        layers: regions of the layers from bottom to top.
        absorbing_layers: numbers of the layers with Im n != 0.
        absorbing_parts: fraction of the incident power that each of those absorbs (< 0: gain),
            on a last axis of its own; None if not asked for.
        substrate_absorption: fraction that a thick substrate absorbs, None without one.
    """

    wavelength: Floats
    angle_deg: Floats | None
    in_plane_wavenumber: Floats | None
    polarizations: tuple[str, ...]
    side: str
    dimensions: tuple[str, ...]
    r: Complexes
    t: Complexes
    reflectance: Floats
    transmittance: Floats
    layers: tuple[str, ...]
    absorbing_layers: tuple[int, ...]
    absorbing_parts: Floats | None
    substrate_absorption: Floats | None = None

    @cached_property
    def layer_absorption(self) -> Floats:
        """Absorbed fraction of each layer, bottom to top, on a last axis of length L."""
        parts = self._parts()
        result = np.zeros((*parts.shape[:-1], len(self.layers)))
        result[..., list(self.absorbing_layers)] = parts
        return result

    @property
    def region_absorption(self) -> dict[str, Floats]:
        """Absorbed fraction by region; layers of one name are added."""
        parts = self._parts()
        result: dict[str, Floats] = {name: np.zeros(parts.shape[:-1]) for name in self.layers}
        for place, layer in enumerate(self.absorbing_layers):
            result[self.layers[layer]] = result[self.layers[layer]] + parts[..., place]
        if self.substrate_absorption is not None:
            result["substrate"] = self.substrate_absorption
        return result

    @property
    def absorption(self) -> Floats:
        """Absorbed fraction of all layers and of a thick substrate together."""
        total = np.asarray(self._parts().sum(axis=-1))
        return total if self.substrate_absorption is None else total + self.substrate_absorption

    def _parts(self) -> Floats:
        if self.absorbing_parts is None:
            raise ValueError(
                "absorption: must be asked for, got a spectrum made with absorption=False; "
                "call spectrum again with absorption=True"
            )
        return self.absorbing_parts

    def to_dataset(self) -> xr.Dataset:
        """Return the spectra as an xarray Dataset, units in attrs."""
        import xarray as xr

        names = self.dimensions
        one = {"units": "1"}
        variables: dict[str, Any] = {
            "reflectance": (names, self.reflectance, one),
            "transmittance": (names, self.transmittance, one),
            "r": (names, self.r, one),
            "t": (names, self.t, one),
        }
        coords: dict[str, Any] = {}
        if self.absorbing_parts is not None:
            regions = self.region_absorption
            if regions:
                stacked = np.stack([np.broadcast_to(a, self.r.shape) for a in regions.values()], -1)
                variables["absorption"] = ((*names, "region"), stacked, one)
                coords["region"] = list(regions)
        coords["wavelength"] = _axis("wavelength", names, self.wavelength, "um")
        if self.angle_deg is not None:
            coords["angle"] = _axis("angle", names, self.angle_deg, "degree")
        if self.in_plane_wavenumber is not None:
            values = self.in_plane_wavenumber
            coords["in_plane_wavenumber"] = _axis("in_plane_wavenumber", names, values, "rad/um")
        if "polarization" in names:
            coords["polarization"] = list(self.polarizations)
        return xr.Dataset(variables, coords=coords, attrs={"side": self.side})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot reflectance, transmittance and absorption over wavelength, or a map over angle."""
        from solvers.multilayer.plot_spectrum import plot_planar_spectrum

        return plot_planar_spectrum(self, ax=ax)


def _axis(name: str, names: tuple[str, ...], values: Floats, units: str) -> Any:
    return (name if name in names else (), values, {"units": units})
