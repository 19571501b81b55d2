"""Lengths, mass and spacing of a planar cavity mode."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from cavities.constants import HBAR_J_S, SPEED_OF_LIGHT_UM_PER_S
from cavities.planar_stack import PlanarStack
from solvers.modes import Mode
from solvers.multilayer.mirror import MirrorResponse, mirror_response
from solvers.multilayer.mode_derivative import planar_derivative, problem_of
from solvers.multilayer.stack_arrays import as_stack

__all__ = ["ELECTRON_MASS_KG", "CavityLengths", "cavity_lengths", "effective_mass_kg"]

ELECTRON_MASS_KG: Final = 9.109_383_7015e-31
"""Electron mass (kg), CODATA 2018."""


@dataclass(frozen=True, kw_only=True)
class CavityLengths:
    """What a planar mode feels.

    Attributes:
        mode: the mode.
        cavity_thickness: of the layers between the mirrors (um).
        bottom, top: the mirrors seen from the cavity, with their penetration depths.
        effective_length: cavity and both penetration depths (um).
        group_index: of the cavity layers, weighted with their thickness.
        free_spectral_range: lambda^2/(2 n_g L_eff) (um) at normal incidence, the distance of
            neighbouring longitudinal modes if the mirrors let them be.
        mode_length: int(eps |E|^2)/max(eps |E|^2) (um), mode volume per area.
        effective_mass: hbar k_x/v_g in electron masses; at k_x = 0 that of the parabola.
        group_velocity: d Re k0/d k_x, over c.
    """

    mode: Mode
    cavity_thickness: float
    bottom: MirrorResponse
    top: MirrorResponse
    effective_length: float
    group_index: float
    free_spectral_range: float
    mode_length: float
    effective_mass: float
    group_velocity: float


def cavity_lengths(
    cavity: Any, mode: Mode, *, between: tuple[int, int] | None = None
) -> CavityLengths:
    """Return the effective length, mass and spacing of a mode.

    Args:
        cavity: planar cavity that the mode belongs to.
        mode: a mode of method "multilayer".
        between: first and last layer of the cavity, counted from the bottom at 0; None: the
            layers between those whose names end in "mirror" (adhesion layers go with them).

    Raises:
        ValueError: no layers are left, or `between` is not a range of layers.

    Example:
        >>> from cavities import Layer, PlanarMicrocavity, QuarterWaveMirror
        >>> from solvers import solve_modes
        >>> mirror = QuarterWaveMirror(design_wavelength=0.601, high_material=2.3,
        ...                            low_material=1.46, pairs=9.5)
        >>> device = PlanarMicrocavity(
        ...     bottom_mirror=mirror, top_mirror=mirror, substrate=1.46,
        ...     cavity=(Layer(name="gain", material=1.85, thickness=0.812),))
        >>> (mode,) = solve_modes(device, (0.58, 0.62))
        >>> found = cavity_lengths(device, mode)
        >>> round(found.effective_length, 2), f"{found.effective_mass:.2g}"
        (1.17, '1.4e-05')
    """
    stack = as_stack(cavity)
    first, last = _cavity_range(stack) if between is None else between
    if not 0 <= first <= last < len(stack.layers):
        raise ValueError(
            f"between: must be two layers of the stack, 0 to {len(stack.layers) - 1}, got "
            f"{between}; count from the bottom"
        )
    polarization = problem_of(cavity, mode).polarization
    kx, wavelength = mode.in_plane_wavenumber or 0.0, mode.wavelength
    layers = stack.layers
    bottom = mirror_response(
        layers[:first][::-1],
        layers[first].material,
        stack.substrate,
        wavelength,
        in_plane_wavenumber=kx,
        polarization=polarization,
    )
    top = mirror_response(
        layers[last + 1 :],
        layers[last].material,
        stack.superstrate,
        wavelength,
        in_plane_wavenumber=kx,
        polarization=polarization,
    )
    middle = layers[first : last + 1]
    thickness = np.array([layer.thickness for layer in middle])
    groups = np.array([float(layer.material.group_index(wavelength)) for layer in middle])
    total = float(thickness.sum())
    length = total + bottom.penetration_depth + top.penetration_depth
    group_index = float(thickness @ groups / total)
    slope = planar_derivative(cavity, mode).wavenumber_by_in_plane_square
    return CavityLengths(
        mode=mode,
        cavity_thickness=total,
        bottom=bottom,
        top=top,
        effective_length=length,
        group_index=group_index,
        free_spectral_range=wavelength**2 / (2 * group_index * length),
        mode_length=mode.mode_length,
        effective_mass=effective_mass_kg(slope.real) / ELECTRON_MASS_KG,
        group_velocity=2 * kx * slope.real,
    )


def effective_mass_kg(wavenumber_by_in_plane_square: float) -> float:
    """Return hbar/(2 c d Re k0/d(k_x^2)) (kg) from that slope (um/rad).

    Example:
        >>> ideal = 0.601 / (4 * math.pi * 1.85**2)  # k0 = sqrt(k_z^2 + k_x^2)/n
        >>> f"{effective_mass_kg(ideal) / ELECTRON_MASS_KG:.3g}"
        '1.38e-05'
    """
    if wavenumber_by_in_plane_square == 0:
        return math.inf
    # c and the slope in um: hbar [J s]/((um/s) um) is 1e12 kg.
    return 1e12 * HBAR_J_S / (2 * SPEED_OF_LIGHT_UM_PER_S * wavenumber_by_in_plane_square)


def _cavity_range(stack: PlanarStack) -> tuple[int, int]:
    inner = [
        i
        for i, layer in enumerate(stack.layers)
        if not (layer.name.endswith("mirror") or layer.name == "adhesion")
    ]
    if not inner:
        raise ValueError(
            f"between: must be given when every layer belongs to a mirror, got regions "
            f"{list(stack.regions)}; count layers from the bottom at 0"
        )
    return inner[0], inner[-1]
