"""Lettering: one cell per character, referenced by every label that uses it."""

from __future__ import annotations

import gdsfactory as gf
import klayout.db as kdb

from layouts.drawing import name_cell, place
from layouts.layers import layer_info

__all__ = ["ADVANCE", "LINE_PITCH", "label", "label_width"]

ADVANCE = 6 / 7
"""Distance from one character to the next, over the height of a capital letter."""

LINE_PITCH = 10 / 7
"""Distance from one line to the next, over the height of a capital letter."""

_CAPITAL_HEIGHT = 0.7  # um, of klayout's built-in font at magnification 1


def label_width(text: str, *, height: float) -> float:
    """Return the width (um) of the longest line of `text` at the given capital height (um).

    Example:
        >>> round(label_width("A01", height=7.0), 6)
        17.0
    """
    longest = max((len(line) for line in text.split("\n")), default=0)
    return max(0.0, (longest * ADVANCE - 1 / 7) * height)


@gf.cell(set_name=False)
def label(
    *,
    text: str = "A01",
    height: float = 7.0,
    layer: str = "label",
    grid: float = 0.001,
) -> gf.Component:
    """Return lettering centred on x = 0 with the base line of its last line at y = 0.

    The strokes are height/7 wide (klayout's built-in font, which has capitals only).

    Args:
        text: printable ASCII; lines are separated by newlines.
        height: height (um) of a capital letter.
        layer: name of the layer.
        grid: writing grid (um).

    Raises:
        ValueError: a character outside printable ASCII, or no character at all.

    Example:
        >>> component = label(text="15", height=7.0)
        >>> component.bbox().width(), component.bbox().height()
        (11.0, 7.0)
    """
    lines = text.split("\n")
    bad = sorted({c for line in lines for c in line if not 32 <= ord(c) <= 126})
    if bad or not text.strip():
        raise ValueError(
            f"text: must be printable ASCII and not blank, got {text!r}; replace "
            f"{', '.join(map(repr, bad)) or 'the blank text'}"
        )
    component = gf.Component()
    name_cell(component, "label", text, height, layer, grid)
    for number, line in enumerate(lines):
        left = -label_width(line, height=height) / 2
        bottom = (len(lines) - 1 - number) * LINE_PITCH * height
        for position, character in enumerate(line):
            if character == " ":
                continue
            place(
                component,
                glyph(code=ord(character), height=height, layer=layer, grid=grid),
                x=round((left + position * ADVANCE * height) / grid) * grid,
                y=round(bottom / grid) * grid,
            )
    return component


@gf.cell
def glyph(
    *, code: int = 65, height: float = 7.0, layer: str = "label", grid: float = 0.001
) -> gf.Component:
    """Return one character (ASCII code), its lower left corner at the origin."""
    component = gf.Component()
    dbu = component.kcl.dbu
    step = max(1, round(grid / dbu))
    font = kdb.TextGenerator.default_generator()
    region = font.text(chr(code), dbu, height / _CAPITAL_HEIGHT).snapped(step, step)
    shapes = component.shapes(component.kcl.layer(layer_info(layer)))
    for polygon in region.each_merged():
        shapes.insert(polygon.resolved_holes())
    return component
