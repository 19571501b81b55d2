"""Mode solvers: from a cavity to its complex resonances."""

from solvers.modes import Mode, ModeSet
from solvers.solve import solve_modes

__all__ = ["Mode", "ModeSet", "solve_modes"]
