"""What `spectrum` returns for a periodic stack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

__all__ = ["PeriodicSpectrum"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]


@dataclass(frozen=True, kw_only=True, eq=False)
class PeriodicSpectrum:
    """Spectra of a periodic stack; the arrays have the axes (polarization, wavelength).

    Attributes:
        wavelength: vacuum wavelengths (um) (W,).
        polarizations: "TE" (s) and "TM" (p), in the order of the axis (P,).
        angle_deg, azimuth_deg: direction of the incident wave in its medium.
        side: "top" or "bottom": where the light comes from.
        reflectance, transmittance: fractions of the incident power in all orders together.
        r, t: amplitudes of the zeroth order, of E_y in TE and of H_y (r) and E (t) in TM.
        orders: diffraction orders (N, 2) of the reduced reciprocal vectors.
        order_reflectance, order_transmittance: fractions by order (P, W, N).
        region_absorption: absorbed fraction by region (P, W); < 0: gain.
    """

    wavelength: Floats
    polarizations: tuple[str, ...]
    angle_deg: float
    azimuth_deg: float
    side: str
    reflectance: Floats
    transmittance: Floats
    r: Complexes
    t: Complexes
    orders: NDArray[np.int64]
    order_reflectance: Floats
    order_transmittance: Floats
    region_absorption: dict[str, Floats]

    @property
    def absorption(self) -> Floats:
        """Absorbed fraction of all regions together (P, W)."""
        total = np.zeros(self.reflectance.shape)
        for part in self.region_absorption.values():
            total = total + part
        return total

    def to_dataset(self) -> xr.Dataset:
        """Return the spectra as an xarray Dataset, units in attrs."""
        import xarray as xr

        names, one = ("polarization", "wavelength"), {"units": "1"}
        variables: dict[str, Any] = {
            name: (names, getattr(self, name), one)
            for name in ("reflectance", "transmittance", "absorption", "r", "t")
        }
        if self.region_absorption:
            stacked = np.stack(list(self.region_absorption.values()), axis=-1)
            variables["region_absorption"] = ((*names, "region"), stacked, one)
        coords: dict[str, Any] = {
            "wavelength": ("wavelength", self.wavelength, {"units": "um"}),
            "polarization": list(self.polarizations),
        }
        if self.region_absorption:
            coords["region"] = list(self.region_absorption)
        attributes = {
            "side": self.side,
            "angle_deg": self.angle_deg,
            "azimuth_deg": self.azimuth_deg,
        }
        return xr.Dataset(variables, coords=coords, attrs=attributes)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot reflectance, transmittance and absorption over wavelength."""
        import matplotlib.pyplot as plt

        axes = plt.subplots(layout="constrained")[1] if ax is None else ax
        colours = {"R": "C0", "T": "C1", "A": "C3"}
        parts = {"R": self.reflectance, "T": self.transmittance, "A": self.absorption}
        for style, number in zip(("-", "--"), range(len(self.polarizations)), strict=False):
            for name, values in parts.items():
                label = f"{name} {self.polarizations[number]}"
                axes.plot(self.wavelength, values[number], style, color=colours[name], label=label)
        axes.set(xlabel="wavelength (um)", ylabel="fraction of incident power")
        axes.legend(frameon=False)
        return axes
