"""The Rayleigh-Ritz problem of the dispersive pencil in a small space of vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cavities.material import Material
from solvers.axisymmetric.pencil import continued_permittivity

__all__ = ["Dispersion", "Subspace", "projected_solutions"]

Complex = NDArray[np.complex128]


class Subspace:
    """A growing orthonormal basis, kept in blocks, with its images under a few matrices.

    `projections` are the unconjugated products of the basis with its images.

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
        """Number of vectors in the basis."""
        return int(self.projections.shape[-1])

    def coordinates(self, vectors: Complex) -> Complex:
        """Return the coordinates of vectors of the space."""
        return np.vstack([_adjoint(block, vectors) for block in self._blocks])

    def combine(self, coefficients: Complex) -> Complex:
        """Return the vectors of given coordinates."""
        return _combined(self._blocks, coefficients)

    def images(self, coefficients: Complex) -> list[Complex]:
        """Return the images of vectors of given coordinates under every matrix."""
        return [_combined(blocks, coefficients) for blocks in self._images]

    def extend(self, vectors: Complex) -> None:
        """Add what is new in some vectors to the basis."""
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
class Dispersion:
    """Weights of the mass matrices at each mode's k, and their slopes k d/dk (materials, n)."""

    wavenumbers: Complex
    weights: Complex
    slopes: Complex

    @classmethod
    def at(cls, materials: tuple[Material | None, ...], squares: Complex) -> Dispersion:
        """Evaluate the materials (None: a constant, weight 1) at every k^2."""
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


def projected_solutions(
    projections: Complex, dispersion: Dispersion, squares: Complex, start: Complex
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
