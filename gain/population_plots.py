"""Pictures of populations in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gain.plot_axes import new_axes
from gain.population_trace import PopulationTrace

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_populations"]


def plot_populations(
    trace: PopulationTrace, *, pump: int = 0, shown: int = 5, ax: Axes | None = None
) -> Axes:
    """Plot populations and mean number of excitons against time, until 5 % are left.

    Args:
        trace: the populations.
        pump: which pump level of a batch.
        shown: states 0 to shown - 1 one by one, the others summed.
        ax: axes to draw on; None: a new figure.
    """
    from matplotlib import colormaps

    ax = new_axes(ax)
    p = trace.populations.reshape(-1, *trace.populations.shape[-2:])[pump]
    n = float(trace.absorbed_photons.ravel()[pump])
    shown = min(shown, p.shape[1])
    colors = colormaps["viridis"](np.linspace(0, 0.9, shown + 1))
    for k in range(shown):
        ax.plot(trace.time_ns, p[:, k], color=colors[k], label=_name(k))
    if shown < p.shape[1]:
        rest = p[:, shown:].sum(axis=1)
        ax.plot(trace.time_ns, rest, color=colors[shown], label=f"{shown} and more")
    excitons = trace.mean_excitons.reshape(-1, p.shape[0])[pump]
    ax.plot(
        trace.time_ns, excitons, color="#b5367a", ls="--", label=r"mean number $\langle N\rangle$"
    )
    start, stop = trace.pulse.window_ns
    if np.isfinite(stop) and stop > start:
        shape = trace.pulse.flux_per_ns(trace.time_ns)
        top = 0.3 * ax.get_ylim()[1]
        ax.fill_between(trace.time_ns, top * shape / shape.max(), color="0.85", label="pump")
    left = np.flatnonzero(excitons > 0.05 * excitons.max())
    ax.set_xlim(trace.time_ns[0], trace.time_ns[left[-1] if len(left) else -1])
    ax.set_ylim(bottom=0)
    ax.set_xlabel("Time (ns)")
    ax.set_ylabel("Population, excitons per nanocrystal")
    ax.set_title(rf"$\bar N_\mathrm{{ph}}$ = {n:.3g}", fontsize="medium")
    ax.legend(frameon=False, fontsize="small")
    return ax


def _name(excitons: int) -> str:
    return ("ground state", "X", "XX")[excitons] if excitons < 3 else f"{excitons} excitons"
