"""What a continuously pumped cuvette emits, alone, with a lamp and with a mirror."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.cw_cuvette import CwCuvette
from gain.cw_threshold import ase_intensity_w_per_cm2, transparency_intensity_w_per_cm2

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["CuvetteResponse", "chord_departure", "pump_cuvette"]

Floats = NDArray[np.float64]

_CM_PER_UM = 1e-4
_LAMP_NODES = 41
_STD_PER_FWHM = 0.42466090014400953


def chord_departure(x: ArrayLike, y: ArrayLike) -> float:
    """Return the largest distance of y(x) from the line through its ends, over its rise.

    0 for a straight line, 0.5 for a kink half-way: a measure of threshold-like behaviour.

    Errors: ValueError for fewer than three points or x that does not increase.

    Example:
        >>> chord_departure([0, 1, 2], [0, 0, 1]), chord_departure([0, 1, 2], [0, 1, 2])
        (0.5, 0.0)
    """
    a, b = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if a.ndim != 1 or a.shape != b.shape or len(a) < 3 or not np.all(np.diff(a) > 0):
        raise ValueError(
            f"x, y: must be at least three pairs with x increasing, got {a.shape} and {b.shape}; "
            "sort them"
        )
    rise = b[-1] - b[0]
    line = b[0] + rise * (a - a[0]) / (a[-1] - a[0])
    return float(np.max(np.abs(b - line)) / abs(rise)) if rise else 0.0


@dataclass(frozen=True, kw_only=True, eq=False)
class CuvetteResponse:
    """Populations, gain and signals over the pump power; arrays have one entry per power.

    Signals are in units of the emission at the power at which the lamp was matched.

    Attributes:
        cuvette: the device.
        power_mw: pump power (mW).
        intensity_w_per_cm2: incident intensity (W/cm^2).
        mean_excitons: per nanocrystal, where the pump enters.
        populations: (powers, states of the kinetics).
        gain_per_cm: at the emission peak (1/cm); negative: absorption.
        unpumped_gain_per_cm: the same without pump (1/cm).
        emission: spontaneous emission alone.
        lamp: light of the lamp behind the solution; 1 at the matched power.
        mirror: emission sent back by the mirror, with the recycled pump where there is any.
        transparency_w_per_cm2: intensity at which the absorption at the emission peak vanishes.
        unshifted_transparency_w_per_cm2: the same without Stokes shift, p_0 = p_(N >= 2).
        ase_w_per_cm2: intensity with g L = 1 at any wavelength; nan: at none.
    """

    cuvette: CwCuvette
    power_mw: Floats
    intensity_w_per_cm2: Floats
    mean_excitons: Floats
    populations: Floats
    gain_per_cm: Floats
    unpumped_gain_per_cm: float
    emission: Floats
    lamp: Floats
    mirror: Floats
    transparency_w_per_cm2: float
    unshifted_transparency_w_per_cm2: float
    ase_w_per_cm2: float

    @property
    def lamp_enhancement(self) -> Floats:
        """Signal with lamp less signal without, less the lamp at the matched power."""
        return np.asarray(self.lamp - 1.0)

    @property
    def mirror_enhancement(self) -> Floats:
        """Signal with mirror less signal without."""
        return self.mirror

    @property
    def bleach(self) -> Floats:
        """Share of the absorption at the emission peak that the pump removes."""
        return np.asarray(1 - self.gain_per_cm / self.unpumped_gain_per_cm)

    @property
    def shortfall(self) -> Floats:
        """Transparency intensity over incident intensity: above 1 the solution absorbs."""
        with np.errstate(divide="ignore"):
            return np.asarray(self.transparency_w_per_cm2 / self.intensity_w_per_cm2)

    def to_dataframe(self) -> pd.DataFrame:
        """Return one row per power, units in the column names."""
        import pandas as pd

        return pd.DataFrame(
            {
                "power_mw": self.power_mw,
                "intensity_w_per_cm2": self.intensity_w_per_cm2,
                "mean_excitons": self.mean_excitons,
                "gain_per_cm": self.gain_per_cm,
                "bleach": self.bleach,
                "emission": self.emission,
                "lamp_enhancement": self.lamp_enhancement,
                "mirror_enhancement": self.mirror_enhancement,
                "shortfall": self.shortfall,
            }
        )

    def report(self) -> str:
        """Return the verdict in words: excitons, net absorption, and how far transparency is."""
        top = int(np.argmax(self.intensity_w_per_cm2))
        intensity, gain = self.intensity_w_per_cm2[top], self.gain_per_cm[top]
        kind = "net absorption" if gain < 0 else "net gain"
        ase = (
            "no intensity amplifies to g L = 1"
            if np.isnan(self.ase_w_per_cm2)
            else f"g L = 1 takes {self.ase_w_per_cm2:.2g} W/cm^2"
        )
        lines = [
            f"At {intensity:.3g} W/cm^2: {self.mean_excitons[top]:.2g} excitons per nanocrystal, "
            f"{kind} of {abs(gain):.3g} /cm at "
            f"{1e3 * self.cuvette.medium.emission_wavelength:g} nm "
            f"({abs(self.unpumped_gain_per_cm):.3g} /cm unpumped, "
            f"{100 * self.bleach[top]:.2g} % bleached).",
            f"Transparent at {self.transparency_w_per_cm2:.2g} W/cm^2, "
            f"{self.shortfall[top]:.3g} times as much ("
            f"{self.unshifted_transparency_w_per_cm2:.2g} W/cm^2 without the Stokes shift); {ase}.",
        ]
        if gain < 0 and len(self.power_mw) > 2:
            lamp = chord_departure(self.power_mw, self.lamp_enhancement)
            mirror = chord_departure(self.power_mw, self.mirror_enhancement)
            lines.append(
                "What lamp and mirror add grows in proportion to the pump (departure from a "
                f"straight line {lamp:.1g} and {mirror:.1g}): bleaching and returned emission, "
                "without threshold."
            )
        return "\n".join(lines)

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Plot the signals over the pump power."""
        from gain.cw_cuvette_plots import plot_cuvette_signals

        return plot_cuvette_signals(self, ax=ax)


def pump_cuvette(cuvette: CwCuvette, power_mw: ArrayLike) -> CuvetteResponse:
    """Return what the cuvette does at pump powers (mW), increasing, (powers,).

    Emission: sum_N p_N k_r,N. Lamp: its line, transmitted as exp(g l) averaged over its width.
    Mirror: emission times R exp(g l); with recycling the pump intensity times
    1 + R exp(-alpha_p l_p). Populations are those where the pump enters.

    Errors: ValueError for powers that are negative or not increasing.

    Example:
        >>> from gain.cw_cuvette import cdznse_cuvette
        >>> response = pump_cuvette(cdznse_cuvette(), [10.0, 150.0, 250.0])
        >>> response.gain_per_cm.round(2).tolist(), bool(response.shortfall.min() > 300)
        ([-6.6, -6.58, -6.57], True)
    """
    power = np.atleast_1d(np.asarray(power_mw, dtype=np.float64))
    if power.ndim != 1 or not np.all(np.diff(power) > 0):
        raise ValueError(
            f"power_mw: must be one-dimensional and increasing, got shape {power.shape}; sort it"
        )
    intensity = cuvette.intensity_w_per_cm2(power)
    matched = cuvette.intensity_w_per_cm2(cuvette.lamp_matched_power_mw)
    peak = cuvette.medium.emission_wavelength
    reference = float(_emission(cuvette, matched))
    gain = cuvette.gain_per_cm(peak, intensity)
    path = cuvette.amplified_length * _CM_PER_UM
    recycled = 1.0
    if cuvette.pump_recycling:
        pump_path = cuvette.pump_path * _CM_PER_UM
        recycled += cuvette.mirror_reflectance * np.exp(-cuvette.pump_absorption_per_cm * pump_path)
    with_mirror = recycled * intensity
    alone = _emission(cuvette, intensity) / reference
    back = np.exp(cuvette.gain_per_cm(peak, with_mirror) * path)
    total = _emission(cuvette, with_mirror) / reference
    lamp = _lamp(cuvette, intensity) / _lamp(cuvette, matched)
    return CuvetteResponse(
        cuvette=cuvette,
        power_mw=power,
        intensity_w_per_cm2=intensity,
        mean_excitons=cuvette.mean_excitons(intensity),
        populations=cuvette.populations(intensity),
        gain_per_cm=gain,
        unpumped_gain_per_cm=float(cuvette.gain_per_cm(peak, 0.0)),
        emission=alone,
        lamp=np.asarray(lamp),
        mirror=np.asarray(total * (1 + cuvette.mirror_reflectance * back) - alone),
        transparency_w_per_cm2=transparency_intensity_w_per_cm2(cuvette),
        unshifted_transparency_w_per_cm2=transparency_intensity_w_per_cm2(cuvette, "unshifted"),
        ase_w_per_cm2=ase_intensity_w_per_cm2(cuvette),
    )


def _emission(cuvette: CwCuvette, intensity: ArrayLike) -> Floats:
    """Spontaneous photons per nanocrystal and ns."""
    rates = cuvette.kinetics.radiative_rates_per_ns()
    return np.asarray(cuvette.populations(intensity) @ rates)


def _lamp(cuvette: CwCuvette, intensity: ArrayLike) -> Floats:
    """Transmission of the lamp's line through the pumped solution."""
    node, weight = np.polynomial.hermite_e.hermegauss(_LAMP_NODES)
    std = 1e-3 * _STD_PER_FWHM * cuvette.lamp_fwhm_nm
    line = cuvette.medium.emission_wavelength + std * node
    inside = line > 0.2 * cuvette.medium.emission_wavelength
    path = cuvette.amplified_length * _CM_PER_UM
    light = np.asarray(intensity, dtype=np.float64)[..., None]
    passed = np.exp(path * cuvette.gain_per_cm(line[inside], light))
    return np.asarray(passed @ weight[inside] / weight[inside].sum())
