"""Pictures of a sweep: quantities against one parameter, maps over two."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from studies.pictures import STYLE, figure, save_figure
from studies.study import Parameter

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from studies.sweep_run import SweepResult

__all__ = [
    "plot_sweep_map",
    "plot_sweep_quality_factors",
    "plot_sweep_quantity",
    "write_sweep_pictures",
]

CURVES = {
    "quality": ("lasing_quality_factor", True),
    "threshold": ("absorbed_photons", True),
    "fluence": ("fluence_uj_per_cm2", True),
    "wavelength": ("lasing_wavelength", False),
    "confinement": ("lasing_confinement", False),
    "geometry": ("diameter", False),
}
DECADE = 8.0
"""A logarithmic axis is for quantities that change by more than this factor."""

LEAST_MAP = 5
"""A map needs so many values on both axes; below, lines say more."""

MAPS = {
    "map_quality_factor": ("lasing_quality_factor", True),
    "map_threshold": ("absorbed_photons", True),
    "map_wavelength": ("lasing_wavelength", False),
}


def write_sweep_pictures(result: SweepResult, dataset: xr.Dataset, folder: Path) -> dict[str, Path]:
    """Draw what the data set has; return the files by name."""
    import matplotlib as mpl

    written = {}
    with mpl.rc_context(STYLE):
        for name, drawn in _drawings(result, dataset):
            written[name] = save_figure(drawn, folder / name)
    return written


def _drawings(result: SweepResult, dataset: xr.Dataset) -> Iterator[tuple[str, Figure]]:
    """Yield name and figure of every picture."""
    parameters = result.study.parameters
    grid = result.study.combine == "grid"
    numeric = [parameter for parameter in parameters if parameter.is_numeric]
    if not numeric:
        return
    fine = [len(parameter.values) >= LEAST_MAP for parameter in numeric]
    if grid and len(parameters) == 2 and len(fine) == 2 and all(fine):
        for name, (quantity, log) in MAPS.items():
            if quantity in dataset and np.isfinite(dataset[quantity]).any():
                new, ax = figure(5.6, 4.2)
                plot_sweep_map(dataset, quantity, parameters[0], parameters[1], log=log, ax=ax)
                yield name, new
    x = numeric[0]
    if "quality_factor" in dataset and len(parameters) == 1:
        new, ax = figure(5.6, 4.0)
        plot_sweep_quality_factors(dataset, x, ax=ax)
        yield "quality_factors", new
    if len(parameters) <= 2 or not grid:
        for name, (quantity, log) in CURVES.items():
            varies = quantity in dataset and np.nanmax(dataset[quantity]) > 0
            if name == "quality" and len(parameters) == 1:
                continue
            if name == "geometry" and varies:
                varies = bool(np.ptp(dataset[quantity].values[np.isfinite(dataset[quantity])]) > 0)
            if varies:
                new, ax = figure(5.6, 4.0)
                plot_sweep_quantity(dataset, quantity, x, log=log, ax=ax)
                yield name, new


def plot_sweep_quantity(
    dataset: xr.Dataset,
    quantity: str,
    parameter: Parameter,
    *,
    log: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Plot a quantity against a parameter, one line for each value of the other one.

    Args:
        dataset: see `SweepResult.to_dataset`.
        quantity: name of a variable.
        parameter: the horizontal axis.
        log: logarithmic vertical axis where the quantity changes a lot.
        ax: axes to draw into; new ones by default.
    """
    from matplotlib import colormaps

    axes = figure(5.6, 4.0)[1] if ax is None else ax
    data = dataset[quantity]
    x = dataset[parameter.name].values
    others = [dim for dim in data.dims if dim not in (parameter.name, "point")]
    if others:
        other = str(others[0])
        colors = colormaps["viridis"](np.linspace(0, 0.85, data.sizes[other]))
        lines = data.transpose(parameter.name, other).values.T
        for values, color, key in zip(lines, colors, dataset[other].values, strict=True):
            shown = f"{key:g}" if isinstance(key, float | np.floating) else str(key)
            axes.plot(x, values, "o-", color=color, ms=4, label=shown)
        unit = dataset[other].attrs.get("units", "1")
        name = dataset[other].attrs["long_name"]
        axes.legend(title=name if unit == "1" else f"{name} ({unit})")
    else:
        axes.plot(x, data.values, "o-" if data.dims != ("point",) else "o", color="#31688e", ms=5)
    if log and np.nanmax(data) > DECADE * np.nanmin(data) > 0:
        axes.set_yscale("log")
    axes.set_xlabel(parameter.axis_label)
    axes.set_ylabel(_label(data))
    return axes


def plot_sweep_quality_factors(
    dataset: xr.Dataset, parameter: Parameter, *, ax: Axes | None = None
) -> Axes:
    """Plot Q of the mode that lases first against a parameter, in total and by loss channel."""
    from matplotlib import colormaps

    axes = figure(5.6, 4.0)[1] if ax is None else ax
    x = dataset[parameter.name].values
    name = "lasing_quality_factor" if "lasing_quality_factor" in dataset else "best_quality_factor"
    channels = [str(channel) for channel in dataset["channel"].values]
    for number, channel in enumerate(channels):
        color = colormaps["tab10"](number % 10)
        values = dataset["quality_factor"].sel(channel=channel).values
        values = np.where(values > 0, values, np.nan)
        if np.isfinite(values).any():
            axes.plot(x, values, "o-", ms=4, lw=1, color=color, label=channel)
    axes.plot(x, dataset[name].values, "o-", color="black", lw=2, ms=5, label="total")
    axes.set_yscale("log")
    axes.set_xlabel(parameter.axis_label)
    axes.set_ylabel("quality factor Q")
    axes.legend()
    return axes


def plot_sweep_map(
    dataset: xr.Dataset,
    quantity: str,
    first: Parameter,
    second: Parameter,
    *,
    log: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Plot a quantity as colour over two parameters; points without a number stay white."""
    from matplotlib.colors import LogNorm

    axes = figure(5.6, 4.2)[1] if ax is None else ax
    data: Any = dataset[quantity].transpose(second.name, first.name)
    x, y = dataset[first.name].values, dataset[second.name].values
    steep = log and np.nanmax(data) > DECADE * np.nanmin(data) > 0
    mesh = axes.pcolormesh(
        x, y, data.values, cmap="viridis", norm=LogNorm() if steep else None, shading="nearest"
    )
    axes.get_figure().colorbar(mesh, ax=axes, label=_label(dataset[quantity]))  # type: ignore[union-attr]
    axes.set_xlabel(first.axis_label)
    axes.set_ylabel(second.axis_label)
    return axes


def _label(data: xr.DataArray) -> str:
    """Return meaning and unit of a variable."""
    name, unit = str(data.attrs["long_name"]), data.attrs["units"]
    return name if unit == "1" else f"{name} ({unit})"
