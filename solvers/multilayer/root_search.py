"""Every zero of the characteristic function in a strip of the complex plane.

Rectangles are cut until each holds one zero (`argument_principle`), which Newton's method then
polishes; a zero that leaves its rectangle sends it back to be cut. The number found is compared
with the count of the whole strip.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.multilayer.argument_principle import Contour, Function, Rectangle, contours
from solvers.multilayer.characteristic import Characteristic

__all__ = ["Root", "find_roots", "newton"]

_log = logging.getLogger(__name__)

Complexes = NDArray[np.complex128]

_CUT = 0.4871  # off the middle: symmetric stacks put zeros there
_SMALLEST = 1e-11
_NEWTON_STEPS = 50


class Root(NamedTuple):
    """A zero: k (rad/um), the problem it belongs to, and its multiplicity."""

    wavenumber: complex
    problem: int
    multiplicity: int


@dataclass(frozen=True, kw_only=True)
class _Polished:
    wavenumber: Complexes
    converged: NDArray[np.bool_]


def newton(function: Function, start: Complexes, problems: NDArray[np.intp]) -> _Polished:
    """Return the zeros that Newton's method reaches from starting points (N,).

    With an in-plane wavenumber that follows Re k the step solves the two real equations.
    """
    k = np.array(start, dtype=np.complex128)
    best, smallest = k.copy(), np.full(k.shape, np.inf)
    last = np.full(k.shape, np.inf)
    active = np.ones(k.shape, dtype=bool)
    for _ in range(_NEWTON_STEPS):
        at = np.flatnonzero(active)
        if not len(at):
            break
        step = _step(function(k[at], problems[at]))
        size = np.abs(step) / np.abs(k[at])
        better = size < smallest[at]
        best[at[better]], smallest[at[better]] = k[at[better]], size[better]
        # Rounding makes the last steps wander: stop when they no longer shrink.
        stalled = (size < 1e-11) & (size >= last[at] / 2)
        last[at] = size
        k[at] -= step
        wrong = ~np.isfinite(k[at]) | (np.abs(k[at] - start[at]) > 0.5 * np.abs(start[at]))
        active[at[stalled | wrong | (size == 0)]] = False
    return _Polished(wavenumber=best, converged=smallest < 1e-9)


def _step(f: Characteristic) -> Complexes:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = f.value / f.by_wavenumber
        tilt = f.along_real / f.by_wavenumber
        real = ratio.real / (1 + tilt.real)
        return np.asarray(ratio - tilt * real)


def find_roots(
    function: Function, strips: Sequence[Rectangle], *, turn_per_length: float
) -> list[Root]:
    """Return every zero in the strips (one or more per problem), sorted by problem and Re k.

    Raises:
        RuntimeError: a strip could not be counted, or fewer zeros were found than counted.
    """
    queue: list[tuple[Rectangle, Contour]] = []
    expected = 0
    for rectangle, contour in _counted(function, list(strips), turn_per_length):
        assert contour.zeros is not None
        expected += contour.zeros
        queue.append((rectangle, contour))
    roots: list[Root] = []
    while queue:
        singles = [(r, c) for r, c in queue if c.zeros == 1]
        several = [r for r, c in queue if c.zeros is not None and c.zeros > 1]
        again: list[Rectangle] = []
        if singles:
            starts = np.array([c.total for _, c in singles])
            problems = np.array([r.problem for r, _ in singles], dtype=np.intp)
            polished = newton(function, starts, problems)
            for (rectangle, _), k, good in zip(
                singles, polished.wavenumber, polished.converged, strict=True
            ):
                if good and rectangle.holds(complex(k), 1e-11 * abs(k)):
                    roots.append(Root(complex(k), rectangle.problem, 1))
                else:
                    again.append(rectangle)
        pieces: list[Rectangle] = []
        for rectangle in [*several, *again]:
            if max(rectangle.right - rectangle.left, rectangle.top - rectangle.bottom) < (
                _SMALLEST * abs(rectangle.right)
            ):
                roots.append(_multiple(function, rectangle, turn_per_length))
            else:
                pieces.append(rectangle)
        queue = _cut(function, pieces, turn_per_length)
    found = sum(root.multiplicity for root in roots)
    if found != expected:
        raise RuntimeError(
            f"modes: the argument principle counts {expected} in the window, {found} were found; "
            "shift the window's ends a little"
        )
    return sorted(roots, key=lambda root: (root.problem, root.wavenumber.real))


def _counted(
    function: Function, strips: list[Rectangle], turn: float
) -> list[tuple[Rectangle, Contour]]:
    """Count the zeros of whole strips, moved outwards a little where a zero lies on an edge."""
    done: list[tuple[Rectangle, Contour]] = []
    for attempt in range(6):
        counted = contours(function, strips, turn_per_length=turn)
        pairs = list(zip(strips, counted, strict=True))
        done += [(r, c) for r, c in pairs if c.zeros is not None and c.zeros >= 0]
        strips = [_grown(r, attempt + 1) for r, c in pairs if c.zeros is None or c.zeros < 0]
        if not strips:
            return done
    r = strips[0]
    raise RuntimeError(
        f"modes: could not count the modes between k0 = {r.left:.6g} and {r.right:.6g} rad/um; "
        "shift the window's ends a little, or raise quality_factor_floor"
    )


def _grown(r: Rectangle, attempt: int) -> Rectangle:
    wide, high = r.right - r.left, r.top - r.bottom
    grow = 1e-3 * attempt
    return Rectangle(
        r.left - 0.9 * grow * wide,
        r.right + 1.1 * grow * wide,
        r.bottom - 1.3 * grow * high,
        r.top + 0.7 * grow * high,
        r.problem,
    )


def _cut(
    function: Function, rectangles: list[Rectangle], turn: float
) -> list[tuple[Rectangle, Contour]]:
    """Cut rectangles across their longer side and keep the parts that hold zeros."""
    done: list[tuple[Rectangle, Contour]] = []
    for attempt in range(8):
        if not rectangles:
            return done
        halves = [half for r in rectangles for half in _halves(r, _CUT + 0.0173 * attempt)]
        counted = contours(function, halves, turn_per_length=turn)
        failed = []
        for number, whole in enumerate(rectangles):
            pair = list(zip(halves, counted, strict=True))[2 * number : 2 * number + 2]
            if any(c.zeros is None or c.zeros < 0 for _, c in pair):
                failed.append(whole)
            else:
                done += [(r, c) for r, c in pair if c.zeros]
        rectangles = failed
    raise RuntimeError(
        f"modes: could not separate the modes near k0 = {rectangles[0].left:.9g} rad/um; "
        "shift the window's ends a little"
    )


def _halves(r: Rectangle, where: float) -> tuple[Rectangle, Rectangle]:
    if r.right - r.left >= r.top - r.bottom:
        middle = r.left + where * (r.right - r.left)
        return r._replace(right=middle), r._replace(left=middle)
    middle = r.bottom + where * (r.top - r.bottom)
    return r._replace(top=middle), r._replace(bottom=middle)


def _multiple(function: Function, rectangle: Rectangle, turn: float) -> Root:
    """Return a zero of higher order, or several too close to be told apart."""
    (contour,) = contours(function, [rectangle], turn_per_length=turn)
    count = contour.zeros or 1
    centre = contour.total / count
    _log.warning("%d modes closer than %.1e at k0 = %s rad/um", count, _SMALLEST, centre)
    return Root(centre, rectangle.problem, count)
