"""Whether a mode of a periodic stack can radiate: open diffraction orders and their symmetry."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cavities.periodic_stack import PeriodicStack
from solvers.fourier_modal.point_group import PointGroup

__all__ = ["cannot_radiate"]

_REACH = 3
"""Diffraction orders looked at along each reciprocal vector."""


def cannot_radiate(
    stack: PeriodicStack,
    bloch: NDArray[np.float64],
    wavelength: float,
    symmetry: str | None,
    group: PointGroup,
) -> bool:
    """Return whether a mode is bound: no order is open, or only that of another symmetry.

    Below the light cone no order is open. At Gamma the order along z has the fields E_x and E_y,
    which transform like a vector in the plane: modes of representations that are not part of it
    are dark as long as no further order is open.

    Args:
        stack: the unit cell.
        bloch: Bloch vector (2,), rad/um, in the first Brillouin zone.
        wavelength: of the mode (um).
        symmetry: its representation of the little group; None where it is unknown.
        group: the little group of the Bloch vector.

    Example:
        >>> from solvers.fourier_modal.point_group import plane_group
        >>> from cavities.lattice import Lattice
        >>> from cavities.body_of_revolution import Layer
        >>> film = Layer(name="film", material=2.0, thickness=0.2)
        >>> stack = PeriodicStack(lattice=Lattice.square(0.3), substrate=1.5, layers=(film,))
        >>> group = plane_group(4, 0.0)
        >>> [cannot_radiate(stack, np.zeros(2), 0.6, name, group) for name in ("A1", "E")]
        [True, False]
    """
    outer = max(
        complex(stack.substrate.index(wavelength)).real,
        complex(stack.superstrate.index(wavelength)).real,
    )
    steps = np.arange(-_REACH, _REACH + 1)
    first, second = stack.lattice.reciprocal
    orders = bloch + (steps[:, None, None] * first + steps[None, :, None] * second).reshape(-1, 2)
    lengths = np.sort(np.hypot(*orders.T))
    light = 2 * np.pi * outer / wavelength
    if light <= lengths[0]:
        return True
    at_gamma = lengths[0] < 1e-9 * lengths[1]
    if not at_gamma or light >= lengths[1] or symmetry is None:
        return False
    vector = np.trace(group.operations, axis1=1, axis2=2)
    for irrep in group.irreps():
        if irrep.name == symmetry:
            traces = np.trace(irrep.matrices, axis1=1, axis2=2)
            return bool(abs(np.vdot(traces, vector)) < 0.5)
    return False
