"""Files that appear complete or not at all: written beside the target, then renamed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["replace_when_complete"]


@contextmanager
def replace_when_complete(path: str | Path, *, suffixes: tuple[str, ...]) -> Iterator[Path]:
    """Yield a temporary path in the folder of `path`; rename it to `path` on success.

    When the body raises, the temporary file is removed and `path` is as it was before.

    Args:
        path: the file to write; its folder must exist.
        suffixes: the allowed file name endings, with the dot; the temporary file has the same.

    Raises:
        ValueError: the suffix is not one of `suffixes`, or `path` is a folder.
        OSError: the folder does not exist or cannot be written.
    """
    target = Path(path)
    if target.suffix.lower() not in suffixes:
        raise ValueError(
            f"path: must end in {' or '.join(suffixes)}, got {str(path)!r}; change the ending"
        )
    if target.is_dir():
        raise ValueError(f"path: must be a file, got the folder {str(path)!r}; add a file name")
    try:
        handle, name = tempfile.mkstemp(
            prefix=f".{target.stem}-", suffix=target.suffix.lower(), dir=target.parent
        )
        os.close(handle)
    except OSError as error:
        raise type(error)(
            error.errno,
            f"path: the folder must exist and be writable ({error.strerror}), "
            f"got {str(target.parent)!r}; create it or choose another",
        ) from None
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
