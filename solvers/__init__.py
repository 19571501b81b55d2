"""Mode solvers: from a cavity to its complex resonances."""

from typing import TYPE_CHECKING, Any

from solvers.modes import Mode, ModeSet
from solvers.solve import solve_modes

if TYPE_CHECKING:
    from solvers.axisymmetric.derivative import ModeDerivative, mode_derivative
    from solvers.axisymmetric.follow import follow_modes

__all__ = [
    "Mode",
    "ModeDerivative",
    "ModeSet",
    "follow_modes",
    "mode_derivative",
    "solve_modes",
]


def __getattr__(name: str) -> Any:
    if name == "follow_modes":
        from solvers.axisymmetric.follow import follow_modes

        return follow_modes
    if name in ("ModeDerivative", "mode_derivative"):
        from solvers.axisymmetric import derivative

        return getattr(derivative, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
