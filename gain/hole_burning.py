"""Where each mode is strong in the film: weights for spatial hole burning.

Modes that overlap in space burn holes into each other's gain; modes that do not, do not. The film
is divided into groups of nanocrystals; the profile of a mode is its intensity at each of them.
`LaserModes.with_profile` scales it to a mean of 1.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solvers.modes import Mode

__all__ = ["field_profile", "standing_wave_profile"]

Floats = NDArray[np.float64]


def field_profile(modes: Sequence[Mode], r: ArrayLike, z: ArrayLike) -> Floats:
    """Return eps |E|^2 of each mode at points of the film, (groups, modes), arbitrary scale.

    Args:
        modes: modes that carry their field (fresh from a solver, not loaded from a file).
        r, z: coordinates of one point per group (um), (groups,), inside the film. Give each
            group's volume (2 pi r dA) as `group_fraction`.

    Raises:
        ValueError: a mode without field, points outside the solver's domain.
    """
    at_r = np.atleast_1d(np.asarray(r, dtype=np.float64))
    at_z = np.atleast_1d(np.asarray(z, dtype=np.float64))
    if at_r.ndim != 1 or at_r.shape != at_z.shape:
        raise ValueError(
            f"r, z: must be as long as each other, got shapes {at_r.shape} and {at_z.shape}; "
            "give one point per group"
        )
    columns = []
    for i, mode in enumerate(modes):
        if mode.sampler is None:
            raise ValueError(
                f"modes: must carry their fields, got none for mode {i} ({mode.label}); "
                "solve instead of loading"
            )
        field = mode.sampler(at_r, at_z)
        square = sum(np.abs(field[name]) ** 2 for name in ("E_r", "E_phi", "E_z"))
        columns.append(np.real(field["eps"]) * square)
    profile = np.stack(columns, axis=1)
    if not np.all(np.isfinite(profile)):
        bad = int(np.flatnonzero(~np.isfinite(profile).all(axis=1))[0])
        raise ValueError(
            f"r, z: must lie in the solver's domain, got r = {at_r[bad]:g}, z = {at_z[bad]:g} um; "
            "take points inside the film"
        )
    return np.asarray(profile)


def standing_wave_profile(azimuthal_orders: Sequence[int], groups: int) -> Floats:
    """Return 2 cos^2(m phi) at equidistant angles, (groups, modes): standing whispering waves.

    Backscattering of a real rim locks the two senses of rotation into standing waves; without
    it the waves run and no azimuthal holes are burnt.

    Args:
        azimuthal_orders: m of each mode.
        groups: number of angles; orders must stay distinct on them.

    Raises:
        ValueError: angles too few to tell the orders apart.

    Example:
        >>> standing_wave_profile([3, 4], 11).mean(axis=0).round(12).tolist()
        [1.0, 1.0]
    """
    m = np.asarray(azimuthal_orders, dtype=np.int64)
    phases = 2 * m
    pairs = [(a, b) for i, a in enumerate(phases) for b in phases[i + 1 :]]
    clash = any(a % groups == 0 for a in phases) or any(
        (a - b) % groups == 0 or (a + b) % groups == 0 for a, b in pairs
    )
    if groups < 2 or clash:
        raise ValueError(
            f"groups: must tell the orders apart (2 m and 2 m' distinct modulo groups, up to the "
            f"sign, and not 0), got {groups}; take a prime above {2 * len(m)}"
        )
    phi = 2 * np.pi * np.arange(groups) / groups
    return np.asarray(2 * np.cos(np.outer(phi, m)) ** 2)
