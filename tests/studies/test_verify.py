"""`lasewright verify`: partners, verdicts, files, and one real comparison."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path

import pytest

from solvers.modes import Mode, ModeSet
from studies.cli import main
from studies.verify import Comparison, compare_modes
from tests.solvers.engine_case import interpreter_or_skip

PLANAR = """
name = "Small planar cavity"
[cavity]
type = "planar_microcavity"
cavity = [{ name = "gain", material = 1.85, thickness = 0.5 }]
bottom_mirror = { kind = "quarter_wave", design_wavelength = 0.6, high_material = 2.3, \
low_material = 1.46, pairs = 3.5 }
top_mirror = { kind = "quarter_wave", design_wavelength = 0.6, high_material = 2.3, \
low_material = 1.46, pairs = 3.5 }
[solver]
wavelength = [0.55, 0.66]
quality_factor_floor = 30
"""


def mode(wavelength: float, quality: float, **changes: object) -> Mode:
    k = 2 * math.pi / wavelength
    values: dict[str, object] = {
        "wavenumber": complex(k, -k / (2 * quality)),
        "azimuthal_order": 9,
        "wavelength_error": 1e-6,
        "quality_factor_error": 1e-4,
        "confinement": {"disk": 0.9, "superstrate": 0.1},
    }
    return Mode(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "verdict"),
    [
        (mode(0.6006, 510.0), "agree"),
        (mode(0.603, 480.0, wavelength_error=4e-3), "agree within the errors"),
        (mode(0.603, 480.0), "differ"),
        (mode(0.6, 700.0), "differ"),
        (None, "not found"),
    ],
)
def test_verdicts(found: Mode | None, verdict: str) -> None:
    row = Comparison(default=mode(0.6, 500.0), engine=found)
    assert row.verdict == verdict
    json.dumps(row.report(), allow_nan=False)


def test_partners_are_found_by_all_that_is_known() -> None:
    """The engine swaps two neighbours in wavelength; Q and confinement tell them apart."""
    first = mode(0.600, 300.0, confinement={"disk": 0.95})
    second = mode(0.601, 900.0, confinement={"disk": 0.80})
    third = mode(0.640, 900.0)
    near_second = mode(0.6002, 880.0, confinement={"disk": 0.81})
    near_first = mode(0.6009, 310.0, confinement={"disk": 0.94})
    other_order = mode(0.640, 900.0, azimuthal_order=8)
    reasons = {"rejected": [{"wavelength_um": 0.6401, "reason": "negative Q"}]}
    rows, extra = compare_modes(
        ModeSet(modes=(first, second, third)),
        ModeSet(modes=(near_second, near_first, other_order), provenance=reasons),
    )
    partners = {row.default.wavelength: row.engine for row in rows}
    assert partners[first.wavelength] is near_first
    assert partners[second.wavelength] is near_second
    assert partners[third.wavelength] is None
    assert extra == (other_order,)
    assert next(row.note for row in rows if row.engine is None).endswith("negative Q")


def test_confinement_is_compared_inside_the_cavity() -> None:
    """How much lies outside depends on where a method ends its domain."""
    one = mode(0.6, 500.0, confinement={"disk": 0.6, "gain": 0.3, "superstrate": 0.1})
    other = mode(0.6, 500.0, confinement={"disk": 0.4, "gain": 0.2, "superstrate": 0.4})
    assert Comparison(default=one, engine=other).confinement_difference == pytest.approx(0)
    less = dataclasses.replace(other, confinement={"disk": 0.5, "gain": 0.1})
    assert Comparison(default=one, engine=less).confinement_difference == pytest.approx(1 / 6)


@pytest.mark.meep
def test_the_command_compares_draws_and_reuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    interpreter_or_skip()
    design = tmp_path / "planar.toml"
    design.write_text(PLANAR)
    arguments = ["verify", str(design), "-o", str(tmp_path / "out"), "--store", str(tmp_path / "s")]
    assert main(arguments) == 0
    text = capsys.readouterr().out
    assert "1 modes: 1 agree" in text
    content = json.loads((tmp_path / "out" / "verify.json").read_text())
    (row,) = content["modes"]
    assert row["verdict"] == "agree"
    assert abs(row["wavelength_difference"]) < 2e-3
    assert (tmp_path / "out" / "verify.png").stat().st_size > 5000
    assert not any(run["reused"] for run in content["engine"]["runs"])
    assert main(arguments) == 0
    content = json.loads((tmp_path / "out" / "verify.json").read_text())
    assert all(run["reused"] for run in content["engine"]["runs"])


def test_a_body_of_revolution_needs_one_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    design = tmp_path / "ball.toml"
    design.write_text(
        '[cavity]\ntype = "sphere"\nradius = 1.0\nmaterial = 2.0\n'
        "[solver]\nwavelength = [0.85, 0.95]\n"
    )
    assert main(["verify", str(design)]) == 2
    assert "choose one with --order" in capsys.readouterr().err
