"""Periodic cavities by finite elements in the unit cell: the Fourier modal solver's witness."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from solvers.unit_cell_fem.settings import UnitCellSettings
    from solvers.unit_cell_fem.solve import solve_unit_cell

__all__ = ["UnitCellSettings", "solve_unit_cell"]

_HOME = {"UnitCellSettings": "settings", "solve_unit_cell": "solve"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
