"""Jobs of external engines: an input directory, its content key, and the kept result.

A finished job is a folder `<workspace>/<kind>/<k0k1>/<key>/` with `input/` (job.json, arrays),
`output/` (result.json, arrays) and `log.txt`. It is prepared under a temporary name and appears by
one rename: it is whole or absent. The key covers the content of the input, the version of the
engine and the worker scripts, so that a result is never taken from another program.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "EngineJob",
    "EngineResult",
    "JobSize",
    "default_workspace",
    "finished",
    "read_arrays",
    "worker_digest",
    "write_arrays",
]

FORMAT = 1
HERE = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class JobSize:
    """What a job is estimated to need, good to about a factor of two.

    Attributes:
        memory_gb: of all ranks together; time_s: on one core of a present machine.
        text: what it consists of, e.g. "1.2e6 pixels x 4e4 steps".
    """

    memory_gb: float
    time_s: float
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class EngineJob:
    """The input of one engine run.

    Attributes:
        kind: name of the worker script without "_worker.py": "meep" or "mpb".
        request: JSON-able description, written as job.json.
        arrays: numbers that are too many for JSON.
        size: what it needs; None: not estimated, never refused.
        title: a few words for progress and errors; not part of the key.

    Example:
        >>> job = EngineJob(kind="meep", request={"resolution": 20})
        >>> job.key("1.25.0") == EngineJob(kind="meep", request={"resolution": 21}).key("1.25.0")
        False
    """

    kind: str
    request: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    size: JobSize | None = None
    title: str = ""

    @property
    def worker(self) -> Path:
        """The script that runs the job."""
        return HERE / f"{self.kind}_worker.py"

    def text(self) -> str:
        """Return the request as it is written."""
        return json.dumps(self.request, sort_keys=True, indent=1, allow_nan=False)

    def key(self, engine_version: str) -> str:
        """Return the key (64 hex digits) of the input, the engine and the worker."""
        head = f"{FORMAT}\0{self.kind}\0{engine_version}\0{worker_digest()}\0{self.text()}"
        digest = hashlib.sha256(head.encode())
        for name in sorted(self.arrays):
            values = np.ascontiguousarray(self.arrays[name])
            digest.update(f"\0{name}\0{values.dtype.str}\0{values.shape}\0".encode())
            digest.update(values.tobytes())
        return digest.hexdigest()

    def write(self, folder: Path, *, hdf5: bool = True) -> None:
        """Write the input directory.

        Args:
            folder: made if missing; hdf5: whether the engine's interpreter reads HDF5.
        """
        folder.mkdir(parents=True, exist_ok=True)
        if self.arrays:
            write_arrays(folder / "arrays", self.arrays, hdf5=hdf5)
        (folder / "job.json").write_text(self.text())


@dataclass(frozen=True, kw_only=True)
class EngineResult:
    """The output of one engine run.

    Attributes:
        folder: the job's folder; report: content of result.json.
        reused: whether it was there before; wall_s: seconds that the run took when it was made.
        engine: version of the engine; ranks: MPI processes.
    """

    folder: Path
    report: Mapping[str, Any]
    reused: bool
    wall_s: float
    engine: str
    ranks: int

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays that the worker wrote, {} when it wrote none."""
        return read_arrays(self.folder / "output" / "arrays")


def default_workspace() -> Path:
    """Return the folder of engine jobs in the user's cache (XDG_CACHE_HOME or ~/.cache)."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "lasewright" / "engines"


def finished(folder: Path) -> dict[str, Any] | None:
    """Return the report of a whole finished job, None when it is absent or damaged."""
    try:
        report = json.loads((folder / "output" / "result.json").read_text())
        for name, size in report["files"].items():
            if (folder / "output" / name).stat().st_size != size:
                return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return dict(report)


def write_arrays(stem: Path, arrays: Mapping[str, NDArray[Any]], *, hdf5: bool = True) -> Path:
    """Write arrays to `<stem>.h5`, or to `<stem>.npz` without HDF5; return the file."""
    if not hdf5:
        np.savez(stem.with_suffix(".npz"), **dict(arrays))  # type: ignore[arg-type]
        return stem.with_suffix(".npz")
    import h5py

    with h5py.File(stem.with_suffix(".h5"), "w") as file:
        for name, values in arrays.items():
            file[name] = values
    return stem.with_suffix(".h5")


def read_arrays(stem: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of `<stem>.h5` or `<stem>.npz`, {} when there is neither file."""
    if stem.with_suffix(".h5").exists():
        import h5py

        with h5py.File(stem.with_suffix(".h5"), "r") as file:
            return {name: np.asarray(file[name]) for name in file}
    if stem.with_suffix(".npz").exists():
        with np.load(stem.with_suffix(".npz")) as file:
            return {name: np.asarray(file[name]) for name in file.files}
    return {}


@functools.cache
def worker_digest() -> str:
    """Return a digest of the worker scripts."""
    digest = hashlib.sha256()
    for path in sorted(HERE.glob("*_worker.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
