"""Gain of the electron-hole plasma in a quantum shell: many pairs on a spherical well.

A shell of mean radius R is a quantum well of area 4 pi R^2. With P pairs it holds a plasma of
density n = P/(4 pi R^2), whose gain over photon energy is that of one subband,

    g(E) = g_sat Theta(E - E_g(n)) [f_e + f_h - 1],   E_g(n) = E_g - a n^(1/3),

with f_e, f_h the fillings at the electron's and the hole's share of the excess energy and Theta
the broadened step of the joint density of states. Gain ends where the excess energy is the sum of
the quasi-Fermi levels (Bernard and Duraffourg), at any broadening.
"""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field

from cavities.constants import BOLTZMANN_EV_PER_K, HC_EV_UM
from gain.carrier_plasma import (
    effective_density_per_cm2,
    fermi_level_over_kt,
    transparency_density_per_cm2,
)
from gain.gain_film import GainFilm

__all__ = ["PlasmaMedium", "plasma_shells"]

Floats = NDArray[np.float64]

_CM2_PER_NM2 = 1e-14
_DENSITY_UNIT = 1e12


class PlasmaMedium(GainFilm):
    """A film of quantum shells, each with a two-dimensional electron-hole plasma.

    State N holds N pairs, so Poisson excitation, kinetics and thresholds work as for excitons.

    Attributes:
        emission_wavelength: of the band edge without carriers, hc/E_g (um).
        cross_section_cm2: absorption cross-section of one unexcited shell on the plateau of the
            first subband (cm^2): g_sat = C sigma_0.
        shell_radius_nm: mean radius R of the well (nm).
        electron_mass, hole_mass: in-plane masses over the electron's.
        temperature_k: of the carriers (K).
        broadening_mev: standard deviation of the Gaussian that broadens the step (meV).
        renormalisation_mev: a, red shift of the band edge at n = 1e12 /cm^2 (meV); it grows as
            n^(1/3).
        max_pairs: states of the medium: 0 to `max_pairs`.
        background, concentration_per_cm3, film_index, name: see `GainFilm`.

    Errors: ValueError naming the field, the rule and the value.
    Source: D. Nazar et al., Nanoscale (2025), doi:10.1039/D4NR04653F (plasma gain of shells);
        H. Haug and S. Schmitt-Rink, Prog. Quantum Electron. 9, 3 (1984),
        doi:10.1016/0079-6727(84)90026-0 (renormalisation).
    Validity: thermal carriers, one subband, no excitonic enhancement; below one pair or two the
        exciton picture of `NanocrystalMedium` is the right one.

    Example:
        >>> shells = plasma_shells(shell_radius_nm=4.5)
        >>> f"{shells.transparency_density_per_cm2:.3g}", round(shells.transparency_pairs, 1)
        ('1.68e+12', 4.3)
    """

    name: str = "plasma shells"
    shifts_in: Literal["mev"] = "mev"
    shell_radius_nm: float = Field(gt=0, lt=100)
    electron_mass: float = Field(default=0.13, gt=0)
    hole_mass: float = Field(default=0.45, gt=0)
    temperature_k: float = Field(default=295.0, gt=0)
    broadening_mev: float = Field(default=25.0, gt=0)
    renormalisation_mev: float = Field(default=0.0, ge=0)
    max_pairs: int = Field(default=40, ge=2, le=100)

    @property
    def states(self) -> int:
        """Number of states: 0 to `max_pairs` pairs, the last for more as well."""
        return self.max_pairs + 1

    @property
    def shell_area_cm2(self) -> float:
        """Area of the well, 4 pi R^2 (cm^2)."""
        return 4 * math.pi * self.shell_radius_nm**2 * _CM2_PER_NM2

    def density_per_cm2(self, pairs: ArrayLike) -> Floats:
        """Return the plasma's density (1/cm^2) for pairs per shell, (...)."""
        return np.asarray(np.asarray(pairs, dtype=np.float64) / self.shell_area_cm2)

    def pairs(self, density_per_cm2: ArrayLike) -> Floats:
        """Return the pairs per shell for a density (1/cm^2), (...)."""
        return np.asarray(np.asarray(density_per_cm2, dtype=np.float64) * self.shell_area_cm2)

    @property
    def effective_densities_per_cm2(self) -> tuple[float, float]:
        """N_c and N_v, m kT/(pi hbar^2) of electrons and holes (1/cm^2)."""
        electrons = effective_density_per_cm2(self.electron_mass, self.temperature_k)
        return electrons, effective_density_per_cm2(self.hole_mass, self.temperature_k)

    @property
    def transparency_density_per_cm2(self) -> float:
        """Density at which the band edge is transparent (1/cm^2)."""
        return transparency_density_per_cm2(*self.effective_densities_per_cm2)

    @property
    def transparency_pairs(self) -> float:
        """Pairs per shell at that density."""
        return float(self.pairs(self.transparency_density_per_cm2))

    def band_gap_ev(self, density_per_cm2: ArrayLike) -> Floats:
        """Return the renormalised gap E_g - a n^(1/3) (eV) at densities (1/cm^2), (...)."""
        n = np.asarray(density_per_cm2, dtype=np.float64) / _DENSITY_UNIT
        return np.asarray(
            HC_EV_UM / self.emission_wavelength - 1e-3 * self.renormalisation_mev * np.cbrt(n)
        )

    def fermi_levels_mev(self, density_per_cm2: ArrayLike) -> tuple[Floats, Floats]:
        """Return the quasi-Fermi levels of electrons and holes above their edges (meV), (...)."""
        thermal = 1e3 * BOLTZMANN_EV_PER_K * self.temperature_k
        electrons, holes = self.effective_densities_per_cm2
        return (
            thermal * fermi_level_over_kt(density_per_cm2, electrons),
            thermal * fermi_level_over_kt(density_per_cm2, holes),
        )

    def _parts(self, wavelength: ArrayLike, density: Floats) -> tuple[Floats, Floats, Floats]:
        """Step and fillings of electrons and holes, (..., densities)."""
        from scipy.special import expit, ndtr

        x = np.asarray(wavelength, dtype=np.float64)
        if not np.all(x > 0):
            raise ValueError(f"wavelength: must be positive (um), got {np.min(x):g}; check unit")
        thermal = BOLTZMANN_EV_PER_K * self.temperature_k
        excess = (HC_EV_UM / x)[..., None] - self.band_gap_ev(density)
        step = ndtr(excess / (1e-3 * self.broadening_mev))
        electron_share = self.hole_mass / (self.electron_mass + self.hole_mass)
        fillings = [
            expit(fermi_level_over_kt(density, own) - share * excess / thermal)
            for own, share in zip(
                self.effective_densities_per_cm2, (electron_share, 1 - electron_share), strict=True
            )
        ]
        return step, fillings[0], fillings[1]

    def plasma_gain(self, wavelength: ArrayLike, density_per_cm2: ArrayLike) -> Floats:
        """Return g/g_sat at wavelengths (um) and one plasma density (1/cm^2) each; broadcasts.

        Below 0: absorption. `background` is left out.

        Example:
            >>> shells = plasma_shells(shell_radius_nm=4.5)
            >>> edge = shells.emission_wavelength
            >>> abs(float(shells.plasma_gain(edge, shells.transparency_density_per_cm2))) < 1e-9
            True
        """
        x, n = np.broadcast_arrays(
            np.asarray(wavelength, dtype=np.float64), np.asarray(density_per_cm2, dtype=np.float64)
        )
        step, electrons, holes = self._parts(x, n[..., None])
        return np.asarray((step * (electrons + holes - 1))[..., 0])

    def _by_pairs(self, wavelength: ArrayLike) -> tuple[Floats, Floats, Floats]:
        return self._parts(wavelength, self.density_per_cm2(np.arange(self.states)))

    def absorption_coefficients(self, wavelength: ArrayLike) -> Floats:
        """Return sigma_abs/sigma_0 by pairs (..., states): the step times (1 - f_e)(1 - f_h)."""
        step, electrons, holes = self._by_pairs(wavelength)
        return np.asarray(step * (1 - electrons) * (1 - holes))

    def emission_coefficients(self, wavelength: ArrayLike) -> Floats:
        """Return sigma_em/sigma_0 by pairs (..., states): the step times f_e f_h."""
        step, electrons, holes = self._by_pairs(wavelength)
        return np.asarray(step * electrons * holes)

    @property
    def line_positions(self) -> Floats:
        """Redshifts of the band edge, renormalised and not, and of the end of the gain (meV)."""
        density = float(self.density_per_cm2(self.max_pairs))
        shrunk = 1e3 * (HC_EV_UM / self.emission_wavelength - float(self.band_gap_ev(density)))
        top = shrunk - float(sum(self.fermi_levels_mev(density)))
        return np.array(sorted({0.0, shrunk, top}))

    @property
    def line_width(self) -> float:
        """Broadening of the band edge (meV)."""
        return self.broadening_mev


def plasma_shells(**overrides: Any) -> PlasmaMedium:
    """Return CdS/CdSe/CdS shells in the plasma regime; keywords replace fields.

    Masses 0.13 and 0.45 are the bulk values of CdSe (recalled, not measured in shells); gap,
    plateau cross-section, broadening and density of the film are guesses like those of
    `quantum_shells`. No renormalisation unless given.

    Example:
        >>> round(plasma_shells(shell_radius_nm=7.75).transparency_pairs, 1)
        12.7
    """
    fields: dict[str, Any] = {
        "emission_wavelength": 0.650,
        "shell_radius_nm": 5.4,
        "cross_section_cm2": 5e-15,
        "concentration_per_cm3": 3.5e17,
    }
    return PlasmaMedium(**{**fields, **overrides})
