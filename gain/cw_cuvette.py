"""A cuvette of nanocrystals under continuous pumping: geometry, populations, gain.

The device of P. K. Das et al., Opt. Mater. Express (2023): dots in toluene, a 532 nm laser of
1 mm diameter, the emission collected at right angles, a lamp or a mirror that feeds light back.
"""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field

from cavities.constants import HC_J_UM
from cavities.spec import Spec
from gain.exciton_kinetics import ExcitonKinetics
from gain.kinetics_presets import kinetics_preset
from gain.ladder_spectrum import ladder_cross_sections
from gain.nanocrystal_medium import NanocrystalMedium
from gain.nanocrystal_sizing import AVOGADRO_PER_MOL
from gain.presets import pump_532, quantum_dots

__all__ = ["CwCuvette", "cdznse_cuvette", "number_density_per_cm3"]

Floats = NDArray[np.float64]

_CM_PER_UM = 1e-4


def number_density_per_cm3(*, amount_mmol: float, volume_ml: float) -> float:
    """Return the nanocrystals per cm^3 of an amount (mmol) in a volume (mL).

    Errors: ValueError for an amount that is negative or a volume that is not positive.

    Example:
        >>> f"{number_density_per_cm3(amount_mmol=1.5e-5, volume_ml=3.0):.3g}"
        '3.01e+15'
    """
    if not (amount_mmol >= 0 and volume_ml > 0):
        raise ValueError(
            "amount_mmol, volume_ml: must be >= 0 and > 0, got "
            f"{amount_mmol:g} mmol in {volume_ml:g} mL; check the sign"
        )
    return 1e-3 * amount_mmol * AVOGADRO_PER_MOL / volume_ml


class CwCuvette(Spec):
    """Nanocrystals in a cuvette, a continuous pump, and light fed back by a lamp or a mirror.

    Attributes:
        medium: the nanocrystals with their concentration in the solution.
        kinetics: their decay rates.
        pump_wavelength: vacuum wavelength of the pump (um).
        pump_cross_section_cm2: sigma_p there (cm^2).
        spot_diameter: of the pump (um).
        spot_profile: "top_hat" (intensity = power over area) or "gaussian" (`spot_diameter` is
            the 1/e^2 diameter, the intensity that of the centre, twice as high).
        amplified_length: path of the fed-back light through the pumped solution (um).
        mirror_reflectance: R of the mirror behind the solution, 0 to 1.
        pump_recycling: whether the mirror also sends back the transmitted pump.
        pump_path: of the pump through the cuvette (um); used for recycling and depletion only.
        lamp_fwhm_nm: width of the lamp's line, centred on the emission peak.
        lamp_matched_power_mw: pump power at which lamp and emission are equally bright (mW).

    Errors: ValueError naming the field, the rule and the value.
    Validity: populations where the pump enters (the most favourable place), no stimulated
        emission by the fed-back light, no heating, no motion of the nanocrystals.

    Example:
        >>> cuvette = cdznse_cuvette()
        >>> cuvette.intensity_w_per_cm2([150.0, 250.0]).round(2).tolist()
        [19.1, 31.83]
        >>> f"{float(cuvette.mean_excitons(31.83)):.1e}"
        '2.9e-03'
    """

    medium: NanocrystalMedium
    kinetics: ExcitonKinetics
    pump_wavelength: float = Field(default=0.532, gt=0, lt=100)
    pump_cross_section_cm2: float = Field(gt=0, lt=1e-8)
    spot_diameter: float = Field(default=1000.0, gt=0)
    spot_profile: Literal["top_hat", "gaussian"] = "top_hat"
    amplified_length: float = Field(default=1000.0, gt=0)
    mirror_reflectance: float = Field(default=0.95, ge=0, le=1)
    pump_recycling: bool = False
    pump_path: float = Field(default=10_000.0, gt=0)
    lamp_fwhm_nm: float = Field(default=18.0, gt=0)
    lamp_matched_power_mw: float = Field(default=10.0, gt=0)

    @property
    def spot_area_cm2(self) -> float:
        """Power over intensity (cm^2): pi d^2/4 for a top hat, pi d^2/8 for a Gaussian."""
        share = 0.25 if self.spot_profile == "top_hat" else 0.125
        return share * math.pi * (self.spot_diameter * _CM_PER_UM) ** 2

    @property
    def pump_absorption_per_cm(self) -> float:
        """C sigma_p (1/cm), napierian."""
        return self.medium.concentration_per_cm3 * self.pump_cross_section_cm2

    def intensity_w_per_cm2(self, power_mw: ArrayLike) -> Floats:
        """Return the incident intensity (W/cm^2) of a pump power (mW), (...).

        Errors: ValueError for a negative power.
        """
        power = np.asarray(power_mw, dtype=np.float64)
        if not np.all(power >= 0):
            raise ValueError(f"power_mw: must be >= 0, got {np.min(power):g}; check the sign")
        return np.asarray(1e-3 * power / self.spot_area_cm2)

    @property
    def excitation_per_ns_per_intensity(self) -> float:
        """Absorbed photons per nanocrystal and ns for 1 W/cm^2, sigma_p/(h nu)."""
        return 1e-9 * self.pump_cross_section_cm2 * self.pump_wavelength / HC_J_UM

    def populations(self, intensity_w_per_cm2: ArrayLike) -> Floats:
        """Return the steady state (..., kinetics.states) at incident intensities (W/cm^2)."""
        rate = np.asarray(intensity_w_per_cm2, dtype=np.float64)
        return self.kinetics.cw_populations(rate * self.excitation_per_ns_per_intensity)

    def mean_excitons(self, intensity_w_per_cm2: ArrayLike) -> Floats:
        """Return the mean number of excitons per nanocrystal, (...)."""
        return np.asarray(self.populations(intensity_w_per_cm2) @ np.arange(self.kinetics.states))

    def gain_per_cm(self, wavelength: ArrayLike, intensity_w_per_cm2: ArrayLike) -> Floats:
        """Return the gain (1/cm; negative: absorption), wavelength broadcast against intensity."""
        coefficients = ladder_cross_sections(self.medium, wavelength, self.kinetics.states).gain
        gain = np.sum(self.populations(intensity_w_per_cm2) * coefficients, axis=-1)
        return np.asarray(self.medium.peak_gain_per_cm * gain)

    def depleted_intensity(self, intensity_w_per_cm2: ArrayLike, depth: ArrayLike) -> Floats:
        """Return the pump intensity (W/cm^2) at a depth (um) in the solution; broadcasts."""
        fall = np.exp(-self.pump_absorption_per_cm * np.asarray(depth, dtype=float) * _CM_PER_UM)
        return np.asarray(np.asarray(intensity_w_per_cm2, dtype=np.float64) * fall)


def cdznse_cuvette(
    *,
    amount_mmol: float = 1.5e-5,
    volume_ml: float = 3.0,
    medium: dict[str, Any] | None = None,
    **overrides: Any,
) -> CwCuvette:
    """Return the published cuvette of CdZnSe/ZnSe dots; keywords replace fields of `CwCuvette`.

    Provenance: amount, volume, spot diameter, lamp width and matching power are printed (Das et
    al., 2023); the lifetimes are those of its transient absorption; sigma_0 comes from CdSe
    sizing at 639 nm and sigma_532 from a CdSe sphere of 6.5 nm, an upper bound for Zn-rich dots;
    mirror reflectance (0.95) and paths through the cuvette (1 and 10 mm) are guesses.

    Args:
        amount_mmol, volume_ml: amount of dots and volume of toluene.
        medium: fields of the medium preset "quantum_dots" to replace.
        **overrides: fields of `CwCuvette`.

    Example:
        >>> round(cdznse_cuvette().medium.peak_gain_per_cm, 1)
        11.1
    """
    density = number_density_per_cm3(amount_mmol=amount_mmol, volume_ml=volume_ml)
    dots = quantum_dots(**{"concentration_per_cm3": density, **(medium or {})})
    fields: dict[str, Any] = {
        "medium": dots,
        "kinetics": kinetics_preset("cdznse_dots"),
        "pump_cross_section_cm2": pump_532("quantum_dots").cross_section_cm2,
    }
    return CwCuvette(**{**fields, **overrides})
