"""Electric fields of an eigenvector at points of the (r, z) plane."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from cavities.body_of_revolution import BodyOfRevolution
from cavities.spec import Spec
from solvers.axisymmetric.settings import AxisymmetricSettings
from solvers.axisymmetric.system import System, build_system

__all__ = ["FieldAtPoints", "LocatedPoints", "ResolvedField", "sample"]

Floats = NDArray[np.float64]
FieldAtPoints = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, kw_only=True, eq=False)
class LocatedPoints:
    """Points (um) of the (r, z) plane and where they lie in a system's mesh.

    `inside` tells which lie in the physical domain, `hollow` which inside the inner wall.
    """

    inside: NDArray[np.bool_]
    hollow: NDArray[np.bool_]
    places: Any

    @classmethod
    def of(cls, system: System, r: Floats, z: Floats) -> LocatedPoints:
        """Find points in the mesh: half the cost of sampling one field there."""
        domain = system.mesh.domain
        low = max(domain.inner, 1e-6)
        high_enough = (z >= domain.bottom) & (z <= domain.top)
        inside = (r >= low) & (r <= domain.outer) & high_enough
        return cls(
            inside=inside,
            hollow=(r < low) & high_enough & (domain.inner > 0),
            places=system.mesh.mesh(r[inside], z[inside]) if inside.any() else None,
        )


def sample(
    system: System, points: LocatedPoints, vector: NDArray[np.complex128], wavelength: float
) -> FieldAtPoints:
    """Return E_r, E_phi, E_z and eps at points; nan outside the physical domain."""
    import ngsolve

    field = ngsolve.GridFunction(system.space)
    field.vec.FV().NumPy()[:] = vector
    eps = {
        part.label: complex(part.material.permittivity(wavelength)) for part in system.mesh.parts
    }
    transverse, azimuthal = field.components
    # w = -i r E_phi
    everything = ngsolve.CF((transverse, 1j * azimuthal / ngsolve.x))
    names = ("E_r", "E_z", "E_phi", "eps")
    values = np.full((len(points.inside), 4), np.nan, dtype=np.complex128)
    if points.places is not None:
        values[points.inside, :3] = everything(points.places)
        values[points.inside, 3] = system.mesh.mesh.MaterialCF(eps)(points.places)[:, 0]
    # Inside the inner wall the field is negligible by construction.
    values[points.hollow, :3] = 0
    return {name: values[:, column] for column, name in enumerate(names)}


class ResolvedField(Spec):
    """A field that is computed when it is asked for, by one inverse iteration at the known k.

    It is small, picklable and survives the process that found the mode.
    """

    body: BodyOfRevolution
    wavelength: tuple[float, float]
    azimuthal_order: int = Field(ge=0)
    lowest_order: int = Field(ge=0)
    settings: AxisymmetricSettings
    wavenumber: tuple[float, float]

    def system(self) -> System:
        """Return the discretised cavity the mode was found on."""
        return build_system(self.body, self.wavelength, self.lowest_order, self.settings)

    def vector(self, system: System) -> NDArray[np.complex128]:
        """Return the eigenvector on a system of the same cavity, of unit unconjugated norm."""
        pencil, k = system.pencil, complex(*self.wavenumber)
        mass = pencil.matrix(pencil.mass_entries(k))
        inverse = pencil.factorize(self.azimuthal_order, k * (1 + 1e-9))
        vector = np.random.default_rng(0).normal(size=pencil.size) + 0j
        for _ in range(3):
            vector = inverse.solve(mass @ vector)
            vector /= np.linalg.norm(vector)
        return np.asarray(vector / np.sqrt(vector @ (mass @ vector)))

    def __call__(self, r: Floats, z: Floats) -> FieldAtPoints:
        """Return E_r, E_phi, E_z and eps at points (um)."""
        system = self.system()
        points = LocatedPoints.of(system, r, z)
        return sample(system, points, self.vector(system), 2 * math.pi / self.wavenumber[0])
