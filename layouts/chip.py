"""The chip: disks, lettering, four alignment crosses, corner mark, verniers, title, floorplan."""

from __future__ import annotations

from dataclasses import dataclass

import gdsfactory as gf

from layouts.alignment_marks import alignment_cross, corner_mark, vernier
from layouts.circle import snap
from layouts.drawing import draw_rectangle, draw_text, name_cell, place
from layouts.labels import LINE_PITCH, label, label_width

__all__ = ["Lettering", "chip", "device_names", "lettering"]

MARGIN = 60.0
"""Distance (um) from the ends of the crosses to the edge of the floorplan."""

Lettering = tuple[str, float, float, float, int]
"""Text, x and y (um) of the middle of its base line, height (um), quarter turns."""


@dataclass(frozen=True, kw_only=True)
class _Frame:
    """The rectangle through the centres of the four crosses (um)."""

    left: float
    bottom: float
    right: float
    top: float


@gf.cell(set_name=False)
def lettering(
    *, texts: tuple[Lettering, ...] = (("A01", 0.0, 0.0, 7.0, 0),), grid: float = 0.001
) -> gf.Component:
    """Return several labels, each where it belongs, on the label layer.

    Args:
        texts: for each label its text, x and y (um) of the middle of its base line, its height
            (um) and its number of quarter turns.
        grid: writing grid (um).
    """
    component = gf.Component()
    name_cell(component, "lettering", texts, grid)
    for text, x, y, height, turns in texts:
        place(
            component,
            label(text=text, height=height, grid=grid),
            x=snap(x, grid=grid),
            y=snap(y, grid=grid),
            quarter_turns=turns,
        )
    return component


@gf.cell(set_name=False)
def device_names(
    *, names: tuple[tuple[str, float, float], ...] = (("A01", 0.0, 0.0),)
) -> gf.Component:
    """Return one text object per device at its exposure spot, on the device layer.

    Args:
        names: for each device its name and its x and y (um).
    """
    component = gf.Component()
    name_cell(component, "device_names", names)
    for text, x, y in names:
        draw_text(component, text, x=x, y=y, layer="device")
    return component


@gf.cell(set_name=False)
def chip(
    *,
    contents: tuple[gf.Component, ...] = (),
    left: float = 0.0,
    bottom: float = 0.0,
    right: float = 400.0,
    top: float = 400.0,
    title: str = "LASEWRIGHT",
    title_height: float = 20.0,
    cross_size: float = 80.0,
    cross_width: float = 4.0,
    grid: float = 0.001,
) -> gf.Component:
    """Return a chip around its contents, the origin where the contents have theirs.

    The crosses are the corners of a rectangle; an F stands beside the lower left one, so that
    a turned or mirrored chip is seen at once; verniers along x and y read the overlay of the
    disks over the metal marks.

    Args:
        contents: cells to place at the origin.
        left, bottom, right, top: x and y (um) of the centres of the alignment crosses.
        title: lines of the title, above the upper crosses.
        title_height: height (um) of its letters where the chip is wide enough.
        cross_size, cross_width: bars (um) of the crosses.
        grid: writing grid (um).

    Returns:
        Component with `width_um`, `height_um` of the floorplan and `title` in `info`.
    """
    frame = _Frame(left=left, bottom=bottom, right=right, top=top)
    component = gf.Component()
    name_cell(
        component,
        "chip",
        [cell.name for cell in contents],
        [left, bottom, right, top],
        [title, title_height, cross_size, cross_width, grid],
    )
    for cell in contents:
        place(component, cell)
    _place_marks(component, frame, cross_size=cross_size, cross_width=cross_width)
    edge = cross_size / 2 + MARGIN
    lines = title.split("\n")
    width = right - left + cross_size
    height = min(title_height, title_height * width / label_width(title, height=title_height))
    block = (len(lines) - 1) * LINE_PITCH * height + height
    base_line = top + cross_size / 2 + MARGIN / 2
    place(
        component,
        label(text=title, height=height, grid=grid),
        x=snap((left + right) / 2, grid=grid),
        y=snap(base_line, grid=grid),
    )
    outline = {
        "left": snap(left - edge, grid=grid),
        "bottom": snap(bottom - edge, grid=grid),
        "right": snap(right + edge, grid=grid),
        "top": snap(base_line + block + MARGIN / 2, grid=grid),
    }
    draw_rectangle(component, **outline, layer="floorplan")
    component.info["width_um"] = outline["right"] - outline["left"]
    component.info["height_um"] = outline["top"] - outline["bottom"]
    component.info["title"] = title
    return component


def _place_marks(
    component: gf.Component, frame: _Frame, *, cross_size: float, cross_width: float
) -> None:
    cross = alignment_cross(size=cross_size, width=cross_width)
    for x in (frame.left, frame.right):
        for y in (frame.bottom, frame.top):
            place(component, cross, x=x, y=y)
    side = cross_size / 2 + 20.0
    place(component, corner_mark(size=40.0), x=frame.left + side, y=frame.bottom - 20.0)
    place(component, vernier(), x=frame.left + side + 130.0, y=frame.bottom)
    place(component, vernier(), x=frame.left, y=frame.bottom + side + 130.0, quarter_turns=1)
