"""Permittivity of a patterned layer as matrices: what multiplies the fields' Fourier series.

With E = (E_x, E_y) and h = (H_y, -H_x) (H times the vacuum impedance) in a basis of plane waves,

    E' = i P h,  P = k0 - K eta K^T/k0,      h' = i L E,  L = k0 eps - C/k0,

K the divergence and C the double curl in the plane, eta the inverse of the Toeplitz matrix of the
permittivity (E_z has no jump at vertical walls), and

    eps = [[eps]] - (D n n^T + n n^T D)/2,   D = [[eps]] - [[1/eps]]^-1,

which multiplies the normal part of E, the one that jumps, with [[1/eps]]^-1 and the rest with
[[eps]]; the mean of both orders keeps the matrix Hermitian without loss, so that energy is
conserved at any truncation.

Source: L. Li, J. Opt. Soc. Am. A 13, 1870 (1996), doi:10.1364/JOSAA.13.001870.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.fourier_modal.orders import Orders
from solvers.fourier_modal.sectors import Sector

__all__ = ["LayerPattern", "PatternMatrices", "Permittivity", "pattern_matrices"]

Complexes = NDArray[np.complex128]


@dataclass(frozen=True, kw_only=True, eq=False)
class LayerPattern:
    """Fourier coefficients of one patterned layer on a grid of differences of orders.

    Attributes:
        indicators: for each part of the layer, of the function that is 1 there (2m+1, 2m'+1).
        normals: of n_x n_x, n_x n_y, n_y n_y.
    """

    indicators: tuple[Complexes, ...]
    normals: tuple[Complexes, Complexes, Complexes]


@dataclass(frozen=True, kw_only=True, eq=False)
class Permittivity:
    """The matrices of a layer at given permittivities.

    Attributes:
        tangential: eps (n, n).
        inverse_axial: eta on all functions of E_z (n_z, n_z), the p functions first.
        continuous: [[1/eps]]^-1 (n, n).
    """

    tangential: Complexes
    inverse_axial: Complexes
    continuous: Complexes


@dataclass(frozen=True, kw_only=True, eq=False)
class PatternMatrices:
    """The matrices of a patterned layer in one sector.

    Attributes:
        vector: indicator of each part on tangential fields (n, n).
        axial: indicator of each part on E_z (n_z, n_z).
        normal: n n^T (n, n).
    """

    vector: tuple[Complexes, ...]
    axial: tuple[Complexes, ...]
    normal: Complexes

    def permittivity(self, eps: Sequence[complex]) -> Permittivity:
        """Return the matrices at the parts' permittivities."""
        laurent = _sum(eps, self.vector)
        inverse = _inverse(_sum([1 / e for e in eps], self.vector))
        jump = laurent - inverse
        axial = _sum(eps, self.axial)
        return Permittivity(
            tangential=laurent - (jump @ self.normal + self.normal @ jump) / 2,
            inverse_axial=_inverse(axial),
            continuous=inverse,
        )

    def slope_times(
        self,
        eps: Sequence[complex],
        slopes: Sequence[complex],
        at: Permittivity,
        columns: Complexes,
    ) -> Complexes:
        """Return d eps/dt times columns (n, m) for permittivities that change by `slopes`."""
        inner = [d / e**2 for d, e in zip(slopes, eps, strict=True)]

        def jump(x: Complexes) -> Complexes:
            return _combined(slopes, self.vector, x) - at.continuous @ _combined(
                inner, self.vector, at.continuous @ x
            )

        turned = jump(self.normal @ columns) + self.normal @ jump(columns)
        return _combined(slopes, self.vector, columns) - turned / 2

    def axial_slope_times(
        self, slopes: Sequence[complex], at: Permittivity, columns: Complexes
    ) -> Complexes:
        """Return d eta/dt times columns (n_p, m) on the p functions (n_p, m)."""
        p = len(columns)
        inner = at.inverse_axial[:, :p] @ columns
        return -(at.inverse_axial @ _combined(slopes, self.axial, inner))[:p]


def pattern_matrices(pattern: LayerPattern, orders: Orders, sector: Sector) -> PatternMatrices:
    """Return a pattern's matrices in one sector."""
    basis = sector.vector_basis()
    scalar = sector.scalar
    toeplitz = [orders.toeplitz(part) for part in pattern.indicators]
    xx, xy, yy = (orders.toeplitz(part) for part in pattern.normals)
    bx, by = basis
    adjoint_x, adjoint_y = bx.conj().T, by.conj().T
    return PatternMatrices(
        vector=tuple(adjoint_x @ (t @ bx) + adjoint_y @ (t @ by) for t in toeplitz),
        axial=tuple(scalar.conj().T @ (t @ scalar) for t in toeplitz),
        normal=adjoint_x @ (xx @ bx + xy @ by) + adjoint_y @ (xy @ bx + yy @ by),
    )


def _inverse(matrix: Complexes) -> Complexes:
    return np.asarray(np.linalg.inv(matrix), dtype=np.complex128)


def _sum(weights: Sequence[complex], matrices: Sequence[Complexes]) -> Complexes:
    total = weights[0] * matrices[0]
    for weight, matrix in zip(weights[1:], matrices[1:], strict=True):
        total = total + weight * matrix
    return total


def _combined(
    weights: Sequence[complex], matrices: Sequence[Complexes], columns: Complexes
) -> Complexes:
    total = np.zeros(columns.shape, dtype=np.complex128)
    for weight, matrix in zip(weights, matrices, strict=True):
        if weight:
            total += weight * (matrix @ columns)
    return total
