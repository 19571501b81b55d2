"""Work spread over processes: a Dask cluster on this machine, or an existing scheduler."""

from __future__ import annotations

import importlib
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from studies.errors import DesignError, one_line

__all__ = ["computed"]

logger = logging.getLogger(__name__)


def computed(
    function: Callable[[Any], Any],
    work: Mapping[str, Any],
    *,
    workers: int | None = None,
    scheduler: str | None = None,
) -> Iterator[tuple[str, Any, str | None]]:
    """Yield (key, result, None), or (key, None, error), for each piece of work as it finishes.

    Args:
        function: importable by the workers; it gets one value of `work`.
        work: values by key.
        workers: processes on this machine; None: one for each core; 0: no processes, in turn.
        scheduler: address of a Dask scheduler to use instead, e.g. "tcp://host:8786".

    Raises:
        DesignError: the scheduler does not answer.
    """
    if not work:
        return
    if workers == 0 and scheduler is None:
        yield from _in_turn(function, work)
        return
    distributed: Any = importlib.import_module("distributed")  # heavy, and without types
    with _client(distributed, workers, scheduler, len(work)) as client:
        futures = {
            client.submit(function, value, key=f"lasewright-{key}", pure=False): key
            for key, value in work.items()
        }
        waiting = distributed.as_completed(list(futures), loop=client.loop)
        for future in waiting:
            key = futures[future]
            if future.status in ("pending", "lost"):  # its process died with the result
                waiting.add(future)
                continue
            if future.status == "finished":
                yield key, future.result(), None
            else:
                yield key, None, _cause(future)
            future.release()


def _in_turn(
    function: Callable[[Any], Any], work: Mapping[str, Any]
) -> Iterator[tuple[str, Any, str | None]]:
    """Compute in this process, one after the other."""
    for key, value in work.items():
        try:
            result = function(value)
        except Exception as error:
            yield key, None, one_line(f"{type(error).__name__}: {error}")
        else:
            yield key, result, None


def _cause(future: Any) -> str:
    """Return why a piece of work has no result."""
    if future.status == "cancelled":
        return "cancelled: the scheduler lost it"
    error = future.exception()
    if type(error).__name__ == "KilledWorker":
        return "its process was killed several times (out of memory?)"
    return one_line(f"{type(error).__name__}: {error}")


@contextmanager
def _client(
    distributed: Any, workers: int | None, scheduler: str | None, count: int
) -> Iterator[Any]:
    """Give a Dask client of the scheduler, or of a cluster that lives as long as the block."""
    if scheduler is not None:
        try:
            client = distributed.Client(scheduler, timeout=5, set_as_default=False)
        except (OSError, ValueError) as error:
            raise DesignError(
                f"must be the address of a running Dask scheduler, got {scheduler!r}: "
                f"{one_line(str(error))}",
                key="--scheduler",
            ) from None
        with client:
            yield client
        return
    import dask

    # One piece of work at a time on each process: what waits in line behind a piece that kills
    # its process again and again would be blamed with it.
    processes = min(workers or os.cpu_count() or 1, count)
    with (
        dask.config.set({"distributed.scheduler.worker-saturation": 1.0}),
        distributed.LocalCluster(
            n_workers=processes,
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            silence_logs=logging.ERROR,
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        yield client
