"""Band structures by plane waves (MPB): plane crystals, layers, and slabs in supercells."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from solvers.band_structure.band_edges import BandEdge
    from solvers.band_structure.band_structure import BandStructure
    from solvers.band_structure.crystals import LayerCrystal, PlaneCrystal
    from solvers.band_structure.gaps import Gap
    from solvers.band_structure.settings import BandSettings
    from solvers.band_structure.solve import solve_bands

__all__ = [
    "BandEdge",
    "BandSettings",
    "BandStructure",
    "Gap",
    "LayerCrystal",
    "PlaneCrystal",
    "solve_bands",
]

_HOME = {
    "BandEdge": "band_edges",
    "BandSettings": "settings",
    "BandStructure": "band_structure",
    "Gap": "gaps",
    "LayerCrystal": "crystals",
    "PlaneCrystal": "crystals",
    "solve_bands": "solve",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
