"""Cells of a lattice device: one unit cell, arrayed to rows, write fields and devices.

Nothing is ever copied: 10^8 pillars are one polygon and a few references. Where a pitch is a
whole number of grid steps, references are arrays; where it is not, each row (or column) is one
reference at its own snapped place, so that rounding does not add up along the lattice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import gdsfactory as gf

from layouts.circle import snap
from layouts.drawing import draw_polygon, draw_rectangle, name_cell, place
from layouts.lattice_pattern import Polygons, Rows

if TYPE_CHECKING:
    from layouts.lattice_device import LatticeDevice

__all__ = [
    "lattice_chip_contents",
    "lattice_device",
    "lattice_field",
    "lattice_row",
    "lattice_table",
    "unit_cell",
]

Boxes = tuple[tuple[float, float, float, float], ...]


@gf.cell(set_name=False)
def unit_cell(
    *,
    polygons: Polygons = (((-50, -50), (50, -50), (50, 50), (-50, 50)),),
    layer: str = "hole",
    grid: float = 0.001,
) -> gf.Component:
    """Return the shapes of one primitive cell, the origin at a lattice point.

    Args:
        polygons: vertices in grid steps.
        layer: name of the layer.
        grid: writing grid (um).

    Returns:
        Component whose `info` holds `shapes` and `vertices`.

    Example:
        >>> unit_cell().bbox().width()
        0.1
    """
    component = gf.Component()
    name_cell(component, "unit_cell", polygons, layer, grid)
    for points in polygons:
        draw_polygon(component, [(snap(x * grid), snap(y * grid)) for x, y in points], layer)
    component.info["shapes"] = len(polygons)
    component.info["vertices"] = sum(len(points) for points in polygons)
    return component


@gf.cell(set_name=False)
def lattice_row(
    *, cell: gf.Component | None = None, pitch: float = 0.3, count: int = 1, grid: float = 0.001
) -> gf.Component:
    """Return `count` unit cells along +x, the first at the origin.

    Args:
        cell: the unit cell.
        pitch: distance (um), on the grid or not.
        count: how many.
        grid: writing grid (um) of the places.

    Example:
        >>> len(lattice_row(pitch=0.3, count=1000).insts)
        1
    """
    child = unit_cell() if cell is None else cell
    component = gf.Component()
    name_cell(component, "lattice_row", child.name, pitch, count, grid)
    _line(component, child, pitch=pitch, count=count, grid=grid)
    component.info["shapes"] = child.info["shapes"] * count
    return component


@gf.cell(set_name=False)
def lattice_field(
    *,
    cell: gf.Component | None = None,
    pitch: float = 0.3,
    step: float = 0.3,
    shift: float = 0.0,
    columns: int = 1,
    rows: int = 1,
    grid: float = 0.001,
) -> gf.Component:
    """Return one write field: rows of unit cells, the lower left lattice point at the origin.

    Args:
        cell: the unit cell.
        pitch, step, shift: distance in a row, from row to row, and of each row against the one
            below (um), see `layouts.lattice_pattern.Rows`.
        columns, rows: how many cells.
        grid: writing grid (um) of the places.

    Example:
        >>> field = lattice_field(pitch=0.3, step=0.26, shift=0.15, columns=400, rows=400)
        >>> field.info["shapes"], len(field.insts)
        (160000, 2)
    """
    child = unit_cell() if cell is None else cell
    component = gf.Component()
    name_cell(component, "lattice_field", child.name, pitch, step, shift, columns, rows, grid)
    component.info["shapes"] = child.info["shapes"] * columns * rows
    lattice = Rows(pitch=pitch, step=step, shift=shift)
    if shift == 0 and _on_grid(pitch, grid) and _on_grid(step, grid):
        _grid(component, child, (0.0, 0.0), (pitch, step), (columns, rows), grid)
        return component
    row = lattice_row(cell=child, pitch=pitch, count=columns, grid=grid)
    if shift == 0:
        _line(component, row, pitch=step, count=rows, grid=grid, upwards=True)
        return component
    offsets = lattice.offsets(rows)
    double = 2 * step
    if _on_grid(double, grid) and abs(2 * shift - pitch) < 1e-9 and _on_grid(pitch, grid):
        # two interleaved rectangular arrays
        for first in range(min(2, rows)):
            count = (rows - first + 1) // 2
            start = (float(offsets[first]), first * step)
            _grid(component, child, start, (pitch, double), (columns, count), grid)
        return component
    for j, x in enumerate(offsets.tolist()):
        place(component, row, x=snap(x, grid=grid), y=snap(j * step, grid=grid))
    return component


@gf.cell(set_name=False)
def lattice_device(
    *,
    field: gf.Component | None = None,
    places: tuple[tuple[float, float], ...] = ((0.0, 0.0),),
    outlines: Boxes = (),
    area: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0),
    grid: float = 0.001,
) -> gf.Component:
    """Return a device: write fields side by side, their outlines and that of the device.

    Args:
        field: the write field.
        places: x, y (um) of each field's lattice origin, before snapping.
        outlines: left, bottom, right, top (um) of each field, for the layer "write_field".
        area: likewise of the device, for the layer "device_area".
        grid: writing grid (um).
    """
    child = lattice_field() if field is None else field
    component = gf.Component()
    name_cell(component, "lattice_device", child.name, places, outlines, area, grid)
    for x, y in places:
        place(component, child, x=snap(x, grid=grid), y=snap(y, grid=grid))
    for layer, boxes in (("write_field", outlines), ("device_area", (area,))):
        for sides in boxes:
            left, bottom, right, top = (snap(side, grid=grid) for side in sides)
            draw_rectangle(component, left=left, bottom=bottom, right=right, top=top, layer=layer)
    component.info["shapes"] = child.info["shapes"] * len(places)
    return component


def _on_grid(length: float, grid: float) -> bool:
    return abs(length - snap(length, grid=grid)) < 1e-9


def _grid(
    component: gf.Component,
    child: gf.Component,
    start: tuple[float, float],
    pitches: tuple[float, float],
    counts: tuple[int, int],
    grid: float,
) -> None:
    """Add one array of references, its pitches on the grid."""
    place(
        component,
        child,
        x=snap(start[0], grid=grid),
        y=snap(start[1], grid=grid),
        columns=counts[0],
        rows=counts[1],
        column_pitch=snap(pitches[0], grid=grid),
        row_pitch=snap(pitches[1], grid=grid),
    )


def _line(
    component: gf.Component,
    child: gf.Component,
    *,
    pitch: float,
    count: int,
    grid: float,
    upwards: bool = False,
) -> None:
    """Add children in a line: one array on the grid, else one reference each."""
    if _on_grid(pitch, grid):
        counts = (1, count) if upwards else (count, 1)
        _grid(component, child, (0.0, 0.0), (pitch, pitch), counts, grid)
        return
    for i in range(count):
        at = snap(i * pitch, grid=grid)
        place(component, child, x=0.0 if upwards else at, y=at if upwards else 0.0)


def lattice_chip_contents(devices: Sequence[LatticeDevice], *, grid: float) -> gf.Component:
    """Return every device at its place; equal patterns share their cells.

    Args:
        devices: of the plan.
        grid: writing grid (um).
    """
    parts: list[tuple[gf.Component, float, float]] = []
    for device in devices:
        place_of, lattice = device.extent, device.extent.rows
        field = lattice_field(
            cell=unit_cell(polygons=device.outlines, layer=device.layer, grid=grid),
            pitch=lattice.pitch,
            step=lattice.step,
            shift=lattice.shift,
            columns=place_of.columns,
            rows=place_of.lines,
            grid=grid,
        )
        drawn = lattice_device(
            field=field,
            places=tuple((float(x), float(y)) for x, y in place_of.places()),
            outlines=place_of.outlines(),
            area=place_of.area,
            grid=grid,
        )
        parts.append((drawn, device.x, device.y))
    return lattice_table(parts=tuple(parts))


@gf.cell(set_name=False)
def lattice_table(*, parts: tuple[tuple[gf.Component, float, float], ...] = ()) -> gf.Component:
    """Return devices at their places.

    Args:
        parts: for each the device and x, y (um) of its lower left lattice point.
    """
    component = gf.Component()
    name_cell(component, "lattice_table", [(part.name, x, y) for part, x, y in parts])
    for part, x, y in parts:
        place(component, part, x=x, y=y)
    component.info["devices"] = len(parts)
    return component
