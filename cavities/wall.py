"""Side walls: the exact parabola between two radii, and splines through computed curves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cavities.outline import Arc, Line, Parabola, Point, Spline

__all__ = ["parabolic_wall", "segment_derivative", "spline_through", "wall_volume"]

Floats = NDArray[np.float64]
Curve = Callable[[Floats], Floats]


def parabolic_wall(start: Point, end: Point) -> Line | Parabola:
    """Return the wall r^2 = linear in z from `start` to `end` (um), an exact parabola.

    z(r) is a quadratic polynomial, so a quadratic Bezier curve reproduces it exactly; its
    control point is where the end tangents meet. Equal radii give a vertical line.

    Example:
        >>> parabolic_wall((1.0, 0.0), (3.0, 4.0)).control
        (2.0, 1.0)
    """
    (base, bottom), (rim, top) = start, end
    if abs(rim - base) <= 1e-12 * max(rim, base):
        return Line(end=end)
    middle = bottom + (top - bottom) * base / (base + rim)
    return Parabola(control=((base + rim) / 2, middle), end=end)


def segment_derivative(
    start: Point, segment: Line | Arc | Parabola | Spline, parameter: Floats
) -> Floats:
    """Return d(r, z)/dt (n, 2) of a wall segment at parameters 0..1 (n,)."""
    t = np.asarray(parameter, dtype=np.float64)[:, None]
    first, last = np.asarray(start), np.asarray(segment.end)
    if isinstance(segment, Line):
        return np.broadcast_to(last - first, (len(t), 2)).astype(np.float64)
    if isinstance(segment, Parabola):
        middle = np.asarray(segment.control)
        return np.asarray(2 * (1 - t) * (middle - first) + 2 * t * (last - middle))
    if isinstance(segment, Spline):
        spline, length = _chord_spline(np.asarray((start, *segment.knots)))
        return np.asarray(spline(t[:, 0] * length, 1) * length, dtype=np.float64)
    raise TypeError(
        f"segment: must be a Line, Parabola or Spline for a wall, got {type(segment).__name__}; "
        "sample the arc into a Spline"
    )


def wall_volume(start: Point, segment: Line | Parabola | Spline) -> float:
    """Return the volume (um^3) between the wall, its end planes and the axis: pi int r^2 dz."""
    nodes, weights = np.polynomial.legendre.leggauss(16)
    pieces = len(segment.knots) if isinstance(segment, Spline) else 1
    if isinstance(segment, Spline):
        knots = np.asarray((start, *segment.knots))
        chord = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(knots, axis=0).T))])
        edges = chord / chord[-1]
    else:
        edges = np.linspace(0.0, 1.0, pieces + 1)
    half = np.diff(edges)[:, None] / 2
    t = (edges[:-1, None] + half * (1 + nodes)).ravel()
    r = segment.points(start, t)[:, 0]
    slope = segment_derivative(start, segment, t)[:, 1]
    return float(np.pi * np.sum((half * weights).ravel() * r**2 * slope))


def spline_through(curve: Curve, *, tolerance: float = 2e-8) -> tuple[Point, Spline]:
    """Return (start, Spline) that follows a smooth curve within `tolerance` (um).

    Knots crowd where the curve bends and their number doubles until the distance between
    the spline and the curve, measured along the normal half-way between knots and at their
    quarters, is below the tolerance.

    Args:
        curve: maps parameters 0..1 (n,) to points (n, 2) in um.
        tolerance: largest distance allowed (um).

    Raises:
        ValueError: the curve is not smooth enough for 4096 knots.
    """
    fine = np.linspace(0.0, 1.0, 4001)
    count = 8
    while count <= 4096:
        knots_at = _crowded(curve, fine, count)
        knots = curve(knots_at)
        if _deviation(curve, knots_at, knots) <= tolerance:
            first, *others = ((float(r), float(z)) for r, z in knots)
            return first, Spline(knots=tuple(others))
        count *= 2
    raise ValueError(
        f"curve: a spline of {count // 2} knots must follow it within {tolerance:.3g} um, got a "
        "larger deviation; smooth the curve (a larger diffusion_length) or split it at its corner"
    )


def _crowded(curve: Curve, fine: Floats, count: int) -> Floats:
    """Return count + 1 parameters, evenly spread over arc length and bending."""
    step = np.diff(curve(fine), axis=0)
    length = np.hypot(*step.T)
    angle = np.unwrap(np.arctan2(step[:, 1], step[:, 0]))
    bend = np.abs(np.gradient(angle)) / length
    density = length * (1.0 / length.sum() + np.sqrt(bend / length.sum()))
    total = np.concatenate([[0.0], np.cumsum(density)])
    return np.asarray(np.interp(np.linspace(0.0, total[-1], count + 1), total, fine))


def _deviation(curve: Curve, knots_at: Floats, knots: Floats) -> float:
    """Return the largest normal distance between the spline through the knots and the curve."""
    from scipy.interpolate import CubicSpline

    spline, _ = _chord_spline(knots)
    chord = spline.x
    parameter_of = CubicSpline(chord, knots_at)
    at = np.concatenate([chord[:-1] + f * np.diff(chord) for f in (0.25, 0.5, 0.75)])
    tangent = spline(at, 1)
    normal = np.column_stack([-tangent[:, 1], tangent[:, 0]])
    normal /= np.hypot(*normal.T)[:, None]
    gap = curve(np.clip(parameter_of(at), 0.0, 1.0)) - spline(at)
    return float(np.abs(np.sum(gap * normal, axis=1)).max())


def _chord_spline(knots: Floats) -> tuple[Any, float]:
    """Return the CubicSpline over the chord length (as `Spline.points` has it) and the length."""
    from scipy.interpolate import CubicSpline

    chord = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(knots, axis=0).T))])
    return CubicSpline(chord, knots), float(chord[-1])
