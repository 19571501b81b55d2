"""Pictures of exposures: resist profiles side by side, the dose map with its iso-dose line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cavities.lithography import Exposure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_dose_map", "plot_profiles"]


def plot_profiles(
    exposures: Exposure | Sequence[Exposure],
    *,
    labels: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the cross-sections of the disks that several exposures write.

    Args:
        exposures: one or more; a detached one is drawn dashed.
        labels: one per exposure; default: what differs among them, absorber first.
        ax: axes to draw in; default: a new figure.

    Raises:
        ValueError: no exposure, labels that do not match, or an under-dose.
    """
    shots = [exposures] if isinstance(exposures, Exposure) else list(exposures)
    if not shots:
        raise ValueError("exposures: must hold at least one exposure, got none; pass a list")
    names = list(labels) if labels is not None else _labels(shots)
    if len(names) != len(shots):
        raise ValueError(
            f"labels: must be as many as exposures ({len(shots)}), got {len(names)}; give one each"
        )
    from matplotlib import colormaps

    axes = _axes(ax)
    colors = colormaps["viridis"](np.linspace(0.0, 0.85, len(shots)))
    for shot, name, color in zip(shots, names, colors, strict=True):
        profile = shot.profile(allow_detached=True)
        r, z = profile.outline().points(1e-3).T
        r, z = np.concatenate([-r[::-1], r]), np.concatenate([z[::-1], z])
        style = "-" if profile.attached else "--"
        suffix = "" if profile.attached else " (detached)"
        axes.fill(r, z, facecolor=(*color[:3], 0.10), edgecolor="none")
        axes.plot(r, z, style, color=color, label=f"{name}{suffix}")
    axes.axhline(0.0, color="0.4", linewidth=1.5)
    axes.set_xlabel("r (um)")
    axes.set_ylabel("z (um)")
    axes.set_aspect("equal")
    if ax is None:
        _figure(axes).legend(frameon=False, loc="outside lower center", ncols=3)
    else:
        axes.legend(frameon=False, loc="lower center", fontsize="small")
    return axes


def plot_dose_map(exposure: Exposure, *, ax: Axes | None = None) -> Axes:
    """Draw the dose W(r, z) over the cross-linking dose, with the iso-dose line.

    Args:
        exposure: the exposure; detached and under-dosed ones can be drawn too.
        ax: axes to draw in; default: a new figure.
    """
    from matplotlib.colors import LogNorm

    axes = _axes(ax)
    reach = 1.6 * exposure.blurred_waist
    r = np.linspace(-reach, reach, 401)
    z = np.linspace(0.0, exposure.film_thickness, 201)
    limit = exposure.cross_linking_dose_j_per_cm2
    ratio = exposure.dose_j_per_cm2(r[None, :], z[:, None]) / limit
    norm = LogNorm(vmin=max(ratio.min(), 1e-2), vmax=ratio.max())
    mesh = axes.pcolormesh(r, z, ratio, norm=norm, cmap="magma", shading="gouraud", rasterized=True)
    if ratio.min() < 1 < ratio.max():
        axes.contour(r, z, ratio, levels=[1.0], colors="white", linewidths=1.5)
    label = "dose / cross-linking dose"
    _figure(axes).colorbar(mesh, ax=axes, label=label, location="bottom", shrink=0.6, aspect=40)
    axes.set_xlabel("r (um)")
    axes.set_ylabel("z (um)")
    axes.set_aspect("equal")
    return axes


def _labels(shots: Sequence[Exposure]) -> list[str]:
    """Return labels made of the first quantity that differs among the exposures."""
    quantities = {
        "absorber_mg_per_ml": "mg/mL absorber",
        "energy_uj": "uJ",
        "film_thickness": "um film",
        "beam_waist": "um waist",
        "diffusion_length": "um diffusion",
        "substrate_reflectance": "reflectance",
    }
    for name, unit in quantities.items():
        values = [getattr(shot, name) for shot in shots]
        if len(set(values)) > 1 or len(shots) == 1:
            return [f"{value:g} {unit}" for value in values]
    return [f"exposure {i + 1}" for i in range(len(shots))]


def _figure(axes: Axes) -> Figure:
    figure = axes.get_figure(root=True)
    assert figure is not None
    return figure


def _axes(ax: Axes | None) -> Axes:
    if ax is not None:
        return ax
    from matplotlib.figure import Figure

    return Figure(figsize=(7.0, 3.2), layout="compressed").subplots()
