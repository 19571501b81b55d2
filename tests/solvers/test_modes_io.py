"""Mode sets to and from Datasets, tables and HDF5 files."""

import dataclasses
import json
import math
import os
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solvers.modes import Mode, ModeSet

FINITE = st.floats(allow_nan=False, allow_infinity=False)
NUMBER = st.floats()
NAME = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
ORDER = st.none() | st.integers(-(2**31) + 1, 2**31 - 1)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | FINITE | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
JSON_MAPPING = st.dictionaries(st.text(max_size=8), JSON, max_size=3)
MODES = st.builds(
    Mode,
    wavenumber=st.builds(complex, st.floats(1e-3, 1e3), FINITE),
    quality_factors=st.dictionaries(
        NAME, st.floats(allow_nan=False).filter(lambda q: q != 0), max_size=3
    ),
    confinement=st.dictionaries(NAME, st.floats(allow_nan=False), max_size=3),
    gain_overlap=st.dictionaries(NAME, st.floats(allow_nan=False), max_size=3),
    mode_volume=NUMBER,
    mode_length=NUMBER,
    in_plane_wavenumber=st.none() | st.floats(allow_nan=False),
    free_spectral_range=NUMBER,
    polarization=NAME,
    azimuthal_order=ORDER,
    radial_order=ORDER,
    axial_order=ORDER,
    lattice_point=st.none() | NAME.filter(bool),
    band=ORDER,
    symmetry=st.none() | NAME.filter(bool),
    residual=NUMBER,
    wavelength_error=NUMBER,
    quality_factor_error=NUMBER,
    method=NAME,
    settings=JSON_MAPPING,
)
WINDOWS = st.tuples(st.floats(0.1, 1), st.floats(1, 2)) | st.just((math.nan, math.nan))
MODE_SETS = st.builds(
    ModeSet,
    modes=st.lists(MODES, max_size=4).map(tuple),
    cavity=JSON_MAPPING,
    window=WINDOWS,
    settings=JSON_MAPPING,
    provenance=JSON_MAPPING,
)
NUMBERS = (
    *("mode_volume", "mode_length", "free_spectral_range"),
    *("residual", "wavelength_error", "quality_factor_error"),
)
EXACT = (
    *("wavenumber", "quality_factors", "confinement", "gain_overlap", "polarization", "method"),
    *("azimuthal_order", "radial_order", "axial_order", "in_plane_wavenumber"),
    *("lattice_point", "band", "symmetry"),
)


def assert_same_mode(one: Mode, other: Mode, *, with_settings: bool = True) -> None:
    for name in EXACT:
        assert getattr(one, name) == getattr(other, name), name
    for name in NUMBERS:
        np.testing.assert_equal(getattr(one, name), getattr(other, name), name)
    if with_settings:
        assert dict(one.settings) == dict(other.settings)


def assert_same(one: ModeSet, other: ModeSet) -> None:
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        assert_same_mode(a, b)
    np.testing.assert_equal(one.window, other.window)
    for name in ("cavity", "settings", "provenance"):
        assert dict(getattr(one, name)) == dict(getattr(other, name)), name


def two_modes() -> ModeSet:
    te = Mode(
        wavenumber=10 - 5e-5j,
        quality_factors={"radiation": 2e5, "absorption:gold": 2e5},
        confinement={"resist": 0.9, "gain": 0.1},
        gain_overlap={"gain": 0.09},
        mode_volume=30.0,
        polarization="TE",
        azimuthal_order=75,
        radial_order=1,
        axial_order=0,
        residual=1e-12,
        wavelength_error=1e-7,
        quality_factor_error=1e-3,
        method="axisymmetric-fem",
        settings={"order": 4},
    )
    tm = Mode(wavenumber=9.9 - 1e-3j, confinement={"gain": 0.2}, settings={"order": 4})
    return ModeSet(
        modes=(te, tm),
        cavity={"kind": "Sphere", "radius": 2.0},
        window=(0.62, 0.64),
        settings={"order": 4},
        provenance={"wall_time_s": 1.5, "warnings": []},
    )


def test_every_field_of_a_mode_is_compared_and_stored() -> None:
    """A field added to Mode must be stored too: this test and the strategy must name it."""
    fields = {field.name for field in dataclasses.fields(Mode)} - {"settings", "sampler"}
    assert fields == {*EXACT, *NUMBERS}
    assert fields <= {str(name) for name in two_modes().to_dataset().variables}


# Dataset


@settings(deadline=None)
@given(MODE_SETS)
def test_dataset_round_trip(modes: ModeSet) -> None:
    assert_same(ModeSet.from_dataset(modes.to_dataset()), modes)


def test_dataset_layout_and_units() -> None:
    data = two_modes().to_dataset()
    assert dict(data.sizes) == {"mode": 2, "channel": 2, "region": 2}
    assert data["wavenumber"].dtype == np.complex128
    assert data["wavelength"].values == pytest.approx([2 * np.pi / 10, 2 * np.pi / 9.9])
    assert data["quality_factor"].values == pytest.approx([1e5, 4950])
    assert data["quality_factors"].sel(channel="absorption:gold").values[0] == 2e5
    assert np.isnan(data["quality_factors"].values[1]).all()
    assert data["confinement"].sel(region="gain").values.tolist() == [0.1, 0.2]
    assert data["label"].values.tolist() == ["TE m=75 (1, 0)", "hybrid"]
    np.testing.assert_array_equal(data["azimuthal_order"], [75, np.nan])
    units = {
        "wavelength": "um",
        "wavenumber": "rad/um",
        "quality_factor": "1",
        "quality_factors": "1",
        "confinement": "1",
        "mode_volume": "um^3",
        "free_spectral_range": "um",
        "residual": "1",
        "wavelength_error": "um",
        "quality_factor_error": "1",
    }
    assert {name: data[name].attrs["units"] for name in units} == units
    assert json.loads(data.attrs["cavity"]) == {"kind": "Sphere", "radius": 2.0}


def test_a_selection_of_a_dataset_is_a_mode_set() -> None:
    data = two_modes().to_dataset()
    (mode,) = ModeSet.from_dataset(data.isel(mode=[1]))
    assert_same_mode(mode, two_modes()[1])
    (mode,) = ModeSet.from_dataset(data.where(data["quality_factor"] > 1e4, drop=True))
    assert mode.label == "TE m=75 (1, 0)"


def test_incomplete_datasets_are_errors() -> None:
    data = two_modes().to_dataset()
    with pytest.raises(ValueError, match=r"dataset: must hold everything .* got no residual; keep"):
        ModeSet.from_dataset(data.drop_vars("residual"))
    with pytest.raises(ValueError, match=r"must be modes written by Lasewright"):
        ModeSet.from_dataset(xr.Dataset())


# HDF5


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(MODE_SETS)
def test_file_round_trip(tmp_path: Path, modes: ModeSet) -> None:
    path = tmp_path / "modes.h5"
    modes.save(path)
    assert_same(ModeSet.load(path), modes)


def test_a_sampler_is_not_saved(tmp_path: Path) -> None:
    path = tmp_path / "modes.h5"
    ModeSet(modes=(Mode(wavenumber=10, sampler=lambda r, z: {}),)).save(path)
    (mode,) = ModeSet.load(path)
    assert mode.sampler is None


def test_any_hdf5_or_netcdf_reader_reads_the_file(tmp_path: Path) -> None:
    path = tmp_path / "modes.h5"
    two_modes().save(str(path))
    with h5py.File(path) as file:
        assert file.attrs["format"] == "lasewright-modes"
        assert file.attrs["format_version"] == 1
        assert set(json.loads(file.attrs["versions"])) >= {"lasewright", "numpy", "python"}
        wavenumber = file["wavenumber_real"][:] + 1j * file["wavenumber_imag"][:]
        assert wavenumber.tolist() == [10 - 5e-5j, 9.9 - 1e-3j]
        assert file["wavenumber_imag"].attrs["units"] == "rad/um"
        assert all(node.dtype.kind in "fiOS" for node in file.values())  # no compound types
    with xr.open_dataset(path, engine="h5netcdf") as data:
        assert data["confinement"].sel(region="gain").values.tolist() == [0.1, 0.2]
        assert data["azimuthal_order"].values[0] == 75
        assert np.isnan(data["azimuthal_order"].values[1])


def test_numbers_that_json_lacks_become_text(tmp_path: Path) -> None:
    given = {"a": np.float64(2.5), "b": (1, 2), "c": np.array([1, 2]), "d": math.inf, "e": math.nan}
    ModeSet(modes=(), provenance=given).save(tmp_path / "modes.h5")
    loaded = dict(ModeSet.load(tmp_path / "modes.h5").provenance)
    assert loaded == {"a": 2.5, "b": [1, 2], "c": [1, 2], "d": "Infinity", "e": "NaN"}


@pytest.mark.parametrize("value", [1j, {1: 2}, {1, 2}, b"x", np.array([1j])])
def test_settings_without_a_json_form_are_errors(tmp_path: Path, value: Any) -> None:
    modes = ModeSet(modes=(Mode(wavenumber=1, settings={"pml": [value]}),))
    with pytest.raises(ValueError, match=r"^mode settings\['pml'\]\[0\].*: must be JSON-able"):
        modes.save(tmp_path / "modes.h5")
    assert not list(tmp_path.iterdir())


def test_two_thousand_modes_share_their_settings(tmp_path: Path) -> None:
    modes = ModeSet(modes=two_modes().modes * 1000)
    modes.save(tmp_path / "modes.h5")
    assert (tmp_path / "modes.h5").stat().st_size < 650e3  # 20 numbers and texts per mode
    loaded = ModeSet.load(tmp_path / "modes.h5")
    assert_same(loaded, modes)


@pytest.mark.parametrize("kept", [0.0, 0.02, 0.3, 0.6, 0.9, 0.999])
def test_truncated_files_are_errors(tmp_path: Path, kept: float) -> None:
    path = tmp_path / "modes.h5"
    two_modes().save(path)
    content = path.read_bytes()
    path.write_bytes(content[: int(kept * len(content))])
    with pytest.raises(ValueError, match=r"^path: must be a whole HDF5 file, got .*modes.h5"):
        ModeSet.load(path)
    path.write_bytes(content[:-1])
    with pytest.raises(ValueError, match=r"truncated or of another kind; write it again"):
        ModeSet.load(path)


def test_other_files_are_errors(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a mode")
    with pytest.raises(ValueError, match=r"path: must be a whole HDF5 file"):
        ModeSet.load(text)
    with pytest.raises(FileNotFoundError, match=r"got .*none.h5.*no such file"):
        ModeSet.load(tmp_path / "none.h5")
    other = tmp_path / "other.h5"
    with h5py.File(other, "w") as file:
        file["x"] = [1.0]
    with pytest.raises(ValueError, match=r"other.h5.*must be modes written by .* got format None"):
        ModeSet.load(other)


def test_newer_formats_and_damaged_files_are_errors(tmp_path: Path) -> None:
    path = tmp_path / "modes.h5"
    two_modes().save(path)
    with h5py.File(path, "r+") as file:
        file.attrs["format_version"] = 2
    with pytest.raises(ValueError, match=r"format_version from 1 to 1, got 2; update Lasewright"):
        ModeSet.load(path)
    two_modes().save(path)
    with h5py.File(path, "r+") as file:
        del file["wavenumber_imag"]
    with pytest.raises(ValueError, match=r"must hold everything .* got no wavenumber_imag; write"):
        ModeSet.load(path)


def test_a_failed_write_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "modes.h5"
    two_modes().save(path)

    def full_disk(descriptor: int) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full_disk)
        with pytest.raises(OSError, match="no space left"):
            ModeSet(modes=()).save(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["modes.h5"]
    assert_same(ModeSet.load(path), two_modes())
    ModeSet(modes=()).save(path)
    assert len(ModeSet.load(path)) == 0


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"path: the folder must exist, got .*nowhere"):
        two_modes().save(tmp_path / "nowhere" / "modes.h5")


# Tables


@settings(deadline=None)
@given(MODE_SETS)
def test_table_round_trip_but_for_settings(modes: ModeSet) -> None:
    loaded = ModeSet.from_dataframe(modes.to_dataframe())
    assert len(loaded) == len(modes)
    for a, b in zip(loaded, modes, strict=True):
        assert_same_mode(a, b, with_settings=False)


def test_table_columns_and_units() -> None:
    table = two_modes().to_dataframe()
    assert table["label"].tolist() == ["TE m=75 (1, 0)", "hybrid"]
    assert str(table["azimuthal_order"].dtype) == "Int64"
    assert table["azimuthal_order"].isna().tolist() == [False, True]
    assert table["confinement:gain"].tolist() == [0.1, 0.2]
    assert set(table.attrs["units"]) == set(table.columns)
    assert table.attrs["units"]["wavelength"] == "um"
    assert table.attrs["units"]["mode_volume"] == "um^3"


def test_table_survives_csv(tmp_path: Path) -> None:
    for numbered in (False, True):
        two_modes().to_dataframe().to_csv(tmp_path / "modes.csv", index=numbered)
        loaded = ModeSet.from_dataframe(pd.read_csv(tmp_path / "modes.csv"))
        for a, b in zip(loaded, two_modes(), strict=True):
            assert_same_mode(a, b, with_settings=False)


def test_measured_lines_become_modes() -> None:
    table = pd.DataFrame({"wavelength": [0.640, 0.644], "quality_factor": [6000, np.inf]})
    first, second = ModeSet.from_dataframe(table)
    assert first.wavelength == pytest.approx(0.640, rel=1e-14)
    assert first.quality_factor == pytest.approx(6000, rel=1e-14)
    assert first.wavenumber.imag < 0
    assert second.quality_factor == math.inf


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"wavelength": [0.6]}, r"table: must have .* got no quality_factor"),
        ({"lambda_nm": [600], "Q": [1]}, r"table: must have .* got no wavelength, quality_factor"),
        (
            {"wavelength": [0.6], "quality_factor": [1e3], "m": [75]},
            r"table: .* got \['m'\]; known are axial_order, azimuthal_order",
        ),
    ],
)
def test_other_tables_are_errors(columns: dict[str, list[float]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ModeSet.from_dataframe(pd.DataFrame(columns))
