"""Bands with Q as colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from solvers.fourier_modal.band_structure import BandStructure

__all__ = ["plot_bands"]


def plot_bands(
    structure: BandStructure, *, ax: Axes | None = None, wavelength: bool = True
) -> Axes:
    """Plot the branches of a band structure over the path, colour is log10 Q (1e2 to 1e6).

    Args:
        structure: what `bands` returned.
        ax: axes to draw on.
        wavelength: vertical axis: wavelength (nm), or else k0 (rad/um).
    """
    import matplotlib.pyplot as plt

    axes = plt.subplots(layout="constrained")[1] if ax is None else ax
    k = structure.wavenumber
    with np.errstate(divide="ignore", invalid="ignore"):
        quality = np.minimum(np.log10(np.abs(k.real / (2 * k.imag))), 15.0)
    height = 2e3 * np.pi / k.real if wavelength else k.real
    for row in height:
        axes.plot(structure.distance, row, color="0.8", linewidth=1, zorder=1)
    place = np.broadcast_to(structure.distance, k.shape)
    points = axes.scatter(place, height, c=quality, cmap="viridis", vmin=2, vmax=6, s=14, zorder=2)
    axes.figure.colorbar(points, ax=axes, label="log10 Q", extend="both")
    limits = axes.get_ylim()
    for (name, line), style in zip(structure.light_lines.items(), ("--", ":"), strict=False):
        with np.errstate(divide="ignore"):
            shown = 2e3 * np.pi / line if wavelength else line
        axes.plot(structure.distance, shown, style, color="0.4", label=f"light line, {name}")
    axes.set_ylim(limits)
    axes.set_xticks([at for at, _ in structure.ticks], [_symbol(n) for _, n in structure.ticks])
    for at, _ in structure.ticks[1:-1]:
        axes.axvline(at, color="0.6", linewidth=0.8)
    axes.set(xlabel="Bloch vector", ylabel="wavelength (nm)" if wavelength else "k0 (rad/um)")
    return axes


def _symbol(name: str) -> str:
    return name.replace("Gamma", "Γ")
