"""The page on band structures: its examples run and print what it says."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from tests.solvers.engine_case import engine_options


@pytest.mark.meep
def test_examples_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine_options(tmp_path, mpb=True)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    page = Path(__file__).parents[2] / "docs" / "band_structure.md"
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    result = doctest.testfile(str(page), module_relative=False, optionflags=flags)
    assert result.attempted >= 14
    assert result.failed == 0
