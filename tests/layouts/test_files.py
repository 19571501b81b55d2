"""Files appear complete or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from layouts.files import replace_when_complete


def test_failure_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "chip.gds"
    path.write_text("old")

    def fail() -> None:
        with replace_when_complete(path, suffixes=(".gds",)) as temporary:
            temporary.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_success_replaces_it(tmp_path: Path) -> None:
    path = tmp_path / "chip.gds"
    path.write_text("old")
    with replace_when_complete(path, suffixes=(".gds",)) as temporary:
        temporary.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_permissions_follow_the_umask(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    with replace_when_complete(tmp_path / "a.gds", suffixes=(".gds",)):
        pass
    plain, written = ((tmp_path / name).stat().st_mode for name in ("plain", "a.gds"))
    assert written == plain


def test_unwritable_places(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path, kind in (
        (tmp_path / "missing" / "a.gds", FileNotFoundError),
        (tmp_path / "file" / "a.gds", NotADirectoryError),
    ):
        with (
            pytest.raises(kind, match="path: the folder must exist and be writable"),
            replace_when_complete(path, suffixes=(".gds",)),
        ):
            pass
    (tmp_path / "folder.gds").mkdir()
    with (
        pytest.raises(ValueError, match="path: must be a file, got the folder"),
        replace_when_complete(tmp_path / "folder.gds", suffixes=(".gds",)),
    ):
        pass
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["file", "folder.gds"]
