"""The pages on ASE, transient absorption and cross-sections: their examples print what they say."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("page", "examples"), [("ase", 20), ("transient_absorption", 12), ("cross_sections", 9)]
)
def test_examples_of_the_page(page: str, examples: int) -> None:
    path = Path(__file__).parents[2] / "docs" / f"{page}.md"
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    result = doctest.testfile(str(path), module_relative=False, optionflags=flags)
    assert result.attempted >= examples
    assert result.failed == 0
