"""From a body of revolution to a curved triangular mesh whose parts know their material."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Any

from cavities.body_of_revolution import BodyOfRevolution
from cavities.material import Material
from cavities.outline import Arc, Line, Outline, Parabola, Point
from solvers.axisymmetric.domain import Domain, background_cells, skin_depth
from solvers.axisymmetric.settings import AxisymmetricSettings

__all__ = ["AxisymmetricMesh", "Part", "build_mesh"]

# Depths, in skin depths, at which metal layers are split below their upper face.
_METAL_SPLITS = (1.0, 3.0)


@dataclass(frozen=True, kw_only=True)
class Part:
    """A piece of the mesh: its mesh label, region name, material, and whether it is PML."""

    label: str
    region: str
    material: Material
    pml: bool


@dataclass(frozen=True, kw_only=True)
class AxisymmetricMesh:
    """A curved NGSolve mesh of the domain with its parts."""

    mesh: Any
    domain: Domain
    parts: tuple[Part, ...]


def build_mesh(
    body: BodyOfRevolution,
    domain: Domain,
    *,
    wavelength: float,
    settings: AxisymmetricSettings,
) -> AxisymmetricMesh:
    """Mesh the domain for wavelengths (um) not shorter than `wavelength`."""
    import ngsolve
    from netgen.occ import Glue, OCCGeometry

    parts: list[Part] = []
    pieces: list[Any] = []

    def add(face: Any, region: str, material: Material, pml: bool) -> None:
        size = _element_size(material, wavelength) * settings.mesh_size
        label = f"part{len(parts)}"
        found = False
        for piece in face.faces:
            piece.name, piece.maxh, found = label, size, True
        if found:
            parts.append(Part(label=label, region=region, material=material, pml=pml))
            pieces.append(face)

    inside = _rectangle(domain.inner, domain.outer, domain.bottom, domain.top)
    faces = [_face(region.outline) for region in body.regions]
    painted = None
    for region, face in reversed(list(zip(body.regions, faces, strict=True))):
        visible = face * inside
        if painted is not None:
            visible = visible - painted
        add(visible, region.name, region.material, False)
        painted = face if painted is None else painted + face

    radii = (domain.inner, domain.outer, domain.outer + domain.pml)
    for low, high, name, material, pml in _bands(body, domain, wavelength):
        for column, (left, right) in enumerate(itertools.pairwise(radii)):
            cell = _rectangle(left, right, low, high)
            add(
                cell - painted if column == 0 and not pml else cell,
                name,
                material,
                pml or column == 1,
            )

    shape = Glue(pieces)
    for edge in shape.edges:
        # Names have to be there before the geometry copies the shape.
        if domain.has_axis and edge.center.x < 1e-9:
            edge.name = "axis"
    geometry = OCCGeometry(shape, dim=2)
    mesh = ngsolve.Mesh(geometry.GenerateMesh(maxh=wavelength * settings.mesh_size, grading=0.7))
    mesh.Curve(settings.order + 1)
    return AxisymmetricMesh(mesh=mesh, domain=domain, parts=tuple(parts))


def _element_size(material: Material, wavelength: float) -> float:
    """Return the local wavelength (um); a metal takes the vacuum's, its depth is layered."""
    eps = complex(material.permittivity(wavelength))
    return wavelength / math.sqrt(eps.real) if eps.real > 0 else wavelength


def _bands(
    body: BodyOfRevolution, domain: Domain, wavelength: float
) -> list[tuple[float, float, str, Material, bool]]:
    """Return the horizontal bands (bottom, top, region, material, pml) of the background.

    Metals are split one and three skin depths below their upper face (where the field comes
    from), so that the polynomial basis resolves the exponential decay.
    """
    low, high = domain.bottom - domain.pml_below, domain.top + domain.pml
    bands = []
    for cell in background_cells(body, low, high):
        if cell.top <= low:
            continue
        bottom = max(cell.bottom, low)
        cuts = {bottom, cell.top}
        cuts |= {z for z in (domain.bottom, domain.top) if bottom < z < cell.top}
        depth = skin_depth(cell.material, wavelength)
        if depth is not None:
            splits = (cell.top - share * depth for share in _METAL_SPLITS)
            cuts |= {z for z in splits if z > bottom + 0.5 * depth}
        for lower, upper in itertools.pairwise(sorted(cuts)):
            pml = not domain.bottom < (lower + upper) / 2 < domain.top
            bands.append((lower, upper, cell.name, cell.material, pml))
    return bands


def _face(outline: Outline) -> Any:
    from netgen.occ import (
        ArcOfCircle,
        BezierCurve,
        Face,
        Segment,
        SplineInterpolation,
        Wire,
    )

    edges = []
    for start, segment in zip(outline.starts(), outline.segments, strict=True):
        if isinstance(segment, Line):
            edge = Segment(_point(start), _point(segment.end))
        elif isinstance(segment, Arc):
            edge = ArcOfCircle(_point(start), _point(segment.through), _point(segment.end))
        elif isinstance(segment, Parabola):
            edge = BezierCurve([_point(p) for p in (start, segment.control, segment.end)])
        else:
            edge = SplineInterpolation([_point(p) for p in (start, *segment.knots)])
        edges.append(edge)
    return Face(Wire(edges))


def _rectangle(left: float, right: float, low: float, high: float) -> Any:
    from netgen.occ import Face, Segment, Wire

    corners = [(left, low), (right, low), (right, high), (left, high)]
    closed = zip(corners, corners[1:] + corners[:1], strict=True)
    return Face(Wire([Segment(_point(a), _point(b)) for a, b in closed]))


def _point(point: Point) -> Any:
    from netgen.occ import Pnt

    return Pnt(point[0], point[1], 0)
