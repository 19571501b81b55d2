"""Periodic cavities: complex modes, bands, spectra, thresholds and derivatives by RCWA."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from solvers.fourier_modal.band_plot import plot_bands
    from solvers.fourier_modal.band_structure import BandStructure, bands
    from solvers.fourier_modal.dark_search import DarkPoint, dark_points
    from solvers.fourier_modal.exact_threshold import threshold_gain
    from solvers.fourier_modal.labels import band_edges
    from solvers.fourier_modal.media import Media
    from solvers.fourier_modal.mode_derivative import ModeSlope, mode_slope, mode_slopes
    from solvers.fourier_modal.near_field import sampled_field
    from solvers.fourier_modal.radiation import FarField, far_field
    from solvers.fourier_modal.settings import PeriodicSettings
    from solvers.fourier_modal.solve import solve_periodic
    from solvers.fourier_modal.spectra import spectrum
    from solvers.fourier_modal.spectrum_result import PeriodicSpectrum

__all__ = [
    "BandStructure",
    "DarkPoint",
    "FarField",
    "Media",
    "ModeSlope",
    "PeriodicSettings",
    "PeriodicSpectrum",
    "band_edges",
    "bands",
    "dark_points",
    "far_field",
    "mode_slope",
    "mode_slopes",
    "plot_bands",
    "sampled_field",
    "solve_periodic",
    "spectrum",
    "threshold_gain",
]

_MODULES = {
    "band_structure": (
        "BandStructure",
        "bands",
    ),
    "dark_search": (
        "DarkPoint",
        "dark_points",
    ),
    "exact_threshold": ("threshold_gain",),
    "radiation": (
        "FarField",
        "far_field",
    ),
    "labels": ("band_edges",),
    "media": ("Media",),
    "mode_derivative": (
        "ModeSlope",
        "mode_slope",
        "mode_slopes",
    ),
    "near_field": ("sampled_field",),
    "band_plot": ("plot_bands",),
    "settings": ("PeriodicSettings",),
    "solve": ("solve_periodic",),
    "spectra": ("spectrum",),
    "spectrum_result": ("PeriodicSpectrum",),
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
