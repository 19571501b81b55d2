"""Wavelength, Q and threshold of every disk on a mask: one solution for each exposure time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cavities import ParabolicMicrodisk
from studies.design import Design
from studies.errors import DesignError
from studies.point import compute_points
from studies.point_run import Compute, finish_points, stored_points
from studies.store import Store

if TYPE_CHECKING:
    from layouts.chip_layout import Layout

__all__ = ["predict_devices"]

COLUMNS = {
    "wavelength_um": ("lasing_wavelength", "best_wavelength"),
    "quality_factor": ("lasing_quality_factor", "best_quality_factor"),
    "threshold_uj_per_cm2": ("fluence_uj_per_cm2", ""),
}


def predict_devices(
    design: Design,
    chip: Layout,
    store: Store,
    *,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    compute: Compute = compute_points,
) -> Layout:
    """Return the mask with the predicted numbers of every disk in its manifest.

    Disks of the same exposure time are one cavity; each is solved in the design's window with
    the design's settings, over processes, and kept in the store. Where a disk has no mode that
    lases, its highest Q is given without a threshold; where it has no mode, nothing.

    Args:
        design: a parabolic microdisk with an exposure.
        chip: its mask.
        store: where finished disks are kept.
        workers: processes on this machine, None for one per core, 0 for this one.
        progress: called with (exposure times done, exposure times in all).
        compute: what is computed, importable by the workers.

    Raises:
        DesignError: the cavity has no exposure.
    """
    cavity = design.cavity
    if not isinstance(cavity, ParabolicMicrodisk) or cavity.exposure is None:
        raise DesignError(
            "needs a parabolic microdisk with an exposure to predict its disks, got "
            f"{type(cavity).__name__}; leave out --predict",
            key="cavity",
        )
    times = sorted({device.exposure_time_ms for device in chip.devices if device.exposure_time_ms})
    designs = {
        time: design.changed(cavity=cavity.changed(exposure=cavity.exposure.changed(time_ms=time)))
        for time in times
    }
    records = stored_points(designs, store)
    missing = {time: design for time, design in designs.items() if time not in records}
    for time, record in finish_points(missing, store, workers=workers, compute=compute):
        records[time] = record
        if progress is not None:
            progress(len(records), len(times))
    rows = {time: _row(record) for time, record in records.items()}
    return chip.with_results(
        {
            device.name: rows[device.exposure_time_ms]
            for device in chip.devices
            if device.exposure_time_ms and rows[device.exposure_time_ms]
        }
    )


def _row(record: dict[str, Any]) -> dict[str, float]:
    """Return the manifest's columns of one record."""
    numbers = record.get("numbers", {})
    lases = numbers.get("lasing_wavelength") is not None
    row = {}
    for column, (lasing, best) in COLUMNS.items():
        value = numbers.get(lasing if lases else best)
        if value is not None:
            row[column] = float(value)
    return row
