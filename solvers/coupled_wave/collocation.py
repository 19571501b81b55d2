"""Legendre-Gauss-Lobatto collocation on a line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Collocation", "collocation"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Collocation:
    """Nodes on [-1, 1] with both ends, quadrature weights, and matrices.

    With W = diag(weights) and D = derivative, W D + (W D)^T is exactly +1 at the right end and -1
    at the left one: what a discrete wave loses over its ends is what its flux there says.

    Attributes:
        nodes: (n,).
        weights: (n,), exact for polynomials up to degree 2 n - 3.
        derivative: (n, n).
        to_legendre: coefficients of Legendre polynomials from values (n, n).
    """

    nodes: Floats
    weights: Floats
    derivative: Floats
    to_legendre: Floats

    def interpolation(self, points: Floats) -> Floats:
        """Return the matrix (p, n) from values at the nodes to values at points in [-1, 1]."""
        basis = np.polynomial.legendre.legvander(np.asarray(points), len(self.nodes) - 1)
        return np.asarray(basis @ self.to_legendre)


def collocation(count: int) -> Collocation:
    """Return the collocation with a number of nodes (at least 4).

    Example:
        >>> grid = collocation(8)
        >>> bool(np.allclose(grid.derivative @ grid.nodes**5, 5 * grid.nodes**4))
        True
    """
    degree = count - 1
    top = np.polynomial.legendre.Legendre.basis(degree)
    inner = np.sort(np.asarray(top.deriv().roots()).real)
    x = np.concatenate([[-1.0], 0.5 * (inner - inner[::-1]), [1.0]])
    value = top(x)
    weights = 2.0 / (degree * count * value**2)
    gaps = x[:, None] - x
    np.fill_diagonal(gaps, 1.0)
    derivative = (value[:, None] / value) / gaps
    np.fill_diagonal(derivative, 0.0)
    derivative[0, 0], derivative[-1, -1] = -degree * count / 4, degree * count / 4
    basis = np.polynomial.legendre.legvander(x, degree)
    return Collocation(
        nodes=x, weights=weights, derivative=derivative, to_legendre=np.linalg.inv(basis)
    )
