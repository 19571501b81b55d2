"""The two planar designs end to end: files, numbers, report, command line."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cavities import QuarterWaveMirror, TwoMirrorCavity
from cavities.constants import HC_EV_NM
from studies import Design, RunResult, Store, load_design, run
from studies.cli import main
from tests.studies.written_files import written_page, written_result

DESIGNS = Path(__file__).parents[2] / "designs"
POLARITON, TWO_MIRROR = "dbr_polariton_microcavity", "two_photon_two_mirror"


def small(name: str) -> Design:
    """A design of the repository with fewer angles, wavelengths and mirrors."""
    design = load_design(DESIGNS / f"{name}.toml")
    planar = design.planar.changed(
        angle_points=9, spectrum_points=150, mirror_pairs=(4.5, 5.5, 6.5)
    )
    output = design.output.changed(field_count=1, field_points=60)
    return design.changed(planar=planar, output=output)


@pytest.fixture(scope="module")
def polariton(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    folder = tmp_path_factory.mktemp("polariton")
    return run(small(POLARITON), folder / "out", store=Store(folder / "store"))


@pytest.fixture(scope="module")
def two_mirror(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    folder = tmp_path_factory.mktemp("two_mirror")
    return run(small(TWO_MIRROR), folder / "out", store=Store(folder / "store"))


def result(outcome: RunResult) -> dict[str, Any]:
    return written_result(outcome.folder)


def page(outcome: RunResult) -> str:
    return written_page(outcome.folder)


def test_the_report_has_the_sections_of_a_polariton_laser(polariton: RunResult) -> None:
    anchors = [section.anchor for section in polariton.sections]
    assert anchors == [
        "spectra", "mirror_pairs", "pump", "strong_coupling", "polariton_laser",
        "polariton_or_photon_laser", "deposition", "paper",
    ]  # fmt: skip
    text = page(polariton)
    for section in polariton.sections:
        assert f'<section id="{section.anchor}">' in text
        assert f'<a href="#{section.anchor}">' in text
    assert set(anchors) < set(result(polariton))
    assert polariton.provenance["warnings"] == []


@pytest.mark.parametrize("name", ["polariton", "two_mirror"])
def test_every_picture_is_drawn_and_nothing_is_fetched(
    name: str, request: pytest.FixtureRequest
) -> None:
    outcome: RunResult = request.getfixturevalue(name)
    assert outcome.folder is not None
    drawn = {path.stem for path in (outcome.folder / "pictures").iterdir()}
    wanted = {figure.name for section in outcome.sections for figure in section.figures}
    assert wanted | {"cavity", "field_1", "quality_factors"} <= drawn
    assert "spectrum" not in drawn  # by azimuthal order: not for planar cavities
    text = page(outcome)
    assert text.count("<img ") == len(drawn) + 1  # the mask's preview lies beside the masks
    assert not re.search(r"""(?:src|srcset|data|action)=["'](?!data:)""", text)
    assert not re.search(r"""<link[^>]+href=["'](?!data:)""", text)
    assert "@import" not in text
    assert not re.search(r"url\((?!['\"]?data:)", text)
    assert "(r, z)" not in text


def test_modes_of_a_planar_cavity(polariton: RunResult) -> None:
    modes = result(polariton)["modes"]
    assert all(mode["azimuthal_order"] is None for mode in modes)
    assert all(mode["method"] == "multilayer" for mode in modes)
    coupled = next(mode for mode in modes if mode["label"] == "TE q=16")
    assert coupled["mode_length_um"] > 0.4
    assert coupled["q_parts"]["radiation:substrate"] > coupled["q"]
    picture = polariton.fields[0]
    field = picture.mode.field(0.0, picture.z)
    height = picture.z[np.argmax(np.abs(field["E_phi"].values[0]))]
    stack = polariton.design.cavity.stack()  # type: ignore[attr-defined]
    assert 0.3 * stack.thickness < height < 0.7 * stack.thickness


def test_the_empty_cavity_has_the_printed_detuning_and_no_more(polariton: RunResult) -> None:
    """The film's index realises -27 meV; the lower polariton is then where it must be."""
    found = result(polariton)["strong_coupling"]
    assert found["detuning_mev"] == pytest.approx(-27, abs=0.2)
    assert found["lower_polariton_of_printed_fit_nm"] == pytest.approx(604.7, abs=0.05)
    assert found["lower_polariton_nm"] == pytest.approx(604.7, abs=0.1)
    assert abs(found["lower_polariton_nm"] - 601) > 3
    energy, width = 2.09, 45.0
    half = 5e-4 * (found["detuning_mev"] - math.hypot(width, found["detuning_mev"]))
    assert found["lower_polariton_ev"] == pytest.approx(energy + half, abs=1e-9)
    assert found["photon_weight"] + found["exciton_weight"] == pytest.approx(1, abs=1e-12)


def test_pole_of_the_layers_and_oscillators_agree(polariton: RunResult) -> None:
    """Within 1 meV and 5 %."""
    found = result(polariton)["strong_coupling"]
    assert found["lower_polariton_of_layers_ev"] == pytest.approx(
        found["lower_polariton_with_widths_ev"], abs=1e-3
    )
    assert found["lower_polariton_of_layers_fwhm_mev"] == pytest.approx(
        found["lower_polariton_fwhm_mev"], rel=0.05
    )


def test_pairs_of_mirrors(polariton: RunResult) -> None:
    rows = result(polariton)["mirror_pairs"]["rows"]
    assert [row["pairs"] for row in rows] == [[4.5, 4.5], [5.5, 5.5], [6.5, 6.5]]
    quality = [row["q"] for row in rows]
    assert quality == sorted(quality)
    # One pair: the field falls by the ratio of the indices, the loss by its square.
    ratio = (2.318 / 1.458) ** 2
    assert quality[2] / quality[1] == pytest.approx(ratio, rel=0.03)
    for row in rows:
        assert row["threshold_gain_overlap_per_cm"] == pytest.approx(
            row["threshold_gain_exact_per_cm"], rel=0.01
        )
    own = next(mode for mode in result(polariton)["modes"] if mode["label"] == "TE q=16")
    assert rows[1]["q"] == pytest.approx(own["q"], rel=1e-9)


def test_absorption_of_the_pump(polariton: RunResult) -> None:
    found = result(polariton)["pump"]
    shares = [found[k] for k in ("absorbed_share", "reflected_share", "absorbed_elsewhere")]
    assert 0.98 < sum(shares) < 1  # exp(-4) of what enters passes
    thickness_cm, alpha = 0.8e-4, found["film_absorption_per_cm"]
    assert found["field_factor"] == pytest.approx(
        found["absorbed_share"] / (alpha * thickness_cm), rel=1e-9
    )
    photons_per_cm2 = 49e-6 / (HC_EV_NM / 400 * 1.602176634e-19)
    density = 5.867e17 * thickness_cm
    assert found["photons_per_dot_at_measured_threshold"] == pytest.approx(
        photons_per_cm2 * found["absorbed_share"] / density, rel=1e-6
    )
    assert found["threshold_depth_resolved_uj_per_cm2"] > found["threshold_uniform_uj_per_cm2"]
    threshold = result(polariton)["threshold"]
    assert threshold["fluence_uj_per_cm2"] == pytest.approx(
        found["threshold_uniform_uj_per_cm2"], rel=1e-9
    )


def test_a_given_field_factor_is_kept(tmp_path: Path) -> None:
    design = small(POLARITON)
    pump = type(design.pump)(**{**design.pump.model_dump(), "field_factor": 1.0})  # type: ignore[union-attr,misc]
    design = design.changed(pump=pump, output=design.output.changed(pictures=False))
    outcome = run(design, None, store=Store(tmp_path))
    assert outcome.threshold is not None
    assert outcome.threshold.pump is not None
    assert outcome.threshold.pump.field_factor == 1.0


def test_polariton_laser_beside_the_photon_laser(polariton: RunResult) -> None:
    content = result(polariton)
    laser = content["polariton_laser"]
    assert laser["slope_ratio"] == pytest.approx(18_001, rel=1e-4)
    assert laser["occupation_at_threshold"] == pytest.approx(18_000**0.5, rel=0.01)
    assert 1 / laser["beta_fitted_to_pulses"] > 18_000  # pulses exaggerate the jump
    thermal = laser["occupations"][0]
    assert thermal["maxwell_boltzmann_temperature_k"] == pytest.approx(295, rel=0.02)
    both = content["polariton_or_photon_laser"]
    assert both["photon_laser_absorbed_photons"] < both["absorbed_photons_at_measured_threshold"]
    assert both["distance_mev"] == pytest.approx(12.7, abs=0.2)
    text = page(polariton)
    assert "does not tell them apart" in text
    assert "What decides is the dispersion above threshold" in text


def test_the_paper_is_judged_line_by_line(polariton: RunResult) -> None:
    verdicts = {v["quantity"]: v for v in result(polariton)["paper"]["verdicts"]}
    lower = verdicts["lower polariton at k = 0 (nm)"]
    assert lower["verdict"] == "disagrees"
    assert lower["value"] == pytest.approx(604.7, abs=0.05)
    assert verdicts["distance of the X and XX lines (meV)"]["verdict"] == "agrees"
    assert verdicts["quality factor from the linewidth"]["value"] == pytest.approx(924.6, abs=0.1)
    text = page(polariton)
    assert "113.0 meV" in text
    assert "604.7 nm (2.0503 eV)" in text


def test_the_two_mirror_laser(two_mirror: RunResult) -> None:
    content = result(two_mirror)
    resonator = content["resonator"]
    assert resonator["energy_ev"] == pytest.approx(1.80, abs=2e-3)
    assert resonator["measured_linewidth_nm"] == pytest.approx(0.295, abs=1e-3)
    assert resonator["measured_q"] == pytest.approx(2338, abs=1)
    assert resonator["free_spectral_range_nm"] == pytest.approx(
        resonator["formula_free_spectral_range_nm"], rel=0.05
    )
    spacers = resonator["spacers"]
    nearest = min(spacers, key=lambda row: abs(row["spacer_nm"] - 10_097))
    assert nearest["spacer_nm"] == pytest.approx(10_097, abs=1)
    steps = np.diff([row["spacer_nm"] for row in spacers])
    np.testing.assert_allclose(steps, 1e3 * HC_EV_NM * 1e-3 / 1.80 / 2 / 1.4891, rtol=1e-3)
    pump = content["two_photon"]
    # (1/2) 1e7 GM (F/h nu)^2 sqrt(2 ln 2/pi)/t
    flux = 1.1e-3 / (HC_EV_NM / 800 * 1.602176634e-19)
    pulse = math.sqrt(2 * math.log(2) / math.pi) / 100e-15
    assert pump["pulses"][0]["excitons_incident_flux"] == pytest.approx(
        0.5 * 1e7 * 1e-50 * flux**2 * pulse, rel=1e-6
    )
    for row in pump["pulses"]:
        assert row["excitons_in_the_film"] == pytest.approx(
            row["excitons_incident_flux"] * pump["field_factor"] ** 2, rel=1e-9
        )
    assert content["spectra"]["energy_balance_error"] < 1e-7
    assert "Q = 2338" in page(two_mirror)


def test_layers_between_equal_media_leave_the_flux_alone() -> None:
    """Without contrast the flux in the film is the incident one over its obliquity."""
    from studies.two_photon_section import two_photon_field_factor

    design = small(TWO_MIRROR)
    plain = QuarterWaveMirror(
        design_wavelength=0.689, pairs=2.0, high_material=1.5, low_material=1.5
    )
    cavity = TwoMirrorCavity(
        back_mirror=plain,
        front_mirror=plain,
        film_material=1.5,
        spacer_material=1.5,
        spacer_thickness=2.0,
        substrate=1.5,
        superstrate=1.5,
    )
    assert two_photon_field_factor(design.changed(cavity=cavity)) == pytest.approx(1, rel=1e-9)


def test_the_command_runs_a_planar_design(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (DESIGNS / f"{TWO_MIRROR}.toml").read_text("utf-8")
    text = text.replace("angle_points = 51", "angle_points = 3\nspectrum_points = 50")
    text = text.replace("[2.5, 3.5, 4.5, 5.5, 6.5, 7.5]", "[4.5, 5.5]")
    text = text.replace("field_count = 3", "pictures = false")
    path = tmp_path / "design.toml"
    path.write_text(text, encoding="utf-8")
    store = ["--store", str(tmp_path / "store"), "-j", "1"]
    assert main(["run", str(path), "-o", str(tmp_path / "out"), *store]) == 0
    assert "lases first" in capsys.readouterr().out
    assert main(["modes", str(path), *store]) == 0
    assert "TE q=" in capsys.readouterr().out
    assert main(["threshold", str(path), *store]) == 0
    assert "lases first" in capsys.readouterr().out
    table = (tmp_path / "out" / "spacer_table.csv").read_text("utf-8")
    assert table.startswith("spacer_nm,order,")


def test_numbers_do_not_depend_on_pictures(polariton: RunResult, tmp_path: Path) -> None:
    design = small(POLARITON)
    design = design.changed(output=design.output.changed(pictures=False))
    outcome = run(design, tmp_path / "out", store=Store(tmp_path / "store"))
    first, second = result(polariton), result(outcome)
    for section in polariton.sections:
        assert first[section.anchor] == second[section.anchor]
