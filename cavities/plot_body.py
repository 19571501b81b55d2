"""Pictures of bodies of revolution: materials in the (r, z) half-plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from cavities.body_of_revolution import BodyOfRevolution, LayeredBackground
from cavities.region_palette import RegionPalette

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_body"]

Box = tuple[float, float, float, float]


class _HasBody(Protocol):
    def body(self) -> BodyOfRevolution: ...


def plot_body(
    cavity: _HasBody,
    *,
    ax: Axes | None = None,
    margin: float = 1.0,
    box: Box | None = None,
) -> Axes:
    """Draw the regions and background layers of a cavity in the (r, z) half-plane.

    Args:
        cavity: anything with a `body()`.
        ax: axes to draw in; default: a new figure.
        margin: space around the regions (um), when no box is given.
        box: what to show, (r_min, r_max, z_min, z_max) in um.

    Example:
        >>> from cavities import Sphere
        >>> plot_body(Sphere(radius=2.0, material=1.5)).get_xlabel()
        'r (um)'
    """
    body = cavity.body()
    figure: Figure | None = None
    if ax is None:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(7.0, 4.0), layout="compressed")
        ax = figure.subplots()
    window = box or _window(body, margin)
    colors = RegionPalette()
    for name, material, bottom, top in _bands(body, window[2], window[3]):
        label = f"{name} ({material})"
        color = colors.color(name, material)
        ax.axhspan(bottom, top, facecolor=color, edgecolor="0.7", lw=0.5, label=label, zorder=0)
    for region in body.regions:
        r, z = region.outline.points(1e-4 * (window[1] - window[0])).T
        label = f"{region.name} ({region.material.name})"
        ax.fill(
            np.append(r, r[0]),
            np.append(z, z[0]),
            facecolor=colors.color(region.name, region.material.name),
            edgecolor="black",
            linewidth=0.5,
            label=label,
            zorder=1,
        )
    ax.set_xlim(window[0], window[1])
    ax.set_ylim(window[2], window[3])
    ax.set_aspect("equal")
    ax.set_xlabel("r (um)")
    ax.set_ylabel("z (um)")
    handles, labels = ax.get_legend_handles_labels()
    unique = dict(zip(reversed(labels), reversed(handles), strict=True))
    if figure is not None:
        figure.legend(unique.values(), unique.keys(), frameon=False, loc="outside right center")
    else:
        ax.legend(
            unique.values(),
            unique.keys(),
            frameon=False,
            loc="center left",
            bbox_to_anchor=(1.0, 0.5),
        )
    return ax


def _window(body: BodyOfRevolution, margin: float) -> Box:
    points = np.concatenate([region.outline.points(1e-2) for region in body.regions])
    low, high = points[:, 1].min(), points[:, 1].max()
    if isinstance(body.background, LayeredBackground):
        heights = body.background.interfaces()
        low, high = min(low, heights[0]), max(high, heights[-1])
    return 0.0, float(points[:, 0].max() + margin), float(low - margin), float(high + margin)


def _bands(body: BodyOfRevolution, low: float, high: float) -> list[tuple[str, str, float, float]]:
    """Return (name, material, bottom, top) of the background layers within the window."""
    background = body.background
    if not isinstance(background, LayeredBackground):
        return [("background", background.name, low, high)]
    edges = [low, *background.interfaces(), high]
    names = ["substrate", *(layer.name for layer in background.layers), "superstrate"]
    materials = [
        background.substrate.name,
        *(layer.material.name for layer in background.layers),
        background.superstrate.name,
    ]
    return list(zip(names, materials, edges[:-1], edges[1:], strict=True))
