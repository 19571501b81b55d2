"""Maps over wavelength and pump: emitted spectra, shares of the modes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gain.mode_competition import ModeCompetition
from gain.output_spectrum import OutputSpectra
from gain.plot_axes import new_axes, plain_log_labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_mode_competition", "plot_output_spectra"]

_PUMP = r"Pump $\bar N_\mathrm{ph}$ (excitations per nanocrystal)"


def plot_output_spectra(spectra: OutputSpectra, *, ax: Axes | None = None) -> Axes:
    """Plot the spectra as a map, each pump level divided by its maximum, in decibels."""
    ax = new_axes(ax)
    values = spectra.per_nm / spectra.per_nm.max(axis=1, keepdims=True)
    picture = ax.pcolormesh(
        1e3 * spectra.wavelength,
        spectra.absorbed_photons,
        10 * np.log10(np.maximum(values, 1e-6)),
        vmin=-40,
        vmax=0,
        cmap="inferno",
        shading="nearest",
        rasterized=True,
    )
    ax.figure.colorbar(picture, ax=ax, label="Spectrum over its maximum (dB)")
    ax.axvline(1e3 * spectra.emission_wavelength, color="w", ls=":", lw=1)
    ax.set_yscale("log")
    plain_log_labels(ax.yaxis)
    ax.set_xlabel("Wavelength (nm)")
    ax.set_ylabel(_PUMP)
    return ax


def plot_mode_competition(result: ModeCompetition, *, ax: Axes | None = None) -> Axes:
    """Plot each mode's share of the output over wavelength and pump, with the leading mode."""
    ax = new_axes(ax)
    shift, n = result.redshift_nm, result.absorbed_photons
    order = np.argsort(shift)
    picture = ax.pcolormesh(
        shift[order], n, result.share[:, order], vmin=0, vmax=1, cmap="viridis", shading="nearest",
        rasterized=True,
    )  # fmt: skip
    ax.figure.colorbar(picture, ax=ax, label="Share of the modes' output")
    ax.plot(result.leading_redshift_nm, n, "-", color="w", lw=1.5, label="leading mode")
    start = result.curve.net_gain_threshold
    if np.isfinite(start):
        ax.axhline(start, color="#ff6b9d", lw=1, label=f"threshold {start:.3g}")
    ax.axvline(0, color="w", ls=":", lw=1)
    ax.set_yscale("log")
    plain_log_labels(ax.yaxis)
    ax.set_xlabel(r"Wavelength $\lambda-\lambda_0$ (nm)")
    ax.set_ylabel(_PUMP)
    ax.legend(frameon=False, fontsize="small", labelcolor="w", loc="upper right")
    return ax
