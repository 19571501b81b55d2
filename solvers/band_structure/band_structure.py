"""What `solve_bands` returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from os import PathLike
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

    from solvers.band_structure.band_edges import BandEdge
    from solvers.band_structure.gaps import Gap

__all__ = ["BandStructure"]

Floats = NDArray[np.float64]

_ZERO = 1e-4
"""Frequency (c/period) below which a band is the static one at Gamma."""


@dataclass(frozen=True, kw_only=True, eq=False)
class BandStructure:
    """Bands of a crystal without loss, at Bloch vectors along a path.

    Arrays have the axes (Bloch vector, band); bands count from 1 in rising frequency at each
    vector. Frequencies are real: MPB solves for a closed, lossless structure.

    Attributes:
        period: the length (um) that frequencies are given in.
        bloch: Bloch vectors (n, 2), rad/um.
        corners: numbers and names of the points where the path turns.
        frequency: omega period/(2 pi c) = period/wavelength, (n, bands).
        polarization: what was solved for: "TE" (E in the plane), "TM" (E along z), or "all".
            In slabs these are the modes even and odd in z ("TE-like", "TM-like").
        axial_share: share of the z component in the electric energy, (n, bands).
        group_velocity: d omega/dk in units of c, (n, bands, 2); None when not asked for.
            Bands that are degenerate at a vector share their velocities out at random there.
        core_share: share of a slab's electric energy between its lowest and highest interface,
            (n, bands); None for crystals without end in z.
        core_fraction: share of the height of the supercell that is between them; a band of the
            surrounding medium has about this core_share.
        symmetry: irreducible representation of each band, None where it is unknown.
        point_groups: little group of each Bloch vector ("C4v", ...), "" where it is unknown.
        outer_index: larger index of the media around a slab; None for other crystals.
        fields: E and H of the bands that were asked for, see `field`.
        field_places: x, y and z (um) of the grid points, (nx, ny, nz) each; empty without fields.
        crystal: JSON-able description; settings, provenance: as of a ModeSet.
    """

    period: float
    bloch: Floats
    corners: tuple[tuple[int, str], ...]
    frequency: Floats
    polarization: str
    axial_share: Floats
    group_velocity: Floats | None = None
    core_share: Floats | None = None
    core_fraction: float = float("nan")
    symmetry: tuple[tuple[str | None, ...], ...] = ()
    point_groups: tuple[str, ...] = ()
    outer_index: float | None = None
    fields: Mapping[tuple[int, int], Mapping[str, NDArray[Any]]] = field(default_factory=dict)
    field_places: tuple[Floats, ...] = ()
    crystal: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.frequency.shape[0] != len(self.bloch):
            raise ValueError(
                f"frequency: must have one row per Bloch vector ({len(self.bloch)}), got "
                f"{self.frequency.shape}"
            )
        if not self.symmetry:
            empty: tuple[str | None, ...] = (None,) * self.frequency.shape[1]
            object.__setattr__(self, "symmetry", (empty,) * len(self.bloch))
        if not self.point_groups:
            object.__setattr__(self, "point_groups", ("",) * len(self.bloch))
        for name in ("fields", "crystal", "settings", "provenance"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def __repr__(self) -> str:
        path = "-".join(name for _, name in self.corners)
        low, high = float(self.frequency.min()), float(self.frequency.max())
        return (
            f"BandStructure({self.polarization}, {self.bands} bands, {path}, "
            f"{len(self.bloch)} Bloch vectors, period/wavelength {low:.4g}-{high:.4g})"
        )

    @property
    def bands(self) -> int:
        """Number of bands."""
        return int(self.frequency.shape[1])

    @cached_property
    def distance(self) -> Floats:
        """Length of the path up to each Bloch vector (rad/um)."""
        steps = np.linalg.norm(np.diff(self.bloch, axis=0), axis=1)
        return np.concatenate([[0.0], np.cumsum(steps)])

    @cached_property
    def wavelength(self) -> Floats:
        """Vacuum wavelengths (um), inf for the static bands at Gamma."""
        static = self.frequency < _ZERO
        return np.where(static, np.inf, self.period / np.where(static, 1.0, self.frequency))

    @cached_property
    def light_line(self) -> Floats:
        """Frequency at each vector above which the outer media carry waves away; inf without one.

        The path is in the first Brillouin zone, where |k| is the smallest in-plane wavenumber.
        """
        if self.outer_index is None:
            return np.full(len(self.bloch), np.inf)
        k = np.hypot(*self.bloch.T)
        return np.asarray(k * self.period / (2 * np.pi * self.outer_index))

    @cached_property
    def guided(self) -> NDArray[np.bool_]:
        """Whether each band is below the light cone, (n, bands)."""
        return self.frequency < self.light_line[:, None]

    def at(self, point: str | int) -> int:
        """Return the number of the first Bloch vector of a name (or that number itself).

        Raises:
            ValueError: the path has no such point.
        """
        if isinstance(point, str):
            for index, name in self.corners:
                if name == point:
                    return index
            names = list(dict.fromkeys(name for _, name in self.corners))
            raise ValueError(f"point: must be one of {names} or a number, got {point!r}")
        if not 0 <= point < len(self.bloch):
            raise ValueError(
                f"point: must be a number from 0 to {len(self.bloch) - 1}, got {point}"
            )
        return point

    def gaps(self, *, guided_only: bool | None = None) -> tuple[Gap, ...]:
        """Return the gaps between neighbouring bands over the path, see `band_gaps`."""
        from solvers.band_structure.gaps import band_gaps

        return band_gaps(self, guided_only=guided_only)

    def band_edges(self, polarization: str = "TE") -> dict[str, BandEdge]:
        """Return the band edges A, B, C and D at Gamma by name, see `gamma_edges`."""
        from solvers.band_structure.band_edges import gamma_edges

        return gamma_edges(self, polarization)

    def field(self, point: str | int, band: int) -> xr.Dataset:
        """Return the field of a band that was asked for, see `band_field`."""
        from solvers.band_structure.band_field import band_field

        return band_field(self, point, band)

    def report(self) -> str:
        """Return the band edges at the named points, gaps and doubts as text."""
        from solvers.band_structure.report import band_report

        return band_report(self)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot the bands along the path, the light cone shaded."""
        from solvers.band_structure.plot_bands import plot_bands

        return plot_bands(self, ax=ax)

    def to_dataset(self) -> xr.Dataset:
        """Return everything but the fields as an xarray Dataset, units in attrs."""
        from solvers.band_structure.bands_io import bands_to_dataset

        return bands_to_dataset(self)

    def save(self, path: str | PathLike[str]) -> None:
        """Write everything but the fields to an HDF5 (netCDF-4) file, whole or not at all."""
        from solvers.band_structure.bands_io import save_bands

        save_bands(self, path)

    @classmethod
    def load(cls, path: str | PathLike[str]) -> BandStructure:
        """Read what `save` wrote.

        Raises:
            ValueError: not such a file, or of a newer format.
        """
        from solvers.band_structure.bands_io import load_bands

        return load_bands(path)
