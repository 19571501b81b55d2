"""Pictures of a laser: output in time, output against pump with its thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gain.cw_laser import CwLaserCurve
from gain.laser_trace import LaserTrace
from gain.light_light_curve import LightLightCurve
from gain.plot_axes import new_axes, plain_log_labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from gain.laser_modes import LaserModes

__all__ = ["plot_cw_laser", "plot_laser_trace", "plot_light_light_curve"]

_PUMP = r"Pump $\bar N_\mathrm{ph}$ (excitations per nanocrystal)"
_ACCENT = "#b5367a"


def plot_laser_trace(trace: LaserTrace, *, modes: int = 4, ax: Axes | None = None) -> Axes:
    """Plot the output of the brightest modes and the mean number of excitons against time.

    The axis ends where the output has fallen to 1e-5 of its peak for good.

    Args:
        trace: one pulse.
        modes: how many modes, brightest first.
        ax: axes to draw on; None: a new figure.
    """
    ax = new_axes(ax)
    out = trace.output_per_ns
    order = np.argsort(-trace.emitted[-1])[:modes]
    colors = _colors(trace.model.modes, order)
    for m, color in zip(order, colors, strict=True):
        ax.semilogy(trace.time_ns, np.maximum(out[:, m], 1e-300), color=color,
                    label=trace.model.modes.labels[m])  # fmt: skip
    top = float(out.max())
    lit = np.flatnonzero(out.max(axis=1) > 1e-5 * top)
    first, last = trace.time_ns[lit[0]], trace.time_ns[lit[-1]]
    start, stop = trace.pulse.window_ns
    if np.isfinite(stop) and stop > start:
        shape = trace.pulse.flux_per_ns(trace.time_ns)
        floor = 1e-8 * top
        level = floor * (1e9 ** np.clip(1 + np.log10(np.maximum(shape / shape.max(), 1e-9)) / 9,
                                        0, 1))  # fmt: skip
        ax.fill_between(trace.time_ns, floor, level, color="0.92", label="pump (nine decades)")
        first = min(first, 0.5 * start)
    ax.set_ylim(1e-8 * top, 3 * top)
    ax.set_xlim(first, last + 0.05 * (last - first))
    ax.set_xlabel("Time (ns)")
    ax.set_ylabel("Output (photons per nanocrystal and ns)")
    twin = ax.twinx()
    twin.plot(trace.time_ns, trace.mean_excitons, color=_ACCENT, ls="--", lw=1)
    twin.set_ylim(bottom=0)
    twin.set_ylabel(r"Mean excitons $\langle N\rangle$ (dashed)", color=_ACCENT)
    ax.set_title(rf"$\bar N_\mathrm{{ph}}$ = {trace.absorbed_photons:.3g}", fontsize="medium")
    ax.legend(frameon=False, fontsize="small", loc="upper right")
    return ax


def plot_light_light_curve(
    curve: LightLightCurve, *, modes: int = 4, ax: Axes | None = None
) -> Axes:
    """Plot output against pump on log axes, with the brightest modes and the three thresholds."""
    ax = new_axes(ax)
    n = curve.absorbed_photons
    order = np.argsort(-(curve.emitted / curve.output[:, None]).max(axis=0))[:modes]
    order = np.sort(order)
    for m, color in zip(order, _colors(curve.model.modes, order), strict=True):
        ax.loglog(n, curve.emitted[:, m], color=color, lw=1, label=curve.model.modes.labels[m])
    ax.loglog(n, curve.output, color="0.2", lw=2, label="all modes")
    for value, color, style, name in (
        (curve.net_gain_threshold, _ACCENT, "-", "net gain"),
        (curve.slope_threshold, "#2a788e", "--", "steepest rise"),
        (curve.linear_threshold, "0.5", ":", "linear fit (biased)"),
    ):
        if np.isfinite(value):
            ax.axvline(value, color=color, ls=style, lw=1, label=f"{name}: {value:.3g}")
    top = float(curve.output.max())
    ax.set_ylim(max(0.3 * float(curve.output.min()), 1e-9 * top), 3 * top)
    plain_log_labels(ax.xaxis)
    ax.set_xlabel(_PUMP)
    ax.set_ylabel("Output (photons per nanocrystal and pulse)")
    ax.legend(fontsize="small", loc="lower right", framealpha=0.9, edgecolor="none")
    return ax


def plot_cw_laser(curve: CwLaserCurve, *, modes: int = 4, ax: Axes | None = None) -> Axes:
    """Plot the steady output of the brightest modes and the clamped excitons against pump."""
    ax = new_axes(ax)
    n, out = curve.absorbed_photons, curve.output_per_ns
    order = np.sort(np.argsort(-(out / out.sum(axis=1)[:, None]).max(axis=0))[:modes])
    for m, color in zip(order, _colors(curve.model.modes, order), strict=True):
        ax.loglog(n, out[:, m], color=color, label=curve.model.modes.labels[m])
    if curve.net_gain.lases:
        ax.axvline(curve.net_gain.absorbed_photons, color="0.4", lw=1,
                   label=f"net gain: {curve.net_gain.absorbed_photons:.3g}")  # fmt: skip
    ax.set_xlabel(rf"Pump $W\tau$, $\tau$ = {curve.pump.period_ns:.3g} ns")
    ax.set_ylabel("Output (photons per nanocrystal and ns)")
    plain_log_labels(ax.xaxis)
    twin = ax.twinx()
    twin.plot(n, curve.mean_excitons, color=_ACCENT, ls="--", lw=1)
    twin.set_ylim(bottom=0)
    twin.set_ylabel(r"Mean excitons $\langle N\rangle$ (dashed)", color=_ACCENT)
    ax.legend(frameon=False, fontsize="small", loc="upper left")
    return ax


def _colors(modes: LaserModes, order: NDArray[np.intp]) -> NDArray[np.float64]:
    """Colours from blue to red with the wavelength."""
    from matplotlib import colormaps

    place = np.argsort(np.argsort(modes.wavelength[order]))
    return np.asarray(colormaps["plasma"](0.05 + 0.75 * place / max(len(order) - 1, 1)))
