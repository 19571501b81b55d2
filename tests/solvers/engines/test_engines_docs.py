"""The examples of docs/engines.md give what they show."""

import doctest
from pathlib import Path

DOCUMENT = Path(__file__).parents[3] / "docs" / "engines.md"


def test_examples_of_the_page() -> None:
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    result = doctest.testfile(str(DOCUMENT), module_relative=False, optionflags=flags)
    assert result.attempted >= 10
    assert result.failed == 0
