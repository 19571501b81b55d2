"""Sweeps over processes: kill -9 and go on, killed workers, a scheduler that is there already."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from studies import DesignError, load_study, sweep

pytest.importorskip("distributed", reason="sweeps over processes need dask[distributed]")

Write = Callable[..., Path]
ROOT = Path(__file__).parents[2]
POINTS = 10

# A module that the workers can import: it writes a line for every point it starts.
WORK = '''
"""Cheap points that leave a trace."""
import os, signal, time
from pathlib import Path

LOG = Path(__file__).with_name("log.txt")

def note(text):
    with LOG.open("a") as stream:
        stream.write(text + "\\\\n")

def slow(designs, modes=None):
    """Take a while and say so."""
    time_ms = designs[0].cavity.exposure.time_ms
    note(f"start {time_ms:g}")
    time.sleep(0.25)
    numbers = {"diameter": designs[0].cavity.diameter, "time_ms": time_ms}
    return [{"numbers": numbers}] * len(designs), None

def deadly(designs, modes=None):
    """Kill the process at one point."""
    if designs[0].cavity.exposure.time_ms == 50.0:
        os.kill(os.getpid(), signal.SIGKILL)
    return slow(designs, modes)
'''

DRIVER = """
import sys
from study_work import slow
from studies import load_study, sweep
if __name__ == "__main__":
    sweep(load_study(sys.argv[1]), sys.argv[2], workers=2, compute=slow)
"""


@pytest.fixture
def study_path(design_file: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study of ten points, and the module of work on the path of this and new processes."""
    design_file()
    (tmp_path / "study_work.py").write_text(WORK.replace("\\\\n", "\\n"), encoding="utf-8")
    (tmp_path / "driver.py").write_text(DRIVER, encoding="utf-8")
    values = [30.0 + 5 * number for number in range(POINTS)]
    path = tmp_path / "study.toml"
    path.write_text(
        'design = "design.toml"\n'
        f'[[parameter]]\nkey = "cavity.exposure.time_ms"\nvalues = {values}\n'
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), str(ROOT)]))
    return path


def _finished(store: Path) -> dict[str, int]:
    """Return the entries of the store with the time each appeared (ns)."""
    entries = store.glob("points/??/" + "[0-9a-f]" * 64 + "/entry.json")
    return {path.parent.name: path.stat().st_mtime_ns for path in entries}


@pytest.mark.slow
def test_after_kill_9_nothing_that_had_finished_is_computed_again(
    study_path: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    command = [sys.executable, str(tmp_path / "driver.py"), str(study_path), str(out)]
    process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while len(_finished(out / "store")) < 4:
        assert process.poll() is None, "the sweep ended before it was killed"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    before = _finished(out / "store")
    assert 4 <= len(before) < POINTS
    assert not (out / "sweep.h5").exists()
    records = (out / "store").glob("points/??/*/record.json")
    done = {json.loads(record.read_text())["numbers"]["time_ms"] for record in records}

    import study_work  # type: ignore[import-not-found]

    result = sweep(load_study(study_path), out, workers=2, compute=study_work.slow)
    assert len(result.points) == POINTS
    assert all(point.error is None for point in result.points)
    assert sum(point.stored for point in result.points) == len(before)
    after = _finished(out / "store")
    assert len(after) == POINTS
    assert {key: after[key] for key in before} == before
    starts = Counter((tmp_path / "log.txt").read_text().split("\n"))
    for value in done:
        assert starts[f"start {value:g}"] == 1
    assert (out / "sweep.h5").exists()


@pytest.mark.slow
def test_a_point_that_kills_its_process_is_recorded(study_path: Path, tmp_path: Path) -> None:
    import study_work

    result = sweep(load_study(study_path), tmp_path / "out", workers=2, compute=study_work.deadly)
    failed = [point for point in result.points if point.error is not None]
    assert [point.point.values for point in failed] == [(50.0,)], failed
    assert "killed" in str(failed[0].error)


@pytest.mark.slow
def test_an_existing_scheduler_is_used_when_it_has_the_same_code(
    study_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import study_work
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        address = cluster.scheduler_address
        result = sweep(
            load_study(study_path), tmp_path / "out", scheduler=address, compute=study_work.slow
        )
        assert [point.error for point in result.points] == [None] * POINTS
        monkeypatch.setattr("studies.point_run.code_digest", lambda _: "another")
        other = sweep(
            load_study(study_path),
            tmp_path / "other",
            scheduler=address,
            compute=study_work.slow,
        )
    assert all("another version" in str(point.error) for point in other.points)
    assert all(not point.record["lasting"] for point in other.points)


def test_a_scheduler_that_does_not_answer_is_an_error(study_path: Path, tmp_path: Path) -> None:
    with pytest.raises(DesignError, match=r"--scheduler: must be the address of a running Dask"):
        sweep(load_study(study_path), tmp_path / "out", scheduler="tcp://127.0.0.1:9")
