"""Far field of the normal emission of a finite area."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from solvers.coupled_wave.collocation import collocation
from solvers.coupled_wave.finite_mode import FiniteMode

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

__all__ = ["FiniteFarField", "finite_far_field"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

_SIDES = ("substrate", "superstrate")
_LOBES = 3.0


@dataclass(frozen=True, kw_only=True, eq=False)
class FiniteFarField:
    """Intensity over angle in an outer medium, relative to its largest value.

    Attributes:
        side: "superstrate" or "substrate".
        angle_x_deg, angle_y_deg: tilt of the direction against the normal, (p,) each: its
            components are sin(angle_x) and sin(angle_y).
        e_x, e_y: Fourier transforms of the field on the face (p, p), one common scale.
        intensity: power per solid angle (p, p), largest value 1.
    """

    side: str
    angle_x_deg: Floats
    angle_y_deg: Floats
    e_x: Complexes
    e_y: Complexes
    intensity: Floats

    @property
    def divergence_deg(self) -> tuple[float, float]:
        """Full width 4 sigma of the intensity along x and y (degrees), within the window."""
        total = float(self.intensity.sum())
        wide = []
        for axis, angle in enumerate((self.angle_x_deg, self.angle_y_deg)):
            profile = self.intensity.sum(axis=1 - axis) / total
            mean = float(np.sum(profile * angle))
            wide.append(4 * math.sqrt(float(np.sum(profile * (angle - mean) ** 2))))
        return wide[0], wide[1]

    @property
    def on_axis(self) -> float:
        """Intensity along the normal over the largest one: 0 for a dark (vortex) beam."""
        middle = len(self.angle_x_deg) // 2, len(self.angle_y_deg) // 2
        return float(self.intensity[middle])

    def to_dataset(self) -> xr.Dataset:
        """Return the far field as an xarray Dataset."""
        import xarray as xr

        names = ("angle_x", "angle_y")
        return xr.Dataset(
            {
                "intensity": (names, self.intensity, {"units": "1"}),
                "e_x": (names, self.e_x, {"units": "1"}),
                "e_y": (names, self.e_y, {"units": "1"}),
            },
            coords={
                "angle_x": ("angle_x", self.angle_x_deg, {"units": "degree"}),
                "angle_y": ("angle_y", self.angle_y_deg, {"units": "degree"}),
            },
            attrs={"side": self.side},
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot the intensity over both angles."""
        from solvers.coupled_wave.plot_finite import plot_far_field

        return plot_far_field(self, ax=ax)


def finite_far_field(
    mode: FiniteMode,
    side: str = "superstrate",
    *,
    half_angle_deg: float | None = None,
    points: int = 121,
) -> FiniteFarField:
    """Return the far field of a finite mode.

    Fourier transform of the field that normal emission has on the face, with the exact
    projections of s and p polarisation; doi:10.1364/OE.20.015945.

    Args:
        mode: the mode.
        side: "superstrate" or "substrate"; angles are those in that medium.
        half_angle_deg: largest angle; None: three times lambda/L.
        points: number of angles along each axis, odd.

    Raises:
        ValueError: an unknown side, or an outer medium that absorbs.
    """
    if side not in _SIDES:
        raise ValueError(f"side: must be one of {list(_SIDES)}, got {side!r}; choose a face")
    place = _SIDES.index(side)
    matrix = mode.coupling.matrix
    index = complex(np.sqrt(matrix.mode.stack.outer[place]))
    if abs(index.imag) > 1e-9:
        raise ValueError(f"side: {side} absorbs, got index {index:.4g}; it has no far field")
    k = mode.wavenumber.real * index.real
    if half_angle_deg is None:
        widest = _LOBES * 2 * math.pi / (k * min(mode.lengths))
        half_angle_deg = math.degrees(math.asin(min(widest, 1.0)))
    count = points + 1 - points % 2
    angle = np.linspace(-half_angle_deg, half_angle_deg, count)
    sine = np.sin(np.radians(angle))
    phase = k * max(mode.lengths) / 2 * float(np.abs(sine).max())
    fine = collocation(min(int(phase) + 40, 400))
    carry = mode.operator.grid.interpolation(fine.nodes)
    dense = np.einsum("ab,wbc,dc->wad", carry, mode.amplitudes, carry, optimize=True)
    face = np.einsum("cw,wxy->cxy", matrix.emission[place], dense)
    shift = [
        np.exp(-0.5j * k * side_length * sine[:, None] * fine.nodes) * fine.weights
        for side_length in mode.lengths
    ]
    spectrum = np.einsum("ux,cxy,vy->cuv", shift[0], face, shift[1], optimize=True)
    sx, sy = sine[:, None], sine[None, :]
    across = np.hypot(sx, sy)
    safe = np.where(across > 0, across, 1.0)
    ux, uy = np.where(across > 0, sx / safe, 1.0), np.where(across > 0, sy / safe, 0.0)
    along = ux * spectrum[0] + uy * spectrum[1]
    around = -uy * spectrum[0] + ux * spectrum[1]
    lost = np.clip(1 - across**2, 0.0, None)
    power = np.where(across < 1, np.abs(along) ** 2 + lost * np.abs(around) ** 2, 0.0)
    return FiniteFarField(
        side=side,
        angle_x_deg=angle,
        angle_y_deg=angle.copy(),
        e_x=spectrum[0],
        e_y=spectrum[1],
        intensity=power / power.max(),
    )
