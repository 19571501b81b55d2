"""Changes of a whole problem as changes of its layers' operators, by central differences.

Building the operators costs little; no eigenproblem is solved, so a derivative of a pole costs a
small part of solving it again.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.fourier_modal.cell_problem import SectorProblem
from solvers.fourier_modal.overlap import Pairing, SectionChange

__all__ = ["operator_response"]

Complexes = NDArray[np.complex128]


class _Operators(NamedTuple):
    """L (n, n) or its diagonal (n,), and P - k0 on p functions (n_p, n_p) or (n_p,)."""

    left: Complexes
    right: Complexes


def operator_response(
    pairing: Pairing, plus: SectorProblem, minus: SectorProblem, width: float
) -> Complexes:
    """Return the change of w^T M a (m, m) per unit of a parameter.

    Args:
        pairing: right and left solutions of the unchanged problem.
        plus, minus: the sector with the parameter half a width higher and lower.
        width: difference of the parameter between both.
    """
    k = pairing.sides.k
    layers = list(zip(plus.cell.layers, minus.cell.layers, strict=True))
    changes: dict[int, SectionChange] = {}
    total: Complexes | None = None
    for number, (high, low) in enumerate(layers):
        upper, lower = _operators(plus, number, k), _operators(minus, number, k)
        changes[number] = SectionChange(
            left=(upper.left - lower.left) / width, right=(upper.right - lower.right) / width
        )
        stretch = (high.thickness - low.thickness) / width
        if stretch:
            part = stretch * pairing.thickness_response(number)
            total = part if total is None else total + part
    bottom, top = (
        (plus.outer(k, top=at_top).admittance - minus.outer(k, top=at_top).admittance) / width
        for at_top in (False, True)
    )
    response = pairing.response(changes, bottom=bottom, top=top)
    return response if total is None else response + total


def _operators(problem: SectorProblem, number: int, k: complex) -> _Operators:
    layer, sector = problem.cell.layers[number], problem.sector
    p, lengths = sector.p_count, sector.lengths
    eps = tuple(medium.eps for medium in problem.media_of(number, k))
    across = np.asarray(lengths**2 / k, dtype=np.complex128)
    across[:p] = 0
    if layer.pattern is None:
        along = -(lengths[:p] ** 2) / (eps[0] * k)
        return _Operators(np.asarray(eps[0] * k - across), np.asarray(along, dtype=complex))
    at = problem.permittivity(number, eps)
    along = lengths[:p]
    return _Operators(
        k * at.tangential - np.diag(across),
        -along[:, None] * at.inverse_axial[:p, :p] * along / k,
    )
