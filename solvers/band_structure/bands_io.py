"""Band structures as xarray Datasets and as files."""

from __future__ import annotations

import json
import os
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from solvers.band_structure.band_structure import BandStructure

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["bands_to_dataset", "load_bands", "save_bands"]

FORMAT = 1
_KIND = "lasewright band structure"


def bands_to_dataset(bands: BandStructure) -> xr.Dataset:
    """Return the bands over the dimensions (k, band), units in attrs; fields are left out."""
    import xarray as xr

    over = ("k", "band")
    one = {"units": "1"}
    symmetry = [[name or "" for name in row] for row in bands.symmetry]
    variables: dict[str, Any] = {
        "frequency": (over, bands.frequency, {"units": "1", "long_name": "period/wavelength"}),
        "wavelength": (over, bands.wavelength, {"units": "um"}),
        "axial_share": (over, bands.axial_share, one),
        "symmetry": (over, np.array(symmetry, dtype=str)),
        "point_group": (("k",), np.array(bands.point_groups, dtype=str)),
        "bloch": (("k", "axis"), bands.bloch, {"units": "rad/um"}),
        "light_line": (("k",), bands.light_line, one),
    }
    if bands.group_velocity is not None:
        variables["group_velocity"] = ((*over, "axis"), bands.group_velocity, {"units": "c"})
    if bands.core_share is not None:
        variables["core_share"] = (over, bands.core_share, one)
    attrs = {
        "kind": _KIND,
        "format": FORMAT,
        "period_um": bands.period,
        "polarization": bands.polarization,
        "outer_index": float("nan") if bands.outer_index is None else bands.outer_index,
        "core_fraction": bands.core_fraction,
        "corners": json.dumps(bands.corners),
    }
    for name in ("crystal", "settings", "provenance"):
        attrs[name] = json.dumps(dict(getattr(bands, name)))
    coords: dict[str, Any] = {
        "band": np.arange(1, bands.bands + 1),
        "distance": (("k",), bands.distance, {"units": "rad/um"}),
        "axis": ["x", "y"],
    }
    return xr.Dataset(variables, coords=coords, attrs=attrs)


def save_bands(bands: BandStructure, path: str | PathLike[str]) -> None:
    """Write the bands to an HDF5 (netCDF-4) file, whole or not at all.

    Raises:
        FileNotFoundError: the folder does not exist.
    """
    target = Path(path)
    if not target.parent.is_dir():
        raise FileNotFoundError(f"path: its folder must exist, got {target}; make it first")
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        bands_to_dataset(bands).to_netcdf(partial, engine="h5netcdf")
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def load_bands(path: str | PathLike[str]) -> BandStructure:
    """Return the bands that `save_bands` wrote.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: another kind of file, or a newer format.
    """
    import xarray as xr

    try:
        with xr.open_dataset(path, engine="h5netcdf") as opened:
            data = opened.load()
    except OSError as error:
        if not Path(path).exists():
            raise FileNotFoundError(f"path: must be a file, got {path}") from error
        raise ValueError(f"path: must be a file of BandStructure.save, got {path}") from error
    if data.attrs.get("kind") != _KIND or int(data.attrs["format"]) > FORMAT:
        raise ValueError(
            f"path: must be a band structure of format {FORMAT} or older, got "
            f"{data.attrs.get('kind', 'another kind of file')!r}, format {data.attrs.get('format')}"
        )
    attrs = data.attrs
    outer = float(attrs["outer_index"])
    corners = tuple((int(index), str(name)) for index, name in json.loads(attrs["corners"]))
    return BandStructure(
        period=float(attrs["period_um"]),
        bloch=data["bloch"].to_numpy(),
        corners=corners,
        frequency=data["frequency"].to_numpy(),
        polarization=str(attrs["polarization"]),
        axial_share=data["axial_share"].to_numpy(),
        group_velocity=data["group_velocity"].to_numpy() if "group_velocity" in data else None,
        core_share=data["core_share"].to_numpy() if "core_share" in data else None,
        core_fraction=float(attrs["core_fraction"]),
        symmetry=tuple(
            tuple(str(name) or None for name in row) for row in data["symmetry"].to_numpy()
        ),
        point_groups=tuple(str(name) for name in data["point_group"].to_numpy()),
        outer_index=None if np.isnan(outer) else outer,
        **{name: json.loads(attrs[name]) for name in ("crystal", "settings", "provenance")},
    )
