"""Fields of chosen modes, sampled on a grid around their energy, kept in the store."""

from __future__ import annotations

import dataclasses
import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from studies.cavity_table import is_planar
from studies.design import Design
from studies.mode_stage import Solve, modes_key, solve_again
from studies.store import Store, content_key

if TYPE_CHECKING:
    import xarray as xr

    from solvers.modes import Mode, ModeSet

__all__ = ["FieldPicture", "field_pictures"]

Floats = NDArray[np.float64]
FIELDS = ("E_r", "E_phi", "E_z", "eps")
VERSION = 2
logger = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class FieldPicture:
    """The field of one mode on a grid.

    Attributes:
        index: number of the mode in its set.
        mode: the mode; its `field` answers on exactly this grid.
        r, z: the grid (um), (nr,) and (nz,); of a planar mode (1,) and heights in the stack.
    """

    index: int
    mode: Mode
    r: Floats
    z: Floats

    def of(self, mode: Mode) -> FieldPicture:
        """Return the same picture for another version of the mode (with losses added)."""
        carrier = dataclasses.replace(mode, sampler=self.mode.sampler)
        return dataclasses.replace(self, mode=carrier)


def field_pictures(
    design: Design,
    modes: ModeSet,
    chosen: Sequence[int],
    store: Store,
    *,
    solve: Solve | None = None,
) -> tuple[FieldPicture, ...]:
    """Return the fields of the chosen modes; modes whose field cannot be had are left out.

    Args:
        design: the design the modes belong to.
        modes: its modes.
        chosen: numbers of the modes.
        store: where sampled fields are kept.
        solve: the solver, default `solvers.solve_modes`.
    """
    pictures = []
    if is_planar(design.cavity):
        return _planar_pictures(design, modes, chosen, solve)
    for index in chosen:
        picture = _picture(design, modes[index], index, store, solve)
        if picture is not None:
            pictures.append(picture)
    return tuple(pictures)


def _planar_pictures(
    design: Design, modes: ModeSet, chosen: Sequence[int], solve: Solve | None
) -> tuple[FieldPicture, ...]:
    """Return the modes with live fields: solving a stack again takes milliseconds."""
    stack = design.cavity.stack()  # type: ignore[attr-defined]
    z = np.linspace(0.0, stack.thickness, design.output.field_points)
    pictures = []
    for index in chosen:
        mode = modes[index]
        live = mode if mode.sampler is not None else solve_again(design, mode, solve=solve)
        if live is None or live.sampler is None:
            logger.warning("field: no field for %s at %.6g um", mode.label, mode.wavelength)
            continue
        pictures.append(FieldPicture(index=index, mode=live, r=np.zeros(1), z=z))
    return tuple(pictures)


def _picture(
    design: Design, mode: Mode, index: int, store: Store, solve: Solve | None
) -> FieldPicture | None:
    """Return one field from the store, or sample it and keep it."""
    points = design.output.field_points
    wavenumber = [mode.wavenumber.real, mode.wavenumber.imag]
    key = content_key(
        {
            "modes": modes_key(design),
            "mode": [mode.label, *wavenumber],
            "points": points,
            "version": VERSION,
        }
    )
    folder = store.find("fields", key)
    if folder is None:
        live = mode if mode.sampler is not None else solve_again(design, mode, solve=solve)
        if live is None or live.sampler is None:
            logger.warning("field: no field for %s at %.6g um", mode.label, mode.wavelength)
            return None
        data = _sample(live, design, points)
        about = {"design": design.name, "mode": mode.label}
        with store.writing("fields", key, about=about) as draft:
            _save(data, draft / "field.h5")
    else:
        data = _load(folder / "field.h5")
    r, z = data["r"].values, data["z"].values
    carrier = dataclasses.replace(mode, sampler=_GridSampler(data))
    return FieldPicture(index=index, mode=carrier, r=r, z=z)


def _sample(mode: Mode, design: Design, points: int) -> xr.Dataset:
    """Return the field on a grid around the mode's energy, `points` along the longer side."""
    r_max, z_min, z_max = _extent(design)
    r, z = np.linspace(0.0, r_max, 161), np.linspace(z_min, z_max, 121)
    coarse = mode.field(r, z)
    intensity = sum(np.abs(coarse[name].values) ** 2 for name in FIELDS[:3])
    energy = np.nan_to_num(np.maximum(coarse["eps"].values.real, 0) * intensity)
    bright = energy > 1e-3 * energy.max()
    inside = np.isfinite(coarse["eps"].values)  # nan beyond the solver's physical domain
    margin = 0.6
    r_low, r_high = _span(r, bright.any(axis=1), inside.any(axis=1), margin)
    z_low, z_high = _span(z, bright.any(axis=0), inside.any(axis=0), margin)
    step = max(r_high - r_low, z_high - z_low) / (points - 1)
    fine_r = np.linspace(r_low, r_high, max(20, round((r_high - r_low) / step) + 1))
    fine_z = np.linspace(z_low, z_high, max(20, round((z_high - z_low) / step) + 1))
    return mode.field(fine_r, fine_z)


def _extent(design: Design) -> tuple[float, float, float]:
    """Return the largest r, the lowest and the highest z (um) worth a look."""
    body = design.cavity.body()  # type: ignore[attr-defined]
    corners = np.concatenate([region.outline.points(0.05) for region in body.regions])
    wavelength = design.solver.wavelength[1]
    low, high = corners[:, 1].min() - wavelength, corners[:, 1].max() + 2 * wavelength
    return float(corners[:, 0].max() + 2 * wavelength), float(low), float(high)


def _span(
    axis: Floats, bright: NDArray[np.bool_], inside: NDArray[np.bool_], margin: float
) -> tuple[float, float]:
    """Return the ends of the bright part of an axis with a margin (um), where a field is known."""
    known = axis[inside] if inside.any() else axis
    where = axis[bright] if bright.any() else known
    return max(known[0], where[0] - margin), min(known[-1], where[-1] + margin)


class _GridSampler:
    """A sampler that answers at the points of a stored grid, nan elsewhere."""

    def __init__(self, data: xr.Dataset) -> None:
        self._r, self._z = data["r"].values, data["z"].values
        self._values = {name: data[name].values for name in FIELDS}

    def __call__(self, r: Floats, z: Floats) -> Mapping[str, NDArray[Any]]:
        i, on_r = _nearest(self._r, r)
        j, on_z = _nearest(self._z, z)
        inside = on_r & on_z
        return {
            name: np.where(inside, values[i, j], np.nan + 0j)
            for name, values in self._values.items()
        }


def _nearest(axis: Floats, points: Floats) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the index of the nearest grid point and whether it is the point itself."""
    index = np.clip(np.searchsorted(axis, points), 1, len(axis) - 1)
    index = index - (points - axis[index - 1] < axis[index] - points)
    return index, np.abs(axis[index] - points) < 1e-6 * (axis[-1] - axis[0])


def _save(data: xr.Dataset, path: Path) -> None:
    """Write a field to HDF5: plain real and imaginary datasets with units."""
    import h5py

    with h5py.File(path, "w") as file:
        for name in ("r", "z"):
            file.create_dataset(name, data=data[name].values).attrs["units"] = "um"
        for name in FIELDS:
            values = data[name].values.astype(np.complex64)
            for part, numbers in (("real", values.real), ("imag", values.imag)):
                file.create_dataset(f"{name}_{part}", data=numbers, compression="gzip")
        file.attrs["attrs"] = json.dumps(dict(data.attrs))


def _load(path: Path) -> xr.Dataset:
    """Read a field that `_save` wrote."""
    import h5py
    import xarray as xr

    with h5py.File(path) as file:
        axes = {name: file[name][:] for name in ("r", "z")}
        fields = {
            name: (("r", "z"), file[f"{name}_real"][:] + 1j * file[f"{name}_imag"][:])
            for name in FIELDS
        }
        return xr.Dataset(fields, coords=axes, attrs=json.loads(file.attrs["attrs"]))
