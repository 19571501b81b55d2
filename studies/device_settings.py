"""The [[device]] tables of a design without a cavity: a pump, with Q and Gamma assumed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from cavities.constants import HC_J_UM
from cavities.spec import Spec
from gain.pulse_shape import (
    GaussianPulse,
    InstantPulse,
    RectangularPulse,
    Sech2Pulse,
    TabulatedPulse,
)

__all__ = ["DevicePulse", "DeviceSettings"]

DevicePulse = Annotated[
    InstantPulse | GaussianPulse | Sech2Pulse | RectangularPulse | TabulatedPulse,
    Field(discriminator="kind"),
]
"""A pump pulse that ends."""

_PEAK_TIMES_FWHM = {"gaussian": 0.9394372786996513, "sech2": 0.881373587019543, "rectangular": 1.0}


class DeviceSettings(Spec):
    """A laser whose cavity is not solved: its Q and confinement are assumptions, by name.

    Attributes:
        name: of the device.
        pulse: pump in time; two-photon absorption needs one with a duration.
        pump_wavelength: (um).
        pump_cross_section_cm2: sigma_p of one nanocrystal there (cm^2), for one-photon pumping; or
        two_photon_cross_section_gm: of one nanocrystal (GM), for two-photon pumping.
        field_factor: flux in the film over the incident one.
        kinetics: preset of the decay rates of this device's nanocrystals; None: [kinetics].
        max_excitons: states of the ladder; None: the preset's.
        medium: "excitons" ([gain]) or "plasma" ([plasma]).
        emission_wavelength: of this device's nanocrystals (um); None: the medium's.
        quality_factor, confinement: of the cavity, assumed.
        mode_wavelength: centre of the comb of modes (um); None: the emission wavelength.
        mode_spacing_nm, mode_count: of the comb.
        spontaneous: factor beta.
        reported_fluence_uj_per_cm2: printed threshold, incident peak fluence (uJ/cm^2); or
        reported_intensity_w_per_cm2: as peak intensity (W/cm^2).
        pump_ratios: lowest and highest pump over the threshold; pump_points: how many between.
    """

    name: str = Field(min_length=1)
    pulse: DevicePulse
    pump_wavelength: float = Field(gt=0, lt=100)
    pump_cross_section_cm2: float | None = Field(default=None, gt=0, lt=1e-8)
    two_photon_cross_section_gm: float | None = Field(default=None, gt=0)
    field_factor: float = Field(default=1.0, gt=0)
    kinetics: str | None = None
    max_excitons: int | None = Field(default=None, ge=1, le=400)
    medium: Literal["excitons", "plasma"] = "excitons"
    emission_wavelength: float | None = Field(default=None, gt=0, lt=100)
    quality_factor: float = Field(gt=0)
    confinement: float = Field(gt=0, le=1)
    mode_wavelength: float | None = Field(default=None, gt=0, lt=100)
    mode_spacing_nm: float = Field(default=5.0, gt=0)
    mode_count: int = Field(default=15, ge=1, le=101)
    spontaneous: float = Field(default=1e-3, gt=0, le=1)
    reported_fluence_uj_per_cm2: float | None = Field(default=None, gt=0)
    reported_intensity_w_per_cm2: float | None = Field(default=None, gt=0)
    pump_ratios: tuple[float, float] = (0.3, 10.0)
    pump_points: int = Field(default=30, ge=8, le=400)

    @model_validator(mode="after")
    def _fits(self) -> DeviceSettings:
        if (self.pump_cross_section_cm2 is None) == (self.two_photon_cross_section_gm is None):
            got = "none" if self.pump_cross_section_cm2 is None else "both"
            raise ValueError(
                "pump_cross_section_cm2: must be given, or two_photon_cross_section_gm, got "
                f"{got}; give one: how the pump is absorbed at {self.pump_wavelength:g} um"
            )
        if self.photons == 2 and self.pulse.kind == "instant":
            raise ValueError(
                "pulse: must have a duration for two-photon absorption, got 'instant'; "
                'write pulse = { kind = "gaussian", fwhm = "100 fs" }'
            )
        if self.reported_intensity_w_per_cm2 is not None:
            if self.reported_fluence_uj_per_cm2 is not None:
                raise ValueError(
                    "reported_intensity_w_per_cm2: must be left out with "
                    "reported_fluence_uj_per_cm2, got both; give the printed one"
                )
            if self.pulse.kind not in _PEAK_TIMES_FWHM:
                raise ValueError(
                    "reported_intensity_w_per_cm2: must belong to a gaussian, sech2 or rectangular "
                    f"pulse, got {self.pulse.kind!r}; give the fluence"
                )
        low, high = self.pump_ratios
        if not 0 < low < 1 < high:
            raise ValueError(
                f"pump_ratios: must be (low, high) around 1, got ({low:g}, {high:g}); widen them"
            )
        return self

    @property
    def photons(self) -> int:
        """Photons per exciton, 1 or 2."""
        return 1 if self.pump_cross_section_cm2 is not None else 2

    @property
    def reported_fluence(self) -> float | None:
        """Printed threshold as incident peak fluence (uJ/cm^2), None without one."""
        if self.reported_intensity_w_per_cm2 is None:
            return self.reported_fluence_uj_per_cm2
        width_ns: float = self.pulse.fwhm_ns  # type: ignore[union-attr]
        peak = _PEAK_TIMES_FWHM[self.pulse.kind]
        return 1e-3 * self.reported_intensity_w_per_cm2 * width_ns / peak

    def excitations(self, fluence_uj_per_cm2: float) -> float:
        """Return N, mean excitations per nanocrystal without decay, at an incident fluence.

        One photon: sigma_p F/(h nu). Two: (delta/2) (F/h nu)^2 int Phi^2 dt.
        """
        return self._per_fluence * fluence_uj_per_cm2**self.photons

    def fluence(self, excitations: float) -> float:
        """Return the incident fluence (uJ/cm^2) for N, the inverse of `excitations`."""
        return float((excitations / self._per_fluence) ** (1 / self.photons))

    @property
    def _per_fluence(self) -> float:
        photons_per_uj = 1e-6 * self.field_factor * self.pump_wavelength / HC_J_UM
        if self.pump_cross_section_cm2 is not None:
            return self.pump_cross_section_cm2 * photons_per_uj
        from gain.two_photon import GOEPPERT_MAYER_CM4_S

        assert self.two_photon_cross_section_gm is not None
        delta = self.two_photon_cross_section_gm * GOEPPERT_MAYER_CM4_S
        return 0.5 * delta * photons_per_uj**2 * 1e9 * self.pulse.two_photon_moment_per_ns
