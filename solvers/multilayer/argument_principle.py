"""How many zeros lie in rectangles of the complex plane: adaptive winding numbers.

Every edge is cut until log f changes over each piece as its derivative says; the changes then
add up to 2 pi i times the number of zeros inside, and, weighted with k, to the sum of the zeros.
The in-plane wavenumber may depend on Re k (a fixed angle): f is then not analytic, but the
winding still counts its zeros, by the degree of the map.

Source: L. M. Delves and J. N. Lyness, Math. Comput. 21, 543 (1967),
doi:10.1090/S0025-5718-1967-0228165-4.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.multilayer.characteristic import Characteristic

__all__ = ["Contour", "Rectangle", "contours"]

Complexes = NDArray[np.complex128]
Function = Callable[[Complexes, NDArray[np.intp]], Characteristic]

_TOLERANCE = 0.2
_LONGEST_TURN = 1.2
_CUTS = 44


class Rectangle(NamedTuple):
    """A rectangle of the k plane (rad/um) that belongs to one problem."""

    left: float
    right: float
    bottom: float
    top: float
    problem: int = 0

    def holds(self, k: complex, margin: float = 0.0) -> bool:
        """Whether a point lies inside, or outside by less than `margin`."""
        return (
            self.left - margin <= k.real <= self.right + margin
            and self.bottom - margin <= k.imag <= self.top + margin
        )


class Contour(NamedTuple):
    """Zeros inside a rectangle: how many, and their sum (rad/um). None: a zero on an edge."""

    zeros: int | None
    total: complex


class _Pieces(NamedTuple):
    """Pieces of edges: their rectangles and ends; arrays (N,)."""

    owner: NDArray[np.intp]
    start: Complexes
    end: Complexes

    def chosen(self, mask: NDArray[np.bool_]) -> _Pieces:
        """Return some of the pieces."""
        return _Pieces(self.owner[mask], self.start[mask], self.end[mask])


def contours(
    function: Function, rectangles: Sequence[Rectangle], *, turn_per_length: float
) -> list[Contour]:
    """Return the number and the sum of the zeros in each rectangle.

    Args:
        function: f at points k (N,) of problems (N,).
        rectangles: where to count.
        turn_per_length: about how fast the phase of f turns (rad per rad/um): where to begin.
    """
    pieces = _first_pieces(rectangles, turn_per_length)
    problems = np.array([r.problem for r in rectangles], dtype=np.intp)
    turn = np.zeros(len(rectangles), dtype=np.complex128)
    moment = np.zeros(len(rectangles), dtype=np.complex128)
    spoilt = np.zeros(len(rectangles), dtype=bool)
    for _ in range(_CUTS):
        keep = ~spoilt[pieces.owner]
        pieces = pieces.chosen(keep)
        if not len(pieces.owner):
            break
        change, good = _changes(function, pieces, problems)
        done = pieces.chosen(good)
        middle = (done.start + done.end) / 2
        np.add.at(turn, done.owner, change[good])
        np.add.at(moment, done.owner, change[good] * middle)
        rest = pieces.chosen(~good)
        short = np.abs(rest.end - rest.start) < 1e-14 * np.abs(rest.start)
        spoilt[rest.owner[short]] = True
        half = (rest.start + rest.end) / 2
        pieces = _Pieces(
            np.concatenate([rest.owner, rest.owner]),
            np.concatenate([rest.start, half]),
            np.concatenate([half, rest.end]),
        )
    spoilt[pieces.owner] = True
    found = []
    for number in range(len(rectangles)):
        windings = turn[number].imag / (2 * math.pi)
        if spoilt[number] or abs(windings - round(windings)) > 0.05:
            found.append(Contour(None, complex("nan")))
        else:
            found.append(Contour(round(windings), complex(moment[number] / (2j * math.pi))))
    return found


def _first_pieces(rectangles: Sequence[Rectangle], turn_per_length: float) -> _Pieces:
    owners, starts, ends = [], [], []
    for number, r in enumerate(rectangles):
        corners = [
            complex(r.left, r.bottom),
            complex(r.right, r.bottom),
            complex(r.right, r.top),
            complex(r.left, r.top),
        ]
        for first, second in zip(corners, [*corners[1:], corners[0]], strict=True):
            parts = 2 + math.ceil(abs(second - first) * turn_per_length / _LONGEST_TURN)
            points = first + (second - first) * np.linspace(0, 1, parts + 1)
            owners.append(np.full(parts, number, dtype=np.intp))
            starts.append(points[:-1])
            ends.append(points[1:])
    return _Pieces(np.concatenate(owners), np.concatenate(starts), np.concatenate(ends))


def _changes(
    function: Function, pieces: _Pieces, problems: NDArray[np.intp]
) -> tuple[Complexes, NDArray[np.bool_]]:
    """Return the change of log f over each piece, and whether it can be trusted."""
    points = np.concatenate([pieces.start, pieces.end])
    unique, place = np.unique(
        np.stack([points.real, points.imag, np.tile(problems[pieces.owner], 2).astype(float)]),
        axis=1,
        return_inverse=True,
    )
    value = function(unique[0] + 1j * unique[1], unique[2].astype(np.intp))
    place = place.reshape(2, -1)
    step = pieces.end - pieces.start
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = [
            (value.by_wavenumber[at] * step + value.along_real[at] * step.real) / value.value[at]
            for at in place
        ]
        ratio = np.log(value.value[place[1]] / value.value[place[0]])
        change = ratio + (value.log_scale[place[1]] - value.log_scale[place[0]])
        predicted = (slopes[0] + slopes[1]) / 2
        good = (np.abs(change - predicted) < _TOLERANCE) & (np.abs(change) < 2 * _LONGEST_TURN)
    return change, good & np.isfinite(change)
