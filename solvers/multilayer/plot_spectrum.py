"""Pictures of planar spectra and of modes in their stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from solvers.modes import Mode
from solvers.multilayer.spectrum_result import SpectrumResult
from solvers.multilayer.stack_arrays import as_stack

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_planar_mode", "plot_planar_spectrum"]


def plot_planar_spectrum(result: SpectrumResult, *, ax: Axes | None = None) -> Axes:
    """Plot R, T and A over wavelength, or R as a map over wavelength and angle.

    Args:
        result: spectra of one stack; of several polarisations or stacks the first is drawn.
        ax: where to draw; a new figure without.

    Raises:
        ValueError: a single wavelength.
    """
    from matplotlib import pyplot as plt

    if result.wavelength.ndim == 0:
        raise ValueError(
            "wavelength: must be a list to plot a spectrum, got one number; give an array"
        )
    if ax is None:
        _, ax = plt.subplots(layout="constrained")
    over_angle = [name for name in result.dimensions if name not in ("polarization", "stack")]
    lead = (0,) * (len(result.dimensions) - len(over_angle))
    if len(over_angle) == 1:
        ax.plot(result.wavelength, result.reflectance[lead], label="reflectance")
        ax.plot(result.wavelength, result.transmittance[lead], label="transmittance")
        if result.absorbing_parts is not None and result.absorbing_layers:
            ax.plot(result.wavelength, result.absorption[lead], label="absorption")
        ax.set_ylabel("fraction of the incident power")
        ax.set_xlabel("wavelength (µm)")
        ax.legend(frameon=False)
        return ax
    by_angle = result.angle_deg is not None
    axis = result.angle_deg if by_angle else result.in_plane_wavenumber
    assert axis is not None
    image = ax.pcolormesh(
        axis, result.wavelength, result.reflectance[lead].T, cmap="viridis", shading="nearest"
    )
    ax.figure.colorbar(image, ax=ax, label="reflectance")
    ax.set_xlabel("angle (degrees)" if by_angle else "in-plane wavenumber (rad/µm)")
    ax.set_ylabel("wavelength (µm)")
    return ax


def plot_planar_mode(
    cavity: Any, mode: Mode, *, ax: Axes | None = None, margin: float = 0.3
) -> Axes:
    """Plot the index of the stack and the intensity of a mode in it over height.

    Args:
        cavity: planar cavity that the mode belongs to.
        mode: a mode of it, with its field.
        ax: where to draw; a new figure without.
        margin: how much of the outer media to show (um).
    """
    from matplotlib import pyplot as plt

    stack = as_stack(cavity)
    if ax is None:
        _, ax = plt.subplots(layout="constrained")
    z = np.linspace(-margin, stack.thickness + margin, 4001)
    field = mode.field(0.0, z)
    intensity = sum(np.abs(field[name].values[0]) ** 2 for name in ("E_r", "E_phi", "E_z"))
    index = np.sqrt(field["eps"].values[0]).real
    ax.fill_between(z, index, step="mid", color="0.85", linewidth=0)
    ax.set_xlabel("height above the substrate (µm)")
    ax.set_ylabel("refractive index (grey)")
    ax.set_ylim(0, 1.1 * float(index.max()))
    twin = ax.twinx()
    within = (z >= 0) & (z <= stack.thickness)
    twin.plot(z, intensity / np.max(intensity[within]), color="tab:red", linewidth=1)
    twin.set_ylim(0, 1.1)
    twin.set_ylabel("|E|², relative to its maximum (red)")
    ax.set_title(f"{mode.label}, {1e3 * mode.wavelength:.2f} nm, Q = {mode.quality_factor:.4g}")
    return ax
