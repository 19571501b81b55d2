"""The laser under each pump pulse of [dynamics]: curves, shares, spectra, traces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from studies.dynamics_settings import DynamicsSettings, pulse_name

if TYPE_CHECKING:
    from gain.cw_laser import CwLaserCurve
    from gain.dynamic_threshold import DynamicThreshold
    from gain.laser_model import LaserModel
    from gain.laser_trace import LaserTrace
    from gain.mode_competition import ModeCompetition
    from gain.output_spectrum import OutputSpectra
    from gain.population_trace import PopulationTrace
    from gain.pulse_shape import PulseShape
    from gain.pump import Pump

__all__ = ["PulsedRun", "SteadyRun", "run_pulse", "run_steady"]

DARK_PUMPS = (0.05, 30.0)
"""Pump levels where no mode lases at all."""
SPECTRUM_POINTS = 1200


@dataclass(frozen=True, kw_only=True, eq=False)
class PulsedRun:
    """A laser under pulses of one shape.

    Attributes:
        pulse: the pump; name: in words.
        competition: shares of the modes over the pump, with the light-light curve.
        spectra: emitted spectra over the pump.
        trace: one pulse at `trace_ratio` times threshold; None where no mode lases.
        populations: populations without light at the same pump.
    """

    pulse: PulseShape
    competition: ModeCompetition
    spectra: OutputSpectra
    trace: LaserTrace | None
    populations: PopulationTrace

    @property
    def name(self) -> str:
        """The pulse in words."""
        return pulse_name(self.pulse)

    @property
    def net_gain(self) -> DynamicThreshold:
        """The threshold by net gain."""
        return self.competition.curve.net_gain

    @property
    def blocked(self) -> float:
        """Largest share of the pump that finds the top state full."""
        runs = self.competition.curve.runs
        return float((1 - runs.absorbed / runs.absorbed_photons).max())

    def numbers(self, pump: Pump | None) -> dict[str, Any]:
        """Return what result.json holds of the run; with a pump, fluences, too."""
        curve, net = self.competition.curve, self.net_gain
        found = {
            "pulse": self.name,
            "pulse_shape": self.pulse.model_dump(mode="json"),
            "lases": net.lases,
            "threshold_absorbed_photons": net.absorbed_photons,
            "threshold_mode": net.label,
            "threshold_wavelength_um": net.wavelength,
            "threshold_redshift_nm": net.redshift_nm,
            "steepest_rise_absorbed_photons": curve.slope_threshold,
            "linear_fit_absorbed_photons": curve.linear_threshold,
            "first_mode_leads_to": self.competition.first_leads_to,
            "turns_blue_at": self.competition.turns_blue_at,
            "leaders": [
                {"from_absorbed_photons": n, "mode": label, "redshift_nm": shift}
                for n, label, shift in self.competition.leaders()
            ],
            "balance_error": float(curve.runs.balance_error().max()),
            "blocked_share": self.blocked,
            "absorbed_photons": curve.absorbed_photons.tolist(),
            "output_per_nanocrystal": curve.output.tolist(),
            "leading_redshift_nm": self.competition.leading_redshift_nm.tolist(),
        }
        if self.trace is not None:
            found["trace_absorbed_photons"] = self.trace.absorbed_photons
            found["output_fwhm_ns"] = self.trace.output_fwhm_ns()
        if pump is not None:
            fluence = pump.fluence_uj_per_cm2(net.absorbed_photons)
            found["threshold_fluence_uj_per_cm2"] = float(fluence)
        return found


def run_pulse(model: LaserModel, pulse: PulseShape, settings: DynamicsSettings) -> PulsedRun:
    """Return the laser under pulses of one shape, from below to far above its threshold.

    Args:
        model: the laser.
        pulse: the pump; not continuous.
        settings: pump levels, spectrometer, trace.
    """
    from gain.dynamic_threshold import net_gain_threshold
    from gain.laser_dynamics import simulate_laser
    from gain.mode_competition import mode_shares
    from gain.output_spectrum import output_spectra
    from gain.population_dynamics import evolve_populations

    start = net_gain_threshold(model, pulse)
    levels = _levels(start, settings)
    competition = mode_shares(model, pulse, levels)
    strength = settings.trace_ratio * (start.absorbed_photons if start.lases else 1.0)
    trace = simulate_laser(model, pulse, strength) if start.lases else None
    return PulsedRun(
        pulse=pulse,
        competition=competition,
        spectra=output_spectra(
            competition.curve, _window(model), instrument_nm=settings.instrument_nm
        ),
        trace=trace,
        populations=evolve_populations(model.kinetics, pulse, strength),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class SteadyRun:
    """A continuously pumped laser.

    Attributes:
        curve: its steady states; N is W tau_X.
    """

    curve: CwLaserCurve
    name: str = "continuous"

    def numbers(self, pump: Pump | None) -> dict[str, Any]:
        """Return what result.json holds; with a pump, the intensity at threshold."""
        curve = self.curve
        net, label = curve.net_gain, curve.net_gain.label
        found: dict[str, Any] = {
            "pulse": self.name,
            "lases": net.lases,
            "period_ns": curve.pump.period_ns,
            "threshold_absorbed_photons": net.absorbed_photons,
            "threshold_mode": label,
            "threshold_redshift_nm": net.redshift_nm,
            "steepest_rise_absorbed_photons": curve.slope_threshold,
            "absorbed_photons": curve.absorbed_photons.tolist(),
            "mean_excitons": curve.mean_excitons.tolist(),
            "output_per_ns": curve.output_per_ns.sum(axis=1).tolist(),
        }
        if net.mode is not None:
            width = curve.linewidth_nm()[:, net.mode]
            found["linewidth_nm"] = width.tolist()
        if pump is not None:
            found["threshold_intensity_w_per_cm2"] = self.intensity(pump)
        return found

    def intensity(self, pump: Pump) -> float:
        """Return the intensity at threshold (W/cm^2) for the pump's colour and cross-section."""
        steady = pump.changed(lifetime_ns=self.curve.pump.period_ns)
        return float(steady.intensity_w_per_cm2(self.curve.net_gain.absorbed_photons))


def run_steady(model: LaserModel, pulse: PulseShape, settings: DynamicsSettings) -> SteadyRun:
    """Return the steady states of a continuously pumped laser.

    Args:
        model: the laser.
        pulse: "continuous"; its period is the time to which N refers.
        settings: pump levels.
    """
    from gain.cw_laser import steady_laser
    from gain.dynamic_threshold import net_gain_threshold

    assert pulse.kind == "continuous"
    levels = _levels(net_gain_threshold(model, pulse), settings)
    return SteadyRun(curve=steady_laser(model, levels, period_ns=pulse.period_ns))


def _levels(start: DynamicThreshold, settings: DynamicsSettings) -> np.ndarray[Any, Any]:
    low, high = DARK_PUMPS
    if start.lases:
        low, high = (ratio * start.absorbed_photons for ratio in settings.pump_ratios)
    return np.geomspace(low, high, settings.pump_points)


def _window(model: LaserModel) -> np.ndarray[Any, Any]:
    modes = model.modes.wavelength
    peak = model.medium.emission_wavelength
    low, high = min(modes.min(), 0.95 * peak), max(modes.max(), 1.05 * peak)
    grid = np.linspace(low - 2e-3, high + 2e-3, SPECTRUM_POINTS)
    return np.unique(np.concatenate([grid, modes]))
