"""Two-photon pumping: fluence of a pulse to excitons per nanocrystal, and back.

Convention (stated because factors of 2 differ between papers): one nanocrystal is excited at the
rate W = delta Phi^2/2, with Phi the photon flux (photons per area and time) and delta the
two-photon cross-section, so that delta Phi^2 counts absorbed photons, two per exciton. Integrated
over a pulse of fluence F and full width t,

    N = (delta/2) (F/h nu)^2 g/t,   g = t int Phi^2 dt/(int Phi dt)^2,

g = sqrt(2 ln 2/pi) = 0.664 for a Gaussian, 0.588 for sech^2, 1 for a rectangle.
1 GM = 1e-50 cm^4 s per photon.

Source: M. Goeppert-Mayer, Ann. Phys. 401, 273 (1931), doi:10.1002/andp.19314010303; C. Xu and
W. W. Webb, J. Opt. Soc. Am. B 13, 481 (1996), doi:10.1364/JOSAB.13.000481 (convention, pulse
factors). Valid without saturation of the transition, depletion of the pump, and one-photon or
three-photon absorption.
"""

from __future__ import annotations

import math
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field

from cavities.constants import HC_J_UM
from cavities.spec import Spec

__all__ = ["GOEPPERT_MAYER_CM4_S", "TwoPhotonPump"]

Floats = NDArray[np.float64]

GOEPPERT_MAYER_CM4_S: Final = 1e-50
"""1 GM (cm^4 s per photon)."""

_SECH_FWHM: Final = 2 * math.acosh(math.sqrt(2))

_PULSE_FACTORS: Final = {
    "gaussian": math.sqrt(2 * math.log(2) / math.pi),
    "sech2": _SECH_FWHM / 3,
    "rectangle": 1.0,
}


class TwoPhotonPump(Spec):
    """A pulsed pump whose photons are absorbed in pairs.

    Attributes:
        wavelength: vacuum wavelength of the pump (um).
        pulse_fwhm_fs: full width of the pulse in intensity (fs), in the film.
        cross_section_gm: delta per nanocrystal (GM).
        pulse_shape: "gaussian", "sech2" or "rectangle".
        field_factor: flux in the film over the incident one (mirror, oblique incidence); enters
            squared. For a standing wave give the root mean square.

    Errors: ValueError naming the field, the rule and the value.

    Example:
        >>> pump = TwoPhotonPump(wavelength=0.8, pulse_fwhm_fs=100.0, cross_section_gm=1e7)
        >>> round(float(pump.excitons(1.1)), 2)
        6.52
    """

    wavelength: float = Field(gt=0, lt=100)
    pulse_fwhm_fs: float = Field(gt=0)
    cross_section_gm: float = Field(gt=0)
    pulse_shape: Literal["gaussian", "sech2", "rectangle"] = "gaussian"
    field_factor: float = Field(default=1.0, gt=0)

    @property
    def pulse_factor(self) -> float:
        """Pulse factor g = t int Phi^2 dt/(int Phi dt)^2 of the pulse shape."""
        return _PULSE_FACTORS[self.pulse_shape]

    @property
    def _per_fluence_squared(self) -> float:
        """N over the square of the incident fluence in J/cm^2."""
        photons = self.field_factor * self.wavelength / HC_J_UM
        delta = self.cross_section_gm * GOEPPERT_MAYER_CM4_S
        return 0.5 * delta * photons**2 * self.pulse_factor / (1e-15 * self.pulse_fwhm_fs)

    def excitons(self, fluence_mj_per_cm2: ArrayLike) -> Floats:
        """Return N, mean excitons per nanocrystal and pulse, at a peak fluence (mJ/cm^2), (...).

        Raises:
            ValueError: a negative fluence.
        """
        fluence = np.asarray(fluence_mj_per_cm2, dtype=np.float64)
        if not np.all(fluence >= 0):
            raise ValueError(
                f"fluence_mj_per_cm2: must be >= 0, got {np.min(fluence):g}; check the sign"
            )
        return np.asarray(self._per_fluence_squared * (1e-3 * fluence) ** 2)

    def fluence_mj_per_cm2(self, excitons: ArrayLike) -> Floats:
        """Return the incident peak fluence (mJ/cm^2) for N excitons per nanocrystal, (...).

        Raises:
            ValueError: a negative number.

        Example:
            >>> pump = TwoPhotonPump(wavelength=0.8, pulse_fwhm_fs=100.0, cross_section_gm=1e7)
            >>> round(float(pump.fluence_mj_per_cm2(pump.excitons(1.1))), 12)
            1.1
        """
        n = np.asarray(excitons, dtype=np.float64)
        if not np.all(n >= 0):
            raise ValueError(f"excitons: must be >= 0, got {np.min(n):g}; give a mean number")
        return np.asarray(1e3 * np.sqrt(n / self._per_fluence_squared))

    def cross_section_for(self, excitons: float, fluence_mj_per_cm2: float) -> float:
        """Return the cross-section (GM) that gives N excitons at a fluence (mJ/cm^2).

        Raises:
            ValueError: values that are not positive.

        Example:
            >>> pump = TwoPhotonPump(wavelength=0.8, pulse_fwhm_fs=100.0, cross_section_gm=1e7)
            >>> f"{pump.cross_section_for(1.4, 1.1):.2g}"
            '2.1e+06'
        """
        if not (excitons > 0 and fluence_mj_per_cm2 > 0):
            raise ValueError(
                "excitons, fluence_mj_per_cm2: must be > 0, got "
                f"{excitons:g} and {fluence_mj_per_cm2:g}; check the signs"
            )
        return self.cross_section_gm * excitons / float(self.excitons(fluence_mj_per_cm2))
