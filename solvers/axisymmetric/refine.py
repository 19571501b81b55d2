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
from solvers.axisymmetric.pencil import Pencil, continued_permittivity

__all__ = ["RefinedModes", "refine"]

Complex = NDArray[np.complex128]


@dataclass(frozen=True, kw_only=True, eq=False)
class RefinedModes:
    """Eigenpairs of the full pencil: k (n,), vectors (N, n), residuals (n,).

    `remaining` (n,) is what the iteration is expected to still move k^2 by, relatively: the
    limit of the geometric series of its last two steps.
    """

    wavenumbers: Complex
    vectors: Complex
    residuals: NDArray[np.float64]
    remaining: NDArray[np.float64]


def refine(
    pencil: Pencil,
    azimuthal_order: int,
    shift: complex,
    wavenumbers: Complex,
    vectors: Complex,
    *,
    wanted: NDArray[np.bool_],
    quality_tolerance: float,
    inverse: Factorization | None = None,
    max_sweeps: int = 16,
) -> RefinedModes:
    """Refine the wanted ones of a block of approximate eigenpairs near `shift`.

    Args:
        wavenumbers: approximate k (n,), rad/um.
        vectors: approximate eigenvectors (N, n); those not wanted only enrich the subspace.
        wanted: which of them to refine and return.
        quality_tolerance: relative error of Q at which a mode is converged; its k is then
            converged to this number over 2 Q.
        inverse: of the pencil at the shift, where it is known already.
    """
    if inverse is None:
        inverse = pencil.factorize(azimuthal_order, shift, single=True)
    materials, masses = pencil.material_masses
    matrices = (pencil.split_stiffness(azimuthal_order), *masses)
    free = pencil.free(azimuthal_order)[:, None]
    vectors = np.where(free, vectors, 0)
    subspace = _Subspace(matrices, vectors)
    start = subspace.coordinates(vectors[:, wanted])
    squares = wavenumbers[wanted] ** 2
    dispersion = _Dispersion.at(materials, squares)
    squares, coefficients = _small_problem(subspace.projections, dispersion, squares, start)
    changes = np.full(len(squares), np.inf)
    remaining = changes
    active = np.ones(len(squares), dtype=bool)
    for sweep in range(max_sweeps + 1):
        images = subspace.images(coefficients)
        dispersion = _Dispersion.at(materials, squares)
        loads = dispersion.weights * squares
        mass = sum(load * image for load, image in zip(loads, images[1:], strict=True))
        residual = np.where(free, images[0] - mass, 0)
        residuals = np.linalg.norm(residual, axis=0) / (
            np.linalg.norm(images[0], axis=0) + np.linalg.norm(mass, axis=0)
        )
        if sweep == max_sweeps or not active.any():
            break
        subspace.extend(inverse.solve(residual[:, active]))
        start = np.zeros((subspace.dimension, len(squares)), dtype=np.complex128)
        start[: len(coefficients)] = coefficients
        updated, coefficients = _small_problem(subspace.projections, dispersion, squares, start)
        previous, changes = changes, np.abs(updated - squares) / np.abs(squares)
        squares = updated
        rate = np.where(np.isfinite(previous), np.minimum(changes / previous, 1.0), 1.0)
        inverse_quality = np.abs(squares.imag) / np.abs(squares)
        # At low Q the wavelength decides: it is asked for a thousand times more than Q.
        tolerance = np.clip(quality_tolerance * inverse_quality, 1e-14, 1e-3 * quality_tolerance)
        # The subspace grows for the active ones only: of the others nothing new is known.
        expected = changes * rate / np.maximum(1 - rate, 0.1)
        remaining = np.where(active, expected, remaining)
        active &= remaining > tolerance
    return RefinedModes(
        wavenumbers=np.sqrt(squares),
        vectors=subspace.combine(coefficients),
        residuals=residuals,
        remaining=remaining,
    )


class _Subspace:
    """A growing orthonormal basis, kept in blocks, with its images under a few matrices.

    Blocks stay below the size at which the allocator returns memory to the system.
    """

    def __init__(self, matrices: tuple[Any, ...], vectors: Complex) -> None:
        self._matrices = matrices
        block = np.linalg.qr(vectors)[0]
        self._blocks = [block]
        self._images = [[matrix @ block] for matrix in matrices]
        self.projections = np.stack([block.T @ image[0] for image in self._images])

    @property
    def dimension(self) -> int:
        return int(self.projections.shape[-1])

    def coordinates(self, vectors: Complex) -> Complex:
        return np.vstack([_adjoint(block, vectors) for block in self._blocks])

    def combine(self, coefficients: Complex) -> Complex:
        return _combined(self._blocks, coefficients)

    def images(self, coefficients: Complex) -> list[Complex]:
        return [_combined(blocks, coefficients) for blocks in self._images]

    def extend(self, vectors: Complex) -> None:
        vectors = vectors / np.linalg.norm(vectors, axis=0)
        for _ in range(2):
            for block in self._blocks:
                vectors -= block @ _adjoint(block, vectors)
        new = np.linalg.qr(vectors)[0]
        grown = []
        for matrix, old, blocks in zip(self._matrices, self.projections, self._images, strict=True):
            image = matrix @ new
            # The matrices are complex symmetric, and so are their projections.
            cross = np.hstack([new.T @ block for block in blocks])
            grown.append(np.block([[old, cross.T], [cross, new.T @ image]]))
            blocks.append(image)
        self.projections = np.stack(grown)
        self._blocks.append(new)


def _adjoint(block: Complex, vectors: Complex) -> Complex:
    """Return block^H vectors without a conjugated copy of the block."""
    return np.asarray((block.T @ vectors.conj()).conj())


def _combined(blocks: list[Complex], coefficients: Complex) -> Complex:
    total: Complex | None = None
    row = 0
    for block in blocks:
        term = block @ coefficients[row : row + block.shape[1]]
        total = term if total is None else total + term
        row += block.shape[1]
    assert total is not None
    return total


@dataclass(frozen=True, kw_only=True, eq=False)
class _Dispersion:
    """Weights of the mass matrices at each mode's k, and their slopes k d/dk (materials, n)."""

    wavenumbers: Complex
    weights: Complex
    slopes: Complex

    @classmethod
    def at(cls, materials: tuple[Material | None, ...], squares: Complex) -> _Dispersion:
        k = np.sqrt(squares)
        weights = np.ones((len(materials), len(k)), dtype=np.complex128)
        slopes = np.zeros_like(weights)
        for row, material in enumerate(materials):
            if material is not None:
                weights[row], slopes[row] = continued_permittivity(material, squares)
        return cls(wavenumbers=k, weights=weights, slopes=slopes)

    def linearised(
        self, stiffness: Complex, masses: Complex, squares: Complex
    ) -> tuple[Complex, Complex]:
        """Return (A, B) of A x = k^2 B x, exact to first order in k^2 around the modes' mean."""
        middle = complex(np.mean(squares))
        spread = np.sqrt(middle) / self.wavenumbers - 1
        weights = (self.weights + self.slopes * spread).mean(axis=1)
        # eps(k^2) = weight + slope (k^2 - middle) / (2 middle)
        changes = self.slopes.mean(axis=1) / (2 * middle)
        mass = np.tensordot(weights, masses, axes=1)
        change = np.tensordot(changes, masses, axes=1)
        return stiffness + middle**2 * change, mass + middle * change

    def near(self, number: int, square: complex) -> Complex:
        """Return the weights of one mode at a slightly different k^2."""
        shift = np.sqrt(square) / self.wavenumbers[number] - 1
        return np.asarray(self.weights[:, number] + self.slopes[:, number] * shift)


def _small_problem(
    projections: Complex, dispersion: _Dispersion, squares: Complex, start: Complex
) -> tuple[Complex, Complex]:
    """Solve the projected nonlinear problem, one distinct solution for every start vector.

    The eigenvectors of the pencil linearised in k^2 are assigned one to one to the start
    vectors by overlap, so that two modes cannot collapse onto one; a Rayleigh-quotient step
    with each mode's own permittivities then removes the linearisation.
    """
    from scipy.linalg import eig
    from scipy.optimize import linear_sum_assignment

    stiffness, masses = projections[0], projections[1:]
    left, right = dispersion.linearised(stiffness, masses, squares)
    values, ritz = eig(left, right)
    ritz = ritz / np.linalg.norm(ritz, axis=0)
    overlap = np.abs(ritz.conj().T @ (start / np.linalg.norm(start, axis=0)))
    # Among equal overlaps the nearest eigenvalue is meant.
    distance = np.abs(values[:, None] - squares[None, :]) / np.abs(squares)
    chosen, modes = linear_sum_assignment(np.minimum(distance, 1.0) - overlap)
    squares, vectors = squares.copy(), np.empty_like(start)
    for row, number in zip(chosen.tolist(), modes.tolist(), strict=True):
        square, vector = complex(values[row]), ritz[:, row]
        for _ in range(3):
            mass = np.tensordot(dispersion.near(number, square), masses, axes=1)
            # An exactly singular shift is the eigenvalue itself: the offset keeps LU alive.
            shifted = stiffness - square * (1 + 1e-14) * mass
            improved = np.linalg.solve(shifted, mass @ vector)
            improved /= np.linalg.norm(improved)
            if abs(np.vdot(improved, ritz[:, row])) < 0.7:
                break
            vector = improved
            quotient = (vector @ stiffness @ vector) / (vector @ mass @ vector)
            converged = abs(quotient - square) < 1e-14 * abs(square)
            square = quotient
            if converged:
                break
        squares[number], vectors[:, number] = square, vector
    return squares, vectors
