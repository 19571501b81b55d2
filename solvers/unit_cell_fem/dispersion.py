"""Eigenvalues with the media as they are at the eigenvalue: the Rayleigh functional.

An eigenvector x of the problem with the media of one wavelength gives k by

    k^2 sum over parts eps_j(k) x^T M_j x = x^T A x,

whose error is of second order in the change of the permittivity: x^T is the left eigenvector.
Where the Bloch phases are complex x^H stands for it, which is exact without loss only.
"""

from __future__ import annotations

import math

import numpy as np

from cavities.material import Material
from solvers.unit_cell_fem.energies import ModeEnergies
from solvers.unit_cell_fem.pencil import Pencil

__all__ = ["dispersive_wavenumber"]

_STEPS = 50


def dispersive_wavenumber(pencil: Pencil, k: complex, energies: ModeEnergies) -> complex:
    """Return k (rad/um) with every medium at its own k; k itself without dispersion."""
    if not any(part.material.is_dispersive for part in pencil.cell.parts):
        return k
    weights = energies.bilinear if pencil.cell.domain.is_real else energies.hermitian
    fixed = k**2 * sum(pencil.permittivity[label] * value for label, value in weights.items())
    found = k
    for _ in range(_STEPS):
        inertia = sum(
            _permittivity(part.material, found) * weights[part.label] for part in pencil.cell.parts
        )
        following = complex(np.sqrt(fixed / inertia))
        if abs(following - found) < 1e-13 * abs(found):
            break
        found = following
    return following


def _permittivity(material: Material, k: complex) -> complex:
    wavelength = np.array([2 * math.pi / k])
    if not material.is_dispersive:
        return complex(material.permittivity(wavelength.real)[0])
    return complex(material.model.continued_index(wavelength)[0]) ** 2
