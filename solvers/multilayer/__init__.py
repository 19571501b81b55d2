"""Planar multilayers: spectra, profiles, quasi-normal modes, thresholds, dispersion."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from solvers.multilayer.dispersion import Branch, Dispersion, planar_dispersion
    from solvers.multilayer.dispersion_plot import plot_dispersion
    from solvers.multilayer.driven_field import FieldProfile, field_profile
    from solvers.multilayer.exact_threshold import ThresholdGain, threshold_gain
    from solvers.multilayer.find_modes import solve_planar
    from solvers.multilayer.lengths import CavityLengths, cavity_lengths
    from solvers.multilayer.mirror import MirrorResponse, mirror_response
    from solvers.multilayer.mode_derivative import PlanarDerivative, planar_derivative
    from solvers.multilayer.plot_spectrum import plot_planar_mode, plot_planar_spectrum
    from solvers.multilayer.spectra import spectrum
    from solvers.multilayer.spectrum_result import SpectrumResult
    from solvers.multilayer.stack_arrays import StackArrays

__all__ = [
    "Branch",
    "CavityLengths",
    "Dispersion",
    "FieldProfile",
    "MirrorResponse",
    "PlanarDerivative",
    "SpectrumResult",
    "StackArrays",
    "ThresholdGain",
    "cavity_lengths",
    "field_profile",
    "mirror_response",
    "planar_derivative",
    "planar_dispersion",
    "plot_dispersion",
    "plot_planar_mode",
    "plot_planar_spectrum",
    "solve_planar",
    "spectrum",
    "threshold_gain",
]

_MODULES = {
    "dispersion": ("Branch", "Dispersion", "planar_dispersion"),
    "driven_field": ("FieldProfile", "field_profile"),
    "exact_threshold": ("ThresholdGain", "threshold_gain"),
    "find_modes": ("solve_planar",),
    "lengths": ("CavityLengths", "cavity_lengths"),
    "mirror": ("MirrorResponse", "mirror_response"),
    "mode_derivative": ("PlanarDerivative", "planar_derivative"),
    "dispersion_plot": ("plot_dispersion",),
    "plot_spectrum": ("plot_planar_mode", "plot_planar_spectrum"),
    "spectra": ("spectrum",),
    "spectrum_result": ("SpectrumResult",),
    "stack_arrays": ("StackArrays",),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
