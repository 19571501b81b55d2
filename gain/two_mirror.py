"""A two-mirror resonator by its round trip: free spectral range, linewidth, Q, threshold.

Between two mirrors at the effective distance L (spacer plus the penetration into each mirror),
filled with group index n_g:

    free spectral range   lambda^2/(2 n_g L)
    photon lifetime       (n_g L/c)/(alpha L + ln(1/(R_1 R_2))/2)
    threshold gain        Gamma g = alpha + ln(1/(R_1 R_2))/(2 L)

A quarter-wave mirror seen from the cavity adds a length lambda/(4 (n_H - n_L)) of vacuum optical
path, that is lambda/(4 (n_H - n_L) n_c) of a cavity of index n_c.

Source: A. E. Siegman, Lasers, chapter 11, ISBN 978-0-935702-11-8; D. I. Babic and S. W. Corzine,
IEEE J. Quantum Electron. 28, 514 (1992), doi:10.1109/3.123281 (penetration, high contrast, many
pairs). Valid for mirrors whose phase is linear over the free spectral range: near the edges of a
stop band use the multilayer solver.
"""

from __future__ import annotations

import math

from pydantic import Field

from cavities.constants import HC_EV_UM, SPEED_OF_LIGHT_UM_PER_S
from cavities.spec import Spec

__all__ = ["TwoMirrorResonator", "linewidth_mev", "linewidth_nm", "mirror_penetration"]


def mirror_penetration(wavelength: float, high_index: float, low_index: float) -> float:
    """Return the optical path lambda/(4 (n_H - n_L)) that a quarter-wave mirror adds (um).

    Raises:
        ValueError: n_H not above n_L.

    Example:
        >>> round(mirror_penetration(0.601, 2.30, 1.46), 4)
        0.1789
    """
    if not high_index > low_index:
        raise ValueError(
            f"high_index: must be above low_index, got {high_index:g} and {low_index:g}; swap them"
        )
    return wavelength / (4 * (high_index - low_index))


def linewidth_nm(linewidth_mev: float, energy_ev: float) -> float:
    """Return a narrow line's width in wavelength (nm) from its width in energy (meV).

    Example:
        >>> round(linewidth_nm(0.77, 1.80), 4)
        0.2947
    """
    return HC_EV_UM / energy_ev**2 * linewidth_mev


def linewidth_mev(linewidth_nm: float, energy_ev: float) -> float:
    """Return a narrow line's width in energy (meV) from its width in wavelength (nm).

    Example:
        >>> round(linewidth_mev(0.65, 2.063), 2)
        2.23
    """
    return energy_ev**2 / HC_EV_UM * linewidth_nm


class TwoMirrorResonator(Spec):
    """Two plane mirrors with a filled space between them.

    Attributes:
        wavelength: vacuum wavelength (um).
        group_index: n_g of the filling.
        effective_length: L (um), with the penetration into both mirrors.
        reflectance_1, reflectance_2: power reflectances seen from inside, 0-1.
        loss_per_cm: alpha, absorption and scattering along L (1/cm).

    Example:
        >>> cavity = TwoMirrorResonator(
        ...     wavelength=0.6888, group_index=1.8, effective_length=10.0,
        ...     reflectance_1=0.99, reflectance_2=0.99,
        ... )
        >>> round(cavity.free_spectral_range_nm, 2), round(cavity.quality_factor)
        (13.18, 16337)
    """

    wavelength: float = Field(gt=0, lt=100)
    group_index: float = Field(ge=1)
    effective_length: float = Field(gt=0)
    reflectance_1: float = Field(gt=0, le=1)
    reflectance_2: float = Field(gt=0, le=1)
    loss_per_cm: float = Field(default=0.0, ge=0)

    @property
    def free_spectral_range_nm(self) -> float:
        """Distance of neighbouring longitudinal modes (nm)."""
        return 1e3 * self.wavelength**2 / (2 * self.group_index * self.effective_length)

    @property
    def round_trip_loss(self) -> float:
        """-ln of the power left after a round trip."""
        mirrors = -math.log(self.reflectance_1 * self.reflectance_2)
        return mirrors + 2e-4 * self.loss_per_cm * self.effective_length

    @property
    def photon_lifetime_ps(self) -> float:
        """Photon lifetime (ps); inf without loss."""
        trip = 2e12 * self.group_index * self.effective_length / SPEED_OF_LIGHT_UM_PER_S
        return trip / self.round_trip_loss if self.round_trip_loss else math.inf

    @property
    def quality_factor(self) -> float:
        """Q = omega tau; 2 pi n_g L/(lambda (1 - R)) for two good mirrors of reflectance R."""
        omega = 2e-12 * math.pi * SPEED_OF_LIGHT_UM_PER_S / self.wavelength
        return omega * self.photon_lifetime_ps

    @property
    def linewidth_nm(self) -> float:
        """Full width lambda/Q (nm)."""
        return 1e3 * self.wavelength / self.quality_factor

    @property
    def finesse(self) -> float:
        """Free spectral range over linewidth, 2 pi/(round-trip loss)."""
        return self.free_spectral_range_nm / self.linewidth_nm

    @property
    def threshold_gain_per_cm(self) -> float:
        """Modal gain Gamma g that balances the loss (1/cm), spread over L."""
        return 1e4 * self.round_trip_loss / (2 * self.effective_length)

    @classmethod
    def reflectance_for(
        cls,
        quality_factor: float,
        *,
        wavelength: float,
        group_index: float,
        effective_length: float,
    ) -> float:
        """Return the reflectance of two equal lossless mirrors that gives a Q.

        Raises:
            ValueError: a Q that is not positive.

        Example:
            >>> round(TwoMirrorResonator.reflectance_for(
            ...     2338, wavelength=0.6888, group_index=1.8, effective_length=2.0
            ... ), 4)
            0.9861
        """
        if not quality_factor > 0:
            raise ValueError(f"quality_factor: must be > 0, got {quality_factor:g}; check it")
        return math.exp(
            -2 * math.pi * group_index * effective_length / (wavelength * quality_factor)
        )
