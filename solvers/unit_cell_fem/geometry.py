"""Solids of the unit cell: every slice of the stack, cut by its inclusions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cavities.cell_shape import CellShape, Circle, Ellipse, RoundedPolygon
from cavities.lattice import Lattice
from cavities.material import Material
from cavities.periodic_stack import PatternedLayer, PeriodicLayer
from cavities.polygon_outline import filleted
from solvers.unit_cell_fem.domain import Domain

__all__ = ["Part", "cell_solids"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A piece of the domain.

    Attributes:
        label: its name in the mesh.
        region: "substrate", "slab", ...; several parts may share one.
        material: what fills it.
        kind: "layer" of the stack, "outside" of it, or "pml".
        below: whether it lies in the lower half of the open space.
    """

    label: str
    region: str
    material: Material
    kind: str
    below: bool = False


def cell_solids(domain: Domain) -> list[tuple[Part, Any]]:
    """Return the parts of the domain with their OpenCascade solids."""
    found: list[tuple[Part, Any]] = []

    def add(solid: Any, region: str, material: Material, kind: str, below: bool) -> None:
        if not len(solid.solids):
            return
        label = f"part{len(found)}"
        solid.solids.name = label
        part = Part(label=label, region=region, material=material, kind=kind, below=below)
        found.append((part, solid))

    for low, high, layer, region, material, kind in _bands(domain):
        below = high <= 0
        block = _block(domain, low, high)
        if isinstance(layer, PatternedLayer):
            for index, part in enumerate(layer.inclusions):
                # a later inclusion replaces an earlier one, the material takes what is left
                own = _inside(part.shape, domain, low, high)
                if own is None:
                    continue
                for later in layer.inclusions[index + 1 :]:
                    hidden = _inside(later.shape, domain, low, high)
                    own = own if hidden is None else own - hidden
                add(own, part.name, part.material, "layer", below)
            for part in layer.inclusions:
                own = _inside(part.shape, domain, low, high)
                block = block if own is None else block - own
        add(block, region, material, kind, below)
    return found


def _bands(
    domain: Domain,
) -> Iterator[tuple[float, float, PeriodicLayer | None, str, Material, str]]:
    """Yield bottom, top, layer, region, material and kind of everything from bottom to top."""
    stack = domain.stack
    if domain.pml_below:
        ground = "substrate", stack.substrate
        yield domain.bottom - domain.pml_below, domain.bottom, None, *ground, "pml"
        yield domain.bottom, 0.0, None, *ground, "outside"
    low = 0.0
    for layer in stack.slices():
        high = low + layer.thickness
        if high > domain.bottom + 1e-9 * stack.thickness:
            yield max(low, domain.bottom), high, layer, layer.name, layer.material, "layer"
        low = high
    sky = "superstrate", stack.superstrate
    yield low, domain.top, None, *sky, "outside"
    yield domain.top, domain.top + domain.pml_above, None, *sky, "pml"


def _block(domain: Domain, low: float, high: float) -> Any:
    corner, (first, second) = domain.origin, domain.sides
    corners = [corner, corner + first, corner + first + second, corner + second]
    return _prism(_polygon(np.array(corners), low), high - low)


def _inside(shape: CellShape, domain: Domain, low: float, high: float) -> Any | None:
    """Return the part of a shape and of its repetitions that lies in the domain."""
    block = _block(domain, low, high)
    found = None
    for dx, dy in _repetitions(domain.stack.lattice, shape, domain):
        solid = _prism(_face(shape.translated(dx, dy), low), high - low) * block
        if len(solid.solids):
            found = solid if found is None else found + solid
    return found


def _repetitions(lattice: Lattice, shape: CellShape, domain: Domain) -> list[tuple[float, float]]:
    """Return the lattice vectors by which the shape may reach into the domain."""
    middle = domain.origin + domain.sides.sum(axis=0) / 2
    # the far corners of a parallelogram are on its longer diagonal
    diagonals = domain.sides.sum(axis=0), domain.sides[0] - domain.sides[1]
    radius = max(float(np.hypot(*diagonal)) for diagonal in diagonals) / 2 + shape.reach
    away = np.array(shape.centroid) - middle
    shifts = lattice.translations(radius + float(np.hypot(*away)))
    near = np.hypot(*(shifts + away).T) < radius
    return [(float(dx), float(dy)) for dx, dy in shifts[near]]


def _prism(face: Any, height: float) -> Any:
    from netgen.occ import Z

    return face.Extrude(height * Z)


def _plane(centre: tuple[float, float], z: float, angle_deg: float = 0.0) -> Any:
    from netgen.occ import Axes, Vec, WorkPlane, Z

    turn = np.deg2rad(angle_deg)
    along = Vec(float(np.cos(turn)), float(np.sin(turn)), 0.0)
    return WorkPlane(Axes((*centre, z), n=Z, h=along))


def _face(shape: CellShape, z: float) -> Any:
    if isinstance(shape, Circle):
        return _plane(shape.center, z).Circle(shape.radius).Face()
    if isinstance(shape, Ellipse):
        major, minor = max(shape.radii), min(shape.radii)
        angle = shape.angle_deg + (0.0 if shape.radii[0] >= shape.radii[1] else 90.0)
        return _plane(shape.center, z, angle).Ellipse(major, minor).Face()
    if isinstance(shape, RoundedPolygon) and min(shape.radii) > 0:
        return _rounded(shape, z)
    return _polygon(shape.outline(1e-3 * shape.reach), z)


def _polygon(corners: Floats, z: float) -> Any:
    from netgen.occ import Face, Pnt, Segment, Wire

    points = [Pnt(float(x), float(y), z) for x, y in corners]
    closed = zip(points, [*points[1:], points[0]], strict=True)
    return Face(Wire([Segment(a, b) for a, b in closed]))


def _rounded(shape: RoundedPolygon, z: float) -> Any:
    from netgen.occ import ArcOfCircle, Face, Pnt, Segment, Wire

    def point(place: Floats) -> Any:
        return Pnt(float(place[0]), float(place[1]), z)

    arcs = []
    for arc in filleted(shape.points, shape.radii):
        angles = arc.first + arc.sweep * np.array([0.0, 0.5, 1.0])
        circle = np.column_stack([np.cos(angles), np.sin(angles)])
        arcs.append(np.array(arc.centre) + arc.radius * circle)
    edges = []
    for here, following in zip(arcs, [*arcs[1:], arcs[0]], strict=True):
        edges.append(ArcOfCircle(*(point(place) for place in here)))
        if np.hypot(*(following[0] - here[2])) > 1e-9 * shape.reach:
            edges.append(Segment(point(here[2]), point(following[0])))
    return Face(Wire(edges))
