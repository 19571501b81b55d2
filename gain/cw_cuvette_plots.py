"""Pictures of the continuously pumped cuvette."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gain.plot_axes import new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from gain.cw_cuvette_range import CuvetteRange
    from gain.cw_cuvette_result import CuvetteResponse

__all__ = ["plot_cuvette_range", "plot_cuvette_signals"]


def plot_cuvette_signals(result: CuvetteResponse, *, ax: Axes | None = None) -> Axes:
    """Plot emission, mirror and (times 1000) lamp enhancement over the pump power."""
    axes = new_axes(ax)
    axes.plot(result.power_mw, result.emission, "o-", color="tab:green", label="emission alone")
    axes.plot(
        result.power_mw,
        result.mirror_enhancement,
        "s-",
        color="tab:red",
        label="added by the mirror",
    )
    axes.plot(
        result.power_mw,
        1e3 * result.lamp_enhancement,
        "^-",
        color="tab:purple",
        label=r"added to the lamp $\times$ 1000",
    )
    axes.set_xlabel("pump power (mW)")
    axes.set_ylabel("signal over emission at the matched power")
    axes.legend(frameon=False)
    return axes


def plot_cuvette_range(result: CuvetteRange, *, ax: Axes | None = None) -> Axes:
    """Plot the transparency intensity of every combination beside the intensity judged."""
    import matplotlib as mpl

    axes = new_axes(ax)
    names = list(dict.fromkeys(result.scenario))
    taus = sorted(set(result.exciton_lifetime_ns.tolist()))
    colours = mpl.colormaps["viridis"](np.linspace(0.0, 0.8, len(taus)))
    for tau, colour in zip(taus, colours, strict=True):
        chosen = result.exciton_lifetime_ns == tau
        rows = np.array([names.index(name) for name in result.scenario])[chosen]
        axes.plot(
            result.transparency_w_per_cm2[chosen], rows, "o", color=colour, label=f"{tau:g} ns"
        )
    axes.axvline(result.intensity_w_per_cm2, color="tab:red", label="experiment")
    axes.set_xscale("log")
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(-0.6, len(names) - 0.4)
    axes.set_xlabel("intensity for transparency at the emission peak (W/cm$^2$)")
    axes.legend(frameon=False, title="exciton lifetime", loc="center", bbox_to_anchor=(0.35, 0.5))
    return axes
