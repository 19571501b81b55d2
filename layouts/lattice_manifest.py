"""The manifest of a chip of lattice devices: one row per device."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cavities.cell_shape import CellShape, Circle
from layouts.layers import layer
from layouts.manifest import RESULT_COLUMNS, Results, check_results

if TYPE_CHECKING:
    import pandas as pd

    from layouts.lattice_device import LatticeDevice

__all__ = ["LATTICE_COLUMNS", "lattice_manifest"]

LATTICE_COLUMNS = {
    "name": "unique name of the device",
    "row": "row of the table, from 1 at the top: one period",
    "column": "column of the table, from 1 at the left",
    "x_um": "middle of the device on the chip",
    "y_um": "likewise along y",
    "kind": "hole or pillar",
    "lattice": "square, triangular, rectangular, rhombic or oblique",
    "period_nm": "shortest lattice vector",
    "shape": "kind of the shapes of a cell, joined by +",
    "diameter_nm": "on the wafer, of the one circle of a cell; else of the circle of equal area",
    "drawn_diameter_nm": "likewise in the file: smaller by twice the bias",
    "bias_nm": "how far the process is expected to move every wall outwards",
    "dose_factor": "dose over the base dose",
    "gds_layer": "layer/datatype of the shapes; the datatype is the dose class",
    "unit_cell": "name of its unit cell in the file",
    "width_um": "whole cells along x",
    "height_um": "whole cells along y",
    "cells_x": "cells along x",
    "cells_y": "rows of cells",
    "shapes": "number of shapes",
    "fields_x": "write fields along x",
    "fields_y": "write fields along y",
    "field_width_um": "distance from field to field along x",
    "field_height_um": "likewise along y",
    "straight_stitches": "whether straight lines between the fields cross no shape",
    "position_error_nm": "largest distance of a drawn lattice point from its exact place",
}
"""Columns of the manifest, with their meaning."""


def lattice_manifest(
    devices: Sequence[LatticeDevice], results: Results | None = None
) -> pd.DataFrame:
    """Return the table of devices; columns are those of `LATTICE_COLUMNS`, then the results."""
    import pandas as pd

    lines = []
    for device in devices:
        place, size = device.extent, device.extent.size
        entry = layer(device.layer)
        lines.append(
            (
                device.name,
                device.row,
                device.column,
                *device.centre,
                device.drawn.kind,
                device.wanted.lattice.symmetry,
                1e3 * device.wanted.lattice.period,
                "+".join(type(shape).__name__ for shape in device.wanted.shapes),
                1e3 * equivalent_diameter(device.wanted.shapes),
                1e3 * equivalent_diameter(device.drawn.shapes),
                1e3 * device.bias,
                device.dose_factor,
                f"{entry.number}/{entry.datatype}",
                device.cell_name,
                *size,
                place.cells_x,
                place.cells_y,
                device.shape_count,
                place.fields_x,
                place.fields_y,
                *place.field_size,
                place.straight_stitches,
                1e3 * place.position_error(),
            )
        )
    table = pd.DataFrame(lines, columns=list(LATTICE_COLUMNS))
    if results is not None:
        check_results(devices, results)
        for column in RESULT_COLUMNS:
            table[column] = [
                float(results.get(device.name, {}).get(column, math.nan)) for device in devices
            ]
    return table


def equivalent_diameter(shapes: Sequence[CellShape]) -> float:
    """Return the diameter (um) of the one circle, or of the circle of all the shapes' area."""
    if len(shapes) == 1 and isinstance(shapes[0], Circle):
        return 2 * shapes[0].radius
    return math.sqrt(4 * math.fsum(shape.area for shape in shapes) / math.pi)
