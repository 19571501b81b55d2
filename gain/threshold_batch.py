"""Static thresholds of many cavities at once, and what each does at given pump levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.argument_checks import not_negative
from gain.gain_film import GainFilm
from gain.lasing_threshold import absorbed_photons_at_threshold
from gain.populations import poisson_populations

__all__ = ["ThresholdBatch", "batch_thresholds"]

Floats = NDArray[np.float64]

_ENTRIES: Final = 4_000_000


@dataclass(frozen=True, kw_only=True, eq=False)
class ThresholdBatch:
    """Thresholds of many cavities and their net gain at pump levels.

    Attributes:
        absorbed_photons: N at threshold (cavities,); nan: never lases.
        wavelength: of the mode that lases first (um), (cavities,); nan: never.
        pump_levels: N of the levels (levels,).
        net_gain: largest K g/(C sigma_0) - 1 over the modes (cavities, levels): round-trip gain
            over loss less 1, positive above threshold.
        leading_mode: index of that mode (cavities, levels).
    """

    absorbed_photons: Floats
    wavelength: Floats
    pump_levels: Floats
    net_gain: Floats
    leading_mode: NDArray[np.intp]

    @property
    def lasing(self) -> NDArray[np.bool_]:
        """Whether a mode has net gain, (cavities, levels)."""
        return self.net_gain > 0

    @property
    def yield_by_level(self) -> Floats:
        """Share of the cavities with net gain at each level (levels,)."""
        return np.asarray(self.lasing.mean(axis=0))


def batch_thresholds(
    medium: GainFilm,
    wavelength: ArrayLike,
    figure_of_merit: ArrayLike,
    pump_levels: ArrayLike,
) -> ThresholdBatch:
    """Return thresholds and net gains of cavities with the same number of modes.

    Args:
        medium: what amplifies.
        wavelength: of the modes (um), (cavities, modes).
        figure_of_merit: K of the modes, (cavities, modes) or what broadcasts to it; 0 for a
            mode that a cavity lacks.
        pump_levels: N (levels,).

    Errors: ValueError for other shapes or negative values.

    Example:
        >>> from gain.presets import quantum_shells
        >>> batch = batch_thresholds(quantum_shells(), [[0.63, 0.666]], [[50.0]], [0.1, 1.0])
        >>> batch.absorbed_photons.round(4).tolist(), batch.lasing.tolist()
        ([0.277], [[False, True]])
    """
    modes = np.asarray(wavelength, dtype=np.float64)
    levels = not_negative("pump_levels", pump_levels)
    if modes.ndim != 2 or modes.shape[1] == 0 or levels.ndim != 1:
        raise ValueError(
            "wavelength, pump_levels: must have the shapes (cavities, modes) and (levels,), got "
            f"{modes.shape} and {levels.shape}; give one row of modes per cavity"
        )
    merit = np.broadcast_to(np.asarray(figure_of_merit, dtype=np.float64), modes.shape)
    populations = poisson_populations(levels, states=medium.states).T
    count = len(modes)
    photons, first = np.full(count, np.nan), np.full(count, np.nan)
    net = np.empty((count, len(levels)))
    leading = np.empty(net.shape, dtype=np.intp)
    step = max(1, _ENTRIES // (modes.shape[1] * max(len(levels), medium.states, 1)))
    for start in range(0, count, step):
        part = slice(start, start + step)
        roots = absorbed_photons_at_threshold(medium, modes[part], merit[part])
        best = np.where(np.isnan(roots), np.inf, roots).argmin(axis=1)[:, None]
        photons[part] = np.take_along_axis(roots, best, axis=1)[:, 0]
        first[part] = np.take_along_axis(modes[part], best, axis=1)[:, 0]
        gain = medium.gain_coefficients(modes[part]) @ populations
        gain *= merit[part][..., None]
        leading[part] = gain.argmax(axis=1)
        net[part] = gain.max(axis=1) - 1
    first[np.isnan(photons)] = np.nan
    return ThresholdBatch(
        absorbed_photons=photons,
        wavelength=first,
        pump_levels=levels,
        net_gain=net,
        leading_mode=leading,
    )
