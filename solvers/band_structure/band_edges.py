"""Band edges A, B, C, D of a photonic-crystal laser from bands at Gamma.

Of the four modes of one polarisation that the second-order point of a square lattice couples, two
are dark (A, the one of lower frequency, and B) and two form the degenerate pair that radiates (C
and D); K. Sakai et al., Opt. Express 15, 3981 (2007), doi:10.1364/OE.15.003981. The names are those
of `solvers.fourier_modal.labels`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from solvers.band_structure.band_structure import BandStructure

__all__ = ["BandEdge", "gamma_edges"]

_SQUARE = ("C4v", "C4")
_PAIRS = ("E", "E+", "E-")
_CONFINED = 0.5
"""Share of the largest core share from which a band is one of the slab."""


@dataclass(frozen=True, kw_only=True)
class BandEdge:
    """One band edge at Gamma.

    Attributes:
        name: "A", "B", "C" or "D"; band: its number.
        frequency: period/wavelength; wavelength: um.
        symmetry: irreducible representation.
        core_share: share of its electric energy in the layers of a slab; nan for plane crystals.
            The pair C, D couples to waves outside, which the supercell's walls make into
            standing ones: the lower this share is below that of A and B, the less exact it is.
    """

    name: str
    band: int
    frequency: float
    wavelength: float
    symmetry: str
    core_share: float


def gamma_edges(bands: BandStructure, polarization: str = "TE") -> dict[str, BandEdge]:
    """Return the band edges by name.

    Args:
        bands: with "Gamma" on its path and symmetry labels.
        polarization: "TE" or "TM".

    Raises:
        ValueError: the path has no Gamma, the crystal is not that of a square lattice with
            fourfold rotations, or the bands of this polarisation do not hold two dark ones and a
            pair (then more bands are needed).
    """
    gamma = bands.at("Gamma")
    if bands.point_groups[gamma] not in _SQUARE:
        raise ValueError(
            f"crystal: must have fourfold rotations for the band edges A to D, got point group "
            f"{bands.point_groups[gamma] or 'unknown'!r}; take frequency and symmetry at Gamma"
        )
    dark: list[int] = []
    pairs: list[int] = []
    for band in _candidates(bands, gamma, polarization):
        label = bands.symmetry[gamma][band]
        if label in _PAIRS:
            pairs.append(band)
        elif label is not None:
            dark.append(band)
    chosen = _best_pair(bands, gamma, pairs, dark[:2])
    if len(dark) < 2 or len(chosen) < 2:
        raise ValueError(
            f"bands: must hold two dark bands and a degenerate pair of {polarization} at Gamma, "
            f"got {len(dark)} and {len(pairs)} in {bands.bands} bands; ask for more bands"
        )
    names = zip("ABCD", (*dark[:2], *chosen), strict=True)
    return {name: _edge(bands, gamma, band, name) for name, band in names}


def _candidates(bands: BandStructure, gamma: int, polarization: str) -> list[int]:
    """Return the bands of a polarisation that are not static and sit in the slab."""
    found = []
    share = bands.core_share
    limit = 0.0 if share is None else _CONFINED * float(np.max(share[gamma]))
    for band in range(bands.bands):
        if not np.isfinite(bands.wavelength[gamma, band]):
            continue
        if bands.polarization == "all":
            kind = "TM" if bands.axial_share[gamma, band] > 0.5 else "TE"
        else:
            kind = bands.polarization
        inside = share is None or share[gamma, band] > limit
        if kind == polarization and (inside or bands.symmetry[gamma][band] in _PAIRS):
            found.append(band)
    return found


def _best_pair(bands: BandStructure, gamma: int, pairs: list[int], dark: list[int]) -> list[int]:
    """Return the pair that sits best in the slab; the first one of a plane crystal."""
    if bands.core_share is None or len(dark) < 2:
        return pairs[:2]
    ranked = sorted(pairs, key=lambda band: -bands.core_share[gamma, band])  # type: ignore[index]
    return sorted(ranked[:2])


def _edge(bands: BandStructure, gamma: int, band: int, name: str) -> BandEdge:
    share = bands.core_share
    return BandEdge(
        name=name,
        band=band + 1,
        frequency=float(bands.frequency[gamma, band]),
        wavelength=float(bands.wavelength[gamma, band]),
        symmetry=bands.symmetry[gamma][band] or "",
        core_share=float("nan") if share is None else float(share[gamma, band]),
    )
