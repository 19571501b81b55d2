"""The result store: finished results on disk, keyed by what they were computed from.

An entry is a folder `<root>/<kind>/<k0k1>/<key>/` with the result's files and `entry.json`,
which holds their SHA-256 sums. An entry is prepared under a temporary name and appears by one
rename: it is whole or absent, and of two processes that finish the same entry one wins and the
other keeps the winner's. An entry that does not match its sums is moved aside and computed
again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

__all__ = ["FORMAT", "Store", "content_key", "default_root"]

FORMAT = 1
logger = logging.getLogger(__name__)


def content_key(content: Mapping[str, Any]) -> str:
    """Return the key (64 hex digits) of a JSON-able description of a computation.

    Example:
        >>> content_key({"a": 1, "b": 2}) == content_key({"b": 2, "a": 1})
        True
    """
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=True)
    return hashlib.sha256(text.encode()).hexdigest()


def default_root() -> Path:
    """Return the store's folder in the user's cache (XDG_CACHE_HOME or ~/.cache)."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "lasewright"


class Store:
    """Finished results on disk, safe under concurrent processes and kill -9.

    Args:
        root: folder of the store; made when the first entry is written.

    Example:
        >>> import tempfile
        >>> store = Store(Path(tempfile.mkdtemp()))
        >>> with store.writing("demo", "0" * 64) as folder:
        ...     _ = (folder / "n.txt").write_text("42")
        >>> (store.find("demo", "0" * 64) / "n.txt").read_text()
        '42'
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def path(self, kind: str, key: str) -> Path:
        """Return the folder an entry has or would have."""
        return self.root / kind / key[:2] / key

    def find(self, kind: str, key: str) -> Path | None:
        """Return the folder of a whole entry, or None.

        A damaged entry is moved aside (its name gains ".damaged"), with a warning in the log,
        and None is returned, so that it is computed again.
        """
        folder = self.path(kind, key)
        if not folder.is_dir():
            return None
        problem = _problem(folder)
        if problem is None:
            return folder
        logger.warning(
            "store: %s entry %s is damaged (%s): computing it again", kind, key[:12], problem
        )
        self.discard(kind, key)
        return None

    def discard(self, kind: str, key: str) -> Path | None:
        """Move an entry aside and return where it is now; None when it was already gone."""
        folder = self.path(kind, key)
        if not folder.is_dir():
            return None
        aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f"{key}.damaged-"))
        try:
            folder.replace(aside)
        except FileNotFoundError:
            aside.rmdir()
            return None
        return aside

    def remove(self, kind: str, key: str) -> None:
        """Delete an entry; nothing happens when there is none."""
        aside = self.discard(kind, key)
        if aside is not None:
            shutil.rmtree(aside, ignore_errors=True)

    @contextlib.contextmanager
    def writing(
        self, kind: str, key: str, *, about: Mapping[str, Any] | None = None
    ) -> Iterator[Path]:
        """Give an empty folder to fill; on leaving it becomes the entry, at once.

        Args:
            kind: what the entry is, e.g. "modes".
            key: content key.
            about: JSON-able notes for people, kept in entry.json.
        """
        final = self.path(kind, key)
        final.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=final.parent, prefix=f".{key[:12]}-"))
        try:
            yield draft
            sums = {p.name: _digest(p) for p in sorted(draft.iterdir())}
            entry = {"format": FORMAT, "kind": kind, "key": key, "files": sums}
            text = json.dumps({**entry, "about": dict(about or {})}, indent=1)
            (draft / "entry.json").write_text(text, encoding="utf-8")
            _flush(draft)
            self._publish(draft, final)
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _publish(self, draft: Path, final: Path) -> None:
        """Rename the draft to the entry; keep a whole entry that came first."""
        for _ in range(3):
            try:
                draft.rename(final)
                return
            except OSError:
                if not final.is_dir():
                    raise
                if _problem(final) is None:
                    return
                self.discard(final.parent.parent.name, final.name)
        raise OSError(f"store: could not write the entry {final}; remove that folder")

    def json(
        self,
        kind: str,
        key: str,
        make: Callable[[], Any],
        *,
        about: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return a JSON-able result from the store, or make and keep it."""
        folder = self.find(kind, key)
        if folder is not None:
            return json.loads((folder / "value.json").read_text("utf-8"))
        value = make()
        with self.writing(kind, key, about=about) as draft:
            (draft / "value.json").write_text(json.dumps(value), encoding="utf-8")
        return value


def _problem(folder: Path) -> str | None:
    """Return what is wrong with an entry, or None."""
    try:
        entry = json.loads((folder / "entry.json").read_text("utf-8"))
        if entry["format"] != FORMAT:
            return f"format {entry['format']}, this version reads {FORMAT}"
        for name, expected in entry["files"].items():
            if _digest(folder / name) != expected:
                return f"{name} does not match its checksum"
    except FileNotFoundError as error:
        return f"{Path(str(error.filename)).name} is missing"
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return f"unreadable: {type(error).__name__}"
    return None


def _digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _flush(folder: Path) -> None:
    """Ask the system to put the folder's files on the disk before they are renamed."""
    for path in folder.iterdir():
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
