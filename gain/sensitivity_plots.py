"""Pictures of where a claim holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gain.holding_box import HoldingBox
from gain.plot_axes import new_axes, plain_log_labels
from gain.sensitivity_map import ParameterRange, SensitivityMap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_claim_by_parameter", "plot_sensitivity_map"]


def plot_sensitivity_map(
    found: SensitivityMap,
    x: str,
    y: str,
    *,
    box: HoldingBox | None = None,
    bins: int = 8,
    ax: Axes | None = None,
) -> Axes:
    """Plot the share in which a claim holds over two parameters, averaged over the others.

    Args:
        found: the map.
        x, y: names of the parameters.
        box: a box to draw, see `find_holding_box`.
        bins: cells along each axis; empty where the claim does not apply.
        ax: axes to draw on; None: a new figure.
    """
    ax = new_axes(ax)
    across, along = (found.ranges[found.names.index(name)] for name in (x, y))
    places = [
        np.clip((one.position(found.column(one.name)) * bins).astype(int), 0, bins - 1)
        for one in (across, along)
    ]
    cell = (places[1] * bins + places[0])[found.applies]
    counts = np.bincount(cell, minlength=bins * bins)
    held = np.bincount(cell, found.values[found.applies], minlength=bins * bins)
    with np.errstate(invalid="ignore"):
        share = np.where(counts > 0, held / counts, np.nan).reshape(bins, bins)
    edges = [one.at(np.linspace(0, 1, bins + 1)) for one in (across, along)]
    mesh = ax.pcolormesh(edges[0], edges[1], share, vmin=0, vmax=1, cmap="viridis")
    ax.figure.colorbar(mesh, ax=ax, label="Share in which the claim holds")
    if box is not None:
        _draw_box(ax, box, across, along)
    for one, axis, scale in ((across, ax.xaxis, ax.set_xscale), (along, ax.yaxis, ax.set_yscale)):
        if one.scale == "log":
            scale("log")
            plain_log_labels(axis)
    ax.set_xlabel(_capital(across.text))
    ax.set_ylabel(_capital(along.text))
    ax.set_title(found.claim, fontsize="medium", wrap=True)
    return ax


def plot_claim_by_parameter(
    found: SensitivityMap, *, bins: int = 8, ax: Axes | None = None
) -> Axes:
    """Plot the share in which a claim holds against each parameter, low end to high end.

    Args:
        found: the map.
        bins: points per line.
        ax: axes to draw on; None: a new figure.
    """
    from matplotlib import colormaps

    ax = new_axes(ax)
    position = (np.arange(bins) + 0.5) / bins
    colors = colormaps["viridis"](np.linspace(0, 0.9, len(found.ranges)))
    for one, color in zip(found.ranges, colors, strict=True):
        _, share = found.by_parameter(one.name, bins=bins)
        label = f"{one.text}, {one.low:g} to {one.high:g}"
        ax.plot(position, share, "o-", ms=4, color=color, label=label)
    ax.set_xlim(0, 1)
    ax.set_ylim(-0.02, 1.02)
    ax.set_xticks([0, 1], ["low end", "high end"])
    ax.set_ylabel("Share in which the claim holds")
    ax.set_xlabel("Place within the range of each parameter")
    ax.set_title(found.claim, fontsize="medium", wrap=True)
    ax.legend(frameon=False, fontsize="small", loc="upper left", bbox_to_anchor=(0, -0.14))
    return ax


def _draw_box(ax: Axes, box: HoldingBox, across: ParameterRange, along: ParameterRange) -> None:
    from matplotlib.patches import Rectangle

    by_name = {one.name: one for one in box.ranges}
    x, y = by_name[across.name], by_name[along.name]
    ax.add_patch(
        Rectangle(
            (x.low, y.low),
            x.high - x.low,
            y.high - y.low,
            fill=False,
            edgecolor="#d1495b",
            lw=1.8,
            label=f"box: holds in {box.fraction:.0%}",
        )
    )
    ax.legend(frameon=True, loc="lower right", fontsize="small")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
