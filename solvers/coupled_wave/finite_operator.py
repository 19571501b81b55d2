"""The equations of a finite area on a grid, split by mirror and rotation symmetry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solvers.coupled_wave.basic_waves import BasicWaves
from solvers.coupled_wave.collocation import Collocation, collocation

__all__ = ["FiniteOperator", "finite_operator"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]
Integers = NDArray[np.int64]

_COMMUTES = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class FiniteOperator:
    """lambda V = C V - i (g . grad) V on a rectangle, nothing coming in from outside.

    Unknowns are the amplitudes (wave, node along x, node along y) but for those that the
    boundary makes zero.

    Attributes:
        waves: the basic waves.
        coupling: C (n, n), 1/um.
        lengths: sides of the rectangle (um).
        grid: nodes on [-1, 1], the same for both directions.
        kept: flat places of the unknowns.
    """

    waves: BasicWaves
    coupling: Complexes
    lengths: tuple[float, float]
    grid: Collocation
    kept: Integers

    @property
    def shape(self) -> tuple[int, int, int]:
        """Waves, nodes along x, nodes along y."""
        count = len(self.grid.nodes)
        return len(self.coupling), count, count

    @property
    def weights(self) -> Floats:
        """Quadrature weights over the area (nodes, nodes), um^2."""
        w = self.grid.weights
        return np.outer(w, w) * (self.lengths[0] * self.lengths[1] / 4)

    def apply(self, field: Complexes) -> Complexes:
        """Return the right-hand side for amplitudes (n, x, y), boundary not imposed."""
        d = self.grid.derivative
        gx, gy = self.waves.direction.T
        along_x = np.einsum("ab,wbc->wac", d, field) * (2 / self.lengths[0])
        along_y = np.einsum("ab,wcb->wca", d, field) * (2 / self.lengths[1])
        drift = gx[:, None, None] * along_x + gy[:, None, None] * along_y
        return np.asarray(np.einsum("wv,vxy->wxy", self.coupling, field) - 1j * drift)

    def eigenpairs(self) -> tuple[Complexes, Complexes]:
        """Return the whole spectrum: eigenvalues (m,) and fields (m, n, x, y)."""
        values, fields = [], []
        matrix = self._matrix()
        for basis in self._sectors():
            found, vectors = np.linalg.eig(basis.T @ matrix @ basis)
            flat = np.zeros((len(found), int(np.prod(self.shape))), dtype=np.complex128)
            flat[:, self.kept] = (basis @ vectors).T
            values.append(found)
            fields.append(flat.reshape(-1, *self.shape))
        return np.concatenate(values), np.concatenate(fields)

    def _matrix(self) -> Complexes:
        waves, count, _ = self.shape
        nodes = count * count
        d, one = self.grid.derivative, np.eye(count)
        along_x = np.kron(d, one) * (2 / self.lengths[0])
        along_y = np.kron(one, d) * (2 / self.lengths[1])
        full = np.zeros((waves, nodes, waves, nodes), dtype=np.complex128)
        spot = np.arange(nodes)
        for i in range(waves):
            for j in range(waves):
                full[i, spot, j, spot] = self.coupling[i, j]
            gx, gy = self.waves.direction[i]
            full[i, :, i, :] -= 1j * (gx * along_x + gy * along_y)
        flat = full.reshape(waves * nodes, waves * nodes)
        return np.asarray(flat[np.ix_(self.kept, self.kept)])

    def _sectors(self) -> Iterator[Floats]:
        """Yield orthonormal bases (unknowns, sector) of the symmetry classes."""
        group = self._group()
        size = len(self.kept)
        members = [(np.arange(size), np.ones(size)), *group]
        for characters in _characters(len(group)):
            basis = np.zeros((size, size))
            for sign, (place, phase) in zip(characters, members, strict=True):
                basis[place, np.arange(size)] += sign * phase
            norm = np.linalg.norm(basis, axis=0)
            first = np.ones(size, dtype=bool)
            for place, _ in members[1:]:
                first &= np.arange(size) <= place
            chosen = first & (norm > 1e-9)
            yield basis[:, chosen] / norm[chosen]

    def _group(self) -> list[tuple[Integers, Floats]]:
        """Return a set of commuting symmetries other than the identity: none, one or three."""
        mirrors = [np.diag([-1.0, 1.0]), np.diag([1.0, -1.0])]
        found = [self._acting(turn) for turn in mirrors if self._commutes(turn)]
        half_turn = -np.eye(2)
        if len(found) == 2:
            return [*found, self._acting(half_turn)]
        if not found and self._commutes(half_turn):
            return [self._acting(half_turn)]
        return found

    def _commutes(self, turn: Floats) -> bool:
        place, phase = self._on_waves(turn)
        moved = np.zeros_like(self.coupling)
        moved[np.ix_(place, place)] = self.coupling * np.outer(phase, phase)
        scale = float(np.abs(self.coupling).max()) or 1.0
        return bool(np.abs(moved - self.coupling).max() < _COMMUTES * scale)

    def _on_waves(self, turn: Floats) -> tuple[NDArray[np.int64], Floats]:
        place = self.waves.image(turn)
        turned = self.waves.polarization @ turn.T
        phase = np.einsum("ij,ij->i", turned, self.waves.polarization[place])
        return place, np.round(phase)

    def _acting(self, turn: Floats) -> tuple[Integers, Floats]:
        """Return where every unknown goes and its sign under a mirror or a half turn."""
        count = self.shape[1]
        place, phase = self._on_waves(turn)
        w, x, y = np.unravel_index(self.kept, self.shape)
        x = count - 1 - x if turn[0, 0] < 0 else x
        y = count - 1 - y if turn[1, 1] < 0 else y
        target = np.ravel_multi_index((place[w], x, y), self.shape)
        return np.searchsorted(self.kept, target), phase[w]


def finite_operator(
    waves: BasicWaves, coupling: Complexes, lengths: tuple[float, float], count: int
) -> FiniteOperator:
    """Return the equations on count x count nodes of a rectangle (um)."""
    shape = (len(coupling), count, count)
    zero = np.zeros(shape, dtype=bool)
    for wave, (gx, gy) in enumerate(waves.direction):
        if abs(gx) > 1e-9:
            zero[wave, 0 if gx > 0 else -1, :] = True
        if abs(gy) > 1e-9:
            zero[wave, :, 0 if gy > 0 else -1] = True
    return FiniteOperator(
        waves=waves,
        coupling=np.asarray(coupling, dtype=np.complex128),
        lengths=lengths,
        grid=collocation(count),
        kept=np.flatnonzero(~zero),
    )


def _characters(symmetries: int) -> list[tuple[int, ...]]:
    """Return the signs of identity and symmetries in every class."""
    if symmetries == 0:
        return [(1,)]
    if symmetries == 1:
        return [(1, 1), (1, -1)]
    return [(1, a, b, a * b) for a in (1, -1) for b in (1, -1)]
