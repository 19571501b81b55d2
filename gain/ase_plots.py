"""Pictures of amplified spontaneous emission: thresholds, spectra, stripe-length scans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gain.plot_axes import new_axes, plain_log_labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from gain.ase import AseThreshold
    from gain.stripe_length import StripeLengthFit
    from gain.stripe_spectrum import AseSpectrum

__all__ = ["plot_ase_spectra", "plot_ase_threshold", "plot_stripe_length"]


def plot_ase_threshold(result: AseThreshold, *, ax: Axes | None = None) -> Axes:
    """Plot the threshold over C/C_min, coloured by the wavelength at which ASE appears."""
    from gain.ase import biexciton_inversion_threshold

    axes = new_axes(ax)
    order = np.argsort(result.concentration_ratio)
    ratio = result.concentration_ratio[order]
    photons, wavelength = result.absorbed_photons[order], 1e3 * result.wavelength[order]
    axes.plot(ratio, photons, color="0.7", linewidth=1, zorder=1)
    points = axes.scatter(ratio, photons, c=wavelength, cmap="viridis", s=18, zorder=2)
    bar = axes.get_figure().colorbar(points, ax=axes)  # type: ignore[union-attr]
    bar.set_label("ASE wavelength (nm)")
    law = np.geomspace(1.001, max(float(ratio.max()), 2.0), 200)
    axes.plot(
        law,
        biexciton_inversion_threshold(law),
        "--",
        color="0.4",
        label=r"$p_2 - p_1 = C_{\min}/C$",
    )
    axes.axvline(1.0, color="0.4", linestyle=":", label=r"$C_{\min}$")
    axes.set_xscale("log")
    axes.set_yscale("log")
    plain_log_labels(axes.xaxis)
    plain_log_labels(axes.yaxis)
    axes.set_xlabel(r"concentration, $C/C_{\min}$")
    axes.set_ylabel("threshold, absorbed photons per nanocrystal")
    axes.legend(frameon=False)
    return axes


def plot_ase_spectra(result: AseSpectrum, *, ax: Axes | None = None) -> Axes:
    """Plot the spectra at the end of the stripe, each over its own peak, one per pump."""
    import matplotlib as mpl

    axes = new_axes(ax)
    colours = mpl.colormaps["viridis"](np.linspace(0.0, 0.85, len(result.absorbed_photons)))
    for photons, row, colour in zip(
        result.absorbed_photons, result.intensity, colours, strict=True
    ):
        if np.all(np.isfinite(row)):  # e^{gL} overflows far beyond saturation
            label = f"N = {photons:g}"
            axes.plot(1e3 * result.wavelength, row / row.max(), color=colour, label=label)
    axes.axvline(1e3 * result.medium.emission_wavelength, color="0.6", linestyle=":")
    axes.set_xlabel("wavelength (nm)")
    axes.set_ylabel("intensity over its peak")
    axes.legend(frameon=False)
    return axes


def plot_stripe_length(result: StripeLengthFit, *, ax: Axes | None = None) -> Axes:
    """Plot a stripe-length scan with the fitted law and the points left out as saturated."""
    axes = new_axes(ax)
    used = result.used
    axes.errorbar(
        result.length[used],
        result.intensity[used],
        yerr=result.uncertainty[used],
        fmt="o",
        markersize=4,
        color="tab:blue",
        label="fitted",
    )
    if not np.all(used):
        axes.plot(
            result.length[~used],
            result.intensity[~used],
            "o",
            mfc="none",
            color="0.5",
            label="left out",
        )
    x = np.linspace(0, result.length.max(), 300)
    axes.plot(
        x,
        result.model(x),
        color="tab:orange",
        label=rf"$g$ = {result.gain_per_cm:.3g} $\pm$ {result.gain_std_per_cm:.2g} cm$^{{-1}}$",
    )
    axes.set_ylim(0, 1.15 * float(result.intensity.max()))
    axes.set_xlabel("stripe length (um)")
    axes.set_ylabel("intensity (arbitrary)")
    axes.legend(frameon=False)
    return axes
