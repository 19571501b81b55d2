"""Plots of material data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cavities.material import MaterialInput, as_material

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_index"]


def plot_index(
    material: MaterialInput,
    *,
    ax: Axes | None = None,
    wavelength: tuple[float, float] | None = None,
) -> Axes:
    """Plot n (solid) and k (dashed) of a material against wavelength.

    Args:
        material: material, name or number.
        ax: axes to draw in; new ones by default. A second call on the same axes adds the
            next material in the next colour.
        wavelength: lowest and highest wavelength (um); default: where the data hold, at
            most 0.2-2 um.

    Returns:
        The axes.

    Raises:
        ValueError: the wavelengths are outside the material's range.

    Example:
        >>> axes = plot_index("SiO2", wavelength=(0.4, 0.8))
        >>> axes.get_xlabel()
        'vacuum wavelength (µm)'
    """
    chosen = as_material(material)
    low, high = chosen.wavelength_range
    if wavelength is None:
        wavelength = (max(low, 0.2), min(high, 2.0)) if low < 2 else (low, high)
    x = np.linspace(*wavelength, 1001)
    index = chosen.index(x)
    if ax is None:
        from matplotlib.figure import Figure

        ax = Figure(figsize=(6.0, 3.6), layout="constrained").subplots()
    (line,) = ax.plot(x, index.real, label=f"{chosen.name}, n")
    if np.any(np.abs(index.imag) > 1e-3):
        ax.plot(x, index.imag, "--", color=line.get_color(), label=f"{chosen.name}, k")
    ax.set_xlabel("vacuum wavelength (µm)")
    ax.set_ylabel("index n, extinction coefficient k")
    ax.legend(frameon=False)
    return ax
