"""Written files, read back by klayout and compared with what should be in them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from layouts.circle import area_tolerance
from layouts.device import CIRCLES
from layouts.layers import layer_name

if TYPE_CHECKING:
    import klayout.db as kdb

    from layouts.device import Device

__all__ = ["ReadBack", "Rectangle", "read_back"]

Rectangle = tuple[float, float, float, float]
"""Left, bottom, right, top (um)."""

ROUNDING = 1e-6
"""Slack (um) of the circle check: diameters are drawn after rounding to 1e-6 um."""


@dataclass(frozen=True, kw_only=True)
class ReadBack:
    """What a GDS or OASIS file holds.

    Attributes:
        path: the file.
        database_unit: its database unit (um).
        top_cell: name of its top cell.
        cells: number of placements of each cell, arrays counted in full, the top cell once.
        bounding_box: left, bottom, right, top (um).
        polygon_counts: polygons of each layer, with every repetition.
        areas: area (um^2) of each layer, overlaps counted once.
        off_grid_vertices: vertices (of all cells) and positions off the writing grid.
        radius_error: largest distance (um) between a drawn circle and the device's own, nan
            when no devices were given.
        area_error: largest relative deviation of a circle's area from pi R^2, nan likewise.
        xor_areas: area (um^2) by layer where the file differs from the reference; empty when
            there was no reference.
    """

    path: Path
    database_unit: float
    top_cell: str
    cells: Mapping[str, int]
    bounding_box: tuple[float, float, float, float]
    polygon_counts: Mapping[str, int]
    areas: Mapping[str, float]
    off_grid_vertices: int
    radius_error: float
    area_error: float
    xor_areas: Mapping[str, float]

    @property
    def device_count(self) -> int:
        """Number of disks or mesas: polygons on the layer of their circles."""
        return self.polygon_counts.get("rim", self.polygon_counts.get("mesa", 0))


def read_back(
    path: str | Path,
    *,
    reference: kdb.Cell | None = None,
    devices: Sequence[Device] | None = None,
    circles: Sequence[tuple[str, str]] = CIRCLES,
    rectangles: Mapping[str, Sequence[Rectangle]] | None = None,
    chord_error: float = 0.005,
    grid: float = 0.001,
    claim: str | Path | None = None,
) -> ReadBack:
    """Read a GDS or OASIS file and check it.

    Args:
        path: the file.
        reference: the cell that was meant to be written, for the XOR of every layer; a
            component's is `component.kdb_cell`.
        devices: the disks that must be there, each with its circles at its place.
        circles: the layer of each circle and the field of the device that is its diameter.
        rectangles: left, bottom, right, top (um) of all that must be on a layer, by layer.
        chord_error: largest distance (um) allowed between a polygon and its circle.
        grid: writing grid (um).
        claim: name of the file for messages and for the report, when it differs from `path`.

    Raises:
        ValueError: the file cannot be read, has not one top cell, differs from the reference,
            has a vertex off the grid, or a circle or rectangle is missing, too many, or off its
            place.
    """
    from layouts.layout_file import read_layout_file

    name = Path(claim if claim is not None else path)
    layout = read_layout_file(path)
    tops = layout.top_cells()
    if reference is not None and reference.layout().dbu != layout.dbu:
        raise ValueError(
            f"path: the database unit must be {reference.layout().dbu:g} um, got "
            f"{layout.dbu:g} um in {str(name)!r}; write it again"
        )
    if len(tops) != 1:
        raise ValueError(
            f"path: the file must have one top cell, got {sorted(cell.name for cell in tops)} in "
            f"{str(name)!r}; write it again"
        )
    top = tops[0]
    regions = _regions(layout, top)
    differences = _differences(top, reference) if reference is not None else {}
    if any(differences.values()):
        listed = ", ".join(f"{key} {area:g} um^2" for key, area in differences.items() if area)
        raise ValueError(
            f"path: the file must equal the layout, got differences ({listed}) in "
            f"{str(name)!r}; write it again"
        )
    off_grid = _off_grid(layout, grid)
    if off_grid:
        raise ValueError(
            f"grid: every vertex must lie on the grid of {grid:g} um, got {off_grid} that do not "
            f"in {str(name)!r}; set the grid that it was drawn on"
        )
    errors = (math.nan, math.nan)
    if devices is not None:
        errors = _check_circles(regions, devices, circles, layout.dbu, chord_error, grid)
    for layer, wanted in (rectangles or {}).items():
        _check_rectangles(regions, layer, wanted, layout.dbu)
    box = top.dbbox()
    return ReadBack(
        path=name,
        database_unit=layout.dbu,
        top_cell=top.name,
        cells=_placements(layout, top),
        bounding_box=(box.left, box.bottom, box.right, box.top),
        polygon_counts={key: region.count() for key, region in regions.items()},
        areas=_areas(layout, top),
        off_grid_vertices=off_grid,
        radius_error=errors[0],
        area_error=errors[1],
        xor_areas=differences,
    )


def _layer_name(info: kdb.LayerInfo) -> str:
    return layer_name(info.layer, info.datatype) or f"{info.layer}/{info.datatype}"


def _regions(layout: kdb.Layout, top: kdb.Cell) -> dict[str, kdb.Region]:
    import klayout.db as kdb

    regions = {}
    for index in layout.layer_indexes():
        region = kdb.Region(top.begin_shapes_rec(index))
        region.merged_semantics = False
        if not region.is_empty():
            regions[_layer_name(layout.get_info(index))] = region
    return regions


def _areas(layout: kdb.Layout, top: kdb.Cell) -> dict[str, float]:
    import klayout.db as kdb

    store = kdb.DeepShapeStore()  # hierarchical: an array costs as much as one disk
    areas = {}
    for index in layout.layer_indexes():
        area = kdb.Region(top.begin_shapes_rec(index), store).merged().area()
        areas[_layer_name(layout.get_info(index))] = area * layout.dbu**2
    return areas


def _differences(cell: kdb.Cell, reference: kdb.Cell) -> dict[str, float]:
    """Return the XOR area (um^2) of every layer in use; inf where texts differ."""
    import klayout.db as kdb

    indices: dict[str, list[int | None]] = {}
    for position, source in enumerate((cell, reference)):
        for index in source.layout().layer_indexes():
            if not source.bbox(index).empty():
                key = _layer_name(source.layout().get_info(index))
                indices.setdefault(key, [None, None])[position] = index
    dbu = cell.layout().dbu
    areas = {}
    for key, pair in sorted(indices.items()):
        store = kdb.DeepShapeStore()
        regions: list[kdb.Region] = []
        texts: list[list[tuple[str, int, int]]] = []
        for source, found in zip((cell, reference), pair, strict=True):
            if found is None:
                regions.append(kdb.Region())
                texts.append([])
                continue
            regions.append(kdb.Region(source.begin_shapes_rec(found), store))
            texts.append(_texts(source.begin_shapes_rec(found)))
        area = (regions[0] ^ regions[1]).area() * dbu**2
        areas[key] = area if texts[0] == texts[1] else math.inf
    return areas


def _texts(shapes: kdb.RecursiveShapeIterator) -> list[tuple[str, int, int]]:
    import klayout.db as kdb

    return sorted((t.string, t.x, t.y) for t in kdb.Texts(shapes).each())


def _placements(layout: kdb.Layout, top: kdb.Cell) -> dict[str, int]:
    counts = dict.fromkeys(layout.each_cell_top_down(), 0)
    counts[top.cell_index()] = 1
    for index in layout.each_cell_top_down():
        for instance in layout.cell(index).each_inst():
            counts[instance.cell_index] += counts[index] * instance.cell_inst.size()
    return {layout.cell(index).name: count for index, count in counts.items()}


def _off_grid(layout: kdb.Layout, grid: float) -> int:
    """Count vertices of shapes in all cells and offsets and pitches of instances off the grid."""
    step = round(grid / layout.dbu)
    if step <= 1:
        return 0
    count = 0
    for cell in layout.each_cell():
        for index in layout.layer_indexes():
            for shape in cell.shapes(index).each():
                if shape.is_text():
                    continue
                points = np.array([(p.x, p.y) for p in shape.polygon.each_point_hull()])
                count += int(np.any(points % step, axis=1).sum())
        for instance in cell.each_inst():
            array = instance.cell_inst
            for vector in (array.trans.disp, array.a, array.b):
                count += int(vector.x % step != 0 or vector.y % step != 0)
    return count


def _check_circles(
    regions: Mapping[str, kdb.Region],
    devices: Sequence[Device],
    circles: Sequence[tuple[str, str]],
    dbu: float,
    chord_error: float,
    grid: float,
) -> tuple[float, float]:
    """Match every circle with a device; return (radius error, area error)."""
    import klayout.db as kdb

    worst_radius = worst_area = 0.0
    origin = kdb.Point(0, 0)
    measured: dict[tuple[kdb.Polygon, float], tuple[float, float]] = {}
    for layer, attribute in circles:
        wanted = {(round(device.x / dbu), round(device.y / dbu)): device for device in devices}
        region = regions.get(layer)
        for polygon in region.each() if region is not None else ():
            centre = polygon.bbox().center()
            device = wanted.pop((centre.x, centre.y), None)
            if device is None:
                raise ValueError(
                    f"devices: every circle on layer {layer!r} must belong to one device, got "
                    f"none at ({centre.x * dbu:g}, {centre.y * dbu:g}) um; write the file again"
                )
            radius = getattr(device, attribute) / 2
            key = (polygon.moved(origin - centre), radius)
            if key not in measured:
                area = abs(polygon.area() * dbu**2 - math.pi * radius**2)
                measured[key] = (_distance_to_circle(key[0], radius / dbu) * dbu, area)
            distance, area = measured[key]
            bound = chord_error + ROUNDING
            allowed = area_tolerance(radius, chord_error=bound, grid=grid)
            if distance > bound or area > allowed:
                raise ValueError(
                    f"chord_error: circles must be within {chord_error:g} um, got "
                    f"{distance:.4g} um for layer {layer!r} of {device.name}; write the file again"
                )
            worst_radius = max(worst_radius, distance)
            worst_area = max(worst_area, area / (math.pi * radius**2))
        if wanted:
            missing = next(iter(wanted.values()))
            raise ValueError(
                f"devices: every device must have a circle on layer {layer!r}, got none for "
                f"{missing.name} ({len(wanted)} missing); write the file again"
            )
    return worst_radius, worst_area


def _check_rectangles(
    regions: Mapping[str, kdb.Region], layer: str, wanted: Sequence[Rectangle], dbu: float
) -> None:
    """Check that a layer holds the rectangles and nothing else."""
    import klayout.db as kdb

    region = kdb.Region()
    for sides in wanted:
        region.insert(kdb.Box(*(round(side / dbu) for side in sides)))
    found = regions.get(layer, kdb.Region())
    difference = found ^ region
    if found.count() != len(wanted) or not difference.is_empty():
        area = difference.area() * dbu**2
        raise ValueError(
            f"areas: layer {layer!r} must hold the planned rectangles ({len(wanted)}), got "
            f"{found.count()} polygons that differ by {area:g} um^2; write the file again"
        )


def _distance_to_circle(polygon: kdb.Polygon, radius: float) -> float:
    """Return the largest distance of a polygon's boundary from a circle about the origin.

    On each edge the distance to the centre is largest at an end and smallest at the foot of
    the perpendicular, where that falls on the edge.
    """
    points = np.array([(p.x, p.y) for p in polygon.each_point_hull()], float)
    step = np.roll(points, -1, axis=0) - points
    foot = -np.sum(points * step, axis=1) / np.sum(step**2, axis=1)
    nearest = points + np.clip(foot, 0.0, 1.0)[:, None] * step
    far, near = np.hypot(*points.T), np.hypot(*nearest.T)
    return float(max((far - radius).max(), (radius - near).max()))
