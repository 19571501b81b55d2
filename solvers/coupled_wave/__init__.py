"""Coupled-wave theory of photonic-crystal lasers: constants, finite areas, far fields."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from solvers.coupled_wave.band_edge import BandEdge
    from solvers.coupled_wave.coupling_matrix import CouplingMatrix
    from solvers.coupled_wave.far_field import FiniteFarField, finite_far_field
    from solvers.coupled_wave.finite_area import FiniteSpectrum, finite_spectrum
    from solvers.coupled_wave.finite_mode import FiniteMode
    from solvers.coupled_wave.full_vector import (
        FullVectorComparison,
        beside_full_vector,
        with_full_vector,
    )
    from solvers.coupled_wave.plot_finite import (
        plot_envelope,
        plot_far_field,
        plot_finite_spectrum,
        plot_length_sweep,
    )
    from solvers.coupled_wave.plot_vertical import plot_vertical_mode
    from solvers.coupled_wave.refined_edges import refined_band_edges
    from solvers.coupled_wave.size_sweep import LengthSweep, length_sweep
    from solvers.coupled_wave.solve_coupling import Coupling, coupling

__all__ = [
    "BandEdge",
    "Coupling",
    "CouplingMatrix",
    "FiniteFarField",
    "FiniteMode",
    "FiniteSpectrum",
    "FullVectorComparison",
    "LengthSweep",
    "beside_full_vector",
    "coupling",
    "finite_far_field",
    "finite_spectrum",
    "length_sweep",
    "plot_envelope",
    "plot_far_field",
    "plot_finite_spectrum",
    "plot_length_sweep",
    "plot_vertical_mode",
    "refined_band_edges",
    "with_full_vector",
]

_MODULES = {
    "band_edge": ("BandEdge",),
    "coupling_matrix": ("CouplingMatrix",),
    "far_field": ("FiniteFarField", "finite_far_field"),
    "finite_area": ("FiniteSpectrum", "finite_spectrum"),
    "finite_mode": ("FiniteMode",),
    "full_vector": ("FullVectorComparison", "beside_full_vector", "with_full_vector"),
    "plot_finite": (
        "plot_envelope",
        "plot_far_field",
        "plot_finite_spectrum",
        "plot_length_sweep",
    ),
    "plot_vertical": ("plot_vertical_mode",),
    "refined_edges": ("refined_band_edges",),
    "size_sweep": ("LengthSweep", "length_sweep"),
    "solve_coupling": ("Coupling", "coupling"),
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
