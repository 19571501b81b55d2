"""Running a job of an external engine: one worker process (or MPI ranks), watched and cleaned up.

The worker runs in a session of its own. Whatever ends the wait (result, crash, time limit, cancel,
an exception or the death of this process) leaves nothing of that session running.
"""

from __future__ import annotations

import contextlib
import json
import logging
import math
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

from solvers.engines.crash_report import crash_message, relevant_lines
from solvers.engines.discovery import Interpreter, clean_environment, require_meep
from solvers.engines.errors import (
    EngineCancelled,
    EngineCrashed,
    EngineError,
    EngineTimeout,
)
from solvers.engines.job import EngineJob, EngineResult, default_workspace, finished
from solvers.engines.job_size import check_fits
from solvers.engines.sessions import end_session, process_exists

__all__ = ["EngineProgress", "RunOptions", "run_job", "worker_command"]

MARK = "LASEWRIGHT "
logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class EngineProgress:
    """How far a worker is.

    Attributes:
        title: what runs; done, expected: in the unit of the job (time stepped in um/c, bands);
        seconds_left: estimate, nan before there is one.
    """

    title: str
    done: float
    expected: float
    seconds_left: float

    def __str__(self) -> str:
        left = "" if self.seconds_left != self.seconds_left else f", {self.seconds_left:.0f} s left"
        return f"{self.title}: {self.done:.4g} of {self.expected:.4g}{left}"


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """How engine jobs are run; none of it changes a result.

    Attributes:
        workspace: folder of jobs and kept results; None: `default_workspace`.
        interpreter: what runs the worker; None: found on this machine.
        ranks: MPI processes; 1: no mpirun.
        time_limit_s, memory_limit_gb: stop or refuse beyond; None: no limit in time, what is
            free in memory.
        progress: called with EngineProgress; cancel: asked now and then, True stops the run.
        reuse: take finished jobs from the workspace.
    """

    workspace: Path | None = None
    interpreter: Interpreter | None = None
    ranks: int = 1
    time_limit_s: float | None = None
    memory_limit_gb: float | None = None
    progress: Callable[[EngineProgress], None] | None = None
    cancel: Callable[[], bool] | None = None
    reuse: bool = True

    def __post_init__(self) -> None:
        if self.ranks < 1:
            raise ValueError(f"ranks: must be >= 1, got {self.ranks}; 1 runs without mpirun")


def run_job(job: EngineJob, options: RunOptions | None = None) -> EngineResult:
    """Return the result of a job, from the workspace where it is already done.

    Raises:
        EngineMissing: no interpreter with the engine.
        JobTooLarge: the estimate exceeds memory or time; nothing is started.
        EngineCrashed, EngineTimeout, EngineCancelled: the run ended without a result; its input
            and log are kept in a folder `<key>.failed`.
        EngineError: the workspace cannot be written.
    """
    options = RunOptions() if options is None else options
    interpreter = options.interpreter or require_meep(mpb=job.kind == "mpb", mpi=options.ranks > 1)
    key = job.key(interpreter.version)
    root = default_workspace() if options.workspace is None else Path(options.workspace)
    folder = root / job.kind / key[:2] / key
    if options.reuse and (report := finished(folder)) is not None:
        return _result(folder, report, reused=True)
    check_fits(job, options.time_limit_s, options.memory_limit_gb, options.ranks)
    with _running_folder(folder) as running:
        job.write(running / "input", hdf5=interpreter.has_h5py)
        (running / "output").mkdir()
        started = time.perf_counter()
        _run(job, running, interpreter, options)
        _record_run(running, interpreter, options.ranks, time.perf_counter() - started)
        _appear(running, folder, reuse=options.reuse)
    report = finished(folder)
    if report is None:
        raise EngineError("engine: the result vanished while it was read", folder=folder)
    return _result(folder, report, reused=False)


def _result(folder: Path, report: dict[str, Any], *, reused: bool) -> EngineResult:
    run = json.loads((folder / "run.json").read_text())
    return EngineResult(
        folder=folder,
        report=report,
        reused=reused,
        wall_s=float(run["wall_s"]),
        engine=str(run["engine"]),
        ranks=int(run["ranks"]),
    )


def _record_run(running: Path, interpreter: Interpreter, ranks: int, wall_s: float) -> None:
    facts = {
        "wall_s": wall_s,
        "engine": interpreter.version,
        "python": interpreter.python,
        "mpi": interpreter.has_mpi,
        "ranks": ranks,
    }
    (running / "run.json").write_text(json.dumps(facts, indent=1))


@contextlib.contextmanager
def _running_folder(folder: Path) -> Iterator[Path]:
    """Give a fresh folder to run in; after an error it is kept as `<key>.failed`."""
    running = folder.with_name(f"{folder.name}.running-{os.getpid()}-{time.monotonic_ns()}")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        running.mkdir()
    except OSError as error:
        raise EngineError(
            f"workspace: must be a folder that can be written, got {folder.parent} "
            f"({error.strerror or error}); give another one"
        ) from error
    _remove_abandoned(folder)
    try:
        yield running
    except EngineError:
        raise
    except BaseException:
        # our own failure or the user's interruption: nothing to learn from the remains
        shutil.rmtree(running, ignore_errors=True)
        raise


def _keep_failed(running: Path) -> Path:
    """Move a failed run to `<key>.failed` (the newest wins) and return where it is."""
    failed = running.with_name(running.name.partition(".")[0] + ".failed")
    shutil.rmtree(failed, ignore_errors=True)
    try:
        running.rename(failed)
    except OSError:
        return running
    return failed


def _remove_abandoned(folder: Path) -> None:
    """Remove what runs of dead processes left behind."""
    for other in folder.parent.glob(f"{folder.name}.running-*"):
        process = int(other.name.rpartition(".running-")[2].split("-")[0])
        if not process_exists(process):
            shutil.rmtree(other, ignore_errors=True)


def _appear(running: Path, folder: Path, *, reuse: bool) -> None:
    """Let a finished run appear under its key."""
    if finished(running) is None:
        lines = relevant_lines(running / "log.txt")
        raise EngineCrashed(
            "engine: ended without a whole result", folder=_keep_failed(running), log_lines=lines
        )
    if not reuse or finished(folder) is None:
        shutil.rmtree(folder, ignore_errors=True)
    try:
        running.rename(folder)
    except OSError:  # another process finished the same job first
        shutil.rmtree(running, ignore_errors=True)


def worker_command(job: EngineJob, folder: Path, python: str, ranks: int) -> list[str]:
    """Return the command line of a worker.

    With ranks > 1, mpirun of the interpreter's own environment, else of the PATH. Open MPI is
    told that root may run it (containers) and that ranks may outnumber cores.
    """
    command = [python, str(job.worker), str(folder / "input"), str(folder / "output"), "--watch"]
    if ranks == 1:
        return command
    beside = Path(python).parent / "mpirun"
    mpirun = str(beside) if beside.exists() else shutil.which("mpirun")
    if mpirun is None:
        raise EngineError(
            "ranks: mpirun must be on this machine for more than one rank, got none; "
            "install openmpi-bin (or mpich), or use ranks=1"
        )
    launch = [mpirun, "-np", str(ranks)]
    version = subprocess.run([mpirun, "--version"], capture_output=True, text=True, check=False)
    if "open mpi" in version.stdout.lower() or "open-mpi" in version.stdout.lower():
        launch += ["--oversubscribe", "--allow-run-as-root"]
    return launch + command


def _run(job: EngineJob, running: Path, interpreter: Interpreter, options: RunOptions) -> None:
    """Run the worker to its end; raise when it does not end well."""
    command = worker_command(job, running, interpreter.python, options.ranks)
    environment = clean_environment() | {"OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    deadline = None if options.time_limit_s is None else time.monotonic() + options.time_limit_s
    with (running / "log.txt").open("w") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,  # held open: the worker leaves when this process dies
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=environment,
            start_new_session=True,
        )
        try:
            _watch(process, job, log, options, deadline)
        except EngineError as error:
            end_session(process)
            log.flush()
            lines = relevant_lines(running / "log.txt")
            kind = type(error)
            raise kind(str(error), folder=_keep_failed(running), log_lines=lines) from None
        finally:
            end_session(process)
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()
    if process.returncode != 0:
        message = crash_message(process.returncode, running / "log.txt")
        lines = relevant_lines(running / "log.txt")
        raise EngineCrashed(message, folder=_keep_failed(running), log_lines=lines)


def _watch(
    process: subprocess.Popen[str],
    job: EngineJob,
    log: Any,
    options: RunOptions,
    deadline: float | None,
) -> None:
    """Read the worker's output until it ends; raise on time limit and cancel."""
    lines: Queue[str | None] = Queue()
    Thread(target=_read, args=(process, lines), daemon=True).start()
    title = job.title or job.kind
    ended = math.inf
    while True:
        try:
            line = lines.get(timeout=0.1)
        except Empty:
            line = ""
            if process.poll() is not None:  # a rank that outlives mpirun may keep the pipe open
                ended = min(ended, time.monotonic())
                if time.monotonic() - ended > 2:
                    break
        if line is None:
            break
        if line.startswith(MARK):
            _report(line, title, options)
        elif line:
            log.write(line)
        if options.cancel is not None and options.cancel():
            raise EngineCancelled(f"engine: {title} was cancelled")
        if deadline is not None and time.monotonic() > deadline:
            raise EngineTimeout(
                f"engine: {title} was stopped at its time limit of {options.time_limit_s:g} s; "
                "raise time_limit_s, or ask for less (resolution, quality factor)"
            )
    process.wait()


def _read(process: subprocess.Popen[str], lines: Queue[str | None]) -> None:
    try:
        for line in process.stdout or ():
            lines.put(line)
    except ValueError:  # closed from the other side
        pass
    finally:
        lines.put(None)


def _report(line: str, title: str, options: RunOptions) -> None:
    if options.progress is None:
        return
    try:
        event = json.loads(line.removeprefix(MARK))
        left = event.get("seconds_left")
        options.progress(
            EngineProgress(
                title=title,
                done=float(event["done"]),
                expected=float(event["expected"]),
                seconds_left=float("nan") if left is None else float(left),
            )
        )
    except (ValueError, KeyError, TypeError):
        logger.debug("progress line not understood: %s", line)
