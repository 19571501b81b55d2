"""Fit of a sum of exponentials and an offset to a transient-absorption trace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.bleach_decay import BleachDecay

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["BleachFit", "fit_bleach_decay"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class BleachFit:
    """A fitted trace.

    Attributes:
        delay_ps, absorbance_change: the data (points,).
        uncertainty: standard error of each point (absorbance); from the scatter where unknown.
        decay: the fitted model, shortest lifetime first.
        covariance: of (offset, A_1.., tau_1..), in that order.
        reduced_chi2: chi^2 per degree of freedom with the uncertainty as given; 1 where it came
            from the scatter.
    """

    delay_ps: Floats
    absorbance_change: Floats
    uncertainty: Floats
    decay: BleachDecay
    covariance: Floats
    reduced_chi2: float

    @property
    def standard_errors(self) -> Floats:
        """Of (offset, A_1.., tau_1..)."""
        return np.asarray(np.sqrt(np.diagonal(self.covariance)))

    def report(self) -> str:
        """Return amplitudes, lifetimes and fractions with their errors."""
        errors = self.standard_errors
        count = len(self.decay.amplitudes)
        lines = [f"offset {self.decay.offset:+.5f} +- {errors[0]:.1g}"]
        rows = zip(
            self.decay.amplitudes,
            errors[1 : 1 + count],
            self.decay.lifetimes_ps,
            errors[1 + count :],
            self.decay.fractions,
            strict=True,
        )
        for amplitude, spread, tau, tau_spread, share in rows:
            lines.append(
                f"tau {tau:9.4g} +- {tau_spread:.2g} ps   A {amplitude:+.5f} +- {spread:.1g}   "
                f"{100 * share:.1f} %"
            )
        lines.append(
            f"mean lifetime {self.decay.amplitude_lifetime_ps:.4g} ps by amplitude, "
            f"{self.decay.intensity_lifetime_ps:.4g} ps by intensity; "
            f"reduced chi^2 {self.reduced_chi2:.3g}"
        )
        return "\n".join(lines)

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Plot the data and the fit over a logarithmic delay."""
        from gain.transient_plots import plot_bleach_fit

        return plot_bleach_fit(self, ax=ax)


def fit_bleach_decay(
    delay_ps: ArrayLike,
    absorbance_change: ArrayLike,
    *,
    terms: int = 3,
    uncertainty: float | ArrayLike | None = None,
    offset: bool = True,
    lifetimes_ps: ArrayLike | None = None,
) -> BleachFit:
    """Return the least-squares fit of `terms` exponentials and an offset.

    The amplitudes enter linearly and are solved for exactly at each step; only the logarithms
    of the lifetimes are searched (variable projection), from the given or from several spread
    starts, and the best minimum is kept.

    Args:
        delay_ps: delays (ps), (points,), >= 0.
        absorbance_change: dA (points,).
        terms: number of exponentials.
        uncertainty: standard error of each point, or one for all; None: from the scatter.
        offset: whether to fit a constant (False: 0).
        lifetimes_ps: where to start (terms,), ps.

    Errors: ValueError for columns of different lengths, negative delays, or fewer points than
        parameters.
    Source: G. H. Golub and V. Pereyra, SIAM J. Numer. Anal. 10, 413 (1973),
        doi:10.1137/0710036.

    Example:
        >>> delays = np.geomspace(1, 20_000, 60)
        >>> true = BleachDecay(offset=-0.006, amplitudes=(-0.007, -0.02), lifetimes_ps=(15, 900))
        >>> fit = fit_bleach_decay(delays, true.absorbance_change(delays), terms=2)
        >>> [round(tau, 4) for tau in fit.decay.lifetimes_ps]
        [15.0, 900.0]
    """
    t, y = np.asarray(delay_ps, dtype=np.float64), np.asarray(absorbance_change, dtype=np.float64)
    count = 2 * terms + int(offset)
    if t.ndim != 1 or t.shape != y.shape or terms < 1 or len(t) <= count:
        raise ValueError(
            f"delay_ps, absorbance_change: must be pairs, more than {count} for {terms} terms, got "
            f"shapes {t.shape} and {y.shape}; add points or lower terms"
        )
    if not np.all(t >= 0) or not np.all(np.isfinite(y)):
        raise ValueError(
            f"delay_ps: must be >= 0 and absorbance_change finite, got delays from {np.min(t):g}; "
            "cut what comes before the pump"
        )
    known = uncertainty is not None
    error = np.broadcast_to(np.asarray(uncertainty if known else 1.0, dtype=float), t.shape)
    if not np.all(error > 0):
        raise ValueError(f"uncertainty: must be > 0, got {np.min(error):g}; give standard errors")
    best = _search(t, y, error, terms, offset, lifetimes_ps)
    order = np.argsort(best)
    tau = np.exp(best[order])
    linear = _linear(t, y, error, tau, offset)
    level, amplitudes = (linear[0], linear[1:]) if offset else (0.0, linear)
    decay = BleachDecay(
        offset=float(level),
        amplitudes=tuple(amplitudes.tolist()),
        lifetimes_ps=tuple(tau.tolist()),
    )
    residual = (decay.absorbance_change(t) - y) / error
    reduced = float(residual @ residual) / (len(t) - count)
    covariance = _covariance(t, error, amplitudes, tau, offset)
    if not known:
        covariance, error = covariance * reduced, error * np.sqrt(reduced)
    return BleachFit(
        delay_ps=t,
        absorbance_change=y,
        uncertainty=np.asarray(error),
        decay=decay,
        covariance=covariance,
        reduced_chi2=reduced if known else 1.0,
    )


def _columns(t: Floats, error: Floats, tau: Floats, offset: bool) -> Floats:
    parts = np.exp(-t[:, None] / tau)
    both = np.column_stack([np.ones(len(t)), parts]) if offset else parts
    return np.asarray(both / error[:, None])


def _linear(t: Floats, y: Floats, error: Floats, tau: Floats, offset: bool) -> Floats:
    return np.asarray(np.linalg.lstsq(_columns(t, error, tau, offset), y / error, rcond=None)[0])


def _search(
    t: Floats,
    y: Floats,
    error: Floats,
    terms: int,
    offset: bool,
    lifetimes_ps: ArrayLike | None,
) -> Floats:
    """Return the logarithms of the lifetimes of the best minimum."""
    from scipy.optimize import least_squares

    shortest = np.log(max(float(np.min(t[t > 0])), 1e-9)) - 1
    longest = np.log(float(t.max())) + 2

    def residuals(logs: Floats) -> Floats:
        matrix = _columns(t, error, np.exp(logs), offset)
        return np.asarray(matrix @ np.linalg.lstsq(matrix, y / error, rcond=None)[0] - y / error)

    if lifetimes_ps is not None:
        given = np.asarray(lifetimes_ps, dtype=np.float64)
        if given.shape != (terms,) or not np.all(given > 0):
            raise ValueError(
                f"lifetimes_ps: must be {terms} positive numbers (ps), got {given.tolist()}; give "
                "one start per term"
            )
        starts = [np.clip(np.log(given), shortest, longest)]
    else:
        # Spread between the ends of the data; three stretches against local minima.
        starts = [
            shortest + 1 + (longest - shortest - 3) * (np.arange(terms) + shift) / terms
            for shift in (0.3, 0.5, 0.7)
        ]
    found = [
        least_squares(
            residuals, start, bounds=(shortest, longest), xtol=1e-14, ftol=1e-14, gtol=1e-14
        )
        for start in starts
    ]
    return np.asarray(min(found, key=lambda result: float(result.cost)).x)


def _covariance(t: Floats, error: Floats, amplitudes: Floats, tau: Floats, offset: bool) -> Floats:
    """Return the covariance of (offset, A.., tau..), the offset's row 0 where it is fixed."""
    linear = _columns(t, error, tau, offset)
    slopes = amplitudes * t[:, None] / tau**2 * np.exp(-t[:, None] / tau) / error[:, None]
    jacobian = np.column_stack([linear, slopes])
    scale = np.maximum(np.linalg.norm(jacobian, axis=0), np.finfo(np.float64).tiny)
    normal = (jacobian / scale).T @ (jacobian / scale)
    try:
        covariance = np.linalg.inv(normal) / np.outer(scale, scale)
    except np.linalg.LinAlgError:
        covariance = np.full(normal.shape, np.inf)
    if offset:
        return np.asarray(covariance)
    return np.pad(covariance, ((1, 0), (1, 0)))
