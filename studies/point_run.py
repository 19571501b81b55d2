"""Many designs, each computed once: from the store where they are there, else over processes."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from studies.cluster import computed
from studies.design import Design
from studies.mode_stage import CODE, keep_modes, modes_key, stored_modes
from studies.point import Record, compute_points, point_key
from studies.store import Store
from studies.versions import code_digest

if TYPE_CHECKING:
    from solvers.modes import ModeSet

__all__ = ["Compute", "finish_points", "stored_points"]

Compute = Callable[[Sequence[Design], "ModeSet | None"], tuple[list[Record], "ModeSet | None"]]
"""A function like `studies.point.compute_points`."""

Name = TypeVar("Name", bound=Hashable)
KIND = "points"


def stored_points(
    designs: Mapping[Name, Design], store: Store, *, retry_failed: bool = False
) -> dict[Name, Record]:
    """Return the records that the store has of the designs, by name.

    Args:
        designs: designs by name.
        store: where finished points are kept.
        retry_failed: leave out what ended in an error that would come again.
    """
    found = {}
    for name, design in designs.items():
        record = _stored(store, point_key(design), retry_failed=retry_failed)
        if record is not None:
            found[name] = record
    return found


def finish_points(
    designs: Mapping[Name, Design],
    store: Store,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    fresh: bool = False,
    compute: Compute = compute_points,
) -> Iterator[tuple[Name, Record]]:
    """Compute designs; yield (name, record) as they finish, each in the store by then.

    Designs that differ in medium, pump or losses only share one solution of the modes.

    Args:
        designs: designs by name.
        store: where finished points are kept.
        workers: processes on this machine, None for one per core, 0 to compute in this one.
        scheduler: address of a Dask scheduler to compute on instead.
        fresh: solve for modes that the store has, too.
        compute: what is computed, importable by the workers.

    Raises:
        DesignError: the scheduler does not answer.
    """
    groups: dict[str, dict[str, Design]] = {}
    waiting: dict[str, list[Name]] = {}
    for name, design in designs.items():
        key = point_key(design)
        groups.setdefault(modes_key(design), {})[key] = design
        waiting.setdefault(key, []).append(name)
    work = {
        shared: (tuple(group.values()), None if fresh else stored_modes(_first(group), store))
        for shared, group in groups.items()
    }
    sources = code_digest((*CODE, "gain")) if scheduler is not None else None
    task = functools.partial(_compute, compute, sources)
    for shared, found, error in computed(task, work, workers=workers, scheduler=scheduler):
        group = groups[shared]
        records, modes = found or ([{"error": error, "lasting": False}] * len(group), None)
        if modes is not None:
            keep_modes(_first(group), modes, store)
        for key, record in zip(group, records, strict=True):
            _keep(store, key, record, group[key])
            for name in waiting[key]:
                yield name, record


def _first(group: Mapping[str, Design]) -> Design:
    """Return one of the designs that share their modes."""
    return next(iter(group.values()))


def _compute(
    compute: Compute, sources: str | None, work: tuple[tuple[Design, ...], ModeSet | None]
) -> tuple[list[Record], ModeSet | None]:
    """Compute the designs of one group; what the workers run.

    Raises:
        RuntimeError: the worker of a scheduler elsewhere runs other sources than we do.
    """
    if sources is not None and code_digest((*CODE, "gain")) != sources:
        raise RuntimeError("the worker runs another version of Lasewright; install the same one")
    designs, modes = work
    return compute(designs, modes)


def _stored(store: Store, key: str, *, retry_failed: bool) -> Record | None:
    """Return the record of a point that is finished; failures that may pass do not count."""
    folder = store.find(KIND, key)
    if folder is None:
        return None
    record: Record = json.loads((folder / "record.json").read_text("utf-8"))
    if "error" in record and (retry_failed or not record.get("lasting")):
        return None
    return record


def _keep(store: Store, key: str, record: Record, design: Design) -> None:
    """Put the record of a finished point into the store."""
    store.remove(KIND, key)
    with store.writing(KIND, key, about={"design": design.name}) as draft:
        (draft / "record.json").write_text(json.dumps(record), encoding="utf-8")
