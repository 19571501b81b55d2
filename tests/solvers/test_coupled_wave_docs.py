"""The code of docs/coupled_wave.md runs and prints what the page says."""

import doctest
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "coupled_wave.md"


def test_examples_print_what_the_page_says() -> None:
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    result = doctest.testfile(str(DOCUMENT), module_relative=False, optionflags=options)
    assert result.attempted >= 7
    assert result.failed == 0
