"""The optical pump: fluence or intensity to absorbed photons per nanocrystal, and back."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, model_validator

from cavities.constants import HC_J_UM
from cavities.spec import Spec
from gain.spot import Spot

__all__ = ["Pump", "gaussian_overlap"]


def _scaled(values: ArrayLike, factor: float) -> NDArray[np.float64]:
    return np.asarray(np.asarray(values, dtype=np.float64) * factor)


def gaussian_overlap(mode_radius: float, beam_radius: float) -> float:
    """Return exp(-2 r^2/w^2): local over peak fluence at a distance r from a Gaussian's axis.

    Args:
        mode_radius: distance of the mode from the beam axis, r (um): a disk's rim, say.
        beam_radius: 1/e^2 intensity radius, w (um).

    Errors: ValueError for a negative distance or a radius that is not positive.

    Example:
        >>> round(gaussian_overlap(7.5, 20.0), 4)
        0.7548
    """
    if mode_radius < 0 or beam_radius <= 0:
        raise ValueError(
            "mode_radius, beam_radius: must be >= 0 and > 0, got "
            f"{mode_radius:g} and {beam_radius:g} um; check the unit (um)"
        )
    return math.exp(-2 * (mode_radius / beam_radius) ** 2)


class Pump(Spec):
    """A pump laser: N = sigma_p f F/(h nu) absorbed photons per nanocrystal and pulse.

    f = field_factor * overlap turns the incident peak fluence into the local one. CW pumping
    uses N = sigma_p f I tau/(h nu), the mean number of excitons without Auger recombination.

    Attributes:
        kind: "pulse" (short against the lifetimes) or "cw".
        wavelength: vacuum wavelength (um).
        cross_section_cm2: sigma_p, absorption cross-section of one nanocrystal there (cm^2).
        lifetime_ns: exciton lifetime tau (ns); needed for "cw"; with "pulse" it adds the CW
            intensity that would give the same N.
        field_factor: mean |E|^2 in the film over that of the incident beam (interference on
            the reflector, transmission of the surface).
        overlap: mean incident fluence over the mode divided by the beam's peak fluence, see
            `gaussian_overlap`.
        profile: "gaussian" or "top_hat".
        beam_radius: radius of the spot (um): the 1/e^2 intensity radius w of a Gaussian, the
            radius of a top hat. Peak fluence is 2 E/(pi w^2) for a Gaussian, E/(pi w^2) for a
            top hat. Without it energies and powers are not available.

    Errors: ValueError naming the field, the rule and the value.
    Validity: absorption linear in the pump (no saturation, no two-photon absorption), film thin
        against the absorption length: else use a depth-resolved field factor.

    Example:
        >>> pump = Pump(wavelength=0.532, cross_section_cm2=3.6e-14)
        >>> round(float(pump.fluence_uj_per_cm2(1.0)), 2)
        10.37
    """

    kind: Literal["pulse", "cw"] = "pulse"
    wavelength: float = Field(gt=0, lt=100)
    cross_section_cm2: float = Field(gt=0, lt=1e-8)
    lifetime_ns: float | None = Field(default=None, gt=0)
    field_factor: float = Field(default=1.0, gt=0)
    overlap: float = Field(default=1.0, gt=0, le=1)
    profile: Literal["gaussian", "top_hat"] = "gaussian"
    beam_radius: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _lifetime(self) -> Pump:
        if self.kind == "cw" and self.lifetime_ns is None:
            raise ValueError(
                "lifetime_ns: must be given for a CW pump, got None; set the exciton lifetime in ns"
            )
        return self

    @property
    def photon_energy_j(self) -> float:
        """Photon energy h nu (J)."""
        return HC_J_UM / self.wavelength

    @property
    def _fluence_per_photon(self) -> float:
        """Incident peak fluence (J/cm^2) for one absorbed photon per nanocrystal."""
        return self.photon_energy_j / (self.cross_section_cm2 * self.field_factor * self.overlap)

    def fluence_uj_per_cm2(self, absorbed_photons: ArrayLike) -> NDArray[np.float64]:
        """Return the incident peak fluence per pulse (uJ/cm^2) for N absorbed photons (...)."""
        return _scaled(absorbed_photons, 1e6 * self._fluence_per_photon)

    def intensity_w_per_cm2(self, absorbed_photons: ArrayLike) -> NDArray[np.float64]:
        """Return the incident peak CW intensity (W/cm^2) for a mean excitation N (...).

        Errors: ValueError without a lifetime.
        """
        per_photon = self._fluence_per_photon / self._lifetime_s()
        return _scaled(absorbed_photons, per_photon)

    def absorbed_photons(
        self,
        *,
        fluence_uj_per_cm2: ArrayLike | None = None,
        intensity_w_per_cm2: ArrayLike | None = None,
    ) -> NDArray[np.float64]:
        """Return N for an incident peak fluence (uJ/cm^2) or CW intensity (W/cm^2), (...).

        Errors: ValueError unless exactly one is given, or without a lifetime for an intensity.

        Example:
            >>> pump = Pump(wavelength=0.532, cross_section_cm2=3.6e-14, field_factor=2.0)
            >>> round(float(pump.absorbed_photons(fluence_uj_per_cm2=5.185966)), 4)
            1.0
        """
        if (fluence_uj_per_cm2 is None) == (intensity_w_per_cm2 is None):
            raise ValueError(
                "fluence_uj_per_cm2, intensity_w_per_cm2: must have exactly one of them, got "
                f"{'neither' if fluence_uj_per_cm2 is None else 'both'}; give one"
            )
        if fluence_uj_per_cm2 is not None:
            fluence = 1e-6 * np.asarray(fluence_uj_per_cm2, dtype=float)
        else:
            fluence = self._lifetime_s() * np.asarray(intensity_w_per_cm2, dtype=float)
        if np.any(fluence < 0):
            raise ValueError(f"pump: must be >= 0, got {np.nanmin(fluence):g}; check the sign")
        return np.asarray(fluence / self._fluence_per_photon)

    @property
    def spot(self) -> Spot:
        """The spot on the sample.

        Errors: ValueError without a beam radius.
        """
        if self.beam_radius is None:
            raise ValueError(
                "beam_radius: must be given to convert energies or powers, got None; "
                "set the spot radius in um"
            )
        return Spot(profile=self.profile, radius=self.beam_radius)

    @property
    def spot_area_cm2(self) -> float:
        """Energy over peak fluence (cm^2): pi w^2/2 for a Gaussian, pi w^2 for a top hat.

        Errors: ValueError without a beam radius.
        """
        return self.spot.area_cm2

    def pulse_energy_nj(self, fluence_uj_per_cm2: ArrayLike) -> NDArray[np.float64]:
        """Return the pulse energy (nJ) of an incident peak fluence (uJ/cm^2), (...)."""
        return _scaled(fluence_uj_per_cm2, 1e3 * self.spot_area_cm2)

    def power_mw(self, intensity_w_per_cm2: ArrayLike) -> NDArray[np.float64]:
        """Return the CW power (mW) of an incident peak intensity (W/cm^2), (...)."""
        return _scaled(intensity_w_per_cm2, 1e3 * self.spot_area_cm2)

    def _lifetime_s(self) -> float:
        if self.lifetime_ns is None:
            raise ValueError(
                "lifetime_ns: must be given to convert a CW intensity, got None; "
                "set the exciton lifetime in ns"
            )
        return 1e-9 * self.lifetime_ns
