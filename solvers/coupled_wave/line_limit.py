"""Where envelopes of ever more lobes accumulate: lasers along one axis."""

from __future__ import annotations

import math

import numpy as np

from solvers.coupled_wave.collocation import collocation
from solvers.coupled_wave.coupling_matrix import CouplingMatrix

__all__ = ["line_limit"]

_NODES = 40
_RESOLVED = 1e-3


def line_limit(matrix: CouplingMatrix, lengths: tuple[float, float]) -> float:
    """Return the lowest amplitude threshold (1/cm) of two opposite waves alone, on a line.

    An envelope that varies fast across y keeps the waves along x out of resonance, so R_y and S_y
    are left to themselves: with more and more lobes the thresholds of the area tend to those of
    this distributed-feedback laser. The lower one of both axes.

    Args:
        matrix: the coupling matrix.
        lengths: sides (um).

    Returns:
        nan for six waves, whose lines have many lengths.
    """
    if len(matrix.waves.names) != 4:
        return math.nan
    grid = collocation(_NODES)
    count = len(grid.nodes)
    total = matrix.total
    limits = []
    for first, side in ((0, lengths[0]), (2, lengths[1])):
        slope = grid.derivative * (2 / side)
        one = np.eye(count)
        sign = float(np.sign(matrix.waves.direction[first].sum()))
        pair = total[first : first + 2, first : first + 2]
        system = np.kron(pair, one)
        system[:count, :count] -= 1j * sign * slope
        system[count:, count:] += 1j * sign * slope
        kept = np.ones(2 * count, dtype=bool)
        kept[0 if sign > 0 else count - 1] = False
        kept[-1 if sign > 0 else count] = False
        values, vectors = np.linalg.eig(system[np.ix_(kept, kept)])
        fields = np.zeros((2 * count, len(values)), dtype=np.complex128)
        fields[kept] = vectors
        parts = np.einsum("ab,wbm->wam", grid.to_legendre, fields.reshape(2, count, -1))
        power = np.abs(parts) ** 2 / (2 * np.arange(count) + 1)[:, None]
        tail = power[:, 2 * count // 3 :].sum(axis=(0, 1)) / power.sum(axis=(0, 1))
        limits.append(float((matrix.detuning.imag - values.imag[tail < _RESOLVED]).min()))
    return 1e4 * min(limits)
