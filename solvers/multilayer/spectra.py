"""Reflection, transmission and absorption of planar stacks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solvers.multilayer.incidence import (
    Side,
    checked_angles,
    checked_polarizations,
    checked_wavelengths,
)
from solvers.multilayer.spectrum_result import SpectrumResult
from solvers.multilayer.stack_arrays import StackArrays, stack_arrays
from solvers.multilayer.sweep import CHUNK, Amplitudes, amplitudes

__all__ = ["spectrum"]

Floats = NDArray[np.float64]


def spectrum(
    stack: Any,
    wavelength: ArrayLike,
    *,
    angle_deg: ArrayLike = 0.0,
    in_plane_wavenumber: ArrayLike | None = None,
    polarization: str | Sequence[str] = "TE",
    side: Side = "top",
    thickness: ArrayLike | None = None,
    index_shift: ArrayLike | None = None,
    absorption: bool = True,
    check_gain: bool = True,
    chunk: int = CHUNK,
) -> SpectrumResult:
    """Return what a plane wave does at one stack or at many, at all given points at once.

    Args:
        stack: PlanarStack, cavity with `.stack()`, or a sequence of them (then the result has an
            axis "stack"); a thick substrate (`substrate_thickness`) for one stack only.
        wavelength: vacuum wavelength (um), a number or (W,).
        angle_deg: angle of incidence in the outer medium on `side` (degrees), a number or (A,):
            k_x = k0 Re(n) sin(angle), real also where that medium absorbs.
        in_plane_wavenumber: k_x (rad/um) instead of angles, a number or (A,).
        polarization: "TE" (s), "TM" (p), or a list of both.
        side: "top": the light comes from the superstrate; "bottom": from the substrate.
        thickness: layer thicknesses (um) instead of the stack's own, (L,) or (S, L): a batch.
        index_shift: added to the layers' indices, (L,) or (S, L).
        absorption: whether to compute the absorption of each layer.
        check_gain: whether to look for modes above threshold when a layer amplifies. A stack
            above threshold oscillates by itself: its response to a steady wave means nothing.
        chunk: points per block; working memory is a few hundred bytes times this.

    Returns:
        The spectra; memory beyond them does not grow with their size.

    Raises:
        ValueError: an angle outside 0 <= angle < 90, a k_x beyond the light line of the
            incidence medium, a wavelength outside the range of a material, a negative thickness,
            or an amplifying stack above its threshold.

    Example:
        >>> from cavities import PlanarStack
        >>> glass = PlanarStack(substrate=1.5, superstrate=1.0)
        >>> float(spectrum(glass, 0.6).reflectance.round(6))
        0.04
    """
    names = checked_polarizations(polarization)
    waves = checked_wavelengths(wavelength)
    if side not in ("top", "bottom"):
        raise ValueError(f'side: must be "top" or "bottom", got {side!r}; z points upwards')
    arrays = stack_arrays(stack, waves.ravel(), thickness=thickness, index_shift=index_shift)
    if check_gain and arrays.amplifying():
        from solvers.multilayer.gain_guard import require_below_threshold

        require_below_threshold(
            stack, arrays, waves, angle_deg, in_plane_wavenumber, names, side=side
        )
    seen = arrays if side == "top" else arrays.upside_down()
    wavenumber = 2 * math.pi / waves.ravel()
    back = _thick_substrate(stack)
    if back is None:
        entrance = np.sqrt(np.asarray(seen.permittivity[-1], dtype=np.complex128))
        exit_index = np.sqrt(np.asarray(seen.permittivity[0], dtype=np.complex128))
    else:
        outer = stack.stack().backside.index(waves.ravel()).reshape(1, 1, -1)
        top = np.sqrt(np.asarray(arrays.permittivity[-1], dtype=np.complex128))
        entrance, exit_index = (top, outer) if side == "top" else (outer, top)
    sine, tilts, angles = _sines(entrance, wavenumber, angle_deg, in_plane_wavenumber)
    extra = None
    if back is None:
        found = amplitudes(seen, wavenumber, sine, names, absorption=absorption, chunk=chunk)
    else:
        from solvers.multilayer.thick_substrate import with_thick_substrate

        found, extra = with_thick_substrate(
            arrays, back, outer**2, wavenumber, sine, names, side=side, chunk=chunk
        )
    _to_electric(found, names, entrance, exit_index)
    drop = tuple(
        axis
        for axis, keep in enumerate(
            (not isinstance(polarization, str), arrays.batched, tilts.ndim == 1, waves.ndim == 1)
        )
        if not keep
    )
    dimensions = ["polarization", "stack", "angle" if angles else "in_plane_wavenumber"]
    kept = [name for i, name in enumerate([*dimensions, "wavelength"]) if i not in drop]
    lossy = seen.absorbing()
    order = slice(None) if side == "top" or back is not None else slice(None, None, -1)
    places = tuple(len(arrays.names) - 1 - i for i in lossy)[::-1] if order.step else lossy
    parts = found.absorption if absorption else None
    return SpectrumResult(
        wavelength=waves,
        angle_deg=tilts if angles else None,
        in_plane_wavenumber=None if angles else tilts,
        polarizations=names,
        side=side,
        dimensions=tuple(kept),
        r=found.r.squeeze(drop),
        t=found.t.squeeze(drop),
        reflectance=found.reflectance.squeeze(drop),
        transmittance=found.transmittance.squeeze(drop),
        layers=arrays.names,
        absorbing_layers=arrays.absorbing() if back is not None else places,
        absorbing_parts=None if parts is None else parts[..., order].squeeze(drop),
        substrate_absorption=None if extra is None else extra.squeeze(drop),
    )


def _sines(
    entrance: NDArray[np.complex128],
    wavenumber: Floats,
    angle_deg: ArrayLike,
    in_plane_wavenumber: ArrayLike | None,
) -> tuple[Floats, Floats, bool]:
    """Return k_x/k0 (S or 1, A, W or 1), the angles or k_x as given, and which of them."""
    if in_plane_wavenumber is None:
        angles = checked_angles(angle_deg)
        return entrance.real * np.sin(np.radians(angles)).reshape(1, -1, 1), angles, True
    values = np.asarray(in_plane_wavenumber, dtype=np.float64)
    if np.any(np.asarray(angle_deg) != 0):
        raise ValueError(
            "angle_deg: must be left out with in_plane_wavenumber, got both; give one of them"
        )
    sine = np.abs(values).reshape(1, -1, 1) / wavenumber
    if values.ndim > 1 or not np.all(sine < entrance.real):
        limit = float(np.min(entrance.real * wavenumber))
        raise ValueError(
            f"in_plane_wavenumber: must be below n k0 = {limit:.6g} rad/um of the medium of "
            f"incidence at every wavelength, got {np.max(np.abs(values)):.6g}; no such plane wave"
        )
    return sine, values, False


def _to_electric(
    found: Amplitudes,
    names: Sequence[str],
    entrance: NDArray[np.complex128],
    exit_index: NDArray[np.complex128],
) -> None:
    """Turn t of H_y, which the recursion has in TM, into that of the electric field, in place."""
    for t, name in zip(found.t, names, strict=True):
        if name == "TM":
            t *= entrance / exit_index


def _thick_substrate(stack: Any) -> float | None:
    """Return the thickness (um) of a substrate with a back face."""
    if isinstance(stack, StackArrays):
        return None
    if isinstance(stack, Sequence):
        for one in stack:
            if one.stack().substrate_thickness is not None:
                raise ValueError(
                    "substrate_thickness: must be left out in a batch of stacks, got one; "
                    "call spectrum for each"
                )
        return None
    thickness: float | None = stack.stack().substrate_thickness
    return thickness
