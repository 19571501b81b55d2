"""Pictures of planar stacks: the layers by material, and a mode's intensity over them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cavities.planar_stack import PlanarStack
from solvers.modes import Mode

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_layers", "draw_mode", "intensity"]

Floats = NDArray[np.float64]

_GAIN = "#e8b04a"
_OTHERS = ("#5b7ea6", "#cfdbe8", "#9db8a5", "#b9a3c6", "#d9c3b0", "#8c8c8c")


def intensity(mode: Mode, z: Floats) -> Floats:
    """Return |E|^2 of a planar mode at heights z (um), (n,), in the field's own units."""
    field = mode.field(0.0, z)
    parts = [np.abs(field[name].values[0]) ** 2 for name in ("E_r", "E_phi", "E_z")]
    return np.asarray(np.sum(parts, axis=0))


def draw_layers(
    ax: Axes, stack: PlanarStack, wavelength: float, *, margin: float | None = None
) -> None:
    """Draw the layers as upright bands, coloured by material, with a legend.

    Args:
        ax: where to draw; x becomes the height above the substrate (um).
        stack: the layers.
        wavelength: where the legend's indices are taken (um).
        margin: how much of the outer media is shown (um); default a tenth of the stack.
    """
    margin = _margin(stack) if margin is None else margin
    edges = stack.interfaces()
    bands = [(stack.substrate, -margin, 0.0, "substrate")]
    for layer, low, high in zip(stack.layers, edges[:-1], edges[1:], strict=True):
        bands.append((layer.material, low, high, layer.name))
    bands.append((stack.superstrate, edges[-1], edges[-1] + margin, "superstrate"))
    colors: dict[Any, str] = {}
    free = iter(_OTHERS * 20)
    for material, low, high, name in bands:
        label = None
        if (material, name == "gain") not in colors:
            index = float(material.index(wavelength).real)
            plain = abs(index - 1) < 0.01
            color = _GAIN if name == "gain" else ("#ffffff" if plain else next(free))
            colors[material, name == "gain"] = color
            film = " (gain film)" if name == "gain" else ""
            shown = material.name if material.name.startswith("n =") else f"{material.name}, n ="
            value = "" if material.name.startswith("n =") else f" {index:.3f}"
            label = f"{shown}{value}{film}"
        face = colors[material, name == "gain"]
        ax.axvspan(low, high, facecolor=face, edgecolor="0.6", lw=0.3, label=label)
    for edge in edges:
        ax.axvline(edge, color="0.45", lw=0.35)
    ax.set_xlim(-margin, edges[-1] + margin)
    ax.set_xlabel("height above the substrate (µm)")


def draw_mode(ax: Axes, stack: PlanarStack, mode: Mode, wavelength: float) -> None:
    """Draw the layers and the mode's |E|^2 over them, 1 at its maximum between the mirrors.

    Args:
        ax: where to draw.
        stack: the layers.
        mode: a mode of the stack with its field.
        wavelength: where the legend's indices are taken (um).
    """
    draw_layers(ax, stack, wavelength)
    margin = _margin(stack)
    z = np.linspace(-margin, stack.thickness + margin, 3001)
    values = intensity(mode, z)
    inside = (z >= 0) & (z <= stack.thickness)
    ax.plot(z, values / values[inside].max(), color="#7a1022", lw=1.3, label="|E|² of the mode")
    ax.set_ylim(0, 1.1)
    ax.set_ylabel("|E|² over its maximum")


def _margin(stack: PlanarStack) -> float:
    """Return how much of the outer media is shown (um)."""
    return max(0.1 * stack.thickness, 0.1)
