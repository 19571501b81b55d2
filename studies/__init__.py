"""Studies: design files, the pipeline, sweeps, the result store, reports, the command line.

Everything here loads on first use.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studies.design import Design, load_design
    from studies.errors import DesignError
    from studies.gain_design import GainDesign, load_gain_design
    from studies.gain_run import GainRunResult, run_gain
    from studies.pipeline import RunResult, run
    from studies.settings import (
        LayoutSettings,
        LossSettings,
        MonteCarloSettings,
        OutputSettings,
        SolverSettings,
    )
    from studies.store import Store
    from studies.study import Parameter, Study
    from studies.study_file import load_study
    from studies.sweep_run import SweepResult, sweep

__all__ = [
    "Design",
    "DesignError",
    "GainDesign",
    "GainRunResult",
    "LayoutSettings",
    "LossSettings",
    "MonteCarloSettings",
    "OutputSettings",
    "Parameter",
    "RunResult",
    "SolverSettings",
    "Store",
    "Study",
    "SweepResult",
    "load_design",
    "load_gain_design",
    "load_study",
    "run",
    "run_gain",
    "sweep",
]

_HOMES = {
    "studies.design": ("Design", "load_design"),
    "studies.errors": ("DesignError",),
    "studies.gain_design": ("GainDesign", "load_gain_design"),
    "studies.gain_run": ("GainRunResult", "run_gain"),
    "studies.pipeline": ("RunResult", "run"),
    "studies.settings": (
        "LayoutSettings",
        "LossSettings",
        "MonteCarloSettings",
        "OutputSettings",
        "SolverSettings",
    ),
    "studies.store": ("Store",),
    "studies.study": ("Parameter", "Study"),
    "studies.study_file": ("load_study",),
    "studies.sweep_run": ("SweepResult", "sweep"),
}
_MODULES = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'studies' has no attribute {name!r}")
    value = getattr(importlib.import_module(_MODULES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
