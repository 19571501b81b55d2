"""What tests with an engine share: a workspace of their own, and the skip without an engine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from solvers.engines.discovery import Interpreter, require_meep
from solvers.engines.errors import EngineMissing
from solvers.engines.run_worker import RunOptions

__all__ = ["engine_options", "interpreter_or_skip"]


def engine_options(workspace: Path, *, mpb: bool = False) -> RunOptions:
    """Return options with a workspace, or skip where Meep (or meep.mpb) is missing."""
    return RunOptions(workspace=workspace, interpreter=interpreter_or_skip(mpb=mpb))


def interpreter_or_skip(*, mpb: bool = False, mpi: bool = False) -> Interpreter:
    """Return the interpreter of an engine; without one skip, and fail in continuous integration."""
    try:
        return require_meep(mpb=mpb, mpi=mpi)
    except EngineMissing as missing:
        if os.environ.get("CI"):
            pytest.fail(f"an engine test must not be skipped here: {missing}")
        pytest.skip(str(missing).partition(";")[0])
