"""Picture of a cuvette's spectra with and without lamp and mirror."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gain.plot_axes import new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from gain.cuvette_spectrum import CuvetteSpectra

__all__ = ["plot_cuvette_spectra"]


def plot_cuvette_spectra(spectra: CuvetteSpectra, *, ax: Axes | None = None) -> Axes:
    """Plot emission alone, with the lamp and with the mirror, one colour per pump power.

    Args:
        spectra: the spectra.
        ax: axes to draw on; None: a new figure.
    """
    from matplotlib import colormaps

    axes = new_axes(ax)
    colors = colormaps["viridis"](np.linspace(0, 0.85, len(spectra.power_mw)))
    x = 1e3 * spectra.wavelength
    for i, (power, color) in enumerate(zip(spectra.power_mw, colors, strict=True)):
        axes.plot(x, spectra.emission[i], color=color, label=f"{power:g} mW")
        axes.plot(x, spectra.with_lamp[i], color=color, ls="--", lw=1)
        axes.plot(x, spectra.mirror[i], color=color, ls=":", lw=1.4)
    for style, name in (("-", "alone"), ("--", "with the lamp"), (":", "with the mirror")):
        axes.plot([], [], color="0.4", ls=style, label=name)
    axes.set_xlim(x[0], x[-1])
    axes.set_ylim(bottom=0)
    axes.set_xlabel("wavelength (nm)")
    axes.set_ylabel("signal per nm over the matched emission")
    axes.legend(frameon=False, fontsize="small")
    return axes
