"""Finding engines: order, builds, and what to do when there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from solvers.engines import discovery
from solvers.engines.discovery import find_engines, install_line, require_meep
from solvers.engines.errors import EngineMissing


def interpreter(folder: Path, answer: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{answer}\n")
    path.chmod(0o755)
    return str(path)


SERIAL = """echo 'LASEWRIGHT{"meep": "1.25.0", "mpb": true, "mpi": false, "h5py": true}'"""
RANKS = """echo 'LASEWRIGHT{"meep": "1.29.0", "mpb": false, "mpi": true, "h5py": false}'"""


def test_first_interpreter_that_serves_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = interpreter(tmp_path / "broken", "echo 'ImportError: no meep' >&2; exit 1")
    serial, ranks = interpreter(tmp_path / "a", SERIAL), interpreter(tmp_path / "b", RANKS)
    search = find_engines(candidates=[broken, serial, ranks])
    assert [(one.python, one.build) for one in search.found] == [
        (serial, "serial"),
        (ranks, "MPI"),
    ]
    assert search.problems == (f"{broken}: ImportError: no meep",)
    monkeypatch.setattr(discovery, "meep_interpreters", lambda _: [broken, serial, ranks])
    assert require_meep().python == serial
    assert require_meep(mpi=True).python == ranks
    assert require_meep(mpb=True).python == serial
    monkeypatch.setattr(discovery, "meep_interpreters", lambda _: [serial])
    with pytest.raises(EngineMissing, match=r"lacks it.*install it: "):
        require_meep(mpi=True)


def test_missing_engine_raises_with_the_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "meep_interpreters", lambda _: ["/no/python"])
    with pytest.raises(EngineMissing, match="no such program") as caught:
        require_meep()
    assert install_line() in str(caught.value)


def test_engine_installed_meanwhile_is_found(tmp_path: Path) -> None:
    path = interpreter(tmp_path, "exit 1")
    assert find_engines(candidates=[path]).best() is None
    interpreter(tmp_path, SERIAL)
    assert find_engines(candidates=[path]).best() is not None


@pytest.mark.parametrize(
    ("release", "tools", "user", "expected"),
    [
        ("ID=debian", ["apt-get"], 0, "apt-get install python3-meep "),
        ("ID=mint\nID_LIKE='ubuntu debian'", ["apt-get"], 1000, "sudo apt-get install "),
        ("ID=fedora", ["mamba"], 0, "mamba create -n meep -c conda-forge pymeep"),
        ("ID=fedora", [], 0, "conda create -n meep -c conda-forge pymeep   (get conda"),
    ],
)
def test_install_line_is_that_of_this_system(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    release: str,
    tools: list[str],
    user: int,
    expected: str,
) -> None:
    path = tmp_path / "os-release"
    path.write_text(release.replace("'", '"'))
    monkeypatch.setattr("shutil.which", lambda name: name if name in tools else None)
    monkeypatch.setattr("os.geteuid", lambda: user)
    assert install_line(os_release=path).startswith(expected)
    assert "mpi" in install_line(mpi=True, os_release=path)
