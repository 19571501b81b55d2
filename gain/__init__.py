"""Gain: nanocrystal media, populations, gain spectra and laser thresholds.

Everything here loads on first use, so that importing the package costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gain.lasing_threshold import (
        ThresholdResult,
        absorbed_photons_at_threshold,
        threshold,
    )
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
    from gain.monte_carlo import (
        CavityPopulation,
        LasingCloud,
        free_spectral_range_nm,
        lasing_cloud,
    )
    from gain.nanocrystal_medium import BackgroundTable, NanocrystalMedium
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
    from gain.spectral_shift import Shift
    from gain.spectrum_plots import plot_gain_spectra, plot_gain_versus_pump
    from gain.threshold_plots import (
        plot_gain_and_losses,
        plot_lasing_cloud,
        plot_lasing_wavelength_curve,
        plot_mode_thresholds,
        plot_threshold_curve,
    )

__all__ = [
    "BackgroundTable",
    "BranchJump",
    "CavityPopulation",
    "GaussianLine",
    "LasingCloud",
    "NanocrystalMedium",
    "Pump",
    "Shift",
    "TabulatedLine",
    "ThresholdCurve",
    "ThresholdResult",
    "absorbed_photons_at_threshold",
    "branch_jump",
    "figure_of_merit",
    "free_spectral_range_nm",
    "gain_window",
    "gaussian_overlap",
    "lasing_cloud",
    "lineic_loss_per_cm",
    "nanoplatelets",
    "photon_lifetime_ps",
    "plot_gain_and_losses",
    "plot_gain_spectra",
    "plot_gain_versus_pump",
    "plot_lasing_cloud",
    "plot_lasing_wavelength_curve",
    "plot_mode_thresholds",
    "plot_threshold_curve",
    "poisson_populations",
    "population_inversion",
    "preset",
    "provenance",
    "pump_532",
    "quality_factor_for",
    "quantum_dots",
    "quantum_shells",
    "relaxed_populations",
    "threshold",
    "threshold_curve",
]

_MODULES = {
    "lasing_threshold": (
        "ThresholdResult",
        "absorbed_photons_at_threshold",
        "threshold",
    ),
    "line_shape": (
        "GaussianLine",
        "TabulatedLine",
    ),
    "merit": (
        "figure_of_merit",
        "lineic_loss_per_cm",
        "photon_lifetime_ps",
        "quality_factor_for",
    ),
    "monte_carlo": (
        "CavityPopulation",
        "LasingCloud",
        "free_spectral_range_nm",
        "lasing_cloud",
    ),
    "nanocrystal_medium": (
        "BackgroundTable",
        "NanocrystalMedium",
    ),
    "populations": (
        "poisson_populations",
        "population_inversion",
        "relaxed_populations",
    ),
    "presets": (
        "nanoplatelets",
        "preset",
        "provenance",
        "pump_532",
        "quantum_dots",
        "quantum_shells",
    ),
    "pump": (
        "Pump",
        "gaussian_overlap",
    ),
    "spectral_shift": ("Shift",),
    "spectrum_plots": (
        "plot_gain_spectra",
        "plot_gain_versus_pump",
    ),
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
