"""Richardson extrapolation of a ladder of resolutions, with an error that can be believed.

L. F. Richardson and J. A. Gaunt, Phil. Trans. R. Soc. A 226, 299 (1927),
doi:10.1098/rsta.1927.0008. Yee's scheme with averaged permittivities converges with the square of
the pixel where fields are tangential to all walls (planar stacks at normal incidence). Elsewhere,
at walls across the field and at edges, part of the error goes with the first power, with a factor
that depends on how walls cut pixels: no single order holds. There the value is a mean of the
first- and the second-order extrapolation, weighted by how well each fits (neither below a fifth),
and half their distance is part of the error.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["extrapolated"]

LEAST_SHARE = 0.2
"""Least weight of either order."""


def extrapolated(
    spacings: Sequence[float],
    values: Sequence[float],
    noise: float = 0.0,
    *,
    first_order: bool = True,
) -> tuple[float, float]:
    """Return the value at zero spacing and an estimate of its absolute error.

    The error is the sum of `noise`, the scatter about the fit (three rungs: how far the fits of
    two rungs are from that of all; more: three standard errors) and, with `first_order`, half the
    distance of both extrapolations.

    Args:
        spacings: pixel sizes, n of them; values: at these, n.
        noise: absolute error of a single value.
        first_order: whether part of the error may go with the first power.

    Returns:
        With one spacing the value itself and nan: nothing is known of its error.

    Example:
        >>> value, error = extrapolated([0.1, 0.05, 0.025], [1.01, 1.0025, 1.000625],
        ...                             first_order=False)
        >>> round(value, 9), error < 1e-9
        (1.0, True)
    """
    h, v = np.asarray(spacings, dtype=np.float64), np.asarray(values, dtype=np.float64)
    order = np.argsort(h)
    h, v = h[order], v[order]
    if len(h) == 1:
        return float(v[0]), math.nan
    second, scatter = _fit(h**2, v)
    if len(h) == 2:
        scatter = abs(second - float(v[0]))
    if not first_order:
        return second, noise + scatter
    first, first_scatter = _fit(h, v)
    weights = scatter**2, first_scatter**2
    share = weights[0] / (sum(weights) or 1.0) if len(h) > 2 else 0.5
    share = min(max(share, LEAST_SHARE), 1 - LEAST_SHARE)
    value = second + share * (first - second)
    mean = scatter + share * (first_scatter - scatter)
    return value, noise + mean + abs(first - second) / 2


def _fit(x: NDArray[np.float64], v: NDArray[np.float64]) -> tuple[float, float]:
    """Return the intercept of the line v(x) and how far it may be off by scatter."""
    value = _intercept(x, v)
    if len(x) <= 3:
        pairs = itertools.combinations(range(len(x)), 2)
        return value, max(abs(_intercept(x[[i, j]], v[[i, j]]) - value) for i, j in pairs)
    powers = np.column_stack([np.ones_like(x), x])
    rest = v - powers @ np.linalg.lstsq(powers, v, rcond=None)[0]
    variance = float(rest @ rest) / (len(x) - 2) * float(np.linalg.inv(powers.T @ powers)[0, 0])
    return value, 3 * math.sqrt(variance)


def _intercept(x: NDArray[np.float64], v: NDArray[np.float64]) -> float:
    """Return the value at 0 of the straight line that fits v(x) best."""
    return float(np.polynomial.polynomial.polyfit(x, v, 1)[0])
