"""`solve_unit_cell`: every mode of a periodic cavity by finite elements in its unit cell."""

from __future__ import annotations

import math
import time
from importlib.metadata import version
from typing import Any

from solvers.fourier_modal.bloch_point import BlochInput, bloch_vector, point_name
from solvers.fourier_modal.mode_set import bloch_mode_set
from solvers.fourier_modal.prepare import as_unit_cell
from solvers.modes import Mode, ModeSet
from solvers.unit_cell_fem.describe import (
    METHOD,
    Eigenmode,
    described,
    partner,
    sector_modes,
    typical_differences,
)
from solvers.unit_cell_fem.domain import Domain, unit_cell_domain
from solvers.unit_cell_fem.mesh import UnitCellMesh, build_mesh
from solvers.unit_cell_fem.pencil import build_pencil
from solvers.unit_cell_fem.search import Window, search_sector
from solvers.unit_cell_fem.settings import UnitCellAccuracy, UnitCellSettings

__all__ = ["solve_unit_cell"]


def solve_unit_cell(
    cavity: Any,
    wavelength: tuple[float, float],
    *,
    bloch: BlochInput = "Gamma",
    quality_factor_floor: float = 100.0,
    accuracy: UnitCellAccuracy = "default",
    settings: UnitCellSettings | None = None,
) -> ModeSet:
    """Return every mode of a periodic cavity in a window at one Bloch vector.

    Finite elements of H(curl) on a curved tetrahedral mesh of the unit cell: nothing in common
    with the Fourier modal method but the cavity, hence its witness. The search is blind.

    Args:
        cavity: a PeriodicStack, or a cavity with `.unit_cell()`.
        wavelength: window (um), low and high.
        bloch: "Gamma", "X", ... or (kx, ky) in rad/um.
        quality_factor_floor: modes of lower |Q| are left out.
        accuracy: "fast", "default" or "reference": p = 4, 5, 6.
        settings: all numerical settings at once, instead of `accuracy`.

    Returns:
        Modes by wavelength, with Q by channel, confinement, `gain_overlap` (where the Bloch
        phases are real) and errors from a second solution of one order less. Dark modes have
        a large finite Q. No field is kept. An empty set is a valid answer; doubts are in
        `provenance["warnings"]`.

    Raises:
        ValueError: unknown lattice point, a wavelength outside the range of a material, or more
            unknowns than `settings.largest_unknowns`.
        TypeError: not a periodic cavity.

    Validity: media are taken at the middle of the window and corrected by a Rayleigh functional,
    to second order in their change over the window.
    """
    started = time.perf_counter()
    stack = as_unit_cell(cavity)
    chosen = settings or UnitCellSettings.for_accuracy(accuracy)
    low, high = wavelength
    for material in stack.media:
        material.index([low, high])
    vector = bloch_vector(stack.lattice, bloch)
    name = point_name(stack.lattice, vector)
    window = Window(
        low=2 * math.pi / high, high=2 * math.pi / low, quality_factor_floor=quality_factor_floor
    )
    domain = unit_cell_domain(stack, vector, wavelength, chosen)
    cell = build_mesh(domain, wavelength=low, settings=chosen)
    modes, warnings = _all_modes(cell, domain, window, wavelength, chosen, name)
    return bloch_mode_set(
        cavity,
        modes,
        window=(low, high),
        method=METHOD,
        bloch=vector,
        lattice_point=name,
        quality_factor_floor=quality_factor_floor,
        settings=chosen,
        started=started,
        warnings=warnings,
        provenance={"ngsolve": version("ngsolve"), "elements": int(cell.mesh.ne)},
    )


def _all_modes(
    cell: UnitCellMesh,
    domain: Domain,
    window: Window,
    wavelength: tuple[float, float],
    settings: UnitCellSettings,
    name: str,
) -> tuple[list[Mode], list[str]]:
    """Return the modes of all sectors in the window, and what is doubtful."""
    middle = 2 * math.pi / math.sqrt((window.low**2 + window.high**2) / 2)
    pairs: list[tuple[Eigenmode, Eigenmode | None]] = []
    warnings: list[str] = []
    for parities in domain.sectors():
        both = []
        for order in (settings.order - 1, settings.order):
            pencil = build_pencil(cell, parities, order=order, wavelength=middle, settings=settings)
            found = search_sector(pencil, window)
            both.append(sector_modes(pencil, found, settings.energy_floor))
            if order == settings.order and not found.complete:
                warnings.append(
                    f"sector {parities}: modes of the absorbing layers are too dense to search "
                    "all of the window; narrow it"
                )
        inside = [mode for mode in both[1] if window.contains(mode.wavenumber)]
        pairs += [(mode, partner(mode, both[0])) for mode in inside]
    for mode, other in pairs:
        if other is None:
            warnings.append(
                f"mode at {2 * math.pi / mode.wavenumber.real:.6g} um: not found at order "
                f"{settings.order - 1}; raise the order"
            )
    typical = typical_differences(pairs)
    return [described(mode, other, typical, name) for mode, other in pairs], warnings
