"""Exact resonances of a planar layer stack at a given in-plane wavenumber, by transfer matrices.

In a layer of index n the waves go as exp(+-i q z) with q^2 = n^2 k^2 - kt^2. With the
admittance Y = q (TE) or q/n^2 (TM) the pair (F, G), F the transverse field and G its flux, is
continuous (M. Born and E. Wolf, Principles of Optics, section 1.6, doi:10.1017/CBO9781139644181).
A resonance has outgoing waves on both sides.
"""

from __future__ import annotations

import cmath
from collections.abc import Sequence
from typing import Literal

__all__ = ["planar_resonance"]


def planar_resonance(
    layers: Sequence[tuple[float, float]],
    *,
    substrate: float,
    superstrate: float,
    in_plane: float,
    polarization: Literal["TE", "TM"],
    guess: complex,
) -> complex:
    """Return the complex k (rad/um) nearest to a guess.

    Args:
        layers: (index, thickness in um) from bottom to top.
        substrate, superstrate: their indices.
        in_plane: wavenumber kt along the layers (rad/um).
    """

    def mismatch(k: complex) -> complex:
        def wave(index: float) -> tuple[complex, complex]:
            q = cmath.sqrt((index * k) ** 2 - in_plane**2)
            return q, (q if polarization == "TE" else q / index**2)

        field, flux = 1.0 + 0j, -wave(substrate)[1]
        for index, thickness in layers:
            q, admittance = wave(index)
            c, s = cmath.cos(q * thickness), 1j * cmath.sin(q * thickness)
            field, flux = c * field + s / admittance * flux, admittance * s * field + c * flux
        return flux - wave(superstrate)[1] * field

    k, step = guess, 1e-6 * abs(guess)
    for _ in range(60):
        slope = (mismatch(k + step) - mismatch(k - step)) / (2 * step)
        change = mismatch(k) / slope
        k -= change
        if abs(change) < 1e-13 * abs(k):
            return k
    raise RuntimeError(f"no planar resonance near {guess}")
