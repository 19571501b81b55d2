"""One run end to end, with a stand-in for the solver: files, numbers, stages, failures."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from solvers.modes import ModeSet
from studies import DesignError, RunResult, Store, load_design, run
from tests.studies.written_files import written_result

Write = Callable[..., Path]


def _result(outcome: RunResult) -> dict[str, Any]:
    return written_result(outcome.folder)


def test_the_folder_holds_what_the_contract_says(finished_run: RunResult) -> None:
    assert finished_run.folder is not None
    names = {path.name for path in finished_run.folder.iterdir()}
    expected = {"result.json", "report.html", "modes.csv", "modes.h5", "thresholds.csv"}
    expected |= {"manifest.csv", "chip.gds", "chip.oas", "chip.png", "pictures"}
    assert names == expected
    drawn = {path.stem for path in (finished_run.folder / "pictures").iterdir()}
    assert drawn == {
        "cavity", "profiles", "spectrum", "free_spectral_range", "quality_factors", "field_1",
        "field_2", "gain_spectra", "gain_versus_pump", "mode_thresholds", "gain_and_losses",
        "threshold_versus_loss", "monte_carlo",
    }  # fmt: skip
    assert finished_run.provenance["warnings"] == []


def test_result_json_has_the_public_schema(finished_run: RunResult) -> None:
    result = _result(finished_run)
    assert set(result) == {"schema", "design", "modes", "threshold", "layout", "provenance"}
    assert result["schema"] == 1
    assert len(result["modes"]) == len(finished_run.modes)
    for entry, mode in zip(result["modes"], finished_run.modes, strict=True):
        assert entry["wavelength_um"] == mode.wavelength
        assert entry["q"] == mode.quality_factor
        assert entry["q_parts"] == dict(mode.quality_factors)
        assert entry["confinement"] == dict(mode.confinement)
        assert entry["label"] == mode.label
        assert entry["method"] == mode.method
    threshold = result["threshold"]
    first = result["modes"][threshold["lasing_mode"]]
    photons = [m["threshold_absorbed_photons"] for m in result["modes"]]
    assert threshold["absorbed_photons"] == min(n for n in photons if n is not None)
    assert threshold["lasing_wavelength_um"] == first["wavelength_um"]
    assert threshold["fluence_uj_per_cm2"] == first["threshold_fluence_uj_per_cm2"]
    assert threshold["monte_carlo"]["cavities"] == 60
    layout = result["layout"]
    assert layout["file"] == "chip.gds"
    assert layout["device_count"] == len(finished_run.layout.devices)  # type: ignore[union-attr]
    assert sum(layout["cells"].values()) > layout["device_count"]
    left, bottom, right, top = layout["bounding_box_um"]
    assert right > left
    assert top > bottom
    provenance = result["provenance"]
    assert {"versions", "settings", "wall_time_s", "warnings"} <= set(provenance)
    assert provenance["versions"]["lasewright"]


def test_tables_hold_the_same_numbers(finished_run: RunResult) -> None:
    assert finished_run.folder is not None
    assert finished_run.threshold is not None
    loaded = ModeSet.load(finished_run.folder / "modes.h5")
    assert [m.wavenumber for m in loaded] == [m.wavenumber for m in finished_run.modes]
    rows = list(csv.DictReader((finished_run.folder / "thresholds.csv").read_text().splitlines()))
    photons = [float(row["absorbed_photons"] or "nan") for row in rows]
    np.testing.assert_allclose(photons, finished_run.threshold.absorbed_photons, rtol=1e-12)


def test_the_manifest_has_the_prediction_of_the_solved_disk(finished_run: RunResult) -> None:
    assert finished_run.folder is not None
    rows = list(csv.DictReader((finished_run.folder / "manifest.csv").read_text().splitlines()))
    filled = [row for row in rows if row["wavelength_um"]]
    assert 0 < len(filled) < len(rows)
    assert finished_run.threshold is not None
    for row in filled:
        assert abs(float(row["top_diameter_um"]) - 15.0) < 2e-3
        assert float(row["wavelength_um"]) == pytest.approx(
            finished_run.threshold.lasing_wavelength, rel=1e-9
        )


def test_fields_show_the_modes_with_the_lowest_thresholds(finished_run: RunResult) -> None:
    assert finished_run.threshold is not None
    photons = finished_run.threshold.absorbed_photons
    shown = [picture.index for picture in finished_run.fields]
    assert shown == list(np.argsort(photons)[:2])
    picture = finished_run.fields[0]
    field = picture.mode.field(picture.r, picture.z)
    peak = np.unravel_index(np.argmax(np.abs(field["E_r"].values)), field["E_r"].shape)
    assert picture.r[peak[0]] == pytest.approx(0.93 * 7.5, abs=0.05)
    assert picture.z[peak[1]] == pytest.approx(4.0, abs=0.05)


def test_a_second_run_takes_modes_and_fields_from_the_store(
    design_file: Write, tmp_path: Path, fake_solver: Any
) -> None:
    design = load_design(
        design_file(("[output]", "[layout.array]\ndose_factors = [1.0]\n[output]"))
    )
    design = design.changed(output=design.output.changed(pictures=True))
    store = Store(tmp_path / "store")
    first = run(design, None, store=store, solve=fake_solver)
    assert len(fake_solver.calls) == 1
    again = run(design, None, store=store, solve=fake_solver)
    assert len(fake_solver.calls) == 1
    assert again.provenance["modes_from_store"]
    assert not first.provenance["modes_from_store"]
    assert [m.wavenumber for m in again.modes] == [m.wavenumber for m in first.modes]
    one, two = first.fields[0], again.fields[0]
    np.testing.assert_array_equal(one.r, two.r)
    a, b = (picture.mode.field(one.r, one.z)["E_r"].values for picture in (one, two))
    np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-12)


def test_a_stored_mode_is_solved_again_for_its_field_alone(
    design_file: Write, tmp_path: Path, fake_solver: Any
) -> None:
    design, store = load_design(design_file()), Store(tmp_path / "store")
    no_pictures = design.changed(output=design.output.changed(pictures=False))
    run(no_pictures, None, store=store, solve=fake_solver)
    outcome = run(design, None, store=store, solve=fake_solver)
    assert len(fake_solver.calls) == 1 + len(outcome.fields) == 3
    for call, picture in zip(fake_solver.calls[1:], outcome.fields, strict=True):
        assert call["azimuthal_order"] == picture.mode.azimuthal_order


def test_fresh_solves_again(design_file: Write, tmp_path: Path, fake_solver: Any) -> None:
    design, store = load_design(design_file()), Store(tmp_path / "store")
    design = design.changed(output=design.output.changed(pictures=False))
    for _ in range(2):
        run(design, None, store=store, solve=fake_solver, fresh=True)
    assert len(fake_solver.calls) == 2


def test_a_changed_gain_medium_keeps_the_modes(
    design_file: Write, tmp_path: Path, fake_solver: Any
) -> None:
    store = Store(tmp_path / "store")
    for preset in ("quantum_shells", "quantum_dots"):
        path = design_file(('"quantum_shells"', f'"{preset}"'))
        design = load_design(path)
        design = design.changed(output=design.output.changed(pictures=False))
        run(design, None, store=store, solve=fake_solver)
    assert len(fake_solver.calls) == 1


def test_scattering_adds_a_loss_channel_and_raises_the_threshold(
    design_file: Write, tmp_path: Path, fake_solver: Any
) -> None:
    store, outcomes = Store(tmp_path / "store"), []
    for table in ("", "[losses]\nscattering_quality_factor = 6000\n"):
        design = load_design(design_file(("[monte_carlo]", f"{table}[monte_carlo]")))
        design = design.changed(output=design.output.changed(pictures=False))
        outcomes.append(run(design, None, store=store, solve=fake_solver))
    ideal, lossy = outcomes
    assert len(fake_solver.calls) == 1
    for one, two in zip(ideal.modes, lossy.modes, strict=True):
        assert two.wavelength == one.wavelength
        assert 1 / two.quality_factor == pytest.approx(1 / one.quality_factor + 1 / 6000, rel=1e-12)
        assert two.quality_factor_balance() < 1e-12
    assert ideal.threshold is not None
    assert lossy.threshold is not None
    assert lossy.threshold.lasing_absorbed_photons > ideal.threshold.lasing_absorbed_photons


def test_a_window_without_modes_is_an_error_and_writes_nothing(
    design_file: Write, tmp_path: Path, fake_solver: Any
) -> None:
    design = load_design(design_file(("quality_factor_floor = 100", "quality_factor_floor = 1e9")))
    out = tmp_path / "out"
    with pytest.raises(DesignError, match=r"solver\.wavelength: must hold at least one mode"):
        run(design, out, store=Store(tmp_path / "store"), solve=fake_solver)
    assert not out.exists()
    assert not [p for p in (tmp_path / "store").rglob("*") if p.is_file()]


def test_an_impossible_mask_is_found_before_solving(
    design_file: Write, tmp_path: Path, fake_solver: Any
) -> None:
    design = load_design(design_file(("[output]", "[layout.array]\ndiameters = [60]\n[output]")))
    with pytest.raises(DesignError, match=r"layout\.array"):
        run(design, tmp_path / "out", store=Store(tmp_path / "store"), solve=fake_solver)
    assert fake_solver.calls == []


def test_without_a_medium_there_is_no_threshold(tmp_path: Path, fake_solver: Any) -> None:
    path = tmp_path / "ball.toml"
    path.write_text(
        '[cavity]\ntype = "sphere"\nradius = 7.5\nmaterial = 1.5\n'
        "[solver]\nwavelength = [0.64, 0.67]\n[output]\nfield_count = 1\nfield_points = 40\n"
    )
    store = Store(tmp_path / "store")
    outcome = run(load_design(path), tmp_path / "out", store=store, solve=fake_solver)
    result = _result(outcome)
    assert result["threshold"] is None
    assert result["layout"] is None
    assert outcome.fields[0].mode.quality_factor == max(m.quality_factor for m in outcome.modes)


def test_what_was_there_survives_a_crash_in_a_later_stage(
    design_file: Write, tmp_path: Path, fake_solver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    design, store = load_design(design_file()), Store(tmp_path / "store")

    def crash(*_: Any, **__: Any) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("studies.layout_stage.write_layout", crash)
    with pytest.raises(RuntimeError, match="power cut"):
        run(design, tmp_path / "out", store=store, solve=fake_solver)
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"modes.h5", "modes.csv"}
    assert len(ModeSet.load(tmp_path / "out" / "modes.h5")) > 0
    monkeypatch.undo()
    run(design, tmp_path / "out", store=store, solve=fake_solver)
    assert (tmp_path / "out" / "result.json").exists()
    calls = [call for call in fake_solver.calls if call["azimuthal_order"] is None]
    assert len(calls) == 1


def test_every_disk_of_a_mask_can_be_predicted(
    design_file: Write, tmp_path: Path, fake_solver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from studies.device_predictions import predict_devices
    from studies.layout_stage import draw_layout

    monkeypatch.setattr("solvers.solve_modes", fake_solver)
    array = "[layout.array]\ndiameters = [12, 15]\ndose_factors = [1.0, 1.25]\n"
    design, store = load_design(design_file(("[output]", array + "[output]"))), Store(tmp_path)
    chip = draw_layout(design)
    assert chip is not None
    seen: list[tuple[int, int]] = []

    def tell(done: int, total: int) -> None:
        seen.append((done, total))

    predicted = predict_devices(design, chip, store, workers=0, progress=tell)
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert len(fake_solver.calls) == 4
    table = predicted.manifest
    assert table["wavelength_um"].notna().all()
    assert table["threshold_uj_per_cm2"].notna().all()
    for _, group in table.groupby("exposure_time_ms"):
        assert group["wavelength_um"].nunique() == 1
    predict_devices(design, chip, store, workers=0)
    assert len(fake_solver.calls) == 4
