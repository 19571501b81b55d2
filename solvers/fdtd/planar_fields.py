"""Fields of planar FDTD modes: energy by region, losses by flux and dissipation, samples."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cavities.planar_stack import PlanarStack

__all__ = ["PlanarBalance", "PlanarField"]

Floats = NDArray[np.float64]
SUBDIVISION = 16


@dataclass(frozen=True, kw_only=True)
class PlanarBalance:
    """Electric energy by region (sums to 1), 1/Q by channel, energy over its peak (um)."""

    confinement: dict[str, float]
    inverse_quality: dict[str, float]
    mode_length: float


@dataclass(frozen=True, kw_only=True, eq=False)
class PlanarField:
    """The complex field of a planar mode on pixel centres; a sampler for `Mode.field`.

    The field lies along y of the (x, z) plane, as the TE modes of `solvers.multilayer`.

    Attributes:
        stack: the structure; z (n,): pixel centres (um); electric, magnetic: amplitudes (n,).
        wavelength: of the mode (um).
    """

    stack: PlanarStack
    z: Floats
    electric: NDArray[np.complex128]
    magnetic: NDArray[np.complex128]
    wavelength: float

    def __call__(self, r: Floats, z: Floats) -> Mapping[str, NDArray[np.complex128]]:
        """Return the field at points (n,), nan outside the domain."""
        field = np.interp(z, self.z, self.electric, left=np.nan, right=np.nan)
        eps = np.array([complex(m.permittivity(self.wavelength)) for m in self.stack.media])
        none = np.where(np.isnan(field), np.nan, 0.0)
        return {
            "E_r": none.astype(np.complex128),
            "E_phi": np.asarray(field, dtype=np.complex128),
            "E_z": none.astype(np.complex128),
            "eps": eps[self._medium(z)],
        }

    def balance(self) -> PlanarBalance:
        """Return energies and losses; see `AxisymmetricField.balance`."""
        pixel = float(self.z[1] - self.z[0])
        places = (np.arange(SUBDIVISION) + 0.5) / SUBDIVISION - 0.5
        medium = self._medium((self.z[:, None] + places * pixel).ravel()).reshape(
            len(self.z), SUBDIVISION
        )
        square = np.abs(self.electric) ** 2
        omega = 2 * math.pi / self.wavelength
        names = ["substrate", *(layer.name for layer in self.stack.layers), "superstrate"]
        stored = float((np.abs(self.magnetic) ** 2).sum()) * pixel / 4
        energy: dict[str, float] = {}
        losses: dict[str, float] = {}
        density = np.zeros(len(self.z))
        for number, (name, material) in enumerate(zip(names, self.stack.media, strict=True)):
            share = (medium == number).mean(axis=1)
            weight = float((square * share).sum()) * pixel
            eps = complex(material.permittivity(self.wavelength))
            group = float(material.group_permittivity(self.wavelength))
            stored += group * weight / 4
            energy[name] = energy.get(name, 0.0) + max(group, abs(eps.real)) * weight
            density += share * np.maximum(eps.real, 0.0) * square
            if eps.imag > 0:
                channel = f"absorption:{name}"
                losses[channel] = losses.get(channel, 0.0) + omega * eps.imag * weight / 2
        # away from the edges of the snapshot; Ex and Hy carry power along +z
        flux = (self.electric * self.magnetic.conj()).real / 2
        outgoing = {
            "radiation:substrate": max(-float(flux[2]), 0.0),
            "radiation:superstrate": max(float(flux[-3]), 0.0),
        }
        total = sum(energy.values())
        return PlanarBalance(
            confinement={name: value / total for name, value in energy.items()},
            inverse_quality={
                name: value / (omega * stored) for name, value in (outgoing | losses).items()
            },
            mode_length=float(density.sum() * pixel / density.max()),
        )

    def _medium(self, z: Floats) -> NDArray[np.intp]:
        """Return the number of the medium at heights, 0 for the substrate."""
        return np.asarray(np.searchsorted(self.stack.interfaces(), z), dtype=np.intp)
