"""Band edges: the modes of the infinite structure that the coupling matrix gives."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from solvers.coupled_wave.coupling_matrix import CouplingMatrix

__all__ = ["BandEdge", "band_edges_of"]

Complexes = NDArray[np.complex128]

_ROUNDING = 1e-13
_DEGENERATE = 1e-7


@dataclass(frozen=True, kw_only=True, eq=False)
class BandEdge:
    """One mode of the infinite structure.

    Attributes:
        name: "A" and "B" are the two modes of least radiation, A the one of longer wavelength;
            "C" and "D" the other two, again by wavelength. Numbers on a triangular lattice.
        symmetry: representation of C4v ("A2", "B2", "E") where the cell has that symmetry.
        wavenumber: complex k0 (rad/um).
        eigenvalue: of the coupling matrix (1/um).
        vector: amplitudes of the basic waves (n,), of norm 1.
        losses_per_cm: amplitude loss by channel (1/cm), twice as much in intensity.
    """

    name: str
    symmetry: str | None
    wavenumber: complex
    eigenvalue: complex
    vector: Complexes
    losses_per_cm: Mapping[str, float]

    @property
    def wavelength(self) -> float:
        """Vacuum wavelength (um)."""
        return 2 * math.pi / self.wavenumber.real

    @property
    def loss_per_cm(self) -> float:
        """Amplitude loss of all channels (1/cm)."""
        return math.fsum(self.losses_per_cm.values())

    @property
    def quality_factor(self) -> float:
        """Re k0/(2 |Im k0|), inf without loss."""
        if self.wavenumber.imag == 0:
            return math.inf
        return -self.wavenumber.real / (2 * self.wavenumber.imag)


def band_edges_of(matrix: CouplingMatrix) -> tuple[BandEdge, ...]:
    """Return the band edges from the longest wavelength to the shortest.

    Losses below rounding count as none.
    """
    values, vectors = np.linalg.eig(matrix.total)
    order = np.argsort(-matrix.wavenumber(values).real)[::-1]
    values, vectors = values[order], _separated(matrix, values[order], vectors[:, order])
    floor = _ROUNDING * float(np.abs(matrix.total).max())
    found = []
    names = _names(matrix, values, vectors)
    for name, value, vector in zip(names, values, vectors.T, strict=True):
        losses = _losses(matrix, vector, floor)
        total = math.fsum(losses.values()) / 1e4
        eigenvalue = complex(value.real, matrix.detuning.imag - total)
        k = complex(matrix.wavenumber(eigenvalue))
        if total == 0:
            k = complex(k.real)
        found.append(
            BandEdge(
                name=name,
                symmetry=_symmetry(matrix, vector),
                wavenumber=k,
                eigenvalue=eigenvalue,
                vector=vector,
                losses_per_cm=MappingProxyType(losses),
            )
        )
    return tuple(found)


def _separated(matrix: CouplingMatrix, values: Complexes, vectors: Complexes) -> Complexes:
    """Return eigenvectors whose degenerate pairs are split into waves along x and across."""
    scale = float(np.abs(matrix.total).max())
    along = np.diag(matrix.waves.direction[:, 0] ** 2)
    found = vectors.copy()
    for first in range(len(values) - 1):
        if abs(values[first] - values[first + 1]) < _DEGENERATE * scale:
            basis, _ = np.linalg.qr(vectors[:, first : first + 2])
            _, turn = np.linalg.eigh(basis.conj().T @ along @ basis)
            found[:, first : first + 2] = basis @ turn[:, ::-1]
    return found


def _losses(matrix: CouplingMatrix, vector: Complexes, floor: float) -> dict[str, float]:
    sides = np.einsum("i,sij,j->s", vector.conj(), matrix.radiation, vector).real
    whole = float((vector.conj() @ matrix.loss @ vector).real) + matrix.detuning.imag
    rest = whole - float(sides.sum())
    parts = {"radiation:substrate": sides[0], "radiation:superstrate": sides[1]}
    parts[matrix.remainder] = rest
    return {key: 1e4 * float(part) if abs(part) > floor else 0.0 for key, part in parts.items()}


def _names(matrix: CouplingMatrix, values: Complexes, vectors: Complexes) -> list[str]:
    if len(values) != 4:
        return [str(i + 1) for i in range(len(values))]
    bright = np.einsum("ij,sik,kj->j", vectors.conj(), matrix.radiation, vectors).real
    dark = set(np.argsort(bright, kind="stable")[:2].tolist())
    low, high = iter("AB"), iter("CD")
    return [next(low) if i in dark else next(high) for i in range(4)]


def _symmetry(matrix: CouplingMatrix, vector: Complexes) -> str | None:
    """Return the representation of C4v by the characters of a quarter turn and a mirror."""
    waves = matrix.waves
    if len(vector) != 4:
        return None
    characters = []
    for turn in (np.array([[0.0, -1.0], [1.0, 0.0]]), np.diag([-1.0, 1.0])):
        place = waves.image(turn)
        turned = waves.polarization @ turn.T
        phase = np.einsum("ij,ij->i", turned, waves.polarization[place])
        operator = np.zeros((4, 4))
        operator[place, np.arange(4)] = phase
        gap = operator @ matrix.total - matrix.total @ operator
        if np.abs(gap).max() > _DEGENERATE * np.abs(matrix.total).max():
            return None
        moved = operator @ vector
        sign = complex(np.vdot(vector, moved))
        characters.append(sign.real if np.linalg.norm(moved - sign * vector) < 1e-4 else 0.0)
    quarter, mirror = characters
    if abs(quarter) < 0.5 or abs(mirror) < 0.5:
        return "E"
    return ("A" if quarter > 0 else "B") + ("1" if mirror > 0 else "2")
