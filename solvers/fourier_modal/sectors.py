"""Symmetry-adapted bases: the plane waves of each irreducible representation.

Every plane wave has two directions of the tangential field, p along k + G and s across it
(counterclockwise). Operations take p waves to p waves and s waves to s waves of the same length
of k + G, up to the sign of s under mirrors; so the basis functions of a sector live on one shell
and one polarisation, and everything that is uniform in the plane stays diagonal in them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.fourier_modal.orders import Orders
from solvers.fourier_modal.point_group import Irrep, PointGroup

__all__ = ["Sector", "polarization_vectors", "sectors"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]


@dataclass(frozen=True, kw_only=True, eq=False)
class Sector:
    """One representation's share of the plane waves.

    Attributes:
        name: of the representation; "" when no symmetry is used.
        partners: how many degenerate modes a simple mode of this sector stands for.
        p_count: how many of the functions, the first ones, are purely p.
        scalar: functions of E_z (N, p_count or one more): those of the p functions, and the one
            with k + G = 0 where it belongs to the sector and is no p function.
        bases: for every partner the p and s amplitudes of the functions (2, N, n).
        lengths: |k + G| of the functions (n,), rad/um.
        directions: unit vectors p and s of every order (2, N, 2).
    """

    name: str
    partners: int
    p_count: int
    scalar: Complexes
    bases: tuple[Complexes, ...]
    lengths: Floats
    directions: Floats

    @property
    def size(self) -> int:
        """Number of functions n."""
        return len(self.lengths)

    def vector_basis(self, partner: int = 0) -> Complexes:
        """Return the x and y parts of all functions (2, N, n)."""
        return np.asarray(
            np.einsum("qan,qac->can", self.bases[partner], self.directions, optimize=True)
        )


def polarization_vectors(orders: Orders) -> tuple[Floats, Floats]:
    """Return p and s of every order (N, 2) each; x and y where k + G = 0."""
    length = orders.lengths
    safe = np.where(length > 0, length, 1.0)[:, None]
    p = np.where(length[:, None] > 0, orders.wavevectors / safe, np.array([1.0, 0.0]))
    return p, np.stack([-p[:, 1], p[:, 0]], axis=1)


def sectors(orders: Orders, group: PointGroup | None) -> tuple[Sector, ...]:
    """Return the sectors of a group that maps the set of k + G onto itself.

    Args:
        orders: the plane waves.
        group: the little group of the Bloch vector; None for one sector with everything.

    Raises:
        ValueError: an operation leads out of the set.
    """
    directions = np.stack(polarization_vectors(orders))
    count = len(orders)
    if group is None or len(group.operations) == 1:
        basis = np.zeros((2, count, 2 * count), dtype=np.complex128)
        basis[0, :, :count] = basis[1, :, count:] = np.eye(count)
        lengths = np.concatenate([orders.lengths, orders.lengths])
        return (
            Sector(
                name="",
                partners=1,
                p_count=count,
                scalar=np.eye(count, dtype=np.complex128),
                bases=(basis,),
                lengths=lengths,
                directions=directions,
            ),
        )
    images = _images(orders, group)
    found = []
    for irrep in group.irreps():
        pairs = [_functions(irrep, j, images, orders, group) for j in range(irrep.dimension)]
        basis = pairs[0][0]
        if basis.shape[2] == 0:
            continue
        lengths = np.einsum("qan,a->n", np.abs(basis) ** 2, orders.lengths)
        found.append(
            Sector(
                name=irrep.name,
                partners=irrep.dimension,
                p_count=pairs[0][1],
                scalar=_scalars(irrep, basis[0][:, : pairs[0][1]], orders),
                bases=tuple(basis for basis, _ in pairs),
                lengths=lengths,
                directions=directions,
            )
        )
    return tuple(found)


def _images(orders: Orders, group: PointGroup) -> NDArray[np.int64]:
    """Return where each operation takes each order (g, N)."""
    inverse = np.linalg.inv(orders.basis)
    place = {(int(i), int(j)): n for n, (i, j) in enumerate(orders.indices)}
    images = np.empty((len(group.operations), len(orders)), dtype=np.int64)
    for number, operation in enumerate(group.operations):
        moved = (orders.wavevectors @ operation.T - orders.bloch) @ inverse
        rounded = np.rint(moved).astype(int)
        if np.abs(moved - rounded).max() > 1e-6:
            raise ValueError(
                "group: must map the Bloch vector to itself up to a reciprocal lattice vector, "
                f"got {group.name} at {orders.bloch}; use its little group"
            )
        try:
            images[number] = [place[int(i), int(j)] for i, j in rounded]
        except KeyError:
            raise ValueError(
                f"group: must map the set of orders onto itself, got {group.name}; choose whole "
                "shells"
            ) from None
    return images


def _functions(
    irrep: Irrep, partner: int, images: NDArray[np.int64], orders: Orders, group: PointGroup
) -> tuple[Complexes, int]:
    """Return the orthonormal functions of one partner (2, N, n) and how many are purely p.

    The functions of partner j are the operators P_j1 applied to those of partner 1, so that the
    partners of one mode have the same coefficients.
    """
    count = len(orders)
    signs = np.linalg.det(group.operations)
    done = orders.lengths == 0
    columns: list[list[Complexes]] = [[], [], []]
    for first in range(count):
        if done[first]:
            continue
        orbit = np.unique(images[:, first])
        done[orbit] = True
        local = np.searchsorted(orbit, images[:, orbit])
        matrices = np.zeros((len(images), len(orbit), len(orbit)))
        for matrix, target in zip(matrices, local, strict=True):
            matrix[target, np.arange(len(orbit))] = 1.0
        for kind, factor in enumerate((np.ones(len(images)), signs)):
            for vector in _projected(irrep, partner, factor[:, None, None] * matrices):
                column = np.zeros((2, count), dtype=np.complex128)
                column[kind, orbit] = vector
                columns[kind].append(column)
    for still in np.flatnonzero(orders.lengths == 0):
        for vector in _projected(irrep, partner, group.operations):
            column = np.zeros((2, count), dtype=np.complex128)
            column[:, still] = vector
            columns[2].append(column)
    every = [column for kind in columns for column in kind]
    empty = np.zeros((2, count, 0), dtype=np.complex128)
    return (np.stack(every, axis=-1) if every else empty), len(columns[0])


def _scalars(irrep: Irrep, p_functions: Complexes, orders: Orders) -> Complexes:
    """Return the functions of E_z: the wave with k + G = 0 is invariant under everything."""
    still = orders.lengths == 0
    if not np.any(still) or abs(np.mean(irrep.matrices[:, 0, 0]) - 1) > 1e-9:
        return p_functions
    return np.concatenate([p_functions, still[:, None].astype(np.complex128)], axis=1)


def _projected(irrep: Irrep, partner: int, operators: Floats) -> Complexes:
    """Return orthonormal vectors (m, d) of one partner in a space (d) where operators act."""
    weight = irrep.dimension / len(operators)
    first, other = (
        weight * np.einsum("g,gab->ab", np.conj(irrep.matrices[:, j, 0]), operators)
        for j in (0, partner)
    )
    vectors, values, _ = np.linalg.svd(first)
    kept = vectors[:, values > 0.5]
    return np.asarray((other @ kept if partner else kept).T)
