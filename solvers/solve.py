"""`solve_modes`: the one entry point to every mode solver of the suite."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from solvers.modes import ModeSet

if TYPE_CHECKING:
    from solvers.axisymmetric.settings import Accuracy, AxisymmetricSettings
    from solvers.axisymmetric.solve import Progress
    from solvers.band_structure.settings import BandSettings
    from solvers.engines.run_worker import RunOptions
    from solvers.fdtd.settings import FdtdSettings
    from solvers.fourier_modal.bloch_point import BlochInput
    from solvers.fourier_modal.settings import PeriodicSettings
    from solvers.guided_modes.settings import GuidedModeSettings
    from solvers.unit_cell_fem.settings import UnitCellSettings

__all__ = ["METHODS", "solve_modes"]

PERIODIC_METHODS = ("fourier-modal", "unit-cell-fem", "guided-mode-expansion")
METHODS = ("axisymmetric-fem", "multilayer", *PERIODIC_METHODS, "fdtd", "bands")


def solve_modes(
    cavity: Any,
    wavelength: tuple[float, float],
    *,
    method: str | None = None,
    azimuthal_order: int | Iterable[int] | None = None,
    quality_factor_floor: float = 100.0,
    accuracy: Accuracy = "default",
    settings: AxisymmetricSettings
    | PeriodicSettings
    | UnitCellSettings
    | GuidedModeSettings
    | FdtdSettings
    | BandSettings
    | None = None,
    workers: int = 1,
    progress: Progress | None = None,
    checkpoint: str | PathLike[str] | None = None,
    angle_deg: float | None = None,
    in_plane_wavenumber: float | None = None,
    polarization: str | Sequence[str] | None = None,
    bloch: BlochInput | None = None,
    engine: RunOptions | None = None,
) -> ModeSet:
    """Return every mode of a cavity in a wavelength window.

    Args:
        cavity: a cavity of `cavities`, for instance ParabolicMicrodisk, BodyOfRevolution,
            PlanarMicrocavity or PhotonicCrystalSlab.
        wavelength: window (um), low and high.
        method: solver; the default is chosen by the cavity's type: "multilayer" for planar
            ones, "fourier-modal" for periodic ones, "axisymmetric-fem" for bodies of revolution.
            "unit-cell-fem" are finite elements in the unit cell of periodic ones
            and "guided-mode-expansion" is legume's quick estimate (`docs/unit_cell_fem.md`);
            "fdtd" runs Meep, for any cavity (`docs/engines.md`): the first and the last are
            independent witnesses. "bands" runs MPB, for the modes of periodic cavities that
            cannot radiate (`docs/band_structure.md`).
            Arguments of another method than the cavity's must be left out.
        azimuthal_order: one m, an iterable of them, or None for every m that can matter (bodies
            of revolution, like the next ones up to `checkpoint` that do not say otherwise).
        quality_factor_floor: modes of lower Q are left out (all methods).
        accuracy: "fast", "default" or "reference" (also periodic cavities).
        settings: all numerical settings at once, instead of `accuracy` (also periodic cavities).
        workers: processes to share the work over.
        progress: called with (orders done, orders planned).
        checkpoint: folder that keeps the modes of every finished group of azimuthal orders. The
            same call goes on from there after an interruption; delete the folder afterwards, or
            when the program's version has changed.
        angle_deg: angle in the superstrate of a planar cavity; default 0.
        in_plane_wavenumber: k_x (rad/um) instead of that angle.
        polarization: "TE", "TM" or both; see `solvers.multilayer.find_modes`.
        bloch: of a periodic cavity: "Gamma" (default), "X", ... or (kx, ky) in rad/um.
        engine: for "fdtd" and "bands": folder of the runs, MPI ranks, limits, progress, cancel.

    Returns:
        The modes, sorted by wavelength. An empty set is a valid answer. Doubts, such as a mode
        that did not converge, are in `provenance["warnings"]` and in the log.

    Raises:
        ValueError: window, order, floor, angle or method out of range, or an argument that
            belongs to the other method.
        TypeError: no method for this cavity.

    Example:
        >>> from cavities import Sphere
        >>> modes = solve_modes(Sphere(radius=1.0, material=1.5), (0.375, 0.39),
        ...                     azimuthal_order=20)
        >>> [(mode.polarization, round(mode.quality_factor)) for mode in modes]
        [('TM', 535), ('TE', 852)]
    """
    low, high = _checked_window(wavelength)
    if method is not None and method not in METHODS:
        raise ValueError(f"method: must be one of {list(METHODS)}, got {method!r}")
    if not quality_factor_floor > 0 or math.isinf(quality_factor_floor):
        raise ValueError(
            f"quality_factor_floor: must be finite and > 0, got {quality_factor_floor}"
        )
    planar = {
        "angle_deg": angle_deg,
        "in_plane_wavenumber": in_plane_wavenumber,
        "polarization": polarization,
    }
    if method == "fdtd":
        from solvers.fdtd.solve import solve_fdtd

        _require_left_out({**planar, "checkpoint": checkpoint}, 'method="fdtd"', "engine")
        return solve_fdtd(
            cavity,
            wavelength=(low, high),
            azimuthal_order=_checked_orders(azimuthal_order),
            quality_factor_floor=quality_factor_floor,
            settings=settings,  # type: ignore[arg-type]  # checked there
            engine=engine,
            bloch=bloch,
        )
    if method == "bands":
        from solvers.band_structure.modes_of_bands import band_modes

        others = {"azimuthal_order": azimuthal_order, "checkpoint": checkpoint, **planar}
        _require_left_out(others, 'method="bands"', "bloch")
        return band_modes(
            cavity,
            (low, high),
            bloch="Gamma" if bloch is None else bloch,
            settings=settings,  # type: ignore[arg-type]  # checked there
            options=engine,
        )
    _require_left_out({"engine": engine}, "a method that runs no engine", 'method="fdtd"')
    if callable(getattr(cavity, "unit_cell", None)) and method in (None, *PERIODIC_METHODS):
        others = {"azimuthal_order": azimuthal_order, "checkpoint": checkpoint, **planar}
        _require_left_out(others, "a periodic cavity", "bloch")
        return _periodic_modes(
            cavity,
            method or "fourier-modal",
            settings,
            wavelength=(low, high),
            bloch="Gamma" if bloch is None else bloch,
            quality_factor_floor=quality_factor_floor,
            accuracy=accuracy,
        )
    _require_left_out({"bloch": bloch}, "a cavity that is not periodic", "a periodic cavity")
    if callable(getattr(cavity, "stack", None)) and method != "axisymmetric-fem":
        if azimuthal_order is not None:
            raise ValueError(
                f"azimuthal_order: must be left out for a planar cavity, got {azimuthal_order!r}; "
                "give angle_deg or in_plane_wavenumber"
            )
        from solvers.multilayer.find_modes import solve_planar

        return solve_planar(
            cavity,
            wavelength=(low, high),
            quality_factor_floor=quality_factor_floor,
            angle_deg=angle_deg,
            in_plane_wavenumber=in_plane_wavenumber,
            polarization=polarization,
        )
    _require_left_out(planar, "a body of revolution", "azimuthal_order, or a planar cavity")
    if method in ("multilayer", *PERIODIC_METHODS) or not callable(getattr(cavity, "body", None)):
        raise TypeError(
            "cavity: must be a body of revolution (ParabolicMicrodisk, Microdisk, Sphere, "
            "Torus, Micropillar, BodyOfRevolution) or planar (PlanarMicrocavity, TwoMirrorCavity, "
            "PlanarStack) or periodic (PhotonicCrystalSlab, NanopillarArray, PeriodicStack) and "
            f"fit the method, got {type(cavity).__name__}"
        )
    if workers < 1:
        raise ValueError(f"workers: must be >= 1, got {workers}")
    orders = _checked_orders(azimuthal_order)
    from solvers.axisymmetric.settings import AxisymmetricSettings
    from solvers.axisymmetric.solve import solve_axisymmetric

    return solve_axisymmetric(
        cavity,
        wavelength=(low, high),
        azimuthal_order=orders,
        quality_factor_floor=quality_factor_floor,
        settings=_axisymmetric(settings) or AxisymmetricSettings.for_accuracy(accuracy),
        workers=workers,
        progress=progress,
        checkpoint=None if checkpoint is None else Path(checkpoint),
    )


def _periodic_modes(cavity: Any, method: str, settings: Any, **arguments: Any) -> ModeSet:
    """Return the modes of a periodic cavity by one of `PERIODIC_METHODS`."""
    solve, kind = _periodic_solver(method)
    if settings is not None and not isinstance(settings, kind):
        raise TypeError(
            f"settings: must be {kind.__name__} for a periodic cavity by {method!r}, got "
            f"{type(settings).__name__}"
        )
    return solve(cavity, settings=settings, **arguments)


def _periodic_solver(method: str) -> tuple[Callable[..., ModeSet], type]:
    """Return a periodic solver and the type of its settings."""
    if method == "unit-cell-fem":
        from solvers.unit_cell_fem import UnitCellSettings, solve_unit_cell

        return solve_unit_cell, UnitCellSettings
    if method == "guided-mode-expansion":
        from solvers.guided_modes import GuidedModeSettings, solve_guided_modes

        return solve_guided_modes, GuidedModeSettings
    from solvers.fourier_modal import PeriodicSettings, solve_periodic

    return solve_periodic, PeriodicSettings


def _require_left_out(values: Mapping[str, Any], kind: str, instead: str) -> None:
    for name, value in values.items():
        if value is not None:
            raise ValueError(f"{name}: must be left out for {kind}, got {value!r}; give {instead}")


def _axisymmetric(
    settings: AxisymmetricSettings
    | PeriodicSettings
    | UnitCellSettings
    | GuidedModeSettings
    | FdtdSettings
    | BandSettings
    | None,
) -> AxisymmetricSettings | None:
    from solvers.axisymmetric.settings import AxisymmetricSettings

    if settings is not None and not isinstance(settings, AxisymmetricSettings):
        raise TypeError(
            "settings: must be AxisymmetricSettings for a body of revolution, got "
            f"{type(settings).__name__}"
        )
    return settings


def _checked_window(wavelength: tuple[float, float]) -> tuple[float, float]:
    try:
        low, high = (float(value) for value in wavelength)
    except (TypeError, ValueError):
        raise ValueError(
            f"wavelength: must be a pair (low, high) in um, got {wavelength!r}"
        ) from None
    if not 0 < low < high < math.inf:
        raise ValueError(
            f"wavelength: must satisfy 0 < low < high (um), got ({low}, {high}); "
            "give the window's short end first"
        )
    return low, high


def _checked_orders(orders: int | Iterable[int] | None) -> int | list[int] | None:
    if orders is None:
        return None
    if isinstance(orders, str) or not isinstance(orders, int | Iterable):
        raise TypeError(
            f"azimuthal_order: must be an integer, an iterable of them or None, got {orders!r}"
        )
    given = [orders] if isinstance(orders, int) else list(orders)
    if not given:
        raise ValueError("azimuthal_order: must name at least one order, got none")
    for order in given:
        if isinstance(order, bool) or not isinstance(order, int) or order < 0:
            raise ValueError(
                f"azimuthal_order: must be an integer >= 0, got {order!r}; "
                "m and -m are degenerate, give the positive one"
            )
    return given
