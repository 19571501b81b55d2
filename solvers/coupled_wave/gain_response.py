"""How gain in one region changes the coupling matrix."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solvers.coupled_wave.coupling_matrix import coupling_matrix
from solvers.coupled_wave.solve_coupling import Coupling
from solvers.fourier_modal.media import Media

__all__ = ["gain_response"]

Complexes = NDArray[np.complex128]

_STEP = 1e-4


def gain_response(found: Coupling, region: str) -> Complexes | None:
    """Return d(C - detuning)/dg (n, n), g the intensity gain (1/um) of a region.

    The vertical mode, its Green functions and the Fourier coefficients all change with the gain,
    so patterned regions (a film in the holes) are weighted by what each mode has there.

    Args:
        found: the coupling.
        region: layer or inclusion.

    Returns:
        The derivative by central differences; None if the cavity has no such region.
    """
    if region not in found.cavity.regions:
        return None
    k = complex(found.matrix.mode.k).real
    step = _STEP * k
    ends = []
    for sign in (1, -1):
        gain = dict(found.cell.media.gain)
        gain[region] = gain.get(region, 0.0) + sign * step
        media = Media(gain=gain, index_shift=found.cell.media.index_shift)
        matrix = coupling_matrix(found.cell.with_media(media), k, found.matrix.mode.beta)
        ends.append(matrix.total - matrix.detuning * np.eye(len(matrix.total)))
    return np.asarray((ends[0] - ends[1]) / (2 * step))
