"""Pictures of media and pumping: ensemble lines, plasma gain, averaged populations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from gain.ensemble import size_classes
from gain.merit_curve import gain_window
from gain.nanocrystal_medium import NanocrystalMedium
from gain.nonuniform_pump import ExcitationProfile
from gain.plasma_gain import PlasmaMedium
from gain.plot_axes import new_axes, plain_log_labels
from gain.populations import poisson_populations

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_averaged_populations", "plot_ensemble_lines", "plot_plasma_gain"]

_BLUE, _RED = "#31688e", "#d1495b"


def plot_ensemble_lines(
    medium: NanocrystalMedium, *, classes: int = 9, ax: Axes | None = None
) -> Axes:
    """Plot absorption and emission of the ensemble over those of its size classes.

    Args:
        medium: nanocrystals with a dispersion.
        classes: number of classes to draw, scaled by their share.
        ax: axes to draw on; None: a new figure.
    """
    ax = new_axes(ax)
    x = np.linspace(*gain_window(medium, widths=3.5), 601)
    for one in size_classes(medium, count=classes):
        scale = one.weight
        ax.plot(1e3 * x, scale * one.medium.absorption_coefficients(x)[:, 0], color=_BLUE, lw=0.6)
        top = one.medium.emission_coefficients(x)[:, 1] * (one.medium.states - 1)
        ax.plot(1e3 * x, scale * top, color=_RED, lw=0.6)
    absorption = medium.absorption_coefficients(x)[:, 0]
    emission = medium.emission_coefficients(x)[:, 1] * (medium.states - 1)
    ax.plot(1e3 * x, absorption, color=_BLUE, lw=2, label="absorption 0 → X")
    ax.plot(1e3 * x, emission, color=_RED, lw=2, label="emission X → 0")
    ax.set_xlim(1e3 * x[0], 1e3 * x[-1])
    ax.set_ylim(0, None)
    ax.set_xlabel("Wavelength (nm)")
    ax.set_ylabel(r"Line shape $\sigma/\sigma_0$")
    ax.legend(frameon=False, title="ensemble (thin: size classes)", fontsize="small")
    return ax


def plot_plasma_gain(
    medium: PlasmaMedium,
    pairs: Sequence[float] = (0, 3, 6, 10, 15, 20),
    *,
    ax: Axes | None = None,
) -> Axes:
    """Plot gain spectra of shells that all hold the same number of pairs.

    Args:
        medium: the shells.
        pairs: pairs per shell, one line each; the dot ends the gain, at the sum of the
            quasi-Fermi levels.
        ax: axes to draw on; None: a new figure.
    """
    from matplotlib import colormaps

    from cavities.constants import HC_EV_UM

    ax = new_axes(ax)
    density = medium.density_per_cm2(np.asarray(pairs, dtype=np.float64))
    edges = medium.band_gap_ev(density)
    electrons, holes = medium.fermi_levels_mev(density)
    ends = edges + 1e-3 * (electrons + holes)
    spread = 5e-3 * medium.broadening_mev
    energy = np.linspace(edges.min() - spread, max(ends.max(), edges.max()) + 2 * spread, 601)
    ax.axhline(0, color="0.6", lw=0.8)
    colors = colormaps["viridis"](np.linspace(0, 0.9, len(density)))
    for count, n, end, color in zip(pairs, density, ends, colors, strict=True):
        gain = medium.plasma_gain(HC_EV_UM / energy, n)
        ax.plot(energy, gain, color=color, label=f"{count:g}  ({n / 1e12:.2g})")
        if end > energy[0]:
            ax.plot(end, 0, "o", ms=4, color=color)
    ax.set_xlim(energy[0], energy[-1])
    ax.set_xlabel("Photon energy (eV)")
    ax.set_ylabel(r"Gain $g/g_\mathrm{sat}$")
    ax.legend(
        title=r"pairs ($10^{12}$ cm$^{-2}$)",
        frameon=False,
        loc="center left",
        bbox_to_anchor=(1.0, 0.5),
    )
    return ax


def plot_averaged_populations(
    profile: ExcitationProfile,
    *,
    states: int = 3,
    absorbed_photons: tuple[float, float] = (0.05, 20.0),
    ax: Axes | None = None,
) -> Axes:
    """Plot populations averaged over a profile beside those at the mean excitation.

    Args:
        profile: how the excitation is spread.
        states: number of states; the last holds every larger number of excitons.
        absorbed_photons: range of N_eff, the mean excitation.
        ax: axes to draw on; None: a new figure.
    """
    from matplotlib import colormaps

    ax = new_axes(ax)
    mean = np.geomspace(*absorbed_photons, 300)
    averaged = profile.populations(mean / profile.mean_share, states=states)
    alike = poisson_populations(mean, states=states)
    colors = colormaps["viridis"](np.linspace(0, 0.85, states))
    for k, color in enumerate(colors):
        name = f"≥ {k}" if k == states - 1 else f"{k}"
        ax.semilogx(mean, averaged[:, k], color=color, label=f"{name} excitons")
        ax.semilogx(mean, alike[:, k], color=color, ls="--", lw=1)
    ax.plot([], [], color="0.4", ls="--", lw=1, label="all alike")
    ax.set_xlim(*absorbed_photons)
    ax.set_ylim(0, 1)
    plain_log_labels(ax.xaxis)
    ax.set_xlabel(r"Mean excitation $N_\mathrm{eff}$ (photons per nanocrystal)")
    ax.set_ylabel("Population")
    ax.legend(frameon=False, fontsize="small", loc="center left")
    return ax
