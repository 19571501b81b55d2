"""Dispersion maps: intensity over angle and photon energy, measured or modelled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cavities.constants import HC_EV_NM
from gain.coupled_oscillators import CoupledOscillators
from gain.polariton_occupation import bose_einstein, maxwell_boltzmann

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from gain.polariton_branches import PolaritonBranches

__all__ = ["DispersionMap", "emission_map"]

Floats = NDArray[np.float64]
MapKind = Literal["emission", "transmission", "reflection", "absorption"]


@dataclass(frozen=True, kw_only=True, eq=False)
class DispersionMap:
    """Spectra side by side: intensity (..., angles, energies), leading axes for repeats.

    Attributes:
        angle_deg: angles in air (deg), (angles,), increasing.
        energy_ev: photon energies (eV), (energies,), increasing.
        intensity: (..., angles, energies), any unit, per energy (not per wavelength).
        kind: what was measured.

    Raises:
        ValueError: axes that do not increase or do not fit, angles beyond 90 degrees.

    Example:
        >>> found = DispersionMap(
        ...     angle_deg=np.array([0.0, 10.0]), energy_ev=np.array([2.0, 2.1, 2.2]),
        ...     intensity=np.ones((2, 3)),
        ... )
        >>> found.kind
        'emission'
    """

    angle_deg: Floats
    energy_ev: Floats
    intensity: Floats
    kind: MapKind = "emission"

    def __post_init__(self) -> None:
        for name in ("angle_deg", "energy_ev", "intensity"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=np.float64))
        shape = (self.angle_deg.size, self.energy_ev.size)
        if self.angle_deg.ndim != 1 or self.energy_ev.ndim != 1:
            raise ValueError(
                "angle_deg, energy_ev: must be one-dimensional, got shapes "
                f"{self.angle_deg.shape} and {self.energy_ev.shape}; give the axes of the map"
            )
        if self.intensity.shape[-2:] != shape:
            raise ValueError(
                f"intensity: must end in the shape {shape} (angles, energies), got "
                f"{self.intensity.shape}; transpose the map"
            )
        for name in ("angle_deg", "energy_ev"):
            if not np.all(np.diff(getattr(self, name)) > 0):
                raise ValueError(f"{name}: must increase strictly, got a step <= 0; sort the map")
        if np.abs(self.angle_deg).max() > 90:
            worst = float(self.angle_deg[np.argmax(np.abs(self.angle_deg))])
            raise ValueError(
                f"angle_deg: must lie in -90 to 90 degrees, got {worst:g}; give angles in air"
            )
        if self.energy_ev[0] <= 0 or self.energy_ev[-1] > 100:
            raise ValueError(
                f"energy_ev: must lie in 0-100 eV, got {self.energy_ev[0]:g} to "
                f"{self.energy_ev[-1]:g}; convert wavelengths with from_wavelength"
            )

    @classmethod
    def from_wavelength(
        cls,
        angle_deg: ArrayLike,
        wavelength_nm: ArrayLike,
        intensity: ArrayLike,
        *,
        kind: MapKind = "emission",
    ) -> DispersionMap:
        """Return the map of spectra over wavelength (nm), sorted by energy.

        Emission per wavelength is converted to emission per energy (factor lambda^2/hc, here
        relative to its mean); ratios such as transmission are not.

        Args:
            angle_deg: (angles,), increasing.
            wavelength_nm: (energies,), monotonic.
            intensity: (..., angles, energies).
            kind: what was measured.
        """
        wavelength = np.asarray(wavelength_nm, dtype=np.float64)
        values = np.asarray(intensity, dtype=np.float64)
        if kind == "emission":
            values = values * wavelength**2 / np.mean(wavelength**2)
        order = np.argsort(-wavelength)
        return cls(
            angle_deg=np.asarray(angle_deg, dtype=np.float64),
            energy_ev=HC_EV_NM / wavelength[order],
            intensity=values[..., order],
            kind=kind,
        )

    def plot(self, branches: PolaritonBranches | None = None, *, ax: Axes | None = None) -> Axes:
        """Plot the map, with the branches, bare cavity and excitons over it where given."""
        from gain.polariton_plots import plot_dispersion_map

        return plot_dispersion_map(self, branches, ax=ax)


def emission_map(
    oscillators: CoupledOscillators,
    *,
    angle_deg: ArrayLike,
    energy_ev: ArrayLike,
    temperature_k: float | None = None,
    chemical_potential_mev: float | None = None,
    resolution_mev: float = 0.0,
) -> DispersionMap:
    """Return the emission of thermalised polaritons: Lorentzians weighted by photon share.

    Each branch emits |C|^2 times a Lorentzian of unit area at its complex energy; with a
    temperature, times exp(-(E - E_0)/kT), E_0 the lowest energy, and with a chemical potential
    (from E_0, < 0) too, times 1/(exp((E - E_0 - mu)/kT) - 1). It is a picture of a map, with the
    positions, widths and photon shares of the model, not a theory of relaxation.

    Args:
        oscillators: the model; give it widths.
        angle_deg: (angles,), increasing.
        energy_ev: (energies,), increasing.
        temperature_k: temperature of the occupation; None: every branch occupied alike.
        chemical_potential_mev: mu (meV) of a Bose-Einstein occupation; None: Boltzmann.
        resolution_mev: instrument's Lorentzian width, added to each line (meV).

    Raises:
        ValueError: lines without any width, or an exciton outside the energy window.
    """
    energy = np.asarray(energy_ev, dtype=np.float64)
    branches = oscillators.branches(angle_deg=np.asarray(angle_deg, dtype=np.float64))
    for exciton in oscillators.excitons:
        if not energy.min() <= exciton.energy_ev <= energy.max():
            raise ValueError(
                f"energy_ev: must hold the exciton at {exciton.energy_ev:g} eV, got "
                f"{energy.min():g} to {energy.max():g} eV; widen the map"
            )
    fwhm = 1e-3 * (branches.fwhm_mev + resolution_mev)
    if not np.all(fwhm > 0):
        raise ValueError("fwhm_mev: must be > 0 for a map, got 0; give the oscillators widths")
    half = 0.5 * fwhm[..., None]
    offset = energy - branches.energy_ev.real[..., None]
    lines = half / np.pi / (offset**2 + half**2)
    strength = branches.photon_weight
    if temperature_k is not None:
        above = 1e3 * (branches.energy_ev.real - branches.energy_ev.real.min())
        if chemical_potential_mev is None:
            strength = strength * maxwell_boltzmann(above, temperature_k=temperature_k)
        else:
            strength = strength * bose_einstein(
                above, temperature_k=temperature_k, chemical_potential_mev=chemical_potential_mev
            )
    elif chemical_potential_mev is not None:
        raise ValueError(
            "temperature_k: must be given with a chemical potential, got None; add kelvin"
        )
    return DispersionMap(
        angle_deg=branches.axis,
        energy_ev=energy,
        intensity=np.einsum("ab,abe->ae", strength, lines),
    )
