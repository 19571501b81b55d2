"""What produced a result: versions of the packages and a digest of our own sources."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import platform
from collections.abc import Iterable
from pathlib import Path

__all__ = ["code_digest", "package_version", "suite_version", "versions"]

PACKAGES = ("numpy", "scipy", "ngsolve", "pydantic", "gdsfactory", "klayout", "xarray", "h5py")


def package_version(name: str) -> str:
    """Return the version of an installed distribution, or "not installed"."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def suite_version() -> str:
    """Return the version of Lasewright ("0+source" when it runs from an unpacked tree)."""
    found = package_version("lasewright")
    return "0+source" if found == "not installed" else found


@functools.cache
def code_digest(packages: tuple[str, ...]) -> str:
    """Return a digest of the Python sources of our packages, e.g. ("cavities", "solvers").

    It is part of every key of the store: a result is never taken from another version of the
    code that makes it, released or not.
    """
    digest = hashlib.sha256()
    for package in packages:
        for path in _sources(package):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _sources(package: str) -> Iterable[Path]:
    """Return the Python and data files of a package, in a fixed order."""
    spec = importlib.util.find_spec(package)
    roots = list(spec.submodule_search_locations or ()) if spec else []
    return sorted(
        path
        for root in roots
        for path in Path(root).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    )


def versions(names: Iterable[str] = PACKAGES) -> dict[str, str]:
    """Return the versions of Lasewright, Python and the packages a result depends on."""
    found = {name: package_version(name) for name in names}
    return {"lasewright": suite_version(), "python": platform.python_version(), **found}
