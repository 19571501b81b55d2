"""Bad input of planar designs: exit status 2, one line that names key, rule and value."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from studies import Store, load_design, run
from studies.cli import main

DESIGN = """\
name = "Test cavity"

[cavity]
type = "planar_microcavity"
substrate = 1.5
superstrate = 1.0
bottom_mirror = { kind = "quarter_wave", design_wavelength = "601 nm", pairs = 4.5 }
top_mirror = { kind = "quarter_wave", design_wavelength = "601 nm", pairs = 4.5 }
cavity = [{ name = "gain", material = 1.878, thickness = "0.8 um" }]

[solver]
wavelength = ["580 nm", "620 nm"]

[planar]
largest_angle = "30 deg"
angle_points = 4
spectrum_points = 40
mirror_pairs = [3.5, 4.5]

[strong_coupling]
exciton_energy = "2.09 eV"
rabi_splitting = "45 meV"
exciton_fwhm = "90 meV"
energy = ["1.95 eV", "2.25 eV"]

[output]
pictures = false
"""

Write = Callable[..., Path]


@pytest.fixture
def planar_file(tmp_path: Path) -> Write:
    """Write the design with replacements; each must fit once."""

    def write(*changes: tuple[str, str]) -> Path:
        text = DESIGN
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path = tmp_path / "design.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


CASES = {
    "negative thickness": (
        [('thickness = "0.8 um"', 'thickness = "-0.8 um"')],
        "cavity.cavity[0].thickness: must be > 0, got -0.8 um",
    ),
    "no modes in the window": (
        [('["580 nm", "620 nm"]', '["610 nm", "612 nm"]')],
        "solver.wavelength: must hold at least one mode with Q > 100, got none in 0.61-0.612 um; "
        "widen the window, lower quality_factor_floor or check angle_deg",
    ),
    "exciton outside the map": (
        [('energy = ["1.95 eV", "2.25 eV"]', 'energy = ["2.1 eV", "2.25 eV"]')],
        "strong_coupling.energy_ev: must hold the exciton at 2.09 eV, got 2.1 to 2.25 eV; "
        "widen the map",
    ),
    "gain above threshold in the window": (
        [("material = 1.878", "material = [1.878, -0.01]")],
        "cavity: must be below its threshold for spectra and modes, got a layer whose gain makes "
        "TE q=14 at 600.",
    ),
    "gain above threshold beside the window": (
        [("material = 1.878", "material = [1.878, -0.002]"),
         ('"580 nm", "620 nm"', '"610 nm", "720 nm"')],
        "cavity: must be below its threshold for a spectrum, got a growing TE mode near ",
    ),
    "angle of the maps": (
        [('largest_angle = "30 deg"', 'largest_angle = "90 deg"')],
        "planar.largest_angle_deg: must be < 90, got 90 deg",
    ),
    "angle of the modes": (
        [("[planar]", 'angle = "95 deg"\n[planar]')],
        "solver.angle_deg: must be < 90, got 95 deg",
    ),
    "azimuthal order": (
        [("[planar]", "azimuthal_order = 3\n[planar]")],
        "solver.azimuthal_order: must be left out for a planar_microcavity, got 3; "
        "give angle_deg or in_plane_wavenumber",
    ),
    "angle and wavenumber": (
        [("[planar]", "angle_deg = 10\nin_plane_wavenumber = 2\n[planar]")],
        "solver.in_plane_wavenumber: must be left out with angle_deg, got both",
    ),
    "coupling away from normal incidence": (
        [("[planar]", "angle_deg = 10\n[planar]")],
        "solver.angle_deg: must be left out with [strong_coupling]",
    ),
    "region": (
        [("[output]", 'region = "film"\n[output]')],
        "strong_coupling.region: must be one of bottom_mirror, gain, top_mirror, got 'film'",
    ),
    "polariton laser without an exciton": (
        [('[strong_coupling]\nexciton_energy = "2.09 eV"\nrabi_splitting = "45 meV"\n'
          'exciton_fwhm = "90 meV"\nenergy = ["1.95 eV", "2.25 eV"]\n',
          "[polariton_laser]\nbeta = 1e-4\nreservoir_lifetime_ns = 1.3\n")],
        "polariton_laser: needs an exciton in the cavity, got none; add the table "
        "[strong_coupling]",
    ),
    "pump outside the data": (
        [("[strong_coupling]", '[two_photon]\nwavelength = "100 nm"\npulse_fwhm = ["100 fs"]\n'
          "cross_section_gm = 1e7\nfluence_mj_per_cm2 = 1.1\n[strong_coupling]")],
        "two_photon.wavelength: must lie in 0.114114-125.124 um",
    ),
    "unknown mirror": (
        [('top_mirror = { kind = "quarter_wave"', 'top_mirror = { kind = "quarterwave"')],
        "cavity.top_mirror.kind: must be one of quarter_wave, metal, layers, got 'quarterwave'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_bad_input_ends_in_one_line(
    name: str, planar_file: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changes, message = CASES[name]
    path = planar_file(*changes)
    out = tmp_path / "out"
    status = main(["run", str(path), "-o", str(out), "--store", str(tmp_path / "store"), "-j", "1"])
    shown = capsys.readouterr().err.strip().splitlines()
    assert status == 2
    errors = [line for line in shown if line.startswith("lasewright:")]
    assert len(errors) == 1
    assert f"{path}: {message}" in errors[0]
    assert "Traceback" not in "\n".join(shown)
    assert not (out / "result.json").exists()


def test_the_design_of_these_tests_is_good(planar_file: Write, tmp_path: Path) -> None:
    outcome = run(load_design(planar_file()), None, store=Store(tmp_path / "store"))
    assert [section.anchor for section in outcome.sections] == [
        "spectra", "mirror_pairs", "strong_coupling", "deposition",
    ]  # fmt: skip


def test_planar_tables_are_for_planar_cavities(
    planar_file: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "ball.toml"
    text = DESIGN[DESIGN.index("[strong_coupling]") :]
    path.write_text(
        '[cavity]\ntype = "sphere"\nradius = 1\nmaterial = 1.5\n'
        '[solver]\nwavelength = ["0.6 um", "0.62 um"]\n' + text,
        encoding="utf-8",
    )
    assert main(["run", str(path), "-o", str(tmp_path / "out")]) == 2
    assert "strong_coupling: must be left out for a cavity that is not planar" in (
        capsys.readouterr().err
    )
    path.write_text(
        '[cavity]\ntype = "sphere"\nradius = 1\nmaterial = 1.5\n'
        '[solver]\nwavelength = ["0.6 um", "0.62 um"]\nangle_deg = 3\n',
        encoding="utf-8",
    )
    assert main(["run", str(path), "-o", str(tmp_path / "out")]) == 2
    assert "solver.angle_deg: must be left out for a sphere, got 3" in capsys.readouterr().err
