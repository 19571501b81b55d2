"""The manifest: one row per device, what the writer is told and what is predicted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from layouts.files import replace_when_complete

if TYPE_CHECKING:
    import pandas as pd

    from layouts.device import Device

__all__ = ["COLUMNS", "RESULT_COLUMNS", "Results", "check_results", "manifest", "write_manifest"]

Results = Mapping[str, Mapping[str, float]]
"""Computed numbers by device name, then by column: wavelength_um, quality_factor, ..."""

COLUMNS = {
    "name": "unique name of the device",
    "row": "row of the table, from 1 at the top",
    "column": "column of the table, from 1 at the left",
    "x_um": "exposure spot from the origin (of a table: centre of the lower left cross)",
    "y_um": "likewise along y",
    "exposure_time_ms": "exposure time; empty for a disk that is drawn, not exposed",
    "power_uw": "laser power at the resist; empty likewise",
    "energy_uj": "power x time; empty likewise",
    "dose_factor": "energy over the energy for the nominal diameter",
    "nominal_diameter_um": "diameter that the row aims at",
    "top_diameter_um": "predicted diameter of the rim",
    "base_diameter_um": "predicted diameter on the substrate",
}
"""Columns of every manifest, with their meaning."""

RESULT_COLUMNS = {
    "wavelength_um": "wavelength of the mode predicted to lase first",
    "quality_factor": "its quality factor",
    "threshold_uj_per_cm2": "its pump fluence at threshold",
}
"""Columns that studies may add."""


class Named(Protocol):
    """Anything with a name: a disk, a test area."""

    @property
    def name(self) -> str:
        """Name on the chip."""


def check_results(devices: Sequence[Named], results: Results) -> None:
    """Check that every result belongs to a device and to a column.

    Raises:
        ValueError: an unknown device name or column.
    """
    names = {device.name for device in devices}
    for name, row in results.items():
        if name not in names:
            raise ValueError(
                f"results: keys must be device names such as {devices[0].name!r}, got {name!r}; "
                "take them from the manifest"
            )
        for column in row:
            if column not in RESULT_COLUMNS:
                raise ValueError(
                    f"results: columns must be {', '.join(RESULT_COLUMNS)}, got {column!r}; "
                    "leave it out"
                )


def manifest(devices: Sequence[Device], results: Results | None = None) -> pd.DataFrame:
    """Return the table of devices, one row each, in the order given.

    Args:
        devices: the disks.
        results: numbers to add, by device name and column; devices without stay empty (nan).

    Raises:
        ValueError: see `check_results`.

    Example:
        >>> from layouts.device import Device
        >>> disk = Device(name="A01", x=0, y=0, top_diameter=15, base_diameter=12)
        >>> float(manifest([disk]).loc[0, "top_diameter_um"])
        15.0
    """
    import pandas as pd

    table: dict[str, list[object]] = {
        "name": [d.name for d in devices],
        "row": [d.row for d in devices],
        "column": [d.column for d in devices],
        "x_um": [d.x for d in devices],
        "y_um": [d.y for d in devices],
        "exposure_time_ms": [_number(d.exposure_time_ms) for d in devices],
        "power_uw": [_number(d.power_uw) for d in devices],
        "energy_uj": [d.energy_uj for d in devices],
        "dose_factor": [d.dose_factor for d in devices],
        "nominal_diameter_um": [_number(d.nominal_diameter) for d in devices],
        "top_diameter_um": [d.top_diameter for d in devices],
        "base_diameter_um": [d.base_diameter for d in devices],
    }
    if results is not None:
        check_results(devices, results)
        for column in RESULT_COLUMNS:
            table[column] = [
                float(results.get(device.name, {}).get(column, math.nan)) for device in devices
            ]
    return pd.DataFrame(table)


def write_manifest(table: pd.DataFrame, path: str | Path) -> Path:
    """Write a manifest as CSV: a header line, a comma between columns, nine significant digits.

    The file appears complete or not at all.

    Raises:
        ValueError: the path does not end in ".csv".
        OSError: the folder cannot be written.
    """
    with replace_when_complete(path, suffixes=(".csv",)) as temporary:
        table.to_csv(temporary, index=False, float_format="%.9g", lineterminator="\n")
    return Path(path)


def _number(value: float | None) -> float:
    return math.nan if value is None else value
