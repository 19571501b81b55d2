"""Pictures of thresholds: against K, over a population of cavities, over the modes of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gain.lasing_threshold import ThresholdResult, absorbed_photons_at_threshold
from gain.merit_curve import ThresholdCurve, gain_window, threshold_curve
from gain.monte_carlo import LasingCloud
from gain.plot_axes import new_axes, plain_log_labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "plot_gain_and_losses",
    "plot_lasing_cloud",
    "plot_lasing_wavelength_curve",
    "plot_mode_thresholds",
    "plot_threshold_curve",
]

_GAIN = r"Gain $g/(C_\mathrm{NC}\,\sigma_0)$"
_PHOTONS = r"Threshold $\bar N_\mathrm{ph}$ (photons per nanocrystal)"
_INVERSE_K = r"Inverse figure of merit $1/K$"
_REDSHIFT = r"Lasing wavelength $\lambda_\mathrm{laser}-\lambda_0$ (nm)"
_LINE = "#3b528b"
_ACCENT = "#b5367a"


def plot_threshold_curve(curve: ThresholdCurve, *, ax: Axes | None = None) -> Axes:
    """Plot the threshold against 1/K (figure 4c of the source)."""
    ax = new_axes(ax)
    ax.loglog(1 / curve.figure_of_merit, curve.absorbed_photons, color=_LINE)
    plain_log_labels(ax.yaxis)
    ax.set_xlabel(_INVERSE_K)
    ax.set_ylabel(_PHOTONS)
    return ax


def plot_lasing_wavelength_curve(curve: ThresholdCurve, *, ax: Axes | None = None) -> Axes:
    """Plot the lasing wavelength against 1/K (figure 4d), broken where it jumps."""
    ax = new_axes(ax)
    x, _, shift = _broken(curve)
    ax.axhline(0, color="0.6", lw=0.8)
    ax.semilogx(x, shift, color=_LINE)
    ax.set_xlabel(_INVERSE_K)
    ax.set_ylabel(_REDSHIFT)
    return ax


def plot_lasing_cloud(
    cloud: LasingCloud, *, curve: ThresholdCurve | None = None, ax: Axes | None = None
) -> Axes:
    """Plot lasing wavelength against threshold for a population (figure 5), with the model line.

    Args:
        cloud: the sampled cavities.
        curve: the line for a mode at every wavelength; None: worked out from the medium.
        ax: axes to draw on; None: a new figure.
    """
    from matplotlib.colors import LogNorm

    ax = new_axes(ax)
    curve = curve or threshold_curve(cloud.medium, np.geomspace(1.01, 3000, 150))
    _, photons, shift = _broken(curve)
    ax.axhline(0, color="0.6", lw=0.8)
    ax.plot(photons, shift, color="0.3", lw=1, label="mode at every wavelength")
    points = ax.scatter(
        cloud.absorbed_photons,
        cloud.redshift_nm,
        c=cloud.figure_of_merit,
        norm=LogNorm(),
        cmap="viridis",
        s=16 if cloud.absorbed_photons.size < 500 else 5,
        linewidths=0,
        label=f"{cloud.absorbed_photons.size} cavities",
    )
    bar = ax.figure.colorbar(points, ax=ax, label=r"Figure of merit $K$ at $\lambda_0$")
    plain_log_labels(bar.ax.yaxis)
    ax.set_xscale("log")
    plain_log_labels(ax.xaxis)
    lasing = cloud.absorbed_photons[~np.isnan(cloud.absorbed_photons)]
    if lasing.size:
        ax.set_xlim(0.7 * lasing.min(), 1.4 * lasing.max())
    ax.set_xlabel(_PHOTONS)
    ax.set_ylabel(_REDSHIFT)
    ax.legend(frameon=False)
    return ax


def plot_mode_thresholds(result: ThresholdResult, *, ax: Axes | None = None) -> Axes:
    """Plot each mode's threshold over wavelength; the mode that lases first is ringed.

    The line is the threshold of a mode anywhere with the best figure of merit of the set.
    Modes that never lase are ticks at the bottom.
    """
    from matplotlib.colors import LogNorm

    ax = new_axes(ax)
    x, photons, merit = 1e3 * result.wavelength, result.absorbed_photons, result.figure_of_merit
    lasing = ~np.isnan(photons)
    low, high = _window(result)
    grid = np.linspace(low, high, 801)
    line = absorbed_photons_at_threshold(result.medium, grid, float(merit.max()))
    ax.plot(1e3 * grid, line, color="0.6", lw=1, label=f"$K$ = {merit.max():.3g} anywhere")
    if lasing.any():
        points = ax.scatter(
            x[lasing],
            photons[lasing],
            c=merit[lasing],
            norm=LogNorm(),
            cmap="viridis",
            s=18,
            linewidths=0,
            zorder=3,
        )
        bar = ax.figure.colorbar(points, ax=ax, label=r"Figure of merit $K_\mathrm{eff}$")
        plain_log_labels(bar.ax.yaxis)
        _ring(ax, result, result.lasing_absorbed_photons)
        ax.set_ylim(0.5 * np.nanmin(photons), 3 * np.nanmax(photons))
    if not lasing.all():
        ax.plot(
            x[~lasing],
            np.full(np.count_nonzero(~lasing), 0.015),
            "|",
            color="0.5",
            ms=6,
            transform=ax.get_xaxis_transform(),
            label=f"{np.count_nonzero(~lasing)} modes never lase",
        )
    ax.set_xlim(1e3 * low, 1e3 * high)
    ax.set_xlabel("Wavelength (nm)")
    ax.set_ylabel(_PHOTONS)
    if np.all(np.isnan(line)) and not lasing.any():
        ax.set_ylim(0.01, 10)
    ax.set_yscale("log")
    plain_log_labels(ax.yaxis)
    ax.legend(frameon=False)
    return ax


def plot_gain_and_losses(result: ThresholdResult, *, ax: Axes | None = None) -> Axes:
    """Plot the loss 1/K_eff of each mode and the gain spectrum that first touches one of them.

    The gain is drawn at the laser threshold and at 0.7 and 1.3 times that excitation; at N = 1,
    2 and 5 where no mode lases.
    """
    ax = new_axes(ax)
    low, high = _window(result)
    grid = np.linspace(low, high, 801)
    x = 1e3 * result.wavelength
    with np.errstate(divide="ignore"):
        loss = 1 / result.figure_of_merit
    index = result.lasing_index
    excitations = [1.3, 1.0, 0.7]
    if index is None:
        excitations, top = [5.0, 2.0, 1.0], 1.5 * max(1.0, float(np.min(loss)))
    else:
        excitations = [factor * result.lasing_absorbed_photons for factor in excitations]
        top = 3 * float(loss[index])
    for photons, color in zip(excitations, ("#35b779", "#31688e", "#440154"), strict=True):
        gain = result.medium.gain(grid, absorbed_photons=photons)
        ax.plot(1e3 * grid, gain, color=color, label=rf"$\bar N_\mathrm{{ph}}$ = {photons:.3g}")
    ax.plot(x, loss, ".", color="0.25", ms=4, label=r"modes, $1/K_\mathrm{eff}$", zorder=3)
    if index is not None:
        _ring(ax, result, float(loss[index]))
    ax.axhline(0, color="0.6", lw=0.8)
    ax.set_ylim(-0.4 * top, top)
    ax.set_xlim(1e3 * low, 1e3 * high)
    ax.set_xlabel("Wavelength (nm)")
    ax.set_ylabel(rf"{_GAIN} and loss $1/K_\mathrm{{eff}}$")
    ax.legend(frameon=False)
    return ax


def _ring(ax: Axes, result: ThresholdResult, y: float) -> None:
    """Ring the mode that lases first and name it in the legend, where it covers no curve."""
    x = 1e3 * result.lasing_wavelength
    name = f"{result.lasing_label}, {x:.2f} nm"
    ax.plot(x, y, "o", ms=11, mfc="none", mec=_ACCENT, zorder=4, linestyle="none", label=name)


def _window(result: ThresholdResult) -> tuple[float, float]:
    return gain_window(result.medium, widths=3.0)


def _broken(curve: ThresholdCurve) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """1/K, N and redshift (nm) with nan put in where the wavelength jumps between branches."""
    x, photons, shift = 1 / curve.figure_of_merit, curve.absorbed_photons, curve.redshift_nm
    low, high = gain_window(curve.medium, widths=0.0)
    jumps = np.flatnonzero(np.abs(np.diff(shift)) > max(1e3 * (high - low) / 4, 5.0)) + 1
    blank = np.full(len(jumps), np.nan)
    x, photons, shift = (np.insert(array, jumps, blank) for array in (x, photons, shift))
    return x, photons, shift
