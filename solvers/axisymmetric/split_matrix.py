"""A sparse complex matrix that is real almost everywhere, applied in real arithmetic."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

__all__ = ["SplitMatrix"]


class SplitMatrix:
    """Real and imaginary part kept apart: only the absorbing layer has an imaginary part.

    A product with a block of vectors moves half the memory of the complex product. Products with
    single-precision vectors are in single precision if the matrix is.
    """

    def __init__(self, matrix: sp.csr_matrix, *, single: bool = False) -> None:
        if single:
            matrix = matrix.astype(np.complex64)
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

    def __matmul__(self, vectors: NDArray[Any]) -> NDArray[Any]:
        """Return the product with a block of complex vectors (n, k)."""
        pairs = np.ascontiguousarray(vectors).view(vectors.real.dtype)
        product = self._complex(self._real @ pairs)
        if self._imaginary.nnz:
            product += 1j * self._complex(self._imaginary @ pairs)
        return product

    @staticmethod
    def _complex(pairs: NDArray[np.floating]) -> NDArray[Any]:
        kind = np.complex64 if pairs.dtype == np.float32 else np.complex128
        return np.ascontiguousarray(pairs).view(kind)
