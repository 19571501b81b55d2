"""Pictures are drawn without a screen and closed after each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture
def no_screen() -> Iterator[None]:
    import matplotlib as mpl

    before = mpl.get_backend()
    mpl.use("Agg")
    import matplotlib.pyplot as plt

    yield
    plt.close("all")
    mpl.use(before)
