"""Sweeps: every point of a study computed once, kept at once, gathered in one data set."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from studies.design import Design
from studies.errors import DesignError
from studies.files import check_writable
from studies.point import Record, compute_points
from studies.point_run import Compute, finish_points, stored_points
from studies.store import Store
from studies.study import Point, Study

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["PointResult", "SweepEvent", "SweepResult", "sweep"]


@dataclass(frozen=True, kw_only=True)
class SweepEvent:
    """Progress of a sweep.

    Attributes:
        done: points that are finished, failed ones included; total: all points.
        failed: points that ended in an error; stored: points that were there at the start.
        computed: points that were computed since.
        seconds: time since the start.
    """

    done: int
    total: int
    failed: int
    stored: int
    computed: int
    seconds: float

    @property
    def seconds_left(self) -> float | None:
        """Estimate of the time left (s), None before the first point of this run."""
        if self.computed == 0:
            return None
        return self.seconds / self.computed * (self.total - self.done)

    def text(self) -> str:
        """Return one line."""
        left = self.seconds_left
        parts = [f"{self.done}/{self.total} points"]
        if self.stored:
            parts.append(f"{self.stored} of them from before")
        if self.failed:
            parts.append(f"{self.failed} failed")
        parts.append(f"{self.seconds:.0f} s")
        if left is not None and self.done < self.total:
            parts.append(f"about {left:.0f} s left")
        return ", ".join(parts)


@dataclass(frozen=True, kw_only=True, eq=False)
class PointResult:
    """One point and what came of it.

    Attributes:
        point: the point.
        record: see `studies.point.compute_points`; it has "numbers" or "error".
        stored: whether it was there before this run.
    """

    point: Point
    record: Record
    stored: bool

    @property
    def error(self) -> str | None:
        """Why the point has no numbers, None when it has."""
        return self.record.get("error")


@dataclass(frozen=True, kw_only=True, eq=False)
class SweepResult:
    """A finished sweep.

    Attributes:
        study: what was swept; points: in the order of the study.
        seconds: wall time of this run.
        folder: where the files are, None when nothing was written.
    """

    study: Study
    points: tuple[PointResult, ...]
    seconds: float
    folder: Path | None = None

    def to_dataset(self) -> xr.Dataset:
        """Return the numbers over the swept parameters, units in attrs."""
        from studies.sweep_dataset import sweep_dataset

        return sweep_dataset(self)

    def summary(self, *, reasons: bool = True) -> str:
        """Return one line: how many points, from where, how long, why the first one failed."""
        stored = sum(point.stored for point in self.points)
        failed = [point for point in self.points if point.error is not None]
        text = f"{len(self.points)} points: {len(self.points) - stored} computed in "
        text += f"{self.seconds:.1f} s, {stored} from before"
        if failed:
            text += f", {len(failed)} failed"
        if failed and reasons:
            text += f" (first: {failed[0].error})"
        return text


def sweep(
    study: Study,
    out: str | Path | None = None,
    *,
    store: Store | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    fresh: bool = False,
    retry_failed: bool = False,
    progress: Callable[[SweepEvent], None] | None = None,
    compute: Compute = compute_points,
) -> SweepResult:
    """Return the results of all points of a study; with `out`, write them.

    Each point goes to the store the moment it is finished, so that a sweep that was killed goes
    on without computing anything twice. A point that fails is recorded with its error and does
    not stop the others.

    Args:
        study: see `load_study`.
        out: folder for sweep.h5, sweep.csv, result.json, pictures and report.html; the store
            is in it, in the folder "store", unless `store` is given.
        store: where finished points are kept.
        workers: processes on this machine, None for one per core, 0 to compute in this one.
        scheduler: address of a Dask scheduler to compute on instead.
        fresh: compute points again that the store has.
        retry_failed: compute points again that ended in an error with the same input.
        progress: called when a point is finished.
        compute: what is computed at a point, importable by the workers.

    Raises:
        DesignError: `out` cannot be written, or the scheduler does not answer.
    """
    start = time.perf_counter()
    folder = None if out is None else Path(out)
    if folder is not None:
        check_writable(folder)
    if store is None:
        from studies.store import default_root

        store = Store(folder / "store" if folder is not None else default_root())
    points = list(study.points())
    results: dict[int, PointResult] = {}
    designs: dict[int, Design] = {}
    for point in points:
        try:
            designs[point.number] = point.design()
        except DesignError as error:
            record = {"error": str(error), "lasting": True}
            results[point.number] = PointResult(point=point, record=record, stored=False)
    known = {} if fresh else stored_points(designs, store, retry_failed=retry_failed)
    for number, record in known.items():
        results[number] = PointResult(point=points[number], record=record, stored=True)
    tell = _teller(results, len(points), start, progress)
    tell()
    missing = {number: design for number, design in designs.items() if number not in known}
    for number, record in finish_points(
        missing, store, workers=workers, scheduler=scheduler, fresh=fresh, compute=compute
    ):
        results[number] = PointResult(point=points[number], record=record, stored=False)
        tell()
    outcome = SweepResult(
        study=study,
        points=tuple(results[point.number] for point in points),
        seconds=time.perf_counter() - start,
        folder=folder,
    )
    if folder is not None:
        from studies.sweep_files import write_sweep

        write_sweep(outcome, folder)
    return outcome


def _teller(
    results: dict[int, PointResult],
    total: int,
    start: float,
    progress: Callable[[SweepEvent], None] | None,
) -> Callable[[], None]:
    """Return a function that reports how far the sweep is."""
    there, stored = len(results), sum(result.stored for result in results.values())

    def tell() -> None:
        if progress is not None:
            event = SweepEvent(
                done=len(results),
                total=total,
                failed=sum(result.error is not None for result in results.values()),
                stored=stored,
                computed=len(results) - there,
                seconds=time.perf_counter() - start,
            )
            progress(event)

    return tell
