"""Gaps between bands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from solvers.band_structure.band_structure import BandStructure

__all__ = ["Gap", "band_gaps"]

_SMALLEST = 1e-3
"""Gaps narrower than this share of their middle are not told from rounding and touching bands."""


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A range of frequencies without a band.

    Attributes:
        below, above: numbers of the bands on either side (from 1).
        low, high: period/wavelength.
        period: um.
    """

    below: int
    above: int
    low: float
    high: float
    period: float

    @property
    def relative_width(self) -> float:
        """Width over the frequency in the middle."""
        return 2 * (self.high - self.low) / (self.high + self.low)

    @property
    def wavelengths(self) -> tuple[float, float]:
        """Shortest and longest wavelength (um) in the gap."""
        return self.period / self.high, self.period / self.low

    def __str__(self) -> str:
        return (
            f"bands {self.below}-{self.above}: {self.low:.6f}-{self.high:.6f} "
            f"({100 * self.relative_width:.2f} %)"
        )


def band_gaps(bands: BandStructure, *, guided_only: bool | None = None) -> tuple[Gap, ...]:
    """Return the gaps over the Bloch vectors that were computed, lowest first.

    A gap is complete when the path runs round the irreducible part of the zone, as the default
    path does, and extrema lie on it (they do for nearly all known lattices).

    Args:
        bands: the bands.
        guided_only: count only what is below the light cone: gaps of the guided modes, through
            which leaky modes may pass. None: for slabs.

    Example:
        >>> from solvers.band_structure.band_structure import BandStructure
        >>> found = BandStructure(
        ...     period=1.0, bloch=np.zeros((2, 2)), corners=((0, "Gamma"),), polarization="TM",
        ...     frequency=np.array([[0.0, 0.5], [0.2, 0.4]]), axial_share=np.ones((2, 2)))
        >>> print(band_gaps(found)[0])
        bands 1-2: 0.200000-0.400000 (66.67 %)
    """
    guided = bands.outer_index is not None if guided_only is None else guided_only
    inside = bands.guided if guided else np.ones_like(bands.guided)
    found = []
    for band in range(bands.bands - 1):
        lower, upper = inside[:, band], inside[:, band + 1]
        if not (lower.any() and upper.any()):
            continue
        low = float(bands.frequency[lower, band].max())
        high = float(bands.frequency[upper, band + 1].min())
        if high > low > 0 and 2 * (high - low) / (high + low) > _SMALLEST:
            found.append(
                Gap(below=band + 1, above=band + 2, low=low, high=high, period=bands.period)
            )
    return tuple(found)
