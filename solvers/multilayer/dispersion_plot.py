"""Picture of a dispersion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from solvers.multilayer.dispersion import Dispersion

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_dispersion"]


def plot_dispersion(dispersion: Dispersion, *, ax: Axes | None = None) -> Axes:
    """Plot photon energy (eV) over angle (degrees) or k_x (rad/um).

    Args:
        dispersion: what `planar_dispersion` returned.
        ax: where to draw; a new figure without.
    """
    import matplotlib as mpl
    from matplotlib import pyplot as plt

    if ax is None:
        _, ax = plt.subplots(layout="constrained")
    by_angle = dispersion.angle_deg is not None
    values = dispersion.angle_deg if by_angle else dispersion.in_plane_wavenumber
    assert values is not None
    orders = sorted({branch.axial_order for branch in dispersion.branches})
    colors = mpl.colormaps["viridis"](np.linspace(0, 0.85, len(orders)))
    for branch in dispersion.branches:
        ax.plot(
            values,
            branch.energy_ev,
            "-" if branch.polarization == "TE" else "--",
            color=colors[orders.index(branch.axial_order)],
            label=f"{branch.polarization} q={branch.axial_order}",
        )
    ax.set_xlabel("angle (degrees)" if by_angle else "in-plane wavenumber (rad/µm)")
    ax.set_ylabel("photon energy (eV)")
    if len(dispersion.branches) <= 12:
        ax.legend(frameon=False, fontsize="small", loc="center left", bbox_to_anchor=(1.0, 0.5))
    return ax
