"""Sweeps: points, units, failures, what is computed and what is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

from studies import Design, DesignError, Store, Study, load_study, sweep
from studies.study import Parameter

Write = Callable[..., Path]
ROOT = Path(__file__).parents[2]


def _study_file(folder: Path, text: str) -> Path:
    path = folder / "study.toml"
    path.write_text(f'design = "design.toml"\n{text}', encoding="utf-8")
    return path


class Counter:
    """A stand-in for `compute_points` that knows what it was asked."""

    def __init__(self, fail_above: float = np.inf) -> None:
        self.calls: list[tuple[Design, ...]] = []
        self.fail_above = fail_above

    def __call__(
        self, designs: Sequence[Design], modes: Any = None
    ) -> tuple[list[dict[str, Any]], None]:
        self.calls.append(tuple(designs))
        diameter = float(designs[0].cavity.diameter)  # type: ignore[attr-defined]
        if diameter > self.fail_above:
            raise MemoryError("too large")
        numbers = {"best_quality_factor": 1e3 * diameter, "diameter": diameter}
        record = {"numbers": numbers, "quality_parts": {"radiation": 2e3 * diameter}}
        return [record] * len(designs), None


def test_values_and_spans_with_units(design_file: Write, tmp_path: Path) -> None:
    design_file()
    study = load_study(
        _study_file(
            tmp_path,
            """
[[parameter]]
key = "cavity.exposure.absorber"
values = ["10 mg/mL", "0.02 g/mL", "40 mg/mL"]
label = "Absorber"
[[parameter]]
key = "cavity.coat_thickness"
start = "50 nm"
stop = "150 nm"
points = 3
""",
        )
    )
    absorber, coat = study.parameters
    assert absorber.key == "cavity.exposure.absorber_mg_per_ml"
    assert absorber.values == (10.0, 20.0, 40.0)
    assert absorber.axis_label == "Absorber (mg/mL)"
    assert coat.values == (0.05, 0.1, 0.15)
    assert coat.unit == "um"
    points = list(study.points())
    assert len(points) == 9
    assert points[1].values == (10.0, 0.1)
    assert points[5].design().cavity.coat_thickness == 0.15  # type: ignore[attr-defined]


def test_logarithmic_spans_keep_their_ends(design_file: Write, tmp_path: Path) -> None:
    design_file()
    text = '[[parameter]]\nkey = "losses.scattering_quality_factor"\nstart = 1e3\nstop = 1e6\n'
    study = load_study(_study_file(tmp_path, text + 'points = 4\nspacing = "log"\n'))
    assert study.parameters[0].values == pytest.approx((1e3, 1e4, 1e5, 1e6), rel=1e-11)
    assert study.parameters[0].values[0] == 1e3
    assert study.parameters[0].values[-1] == 1e6


def test_overrides_lie_over_the_design(design_file: Write, tmp_path: Path) -> None:
    design_file()
    text = """
[overrides.cavity.exposure]
power = "400 uW"
[overrides.solver]
azimuthal_order = 90
[[parameter]]
key = "cavity.exposure.time"
values = ["60 ms", "80 ms"]
"""
    study = load_study(_study_file(tmp_path, text))
    design = next(iter(study.points())).design()
    assert design.cavity.exposure.power_uw == 400  # type: ignore[attr-defined]
    assert design.cavity.exposure.time_ms == 60  # type: ignore[attr-defined]
    assert design.solver.azimuthal_order == 90


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "parameter: must be given at least once"),
        ('[[parameter]]\nkey = "cavity.coat"\nvalues = [1]', 'did you mean "coat_'),
        ('[[parameter]]\nkey = "coat_thickness"\nvalues = [1]', "dotted path"),
        ('[[parameter]]\nkey = "cavity.exposure"\nvalues = [1]', "must be a field, got the table"),
        ('[[parameter]]\nkey = "cavity.coat_thickness"\nvalues = ["5 ms"]', "quantity in um"),
        ('[[parameter]]\nkey = "cavity.coat_thickness"', "values: must be given, or start"),
        ('[[parameter]]\nkey = "cavity.coat_thickness"\nvalues = [1]\nstart = 1', "keep one form"),
        ('[[parameter]]\nkey = "cavity.coat_thickness"\nvalue = [1]', 'did you mean "values"'),
        ('[[parameter]]\nkey = "cavity.coat_thickness"\nvalues = [1]\n[extra]', "unknown key"),
        ('combine = "mix"\n[[parameter]]\nkey = "cavity.coat_thickness"\nvalues = [1]', "grid"),
        (
            'combine = "zip"\n[[parameter]]\nkey = "cavity.coat_thickness"\nvalues = [1]\n'
            '[[parameter]]\nkey = "pump.wavelength"\nvalues = [0.5, 0.6]',
            "equally many",
        ),
    ],
)
def test_bad_study_files(design_file: Write, tmp_path: Path, text: str, says: str) -> None:
    design_file()
    path = _study_file(tmp_path, text)
    with pytest.raises(DesignError) as caught:
        load_study(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert says in message
    assert "\n" not in message


def test_a_study_without_its_design(tmp_path: Path) -> None:
    text = '[[parameter]]\nkey = "cavity.coat_thickness"\nvalues = [1]'
    with pytest.raises(DesignError, match=r"design\.toml: no such file"):
        load_study(_study_file(tmp_path, text))


def _times(design_file: Write, tmp_path: Path, values: str) -> Study:
    design_file()
    text = f'name = "Times"\n[[parameter]]\nkey = "cavity.exposure.time_ms"\nvalues = {values}\n'
    return load_study(_study_file(tmp_path, text))


def test_points_are_computed_once_and_gathered(design_file: Write, tmp_path: Path) -> None:
    study = _times(design_file, tmp_path, "[30, 50, 80]")
    count, out = Counter(), tmp_path / "out"
    events: list[Any] = []
    result = sweep(study, out, workers=0, compute=count, progress=events.append)
    assert len(count.calls) == 3
    assert [event.done for event in events] == [0, 1, 2, 3]
    assert events[1].seconds_left is not None
    again = sweep(study, out, workers=0, compute=count)
    assert len(count.calls) == 3
    assert all(point.stored for point in again.points)
    with xr.open_dataset(out / "sweep.h5", engine="h5netcdf") as data:
        assert data.sizes["time_ms"] == 3
        assert data["time_ms"].attrs["units"] == "ms"
        assert data["diameter"].attrs["units"] == "um"
        diameters = [point.record["numbers"]["diameter"] for point in result.points]
        np.testing.assert_array_equal(data["diameter"], diameters)
        np.testing.assert_allclose(
            data["quality_factor"].sel(channel="radiation"), 2 * data["best_quality_factor"]
        )
    header = (out / "sweep.csv").read_text().splitlines()[0].split(",")
    assert header[0] == "time_ms"
    assert "best_quality_factor" in header
    assert (out / "report.html").exists()
    assert (out / "result.json").exists()


def test_impossible_points_are_recorded_and_do_not_stop(design_file: Write, tmp_path: Path) -> None:
    study = _times(design_file, tmp_path, "[1, 8, 50]")
    count = Counter()
    result = sweep(study, tmp_path / "out", workers=0, compute=count)
    assert len(count.calls) == 1
    errors = [point.error for point in result.points]
    assert errors[2] is None
    assert "nothing cross-links" in str(errors[0])
    assert "detached" in str(errors[1])
    data = result.to_dataset()
    assert np.isnan(data["diameter"].values[:2]).all()
    assert "detached" in str(data["error"].values[1])


def test_a_crash_is_recorded_and_tried_again(design_file: Write, tmp_path: Path) -> None:
    study = _times(design_file, tmp_path, "[30, 50, 200]")
    result = sweep(study, tmp_path / "out", workers=0, compute=Counter(fail_above=16))
    assert result.points[2].error == "MemoryError: too large"
    count = Counter()
    again = sweep(study, tmp_path / "out", workers=0, compute=count)
    assert len(count.calls) == 1
    assert again.points[2].error is None


def test_fresh_computes_everything_again(design_file: Write, tmp_path: Path) -> None:
    study, count = _times(design_file, tmp_path, "[30, 50]"), Counter()
    for _ in range(2):
        sweep(study, tmp_path / "out", workers=0, compute=count, fresh=True)
    assert len(count.calls) == 4


def test_points_that_share_a_cavity_share_its_modes(
    design_file: Write, tmp_path: Path, fake_solver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("solvers.solve_modes", fake_solver)
    design_file()
    text = """
[[parameter]]
key = "cavity.coat_thickness"
values = ["60 nm", "90 nm"]
[[parameter]]
key = "losses.scattering_quality_factor"
values = [6000, 12000, 24000]
"""
    study = load_study(_study_file(tmp_path, text))
    result = sweep(study, tmp_path / "out", workers=0)
    assert len(fake_solver.calls) == 2
    data = result.to_dataset()
    assert data["absorbed_photons"].shape == (2, 3)
    assert (np.diff(data["absorbed_photons"], axis=1) < 0).all()
    wider = study.changed(
        parameters=(
            study.parameters[0],
            Parameter(key="losses.scattering_quality_factor", values=(6000.0, 48000.0)),
        )
    )
    sweep(wider, tmp_path / "out", workers=0)
    assert len(fake_solver.calls) == 2


def test_zipped_parameters_go_together(design_file: Write, tmp_path: Path) -> None:
    design_file()
    text = """
combine = "zip"
[[parameter]]
key = "cavity.exposure.time_ms"
values = [30, 50]
[[parameter]]
key = "cavity.coat_material"
values = ["nanocrystal_film", "PMMA"]
"""
    study = load_study(_study_file(tmp_path, text))
    data = sweep(study, workers=0, compute=Counter(), store=Store(tmp_path / "s")).to_dataset()
    assert data.sizes == {"point": 2, "channel": 1}
    assert list(data["coat_material"].values) == ["nanocrystal_film", "PMMA"]


def test_the_study_that_comes_along_loads() -> None:
    studies = sorted((ROOT / "designs").glob("sweep_*.toml"))
    assert studies
    for path in studies:
        for point in load_study(path).points():
            point.design()
