"""Wall time of a run and of its stages."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["RunClock"]


class RunClock:
    """A clock that starts when it is made.

    Attributes:
        seconds: wall time of each stage that has ended.
    """

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self.seconds: dict[str, float] = {}

    def total(self) -> float:
        """Return the seconds since the start."""
        return round(time.perf_counter() - self._start, 3)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage."""
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 3)
