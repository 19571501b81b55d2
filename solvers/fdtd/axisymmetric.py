"""Modes of bodies of revolution by FDTD in cylindrical coordinates."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from solvers.engines.run_worker import RunOptions
from solvers.fdtd.axisymmetric_fields import AxisymmetricField, FieldBalance
from solvers.fdtd.axisymmetric_request import AxisymmetricRequest
from solvers.fdtd.ladder import FoundMode, Ladder, climb
from solvers.fdtd.mode_record import provenance, shared_fields
from solvers.fdtd.settings import FdtdSettings
from solvers.modes import Mode, ModeSet

__all__ = ["METHOD", "solve_axisymmetric_fdtd"]

METHOD = "fdtd"


def solve_axisymmetric_fdtd(
    cavity: Any,
    *,
    wavelength: tuple[float, float],
    azimuthal_order: int | Iterable[int],
    quality_factor_floor: float = 100.0,
    settings: FdtdSettings | None = None,
    options: RunOptions | None = None,
) -> ModeSet:
    """Return the modes of `cavity.body()` at given azimuthal orders, by Meep.

    Args:
        cavity: anything with a `body()` method.
        wavelength: window (um), low and high.
        azimuthal_order: one m or several; each costs a ladder of runs.
        quality_factor_floor: modes of lower Q are left out.
        settings: resolutions, domain, record.
        options: how the engine is run: workspace, ranks, limits, progress, cancel.

    Returns:
        Modes by wavelength; resonances that failed the checks are in `provenance["rejected"]`,
        fits of the materials in `provenance["material_fits"]`.

    Raises:
        EngineMissing, JobTooLarge, EngineCrashed, EngineTimeout, EngineCancelled: see
            `solvers.engines.run_worker.run_job`.
        ValueError: a material amplifies or cannot be fitted.
    """
    started = time.perf_counter()
    settings = FdtdSettings() if settings is None else settings
    options = RunOptions() if options is None else options
    body = cavity.body()
    orders = [azimuthal_order] if isinstance(azimuthal_order, int) else list(azimuthal_order)
    window = (1 / max(wavelength), 1 / min(wavelength))
    modes: list[Mode] = []
    ladders: list[Ladder] = []
    fits: dict[str, Any] = {}
    warnings: list[str] = []
    for order in sorted(set(orders)):
        request = AxisymmetricRequest(
            body=body, azimuthal_order=order, wavelength=wavelength, settings=settings
        )
        ladder = climb(
            request.job,
            request.resolutions(),
            options,
            window=window,
            repeat=settings.repeat,
            fields=settings.fields,
        )
        ladders.append(ladder)
        fits = request.fits()
        found = _fields(request, ladder)
        for number, one in enumerate(ladder.modes):
            mode = _mode(one, order, found[number], ladder, request.fits_by_region())
            if mode.quality_factor >= quality_factor_floor:
                modes.append(mode)
    return ModeSet(
        modes=tuple(sorted(modes, key=lambda mode: mode.wavelength)),
        cavity={"type": type(cavity).__name__, **cavity.model_dump(mode="json")},
        window=wavelength,
        settings={
            "method": METHOD,
            "azimuthal_orders": sorted(set(orders)),
            "quality_factor_floor": quality_factor_floor,
            **settings.model_dump(mode="json"),
        },
        provenance=provenance(ladders, fits, time.perf_counter() - started, warnings),
    )


def _fields(request: AxisymmetricRequest, ladder: Ladder) -> Sequence[AxisymmetricField | None]:
    """Return the field of every mode, None where the run kept none."""
    if ladder.field_result is None:
        return [None] * len(ladder.modes)
    arrays = ladder.field_result.arrays()
    if "fields" not in arrays:
        return [None] * len(ladder.modes)
    return [
        AxisymmetricField(
            body=request.body,
            r=np.asarray(arrays["x"], dtype=np.float64),
            z=np.asarray(arrays["z"], dtype=np.float64),
            values=np.asarray(arrays["fields"][mode.field_number], dtype=np.complex64),
            wavelength=1 / mode.frequency.real,
            closed=request.box(request.resolutions()[0]).closed,
        )
        for mode in ladder.modes
    ]


def _mode(
    found: FoundMode,
    order: int,
    field: AxisymmetricField | None,
    ladder: Ladder,
    fits: dict[str, Any],
) -> Mode:
    balance: FieldBalance | None = None if field is None else field.balance()
    polarization = "hybrid"
    if balance is not None and not 0.3 <= balance.axial_share <= 0.7:
        polarization = "TE" if balance.axial_share > 0.7 else "TM"
    return Mode(
        **shared_fields(found, ladder, balance, fits),
        mode_volume=math.nan if balance is None else balance.mode_volume,
        polarization=polarization,
        azimuthal_order=order,
        method=METHOD,
        sampler=field,
    )
