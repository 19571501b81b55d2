"""Polariton laser: a reservoir of excitons that scatters into one condensate mode.

With n_R excitons in the reservoir and n_0 polaritons in the ground state,

    dn_R/dt = P - g_R n_R - R n_R (n_0 + 1),
    dn_0/dt = R n_R (n_0 + 1) - g_0 n_0.

beta = R/g_R is the share of the reservoir's decay that goes into the mode without stimulation.
Threshold: n_R,th = g_0/R, P_th = g_R n_R,th. These are the equations of any single-mode laser
without inversion: the S-curve alone does not tell a polariton laser from a photon laser.

CW, r = P/P_th: beta n_0^2 + (1 + beta - r) n_0 - r = 0, so n_0 rises with slope 1/(1 + beta) far
below and 1/beta far above threshold, and passes n_0 = beta^(-1/2) at r = 1.

Source: D. Porras and C. Tejedor, Phys. Rev. B 67, 161310 (2003), doi:10.1103/PhysRevB.67.161310;
G. Bjork and Y. Yamamoto, IEEE J. Quantum Electron. 27, 2386 (1991), doi:10.1109/3.100877 (the
S-curve with beta). Valid for one mode, no re-excitation of the reservoir from the mode, no
spatial dynamics, no heating.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field

from cavities.constants import HBAR_EV_S
from cavities.spec import Spec
from gain.polariton_pulse import PolaritonPulse, pulse_response

__all__ = ["PolaritonLaser", "condensate_occupation"]

Floats = NDArray[np.float64]


def condensate_occupation(pump_ratio: ArrayLike, beta: ArrayLike) -> Floats:
    """Return the CW occupation n_0 at P/P_th (the S-curve), shapes broadcast.

    Args:
        pump_ratio: r = P/P_th, >= 0.
        beta: spontaneous share, 0-1, not zero.

    Raises:
        ValueError: a value outside its range.

    Example:
        >>> float(condensate_occupation(1.0, 1 / 18_000).round(2))
        133.67
    """
    r = np.asarray(pump_ratio, dtype=np.float64)
    b = np.asarray(beta, dtype=np.float64)
    if not np.all(r >= 0):
        raise ValueError(f"pump_ratio: must be >= 0, got {np.min(r):g}; give P/P_th")
    if not np.all((b > 0) & (b <= 1)):
        raise ValueError(f"beta: must lie in 0-1 and not be 0, got {np.min(b):g}; give a share")
    half = 0.5 * (r - 1 - b)
    root = np.sqrt(half**2 + b * r)
    # Below threshold the sum cancels: use the other root's product there.
    with np.errstate(divide="ignore", invalid="ignore"):
        below = np.where(root - half > 0, r / (root - half), 0.0)
    return np.asarray(np.where(half > 0, (half + root) / b, below))


class PolaritonLaser(Spec):
    """Reservoir and condensate of one polariton laser.

    Attributes:
        beta: spontaneous emission factor R/g_R, 0-1.
        reservoir_lifetime_ns: 1/g_R (ns), all channels of the reservoir but the stimulated one.
        condensate_lifetime_ps: 1/g_0 (ps); tau_c/|C|^2 for the lower polariton.

    Example:
        >>> laser = PolaritonLaser(
        ...     beta=1 / 18_000, reservoir_lifetime_ns=1.3, condensate_lifetime_ps=0.39
        ... )
        >>> f"{laser.threshold_reservoir:.3g}"
        '6e+07'
        >>> laser.occupation([0.5, 1.0, 2.0]).round(1).tolist()
        [1.0, 133.7, 18001.0]
    """

    beta: float = Field(gt=0, le=1)
    reservoir_lifetime_ns: float = Field(gt=0)
    condensate_lifetime_ps: float = Field(gt=0)

    @property
    def threshold_reservoir(self) -> float:
        """Reservoir excitons at threshold, n_R,th = g_0/R."""
        ratio = 1e3 * self.reservoir_lifetime_ns / self.condensate_lifetime_ps
        return ratio / self.beta

    @property
    def threshold_pump_per_s(self) -> float:
        """CW threshold pump P_th = g_R n_R,th (excitons per second)."""
        return self.threshold_reservoir / (1e-9 * self.reservoir_lifetime_ns)

    def occupation(self, pump_ratio: ArrayLike) -> Floats:
        """Return the CW occupation n_0 at P/P_th, (...)."""
        return condensate_occupation(pump_ratio, self.beta)

    def reservoir_ratio(self, pump_ratio: ArrayLike) -> Floats:
        """Return n_R/n_R,th = n_0/(n_0 + 1) under CW pumping: clamped above threshold."""
        n = self.occupation(pump_ratio)
        return np.asarray(n / (n + 1))

    def emission_per_s(self, pump_ratio: ArrayLike) -> Floats:
        """Return the CW output g_0 n_0 (photons per second, all directions and both mirrors)."""
        return np.asarray(self.occupation(pump_ratio) / (1e-12 * self.condensate_lifetime_ps))

    def slopes(self) -> tuple[float, float]:
        """Return dn_0/dr far below and far above threshold; their ratio is (1 + beta)/beta."""
        return 1 / (1 + self.beta), 1 / self.beta

    def linewidth_mev(self, pump_ratio: ArrayLike, *, cold_fwhm_mev: float | None = None) -> Floats:
        """Return the quantum-limited CW linewidth hbar g_0/(n_0 + 1) (meV, full width).

        The balance of gain and loss: hbar (g_0 - R n_R), which is the inverse of the coherence
        time of a linear amplifier below threshold. Far above, amplitude noise is suppressed and
        half of it remains (Schawlow and Townes, Phys. Rev. 112, 1940 (1958),
        doi:10.1103/PhysRev.112.1940). A lower bound in practice: interactions with a fluctuating
        reservoir, the length of a pulse (`gain.polariton_pulse`) and the spectrometer add.

        Args:
            pump_ratio: P/P_th, (...).
            cold_fwhm_mev: width without gain; None: hbar g_0.
        """
        cold = cold_fwhm_mev
        if cold is None:
            cold = 1e3 * HBAR_EV_S / (1e-12 * self.condensate_lifetime_ps)
        return np.asarray(cold / (self.occupation(pump_ratio) + 1))

    def pulsed(
        self,
        pump_ratio: float,
        *,
        pulse_fwhm_ps: float = 0.0,
        duration_ps: float | None = None,
        samples: int = 2000,
    ) -> PolaritonPulse:
        """Return the response to one pump pulse.

        Args:
            pump_ratio: excitons per pulse over n_R,th; 1 is the threshold of an instantaneous
                pulse (net gain just reached).
            pulse_fwhm_ps: full width of a Gaussian pump pulse; 0: instantaneous.
            duration_ps: time simulated; None: six reservoir lifetimes.
            samples: points in time, denser at the beginning.

        Raises:
            ValueError: a pump that is not positive, or a duration shorter than the pulse.
        """
        return pulse_response(
            beta=self.beta,
            reservoir_lifetime_ps=1e3 * self.reservoir_lifetime_ns,
            condensate_lifetime_ps=self.condensate_lifetime_ps,
            pump_ratio=pump_ratio,
            pulse_fwhm_ps=pulse_fwhm_ps,
            duration_ps=duration_ps,
            samples=samples,
        )

    @classmethod
    def from_lower_polariton(
        cls,
        *,
        beta: float,
        reservoir_lifetime_ns: float,
        wavelength: float,
        quality_factor: float,
        photon_weight: float,
    ) -> PolaritonLaser:
        """Return a laser whose condensate leaks through its photon share: tau = tau_c/|C|^2.

        Args:
            beta: spontaneous emission factor.
            reservoir_lifetime_ns: lifetime of the reservoir (ns).
            wavelength: vacuum wavelength (um).
            quality_factor: Q of the empty cavity.
            photon_weight: |C|^2, photon share of the ground state.

        Raises:
            ValueError: a weight outside 0-1.

        Example:
            >>> laser = PolaritonLaser.from_lower_polariton(
            ...     beta=1e-4, reservoir_lifetime_ns=1.3, wavelength=0.601, quality_factor=925,
            ...     photon_weight=0.757,
            ... )
            >>> round(laser.condensate_lifetime_ps, 2)
            0.39
        """
        from gain.merit import photon_lifetime_ps

        if not 0 < photon_weight <= 1:
            raise ValueError(
                f"photon_weight: must lie in 0-1 and not be 0, got {photon_weight:g}; give |C|^2"
            )
        lifetime = float(photon_lifetime_ps(wavelength, quality_factor)) / photon_weight
        if not math.isfinite(lifetime):
            raise ValueError("quality_factor: must be finite, got inf; a mode that never leaks")
        return cls(
            beta=beta,
            reservoir_lifetime_ns=reservoir_lifetime_ns,
            condensate_lifetime_ps=lifetime,
        )
