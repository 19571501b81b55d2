"""Pictures of strong coupling: dispersion, maps with the branches over them, Hopfield weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from gain.dispersion_fit_result import DispersionFit
from gain.dispersion_map import DispersionMap
from gain.plot_axes import new_axes
from gain.polariton_branches import PolaritonBranches

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "plot_dispersion",
    "plot_dispersion_fit",
    "plot_dispersion_map",
    "plot_hopfield_weights",
]

_ENERGY = "Energy (eV)"
_COLORBAR = {
    "emission": "Emission (normalised)",
    "transmission": "Transmission",
    "reflection": "Reflection",
    "absorption": "Absorption",
}
_DARK = {"photon": "#3b528b", "exciton": "#b5367a", "branch": "black"}
_LIGHT = {"photon": "#7fd3ff", "exciton": "#ff8fb0", "branch": "#ffe45c"}


def plot_dispersion(
    branches: PolaritonBranches, *, widths: bool = False, ax: Axes | None = None
) -> Axes:
    """Plot polariton branches over angle or wavenumber with bare cavity and excitons.

    Args:
        branches: points along one axis, (points,).
        widths: shade the full widths of the branches.
        ax: axes to draw on; None: a new figure.
    """
    ax = new_axes(ax)
    _draw_branches(ax, branches, _DARK)
    if widths:
        half = 0.5e-3 * branches.fwhm_mev
        for j in range(branches.energy_ev.shape[-1]):
            centre = branches.energy_ev[..., j].real
            ax.fill_between(
                branches.axis,
                centre - half[..., j],
                centre + half[..., j],
                color="0.7",
                alpha=0.4,
                lw=0,
            )
    ax.set_xlabel(branches.axis_label)
    ax.set_ylabel(_ENERGY)
    ax.set_xlim(float(branches.axis.min()), float(branches.axis.max()))
    ax.legend(frameon=False)
    return ax


def plot_dispersion_map(
    measured: DispersionMap,
    branches: PolaritonBranches | None = None,
    *,
    scale: Literal["linear", "log"] = "linear",
    ax: Axes | None = None,
) -> Axes:
    """Plot a map (angle across, energy up) with the branches over it, as figures 1b and 2a-c.

    Emission is normalised to its maximum.

    Args:
        measured: one map, intensity (angles, energies).
        branches: drawn over the map where given; angles within the map.
        scale: of the colours; "log" shows four decades.
        ax: axes to draw on; None: a new figure.

    Raises:
        ValueError: a batch of maps.
    """
    from matplotlib.colors import LogNorm, Normalize

    if measured.intensity.ndim != 2:
        raise ValueError(
            f"measured: must be one map, got intensity of shape {measured.intensity.shape}; "
            "choose one of the batch"
        )
    ax = new_axes(ax)
    values = measured.intensity
    if measured.kind == "emission":
        values = values / values.max()
    top = float(values.max())
    norm = LogNorm(1e-4 * top, top) if scale == "log" else Normalize(0, top)
    if scale == "log":
        values = np.maximum(values, 1e-4 * top)
    mesh = ax.pcolormesh(
        measured.angle_deg,
        measured.energy_ev,
        values.T,
        norm=norm,
        cmap="inferno",
        shading="nearest",
        rasterized=True,
    )
    ax.figure.colorbar(mesh, ax=ax, label=_COLORBAR[measured.kind])
    if branches is not None:
        _draw_branches(ax, branches, _LIGHT)
        ax.legend(
            loc="upper center", fontsize="small", framealpha=0.6, facecolor="0.15",
            labelcolor="white", edgecolor="none", ncols=2,
        )  # fmt: skip
    ax.set_xlabel("Angle (deg)")
    ax.set_ylabel(_ENERGY)
    ax.set_xlim(float(measured.angle_deg[0]), float(measured.angle_deg[-1]))
    ax.set_ylim(float(measured.energy_ev[0]), float(measured.energy_ev[-1]))
    return ax


def plot_hopfield_weights(
    branches: PolaritonBranches, *, branch: int = 0, ax: Axes | None = None
) -> Axes:
    """Plot the share of every oscillator in one branch (Hopfield weights, they sum to 1).

    Args:
        branches: points along one axis, (points,).
        branch: its number, 0 the lowest.
        ax: axes to draw on; None: a new figure.
    """
    ax = new_axes(ax)
    count = branches.photon_energy_ev.shape[-1]
    photon = exciton = 0
    for j, name in enumerate(branches.oscillators.names):
        is_photon = j < count
        index = photon if is_photon else exciton
        ax.plot(
            branches.axis,
            branches.weights[..., branch, j],
            color=_DARK["photon" if is_photon else "exciton"],
            ls=("-", "--", ":", "-.")[index % 4],
            label=name,
        )
        photon, exciton = photon + is_photon, exciton + (not is_photon)
    ax.axhline(0.5, color="0.7", lw=0.8)
    ax.set_xlabel(branches.axis_label)
    ax.set_ylabel(f"Weight in the {_branch_name(branch, branches)}")
    ax.set_ylim(0, 1)
    ax.set_xlim(float(branches.axis.min()), float(branches.axis.max()))
    ax.legend(frameon=False)
    return ax


def plot_dispersion_fit(fit: DispersionFit, *, ax: Axes | None = None) -> Axes:
    """Plot the peaks with error bars and the fitted branches, bare cavity and exciton."""
    ax = new_axes(ax)
    peaks = fit.peaks
    low, high = float(peaks.angle_deg.min()), float(peaks.angle_deg.max())
    branches = fit.oscillators.branches(angle_deg=np.linspace(low, high, 201))
    _draw_branches(ax, branches, _DARK)
    good = np.isfinite(peaks.energy_ev)
    ax.errorbar(
        peaks.angle_deg[good],
        peaks.energy_ev[good],
        peaks.error_ev[good],
        fmt="o",
        ms=3,
        color="0.35",
        lw=0.8,
        label="peaks",
        zorder=3,
    )
    ax.set_xlabel("Angle (deg)")
    ax.set_ylabel(_ENERGY)
    ax.set_xlim(low, high)
    ax.legend(frameon=False)
    return ax


def _draw_branches(ax: Axes, branches: PolaritonBranches, colors: dict[str, str]) -> None:
    names = branches.oscillators.names
    count = branches.photon_energy_ev.shape[-1]
    style: dict[str, Any] = {"lw": 1.2}
    for j in range(count):
        label = "bare cavity" if count == 1 else f"bare {names[j]}"
        energy = branches.photon_energy_ev[..., j]
        ax.plot(branches.axis, energy, color=colors["photon"], ls="--", label=label, **style)
    for j, energy in enumerate(branches.exciton_energy_ev):
        label = names[count + j]
        ax.axhline(energy, color=colors["exciton"], ls=":", label=label, **style)
    for j in range(branches.energy_ev.shape[-1]):
        ax.plot(
            branches.axis,
            branches.energy_ev[..., j].real,
            color=colors["branch"],
            ls=("-", (0, (6, 1)), (0, (4, 1, 1, 1)))[min(j, 2)],
            label=_branch_name(j, branches),
            **style,
        )


def _branch_name(branch: int, branches: PolaritonBranches) -> str:
    last = branches.energy_ev.shape[-1] - 1
    if branch == 0:
        return "lower polariton"
    if branch == last:
        return "upper polariton"
    return "middle polariton" if last == 2 else f"polariton {branch + 1}"
