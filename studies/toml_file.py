"""TOML files: read, with every failure as one line. Imports nothing heavy."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from studies.errors import DesignError, one_line

__all__ = ["read_toml"]


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file.

    Raises:
        DesignError: no such file, not readable, not TOML.
    """
    try:
        with path.open("rb") as stream:
            return tomllib.load(stream)
    except FileNotFoundError:
        raise DesignError("no such file; check the path", source=str(path)) from None
    except OSError as error:
        raise DesignError(f"cannot be read: {error.strerror}", source=str(path)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DesignError(f"must be TOML: {one_line(str(error))}", source=str(path)) from None
