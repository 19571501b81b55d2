"""Blind search: every eigenvalue of one azimuthal order inside a window of the complex plane."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.axisymmetric.pencil import Pencil

__all__ = ["Candidates", "Window", "search_disc", "search_window"]

Complex = NDArray[np.complex128]
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Window:
    """Part of the complex k plane: low <= Re k <= high (rad/um), Q above the floor.

    Modes with gain are included down to Q = -floor/gain_share.
    """

    low: float
    high: float
    quality_factor_floor: float

    def contains(self, wavenumber: complex, margin: float = 0.0) -> bool:
        """Whether k lies in the window, widened by a relative margin of its edges."""
        real, imag = wavenumber.real, wavenumber.imag
        if not self.low * (1 - margin) <= real <= self.high * (1 + margin):
            return False
        return abs(imag) <= real / (2 * self.quality_factor_floor) * (1 + 20 * margin)

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

    def covers(self, wavenumbers: Complex, share: float = 0.97) -> NDArray[np.bool_]:
        """Whether points of the k plane lie within a share of the completely searched disc."""
        return np.asarray(np.abs(wavenumbers**2 - self.shift**2) <= share * self.radius)


def search_disc(pencil: Pencil, azimuthal_order: int, shift: complex, count: int) -> Candidates:
    """Return the `count` eigenpairs nearest to k = shift by shift-and-invert Arnoldi.

    The pencil is linearised in k^2 at the shift, dispersion included.
    """
    from scipy.sparse.linalg import LinearOperator, eigs

    inverse = pencil.factorize(azimuthal_order, shift)
    mass = pencil.matrix(pencil.inertia_entries(shift))
    size = pencil.size
    free = pencil.free(azimuthal_order)
    count = min(count, int(free.sum()) // 3)
    operator = LinearOperator(
        (size, size), matvec=lambda v: inverse.solve(mass @ v), dtype=np.complex128
    )
    noise = np.random.default_rng(0).normal(size=size).astype(np.complex128)
    start = inverse.solve(noise)
    values, vectors = eigs(
        operator, k=count, ncv=min(size - 1, int(2.5 * count) + 8), v0=start, tol=1e-6
    )
    squares = shift**2 + 1 / values
    return Candidates(
        shift=shift,
        wavenumbers=np.sqrt(squares),
        vectors=vectors,
        radius=float(np.abs(1 / values).max()),
    )


def search_window(pencil: Pencil, azimuthal_order: int, window: Window) -> list[Candidates]:
    """Cover the window with searched discs and return them.

    A disc in the middle of an interval leaves uncovered flanks, which are covered in turn.
    Shifts lie above the real axis, so that discs reach the high-Q modes before the cloud of
    low-Q modes of the absorbing layer.
    """
    discs: list[Candidates] = []
    intervals = [(window.low, window.high, 24)]
    while intervals:
        low, high, count = intervals.pop()
        disc = _disc_over(pencil, azimuthal_order, window, low, high, count)
        discs.append(disc)
        frame = window.frame(low, high, 200)
        covered = np.atleast_1d(disc.covers(frame).all(axis=0))
        real = frame[0].real
        for flank in (real[: int(covered.argmax())], real[len(real) - covered[::-1].argmax() :]):
            if len(flank):
                margin = (high - low) / 199
                left, right = max(flank[0] - margin, low), min(flank[-1] + margin, high)
                share = (right - left) / (high - low)
                intervals.append((left, right, int(np.clip(2.5 * count * share, 8, 24))))
        _log.debug(
            "m=%d k %.4f-%.4f rad/um: %d pairs cover %.0f %%",
            azimuthal_order,
            low,
            high,
            len(disc.wavenumbers),
            100 * covered.mean(),
        )
    return discs


def _disc_over(
    pencil: Pencil, azimuthal_order: int, window: Window, low: float, high: float, count: int
) -> Candidates:
    """Return a disc around the interval's middle that covers at least a tenth of it."""
    middle = (low + high) / 2
    frame = window.frame(low, high, 200)
    lift = min((high - low) / 4, 0.02 * middle)
    while True:
        disc = search_disc(pencil, azimuthal_order, complex(middle, lift), count)
        share = disc.covers(frame).all(axis=0).mean()
        if share >= 0.1 or (share > 0 and high - low > 0.02 * middle):
            return disc
        count = int(1.6 * count)
        if count > 200:
            raise RuntimeError(
                f"azimuthal_order {azimuthal_order}: the modes near k = {middle:.4f} rad/um are "
                "too dense to cover; raise quality_factor_floor or narrow the window"
            )
