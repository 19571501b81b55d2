"""What coupled-wave theory is known to miss, said beside every result."""

from __future__ import annotations

import numpy as np

from solvers.coupled_wave.coupling_matrix import CouplingMatrix
from solvers.coupled_wave.unit_cell import UnitCell

__all__ = ["validity_notes"]

_CONTRAST = 0.15


def validity_notes(cell: UnitCell, matrix: CouplingMatrix) -> tuple[str, ...]:
    """Return notes on this structure: high contrast, open orders, radiation that is too strong."""
    notes = []
    k, stack = complex(matrix.mode.k).real, matrix.mode.stack
    pattern = cell.pattern(k)
    eps = np.abs(stack.permittivity[list(cell.patterned)])
    swing = np.sqrt(np.sum(np.abs(pattern.up) ** 2, axis=1).mean(axis=1)) / eps
    if float(swing.max()) > _CONTRAST:
        notes.append(
            f"high contrast (rms deviation of eps {swing.max():.2f} of its mean): scalar TE theory "
            "of second order can be off by a factor of 1.4 to 3 in radiation loss; compare with "
            "the Fourier modal solver, or set its band edges by with_modes"
        )
    shortest = float(np.hypot(*cell.waves.others.T).min())
    index = np.sqrt(stack.outer).real
    if k * float(index.max()) > shortest:
        notes.append(
            "higher orders propagate in an outer medium: part of the loss leaves at an angle and "
            "is listed as diffraction (or absorption)"
        )
    return tuple(notes)
