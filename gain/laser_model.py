"""A laser: nanocrystals with their kinetics in a cavity with many modes.

Populations p_N of each group of nanocrystals and photons per nanocrystal s_m of each mode:

    dp_N/dt = W (p_(N-1) - p_N) - k_N p_N + k_(N+1) p_(N+1)
              + sum_m K_m kappa_m w_m s_m [transitions by stimulated emission and absorption]
    ds_m/dt = kappa_m (K_m g_m - 1) s_m + r_m,      g_m = sum_N c_N(lambda_m) <w_m p_N>

with c_N the normalised gain of state N, kappa = 2 pi c/(lambda Q), w_m the mode's profile over
the groups. Spontaneous emission into a mode, two choices:

    a factor beta:  r_m = beta sum_N k_r,N p_N G_N(lambda_m): a share of the radiative decay at
                    the line's peak; part of k_N.
    "einstein":     stimulated emission of S + 1 photons, r_m = K_m kappa_m sum_N sigma_em,N p_N
                    over the number of nanocrystals: a decay of its own besides k_N.

Both together only agree when the cross-section obeys the Fuchtbauer-Ladenburg relation with k_r:
`fuchtbauer_ladenburg_ratio` says by how much it does not.

Source: HAL hal-05014673 (2025), equations (4), (5); ladder of doi:10.1039/D4NR04653F.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cavities.constants import SPEED_OF_LIGHT_UM_PER_S
from gain.exciton_kinetics import ExcitonKinetics
from gain.gain_film import GainFilm
from gain.ladder_spectrum import LadderSpectrum, ladder_cross_sections
from gain.laser_modes import LaserModes

__all__ = ["LaserModel", "fuchtbauer_ladenburg_cross_section_cm2"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class LaserModel:
    """What lases: spectra, decay rates, modes, spontaneous emission.

    Attributes:
        medium: spectra of the nanocrystals: a `NanocrystalMedium` or another `GainFilm`.
        kinetics: decay rates of its states.
        modes: the cavity.
        spontaneous: beta, 0 < beta <= 1, or "einstein".
        nanocrystals: number of nanocrystals in the film; needed by "einstein" and for photon
            numbers, None otherwise.

    Errors: ValueError naming the argument, the rule and the value.

    Example:
        >>> from gain.kinetics_presets import kinetics_preset
        >>> from gain.presets import quantum_shells
        >>> modes = LaserModes.comb(
        ...     0.650, spacing_nm=4.05, count=25, quality_factor=6000, figure_of_merit=50)
        >>> model = LaserModel(
        ...     medium=quantum_shells(), kinetics=kinetics_preset("microdisk_shells"), modes=modes)
        >>> round(model.fuchtbauer_ladenburg_ratio(index=1.6), 3)
        0.064
    """

    medium: GainFilm
    kinetics: ExcitonKinetics
    modes: LaserModes
    spontaneous: float | Literal["einstein"] = 1e-3
    nanocrystals: float | None = None

    def __post_init__(self) -> None:
        if self.nanocrystals is not None and not self.nanocrystals > 0:
            raise ValueError(
                f"nanocrystals: must be > 0, got {self.nanocrystals:g}; give density times volume"
            )
        if isinstance(self.spontaneous, str):
            if self.spontaneous != "einstein":
                raise ValueError(
                    f"spontaneous: must be a number or 'einstein', got {self.spontaneous!r}; "
                    "the usual factor is 1e-3"
                )
            if self.nanocrystals is None:
                raise ValueError(
                    "nanocrystals: must be given for spontaneous='einstein', got None; "
                    "give density times volume"
                )
        elif not 0 < self.spontaneous <= 1:
            raise ValueError(
                f"spontaneous: must lie in (0, 1], got {self.spontaneous:g}; without any, no "
                "photon starts a mode: use net_gain_threshold for that limit"
            )

    @property
    def spectrum(self) -> LadderSpectrum:
        """Cross-sections of every state at the modes' wavelengths, (modes, states)."""
        return ladder_cross_sections(self.medium, self.modes.wavelength, self.kinetics.states)

    @property
    def stimulated_per_ns(self) -> Floats:
        """K kappa (1/ns), (modes,): stimulated rate per photon per nanocrystal at sigma_0."""
        return self.modes.figure_of_merit * self.modes.loss_per_ns

    def spontaneous_per_ns(self) -> Floats:
        """Return the rate of spontaneous photons into each mode, (modes, states), 1/ns."""
        found = self.spectrum
        if isinstance(self.spontaneous, str):
            assert self.nanocrystals is not None
            return self.stimulated_per_ns[:, None] * found.emission / self.nanocrystals
        return self.spontaneous * found.line * self.kinetics.radiative_rates_per_ns()

    def einstein_factor(self, nanocrystals: float | None = None) -> Floats:
        """Return the factor beta that the Einstein relation implies, (modes,).

        K kappa sigma_em,X/(sigma_0 k_r N_NC) at the peak of the X line: what beta would be if
        spontaneous and stimulated emission came from the same cross-section.

        Raises:
            ValueError: number of nanocrystals unknown.
        """
        count = nanocrystals or self.nanocrystals
        if count is None:
            raise ValueError("nanocrystals: must be given, got None; give density times volume")
        peak = float(self.spectrum.peak[1])
        rate = self.kinetics.radiative_rates_per_ns()[1]
        return np.asarray(self.stimulated_per_ns * peak / (rate * count))

    def fuchtbauer_ladenburg_ratio(self, *, index: float | None = None) -> float:
        """Return sigma_em from lifetime and line width over the model's own (X, peak).

        1: one cross-section gives absorption, gain and lifetime. Below 1 the model amplifies more
        than its lifetime allows (or sigma_0 belongs to more than this one line).

        Args:
            index: refractive index around the nanocrystals; None: the film's.
        """
        peak = self.medium.emission_wavelength
        n = float(self.medium.phase_index(peak)) if index is None else index
        own = self.medium.cross_section_cm2 * float(self.spectrum.peak[1])
        width = _line_width_nm(self.medium)
        lifetime = self.kinetics.radiative_lifetime_ns
        return fuchtbauer_ladenburg_cross_section_cm2(peak, width, lifetime, n) / own


def fuchtbauer_ladenburg_cross_section_cm2(
    wavelength: float, equivalent_width_nm: float, radiative_lifetime_ns: float, index: float
) -> float:
    """Return the peak emission cross-section lambda^4/(8 pi n^2 c tau w) (cm^2).

    Args:
        wavelength: peak (um).
        equivalent_width_nm: area of the line over its peak (nm): 1.0645 FWHM for a Gaussian.
        radiative_lifetime_ns: tau (ns).
        index: refractive index of the surroundings.

    Source: W. Fowler, D. Dexter, Phys. Rev. 128, 2154 (1962), doi:10.1103/PhysRev.128.2154.

    Example:
        >>> width = 1.0645 * 27.0
        >>> f"{fuchtbauer_ladenburg_cross_section_cm2(0.650, width, 20.0, 1.6):.2g}"
        '1.6e-16'
    """
    for name, value in (
        ("wavelength", wavelength),
        ("equivalent_width_nm", equivalent_width_nm),
        ("radiative_lifetime_ns", radiative_lifetime_ns),
        ("index", index),
    ):
        if not value > 0:
            raise ValueError(f"{name}: must be > 0, got {value:g}; check sign and unit")
    seconds = 1e-9 * radiative_lifetime_ns
    area = wavelength**4 / (1e-3 * equivalent_width_nm)
    per = 8 * np.pi * index**2 * SPEED_OF_LIGHT_UM_PER_S * seconds
    return float(1e-8 * area / per)


def _line_width_nm(medium: GainFilm) -> float:
    """Area over peak of the X emission line (nm)."""
    peak = medium.emission_wavelength
    grid = np.linspace(0.75 * peak, 1.35 * peak, 6001)
    line = ladder_cross_sections(medium, grid, 2).line[:, 1]
    return float(1e3 * np.trapezoid(line, grid) / line.max())
