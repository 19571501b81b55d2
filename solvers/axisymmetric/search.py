"""Blind search: every eigenvalue of one azimuthal order inside a window of the complex plane."""

from __future__ import annotations

import itertools
import logging
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.axisymmetric.block_arnoldi import block_arnoldi
from solvers.axisymmetric.pencil import Pencil
from solvers.axisymmetric.split_matrix import SplitMatrix

__all__ = ["Candidates", "Window", "search_disc", "search_window"]

Complex = NDArray[np.complex128]
_log = logging.getLogger(__name__)

# Vectors in a block; dimensions of a Krylov space that usually do, and that always must.
_BLOCK = 4
_DIMENSION = 192
_MAX_DIMENSION = 480

# Widest interval (over its k) that one disc is tried on, and height of the shift over its width.
_WIDTH, _LIFT = 0.07, 0.15


@dataclass(frozen=True, kw_only=True)
class Window:
    """Part of the complex k plane: low <= Re k <= high (rad/um), |Q| above the floor."""

    low: float
    high: float
    quality_factor_floor: float

    def contains(self, wavenumber: complex) -> bool:
        """Whether k lies in the window."""
        real, imag = wavenumber.real, wavenumber.imag
        return self.low <= real <= self.high and abs(imag) <= real / (2 * self.quality_factor_floor)

    def distance(self, wavenumbers: Complex) -> NDArray[np.float64]:
        """Return how far outside each k lies, relative to Re k; 0 inside."""
        real, imag = wavenumbers.real, wavenumbers.imag
        beside = np.maximum(self.low - real, real - self.high) / real
        below = np.abs(imag / real) - 1 / (2 * self.quality_factor_floor)
        return np.asarray(np.maximum(np.maximum(beside, below), 0))

    def widened(self, margin: float) -> Window:
        """Return the window with a relative margin of Re k, and a third of it for Im k / k."""
        return Window(
            low=self.low * (1 - margin),
            high=self.high * (1 + margin),
            quality_factor_floor=1 / (1 / self.quality_factor_floor + 0.6 * margin),
        )

    def frame(self, low: float, high: float, count: int) -> Complex:
        """Return points (2, count) along the lossless and lossiest edges from low to high."""
        real = np.linspace(low, high, count)
        return np.stack([real + 0j, real - 0.5j * real / self.quality_factor_floor])


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidates:
    """Eigenpairs of the linearised pencil nearest to a shift, complete within a disc of k^2."""

    shift: complex
    wavenumbers: Complex
    vectors: Complex
    radius: float

    def covers(self, wavenumbers: Complex) -> NDArray[np.bool_]:
        """Whether points of the k plane lie within the completely searched disc."""
        return _within(wavenumbers, self.shift, self.radius)


def _within(wavenumbers: Complex, shift: complex, radius: float) -> NDArray[np.bool_]:
    """Whether k lies in a disc of k^2, with a margin for what linearisation leaves uncertain."""
    return np.asarray(np.abs(wavenumbers**2 - shift**2) <= 0.97 * radius)


def search_disc(pencil: Pencil, azimuthal_order: int, shift: complex, frame: Complex) -> Candidates:
    """Return the eigenpairs nearest to k = shift: as many as it takes to cover the frame.

    Shift-and-invert block Arnoldi; the pencil is linearised in k^2 at the shift, dispersion
    included. Beyond `_DIMENSION` vectors a part of the frame, counted in its columns, must do.

    Args:
        frame: points (2, n) along two edges of the region to cover.
    """
    inverse = pencil.factorize(azimuthal_order, shift, single=True)
    mass = SplitMatrix(pencil.matrix(pencil.inertia_entries(shift)), single=True)
    free = pencil.free(azimuthal_order)
    noise = np.random.default_rng(0).normal(size=(pencil.size, _BLOCK))
    # Single precision throughout: half the memory to move, and far below the tolerance.
    start = inverse.solve((noise * free[:, None]).astype(np.complex64))
    room = int(free.sum()) // 2
    # The pairs are only starting points for the refinement.
    for pairs in block_arnoldi(
        lambda vectors: inverse.solve(mass @ vectors), start, tolerance=1e-3, first=24, every=2
    ):
        radius = 1 / pairs.bound if pairs.bound > 0 else math.inf
        covered = _within(frame, shift, radius).all(axis=0).mean()
        enough = covered >= 0.1 and pairs.dimension >= _DIMENSION
        if covered == 1.0 or enough or pairs.dimension + 3 * _BLOCK > room:
            break
        if pairs.dimension > _MAX_DIMENSION:
            raise RuntimeError(
                f"azimuthal_order {azimuthal_order}: the modes near k = {shift.real:.4f} rad/um "
                "are too dense to cover; raise quality_factor_floor or narrow the window"
            )
    return Candidates(
        shift=shift,
        wavenumbers=np.sqrt(shift**2 + 1 / pairs.values.astype(np.complex128)),
        vectors=pairs.vectors(),
        radius=radius,
    )


def search_window(pencil: Pencil, azimuthal_order: int, window: Window) -> list[Candidates]:
    """Cover the window with searched discs and return them.

    A disc in the middle of an interval leaves uncovered flanks, which are covered in turn.
    Shifts lie above the real axis, so that discs reach the high-Q modes before the cloud of
    low-Q modes of the absorbing layer.
    """
    discs: list[Candidates] = []
    width = window.high - window.low
    parts = max(round(width / (_WIDTH * (window.low + width / 2))), 1)
    edges = np.linspace(window.low, window.high, parts + 1).tolist()
    intervals = list(itertools.pairwise(edges))
    while intervals:
        low, high = intervals.pop()
        middle, frame = (low + high) / 2, window.frame(low, high, 200)
        lift = min(_LIFT * (high - low), 0.02 * middle)
        disc = search_disc(pencil, azimuthal_order, complex(middle, lift), frame)
        discs.append(disc)
        covered = np.atleast_1d(disc.covers(frame).all(axis=0))
        real = frame[0].real
        for flank in (real[: int(covered.argmax())], real[len(real) - covered[::-1].argmax() :]):
            if len(flank):
                margin = (high - low) / 199
                intervals.append((max(flank[0] - margin, low), min(flank[-1] + margin, high)))
        _log.debug(
            "m=%d k %.4f-%.4f rad/um: %d pairs cover %.0f %%",
            azimuthal_order,
            low,
            high,
            len(disc.wavenumbers),
            100 * covered.mean(),
        )
    return discs
