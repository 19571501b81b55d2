"""Drawing into gdsfactory components: exact database units, our layers, no process kit needed.

`Component.add_polygon` looks layers up in the active PDK; these functions go to the layer
numbers of `layouts.layers` instead, so that no PDK is activated and an active one is left alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import klayout.db as kdb

from layouts.layers import layer_info

if TYPE_CHECKING:
    import gdsfactory as gf

__all__ = [
    "draw_polygon",
    "draw_rectangle",
    "draw_text",
    "hashed_name",
    "name_cell",
    "place",
    "to_dbu",
]


def to_dbu(component: gf.Component, length: float) -> int:
    """Return a length (um) in whole database units of the component's layout.

    Raises:
        ValueError: the length is not a whole number of database units.
    """
    dbu = component.kcl.dbu
    steps = round(length / dbu)
    if abs(steps * dbu - length) > 1e-6 * dbu + 1e-12 * abs(length):
        raise ValueError(
            f"grid: every coordinate must be a whole number of database units ({dbu:g} um), "
            f"got {length!r} um; choose a grid that is a multiple of {dbu:g} um"
        )
    return steps


def draw_polygon(
    component: gf.Component, points: Sequence[tuple[float, float]], layer: str
) -> None:
    """Add a polygon through `points` (um) on the named layer."""
    vertices = [kdb.Point(to_dbu(component, x), to_dbu(component, y)) for x, y in points]
    component.shapes(component.kcl.layer(layer_info(layer))).insert(kdb.Polygon(vertices, True))


def draw_rectangle(
    component: gf.Component,
    *,
    left: float,
    bottom: float,
    right: float,
    top: float,
    layer: str,
) -> None:
    """Add a rectangle (um) on the named layer."""
    corners = [(left, bottom), (left, top), (right, top), (right, bottom)]
    draw_polygon(component, corners, layer)


def draw_text(component: gf.Component, text: str, *, x: float, y: float, layer: str) -> None:
    """Add a text object (not lettering: it carries a string, it prints nothing) at x, y (um)."""
    place_at = kdb.Trans(to_dbu(component, x), to_dbu(component, y))
    component.shapes(component.kcl.layer(layer_info(layer))).insert(kdb.Text(text, place_at))


def place(
    component: gf.Component,
    cell: gf.Component,
    *,
    x: float = 0.0,
    y: float = 0.0,
    quarter_turns: int = 0,
    mirror: bool = False,
    columns: int = 1,
    rows: int = 1,
    column_pitch: float = 0.0,
    row_pitch: float = 0.0,
) -> None:
    """Add one reference to `cell`: a single one, or an array of columns x rows.

    Args:
        component: the parent.
        cell: the child; it is referenced, never copied.
        x, y: where the child's origin goes (um).
        quarter_turns: turns of 90 degrees, counter-clockwise.
        mirror: mirror the child at its x axis first.
        columns, rows: number of repetitions along +x and +y.
        column_pitch, row_pitch: their pitches (um).
    """
    where = kdb.Trans(quarter_turns, mirror, to_dbu(component, x), to_dbu(component, y))
    if columns == 1 and rows == 1:
        array = kdb.CellInstArray(cell.cell_index(), where)
    else:
        along = kdb.Vector(to_dbu(component, column_pitch), 0)
        up = kdb.Vector(0, to_dbu(component, row_pitch))
        array = kdb.CellInstArray(cell.cell_index(), where, along, up, columns, rows)
    component.kdb_cell.insert(array)


def name_cell(component: gf.Component, kind: str, *values: object) -> None:
    """Name the cell as `hashed_name` says."""
    component.name = hashed_name(kind, *values)


def hashed_name(kind: str, *values: object) -> str:
    """Return `kind` plus eight hexadecimal digits of a hash of `values`.

    Long parameter lists make unreadable names, and names that keep only some of the characters
    of a text collide; a hash of the parameters does neither and is the same in every session.
    """
    text = json.dumps([kind, *values], separators=(",", ":"))
    return f"{kind}_{hashlib.sha256(text.encode()).hexdigest()[:8]}"
