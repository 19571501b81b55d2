"""Mode sets as xarray Datasets and as HDF5 files (behind the methods of `ModeSet`)."""

from __future__ import annotations

import json
import os
import platform
import uuid
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from solvers.modes import Mode, ModeSet

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "FORMAT",
    "FORMAT_VERSION",
    "NUMBERS",
    "OPTIONAL_TEXTS",
    "ORDERS",
    "TEXTS",
    "dataset_from_modes",
    "load_modes",
    "modes_from_dataset",
    "save_modes",
]

FORMAT = "lasewright-modes"
FORMAT_VERSION = 1

NUMBERS = {
    "mode_volume": ("um^3", "mode volume int(eps |E|^2) / max(eps |E|^2)"),
    "mode_length": ("um", "mode volume per area of a mode without end in the plane"),
    "in_plane_wavenumber": ("rad/um", "in-plane wavenumber of such a mode"),
    "free_spectral_range": ("um", "lambda^2/(2 pi) d Re k0/dm of the mode's family"),
    "residual": ("1", "relative residual of the eigenvalue equation"),
    "wavelength_error": ("um", "estimated absolute error of the wavelength"),
    "quality_factor_error": ("1", "estimated relative error of the quality factor"),
}
ORDERS = {
    "azimuthal_order": "azimuthal order m",
    "radial_order": "radial order",
    "axial_order": "axial order",
    "band": "band of a periodic cavity",
}
ADDED = (
    *("mode_length", "in_plane_wavenumber", "gain_overlap"),
    *("band", "lattice_point", "symmetry"),
)
"""Variables that the first files of format 1 do not have."""
OPTIONAL_TEXTS = {
    "lattice_point": "lattice point or Bloch vector",
    "symmetry": "irreducible representation",
}
"""Empty text stands for None."""
TEXTS = {"polarization": "polarization", "method": "solver", **OPTIONAL_TEXTS}
_TEXT_ATTRIBUTES = ("cavity", "settings", "provenance")
_ATTRIBUTES = ("window", *_TEXT_ATTRIBUTES)
_VARIABLES = (
    *("wavenumber", "quality_factors", "confinement", "gain_overlap"),
    *("channel", "region", "settings"),
    *(*NUMBERS, *ORDERS, *TEXTS),
)
_NO_ORDER = int(np.iinfo(np.int32).min)


def dataset_from_modes(modes: ModeSet) -> xr.Dataset:
    """Return the modes as a Dataset over the dimension "mode"; see `ModeSet.to_dataset`.

    An order that has no meaning for a mode is nan; `settings` is JSON text. The attributes
    hold `cavity`, `settings` and `provenance` of the set as JSON text, the `window` (um),
    the format's name and number and the versions of the packages at work.
    """
    import xarray as xr

    def per_mode(name: str) -> NDArray[np.float64]:
        return np.array([getattr(mode, name) for mode in modes], dtype=np.float64)

    def column(data: Any, units: str, meaning: str) -> tuple[str, Any, dict[str, str]]:
        return "mode", data, {"units": units, "long_name": meaning}

    variables: dict[str, Any] = {
        "wavelength": column(per_mode("wavelength"), "um", "vacuum wavelength 2 pi / Re k0"),
        "wavenumber": column(
            np.array([mode.wavenumber for mode in modes], dtype=np.complex128),
            "rad/um",
            "complex vacuum wavenumber k0, exp(-i omega t)",
        ),
        "quality_factor": column(per_mode("quality_factor"), "1", "Q = -Re k0 / (2 Im k0)"),
    }
    channels = _keys([mode.quality_factors for mode in modes])
    parts = _rows(channels, [mode.quality_factors for mode in modes])
    regions = _keys([{**mode.confinement, **mode.gain_overlap} for mode in modes])
    fractions = _rows(regions, [mode.confinement for mode in modes])
    overlaps = _rows(regions, [mode.gain_overlap for mode in modes])
    variables["quality_factors"] = (
        ("mode", "channel"),
        parts,
        {"units": "1", "long_name": "quality factor by loss channel"},
    )
    variables["confinement"] = (
        ("mode", "region"),
        fractions,
        {"units": "1", "long_name": "electric energy fraction by region"},
    )
    variables["gain_overlap"] = (
        ("mode", "region"),
        overlaps,
        {"units": "1", "long_name": "first-order modal overlap of gain by region"},
    )
    for name, (units, meaning) in NUMBERS.items():
        variables[name] = column(per_mode(name), units, meaning)
    for name, meaning in ORDERS.items():  # None becomes nan
        variables[name] = column(per_mode(name), "1", meaning)
    for name, meaning in TEXTS.items():
        texts = _texts(getattr(mode, name) or "" for mode in modes)
        variables[name] = ("mode", texts, {"long_name": meaning})
    settings = _texts(json_text(mode.settings, "mode settings") for mode in modes)
    variables["settings"] = ("mode", settings, {"long_name": "solver settings (JSON)"})
    labels = _texts(mode.label for mode in modes)
    return xr.Dataset(
        variables,
        coords={
            "label": ("mode", labels, {"long_name": "mode label"}),
            "channel": ("channel", _texts(channels), {"long_name": "loss channel"}),
            "region": ("region", _texts(regions), {"long_name": "region"}),
        },
        attrs={
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "versions": json.dumps(_versions()),
            "window": np.array(modes.window),
            "window_units": "um",
            "cavity": json_text(modes.cavity, "cavity"),
            "settings": json_text(modes.settings, "settings"),
            "provenance": json_text(modes.provenance, "provenance"),
        },
    )


def modes_from_dataset(dataset: xr.Dataset) -> ModeSet:
    """Return the modes of a Dataset that `dataset_from_modes` made.

    Raises:
        ValueError: another or a newer format, or a variable is missing.
    """
    _check_format(dataset.attrs, "dataset")
    absent = [name for name in ADDED if name not in dataset.variables]
    missing = [name for name in _VARIABLES if name not in dataset.variables and name not in absent]
    missing += [name for name in _ATTRIBUTES if name not in dataset.attrs]
    if missing:
        raise ValueError(
            "dataset: must hold everything that ModeSet.to_dataset writes, "
            f"got no {', '.join(missing)}; keep all variables and attributes"
        )
    columns = {name: dataset[name].values for name in _VARIABLES if name not in absent}
    for name in absent:
        shape = (dataset.sizes["mode"], dataset.sizes["region"])
        if name in OPTIONAL_TEXTS:
            columns[name] = np.full(shape[:1], "", dtype=object)
        else:
            columns[name] = np.full(shape if name == "gain_overlap" else shape[:1], np.nan)
    channels, regions = ([str(key) for key in columns[name]] for name in ("channel", "region"))
    settings: dict[str, Any] = {text: json.loads(text) for text in set(columns["settings"])}
    modes = []
    for i in range(dataset.sizes["mode"]):
        fields: dict[str, Any] = {name: float(columns[name][i]) for name in NUMBERS}
        if np.isnan(fields["in_plane_wavenumber"]):
            fields["in_plane_wavenumber"] = None
        orders = {name: float(columns[name][i]) for name in ORDERS}
        fields |= {name: None if np.isnan(v) else int(v) for name, v in orders.items()}
        fields |= {name: str(columns[name][i]) for name in TEXTS}
        fields |= {name: fields[name] or None for name in OPTIONAL_TEXTS}
        mode = Mode(
            wavenumber=complex(columns["wavenumber"][i]),
            quality_factors=_row(channels, columns["quality_factors"][i]),
            confinement=_row(regions, columns["confinement"][i]),
            gain_overlap=_row(regions, columns["gain_overlap"][i]),
            settings=settings[columns["settings"][i]],
            **fields,
        )
        modes.append(mode)
    low, high = (float(edge) for edge in dataset.attrs["window"])
    texts = {name: json.loads(dataset.attrs[name]) for name in _TEXT_ATTRIBUTES}
    return ModeSet(modes=tuple(modes), window=(low, high), **texts)


def save_modes(modes: ModeSet, path: str | os.PathLike[str]) -> None:
    """Write the modes to an HDF5 (netCDF-4) file, whole or not at all; see `ModeSet.save`.

    The file holds what `dataset_from_modes` returns in a form that every HDF5 or netCDF-4
    reader knows: the complex wavenumber is two variables, `wavenumber_real` and
    `wavenumber_imag`; a missing order is the variable's `_FillValue`; `settings` lists the
    distinct settings, of which `settings_index` (from 0) gives each mode's.
    """
    target = Path(path)
    if not target.parent.is_dir():
        raise FileNotFoundError(
            f"path: the folder must exist, got {str(target.parent)!r}; make it first"
        )
    dataset = _packed(dataset_from_modes(modes))
    encoding: dict[str, dict[str, Any]] = {
        name: {"_FillValue": None} for name in dataset.variables if isinstance(name, str)
    }
    encoding |= {name: {"dtype": "int32", "_FillValue": _NO_ORDER} for name in ORDERS}
    part = target.with_name(f".{target.name}.{uuid.uuid4().hex}.part")
    try:
        dataset.to_netcdf(part, engine="h5netcdf", encoding=encoding)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def load_modes(path: str | os.PathLike[str]) -> ModeSet:
    """Read the modes that `save_modes` wrote; see `ModeSet.load`."""
    import h5py
    import xarray as xr

    source = Path(path)
    if not source.is_file():
        raise FileNotFoundError(f"path: must be a file of modes, got {str(source)!r}; no such file")
    try:
        with h5py.File(source, "r") as file:
            _check_format(dict(file.attrs), repr(str(source)))
        with xr.open_dataset(source, engine="h5netcdf") as opened:
            dataset = opened.load()
    except (OSError, RuntimeError, KeyError) as error:
        raise ValueError(
            f"path: must be a whole HDF5 file, got {str(source)!r}, truncated or of another kind; "
            "write it again with ModeSet.save"
        ) from error
    return modes_from_dataset(_unpacked(dataset))


def _packed(dataset: xr.Dataset) -> xr.Dataset:
    """Return the Dataset in the form of the file; texts that no mode has are left out."""
    unused = [name for name in OPTIONAL_TEXTS if not any(dataset[name].values)]
    wavenumber, settings = dataset["wavenumber"], dataset["settings"]
    distinct = {text: index for index, text in enumerate(dict.fromkeys(settings.values))}
    index = np.array([distinct[text] for text in settings.values], dtype=np.int64)
    return dataset.drop_vars(["wavenumber", "settings", *unused]).assign(
        wavenumber_real=wavenumber.real.assign_attrs(wavenumber.attrs),
        wavenumber_imag=wavenumber.imag.assign_attrs(wavenumber.attrs),
        settings=("setting", _texts(distinct), settings.attrs),
        settings_index=("mode", index, {"long_name": "position in settings, from 0"}),
    )


def _unpacked(dataset: xr.Dataset) -> xr.Dataset:
    """Return the Dataset of a file in the form of `dataset_from_modes`."""
    stored = ("wavenumber_real", "wavenumber_imag", "settings", "settings_index")
    if missing := [name for name in stored if name not in dataset.variables]:
        raise ValueError(
            f"path: must hold everything that ModeSet.save writes, got no {', '.join(missing)}; "
            "write it again"
        )
    wavenumber = np.empty(dataset.sizes["mode"], dtype=np.complex128)
    wavenumber.real = dataset["wavenumber_real"].values
    wavenumber.imag = dataset["wavenumber_imag"].values
    settings = dataset["settings"].values[dataset["settings_index"].values]
    return dataset.drop_vars(stored).assign(
        wavenumber=("mode", wavenumber), settings=("mode", settings)
    )


def json_text(value: Any, where: str) -> str:
    """Return strict JSON; nan and inf become the strings "NaN", "Infinity", "-Infinity".

    Raises:
        ValueError: something in `value` has no JSON form; `where` names its place.
    """
    return json.dumps(_json_value(value, where), allow_nan=False)


def _json_value(value: Any, where: str) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        if np.isfinite(value):
            return value
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {key: _json_value(entry, f"{where}[{key!r}]") for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_json_value(entry, f"{where}[{i}]") for i, entry in enumerate(value)]
    raise ValueError(
        f"{where}: must be JSON-able, got {type(value).__name__}; "
        "use numbers, text, lists and mappings with text keys"
    )


def _keys(mappings: list[Mapping[str, float]] | list[dict[str, float]]) -> list[str]:
    """Return the keys of all mappings, each once, in the order of their first appearance."""
    return list(dict.fromkeys(key for mapping in mappings for key in mapping))


def _rows(keys: list[str], mappings: list[Mapping[str, float]]) -> NDArray[np.float64]:
    """Return the values (mode, key), nan where a mapping lacks the key."""
    rows = [[mapping.get(key, np.nan) for key in keys] for mapping in mappings]
    return np.array(rows, dtype=np.float64).reshape(len(mappings), len(keys))


def _row(keys: list[str], values: NDArray[np.float64]) -> dict[str, float]:
    return {key: float(v) for key, v in zip(keys, values, strict=True) if not np.isnan(v)}


def _texts(texts: Iterable[str]) -> NDArray[Any]:
    return np.array(list(texts), dtype=object)


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version()}
    for package in ("lasewright", "numpy", "xarray", "h5netcdf"):
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            versions[package] = "not installed"
    return versions


def _check_format(attributes: Mapping[Any, Any], where: str) -> None:
    """Raise ValueError unless the attributes are those of a format that we can read."""
    if attributes.get("format") != FORMAT:
        raise ValueError(
            f"{where}: must be modes written by Lasewright (format {FORMAT!r}), "
            f"got format {attributes.get('format')!r}; use ModeSet.save or ModeSet.to_dataset"
        )
    version = int(np.ravel(attributes.get("format_version", 0))[0])  # netCDF-4 stores (1,)
    if not 1 <= version <= FORMAT_VERSION:
        raise ValueError(
            f"{where}: must have a format_version from 1 to {FORMAT_VERSION}, got {version}; "
            "update Lasewright to read newer files"
        )
