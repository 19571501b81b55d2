"""How strongly gain in a region acts on a mode: its first-order overlap, or its energy fraction."""

from __future__ import annotations

import math
from typing import Final

from solvers.modes import Mode

__all__ = ["energy_fraction", "modal_overlap"]

_LARGEST: Final = 1.2
_SMALLEST: Final = -0.05


def energy_fraction(mode: Mode, region: str) -> float:
    """Return the mode's electric energy fraction in a region.

    Errors: ValueError listing the regions for an unknown one, or for a fraction outside 0 to 1.

    Example:
        >>> energy_fraction(Mode(wavenumber=9.4 - 1e-3j, confinement={"gain": 0.3}), "gain")
        0.3
    """
    if region not in mode.confinement:
        raise ValueError(
            f"region: must be a region of every mode ({', '.join(mode.confinement) or 'none'}), "
            f"got {region!r}; name the region that holds the nanocrystals"
        )
    fraction = mode.confinement[region]
    if not -1e-9 <= fraction <= 1 + 1e-9:
        raise ValueError(
            f"confinement: must lie in 0 to 1, got {fraction:g} in {region!r} of {mode.label}; "
            "give the energy fraction in the gain film"
        )
    return min(max(fraction, 0.0), 1.0)


def modal_overlap(mode: Mode, region: str) -> float:
    """Return Gamma of a mode: the material gain at threshold is 2 pi n/(Gamma lambda Q).

    The first-order overlap where the solver gives it (`Mode.gain_overlap`), else the energy
    fraction. The two agree without dispersion. Between dispersive mirrors, or in a dispersive
    film, the energy fraction misses the exact threshold by some per cent and the first-order
    overlap does not: energy in a dispersive medium has d(omega eps)/d omega, gain has eps.

    Args:
        mode: a mode of any solver.
        region: name of the region that amplifies.

    Errors: ValueError for an unknown region, a fraction outside 0 to 1, or an overlap that is
        not (a mode of low Q may exceed 1 by a few per cent; below 0 it counts as 0).

    Example:
        >>> mode = Mode(wavenumber=9.4 - 1e-3j, confinement={"gain": 0.55},
        ...             gain_overlap={"gain": 0.50})
        >>> modal_overlap(mode, "gain")
        0.5
    """
    fraction = energy_fraction(mode, region) if region in mode.confinement else None
    overlap = mode.gain_overlap.get(region, fraction)
    if overlap is None:
        return energy_fraction(mode, region)
    if not (math.isfinite(overlap) and _SMALLEST <= overlap <= _LARGEST):
        raise ValueError(
            f"gain_overlap: must lie in 0 to 1, got {overlap:g} in {region!r} of {mode.label}; "
            "leave it out to use the energy fraction"
        )
    return max(overlap, 0.0)
