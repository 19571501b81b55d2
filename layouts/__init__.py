"""Chips for direct laser writing: dose arrays, manifests, GDS and OASIS, checked and pictured.

gdsfactory and klayout load when the first chip is drawn, not when the package is imported.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from layouts.chip_layout import Layout, layout
    from layouts.deposition_sheet import ProcessSheet, process_sheet
    from layouts.device import Device
    from layouts.dose_plan import DoseArray
    from layouts.lattice_chip import LatticeLayout
    from layouts.lattice_settings import LatticeSettings
    from layouts.lattice_verification import LatticeReadBack, read_back_lattice
    from layouts.planar_chip import PlanarLayout
    from layouts.planar_settings import PlanarSettings
    from layouts.preview import plot_layout
    from layouts.rules import RuleReport, Violation
    from layouts.settings import ChipSettings
    from layouts.spacer_table import longitudinal_modes, spacer_thicknesses
    from layouts.unit_cell_from_gds import UnitCell, unit_cell_from_gds
    from layouts.verification import ReadBack, read_back

__all__ = [
    "ChipSettings",
    "Device",
    "DoseArray",
    "LatticeLayout",
    "LatticeReadBack",
    "LatticeSettings",
    "Layout",
    "PlanarLayout",
    "PlanarSettings",
    "ProcessSheet",
    "ReadBack",
    "RuleReport",
    "UnitCell",
    "Violation",
    "layout",
    "longitudinal_modes",
    "plot_layout",
    "process_sheet",
    "read_back",
    "read_back_lattice",
    "spacer_thicknesses",
    "unit_cell_from_gds",
]

_HOME = {
    "ChipSettings": "settings",
    "Device": "device",
    "DoseArray": "dose_plan",
    "LatticeLayout": "lattice_chip",
    "LatticeReadBack": "lattice_verification",
    "LatticeSettings": "lattice_settings",
    "Layout": "chip_layout",
    "PlanarLayout": "planar_chip",
    "PlanarSettings": "planar_settings",
    "ProcessSheet": "deposition_sheet",
    "ReadBack": "verification",
    "RuleReport": "rules",
    "UnitCell": "unit_cell_from_gds",
    "Violation": "rules",
    "layout": "chip_layout",
    "longitudinal_modes": "spacer_table",
    "plot_layout": "preview",
    "process_sheet": "deposition_sheet",
    "read_back": "verification",
    "read_back_lattice": "lattice_verification",
    "spacer_thicknesses": "spacer_table",
    "unit_cell_from_gds": "unit_cell_from_gds",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'layouts' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"layouts.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
