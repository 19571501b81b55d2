"""How far a mode's wavelength and Q are from the continuous problem's, from its own spectrum.

Dropping the unknowns of the highest order from an eigenvector changes its Rayleigh quotient by
e^T T e, with e the dropped part and T = A - k^2 M: the error one order lower. From the drops of
one and of two orders the geometric decay is read off and extended by one order. The sums run
over absolute contributions of single unknowns, so that chance cancellation cannot hide an error.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from solvers.axisymmetric.system import System

__all__ = ["error_estimates"]


def error_estimates(
    system: System,
    azimuthal_order: int,
    wavenumbers: NDArray[np.complex128],
    vectors: NDArray[np.complex128],
    inertia: NDArray[np.complex128],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the estimated relative errors of Re k (n,) and of Q (n,).

    `inertia` (n,) is x^T d(k^2 M)/dk x of every mode.
    """
    pencil = system.pencil
    middle = complex(np.mean(wavenumbers))
    stiffness = pencil.stiffness_matrix(azimuthal_order)
    mass = pencil.matrix(pencil.mass_entries(middle))
    drops = []
    for order in (system.settings.order - 1, system.settings.order - 2):
        dropped = np.ones(pencil.size, dtype=bool)
        dropped[system.nested(max(order, 1))] = False
        part = vectors[dropped]
        image = _block(stiffness, dropped) @ part
        image -= (_block(mass, dropped) @ part) * wavenumbers**2
        terms = part * image / inertia
        drops.append((np.abs(terms.real).sum(axis=0), np.abs(terms.imag).sum(axis=0)))
    (real, imag), (real_before, imag_before) = drops
    real_error = real * np.clip(real / real_before, 0.02, 1) / wavenumbers.real
    imag_error = imag * np.clip(imag / imag_before, 0.02, 1) / np.abs(wavenumbers.imag)
    return real_error, real_error + imag_error


def _block(matrix: sp.csr_matrix, chosen: NDArray[np.bool_]) -> sp.csr_matrix:
    return matrix[chosen][:, chosen]
