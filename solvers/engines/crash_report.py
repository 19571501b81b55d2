"""What a dead worker died of, in one line and a few lines of its log."""

from __future__ import annotations

import re
import signal
from pathlib import Path

__all__ = ["crash_message", "relevant_lines"]

_TELLING = re.compile(
    r"error|abort|\bnan\b|not finite|killed|alloc|memory|meep:|mpb:|signal|fault|exception",
    re.IGNORECASE,
)
_NOISE = re.compile(r"UserWarning|FutureWarning|DeprecationWarning|^\s*(raise|File|warnings)\b")
_MEMORY = re.compile(r"bad_alloc|MemoryError|cannot allocate|out of memory|oom", re.IGNORECASE)
_NOT_FINITE = re.compile(r"\bnan\b|not finite|fields? (are|is) (nan|inf)|unstable", re.IGNORECASE)


def relevant_lines(log: Path, limit: int = 6) -> list[str]:
    """Return the lines of a log that tell what went wrong, else its last ones."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        return []
    lines = [line for line in lines if line.strip()]
    telling = [line for line in lines if _TELLING.search(line) and not _NOISE.search(line)]
    chosen = telling[-limit:] or lines[-limit:]
    return [line[:300] for line in chosen]


def crash_message(status: int, log: Path) -> str:
    """Return what a worker's exit status and log say.

    Args:
        status: as of `subprocess`: negative for a signal. mpirun gives 128 + the signal.
        log: the worker's output.
    """
    try:
        text = log.read_text(errors="replace")
    except OSError:
        text = ""
    number = -status if status < 0 else status - 128 if 128 < status < 160 else 0
    if _MEMORY.search(text):
        return (
            "engine: it ran out of memory; use a lower resolution, a smaller domain, or more "
            "ranks on more machines"
        )
    if _NOT_FINITE.search(text):
        return (
            "engine: the fields grew without bound (NaN or infinite): the run is unstable; use a "
            "smaller Courant number, or look at the fit of metals and media with gain"
        )
    if number == signal.SIGKILL:
        return (
            "engine: it was killed from outside (SIGKILL: kill -9, or the system ran out of "
            "memory); run it again, or lower the resolution"
        )
    if number:
        try:
            name = signal.Signals(number).name
        except ValueError:
            name = f"signal {number}"
        return f"engine: it ended by {name}"
    return f"engine: it ended with status {status}"
