"""Gain: nanocrystal media, populations, gain spectra and laser thresholds.

Everything here loads on first use, so that importing the package costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gain.coupled_oscillators import CavityPhoton, CoupledOscillators, Exciton
    from gain.dispersion_fit import fit_dispersion
    from gain.dispersion_fit_result import DispersionFit
    from gain.dispersion_map import DispersionMap, emission_map
    from gain.dispersion_peaks import DispersionPeaks, find_peaks
    from gain.lasing_threshold import ThresholdResult, absorbed_photons_at_threshold, threshold
    from gain.line_shape import GaussianLine, TabulatedLine
    from gain.merit import (
        figure_of_merit,
        lineic_loss_per_cm,
        photon_lifetime_ps,
        quality_factor_for,
    )
    from gain.merit_curve import (
        BranchJump,
        ThresholdCurve,
        branch_jump,
        gain_window,
        threshold_curve,
    )
    from gain.monte_carlo import CavityPopulation, LasingCloud, free_spectral_range_nm, lasing_cloud
    from gain.nanocrystal_medium import BackgroundTable, NanocrystalMedium
    from gain.paper_verdict import PaperVerdict, verdict_frame, verdict_text
    from gain.polariton_blueshift import (
        BlueshiftFit,
        bleached_fraction,
        fit_blueshift,
        largest_blueshift_mev,
        mean_field_blueshift_mev,
        rabi_splitting_at_blueshift_mev,
        saturation_blueshift_mev,
    )
    from gain.polariton_branches import PolaritonBranches
    from gain.polariton_laser import PolaritonLaser, condensate_occupation
    from gain.polariton_laser_plots import (
        plot_blueshift,
        plot_lifetime,
        plot_linewidth,
        plot_occupation,
        plot_polarization,
        plot_pulses,
        plot_s_curve,
    )
    from gain.polariton_occupation import (
        OccupationFit,
        bose_einstein,
        fit_occupation,
        maxwell_boltzmann,
        occupation_from_emission,
    )
    from gain.polariton_paper import (
        absorbed_photons_per_dot,
        paper_laser,
        paper_oscillators,
        photon_laser_threshold,
    )
    from gain.polariton_paper_verdicts import polariton_paper_verdicts
    from gain.polariton_plots import (
        plot_dispersion,
        plot_dispersion_fit,
        plot_dispersion_map,
        plot_hopfield_weights,
    )
    from gain.polariton_pulse import LifetimeCurve, PolaritonPulse
    from gain.polarization_degree import (
        PolarizationFit,
        degree_of_polarization,
        fit_polarization,
        intensity_ratio,
    )
    from gain.populations import poisson_populations, population_inversion, relaxed_populations
    from gain.presets import (
        nanoplatelets,
        preset,
        provenance,
        pump_532,
        quantum_dots,
        quantum_shells,
    )
    from gain.pump import Pump, gaussian_overlap
    from gain.s_curve import SCurveFit, fit_s_curve
    from gain.spectral_shift import Shift
    from gain.spectrum_plots import plot_gain_spectra, plot_gain_versus_pump
    from gain.strong_coupling import (
        ExceptionalPoint,
        StrongCoupling,
        exceptional_point,
        strong_coupling_criteria,
    )
    from gain.threshold_plots import (
        plot_gain_and_losses,
        plot_lasing_cloud,
        plot_lasing_wavelength_curve,
        plot_mode_thresholds,
        plot_threshold_curve,
    )
    from gain.two_mirror import TwoMirrorResonator
    from gain.two_photon import TwoPhotonPump
    from gain.two_photon_paper import two_photon_verdicts

__all__ = [
    "BackgroundTable",
    "BlueshiftFit",
    "BranchJump",
    "CavityPhoton",
    "CavityPopulation",
    "CoupledOscillators",
    "DispersionFit",
    "DispersionMap",
    "DispersionPeaks",
    "ExceptionalPoint",
    "Exciton",
    "GaussianLine",
    "LasingCloud",
    "LifetimeCurve",
    "NanocrystalMedium",
    "OccupationFit",
    "PaperVerdict",
    "PolaritonBranches",
    "PolaritonLaser",
    "PolaritonPulse",
    "PolarizationFit",
    "Pump",
    "SCurveFit",
    "Shift",
    "StrongCoupling",
    "TabulatedLine",
    "ThresholdCurve",
    "ThresholdResult",
    "TwoMirrorResonator",
    "TwoPhotonPump",
    "absorbed_photons_at_threshold",
    "absorbed_photons_per_dot",
    "bleached_fraction",
    "bose_einstein",
    "branch_jump",
    "condensate_occupation",
    "degree_of_polarization",
    "emission_map",
    "exceptional_point",
    "figure_of_merit",
    "find_peaks",
    "fit_blueshift",
    "fit_dispersion",
    "fit_occupation",
    "fit_polarization",
    "fit_s_curve",
    "free_spectral_range_nm",
    "gain_window",
    "gaussian_overlap",
    "intensity_ratio",
    "largest_blueshift_mev",
    "lasing_cloud",
    "lineic_loss_per_cm",
    "maxwell_boltzmann",
    "mean_field_blueshift_mev",
    "nanoplatelets",
    "occupation_from_emission",
    "paper_laser",
    "paper_oscillators",
    "photon_laser_threshold",
    "photon_lifetime_ps",
    "plot_blueshift",
    "plot_dispersion",
    "plot_dispersion_fit",
    "plot_dispersion_map",
    "plot_gain_and_losses",
    "plot_gain_spectra",
    "plot_gain_versus_pump",
    "plot_hopfield_weights",
    "plot_lasing_cloud",
    "plot_lasing_wavelength_curve",
    "plot_lifetime",
    "plot_linewidth",
    "plot_mode_thresholds",
    "plot_occupation",
    "plot_polarization",
    "plot_pulses",
    "plot_s_curve",
    "plot_threshold_curve",
    "poisson_populations",
    "polariton_paper_verdicts",
    "population_inversion",
    "preset",
    "provenance",
    "pump_532",
    "quality_factor_for",
    "quantum_dots",
    "quantum_shells",
    "rabi_splitting_at_blueshift_mev",
    "relaxed_populations",
    "saturation_blueshift_mev",
    "strong_coupling_criteria",
    "threshold",
    "threshold_curve",
    "two_photon_verdicts",
    "verdict_frame",
    "verdict_text",
]

_MODULES = {
    "coupled_oscillators": ("CavityPhoton", "CoupledOscillators", "Exciton"),
    "dispersion_fit": ("fit_dispersion",),
    "dispersion_fit_result": ("DispersionFit",),
    "dispersion_map": ("DispersionMap", "emission_map"),
    "dispersion_peaks": ("DispersionPeaks", "find_peaks"),
    "paper_verdict": ("PaperVerdict", "verdict_frame", "verdict_text"),
    "polariton_blueshift": (
        "BlueshiftFit",
        "bleached_fraction",
        "fit_blueshift",
        "largest_blueshift_mev",
        "mean_field_blueshift_mev",
        "rabi_splitting_at_blueshift_mev",
        "saturation_blueshift_mev",
    ),
    "polariton_branches": ("PolaritonBranches",),
    "polariton_laser": ("PolaritonLaser", "condensate_occupation"),
    "polariton_laser_plots": (
        "plot_blueshift",
        "plot_lifetime",
        "plot_linewidth",
        "plot_occupation",
        "plot_polarization",
        "plot_pulses",
        "plot_s_curve",
    ),
    "polariton_occupation": (
        "OccupationFit",
        "bose_einstein",
        "fit_occupation",
        "maxwell_boltzmann",
        "occupation_from_emission",
    ),
    "polariton_paper": (
        "absorbed_photons_per_dot",
        "paper_laser",
        "paper_oscillators",
        "photon_laser_threshold",
    ),
    "polariton_paper_verdicts": ("polariton_paper_verdicts",),
    "polariton_plots": (
        "plot_dispersion",
        "plot_dispersion_fit",
        "plot_dispersion_map",
        "plot_hopfield_weights",
    ),
    "polariton_pulse": ("LifetimeCurve", "PolaritonPulse"),
    "polarization_degree": (
        "PolarizationFit",
        "degree_of_polarization",
        "fit_polarization",
        "intensity_ratio",
    ),
    "s_curve": ("SCurveFit", "fit_s_curve"),
    "strong_coupling": (
        "ExceptionalPoint",
        "StrongCoupling",
        "exceptional_point",
        "strong_coupling_criteria",
    ),
    "two_mirror": ("TwoMirrorResonator",),
    "two_photon": ("TwoPhotonPump",),
    "two_photon_paper": ("two_photon_verdicts",),
    "lasing_threshold": ("ThresholdResult", "absorbed_photons_at_threshold", "threshold"),
    "line_shape": ("GaussianLine", "TabulatedLine"),
    "merit": ("figure_of_merit", "lineic_loss_per_cm", "photon_lifetime_ps", "quality_factor_for"),
    "monte_carlo": ("CavityPopulation", "LasingCloud", "free_spectral_range_nm", "lasing_cloud"),
    "nanocrystal_medium": ("BackgroundTable", "NanocrystalMedium"),
    "populations": ("poisson_populations", "population_inversion", "relaxed_populations"),
    "presets": (
        "nanoplatelets",
        "preset",
        "provenance",
        "pump_532",
        "quantum_dots",
        "quantum_shells",
    ),
    "pump": ("Pump", "gaussian_overlap"),
    "spectral_shift": ("Shift",),
    "spectrum_plots": ("plot_gain_spectra", "plot_gain_versus_pump"),
    "merit_curve": (
        "BranchJump",
        "ThresholdCurve",
        "branch_jump",
        "gain_window",
        "threshold_curve",
    ),
    "threshold_plots": (
        "plot_gain_and_losses",
        "plot_lasing_cloud",
        "plot_lasing_wavelength_curve",
        "plot_mode_thresholds",
        "plot_threshold_curve",
    ),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'gain' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"gain.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
