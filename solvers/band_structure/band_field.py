"""Fields of bands on MPB's grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import xarray as xr

    from solvers.band_structure.band_structure import BandStructure

__all__ = ["band_field"]


def band_field(bands: BandStructure, point: str | int, band: int) -> xr.Dataset:
    """Return the field of one band at one Bloch vector.

    Args:
        bands: solved with `fields=[(point, band), ...]`.
        point: name of a point of the path or number of the Bloch vector.
        band: from 1.

    Returns:
        Dataset over the grid (i, j, k) along the primitive vectors with coordinates x, y, z (um),
        complex E_x ... H_z in one arbitrary scale per band, Bloch factor included.

    Raises:
        ValueError: the field was not asked for.
    """
    import xarray as xr

    key = (bands.at(point), band)
    if key not in bands.fields:
        have = [(index, number) for index, number in bands.fields]
        raise ValueError(
            f"band: its field must have been asked for, got {key} with fields of {have}; solve "
            f"with fields=[({point!r}, {band})] (files keep no fields)"
        )
    x, y, z = bands.field_places
    kx, ky = bands.bloch[key[0]]
    phase = np.exp(1j * (kx * x + ky * y))
    over = ("i", "j", "k")
    variables = {}
    for name, values in bands.fields[key].items():
        grid = values.reshape(*x.shape, 3)
        for axis, letter in enumerate("xyz"):
            variables[f"{name}_{letter}"] = (over, grid[..., axis] * phase, {"units": "arbitrary"})
    coords = {
        name: (over, place, {"units": "um"}) for name, place in zip("xyz", (x, y, z), strict=True)
    }
    return xr.Dataset(variables, coords=coords, attrs={"point": str(point), "band": band})
