"""Diffraction orders: which plane waves are kept at a Bloch vector.

The set is circular and made of whole shells |G| = const, so that it has every symmetry that the
lattice has at that Bloch vector: inside the Brillouin zone shells are centred on G = 0, at its
edge on k + G = 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cavities.lattice import Lattice

__all__ = ["Orders", "chosen_orders", "zone_centre"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_EQUAL = 1e-7


@dataclass(frozen=True, kw_only=True, eq=False)
class Orders:
    """The plane waves exp(i (k + G) r) of an expansion.

    Attributes:
        basis: reciprocal vectors as rows (2, 2), rad/um, of the reduced lattice vectors.
        bloch: Bloch vector (2,), rad/um.
        indices: G in units of the basis (N, 2).
    """

    basis: Floats
    bloch: Floats
    indices: Integers

    def __len__(self) -> int:
        return len(self.indices)

    @cached_property
    def reciprocal(self) -> Floats:
        """G of every order (N, 2), rad/um."""
        return np.asarray(self.indices @ self.basis)

    @cached_property
    def wavevectors(self) -> Floats:
        """In-plane wave vector k + G of every order (N, 2), rad/um."""
        return np.asarray(self.bloch + self.reciprocal)

    @cached_property
    def lengths(self) -> Floats:
        """Length of k + G (N,), rad/um; exactly 0 where it is 0 to rounding."""
        length = np.hypot(*self.wavevectors.T)
        length[length < 1e-12 * np.sqrt(np.abs(np.linalg.det(self.basis)))] = 0.0
        return np.asarray(length)

    @cached_property
    def reach(self) -> tuple[int, int]:
        """Largest difference of two indices in both directions."""
        spread = self.indices.max(axis=0) - self.indices.min(axis=0)
        return int(spread[0]), int(spread[1])

    @cached_property
    def difference_vectors(self) -> Floats:
        """G - G' on a grid (2 m1 + 1, 2 m2 + 1, 2) that holds every difference, rad/um."""
        m1, m2 = self.reach
        i, j = np.meshgrid(np.arange(-m1, m1 + 1), np.arange(-m2, m2 + 1), indexing="ij")
        return np.asarray(np.stack([i, j], axis=-1) @ self.basis)

    @cached_property
    def _places(self) -> tuple[Integers, Integers]:
        m1, m2 = self.reach
        first, second = self.indices.T
        return first[:, None] - first + m1, second[:, None] - second + m2

    def toeplitz(self, coefficients: NDArray[np.complex128]) -> NDArray[np.complex128]:
        """Return the matrix f(G - G') (N, N) of Fourier coefficients on the difference grid."""
        return np.asarray(coefficients[self._places])

    def subset_of(self, larger: Orders) -> Integers:
        """Return where each order stands in a larger set (N,)."""
        place = {(int(i), int(j)): n for n, (i, j) in enumerate(larger.indices)}
        return np.array([place[int(i), int(j)] for i, j in self.indices])


def zone_centre(lattice: Lattice, bloch: Floats) -> Floats:
    """Return the point on which shells are centred: 0 inside the zone, k on its edge (2,)."""
    u, v = lattice.reduced()
    basis = 2 * math.pi * np.linalg.inv(np.array([u, v])).T
    steps = np.array([(i, j) for i in range(-2, 3) for j in range(-2, 3) if (i, j) != (0, 0)])
    others = np.hypot(*(bloch + steps @ basis).T)
    here = math.hypot(*bloch)
    return bloch if here * (1 + _EQUAL) > others.min() else np.zeros(2)


def chosen_orders(lattice: Lattice, bloch: Floats, count: int) -> Orders:
    """Return the largest set of whole shells with at most `count` orders.

    Args:
        lattice: the lattice.
        bloch: Bloch vector (2,), rad/um.
        count: upper limit; square and triangular lattices have shells at 1, 5, 9, 13, 21, 25, ...
            and 1, 7, 13, 19, 31, ... orders.

    Example:
        >>> [len(chosen_orders(Lattice.square(0.3), np.zeros(2), n)) for n in (49, 81, 121, 350)]
        [49, 81, 121, 349]
    """
    u, v = lattice.reduced()
    basis = 2 * math.pi * np.linalg.inv(np.array([u, v])).T
    centre = zone_centre(lattice, bloch)
    # a circle that surely holds `count` orders
    cell = abs(float(np.linalg.det(basis)))
    radius = math.sqrt(count * cell / math.pi) + 2 * float(np.hypot(*basis.T).max())
    m1, m2 = (int(radius * math.hypot(*row) / (2 * math.pi)) + 2 for row in (u, v))
    i, j = np.meshgrid(np.arange(-m1, m1 + 1), np.arange(-m2, m2 + 1), indexing="ij")
    indices = np.stack([i.ravel(), j.ravel()], axis=1)
    length = np.hypot(*(centre + indices @ basis).T)
    order = np.lexsort((indices[:, 1], indices[:, 0], np.round(length / length.max(), 9)))
    indices, length = indices[order], length[order]
    ends = np.flatnonzero(np.diff(length) > _EQUAL * math.sqrt(cell)) + 1
    fitting = ends[ends <= max(count, int(ends[0]))]
    return Orders(basis=basis, bloch=np.asarray(bloch), indices=indices[: fitting[-1]])
