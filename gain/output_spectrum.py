"""The spectrum that a laser emits: one Lorentzian per mode on spontaneous emission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.ladder_spectrum import ladder_cross_sections
from gain.laser_model import LaserModel
from gain.light_light_curve import LightLightCurve

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["OutputSpectra", "output_spectra"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class OutputSpectra:
    """Time-integrated emission over wavelength and pump, photons per nanocrystal and nm.

    Attributes:
        wavelength: vacuum wavelengths (um), (w,).
        absorbed_photons: pump levels, (pumps,).
        modes_per_nm: from the modes, (pumps, w).
        background_per_nm: spontaneous emission past the modes, (pumps, w).
        emission_wavelength: emission peak of the nanocrystals (um).
    """

    wavelength: Floats
    absorbed_photons: Floats
    modes_per_nm: Floats
    background_per_nm: Floats
    emission_wavelength: float

    @property
    def per_nm(self) -> Floats:
        """Sum of both, (pumps, w)."""
        return self.modes_per_nm + self.background_per_nm

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot the spectra as a map over wavelength and pump, each divided by its maximum."""
        from gain.competition_plots import plot_output_spectra

        return plot_output_spectra(self, ax=ax)


def output_spectra(
    curve: LightLightCurve,
    wavelength: ArrayLike,
    *,
    linewidth_nm: ArrayLike | None = None,
    instrument_nm: float = 0.0,
    background_share: float = 1.0,
) -> OutputSpectra:
    """Return the emitted spectrum of every pump level.

    Args:
        curve: a light-light curve.
        wavelength: vacuum wavelengths (um), (w,).
        linewidth_nm: full width of each mode (nm), (modes,) or one number; None: the cold
            cavity's lambda/Q. A lasing line is narrower (`CwLaserCurve.linewidth_nm`), or as wide
            as its pulse and chirp make it.
        instrument_nm: full width of a Lorentzian spectrometer, added.
        background_share: detected share of the spontaneous emission past the modes, over that of
            the modes. 1: all photons counted; both go to other directions in a real setup.

    Raises:
        ValueError: widths that are not positive, a negative share.

    Example:
        >>> from gain.kinetics_presets import kinetics_preset
        >>> from gain.laser_model import LaserModel
        >>> from gain.laser_modes import LaserModes
        >>> from gain.light_light_curve import light_light
        >>> from gain.presets import quantum_shells
        >>> from gain.pulse_shape import InstantPulse
        >>> modes = LaserModes.comb(
        ...     0.662, spacing_nm=4.05, count=3, quality_factor=6000, figure_of_merit=50)
        >>> shells = kinetics_preset("microdisk_shells")
        >>> model = LaserModel(medium=quantum_shells(), kinetics=shells, modes=modes)
        >>> curve = light_light(model, InstantPulse(), [0.1, 0.2, 0.4, 0.8])
        >>> spectra = output_spectra(curve, np.linspace(0.6, 0.72, 6001), instrument_nm=0.2)
        >>> round(float(1e3 * spectra.wavelength[spectra.per_nm[-1].argmax()]), 2)
        657.94
    """
    x = np.asarray(wavelength, dtype=np.float64)
    model = curve.model
    width = model.modes.linewidth_nm if linewidth_nm is None else np.asarray(linewidth_nm)
    width = np.broadcast_to(width + instrument_nm, model.modes.wavelength.shape)
    if not np.all(width > 0) or instrument_nm < 0:
        raise ValueError(f"linewidth_nm: must be > 0, got {width.min():g}; give full widths in nm")
    if not background_share >= 0:
        raise ValueError(f"background_share: must be >= 0, got {background_share:g}; 0: no floor")
    away = 1e3 * (x[:, None] - model.modes.wavelength)
    lines = width / (2 * np.pi) / (away**2 + (0.5 * width) ** 2)
    radiated = curve.runs.state_time_ns * model.kinetics.radiative_rates_per_ns()
    total = radiated.sum(axis=1)
    if not isinstance(model.spontaneous, str):
        free = np.clip(1 - curve.runs.spontaneous / np.where(total > 0, total, 1.0), 0.0, 1.0)
        radiated = radiated * free[:, None]
    return OutputSpectra(
        wavelength=x,
        absorbed_photons=curve.absorbed_photons,
        modes_per_nm=curve.emitted @ lines.T,
        background_per_nm=background_share * radiated @ _lines_per_nm(model, x).T,
        emission_wavelength=model.medium.emission_wavelength,
    )


def _lines_per_nm(model: LaserModel, wavelength: Floats) -> Floats:
    """Emission line of each state with unit area over wavelength in nm, (w, states)."""
    peak, states = model.medium.emission_wavelength, model.kinetics.states
    grid = np.linspace(0.7 * peak, 1.4 * peak, 7001)
    whole = ladder_cross_sections(model.medium, grid, states).line
    area = np.trapezoid(whole, 1e3 * grid, axis=0)
    line = ladder_cross_sections(model.medium, wavelength, states).line
    return np.divide(line, area, out=np.zeros_like(line), where=area > 0)
