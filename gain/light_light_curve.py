"""Output against pump, and what three definitions of threshold make of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.dynamic_threshold import DynamicThreshold, net_gain_threshold
from gain.laser_batch import LaserRuns, run_lasers
from gain.laser_model import LaserModel
from gain.pulse_shape import PulseShape

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from scipy.interpolate import Akima1DInterpolator

__all__ = ["LightLightCurve", "light_light", "linear_threshold", "slope_threshold"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class LightLightCurve:
    """Photons per pulse against pump.

    Attributes:
        model, pulse: what was pumped and how.
        runs: integrals of every pump level.
        net_gain: the primary threshold, from populations alone.
        slope_threshold: N of the steepest rise on log axes, from runs of its own around it; nan
            where output never rises faster than N^1.5.
    """

    model: LaserModel
    pulse: PulseShape
    runs: LaserRuns
    net_gain: DynamicThreshold
    slope_threshold: float

    @property
    def absorbed_photons(self) -> Floats:
        """Pump levels N, (pumps,)."""
        return self.runs.absorbed_photons

    @property
    def emitted(self) -> Floats:
        """Photons per nanocrystal and pulse from each mode, (pumps, modes)."""
        return self.runs.emitted

    @property
    def output(self) -> Floats:
        """Photons per nanocrystal and pulse from all modes, (pumps,)."""
        return np.asarray(self.emitted.sum(axis=1))

    @property
    def slope(self) -> Floats:
        """D ln output/d ln N at every pump level, (pumps,)."""
        spline = _log_spline(self.absorbed_photons, self.output)
        return np.asarray(spline(np.log(self.absorbed_photons), 1))

    @property
    def net_gain_threshold(self) -> float:
        """N at which net gain begins: the threshold to quote; nan without."""
        return self.net_gain.absorbed_photons

    @property
    def linear_threshold(self) -> float:
        """N at which the line through the lasing part meets zero output: BIASED for pulses.

        Short pulses empty the inversion below threshold, long ones lase during a part of the
        pulse only: the result moves with the range of the fit. Fitted to 1.2 to 2 times
        the net-gain threshold; nan with fewer than three points there.
        """
        start = self.net_gain_threshold
        if not np.isfinite(start):
            return float("nan")
        return linear_threshold(self.absorbed_photons, self.output, fit=(1.2 * start, 2 * start))

    def to_dataframe(self) -> pd.DataFrame:
        """Return one row per pump level and mode."""
        import pandas as pd

        labels = self.model.modes.labels
        count = len(self.absorbed_photons)
        return pd.DataFrame(
            {
                "absorbed_photons": np.repeat(self.absorbed_photons, len(labels)),
                "mode": list(labels) * count,
                "wavelength_um": np.tile(self.model.modes.wavelength, count),
                "emitted_per_nanocrystal": self.emitted.ravel(),
            }
        )

    def report(self) -> str:
        """Return the three thresholds in words."""
        text = self.net_gain.report()
        if not self.net_gain.lases:
            return text
        values = [f"{x:.4g}" for x in (self.slope_threshold, self.linear_threshold)]
        return f"{text} Steepest rise at {values[0]}, linear extrapolation {values[1]} (biased)."

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot the curve on log axes with the three thresholds."""
        from gain.laser_plots import plot_light_light_curve

        return plot_light_light_curve(self, ax=ax)


def light_light(
    model: LaserModel,
    pulse: PulseShape,
    absorbed_photons: ArrayLike,
    *,
    photons: int = 1,
    duration_ns: float | None = None,
    rtol: float = 1e-4,
    method: Literal["batched", "LSODA"] = "batched",
    refine: bool = True,
) -> LightLightCurve:
    """Return the output for rising pump levels, with thresholds.

    Args:
        model: the laser.
        pulse: the pump in time.
        absorbed_photons: increasing pump levels N > 0, at least four, (pumps,).
        photons, duration_ns, rtol, method: see `run_lasers`.
        refine: find the steepest rise with 16 more runs around it.

    Raises:
        ValueError: pump levels that do not increase from above zero.

    Example:
        >>> from gain.kinetics_presets import kinetics_preset
        >>> from gain.laser_modes import LaserModes
        >>> from gain.presets import quantum_shells
        >>> from gain.pulse_shape import InstantPulse
        >>> modes = LaserModes.comb(
        ...     0.662, spacing_nm=4.05, count=3, quality_factor=6000, figure_of_merit=50)
        >>> shells = kinetics_preset("microdisk_shells")
        >>> model = LaserModel(medium=quantum_shells(), kinetics=shells, modes=modes)
        >>> curve = light_light(model, InstantPulse(), np.geomspace(0.1, 1.0, 30))
        >>> print(curve.report())
        666.05 nm lases first (+16.1 nm from the emission peak), at N = 0.2763. Steepest rise at
        0.2783, linear extrapolation 0.2264 (biased).
    """
    n = np.asarray(absorbed_photons, dtype=np.float64)
    if n.ndim != 1 or len(n) < 4 or not np.all(np.diff(n) > 0) or not n[0] > 0:
        raise ValueError(
            "absorbed_photons: must be at least four increasing levels > 0, got "
            f"{n.ravel()[:4].tolist()}; use numpy.geomspace"
        )

    def run(levels: Floats) -> LaserRuns:
        return run_lasers(
            model, pulse, levels, photons=photons, duration_ns=duration_ns, rtol=rtol, method=method
        )

    runs = run(n)
    steepest = slope_threshold(n, runs.emitted.sum(axis=1))
    if refine and np.isfinite(steepest):
        j = int(np.clip(np.searchsorted(n, steepest), 2, len(n) - 2))
        close = np.geomspace(n[j - 2], n[j + 1], 16)
        steepest = slope_threshold(close, run(close).emitted.sum(axis=1))
    return LightLightCurve(
        model=model,
        pulse=pulse,
        runs=runs,
        net_gain=net_gain_threshold(model, pulse, photons=photons, duration_ns=duration_ns),
        slope_threshold=steepest,
    )


def slope_threshold(pump: ArrayLike, output: ArrayLike, *, least: float = 1.5) -> float:
    """Return the pump at which d ln output/d ln pump is largest; nan where it stays below `least`.

    Example:
        >>> from gain.polariton_laser import condensate_occupation
        >>> pump = np.geomspace(0.1, 10, 60)
        >>> round(slope_threshold(pump, condensate_occupation(pump, 1e-4)), 2)
        1.0
    """
    x = np.asarray(pump, dtype=np.float64)
    spline = _log_spline(x, np.asarray(output, dtype=np.float64))
    fine = np.linspace(np.log(x[0]), np.log(x[-1]), 40 * len(x))
    slope = spline(fine, 1)
    top = int(np.argmax(slope))
    return float(np.exp(fine[top])) if slope[top] > least else float("nan")


def linear_threshold(pump: ArrayLike, output: ArrayLike, *, fit: tuple[float, float]) -> float:
    """Return where the straight line through the points with pump in `fit` meets zero output.

    nan with fewer than three points, or for a line that does not rise.
    """
    x, y = np.asarray(pump, dtype=np.float64), np.asarray(output, dtype=np.float64)
    inside = (x >= fit[0]) & (x <= fit[1])
    if np.count_nonzero(inside) < 3:
        return float("nan")
    rise, start = np.polyfit(x[inside], y[inside], 1)
    return float(-start / rise) if rise > 0 else float("nan")


def _log_spline(pump: Floats, output: Floats) -> Akima1DInterpolator:
    from scipy.interpolate import Akima1DInterpolator

    return Akima1DInterpolator(np.log(pump), np.log(np.maximum(output, 1e-300)))
