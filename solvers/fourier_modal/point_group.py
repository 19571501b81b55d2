"""Plane point groups: their operations, irreducible representations and names.

Groups are those of rotations about the centre (C1, C2, C3, C4, C6) with or without mirrors (Cs,
C2v, C3v, C4v, C6v). A representation is given by its matrices, so that degenerate pairs come with
fixed partners: the first one is even in the group's first mirror.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Irrep", "PointGroup", "plane_group"]

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]


@dataclass(frozen=True, kw_only=True, eq=False)
class Irrep:
    """An irreducible representation.

    Attributes:
        name: "A1", "B2", "E", ...; "A'" and "A''" for one mirror; "E+", "E-" for the two
            complex conjugate parts of a pair in a group without mirrors.
        matrices: one matrix per operation (g, d, d).
    """

    name: str
    matrices: Complexes

    @property
    def dimension(self) -> int:
        """Number of degenerate partners."""
        return int(self.matrices.shape[1])


@dataclass(frozen=True, kw_only=True, eq=False)
class PointGroup:
    """A point group of the plane.

    Attributes:
        name: Schoenflies symbol.
        operations: matrices (g, 2, 2): rotations first, then mirrors.
        mirror_deg: direction (degrees) of the line of the first mirror; None without mirrors.
    """

    name: str
    operations: Floats
    mirror_deg: float | None

    def irreps(self) -> tuple[Irrep, ...]:
        """Return the irreducible representations."""
        mirrored = self.mirror_deg is not None
        order = len(self.operations) // (2 if mirrored else 1)
        turns = np.arange(order)
        if not mirrored:
            return tuple(
                Irrep(name=name, matrices=np.exp(2j * math.pi * m * turns / order)[:, None, None])
                for name, m in _cyclic_names(order)
            )
        found = []
        for name, rotation, mirror in _mirrored_names(order):
            values = np.concatenate([rotation**turns, mirror * rotation**turns])
            found.append(Irrep(name=name, matrices=values.astype(complex)[:, None, None]))
        for name, m in _pair_names(order):
            angle = 2 * math.pi * m * turns / order
            c, s = np.cos(angle), np.sin(angle)
            rotations = np.array([[c, -s], [s, c]]).transpose(2, 0, 1)
            matrices = np.concatenate([rotations, rotations @ np.diag([1.0, -1.0])])
            found.append(Irrep(name=name, matrices=matrices.astype(complex)))
        return tuple(found)


def plane_group(order: int, mirror_deg: float | None) -> PointGroup:
    """Return the group of `order` rotations, with mirrors if a mirror line's angle is given.

    Example:
        >>> group = plane_group(4, 0.0)
        >>> group.name, [(irrep.name, irrep.dimension) for irrep in group.irreps()]
        ('C4v', [('A1', 1), ('A2', 1), ('B1', 1), ('B2', 1), ('E', 2)])
    """
    angle = 2 * math.pi * np.arange(order) / order
    c, s = np.cos(angle), np.sin(angle)
    rotations = np.array([[c, -s], [s, c]]).transpose(2, 0, 1)
    name = f"C{order}"
    operations = rotations
    if mirror_deg is not None:
        turn = 2 * math.radians(mirror_deg)
        mirror = np.array([[math.cos(turn), math.sin(turn)], [math.sin(turn), -math.cos(turn)]])
        operations = np.concatenate([rotations, rotations @ mirror])
        name = "Cs" if order == 1 else name + "v"
    return PointGroup(name=name, operations=_clean(operations), mirror_deg=mirror_deg)


def _clean(operations: Floats) -> Floats:
    """Return the matrices with exact 0, 1/2, 1 where they are meant."""
    for value in (-1.0, -0.5, 0.0, 0.5, 1.0):
        operations = np.where(np.abs(operations - value) < 1e-14, value, operations)
    return operations


def _cyclic_names(order: int) -> list[tuple[str, int]]:
    names = [("A", 0)]
    if order % 2 == 0:
        names.append(("B", order // 2))
    pairs = (order - 1) // 2
    for m in range(1, pairs + 1):
        number = str(m) if pairs > 1 else ""
        names += [(f"E{number}+", m), (f"E{number}-", order - m)]
    return names


def _mirrored_names(order: int) -> list[tuple[str, int, int]]:
    if order == 1:
        return [("A'", 1, 1), ("A''", 1, -1)]
    names = [("A1", 1, 1), ("A2", 1, -1)]
    if order % 2 == 0:
        names += [("B1", -1, 1), ("B2", -1, -1)]
    return names


def _pair_names(order: int) -> list[tuple[str, int]]:
    pairs = (order - 1) // 2
    return [(f"E{m}" if pairs > 1 else "E", m) for m in range(1, pairs + 1)]
