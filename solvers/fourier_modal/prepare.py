"""From a cavity to a cell problem: checks, symmetry, choice of the reference plane."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cavities.periodic_stack import PatternedLayer, PeriodicLayer, PeriodicStack
from solvers.fourier_modal.cell_problem import CellProblem, Factorization, cell_layers
from solvers.fourier_modal.cell_symmetry import cell_symmetry, little_group
from solvers.fourier_modal.media import Media
from solvers.fourier_modal.orders import chosen_orders
from solvers.fourier_modal.point_group import PointGroup
from solvers.fourier_modal.sectors import sectors

__all__ = ["as_unit_cell", "cell_problem"]

_REFERENCE_LOSS = 0.3


def as_unit_cell(cavity: Any) -> PeriodicStack:
    """Return the PeriodicStack of a periodic cavity.

    Raises:
        TypeError: the object has no `unit_cell()`.
    """
    if isinstance(cavity, PeriodicStack):
        return cavity
    if not callable(getattr(cavity, "unit_cell", None)):
        raise TypeError(
            "cavity: must be a PeriodicStack or a cavity with .unit_cell() (PhotonicCrystalSlab, "
            f"NanopillarArray), got {type(cavity).__name__}"
        )
    stack = cavity.unit_cell()
    assert isinstance(stack, PeriodicStack)
    return stack


def cell_problem(
    stack: PeriodicStack,
    bloch: NDArray[np.float64],
    count: int,
    k: float,
    *,
    use_symmetry: bool = True,
    symmetry: tuple[tuple[float, float], PointGroup] | None = None,
    media: Media | None = None,
    like: CellProblem | None = None,
    factorization: Factorization = "normal-vector",
) -> CellProblem:
    """Return the problem of a stack at one Bloch vector.

    Args:
        stack: the unit cell.
        bloch: Bloch vector (2,), rad/um.
        count: number of plane waves at most.
        k: real k0 (rad/um) in the middle of what is asked for.
        use_symmetry: whether to split the problem by symmetry.
        symmetry: centre and point group, where known.
        media: gain and index shifts.
        like: a problem of the same stack and centre, whose patterns are taken over if they fit.
        factorization: see `cell_layers`.
    """
    centre, group = symmetry or cell_symmetry(stack)
    orders = chosen_orders(stack.lattice, bloch, count)
    plane, eps = _reference(stack, k)
    little = little_group(group, stack.lattice, bloch) if use_symmetry else None
    if like is not None and np.array_equal(like.orders.indices, orders.indices):
        layers = like.layers
    else:
        layers = cell_layers(stack, orders, centre, factorization)
    return CellProblem(
        stack=stack,
        orders=orders,
        layers=layers,
        sectors=sectors(orders, little),
        group=little,
        media=media or Media(),
        plane=plane,
        reference_eps=eps * (1 + 1j * _REFERENCE_LOSS),
        reference_k=k,
        centre=centre,
        factorization=factorization,
    )


def _reference(stack: PeriodicStack, k: float) -> tuple[int, float]:
    """Return the bottom interface and the mean permittivity of the layer that guides best."""
    wavelength = 2 * np.pi / k

    def mean(layer: PeriodicLayer) -> float:
        eps = float(layer.material.permittivity(wavelength).real)
        if not isinstance(layer, PatternedLayer):
            return eps
        total = eps
        for part, parent in zip(layer.inclusions, stack.parents(layer), strict=True):
            outer = layer if parent < 0 else layer.inclusions[parent]
            jump = part.material.permittivity(wavelength) - outer.material.permittivity(wavelength)
            total += float(jump.real) * part.shape.area / stack.lattice.area
        return total

    means = [mean(layer) for layer in stack.slices()]
    best = int(np.argmax(means))
    return best, max(means[best], 1.0)
