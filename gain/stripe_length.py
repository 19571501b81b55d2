"""Gain from a variable-stripe-length scan: I(L) = A (e^{gL} - 1)/g + B L."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.ase_stripe import amplified_emission

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["StripeLengthFit", "fit_stripe_length", "stripe_length_intensity"]

Floats = NDArray[np.float64]

_CM_PER_UM = 1e-4
_SIGNIFICANT = 3.0
_STEPS = 3


def stripe_length_intensity(
    length: ArrayLike, *, gain_per_cm: float, amplitude: float = 1.0, spontaneous: float = 0.0
) -> Floats:
    """Return A (e^{gL} - 1)/g + B L, the intensity from the end of a stripe.

    Args:
        length: stripe lengths L (um), any shape.
        gain_per_cm: g, net modal gain (1/cm); negative: absorption.
        amplitude: A, directed emission per cm of stripe.
        spontaneous: B, collected emission per cm that is not amplified.

    Example:
        >>> stripe_length_intensity([0, 1000], gain_per_cm=20.0, amplitude=2.0).round(3).tolist()
        [0.0, 0.639]
    """
    cm = np.asarray(length, dtype=np.float64) * _CM_PER_UM
    return np.asarray(cm * (amplitude * amplified_emission(gain_per_cm * cm) + spontaneous))


@dataclass(frozen=True, kw_only=True, eq=False)
class StripeLengthFit:
    """A fitted stripe-length scan.

    Attributes:
        length, intensity, uncertainty: the data (points,), um and arbitrary units; with absolute
            errors unknown, `uncertainty` is scaled so that chi^2 per degree of freedom is 1.
        used: which points were fitted (points,), the others lie beyond the longest length.
        gain_per_cm, amplitude, spontaneous: g (1/cm), A and B of `stripe_length_intensity`.
        covariance: of (g, A) or (g, A, B).
        reduced_chi2: chi^2 per degree of freedom, with the uncertainties as given.
        short_gain_per_cm: g from the shorter half of the points used (1/cm).
        saturation_sigma: how far g falls from the shorter half to all points, in its standard
            errors; large: the gain saturates in the longer stripes.
    """

    length: Floats
    intensity: Floats
    uncertainty: Floats
    used: NDArray[np.bool_]
    gain_per_cm: float
    amplitude: float
    spontaneous: float
    covariance: Floats
    reduced_chi2: float
    short_gain_per_cm: float
    saturation_sigma: float

    @property
    def gain_std_per_cm(self) -> float:
        """Standard error of the gain (1/cm)."""
        return float(np.sqrt(self.covariance[0, 0]))

    @property
    def saturates(self) -> bool:
        """Whether the gain falls with the length by more than three standard errors."""
        return self.saturation_sigma > _SIGNIFICANT

    def model(self, length: ArrayLike) -> Floats:
        """Return the fitted intensity at lengths (um)."""
        return stripe_length_intensity(
            length,
            gain_per_cm=self.gain_per_cm,
            amplitude=self.amplitude,
            spontaneous=self.spontaneous,
        )

    def report(self) -> str:
        """Return the gain with its error, the goodness of fit and the saturation check."""
        count = int(np.count_nonzero(self.used))
        lines = [
            f"Net gain {self.gain_per_cm:.3g} +- {self.gain_std_per_cm:.2g} /cm from {count} "
            f"lengths up to {self.length[self.used].max():.4g} um "
            f"(g L up to {self.gain_per_cm * self.length[self.used].max() * _CM_PER_UM:.2g}).",
            f"Reduced chi^2 {self.reduced_chi2:.3g}; the shorter half alone gives "
            f"{self.short_gain_per_cm:.3g} /cm.",
        ]
        if self.saturates:
            lines.append(
                f"The gain falls with the length ({self.saturation_sigma:.1f} standard errors): "
                "it saturates, and this number is a lower bound. Set longest."
            )
        return "\n".join(lines)

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Plot the data and the fit."""
        from gain.ase_plots import plot_stripe_length

        return plot_stripe_length(self, ax=ax)


def fit_stripe_length(
    length: ArrayLike,
    intensity: ArrayLike,
    *,
    uncertainty: ArrayLike | None = None,
    relative_uncertainty: float | None = None,
    spontaneous: bool = False,
    longest: float | None = None,
) -> StripeLengthFit:
    """Return the net gain from the intensity against stripe length.

    Least squares, weighted with the errors. The law holds for short stripes only: amplified
    light empties the gain in long ones, and the fitted gain then comes out too small. The fit
    is therefore repeated with the shorter half of the points, and a drop of the gain by more
    than three standard errors is reported (and warned about): shorten with `longest`.

    Args:
        length: stripe lengths (um), (points,), positive.
        intensity: detected intensity (points,), background removed, arbitrary unit.
        uncertainty: standard errors (points,) in the same unit, or
        relative_uncertainty: the same fraction of each intensity. With neither, a constant error
            is taken from the scatter.
        spontaneous: also fit the part B L that is collected without amplification.
        longest: leave out longer stripes (um).

    Errors: ValueError for columns of different lengths, values that are not positive, or fewer
        than five points.
    Source: K. L. Shaklee and R. F. Leheny, Appl. Phys. Lett. 18, 475 (1971),
        doi:10.1063/1.1653501; pitfalls: L. Dal Negro et al., Opt. Commun. 229, 337 (2004),
        doi:10.1016/j.optcom.2003.10.051.
    Validity: uniform pump along the stripe, emission collected alike from all of it.

    Example:
        >>> lengths = np.linspace(200, 2000, 10)
        >>> data = stripe_length_intensity(lengths, gain_per_cm=15.0)
        >>> round(fit_stripe_length(lengths, data, relative_uncertainty=0.05).gain_per_cm, 6)
        15.0
    """
    x, y, error, known = _data(length, intensity, uncertainty, relative_uncertainty)
    used = np.ones(len(x), dtype=bool) if longest is None else x <= longest
    needed = 5 + int(spontaneous)
    if np.count_nonzero(used) < needed:
        raise ValueError(
            f"length: must have at least {needed} points to fit, got {np.count_nonzero(used)}; "
            "add stripes or raise longest"
        )
    values, covariance, chi2 = _fit(x[used], y[used], error[used], spontaneous)
    free = np.count_nonzero(used) - len(values)
    reduced = chi2 / free
    if not known:
        covariance, error = covariance * reduced, error * np.sqrt(reduced)
    order = np.argsort(x[used])[: max(needed, (np.count_nonzero(used) + 1) // 2)]
    short, short_covariance, _ = _fit(
        x[used][order], y[used][order], error[used][order], spontaneous
    )
    # The shorter half is part of the whole: the variance of the difference is the difference.
    spread = max(short_covariance[0, 0] - covariance[0, 0], 0.0)
    drop = short[0] - values[0]
    sigma = float(drop / np.sqrt(spread)) if spread > 0 and drop > 0 else 0.0
    fit = StripeLengthFit(
        length=x,
        intensity=y,
        uncertainty=error,
        used=used,
        gain_per_cm=float(values[0]),
        amplitude=float(values[1]),
        spontaneous=float(values[2]) if spontaneous else 0.0,
        covariance=covariance,
        reduced_chi2=float(reduced),
        short_gain_per_cm=float(short[0]),
        saturation_sigma=sigma,
    )
    if fit.saturates:
        warnings.warn(
            f"stripe length: the gain falls from {short[0]:.3g} /cm in the shorter half to "
            f"{values[0]:.3g} /cm in all stripes ({sigma:.1f} standard errors): it saturates; "
            "set longest",
            stacklevel=2,
        )
    return fit


def _data(
    length: ArrayLike,
    intensity: ArrayLike,
    uncertainty: ArrayLike | None,
    relative_uncertainty: float | None,
) -> tuple[Floats, Floats, Floats, bool]:
    x, y = np.asarray(length, dtype=np.float64), np.asarray(intensity, dtype=np.float64)
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(
            f"intensity: must be one value per length, got {y.shape} for {x.shape}; pair them"
        )
    if not np.all(x > 0) or not np.all(np.isfinite(y)) or not np.any(y > 0):
        raise ValueError(
            "length, intensity: lengths must be > 0 and intensities finite, some of them "
            f"positive, got lengths from {np.min(x):g} um; remove the zero stripe"
        )
    if uncertainty is not None and relative_uncertainty is not None:
        raise ValueError(
            "uncertainty, relative_uncertainty: must have at most one of them, got both; give one"
        )
    if uncertainty is None and relative_uncertainty is None:
        return x, y, np.full(x.shape, np.max(np.abs(y))), False
    error = (
        np.broadcast_to(np.asarray(uncertainty, dtype=np.float64), x.shape)
        if uncertainty is not None
        else np.abs(y) * float(relative_uncertainty or 0.0)
    )
    if not np.all(error > 0):
        raise ValueError(f"uncertainty: must be > 0, got {np.min(error):g}; give standard errors")
    return x, y, np.asarray(error), True


def _fit(x: Floats, y: Floats, error: Floats, spontaneous: bool) -> tuple[Floats, Floats, float]:
    """Return the parameters (g, A[, B]), their covariance and chi^2.

    A and B enter linearly: g alone is searched, then Gauss-Newton steps finish all of them.
    """
    from scipy.optimize import minimize_scalar

    cm = x * _CM_PER_UM
    longest = float(cm.max())

    def columns(gain: float) -> Floats:
        grown = cm * amplified_emission(gain * cm)
        both = np.stack([grown, cm], axis=1) if spontaneous else grown[:, None]
        return np.asarray(both / error[:, None])

    def linear(gain: float) -> Floats:
        matrix = columns(gain)
        scale = np.linalg.norm(matrix, axis=0)
        return np.asarray(np.linalg.lstsq(matrix / scale, y / error, rcond=None)[0] / scale)

    def chi2(gain: float) -> float:
        return float(np.sum((columns(gain) @ linear(gain) - y / error) ** 2))

    grid = np.linspace(-15.0, 30.0, 226) / longest
    best = grid[int(np.argmin([chi2(float(value)) for value in grid]))]
    step = grid[1] - grid[0]
    local = minimize_scalar(chi2, bounds=(best - step, best + step), method="bounded")
    values = np.array([float(local.x), *linear(float(local.x))])
    for _ in range(_STEPS):
        first = values[1] * cm**2 * _amplified_slope(values[0] * cm) / error
        jacobian = np.column_stack([first, columns(float(values[0]))])
        scale = np.maximum(np.linalg.norm(jacobian, axis=0), np.finfo(np.float64).tiny)
        residual = y / error - columns(float(values[0])) @ values[1:]
        move = np.linalg.lstsq(jacobian / scale, residual, rcond=None)[0] / scale
        if abs(move[0]) > step:  # not determined by the data: keep the search's value
            break
        values = values + move
    normal = (jacobian / scale).T @ (jacobian / scale)
    try:
        covariance = np.linalg.inv(normal) / np.outer(scale, scale)
    except np.linalg.LinAlgError:
        covariance = np.full(normal.shape, np.inf)
    return values, np.asarray(covariance), chi2(float(values[0]))


def _amplified_slope(gain_length: Floats) -> Floats:
    """Return the derivative of (e^x - 1)/x, with its series near 0."""
    x = np.where(np.abs(gain_length) < 1e-4, 1.0, gain_length)
    exact = (np.exp(x) - amplified_emission(x)) / x
    return np.where(np.abs(gain_length) < 1e-4, 0.5 + gain_length / 3, exact)
