"""Block Arnoldi iteration for the eigenvalues of largest modulus.

Y. Saad, Numerical Methods for Large Eigenvalue Problems (SIAM, 2011), section 6.5,
doi:10.1137/1.9781611970739. A triangular solve reads the whole factor whether it has one
right-hand side or eight, so that a block costs a third per vector of what single vectors do; and
a block does not overlook one of two equal eigenvalues.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["RitzPairs", "block_arnoldi"]

Complex = NDArray[np.complexfloating]


@dataclass(frozen=True, kw_only=True, eq=False)
class RitzPairs:
    """The leading converged Ritz pairs of a Krylov space.

    Attributes:
        values: by falling modulus (n,); every one of them has converged.
        bound: modulus of the first value that has not, 0 when all have: eigenvalues of larger
            modulus are all among `values`.
        dimension: of the Krylov space.
    """

    values: Complex
    bound: float
    dimension: int
    _basis: Complex
    _coefficients: Complex

    def vectors(self) -> NDArray[np.complex128]:
        """Return the Ritz vectors (N, n)."""
        found = self._basis @ self._coefficients.astype(self._basis.dtype)
        return found.astype(np.complex128, copy=False)


def block_arnoldi(
    apply: Callable[[Complex], Complex],
    start: Complex,
    *,
    tolerance: float,
    first: int,
    every: int,
) -> Iterator[RitzPairs]:
    """Yield what has converged, from `first` dimensions on after every few further blocks.

    Args:
        apply: the operator on a block of vectors (N, b).
        start: first block (N, b); the space has its precision.
        tolerance: largest residual of a converged pair, relative to its value.
        first: dimension at the first look at the Ritz pairs.
        every: blocks between looks.
    """
    from scipy.linalg import qr

    width = start.shape[1]
    size = 32 * width
    basis = np.empty((start.shape[0], size), dtype=start.dtype, order="F")
    basis[:, :width] = qr(start, mode="economic", check_finite=False)[0]
    hessenberg = np.zeros((size, size), dtype=np.complex128)
    dimension, since = width, 0
    while True:
        known = basis[:, :dimension]
        image = apply(known[:, -width:])
        column = slice(dimension - width, dimension)
        # Classical Gram-Schmidt, twice: as good as the modified one.
        for _ in range(2):
            # The conjugate of the small factor: that of the basis would be a copy of it.
            part = (known.T @ image.conj()).conj()
            image = image - known @ part
            hessenberg[:dimension, column] += part
        factors = qr(image, mode="economic", check_finite=False)
        orthonormal, triangle = (np.asarray(factor, dtype=start.dtype) for factor in factors)
        since += 1
        if dimension >= first and (since >= every or dimension - width < first):
            since = 0
            yield _converged(hessenberg[:dimension, :dimension], triangle, known, tolerance)
        if dimension + width > size:
            size *= 2
            hessenberg = np.pad(hessenberg, (0, size - len(hessenberg)))
            grown = np.empty((len(basis), size), dtype=start.dtype, order="F")
            grown[:, :dimension] = known
            basis = grown
        hessenberg[dimension : dimension + width, column] = triangle
        basis[:, dimension : dimension + width] = orthonormal
        dimension += width


def _converged(
    hessenberg: Complex, triangle: Complex, basis: Complex, tolerance: float
) -> RitzPairs:
    from scipy.linalg import eig

    values, vectors = eig(hessenberg, check_finite=False)
    order = np.argsort(-np.abs(values))
    values, vectors = values[order], vectors[:, order]
    residuals = np.linalg.norm(triangle @ vectors[-triangle.shape[1] :], axis=0)
    failed = residuals > tolerance * np.abs(values)
    count = int(failed.argmax()) if failed.any() else len(values)
    return RitzPairs(
        values=values[:count],
        bound=float(abs(values[count])) if count < len(values) else 0.0,
        dimension=len(values),
        _basis=basis,
        _coefficients=vectors[:, :count],
    )
