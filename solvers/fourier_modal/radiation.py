"""What a periodic mode radiates: directions, power and polarisation of its open orders.

An endless lattice radiates plane waves. A finite device multiplies the field by an envelope, so
every order becomes a beam, the envelope's Fourier transform about the order's direction.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solvers.fourier_modal.near_field import NearField
from solvers.modes import Mode

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["FarField", "far_field"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]


@dataclass(frozen=True, kw_only=True, eq=False)
class FarField:
    """Radiation of a mode to one side.

    Attributes:
        side: "up" or "down".
        index: refractive index (real) of the medium there.
        wavenumber: Re k0 (rad/um).
        in_plane: k_x, k_y of the open orders (M, 2), rad/um.
        amplitude: E along s (across the plane of k and z) and p (in it, upwards seen from the
            outgoing wave) of every open order (M, 2), scaled so that the mode's largest
            plane-wave amplitude at the stack's face is 1. Along z: p is x, s is y.
        power: share of the open orders in the power to this side (M,); nan for a dark mode.
    """

    side: str
    index: float
    wavenumber: float
    in_plane: Floats
    amplitude: Complexes
    power: Floats

    @property
    def angle_deg(self) -> Floats:
        """Angles to the normal (M,)."""
        sine = np.hypot(*self.in_plane.T) / (self.index * self.wavenumber)
        return np.asarray(np.degrees(np.arcsin(np.minimum(sine, 1.0))))

    @property
    def azimuth_deg(self) -> Floats:
        """Directions in the plane (M,)."""
        return np.degrees(np.arctan2(self.in_plane[:, 1], self.in_plane[:, 0]))

    @property
    def stokes(self) -> Floats:
        """Stokes parameters S1, S2, S3 over S0 of every order (M, 3), nan where it is dark.

        S1 = 1: p polarised, -1: s; S3 = 1: the field turns from p to s.
        """
        s, p = self.amplitude.T
        total = np.abs(s) ** 2 + np.abs(p) ** 2
        with np.errstate(invalid="ignore", divide="ignore"):
            mixed = 2 * p.conj() * s / total
            return np.stack([(np.abs(p) ** 2 - np.abs(s) ** 2) / total, mixed.real, mixed.imag], 1)

    def pattern(
        self, angle_x_deg: ArrayLike, angle_y_deg: ArrayLike, *, width: float
    ) -> xr.Dataset:
        """Return the beam of a finite device with a Gaussian envelope.

        Args:
            angle_x_deg, angle_y_deg: angles about the normal along x and y (degrees), (X,), (Y,):
                direction cosines are their sines.
            width: diameter (um) at which the envelope's intensity has fallen to 1/e^2.

        Returns:
            Dataset over (angle_x, angle_y): intensity (arbitrary unit) and its parts along x
            and y, E_x and E_y summed coherently over the orders.
        """
        import xarray as xr

        along = np.sin(np.radians(np.atleast_1d(np.asarray(angle_x_deg, dtype=float))))
        across = np.sin(np.radians(np.atleast_1d(np.asarray(angle_y_deg, dtype=float))))
        k = self.index * self.wavenumber
        kx, ky = np.meshgrid(k * along, k * across, indexing="ij")
        field = np.zeros((2, *kx.shape), dtype=np.complex128)
        for (px, py), (s, p) in zip(self.in_plane, self.amplitude, strict=True):
            envelope = np.exp(-((kx - px) ** 2 + (ky - py) ** 2) * (width / 4) ** 2)
            length = math.hypot(px, py)
            cosine, sine = (px / length, py / length) if length else (1.0, 0.0)
            tilt = math.sqrt(max(0.0, 1 - (length / k) ** 2))
            field[0] += envelope * (p * cosine * tilt - s * sine)
            field[1] += envelope * (p * sine * tilt + s * cosine)
        parts = np.abs(field) ** 2
        axes = ("angle_x", "angle_y")
        return xr.Dataset(
            {
                "intensity": (axes, parts.sum(axis=0), {"units": "arbitrary"}),
                "intensity_x": (axes, parts[0], {"units": "arbitrary"}),
                "intensity_y": (axes, parts[1], {"units": "arbitrary"}),
            },
            coords={
                "angle_x": ("angle_x", np.degrees(np.arcsin(along)), {"units": "degree"}),
                "angle_y": ("angle_y", np.degrees(np.arcsin(across)), {"units": "degree"}),
            },
        )


def far_field(mode: Mode, side: Literal["up", "down"] = "up") -> FarField:
    """Return what a mode radiates to one side.

    Args:
        mode: a mode of method "fourier-modal" that carries its field.
        side: "up" (superstrate) or "down" (substrate).

    Raises:
        ValueError: the mode carries no such field, or an unknown side.
    """
    field = mode.sampler
    if not isinstance(field, NearField):
        raise ValueError(
            f"mode: must carry the field of a periodic cavity, got none for {mode.label!r}; "
            "solve again (files and tables keep no fields)"
        )
    if side not in ("up", "down"):
        raise ValueError(f'side: must be "up" or "down", got {side!r}')
    waves = field.above if side == "up" else field.below
    stack, k = field.stack, mode.wavenumber.real
    material = stack.superstrate if side == "up" else stack.substrate
    index = float(material.index(2 * np.pi / k).real)
    length = np.hypot(*field.wavevectors.T)
    is_open = length < index * k
    in_plane = field.wavevectors[is_open]
    ex, ey = waves.electric[:2, is_open] / np.abs(waves.electric).max()
    hx, hy = waves.magnetic[:2, is_open] / np.abs(waves.electric).max()
    safe = np.where(length[is_open] > 1e-9, length[is_open], 1.0)
    c = np.where(length[is_open] > 1e-9, in_plane[:, 0] / safe, 1.0)
    s = np.where(length[is_open] > 1e-9, in_plane[:, 1] / safe, 0.0)
    cosine = np.sqrt(np.maximum(1 - (length[is_open] / (index * k)) ** 2, 1e-12))
    amplitude = np.stack([c * ey - s * ex, (c * ex + s * ey) / cosine], axis=1)
    sign = 1 if side == "up" else -1
    power = sign * (ex * hy.conj() - ey * hx.conj()).real
    total = power.sum()
    return FarField(
        side=side,
        index=index,
        wavenumber=k,
        in_plane=in_plane,
        amplitude=amplitude,
        power=power / total if total > 1e-20 else np.full(len(power), np.nan),
    )
