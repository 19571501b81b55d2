"""Pictures of the gain spectrum against wavelength and against the pump."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from gain.gain_film import GainFilm
from gain.merit_curve import gain_window
from gain.plot_axes import new_axes, plain_log_labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_gain_spectra", "plot_gain_versus_pump"]

_GAIN = r"Gain $g/(C_\mathrm{NC}\,\sigma_0)$"
_PHOTONS = r"Absorbed photons per nanocrystal $\bar N_\mathrm{ph}$"


def plot_gain_spectra(
    medium: GainFilm,
    absorbed_photons: Sequence[float] = (0.1, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0),
    *,
    wavelength: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot normalised gain spectra for several excitations N (figure 4a of the source).

    Args:
        medium: the nanocrystals.
        absorbed_photons: excitations, one line each.
        wavelength: window (um); None: the lines and three widths on both sides.
        ax: axes to draw on; None: a new figure.
    """
    ax = new_axes(ax)
    x = np.linspace(*(wavelength or gain_window(medium, widths=3.0)), 601)
    ax.axhline(0, color="0.6", lw=0.8)
    ax.axvline(1e3 * medium.emission_wavelength, color="0.6", lw=0.8, ls=":")
    for value, color in zip(absorbed_photons, _colors(len(absorbed_photons)), strict=True):
        y = medium.gain(x, absorbed_photons=value)
        ax.plot(1e3 * x, y, color=color, label=f"{value:g}")
    ax.annotate(
        r"$\lambda_0$",
        (1e3 * medium.emission_wavelength, 0.01),
        xycoords=("data", "axes fraction"),
        xytext=(3, 2),
        textcoords="offset points",
        color="0.4",
    )
    ax.set_xlabel("Wavelength (nm)")
    ax.set_ylabel(_GAIN)
    ax.set_xlim(1e3 * x[0], 1e3 * x[-1])
    ax.legend(
        title=r"$\bar N_\mathrm{ph}$", frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5)
    )
    return ax


def plot_gain_versus_pump(
    medium: GainFilm,
    redshift_nm: Sequence[float] = (-20.0, 0.0, 15.0),
    *,
    absorbed_photons: tuple[float, float] = (0.02, 10.0),
    ax: Axes | None = None,
) -> Axes:
    """Plot the normalised gain against the excitation at some wavelengths (figure 4b).

    Args:
        medium: the nanocrystals.
        redshift_nm: distances from the emission peak (nm), positive to the red, one line each.
        absorbed_photons: range of N.
        ax: axes to draw on; None: a new figure.
    """
    ax = new_axes(ax)
    photons = np.geomspace(*absorbed_photons, 400)
    ax.axhline(0, color="0.6", lw=0.8)
    for shift, color in zip(redshift_nm, _colors(len(redshift_nm)), strict=True):
        at = medium.emission_wavelength + 1e-3 * shift
        label = f"{1e3 * at:.0f} nm ({shift:+g} nm)"
        ax.semilogx(photons, medium.gain(at, absorbed_photons=photons), color=color, label=label)
    ax.set_xlabel(_PHOTONS)
    ax.set_ylabel(_GAIN)
    ax.set_xlim(*absorbed_photons)
    plain_log_labels(ax.xaxis)
    ax.legend(title="Wavelength", frameon=False)
    return ax


def _colors(count: int) -> np.ndarray:
    from matplotlib import colormaps

    return np.asarray(colormaps["viridis"](np.linspace(0, 0.9, count)))
