"""A periodic stack at one Bloch vector and one truncation, ready for any k0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cavities.lattice import Lattice
from cavities.material import Material
from cavities.periodic_stack import PatternedLayer, PeriodicStack
from solvers.fourier_modal.half_stack import HalfStack, half_stack
from solvers.fourier_modal.layer_matrices import (
    LayerPattern,
    PatternMatrices,
    Permittivity,
    pattern_matrices,
)
from solvers.fourier_modal.media import Media, Medium
from solvers.fourier_modal.normal_field import normal_tensor
from solvers.fourier_modal.orders import Orders
from solvers.fourier_modal.point_group import PointGroup
from solvers.fourier_modal.sections import (
    PatternedSection,
    Section,
    UniformSection,
    outgoing_root,
)
from solvers.fourier_modal.sectors import Sector
from solvers.fourier_modal.shape_transform import shape_coefficients

__all__ = [
    "OUTER_FLOOR",
    "CellLayer",
    "CellProblem",
    "Factorization",
    "SectorProblem",
    "TwoSides",
    "cell_layers",
]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]
Factorization = Literal["normal-vector", "laurent"]

OUTER_FLOOR = 1e-8
"""Smallest |q| / k0 in the outer media: at a Rayleigh wavelength results are off by so much."""


@dataclass(frozen=True, kw_only=True, eq=False)
class CellLayer:
    """A slice of the stack: regions and materials of its parts, and their pattern.

    `key` is equal for slices of equal shapes and materials.
    """

    thickness: float
    regions: tuple[str, ...]
    materials: tuple[Material, ...]
    pattern: LayerPattern | None
    key: Any


def cell_layers(
    stack: PeriodicStack,
    orders: Orders,
    centre: tuple[float, float] = (0.0, 0.0),
    factorization: Factorization = "normal-vector",
) -> tuple[CellLayer, ...]:
    """Return the slices of a stack, bottom to top, with `centre` (um) as the origin.

    `factorization` "laurent" takes [[eps]] for all directions of E: what simpler programs do,
    for comparison with them; it converges slowly.
    """
    known: dict[Any, LayerPattern] = {}
    found = []
    for layer in stack.slices():
        if not isinstance(layer, PatternedLayer):
            found.append(
                CellLayer(
                    thickness=layer.thickness,
                    regions=(layer.name,),
                    materials=(layer.material,),
                    pattern=None,
                    key=layer.material,
                )
            )
            continue
        shapes = tuple(part.shape for part in layer.inclusions)
        parents = stack.parents(layer)
        if shapes not in known:
            known[shapes] = _pattern(shapes, parents, stack.lattice, orders, centre, factorization)
        materials = (layer.material, *(part.material for part in layer.inclusions))
        found.append(
            CellLayer(
                thickness=layer.thickness,
                regions=(layer.name, *(part.name for part in layer.inclusions)),
                materials=materials,
                pattern=known[shapes],
                key=(shapes, materials, layer.name, tuple(p.name for p in layer.inclusions)),
            )
        )
    return tuple(found)


def _pattern(
    shapes: Sequence[Any],
    parents: Sequence[int],
    lattice: Lattice,
    orders: Orders,
    centre: tuple[float, float],
    factorization: Factorization,
) -> LayerPattern:
    moved = [shape.translated(-centre[0], -centre[1]) for shape in shapes]
    vectors = orders.difference_vectors
    insides = [shape_coefficients(shape, vectors, lattice.area) for shape in moved]
    host = np.zeros(vectors.shape[:2], dtype=np.complex128)
    host[orders.reach] = 1.0
    parts = [host, *(inside.copy() for inside in insides)]
    for inside, parent in zip(insides, parents, strict=True):
        parts[parent + 1] -= inside
    normals = (np.zeros_like(host),) * 3
    if factorization == "normal-vector":
        normals = normal_tensor(moved, np.array(lattice.reduced()), orders.reach)
    return LayerPattern(indicators=tuple(parts), normals=normals)


@dataclass(frozen=True, kw_only=True, eq=False)
class CellProblem:
    """What does not depend on k0.

    Attributes:
        stack: the unit cell.
        orders: plane waves.
        layers: slices from bottom to top.
        sectors: symmetry-adapted bases.
        group: the little group of the Bloch vector; None if symmetry is not used.
        media: gain and index shifts.
        plane: the interface at which both sides meet (0: top of the substrate).
        reference_eps, reference_k: permittivity and k0 (rad/um) of the medium in which waves are
            counted there: it stays the same at every k0. With a lossy one no reflection seen from
            it has poles near the real axis.
        centre: point (um) that is the origin of the layers' patterns.
        factorization: see `cell_layers`.
    """

    stack: PeriodicStack
    orders: Orders
    layers: tuple[CellLayer, ...]
    sectors: tuple[Sector, ...]
    group: PointGroup | None = None
    media: Media = field(default_factory=Media)
    plane: int = 0
    reference_eps: complex = 1.0
    reference_k: float = 1.0
    centre: tuple[float, float] = (0.0, 0.0)
    factorization: Factorization = "normal-vector"

    def sector_problem(self, number: int) -> SectorProblem:
        """Return the problem of one sector."""
        sector = self.sectors[number]
        known: dict[int, PatternMatrices] = {}
        matrices: list[PatternMatrices | None] = []
        for layer in self.layers:
            if layer.pattern is None:
                matrices.append(None)
                continue
            key = id(layer.pattern)
            if key not in known:
                known[key] = pattern_matrices(layer.pattern, self.orders, sector)
            matrices.append(known[key])
        return SectorProblem(cell=self, sector=sector, matrices=tuple(matrices))


@dataclass(frozen=True, kw_only=True, eq=False)
class TwoSides:
    """Both sides of the plane at one k0."""

    k: complex
    up: HalfStack
    down: HalfStack


@dataclass(frozen=True, kw_only=True, eq=False)
class SectorProblem:
    """One sector of a cell problem: from k0 to the two half stacks.

    Attributes:
        cell: the problem.
        sector: the basis.
        matrices: of each layer, None where it is uniform.
    """

    cell: CellProblem
    sector: Sector
    matrices: tuple[PatternMatrices | None, ...]
    _permittivities: dict[int, tuple[tuple[complex, ...], Permittivity]] = field(
        default_factory=dict, repr=False
    )

    def media_of(self, number: int, k: complex) -> tuple[Medium, ...]:
        """Return the media of a layer's parts."""
        layer = self.cell.layers[number]
        at = self.cell.media.at
        return tuple(at(r, m, k) for r, m in zip(layer.regions, layer.materials, strict=True))

    def permittivity(self, number: int, eps: tuple[complex, ...]) -> Permittivity:
        """Return a layer's matrices; the last ones asked for are kept."""
        matrices = self.matrices[number]
        assert matrices is not None
        key = id(matrices)
        kept = self._permittivities.get(key)
        if kept is None or kept[0] != eps:
            kept = (eps, matrices.permittivity(eps))
            self._permittivities[key] = kept
        return kept[1]

    def outer(self, k: complex, *, top: bool) -> UniformSection:
        """Return the substrate's or superstrate's section on its outgoing sheet."""
        stack = self.cell.stack
        name, material = (
            ("superstrate", stack.superstrate) if top else ("substrate", stack.substrate)
        )
        eps = self.cell.media.at(name, material, k).eps
        on_axis = self.cell.media.at(name, material, complex(k.real)).eps
        square = self.sector.lengths**2
        root = np.sqrt(eps * k**2 - square + 0j)
        reference = outgoing_root(on_axis * k.real**2 - square + 0j)
        aligned = (root * np.conj(reference)).real >= 0
        return UniformSection.of(
            k,
            eps,
            0.0,
            self.sector.lengths,
            self.sector.p_count,
            q=np.where(aligned, root, -root),
            floor=OUTER_FLOOR,
        )

    def section(self, number: int, k: complex) -> Section:
        """Return the section of one layer."""
        layer = self.cell.layers[number]
        eps = tuple(medium.eps for medium in self.media_of(number, k))
        lengths, p_count = self.sector.lengths, self.sector.p_count
        if layer.pattern is None:
            return UniformSection.of(k, eps[0], layer.thickness, lengths, p_count)
        return PatternedSection.of(
            k, self.permittivity(number, eps), layer.thickness, lengths, p_count
        )

    def sections(self, k: complex) -> list[Section]:
        """Return all sections from bottom to top; equal patterns are solved once."""
        known: dict[Any, Section] = {}
        found = []
        for number, layer in enumerate(self.cell.layers):
            key = (layer.key, layer.thickness if layer.pattern is None else None)
            if key not in known:
                known[key] = self.section(number, k)
            found.append(_thick(known[key], layer.thickness))
        return found

    def sides(self, k: complex) -> TwoSides:
        """Return both sides of the plane at k0 (rad/um)."""
        sections = self.sections(k)
        plane = self.cell.plane
        reference = UniformSection.of(
            self.cell.reference_k,
            self.cell.reference_eps,
            0.0,
            self.sector.lengths,
            self.sector.p_count,
        )
        up = half_stack(sections[plane:], self.outer(k, top=True), reference)
        down = half_stack(sections[:plane][::-1], self.outer(k, top=False), reference)
        return TwoSides(k=k, up=up, down=down)


def _thick(section: Section, thickness: float) -> Section:
    from dataclasses import replace

    return section if section.thickness == thickness else replace(section, thickness=thickness)
