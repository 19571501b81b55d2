"""Pictures of a chip of lattice devices: the chip, and close-ups of corner and stitch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from layouts.files import replace_when_complete
from layouts.layers import layer, layer_info
from layouts.preview import draw_layer

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from layouts.lattice_chip import LatticeLayout
    from layouts.lattice_device import Box, LatticeDevice

__all__ = ["plot_lattice_chip", "plot_lattice_window", "write_lattice_preview"]

COLOR_MAP = "viridis"


def plot_lattice_chip(chip: LatticeLayout, *, ax: Axes | None = None) -> Axes:
    """Draw a chip: devices coloured by period, lettering, marks, floorplan.

    Args:
        chip: the layout.
        ax: axes to draw into; None makes a figure of its own.

    Returns:
        The axes, x and y in um.
    """
    from matplotlib.collections import PolyCollection

    if ax is None:
        ax = _figure(8.0, 8.0).add_subplot()
    for name in ("floorplan", "marks", "label"):
        draw_layer(chip, name, ax)
    boxes = [device.area for device in chip.devices]
    areas = PolyCollection([_corners(box) for box in boxes])
    areas.set(array=np.array([1e3 * d.wanted.lattice.period for d in chip.devices]))
    areas.set(cmap=COLOR_MAP, edgecolor="none")
    ax.add_collection(areas)
    ax.figure.colorbar(areas, ax=ax, shrink=0.7).set_label("period (nm)")
    ax.set_aspect("equal")
    ax.autoscale_view()
    ax.set_xlabel("x (um)")
    ax.set_ylabel("y (um)")
    ax.set_title(repr(chip).strip("<>").replace(", for", "\nfor"), fontsize=10)
    return ax


def plot_lattice_window(
    chip: LatticeLayout, device: LatticeDevice, box: Box, *, ax: Axes | None = None
) -> Axes:
    """Draw what the file holds in a window of a device: shapes, field and device outlines.

    Args:
        chip: the layout.
        device: whose layer is drawn.
        box: left, bottom, right, top (um) on the chip; some periods wide, for every shape is
            drawn.
        ax: axes to draw into; None makes a figure of its own.
    """
    import klayout.db as kdb
    from matplotlib.collections import PolyCollection

    if ax is None:
        ax = _figure(5.0, 5.0).add_subplot()
    component = chip.component
    dbu = component.kcl.dbu
    window = kdb.Box(*(round(side / dbu) for side in box))
    for name in (device.layer, "write_field", "device_area"):
        entry = layer(name)
        index = component.kcl.layer(layer_info(name))
        region = kdb.Region(component.kdb_cell.begin_shapes_rec_touching(index, window))
        region.merged_semantics = False
        outlines = [
            np.array([(p.x, p.y) for p in polygon.each_point_hull()]) * dbu
            for polygon in region.each()
        ]
        filled = name == device.layer
        ax.add_collection(
            PolyCollection(
                outlines,
                facecolor=entry.color if filled else "none",
                edgecolor="none" if filled else entry.color,
                linewidth=1.2,
                linestyle="-" if name == "device_area" else "--",
                label=name,
            )
        )
    ax.set(xlim=(box[0], box[2]), ylim=(box[1], box[3]), aspect="equal")
    ax.set_xlabel("x (um)")
    ax.set_ylabel("y (um)")
    return ax


def write_lattice_preview(chip: LatticeLayout, path: str | Path) -> Path:
    """Write the picture of a chip with two close-ups as PNG, complete or not at all.

    The close-ups show a corner of the first device, and where write fields meet in the first
    one that has several (or else the middle of it).

    Raises:
        ValueError: the path does not end in ".png".
        OSError: the folder cannot be written.
    """
    with replace_when_complete(path, suffixes=(".png",)) as temporary:
        info = chip.component.info
        left = min(9.5, max(5.0, 2.0 + 7.0 * info["width_um"] / info["height_um"]))
        figure = _figure(left + 4.5, 8.0)
        axes = figure.subplot_mosaic(
            [["chip", "corner"], ["chip", "stitch"]], width_ratios=(left, 4.5)
        )
        plot_lattice_chip(chip, ax=axes["chip"])
        device = chip.devices[0]
        x, y = device.area[:2]
        reach = 6 * device.wanted.lattice.period
        window = (x - 0.2 * reach, y - 0.2 * reach, x + 1.8 * reach, y + 1.8 * reach)
        plot_lattice_window(chip, device, window, ax=axes["corner"])
        axes["corner"].set_title(f"{device.name}: lower left corner", fontsize=10)
        _stitch(chip, axes["stitch"])
        axes["stitch"].legend(
            loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=3, frameon=False, fontsize="small"
        )
        figure.savefig(temporary, dpi=160, metadata={"Software": None})
    return Path(path)


def _stitch(chip: LatticeLayout, ax: Axes) -> None:
    several = [d for d in chip.devices if d.extent.fields_x * d.extent.fields_y > 1]
    device = several[0] if several else chip.devices[0]
    field = device.extent.outlines()[0]
    x, y = device.x + field[2], device.y + field[3]
    title = f"{device.name}: where write fields meet"
    if not several:
        (x, y), title = device.centre, f"{device.name}: middle"
    reach = 6 * device.wanted.lattice.period
    plot_lattice_window(chip, device, (x - reach, y - reach, x + reach, y + reach), ax=ax)
    ax.set_title(title, fontsize=10)


def _corners(box: Box) -> list[tuple[float, float]]:
    left, bottom, right, top = box
    return [(left, bottom), (right, bottom), (right, top), (left, top)]


def _figure(width: float, height: float) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure
