"""Blind search: every eigenvalue of a sector inside a window of the complex plane."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.axisymmetric.block_arnoldi import block_arnoldi
from solvers.axisymmetric.factorization import Factorization
from solvers.unit_cell_fem.pencil import Pencil

__all__ = ["Found", "Window", "search_sector"]

Complexes = NDArray[np.complex128]

_BLOCK = 3
_TOLERANCE = 1e-8
_MOST_VECTORS = 240


@dataclass(frozen=True, kw_only=True)
class Window:
    """Part of the complex k plane: low <= Re k <= high (rad/um), |Q| above the floor."""

    low: float
    high: float
    quality_factor_floor: float

    def contains(self, k: complex, margin: float = 0.0) -> bool:
        """Whether k lies in the window, made wider by a relative margin."""
        if not self.low * (1 - margin) <= k.real <= self.high * (1 + margin):
            return False
        return abs(k.imag) <= k.real * (0.5 / self.quality_factor_floor + margin)

    def frame(self, count: int = 60) -> Complexes:
        """Return points (2, count) along the lossless and the lossiest edge."""
        real = np.linspace(self.low, self.high, count)
        return np.stack([real + 0j, real - 0.5j * real / self.quality_factor_floor])


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """Eigenpairs of a sector near the window, those of the absorbing layers among them.

    Attributes:
        wavenumbers: k (rad/um) (m,).
        vectors: columns (n, m).
        residuals: |A x - k^2 M x| / |k^2 M x| (m,).
        complete: whether nothing in the window can have been missed.
    """

    wavenumbers: Complexes
    vectors: Complexes
    residuals: NDArray[np.float64]
    complete: bool


def search_sector(pencil: Pencil, window: Window) -> Found:
    """Return the eigenpairs of the window by shift-and-invert from its middle.

    Block Arnoldi goes on until all eigenvalues of a disc in k^2 that holds the window have
    converged.
    """
    middle = math.sqrt((window.low**2 + window.high**2) / 2)
    shift = complex(middle**2) * (1 + 0.002j)
    shifted = (pencil.stiffness - shift * pencil.mass).tocsr()
    # In compressed rows the factorisation sees the transpose.
    inverse = Factorization(shifted.T.tocsr(), np.ones(len(pencil.free), dtype=bool))
    frame = window.frame() ** 2
    noise: NDArray[np.float64] = np.random.default_rng(0).normal(size=(len(pencil.free), _BLOCK))
    start = inverse.solve(noise.astype(np.complex128))
    complete = False
    room = len(pencil.free) // 2
    for pairs in block_arnoldi(
        lambda vectors: inverse.solve(np.asarray(pencil.mass @ vectors, dtype=np.complex128)),
        start,
        tolerance=_TOLERANCE,
        first=24,
        every=3,
    ):
        radius = 1 / pairs.bound if pairs.bound > 0 else math.inf
        complete = bool(np.all(np.abs(frame - shift) <= 0.97 * radius))
        if complete or pairs.dimension > min(_MOST_VECTORS, room):
            break
    k = np.sqrt(shift + 1 / pairs.values)
    kept = np.array([window.contains(one, 0.02) for one in k], dtype=bool)
    vectors = pairs.vectors()[:, kept]
    k = k[kept]
    inertia = (pencil.mass @ vectors) * k**2
    residuals = np.linalg.norm(pencil.stiffness @ vectors - inertia, axis=0)
    residuals /= np.linalg.norm(inertia, axis=0)
    return Found(wavenumbers=k, vectors=vectors, residuals=residuals, complete=complete)
