"""Errors of external engines: what went wrong, where the input is kept, what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

__all__ = [
    "EngineCancelled",
    "EngineCrashed",
    "EngineError",
    "EngineMissing",
    "EngineTimeout",
    "JobTooLarge",
]


class EngineError(RuntimeError):
    """An external engine did not give a result.

    Attributes:
        folder: where the input and the log of the run are kept; None when nothing ran.
        log_lines: the lines of the log that matter.
    """

    def __init__(
        self, message: str, *, folder: Path | None = None, log_lines: Sequence[str] = ()
    ) -> None:
        self.folder = folder
        self.log_lines = tuple(log_lines)
        text = message
        if log_lines:
            text += "; its log: " + " | ".join(line.strip() for line in log_lines)
        if folder is not None:
            text += f"; input and log are kept in {folder}"
        super().__init__(text)


class EngineMissing(EngineError):
    """No interpreter with the engine was found; the message holds the install line."""


class EngineCrashed(EngineError):
    """The engine's process ended without a result: abort, kill, NaN, out of memory."""


class EngineTimeout(EngineError):
    """The engine was stopped at its time limit."""


class EngineCancelled(EngineError):
    """The caller stopped the engine."""


class JobTooLarge(EngineError):
    """The job cannot fit into memory or time; nothing was started.

    Attributes:
        memory_gb, time_s: what the job is estimated to need.
    """

    def __init__(self, message: str, *, memory_gb: float, time_s: float) -> None:
        super().__init__(message)
        self.memory_gb, self.time_s = memory_gb, time_s
