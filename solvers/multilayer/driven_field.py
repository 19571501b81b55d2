"""Field and absorption profiles of a plane wave in a stack."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solvers.multilayer.incidence import (
    Polarization,
    Side,
    checked_angles,
    checked_polarizations,
)
from solvers.multilayer.layer_entries import layer_entries
from solvers.multilayer.layered_field import LayeredField
from solvers.multilayer.open_stack import OpenStack
from solvers.multilayer.stack_arrays import as_stack

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["DrivenField", "FieldProfile", "field_profile"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]


@dataclass(frozen=True, eq=False)
class DrivenField(LayeredField):
    """The field of a wave that comes from the superstrate, outgoing in the substrate."""

    @cached_property
    def interface(self) -> int:
        """The top: everything was carried upwards from the substrate."""
        return len(self.stack.thickness)

    @cached_property
    def scaled_states(self) -> tuple[Complexes, Floats]:
        """U and V at all interfaces for an incident wave of unit U."""
        below = self.chain(upwards=True)
        top = below[-1]
        y = self.wavenumber_z(-1) / self.admittance(-1)
        incident = (top.u - top.v / y) / 2
        rows = np.array([[state.u, state.v] for state in below]) / incident
        return rows, np.array([state.log_scale - top.log_scale for state in below])

    def outside(self, side: int, distance: Floats) -> tuple[Complexes, Complexes]:
        """Return U and V below the layers, or above them with the incident wave."""
        if side == 0:
            return super().outside(side, distance)
        u, v = self.states[-1]
        q = np.full(distance.shape, self.wavenumber_z(-1) ** 2)
        entries = layer_entries(q, distance)
        grown, a = np.exp(entries.log_scale), self.admittance(-1)
        c, s = entries.cosine * grown, entries.sinc * grown
        return c * u + 1j * a * s * v, 1j * (q / a) * s * u + c * v

    @property
    def incident_flux(self) -> float:
        """Re(E x Z0 H*) of the incident wave along its way."""
        y = self.wavenumber_z(-1) / self.admittance(-1)
        return float((y / self.k).real)


@dataclass(frozen=True, kw_only=True, eq=False)
class FieldProfile:
    """Field of a plane wave of unit electric field along z.

    Attributes:
        z: heights above the substrate (um) (n,).
        layer: number of the layer at each height, -1 in the outer media (n,).
        layers: regions of the layers from bottom to top.
        weights: quadrature weights (um) where z was chosen by the function, else None.
        electric: E_x, E_y, E_z (3, n), complex, relative to the incident |E|.
        permittivity: eps (n,).
        absorption_density: absorbed power per height over the incident power (1/um) (n,).
    """

    z: Floats
    layer: NDArray[np.intp]
    layers: tuple[str, ...]
    weights: Floats | None
    electric: Complexes
    permittivity: Complexes
    absorption_density: Floats

    @property
    def intensity(self) -> Floats:
        """|E|^2 over that of the incident wave (n,)."""
        return np.asarray(np.sum(np.abs(self.electric) ** 2, axis=0))

    def in_region(self, region: str) -> NDArray[np.bool_]:
        """Return which heights lie in the layers of one name.

        Raises:
            ValueError: no such region.
        """
        if region not in self.layers:
            raise ValueError(
                f"region: must be one of {list(dict.fromkeys(self.layers))}, got {region!r}; "
                "name a layer of the stack"
            )
        numbers = [i for i, name in enumerate(self.layers) if name == region]
        return np.isin(self.layer, numbers)

    def absorbed(self, region: str) -> float:
        """Return the fraction of the incident power that a region absorbs.

        Raises:
            ValueError: no such region, or heights given by the caller.
        """
        if self.weights is None:
            raise ValueError(
                "weights: must be there to integrate, got heights chosen by the caller; call "
                "field_profile without z"
            )
        inside = self.in_region(region)
        return float(np.sum(self.weights[inside] * self.absorption_density[inside]))

    def to_dataset(self) -> xr.Dataset:
        """Return the profile as an xarray Dataset over z."""
        import xarray as xr

        return xr.Dataset(
            {
                "electric": (("component", "z"), self.electric, {"units": "1"}),
                "intensity": ("z", self.intensity, {"units": "1"}),
                "permittivity": ("z", self.permittivity, {"units": "1"}),
                "absorption_density": ("z", self.absorption_density, {"units": "1/um"}),
            },
            coords={"z": ("z", self.z, {"units": "um"}), "component": ["E_x", "E_y", "E_z"]},
        )


def field_profile(
    stack: Any,
    wavelength: float,
    *,
    angle_deg: float = 0.0,
    polarization: Polarization = "TE",
    side: Side = "top",
    z: ArrayLike | None = None,
) -> FieldProfile:
    """Return field and absorption in a stack that a plane wave falls on.

    Args:
        stack: PlanarStack or planar cavity; its substrate has no back face here.
        wavelength: vacuum wavelength (um).
        angle_deg: angle of incidence in the outer medium on `side` (degrees).
        polarization: "TE" or "TM".
        side: "top" (from the superstrate) or "bottom".
        z: heights (um) above the substrate, outer media included; None: nodes of a quadrature in
            every layer, with weights, so that integrals are exact to rounding.

    Raises:
        ValueError: an angle outside 0 <= angle < 90, or a wavelength outside the materials' range.

    Example:
        >>> from cavities import Layer, PlanarStack
        >>> film = PlanarStack(substrate=1.5, superstrate=1.0,
        ...                    layers=(Layer(name="film", material=1.8 + 0.1j, thickness=0.5),))
        >>> profile = field_profile(film, 0.4, angle_deg=20)
        >>> round(profile.absorbed("film"), 4)
        0.7149
    """
    layers = as_stack(stack)
    angle = float(checked_angles(angle_deg))
    (name,) = checked_polarizations(polarization)
    if side not in ("top", "bottom"):
        raise ValueError(f'side: must be "top" or "bottom", got {side!r}; z points upwards')
    for material in layers.media:
        material.index(wavelength)
    seen = layers if side == "top" else layers.reversed()
    k = 2 * math.pi / wavelength
    entrance = complex(seen.superstrate.index(wavelength))
    in_plane = k * entrance.real * math.sin(math.radians(angle))
    problem = OpenStack(stack=seen, polarization=name, in_plane_wavenumber=in_plane)
    field = DrivenField(problem, complex(k), in_plane)
    total = layers.thickness
    edges = np.array(seen.interfaces())
    if z is None:
        rules = [field.quadrature(i) for i in range(len(seen.layers))]
        above = [e + nodes for e, (nodes, _) in zip(edges, rules, strict=False)]
        heights = np.concatenate([np.zeros(0), *above])
        weights: Floats | None = np.concatenate([np.zeros(0), *(r[1] for r in rules)])
    else:
        given = np.atleast_1d(np.asarray(z, dtype=np.float64))
        heights, weights = (given if side == "top" else total - given), None
    parts = field.components(heights)
    electric = np.stack([parts["E_x"], parts["E_y"], parts["E_z"]])
    # |E| of an incident wave of unit U: 1 in TE, 1/|n| in TM.
    unit = 1.0 if name == "TE" else 1 / abs(entrance)
    density = k * parts["eps"].imag * np.sum(np.abs(electric) ** 2, axis=0) / field.incident_flux
    numbers = np.searchsorted(edges, heights, side="right") - 1
    numbers = np.where((numbers < 0) | (numbers >= len(seen.layers)), -1, numbers)
    if side == "bottom":
        heights = total - heights
        numbers = np.where(numbers < 0, -1, len(seen.layers) - 1 - numbers)
        electric[2] *= -1  # mirrored at z = 0
    order = np.argsort(heights, kind="stable") if z is None else slice(None)
    return FieldProfile(
        z=heights[order],
        layer=numbers[order],
        layers=tuple(layer.name for layer in layers.layers),
        weights=None if weights is None else weights[order],
        electric=electric[:, order] / unit,
        permittivity=parts["eps"][order],
        absorption_density=density[order],
    )
