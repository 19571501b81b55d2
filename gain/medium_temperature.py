"""A medium at another temperature: band edge by Varshni's law, width by phonons.

E(T) = E(0) - a T^2/(T + b); the confinement energy of CdSe dots does not depend on temperature
(doi:10.1103/PhysRevB.71.235409), so the shift is that of the bulk. The full width shrinks by what
phonons add: s T + G/(exp(E_LO/kT) - 1), the same source. Everything else stays: the Stokes shift,
the exciton interaction, cross-sections at the peak, lifetimes.
"""

from __future__ import annotations

import math

from pydantic import Field

from cavities.constants import BOLTZMANN_EV_PER_K, HC_EV_UM
from cavities.spec import Spec
from gain.line_shape import FWHM_PER_STD, GaussianLine
from gain.nanocrystal_medium import NanocrystalMedium

__all__ = ["TemperatureLaw", "medium_at_temperature"]


class TemperatureLaw(Spec):
    """How the lines of a medium depend on temperature; every number can be replaced.

    Attributes:
        reference_k: temperature (K) at which the medium is given.
        varshni_ev_per_k: a (eV/K). Guess: 3.7e-4, inside the 2.8e-4 to 4.1e-4 of bulk CdSe.
        varshni_k: b (K). Guess: 150, as for dots of CdSe with a ZnS shell; 180 to 320 in bulk.
        acoustic_mev_per_k: s (meV/K). Reference: 0.071, CdSe/ZnS dots,
            doi:10.1103/PhysRevB.71.235409.
        optical_mev: G (meV). Reference: about 30, CdS/CdSe/CdS wells in dots between 77 and
            300 K, doi:10.1364/JOSAB.22.001112; 21 in CdSe/ZnS dots.
        phonon_mev: E_LO (meV). Reference: 26, CdSe.
        index_per_k: dn/dT of the gain film (1/K). Guess: 0; not known for films of shells.

    Example:
        >>> law = TemperatureLaw()
        >>> round(law.shift_mev(77.0), 1), round(law.phonon_width_mev(293.0), 1)
        (62.0, 37.5)
    """

    reference_k: float = Field(default=293.0, gt=0)
    varshni_ev_per_k: float = Field(default=3.7e-4, ge=0)
    varshni_k: float = Field(default=150.0, ge=0)
    acoustic_mev_per_k: float = Field(default=0.071, ge=0)
    optical_mev: float = Field(default=30.0, ge=0)
    phonon_mev: float = Field(default=26.0, gt=0)
    index_per_k: float = 0.0

    def shift_mev(self, temperature_k: float) -> float:
        """Return E(T) - E(reference) of the band edge (meV), positive: to the blue.

        Errors: ValueError for a temperature that is not positive.
        """
        _check(temperature_k)
        return self._lowering_mev(self.reference_k) - self._lowering_mev(temperature_k)

    def phonon_width_mev(self, temperature_k: float) -> float:
        """Return what phonons add to the full width (meV).

        Errors: ValueError for a temperature that is not positive.
        """
        _check(temperature_k)
        thermal = 1e3 * BOLTZMANN_EV_PER_K * temperature_k
        quanta = 1 / math.expm1(self.phonon_mev / thermal)
        return self.acoustic_mev_per_k * temperature_k + self.optical_mev * quanta

    def film_index_change(self, temperature_k: float) -> float:
        """Return n(T) - n(reference) of the gain film.

        Errors: ValueError for a temperature that is not positive.
        """
        _check(temperature_k)
        return self.index_per_k * (temperature_k - self.reference_k)

    def _lowering_mev(self, temperature_k: float) -> float:
        return 1e3 * self.varshni_ev_per_k * temperature_k**2 / (temperature_k + self.varshni_k)


def medium_at_temperature(
    medium: NanocrystalMedium, temperature_k: float, law: TemperatureLaw | None = None
) -> NanocrystalMedium:
    """Return a medium at another temperature.

    Args:
        medium: with a Gaussian line, given at `law.reference_k`.
        temperature_k: temperature (K).
        law: default: `TemperatureLaw()`.

    Errors: ValueError for a tabulated line, for a line narrower than its phonons make it at the
        reference temperature, or for a temperature that is not positive.
    Validity: between about 50 K and 350 K; below, the fine structure of the exciton matters.

    Example:
        >>> from gain.presets import quantum_shells
        >>> cold = medium_at_temperature(quantum_shells(), 77.0)
        >>> round(1e3 * cold.emission_wavelength, 1), round(cold.line.fwhm_mev, 1)
        (629.5, 48.1)
    """
    law = law or TemperatureLaw()
    shift = law.shift_mev(temperature_k)
    if temperature_k == law.reference_k:
        return medium
    if not isinstance(medium.line, GaussianLine) or medium.emission_line is not None:
        raise ValueError(
            "line: must be one Gaussian for emission and absorption to be moved to another "
            f"temperature, got {medium.line.kind!r}; give the medium measured there instead"
        )
    std_mev = medium.line.std("mev", nm_per_mev=medium.nm_per_mev)
    width = FWHM_PER_STD * std_mev
    narrower = width - law.phonon_width_mev(law.reference_k) + law.phonon_width_mev(temperature_k)
    if not narrower > 0:
        raise ValueError(
            f"line: must be wider than the phonons of the law make it, got {width:.3g} meV against "
            f"{law.phonon_width_mev(law.reference_k):.3g} meV; lower optical_mev"
        )
    energy = HC_EV_UM / medium.emission_wavelength + 1e-3 * shift
    changed: NanocrystalMedium = medium.changed(
        emission_wavelength=HC_EV_UM / energy,
        line=GaussianLine(fwhm_mev=narrower),
        temperature_k=temperature_k,
    )
    return changed


def _check(temperature_k: float) -> None:
    if not (math.isfinite(temperature_k) and temperature_k > 0):
        raise ValueError(f"temperature_k: must be > 0, got {temperature_k:g}; give kelvin")
