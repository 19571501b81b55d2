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
    from layouts.planar_chip import PlanarLayout
    from layouts.planar_settings import PlanarSettings
    from layouts.preview import plot_layout
    from layouts.rules import RuleReport, Violation
    from layouts.settings import ChipSettings
    from layouts.spacer_table import longitudinal_modes, spacer_thicknesses
    from layouts.verification import ReadBack, read_back

__all__ = [
    "ChipSettings",
    "Device",
    "DoseArray",
    "Layout",
    "PlanarLayout",
    "PlanarSettings",
    "ProcessSheet",
    "ReadBack",
    "RuleReport",
    "Violation",
    "layout",
    "longitudinal_modes",
    "plot_layout",
    "process_sheet",
    "read_back",
    "spacer_thicknesses",
]

_HOME = {
    "ChipSettings": "settings",
    "Device": "device",
    "DoseArray": "dose_plan",
    "Layout": "chip_layout",
    "PlanarLayout": "planar_chip",
    "PlanarSettings": "planar_settings",
    "ProcessSheet": "deposition_sheet",
    "ReadBack": "verification",
    "RuleReport": "rules",
    "Violation": "rules",
    "layout": "chip_layout",
    "longitudinal_modes": "spacer_table",
    "plot_layout": "preview",
    "process_sheet": "deposition_sheet",
    "read_back": "verification",
    "spacer_thicknesses": "spacer_table",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'layouts' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"layouts.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
