"""The manifest: columns, results, CSV."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from layouts.device import Device
from layouts.manifest import COLUMNS, RESULT_COLUMNS, manifest, write_manifest

DEVICES = (
    Device(
        name="A01",
        x=1.0,
        y=2.0,
        top_diameter=15.123456789,
        base_diameter=12.0,
        nominal_diameter=15.0,
        exposure_time_ms=51.25,
        power_uw=400.0,
    ),
    Device(name="A02", column=2, x=81.0, y=2.0, top_diameter=9.0, base_diameter=9.0),
)


def test_one_row_per_device() -> None:
    table = manifest(DEVICES)
    assert list(table.columns) == list(COLUMNS)
    assert table["name"].tolist() == ["A01", "A02"]
    assert table.loc[0, "energy_uj"] == pytest.approx(20.5)
    assert table.loc[1, ["exposure_time_ms", "power_uw", "energy_uj"]].isna().all()


def test_results_fill_their_columns() -> None:
    table = manifest(DEVICES, {"A02": {"wavelength_um": 0.65, "quality_factor": 6e3}})
    assert list(table.columns) == [*COLUMNS, *RESULT_COLUMNS]
    assert table["wavelength_um"].tolist()[1] == 0.65
    assert math.isnan(table["wavelength_um"].tolist()[0])
    assert table["threshold_uj_per_cm2"].isna().all()


@pytest.mark.parametrize(
    ("results", "message"),
    [
        ({"Z99": {"quality_factor": 1.0}}, "results: keys must be device names .* got 'Z99'"),
        ({"A01": {"q": 1.0}}, "results: columns must be wavelength_um, .* got 'q'"),
    ],
)
def test_results_must_fit(results: dict[str, dict[str, float]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        manifest(DEVICES, results)


def test_csv_round_trip(tmp_path: Path) -> None:
    """Nine significant digits: 1e-8 um on a diameter, 5e-10 relative on a dose."""
    path = write_manifest(manifest(DEVICES), tmp_path / "chip.csv")
    text = path.read_text()
    assert text.splitlines()[0] == ",".join(COLUMNS)
    assert text.count("\n") == 3
    back = pd.read_csv(path)
    pd.testing.assert_frame_equal(back, manifest(DEVICES), rtol=5e-9, check_dtype=False)
    assert [entry.name for entry in tmp_path.iterdir()] == ["chip.csv"]


def test_wrong_ending_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"path: must end in .csv, got"):
        write_manifest(manifest(DEVICES), tmp_path / "chip.txt")
    assert list(tmp_path.iterdir()) == []
