"""One wide window finds what many narrow ones find, also where modes nearly coincide."""

from __future__ import annotations

import dataclasses
import itertools
import math
from typing import Any

import numpy as np
import pytest

from cavities import ParabolicMicrodisk, Sphere
from solvers import solve_modes
from solvers.axisymmetric import spectrum
from solvers.axisymmetric.refine import RefinedModes, refine
from solvers.axisymmetric.search import Window
from solvers.axisymmetric.settings import AxisymmetricSettings
from solvers.axisymmetric.system import System, build_system

WINDOW = (0.60, 0.68)
FLOOR = 100.0
BOWL = ParabolicMicrodisk(
    top_radius=5.0,
    base_radius=3.0,
    height=3.0,
    coat_thickness=0.075,
    coat_material=1.85,
    reflector_thickness=0.2,
)


@pytest.mark.parametrize("order", [32, 35, 48])
def test_wide_window_misses_nothing(order: int) -> None:
    """A bowl on gold: at m = 48 two modes near 602 nm are alike, at m = 35 one strays.

    At m = 32 seven modes have Q of 102 to 170, among a hundred of lower Q.
    """
    wide = solve_modes(
        BOWL,
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
            BOWL,
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


def test_the_lower_space_finds_what_the_full_one_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    """At m = 34 a mode of Q = 102 has a Q of 92 in the space of order 3."""
    settings = AxisymmetricSettings.for_accuracy("fast")
    system = build_system(BOWL.body(), WINDOW, 33, settings)
    window = Window(
        low=2 * math.pi / WINDOW[1], high=2 * math.pi / WINDOW[0], quality_factor_floor=FLOOR
    )
    assert system.search_order(FLOOR) == 3
    found = spectrum.modes_of_order(system, 34, window).modes
    monkeypatch.setattr(System, "search_order", lambda self, floor: settings.order)
    expected = spectrum.modes_of_order(system, 34, window).modes
    assert len(found) == len(expected) >= 13
    for one, other in zip(found, expected, strict=True):
        assert one.wavenumber == pytest.approx(other.wavenumber, rel=2e-6)


@pytest.mark.parametrize("fault", ["another mode", "no mode", "too slow"])
def test_a_mode_that_strays_is_refined_alone(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """The first refinement gives one mode away; the set is what it is without the fault."""
    calls: list[int] = []
    faulty = False

    def counting(*arguments: Any, **options: Any) -> RefinedModes:
        found = refine(*arguments, **options)
        calls.append(len(found))
        if len(calls) > 1 or not faulty:
            return found
        wavenumbers, residuals = found.wavenumbers.copy(), found.residuals.copy()
        unfinished = found.unfinished.copy()
        if fault == "another mode":
            wavenumbers[0] = wavenumbers[1]
        elif fault == "no mode":
            residuals[0] = 0.09
        else:
            unfinished[0] = True
        return dataclasses.replace(
            found, wavenumbers=wavenumbers, residuals=residuals, unfinished=unfinished
        )

    monkeypatch.setattr(spectrum, "refine", counting)
    ball = Sphere(radius=1.0, material=1.5)
    expected = solve_modes(ball, (0.36, 0.39), azimuthal_order=20, accuracy="fast")
    without = calls.copy()
    calls.clear()
    faulty = True
    found = solve_modes(ball, (0.36, 0.39), azimuthal_order=20, accuracy="fast")
    assert len(calls) == len(without) + 1
    assert calls[0] == without[0] > 1
    assert calls.count(1) == without.count(1) + 1
    assert len(found) == len(expected) >= 2
    for one, other in zip(found, expected, strict=True):
        assert one.wavenumber == pytest.approx(other.wavenumber, rel=1e-7)
