"""Modes by finite differences in time: Meep, run in a process of its own."""

from typing import TYPE_CHECKING, Any

from solvers.fdtd.settings import FdtdSettings

if TYPE_CHECKING:
    from solvers.fdtd.finite_array import solve_finite_array

__all__ = ["FdtdSettings", "solve_finite_array"]


def __getattr__(name: str) -> Any:
    if name == "solve_finite_array":
        from solvers.fdtd.finite_array import solve_finite_array

        return solve_finite_array
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
