"""Whether a job fits into memory and time, before it is started."""

from __future__ import annotations

import os
from pathlib import Path

from solvers.engines.errors import JobTooLarge
from solvers.engines.job import EngineJob

__all__ = ["available_memory_gb", "check_fits"]

SHARE = 0.9
"""Share of the free memory that a job may take."""


def check_fits(
    job: EngineJob, time_limit_s: float | None, memory_limit_gb: float | None, ranks: int = 1
) -> None:
    """Raise JobTooLarge when a job's estimate exceeds memory or time.

    Args:
        job: with its `size`; one without is never refused.
        time_limit_s: None: no limit; memory_limit_gb: None: what is free on this machine.
        ranks: processes that share the time (at most as many as there are cores).
    """
    size = job.size
    if size is None:
        return
    free = SHARE * available_memory_gb() if memory_limit_gb is None else memory_limit_gb
    time_s = size.time_s / min(ranks, os.cpu_count() or 1)
    estimate = f"{size.text}: about {size.memory_gb:.3g} GB and {time_s:.3g} s"
    if size.memory_gb > free:
        raise JobTooLarge(
            f"engine: {job.title or job.kind} needs more memory than the {free:.3g} GB it may "
            f"take ({estimate}); lower the resolution, shrink the domain, or use a larger machine",
            memory_gb=size.memory_gb,
            time_s=time_s,
        )
    if time_limit_s is not None and time_s > time_limit_s:
        raise JobTooLarge(
            f"engine: {job.title or job.kind} needs more time than the limit of "
            f"{time_limit_s:g} s ({estimate}); raise time_limit_s, lower the resolution or the "
            "asked-for quality factor, or use more ranks",
            memory_gb=size.memory_gb,
            time_s=time_s,
        )


def available_memory_gb() -> float:
    """Return the free memory (GB): of the machine, or of the container where that is less."""
    try:
        free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    except (ValueError, OSError, AttributeError):
        return float("inf")
    try:
        fields = (line.split() for line in Path("/proc/meminfo").read_text().splitlines())
        free = next(float(words[1]) for words in fields if words[0] == "MemAvailable:") * 1.024e-6
    except (OSError, StopIteration, ValueError):
        pass
    group = Path("/sys/fs/cgroup")
    try:
        limit = float((group / "memory.max").read_text())
        used = float((group / "memory.current").read_text())
        free = min(free, (limit - used) / 1e9)
    except (OSError, ValueError):  # no such group, or "max"
        pass
    return max(free, 0.0)
