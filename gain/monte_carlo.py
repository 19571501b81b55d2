"""Monte Carlo over nominally equal cavities: the cloud of thresholds and lasing wavelengths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from cavities.spec import Spec
from gain.gain_film import GainFilm
from gain.lasing_threshold import absorbed_photons_at_threshold
from gain.merit import figure_of_merit, quality_factor_for
from gain.merit_curve import gain_window

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["CavityPopulation", "LasingCloud", "free_spectral_range_nm", "lasing_cloud"]

Floats = NDArray[np.float64]

_ROWS = 200_000


def free_spectral_range_nm(wavelength: float, diameter: float, group_index: float) -> float:
    """Return lambda^2/(pi D n_g) (nm): spacing of a disk's whispering-gallery modes.

    Args:
        wavelength: vacuum wavelength (um).
        diameter: diameter at the rim (um).
        group_index: group index of the modes.

    Errors: ValueError for values that are not positive.

    Example:
        >>> round(free_spectral_range_nm(0.640, 20.0, 1.6105), 2)
        4.05
    """
    if min(wavelength, diameter, group_index) <= 0:
        raise ValueError(
            "wavelength, diameter, group_index: must be positive, got "
            f"{wavelength:g}, {diameter:g}, {group_index:g}; lengths are in um"
        )
    return 1e3 * wavelength**2 / (np.pi * diameter * group_index)


class CavityPopulation(Spec):
    """A population of cavities that differ in Q, film density and position of their comb.

    The modes of one cavity share its Q and confinement and are spaced by the free spectral
    range; the comb's position is uniformly random.

    Attributes:
        median_quality_factor: median Q of the lognormal bulk.
        sigma_ln_quality_factor: standard deviation of ln Q there.
        tail_fraction: fraction of poor cavities (film inhomogeneities, particles).
        tail_quality_factor: range of Q of those, log-uniform.
        mode_spacing_nm: free spectral range at the emission peak (nm), see
            `free_spectral_range_nm`.
        confinement: Gamma of every mode.
        sigma_ln_concentration: standard deviation of ln C between cavities.

    Errors: ValueError naming the field, the rule and the value.
    """

    median_quality_factor: float = Field(gt=0)
    sigma_ln_quality_factor: float = Field(default=0.5, ge=0)
    tail_fraction: float = Field(default=0.0, ge=0, le=1)
    tail_quality_factor: tuple[float, float] | None = None
    mode_spacing_nm: float = Field(default=4.05, gt=0)
    confinement: float = Field(default=1.0, gt=0, le=1)
    sigma_ln_concentration: float = Field(default=0.0, ge=0)

    @model_validator(mode="after")
    def _tail(self) -> CavityPopulation:
        tail = self.tail_quality_factor
        if self.tail_fraction > 0 and tail is None:
            raise ValueError(
                "tail_quality_factor: must be given with a tail_fraction, got None; "
                "set (lowest Q, highest Q)"
            )
        if tail is not None and not 0 < tail[0] <= tail[1]:
            raise ValueError(
                "tail_quality_factor: must be (low, high) with 0 < low <= high, "
                f"got {tail}; swap them"
            )
        return self

    @classmethod
    def from_figure_of_merit(
        cls,
        median: float,
        medium: GainFilm,
        *,
        tail: tuple[float, float] | None = None,
        **fields: Any,
    ) -> CavityPopulation:
        """Return the population whose K at the emission peak has the given median and tail.

        Args:
            median: median of K (confinement included).
            medium: the nanocrystals.
            tail: range of K of the poor cavities.
            fields: further fields of the class.
        """
        peak = medium.emission_wavelength

        def quality(merit: float) -> float:
            return float(
                quality_factor_for(
                    merit,
                    peak,
                    medium.phase_index(peak),
                    peak_gain_per_cm=medium.peak_gain_per_cm,
                    confinement=fields.get("confinement", 1.0),
                )
            )

        return cls(
            median_quality_factor=quality(median),
            tail_quality_factor=None if tail is None else (quality(tail[0]), quality(tail[1])),
            **fields,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class LasingCloud:
    """Thresholds of a sampled population; arrays have one entry per cavity.

    Attributes:
        medium, population, seed: what was sampled.
        quality_factor: Q of the cavity.
        figure_of_merit: K of the cavity at the emission peak, with its film's density.
        absorbed_photons: N at the laser threshold; nan: the cavity never lases.
        wavelength: lasing wavelength (um); nan: never.
    """

    medium: GainFilm
    population: CavityPopulation
    seed: int
    quality_factor: Floats
    figure_of_merit: Floats
    absorbed_photons: Floats
    wavelength: Floats

    @property
    def redshift_nm(self) -> Floats:
        """Lasing wavelength minus emission peak (nm), positive to the red."""
        return np.asarray(1e3 * (self.wavelength - self.medium.emission_wavelength))

    @property
    def lasing_fraction(self) -> float:
        """Fraction of the cavities that lase at some pump."""
        return float(np.mean(~np.isnan(self.absorbed_photons)))

    def fraction_below(self, absorbed_photons: float = 0.5) -> float:
        """Return the fraction of all cavities with a threshold below N."""
        return float(np.mean(self.absorbed_photons < absorbed_photons))

    @property
    def blue_fraction(self) -> float:
        """Fraction of all cavities that lase on the blue side of the emission peak."""
        return float(np.mean(self.redshift_nm < 0))

    @property
    def worst_ratio(self) -> float:
        """Largest threshold over the median threshold of the lasing cavities."""
        lasing = self.absorbed_photons[~np.isnan(self.absorbed_photons)]
        return float(lasing.max() / np.median(lasing)) if lasing.size else float("nan")

    @property
    def spearman(self) -> float:
        """Spearman rank correlation of threshold and lasing wavelength; nan below 3 lasers."""
        from scipy.stats import spearmanr

        lasing = ~np.isnan(self.absorbed_photons)
        if np.count_nonzero(lasing) < 3:
            return float("nan")
        return float(spearmanr(self.absorbed_photons[lasing], self.wavelength[lasing]).statistic)

    def report(self) -> str:
        """Return the statistics as text."""
        count = len(self.absorbed_photons)
        return "\n".join(
            [
                f"{count} cavities, {self.lasing_fraction:.1%} lase.",
                f"Threshold below N = 0.5: {self.fraction_below():.1%}.",
                f"Lasing blue of the emission peak: {self.blue_fraction:.1%}.",
                f"Spearman correlation of threshold and wavelength: {self.spearman:.3f}.",
                f"Largest over median threshold: {self.worst_ratio:.3g}.",
            ]
        )

    def to_dataframe(self) -> pd.DataFrame:
        """Return one row per cavity, units in the column names."""
        import pandas as pd

        return pd.DataFrame(
            {
                "quality_factor": self.quality_factor,
                "figure_of_merit": self.figure_of_merit,
                "absorbed_photons": self.absorbed_photons,
                "wavelength_um": self.wavelength,
                "redshift_nm": self.redshift_nm,
            }
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot threshold and lasing wavelength of every cavity."""
        from gain.threshold_plots import plot_lasing_cloud

        return plot_lasing_cloud(self, ax=ax)


def _comb(population: CavityPopulation, medium: GainFilm, offset: Floats) -> Floats:
    """Mode wavelengths (cavities, modes) over every wavelength with gain, at equal spacing."""
    low, high = gain_window(medium, widths=6.0)
    spacing = 1e-3 * population.mode_spacing_nm
    first = np.floor((low - medium.emission_wavelength) / spacing)
    last = np.ceil((high - medium.emission_wavelength) / spacing)
    order = np.arange(first, last)
    return medium.emission_wavelength + spacing * (order + offset[:, None])


def lasing_cloud(
    population: CavityPopulation, medium: GainFilm, *, count: int = 63, seed: int = 0
) -> LasingCloud:
    """Return thresholds and lasing wavelengths of `count` random cavities.

    Args:
        population: distribution of the cavities.
        medium: the nanocrystals.
        count: number of cavities (the source measured 63).
        seed: seed of the random generator: same seed, same cloud.

    Errors: ValueError for a count below 1.
    Source: figure 5, HAL hal-05014673 (2025); the distribution of Q is not published.

    Example:
        >>> from gain.presets import quantum_shells
        >>> population = CavityPopulation.from_figure_of_merit(50.0, quantum_shells())
        >>> cloud = lasing_cloud(population, quantum_shells(), count=1000, seed=1)
        >>> cloud.lasing_fraction
        1.0
    """
    if count < 1:
        raise ValueError(f"count: must be at least 1, got {count}; ask for one cavity or more")
    rng = np.random.default_rng(seed)
    normal, density = rng.standard_normal((2, count))
    quality = population.median_quality_factor * np.exp(population.sigma_ln_quality_factor * normal)
    poor, uniform, offset = rng.random((3, count))
    if population.tail_quality_factor is not None:
        low, high = np.log(population.tail_quality_factor)
        tail = np.exp(low + (high - low) * uniform)
        quality = np.where(poor < population.tail_fraction, tail, quality)
    peak_gain = medium.peak_gain_per_cm * np.exp(population.sigma_ln_concentration * density)

    photons, wavelength = np.empty(count), np.empty(count)
    modes = _comb(population, medium, offset[:1]).shape[1]
    step = max(1, _ROWS // modes)
    for start in range(0, count, step):
        part = slice(start, start + step)
        comb = _comb(population, medium, offset[part])
        photons[part], wavelength[part] = _first_lasing(
            medium, comb, quality[part], peak_gain[part], population.confinement
        )
    peak = medium.emission_wavelength
    merit = figure_of_merit(
        peak,
        quality,
        medium.phase_index(peak),
        peak_gain_per_cm=peak_gain,
        confinement=population.confinement,
    )
    return LasingCloud(
        medium=medium,
        population=population,
        seed=seed,
        quality_factor=quality,
        figure_of_merit=merit,
        absorbed_photons=photons,
        wavelength=wavelength,
    )


def _first_lasing(
    medium: GainFilm, comb: Floats, quality: Floats, peak_gain: Floats, confinement: float
) -> tuple[Floats, Floats]:
    """Lowest threshold and its wavelength for each cavity (rows of `comb`)."""
    merit = figure_of_merit(
        comb,
        quality[:, None],
        medium.phase_index(comb),
        peak_gain_per_cm=peak_gain[:, None],
        confinement=confinement,
    )
    roots = absorbed_photons_at_threshold(medium, comb, merit)
    best = np.where(np.isnan(roots), np.inf, roots).argmin(axis=1)[:, None]
    photons = np.take_along_axis(roots, best, axis=1)[:, 0]
    wavelength = np.take_along_axis(comb, best, axis=1)[:, 0]
    return photons, np.where(np.isnan(photons), np.nan, wavelength)
