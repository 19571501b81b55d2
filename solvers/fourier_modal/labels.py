"""Band numbers, and the names A, B, C, D of the band edges of a photonic-crystal laser.

Of the four modes of one polarisation that the second-order point of a square lattice couples,
two are dark and two radiate as a degenerate pair. A and B are the dark ones, A the one of longer
wavelength; C and D are the pair (K. Sakai et al., Opt. Express 15, 3981 (2007),
doi:10.1364/OE.15.003981).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from solvers.modes import Mode

__all__ = ["band_edges", "labelled"]


def labelled(modes: Sequence[Mode]) -> tuple[Mode, ...]:
    """Return the modes by wavelength with band numbers and, at Gamma, band-edge names.

    Bands are counted for each polarisation from the longest wavelength of the set. The name is
    in `mode.settings["band_edge"]`.
    """
    found = []
    for polarization in dict.fromkeys(mode.polarization for mode in modes):
        own = [mode for mode in modes if mode.polarization == polarization]
        own.sort(key=lambda mode: -mode.wavelength)
        names = _edge_names(own[:4])
        for number, mode in enumerate(own):
            settings = dict(mode.settings)
            if number < len(names):
                settings["band_edge"] = names[number]
            found.append(dataclasses.replace(mode, band=number + 1, settings=settings))
    return tuple(sorted(found, key=lambda mode: mode.wavelength))


def band_edges(modes: Sequence[Mode], polarization: str = "TE") -> dict[str, Mode]:
    """Return the modes A, B, C and D of one polarisation by name, those that are there."""
    return {
        mode.settings["band_edge"]: mode
        for mode in sorted(modes, key=lambda mode: -mode.wavelength)
        if mode.polarization == polarization and "band_edge" in mode.settings
    }


def _edge_names(modes: Sequence[Mode]) -> list[str]:
    """Return the names of the first four modes, none unless they are two dark ones and a pair."""
    if any(mode.lattice_point != "Gamma" for mode in modes):
        return []
    pair = [mode.symmetry in ("E", "E1", "E+", "E-") for mode in modes]
    if len(modes) != 4 or sum(pair) != 2:
        return []
    dark, bright = iter("AB"), iter("CD")
    return [next(bright) if radiates else next(dark) for radiates in pair]
