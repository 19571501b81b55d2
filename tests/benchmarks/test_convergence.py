"""Ladders with a known law give their limit and their cost back."""

from __future__ import annotations

import pytest

from benchmarks.convergence import Rung, extrapolate, time_to_reach


def ladder(error: dict[int, float], spacings: tuple[float, ...], limit: float = 3.0) -> list[Rung]:
    """Rungs of value limit + sum c_p h^p whose cost is h^-3."""
    return [
        Rung(spacing=h, value=limit + sum(c * h**p for p, c in error.items()), cost_s=h**-3)
        for h in spacings
    ]


def test_limit_of_a_mixed_law_is_exact_in_any_order() -> None:
    rungs = ladder({1: 0.7, 2: -1.3}, (0.5, 0.1, 0.2, 0.4))
    found = extrapolate(rungs)
    assert found.value == pytest.approx(3.0, abs=1e-12)
    assert found.uncertainty < 1e-12


def test_uncertainty_shows_a_law_that_the_model_lacks() -> None:
    found = extrapolate(ladder({3: 5.0}, (0.4, 0.3, 0.2, 0.1)))
    assert found.uncertainty > abs(found.value - 3.0) > 1e-3


def test_too_few_rungs_are_an_error() -> None:
    with pytest.raises(ValueError, match="at least 4 are needed for 2 powers, got 3"):
        extrapolate(ladder({2: 1.0}, (0.3, 0.2, 0.1)))


def test_extrapolated_cost_follows_both_laws() -> None:
    """Error h^2 = 3e-4 at h = sqrt(3e-4); cost h^-3."""
    reach = time_to_reach(ladder({2: 1.0}, (0.4, 0.2, 0.1)), 1e-4, limit=3.0)
    assert not reach.measured
    assert reach.spacing == pytest.approx(3e-4**0.5, rel=5e-3)
    assert reach.cost_s == pytest.approx(3e-4**-1.5, rel=2e-2)


def test_a_lucky_crossing_of_zero_does_not_count() -> None:
    """Error h - 4 h^2 vanishes at h = 0.25 and is 0.0625 at 0.125."""
    rungs = ladder({1: 1.0, 2: -4.0}, (0.25, 0.125, 0.0625))
    reach = time_to_reach(rungs, 0.05 / 3, limit=3.0)
    assert reach.spacing == pytest.approx(0.0625)
    assert reach.measured


def test_an_extrapolated_spacing_lies_below_the_last_crossing() -> None:
    """Error h - 4 h^2 <= 3e-3 for every h below 0.00304, and again near 0.25."""
    rungs = ladder({1: 1.0, 2: -4.0}, (0.5, 0.35, 0.3))
    reach = time_to_reach(rungs, 1e-3, limit=3.0)
    assert reach.spacing == pytest.approx(0.00304, rel=1e-2)
