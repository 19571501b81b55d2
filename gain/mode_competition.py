"""Which mode leads as the pump rises: the lasing wavelength above threshold.

Under a pulse long against the build-up of the light, stimulated emission holds the populations at
threshold and the first mode keeps the lead; a femtosecond pulse creates all excitons before any
photon, and the lead moves to the blue with their number (HAL hal-05014673, figure 6c, d).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.laser_batch import run_lasers
from gain.laser_model import LaserModel
from gain.light_light_curve import LightLightCurve, light_light
from gain.pulse_shape import PulseShape

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["ModeCompetition", "leading_redshift_map", "mode_shares"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class ModeCompetition:
    """The modes' shares of the output over pump levels.

    Attributes:
        curve: the light-light curve.
    """

    curve: LightLightCurve

    @property
    def absorbed_photons(self) -> Floats:
        """Pump levels N, (pumps,)."""
        return self.curve.absorbed_photons

    @property
    def share(self) -> Floats:
        """Share of each mode in the modes' output, (pumps, modes)."""
        total = self.curve.output[:, None]
        return self.curve.emitted / np.where(total > 0, total, 1.0)

    @property
    def redshift_nm(self) -> Floats:
        """Distance of each mode from the emission peak (nm), (modes,)."""
        model = self.curve.model
        return 1e3 * (model.modes.wavelength - model.medium.emission_wavelength)

    @property
    def lasing(self) -> NDArray[np.bool_]:
        """Whether the pump is above the net-gain threshold, (pumps,)."""
        start = self.curve.net_gain_threshold
        return self.absorbed_photons > (start if np.isfinite(start) else np.inf)

    @property
    def leader(self) -> NDArray[np.intp]:
        """Index of the mode that emits most, -1 below threshold, (pumps,)."""
        return np.where(self.lasing, np.argmax(self.curve.emitted, axis=1), -1)

    @property
    def leading_redshift_nm(self) -> Floats:
        """Its distance from the emission peak (nm), nan below threshold, (pumps,)."""
        return np.where(self.leader >= 0, self.redshift_nm[self.leader], np.nan)

    @property
    def first_mode(self) -> int | None:
        """Index of the mode that lases first; None where none lases."""
        return self.curve.net_gain.mode

    @property
    def first_leads_to(self) -> float:
        """Highest pump up to which the first mode keeps the lead; nan where none lases."""
        if self.first_mode is None or not self.lasing.any():
            return float("nan")
        lost = np.flatnonzero(self.lasing & (self.leader != self.first_mode))
        # Just above threshold the lead is not settled: count from the first pump it has.
        kept = np.flatnonzero(self.leader == self.first_mode)
        if not len(kept):
            return float("nan")
        later = lost[lost > kept[0]]
        end = later[0] - 1 if len(later) else len(self.leader) - 1
        return float(self.absorbed_photons[end])

    @property
    def turns_blue_at(self) -> float:
        """Lowest pump at which a mode blue of the emission peak leads; nan where none does."""
        blue = np.flatnonzero(self.leading_redshift_nm < 0)
        return float(self.absorbed_photons[blue[0]]) if len(blue) else float("nan")

    def leaders(self) -> list[tuple[float, str, float]]:
        """Return (pump from which it leads, label, redshift in nm) of each leading mode."""
        found: list[tuple[float, str, float]] = []
        labels = self.curve.model.modes.labels
        before = -1
        for n, mode in zip(self.absorbed_photons, self.leader, strict=True):
            if mode >= 0 and mode != before:
                found.append((float(n), labels[mode], float(self.redshift_nm[mode])))
            before = int(mode)
        return found

    def plot(self, ax: Axes | None = None) -> Axes:
        """Plot the shares as a map over wavelength and pump, with the leading mode."""
        from gain.competition_plots import plot_mode_competition

        return plot_mode_competition(self, ax=ax)


def mode_shares(
    model: LaserModel,
    pulse: PulseShape,
    absorbed_photons: ArrayLike,
    *,
    photons: int = 1,
    rtol: float = 1e-4,
) -> ModeCompetition:
    """Return the modes' shares over pump levels; arguments as for `light_light`.

    Example:
        >>> from gain.kinetics_presets import kinetics_preset
        >>> from gain.laser_modes import LaserModes
        >>> from gain.presets import quantum_shells
        >>> from gain.pulse_shape import InstantPulse
        >>> modes = LaserModes.comb(
        ...     0.650, spacing_nm=4.05, count=13, quality_factor=6000, figure_of_merit=50)
        >>> shells = kinetics_preset("microdisk_shells")
        >>> model = LaserModel(medium=quantum_shells(), kinetics=shells, modes=modes)
        >>> result = mode_shares(model, InstantPulse(), [0.2, 0.3, 0.5, 1.0, 2.0, 8.0])
        >>> [round(shift) for _, _, shift in result.leaders()]
        [16, 12, 8, 4, -20]
    """
    return ModeCompetition(
        curve=light_light(model, pulse, absorbed_photons, photons=photons, rtol=rtol, refine=False)
    )


def leading_redshift_map(
    models: Sequence[LaserModel],
    pulse: PulseShape,
    absorbed_photons: ArrayLike,
    *,
    photons: int = 1,
    rtol: float = 1e-3,
) -> Floats:
    """Return the redshift (nm) of the brightest mode, (models, pumps), all side by side.

    For maps over unknown parameters: how far a statement about competition holds.

    Args:
        models: lasers with as many modes, states and groups each.
        pulse: the pump in time.
        absorbed_photons: pump levels, (pumps,).
        photons: 1 or 2 photons per excitation.
        rtol: relative tolerance of a step.
    """
    n = np.atleast_1d(np.asarray(absorbed_photons, dtype=np.float64))
    every = [model for model in models for _ in n]
    runs = run_lasers(every, pulse, np.tile(n, len(models)), photons=photons, rtol=rtol)
    best = np.argmax(runs.emitted, axis=1)
    shift = np.array([1e3 * (m.modes.wavelength - m.medium.emission_wavelength) for m in every])
    return np.asarray(shift[np.arange(len(every)), best].reshape(len(models), len(n)))
