"""Unit cells from GDS or OASIS files: the shapes of a cell and the lattice that repeats them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from cavities.body_of_revolution import Layer
from cavities.cell_shape import CellShape, Circle, Polygon
from cavities.lattice import Lattice
from cavities.photonic_crystal_slab import PhotonicCrystalSlab
from layouts.layers import layer_info

if TYPE_CHECKING:
    import klayout.db as kdb

__all__ = ["UnitCell", "unit_cell_from_gds"]

_CIRCLE_VERTICES = 12
"""Fewest vertices of what may be taken for a circle."""


@dataclass(frozen=True, kw_only=True)
class UnitCell:
    """A unit cell as drawn.

    Attributes:
        name: of the cell in the file.
        lattice: repeats it.
        shapes: circles where the polygon is one within the tolerance, else polygons.
        outline_error: largest distance (um) of a polygon's vertices from the circle taken for it.
    """

    name: str
    lattice: Lattice
    shapes: tuple[CellShape, ...]
    outline_error: float

    def slab(
        self,
        *,
        layers: Sequence[Layer],
        bias: float = 0.0,
        pattern: Literal["holes", "pillars"] = "holes",
        **fields: Any,
    ) -> PhotonicCrystalSlab:
        """Return the slab with this pattern; see `PhotonicCrystalSlab.from_process`.

        Args:
            layers: before etching, from bottom to top.
            bias: how far the process moves every wall outwards (um).
            pattern: whether the shapes are holes or pillars.
            fields: everything else.
        """
        return PhotonicCrystalSlab.from_process(
            drawn=self.shapes,
            bias=bias,
            lattice=self.lattice,
            layers=tuple(layers),
            pattern=pattern,
            **fields,
        )


def unit_cell_from_gds(
    path: str | Path,
    *,
    cell: str | None = None,
    layer: str | tuple[int, int] | None = None,
    lattice: Lattice | None = None,
    circles: bool = True,
    tolerance: float | None = None,
) -> UnitCell:
    """Read the unit cell of a periodic cavity.

    Shapes that the cell's edge cuts in two are joined to their other half; shapes outside the
    home cell come back into it.

    Args:
        path: GDS or OASIS file.
        cell: name of the cell; None: the only one with polygons on the layer.
        layer: name of our map, or GDS layer and datatype; None: the only one in use in the cell.
        lattice: repeats the cell; None: taken from the array of references to it.
        circles: whether polygons of at least 12 vertices that lie on a circle become one.
        tolerance: largest distance (um) of such a vertex from the circle; None: one database
            unit, for vertices are snapped.

    Raises:
        ValueError: no such file, cell or layer, several that fit, no array of references, shapes
            with holes.
    """
    from layouts.layout_file import read_layout_file

    source = read_layout_file(path)
    index = _layer_index(source, layer, cell, path)
    found = _cell(source, index, cell, path)
    grid = lattice or _array_lattice(source, found, path)
    shapes, worst = _shapes(found, index, grid, circles, tolerance or source.dbu)
    return UnitCell(name=found.name, lattice=grid, shapes=shapes, outline_error=worst)


def _layer_index(
    source: kdb.Layout, layer: str | tuple[int, int] | None, cell: str | None, path: str | Path
) -> int:
    """Return the layer to read: the one asked for, or the only one in use."""
    if layer is not None:
        numbers = layer
        if isinstance(layer, str):
            info = layer_info(layer)
            numbers = (info.layer, info.datatype)
        index = source.find_layer(*numbers)
        if index is None:
            raise ValueError(
                f"layer: must be in the file, got {layer!r} for {str(path)!r}, which has "
                f"{_layers(source, list(source.layer_indexes()))}; choose one of them"
            )
        return int(index)
    cells = [source.cell(cell)] if cell and source.has_cell(cell) else list(source.each_cell())
    used = [i for i in source.layer_indexes() if any(_has_polygons(one, i) for one in cells)]
    if len(used) != 1:
        raise ValueError(
            f"layer: must be given where several are in use, got {_layers(source, used)} in "
            f"{str(path)!r}; choose one of them"
        )
    return used[0]


def _layers(source: kdb.Layout, indices: Sequence[int]) -> list[str]:
    infos = [source.get_info(i) for i in indices]
    return [f"{info.layer}/{info.datatype}" for info in infos]


def _has_polygons(cell: kdb.Cell, index: int) -> bool:
    return any(not shape.is_text() for shape in cell.shapes(index).each())


def _cell(source: kdb.Layout, index: int, name: str | None, path: str | Path) -> kdb.Cell:
    if name is not None:
        if not source.has_cell(name):
            known = sorted(cell.name for cell in source.each_cell())
            raise ValueError(
                f"cell: must be in the file, got {name!r} for {str(path)!r}, which has "
                f"{known[:12]}; choose one of them"
            )
        return source.cell(name)
    found = [cell for cell in source.each_cell() if _has_polygons(cell, index)]
    if len(found) != 1:
        raise ValueError(
            "cell: must be given unless one cell alone has polygons on the layer, got "
            f"{sorted(cell.name for cell in found)[:12]} in {str(path)!r}; choose one of them"
        )
    return found[0]


def _array_lattice(source: kdb.Layout, cell: kdb.Cell, path: str | Path) -> Lattice:
    """Return the lattice of the one two-dimensional array of references to the cell."""
    found: list[Lattice] = []
    for parent in source.each_cell():
        own = [i.cell_inst for i in parent.each_inst() if i.cell_index == cell.cell_index()]
        # several arrays in one parent interleave: each of them is coarser than the lattice
        if len(own) == 1 and min(own[0].na, own[0].nb) >= 2:
            pair = [v.to_dtype(source.dbu) for v in (own[0].a, own[0].b)]
            # files say columns and rows in either order: a1 is the one nearer to x
            a, b = sorted(pair, key=lambda v: abs(math.atan2(v.y, v.x)))
            found.append(Lattice(a1=(a.x, a.y), a2=(b.x, b.y)))
    if len(set(found)) != 1:
        raise ValueError(
            "lattice: must be given unless one two-dimensional array of references repeats the "
            f"cell, got {len(set(found))} for {cell.name!r} in {str(path)!r}; give a Lattice"
        )
    return found[0]


def _shapes(
    cell: kdb.Cell, index: int, lattice: Lattice, circles: bool, tolerance: float
) -> tuple[tuple[CellShape, ...], float]:
    """Return the shapes whose middle is in the home cell, halves joined over its edges."""
    import klayout.db as kdb

    dbu = cell.layout().dbu
    own = kdb.Region(cell.begin_shapes_rec(index)).merged()
    if own.is_empty():
        raise ValueError(
            f"cell: must hold polygons on the layer, got none in {cell.name!r}; choose another"
        )
    box = own.bbox()
    reach = math.hypot(box.width(), box.height()) * dbu + 2 * lattice.period
    region = kdb.Region()
    for dx, dy in lattice.translations(reach):
        region += own.moved(round(dx / dbu), round(dy / dbu))
    kept: list[CellShape] = []
    worst = 0.0
    for polygon in region.merged().each():
        if polygon.holes():
            raise ValueError(
                f"cell: shapes must have no holes, got one in {cell.name!r}; draw the hole as a "
                "shape on another layer"
            )
        points = np.array([(p.x, p.y) for p in polygon.each_point_hull()]) * dbu
        shape = Polygon(points=tuple((float(x), float(y)) for x, y in points[::-1]))
        steps = lattice.fractional(shape.centroid)
        # half a database unit of a shape on the cell's edge must not decide
        if np.any(steps < -1e-3) or np.any(steps >= 1 - 1e-3):
            continue
        radius, distance = _circle_fit(points, shape)
        if circles and len(points) >= _CIRCLE_VERTICES and distance <= tolerance:
            kept.append(Circle(center=shape.centroid, radius=radius))
            worst = max(worst, distance)
        else:
            kept.append(shape)
    return tuple(kept), worst


def _circle_fit(points: NDArray[np.float64], shape: Polygon) -> tuple[float, float]:
    """Return the mean distance of the vertices from the centroid, and the largest deviation."""
    radii = np.hypot(*(points - np.array(shape.centroid)).T)
    radius = float(radii.mean())
    return radius, float(np.abs(radii - radius).max())
