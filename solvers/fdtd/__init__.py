"""Modes by finite differences in time: Meep, run in a process of its own."""

from solvers.fdtd.settings import FdtdSettings

__all__ = ["FdtdSettings"]
