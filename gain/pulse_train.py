"""Trains of pulses: average power, pulse energy, peak power."""

from __future__ import annotations

import math
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, model_validator

from cavities.spec import Spec
from gain.argument_checks import not_negative

__all__ = ["PulseTrain"]

Floats = NDArray[np.float64]

_PEAK: Final = {
    "gaussian": 2 * math.sqrt(math.log(2) / math.pi),
    "sech2": math.acosh(math.sqrt(2)),
    "rectangle": 1.0,
}


class PulseTrain(Spec):
    """Equal pulses at a fixed rate.

    Energy = average power/rate; peak power = c energy/FWHM with c = 0.9394 for a Gaussian in
    time, 0.8814 for sech^2, 1 for a rectangle. The same c turns fluence into peak intensity.

    Attributes:
        repetition_rate_khz: pulses per ms.
        pulse_fwhm_ns: full width at half maximum of one pulse in power (ns).
        pulse_shape: "gaussian", "sech2" or "rectangle".

    Errors: ValueError naming the field, also for pulses longer than their distance.

    Example:
        >>> train = PulseTrain(repetition_rate_khz=0.1, pulse_fwhm_ns=7.0, pulse_shape="rectangle")
        >>> round(float(train.fluence_uj_per_cm2(66.9e3)), 1)  # 66.9 kW/cm^2
        468.3
    """

    repetition_rate_khz: float = Field(gt=0)
    pulse_fwhm_ns: float = Field(gt=0)
    pulse_shape: Literal["gaussian", "sech2", "rectangle"] = "gaussian"

    @model_validator(mode="after")
    def _apart(self) -> PulseTrain:
        if self.duty_cycle > 1:
            raise ValueError(
                "pulse_fwhm_ns: must be shorter than the distance of the pulses, "
                f"{1e6 / self.repetition_rate_khz:g} ns, got {self.pulse_fwhm_ns:g}; use CW"
            )
        return self

    @property
    def duty_cycle(self) -> float:
        """Pulse width over pulse distance."""
        return 1e-6 * self.pulse_fwhm_ns * self.repetition_rate_khz

    @property
    def peak_factor(self) -> float:
        """Peak power times FWHM over pulse energy, c."""
        return _PEAK[self.pulse_shape]

    def pulse_energy_nj(self, average_power_mw: ArrayLike) -> Floats:
        """Return the energy of one pulse (nJ) at an average power (mW), (...)."""
        return not_negative("average_power_mw", average_power_mw) * (1e3 / self.repetition_rate_khz)

    def average_power_mw(self, pulse_energy_nj: ArrayLike) -> Floats:
        """Return the average power (mW) of pulses (nJ), (...)."""
        return not_negative("pulse_energy_nj", pulse_energy_nj) * (1e-3 * self.repetition_rate_khz)

    def peak_power_w(self, pulse_energy_nj: ArrayLike) -> Floats:
        """Return the peak power (W) of pulses (nJ), (...)."""
        energy = not_negative("pulse_energy_nj", pulse_energy_nj)
        return energy * (self.peak_factor / self.pulse_fwhm_ns)

    def peak_intensity_w_per_cm2(self, fluence_uj_per_cm2: ArrayLike) -> Floats:
        """Return the peak intensity in time (W/cm^2) of pulses of a fluence (uJ/cm^2), (...)."""
        fluence = not_negative("fluence_uj_per_cm2", fluence_uj_per_cm2)
        return fluence * (1e3 * self.peak_factor / self.pulse_fwhm_ns)

    def fluence_uj_per_cm2(self, peak_intensity_w_per_cm2: ArrayLike) -> Floats:
        """Return the fluence of one pulse (uJ/cm^2) from its peak intensity (W/cm^2), (...)."""
        peak = not_negative("peak_intensity_w_per_cm2", peak_intensity_w_per_cm2)
        return peak * (1e-3 * self.pulse_fwhm_ns / self.peak_factor)
