"""From a domain to a curved tetrahedral mesh with matching periodic faces."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from cavities.material import Material
from solvers.unit_cell_fem.domain import Domain
from solvers.unit_cell_fem.geometry import Part, cell_solids
from solvers.unit_cell_fem.settings import UnitCellSettings

__all__ = ["UnitCellMesh", "build_mesh"]


@dataclass(frozen=True, kw_only=True, eq=False)
class UnitCellMesh:
    """A curved NGSolve mesh of the domain with its parts.

    `phases` are the Bloch phases of its identifications, in the order in which NGSolve counts
    them; empty without periodic faces.
    """

    mesh: Any
    domain: Domain
    parts: tuple[Part, ...]
    phases: tuple[complex, ...]


def build_mesh(domain: Domain, *, wavelength: float, settings: UnitCellSettings) -> UnitCellMesh:
    """Mesh the domain for wavelengths (um) not shorter than `wavelength`.

    Raises:
        RuntimeError: opposite faces of the cell do not match.
    """
    import ngsolve
    from netgen.occ import Glue, OCCGeometry

    pieces = cell_solids(domain)
    for part, solid in pieces:
        solid.solids.maxh = settings.mesh_size * _local_wavelength(part.material, wavelength)
    shape = Glue([solid for _, solid in pieces])
    _name_faces(shape, domain)
    if settings.edge_refinement < 1:
        _refine_rims(shape, pieces, wavelength, settings)
    for name, side, mirrored in zip("ab", domain.sides, domain.mirrored[:2], strict=True):
        if not mirrored:
            _identify(shape, name, (float(side[0]), float(side[1])))
    generated = OCCGeometry(shape).GenerateMesh(maxh=wavelength, grading=0.9)
    mesh = ngsolve.Mesh(generated)
    mesh.Curve(settings.order)
    return UnitCellMesh(
        mesh=mesh,
        domain=domain,
        parts=tuple(part for part, _ in pieces),
        phases=_phases(mesh, domain),
    )


def _local_wavelength(material: Material, wavelength: float) -> float:
    """Return the wavelength in the medium (um); of a metal 2 pi skin depths."""
    eps = complex(material.permittivity(wavelength))
    return wavelength / math.sqrt(max(abs(eps), 1.0))


def _name_faces(shape: Any, domain: Domain) -> None:
    low, high = domain.bottom - domain.pml_below, domain.top + domain.pml_above
    inverse = np.linalg.inv(domain.sides)
    for face in shape.faces:
        place = face.center
        along = (np.array([place.x, place.y]) - domain.origin) @ inverse
        height = (place.z - low) / (high - low)
        for names, value in ((("a0", "a1"), along[0]), (("b0", "b1"), along[1])):
            for name, wall in zip(names, (0.0, 1.0), strict=True):
                if abs(value - wall) < 1e-7:
                    face.name = name
        for name, wall in (("bottom", 0.0), ("top", 1.0)):
            if abs(height - wall) < 1e-7:
                face.name = name


def _refine_rims(
    shape: Any, pieces: list[tuple[Part, Any]], wavelength: float, settings: UnitCellSettings
) -> None:
    """Set a smaller element size along the horizontal edges of the layers, where fields peak."""
    layers = [(part.material, solid) for part, solid in pieces if part.kind == "layer"]
    size = settings.mesh_size * min(_local_wavelength(one, wavelength) for one, _ in layers)
    heights = [edge.center.z for _, solid in layers for edge in solid.edges]
    for edge in shape.edges:
        flat = abs(edge.start.z - edge.end.z) < 1e-9
        if flat and min(heights) - 1e-9 <= edge.center.z <= max(heights) + 1e-9:
            edge.maxh = size * settings.edge_refinement


def _identify(shape: Any, name: str, side: tuple[float, float]) -> None:
    from netgen.meshing import IdentificationType
    from netgen.occ import gp_Trsf

    first, second = shape.faces[f"{name}0"], shape.faces[f"{name}1"]
    shift = gp_Trsf.Translation((side[0], side[1], 0.0))
    found = first.Identify(second, f"periodic_{name}", IdentificationType.PERIODIC, shift)
    if not len(first) == len(second) == found:
        raise RuntimeError(
            f"mesh: the faces across side {name} do not match ({len(first)} and {len(second)}, "
            f"{found} pairs); move the cell's origin with PeriodicStack.shifted"
        )


def _phases(mesh: Any, domain: Domain) -> tuple[complex, ...]:
    """Return the phase of every identification, told apart by how far it moves its vertices."""
    import ngsolve

    if all(domain.mirrored[:2]):
        return ()
    found: dict[int, complex] = {}
    places = np.array([vertex.point[:2] for vertex in mesh.vertices])
    inverse = np.linalg.inv(domain.sides)
    for (first, second), number in mesh.GetPeriodicNodePairs(ngsolve.VERTEX):
        steps = np.rint((places[second] - places[first]) @ inverse).astype(int)
        phase = domain.phases[0] ** int(steps[0]) * domain.phases[1] ** int(steps[1])
        found.setdefault(int(number), phase)
    return tuple(found[number] for number in sorted(found))
