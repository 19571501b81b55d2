"""One lattice device: how many cells, in which write fields, where each lattice point lies."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layouts.circle import snap
from layouts.lattice_pattern import Pattern, Polygons, Rows

__all__ = ["Extent", "LatticeDevice", "extent"]

Box = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class Extent:
    """How a device is divided: equal write fields of whole cells.

    Attributes:
        rows: the lattice as rows along x.
        columns, lines: cells of one field along x and y.
        fields_x, fields_y: number of fields.
        reach: left, bottom, right, top (um) of the shapes of one cell about its lattice point.
        grid: writing grid (um).
    """

    rows: Rows
    columns: int
    lines: int
    fields_x: int
    fields_y: int
    reach: Box
    grid: float

    @property
    def cells_x(self) -> int:
        """Cells along x."""
        return self.columns * self.fields_x

    @property
    def cells_y(self) -> int:
        """Cells along y."""
        return self.lines * self.fields_y

    @property
    def cells(self) -> int:
        """All cells."""
        return self.cells_x * self.cells_y

    @property
    def field_size(self) -> tuple[float, float]:
        """Distance (um) from field to field along x and y."""
        return self.columns * self.rows.pitch, self.lines * self.rows.step

    @property
    def size(self) -> tuple[float, float]:
        """Width and height (um): whole cells."""
        width, height = self.field_size
        return self.fields_x * width, self.fields_y * height

    @property
    def stagger(self) -> float:
        """Largest offset (um) of a row against the first one."""
        return float(self.rows.offsets(self.lines).max() + self._field_offsets().max())

    @property
    def straight_stitches(self) -> bool:
        """Whether straight lines between the fields cross no shape.

        Of staggered rows the lines cross shapes wider than the gap that the stagger leaves;
        then every shape belongs to the field of its lattice point, and the writer must take
        fields as the cells that they are.
        """
        left, bottom, right, top = self.reach
        upright = self.rows.pitch - self.stagger + left - right > 2 * self.grid
        level = self.rows.step + bottom - top > 2 * self.grid
        return (self.fields_x == 1 or upright) and (self.fields_y == 1 or level)

    def _origin(self) -> tuple[float, float]:
        """Return where field boundaries lie against a lattice point: half-way in the gap."""
        left, bottom, right, top = self.reach
        x = (left + right - (self.rows.pitch - self.stagger)) / 2
        return x, (bottom + top - self.rows.step) / 2

    def _field_offsets(self) -> NDArray[np.float64]:
        """Return the x (um) of the lattice origin of the first field of each line of fields."""
        return self.rows.offsets(self.cells_y)[:: self.lines]

    def places(self) -> NDArray[np.float64]:
        """Return x, y (um) of the lattice origin of every field (n, 2), before snapping."""
        width, height = self.field_size
        offsets = self._field_offsets()
        found = [
            (i * width + float(offsets[j]), j * height)
            for j in range(self.fields_y)
            for i in range(self.fields_x)
        ]
        return np.array(found)

    def outlines(self) -> tuple[Box, ...]:
        """Return left, bottom, right, top (um) of every field."""
        (x, y), (width, height) = self._origin(), self.field_size
        return tuple(
            (x + i * width, y + j * height, x + (i + 1) * width, y + (j + 1) * height)
            for j in range(self.fields_y)
            for i in range(self.fields_x)
        )

    @property
    def area(self) -> Box:
        """Left, bottom, right, top (um) of the device, around every shape."""
        (x, y), (width, height) = self._origin(), self.size
        left, bottom, right, top = self.reach
        slack = 2 * self.grid  # shapes are snapped
        return (
            min(x, left - slack),
            min(y, bottom - slack),
            max(x + width, width - self.rows.pitch + self.stagger + right + slack),
            max(y + height, height - self.rows.step + top + slack),
        )

    def position_error(self) -> float:
        """Return the largest distance (um) of a drawn lattice point from its exact place."""
        grid = self.grid

        def off(values: NDArray[Any]) -> NDArray[np.float64]:
            return np.asarray(np.rint(values / grid) * grid - values, dtype=np.float64)

        fields = off(self.places())
        along = off(np.arange(self.columns) * self.rows.pitch)
        up = off(np.arange(self.lines) * self.rows.step)
        starts = off(self.rows.offsets(self.lines))
        worst = []
        for axis, parts in ((0, (along, starts)), (1, (up,))):
            spans = [fields[:, axis], *parts]
            high = sum(float(span.max()) for span in spans)
            low = sum(float(span.min()) for span in spans)
            worst.append(max(high, -low))
        return math.hypot(*worst)


@dataclass(frozen=True, kw_only=True)
class LatticeDevice:
    """One device of a chip.

    Attributes:
        name: unique on the chip.
        row, column: place in the table, from 1; row 1 is the top row.
        x, y: lattice point (um) of its lower left cell on the chip.
        wanted: the pattern on the wafer.
        drawn: the pattern in the file: smaller by the bias.
        bias: how far the process is expected to move every wall outwards (um).
        dose_class, dose_factor: datatype of its layer, and its dose over the base dose.
        extent: its cells and write fields.
        outlines: of the shapes of one cell, in grid steps.
    """

    name: str
    row: int
    column: int
    x: float
    y: float
    wanted: Pattern
    drawn: Pattern
    bias: float
    dose_class: int
    dose_factor: float
    extent: Extent
    outlines: Polygons

    @property
    def layer(self) -> str:
        """Name of the layer of its shapes."""
        from layouts.layers import dose_layer

        return dose_layer(self.drawn.kind, self.dose_class)

    @property
    def cell_name(self) -> str:
        """Name of its unit cell in the file."""
        from layouts.drawing import hashed_name

        return hashed_name("unit_cell", self.outlines, self.layer, self.extent.grid)

    @property
    def shape_count(self) -> int:
        """Number of shapes."""
        return self.extent.cells * len(self.outlines)

    @property
    def area(self) -> Box:
        """Left, bottom, right, top (um) on the chip."""
        left, bottom, right, top = self.extent.area
        return self.x + left, self.y + bottom, self.x + right, self.y + top

    @property
    def centre(self) -> tuple[float, float]:
        """Middle (um) of its area on the chip, on the grid."""
        left, bottom, right, top = self.area
        grid = self.extent.grid
        return snap((left + right) / 2, grid=grid), snap((bottom + top) / 2, grid=grid)


def extent(
    lattice: Rows, outlines: Polygons, *, size: float, write_field: float, grid: float
) -> Extent:
    """Return how a square device of a size is divided into equal fields of whole cells.

    There are size/write_field fields, rounded up; each holds its share of size/pitch cells, or
    as many as it has room for.

    Args:
        lattice: the lattice as rows.
        outlines: shapes of one cell, in grid steps.
        size: side of the device (um).
        write_field: largest side of a field (um).
        grid: writing grid (um).

    Raises:
        ValueError: a device of less than one cell, a field smaller than a cell.
    """
    points = np.concatenate([np.asarray(polygon) for polygon in outlines]) * grid
    (left, bottom), (right, top) = points.min(axis=0), points.max(axis=0)
    reach = (float(left), float(bottom), float(right), float(top))
    repeat = _rows_per_repeat(lattice)
    columns, fields_x = _divided(lattice.pitch, 1, size, write_field, bool(lattice.shift))
    lines, fields_y = _divided(lattice.step, repeat, size, write_field, False)
    return Extent(
        rows=lattice,
        columns=columns,
        lines=lines,
        fields_x=fields_x,
        fields_y=fields_y,
        reach=reach,
        grid=grid,
    )


def _rows_per_repeat(lattice: Rows) -> int:
    """Return after how many rows (up to 4) the rows start at the same x again; 1 if none."""
    for count in (1, 2, 3, 4):
        share = count * lattice.shift / lattice.pitch
        if abs(share - round(share)) < 1e-9:
            return count
    return 1


def _divided(
    pitch: float, multiple: int, size: float, write_field: float, staggered: bool
) -> tuple[int, int]:
    """Return the cells per field, a multiple where there is room for one, and the fields."""
    wanted = round(size / pitch)
    room = write_field - (pitch if staggered else 0.0)
    most = math.floor(room / pitch * (1 + 1e-12))
    if wanted < 1:
        raise ValueError(
            f"sizes: must be at least one cell of {pitch:.4g} um, got {size:g} um; enlarge it"
        )
    if most < 1:
        raise ValueError(
            f"write_field: must hold a cell of {pitch:.4g} um, got {write_field:g} um; "
            "use a larger field"
        )
    if min(most, wanted) < multiple:
        multiple = 1
    most -= most % multiple
    # a device as large as a field is one field, some cells smaller at most
    fields = math.ceil(size / write_field * (1 - 1e-12))
    cells = multiple * max(1, round(wanted / fields / multiple))
    return min(most, cells), fields
