"""Meep for the tests that need it, and a folder of runs that they share."""

from __future__ import annotations

import pytest

from solvers.engines.discovery import require_meep
from solvers.engines.errors import EngineMissing
from solvers.engines.run_worker import RunOptions


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> RunOptions:
    """Options that run Meep in a temporary workspace."""
    try:
        interpreter = require_meep()
    except EngineMissing as missing:
        pytest.skip(str(missing))
    return RunOptions(workspace=tmp_path_factory.mktemp("engines"), interpreter=interpreter)
