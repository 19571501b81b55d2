"""Warnings of a run, from Python's warnings and from the log, gathered for the report."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from studies.errors import one_line

__all__ = ["collected_warnings"]

PACKAGES = ("cavities", "solvers", "gain", "layouts", "studies")


@contextmanager
def collected_warnings() -> Iterator[list[str]]:
    """Give a list that fills with the warnings of the block, each once, in order.

    Warnings of the log still reach the log's own handlers.

    Example:
        >>> with collected_warnings() as messages:
        ...     warnings.warn("take care")
        >>> messages
        ['take care']
    """
    messages: list[str] = []
    handler = _Gatherer(messages)
    loggers = [logging.getLogger(name) for name in PACKAGES]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        for log in loggers:
            log.addHandler(handler)
        try:
            yield messages
        finally:
            for log in loggers:
                log.removeHandler(handler)
            messages.extend(one_line(str(item.message)) for item in caught)
            messages[:] = dict.fromkeys(messages)


class _Gatherer(logging.Handler):
    """A log handler that keeps the text of warnings."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__(level=logging.WARNING)
        self._messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record."""
        self._messages.append(one_line(record.getMessage()))
