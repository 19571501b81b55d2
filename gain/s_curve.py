"""The S-curve of a laser with spontaneous emission factor beta: fit and slopes.

Output = scale n_0(P/P_th; beta), with n_0 the CW occupation of `gain.polariton_laser`. The fit is
to the logarithm of the output: the two linear parts and the jump between them, a factor 1/beta,
count alike. Derivatives are analytic: with D = 2 beta n + 1 + beta - r, dn/dr = (n + 1)/D and
dn/dbeta = -n (n + 1)/D.

beta from the jump needs points on both straight lines; where the output below threshold comes
from other modes or from a background, the fitted beta is too large. Under short pulses the
integrated output jumps by more than 1/beta (the reservoir is emptied below its threshold), so the
CW curve fitted to it gives a beta that is too small.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.batched_least_squares import Floats, Integers, least_squares
from gain.polariton_laser import condensate_occupation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["SCurveFit", "fit_s_curve"]

_NAMES: Final = ("log_scale", "log_threshold", "log_beta")


@dataclass(frozen=True, kw_only=True, eq=False)
class SCurveFit:
    """A fitted S-curve; leading axes for repeats.

    Attributes:
        pump, output: the data, (n,) and (..., n).
        relative_error: relative standard deviation of the output, (..., n).
        scale: output per unit of n_0, (...).
        threshold: P_th in the pump's unit, (...).
        beta: spontaneous emission factor, (...).
        covariance: of (ln scale, ln P_th, ln beta), (..., 3, 3).
        chi_square, degrees_of_freedom, converged: (...), one number, (...).
    """

    pump: Floats
    output: Floats
    relative_error: Floats
    scale: Floats
    threshold: Floats
    beta: Floats
    covariance: Floats
    chi_square: Floats
    degrees_of_freedom: int
    converged: NDArray[np.bool_]

    def log_error(self, name: Literal["scale", "threshold", "beta"]) -> Floats:
        """Return the standard deviation of the logarithm: the relative error, (...)."""
        place = _NAMES.index(f"log_{name}")
        return np.asarray(np.sqrt(self.covariance[..., place, place]))

    def interval(
        self, name: Literal["scale", "threshold", "beta"], *, level: float = 0.95
    ) -> tuple[Floats, Floats]:
        """Return the confidence interval, symmetric in the logarithm, two arrays (...)."""
        if not 0 < level < 1:
            raise ValueError(f"level: must lie in 0-1, got {level:g}; give a fraction")
        from scipy import special

        factor = np.exp(special.ndtri(0.5 * (1 + level)) * self.log_error(name))
        value = {"scale": self.scale, "threshold": self.threshold, "beta": self.beta}[name]
        return np.asarray(value / factor), np.asarray(value * factor)

    def curve(self, pump: ArrayLike) -> Floats:
        """Return the fitted output at pumps (n,), (..., n)."""
        ratio = np.asarray(pump, dtype=np.float64) / self.threshold[..., None]
        n = condensate_occupation(ratio, self.beta[..., None])
        return np.asarray(self.scale[..., None] * n)

    @property
    def slopes(self) -> tuple[Floats, Floats]:
        """Output per pump far below and far above threshold; their ratio is (1 + beta)/beta."""
        low = self.scale / self.threshold
        return np.asarray(low / (1 + self.beta)), np.asarray(low / self.beta)

    def report(self) -> str:
        """Return one line: threshold and beta with their 95 % intervals."""
        if self.beta.ndim:
            raise ValueError("fit: must be one data set here, got a batch; fit one curve")
        low, high = self.interval("beta")
        first, last = self.interval("threshold")
        return (
            f"P_th = {float(self.threshold):.4g} ({float(first):.4g} to {float(last):.4g}), "
            f"beta = 1/{1 / float(self.beta):.4g} (1/{1 / float(low):.4g} to "
            f"1/{1 / float(high):.4g}), chi^2 {float(self.chi_square):.3g} for "
            f"{self.degrees_of_freedom} degrees of freedom"
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot the data with the fitted curve."""
        from gain.polariton_laser_plots import plot_s_curve

        return plot_s_curve(self, ax=ax)


def fit_s_curve(
    pump: ArrayLike, output: ArrayLike, *, relative_error: ArrayLike = 0.1
) -> SCurveFit:
    """Fit threshold, beta and scale to a measured S-curve.

    Args:
        pump: pump powers or fluences, (n,), > 0, any unit.
        output: emission of the mode, (..., n), > 0, any unit.
        relative_error: relative standard deviation of the output, broadcast to it.

    Raises:
        ValueError: fewer than four points, or values that are not positive.

    Example:
        >>> pump = np.geomspace(10, 200, 25)
        >>> fit = fit_s_curve(pump, 7 * condensate_occupation(pump / 49, 1 / 18_000))
        >>> round(float(1 / fit.beta)), round(float(fit.threshold), 3)
        (18000, 49.0)
    """
    p = np.asarray(pump, dtype=np.float64)
    y = np.asarray(output, dtype=np.float64)
    if p.ndim != 1 or y.shape[-1:] != p.shape or p.size < 4:
        raise ValueError(
            "pump, output: must be columns of the same length of at least 4, got shapes "
            f"{p.shape} and {y.shape}; give one output per pump"
        )
    error = np.broadcast_to(np.asarray(relative_error, dtype=np.float64), y.shape)
    for name, values in (("pump", p), ("output", y), ("relative_error", error)):
        if not np.all(values > 0):
            raise ValueError(f"{name}: must be > 0, got {np.min(values):g}; drop such points")
    lead = y.shape[:-1]
    data, weight = np.log(y).reshape(-1, p.size), 1 / error.reshape(-1, p.size)

    def model(values: Floats, rows: Integers) -> tuple[Floats, Floats]:
        threshold, beta = np.exp(values[:, 1, None]), np.exp(values[:, 2, None])
        r = p / threshold
        n = condensate_occupation(r, beta)
        stiff = 2 * beta * n + 1 + beta - r
        jacobian = np.stack(
            [np.ones_like(n), -r * (n + 1) / (stiff * n), -beta * (n + 1) / stiff], axis=-1
        )
        scale = weight[rows]
        residual = (values[:, :1] + np.log(n) - data[rows]) * scale
        return residual, jacobian * scale[..., None]

    fit = least_squares(
        model,
        _first_guess(np.log(p), data),
        lower=np.array([-np.inf, np.log(p[p > 0].min()) - 7, np.log(1e-14)]),
        upper=np.array([np.inf, np.log(p.max()) + 7, 0.0]),
        max_steps=200,
    )
    scale, threshold, beta = np.moveaxis(np.exp(fit.values).reshape(*lead, 3), -1, 0)
    return SCurveFit(
        pump=p,
        output=y,
        relative_error=error,
        scale=np.asarray(scale),
        threshold=np.asarray(threshold),
        beta=np.asarray(beta),
        covariance=fit.covariance.reshape(*lead, 3, 3),
        chi_square=fit.chi_square.reshape(lead),
        degrees_of_freedom=p.size - 3,
        converged=fit.converged.reshape(lead),
    )


def _first_guess(log_pump: Floats, log_output: Floats) -> Floats:
    """Threshold at the largest excess over a slope of 1, beta from the height of the jump."""
    order = np.argsort(log_pump)
    x, excess = log_pump[order], (log_output - log_pump)[:, order]
    jump = np.maximum(excess[:, -1] - excess[:, 0], 0.1)
    middle = 0.5 * (excess[:, -1] + excess[:, 0])
    place = np.argmax(excess >= middle[:, None], axis=1)
    threshold = x[place]
    return np.stack([excess[:, 0] + threshold, threshold, -jump], axis=1)
