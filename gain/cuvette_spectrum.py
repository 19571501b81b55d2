"""Spectra of a continuously pumped cuvette: emission alone, the lamp behind it, the mirror."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.cw_cuvette import CwCuvette
from gain.ladder_spectrum import ladder_cross_sections

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["CuvetteSpectra", "cuvette_spectra"]

Floats = NDArray[np.float64]

_CM_PER_UM = 1e-4
_STD_PER_FWHM = 0.42466090014400953


@dataclass(frozen=True, kw_only=True, eq=False)
class CuvetteSpectra:
    """Spectra over pump powers, per nm, (powers, points).

    The unit is the whole emission at the power at which the lamp was matched, so that the areas of
    `emission` and `lamp` are those of `CuvetteResponse`.

    Attributes:
        cuvette: the device.
        power_mw: pump powers (mW), (powers,).
        wavelength: vacuum wavelengths (um), (points,).
        gain_per_cm: (1/cm); negative: absorption.
        emission: spontaneous emission alone.
        lamp: light of the lamp behind the solution, without the emission.
        mirror: emission with the mirror.
    """

    cuvette: CwCuvette
    power_mw: Floats
    wavelength: Floats
    gain_per_cm: Floats
    emission: Floats
    lamp: Floats
    mirror: Floats

    @property
    def with_lamp(self) -> Floats:
        """Emission and lamp together, as a spectrometer sees them."""
        return np.asarray(self.emission + self.lamp)

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Plot the three spectra of every power."""
        from gain.cuvette_spectrum_plot import plot_cuvette_spectra

        return plot_cuvette_spectra(self, ax=ax)


def cuvette_spectra(
    cuvette: CwCuvette, power_mw: ArrayLike, wavelength: ArrayLike
) -> CuvetteSpectra:
    """Return the spectra with and without lamp and mirror at pump powers (mW).

    Emission sum_N p_N k_r,N on each state's line. Lamp: its Gaussian line times exp(g l), as bright
    in all as the emission at `lamp_matched_power_mw`. Mirror: emission times 1 + R exp(g l), with
    the recycled pump where there is any.

    Args:
        cuvette: the device.
        power_mw: one power or several, (powers,).
        wavelength: vacuum wavelengths (um), increasing, (points,).

    Errors: ValueError for wavelengths that do not increase, or negative powers.
    Validity: as for `pump_cuvette`.

    Example:
        >>> from gain.cw_cuvette import cdznse_cuvette
        >>> window = np.linspace(0.55, 0.76, 421)
        >>> spectra = cuvette_spectra(cdznse_cuvette(), [10.0, 250.0], window)
        >>> np.trapezoid(spectra.emission, 1e3 * window, axis=1).round(1).tolist()
        [1.0, 25.0]
    """
    x = np.asarray(wavelength, dtype=np.float64)
    if x.ndim != 1 or len(x) < 3 or not np.all(np.diff(x) > 0):
        raise ValueError(
            f"wavelength: must be at least three increasing values (um), got shape {x.shape}; "
            "give np.linspace(low, high, points)"
        )
    power = np.atleast_1d(np.asarray(power_mw, dtype=np.float64))
    intensity = cuvette.intensity_w_per_cm2(power)
    matched = cuvette.intensity_w_per_cm2(cuvette.lamp_matched_power_mw)
    lines = _unit_lines(cuvette, x)
    total = float(_radiated(cuvette, matched).sum())
    path = cuvette.amplified_length * _CM_PER_UM
    gain = cuvette.gain_per_cm(x, intensity[:, None])
    std = _STD_PER_FWHM * cuvette.lamp_fwhm_nm
    away = (1e3 * (x - cuvette.medium.emission_wavelength)) / std
    lamp = np.exp(-0.5 * away**2) / (std * np.sqrt(2 * np.pi))
    grid = np.linspace(-6, 6, 401) * 1e-3 * std + cuvette.medium.emission_wavelength
    weight = np.exp(-0.5 * ((grid - cuvette.medium.emission_wavelength) * 1e3 / std) ** 2)
    passed = np.exp(path * cuvette.gain_per_cm(grid, matched))
    level = float(passed @ weight / weight.sum())
    recycled = _recycled(cuvette)
    back = np.exp(path * cuvette.gain_per_cm(x, recycled * intensity[:, None]))
    doubled = _radiated(cuvette, recycled * intensity) @ lines.T / total
    return CuvetteSpectra(
        cuvette=cuvette,
        power_mw=power,
        wavelength=x,
        gain_per_cm=gain,
        emission=_radiated(cuvette, intensity) @ lines.T / total,
        lamp=lamp * np.exp(path * gain) / level,
        mirror=doubled * (1 + cuvette.mirror_reflectance * back),
    )


def _recycled(cuvette: CwCuvette) -> float:
    """Pump intensity with the mirror over that without."""
    if not cuvette.pump_recycling:
        return 1.0
    path = cuvette.pump_path * _CM_PER_UM
    return 1 + cuvette.mirror_reflectance * float(np.exp(-cuvette.pump_absorption_per_cm * path))


def _radiated(cuvette: CwCuvette, intensity: ArrayLike) -> Floats:
    """Spontaneous photons per nanocrystal and ns from each state, (..., states)."""
    return np.asarray(cuvette.populations(intensity) * cuvette.kinetics.radiative_rates_per_ns())


def _unit_lines(cuvette: CwCuvette, wavelength: Floats) -> Floats:
    """Emission line of each state with unit area over nm, (points, states)."""
    peak, states = cuvette.medium.emission_wavelength, cuvette.kinetics.states
    grid = np.linspace(0.7 * peak, 1.4 * peak, 4001)
    area = np.trapezoid(
        ladder_cross_sections(cuvette.medium, grid, states).line, 1e3 * grid, axis=0
    )
    line = ladder_cross_sections(cuvette.medium, wavelength, states).line
    return np.divide(line, area, out=np.zeros_like(line), where=area > 0)
