"""sdist -> wheel -> clean environment: what a user of the released package gets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("cavities", "solvers", "gain", "layouts", "studies")
SHIPPED = (*PACKAGES, "designs")

pytestmark = [pytest.mark.packaging, pytest.mark.slow]


def run(command: Sequence[str | Path], cwd: Path) -> str:
    """Run a command without our source tree on the path; return what it prints."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL"))}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sdist, and the wheel that is built from it."""
    out = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "build", "--outdir", out, ROOT], cwd=out)
    (sdist,) = out.glob("*.tar.gz")
    (wheel,) = out.glob("*.whl")
    return sdist, wheel


@pytest.fixture(scope="module")
def clean_bin(distributions: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of a fresh environment with the wheel and what it requires, nothing else."""
    venv = tmp_path_factory.mktemp("clean") / "venv"
    run([sys.executable, "-m", "venv", venv], cwd=venv.parent)
    pip: list[str | Path] = [
        venv / "bin" / "python",
        "-m",
        "pip",
        "install",
        "-qq",
        "--disable-pip-version-check",
    ]
    run([*pip, "--constraint", ROOT / "constraints.txt", distributions[1]], cwd=venv.parent)
    return venv / "bin"


def sources() -> set[str]:
    """Every file of the shipped folders, as git or the unpacked tree has them."""
    return {
        path.relative_to(ROOT).as_posix()
        for name in SHIPPED
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }


def test_sdist_has_every_source_and_what_its_checks_need(
    distributions: tuple[Path, Path],
) -> None:
    with tarfile.open(distributions[0]) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    needed = {"pyproject.toml", "README.md", "LICENSE", "Makefile", "tests/test_packaging.py"}
    assert sources() | needed <= inside


def test_wheel_has_every_source_and_no_other_top_level_name(
    distributions: tuple[Path, Path],
) -> None:
    with zipfile.ZipFile(distributions[1]) as archive:
        inside = set(archive.namelist())
    top_level = {name.partition("/")[0] for name in inside if ".dist-info/" not in name}
    assert top_level == set(SHIPPED)
    assert sources() <= inside


def test_installed_packages_import_from_another_directory(clean_bin: Path, tmp_path: Path) -> None:
    program = (
        "import importlib, json; "
        f"print(json.dumps([importlib.import_module(n).__file__ for n in {PACKAGES!r}]))"
    )
    files = json.loads(run([clean_bin / "python", "-c", program], cwd=tmp_path))
    assert all(Path(file).is_relative_to(clean_bin.parent) for file in files)


def test_every_public_name_of_the_installed_packages_loads(clean_bin: Path, tmp_path: Path) -> None:
    """Lazy names hide a missing module or dependency until somebody asks for them."""
    program = (
        "import importlib\n"
        f"for name in {PACKAGES!r}:\n"
        "    package = importlib.import_module(name)\n"
        "    for public in package.__all__:\n"
        "        getattr(package, public)\n"
        "print('all there')"
    )
    assert run([clean_bin / "python", "-c", program], cwd=tmp_path).strip() == "all there"


def test_installed_command_runs_from_another_directory(clean_bin: Path, tmp_path: Path) -> None:
    assert "Usage: lasewright" in run([clean_bin / "lasewright", "--help"], cwd=tmp_path)
    assert not list(tmp_path.iterdir())
