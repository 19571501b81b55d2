"""Threshold and lasing wavelength against the figure of merit, for freely placed modes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.gain_film import GainFilm
from gain.lasing_threshold import absorbed_photons_at_threshold
from gain.spectrum import redshift, wavelength_at

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BranchJump", "ThresholdCurve", "branch_jump", "gain_window", "threshold_curve"]

Floats = NDArray[np.float64]

_POINTS_PER_WIDTH = 25
_GRID_LIMITS = (201, 40_001)
_ZOOM = 33
_ZOOMS = 3
_WIDENINGS = 4


@dataclass(frozen=True, kw_only=True, eq=False)
class ThresholdCurve:
    """Threshold of a cavity with a mode at every wavelength, for a range of K.

    Attributes:
        medium: the nanocrystals.
        figure_of_merit: K (confinement included), (points,).
        absorbed_photons: N at threshold (points,); nan: never lases.
        wavelength: lasing wavelength (um), (points,); nan: never lases.
    """

    medium: GainFilm
    figure_of_merit: Floats
    absorbed_photons: Floats
    wavelength: Floats

    @property
    def redshift_nm(self) -> Floats:
        """Lasing wavelength minus emission peak (nm), positive to the red."""
        return np.asarray(1e3 * (self.wavelength - self.medium.emission_wavelength))

    def to_dataframe(self) -> pd.DataFrame:
        """Return one row per K, units in the column names."""
        import pandas as pd

        return pd.DataFrame(
            {
                "figure_of_merit": self.figure_of_merit,
                "absorbed_photons": self.absorbed_photons,
                "wavelength_um": self.wavelength,
                "redshift_nm": self.redshift_nm,
            }
        )


@dataclass(frozen=True, kw_only=True)
class BranchJump:
    """Where the laser jumps from the multi-exciton line (below K) to the exciton line (above).

    Attributes:
        figure_of_merit: K of the jump.
        absorbed_photons: N at threshold there.
        blue_wavelength, red_wavelength: the two wavelengths (um).
    """

    figure_of_merit: float
    absorbed_photons: float
    blue_wavelength: float
    red_wavelength: float


def gain_window(medium: GainFilm, *, widths: float = 8.0) -> tuple[float, float]:
    """Return the wavelengths (um) `widths` standard deviations beyond the outermost lines.

    Eight cover figures of merit up to 1e12 (the laser moves red as s sqrt(2 ln K)). For a
    tabulated line the standard deviation is that of the Gaussian of equal area.
    """
    positions, std = medium.line_positions, medium.line_width
    blue, red = positions.min() - widths * std, positions.max() + widths * std
    low = redshift(medium, 0.2 * medium.emission_wavelength)
    high = redshift(medium, 5.0 * medium.emission_wavelength)
    edges = wavelength_at(medium, np.clip([blue, red], low, high))
    return float(edges[0]), float(edges[1])


def threshold_curve(
    medium: GainFilm,
    figure_of_merit: ArrayLike,
    *,
    wavelength: tuple[float, float] | None = None,
) -> ThresholdCurve:
    """Return threshold and lasing wavelength for a dense comb of modes with the same K.

    The smallest first root over a wavelength grid, refined by three zooms (wavelength to about
    1e-5 of the window). K is taken as given at every wavelength, as in the source's figures.

    Args:
        medium: the nanocrystals.
        figure_of_merit: K values (points,), confinement included.
        wavelength: window (um); None: every wavelength with gain, widened until the laser
            line lies inside.

    Errors: ValueError for a K that is not positive or an empty window.
    Source: figures 4c and 4d, HAL hal-05014673 (2025).

    Example:
        >>> from gain.presets import quantum_shells
        >>> curve = threshold_curve(quantum_shells(), [2.0, 50.0, 1000.0])
        >>> curve.absorbed_photons.round(4).tolist(), curve.redshift_nm.round(1).tolist()
        ([2.1368, 0.2768, 0.0724], [-20.3, 15.8, 25.8])
    """
    merit = np.atleast_1d(np.asarray(figure_of_merit, dtype=np.float64))
    if merit.ndim != 1 or not np.all(merit > 0):
        raise ValueError(
            "figure_of_merit: must be positive and one-dimensional, got shape "
            f"{merit.shape} and minimum {np.min(merit):g}; check Q and Gamma"
        )
    if wavelength is not None and not 0 < wavelength[0] < wavelength[1]:
        raise ValueError(
            f"wavelength: must be (low, high) with 0 < low < high (um), got {wavelength}; swap them"
        )
    photons = np.full(merit.shape, np.nan)
    best = np.full(merit.shape, np.nan)
    for index, value in enumerate(merit):
        photons[index], best[index] = _lowest(medium, float(value), wavelength)
    return ThresholdCurve(
        medium=medium, figure_of_merit=merit, absorbed_photons=photons, wavelength=best
    )


def _lowest(
    medium: GainFilm, merit: float, window: tuple[float, float] | None
) -> tuple[float, float]:
    widths, std = 8.0, medium.line_width
    lines = wavelength_at(medium, medium.line_positions)
    for _ in range(_WIDENINGS):
        low, high = window or gain_window(medium, widths=widths)
        span = float(redshift(medium, high) - redshift(medium, low))
        grid = np.linspace(low, high, int(np.clip(span / std * _POINTS_PER_WIDTH, *_GRID_LIMITS)))
        step = grid[1] - grid[0]
        # Near K = 1/(1 - b) only the very peak of a line lases.
        grid = np.union1d(grid, lines[(lines >= low) & (lines <= high)])
        roots = absorbed_photons_at_threshold(medium, grid, merit)
        if np.all(np.isnan(roots)):
            return float("nan"), float("nan")
        index = int(np.nanargmin(roots))
        if window is not None or 0 < index < len(grid) - 1:
            break
        widths *= 2
    for _ in range(_ZOOMS):
        centre = grid[index]
        grid = np.clip(np.linspace(centre - step, centre + step, _ZOOM), low, high)
        roots = absorbed_photons_at_threshold(medium, grid, merit)
        index = int(np.nanargmin(roots))
        step *= 2 / (_ZOOM - 1)
    return float(roots[index]), float(grid[index])


def branch_jump(
    medium: GainFilm, *, figure_of_merit: tuple[float, float] = (1.05, 1e4)
) -> BranchJump | None:
    """Return the K at which the lasing line jumps between the XX and the X line.

    Scans K, takes the largest step of the lasing wavelength and narrows it down to 1e-9 in K;
    None where no step is wider than one standard deviation of the line (no second branch).

    Args:
        medium: the nanocrystals.
        figure_of_merit: range of K to search.

    Example:
        >>> from gain.presets import quantum_shells
        >>> jump = branch_jump(quantum_shells())
        >>> round(jump.figure_of_merit, 2), round(jump.absorbed_photons, 3)
        (7.45, 1.361)
    """
    merit = np.geomspace(*figure_of_merit, 60)
    width = medium.line_width
    if np.all(np.isnan(threshold_curve(medium, merit).wavelength)):
        return None
    while True:
        curve = threshold_curve(medium, merit)
        step = np.diff(redshift(medium, np.where(np.isnan(curve.wavelength), 1, curve.wavelength)))
        step[np.isnan(np.diff(curve.wavelength))] = 0.0
        index = int(np.argmax(step))
        if step[index] < width:
            return None
        low, high = merit[index], merit[index + 1]
        if high - low < 1e-9 * high:
            return BranchJump(
                figure_of_merit=float(high),
                absorbed_photons=float(curve.absorbed_photons[index + 1]),
                blue_wavelength=float(curve.wavelength[index]),
                red_wavelength=float(curve.wavelength[index + 1]),
            )
        merit = np.geomspace(low, high, 9)
