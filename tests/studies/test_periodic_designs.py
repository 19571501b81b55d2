"""The two periodic designs end to end: files, numbers, report, command line, bad input."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest

from studies import Design, RunResult, Store, load_design, run
from studies.cli import main
from tests.studies.written_files import written_page, written_result

DESIGNS = Path(__file__).parents[2] / "designs"
PCSEL, PILLARS = "pcsel_sin_quantum_shells", "nanopillar_quantum_shells"


def small(name: str) -> Design:
    """A design of the repository with small truncations and few points."""
    design = load_design(DESIGNS / f"{name}.toml")
    study = design.periodic
    study = study.changed(
        periods=(0.345, 0.365),
        published_periods=study.published_periods[-1:],
        pattern_ratios=(0.5, 0.6),
        film_thickness=(0.08, 0.1),
        residual_thickness=(0.1, 0.2),
        study_orders=25,
        band_points=2,
        band_reach=0.02,
        device_length=(50.0, 100.0),
        pump_points=3,
        unknown=study.unknown[-1:],
    )
    solver = design.solver.changed(orders=49, search_orders=25, largest_error_nm=None)
    output = design.output.changed(field_count=1, field_points=21)
    layout = design.layout.changed(
        formats=("oas",),
        lattice=design.layout.lattice.changed(periods=(0.365, 0.37), sizes=(20.0,)),
    )
    return design.changed(periodic=study, solver=solver, output=output, layout=layout)


@pytest.fixture(scope="module")
def pcsel(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    folder = tmp_path_factory.mktemp("pcsel")
    return run(small(PCSEL), folder / "out", store=Store(folder / "store"))


@pytest.fixture(scope="module")
def pillars(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    folder = tmp_path_factory.mktemp("pillars")
    return run(small(PILLARS), folder / "out", store=Store(folder / "store"))


def result(outcome: RunResult) -> dict[str, Any]:
    return written_result(outcome.folder)


def page(outcome: RunResult) -> str:
    return written_page(outcome.folder)


@pytest.mark.parametrize("name", ["pcsel", "pillars"])
def test_the_report_has_its_sections_and_pictures(
    name: str, request: pytest.FixtureRequest
) -> None:
    outcome: RunResult = request.getfixturevalue(name)
    anchors = [section.anchor for section in outcome.sections]
    assert anchors == [
        "fields", "bands", "geometry", "assumptions", "period_threshold", "pump", "device_size",
        "paper",
    ]  # fmt: skip
    text = page(outcome)
    assert all(f'<section id="{anchor}">' in text for anchor in anchors)
    assert set(anchors) < set(result(outcome))
    assert outcome.provenance["warnings"] == []
    assert outcome.folder is not None
    drawn = {path.stem for path in (outcome.folder / "pictures").iterdir()}
    wanted = {figure.name for section in outcome.sections for figure in section.figures}
    assert wanted | {"cavity", "quality_factors"} <= drawn
    assert text.count("<img ") == len(drawn) + 1
    assert not re.search(r"""(?:src|srcset|data|action)=["'](?!data:)""", text)
    assert "(r, z)" not in text
    files = {path.name for path in outcome.folder.iterdir()}
    assert {"chip.oas", "manifest.csv", "chip.png", "modes.h5", "result.json"} <= files


def test_the_page_tells_what_the_cavity_is(pcsel: RunResult, pillars: RunResult) -> None:
    text = page(pcsel)
    assert "layers[0]" not in re.sub(r"<pre>.*?</pre>", "", text, flags=re.DOTALL)
    for held in ("square, period 0.37 µm", "thickness 0.17 µm", "circle, radius 0.1295 µm"):
        assert held in text
    assert "square, period 0.365 µm" in page(pillars)
    for outcome in (pcsel, pillars):
        tables = page(outcome).count("<table")
        assert len(re.findall(r'<div class="scroll">\s*<table', page(outcome))) == tables


def test_fields_are_named_as_in_the_table_of_modes(pcsel: RunResult) -> None:
    labels = {mode["label"] for mode in result(pcsel)["modes"]}
    shown = result(pcsel)["fields"]["modes"]
    assert {mode["label"] for mode in shown} <= labels
    # modes from the store are solved again, alone in a narrow window
    from studies.periodic_fields import field_section

    stored = tuple(replace(mode, sampler=None) for mode in pcsel.solved)
    modes = replace(pcsel.solved, modes=stored)
    again = field_section(pcsel.design, modes, [0, len(stored) - 1])
    assert [mode["label"] for mode in again.numbers["modes"]] == [
        stored[0].label, stored[-1].label,
    ]  # fmt: skip


def test_no_axes_without_quantities_and_no_legend_over_curves(pcsel: RunResult) -> None:
    """Every picture of a section: labelled axes, and legends beside or above them."""
    from studies.pictures import STYLE

    free = {"assumptions"}  # one rising line, the legend in the free corner
    for section in pcsel.sections:
        for item in section.figures:
            with mpl.rc_context(STYLE):
                drawn = item.draw()
                drawn.canvas.draw()
            for ax in drawn.axes:
                assert ax.get_xlabel() or ax.get_ylabel(), item.name
                legend = ax.get_legend()
                if legend is not None and item.name not in free:
                    box = legend.get_window_extent()
                    assert box.y0 >= ax.get_window_extent().y1 - 1, item.name


def test_modes_carry_their_symmetry_and_error(pcsel: RunResult) -> None:
    modes = result(pcsel)["modes"]
    assert len(modes) == 8
    assert {mode["lattice_point"] for mode in modes} == {"Gamma"}
    pairs = [mode for mode in modes if mode["symmetry"] == "E"]
    assert len(pairs) == 4
    for mode in modes:
        assert 0 < mode["wavelength_error_um"] < 1e-4
        # dark modes have only the design's scattering
        dark = mode["symmetry"] != "E"
        assert (abs(mode["q"] - 3000) < 1e-3) == dark
    held = result(pcsel)["layout"]
    assert held["device_count"] == 2
    assert sum(held["shape_counts"].values()) > 2 * (20 / 0.37) ** 2


def test_the_effective_index_lies_in_the_printed_window(pcsel: RunResult) -> None:
    over = result(pcsel)["geometry"]["period"]
    for name, waves in over["wavelength_um"].items():
        for period, wave in zip(over["values_um"], waves, strict=True):
            assert 1.46 < wave / period < 1.88, name
    # the whole pattern scales with the period, thicknesses do not: slower than proportional
    first, last = over["wavelength_um"]["TE E"]
    assert 1 < last / first < 0.365 / 0.345


def test_coupled_wave_theory_beside_the_full_vector(pcsel: RunResult) -> None:
    found = result(pcsel)["device_size"]
    assert found["method"] == "coupled-wave"
    assert {row["band_edge"] for row in found["band_edges"]} == set("ABCD")
    for row in found["band_edges"]:
        assert row["coupled_wave_nm"] == pytest.approx(row["full_vector_nm"], abs=0.1)
        if row["full_vector_q"] is not None:
            assert row["coupled_wave_q"] == pytest.approx(row["full_vector_q"], rel=0.1)
    gain = found["threshold_gain_per_cm"]
    assert gain[0] > 2 * gain[1] > 0  # the edges' loss falls faster than 1/L
    photons = found["absorbed_photons"]
    assert photons[0] > photons[1]
    # 2 pi n / (Gamma lambda Q) of the radiating pair, which the pole confirms
    mode = next(m for m in result(pcsel)["modes"] if m["label"].startswith("TE Gamma E"))
    radiating = 1 / sum(1 / q for n, q in mode["q_parts"].items() if n.startswith("rad"))
    formula = 2e4 * math.pi * 1.9 / (mode["gain_overlap"]["gain"] * mode["wavelength_um"])
    assert found["full_vector_pair_threshold_gain_per_cm"] == pytest.approx(
        formula / radiating, rel=0.02
    )


def test_pillars_need_the_oxide_and_no_coupled_wave_theory(pillars: RunResult) -> None:
    content = result(pillars)
    assert content["device_size"]["method"] == "envelope of the endless lattice"
    oxide = content["geometry"]["residual"]
    thin, thick = oxide["q"]["TE A2"]
    assert thick > 4 * thin
    unknown = content["assumptions"]["periods"][0]["unknowns"][0]
    assert unknown["key"] == "residual_thickness"
    assert unknown["q"][1] > 100 * unknown["q"][0]


@pytest.mark.parametrize("name", ["pcsel", "pillars"])
def test_the_pump_is_accounted_for(name: str, request: pytest.FixtureRequest) -> None:
    outcome: RunResult = request.getfixturevalue(name)
    content = result(outcome)
    pump = content["pump"]
    for key in ("fs", "quasi-CW"):
        assert pump[key]["balance_error"] < 1e-9
        assert 0 < pump[key]["absorbed_share"][0] < 1
    assert outcome.threshold is not None
    assert outcome.threshold.pump is not None
    assert outcome.threshold.pump.field_factor == pytest.approx(pump["fs"]["field_factor"])
    weights = sum(pump["mode_weight"])
    assert weights == pytest.approx(1)
    assert pump["threshold_depth_resolved_uj_per_cm2"] > pump["threshold_uniform_uj_per_cm2"]


@pytest.mark.parametrize("name", ["pcsel", "pillars"])
def test_thresholds_over_the_period(name: str, request: pytest.FixtureRequest) -> None:
    content = result(request.getfixturevalue(name))
    points = content["period_threshold"]["points"]
    assert {(p["temperature_k"], p["pump"]) for p in points} == {
        (t, pump) for t in (293.0, 77.0) for pump in ("fs", "quasi-CW")
    }
    for point in points:
        lases = point["transition"] is not None
        assert lases == (point["absorbed_photons"] is not None)
        if point["transition"] in ("X", "XX"):
            assert point["absorbed_photons"] < 20
    # the photons of a long pulse partly come after the first ones have decayed
    fast = {
        (p["period_um"], p["temperature_k"], p["mode"]): p["absorbed_photons"]
        for p in points
        if p["pump"] == "fs" and p["transition"] == "XX"
    }
    for p in points:
        same = fast.get((p["period_um"], p["temperature_k"], p["mode"]))
        if p["pump"] == "quasi-CW" and p["transition"] == "XX" and same is not None:
            assert p["absorbed_photons"] > 0.98 * same


def test_cold_lines_move_by_the_stated_law(pillars: RunResult) -> None:
    law = result(pillars)["period_threshold"]["temperature_law"]
    assert law["varshni_ev_per_k"] == 3.7e-4
    from studies.periodic_excitation import lasing_media

    cold = lasing_media(pillars.design, 77.0)["excitons"]
    assert 1e3 * cold.emission_wavelength == pytest.approx(640.0, abs=0.1)


def test_the_paper_is_judged(pcsel: RunResult, pillars: RunResult) -> None:
    rows = {v["quantity"]: v for v in result(pcsel)["paper"]["verdicts"]}
    index = rows["effective index, m λ = 2 n a with m = 2"]
    assert index["verdict"] == "agrees"
    long = rows["lowest resonance at a period of 460 nm (nm)"]
    assert long["verdict"] == "disagrees"
    assert long["value"] > 760
    rows = {v["quantity"]: v for v in result(pillars)["paper"]["verdicts"]}
    assert rows["lowest resonance at a period of 365 nm (nm)"]["verdict"] == "agrees"


def test_parameters_of_a_cavity_can_be_varied() -> None:
    from studies.periodic_variants import parameter, with_parameter, with_period

    for name in (PCSEL, PILLARS):
        cavity = load_design(DESIGNS / f"{name}.toml").cavity
        for key, value in (("pattern_ratio", 0.45), ("film_thickness", 0.06)):
            assert parameter(with_parameter(cavity, key, value), key) == pytest.approx(value)
        assert parameter(with_parameter(cavity, "film.material", 1.8), "film.material") == 1.8
        twice = with_period(with_period(cavity, 0.3), 0.37)
        assert parameter(twice, "pattern_ratio") == pytest.approx(
            float(parameter(cavity, "pattern_ratio") or 0)
        )


BAD = {
    "overlapping holes": ('radius = "129.5 nm"', 'radius = "190 nm"', "must not overlap"),
    "a hole elsewhere": (
        'radius = "129.5 nm"', 'radius = "50 nm", center = [0, 370]', "centres must be within",
    ),
    "no modes": ('["595 nm", "690 nm"]', '["820 nm", "830 nm"]', "at least one mode"),
    "no index for the pump": ('material = 1.9 ', 'material = "nanocrystal_film" #', "data of nano"),
    "truncation": ('largest_error = "0.1 nm"', 'largest_error = "1e-5 nm"', "use more orders"),
    "no thickness": ('thickness = "170 nm"', "thickness = 0", "must be > 0"),
    "collinear": (
        'lattice = { kind = "square", period = "370 nm" }',
        "lattice = { a1 = [0.37, 0], a2 = [0.74, 0] }", "must not lie on one line",
    ),
    "an unknown field": ('key = "film.material"', 'key = "film.mat"', "must be a field"),
    "a Bloch vector": ("orders = 121", 'bloch = "K"\norders = 121', "must be one of"),
    "azimuthal order": ("orders = 121", "azimuthal_order = 3\norders = 121", "must be left out"),
}  # fmt: skip


@pytest.mark.parametrize("case", sorted(BAD))
def test_bad_input_is_one_line(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new, says = BAD[case]
    text = (DESIGNS / f"{PCSEL}.toml").read_text("utf-8")
    assert old in text
    text = text.replace(old, new, 1)
    if case == "no index for the pump":
        text = text.replace('wavelength = "400 nm"', 'wavelength = "250 nm"', 1)
    path = tmp_path / "design.toml"
    path.write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    store = ["--store", str(tmp_path / "store"), "-j", "1"]
    assert main(["run", str(path), "-o", str(out), *store]) == 2
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error.startswith(f"lasewright: {path}: ")
    assert says in error
    assert not out.exists()


def test_the_commands_take_a_periodic_design(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (DESIGNS / f"{PCSEL}.toml").read_text("utf-8")
    text = text.replace("orders = 121", "orders = 25").replace('largest_error = "0.1 nm"', "")
    text = text.replace('sizes = ["50 um", "100 um", "200 um"]', 'sizes = ["10 um"]')
    path = tmp_path / "design.toml"
    path.write_text(text, encoding="utf-8")
    store = ["--store", str(tmp_path / "store"), "-j", "1"]
    assert main(["modes", str(path), *store]) == 0
    assert "TE Gamma A2" in capsys.readouterr().out
    assert main(["threshold", str(path), *store]) == 0
    assert "lases first" in capsys.readouterr().out
    assert main(["layout", str(path), "-o", str(tmp_path / "mask"), *store]) == 0
    assert "shapes" in capsys.readouterr().out
    assert (tmp_path / "mask" / "manifest.csv").exists()
