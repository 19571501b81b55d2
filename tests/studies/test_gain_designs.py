"""Designs without a cavity end to end: files, numbers, report, command line."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cavities.constants import HC_J_UM
from gain.dynamic_threshold import net_gain_threshold
from gain.two_photon import TwoPhotonPump
from studies import DesignError, GainDesign, GainRunResult, load_design, load_gain_design, run_gain
from studies.cli import main
from studies.device_section import device_model
from tests.studies.written_files import written_result

DESIGNS = Path(__file__).parents[2] / "designs"
CUVETTE, DEVICES = "cw_ase_cuvette.toml", "quantum_shell_devices.toml"


def small_devices() -> GainDesign:
    """The three devices with fewer pump levels."""
    design = load_gain_design(DESIGNS / DEVICES)
    devices = tuple(device.changed(pump_points=10) for device in design.device)
    changed: GainDesign = design.changed(device=devices)
    return changed


@pytest.fixture(scope="module")
def cuvette(tmp_path_factory: pytest.TempPathFactory) -> GainRunResult:
    out = tmp_path_factory.mktemp("cuvette") / "out"
    return run_gain(load_gain_design(DESIGNS / CUVETTE), out)


@pytest.fixture(scope="module")
def devices(tmp_path_factory: pytest.TempPathFactory) -> GainRunResult:
    return run_gain(small_devices(), tmp_path_factory.mktemp("devices") / "out")


def result(outcome: GainRunResult) -> dict[str, Any]:
    return written_result(outcome.folder)


@pytest.mark.parametrize(
    ("name", "anchors"),
    [
        ("cuvette", ["cuvette", "cuvette_spectra", "input_range", "ase", "transient_absorption",
                     "paper"]),
        ("devices", ["devices", "device_nanopillars_femtosecond",
                     "device_photonic_crystal_quasi_cw", "device_two_mirrors_two_photon", "paper"]),
    ],
)  # fmt: skip
def test_report_and_pictures(name: str, anchors: list[str], request: pytest.FixtureRequest) -> None:
    outcome: GainRunResult = request.getfixturevalue(name)
    assert outcome.folder is not None
    assert [section.anchor for section in outcome.sections] == anchors
    page = (outcome.folder / "report.html").read_text("utf-8")
    for anchor in (*anchors, "medium", "provenance"):
        assert f'<section id="{anchor}">' in page
        assert f'<a href="#{anchor}">' in page
    drawn = {path.stem for path in (outcome.folder / "pictures").iterdir()}
    wanted = {figure.name for section in outcome.sections for figure in section.figures}
    assert drawn == wanted
    assert page.count("<img ") == len(drawn)
    assert not re.search(r"""(?:src|srcset|data|action)=["'](?!data:)""", page)
    assert outcome.provenance["warnings"] == []
    content = result(outcome)
    assert set(anchors) < set(content)
    assert (content["modes"], content["threshold"], content["layout"]) == ([], None, None)
    reasons = [verdict["reason"] for verdict in content["paper"]["verdicts"]]
    assert all(reasons)


def test_the_pump_of_the_cuvette(cuvette: GainRunResult) -> None:
    """Spot conversion and populations against closed forms."""
    found = result(cuvette)["cuvette"]
    lamp, mirror = (item["intensity_w_per_cm2"] for item in found["reported"])
    assert lamp == pytest.approx(0.150 / (math.pi * 0.05**2), rel=1e-12)
    assert mirror == pytest.approx(31.831, abs=1e-3)
    # <N> << 1: sigma I tau/(h nu), with the total lifetime of 3.5 ns
    expected = 9.6e-15 * mirror * 3.5e-9 * 0.532 / HC_J_UM
    assert found["mean_excitons"] == pytest.approx(expected, rel=5e-3)
    assert found["net_absorption"]
    assert found["gain_per_cm"] == pytest.approx(-6.57, abs=0.01)
    assert 300 < found["transparency_over_judged"] < 1000
    assert max(found["departure_from_a_line"].values()) < 1e-3


def test_no_input_reaches_transparency_at_the_reported_intensity(cuvette: GainRunResult) -> None:
    found = result(cuvette)["input_range"]
    assert not found["amplifies_for_any"]
    assert found["shortfall"][0] > 40
    assert found["unshifted_shortfall"][1] > found["shortfall"][1]
    assert found["lowest_ase_w_per_cm2"] > 100 * 31.83
    assert len(found["combinations"]) == 12


def test_spectra_of_the_cuvette(cuvette: GainRunResult) -> None:
    """No gain anywhere in the window; the solution reddens what the mirror returns."""
    for row in result(cuvette)["cuvette_spectra"]["spectra"]:
        assert row["largest_gain_per_cm"] <= 0
        assert row["peak_with_mirror_nm"] > row["peak_alone_nm"]
        assert row["peak_alone_nm"] == pytest.approx(654, abs=0.5)


def test_ase_against_concentration_and_length(cuvette: GainRunResult) -> None:
    found = result(cuvette)["ase"]
    sigma = result(cuvette)["design"]["gain"]["cross_section_cm2"]
    assert found["minimum_concentration_per_cm3"] * sigma * 0.3 == pytest.approx(1, rel=1e-3)
    by_density = found["by_concentration"]
    assert by_density[0]["absorbed_photons"] is None  # below C_min
    photons = [row["absorbed_photons"] for row in by_density[1:]]
    assert photons == sorted(photons, reverse=True)
    # Only C L counts: 3.34 C_min over 3 mm is as 10 mm at the same C is to 3 mm at 10/3 C.
    ten = next(row for row in found["by_length"] if row["length_um"] == pytest.approx(1e4))
    assert ten["concentration_ratio"] == pytest.approx(10 / 3 * found["concentration_ratio"])
    assert min(row["intensity_w_per_cm2"] for row in found["continuous"]) > 1000


def test_the_published_table_is_flagged(cuvette: GainRunResult) -> None:
    found = result(cuvette)["transient_absorption"]
    one, three = found["published"]
    assert 100 * one["fractions"][0] == pytest.approx(33.9, abs=0.05)
    assert one["printed_fractions"][0] == 0.376
    assert one["amplitude_lifetime_ps"] == pytest.approx(1309, abs=1)
    assert three["absorbance_at_0.8_ps"] == pytest.approx(0.0018, abs=1e-4)
    section = cuvette.section("transient_absorption")
    assert any("33.9 %" in text for text in section.sentences)
    last = found["pumps"][0]["lifetimes_ps"][-1]
    assert last == pytest.approx(3500, rel=0.01)  # the kinetics' own exciton lifetime


def test_excitations_of_the_devices(devices: GainRunResult) -> None:
    content = result(devices)
    pillars = content["device_nanopillars_femtosecond"]
    assert pillars["excitations_at_reported"] == pytest.approx(
        2.12e-13 * 4e-6 * 0.4 / HC_J_UM, rel=1e-12
    )
    quasi = content["device_photonic_crystal_quasi_cw"]
    assert quasi["reported_fluence_uj_per_cm2"] == pytest.approx(66.9e3 * 7e-9 * 1e6)
    assert 38 < quasi["excitations_at_reported"] < 51
    assert 7.3 < quasi["largest_mean_excitons_at_reported"] < 12.6
    two = content["device_two_mirrors_two_photon"]
    pump = TwoPhotonPump(wavelength=0.8, pulse_fwhm_fs=200, cross_section_gm=1e7)
    assert two["excitations_at_reported"] == pytest.approx(float(pump.excitons(1.1)), rel=1e-9)
    for name in ("nanopillars_femtosecond", "photonic_crystal_quasi_cw", "two_mirrors_two_photon"):
        assert content[f"device_{name}"]["balance_error"] < 1e-9


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_product_of_q_and_confinement_gives_the_reported_threshold(
    devices: GainRunResult, number: int
) -> None:
    """A cavity with the Gamma Q that a threshold means has that threshold."""
    design = small_devices()
    device = design.device[number]
    anchor = devices.sections[number + 1]
    needed = anchor.numbers["confinement_times_q_for_reported"]
    model = device_model(design, device.changed(quality_factor=needed / device.confinement))
    expected = device.excitations(device.reported_fluence or 0.0)
    found = net_gain_threshold(
        model, device.pulse, photons=device.photons, search=(0.5 * expected, 2 * expected)
    )
    assert found.absorbed_photons == pytest.approx(expected, rel=2e-3)
    fluence = np.array(anchor.numbers["fluence_uj_per_cm2"])
    assert device.fluence(device.excitations(3.0)) == pytest.approx(3.0)
    assert fluence[0] < (device.reported_fluence or 0.0) < fluence[-1]


def test_commands_that_need_a_cavity_say_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(DESIGNS / CUVETTE)
    for words in (
        ["modes", path],
        ["threshold", path],
        ["layout", path, "-o", str(tmp_path / "x")],
    ):
        assert main(words) == 2
        errors = capsys.readouterr().err.splitlines()
        assert len(errors) == 1
        assert "cavity: is required for modes" in errors[0]
        assert "`lasewright run` computes it" in errors[0]
    study = tmp_path / "study.toml"
    parameter = '[[parameter]]\nkey = "cuvette.spot_diameter"\nvalues = [1]\n'
    study.write_text(f'design = "{path}"\n{parameter}')
    assert main(["sweep", str(study), "-o", str(tmp_path / "y")]) == 2
    with pytest.raises(DesignError, match="load_gain_design"):
        load_design(path)
    with pytest.raises(DesignError, match="use load_design"):
        load_gain_design(DESIGNS / "parabolic_su8_microdisk.toml")


def test_the_command_runs_a_design_without_a_cavity(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (DESIGNS / CUVETTE).read_text("utf-8")
    text = text.replace("[output]", "[output]\npictures = false")
    path = tmp_path / "design.toml"
    path.write_text(text, encoding="utf-8")
    assert main(["run", str(path), "-o", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert "Excitons per dot: 0.0029" in said
    assert "Net absorption: 6.57 /cm" in said
    assert not (tmp_path / "out" / "pictures").exists()


BAD = {
    "negative powers": (
        CUVETTE, 'judged_power = "250 mW"', 'judged_power = "-250 mW"',
        "cuvette.judged_power_mw: must be > 0",
    ),
    "a mirror above one": (
        CUVETTE, "mirror_reflectance = 0.95", "mirror_reflectance = 1.2",
        "cuvette.mirror_reflectance: must be <= 1, got 1.2",
    ),
    "a yield above one": (
        CUVETTE, 'preset = "cdznse_dots"', 'preset = "cdznse_dots"\nquantum_yield = 1.5',
        "kinetics.quantum_yield: must be <= 1, got 1.5",
    ),
    "no lifetimes": (
        CUVETTE, 'preset = "cdznse_dots"', "quantum_yield = 0.5",
        "kinetics.radiative_lifetime_ns: must be given",
    ),
    "unknown decay rates": (
        CUVETTE, 'preset = "cdznse_dots"', 'preset = "cdznse"',
        "kinetics.preset: must be the name of a preset",
    ),
    "a wrong unit": (
        CUVETTE, 'spot_diameter = "1 mm"', 'spot_diameter = "1 mW"',
        "cuvette.spot_diameter: must be a quantity in um",
    ),
    "an amount without a volume": (
        CUVETTE, 'volume = "3 mL"', "",
        "cuvette.amount_mmol: must be given together with volume_ml",
    ),
    "two concentrations": (
        CUVETTE, 'preset = "quantum_dots"', 'preset = "quantum_dots"\nconcentration_per_cm3 = 1e15',
        "gain.concentration_per_cm3: must be left out with cuvette.amount_mmol",
    ),
    "a probe outside its window": (
        CUVETTE, 'probe_wavelength = "639 nm"', 'probe_wavelength = "800 nm"',
        "transient_absorption.wavelength: must be (low, high) around probe_wavelength",
    ),
    "half of a pump": (
        CUVETTE, 'pump_cross_section = "9.6e-15 cm^2"  # as above', "",
        "ase.pump_cross_section_cm2: must be given with the other one",
    ),
    "an unknown table": (CUVETTE, "[ase]", "[asse]", "asse: unknown key; "),
    "a cavity beside the cuvette": (
        CUVETTE, "[output]", '[cavity]\ntype = "sphere"\n[output]',
        "cuvette: must be left out of a design with a cavity",
    ),
    "no medium": (CUVETTE, "[gain]", "[kinetic]", "kinetic: unknown key; "),
    "no cross-section at the pump": (
        DEVICES, 'pump_cross_section = "2.12e-13 cm^2"', "",
        "device[0].pump_cross_section_cm2: must be given, or two_photon_cross_section_gm, got none",
    ),
    "two photons at once": (
        DEVICES, 'pulse = { kind = "gaussian", fwhm = "200 fs" }', 'pulse = { kind = "instant" }',
        "device[2].pulse: must have a duration for two-photon absorption",
    ),
    "confinement above one": (
        DEVICES, "confinement = 0.1 ", "confinement = 1.1 ",
        "device[2].confinement: must be <= 1, got 1.1",
    ),
    "no plasma": (DEVICES, "[plasma]", "[plasmaa]", "plasmaa: unknown key; "),
    "a continuous device": (
        DEVICES, '{ kind = "rectangular", fwhm = "7 ns" }', '{ kind = "continuous", period = 1 }',
        "device[1].pulse.kind: must be one of",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_one_line_and_status_2(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, old, new, message = BAD[kind]
    text = (DESIGNS / source).read_text("utf-8")
    assert old in text
    path = tmp_path / "design.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert main(["run", str(path), "-o", str(tmp_path / "out")]) == 2
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 1, errors
    assert errors[0].startswith(f"lasewright: {path}: {message}"), errors[0]
    assert not (tmp_path / "out").exists()
