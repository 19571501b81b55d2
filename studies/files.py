"""Files written whole or not at all: a temporary name beside the target, then a rename."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from studies.errors import DesignError

__all__ = ["atomic_path", "check_writable", "write_text"]


@contextlib.contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Give a temporary path with the target's suffix; rename it to the target at the end.

    Args:
        target: the file to make; its folder is made when missing.

    Yields:
        The path to write to. After an exception the target is as it was before.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> with atomic_path(folder / "a.txt") as path:
        ...     _ = path.write_text("whole")
        >>> [p.name for p in folder.iterdir()]
        ['a.txt']
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        dir=target.parent, prefix=".partial-", ignore_cleanup_errors=True
    ) as folder:
        path = Path(folder) / target.name
        yield path
        path.replace(target)


def write_text(target: Path, text: str) -> Path:
    """Write a text file atomically (UTF-8) and return its path."""
    with atomic_path(target) as path:
        path.write_text(text, encoding="utf-8")
    return target


def check_writable(folder: Path, *, option: str = "-o") -> None:
    """Raise when `folder` is not, and cannot become, a folder we can write to.

    Nothing is created.

    Raises:
        DesignError: it is a file, lies under a file, or may not be written.
    """
    nearest = folder
    while not nearest.exists():
        if nearest.parent == nearest:
            break
        nearest = nearest.parent
    if not nearest.is_dir():
        raise DesignError(f"must be a folder, got {str(folder)!r}: {nearest} is a file", key=option)
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise DesignError(
            f"must be writable, got {str(folder)!r}: no permission to write in {nearest}",
            key=option,
        )
