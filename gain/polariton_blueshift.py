"""Blueshift of the lower polariton: interactions, clamping, and the limit of saturation.

Two mechanisms with different limits:

- mean field, dE = a n_R/n_R,th + g_0 n_0: proportional to the reservoir below threshold, where
  nothing else is there. Above, CW gain clamping holds n_R and only the (small) condensate part
  goes on rising: the shift saturates at a without any many-body effect;
- phase-space filling (PSF): excitons bleach the transition, Om = Om_0 sqrt(1 - n/n_s). The lower
  polariton can rise no further than the uncoupled oscillator below it,
  dE_max = (sqrt(Delta^2 + Om_0^2) - |Delta|)/2, where strong coupling is lost.

Source: C. Ciuti, V. Savona, C. Piermarocchi, A. Quattropani and P. Schwendimann, Phys. Rev. B
58, 7926 (1998), doi:10.1103/PhysRevB.58.7926; S. Schmitt-Rink, D. S. Chemla and D. A. B. Miller,
Phys. Rev. B 32, 6601 (1985), doi:10.1103/PhysRevB.32.6601 (phase-space filling). Widths are left
out; the bare energies do not shift.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.polariton_laser import condensate_occupation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "BlueshiftFit",
    "bleached_fraction",
    "fit_blueshift",
    "largest_blueshift_mev",
    "mean_field_blueshift_mev",
    "rabi_splitting_at_blueshift_mev",
    "saturation_blueshift_mev",
]

Floats = NDArray[np.float64]


def saturation_blueshift_mev(
    density_ratio: ArrayLike, *, rabi_splitting_mev: float, detuning_mev: float
) -> Floats:
    """Return the blueshift by phase-space filling at n/n_s (meV), same shape.

    Args:
        density_ratio: exciton density over its saturation value, 0-1.
        rabi_splitting_mev: Om_0 at low density (meV).
        detuning_mev: E_c - E_x (meV), either sign.

    Raises:
        ValueError: a density outside 0-1.

    Example:
        >>> shift = saturation_blueshift_mev(1.0, rabi_splitting_mev=45.0, detuning_mev=-27.0)
        >>> round(float(shift), 2)
        12.74
    """
    n = np.asarray(density_ratio, dtype=np.float64)
    if not np.all((n >= 0) & (n <= 1)):
        raise ValueError(
            f"density_ratio: must lie in 0-1, got {np.min(n):g} to {np.max(n):g}; beyond "
            "saturation there is no polariton"
        )
    before = np.hypot(rabi_splitting_mev, detuning_mev)
    after = np.sqrt(rabi_splitting_mev**2 * (1 - n) + detuning_mev**2)
    return np.asarray(0.5 * (before - after))


def largest_blueshift_mev(*, rabi_splitting_mev: float, detuning_mev: float) -> float:
    """Return dE_max = (sqrt(Delta^2 + Om^2) - |Delta|)/2 (meV), where the coupling is bleached."""
    return float(
        saturation_blueshift_mev(
            1.0, rabi_splitting_mev=rabi_splitting_mev, detuning_mev=detuning_mev
        )
    )


def rabi_splitting_at_blueshift_mev(
    blueshift_mev: ArrayLike, *, rabi_splitting_mev: float, detuning_mev: float
) -> Floats:
    """Return the Rabi splitting left at a blueshift by phase-space filling (meV), same shape.

    Args:
        blueshift_mev: observed shift of the lower polariton (meV), >= 0.
        rabi_splitting_mev, detuning_mev: at low density (meV).

    Raises:
        ValueError: a shift that is negative or beyond the limit: another cause.

    Example:
        >>> left = rabi_splitting_at_blueshift_mev(3.1, rabi_splitting_mev=45.0, detuning_mev=-27.0)
        >>> round(float(left), 1)
        37.6
    """
    shift = np.asarray(blueshift_mev, dtype=np.float64)
    limit = largest_blueshift_mev(rabi_splitting_mev=rabi_splitting_mev, detuning_mev=detuning_mev)
    if not np.all((shift >= 0) & (shift <= limit * (1 + 1e-12))):
        raise ValueError(
            f"blueshift_mev: must lie in 0-{limit:.4g} meV, the limit of saturation, got "
            f"{np.min(shift):g} to {np.max(shift):g}; a larger shift is not this mechanism"
        )
    root = np.hypot(rabi_splitting_mev, detuning_mev) - 2 * shift
    return np.asarray(np.sqrt(np.maximum(root**2 - detuning_mev**2, 0.0)))


def bleached_fraction(
    blueshift_mev: ArrayLike, *, rabi_splitting_mev: float, detuning_mev: float
) -> Floats:
    """Return n/n_s at a blueshift, same shape; arguments as `rabi_splitting_at_blueshift_mev`.

    Example:
        >>> share = bleached_fraction(3.1, rabi_splitting_mev=45.0, detuning_mev=-27.0)
        >>> round(float(share), 2)
        0.3
    """
    left = rabi_splitting_at_blueshift_mev(
        blueshift_mev, rabi_splitting_mev=rabi_splitting_mev, detuning_mev=detuning_mev
    )
    return np.asarray(1 - (left / rabi_splitting_mev) ** 2)


def mean_field_blueshift_mev(
    pump_ratio: ArrayLike,
    *,
    beta: float,
    reservoir_shift_mev: float,
    condensate_shift_mev: float = 0.0,
) -> Floats:
    """Return dE = a n_R/n_R,th + b beta n_0 under CW pumping (meV), shape of `pump_ratio`.

    Args:
        pump_ratio: P/P_th.
        beta: spontaneous emission factor of the laser.
        reservoir_shift_mev: a, shift by the reservoir at threshold (meV).
        condensate_shift_mev: b, shift by the condensate per threshold of pump (meV): beta n_0
            is r - 1 far above threshold.

    Example:
        >>> shift = mean_field_blueshift_mev([0.5, 1.0, 2.0], beta=1e-4, reservoir_shift_mev=3.1)
        >>> shift.round(2).tolist()
        [1.55, 3.07, 3.1]
    """
    n = condensate_occupation(pump_ratio, beta)
    return np.asarray(reservoir_shift_mev * n / (n + 1) + condensate_shift_mev * beta * n)


@dataclass(frozen=True, kw_only=True, eq=False)
class BlueshiftFit:
    """Fit of a blueshift law: a straight line that bends at the threshold.

    Attributes:
        pump_ratio, shift_mev, error_mev: the data, (n,).
        beta: the spontaneous emission factor assumed.
        reservoir_shift_mev, condensate_shift_mev: a and b (meV).
        covariance: of (a, b), (2, 2) (meV^2).
        chi_square, degrees_of_freedom: of the fit.
    """

    pump_ratio: Floats
    shift_mev: Floats
    error_mev: Floats
    beta: float
    reservoir_shift_mev: float
    condensate_shift_mev: float
    covariance: Floats
    chi_square: float
    degrees_of_freedom: int

    @property
    def errors_mev(self) -> tuple[float, float]:
        """Standard deviations of a and b (meV)."""
        return float(np.sqrt(self.covariance[0, 0])), float(np.sqrt(self.covariance[1, 1]))

    @property
    def saturation(self) -> float:
        """Slope above over slope below threshold, b/a: 1 no saturation, 0 complete."""
        return self.condensate_shift_mev / self.reservoir_shift_mev

    def curve(self, pump_ratio: ArrayLike) -> Floats:
        """Return the fitted shift (meV) at P/P_th, same shape."""
        return mean_field_blueshift_mev(
            pump_ratio,
            beta=self.beta,
            reservoir_shift_mev=self.reservoir_shift_mev,
            condensate_shift_mev=self.condensate_shift_mev,
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot the data with the fitted law."""
        from gain.polariton_laser_plots import plot_blueshift

        return plot_blueshift(self, ax=ax)


def fit_blueshift(
    pump_ratio: ArrayLike, shift_mev: ArrayLike, *, error_mev: ArrayLike, beta: float
) -> BlueshiftFit:
    """Fit reservoir and condensate shifts to measured blueshifts: linear least squares.

    Args:
        pump_ratio: P/P_th, (n,), on both sides of 1.
        shift_mev: blueshift from the limit of low pump (meV), (n,).
        error_mev: standard deviations (meV), broadcast to (n,).
        beta: spontaneous emission factor, which sets how sharp the bend is.

    Raises:
        ValueError: fewer than three points, or errors that are not positive.

    Example:
        >>> r = np.linspace(0.2, 2.4, 12)
        >>> shift = mean_field_blueshift_mev(
        ...     r, beta=1e-4, reservoir_shift_mev=3.1, condensate_shift_mev=0.4
        ... )
        >>> fit = fit_blueshift(r, shift, error_mev=0.1, beta=1e-4)
        >>> round(fit.reservoir_shift_mev, 6), round(fit.saturation, 3)
        (3.1, 0.129)
    """
    r = np.asarray(pump_ratio, dtype=np.float64)
    y = np.asarray(shift_mev, dtype=np.float64)
    if r.ndim != 1 or r.shape != y.shape or r.size < 3:
        raise ValueError(
            "pump_ratio, shift_mev: must be columns of the same length of at least 3, got shapes "
            f"{r.shape} and {y.shape}; give one shift per pump"
        )
    error = np.broadcast_to(np.asarray(error_mev, dtype=np.float64), y.shape)
    if not np.all(error > 0):
        raise ValueError(f"error_mev: must be > 0, got {np.min(error):g}; give deviations")
    columns = [
        mean_field_blueshift_mev(r, beta=beta, reservoir_shift_mev=a, condensate_shift_mev=1.0 - a)
        for a in (1.0, 0.0)
    ]
    design = np.stack(columns, axis=1) / error[:, None]
    covariance = np.asarray(np.linalg.inv(design.T @ design), dtype=np.float64)
    a, b = covariance @ design.T @ (y / error)
    residual = design @ np.array([a, b]) - y / error
    return BlueshiftFit(
        pump_ratio=r,
        shift_mev=y,
        error_mev=error,
        beta=beta,
        reservoir_shift_mev=float(a),
        condensate_shift_mev=float(b),
        covariance=covariance,
        chi_square=float(residual @ residual),
        degrees_of_freedom=r.size - 2,
    )
