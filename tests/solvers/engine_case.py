"""What tests with an engine share: a workspace of their own, and the skip without an engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from solvers.engines.discovery import require_meep
from solvers.engines.errors import EngineMissing
from solvers.engines.run_worker import RunOptions

__all__ = ["engine_options"]


def engine_options(workspace: Path, *, mpb: bool = False) -> RunOptions:
    """Return options with a workspace, or skip where Meep (or meep.mpb) is missing."""
    try:
        interpreter = require_meep(mpb=mpb)
    except EngineMissing as problem:
        pytest.skip(str(problem).partition(";")[0])
    return RunOptions(workspace=workspace, interpreter=interpreter)
