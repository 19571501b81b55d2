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

Complex = NDArray[np.complex128]


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
    _blocks: list[Complex]
    _coefficients: Complex

    def vectors(self) -> Complex:
        """Return the Ritz vectors (N, n)."""
        total = np.zeros((self._blocks[0].shape[0], len(self.values)), dtype=np.complex128)
        row = 0
        for block in self._blocks:
            total += block @ self._coefficients[row : row + block.shape[1]]
            row += block.shape[1]
        return total


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
        start: first block (N, b).
        tolerance: largest residual of a converged pair, relative to its value.
        first: dimension at the first look at the Ritz pairs.
        every: blocks between looks.
    """
    from scipy.linalg import qr

    width = start.shape[1]
    blocks: list[Complex] = [np.asfortranarray(qr(start, mode="economic", check_finite=False)[0])]
    size = 16 * width
    hessenberg = np.zeros((size, size), dtype=np.complex128)
    since = 0
    while True:
        image = apply(blocks[-1])
        column = slice((len(blocks) - 1) * width, len(blocks) * width)
        if (len(blocks) + 1) * width > len(hessenberg):
            hessenberg = np.pad(hessenberg, ((0, size), (0, size)))
        # Classical Gram-Schmidt, twice: as good as the modified one.
        for _ in range(2):
            for number, block in enumerate(blocks):
                part = block.conj().T @ image
                image = image - block @ part
                hessenberg[number * width : (number + 1) * width, column] += part
        factors = qr(image, mode="economic", check_finite=False)
        orthonormal, triangle = (np.asarray(factor, dtype=np.complex128) for factor in factors)
        below = slice(len(blocks) * width, (len(blocks) + 1) * width)
        hessenberg[below, column] = triangle
        dimension = len(blocks) * width
        since += 1
        if dimension >= first and (since >= every or dimension - width < first):
            since = 0
            yield _converged(hessenberg[:dimension, :dimension], triangle, blocks, tolerance)
        blocks.append(np.asfortranarray(orthonormal))


def _converged(
    hessenberg: Complex, triangle: Complex, blocks: list[Complex], tolerance: float
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
        _blocks=list(blocks),
        _coefficients=vectors[:, :count],
    )
