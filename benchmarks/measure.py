"""Time, memory and machine: what every benchmark here measures in the same way."""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

__all__ = [
    "Measured",
    "cpu_model",
    "in_fresh_process",
    "machine",
    "measured",
    "one_thread",
    "peak_memory_mb",
    "write_json",
]

T = TypeVar("T")

THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True, kw_only=True)
class Measured(Generic[T]):
    """A value and what it cost.

    Attributes:
        value: what the function returned.
        wall_s: elapsed time; cpu_s: processor time of all threads. On one thread of a quiet
            machine both agree; on a busy one `cpu_s` is the one to compare.
    """

    value: T
    wall_s: float
    cpu_s: float


def measured(function: Callable[[], T], *, repeats: int = 1) -> Measured[T]:
    """Call a function and return its value with the cost of the cheapest of the repeats."""
    runs = []
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        value = function()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        runs.append(Measured(value=value, wall_s=wall, cpu_s=cpu))
    return min(runs, key=lambda run: run.cpu_s)


def one_thread() -> None:
    """Start this program again on one thread, unless it is already held to one.

    The libraries read the variables once, at import: they have to be there from the start.
    """
    if all(os.environ.get(name) == "1" for name in THREAD_VARIABLES):
        return
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, "1"))
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def peak_memory_mb() -> float:
    """Return the largest resident memory of this process so far (MB)."""
    status = Path("/proc/self/status")
    if status.exists():
        # On Linux ru_maxrss of a new process starts at the peak of the one that started it.
        fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(fields["VmHWM"].split()[0]) / 1e3
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def in_fresh_process(target: str, *arguments: Any) -> Any:
    """Call "package.module:function" with JSON-able arguments in a process of its own.

    The only way to a peak memory that belongs to one case: call `peak_memory_mb` inside.
    """
    module, function = target.split(":")
    program = (
        "import importlib, json, sys; "
        f"result = importlib.import_module({module!r}).{function}(*json.loads(sys.argv[1])); "
        "print('\\nRESULT ' + json.dumps(result))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, json.dumps(arguments)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    return json.loads(done.stdout.rsplit("RESULT ", 1)[1])


def machine() -> dict[str, Any]:
    """Return what the numbers were measured on."""
    from studies.versions import versions

    return {
        "processor": cpu_model(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "threads": os.environ.get("OMP_NUM_THREADS", "unset"),
        "versions": versions(),
    }


def cpu_model() -> str:
    """Return the processor's name where the system tells it."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def write_json(path: Path, content: Any) -> None:
    """Write JSON so that the file is either whole or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(path.suffix + ".partial")
    partial.write_text(json.dumps(content, indent=1) + "\n")
    partial.replace(path)
