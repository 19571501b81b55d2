"""Sparse LDL^T factorisation of a complex-symmetric matrix, by NGSolve."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Factorization"]

Complex = NDArray[np.complex128]


class Factorization:
    """The inverse of a sparse complex-symmetric matrix on its free unknowns.

    NGSolve's `sparsecholesky` is an unpivoted LDL^T; on these shifted pencils it is the
    fastest of the direct solvers at hand and its stability is checked by every mode's residual.
    """

    def __init__(self, template: Any, entries: Complex, free: NDArray[np.bool_]) -> None:
        from ngsolve import BitArray

        matrix = template.CreateMatrix()
        matrix.AsVector().FV().NumPy()[:] = entries
        mask = BitArray(len(free))
        mask.Clear()
        for index in np.flatnonzero(free):
            mask.Set(int(index))
        self._inverse = matrix.Inverse(mask, inverse="sparsecholesky")
        self._input = matrix.CreateRowVector()
        self._output = matrix.CreateColVector()

    def solve(self, right: Complex) -> Complex:
        """Solve for one vector (n,) or several (n, k); constrained unknowns come back zero."""
        if right.ndim == 1:
            self._input.FV().NumPy()[:] = right
            self._output.data = self._inverse * self._input
            return np.array(self._output.FV().NumPy(), copy=True)
        solution = np.empty_like(right, order="F")
        for column in range(right.shape[1]):
            solution[:, column] = self.solve(right[:, column])
        return solution
