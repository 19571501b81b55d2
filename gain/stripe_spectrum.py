"""Spectra at the end of a pumped stripe: spontaneous emission, amplified emission, saturation."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.ase_stripe import AseStripe, amplified_emission
from gain.depleted_pump import depleted_mean, depleted_populations
from gain.gain_film import GainFilm
from gain.ladder_spectrum import ladder_cross_sections
from gain.pump import Pump

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["AseSpectrum", "ase_spectrum", "spontaneous_spectrum"]

Floats = NDArray[np.float64]


def spontaneous_spectrum(
    medium: GainFilm,
    wavelength: ArrayLike,
    populations: ArrayLike,
    *,
    radiative_exponent: float = 2.0,
) -> Floats:
    """Return the spontaneous emission right after the pump, in units of one exciton's peak.

    sum_N p_N N^a G_em,N: N excitons emit N^a times as fast as one (a = 2: quadruple scaling of
    the biexciton), each state on its own line of unit peak.

    Args:
        medium: the nanocrystals.
        wavelength: vacuum wavelengths (um), (...).
        populations: (..., states), broadcast against `wavelength`.
        radiative_exponent: a.

    Returns:
        Dimensionless spectrum (...).
    """
    speed = np.arange(medium.states, dtype=np.float64) ** radiative_exponent
    lines = ladder_cross_sections(medium, wavelength, medium.states).line
    p = np.asarray(populations, dtype=np.float64)
    return np.asarray(np.sum(p * speed * lines, axis=-1))


@dataclass(frozen=True, kw_only=True, eq=False)
class AseSpectrum:
    """Spectra at the end of a stripe for a series of pumps.

    Attributes:
        stripe, medium: what was computed.
        optical_depth: of the stripe for the pump, across its depth; 0: pump taken as uniform.
        absorbed_photons: N where the pump enters (pumps,).
        wavelength: vacuum wavelengths (um), (points,).
        gain_per_cm: material gain, mean over the depth (pumps, points).
        spontaneous, amplified: the two terms of equation (1), (pumps, points), in units of the
            emission of one exciton per nanocrystal at its peak, times steradian.
        saturation: stimulated photons per excited nanocrystal at the end of the stripe, (pumps,):
            above about 1 the gain is used up and the amplified part is an upper bound.
    """

    stripe: AseStripe
    medium: GainFilm
    optical_depth: float
    absorbed_photons: Floats
    wavelength: Floats
    gain_per_cm: Floats
    spontaneous: Floats
    amplified: Floats
    saturation: Floats

    @property
    def intensity(self) -> Floats:
        """Detected spectrum (pumps, points), both terms of equation (1)."""
        return np.asarray(self.spontaneous + self.amplified)

    @property
    def integrated(self) -> Floats:
        """Detected intensity over the window (pumps,), times nm."""
        return np.asarray(1e3 * np.trapezoid(self.intensity, self.wavelength, axis=-1))

    @property
    def peak_wavelength(self) -> Floats:
        """Wavelength of the highest point (um), (pumps,)."""
        return np.asarray(self.wavelength[np.argmax(self.intensity, axis=-1)])

    @property
    def gain_length(self) -> Floats:
        """Largest g L over the window (pumps,)."""
        return self.stripe.gain_length(self.gain_per_cm.max(axis=-1))

    @property
    def width_nm(self) -> Floats:
        """Full width at half maximum around the highest point (nm), (pumps,)."""
        return np.array([_width(1e3 * self.wavelength, row) for row in self.intensity])

    def to_dataframe(self) -> pd.DataFrame:
        """Return one row per pump, units in the column names."""
        import pandas as pd

        return pd.DataFrame(
            {
                "absorbed_photons": self.absorbed_photons,
                "gain_length": self.gain_length,
                "integrated_sr_nm": self.integrated,
                "peak_wavelength_um": self.peak_wavelength,
                "width_nm": self.width_nm,
                "saturation": self.saturation,
            }
        )

    def report(self) -> str:
        """Return a text table with one line per pump."""
        lines = [
            f"Emission of {self.medium.name} at the end of {self.stripe.length:g} um.",
            "       N      g L   peak (nm)  width (nm)",
        ]
        rows = zip(
            self.absorbed_photons,
            self.gain_length,
            1e3 * self.peak_wavelength,
            self.width_nm,
            self.saturation,
            strict=True,
        )
        for photons, product, peak, width, saturation in rows:
            mark = "  gain saturates" if saturation > 1 else ""
            lines.append(f"{photons:8.4g}{product:9.3g}{peak:12.1f}{width:12.1f}{mark}")
        return "\n".join(lines)

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Plot the normalised spectra over wavelength."""
        from gain.ase_plots import plot_ase_spectra

        return plot_ase_spectra(self, ax=ax)


def ase_spectrum(
    stripe: AseStripe,
    medium: GainFilm,
    absorbed_photons: ArrayLike,
    wavelength: ArrayLike,
    *,
    pump: Pump | None = None,
    depletion: bool = False,
    radiative_exponent: float = 2.0,
) -> AseSpectrum:
    """Return the spectra at the end of the stripe right after a short pulse, equation (1).

    Args:
        stripe: geometry.
        medium: the nanocrystals with their concentration.
        absorbed_photons: N where the pump enters, one or several.
        wavelength: vacuum wavelengths (um), (points,), increasing.
        pump: its cross-section depletes the pump; needed with `depletion`.
        depletion: average the populations over the depth of the stripe.
        radiative_exponent: N excitons emit N^a times as fast as one.

    Errors: ValueError for a window that does not increase, or depletion without a pump.
    Validity: the gain right after the pulse; where `saturation` exceeds 1 the amplified light
        empties the gain and the true intensity is lower.

    Example:
        >>> from gain.presets import quantum_shells
        >>> solution = quantum_shells(concentration_per_cm3=6e15)
        >>> window = np.linspace(0.60, 0.70, 501)
        >>> spectra = ase_spectrum(AseStripe(length=3000.0), solution, [0.1, 20.0], window)
        >>> spectra.width_nm.round(1).tolist()
        [30.5, 9.9]
    """
    x = np.asarray(wavelength, dtype=np.float64)
    if x.ndim != 1 or len(x) < 3 or not np.all(np.diff(x) > 0):
        raise ValueError(
            f"wavelength: must be at least three increasing values (um), got shape {x.shape}; "
            "give np.linspace(low, high, points)"
        )
    if depletion and pump is None:
        raise ValueError(
            "pump: must be given when depletion=True, got None; its cross-section sets how fast "
            "the pump is absorbed, see pump_at"
        )
    front = np.atleast_1d(np.asarray(absorbed_photons, dtype=np.float64))
    depth = 0.0
    if depletion and pump is not None:
        depth = stripe.pump_optical_depth(medium, pump.cross_section_cm2)
    populations = depleted_populations(front, depth, states=medium.states)[:, None, :]
    gain = medium.gain_per_cm(x, populations=populations)
    source = spontaneous_spectrum(medium, x, populations, radiative_exponent=radiative_exponent)
    collected, amplified = stripe.detected(gain)
    strongest = amplified_emission(stripe.gain_length(gain.max(axis=-1)))
    share = stripe.amplification_solid_angle / (4 * math.pi)
    area = medium.peak_gain_per_cm * stripe.length * 1e-4
    return AseSpectrum(
        stripe=stripe,
        medium=medium,
        optical_depth=depth,
        absorbed_photons=front,
        wavelength=x,
        gain_per_cm=gain,
        spontaneous=collected * source,
        amplified=amplified * source,
        saturation=np.asarray(area * share * depleted_mean(front, depth) * strongest),
    )


def _width(x: Floats, y: Floats) -> float:
    """Distance between the half-maximum points next to the peak, linear between samples."""
    top = int(np.argmax(y))
    half = y[top] / 2
    if not np.isfinite(half) or half <= 0:
        return float("nan")
    left, right = np.flatnonzero(y[:top] < half), np.flatnonzero(y[top:] < half)
    if not len(left) or not len(right):
        return float("nan")
    i, j = int(left[-1]), top + int(right[0])
    low = x[i] + (half - y[i]) / (y[i + 1] - y[i]) * (x[i + 1] - x[i])
    high = x[j - 1] + (half - y[j - 1]) / (y[j] - y[j - 1]) * (x[j] - x[j - 1])
    return float(high - low)
