"""Which mode lases first: the static threshold over the modes of a cavity."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.gain_film import GainFilm
from gain.merit import figure_of_merit, lineic_loss_per_cm
from gain.mode_overlap import energy_fraction, modal_overlap
from gain.nonuniform_pump import ExcitationProfile
from gain.poisson_mixture import first_root
from gain.pump import Pump
from solvers.modes import Mode

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["ThresholdResult", "absorbed_photons_at_threshold", "threshold"]

Floats = NDArray[np.float64]

_ROWS = 200_000


def absorbed_photons_at_threshold(
    medium: GainFilm,
    wavelength: ArrayLike,
    figure_of_merit: ArrayLike,
    *,
    excitation: ExcitationProfile | None = None,
) -> Floats:
    """Return the smallest N at which g/(C sigma_0) = 1/K, first root from below; broadcasts.

    Vectorised (about 1e6 thresholds per second and core for three states).

    Args:
        medium: the nanocrystals.
        wavelength: vacuum wavelength of the mode (um), (...).
        figure_of_merit: K of each mode with its confinement, (...); inf: no loss.
        excitation: how unevenly the pump excites the nanocrystals that the modes see; None: all
            alike. N is then the profile's reference, see `ExcitationProfile`.

    Returns:
        Mean absorbed photons per nanocrystal and pulse (...); nan where the mode never lases.

    Errors: ValueError for a wavelength that is not positive or a K that is negative or nan.

    Example:
        >>> from gain.presets import quantum_shells
        >>> absorbed_photons_at_threshold(quantum_shells(), 0.66575, [0.5, 50.0]).round(4).tolist()
        [nan, 0.2768]
    """
    x, k = np.asarray(wavelength, dtype=np.float64), np.asarray(figure_of_merit, dtype=np.float64)
    if not np.all(k >= 0):
        raise ValueError(f"figure_of_merit: must be >= 0, got {np.min(k):g}; check Q and Gamma")
    shape = np.broadcast_shapes(x.shape, k.shape)
    x, k = (np.broadcast_to(array, shape).ravel() for array in (x, k))
    with np.errstate(divide="ignore"):
        level = 1 / k
    result = np.empty(x.shape)
    spread = None if excitation is None else excitation.spread
    for start in range(0, len(x), _ROWS):
        part = slice(start, start + _ROWS)
        result[part] = first_root(medium.gain_coefficients(x[part]), level[part], spread)
    return result.reshape(shape)


@dataclass(frozen=True, kw_only=True, eq=False)
class ThresholdResult:
    """Static thresholds of the modes of one cavity; arrays have one entry per mode, in order.

    Attributes:
        medium, pump: what was pumped and how (pump None: no fluences).
        region: the cavity region that holds the nanocrystals.
        labels: the modes' labels.
        wavelength: vacuum wavelength (um).
        quality_factor: cold-cavity Q.
        confinement: electric energy fraction in the region.
        gain_overlap: Gamma, first-order overlap of the mode with gain in the region; the energy
            fraction where the solver gives no overlap.
        film_index: phase index n of the film at the mode's wavelength.
        figure_of_merit: K_eff = Gamma lambda Q C sigma_0/(2 pi n).
        cavity_loss_per_cm: 2 pi n/(lambda Q) (1/cm).
        material_gain_per_cm: gain the film must give, cavity loss / Gamma (1/cm).
        absorbed_photons: N_th, mean absorbed photons per nanocrystal (pulse: per pulse; CW: per
            exciton lifetime); nan: the mode never lases at any pump.
        fluence_uj_per_cm2: incident peak fluence at threshold, None without a pulsed pump.
        intensity_w_per_cm2: CW intensity at threshold, None without a lifetime.
    """

    medium: GainFilm
    pump: Pump | None
    region: str
    labels: tuple[str, ...]
    wavelength: Floats
    quality_factor: Floats
    confinement: Floats
    gain_overlap: Floats
    film_index: Floats
    figure_of_merit: Floats
    cavity_loss_per_cm: Floats
    material_gain_per_cm: Floats
    absorbed_photons: Floats
    fluence_uj_per_cm2: Floats | None
    intensity_w_per_cm2: Floats | None

    @property
    def lases(self) -> bool:
        """Whether any mode lases at some pump."""
        return not bool(np.all(np.isnan(self.absorbed_photons)))

    @property
    def lasing_index(self) -> int | None:
        """Index of the mode that lases first; None when none ever does."""
        return int(np.nanargmin(self.absorbed_photons)) if self.lases else None

    @property
    def lasing_label(self) -> str | None:
        """Label of the mode that lases first."""
        return None if self.lasing_index is None else self.labels[self.lasing_index]

    @property
    def lasing_wavelength(self) -> float:
        """Wavelength of the mode that lases first (um); nan when none does."""
        return self._at_threshold(self.wavelength)

    @property
    def lasing_redshift_nm(self) -> float:
        """Lasing wavelength minus emission peak (nm), positive to the red."""
        return 1e3 * (self.lasing_wavelength - self.medium.emission_wavelength)

    @property
    def lasing_absorbed_photons(self) -> float:
        """N at the laser threshold; nan when no mode lases."""
        return self._at_threshold(self.absorbed_photons)

    @property
    def lasing_fluence_uj_per_cm2(self) -> float:
        """Incident peak fluence at the laser threshold (uJ/cm^2); nan without."""
        return self._at_threshold(self.fluence_uj_per_cm2)

    @property
    def lasing_intensity_w_per_cm2(self) -> float:
        """CW intensity at the laser threshold (W/cm^2); nan without."""
        return self._at_threshold(self.intensity_w_per_cm2)

    def _at_threshold(self, values: Floats | None) -> float:
        index = self.lasing_index
        return float("nan") if index is None or values is None else float(values[index])

    def to_dataframe(self) -> pd.DataFrame:
        """Return one row per mode, in the modes' order, units in the column names."""
        from gain.threshold_report import threshold_table

        return threshold_table(self)

    def report(self, *, rows: int = 10) -> str:
        """Return a text table: the laser threshold and the modes with the lowest ones."""
        from gain.threshold_report import threshold_text

        return threshold_text(self, rows=rows)

    def _repr_html_(self) -> str:
        from gain.threshold_report import threshold_html

        return threshold_html(self)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot the modes' thresholds over wavelength with the gain spectrum at threshold."""
        from gain.threshold_plots import plot_mode_thresholds

        return plot_mode_thresholds(self, ax=ax)


def threshold(
    modes: Sequence[Mode],
    medium: GainFilm,
    pump: Pump | None = None,
    *,
    region: str = "gain",
    excitation: ExcitationProfile | Sequence[ExcitationProfile] | None = None,
) -> ThresholdResult:
    """Return the static laser threshold of every mode, and with it the mode that lases first.

    A mode lases at the smallest excitation N for which Gamma g(lambda; N) = 2 pi n/(lambda Q),
    with its own wavelength, Q and overlap Gamma (`modal_overlap`). The gain at a fixed wavelength
    can rise, fall and rise again with N: the threshold is the first root from below. Spontaneous
    emission, gain saturation and decay during the pulse are left out.

    Q must be that of the cold cavity: resonant absorption by the nanocrystals is part of the
    gain spectrum, so the film's index must be real in the solver (a warning says when the modes
    carry absorption in `region`).

    Args:
        modes: a ModeSet or any sequence of modes.
        medium: the nanocrystals.
        pump: optional, adds the pump fluence or intensity.
        region: name of the region that holds the nanocrystals.
        excitation: non-uniform pumping, one profile for all modes or one per mode; None: every
            nanocrystal alike. N, fluence and intensity are then those of the profile's
            reference (the beam's peak, the film's mean over depth): leave `pump.overlap` at 1.

    Errors: ValueError for no modes, a missing region, a Q that is not positive, an overlap
        outside 0 to 1, or a number of profiles other than that of the modes.
    Source: equation (5) and below, HAL hal-05014673 (2025).

    Example:
        >>> from gain.presets import quantum_shells
        >>> mode = Mode(wavenumber=9.438 - 0.0004j, confinement={"gain": 0.2, "resist": 0.8})
        >>> result = threshold([mode], quantum_shells())
        >>> round(result.lasing_wavelength, 4), round(result.lasing_absorbed_photons, 3)
        (0.6657, 0.493)
    """
    if len(modes) == 0:
        raise ValueError("modes: must hold at least one mode, got 0; widen the solver's window")
    wavelength = np.array([mode.wavelength for mode in modes])
    quality = np.array([mode.quality_factor for mode in modes])
    overlap = np.array([modal_overlap(mode, region) for mode in modes])
    confinement = np.array([_fraction(mode, region) for mode in modes])
    if not np.all(quality > 0):
        bad = int(np.flatnonzero(~(quality > 0))[0])
        raise ValueError(
            f"modes: quality_factor must be positive, got {quality[bad]:g} for mode {bad} "
            f"({modes[bad].label}); solve the cold cavity, without gain"
        )
    _warn_double_counting(modes, quality, region)
    index = medium.phase_index(wavelength)
    merit = figure_of_merit(
        wavelength,
        quality,
        index,
        peak_gain_per_cm=medium.peak_gain_per_cm,
        confinement=np.minimum(overlap, 1.0),
    )
    merit = merit * np.maximum(overlap, 1.0)
    loss = lineic_loss_per_cm(wavelength, quality, index)
    photons = _photons(medium, wavelength, merit, excitation)
    pulsed = pump is not None and pump.kind == "pulse"
    timed = pump is not None and pump.lifetime_ns is not None
    return ThresholdResult(
        medium=medium,
        pump=pump,
        region=region,
        labels=tuple(mode.label for mode in modes),
        wavelength=wavelength,
        quality_factor=quality,
        confinement=confinement,
        gain_overlap=overlap,
        film_index=index,
        figure_of_merit=merit,
        cavity_loss_per_cm=loss,
        material_gain_per_cm=medium.peak_gain_per_cm / np.where(merit > 0, merit, np.nan),
        absorbed_photons=photons,
        fluence_uj_per_cm2=pump.fluence_uj_per_cm2(photons) if pump and pulsed else None,
        intensity_w_per_cm2=pump.intensity_w_per_cm2(photons) if pump and timed else None,
    )


def _fraction(mode: Mode, region: str) -> float:
    return energy_fraction(mode, region) if region in mode.confinement else float("nan")


def _photons(
    medium: GainFilm,
    wavelength: Floats,
    merit: Floats,
    excitation: ExcitationProfile | Sequence[ExcitationProfile] | None,
) -> Floats:
    if excitation is None or isinstance(excitation, ExcitationProfile):
        return absorbed_photons_at_threshold(medium, wavelength, merit, excitation=excitation)
    if len(excitation) != len(wavelength):
        raise ValueError(
            f"excitation: must be one profile or one per mode ({len(wavelength)}), got "
            f"{len(excitation)}; give one ExcitationProfile for all"
        )
    return np.array(
        [
            float(absorbed_photons_at_threshold(medium, x, k, excitation=profile))
            for x, k, profile in zip(wavelength, merit, excitation, strict=True)
        ]
    )


def _warn_double_counting(modes: Sequence[Mode], quality: Floats, region: str) -> None:
    own = np.array([mode.quality_factors.get(f"absorption:{region}", np.inf) for mode in modes])
    share = np.divide(quality, own, out=np.zeros(len(own)), where=np.isfinite(own))
    if np.any(share > 0.01):
        warnings.warn(
            f"modes: Q holds absorption in {region!r} (up to {share.max():.0%} of the loss), which "
            "the gain model counts again; give the film a real index in the solver",
            stacklevel=3,
        )
