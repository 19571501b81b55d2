"""Pictures of modes: spectrum, quality factors by loss channel, free spectral range, field."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from solvers.free_spectral_range import (
    free_spectral_range,
    mode_families,
    ring_free_spectral_range,
)
from solvers.modes import Mode, ModeSet
from solvers.plot_mode_field import plot_mode_field

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "plot_free_spectral_range",
    "plot_mode_field",
    "plot_quality_factors",
    "plot_spectrum",
]

_MARKERS = {"TE": "o", "TM": "s", "hybrid": "^"}
_LINES = ("-", "--", ":", "-.")
_MOST_ROWS = 40
_MOST_LEGEND_ENTRIES = 12
_CHANNEL_COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7F7F7F")


def plot_spectrum(modes: ModeSet, *, ax: Axes | None = None) -> Axes:
    """Plot wavelength versus azimuthal order; colour is Q (log), marker is polarisation.

    Thin lines join the neighbouring orders of a family. Modes with net gain (Q < 0) are
    hollow; lossless ones have the colour of the highest Q. Modes without an azimuthal order
    are plotted as Q versus wavelength when no mode has one, else counted in the legend.

    Args:
        modes: the modes.
        ax: axes to draw into; new ones by default.

    Raises:
        ValueError: the set is empty.
    """
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import LogNorm
    from matplotlib.ticker import MaxNLocator

    _check_not_empty(modes)
    placed = [mode for mode in modes if mode.azimuthal_order is not None]
    if not placed:
        return _plot_spectrum_without_orders(modes, ax)
    axes = _axes(ax, (7.0, 4.6))
    for family in mode_families(modes).values():
        for piece in _runs(family):
            x = [mode.azimuthal_order or 0 for mode in piece]
            axes.plot(x, [m.wavelength for m in piece], color="0.8", linewidth=0.7, zorder=1)
    positive = [m.quality_factor for m in placed if 0 < m.quality_factor < math.inf]
    low, high = _decades(min(positive), max(positive)) if positive else (1.0, 10.0)
    norm = LogNorm(low, high, clip=True)
    size = float(np.clip(6000 / len(placed), 9, 42))
    for polarization in sorted({mode.polarization for mode in placed}):
        marker = _MARKERS.get(polarization, "D")
        members = [mode for mode in placed if mode.polarization == polarization]
        lossy = [mode for mode in members if mode.quality_factor > 0]
        gaining = [mode for mode in members if mode.quality_factor < 0]
        axes.scatter(
            [mode.azimuthal_order or 0 for mode in lossy],
            [mode.wavelength for mode in lossy],
            c=[min(mode.quality_factor, high) for mode in lossy],
            norm=norm,
            cmap="viridis_r",
            marker=marker,
            s=size,
            zorder=2,
            edgecolors="0.2",
            linewidths=0.3,
        )
        axes.scatter([], [], marker=marker, s=30, color="0.45", label=polarization)
        if gaining:
            axes.scatter(
                [mode.azimuthal_order or 0 for mode in gaining],
                [mode.wavelength for mode in gaining],
                marker=marker,
                s=size,
                zorder=3,
                label=f"{polarization}, net gain",
                facecolors="none",
                edgecolors="#D55E00",
                linewidths=1.2,
            )
    if len(placed) < len(modes):
        axes.scatter([], [], s=0, label=f"{len(modes) - len(placed)} without m not shown")
    axes.figure.colorbar(ScalarMappable(norm, "viridis_r"), ax=axes, label="quality factor Q")
    axes.set(xlabel="azimuthal order m", ylabel="vacuum wavelength (µm)")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(loc="best", frameon=True, framealpha=0.9)
    return axes


def plot_quality_factors(modes: ModeSet | Sequence[Mode], *, ax: Axes | None = None) -> Axes:
    """Plot, one row per mode, the Q of every loss channel and the total, on a log axis.

    The channel whose marker lies next to the total limits the mode. At the right edge, an
    arrowhead with its number is a Q off the scale (inf: no loss), a cross is gain (Q < 0).

    Args:
        modes: at most 40 modes, in the order of the rows from the top; select or slice first.
        ax: axes to draw into; new ones by default.

    Raises:
        ValueError: no modes, or more than 40.
    """
    chosen = list(modes)
    _check_not_empty(chosen)
    if len(chosen) > _MOST_ROWS:
        raise ValueError(
            f"modes: must be at most {_MOST_ROWS} to be readable, got {len(chosen)}; choose, "
            'e.g. modes.sorted_by("quality_factor", reverse=True)[:20]'
        )
    axes = _axes(ax, (8.0, 1.6 + 0.34 * len(chosen)))
    channels = list(dict.fromkeys(name for mode in chosen for name in mode.quality_factors))
    totals = [mode.quality_factor for mode in chosen]
    low, high = _quality_range(chosen)
    rows = range(len(chosen))
    axes.plot([], [], color="k", linewidth=2.2, label="total")
    for row, total in zip(rows, totals, strict=True):
        axes.axhline(row, color="0.92", linewidth=0.8, zorder=0)
        if 0 < total < math.inf:
            axes.plot([total] * 2, [row - 0.36, row + 0.36], color="k", linewidth=2.2)
        else:
            _mark_off_scale(axes, total, row, "k")
    for index, channel in enumerate(channels):
        color = _CHANNEL_COLORS[index % len(_CHANNEL_COLORS)]
        offset = 0.5 * ((index + 0.5) / len(channels) - 0.5)
        axes.plot([], [], "o", color=color, markersize=6, label=channel)
        for row, mode in zip(rows, chosen, strict=True):
            value = mode.quality_factors.get(channel, math.nan)
            y = row + offset
            if 0 < value <= high:
                if 0 < mode.quality_factor < math.inf:
                    axes.plot([mode.quality_factor, value], [y, y], color=color, linewidth=1)
                axes.plot(value, y, "o", color=color, markersize=6)
            elif not math.isnan(value):
                _mark_off_scale(axes, value, y, color)
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    axes.set_ylim(len(chosen) - 0.4, -0.6)
    axes.set_yticks(rows, [f"{mode.label}  {1e3 * mode.wavelength:.2f} nm" for mode in chosen])
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color="0.9")
    axes.set_axisbelow(True)
    axes.set_xlabel("quality factor Q by loss channel")
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False)
    return axes


def plot_free_spectral_range(
    modes: ModeSet,
    *,
    diameter: float | None = None,
    group_index: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot the free spectral range of every family versus wavelength.

    Colour is the radial order, marker the polarisation, line style the axial order.

    Args:
        modes: the modes.
        diameter, group_index: when both are given, the thick line is
            wavelength^2 / (pi diameter group_index), diameter in um.
        ax: axes to draw into; new ones by default.

    Raises:
        ValueError: no family has two neighbouring orders, or only one of `diameter` and
            `group_index` is given.
    """
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import ListedColormap, Normalize

    if (diameter is None) != (group_index is None):
        raise ValueError(
            "diameter, group_index: must be given together, "
            f"got diameter={diameter}, group_index={group_index}; give both or none"
        )
    families = [family for family in free_spectral_range(modes) if family.spacing.size]
    if not families:
        raise ValueError(
            "modes: must hold two neighbouring azimuthal orders of one family, got none; "
            "solve for a range of azimuthal orders"
        )
    axes = _axes(ax, (8.0, 4.4))
    radial = [family.radial_order or 0 for family in families]
    norm = Normalize(min(radial), max(*radial, min(radial) + 1))
    each = len(families) <= _MOST_LEGEND_ENTRIES
    for family, order in zip(families, radial, strict=True):
        axes.plot(
            family.wavelength,
            1e3 * family.spacing,
            marker=_MARKERS.get(family.polarization, "D"),
            color=colormaps["viridis"](0.92 * norm(order)),
            linestyle=_LINES[(family.axial_order or 0) % len(_LINES)],
            linewidth=0.9,
            markersize=4 if each else 2.5,
            label=family.label if each else None,
        )
    if not each:
        for name in sorted({family.polarization for family in families}):
            axes.plot([], [], color="0.45", marker=_MARKERS.get(name, "D"), ls="", label=name)
        colors = colormaps["viridis"].resampled(256)(np.linspace(0, 0.92, 256))
        shown = ScalarMappable(norm, ListedColormap(colors))
        ticks = range(min(radial), max(radial) + 1)
        axes.figure.colorbar(shown, ax=axes, label="radial order", ticks=ticks)
    if diameter is not None and group_index is not None:
        ends = np.concatenate([family.wavelength for family in families])
        x = np.linspace(ends.min(), ends.max(), 101)
        ring = ring_free_spectral_range(x, diameter=diameter, group_index=group_index)
        label = f"λ²/(πDn$_g$), D = {diameter:g} µm, n$_g$ = {group_index:g}"
        axes.plot(x, 1e3 * ring, "k", linewidth=2, alpha=0.7, label=label)
    axes.set(xlabel="vacuum wavelength (µm)", ylabel="free spectral range (nm)")
    axes.grid(color="0.92")
    axes.set_axisbelow(True)
    if each:
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False)
    else:
        axes.legend(loc="best")
    return axes


def _plot_spectrum_without_orders(modes: ModeSet, ax: Axes | None) -> Axes:
    """Plot Q versus wavelength for modes that have no azimuthal order."""
    axes = _axes(ax, (7.0, 4.0))
    for polarization in sorted({mode.polarization for mode in modes}):
        members = [m for m in modes if m.polarization == polarization and m.quality_factor > 0]
        finite = [mode for mode in members if mode.quality_factor < math.inf]
        axes.plot(
            [mode.wavelength for mode in finite],
            [mode.quality_factor for mode in finite],
            marker=_MARKERS.get(polarization, "D"),
            linestyle="",
            label=polarization,
        )
    hidden = sum(not 0 < mode.quality_factor < math.inf for mode in modes)
    if hidden:
        axes.plot([], [], " ", label=f"{hidden} lossless or with gain not shown")
    axes.set_yscale("log")
    axes.set(xlabel="vacuum wavelength (µm)", ylabel="quality factor Q")
    axes.legend(loc="best")
    return axes


def _runs(family: Sequence[Mode]) -> list[list[Mode]]:
    """Return the stretches of consecutive azimuthal orders, none for a family with doubles."""
    orders = [mode.azimuthal_order or 0 for mode in family]
    if len(set(orders)) < len(orders):
        return []
    runs: list[list[Mode]] = [[family[0]]]
    for before, order, mode in zip(orders, orders[1:], family[1:], strict=False):
        if order == before + 1:
            runs[-1].append(mode)
        else:
            runs.append([mode])
    return runs


def _quality_range(modes: Sequence[Mode]) -> tuple[float, float]:
    """Return decade limits that hold every total Q, and channels up to 1e4 times the largest."""
    totals = [mode.quality_factor for mode in modes if 0 < mode.quality_factor < math.inf]
    parts = [q for mode in modes for q in mode.quality_factors.values() if 0 < q < math.inf]
    if not (totals or parts):
        return 1.0, 10.0
    low, high = min(totals + parts), max(totals + parts)
    return _decades(low, min(high, 1e4 * max(totals)) if totals else high)


def _decades(low: float, high: float) -> tuple[float, float]:
    """Return the powers of ten around a range, at least one decade apart."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    return 10.0**first, 10.0 ** max(last, first + 1)


def _mark_off_scale(axes: Axes, value: float, y: float, color: str) -> None:
    """Mark a Q that the log axis cannot show at its right edge: arrowhead, or cross for gain."""
    edge = axes.get_yaxis_transform()
    axes.plot(0.985, y, "x" if value < 0 else ">", color=color, markersize=6, transform=edge)
    text = "∞" if math.isinf(value) else f"{value:.1e}"
    axes.text(0.965, y, text, ha="right", va="center", transform=edge, color=color, fontsize=8)


def _check_not_empty(modes: Sequence[Mode]) -> None:
    if not modes:
        raise ValueError(
            "modes: must hold at least one mode, got none; widen the window or the selection"
        )


def _axes(ax: Axes | None, size: tuple[float, float]) -> Axes:
    if ax is not None:
        return ax
    from matplotlib import pyplot as plt

    _, new = plt.subplots(figsize=size, layout="constrained")
    return new
