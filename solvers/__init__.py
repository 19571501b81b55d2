"""Mode solvers: from a cavity to its complex resonances."""

from typing import TYPE_CHECKING, Any

from solvers.modes import Mode, ModeSet
from solvers.solve import solve_modes

if TYPE_CHECKING:
    from solvers.axisymmetric.follow import follow_modes

__all__ = ["Mode", "ModeSet", "follow_modes", "solve_modes"]


def __getattr__(name: str) -> Any:
    if name == "follow_modes":
        from solvers.axisymmetric.follow import follow_modes

        return follow_modes
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
