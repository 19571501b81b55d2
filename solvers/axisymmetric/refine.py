"""From approximate eigenpairs to self-consistent ones of the full-order, dispersive pencil.

Residual inverse iteration (A. Neumaier, SIAM J. Numer. Anal. 22, 914 (1985),
doi:10.1137/0722055) with one factorisation for a whole block of modes, followed by a
Rayleigh-Ritz step in the block's span where the permittivity of every material is evaluated at
each mode's own wavelength.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cavities.material import Material
from solvers.axisymmetric.factorization import Factorization
from solvers.axisymmetric.pencil import Pencil
from solvers.axisymmetric.ritz import Dispersion, Subspace, projected_solutions
from solvers.axisymmetric.search import Window

__all__ = ["RefinedModes", "corrected", "refine"]

Complex = NDArray[np.complex128]

# Sweeps after which the rate of convergence says how many more it takes.
_SWEEPS_TO_JUDGE = 3
_FASTEST_AT_FIRST = 0.3


@dataclass(frozen=True, kw_only=True, eq=False)
class RefinedModes:
    """Eigenpairs of the full pencil: k (n,), vectors (N, n), residuals (n,).

    `remaining` (n,) is what the iteration is expected to still move k^2 by, relatively: the
    limit of the geometric series of its last two steps. `unfinished` (n,) tells which stopped
    for want of sweeps or patience.
    """

    wavenumbers: Complex
    vectors: Complex
    residuals: NDArray[np.float64]
    remaining: NDArray[np.float64]
    unfinished: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.wavenumbers)

    def chosen(self, which: NDArray[np.bool_]) -> RefinedModes:
        """Return some of the modes."""
        return RefinedModes(
            wavenumbers=self.wavenumbers[which],
            vectors=self.vectors[:, which],
            residuals=self.residuals[which],
            remaining=self.remaining[which],
            unfinished=self.unfinished[which],
        )

    @classmethod
    def joined(cls, parts: list[RefinedModes]) -> RefinedModes:
        """Return the modes of several sets, at least one, as one set."""
        return cls(
            wavenumbers=np.concatenate([part.wavenumbers for part in parts]),
            vectors=np.concatenate([part.vectors for part in parts], axis=1),
            residuals=np.concatenate([part.residuals for part in parts]),
            remaining=np.concatenate([part.remaining for part in parts]),
            unfinished=np.concatenate([part.unfinished for part in parts]),
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Problem:
    """A(m) x = k^2 M(k) x of one azimuthal order: matrices, and which unknowns are free."""

    materials: tuple[Material | None, ...]
    matrices: tuple[Any, ...]
    free: NDArray[np.bool_]

    @classmethod
    def of(cls, pencil: Pencil, azimuthal_order: int) -> _Problem:
        materials, masses = pencil.material_masses
        return cls(
            materials=materials,
            matrices=(pencil.split_stiffness(azimuthal_order), *masses),
            free=pencil.free(azimuthal_order)[:, None],
        )

    def images(self, vectors: Complex) -> list[Complex]:
        return [matrix @ vectors for matrix in self.matrices]

    def residual(
        self, images: list[Complex], squares: Complex
    ) -> tuple[Complex, NDArray[np.float64]]:
        """Return the residual vectors, from images under all matrices, and their relative size."""
        loads = Dispersion.at(self.materials, squares).weights * squares
        mass = sum(load * image for load, image in zip(loads, images[1:], strict=True))
        residual = np.where(self.free, images[0] - mass, 0)
        norms = np.linalg.norm(images[0], axis=0) + np.linalg.norm(mass, axis=0)
        return residual, np.linalg.norm(residual, axis=0) / norms


def corrected(
    pencil: Pencil,
    azimuthal_order: int,
    inverse: Factorization,
    wavenumbers: Complex,
    vectors: Complex,
) -> tuple[Complex, Complex]:
    """Return eigenpairs of a space of lower order after one step in the full one: (k, vectors).

    k, from the Rayleigh quotient, is then right to some 1e-5 (the space of the search: 1e-3).

    Args:
        inverse: of the pencil at a shift among the modes.
        wavenumbers, vectors: approximate k (n,), rad/um, and eigenvectors (N, n).
    """
    problem = _Problem.of(pencil, azimuthal_order)
    vectors = np.where(problem.free, vectors, 0)
    vectors /= np.linalg.norm(vectors, axis=0)
    squares = wavenumbers**2
    residual, _ = problem.residual(problem.images(vectors), squares)
    vectors = vectors - inverse.solve(residual)
    products = [np.einsum("ij,ij->j", vectors, image) for image in problem.images(vectors)]
    for _ in range(2):
        weights = Dispersion.at(problem.materials, squares).weights
        squares = products[0] / (weights * np.stack(products[1:])).sum(axis=0)
    return np.sqrt(squares), vectors / np.linalg.norm(vectors, axis=0)


def refine(
    pencil: Pencil,
    azimuthal_order: int,
    inverse: Factorization,
    wavenumbers: Complex,
    vectors: Complex,
    *,
    wanted: NDArray[np.bool_],
    quality_tolerance: float,
    last_changes: NDArray[np.float64] | None = None,
    window: Window | None = None,
    patience: int | None = None,
    max_sweeps: int = 16,
) -> RefinedModes:
    """Refine the wanted ones of a block of approximate eigenpairs.

    Args:
        inverse: of the pencil at a shift among them.
        wavenumbers: approximate k (n,), rad/um.
        vectors: approximate eigenvectors (N, n); those not wanted only enrich the subspace.
        wanted: which of them to refine and return.
        quality_tolerance: relative error of Q at which a mode is converged; its k is then
            converged to this number over 2 Q.
        last_changes: by how much the step before moved k^2 of the wanted ones, relatively.
        window: modes that turn out to lie outside of it are left as they are.
        patience: a mode that would need more than so many further sweeps is left unfinished.
    """
    problem = _Problem.of(pencil, azimuthal_order)
    vectors = np.where(problem.free, vectors, 0)
    subspace = Subspace(problem.matrices, vectors)
    start = subspace.coordinates(vectors[:, wanted])
    squares = wavenumbers[wanted] ** 2
    dispersion = Dispersion.at(problem.materials, squares)
    squares, coefficients = projected_solutions(subspace.projections, dispersion, squares, start)
    unknown = np.full(len(squares), np.inf)
    changes = unknown if last_changes is None else last_changes
    remaining, residuals = unknown, unknown.copy()
    active = moved = np.ones(len(squares), dtype=bool)
    given_up = np.zeros(len(squares), dtype=bool)
    for sweep in range(max_sweeps + 1):
        images = subspace.images(coefficients[:, moved])
        residual, residuals[moved] = problem.residual(images, squares[moved])
        if sweep == max_sweeps or not active.any():
            break
        subspace.extend(inverse.solve(residual[:, active[moved]]))
        start = np.zeros((subspace.dimension, len(squares)), dtype=np.complex128)
        start[: len(coefficients)] = coefficients
        dispersion = Dispersion.at(problem.materials, squares)
        updated, improved = projected_solutions(subspace.projections, dispersion, squares, start)
        # The subspace grows for the active ones only: the others stay as they are.
        moved, coefficients = active, np.where(active, improved, start)
        previous = changes
        changes = np.where(active, np.abs(updated - squares) / np.abs(squares), changes)
        squares = np.where(active, updated, squares)
        known = active & np.isfinite(previous) & (previous > 0)
        rate = np.ones(len(squares))
        # What came before the first sweep may have converged faster.
        fastest = 0.0 if sweep else _FASTEST_AT_FIRST
        rate[known] = np.clip(changes[known] / previous[known], fastest, 1.0)
        inverse_quality = np.abs(squares.imag) / np.abs(squares)
        # At low Q the wavelength decides: it is asked for a thousand times more than Q.
        tolerance = np.clip(quality_tolerance * inverse_quality, 1e-14, 1e-3 * quality_tolerance)
        expected = changes * rate / np.maximum(1 - rate, 0.1)
        remaining = np.where(active, expected, remaining)
        active = active & (remaining > tolerance)
        if patience is not None and sweep >= _SWEEPS_TO_JUDGE - 1:
            given_up |= active & (remaining * rate**patience > tolerance)
            active &= ~given_up
        if window is not None:
            active &= window.distance(np.sqrt(squares)) <= np.minimum(remaining / 2, changes)
    return RefinedModes(
        wavenumbers=np.sqrt(squares),
        vectors=subspace.combine(coefficients),
        residuals=residuals,
        remaining=remaining,
        unfinished=active | given_up,
    )
