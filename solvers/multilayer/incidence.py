"""Angles, polarisations and the outgoing waves of the outer media."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Polarization",
    "Side",
    "checked_angles",
    "checked_polarizations",
    "checked_wavelengths",
    "outgoing",
]

Polarization = Literal["TE", "TM"]
Side = Literal["top", "bottom"]

Floats = NDArray[np.float64]


def outgoing(square: NDArray[Any]) -> NDArray[np.complex128]:
    """Return the root w of w^2 that leaves the stack: Re w + Im w > 0.

    Propagating waves have Re w > 0 and evanescent ones Im w > 0. The cut lies along w^2 = -i t:
    both kinds go over into those of absorbing and of (weakly) amplifying media without a jump.

    Args:
        square: w^2 = eps - s^2, any shape.
    """
    turned = np.asarray(square, dtype=np.complex128) * -1j
    return np.asarray(np.sqrt(turned) * np.exp(0.25j * np.pi), dtype=np.complex128)


def checked_wavelengths(wavelength: ArrayLike) -> Floats:
    """Return wavelengths (um), a number or an array (W,), as an array of the same shape.

    Raises:
        ValueError: not positive and finite, more than one dimension, or none at all.
    """
    values = np.asarray(wavelength, dtype=np.float64)
    if values.ndim > 1 or values.size == 0 or not np.all(np.isfinite(values) & (values > 0)):
        raise ValueError(
            f"wavelength: must be a number or a list of numbers > 0 (um), got {wavelength!r:.60}"
        )
    return values


def checked_angles(angle_deg: ArrayLike) -> Floats:
    """Return angles of incidence (degrees), a number or an array (A,).

    Raises:
        ValueError: outside 0 <= angle < 90, or more than one dimension.
    """
    values = np.asarray(angle_deg, dtype=np.float64)
    if values.ndim > 1 or values.size == 0 or not np.all((values >= 0) & (values < 90)):
        wrong = values[~((values >= 0) & (values < 90))] if values.size else values
        got = f"{wrong.ravel()[0]:g}" if wrong.size else f"shape {values.shape}"
        raise ValueError(
            f"angle_deg: must satisfy 0 <= angle < 90 degrees, got {got}; "
            "angles are measured from the normal in the medium of incidence"
        )
    return values


def checked_polarizations(polarization: str | Sequence[str]) -> tuple[Polarization, ...]:
    """Return the polarisations as a tuple.

    Raises:
        ValueError: anything but "TE" and "TM".
    """
    names = (polarization,) if isinstance(polarization, str) else tuple(polarization)
    known: dict[str, Polarization] = {"TE": "TE", "TM": "TM"}
    if not names or any(name not in known for name in names):
        raise ValueError(
            f'polarization: must be "TE", "TM" or both, got {polarization!r}; '
            "TE is s (electric field in the plane of the layers), TM is p"
        )
    return tuple(known[name] for name in names)
