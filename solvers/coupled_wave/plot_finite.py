"""Pictures of finite areas: envelopes, thresholds, far fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from solvers.coupled_wave.far_field import FiniteFarField
    from solvers.coupled_wave.finite_area import FiniteSpectrum
    from solvers.coupled_wave.finite_mode import FiniteMode
    from solvers.coupled_wave.size_sweep import LengthSweep
    from solvers.coupled_wave.solve_coupling import Coupling

__all__ = ["plot_envelope", "plot_far_field", "plot_finite_spectrum", "plot_length_sweep"]

_MARKERS = "osD^v<>ph*"


def plot_envelope(mode: FiniteMode, *, ax: Axes | None = None, points: int = 121) -> Axes:
    """Plot the intensity of a finite mode over the area, its largest value 1.

    Args:
        mode: the mode.
        ax: where to draw; a new figure without.
        points: of the picture along each side.
    """
    ax = _axes(ax)
    x, y = (np.linspace(-side / 2, side / 2, points) for side in mode.lengths)
    intensity = mode.intensity(x, y)
    image = ax.pcolormesh(
        x, y, intensity.T / intensity.max(), cmap="viridis", shading="nearest", vmin=0,
        rasterized=True,
    )  # fmt: skip
    ax.figure.colorbar(image, ax=ax, label="intensity of the guided waves (relative)")
    ax.set_aspect("equal")
    ax.set_xlabel("x (µm)")
    ax.set_ylabel("y (µm)")
    ax.set_title(
        f"{mode.band_edge}, {1e3 * mode.wavelength:.2f} nm, αL = {mode.alpha_l:.3g}, "
        f"edge {mode.slope_parts['edge']:.0%}"
    )
    return ax


def plot_far_field(far: FiniteFarField, *, ax: Axes | None = None) -> Axes:
    """Plot the far field over both angles, with the direction of its polarisation.

    Args:
        far: the far field.
        ax: where to draw; a new figure without.
    """
    ax = _axes(ax)
    image = ax.pcolormesh(
        far.angle_x_deg, far.angle_y_deg, far.intensity.T, cmap="inferno", shading="nearest",
        vmin=0, vmax=1, rasterized=True,
    )  # fmt: skip
    ax.figure.colorbar(image, ax=ax, label="power per solid angle (relative)")
    step = max(1, len(far.angle_x_deg) // 24)
    take = slice(step // 2, None, step)
    strong = far.intensity[take, take] > 0.08
    # the long axis of the polarisation ellipse
    ex, ey = far.e_x[take, take], far.e_y[take, take]
    turn = np.exp(-0.5j * np.angle(ex**2 + ey**2))
    ux, uy = (ex * turn).real, (ey * turn).real
    size = np.where(strong, np.hypot(ux, uy), 1.0)
    ax.quiver(
        np.repeat(far.angle_x_deg[take], strong.shape[1])[strong.ravel()],
        np.tile(far.angle_y_deg[take], strong.shape[0])[strong.ravel()],
        (ux / size).ravel()[strong.ravel()], (uy / size).ravel()[strong.ravel()],
        color="white", pivot="mid", headwidth=0, headlength=0, headaxislength=0, scale=30,
        width=0.004,
    )  # fmt: skip
    ax.set_aspect("equal")
    ax.set_xlabel(f"angle along x in the {far.side} (degrees)")
    ax.set_ylabel(f"angle along y in the {far.side} (degrees)")
    wide = far.divergence_deg
    axis = far.on_axis if far.on_axis > 1e-9 else 0.0
    ax.set_title(f"full width 4σ {wide[0]:.2g}° × {wide[1]:.2g}°, on axis {axis:.2g}")
    return ax


def plot_finite_spectrum(found: FiniteSpectrum, *, ax: Axes | None = None) -> Axes:
    """Plot alpha L of the modes over wavelength, with the band edges as vertical lines.

    Args:
        found: the spectrum.
        ax: where to draw; a new figure without.
    """
    ax = _axes(ax)
    for place, names in enumerate(_alike(found.coupling)):
        own = [mode for mode in found.modes if mode.band_edge in names]
        ax.plot(
            [1e3 * mode.wavelength for mode in own], [mode.alpha_l for mode in own],
            _MARKERS[place % len(_MARKERS)], label=f"at {', '.join(names)}", markersize=5,
        )  # fmt: skip
    for edge in found.coupling.band_edges:
        ax.axvline(1e3 * edge.wavelength, color="0.75", linewidth=1, zorder=0)
    ax.set_ylim(bottom=0)
    ax.set_xlabel("wavelength (nm); grey lines: band edges of the infinite crystal")
    ax.set_ylabel("normalised threshold gain αL")
    ax.set_title(f"{found.lengths[0]:g} × {found.lengths[1]:g} µm")
    ax.legend(frameon=False)
    return ax


def plot_length_sweep(sweep: LengthSweep, *, ax: Axes | None = None) -> Axes:
    """Plot alpha L of the single-lobed mode of every band edge over the size, both logarithmic.

    Args:
        sweep: the sweep.
        ax: where to draw; a new figure without.
    """
    ax = _axes(ax)
    for place, names in enumerate(_alike(sweep.coupling)):
        marker = _MARKERS[place % len(_MARKERS)]
        label = f"at {', '.join(names)}"
        ax.loglog(sweep.length, sweep.alpha_l(names[0]), marker=marker, markersize=4, label=label)
    ax.loglog(sweep.length, sweep.lowest_alpha_l, "k:", linewidth=1, label="lowest of all")
    ax.set_xlabel("side of the area L (µm)")
    ax.set_ylabel("normalised threshold gain αL")
    ax.legend(frameon=False)
    return ax


def _alike(found: Coupling) -> list[list[str]]:
    """Return the names of the band edges, degenerate ones together."""
    groups: list[list[str]] = []
    level = 0j
    scale = float(np.abs(found.matrix.total).max())
    for edge in sorted(found.band_edges, key=lambda edge: edge.name):
        if groups and abs(edge.eigenvalue - level) < 1e-7 * scale:
            groups[-1].append(edge.name)
        else:
            groups.append([edge.name])
        level = edge.eigenvalue
    return groups


def _axes(ax: Axes | None) -> Axes:
    if ax is not None:
        return ax
    from matplotlib import pyplot as plt

    _, new = plt.subplots(layout="constrained")
    return new
