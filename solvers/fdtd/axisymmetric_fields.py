"""Fields of axisymmetric FDTD modes: energy by region, losses by flux and dissipation, pictures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cavities.body_of_revolution import BodyOfRevolution
from cavities.material import Material
from solvers.axisymmetric.domain import background_cells

__all__ = ["AxisymmetricField", "FieldBalance", "painted"]

Floats = NDArray[np.float64]
SUBDIVISION = 4
"""Pixels are divided into so many parts each way to share them among regions."""


@dataclass(frozen=True, kw_only=True)
class FieldBalance:
    """Energy and losses of a field.

    Attributes:
        confinement: electric energy by region, sums to 1.
        inverse_quality: 1/Q by channel from flux and dissipation.
        mode_volume: int(eps |E|^2)/max(eps |E|^2) (um^3).
        axial_share: of the electric energy in the (r, z) plane, that of E_z.
    """

    confinement: dict[str, float]
    inverse_quality: dict[str, float]
    mode_volume: float
    axial_share: float


@dataclass(frozen=True, kw_only=True, eq=False)
class AxisymmetricField:
    """The complex field of a mode on pixel centres; a sampler for `Mode.field`.

    Attributes:
        body: the structure; r (nr,), z (nz,): pixel centres (um).
        values: components E_r, E_phi, E_z, H_r, H_phi, H_z, each (nr, nz).
        wavelength: of the mode (um); closed: no light leaves at the bottom (opaque metal).
    """

    body: BodyOfRevolution
    r: Floats
    z: Floats
    values: NDArray[np.complex64]
    wavelength: float
    closed: bool

    def __call__(self, r: Floats, z: Floats) -> Mapping[str, NDArray[np.complex128]]:
        """Return the field at points (n,), nan outside the domain."""
        from scipy.interpolate import RegularGridInterpolator

        # values on the axis are those of the first pixel
        radii = np.concatenate([[0.0], self.r])
        found = {}
        for number, name in enumerate(("E_r", "E_phi", "E_z")):
            grid = np.concatenate([self.values[number][:1], self.values[number]])
            look = RegularGridInterpolator(
                (radii, self.z), grid, bounds_error=False, fill_value=np.nan
            )
            found[name] = np.asarray(look(np.column_stack([r, z])), dtype=np.complex128)
        _, materials = _regions(self.body)
        eps = np.array([complex(m.permittivity(self.wavelength)) for m in materials])
        found["eps"] = eps[painted(self.body, r, z)]
        return found

    def balance(self) -> FieldBalance:
        """Return energies and losses.

        With amplitudes E, H the energy density is (d(omega eps')/d omega |E|^2 + |H|^2)/4, the
        dissipation omega eps'' |E|^2/2 and the flux Re(E x H*)/2 (vacuum units); 1/Q = P/(omega U).
        """
        names, materials = _regions(self.body)
        shares = self._shares(len(names))
        pixel_r, pixel_z = float(self.r[1] - self.r[0]), float(self.z[1] - self.z[0])
        volume = 2 * math.pi * self.r[:, None] * pixel_r * pixel_z
        square = np.abs(self.values.astype(np.complex128)) ** 2
        electric, magnetic = square[:3].sum(axis=0), square[3:].sum(axis=0)
        omega = 2 * math.pi / self.wavelength
        energy: dict[str, float] = {}
        losses: dict[str, float] = {}
        stored = float((magnetic * volume).sum()) / 4
        density = np.zeros_like(electric)
        for name, material, share in zip(names, materials, shares, strict=True):
            eps = complex(material.permittivity(self.wavelength))
            group = float(material.group_permittivity(self.wavelength))
            weight = float((electric * volume * share).sum())
            stored += group * weight / 4
            positive = group if group > 0 else abs(eps.real)
            energy[name] = energy.get(name, 0.0) + positive * weight
            density += np.maximum(eps.real, 0) * share * electric
            if eps.imag > 0:
                channel = f"absorption:{name}"
                losses[channel] = losses.get(channel, 0.0) + omega * eps.imag * weight / 2
        losses = {"radiation": self._flux(), **losses}
        total = sum(energy.values())
        axial = float((square[2] * volume).sum())
        plane = float(((square[0] + square[2]) * volume).sum())
        return FieldBalance(
            confinement={name: value / total for name, value in energy.items()},
            inverse_quality={name: value / (omega * stored) for name, value in losses.items()},
            mode_volume=float((density * volume).sum() / density.max()),
            axial_share=axial / plane if plane > 1e-9 * float((electric * volume).sum()) else 1.0,
        )

    def _flux(self) -> float:
        """Return the power through the surface two pixels inside the box."""
        inside = 2
        e_r, e_phi, e_z, h_r, h_phi, h_z = self.values.astype(np.complex128)
        radial = (e_phi * h_z.conj() - e_z * h_phi.conj()).real / 2
        axial = (e_r * h_phi.conj() - e_phi * h_r.conj()).real / 2
        pixel_r, pixel_z = float(self.r[1] - self.r[0]), float(self.z[1] - self.z[0])
        bottom = 0 if self.closed else inside
        top, outer = len(self.z) - 1 - inside, len(self.r) - 1 - inside
        side = 2 * math.pi * self.r[outer] * pixel_z * radial[outer, bottom : top + 1].sum()
        rings = 2 * math.pi * self.r[: outer + 1] * pixel_r
        power = side + (rings * axial[: outer + 1, top]).sum()
        if not self.closed:
            power -= (rings * axial[: outer + 1, bottom]).sum()
        return max(float(power), 0.0)

    def _shares(self, count: int) -> Floats:
        """Return the share (count, nr, nz) of every region in every pixel."""
        pixel_r, pixel_z = float(self.r[1] - self.r[0]), float(self.z[1] - self.z[0])
        places = (np.arange(SUBDIVISION) + 0.5) / SUBDIVISION - 0.5
        shares = np.zeros((count, len(self.r), len(self.z)))
        for part_r in places:
            for part_z in places:
                r, z = np.meshgrid(
                    self.r + part_r * pixel_r, self.z + part_z * pixel_z, indexing="ij"
                )
                region = painted(self.body, r.ravel(), z.ravel()).reshape(r.shape)
                for number in range(count):
                    shares[number] += region == number
        return shares / SUBDIVISION**2


def _regions(body: BodyOfRevolution) -> tuple[list[str], list[Material]]:
    """Return names and materials of background cells and regions, in the order of painting."""
    cells = background_cells(body, -math.inf, math.inf)
    names = [cell.name for cell in cells] + [region.name for region in body.regions]
    materials: list[Any] = [cell.material for cell in cells]
    return names, materials + [region.material for region in body.regions]


def painted(body: BodyOfRevolution, r: Floats, z: Floats) -> NDArray[np.intp]:
    """Return the number of the background cell or region at points (n,), later ones win."""
    import shapely

    cells = background_cells(body, -math.inf, math.inf)
    number = np.searchsorted([cell.top for cell in cells[:-1]], z)
    for place, region in enumerate(body.regions):
        polygon = region.outline.polygon(1e-4)
        shapely.prepare(polygon)
        number = np.where(shapely.contains_xy(polygon, r, z), len(cells) + place, number)
    return np.asarray(number, dtype=np.intp)
