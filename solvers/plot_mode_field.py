"""Picture of a mode's field in the (r, z) half-plane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solvers.modes import Mode

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

__all__ = ["plot_mode_field"]

_COMPONENTS = ("energy", "|E|^2", "E_r", "E_phi", "E_z")


def plot_mode_field(
    mode: Mode,
    r: ArrayLike,
    z: ArrayLike,
    *,
    component: str = "energy",
    decades: float | None = None,
    outline: Sequence[ArrayLike] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Plot the field of a mode in the (r, z) half-plane, normalised to its largest value.

    Args:
        mode: a mode with a field sampler.
        r, z: grid (um), (nr,) and (nz,), rising.
        component: "energy" for Re(eps) |E|^2 (negative in metals, shown as 0), "|E|^2", or
            "E_r", "E_phi", "E_z": the real part at the phase at which the component peaks.
        decades: logarithmic colours over so many decades ("energy" and "|E|^2" only).
        outline: polylines (n, 2) of (r, z) points (um) to draw over the field.
        ax: axes to draw into; new ones by default.

    Raises:
        ValueError: unknown component, decades with a field component or not > 0, a grid
            that does not rise, or a mode without a field.
    """
    from matplotlib.colors import LogNorm, Normalize

    signed = component in _COMPONENTS[2:]
    if component not in _COMPONENTS:
        raise ValueError(
            f"component: must be one of {', '.join(_COMPONENTS)}, got {component!r}; "
            "check the spelling"
        )
    if decades is not None and (signed or not decades > 0):
        raise ValueError(
            "decades: must be > 0 and go with energy or |E|^2, "
            f"got {decades} with {component!r}; leave it out for linear colours"
        )
    for name, grid in (("r", r), ("z", z)):
        if np.ndim(grid) != 1 or np.size(grid) < 2 or not (np.diff(np.asarray(grid)) > 0).all():
            raise ValueError(
                f"{name}: must be a rising array of at least 2 points (um), "
                f"got shape {np.shape(grid)}; use e.g. np.linspace"
            )
    data = mode.field(r, z)
    values, symbol = _picture(data, component)
    largest = np.nanmax(np.abs(values)) if np.isfinite(values).any() else 0.0
    values = values / largest if largest > 0 else values
    norm: Normalize
    if decades is not None:
        norm = LogNorm(10.0**-decades, 1.0, clip=True)
        values = np.where(np.isnan(values), values, np.maximum(values, 10.0**-decades))
    else:
        norm = Normalize(-1.0 if signed else 0.0, 1.0)
    if ax is None:
        from matplotlib import pyplot as plt

        _, axes = plt.subplots(figsize=(7.0, 4.0), layout="constrained")
    else:
        axes = ax
    mesh = axes.pcolormesh(
        data["r"].values,
        data["z"].values,
        values.T,
        norm=norm,
        cmap="berlin" if signed else "inferno",
        shading="nearest",
        rasterized=True,
    )
    for line in outline or ():
        points = np.asarray(line, dtype=np.float64)
        axes.plot(points[:, 0], points[:, 1], color="w", linewidth=0.9, alpha=0.85)
    axes.set_xlim(*mesh.get_datalim(axes.transData).intervalx)
    axes.set_ylim(*mesh.get_datalim(axes.transData).intervaly)
    axes.set_aspect("equal")
    axes.figure.colorbar(mesh, ax=axes, label=f"{symbol} / max", shrink=0.8)
    axes.set(xlabel="r (µm)", ylabel="z (µm)")
    quality = f"Q = {mode.quality_factor:.3g}"
    axes.set_title(f"{mode.label},  {1e3 * mode.wavelength:.3f} nm,  {quality}", fontsize=10)
    return axes


def _picture(data: xr.Dataset, component: str) -> tuple[NDArray[np.float64], str]:
    """Return the values (nr, nz) to show and their symbol."""
    if component in ("energy", "|E|^2"):
        intensity = sum(np.abs(data[name].values) ** 2 for name in ("E_r", "E_phi", "E_z"))
        if component == "|E|^2":
            return np.asarray(intensity), "|E|²"
        return np.asarray(data["eps"].values.real * intensity), "Re(ε) |E|²"
    field = data[component].values
    finite = np.where(np.isnan(field), 0, field)
    peak = finite.flat[int(np.argmax(np.abs(finite)))]
    turned = field * (np.conj(peak) / abs(peak)) if peak != 0 else field
    symbol = {"E_r": "$E_r$", "E_phi": r"$E_\varphi$", "E_z": "$E_z$"}[component]
    return np.asarray(turned.real), symbol
