"""The gain medium: a film of nanocrystals, with its lines, degeneracy and density."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import BeforeValidator, Field, model_validator

from cavities.constants import BOLTZMANN_EV_PER_K, HC_EV_NM
from cavities.material import MaterialLike
from cavities.spec import Spec
from gain.line_shape import GaussianLine, LineShape, SpectralUnit
from gain.populations import poisson_populations
from gain.spectral_shift import Shift, ShiftLike, _as_shift
from gain.spectrum import absorption_coefficients, emission_coefficients

__all__ = ["BackgroundTable", "NanocrystalMedium"]

Ratio = Annotated[float, Field(ge=0)]


class BackgroundTable(Spec):
    """sigma_high(lambda)/sigma_0: linear between samples, constant beyond the ends.

    Attributes:
        wavelength: increasing vacuum wavelengths (um), (n,).
        ratio: sigma_high/sigma_0 (n,), not negative.
    """

    wavelength: tuple[float, ...] = Field(min_length=2)
    ratio: tuple[Ratio, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _table(self) -> BackgroundTable:
        rising = all(a < b for a, b in zip(self.wavelength, self.wavelength[1:], strict=False))
        if len(self.wavelength) != len(self.ratio) or not rising:
            raise ValueError(
                "background: wavelength must increase and be as long as ratio, got "
                f"{len(self.wavelength)} and {len(self.ratio)} entries; sort and pair them"
            )
        return self


class NanocrystalMedium(Spec):
    """A film of nanocrystals: what sets its optical gain at a given excitation.

    The band edge is 2M-fold degenerate (M = `coherence_areas`; a dot or shell has M = 1): with
    N excitons a fraction f_N = min(N/2M, 1) of it is inverted. M = 1 is equation (5) of the
    source exactly, see `gain.spectrum`.

    Attributes:
        emission_wavelength: peak of the X -> 0 emission, lambda_0 (um).
        line: shape of the 0 -> X absorption line, peak 1 (Gaussian, or a measured table).
        emission_line: shape of the emission lines; None: that of `line` (equation (4)).
        stokes: distance from emission peak to absorption peak, Delta_S, or "kennard_stepanov":
            Delta_S = s^2/kT, the only value for which equal Gaussians obey detailed balance.
        biexciton_shift: Delta_XX, blue shift of XX -> X against X -> 0 (repulsive: positive).
        exciton_interaction: "saturated": every state with two or more excitons has the shift
            Delta_XX, as in equation (5); "pairwise": N -> N-1 is shifted by (N-1) Delta_XX.
        shifts_in: "nm" (the source: lines keep their shape in wavelength) or "mev" (in energy).
        coherence_areas: M, number of independent two-fold degenerate sites per nanocrystal.
        background: sigma_high/sigma_0, non-saturable absorption; number or table.
        temperature_k: temperature (K), used by "kennard_stepanov" only.
        cross_section_cm2: sigma_0, peak absorption cross-section of 0 -> X of one whole
            nanocrystal (cm^2).
        concentration_per_cm3: nanocrystals per film volume, C (cm^-3).
        film_index: material of the film, best the one that the solver used: its real index at
            each mode's wavelength is the phase index n of the lineic loss 2 pi n/(lambda Q).
            Its imaginary part is not used: the nanocrystals' absorption is in the gain.

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

    name: str = "nanocrystals"
    emission_wavelength: float = Field(gt=0, lt=100)
    line: LineShape
    emission_line: LineShape | None = None
    stokes: Annotated[Shift | Literal["kennard_stepanov"], BeforeValidator(_as_shift)]
    biexciton_shift: ShiftLike = Shift(nm=0.0)
    exciton_interaction: Literal["saturated", "pairwise"] = "saturated"
    shifts_in: SpectralUnit = "nm"
    coherence_areas: int = Field(default=1, ge=1, le=50)
    background: Ratio | BackgroundTable = 0.0
    temperature_k: float = Field(default=295.0, gt=0)
    cross_section_cm2: float = Field(gt=0, lt=1e-8)
    concentration_per_cm3: float = Field(gt=0, lt=1e23)
    film_index: MaterialLike = Field(default="nanocrystal_film", validate_default=True)

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
    def peak_gain_per_cm(self) -> float:
        """C sigma_0 (1/cm): gain of the fully inverted medium, absorption of the unpumped one."""
        return self.concentration_per_cm3 * self.cross_section_cm2

    def phase_index(self, wavelength: ArrayLike) -> NDArray[np.float64]:
        """Return the real index of the film at wavelengths (um), same shape."""
        return np.asarray(self.film_index.index(wavelength).real, dtype=np.float64)

    def background_ratio(self, wavelength: ArrayLike) -> NDArray[np.float64]:
        """Return b = sigma_high/sigma_0 at wavelengths (um), same shape."""
        x = np.asarray(wavelength, dtype=np.float64)
        if isinstance(self.background, BackgroundTable):
            return np.asarray(np.interp(x, self.background.wavelength, self.background.ratio))
        return np.full(x.shape, self.background)

    def gain_coefficients(self, wavelength: ArrayLike) -> NDArray[np.float64]:
        """Return the normalised gain of each state, (..., states), at wavelengths (um) (...).

        Gain of any populations p is then sum_k p_k c_k: the hook for kinetics.
        """
        up = absorption_coefficients(self, wavelength)
        down = emission_coefficients(self, wavelength)
        return down - up - self.background_ratio(wavelength)[..., None]

    def gain(
        self,
        wavelength: ArrayLike,
        *,
        absorbed_photons: ArrayLike | None = None,
        populations: ArrayLike | None = None,
    ) -> NDArray[np.float64]:
        """Return the normalised gain g/(C sigma_0) at wavelengths (um).

        Args:
            wavelength: vacuum wavelengths (um), (...).
            absorbed_photons: mean number of absorbed pump photons per nanocrystal (...),
                broadcast against `wavelength`; the populations are then Poisson.
            populations: or the populations themselves, (..., states).

        Errors: ValueError unless exactly one of the two is given, or for a wrong last axis.
        """
        if (absorbed_photons is None) == (populations is None):
            raise ValueError(
                "absorbed_photons, populations: must have exactly one of them, got "
                f"{'neither' if populations is None else 'both'}; give the excitation once"
            )
        if populations is None:
            assert absorbed_photons is not None
            p = poisson_populations(absorbed_photons, states=self.states)
        else:
            p = np.asarray(populations, dtype=np.float64)
            if p.ndim == 0 or p.shape[-1] != self.states:
                raise ValueError(
                    f"populations: last axis must be {self.states} (states 0 to 2M), "
                    f"got shape {p.shape}; give one population per state"
                )
        return np.asarray(np.sum(p * self.gain_coefficients(wavelength), axis=-1))

    def gain_per_cm(self, wavelength: ArrayLike, **excitation: Any) -> NDArray[np.float64]:
        """Return the lineic gain (1/cm); arguments as for `gain`."""
        return self.peak_gain_per_cm * self.gain(wavelength, **excitation)
