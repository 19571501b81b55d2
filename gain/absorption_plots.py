"""Pictures of nanocrystal absorption: cross-sections over wavelength, sizing curves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from gain.nanocrystal_sizing import Calibration, cdse_diameter_nm, cdse_peak_cross_section_cm2
from gain.plot_axes import new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from gain.nanocrystal_absorption import LayeredNanocrystal

__all__ = ["plot_cross_sections", "plot_sizing"]


def plot_cross_sections(
    nanocrystals: Iterable[LayeredNanocrystal],
    *,
    wavelength: tuple[float, float] = (0.35, 0.70),
    ax: Axes | None = None,
) -> Axes:
    """Plot absorption cross-sections over wavelength, logarithmic.

    Args:
        nanocrystals: what to draw, one curve each.
        wavelength: window (um).
        ax: where to draw; None: a new figure.
    """
    import matplotlib as mpl

    crystals = list(nanocrystals)
    axes = new_axes(ax)
    x = np.linspace(*wavelength, 701)
    colours = mpl.colormaps["viridis"](np.linspace(0.0, 0.85, max(len(crystals), 1)))
    for crystal, colour in zip(crystals, colours, strict=True):
        sigma = crystal.cross_section_cm2(x)
        axes.semilogy(x, np.where(sigma > 0, sigma, np.nan), color=colour, label=crystal.name)
    axes.set_xlim(*wavelength)
    axes.set_xlabel("wavelength (um)")
    axes.set_ylabel("absorption cross-section (cm$^2$)")
    axes.legend(frameon=False)
    return axes


def plot_sizing(peak: ArrayLike, *, ax: Axes | None = None) -> Axes:
    """Plot the 1S cross-section of CdSe dots over their diameter for both calibrations.

    Args:
        peak: wavelengths of the 1S peak (um), (n,), within 0.47 to 0.652.
        ax: axes to draw on.
    """
    axes = new_axes(ax)
    calibrations: tuple[tuple[Calibration, str], ...] = (("yu", "-"), ("jasieniak", "--"))
    for calibration, style in calibrations:
        diameter = cdse_diameter_nm(peak, calibration=calibration)
        sigma = cdse_peak_cross_section_cm2(peak, calibration=calibration)
        axes.semilogy(diameter, sigma, style, label=calibration)
    axes.set_xlabel("diameter (nm)")
    axes.set_ylabel(r"cross-section at the 1S peak, $\sigma_0$ (cm$^2$)")
    axes.legend(frameon=False)
    return axes
