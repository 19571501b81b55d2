"""One mode of a finite area."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solvers.coupled_wave.finite_operator import FiniteOperator

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

    from solvers.coupled_wave.far_field import FiniteFarField
    from solvers.coupled_wave.solve_coupling import Coupling

__all__ = ["FiniteMode"]

Complexes = NDArray[np.complex128]


@dataclass(frozen=True, kw_only=True, eq=False)
class FiniteMode:
    """A mode of the finite area at its threshold: gain makes up for all losses, k0 is real.

    Attributes:
        coupling: of the infinite structure.
        operator: grid and equations.
        eigenvalue: of C with the drift of the waves (1/um).
        wavenumber: k0 of the cold mode (rad/um).
        amplitudes: of the basic waves at the nodes (n, x, y); int sum |V|^2 dA = 1.
        losses_per_cm: amplitude loss by channel (1/cm): "edge", "radiation:substrate",
            "radiation:superstrate" and "absorption" or "diffraction".
        band_edge: name of the band edge whose waves make up most of the mode.
        overlap: how much of it they make up.
        fundamental: the band edges whose uniform wave this mode contains most of: it is the one
            of a single lobe, which "mode A of a finite device" means.
        unresolved: share of the power in the upper third of the polynomials: what the grid
            cannot be trusted with.
        loss_error_per_cm: estimate of the error of the whole loss by this grid (1/cm).
        threshold_gain_per_cm: intensity gain of the gain region at threshold (1/cm); nan without
            such a region.
        modal_gain_share: modal intensity gain over gain of the region.
    """

    coupling: Coupling
    operator: FiniteOperator
    eigenvalue: complex
    wavenumber: complex
    amplitudes: Complexes
    losses_per_cm: Mapping[str, float]
    band_edge: str
    overlap: float
    fundamental: tuple[str, ...]
    unresolved: float
    loss_error_per_cm: float
    threshold_gain_per_cm: float
    modal_gain_share: float

    @property
    def lengths(self) -> tuple[float, float]:
        """Sides of the area (um)."""
        return self.operator.lengths

    @property
    def wavelength(self) -> float:
        """Vacuum wavelength (um)."""
        return 2 * math.pi / self.wavenumber.real

    @property
    def quality_factor(self) -> float:
        """Q of the cold mode, edge loss and absorption included."""
        return -self.wavenumber.real / (2 * self.wavenumber.imag)

    @property
    def alpha_per_cm(self) -> float:
        """Amplitude gain at threshold (1/cm): all losses together."""
        return math.fsum(self.losses_per_cm.values())

    @property
    def alpha_l(self) -> float:
        """Normalised threshold gain: alpha times the geometric mean of the sides."""
        return self.alpha_per_cm * 1e-4 * math.sqrt(self.lengths[0] * self.lengths[1])

    @property
    def slope_parts(self) -> dict[str, float]:
        """Share of the generated light that each channel takes."""
        total = self.alpha_per_cm
        return {name: value / total for name, value in self.losses_per_cm.items()}

    def slope_efficiency(self, pump_wavelength: float, side: str = "superstrate") -> float:
        """Return emitted over absorbed pump power above threshold, one photon for each photon.

        Args:
            pump_wavelength: um.
            side: "superstrate" or "substrate".
        """
        return self.slope_parts[f"radiation:{side}"] * pump_wavelength / self.wavelength

    def envelope(self, x: ArrayLike, y: ArrayLike) -> Complexes:
        """Return the amplitudes (n, x, y) of the basic waves at positions from the centre (um).

        Raises:
            ValueError: a position outside the area.
        """
        grid, parts = self.operator.grid, []
        for name, values, side in zip("xy", (x, y), self.lengths, strict=True):
            points = 2 * np.atleast_1d(np.asarray(values, dtype=np.float64)) / side
            if np.abs(points).max() > 1 + 1e-9:
                raise ValueError(
                    f"{name}: must be within {side / 2:g} um of the centre, got "
                    f"{float(np.abs(points).max()) * side / 2:g}; the area ends there"
                )
            parts.append(grid.interpolation(points))
        field = np.einsum("xa,wab,yb->wxy", parts[0], self.amplitudes, parts[1], optimize=True)
        return np.asarray(field)

    def intensity(self, x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
        """Return sum |V|^2 (x, y), 1/um^2, of unit integral over the area."""
        return np.asarray(np.sum(np.abs(self.envelope(x, y)) ** 2, axis=0))

    def far_field(
        self, side: str = "superstrate", *, half_angle_deg: float | None = None, points: int = 121
    ) -> FiniteFarField:
        """Return the far field of the normal emission; see `finite_far_field`."""
        from solvers.coupled_wave.far_field import finite_far_field

        return finite_far_field(self, side, half_angle_deg=half_angle_deg, points=points)

    def to_dataset(self, points: int = 81) -> xr.Dataset:
        """Return the envelopes on an even grid as an xarray Dataset."""
        import xarray as xr

        x, y = (np.linspace(-side / 2, side / 2, points) for side in self.lengths)
        fields = self.envelope(x, y)
        return xr.Dataset(
            {"amplitude": (("wave", "x", "y"), fields, {"units": "1/um"})},
            coords={
                "wave": list(self.operator.waves.names),
                "x": ("x", x, {"units": "um"}),
                "y": ("y", y, {"units": "um"}),
            },
            attrs={"wavelength_um": self.wavelength, "alpha_l": self.alpha_l},
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot the intensity envelope over the area."""
        from solvers.coupled_wave.plot_finite import plot_envelope

        return plot_envelope(self, ax=ax)

    def __repr__(self) -> str:
        return (
            f"FiniteMode({self.band_edge}, {self.wavelength:.7g} um, alpha L={self.alpha_l:.4g}, "
            f"edge {self.slope_parts['edge']:.0%})"
        )
