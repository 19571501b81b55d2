"""Symmetry classes of a unit cell: what FDTD runs are made for, and what each can excite.

A class is a representation of the little group of the Bloch vector and, for stacks with a mirror
plane in their middle, a parity in z. Sources that are symmetrised with its characters excite its
modes alone: modes of different classes, however close, cannot disturb each other. Meep's own mirror
symmetries cut the cell where a mirror line lies along x or y and keeps the Bloch vector.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from cavities.periodic_stack import PeriodicStack
from solvers.band_structure.prepared import slab_is_mirrored
from solvers.fourier_modal.cell_symmetry import cell_symmetry, little_group
from solvers.fourier_modal.point_group import Irrep, PointGroup

__all__ = ["SymmetryClass", "symmetry_classes"]

Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class SymmetryClass:
    """Modes that sources of one symmetry excite.

    Attributes:
        irrep: name of the representation, "" without symmetry.
        partners: names of the degenerate modes that one resonance stands for.
        operations: of the subgroup that sources are symmetrised with (g, 2, 2).
        characters: of the class under them (g,).
        parity_z: 1 (E_x, E_y even in z), -1 (odd), 0 without a mirror plane.
        mirrors: (axis, phase) of Meep's mirror symmetries.
    """

    irrep: str
    partners: tuple[str, ...]
    operations: Floats
    characters: NDArray[np.complex128]
    parity_z: int
    mirrors: tuple[tuple[str, int], ...]

    @property
    def is_real(self) -> bool:
        """Whether the characters are real."""
        return bool(np.max(np.abs(self.characters.imag)) < 1e-9)

    @property
    def title(self) -> str:
        """A few words."""
        parity = {1: "even in z", -1: "odd in z", 0: ""}[self.parity_z]
        return ", ".join(filter(None, [self.irrep, parity])) or "all"


def symmetry_classes(
    stack: PeriodicStack, bloch: Floats, centre: tuple[float, float] | None = None
) -> tuple[tuple[float, float], PointGroup, tuple[SymmetryClass, ...]]:
    """Return the centre of symmetry (um), the little group and the classes of a Bloch vector.

    Args:
        stack: the unit cell; bloch: Bloch vector (rad/um).
        centre: about which to look for symmetry (um); None: where there is most.

    Example:
        >>> from cavities.cell_shape import Circle
        >>> from cavities.lattice import Lattice
        >>> from cavities.periodic_stack import Inclusion, PatternedLayer
        >>> hole = Inclusion(shape=Circle(radius=0.1), material="air")
        >>> slab = PatternedLayer(name="slab", material=2.0, thickness=0.1, inclusions=(hole,))
        >>> stack = PeriodicStack(lattice=Lattice.square(0.4), substrate=1.5, layers=(slab,))
        >>> [one.irrep for one in symmetry_classes(stack, np.zeros(2))[2]]
        ['A1', 'A2', 'B1', 'B2', 'E']
    """
    centre, whole = cell_symmetry(stack, centre)
    group = little_group(whole, stack.lattice, bloch)
    parities = (1, -1) if slab_is_mirrored(stack) else (0,)
    plane: list[SymmetryClass] = []
    done: set[str] = set()
    for irrep in group.irreps():
        if irrep.name in done:
            continue
        one = _class(group, irrep, bloch)
        if irrep.name.endswith("+") and float(np.hypot(*bloch)) == 0.0:
            # at Gamma the conjugate field solves the same equations: one run for both
            other = irrep.name[:-1] + "-"
            done.add(other)
            one = dataclasses.replace(one, partners=(irrep.name, other))
        plane.append(one)
    found = [_with_parity(one, parity) for one in plane for parity in parities]
    return centre, group, tuple(found)


def _class(group: PointGroup, irrep: Irrep, bloch: Floats) -> SymmetryClass:
    """Return the class of the first partner of a representation."""
    # the subgroup under which the first partner goes over into a multiple of itself
    first = irrep.matrices[:, :, 0]
    kept = np.abs(first[:, 1:]).max(axis=1, initial=0.0) < 1e-9
    operations, characters = group.operations[kept], irrep.matrices[kept, 0, 0]
    mirrors = []
    for axis, matrix in (("X", np.diag([-1.0, 1.0])), ("Y", np.diag([1.0, -1.0]))):
        for operation, character in zip(operations, characters, strict=True):
            stays = np.allclose(matrix @ bloch, bloch, atol=1e-12)
            if np.allclose(operation, matrix) and stays and abs(character.imag) < 1e-9:
                mirrors.append((axis, round(character.real)))
    return SymmetryClass(
        irrep=irrep.name if len(group.operations) > 1 else "",
        partners=(irrep.name,) * irrep.dimension,
        operations=operations,
        characters=characters,
        parity_z=0,
        mirrors=tuple(mirrors),
    )


def _with_parity(one: SymmetryClass, parity: int) -> SymmetryClass:
    if parity == 0:
        return one
    return dataclasses.replace(one, parity_z=parity, mirrors=(*one.mirrors, ("Z", parity)))
