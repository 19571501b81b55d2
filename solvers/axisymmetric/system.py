"""One discretised cavity: mesh, pencil, and the spaces of lower order in its own."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cavities.body_of_revolution import BodyOfRevolution
from solvers.axisymmetric.domain import domain_of
from solvers.axisymmetric.hierarchy import embedding
from solvers.axisymmetric.mesh import AxisymmetricMesh, build_mesh
from solvers.axisymmetric.pencil import Pencil, assemble, spaces
from solvers.axisymmetric.settings import AxisymmetricSettings

__all__ = ["System", "build_system"]

# On meshes of the named levels k is then right to some 1e-3, at high Q to 1e-4.
_LOWEST_SEARCH_ORDER = 3

# Modes of lower Q reach far into the absorbing layer, which a lower order resolves badly.
_LOSSY = 50.0


@dataclass(frozen=True, kw_only=True, eq=False)
class System:
    """A cavity ready to be solved for every azimuthal order >= `lowest_order`."""

    body: BodyOfRevolution
    wavelength: tuple[float, float]
    lowest_order: int
    settings: AxisymmetricSettings
    mesh: AxisymmetricMesh
    pencil: Pencil

    def nested(self, order: int) -> NDArray[np.int64]:
        """Return the unknowns of the full space that span the space of a lower order."""
        if order not in self._embeddings:
            self._embeddings[order] = embedding(self.mesh.mesh, self.settings.order, order)
        return self._embeddings[order]

    def search_order(self, quality_factor_floor: float) -> int:
        """Return the order of the space that is good enough to find modes in, down to a Q."""
        order = self.settings.order
        if quality_factor_floor < _LOSSY:
            return order
        return min(order, max(order // 2 + 1, _LOWEST_SEARCH_ORDER))

    def lower_pencil(self, order: int) -> Pencil:
        """Return the pencil of the space of an order, a lower one with its own unknowns."""
        if order == self.settings.order:
            return self.pencil
        if order not in self._lower_pencils:
            self._lower_pencils[order] = self.pencil.restricted(self.nested(order))
        return self._lower_pencils[order]

    @functools.cached_property
    def _lower_pencils(self) -> dict[int, Pencil]:
        return {}

    @functools.cached_property
    def _embeddings(self) -> dict[int, NDArray[np.int64]]:
        return {}

    @functools.cached_property
    def space(self) -> Any:
        """The NGSolve product space of the full order."""
        return spaces(self.mesh.mesh, self.settings.order, complex_valued=True)


@functools.lru_cache(maxsize=1)
def build_system(
    body: BodyOfRevolution,
    wavelength: tuple[float, float],
    lowest_order: int,
    settings: AxisymmetricSettings,
) -> System:
    """Mesh and assemble a body for a wavelength window (um) and all orders >= `lowest_order`.

    The last system is kept, so that asking for fields after solving costs no new mesh.
    """
    domain = domain_of(body, wavelength=wavelength, azimuthal_order=lowest_order, settings=settings)
    mesh = build_mesh(body, domain, wavelength=min(wavelength), settings=settings)
    return System(
        body=body,
        wavelength=wavelength,
        lowest_order=lowest_order,
        settings=settings,
        mesh=mesh,
        pencil=assemble(mesh, settings),
    )
