"""Quasi-normal modes of planar cavities: every one in a window, with its energy balance."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from cavities.planar_stack import PlanarStack
from solvers.modes import ModeSet
from solvers.multilayer.argument_principle import Rectangle
from solvers.multilayer.family import joint_function
from solvers.multilayer.incidence import Polarization, checked_polarizations
from solvers.multilayer.mode_description import described_mode
from solvers.multilayer.open_stack import OpenStack
from solvers.multilayer.root_search import Root, find_roots
from solvers.multilayer.stack_arrays import as_stack

__all__ = ["METHOD", "find_all", "open_stacks", "solve_planar"]

METHOD = "multilayer"

_ABOVE_AXIS = 0.05
_MARGIN = 1e-3


def solve_planar(
    cavity: Any,
    *,
    wavelength: tuple[float, float],
    angle_deg: float | None = None,
    in_plane_wavenumber: float | None = None,
    polarization: str | Sequence[str] | None = None,
    quality_factor_floor: float = 100.0,
) -> ModeSet:
    """Return every mode of a planar cavity in a window; see `solvers.solve_modes`.

    Args:
        cavity: a PlanarStack, or a cavity with `.stack()`.
        wavelength: window (um), low and high.
        angle_deg: angle in the superstrate; the mode's k_x is that of a plane wave at this
            angle and at the mode's own wavelength. Default 0.
        in_plane_wavenumber: k_x (rad/um) instead of an angle; beyond the superstrate's light
            line modes are bound on that side.
        polarization: "TE", "TM" or both; default: both, at k_x = 0, where they are the same,
            TE only.
        quality_factor_floor: modes of lower Q (of either sign) are left out.

    Returns:
        Modes by wavelength, with `in_plane_wavenumber`, Q by channel ("radiation:substrate",
        "radiation:superstrate", "absorption:<region>"), confinement, `mode_length` (mode volume
        per area, um) and `axial_order` (nodes of the tangential field between the outermost
        interfaces).

    Raises:
        ValueError: both angle and k_x, an angle outside 0 <= angle < 90, a stack without
            layers, or a wavelength outside the range of a material.
        RuntimeError: the search cannot vouch for completeness.

    Example:
        >>> from cavities import Layer, PlanarStack
        >>> film = PlanarStack(substrate=1.0, superstrate=1.0,
        ...                    layers=(Layer(name="film", material=3.5, thickness=1.0),))
        >>> modes = solve_planar(film, wavelength=(0.95, 1.05), quality_factor_floor=1.0)
        >>> [(round(mode.wavelength, 6), round(mode.quality_factor, 3)) for mode in modes]
        [(1.0, 18.707)]
    """
    started = time.perf_counter()
    stack = as_stack(cavity)
    low, high = wavelength
    for material in stack.media:
        material.index(np.array([low, high]))
    problems = open_stacks(
        stack,
        angle_deg=angle_deg,
        in_plane_wavenumber=in_plane_wavenumber,
        polarization=polarization,
    )
    roots = find_all(problems, wavelength, quality_factor_floor)
    modes, warnings = [], []
    for root in roots:
        mode = described_mode(problems[root.problem], root.wavenumber, METHOD)
        if not low <= mode.wavelength <= high or abs(mode.quality_factor) < quality_factor_floor:
            continue
        modes += [mode] * root.multiplicity
        if root.multiplicity > 1:
            warnings.append(f"{root.multiplicity} modes coincide at {mode.wavelength:.9g} um")
        if mode.residual > 1e-9:
            warnings.append(f"{mode.label}: residual {mode.residual:.1e}")
    return ModeSet(
        modes=tuple(sorted(modes, key=lambda mode: mode.wavelength)),
        cavity={"type": type(cavity).__name__, **cavity.model_dump(mode="json")},
        window=wavelength,
        settings={
            "method": METHOD,
            "angle_deg": angle_deg,
            "in_plane_wavenumber": in_plane_wavenumber,
            "polarization": [problem.polarization for problem in problems],
            "quality_factor_floor": quality_factor_floor,
        },
        provenance={
            "numpy": np.__version__,
            "wall_time_s": time.perf_counter() - started,
            "warnings": warnings,
        },
    )


def open_stacks(
    stack: PlanarStack,
    *,
    angle_deg: float | None = None,
    in_plane_wavenumber: float | None = None,
    polarization: str | Sequence[str] | None = None,
) -> list[OpenStack]:
    """Return one problem per polarisation, checked; arguments as for `solve_planar`."""
    if not stack.layers:
        raise ValueError("stack: must have at least one layer to have modes, got none; add layers")
    if angle_deg is not None and in_plane_wavenumber is not None:
        raise ValueError(
            "angle_deg: must be left out with in_plane_wavenumber, got both; give one of them"
        )
    angle = 0.0 if angle_deg is None else float(angle_deg)
    if not 0 <= angle < 90:
        raise ValueError(
            f"angle_deg: must satisfy 0 <= angle < 90 degrees in the superstrate, got {angle:g}; "
            "give in_plane_wavenumber for guided modes"
        )
    if in_plane_wavenumber is not None and not 0 <= in_plane_wavenumber < math.inf:
        raise ValueError(
            f"in_plane_wavenumber: must be finite and >= 0 (rad/um), got {in_plane_wavenumber:g}; "
            "opposite directions are degenerate"
        )
    normal = angle == 0 and not in_plane_wavenumber
    if polarization is None:
        names: tuple[Polarization, ...] = ("TE",) if normal else ("TE", "TM")
    else:
        names = checked_polarizations(polarization)
    if in_plane_wavenumber is None and angle == 0:
        in_plane_wavenumber = 0.0
    return [
        OpenStack(
            stack=stack,
            polarization=name,
            in_plane_wavenumber=in_plane_wavenumber,
            sine=math.sin(math.radians(angle)),
        )
        for name in names
    ]


def find_all(
    problems: Sequence[OpenStack], wavelength: tuple[float, float], quality_factor_floor: float
) -> list[Root]:
    """Return every zero with Re k0 in the window and abs(Q) above the floor (and a few beyond).

    Args:
        problems: stacks of one structure: polarisations, angles, gains.
        wavelength: window (um).
        quality_factor_floor: lowest Q.
    """
    low, high = 2 * math.pi / wavelength[1], 2 * math.pi / wavelength[0]
    margin = _MARGIN * (high - low)
    depth = high / (2 * quality_factor_floor)
    strips = []
    for number, problem in enumerate(problems):
        above = depth if _amplifies(problem, low, high) else _ABOVE_AXIS * depth
        ends = [low - margin, *problem.light_lines(low - margin, high + margin), high + margin]
        for left, right in itertools.pairwise(ends):
            # The cut of an outer medium's k_z hangs on its light line: keep clear of it.
            inset = 1e-9 * left
            strip = Rectangle(
                left + (inset if left != ends[0] else 0),
                right - (inset if right != ends[-1] else 0),
                -1.01 * depth,
                above,
                number,
            )
            strips += _carved(strip, problem.singular_points())
    length = _optical_thickness(problems[0], (low + high) / 2)
    return find_roots(joint_function(problems), strips, turn_per_length=length)


def _carved(strip: Rectangle, points: list[tuple[complex, float]]) -> list[Rectangle]:
    """Return the strip without squares around singular points."""
    pieces = [strip]
    for centre, reach in points:
        left, right = centre.real - reach, centre.real + reach
        bottom, top = centre.imag - reach, centre.imag + reach
        parts: list[Rectangle] = []
        for r in pieces:
            if right <= r.left or left >= r.right or top <= r.bottom or bottom >= r.top:
                parts.append(r)
                continue
            inner_left, inner_right = max(left, r.left), min(right, r.right)
            parts += [
                r._replace(right=inner_left),
                r._replace(left=inner_right),
                r._replace(left=inner_left, right=inner_right, bottom=min(top, r.top)),
                r._replace(left=inner_left, right=inner_right, top=max(bottom, r.bottom)),
            ]
        pieces = [r for r in parts if r.right > r.left and r.top > r.bottom]
    return pieces


def _amplifies(problem: OpenStack, low: float, high: float) -> bool:
    media = problem.media(np.linspace(low, high, 33).astype(np.complex128))
    return any(bool(np.any(medium.eps.imag < 0)) for medium in media)


def _optical_thickness(problem: OpenStack, k: float) -> float:
    media = problem.media(np.array([k], dtype=np.complex128))[1:-1]
    index = [abs(np.sqrt(medium.eps[0])) for medium in media]
    return float(np.dot(index, problem.thickness)) + 1 / k
