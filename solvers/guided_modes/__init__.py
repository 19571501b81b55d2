"""Guided-mode expansion by legume: fast estimates for transparent, infilled slabs."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from solvers.guided_modes.settings import GuidedModeSettings
    from solvers.guided_modes.solve import solve_guided_modes

__all__ = ["GuidedModeSettings", "solve_guided_modes"]

_HOME = {"GuidedModeSettings": "settings", "solve_guided_modes": "solve"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
