"""Follow known modes to neighbouring azimuthal orders, without searching again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.axisymmetric.description import described
from solvers.axisymmetric.fields import ResolvedField
from solvers.axisymmetric.refine import refine
from solvers.axisymmetric.system import System, build_system
from solvers.modes import Mode, ModeSet

__all__ = ["follow_modes", "step"]

Complex = NDArray[np.complex128]


def follow_modes(modes: ModeSet | Sequence[Mode], azimuthal_order: int) -> ModeSet:
    """Return the same modes at another azimuthal order, followed one order at a time.

    From m to m +- 1 the wavenumber is predicted by d Re k/dm (right to some 1e-6) and the
    field by itself; a few sweeps of inverse iteration then converge all modes together.

    Args:
        modes: modes of one cavity and one azimuthal order, as `solve_modes` returned them.
        azimuthal_order: the order to arrive at.

    Returns:
        One mode per given mode, in the same order of families.

    Raises:
        ValueError: modes of different orders or without their solver's field.

    Example:
        >>> from cavities import Sphere
        >>> from solvers import solve_modes
        >>> sphere = Sphere(radius=1.0, material=1.5)
        >>> modes = solve_modes(sphere, (0.385, 0.39), azimuthal_order=20, accuracy="fast")
        >>> [round(mode.wavelength, 3) for mode in follow_modes(modes, 21)]
        [0.371]
    """
    chosen = list(modes)
    orders = {mode.azimuthal_order for mode in chosen}
    samplers = [mode.sampler for mode in chosen]
    if len(orders) != 1 or not all(isinstance(sampler, ResolvedField) for sampler in samplers):
        raise ValueError(
            "modes: must be of one azimuthal order and carry the field of the axisymmetric "
            f"solver, got orders {sorted(orders, key=str)}; pass modes from solve_modes"
        )
    fields = [sampler for sampler in samplers if isinstance(sampler, ResolvedField)]
    start = fields[0].azimuthal_order
    source = fields[0]
    system = build_system(
        source.body, source.wavelength, min(start, azimuthal_order), source.settings
    )
    vectors = np.stack([field.vector(system) for field in fields], axis=1)
    wavenumbers = np.asarray([mode.wavenumber for mode in chosen])
    slopes = np.asarray(
        [2 * math.pi * mode.free_spectral_range / mode.wavelength**2 for mode in chosen]
    )
    direction = 1 if azimuthal_order > start else -1
    found = chosen
    for order in range(start, azimuthal_order, direction):
        found, vectors = step(system, order, direction, wavenumbers, slopes, vectors)
        wavenumbers = np.asarray([mode.wavenumber for mode in found])
        slopes = np.asarray(
            [2 * math.pi * mode.free_spectral_range / mode.wavelength**2 for mode in found]
        )
    given = modes if isinstance(modes, ModeSet) else None
    details: dict[str, Any] = (
        {} if given is None else {"cavity": given.cavity, "settings": given.settings}
    )
    return ModeSet(modes=tuple(found), **details)


def step(
    system: System,
    azimuthal_order: int,
    direction: int,
    wavenumbers: Complex,
    slopes: NDArray[np.float64],
    vectors: Complex,
) -> tuple[list[Mode], Complex]:
    """Take modes (columns of `vectors`) from one order to the next; return them and vectors."""
    predicted = wavenumbers + direction * slopes
    arrived = azimuthal_order + direction
    middle = float(predicted.real.mean())
    refined = refine(
        system.pencil,
        arrived,
        system.pencil.factorize(arrived, complex(middle, 0.002 * middle), single=True),
        predicted,
        vectors,
        wanted=np.ones(len(predicted), dtype=bool),
        quality_tolerance=system.settings.quality_tolerance,
    )
    return described(system, arrived, refined), refined.vectors
