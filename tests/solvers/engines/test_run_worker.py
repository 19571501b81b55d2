"""Running workers: whatever goes wrong becomes an error, and nothing stays behind.

A stand-in interpreter plays the engine, so that each failure is certain and takes no time.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from solvers.engines.discovery import Interpreter
from solvers.engines.errors import (
    EngineCancelled,
    EngineCrashed,
    EngineError,
    EngineTimeout,
    JobTooLarge,
)
from solvers.engines.job import EngineJob, JobSize
from solvers.engines.run_worker import EngineProgress, RunOptions, run_job

GOOD = """
print('LASEWRIGHT {"done": 1, "expected": 4, "seconds_left": 2.5}', flush=True)
(output / "result.json").write_text(json.dumps({"files": {}, "answer": request["question"] * 2}))
"""


@pytest.fixture
def job() -> EngineJob:
    return EngineJob(kind="meep", request={"question": 21}, arrays={"a": np.arange(3.0)})


def engine(folder: Path, program: str) -> Interpreter:
    """Return an interpreter that runs this Python text instead of the worker."""
    script = folder / "engine.py"
    script.write_text(
        "import json, os, pathlib, signal, subprocess, sys, time\n"
        "output = pathlib.Path(sys.argv[3])\n"
        "request = json.loads((pathlib.Path(sys.argv[2]) / 'job.json').read_text())\n"
        f"{program}"
    )
    python = folder / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n')
    python.chmod(0o755)
    return Interpreter(python=str(python), version="9.9", has_h5py=True)


def options(folder: Path, program: str, **changes: object) -> RunOptions:
    settings = {"workspace": folder / "jobs", "interpreter": engine(folder, program), **changes}
    return RunOptions(**settings)  # type: ignore[arg-type]


def leftovers(folder: Path) -> list[str]:
    """Return the running folders that are still there."""
    return [path.name for path in folder.rglob("*.running-*")]


def is_gone(process: int) -> bool:
    """Whether a process has ended (a zombie has)."""
    for _ in range(100):
        state = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False
        ).stdout.strip()
        if not state or state.startswith("Z"):
            return True
        time.sleep(0.05)
    return False


def test_result_progress_and_reuse(tmp_path: Path, job: EngineJob) -> None:
    seen: list[EngineProgress] = []
    first = run_job(job, options(tmp_path, GOOD, progress=seen.append))
    assert (first.report["answer"], first.reused, first.engine) == (42, False, "9.9")
    assert [(p.done, p.expected, p.seconds_left) for p in seen] == [(1, 4, 2.5)]
    again = run_job(job, options(tmp_path, "raise SystemExit('must not run')"))
    assert (again.report["answer"], again.reused) == (42, True)
    assert not leftovers(tmp_path)


def test_the_key_covers_request_arrays_and_engine(job: EngineJob) -> None:
    others = [
        EngineJob(kind="meep", request={"question": 22}, arrays=job.arrays),
        EngineJob(kind="meep", request=job.request, arrays={"a": np.arange(3.0) + 1e-9}),
        EngineJob(kind="mpb", request=job.request, arrays=job.arrays),
    ]
    keys = {job.key("1"), job.key("2"), *(other.key("1") for other in others)}
    assert len(keys) == 5
    named = EngineJob(kind="meep", request=job.request, arrays=job.arrays, title="other words")
    assert named.key("1") == job.key("1")


def test_damaged_result_is_computed_again(tmp_path: Path, job: EngineJob) -> None:
    result = run_job(job, options(tmp_path, GOOD))
    (result.folder / "output" / "result.json").write_text("{")
    assert not run_job(job, options(tmp_path, GOOD)).reused


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("os.kill(os.getpid(), signal.SIGKILL)", ["SIGKILL", "kill -9"]),
        ("print('meep: simulation fields are NaN or Inf'); os.abort()", ["NaN", "Courant"]),
        ("print('terminate: std::bad_alloc'); os.abort()", ["out of memory", "bad_alloc"]),
        ("raise ValueError('no such medium')", ["status 1", "no such medium"]),
        ("pass", ["without a whole result"]),
    ],
)
def test_crash_names_the_cause_and_keeps_the_input(
    tmp_path: Path, job: EngineJob, program: str, words: list[str]
) -> None:
    with pytest.raises(EngineCrashed) as caught:
        run_job(job, options(tmp_path, program))
    for word in words:
        assert word in str(caught.value)
    folder = caught.value.folder
    assert folder is not None
    assert (folder / "input" / "job.json").exists()
    assert not leftovers(tmp_path)
    assert run_job(job, options(tmp_path, GOOD)).report["answer"] == 42


# a child in a process group of its own, as mpirun makes its ranks, that ignores SIGTERM
STUBBORN = """
deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(99)"
child = subprocess.Popen([sys.executable, "-c", deaf], process_group=0)
time.sleep(0.3)
print(f"child {child.pid}", flush=True)
pathlib.Path(request["pid_file"]).write_text(f"{os.getpid()} {child.pid}")
time.sleep(99)
"""


@pytest.mark.parametrize("how", ["timeout", "cancel", "interrupt"])
def test_stopping_ends_every_process_of_the_worker(tmp_path: Path, how: str) -> None:
    pid_file = tmp_path / "pids"
    job = EngineJob(kind="meep", request={"pid_file": str(pid_file)})

    def cancel() -> bool:
        # the file is there before its two numbers are
        started = pid_file.exists() and len(pid_file.read_text().split()) == 2
        if how == "interrupt" and started:
            raise KeyboardInterrupt
        return how == "cancel" and started

    limit = 2.0 if how == "timeout" else None
    error = {"timeout": EngineTimeout, "cancel": EngineCancelled, "interrupt": KeyboardInterrupt}
    with pytest.raises(error[how]):
        run_job(job, options(tmp_path, STUBBORN, cancel=cancel, time_limit_s=limit))
    processes = [int(word) for word in pid_file.read_text().split()]
    assert len(processes) == 2
    assert all(is_gone(process) for process in processes)
    assert not leftovers(tmp_path)


def test_too_large_job_is_refused_with_numbers(tmp_path: Path) -> None:
    size = JobSize(memory_gb=1e6, time_s=3e9, text="1e12 pixels x 1e6 steps")
    job = EngineJob(kind="meep", request={}, size=size)
    with pytest.raises(JobTooLarge, match=r"1e\+06 GB.*3e\+09 s.*lower the resolution") as caught:
        run_job(job, options(tmp_path, GOOD))
    assert caught.value.memory_gb == 1e6
    assert not (tmp_path / "jobs").exists()
    with pytest.raises(JobTooLarge, match="limit of 60 s"):
        run_job(job, options(tmp_path, GOOD, memory_limit_gb=1e9, time_limit_s=60.0))


def test_unwritable_workspace(tmp_path: Path, job: EngineJob) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(EngineError, match="workspace: must be a folder that can be written"):
        run_job(job, options(tmp_path, GOOD, workspace=blocked))


def test_remains_of_a_dead_process_are_removed(tmp_path: Path, job: EngineJob) -> None:
    result = run_job(job, options(tmp_path, GOOD))
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    old = result.folder.with_name(f"{result.folder.name}.running-{dead.pid}-1")
    mine = result.folder.with_name(f"{result.folder.name}.running-{os.getpid()}-1")
    old.mkdir()
    mine.mkdir()
    run_job(job, options(tmp_path, GOOD, reuse=False))
    assert not old.exists()
    assert mine.exists()


def test_worker_leaves_when_its_parent_dies(tmp_path: Path) -> None:
    """kill -9 of the calling process: the worker sees its standard input close."""
    worker = Path(run_job.__code__.co_filename).with_name("meep_worker.py")
    folder = tmp_path / "input"
    folder.mkdir()
    os.mkfifo(folder / "job.json")  # the worker waits for its job for ever
    process = subprocess.Popen(
        [sys.executable, str(worker), str(folder), str(tmp_path), "--watch"], stdin=subprocess.PIPE
    )
    time.sleep(0.5)
    assert process.poll() is None
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(10) == 3


def test_ranks_go_through_mpirun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from solvers.engines.run_worker import worker_command

    mpirun = tmp_path / "mpirun"
    mpirun.write_text("#!/bin/sh\necho 'mpirun (Open MPI) 4.1.4'\n")
    mpirun.chmod(0o755)
    python = str(tmp_path / "python")
    command = worker_command(EngineJob(kind="meep", request={}), tmp_path, python, 2)
    assert command[:3] == [str(mpirun), "-np", "2"]
    assert "--allow-run-as-root" in command
    assert command[command.index(python) + 1].endswith("meep_worker.py")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EngineError, match="mpirun must be on this machine"):
        worker_command(EngineJob(kind="meep", request={}), tmp_path, "/no/python", 2)
