"""The doctor: engines are asked in processes of their own, and found where they are."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from solvers.engines.discovery import install_line
from studies.cli import main
from studies.doctor import Engine, _meep, diagnose, meep_interpreters


def _python(folder: Path, answer: str, *, status: int = 0) -> Path:
    """Return a program that stands in for an interpreter."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{answer}\nexit {status}\n")
    path.chmod(0o755)
    return path


def test_interpreters_are_tried_in_the_documented_order(tmp_path: Path) -> None:
    conda = _python(tmp_path / "miniforge3" / "envs" / "meep" / "bin", ":")
    environment = {"LASEWRIGHT_MEEP_PYTHON": "/opt/mine/python", "HOME": str(tmp_path)}
    found = meep_interpreters(environment)
    assert found[:3] == ["/opt/mine/python", sys.executable, "/usr/bin/python3"]
    assert str(conda) in found


def test_meep_of_the_chosen_interpreter_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))  # none beside it that was built for MPI
    answer = """echo 'LASEWRIGHT{"meep": "9.9", "mpb": true}'"""
    python = _python(tmp_path, answer)
    environment = {"LASEWRIGHT_MEEP_PYTHON": str(python), "HOME": str(tmp_path)}
    meep, mpb = _meep(environment)
    assert (meep.version, meep.where, mpb.version) == ("9.9", str(python), "9.9")
    assert meep.build == "serial"


def test_a_build_for_mpi_beside_the_first_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`make meep-mpi` puts it into the virtual environment, found last of all."""
    serial = _python(tmp_path, """echo 'LASEWRIGHT{"meep": "9.9", "mpb": true}'""")
    ranks = _python(
        tmp_path / "meep-mpi" / "bin", """echo 'LASEWRIGHT{"meep": "9.9", "mpi": true}'"""
    )
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    environment = {"LASEWRIGHT_MEEP_PYTHON": str(serial), "HOME": str(tmp_path)}
    assert meep_interpreters(environment)[-1] == str(ranks)
    meep, _ = _meep(environment)
    assert (meep.where, meep.build) == (str(serial), f"serial; MPI: {ranks}")


def test_missing_engines_come_with_their_install_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = _python(tmp_path, "echo 'Illegal instruction' >&2", status=132)
    monkeypatch.setattr("studies.doctor.meep_interpreters", lambda _: [str(broken), "/no/python"])
    meep, mpb = _meep({})
    assert not meep.found
    assert not mpb.found
    assert "Illegal instruction" in meep.problem
    assert "/no/python: no such program" in meep.problem
    assert meep.install == install_line()
    assert "pymeep" in meep.install


def test_the_command_prints_versions_and_install_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    engines = (
        Engine(name="ngsolve", purpose="modes", version="6.2", where="here", required=True),
        Engine(name="meep", purpose="checks", problem="a: no; b: no", install="apt-get x"),
    )
    monkeypatch.setattr("studies.doctor.diagnose", lambda: engines)
    assert main(["doctor"]) == 0
    text = capsys.readouterr().out
    for part in ("6.2", "missing", "To get meep (checks):", "apt-get x", "tried a: no"):
        assert part in text
    missing = Engine(name="ngsolve", purpose="modes", install="pip install ngsolve", required=True)
    monkeypatch.setattr("studies.doctor.diagnose", lambda: (missing,))
    assert main(["doctor"]) == 1


def test_the_engines_that_a_run_needs_are_found_and_nothing_is_imported_here() -> None:
    before = set(sys.modules)
    engines = {engine.name: engine for engine in diagnose()}
    assert set(engines) == {"ngsolve", "gdsfactory", "klayout", "meep", "mpb"}
    for name in ("ngsolve", "gdsfactory", "klayout"):
        assert engines[name].found, engines[name].problem
    new = {name.partition(".")[0] for name in set(sys.modules) - before}
    assert new.isdisjoint({"ngsolve", "gdsfactory", "klayout", "meep"})
