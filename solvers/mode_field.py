"""Sampling a mode's field on a grid (behind `Mode.field`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    import xarray as xr

    from solvers.modes import Mode

__all__ = ["sample_field"]

_QUANTITIES = {
    "E_r": "radial electric field",
    "E_phi": "azimuthal electric field",
    "E_z": "axial electric field",
    "eps": "relative permittivity",
}


def sample_field(mode: Mode, r: ArrayLike, z: ArrayLike) -> xr.Dataset:
    """Return the fields of a mode on the grid r x z (um); see `Mode.field`."""
    import xarray as xr

    if mode.sampler is None:
        raise ValueError(
            f"field: the mode must carry a field sampler, got none for {mode.label!r} "
            "(loaded from a file or a table); solve again"
        )
    radii, heights = _axis("r", r), _axis("z", z)
    if radii.min() < 0:
        raise ValueError(
            f"r: must be >= 0 (um from the axis), got {radii.min():.6g}; "
            "mirror the picture after sampling"
        )
    r_grid, z_grid = np.meshgrid(radii, heights, indexing="ij")
    values = mode.sampler(r_grid.ravel(), z_grid.ravel())
    variables = {}
    for name, meaning in _QUANTITIES.items():
        if name not in values or np.shape(values[name]) != (r_grid.size,):
            got = f"shape {np.shape(values[name])}" if name in values else "no such entry"
            raise ValueError(
                f"sampler: must return {name!r} with shape ({r_grid.size},), got {got}; "
                "mend the solver's sampler"
            )
        unit = "1" if name == "eps" else "arbitrary"
        samples = np.asarray(values[name], dtype=np.complex128).reshape(r_grid.shape)
        variables[name] = (("r", "z"), samples, {"units": unit, "long_name": meaning})
    return xr.Dataset(
        variables,
        coords={
            "r": ("r", radii, {"units": "um", "long_name": "distance from the axis"}),
            "z": ("z", heights, {"units": "um", "long_name": "height"}),
        },
        attrs={"label": mode.label, "wavelength_um": mode.wavelength},
    )


def _axis(name: str, points: ArrayLike) -> NDArray[np.float64]:
    """Return grid points as an array (n,), n >= 1, checked."""
    axis = np.atleast_1d(np.asarray(points, dtype=np.float64))
    if axis.ndim != 1 or axis.size == 0:
        raise ValueError(
            f"{name}: must be a number or a one-dimensional array with at least one point (um), "
            f"got shape {axis.shape}; use e.g. np.linspace"
        )
    if not np.isfinite(axis).all():
        raise ValueError(f"{name}: must be finite (um), got nan or inf; remove those points")
    return axis
