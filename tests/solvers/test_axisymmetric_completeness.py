"""One wide window finds what many narrow ones find, also where modes nearly coincide."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from cavities import ParabolicMicrodisk
from solvers import solve_modes

WINDOW = (0.60, 0.68)
FLOOR = 100.0


@pytest.mark.parametrize("order", [35, 48])
def test_wide_window_misses_nothing(order: int) -> None:
    """A bowl on gold: at m = 48 two modes near 602 nm are alike, at m = 35 one strays."""
    disk = ParabolicMicrodisk(
        top_radius=5.0,
        base_radius=3.0,
        height=3.0,
        coat_thickness=0.075,
        coat_material=1.85,
        reflector_thickness=0.2,
    )
    wide = solve_modes(
        disk,
        WINDOW,
        azimuthal_order=order,
        quality_factor_floor=FLOOR,
        accuracy="fast",
    )
    known = np.asarray([mode.wavenumber for mode in wide])
    edges = np.linspace(2 * math.pi / WINDOW[1], 2 * math.pi / WINDOW[0], 6)
    count = 0
    for low, high in itertools.pairwise(edges):
        narrow = solve_modes(
            disk,
            (2 * math.pi / high, 2 * math.pi / low),
            azimuthal_order=order,
            quality_factor_floor=1.03 * FLOOR,
            accuracy="fast",
        )
        count += len(narrow)
        for mode in narrow:
            # Another window, another mesh: "fast" is good to some 1e-5; modes are 1e-3 apart.
            assert np.abs(known - mode.wavenumber).min() < 2e-4 * abs(mode.wavenumber)
    assert 0 <= len(wide) - count <= 2
    distances = np.abs(known[:, None] - known[None, :]) + 10 * np.eye(len(known))
    assert distances.min() > 4e-4 * abs(known).max()
