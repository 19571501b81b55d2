"""The laser in time in designs with a cavity: sections, numbers, limits, bad input."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gain import threshold
from gain.dynamic_threshold import net_gain_threshold
from gain.exciton_kinetics import ExcitonKinetics
from gain.presets import quantum_shells
from gain.pulse_shape import GaussianPulse, InstantPulse
from solvers.modes import ModeSet
from studies import DesignError, RunResult, Store, load_design, run
from studies.cli import main
from studies.dynamics_section import dynamics_sections
from studies.dynamics_settings import pulse_name
from studies.laser_model_stage import competing_modes, laser_model
from studies.pictures import write_sections
from tests.studies.conftest import DESIGN, FakeSolver

DESIGNS = Path(__file__).parents[2] / "designs"
Write = Callable[..., Path]

DYNAMICS = """
[kinetics]
preset = "microdisk_shells"

[dynamics]
pulses = [
    { kind = "instant" },
    { kind = "gaussian", fwhm = "1 ns" },
    { kind = "continuous", period = "20 ns" },
]
pump_points = 12
mode_count = 12

[[compare]]
name = "platelets"
gain = { preset = "nanoplatelets" }
kinetics = { preset = "nanoplatelets", max_excitons = 33 }
pump_cross_section = "2e-14 cm^2"

[[compare]]
name = "hopeless dots"
gain = { preset = "quantum_dots", cross_section = "1e-17 cm^2" }
kinetics = { preset = "quantum_dots" }

[output]
pictures = false
"""
WIDE = DESIGN.replace('["640 nm", "670 nm"]', '["615 nm", "680 nm"]').replace(
    "[output]", DYNAMICS.strip()
)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    folder = tmp_path_factory.mktemp("dynamics")
    (folder / "design.toml").write_text(WIDE, encoding="utf-8")
    design = load_design(folder / "design.toml")
    return run(design, folder / "out", store=Store(folder / "store"), solve=FakeSolver())


@pytest.fixture(scope="module")
def content(outcome: RunResult) -> dict[str, Any]:
    assert outcome.folder is not None
    found: dict[str, Any] = json.loads((outcome.folder / "result.json").read_text("utf-8"))
    return found


def test_sections_and_pictures(outcome: RunResult, tmp_path: Path) -> None:
    assert outcome.folder is not None
    assert [section.anchor for section in outcome.sections] == [
        "dynamics", "mode_competition", "media",
    ]  # fmt: skip
    drawn = set(write_sections(outcome.sections, tmp_path))
    wanted = {figure.name for section in outcome.sections for figure in section.figures}
    assert wanted == drawn
    assert {"light_light_1", "steady_1", "trace_2", "competition_1", "emission_2"} <= wanted
    assert outcome.provenance["warnings"] == []
    page = (outcome.folder / "report.html").read_text("utf-8")
    assert "1 ns pulse" in page
    assert "Füchtbauer" in page


def test_thresholds_of_the_pulses(content: dict[str, Any]) -> None:
    """A short pulse meets the static threshold; a longer one needs more."""
    dynamics = content["dynamics"]
    static = content["threshold"]["absorbed_photons"]
    fs, ns = dynamics["pulses"]
    assert dynamics["static_absorbed_photons"] == static
    # Gain in the red may still rise after the pulse: a little below the static one.
    assert 0.95 * static < fs["threshold_absorbed_photons"] <= static * (1 + 1e-6)
    assert ns["threshold_absorbed_photons"] > fs["threshold_absorbed_photons"]
    for run_ in (fs, ns):
        assert run_["balance_error"] < 1e-9
        assert run_["steepest_rise_absorbed_photons"] == pytest.approx(
            run_["threshold_absorbed_photons"], rel=0.15
        )
    fluence = 0.532 * 3.6e-14
    assert fs["threshold_fluence_uj_per_cm2"] * fluence == pytest.approx(
        fs["threshold_absorbed_photons"] * 1.98644586e-19 * 1e6, rel=1e-6
    )
    (steady,) = dynamics["continuous"]
    excitons = steady["mean_excitons"]
    assert excitons == sorted(excitons)
    assert steady["threshold_intensity_w_per_cm2"] == pytest.approx(
        steady["threshold_absorbed_photons"] * 1.98644586e-19 / fluence / 20e-9, rel=1e-6
    )


def test_competition_walks_blue_after_femtoseconds_only(content: dict[str, Any]) -> None:
    fs, ns = content["mode_competition"]["pulses"]
    assert fs["turns_blue_at"] is not None
    assert ns["turns_blue_at"] is None
    assert fs["first_mode_leads_to"] < ns["first_mode_leads_to"]
    share = np.array(fs["share"])
    np.testing.assert_allclose(share.sum(axis=1), 1, atol=1e-4)
    leaders = [step["redshift_nm"] for step in content["dynamics"]["pulses"][0]["leaders"]]
    assert leaders[0] > 10
    assert leaders[-1] < 0


def test_other_media_in_the_cavity(content: dict[str, Any]) -> None:
    own, platelets, dots = content["media"]["media"]
    assert own["static_absorbed_photons"] == content["threshold"]["absorbed_photons"]
    assert platelets["static_absorbed_photons"] > 2
    assert platelets["static_fluence_uj_per_cm2"] > 0
    assert dots["best_figure_of_merit"] < 1
    assert not dots["lases"]  # K < 1: a result, not an exception
    assert [pulse["absorbed_photons"] for pulse in dots["pulses"]] == [None] * 3
    assert dots["static_fluence_uj_per_cm2"] is None


def test_a_laser_that_never_lases_is_a_result(tmp_path: Path) -> None:
    text = WIDE[: WIDE.index("[[compare]]")].replace("pump_points = 12", "pump_points = 8")
    (tmp_path / "design.toml").write_text(text, encoding="utf-8")
    design = load_design(tmp_path / "design.toml")
    hopeless = quantum_shells(cross_section_cm2=1e-18)
    result = threshold(solved(), hopeless, design.pump)  # type: ignore[arg-type]
    sections = {x.anchor: x for x in dynamics_sections(design, solved(), result)}
    assert "No mode lases at any pump." in sections["dynamics"].sentences
    assert "Femtosecond pulse: no mode lases." in sections["mode_competition"].sentences
    numbers = sections["dynamics"].numbers
    assert [pulse["lases"] for pulse in numbers["pulses"]] == [False, False]


def solved() -> ModeSet:
    from cavities import ParabolicMicrodisk

    disk = ParabolicMicrodisk(top_radius=7.5, base_radius=6.3, height=5.0)
    return FakeSolver()(disk, wavelength=(0.610, 0.690))


def test_competing_modes_hold_the_first_and_the_bluest_leaders() -> None:
    """The few modes that are kept decide who leads at every excitation."""
    medium = quantum_shells()
    result = threshold(solved(), medium)
    kept = competing_modes(result, 10)
    assert len(kept) == 10
    assert result.lasing_index in kept
    assert np.all(np.diff(result.wavelength[kept]) > 0)
    for photons in (0.3, 1.0, 3.0, 10.0):
        gain = medium.gain(result.wavelength, absorbed_photons=photons) * result.figure_of_merit
        assert int(np.argmax(gain)) in kept
    assert len(competing_modes(result, 10_000)) == len(result.labels)


def test_slow_decay_gives_the_static_threshold() -> None:
    result = threshold(solved(), quantum_shells())
    slow = ExcitonKinetics(radiative_lifetime_ns=1e6, auger_lifetime_ns=None, max_excitons=2)
    model = laser_model(result, slow, count=12, spontaneous=1e-3)
    found = net_gain_threshold(model, GaussianPulse(fwhm_ns=1.0))
    assert found.absorbed_photons == pytest.approx(result.lasing_absorbed_photons, rel=2e-3)
    assert found.label == result.lasing_label


def test_names_of_pulses() -> None:
    assert pulse_name(InstantPulse()) == "femtosecond pulse"
    assert pulse_name(GaussianPulse(fwhm_ns=2e-4)) == "200 fs pulse"
    assert pulse_name(GaussianPulse(fwhm_ns=0.05)) == "50 ps pulse"


@pytest.mark.parametrize("name", ["monoexciton_microdisk", "parabolic_su8_microdisk"])
def test_the_designs_of_the_repository_load(name: str) -> None:
    design = load_design(DESIGNS / f"{name}.toml")
    assert (design.kinetics is None) == (name == "parabolic_su8_microdisk")
    if design.kinetics is not None:
        assert [one.name for one in design.compare] == ["nanoplatelets", "quantum dots"]
        assert design.solver.wavelength[0] < 0.63  # the blue side, too


BAD = {
    "dynamics without decay rates": (
        '[kinetics]\npreset = "microdisk_shells"\n', "", "dynamics: needs decay rates, got none",
    ),
    "decay rates without a medium": (
        '[gain]\npreset = "quantum_shells"\n', "", "kinetics: needs a gain medium, got none",
    ),
    "a pulse without a width": (
        ', fwhm = "1 ns"', "", "dynamics.pulses[1].gaussian.fwhm_ns: is required; add it",
    ),
    "a pulse of another kind": (
        'kind = "gaussian"', 'kind = "gauss"', "dynamics.pulses[1].kind: must be one of instant, ",
    ),
    "a negative pulse": (
        'fwhm = "1 ns"', 'fwhm = "-1 ns"',
        "dynamics.pulses[1].gaussian.fwhm_ns: must be > 0, got -1 ns",
    ),
    "the same pulse twice": (
        'kind = "gaussian", fwhm = "1 ns"', 'kind = "instant"',
        "dynamics.pulses: must differ, got femtosecond pulse, femtosecond pulse, continuous",
    ),
    "a spontaneous factor above one": (
        "mode_count = 12", "spontaneous = 1.5", "dynamics.spontaneous: must be <= 1, got 1.5",
    ),
    "pumps above threshold only": (
        "mode_count = 12", "pump_ratios = [2, 10]",
        "dynamics.pump_ratios: must be (low, high) around 1, got (2, 10)",
    ),
    "a biexciton without lifetime": (
        'preset = "microdisk_shells"', 'radiative_lifetime = "20 ns"',
        "kinetics.auger_lifetime_ns: must be given, got nothing",
    ),
    "a medium without decay rates": (
        'kinetics = { preset = "nanoplatelets", max_excitons = 33 }\n', "",
        "compare[0].kinetics: is required",
    ),
    "an unknown medium": (
        '{ preset = "nanoplatelets" }\nkin', '{ preset = "platelets" }\nkin',
        "compare[0].gain.preset: must be the name of a preset, got 'platelets'",
    ),
    "one table instead of a list": (
        "[[compare]]\nname = \"platelets\"", "[compare]\nname = \"platelets\"", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_is_one_line_and_status_2(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new, message = BAD[kind]
    assert WIDE.count(old) == 1, old
    path = tmp_path / "design.toml"
    path.write_text(WIDE.replace(old, new), encoding="utf-8")
    assert main(["run", str(path), "-o", str(tmp_path / "out"), "-j", "1"]) == 2
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 1, errors
    assert errors[0].startswith(f"lasewright: {path}: {message}"), errors[0]
    assert not (tmp_path / "out").exists()


def test_a_biexciton_may_be_without_auger_recombination(tmp_path: Path) -> None:
    path = tmp_path / "design.toml"
    old = 'preset = "microdisk_shells"'
    path.write_text(WIDE.replace(old, f'{old}\nauger_lifetime = "none"'), encoding="utf-8")
    kinetics = load_design(path).kinetics
    assert isinstance(kinetics, ExcitonKinetics)
    assert kinetics.auger_lifetime_ns is None


def test_a_sweep_does_not_vary_what_static_thresholds_do_not_see(tmp_path: Path) -> None:
    from studies import load_study

    (tmp_path / "design.toml").write_text(WIDE, encoding="utf-8")
    study = tmp_path / "study.toml"
    parameter = '[[parameter]]\nkey = "kinetics.quantum_yield"\nvalues = [0.5, 1]\n'
    study.write_text(f'design = "design.toml"\n{parameter}')
    with pytest.raises(DesignError, match="static thresholds depend on"):
        load_study(study)
