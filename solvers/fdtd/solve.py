"""`method="fdtd"`: every kind of cavity by Meep."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from solvers.engines.run_worker import RunOptions
from solvers.fdtd.settings import FdtdSettings
from solvers.modes import ModeSet

__all__ = ["solve_fdtd"]


def solve_fdtd(
    cavity: Any,
    *,
    wavelength: tuple[float, float],
    azimuthal_order: int | Iterable[int] | None = None,
    quality_factor_floor: float = 100.0,
    settings: FdtdSettings | None = None,
    engine: RunOptions | None = None,
    bloch: Any = None,
) -> ModeSet:
    """Return the modes of a cavity by finite differences in time; see `solvers.solve_modes`.

    Args:
        cavity: with `body()`, `stack()` or `unit_cell()`.
        wavelength: window (um); narrow ones are faster and miss less.
        azimuthal_order: of bodies of revolution, required: each order costs a ladder of runs.
        quality_factor_floor: modes of lower Q are left out.
        settings: resolutions, domain, record.
        engine: how the engine is run: workspace, ranks, limits, progress, cancel.
        bloch: of periodic cavities.

    Raises:
        ValueError: no azimuthal order, or settings of another method.
        EngineError: the engine is missing, the job too large, the run ended badly.
    """
    if settings is not None and not isinstance(settings, FdtdSettings):
        raise TypeError(
            f'settings: must be FdtdSettings for method="fdtd", got {type(settings).__name__}'
        )
    if callable(getattr(cavity, "unit_cell", None)):
        from solvers.fdtd.periodic import solve_periodic_fdtd

        return solve_periodic_fdtd(
            cavity,
            wavelength=wavelength,
            bloch="Gamma" if bloch is None else bloch,
            quality_factor_floor=quality_factor_floor,
            settings=settings,
            options=engine,
        )
    if bloch is not None:
        raise ValueError(f"bloch: must be left out for a cavity without lattice, got {bloch!r}")
    if callable(getattr(cavity, "stack", None)):
        if azimuthal_order is not None:
            raise ValueError(
                f"azimuthal_order: must be left out for a planar cavity, got {azimuthal_order!r}"
            )
        from solvers.fdtd.planar import solve_planar_fdtd

        return solve_planar_fdtd(
            cavity,
            wavelength=wavelength,
            quality_factor_floor=quality_factor_floor,
            settings=settings,
            options=engine,
        )
    if not callable(getattr(cavity, "body", None)):
        raise TypeError(
            "cavity: must have body(), stack() or unit_cell() for FDTD, got "
            f"{type(cavity).__name__}"
        )
    if azimuthal_order is None:
        raise ValueError(
            'azimuthal_order: must be given for method="fdtd", got None; each order costs a '
            "ladder of runs, so name the ones to compare"
        )
    from solvers.fdtd.axisymmetric import solve_axisymmetric_fdtd

    return solve_axisymmetric_fdtd(
        cavity,
        wavelength=wavelength,
        azimuthal_order=azimuthal_order,
        quality_factor_floor=quality_factor_floor,
        settings=settings,
        options=engine,
    )
