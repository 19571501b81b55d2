"""Tables that a command writes: modes and thresholds as CSV, JSON or HDF5."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from studies.errors import DesignError
from studies.files import atomic_path, check_writable, write_text
from studies.result_json import mode_entries, plain, threshold_entry

if TYPE_CHECKING:
    from gain.lasing_threshold import ThresholdResult
    from solvers.modes import ModeSet

__all__ = ["check_table_file", "write_modes", "write_threshold"]


def check_table_file(
    path: Path | None, *, suffixes: tuple[str, ...] = (".csv", ".json", ".h5")
) -> None:
    """Raise when a table could not be written to the path later.

    Raises:
        DesignError: unknown ending, a folder, or a place that cannot be written.
    """
    if path is None:
        return
    if path.suffix.lower() not in suffixes:
        raise DesignError(f"must end in {', '.join(suffixes)}, got {str(path)!r}", key="-o")
    if path.is_dir():
        raise DesignError(f"must be a file, got the folder {str(path)!r}", key="-o")
    check_writable(path.parent)


def write_modes(modes: ModeSet, path: Path) -> None:
    """Write the modes in the format of the path's ending."""
    if path.suffix.lower() == ".json":
        text = json.dumps(plain(mode_entries(modes)), indent=1, allow_nan=False)
        write_text(path, text + "\n")
        return
    with atomic_path(path) as temporary:
        if path.suffix.lower() == ".h5":
            modes.save(temporary)
        else:
            modes.to_dataframe().to_csv(temporary)


def write_threshold(result: ThresholdResult, path: Path) -> None:
    """Write the thresholds in the format of the path's ending."""
    if path.suffix.lower() == ".json":
        text = json.dumps(plain(threshold_entry(result)), indent=1, allow_nan=False)
        write_text(path, text + "\n")
        return
    with atomic_path(path) as temporary:
        result.to_dataframe().to_csv(temporary, index=False)
