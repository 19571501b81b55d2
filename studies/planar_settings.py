"""Tables of a design file for planar cavities: maps, strong coupling, polariton laser, pump."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from cavities.spec import Spec

__all__ = [
    "PlanarSettings",
    "PolaritonLaserSettings",
    "StrongCouplingSettings",
    "TwoPhotonSettings",
]


class PlanarSettings(Spec):
    """What a run computes of every planar cavity besides its modes.

    Attributes:
        largest_angle_deg: end of the angles of maps and dispersions, in air (degrees).
        angle_points: angles of a dispersion, from 0 to the largest.
        spectrum_points: wavelengths of a spectrum.
        mirror_pairs: pairs of mirror layers for Q and threshold; empty: the design's own number
            and three below and above. Both mirrors are changed by the same number of pairs.
        pump_angle_deg: angle of incidence of the pump (degrees); pump_side: where it comes from.
    """

    largest_angle_deg: float = Field(default=40.0, gt=0, lt=90)
    angle_points: int = Field(default=41, ge=2, le=721)
    spectrum_points: int = Field(default=1201, ge=16, le=200_000)
    mirror_pairs: tuple[float, ...] = ()
    pump_angle_deg: float = Field(default=0.0, ge=0, lt=90)
    pump_side: Literal["top", "bottom"] = "top"


class StrongCouplingSettings(Spec):
    """An exciton line in the cavity's film, and the window of the maps.

    The cavity stays as it is designed: nothing is moved to meet `fitted_detuning_mev` or
    `observed_wavelength`, which stand beside the computed values in the report.

    Attributes:
        exciton_energy_ev: E_x (eV).
        rabi_splitting_mev: Om in the cavity, without widths (meV); the line's strength in the
            film follows from the confinement of the coupled mode.
        exciton_fwhm_mev: homogeneous (Lorentzian) full width (meV).
        inhomogeneous_fwhm_mev: Gaussian full width (meV).
        energy_ev: window of the maps (eV), low and high; it must hold the exciton.
        region: the layers that hold the excitons.
        fitted_detuning_mev: detuning E_c - E_x of the fit that the splitting comes from (meV).
        observed_wavelength: where the device emits (um).
    """

    exciton_energy_ev: float = Field(gt=0, lt=100)
    rabi_splitting_mev: float = Field(gt=0)
    exciton_fwhm_mev: float = Field(gt=0)
    inhomogeneous_fwhm_mev: float = Field(default=0.0, ge=0)
    energy_ev: tuple[float, float]
    region: str = Field(default="gain", min_length=1)
    fitted_detuning_mev: float | None = None
    observed_wavelength: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _window(self) -> StrongCouplingSettings:
        low, high = self.energy_ev
        if not 0 < low < high:
            raise ValueError(
                f"energy_ev: must be (low, high) with 0 < low < high, got ({low:g}, {high:g}) eV; "
                "swap them or check the unit"
            )
        if not low <= self.exciton_energy_ev <= high:
            raise ValueError(
                f"energy_ev: must hold the exciton at {self.exciton_energy_ev:g} eV, got "
                f"{low:g} to {high:g} eV; widen the map"
            )
        return self


class PolaritonLaserSettings(Spec):
    """Rates of the polariton laser, and what was measured on it.

    The condensate leaks through the photon share of the lower polariton of this cavity.

    Attributes:
        beta: spontaneous emission factor.
        reservoir_lifetime_ns: 1/g_R (ns).
        blueshift_mev: shift by the reservoir at threshold (meV).
        temperature_k: of the occupation along the branch (K).
        pump_ratios: P/P_th of the emission maps.
        instrument_fwhm_ps: response of the streak camera or photon counter (ps).
        resolution_mev: of the spectrometer, in the maps (meV).
        condensate_fwhm_deg: angular width of the condensate in the maps (degrees).
        threshold_uj_per_cm2: measured threshold fluence (uJ/cm^2).
    """

    beta: float = Field(gt=0, le=1)
    reservoir_lifetime_ns: float = Field(gt=0)
    blueshift_mev: float = Field(default=0.0, ge=0)
    temperature_k: float = Field(default=295.0, gt=0)
    pump_ratios: tuple[float, ...] = Field(default=(0.88, 1.13, 2.32), min_length=1, max_length=6)
    instrument_fwhm_ps: float = Field(default=50.0, gt=0)
    resolution_mev: float = Field(default=0.5, gt=0)
    condensate_fwhm_deg: float = Field(default=4.0, gt=0)
    threshold_uj_per_cm2: float | None = Field(default=None, gt=0)


class TwoPhotonSettings(Spec):
    """A pump whose photons are absorbed in pairs, and the line that was measured.

    Attributes:
        wavelength: of the pump (um).
        pulse_fwhm_fs: pulse lengths to compare (fs), the first is the design's.
        pulse_shape: "gaussian", "sech2" or "rectangle".
        cross_section_gm: two-photon cross-section of one nanocrystal (GM).
        fluence_mj_per_cm2: incident peak fluence (mJ/cm^2).
        angle_deg: angle of incidence (degrees).
        polarization: of the pump.
        through_mirrors: whether the layers' effect on the pump's field enters; else the flux in
            the film is the incident one.
        gain_threshold_excitons: excitons per nanocrystal at which gain was seen elsewhere.
        line_energy_ev: laser line (eV); linewidth_mev: its width (meV).
    """

    wavelength: float = Field(gt=0, lt=100)
    pulse_fwhm_fs: tuple[float, ...] = Field(min_length=1, max_length=6)
    pulse_shape: Literal["gaussian", "sech2", "rectangle"] = "gaussian"
    cross_section_gm: float = Field(gt=0)
    fluence_mj_per_cm2: float = Field(gt=0)
    angle_deg: float = Field(default=0.0, ge=0, lt=90)
    polarization: Literal["TE", "TM"] = "TM"
    through_mirrors: bool = True
    gain_threshold_excitons: float | None = Field(default=None, gt=0)
    line_energy_ev: float | None = Field(default=None, gt=0)
    linewidth_mev: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _pulses(self) -> TwoPhotonSettings:
        if min(self.pulse_fwhm_fs) <= 0:
            raise ValueError(
                f"pulse_fwhm_fs: must be > 0, got {min(self.pulse_fwhm_fs):g} fs; check the unit"
            )
        return self
