"""A sparse complex matrix that is real almost everywhere, applied in real arithmetic."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

__all__ = ["SplitMatrix"]

Complex = NDArray[np.complex128]


class SplitMatrix:
    """Real and imaginary part kept apart: only the absorbing layer has an imaginary part.

    A product with a block of vectors moves half the memory of the complex product.
    """

    def __init__(self, matrix: sp.csr_matrix) -> None:
        self._real = sp.csr_matrix(
            (matrix.data.real.copy(), matrix.indices, matrix.indptr), shape=matrix.shape
        )
        imaginary = sp.csr_matrix(
            (matrix.data.imag.copy(), matrix.indices, matrix.indptr),
            shape=matrix.shape,
            copy=True,
        )
        imaginary.eliminate_zeros()
        self._imaginary = imaginary

    def __matmul__(self, vectors: Complex) -> Complex:
        """Return the product with a block of complex vectors (n, k)."""
        pairs = np.ascontiguousarray(vectors).view(np.float64)
        product = np.ascontiguousarray(self._real @ pairs).view(np.complex128)
        if self._imaginary.nnz:
            product += 1j * np.ascontiguousarray(self._imaginary @ pairs).view(np.complex128)
        return np.asarray(product)
