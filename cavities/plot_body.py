"""Pictures of bodies of revolution: materials in the (r, z) half-plane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from cavities.body_of_revolution import BodyOfRevolution, LayeredBackground

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_body"]

Box = tuple[float, float, float, float]

_KNOWN = {
    "substrate": "#c9d6df",
    "superstrate": "#ffffff",
    "background": "#ffffff",
    "adhesion": "#6b6b6b",
    "reflector": "#d9a520",
    "resist": "#f2c6a0",
    "disk": "#f2c6a0",
    "sphere": "#f2c6a0",
    "torus": "#f2c6a0",
    "pedestal": "#9fb3c1",
    "gain": "#b5322a",
    "bottom_mirror": "#7fa7c9",
    "top_mirror": "#5f8fb8",
    "cavity": "#f2c6a0",
    "oxide": "#4c4c6d",
}
_CYCLE = ("#8fbf8f", "#b79fcb", "#e0b0c0", "#8fc7c7", "#cbbf8a")


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
    colors = _Palette()
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


class _Palette:
    """Colours by region name, paler for every further material of the same name."""

    def __init__(self) -> None:
        self._materials: dict[str, list[str]] = {}

    def color(self, name: str, material: str) -> tuple[float, float, float]:
        from matplotlib.colors import to_rgb

        unknown = [key for key in self._materials if key not in _KNOWN]
        known = self._materials.setdefault(name, [])
        if material not in known:
            known.append(material)
        index = unknown.index(name) if name in unknown else len(unknown)
        base = np.array(to_rgb(_KNOWN.get(name, _CYCLE[index % len(_CYCLE)])))
        pale = 1 - (1 - base) * 0.55 ** known.index(material)
        return float(pale[0]), float(pale[1]), float(pale[2])


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
