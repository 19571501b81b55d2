"""Nonlinear least squares for many data sets at once: Levenberg-Marquardt over a batch.

One row is one data set. All rows share the form of the model but nothing else: each has its own
damping, stops on its own, and a row that fails leaves the others alone.

Source: J. J. More, in Numerical Analysis, Lecture Notes in Mathematics 630, 105 (1978),
doi:10.1007/BFb0067700 (scaling by the columns' norms).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["BatchFit", "least_squares", "row_blocks"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Integers = NDArray[np.intp]

_FLOOR = 1e-18

Model = Callable[[Floats, Integers], tuple[Floats, Floats]]
"""Parameters (rows, p) and row numbers (rows,) to residuals (rows, m), Jacobians (rows, m, p)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class BatchFit:
    """Result of `least_squares`, row by row.

    Attributes:
        values: best parameters (rows, p).
        covariance: (J^T J)^-1 there (rows, p, p), for residuals in units of their standard
            deviation; nan where singular.
        chi_square: sum of squared residuals (rows,).
        converged: whether the last step was below the tolerance (rows,).
        steps: steps taken (rows,).
    """

    values: Floats
    covariance: Floats
    chi_square: Floats
    converged: Bools
    steps: Integers


def row_blocks(rows: int, size: int) -> list[slice]:
    """Return slices of at most `size` rows: what bounds the memory of a batch."""
    return [slice(start, min(start + size, rows)) for start in range(0, rows, size)]


def least_squares(
    model: Model,
    start: Floats,
    *,
    lower: Floats | None = None,
    upper: Floats | None = None,
    tolerance: float = 1e-10,
    max_steps: int = 100,
) -> BatchFit:
    """Return the parameters that minimise each row's sum of squared residuals.

    Args:
        model: residuals in units of their standard deviation, and their derivatives.
        start: first guess (rows, p).
        lower, upper: bounds (p,) or (rows, p); steps are clipped to them.
        tolerance: stop when the sum of squares would fall by less than this fraction, or by 1e-18
            of the first one (exact data).
        max_steps: most evaluations per row.

    Example:
        >>> x, y = np.arange(4.0), np.array([[1.0, 3.0, 5.0, 7.0]])
        >>> def line(p, rows):
        ...     slope = np.stack([np.ones(4), x], axis=-1)
        ...     return p[:, :1] + p[:, 1:] * x - y[rows], np.tile(slope, (len(rows), 1, 1))
        >>> least_squares(line, np.zeros((1, 2))).values.round(6).tolist()
        [[1.0, 2.0]]
    """
    values = np.array(start, dtype=np.float64)
    count, size = values.shape
    low = np.broadcast_to(-np.inf if lower is None else lower, values.shape)
    high = np.broadcast_to(np.inf if upper is None else upper, values.shape)
    chi = np.full(count, np.nan)
    normal = np.full((count, size, size), np.nan)
    gradient = np.full((count, size), np.nan)
    damping = np.full(count, 1e-3)
    converged = np.zeros(count, dtype=bool)
    steps = np.zeros(count, dtype=np.intp)
    rows = np.arange(count)
    chi[rows], normal[rows], gradient[rows] = _normal_equations(model, values, rows)
    rows, first = rows[np.isfinite(chi)], chi.copy()
    scale = np.zeros((count, size))
    for _ in range(max_steps):
        if not len(rows):
            break
        steps[rows] += 1
        diagonal = np.einsum("kii->ki", normal[rows])
        scale[rows] = np.maximum(scale[rows], diagonal)
        weight = np.where(scale[rows] > 0, scale[rows], 1.0)
        damped = normal[rows].copy()
        np.einsum("kii->ki", damped)[...] += damping[rows, None] * weight
        step = -np.linalg.solve(damped, gradient[rows][..., None])[..., 0]
        trial = np.clip(values[rows] + step, low[rows], high[rows])
        step = trial - values[rows]
        new_chi, new_normal, new_gradient = _normal_equations(model, trial, rows)
        better = new_chi <= chi[rows]
        # Predicted decrease of the sum of squares by the (undamped) quadratic model.
        predicted = -2 * np.einsum("ki,ki->k", step, gradient[rows])
        predicted -= np.einsum("ki,kij,kj->k", step, normal[rows], step)
        small = np.abs(predicted) <= tolerance * chi[rows] + np.finfo(float).tiny
        small |= np.abs(predicted) <= _FLOOR * first[rows]
        taken = rows[better]
        values[taken], chi[taken] = trial[better], new_chi[better]
        normal[taken], gradient[taken] = new_normal[better], new_gradient[better]
        damping[rows] = np.clip(np.where(better, damping[rows] / 7, damping[rows] * 5), 1e-14, 1e14)
        stuck = ~better & (damping[rows] >= 1e12)
        converged[rows[small]] = True
        rows = rows[~(small | stuck)]
    return BatchFit(
        values=values,
        covariance=_inverse(normal),
        chi_square=chi,
        converged=converged,
        steps=steps,
    )


def _normal_equations(
    model: Model, values: Floats, rows: Integers
) -> tuple[Floats, Floats, Floats]:
    residual, jacobian = model(values, rows)
    transposed = np.swapaxes(jacobian, -1, -2)
    chi = np.einsum("km,km->k", residual, residual)
    return chi, transposed @ jacobian, (transposed @ residual[..., None])[..., 0]


def _inverse(matrix: Floats) -> Floats:
    """Inverses of symmetric matrices, scaled to unit diagonal first; nan where singular."""
    diagonal = np.einsum("kii->ki", matrix)
    root = np.sqrt(np.where(diagonal > 0, diagonal, np.nan))
    scaled = matrix / root[:, :, None] / root[:, None, :]
    good = np.all(np.isfinite(scaled), axis=(1, 2))
    good[good] = np.linalg.cond(scaled[good]) < 1e14
    result = np.full_like(matrix, np.nan)
    result[good] = np.linalg.inv(scaled[good])
    return np.asarray(result / root[:, :, None] / root[:, None, :])
