"""Two-dimensional lattices: primitive vectors, reciprocal vectors, symmetry, special points."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import model_validator

from cavities.spec import Spec

__all__ = ["BravaisType", "Lattice", "Vector"]

Vector = tuple[float, float]
Floats = NDArray[np.float64]
BravaisType = Literal["square", "triangular", "rectangular", "rhombic", "oblique"]

_EQUAL = 1e-9
"""Relative difference below which two lengths or angles count as equal."""

_KINDS: Mapping[str, tuple[str, ...]] = {
    "square": ("period",),
    "triangular": ("period",),
    "rectangular": ("period_x", "period_y"),
    "oblique": ("a", "b", "angle_deg"),
}

_PATHS: Mapping[BravaisType, tuple[str, ...]] = {
    "square": ("X", "Gamma", "M"),
    "triangular": ("M", "Gamma", "K"),
    "rectangular": ("X", "Gamma", "Y"),
    "rhombic": ("X", "Gamma", "Y"),
    "oblique": ("X", "Gamma", "Y"),
}


class Lattice(Spec):
    """A plane lattice: all points i a1 + j a2, i and j whole numbers.

    Attributes:
        a1, a2: primitive vectors (um); any pair that spans the lattice, of either handedness.

    Design files may say `{kind = "triangular", period = 0.4}` instead: the constructors' names.

    Raises:
        ValueError: a vector of no length, or two on one line.

    Example:
        >>> lattice = Lattice.triangular(0.4)
        >>> lattice.symmetry, round(lattice.area, 6)
        ('triangular', 0.138564)
        >>> Lattice(a1=(0.4, 0.0), a2=(0.4, 0.4)).symmetry
        'square'
    """

    a1: Vector
    a2: Vector

    @model_validator(mode="before")
    @classmethod
    def _from_kind(cls, data: Any) -> Any:
        """Accept {"kind": "triangular", "period": 0.4} and the like, as design files do."""
        if not (isinstance(data, dict) and "kind" in data):
            return data
        values = {**data}
        kind = values.pop("kind")
        names = _KINDS.get(kind)
        if names is None or set(values) != set(names):
            raise ValueError(
                f"lattice: must be one of {[[k, *n] for k, n in _KINDS.items()]} (kind and its "
                f"numbers), got {data}; correct the names"
            )
        made: Lattice = getattr(cls, kind)(**values)
        return {"a1": made.a1, "a2": made.a2}

    @model_validator(mode="after")
    def _span(self) -> Lattice:
        lengths = math.hypot(*self.a1), math.hypot(*self.a2)
        for name, length in zip(("a1", "a2"), lengths, strict=True):
            if length == 0:
                raise ValueError(
                    f"{name}: must have a length > 0, got {getattr(self, name)} um; give the period"
                )
        if abs(_cross(self.a1, self.a2)) < 1e-6 * lengths[0] * lengths[1]:
            raise ValueError(
                f"a1 and a2: must not lie on one line, got {self.a1} and {self.a2} um; "
                "turn one of the two vectors"
            )
        return self

    @classmethod
    def square(cls, period: float) -> Lattice:
        """Return the square lattice of one period (um)."""
        return cls.rectangular(period, period)

    @classmethod
    def rectangular(cls, period_x: float, period_y: float) -> Lattice:
        """Return the rectangular lattice of two periods (um), along x and y."""
        _require_positive(period_x=period_x, period_y=period_y)
        return cls(a1=(period_x, 0.0), a2=(0.0, period_y))

    @classmethod
    def triangular(cls, period: float) -> Lattice:
        """Return the triangular (hexagonal) lattice: a1 along x, a2 at 60 degrees (um)."""
        _require_positive(period=period)
        return cls(a1=(period, 0.0), a2=(period / 2, period * math.sqrt(3) / 2))

    @classmethod
    def oblique(cls, a: float, b: float, angle_deg: float) -> Lattice:
        """Return the lattice of a1 = a along x and a2 = b (um) at an angle to it."""
        _require_positive(a=a, b=b)
        angle = math.radians(angle_deg)
        return cls(a1=(a, 0.0), a2=(b * math.cos(angle), b * math.sin(angle)))

    @property
    def vectors(self) -> Floats:
        """Primitive vectors as rows (2, 2), um."""
        return np.array([self.a1, self.a2])

    @property
    def area(self) -> float:
        """Area of the primitive cell (um^2)."""
        return abs(_cross(self.a1, self.a2))

    @property
    def period(self) -> float:
        """Length of the shortest lattice vector (um)."""
        return math.hypot(*self.reduced()[0])

    @property
    def reciprocal(self) -> Floats:
        """Reciprocal vectors b1, b2 as rows (2, 2), rad/um: b_i . a_j = 2 pi delta_ij."""
        return np.asarray(2 * math.pi * np.linalg.inv(self.vectors).T)

    @property
    def symmetry(self) -> BravaisType:
        """Kind of lattice, whatever pair of vectors describes it."""
        u, v = self.reduced()
        uu, vv, uv = _dot(u, u), _dot(v, v), _dot(u, v)
        equal = vv - uu < _EQUAL * uu
        if uv < _EQUAL * uu:
            return "square" if equal else "rectangular"
        half = uu - 2 * uv < _EQUAL * uu
        if equal and half:
            return "triangular"
        return "rhombic" if equal or half else "oblique"

    def reduced(self) -> tuple[Vector, Vector]:
        """Return the two shortest vectors u, v that span the lattice, u . v >= 0 (um)."""
        return _reduced(self.a1, self.a2)

    def points(self) -> dict[str, Vector]:
        """Return the special points of the Brillouin zone by name (rad/um).

        "Gamma" always; square: X, M; triangular: M, K; the others X, Y (middles of the two
        nearest zone edges) and S (their sum). X, and K of a triangular lattice, are the ones
        nearest to the direction of a1; Gamma, X, M (or Gamma, K, M) bound the irreducible part.
        """
        found: dict[str, Vector] = {"Gamma": (0.0, 0.0)}
        rows = self.reciprocal
        u, v = _reduced((rows[0, 0], rows[0, 1]), (rows[1, 0], rows[1, 1]))
        star = _star(u, v)
        kind = self.symmetry
        if kind == "triangular":
            corners = [_combine(p, q, 1 / 3, 1 / 3) for p, q in _neighbours(star)]
            found["K"] = corner = self._nearest_a1(corners)
            middles = [_combine(p, p, 0.5, 0.0) for p in star]
            found["M"] = _counterclockwise_of(corner, middles)
            return found
        first = self._nearest_a1([_combine(p, p, 0.5, 0.0) for p in (u, v, _minus(u), _minus(v))])
        sides = [_combine(p, p, 0.5, 0.0) for p in (u, v, _minus(u), _minus(v))]
        second = _counterclockwise_of(
            first, [p for p in sides if abs(_cross(p, first)) > _EQUAL * _dot(first, first)]
        )
        found["X"] = first
        if kind == "square":
            found["M"] = _combine(first, second, 1.0, 1.0)
        else:
            found["Y"] = second
            found["S"] = _combine(first, second, 1.0, 1.0)
        return found

    def point(self, name: str) -> Vector:
        """Return one special point (rad/um) by its name.

        Raises:
            ValueError: the lattice has no such point; the error lists the names.

        Example:
            >>> Lattice.square(0.5).point("X") == (2 * math.pi, 0.0)
            True
        """
        points = self.points()
        if name not in points:
            raise ValueError(
                f"point: must be one of {list(points)} for a {self.symmetry} lattice, got "
                f"{name!r}; or give kx and ky in rad/um"
            )
        return points[name]

    @property
    def path(self) -> tuple[str, ...]:
        """Names of the points along which bands are usually drawn."""
        return _PATHS[self.symmetry]

    def fractional(self, points: ArrayLike) -> Floats:
        """Return coordinates (..., 2) in units of a1 and a2 of points (..., 2) in um."""
        return np.asarray(np.asarray(points, dtype=np.float64) @ np.linalg.inv(self.vectors))

    def translations(self, reach: float) -> Floats:
        """Return all lattice vectors (n, 2) not longer than `reach` (um), shortest first."""
        u, v = np.array(self.reduced())
        height = self.area / math.hypot(*u)
        rows = math.floor(reach / height * (1 + _EQUAL))
        across = math.floor(reach / math.hypot(*u) + rows * 0.5 + 1)
        i, j = np.meshgrid(np.arange(-across, across + 1), np.arange(-rows, rows + 1))
        shifts = i.reshape(-1, 1) * u + j.reshape(-1, 1) * v
        length = np.hypot(*shifts.T)
        kept = length <= reach * (1 + _EQUAL)
        return np.asarray(shifts[kept][np.argsort(length[kept], kind="stable")])

    def scaled(self, factor: float) -> Lattice:
        """Return the lattice with both vectors multiplied by a factor > 0."""
        _require_positive(factor=factor)
        a1, a2 = self.a1, self.a2
        return Lattice(a1=(factor * a1[0], factor * a1[1]), a2=(factor * a2[0], factor * a2[1]))

    def _nearest_a1(self, candidates: list[Vector]) -> Vector:
        """Return the candidate with the smallest angle to a1, the counterclockwise one of two."""

        def angle(p: Vector) -> tuple[float, float]:
            turn = math.atan2(_cross(self.a1, p), _dot(self.a1, p))
            return round(abs(turn), 9), -turn

        return min(candidates, key=angle)


def _cross(p: Vector, q: Vector) -> float:
    return p[0] * q[1] - p[1] * q[0]


def _dot(p: Vector, q: Vector) -> float:
    return p[0] * q[0] + p[1] * q[1]


def _minus(p: Vector) -> Vector:
    return -p[0], -p[1]


def _combine(p: Vector, q: Vector, first: float, second: float) -> Vector:
    # + 0.0 turns -0.0 into 0.0
    return (
        float(first * p[0] + second * q[0]) + 0.0,
        float(first * p[1] + second * q[1]) + 0.0,
    )


def _reduced(p: Vector, q: Vector) -> tuple[Vector, Vector]:
    """Return the Gauss-reduced basis: |u| <= |v|, 0 <= u . v <= u^2/2 (to rounding)."""
    u, v = (p, q) if _dot(p, p) <= _dot(q, q) * (1 + _EQUAL) else (q, p)
    while True:
        # the nudge keeps ties (u . v = u^2/2) from being turned by rounding
        steps = math.floor(_dot(u, v) / _dot(u, u) + 0.5 - _EQUAL)
        v = _combine(v, u, 1.0, -float(steps))
        if _dot(v, v) >= _dot(u, u) * (1 - _EQUAL):
            break
        u, v = v, u
    return (u, v) if _dot(u, v) >= 0 else (u, _minus(v))


def _star(u: Vector, v: Vector) -> list[Vector]:
    """Return the six shortest vectors of a triangular lattice, counterclockwise."""
    w = _combine(v, u, 1.0, -1.0)
    star = [u, v, w, _minus(u), _minus(v), _minus(w)]
    return sorted(star, key=lambda p: math.atan2(p[1], p[0]))


def _neighbours(star: list[Vector]) -> list[tuple[Vector, Vector]]:
    return list(zip(star, [*star[1:], star[0]], strict=True))


def _counterclockwise_of(start: Vector, candidates: list[Vector]) -> Vector:
    """Return the first candidate counterclockwise of `start`."""

    def turn(p: Vector) -> float:
        angle = math.atan2(_cross(start, p), _dot(start, p)) % (2 * math.pi)
        return angle if angle > _EQUAL else 2 * math.pi

    return min(candidates, key=turn)


def _require_positive(**lengths: float) -> None:
    for name, length in lengths.items():
        if not (math.isfinite(length) and length > 0):
            raise ValueError(
                f"{name}: must be finite and > 0, got {length:g}; lengths are micrometres"
            )
