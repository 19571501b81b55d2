"""Pictures of the polariton laser: S-curve, linewidth, blueshift, occupation, lifetime."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from gain.plot_axes import new_axes, plain_log_labels
from gain.polariton_blueshift import BlueshiftFit
from gain.polariton_laser import PolaritonLaser
from gain.polariton_occupation import OccupationFit
from gain.polariton_pulse import LifetimeCurve, PolaritonPulse
from gain.polarization_degree import PolarizationFit
from gain.s_curve import SCurveFit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

__all__ = [
    "plot_blueshift",
    "plot_lifetime",
    "plot_linewidth",
    "plot_occupation",
    "plot_polarization",
    "plot_pulses",
    "plot_s_curve",
]

_LINE = "#3b528b"
_ACCENT = "#b5367a"
_RATIO = r"Pump $P/P_\mathrm{th}$"


def plot_s_curve(fit: SCurveFit, *, pump_unit: str = "", ax: Axes | None = None) -> Axes:
    """Plot output against pump with the fitted S-curve and its two linear parts.

    Args:
        fit: of one data set.
        pump_unit: unit of the pump for the axis, such as "uJ/cm^2".
        ax: axes to draw on; None: a new figure.
    """
    ax = new_axes(ax)
    x = np.geomspace(fit.pump.min(), fit.pump.max(), 400)
    y = fit.curve(x)
    low, high = (float(slope) for slope in fit.slopes)
    ax.plot(x, low * x, color="0.6", lw=0.8, ls="--")
    ax.plot(x, high * x, color="0.6", lw=0.8, ls="--", label="linear parts, ratio 1/β")
    ax.plot(x, y, color=_LINE, label=rf"fit, $\beta$ = 1/{1 / float(fit.beta):.3g}")
    error = fit.relative_error * fit.output
    ax.errorbar(fit.pump, fit.output, error, fmt="o", ms=3.5, color="0.3", lw=0.8, label="data")
    ax.axvline(float(fit.threshold), color=_ACCENT, lw=0.8, ls=":", label="threshold")
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_ylim(0.5 * min(y.min(), fit.output.min()), 3 * max(y.max(), fit.output.max()))
    plain_log_labels(ax.xaxis)
    ax.set_xlabel(f"Pump ({pump_unit})" if pump_unit else "Pump")
    ax.set_ylabel("Output (arb. units)")
    ax.legend(frameon=False, loc="center left")
    return ax


def plot_linewidth(
    laser: PolaritonLaser,
    pump_ratio: ArrayLike,
    *,
    measured_mev: tuple[ArrayLike, ArrayLike] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot the quantum-limited linewidth and the occupation against the pump.

    Args:
        laser: the model.
        pump_ratio: P/P_th, (n,).
        measured_mev: measured points (pump ratios, widths in meV).
        ax: axes to draw on; None: a new figure.
    """
    ax = new_axes(ax)
    r = np.asarray(pump_ratio, dtype=np.float64)
    ax.loglog(r, laser.linewidth_mev(r), color=_LINE, label="quantum limit (CW)")
    if measured_mev is not None:
        ax.plot(*(np.asarray(column) for column in measured_mev), "o", color=_ACCENT, ms=4,
                label="measured")  # fmt: skip
    ax.axvline(1, color="0.6", lw=0.8, ls=":")
    ax.set_xlabel(_RATIO)
    ax.set_ylabel("Linewidth (meV)")
    twin = ax.twinx()
    twin.loglog(r, laser.occupation(r), color="0.55", ls="--")
    twin.set_ylabel(r"Occupation $n_0$ (dashed)", color="0.4")
    plain_log_labels(ax.xaxis)
    ax.legend(frameon=False, loc="center left")
    return ax


def plot_blueshift(
    fit: BlueshiftFit, *, limit_mev: float | None = None, ax: Axes | None = None
) -> Axes:
    """Plot blueshift against pump with the fitted law and the limit of saturation.

    Args:
        fit: the fitted law.
        limit_mev: largest shift by phase-space filling, drawn as a line.
        ax: axes to draw on; None: a new figure.
    """
    ax = new_axes(ax)
    x = np.linspace(0, 1.05 * fit.pump_ratio.max(), 400)
    ax.plot(x, fit.curve(x), color=_LINE, label="reservoir + condensate")
    below = x[x <= 1.3]
    ax.plot(below, fit.reservoir_shift_mev * below, color="0.6", ls="--", lw=0.8, label="linear")
    ax.errorbar(
        fit.pump_ratio, fit.shift_mev, fit.error_mev, fmt="o", ms=4, color="0.3", lw=0.8,
        label="data",
    )  # fmt: skip
    if limit_mev is not None:
        ax.axhline(limit_mev, color=_ACCENT, ls=":", lw=1, label="limit of saturation")
    ax.axvline(1, color="0.6", lw=0.8, ls=":")
    ax.set_xlim(0, float(x[-1]))
    ax.set_ylim(bottom=min(0.0, float((fit.shift_mev - fit.error_mev).min())))
    ax.set_xlabel(_RATIO)
    ax.set_ylabel("Blueshift (meV)")
    ax.legend(frameon=False)
    return ax


def plot_occupation(
    fits: OccupationFit | Sequence[OccupationFit],
    *,
    labels: Sequence[str] = (),
    ax: Axes | None = None,
) -> Axes:
    """Plot occupations along the branch with the fitted laws, logarithmic.

    Args:
        fits: a fit, or one per pump, each of one data set.
        labels: one per fit for the legend, such as "0.8 P_th".
        ax: axes to draw on; None: a new figure.
    """
    from matplotlib import colormaps

    from gain.polariton_occupation import OccupationFit

    fits = (fits,) if isinstance(fits, OccupationFit) else fits
    ax = new_axes(ax)
    colors = colormaps["viridis"](np.linspace(0.1, 0.8, max(len(fits), 1)))
    for j, fit in enumerate(fits):
        x = np.linspace(0, float(fit.energy_mev.max()), 300)
        name = "MB" if fit.statistics == "maxwell_boltzmann" else "BE"
        text = f"{name}, T = {float(fit.temperature_k):.0f} K"
        if fit.statistics == "bose_einstein":
            text += rf", $\mu$ = {float(fit.chemical_potential_mev):.2g} meV"
        prefix = f"{labels[j]}: " if len(labels) > j else ""
        ax.semilogy(x, fit.curve(x), color=colors[j], label=prefix + text)
        ax.errorbar(
            fit.energy_mev,
            fit.occupation,
            fit.relative_error * fit.occupation,
            fmt="o",
            ms=3.5,
            lw=0.8,
            color=colors[j],
        )
    ax.set_xlabel("Energy above the bottom of the branch (meV)")
    ax.set_ylabel("Occupation")
    ax.legend(frameon=False)
    return ax


def plot_lifetime(curve: LifetimeCurve, *, ax: Axes | None = None) -> Axes:
    """Plot the lifetime of the emission against pump, true and as an instrument reads it."""
    ax = new_axes(ax)
    ax.loglog(curve.pump_ratio, curve.decay_time_ps, color=_LINE, label="emission")
    ax.loglog(
        curve.pump_ratio,
        curve.detected_ps,
        color=_ACCENT,
        ls="--",
        label=f"read behind {curve.irf_fwhm_ps:g} ps",
    )
    ax.axhline(curve.irf_only_ps, color="0.6", lw=0.8, ls=":")
    ax.axvline(1, color="0.6", lw=0.8, ls=":")
    ax.set_xlabel(r"Pulse $n_R(0)/n_{R,\mathrm{th}}$")
    ax.set_ylabel("Peak to 1/e (ps)")
    plain_log_labels(ax.xaxis)
    plain_log_labels(ax.yaxis)
    ax.legend(frameon=False)
    return ax


def plot_pulses(
    pulses: PolaritonPulse | Sequence[PolaritonPulse],
    *,
    duration_ps: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot the occupation in time after the pump pulse, one line per pump.

    Args:
        pulses: one or several results of `PolaritonLaser.pulsed`.
        duration_ps: end of the axis; None: all.
        ax: axes to draw on; None: a new figure.
    """
    from matplotlib import colormaps

    from gain.polariton_pulse import PolaritonPulse

    pulses = (pulses,) if isinstance(pulses, PolaritonPulse) else pulses
    ax = new_axes(ax)
    colors = colormaps["viridis"](np.linspace(0.1, 0.85, max(len(pulses), 1)))
    for pulse, color in zip(pulses, colors, strict=True):
        good = pulse.occupation > 0
        ax.semilogy(
            pulse.time_ps[good],
            pulse.occupation[good],
            color=color,
            label=f"{pulse.pump_ratio:g}",
        )
    end = duration_ps or max(float(pulse.time_ps[-1]) for pulse in pulses)
    ax.set_xlim(0, end)
    ax.set_ylim(bottom=1e-2)
    ax.set_xlabel("Time after the pump (ps)")
    ax.set_ylabel(r"Occupation $n_0$")
    ax.legend(title=r"$n_R(0)/n_{R,\mathrm{th}}$", frameon=False)
    return ax


def plot_polarization(fit: PolarizationFit, *, ax: Axes | None = None) -> Axes:
    """Plot a polariser scan in polar form with the fit; the axes must be polar when given."""
    if ax is None:
        import matplotlib.pyplot as plt

        _, ax = plt.subplots(subplot_kw={"projection": "polar"}, layout="constrained")
    angle = np.linspace(0, 360, 361)
    scale = float(fit.stokes[0]) * 0.5 * (1 + fit.degree)
    ax.plot(
        np.radians(angle), fit.curve(angle) / scale, color=_LINE,
        label=f"degree {fit.degree:.2f} ± {fit.degree_error:.2f}",
    )  # fmt: skip
    ax.errorbar(
        np.radians(fit.angle_deg), fit.intensity / scale, fit.error / scale, fmt="o", ms=3,
        color="0.3", lw=0.8,
    )  # fmt: skip
    ax.set_ylim(0, None)
    ax.set_xlabel("Polariser angle; radius: intensity over its maximum")
    ax.legend(frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.05))
    return ax
