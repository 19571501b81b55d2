"""Pictures of band structures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from solvers.band_structure.band_structure import BandStructure

__all__ = ["plot_bands"]

_SYMBOLS = {"Gamma": "Γ"}


def plot_bands(bands: BandStructure, *, ax: Axes | None = None) -> Axes:
    """Plot frequency along the path, complete gaps and the light cone shaded.

    Bands of slabs are coloured by the share of their energy in the layers.
    """
    import matplotlib.pyplot as plt

    if ax is None:
        _, ax = plt.subplots(layout="constrained")
    x, top = bands.distance, float(bands.frequency.max()) * 1.02
    marker = "o" if len(bands.bloch) == 1 else None
    if bands.core_share is None:
        ax.plot(x, bands.frequency, color="#3b528b", lw=1.2, marker=marker, ms=4)
    else:
        _plot_confined(bands, ax)
        light = np.minimum(bands.light_line, top)
        ax.fill_between(x, light, top, color="0.85", zorder=0, label="light cone")
        ax.plot(x, light, color="0.5", lw=0.8)
    for gap in bands.gaps():
        label = f"gap {100 * gap.relative_width:.1f} %"
        ax.axhspan(gap.low, gap.high, color="#fde725", alpha=0.3, lw=0, label=label)
    for index, _ in bands.corners[1:-1]:
        ax.axvline(x[index], color="0.7", lw=0.8, zorder=0)
    ax.set_xticks([x[i] for i, _ in bands.corners])
    ax.set_xticklabels([_SYMBOLS.get(name, name) for _, name in bands.corners])
    if x[-1] > 0:
        ax.set_xlim(0, x[-1])
    ax.set_ylim(0, top)
    ax.set_xlabel("Bloch vector")
    ax.set_ylabel("frequency, period / wavelength (1)")
    title = {"TE": "E in the plane", "TM": "E along z", "all": "all polarisations"}
    if bands.core_share is not None:
        title |= {"TE": "even in z (TE-like)", "TM": "odd in z (TM-like)"}
    ax.set_title(f"{title[bands.polarization]}, period {bands.period:g} um", fontsize="medium")
    if ax.get_legend_handles_labels()[0]:
        ax.legend(loc="lower right", fontsize="small")
    return ax


def _plot_confined(bands: BandStructure, ax: Axes) -> None:
    """Plot lines for slab bands, and points coloured by the share of energy in the layers."""
    assert bands.core_share is not None
    x = np.broadcast_to(bands.distance[:, None], bands.frequency.shape)
    ax.plot(bands.distance, bands.frequency, color="0.6", lw=0.5, zorder=1)
    order = np.argsort(bands.core_share, axis=None)
    points = ax.scatter(
        x.ravel()[order],
        bands.frequency.ravel()[order],
        c=bands.core_share.ravel()[order],
        cmap="viridis_r",
        vmin=0,
        vmax=1,
        s=12,
        zorder=2,
    )
    figure = ax.get_figure()
    if figure is not None:
        figure.colorbar(points, ax=ax, label="electric energy in the layers (1)")
