"""The command: help and errors without heavy imports, exit status, nothing half-written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from solvers.modes import ModeSet
from studies.cli import main

Write = Callable[..., Path]
ROOT = Path(__file__).parents[2]
HEAVY = ("ngsolve", "netgen", "gdsfactory", "kfactory", "klayout", "matplotlib", "pandas", "xarray",
         "h5py", "dask", "distributed", "pint", "jinja2", "rich", "scipy")  # fmt: skip
LIGHT_ONLY = (*HEAVY, "numpy", "pydantic", "shapely")

BALL = """
[cavity]
type = "sphere"
radius = 1.0
material = 1.5
[solver]
wavelength = [0.375, 0.39]
azimuthal_order = 20
accuracy = "fast"
workers = 1
[output]
field_count = 1
field_points = 40
"""


def _lasewright(*words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-m", "studies", *map(str, words)],
        capture_output=True,
        text=True,
        env=environment,
        cwd=cwd,
        check=False,
    )


def _imports(*words: str | Path) -> tuple[subprocess.CompletedProcess[str], set[str]]:
    """Return the outcome and the top-level modules that were loaded."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "studies", *map(str, words)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return done, {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


@pytest.mark.parametrize(
    "words",
    [
        ("--help",), ("run", "--help"), ("modes", "--help"), ("threshold", "--help"),
        ("layout", "--help"), ("sweep", "--help"), ("doctor", "--help"), ("--version",),
        ("unknown",), ("run",), ("run", "--unknown"),
    ],
)  # fmt: skip
def test_help_and_usage_errors_load_nothing_but_click(words: tuple[str, ...]) -> None:
    done, modules = _imports(*words)
    assert modules.isdisjoint(LIGHT_ONLY)
    assert done.returncode == (0 if words[-1].startswith(("--help", "--version")) else 2)


BAD = {
    "negative absorber": ((('"20 mg/mL"', '"-20 mg/mL"'),), "cavity.exposure.absorber_mg_per_ml"),
    "outside a material": ((('"640 nm"', '"200 nm"'),), "solver.wavelength"),
    "unknown material": (
        (('coat_thickness = "75 nm"', 'coat_material = "unobtainium"'),),
        "cavity.coat_material",
    ),
    "unknown key": ((("[monte_carlo]", "[solver.extra]\n[monte_carlo]"),), "solver.extra"),
    "detached": ((('time = "50 ms"', 'time = "8 ms"'),), "cavity.exposure"),
    "invalid TOML": ((("[gain]", "[gain"),), "TOML"),
    "wrong unit": ((('power = "500 uW"', 'power = "500 nm"'),), "cavity.exposure.power"),
}


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("command", ["run", "modes", "threshold", "layout"])
def test_bad_designs_end_with_status_2_and_one_line(
    design_file: Write, tmp_path: Path, kind: str, command: str
) -> None:
    changes, key = BAD[kind]
    path, out, store = design_file(*changes), tmp_path / "out", tmp_path / "store"
    words: list[str | Path] = [
        command,
        path,
        "-o",
        out / "t.csv" if command in ("modes", "threshold") else out,
    ]
    words += ["--store", store]
    done, modules = _imports(*words)
    messages = [x for x in done.stderr.splitlines() if not x.startswith("import time:")]
    assert done.returncode == 2
    assert len(messages) == 1, done.stderr
    assert messages[0].startswith(f"lasewright: {path}: ")
    assert key in messages[0]
    assert done.stdout == ""
    assert not out.exists()
    assert not store.exists()
    assert modules.isdisjoint(HEAVY)


def test_a_self_intersecting_outline(tmp_path: Path) -> None:
    path = tmp_path / "bow.toml"
    path.write_text(
        '[cavity]\ntype = "body_of_revolution"\nbackground = "air"\n'
        '[[cavity.regions]]\nname = "bow"\nmaterial = 1.5\n'
        "outline = { polygon = [[1, 0], [2, 1], [2, 0], [1, 1]] }\n"
        "[solver]\nwavelength = [0.6, 0.7]\n"
    )
    done, modules = _imports("run", path, "-o", tmp_path / "out")
    assert done.returncode == 2
    assert "must not cross itself" in done.stderr.splitlines()[-1]
    assert modules.isdisjoint(HEAVY)
    assert not (tmp_path / "out").exists()


def test_a_missing_file_and_places_that_cannot_be_written(
    design_file: Write, tmp_path: Path
) -> None:
    done = _lasewright("run", tmp_path / "nothing.toml", "-o", tmp_path / "out")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "nothing.toml: no such file" in done.stderr
    design, file = design_file(), tmp_path / "file"
    file.write_text("mine")
    for out in (file, file / "out"):
        done = _lasewright("run", design, "-o", out)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
        assert f"{file} is a file" in done.stderr
    done = _lasewright("modes", design, "-o", tmp_path / "table.txt")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert ".csv" in done.stderr
    assert file.read_text() == "mine"


def test_a_folder_without_permission(
    design_file: Write,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Root may write everywhere, so the system's answer is put in its mouth."""
    monkeypatch.setattr("os.access", lambda path, _: Path(path) != tmp_path)
    assert main(["run", str(design_file()), "-o", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert f"-o: must be writable, got '{tmp_path / 'out'}': no permission to write in" in error


def test_a_bad_study_is_a_bad_input_too(design_file: Write, tmp_path: Path) -> None:
    design_file()
    path = tmp_path / "study.toml"
    path.write_text('design = "design.toml"\n[[parameter]]\nkey = "cavity.coat"\nvalues = [1]\n')
    done, modules = _imports("sweep", path, "-o", tmp_path / "out")
    assert done.returncode == 2
    assert "did you mean" in done.stderr.splitlines()[-1]
    assert modules.isdisjoint(HEAVY)
    assert not (tmp_path / "out").exists()


def test_a_window_without_modes(tmp_path: Path) -> None:
    path = tmp_path / "ball.toml"
    path.write_text(BALL.replace("[0.375, 0.39]", "[0.3755, 0.3756]"))
    done = _lasewright("run", path, "-o", tmp_path / "out", "--store", tmp_path / "store")
    assert done.returncode == 2
    assert "solver.wavelength: must hold at least one mode" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_modes_of_a_sphere_from_solver_to_table(tmp_path: Path) -> None:
    """Exact (Bessel functions of the sphere): TE kR = 16.233530946 - 0.009525120i at l = m = 20."""
    path, store = tmp_path / "ball.toml", tmp_path / "store"
    path.write_text(BALL)
    done = _lasewright("modes", path, "-o", tmp_path / "modes.json", "--store", store)
    assert done.returncode == 0, done.stderr
    modes = json.loads((tmp_path / "modes.json").read_text())
    best = max(modes, key=lambda mode: mode["q"])
    assert best["wavenumber_rad_per_um"][0] == pytest.approx(16.233530946, rel=1e-5)
    assert best["q"] == pytest.approx(16.233530946 / (2 * 0.009525120), rel=2e-2)
    assert "TE m=20" in done.stdout
    again = _lasewright("modes", path, "-o", tmp_path / "modes.h5", "--store", store, "-v")
    assert "taken from the store" in again.stderr
    assert len(ModeSet.load(tmp_path / "modes.h5")) == len(modes)


def test_run_of_a_sphere_writes_its_files(tmp_path: Path) -> None:
    path, out = tmp_path / "ball.toml", tmp_path / "out"
    path.write_text(BALL)
    done = _lasewright("run", path, "-o", out, "--store", tmp_path / "store")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"{out}/report.html"
    result = json.loads((out / "result.json").read_text())
    assert result["schema"] == 1
    assert result["modes"]
    assert (out / "pictures" / "field_1.png").exists()


def test_layout_writes_the_mask_without_solving(design_file: Write, tmp_path: Path) -> None:
    done = _lasewright("layout", design_file(), "-o", tmp_path / "mask")
    assert done.returncode == 0, done.stderr
    names = {path.name for path in (tmp_path / "mask").iterdir()}
    assert names == {"chip.gds", "chip.oas", "chip.png", "manifest.csv"}


def test_layout_of_a_cavity_that_is_not_drawn(tmp_path: Path) -> None:
    path = tmp_path / "ball.toml"
    path.write_text(BALL)
    done = _lasewright("layout", path, "-o", tmp_path / "mask")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert not (tmp_path / "mask").exists()


def test_an_interruption_ends_with_status_130(tmp_path: Path) -> None:
    path = tmp_path / "ball.toml"
    path.write_text(BALL.replace("azimuthal_order = 20", 'azimuthal_order = "all"'))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "studies", "run", str(path), "-o", str(tmp_path / "out"),
         "--store", str(tmp_path / "store")],
        env=environment, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    # The first report of progress: the solver is at work, with many orders to go.
    assert any("azimuthal order" in line for line in process.stderr)
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in rest.splitlines()[-1]
    assert "Traceback" not in rest
    assert not (tmp_path / "out").exists()


def test_an_unexpected_failure_is_one_line_with_status_1(
    design_file: Write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("broken\nbadly")

    monkeypatch.setattr("studies.mode_stage.find_modes", fail)
    path = str(design_file())
    assert main(["modes", path]) == 1
    error = capsys.readouterr().err.splitlines()
    assert error[-1] == "lasewright: RuntimeError: broken badly; --verbose shows where"
    assert main(["modes", path, "--verbose"]) == 1
    assert "Traceback" in capsys.readouterr().err
