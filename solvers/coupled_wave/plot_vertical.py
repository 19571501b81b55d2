"""Picture of the vertical mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from solvers.coupled_wave.solve_coupling import Coupling

__all__ = ["plot_vertical_mode"]

_DECAY = 3.0


def plot_vertical_mode(found: Coupling, *, ax: Axes | None = None) -> Axes:
    """Plot |Theta|^2 over height, with the mean index and the patterned slices shaded.

    Args:
        found: the coupling.
        ax: where to draw; a new figure without.
    """
    from matplotlib import pyplot as plt

    mode = found.matrix.mode
    if ax is None:
        _, ax = plt.subplots(layout="constrained")
    edges = np.concatenate([[0.0], np.cumsum(mode.stack.thickness)])
    reach = [_DECAY / max(float(q.imag), 0.5 * found.matrix.waves.bragg) for q in mode.outer_q]
    z = np.linspace(-reach[0], edges[-1] + reach[1], 2001)
    place = np.searchsorted(edges, z, side="right")
    eps = np.concatenate([mode.stack.outer[:1], mode.stack.permittivity, mode.stack.outer[1:]])
    for index in found.cell.patterned:
        ax.axvspan(edges[index], edges[index + 1], color="0.88", linewidth=0)
    ax.plot(z, np.sqrt(eps[place]).real, color="0.4", linewidth=1, drawstyle="steps-mid")
    ax.set_xlim(z[0], z[-1])
    ax.set_xlabel("height above the substrate (µm)")
    ax.set_ylabel("mean refractive index (grey line)")
    twin = ax.twinx()
    density = np.abs(mode.profile(z)) ** 2
    twin.plot(z, density, color="tab:red")
    twin.set_ylim(0, 1.1 * float(density.max()))
    twin.set_ylabel("|Θ|² (1/µm, red)")
    ax.set_title(f"n_eff {found.effective_index:.4f}, n_g {found.group_index:.4f}; patterned: grey")
    return ax
