"""Matrices of curl (mu^-1 curl E) = k^2 eps E in H(curl), with stretched z in the open space.

With z -> int s dz the tensors of the absorbing layers are eps diag(s, s, 1/s) and mu^-1 =
diag(1/s, 1/s, s) (Teixeira and Chew, IEEE Microwave Guided Wave Lett. 7, 371 (1997),
doi:10.1109/75.641424), s = 1 + i S t^2 at all wavelengths: the problem is linear in k^2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from solvers.unit_cell_fem.domain import Parities
from solvers.unit_cell_fem.mesh import UnitCellMesh
from solvers.unit_cell_fem.settings import UnitCellSettings

__all__ = ["Pencil", "build_pencil"]

Complexes = NDArray[np.complex128]


@dataclass(frozen=True, kw_only=True, eq=False)
class Pencil:
    """A x = k^2 M x on the free unknowns of one symmetry sector.

    Attributes:
        cell: mesh and parts.
        space: the NGSolve space.
        parities: of the sector.
        stiffness, mass: A and M (n, n), of the unknowns `free`.
        free: indices of the unknowns in the space (n,).
        permittivity: of every part, at which M was made.
    """

    cell: UnitCellMesh
    space: Any
    parities: Parities
    stiffness: sp.csr_matrix
    mass: sp.csr_matrix
    free: NDArray[np.int64]
    permittivity: dict[str, complex]

    def grid_function(self, vector: Complexes) -> Any:
        """Return a vector (n,) of unknowns as an NGSolve grid function."""
        import ngsolve

        field = ngsolve.GridFunction(self.space)
        values = np.zeros(self.space.ndof, dtype=np.complex128)
        values[self.free] = vector
        field.vec.FV().NumPy()[:] = values
        return field

    def stretch(self) -> Any:
        """Return the coefficient function s of the stretch of z; 1 outside the layers."""
        return _stretch(self.cell, self.strength)

    strength: float = 5.0


def build_pencil(
    cell: UnitCellMesh,
    parities: Parities,
    *,
    order: int,
    wavelength: float,
    settings: UnitCellSettings,
) -> Pencil:
    """Assemble one sector with media as they are at `wavelength` (um).

    Raises:
        ValueError: more unknowns than the settings allow.
    """
    import ngsolve

    domain = cell.domain
    space = ngsolve.HCurl(
        cell.mesh, order=order, dirichlet="|".join(domain.conducting(parities)), complex=True
    )
    if cell.phases:
        plain = all(abs(phase - 1) < 1e-12 for phase in cell.phases)
        space = ngsolve.Periodic(space, **({} if plain else {"phase": list(cell.phases)}))
    free = np.flatnonzero(np.fromiter(space.FreeDofs(), dtype=bool, count=space.ndof))
    if len(free) > settings.largest_unknowns:
        raise ValueError(
            f"largest_unknowns: must be at least {len(free)} for this cell at order {order}, got "
            f"{settings.largest_unknowns}; raise it, or mesh_size, or lower the order"
        )
    permittivity = {p.label: complex(p.material.permittivity(wavelength)) for p in cell.parts}
    eps = cell.mesh.MaterialCF(permittivity)
    s = _stretch(cell, settings.pml_strength)
    e, f = space.TnT()
    b, c = ngsolve.curl(e), ngsolve.curl(f)
    measure = ngsolve.dx(bonus_intorder=2)
    stiffness = ngsolve.BilinearForm(space)
    stiffness += ((b[0] * c[0] + b[1] * c[1]) / s + b[2] * c[2] * s) * measure
    mass = ngsolve.BilinearForm(space)
    mass += eps * ((e[0] * f[0] + e[1] * f[1]) * s + e[2] * f[2] / s) * measure
    stiffness.Assemble()
    mass.Assemble()
    return Pencil(
        cell=cell,
        space=space,
        parities=parities,
        stiffness=_matrix(stiffness, free),
        mass=_matrix(mass, free),
        free=free,
        permittivity=permittivity,
        strength=settings.pml_strength,
    )


def _stretch(cell: UnitCellMesh, strength: float) -> Any:
    import ngsolve

    domain = cell.domain
    values: dict[str, Any] = {}
    for part in cell.parts:
        if part.kind == "pml":
            depth = (
                (domain.bottom - ngsolve.z) / domain.pml_below
                if part.below
                else (ngsolve.z - domain.top) / domain.pml_above
            )
            values[part.label] = 1 + 1j * strength * depth * depth
    return cell.mesh.MaterialCF(values, default=1)


def _matrix(form: Any, free: NDArray[np.int64]) -> sp.csr_matrix:
    values, columns, starts = (np.asarray(part) for part in form.mat.CSR())
    size = form.mat.height
    matrix = sp.csr_matrix((values, columns, starts), shape=(size, size))
    return sp.csr_matrix(matrix[free][:, free])
