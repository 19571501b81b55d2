"""Pictures of a chip: disks coloured by dose, test areas, lettering, marks, with a legend."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from layouts.files import replace_when_complete
from layouts.layers import PLANAR_LAYERS, layer, layer_info

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.collections import PolyCollection
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from layouts.chip_layout import Layout
    from layouts.layers import Layer

__all__ = ["draw_layer", "plot_layout", "write_preview"]

COLOR_MAP = "viridis"

HATCHES = {"no_bottom_mirror": "//", "no_cavity": "||", "no_top_mirror": "\\\\"}
"""Hatches of the window layers."""

BASE_VEIL = 0.4
"""Opacity of the white over the base: it shows at any scale, an outline would hide small disks."""


def plot_layout(chip: Layout, *, ax: Axes | None = None) -> Axes:
    """Draw a chip: rims filled by exposure energy (or one colour), the other layers as they are.

    Args:
        chip: the layout.
        ax: axes to draw into; None makes a figure of its own.

    Returns:
        The axes, x and y in um.
    """
    if ax is None:
        ax = _figure(chip, width=10.0).add_subplot()
    rims = _draw(chip, ax)
    _add_color_bar(rims, ax)
    _add_legend(chip, ax)
    return ax


def write_preview(chip: Layout, path: str | Path) -> Path:
    """Write the picture of a chip, with a close-up beside it, as PNG, complete or not at all.

    Raises:
        ValueError: the path does not end in ".png".
        OSError: the folder cannot be written.
    """
    with replace_when_complete(path, suffixes=(".png",)) as temporary:
        figure = _figure(chip, width=14.0)
        whole, close_up = figure.subplots(1, 2, width_ratios=(3, 1.4))
        _draw(chip, whole)
        _add_legend(chip, whole)
        rims = _draw(chip, close_up)
        _add_color_bar(rims, close_up)
        x, y, reach = _close_up(chip)
        close_up.set(xlim=(x - reach, x + reach), ylim=(y - 1.6 * reach, y + 1.6 * reach))
        close_up.set_ylabel("")
        figure.savefig(temporary, dpi=160, metadata={"Software": None})
    return Path(path)


def _figure(chip: Layout, *, width: float) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    info = chip.component.info
    height = 0.65 * width * info["height_um"] / info["width_um"]
    figure = Figure(figsize=(width, min(14.0, max(5.0, height))), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def _draw(chip: Layout, ax: Axes) -> PolyCollection:
    for name in ("floorplan", "marks", "label", *_extra_layers(chip)):
        draw_layer(chip, name, ax)
    rims = _draw_disks(chip, ax)
    ax.set_aspect("equal")
    ax.autoscale_view()
    ax.set_xlabel("x (um)")
    ax.set_ylabel("y (um)")
    return rims


def _close_up(chip: Layout) -> tuple[float, float, float]:
    """Return the middle (um) and half width (um) of a view of a few devices."""
    devices = chip.devices
    device = min(devices, key=lambda d: (abs(d.dose_factor - 1), abs(d.row - devices[-1].row / 2)))
    return device.x, device.y, chip.plan.pitch or 4 * device.footprint


def _add_color_bar(rims: PolyCollection, ax: Axes) -> None:
    if rims.get_array() is not None:
        bar = ax.figure.colorbar(rims, ax=ax, shrink=0.8)
        bar.set_label("exposure energy (uJ)")


def _add_legend(chip: Layout, ax: Axes) -> None:
    from matplotlib.colors import to_rgb
    from matplotlib.patches import Patch

    disks = [layer(name) for name, _ in chip.circles]
    color = to_rgb(disks[0].color)
    red, green, blue = (part + BASE_VEIL * (1 - part) for part in color)
    handles = [
        *(Patch(color=layer(name).color, label=name) for name in ("marks", "label")),
        Patch(facecolor=color, label=disks[0].name),
        *(Patch(facecolor=(red, green, blue), label=f"{disk.name} (paler)") for disk in disks[1:]),
        *(Patch(label=name, **_style(layer(name))) for name in _extra_layers(chip)),
        Patch(facecolor="none", edgecolor=layer("floorplan").color, label="floorplan"),
    ]
    ax.set_title(repr(chip).strip("<>"), fontsize=10)
    ax.legend(
        handles=handles,
        loc="upper center",
        bbox_to_anchor=(0.5, -0.12),
        ncols=5,
        frameon=False,
        fontsize="small",
    )


def draw_layer(chip: Layout, name: str, ax: Axes) -> None:
    """Draw every polygon of one layer of a chip, in the layer's style."""
    import klayout.db as kdb
    from matplotlib.collections import PolyCollection

    component, entry = chip.component, layer(name)
    index = component.kcl.layer(layer_info(name))
    region = kdb.Region(component.kdb_cell.begin_shapes_rec(index))
    dbu = component.kcl.dbu
    polygons = [
        np.array([(p.x, p.y) for p in polygon.resolved_holes().each_point_hull()]) * dbu
        for polygon in region.each()
    ]
    ax.add_collection(PolyCollection(polygons, **_style(entry)))


def _extra_layers(chip: Layout) -> tuple[str, ...]:
    """Return the layers that only planar chips have: test areas, windows, dicing street."""
    component = chip.component
    found = []
    for name in PLANAR_LAYERS:
        index = component.kcl.layout.find_layer(layer_info(name))
        used = index is not None and not component.kdb_cell.bbox(index).empty()
        if used and name not in dict(chip.circles):
            found.append(name)
    return tuple(found)


def _style(entry: Layer) -> dict[str, Any]:
    """Return how a layer is filled: windows are hatched, for they lie over each other."""
    if entry.name == "floorplan":
        return {"facecolor": "none", "edgecolor": entry.color, "linewidth": 1.0}
    if entry.name in HATCHES:
        return {
            "facecolor": "none",
            "edgecolor": entry.color,
            "linewidth": 1.0,
            "hatch": HATCHES[entry.name],
        }
    return {"facecolor": entry.color, "edgecolor": "none", "linewidth": 1.0}


def _draw_disks(chip: Layout, ax: Axes) -> PolyCollection:
    energy = np.array([device.energy_uj for device in chip.devices])
    rims = _circles(chip, chip.circles[0][1])
    if np.isfinite(energy).all() and np.ptp(energy) > 0:
        from matplotlib.colors import LogNorm

        rims.set(array=energy, cmap=COLOR_MAP, norm=LogNorm(energy.min(), energy.max()))
    else:
        rims.set_facecolor(layer(chip.circles[0][0]).color)
    rims.set_edgecolor("none")
    ax.add_collection(rims)
    for _, diameter in chip.circles[1:]:
        bases = _circles(chip, diameter)
        bases.set(facecolor=(1.0, 1.0, 1.0, BASE_VEIL), edgecolor="none")
        ax.add_collection(bases)
    return rims


def _circles(chip: Layout, attribute: str) -> PolyCollection:
    from matplotlib.collections import PolyCollection

    angle = np.linspace(0.0, 2 * np.pi, 49)[:-1]
    unit = np.column_stack([np.cos(angle), np.sin(angle)])
    places: NDArray[np.float64] = np.array([(device.x, device.y) for device in chip.devices])
    radius = np.array([getattr(device, attribute) / 2 for device in chip.devices])
    return PolyCollection(list(places[:, None] + radius[:, None, None] * unit))
