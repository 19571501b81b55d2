"""Chips for direct laser writing: dose arrays, manifests, GDS and OASIS, checked and pictured.

gdsfactory and klayout load when the first chip is drawn, not when the package is imported.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from layouts.chip_layout import Layout, layout
    from layouts.device import Device
    from layouts.dose_plan import DoseArray
    from layouts.preview import plot_layout
    from layouts.rules import RuleReport, Violation
    from layouts.settings import ChipSettings
    from layouts.verification import ReadBack, read_back

__all__ = [
    "ChipSettings",
    "Device",
    "DoseArray",
    "Layout",
    "ReadBack",
    "RuleReport",
    "Violation",
    "layout",
    "plot_layout",
    "read_back",
]

_HOME = {
    "ChipSettings": "settings",
    "Device": "device",
    "DoseArray": "dose_plan",
    "Layout": "chip_layout",
    "ReadBack": "verification",
    "RuleReport": "rules",
    "Violation": "rules",
    "layout": "chip_layout",
    "plot_layout": "preview",
    "read_back": "verification",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'layouts' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"layouts.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
