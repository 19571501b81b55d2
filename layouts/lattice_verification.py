"""Written chips of lattice devices, read back and compared without flattening them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cavities.cell_shape import CellShape
from layouts.lattice_rules import windows
from layouts.layers import layer_info, layer_name

if TYPE_CHECKING:
    import klayout.db as kdb

    from layouts.lattice_device import Box, LatticeDevice

__all__ = ["LatticeReadBack", "read_back_lattice"]

ROUNDING = 1e-6
"""Slack (um) of comparisons."""


@dataclass(frozen=True, kw_only=True)
class LatticeReadBack:
    """What a GDS or OASIS file of lattice devices holds.

    Attributes:
        path: the file.
        bytes: its size.
        database_unit: its database unit (um).
        top_cell: name of its top cell.
        bounding_box: left, bottom, right, top (um).
        cells: number of placements of each cell, arrays counted in full, the top cell once.
        shape_counts: polygons of each layer, with every repetition.
        outline_error: largest distance (um) of a drawn outline from the wanted shape's, nan when
            no devices were given.
        position_error: largest distance (um) of a shape from its exact lattice place, in the
            windows that were looked at; nan likewise.
        xor_areas: area (um^2) by layer where the cells of file and reference differ; empty when
            there was no reference.
    """

    path: Path
    bytes: int
    database_unit: float
    top_cell: str
    bounding_box: tuple[float, float, float, float]
    cells: Mapping[str, int]
    shape_counts: Mapping[str, int]
    outline_error: float
    position_error: float
    xor_areas: Mapping[str, float]


def read_back_lattice(
    path: str | Path,
    *,
    reference: kdb.Cell | None = None,
    devices: Sequence[LatticeDevice] = (),
    chord_error: float = 0.001,
    claim: str | Path | None = None,
) -> LatticeReadBack:
    """Read a GDS or OASIS file and check it, cell by cell.

    Args:
        path: the file.
        reference: the cell that was meant to be written. Every cell of the same name must have
            the same shapes (XOR empty), texts and references; so then has the flattened chip.
        devices: what must be there: their number of shapes, the outline of every shape of a
            cell, and the places of all shapes in windows at corners and stitches.
        chord_error: largest distance (um) allowed between a drawn outline and the wanted one.
        claim: name of the file for messages and for the report, when it differs from `path`.

    Raises:
        ValueError: the file cannot be read, has not one top cell, differs from the reference,
            or a shape is missing, too many, or off its place.
    """
    from layouts.layout_file import read_layout_file

    name = Path(claim if claim is not None else path)
    layout = read_layout_file(path)
    tops = layout.top_cells()
    if len(tops) != 1:
        raise ValueError(
            f"path: the file must have one top cell, got {sorted(cell.name for cell in tops)} in "
            f"{str(name)!r}; write it again"
        )
    top = tops[0]
    differences: Mapping[str, float] = {}
    if reference is not None:
        differences = _differences(layout, reference, name)
    placements = _placements(layout, top)
    counts = _shape_counts(layout, placements)
    if devices:
        _check_counts(counts, devices, name)
    outline = max((_outline_error(device, chord_error) for device in devices), default=math.nan)
    place = max((_place_error(top, device) for device in devices), default=math.nan)
    box = top.dbbox()
    return LatticeReadBack(
        path=name,
        bytes=Path(path).stat().st_size,
        database_unit=layout.dbu,
        top_cell=top.name,
        bounding_box=(box.left, box.bottom, box.right, box.top),
        cells=placements,
        shape_counts=counts,
        outline_error=outline,
        position_error=place,
        xor_areas=differences,
    )


def _layer_key(info: kdb.LayerInfo) -> str:
    return layer_name(info.layer, info.datatype) or f"{info.layer}/{info.datatype}"


def _differences(layout: kdb.Layout, reference: kdb.Cell, name: Path) -> dict[str, float]:
    """Return the XOR area (um^2) by layer, summed over the cells; raise when anything differs."""
    import klayout.db as kdb

    source = reference.layout()
    if source.dbu != layout.dbu:
        raise ValueError(
            f"path: the database unit must be {source.dbu:g} um, got {layout.dbu:g} um in "
            f"{str(name)!r}; write it again"
        )
    wanted = {source.cell(i).name: source.cell(i) for i in reference.called_cells()}
    wanted[reference.name] = reference
    found = {cell.name: cell for cell in layout.each_cell()}
    if set(wanted) != set(found):
        odd = sorted(set(wanted) ^ set(found))
        raise ValueError(
            f"path: the file must have the layout's cells, got a difference in {odd[:3]} in "
            f"{str(name)!r}; write it again"
        )
    areas: dict[str, float] = {}
    for key, cell in wanted.items():
        other = found[key]
        if _references(cell) != _references(other) or _texts(cell) != _texts(other):
            raise ValueError(
                f"path: every cell must have the layout's references and texts, got others in "
                f"{key!r} of {str(name)!r}; write it again"
            )
        for index in source.layer_indexes():
            info = source.get_info(index)
            match = layout.find_layer(info.layer, info.datatype)
            second = kdb.Region() if match is None else kdb.Region(other.shapes(match))
            first = kdb.Region(cell.shapes(index))
            if first.is_empty() and second.is_empty():
                continue
            layer = _layer_key(info)
            areas[layer] = areas.get(layer, 0.0) + (first ^ second).area() * layout.dbu**2
    if any(areas.values()):
        listed = ", ".join(f"{layer} {area:g} um^2" for layer, area in areas.items() if area)
        raise ValueError(
            f"path: the file must equal the layout, got differences ({listed}) in "
            f"{str(name)!r}; write it again"
        )
    return areas


def _references(cell: kdb.Cell) -> list[tuple[object, ...]]:
    """Return the references of a cell as sortable values, one per array."""
    layout = cell.layout()
    found: list[tuple[object, ...]] = []
    for instance in cell.each_inst():
        array = instance.cell_inst
        a, b = array.a, array.b
        numbers = (a.x, a.y, b.x, b.y, max(1, array.na), max(1, array.nb))
        found.append((layout.cell(array.cell_index).name, str(array.cplx_trans), *_normal(numbers)))
    return sorted(found, key=str)


def _normal(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """Return an array's vectors and counts, vectors of single columns or rows left out."""
    ax, ay, bx, by, columns, lines = numbers
    first = (ax, ay, columns) if columns > 1 else (0, 0, 1)
    second = (bx, by, lines) if lines > 1 else (0, 0, 1)
    return (*max(first, second), *min(first, second))


def _texts(cell: kdb.Cell) -> list[tuple[object, ...]]:
    layout = cell.layout()
    found: list[tuple[object, ...]] = []
    for index in layout.layer_indexes():
        for shape in cell.shapes(index).each():
            if shape.is_text():
                found.append(
                    (
                        _layer_key(layout.get_info(index)),
                        shape.text.string,
                        shape.text.x,
                        shape.text.y,
                    )
                )
    return sorted(found, key=str)


def _placements(layout: kdb.Layout, top: kdb.Cell) -> dict[str, int]:
    counts = dict.fromkeys(layout.each_cell_top_down(), 0)
    counts[top.cell_index()] = 1
    for index in layout.each_cell_top_down():
        for instance in layout.cell(index).each_inst():
            counts[instance.cell_index] += counts[index] * instance.cell_inst.size()
    return {layout.cell(index).name: count for index, count in counts.items()}


def _shape_counts(layout: kdb.Layout, placements: Mapping[str, int]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for cell in layout.each_cell():
        for index in layout.layer_indexes():
            shapes = sum(1 for shape in cell.shapes(index).each() if not shape.is_text())
            if shapes:
                layer = _layer_key(layout.get_info(index))
                counts[layer] = counts.get(layer, 0) + shapes * placements[cell.name]
    return counts


def _check_counts(counts: Mapping[str, int], devices: Sequence[LatticeDevice], name: Path) -> None:
    wanted: dict[str, int] = {"device_area": len(devices)}
    for device in devices:
        wanted[device.layer] = wanted.get(device.layer, 0) + device.shape_count
    for layer, count in wanted.items():
        if counts.get(layer, 0) != count:
            raise ValueError(
                f"devices: layer {layer!r} must hold {count} shapes, got {counts.get(layer, 0)} "
                f"in {str(name)!r}; write it again"
            )


def _outline_error(device: LatticeDevice, chord_error: float) -> float:
    """Return the largest distance (um) of the drawn outlines from the wanted ones."""
    grid = device.extent.grid
    worst = 0.0
    for points, shape in zip(device.outlines, device.drawn.shapes, strict=True):
        worst = max(worst, _distance(np.asarray(points) * grid, shape, chord_error, grid))
    return worst


def _distance(
    points: NDArray[np.float64], shape: CellShape, chord_error: float, grid: float
) -> float:
    """Return the Hausdorff distance (um) of a drawn outline from a shape's, checked."""
    import shapely

    drawn = shapely.Polygon(points).exterior
    true = shape.polygon(chord_error / 50).exterior
    distance = float(shapely.hausdorff_distance(drawn, true, densify=0.05))
    # a shape's centre is snapped too
    if distance > chord_error * 1.02 + grid / math.sqrt(2) + ROUNDING:
        raise ValueError(
            f"chord_error: outlines must be within {chord_error:g} um and the snapping of their "
            f"centre, got {distance:.4g} um; write it again"
        )
    return distance


def _place_error(top: kdb.Cell, device: LatticeDevice) -> float:
    """Return the largest distance (um) of the shapes in the device's windows from their places.

    Raises:
        ValueError: a shape without a lattice point, or one missing.
    """
    place = device.extent
    bound = place.position_error() + ROUNDING
    worst = 0.0
    middles = [_middle(points, place.grid) for points in device.outlines]
    for box in windows(device):
        drawn = _middles_in(top, device.layer, box)
        exact = np.concatenate([_lattice_points(device, box) + middle for middle in middles])
        inside = (exact > np.array(box[:2])) & (exact < np.array(box[2:]))
        exact = exact[np.all(inside, axis=1)]
        if len(exact) == 0:
            continue
        from scipy.spatial import cKDTree

        if len(drawn) == 0:
            raise _misplaced(device, math.inf)
        found = cKDTree(drawn).query(exact)
        away, which = np.asarray(found[0]), np.asarray(found[1])
        if away.max() > bound or len(set(which.tolist())) < len(exact):
            raise _misplaced(device, float(away.max()))
        worst = max(worst, float(away.max()))
    return worst


def _misplaced(device: LatticeDevice, distance: float) -> ValueError:
    return ValueError(
        f"devices: every shape of {device.name} must be within "
        f"{1e3 * device.extent.position_error():.3g} nm of its lattice place, got "
        f"{1e3 * distance:.3g} nm; write it again"
    )


def _middle(points: Sequence[tuple[int, int]], grid: float) -> NDArray[np.float64]:
    values = np.asarray(points)
    return np.asarray((values.min(axis=0) + values.max(axis=0)) / 2 * grid)


def _middles_in(top: kdb.Cell, layer: str, box: Box) -> NDArray[np.float64]:
    """Return the middles (n, 2) of the bounding boxes of the shapes that touch a window."""
    import klayout.db as kdb

    layout = top.layout()
    info = layer_info(layer)
    index = layout.find_layer(info.layer, info.datatype)
    if index is None:
        return np.empty((0, 2))
    window = kdb.Box(*(round(side / layout.dbu) for side in box))
    found = []
    shapes = top.begin_shapes_rec_touching(index, window)
    while not shapes.at_end():
        sides = shapes.shape().bbox().transformed(shapes.trans())
        found.append(((sides.left + sides.right) / 2, (sides.bottom + sides.top) / 2))
        shapes.next()
    return np.array(found).reshape(-1, 2) * layout.dbu


def _lattice_points(device: LatticeDevice, box: Box) -> NDArray[np.float64]:
    """Return the exact lattice points (n, 2) of a device near a window (um, on the chip)."""
    place, rows = device.extent, device.extent.rows
    low = max(0, math.floor((box[1] - device.y) / rows.step) - 2)
    high = min(place.cells_y, math.ceil((box[3] - device.y) / rows.step) + 2)
    points = []
    fields = rows.offsets(place.cells_y)[:: place.lines]
    within = rows.offsets(place.lines)
    for j in range(low, high):
        start = device.x + float(fields[j // place.lines] + within[j % place.lines])
        first = max(0, math.floor((box[0] - start) / rows.pitch) - 2)
        last = min(place.cells_x, math.ceil((box[2] - start) / rows.pitch) + 2)
        points += [(start + i * rows.pitch, device.y + j * rows.step) for i in range(first, last)]
    return np.array(points).reshape(-1, 2)
