"""The mask of a design with a planar cavity: drawn, listed, and written with its sheets."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cavities import Layer, MetalMirror, PlanarMicrocavity, QuarterWaveMirror, TwoMirrorCavity
from cavities.spec import Spec
from layouts import ChipSettings, DoseArray, PlanarLayout, PlanarSettings
from solvers import solve_modes
from studies import Design
from studies.errors import DesignError
from studies.layout_stage import check_layout, draw_layout, is_drawn, write_layout
from studies.planar_sheets import design_sheet, leading_mode
from studies.settings import LayoutSettings, SolverSettings

MIRROR = QuarterWaveMirror(design_wavelength=0.6, high_material=2.3, low_material=1.46, pairs=5.5)
CAVITY = PlanarMicrocavity(
    bottom_mirror=MIRROR,
    cavity=(Layer(name="gain", material=1.85, thickness=0.8),),
    top_mirror=MIRROR,
)
WINDOW = (0.59, 0.62)
SMALL = LayoutSettings(array=DoseArray(diameters=(5.0, 20.0), replicate_columns=3))


def _design(cavity: Spec = CAVITY, layout: LayoutSettings = SMALL) -> Design:
    return Design(cavity=cavity, solver=SolverSettings(wavelength=WINDOW), layout=layout)


def _threshold(**fields: Any) -> Any:
    """Stand in for a ThresholdResult of two modes, the second of which lases."""
    numbers = {
        "lasing_index": 1,
        "wavelength": np.array([0.59, 0.6012]),
        "quality_factor": np.array([100.0, 925.0]),
        "fluence_uj_per_cm2": np.array([90.0, 49.0]),
    }
    return SimpleNamespace(**{**numbers, **fields})


def test_planar_cavities_are_drawn() -> None:
    design = _design()
    assert is_drawn(design)
    check_layout(design)
    chip = draw_layout(design)
    assert isinstance(chip, PlanarLayout)
    assert "wavelength_um" not in chip.manifest
    assert len(chip.devices) == 6


def test_every_mesa_and_the_bare_stack_get_the_numbers() -> None:
    chip = draw_layout(_design(), _threshold())
    assert chip is not None
    table = chip.manifest
    rows = table["kind"].isin(["mesa", "bare_stack"])
    assert table[rows]["quality_factor"].tolist() == [925.0] * 7
    assert table[rows]["threshold_uj_per_cm2"].tolist() == [49.0] * 7
    assert table[~rows]["wavelength_um"].isna().all()
    unpumped = draw_layout(_design(), _threshold(fluence_uj_per_cm2=None))
    assert unpumped is not None
    assert unpumped.manifest["threshold_uj_per_cm2"].isna().all()
    dark = draw_layout(_design(), _threshold(lasing_index=None))
    assert dark is not None
    assert "wavelength_um" not in dark.manifest


def test_sheets_lie_beside_the_mask(tmp_path: Path) -> None:
    design = _design()
    chip = draw_layout(design)
    assert chip is not None
    files = write_layout(chip, design, tmp_path / "out")
    assert set(files) == {"chip.gds", "chip.oas"}
    assert files["chip.gds"].device_count == 6
    assert {p.name for p in (tmp_path / "out").iterdir()} == {
        *files,
        "chip.png",
        "manifest.csv",
        "mask_steps.csv",
        "process_sheet.csv",
        "process_sheet.html",
    }
    sheet = pd.read_csv(tmp_path / "out" / "process_sheet.csv")
    assert len(sheet) == 23
    assert "shift_nm_per_nm" not in sheet


def test_tolerances_are_those_of_the_mode() -> None:
    """Each derivative against solving again with that layer 0.01 nm thicker."""
    modes = solve_modes(CAVITY, WINDOW)
    mode = leading_mode(modes, None)
    assert mode is not None
    table = design_sheet(_design(), mode).table.set_index("layer")
    step = 1e-5
    stack = CAVITY.stack()
    thickness = np.array([layer.thickness for layer in stack.layers])
    for place in (0, 10, 11, 14):
        other = thickness.copy()
        other[place] += step
        (moved,) = solve_modes(stack.with_thicknesses(other), WINDOW)
        slope = (moved.wavelength - mode.wavelength) / step
        assert table.loc[place + 1, "shift_nm_per_nm"] == pytest.approx(slope, rel=1e-3, abs=1e-8)
    half_width = 1e3 * mode.wavelength / mode.quality_factor / 2
    tolerance = half_width / table["shift_nm_per_nm"].abs()
    assert table["tolerance_nm"].to_numpy() == pytest.approx(tolerance)


def test_leading_mode_lases_first() -> None:
    modes = solve_modes(CAVITY, (0.5, 0.72))
    assert len(modes) > 1
    best = max(modes, key=lambda m: m.quality_factor)
    assert leading_mode(modes, None) == best
    assert leading_mode(modes, _threshold()) == modes[1]
    assert leading_mode(modes, _threshold(lasing_index=None)) == best
    assert leading_mode(solve_modes(CAVITY, (0.61, 0.611)), None) is None


def test_two_mirror_cavity_comes_with_a_spacer_table(tmp_path: Path) -> None:
    """The cavity's own spacer is between two rows for the mode that it has."""
    cavity = TwoMirrorCavity(spacer_thickness=5.0)
    design = _design(cavity).changed(solver=SolverSettings(wavelength=(0.68, 0.70)))
    chip = draw_layout(design)
    assert chip is not None
    (mode,) = solve_modes(cavity, (0.68, 0.70))
    write_layout(chip, design, tmp_path, mode=mode)
    table = pd.read_csv(tmp_path / "spacer_table.csv")
    assert np.min(np.abs(table["spacer_nm"] - 5000)) < 0.01
    assert "shift_nm_per_nm" in pd.read_csv(tmp_path / "process_sheet.csv")
    write_layout(chip, design, tmp_path)
    table = pd.read_csv(tmp_path / "spacer_table.csv")
    assert np.min(np.abs(table["spacer_nm"] - 5000)) > 1


def test_without_quarter_waves_the_window_gives_the_wavelength() -> None:
    metal = MetalMirror(thickness=0.05)
    sheet = design_sheet(_design(CAVITY.changed(bottom_mirror=metal, top_mirror=metal)))
    assert sheet.wavelength == pytest.approx(0.605)


@pytest.mark.parametrize(
    ("layout", "message"),
    [
        (SMALL.changed(array=DoseArray(diameters=(5.0,), pitch=6.0)), "min_gap"),
        (SMALL.changed(planar=PlanarSettings(structure="trap", step_nm=900)), "step_nm"),
        (SMALL.changed(array=DoseArray(dose_factors=(0.9, 1.1))), "dose_factors"),
        (SMALL.changed(chip=ChipSettings(chord_error=0.0006)), "chord_error"),
    ],
)
def test_what_cannot_be_drawn_is_an_error_before_any_solving(
    layout: LayoutSettings, message: str
) -> None:
    with pytest.raises(DesignError, match=message) as caught:
        check_layout(_design(layout=layout))
    assert "\n" not in str(caught.value)
