"""What every gain medium has in common: a film of emitters whose states absorb and amplify."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, model_validator

from cavities.material import MaterialLike
from cavities.spec import Spec
from gain.line_shape import SpectralUnit
from gain.populations import poisson_populations

__all__ = ["BackgroundTable", "GainFilm"]

Floats = NDArray[np.float64]
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


class GainFilm(Spec, ABC):
    """A film of equal emitters: its gain is linear in the populations of their states.

    State N holds N excitons (or electron-hole pairs), the last one every larger number. What a
    medium must say is the absorption and the emission cross-section of each state over
    wavelength; thresholds, spectra and kinetics then take it as it is.

    Attributes:
        name: name in reports and legends.
        emission_wavelength: reference wavelength lambda_0, the peak of the X -> 0 emission (um).
        shifts_in: "nm" or "mev": the axis on which lines keep their shape when they shift.
        background: sigma_high/sigma_0, non-saturable absorption; number or table.
        cross_section_cm2: sigma_0 of one whole emitter (cm^2), the unit of the coefficients.
        concentration_per_cm3: emitters per film volume, C (cm^-3).
        film_index: material of the film, best the one that the solver used: its real index at
            each mode's wavelength is the phase index n of the lineic loss 2 pi n/(lambda Q).
            Its imaginary part is not used: the emitters' absorption is in the gain.
    """

    name: str = "nanocrystals"
    emission_wavelength: float = Field(gt=0, lt=100)
    shifts_in: SpectralUnit = "nm"
    background: Ratio | BackgroundTable = 0.0
    cross_section_cm2: float = Field(gt=0, lt=1e-8)
    concentration_per_cm3: float = Field(gt=0, lt=1e23)
    film_index: MaterialLike = Field(default="nanocrystal_film", validate_default=True)

    @property
    @abstractmethod
    def states(self) -> int:
        """Number of distinct states; the last holds every larger number of excitons."""

    @property
    @abstractmethod
    def line_positions(self) -> Floats:
        """Where the lines lie (redshifts from lambda_0 in `shifts_in`), for spectral windows."""

    @property
    @abstractmethod
    def line_width(self) -> float:
        """Standard deviation of a line in `shifts_in`; of the Gaussian of equal area and peak."""

    @abstractmethod
    def absorption_coefficients(self, wavelength: ArrayLike) -> Floats:
        """Return sigma_abs/sigma_0 of each state (..., states) at wavelengths (um), (...)."""

    @abstractmethod
    def emission_coefficients(self, wavelength: ArrayLike) -> Floats:
        """Return sigma_em/sigma_0 of each state (..., states) at wavelengths (um), (...)."""

    @property
    def peak_gain_per_cm(self) -> float:
        """C sigma_0 (1/cm): the unit of the gain, gain of the fully inverted medium."""
        return self.concentration_per_cm3 * self.cross_section_cm2

    def phase_index(self, wavelength: ArrayLike) -> Floats:
        """Return the real index of the film at wavelengths (um), same shape."""
        return np.asarray(self.film_index.index(wavelength).real, dtype=np.float64)

    def background_ratio(self, wavelength: ArrayLike) -> Floats:
        """Return b = sigma_high/sigma_0 at wavelengths (um), same shape."""
        x = np.asarray(wavelength, dtype=np.float64)
        if isinstance(self.background, BackgroundTable):
            return np.asarray(np.interp(x, self.background.wavelength, self.background.ratio))
        return np.full(x.shape, self.background)

    def gain_coefficients(self, wavelength: ArrayLike) -> Floats:
        """Return the normalised gain of each state, (..., states), at wavelengths (um) (...).

        Gain of any populations p is then sum_k p_k c_k: the hook for kinetics.
        """
        up = self.absorption_coefficients(wavelength)
        down = self.emission_coefficients(wavelength)
        return np.asarray(down - up - self.background_ratio(wavelength)[..., None])

    def gain(
        self,
        wavelength: ArrayLike,
        *,
        absorbed_photons: ArrayLike | None = None,
        populations: ArrayLike | None = None,
    ) -> Floats:
        """Return the normalised gain g/(C sigma_0) at wavelengths (um).

        Args:
            wavelength: vacuum wavelengths (um), (...).
            absorbed_photons: mean number of absorbed pump photons per nanocrystal (...),
                broadcast against `wavelength`; the populations are then Poisson.
            populations: or the populations themselves, (..., states).

        Errors: ValueError unless exactly one of the two is given, for a wrong last axis or for
            populations that are no probabilities.
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
            p = self._probabilities(populations)
        return np.asarray(np.sum(p * self.gain_coefficients(wavelength), axis=-1))

    def _probabilities(self, populations: ArrayLike) -> Floats:
        p = np.asarray(populations, dtype=np.float64)
        if p.ndim == 0 or p.shape[-1] != self.states:
            raise ValueError(
                f"populations: last axis must be {self.states} (one per state), "
                f"got shape {p.shape}; give one population per state"
            )
        if not np.all((p >= -1e-6) & (p <= 1 + 1e-6)):
            raise ValueError(
                "populations: must be probabilities from 0 to 1, got "
                f"{np.min(p):g} to {np.max(p):g}; divide by the number of emitters"
            )
        return p

    def gain_per_cm(self, wavelength: ArrayLike, **excitation: Any) -> Floats:
        """Return the lineic gain (1/cm); arguments as for `gain`."""
        return self.peak_gain_per_cm * self.gain(wavelength, **excitation)
