"""Modes of a body of revolution in a wavelength window, over azimuthal orders and processes."""

from __future__ import annotations

import itertools
import logging
import math
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cavities.body_of_revolution import BodyOfRevolution
from solvers.axisymmetric.caustic import highest_order
from solvers.axisymmetric.families import with_family_labels
from solvers.axisymmetric.settings import AxisymmetricSettings
from solvers.modes import Mode, ModeSet

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

__all__ = ["Progress", "solve_axisymmetric"]

Progress = Callable[[int, int], None]
_log = logging.getLogger(__name__)

# The scan over m stops after this many neighbouring groups of orders without a mode.
_EMPTY_GROUPS_TO_STOP = 2


def solve_axisymmetric(
    cavity: Any,
    *,
    wavelength: tuple[float, float],
    azimuthal_order: int | Iterable[int] | None,
    quality_factor_floor: float,
    settings: AxisymmetricSettings,
    workers: int = 1,
    progress: Progress | None = None,
    checkpoint: Path | None = None,
) -> ModeSet:
    """Return all modes of `cavity.body()` in the window with Q above the floor.

    Args:
        cavity: anything with a `body()` method.
        wavelength: window (um), low and high.
        azimuthal_order: one m, several, or None for every m that can matter.
        quality_factor_floor: modes of lower Q are left out.
        settings: discretisation.
        workers: processes over which groups of azimuthal orders are shared.
        progress: called with (orders done, orders planned).
        checkpoint: folder for the modes of finished groups of orders.
    """
    started = time.perf_counter()
    body = cavity.body()
    task = _Task(body, wavelength, quality_factor_floor, settings)
    modes: list[Mode] = []
    searched: list[int] = []
    warnings: list[str] = []
    with ExitStack() as stack:
        run = _runner(task, workers, stack)
        if checkpoint is not None:
            run = _resuming(run, task, checkpoint)
        for orders, found in _scan(body, wavelength, azimuthal_order, run, progress):
            modes += found
            searched += orders
            warnings += found.provenance["warnings"]
    for text in warnings:
        _log.warning(text)
    modes = with_family_labels(modes)
    return ModeSet(
        modes=tuple(sorted(modes, key=lambda mode: mode.wavelength)),
        cavity={"type": type(cavity).__name__, **cavity.model_dump(mode="json")},
        window=wavelength,
        settings={
            "method": "axisymmetric-fem",
            "azimuthal_orders": sorted(searched),
            "quality_factor_floor": quality_factor_floor,
            **settings.model_dump(mode="json"),
        },
        provenance={
            "ngsolve": version("ngsolve"),
            "scipy": version("scipy"),
            "numpy": version("numpy"),
            "wall_time_s": time.perf_counter() - started,
            "warnings": warnings,
        },
    )


class _Task:
    """Solve a group of azimuthal orders on one mesh; picklable for worker processes."""

    def __init__(
        self,
        body: BodyOfRevolution,
        wavelength: tuple[float, float],
        quality_factor_floor: float,
        settings: AxisymmetricSettings,
    ) -> None:
        self.body, self.wavelength = body, wavelength
        self.quality_factor_floor, self.settings = quality_factor_floor, settings

    def __call__(self, orders: Sequence[int]) -> ModeSet:
        from solvers.axisymmetric.search import Window
        from solvers.axisymmetric.spectrum import modes_of_order
        from solvers.axisymmetric.system import build_system

        system = build_system(self.body, self.wavelength, min(orders), self.settings)
        window = Window(
            low=2 * math.pi / max(self.wavelength),
            high=2 * math.pi / min(self.wavelength),
            quality_factor_floor=self.quality_factor_floor,
        )
        modes: list[Mode] = []
        warnings: list[str] = []
        for order in orders:
            found = modes_of_order(system, order, window)
            modes += found.modes
            warnings += found.warnings
        return ModeSet(
            modes=tuple(modes), window=self.wavelength, provenance={"warnings": warnings}
        )


Runner = Callable[[Sequence[Sequence[int]]], Iterator[ModeSet]]


def _runner(task: _Task, workers: int, stack: ExitStack) -> Runner:
    """Return a function that solves groups in order, in this process or in several.

    Only a few groups are submitted ahead, so that a scan that stops early wastes little.
    """
    if workers <= 1:
        return lambda groups: (task(group) for group in groups)
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_as_worker)
    stack.callback(_end, pool)

    def run(groups: Sequence[Sequence[int]]) -> Iterator[ModeSet]:
        pending: deque[Future[ModeSet]] = deque()
        waiting = iter(groups)
        try:
            for group in itertools.islice(waiting, workers + 1):
                pending.append(pool.submit(task, group))
            while pending:
                modes = pending.popleft().result()
                for group in itertools.islice(waiting, 1):
                    pending.append(pool.submit(task, group))
                yield modes
        finally:
            for future in pending:
                future.cancel()

    return run


def _end(pool: ProcessPoolExecutor) -> None:
    """End a pool at once: after an interruption nobody waits for groups that are being solved."""
    # ProcessPoolExecutor.terminate_workers() from Python 3.14 on
    processes = list((pool._processes or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()


def _resuming(run: Runner, task: _Task, folder: Path) -> Runner:
    """Return a runner that solves only groups that the folder lacks, and keeps what it solved."""
    from solvers.axisymmetric.checkpoint import Checkpoint

    checkpoint = Checkpoint(
        folder=folder,
        body=task.body,
        wavelength=task.wavelength,
        quality_factor_floor=task.quality_factor_floor,
        settings=task.settings,
    )

    def resuming(groups: Sequence[Sequence[int]]) -> Iterator[ModeSet]:
        known = [checkpoint.find(group) for group in groups]
        missing = [group for group, modes in zip(groups, known, strict=True) if modes is None]
        solved = run(missing)
        for group, modes in zip(groups, known, strict=True):
            if modes is None:
                modes = next(solved)
                checkpoint.keep(group, modes)
            yield modes

    return resuming


def _as_worker() -> None:
    """Make a worker compute on one thread and leave Ctrl-C to its parent, which ends it."""
    import os
    import signal

    from threadpoolctl import threadpool_limits

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threadpool_limits(1)
    # Libraries that are loaded later (SciPy and NGSolve bring their own) read this when they are.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"


def _scan(
    body: BodyOfRevolution,
    wavelength: tuple[float, float],
    azimuthal_order: int | Iterable[int] | None,
    run: Runner,
    progress: Progress | None,
) -> Iterator[tuple[Sequence[int], ModeSet]]:
    """Yield (orders, their modes).

    Without given orders, scan from m = 0 upwards until neighbouring groups are empty, then from
    the highest possible one downwards likewise: pillar modes live at the low end, whispering-
    gallery modes at the high end. What is solved in vain when the last scan stops is abandoned.
    """
    if azimuthal_order is not None:
        orders = [azimuthal_order] if isinstance(azimuthal_order, int) else list(azimuthal_order)
        groups = order_groups(sorted(set(orders)))
        yield from _reported(groups, run, progress, 0, len(set(orders)))
        return
    highest = highest_order(body, min(wavelength))
    groups = order_groups(list(range(highest + 1)))
    total = highest + 1
    # The first groups from m = 0 alone: where they are empty, nothing is begun beyond them.
    lowest, above = groups[:_EMPTY_GROUPS_TO_STOP], groups[_EMPTY_GROUPS_TO_STOP:]
    empty = 0
    for group, modes in _reported(lowest, run, progress, 0, total):
        yield group, modes
        empty = 0 if len(modes) else empty + 1
    done = sum(len(group) for group in lowest)
    if empty < _EMPTY_GROUPS_TO_STOP:
        for group, modes in _until_empty(above, run, progress, done, total, empty):
            yield group, modes
            done += len(group)
    # The bound on m is not sharp: empty groups count only after the first mode.
    remaining = [group for group in groups[::-1] if group[0] >= done]
    yield from _until_empty(remaining, run, progress, done, total, None)


def _until_empty(
    groups: Sequence[Sequence[int]],
    run: Runner,
    progress: Progress | None,
    done: int,
    total: int,
    empty: int | None,
) -> Iterator[tuple[Sequence[int], ModeSet]]:
    """Yield (orders, their modes) until so many neighbouring groups are empty.

    `empty` is how many are already; None: empty groups count only after the first mode.
    """
    for group, modes in _reported(groups, run, progress, done, total):
        yield group, modes
        if len(modes):
            empty = 0
        elif empty is not None:
            empty += 1
        if empty == _EMPTY_GROUPS_TO_STOP:
            break


def order_groups(orders: list[int]) -> list[list[int]]:
    """Split ascending orders into runs that share one mesh, made for the lowest of each.

    A run spans at most 5 % in m, which bounds the part of the mesh that is needlessly large.
    """
    groups: list[list[int]] = []
    for order in orders:
        if groups and order > 3 and order <= max(groups[-1][0] * 1.05, groups[-1][0] + 1):
            groups[-1].append(order)
        else:
            groups.append([order])
    return groups


def _reported(
    groups: Sequence[Sequence[int]],
    run: Runner,
    progress: Progress | None,
    done: int,
    total: int,
) -> Iterator[tuple[Sequence[int], ModeSet]]:
    for group, modes in zip(groups, run(groups), strict=True):
        done += len(group)
        _log.info("azimuthal orders %d-%d: %d modes", group[0], group[-1], len(modes))
        if progress is not None:
            progress(done, total)
        yield group, modes
