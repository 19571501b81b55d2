"""The gain medium: a film of nanocrystals, with its lines, degeneracy and density."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import BeforeValidator, Field, model_validator

from cavities.constants import BOLTZMANN_EV_PER_K, HC_EV_NM
from gain.ensemble import broadened_std
from gain.gain_film import BackgroundTable, GainFilm
from gain.line_shape import GaussianLine, LineShape
from gain.spectral_shift import Shift, ShiftLike, _as_shift
from gain.spectrum import (
    Species,
    absorption_coefficients,
    absorption_positions,
    emission_coefficients,
    emission_positions,
)

__all__ = ["BackgroundTable", "NanocrystalMedium"]


class NanocrystalMedium(GainFilm):
    """A film of nanocrystals: what sets its optical gain at a given excitation.

    The band edge is 2M-fold degenerate (M = `coherence_areas`; a dot or shell has M = 1): with
    N excitons a fraction f_N = min(N/2M, 1) of it is inverted. M = 1 is equation (5) of the
    source exactly, see `gain.spectrum`.

    Attributes:
        emission_wavelength: peak of the X -> 0 emission, lambda_0 (um).
        line: homogeneous shape of the 0 -> X absorption line, peak 1 (Gaussian, or a measured
            table).
        emission_line: shape of the emission lines; None: that of `line` (equation (4)).
        inhomogeneous: Gaussian spread of the transition energies over the ensemble (sizes,
            compositions); every line is convolved with it. None: all nanocrystals alike, or
            `line` already holds the ensemble's width.
        stokes: distance from emission peak to absorption peak, Delta_S, or "kennard_stepanov":
            Delta_S = s^2/kT with s of the homogeneous line, the only value for which equal
            Gaussians obey detailed balance.
        biexciton_shift: Delta_XX, blue shift of XX -> X against X -> 0 (repulsive: positive).
        exciton_interaction: "saturated": every state with two or more excitons has the shift
            Delta_XX, as in equation (5); "pairwise": N -> N-1 is shifted by (N-1) Delta_XX.
        pairing: "paired": each exciton fills one transition, emission f_N and absorption
            1 - f_N (equation (5)); "uncorrelated": electrons and holes fill their states
            independently, f_N^2 and (1 - f_N)^2. The net gain without shifts is the same.
        shifts_in: "nm" (the source: lines keep their shape in wavelength) or "mev" (in energy).
        coherence_areas: M, number of independent two-fold degenerate sites per nanocrystal.
        background: sigma_high/sigma_0, non-saturable absorption; number or table.
        temperature_k: temperature (K), used by "kennard_stepanov" only.
        cross_section_cm2: sigma_0, peak absorption cross-section of 0 -> X of one whole
            nanocrystal (cm^2), at its own peak: dispersion lowers the ensemble's.
        concentration_per_cm3: nanocrystals per film volume, C (cm^-3).
        film_index: material of the film, see `GainFilm`.

    Errors: ValueError naming the field, the rule and the value.
    Source: equations (4), (5), HAL hal-05014673 (2025); M sites: doi:10.1039/C7SC04294A.
    Validity: static nanocrystals, populations set by the pump alone (no stimulated emission).

    Example:
        >>> medium = NanocrystalMedium(
        ...     emission_wavelength=0.65, line=GaussianLine(std_nm=11.5), stokes=Shift(nm=15),
        ...     biexciton_shift=Shift(nm=21.5), cross_section_cm2=5e-15,
        ...     concentration_per_cm3=3.5e17)
        >>> medium.gain([0.63, 0.665], absorbed_photons=1.0).round(4).tolist()
        [-0.0979, 0.068]
    """

    line: LineShape
    emission_line: LineShape | None = None
    inhomogeneous: GaussianLine | None = None
    stokes: Annotated[Shift | Literal["kennard_stepanov"], BeforeValidator(_as_shift)]
    biexciton_shift: ShiftLike = Shift(nm=0.0)
    exciton_interaction: Literal["saturated", "pairwise"] = "saturated"
    pairing: Literal["paired", "uncorrelated"] = "paired"
    coherence_areas: int = Field(default=1, ge=1, le=50)
    temperature_k: float = Field(default=295.0, gt=0)

    @model_validator(mode="after")
    def _stokes_rule(self) -> NanocrystalMedium:
        if self.stokes == "kennard_stepanov" and (
            not isinstance(self.line, GaussianLine) or self.emission_line is not None
        ):
            raise ValueError(
                "stokes: 'kennard_stepanov' needs a Gaussian line that absorption and emission "
                f"share, got line {self.line.kind!r}; give the shift, such as Shift(nm=15)"
            )
        if self.shifts_in == "nm" and self._blue_edge_nm() <= 0:
            raise ValueError(
                "stokes, biexciton_shift: lines must lie at positive wavelengths, got "
                f"{self._blue_edge_nm():g} nm; check the units"
            )
        return self

    def _blue_edge_nm(self) -> float:
        pairs = 2 * self.coherence_areas if self.exciton_interaction == "pairwise" else 1
        shift = max(0.0, self.biexciton_redshift) * pairs
        return 1e3 * self.emission_wavelength - self.stokes_redshift - shift

    @property
    def nm_per_mev(self) -> float:
        """lambda_0^2/hc: first-order conversion of widths at the emission peak (nm/meV)."""
        return (1e3 * self.emission_wavelength) ** 2 / (1e3 * HC_EV_NM)

    @property
    def stokes_redshift(self) -> float:
        """Delta_S in the unit of `shifts_in`: emission peak minus absorption peak."""
        peak_nm = 1e3 * self.emission_wavelength
        if isinstance(self.stokes, Shift):
            return self.stokes.to(self.shifts_in, emission_wavelength_nm=peak_nm)
        assert isinstance(self.line, GaussianLine)
        std_mev = self.line.std("mev", nm_per_mev=self.nm_per_mev)
        mev = std_mev**2 / (1e3 * BOLTZMANN_EV_PER_K * self.temperature_k)
        return Shift(mev=mev).to(self.shifts_in, emission_wavelength_nm=peak_nm)

    @property
    def biexciton_redshift(self) -> float:
        """Delta_XX in the unit of `shifts_in`: X line minus XX line (positive: XX is bluer)."""
        peak_nm = 1e3 * self.emission_wavelength
        return self.biexciton_shift.to(self.shifts_in, emission_wavelength_nm=peak_nm)

    @property
    def states(self) -> int:
        """Number of distinct excitonic states: 0, 1, ... 2M (the last holds N >= 2M)."""
        return 2 * self.coherence_areas + 1

    @property
    def species(self) -> tuple[Species, ...]:
        """The kinds of nanocrystals in the film: here neutral ones only."""
        return (Species(),)

    @property
    def line_positions(self) -> NDArray[np.float64]:
        """Redshifts of the emission and absorption lines, in `shifts_in`."""
        kinds = self.species
        lines = [emission_positions(self, kind) for kind in kinds]
        lines += [absorption_positions(self, kind) for kind in kinds]
        return np.unique(np.concatenate(lines))

    @property
    def line_width(self) -> float:
        """Standard deviation of the ensemble's line in `shifts_in`."""
        return broadened_std(
            self.line, self.inhomogeneous, self.shifts_in, nm_per_mev=self.nm_per_mev
        )

    def absorption_coefficients(self, wavelength: ArrayLike) -> NDArray[np.float64]:
        """Return sigma_abs/sigma_0 of each state (..., states) at wavelengths (um), (...)."""
        return absorption_coefficients(self, wavelength)

    def emission_coefficients(self, wavelength: ArrayLike) -> NDArray[np.float64]:
        """Return sigma_em/sigma_0 of each state (..., states) at wavelengths (um), (...)."""
        return emission_coefficients(self, wavelength)
