"""Whether an amplifying stack is below its threshold: no pole above the real axis."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cavities.planar_stack import PlanarStack
from solvers.multilayer.argument_principle import Rectangle, contours
from solvers.multilayer.family import joint_function
from solvers.multilayer.incidence import Polarization, Side, checked_angles
from solvers.multilayer.open_stack import OpenStack
from solvers.multilayer.stack_arrays import StackArrays, as_stack

__all__ = ["require_below_threshold"]

_WIDER = 0.1


def require_below_threshold(
    stack: Any,
    arrays: StackArrays,
    wavelength: NDArray[np.float64],
    angle_deg: ArrayLike,
    in_plane_wavenumber: ArrayLike | None,
    polarizations: Sequence[Polarization],
    *,
    side: Side,
) -> None:
    """Raise ValueError if a mode grows at one of the angles of a spectrum.

    Poles are counted by the argument principle above the real axis, over the wavelengths of
    the spectrum and 10 % beyond (as far as the materials have data), and up to the fastest
    growth that the gain can give, Im k0 <= Re k0 max(-Im eps/eps_g). Stacks given as
    StackArrays are not looked at: their permittivity is known at the wavelengths only.
    """
    if isinstance(stack, StackArrays):
        return
    if isinstance(stack, Sequence):
        stacks = [as_stack(one) for one in stack]
        variants: list[tuple[PlanarStack, Any, Any]] = [(one, None, None) for one in stacks]
    else:
        variants = _perturbed(as_stack(stack), arrays)
    if in_plane_wavenumber is None:
        tilts = np.sin(np.radians(checked_angles(angle_deg))).ravel()
    else:
        tilts = np.abs(np.asarray(in_plane_wavenumber, dtype=np.float64)).ravel()
    for one, thicknesses, shift in variants:
        if side == "bottom":
            one = one.reversed()
            thicknesses = None if thicknesses is None else thicknesses[::-1]
            shift = None if shift is None else shift[::-1]
        problems = [
            OpenStack(
                stack=one,
                polarization=polarization,
                in_plane_wavenumber=None if in_plane_wavenumber is None else float(tilt),
                sine=float(tilt) if in_plane_wavenumber is None else 0.0,
                thicknesses=thicknesses,
                index_shift=shift,
            )
            for polarization in polarizations
            for tilt in tilts
        ]
        _require(problems, float(np.min(wavelength)), float(np.max(wavelength)))


def _perturbed(stack: PlanarStack, arrays: StackArrays) -> list[tuple[PlanarStack, Any, Any]]:
    """Return the stacks of a batch with their thicknesses and shifts of index."""
    own = tuple(layer.thickness for layer in stack.layers)
    shifts = arrays.index_shift
    rows = []
    for number in range(arrays.count):
        thick = tuple(float(d) for d in arrays.thickness[number % len(arrays.thickness)])
        shift = None if shifts is None else tuple(complex(n) for n in shifts[number % len(shifts)])
        rows.append((stack, None if thick == own else thick, shift))
    return rows


def _require(problems: list[OpenStack], shortest: float, longest: float) -> None:
    ranges = [material.wavelength_range for material in problems[0].stack.media]
    shortest = max(shortest * (1 - _WIDER), *(low for low, _ in ranges))
    longest = min(longest * (1 + _WIDER), *(high for _, high in ranges))
    low, high = 2 * math.pi / longest, 2 * math.pi / shortest
    media = problems[0].media(np.linspace(low, high, 65).astype(np.complex128))
    growth = max(float(np.max(-m.eps.imag / np.abs(m.eps.real))) for m in media)
    if growth <= 0:
        return
    top = min(growth, 0.5) * high
    length = sum(
        float(np.abs(np.sqrt(medium.eps[0]))) * d
        for medium, d in zip(media[1:-1], problems[0].thickness, strict=True)
    )
    strips = []
    for i, problem in enumerate(problems):
        ends = [low, *problem.light_lines(low, high), high]
        strips += [
            Rectangle(a * (1 + 1e-9), b * (1 - 1e-9), 0.0, top, i)
            for a, b in itertools.pairwise(ends)
        ]
    counted = contours(joint_function(problems), strips, turn_per_length=length + 1 / low)
    for strip, contour in zip(strips, counted, strict=True):
        if contour.zeros == 0:
            continue
        problem = problems[strip.problem]
        where = 2 * math.pi / (strip.left + strip.right) * 2
        if contour.zeros:
            where = 2 * math.pi * contour.zeros / contour.total.real
        raise ValueError(
            "stack: must be below its threshold for a spectrum, got a growing "
            f"{problem.polarization} mode near {where:.5g} um; lower the gain (threshold_gain "
            "tells how far), or pass check_gain=False"
        )
