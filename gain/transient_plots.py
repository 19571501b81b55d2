"""Pictures of transient absorption: pump-probe maps, decays and their fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gain.plot_axes import new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from gain.bleach_fit import BleachFit
    from gain.transient_absorption import TransientAbsorption

__all__ = ["plot_bleach_fit", "plot_transient_absorption"]


def plot_transient_absorption(result: TransientAbsorption, *, ax: Axes | None = None) -> Axes:
    """Plot dA over wavelength and delay; inside the white line the sample amplifies."""
    axes = new_axes(ax)
    delay = result.delay_ps
    shown = delay > 0
    x, y = 1e3 * result.wavelength, delay[shown]
    change = result.absorbance_change[shown]
    mesh = axes.pcolormesh(x, y, change, cmap="viridis", shading="auto", rasterized=True)
    bar = axes.get_figure().colorbar(mesh, ax=axes)  # type: ignore[union-attr]
    bar.set_label("absorbance change")
    excited = result.excited_absorbance[shown]
    if excited.min() < 0 < excited.max():
        axes.contour(x, y, excited, levels=[0.0], colors="white")
    axes.set_yscale("log")
    axes.set_xlabel("probe wavelength (nm)")
    axes.set_ylabel("delay (ps)")
    return axes


def plot_bleach_fit(result: BleachFit, *, ax: Axes | None = None) -> Axes:
    """Plot a trace with its fit over a logarithmic delay."""
    axes = new_axes(ax)
    shown = result.delay_ps > 0
    axes.plot(
        result.delay_ps[shown],
        1e3 * result.absorbance_change[shown],
        "o",
        markersize=3,
        color="tab:blue",
        label="data",
    )
    x = np.geomspace(result.delay_ps[shown].min(), result.delay_ps.max(), 400)
    label = ", ".join(f"{tau:.0f}" for tau in result.decay.lifetimes_ps)
    axes.plot(x, 1e3 * result.decay.absorbance_change(x), color="tab:orange", label=f"{label} ps")
    axes.set_xscale("log")
    axes.set_xlabel("delay (ps)")
    axes.set_ylabel(r"absorbance change ($10^{-3}$)")
    axes.legend(frameon=False)
    return axes
