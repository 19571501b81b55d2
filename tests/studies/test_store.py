"""The result store: whole entries only, whatever happens to the process or to the disk."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from studies.store import Store, content_key

KEY = content_key({"what": "test"})
ROOT = Path(__file__).parents[2]


def _put(store: Store, text: str = "whole", key: str = KEY) -> Path:
    with store.writing("demo", key) as draft:
        (draft / "value.txt").write_text(text)
    return store.path("demo", key)


def test_an_entry_comes_back(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    assert store.find("demo", KEY) is None
    _put(store)
    found = store.find("demo", KEY)
    assert found is not None
    assert (found / "value.txt").read_text() == "whole"
    assert json.loads((found / "entry.json").read_text())["key"] == KEY


def test_keys_do_not_depend_on_order_and_do_on_values() -> None:
    assert content_key({"a": 1, "b": [2, 3]}) == content_key({"b": [2, 3], "a": 1})
    assert content_key({"a": 1}) != content_key({"a": 1.5})
    assert content_key({"a": 1}) != content_key({"b": 1})


def test_an_exception_leaves_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)

    def fail_halfway() -> None:
        with store.writing("demo", KEY) as draft:
            (draft / "value.txt").write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    assert store.find("demo", KEY) is None
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("damage", ["truncated", "flipped", "removed", "entry", "format", "empty"])
def test_a_damaged_entry_is_told_moved_aside_and_made_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    store = Store(tmp_path)
    folder = _put(store)
    value, entry = folder / "value.txt", folder / "entry.json"
    if damage == "truncated":
        value.write_text("who")
    elif damage == "flipped":
        value.write_text("whale")
    elif damage == "removed":
        value.unlink()
    elif damage == "entry":
        entry.write_text("{")
    elif damage == "format":
        entry.write_text(entry.read_text().replace('"format": 1', '"format": 99'))
    else:
        entry.unlink()
        value.unlink()
    with caplog.at_level(logging.WARNING):
        assert store.find("demo", KEY) is None
    assert "computing it again" in caplog.text
    assert any(".damaged-" in path.name for path in folder.parent.iterdir())
    _put(store, "second")
    found = store.find("demo", KEY)
    assert found is not None
    assert (found / "value.txt").read_text() == "second"


def test_the_first_whole_entry_stays_and_a_damaged_one_is_replaced(tmp_path: Path) -> None:
    store = Store(tmp_path)
    folder = _put(store, "first")
    _put(store, "second")
    assert (folder / "value.txt").read_text() == "first"
    (folder / "value.txt").write_text("damaged")
    _put(store, "third")
    assert (folder / "value.txt").read_text() == "third"


def test_json_values_are_made_once(tmp_path: Path) -> None:
    store, made = Store(tmp_path), []

    def make() -> dict[str, int]:
        made.append(1)
        return {"x": 1}

    assert store.json("demo", KEY, make) == {"x": 1}
    assert store.json("demo", KEY, make) == {"x": 1}
    assert len(made) == 1


def _race(root: str, number: int) -> str:
    store = Store(Path(root))
    for turn in range(20):
        key = content_key({"turn": turn})
        _put(store, f"{number}" * 1000, key)
        found = store.find("demo", key)
        assert found is not None
        text = (found / "value.txt").read_text()
        assert len(set(text)) == 1
        assert len(text) == 1000
    return "".join(
        (store.path("demo", content_key({"turn": turn})) / "value.txt").read_text()[0]
        for turn in range(20)
    )


def test_processes_that_finish_the_same_entries_agree(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4, get_context("fork")) as pool:
        seen = list(pool.map(_race, [str(tmp_path)] * 4, range(4)))
    assert len(set(seen)) == 1
    assert not [path for path in tmp_path.rglob(".*") if path.is_dir()]


def test_kill_9_while_writing_leaves_no_entry(tmp_path: Path) -> None:
    code = f"""
import sys, time
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from studies.store import Store
with Store(Path({str(tmp_path)!r})).writing("demo", {KEY!r}) as draft:
    (draft / "value.txt").write_text("half")
    (Path({str(tmp_path)!r}) / "started").touch()
    time.sleep(60)
"""
    process = subprocess.Popen([sys.executable, "-c", code])
    while not (tmp_path / "started").exists():
        assert process.poll() is None
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    store = Store(tmp_path)
    assert store.find("demo", KEY) is None
    _put(store)
    assert store.find("demo", KEY) is not None
