"""Bloch vectors along straight lines between named points of the Brillouin zone."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cavities.lattice import Lattice

__all__ = ["KPath", "layer_path", "plane_path"]

Floats = NDArray[np.float64]
PathPoint = str | tuple[float, float]


@dataclass(frozen=True, kw_only=True, eq=False)
class KPath:
    """Bloch vectors in order.

    Attributes:
        vectors: (n, 2) in rad/um.
        corners: numbers and names of the points where the path turns.
    """

    vectors: Floats
    corners: tuple[tuple[int, str], ...]

    @property
    def distance(self) -> Floats:
        """Length of the path up to each vector (rad/um)."""
        steps = np.linalg.norm(np.diff(self.vectors, axis=0), axis=1)
        return np.concatenate([[0.0], np.cumsum(steps)])

    def fractional(self, lattice_vectors: Floats) -> Floats:
        """Return the vectors (n, d) in units of the reciprocal vectors of (d, 2) vectors (um)."""
        return np.asarray(self.vectors @ lattice_vectors.T / (2 * np.pi))


def plane_path(lattice: Lattice, points: Sequence[PathPoint] | None, between: int) -> KPath:
    """Return the path between points of a plane lattice.

    Args:
        lattice: the lattice.
        points: names or (kx, ky) in rad/um; None: the lattice's path, closed, so that it runs
            round the irreducible part of the zone (X-Gamma-M-X, M-Gamma-K-M).
        between: further vectors on each line, >= 0.

    Raises:
        ValueError: an unknown name, no point, or between < 0.

    Example:
        >>> path = plane_path(Lattice.square(0.5), ["Gamma", "X"], 1)
        >>> path.vectors.round(4).tolist(), path.corners
        ([[0.0, 0.0], [3.1416, 0.0], [6.2832, 0.0]], ((0, 'Gamma'), (2, 'X')))
    """
    chosen: Sequence[PathPoint] = points if points is not None else _closed(lattice)
    if not len(chosen):
        raise ValueError('path: must name at least one point, got none; for instance ["Gamma"]')
    named: list[tuple[str, Floats]] = []
    for point in chosen:
        if isinstance(point, str):
            named.append((point, np.array(lattice.point(point))))
        else:
            kx, ky = (float(part) for part in point)
            named.append((f"k=({kx:.4g}, {ky:.4g})", np.array([kx, ky])))
    return _joined(named, between)


def layer_path(period: float, between: int) -> KPath:
    """Return the path from Gamma to the zone edge X of layers of a period (um)."""
    edge = np.array([np.pi / period, 0.0])
    return _joined([("Gamma", np.zeros(2)), ("X", edge)], between)


def _closed(lattice: Lattice) -> tuple[str, ...]:
    return (*lattice.path, lattice.path[0])


def _joined(named: Sequence[tuple[str, Floats]], between: int) -> KPath:
    if between < 0:
        raise ValueError(f"points_between: must be >= 0, got {between}; 0 keeps the corners only")
    vectors = [named[0][1]]
    corners = [(0, named[0][0])]
    for (_, start), (name, end) in itertools.pairwise(named):
        shares = np.arange(1, between + 2)[:, None] / (between + 1)
        vectors += list(start + shares * (end - start))
        corners.append((len(vectors) - 1, name))
    return KPath(vectors=np.array(vectors), corners=tuple(corners))
