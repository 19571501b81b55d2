"""Meep for the tests that need it, and a folder of runs that they share."""

from __future__ import annotations

import pytest

from solvers.engines.run_worker import RunOptions
from tests.solvers.engine_case import engine_options


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> RunOptions:
    """Options that run Meep in a temporary workspace."""
    return engine_options(tmp_path_factory.mktemp("engines"))
