"""All zeros of an analytic function in a rectangle: Newton starts, checked by a count."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable

import numpy as np

__all__ = ["all_roots", "count_roots"]

Function = Callable[[complex], complex]


def all_roots(
    function: Function, *, low: float, high: float, depth: float, spacing: float = 0.07
) -> list[complex]:
    """Return every zero with low < Re x < high and -depth < Im x < 0.3, sorted by Re x.

    Args:
        function: analytic in the rectangle.
        spacing: distance of the starts along the real axis; well below that of the zeros.

    Raises:
        AssertionError: the roots found are not as many as the argument principle demands.
    """
    wanted = count_roots(function, low=low, high=high, depth=depth)
    roots: list[complex] = []
    heights = [-depth * share for share in (0.003, 0.15, 0.4, 0.7, 0.95)]
    for real in np.linspace(low, high, max(3, math.ceil((high - low) / spacing))):
        if len(roots) == wanted:
            break
        for imag in heights:
            root = _newton(function, complex(real, imag))
            if root is None or not (low < root.real < high and -depth < root.imag < 0.3):
                continue
            if all(abs(root - other) > 1e-7 for other in roots):
                roots.append(root)
    assert len(roots) == wanted, f"{len(roots)} zeros found, {wanted} by the argument principle"
    return sorted(roots, key=lambda root: root.real)


def count_roots(function: Function, *, low: float, high: float, depth: float) -> int:
    """Return the number of zeros in the rectangle from the winding of the function's phase."""
    corners = [complex(low, -depth), complex(high, -depth), complex(high, 0.3), complex(low, 0.3)]
    turned = sum(
        _phase_change(function, a, b)
        for a, b in zip(corners, corners[1:] + corners[:1], strict=True)
    )
    turns = turned / (2 * math.pi)
    assert abs(turns - round(turns)) < 1e-6
    return round(turns)


def _phase_change(function: Function, start: complex, end: complex) -> float:
    """Follow the phase from start to end, halving steps until each turns by less than 0.5."""
    total = 0.0
    step = min(0.05, abs(end - start))
    place, value = start, function(start)
    direction = (end - start) / abs(end - start)
    while (left := abs(end - place)) > 1e-14:
        step = min(step, left)
        following = end if step == left else place + step * direction
        ahead = function(following)
        change = cmath.phase(ahead / value)
        if abs(change) > 0.5:
            step /= 2
            assert step > 1e-9, f"a zero lies on the edge of the rectangle near {place}"
            continue
        total += change
        place, value, step = following, ahead, min(2 * step, 0.05)
    return total


def _newton(function: Function, start: complex) -> complex | None:
    """Return where the secant iteration from a start converges, None where it does not."""
    before, here = start, start + 1e-4
    f_before, f_here = function(before), function(here)
    for _ in range(40):
        if f_here == f_before or not cmath.isfinite(f_here):
            return None
        following = here - f_here * (here - before) / (f_here - f_before)
        if abs(following - start) > 1.0:
            return None
        before, f_before = here, f_here
        here, f_here = following, function(following)
        if abs(here - before) < 1e-11 * abs(here):
            return here
    return None
