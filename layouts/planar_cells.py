"""Cells of a planar cavity's chip: mesas and their array, test areas, dicing street."""

from __future__ import annotations

import gdsfactory as gf

from layouts.circle import circle, circle_vertices, snap
from layouts.drawing import draw_polygon, draw_rectangle, draw_text, name_cell, place

__all__ = ["dicing_street", "mesa_array", "mesa_cell", "planar_chip", "reference_squares"]

MesaBlock = tuple[float, float, float, int, int]
"""x, y, diameter (um), columns, rows of one group of equal mesas."""

AreaTuple = tuple[str, tuple[str, ...], float, float, float, float]
"""Name, layers, left, bottom, right, top (um) of one test area."""


@gf.cell
def mesa_cell(
    *, diameter: float = 10.0, chord_error: float = 0.005, grid: float = 0.001
) -> gf.Component:
    """Return one circle on the layer "mesa", centred on the origin.

    Args:
        diameter: diameter (um).
        chord_error: largest distance (um) of the polygon from the circle.
        grid: writing grid (um) that the vertices lie on.

    Returns:
        Component whose `info` holds `diameter_um`, `chord_error_um` and `vertices`.

    Raises:
        ValueError: see `layouts.circle.circle_vertices`.

    Example:
        >>> mesa_cell(diameter=20.0).bbox().width()
        20.0
    """
    component = gf.Component()
    points = circle(diameter / 2, chord_error=chord_error, grid=grid) * grid
    draw_polygon(component, [(float(x), float(y)) for x, y in points], "mesa")
    component.info["diameter_um"] = float(diameter)
    component.info["chord_error_um"] = float(chord_error)
    component.info["vertices"] = circle_vertices(diameter / 2, chord_error=chord_error, grid=grid)
    return component


@gf.cell(set_name=False)
def mesa_array(
    *,
    blocks: tuple[MesaBlock, ...] = ((0.0, 0.0, 10.0, 1, 1),),
    pitch: float = 80.0,
    chord_error: float = 0.005,
    grid: float = 0.001,
) -> gf.Component:
    """Return groups of equal mesas, each one reference or one array of references.

    Args:
        blocks: for each group the x, y (um) of its lower left mesa, the diameter (um), and the
            numbers of columns and rows.
        pitch: distance (um) between the mesas of a group.
        chord_error: largest distance (um) of the polygons from the circles.
        grid: writing grid (um).

    Example:
        >>> array = mesa_array(blocks=((0.0, 0.0, 5.0, 100, 100),), pitch=20.0)
        >>> array.info["devices"], len(array.insts)
        (10000, 1)
    """
    component = gf.Component()
    name_cell(component, "mesa_array", blocks, pitch, chord_error, grid)
    count = 0
    for x, y, diameter, columns, rows in blocks:
        place(
            component,
            mesa_cell(diameter=diameter, chord_error=chord_error, grid=grid),
            x=x,
            y=y,
            columns=columns,
            rows=rows,
            column_pitch=pitch,
            row_pitch=pitch,
        )
        count += columns * rows
    component.info["devices"] = count
    return component


@gf.cell(set_name=False)
def reference_squares(
    *,
    areas: tuple[AreaTuple, ...] = (("T1", ("mesa_area",), 0.0, 0.0, 300.0, 300.0),),
) -> gf.Component:
    """Return rectangles with their names as text objects on the layer "device".

    Args:
        areas: for each its name, its layers, and left, bottom, right, top (um).
    """
    component = gf.Component()
    name_cell(component, "reference_squares", areas)
    for name, layers, left, bottom, right, top in areas:
        for layer in layers:
            draw_rectangle(component, left=left, bottom=bottom, right=right, top=top, layer=layer)
        x, y = snap((left + right) / 2), snap((bottom + top) / 2)
        draw_text(component, name, x=x, y=y, layer="device")
    component.info["areas"] = len(areas)
    return component


@gf.cell(set_name=False)
def dicing_street(
    *,
    left: float = 0.0,
    bottom: float = 0.0,
    right: float = 1000.0,
    top: float = 1000.0,
    width: float = 100.0,
) -> gf.Component:
    """Return a street around a rectangle: two full-height strips and two between them.

    Args:
        left, bottom, right, top: the rectangle (um), which stays free.
        width: width (um) of the street.

    Example:
        >>> dicing_street().bbox().width()
        1200.0
    """
    component = gf.Component()
    name_cell(component, "dicing_street", left, bottom, right, top, width)
    for sides in (
        (left - width, bottom - width, left, top + width),
        (right, bottom - width, right + width, top + width),
        (left, bottom - width, right, bottom),
        (left, top, right, top + width),
    ):
        names = ("left", "bottom", "right", "top")
        draw_rectangle(component, **dict(zip(names, sides, strict=True)), layer="dicing")
    component.info["width_um"] = float(width)
    return component


@gf.cell(set_name=False)
def planar_chip(
    *, inner: gf.Component | None = None, dicing_width: float = 100.0, grid: float = 0.001
) -> gf.Component:
    """Return a chip with its dicing street.

    Args:
        inner: the chip inside its floorplan (`layouts.chip.chip`); None: an empty one.
        dicing_width: width (um) of the street; 0: none.
        grid: writing grid (um).

    Returns:
        Component with `width_um`, `height_um` of all of it and `title` in `info`.
    """
    from layouts.chip import chip

    body = chip() if inner is None else inner
    component = gf.Component()
    name_cell(component, "planar_chip", body.name, dicing_width, grid)
    place(component, body)
    if dicing_width > 0:
        box = body.dbbox()
        street = dicing_street(
            left=snap(box.left, grid=grid),
            bottom=snap(box.bottom, grid=grid),
            right=snap(box.right, grid=grid),
            top=snap(box.top, grid=grid),
            width=snap(dicing_width, grid=grid),
        )
        place(component, street)
    component.info["width_um"] = body.info["width_um"] + 2 * dicing_width
    component.info["height_um"] = body.info["height_um"] + 2 * dicing_width
    component.info["title"] = body.info["title"]
    return component
