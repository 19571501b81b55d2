"""Modes of planar cavities by FDTD in one dimension."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np

from cavities.planar_stack import PlanarStack
from solvers.engines.run_worker import RunOptions
from solvers.fdtd.ladder import FoundMode, Ladder, climb
from solvers.fdtd.mode_record import provenance, shared_fields
from solvers.fdtd.planar_fields import PlanarField
from solvers.fdtd.planar_request import PlanarRequest
from solvers.fdtd.settings import FdtdSettings
from solvers.modes import Mode, ModeSet

__all__ = ["solve_planar_fdtd"]

METHOD = "fdtd"


def solve_planar_fdtd(
    cavity: Any,
    *,
    wavelength: tuple[float, float],
    quality_factor_floor: float = 100.0,
    settings: FdtdSettings | None = None,
    options: RunOptions | None = None,
) -> ModeSet:
    """Return the modes of `cavity.stack()` at normal incidence, by Meep.

    Args:
        cavity: anything with a `stack()` method.
        wavelength: window (um), low and high.
        quality_factor_floor: modes of lower Q are left out.
        settings: resolutions, domain, record; options: how the engine is run.

    Returns:
        Modes by wavelength; rejected resonances and fits are in the provenance.

    Raises:
        EngineError: see `solvers.engines.run_worker.run_job`.
        ValueError: a material amplifies or cannot be fitted.
    """
    started = time.perf_counter()
    settings = FdtdSettings() if settings is None else settings
    stack: PlanarStack = cavity.stack()
    request = PlanarRequest(stack=stack, wavelength=wavelength, settings=settings)
    ladder = climb(
        request.job,
        request.resolutions(),
        RunOptions() if options is None else options,
        window=(1 / max(wavelength), 1 / min(wavelength)),
        repeat=settings.repeat,
        fields=settings.fields,
        # the field is tangential to every wall; in metals the pixel has to resolve the skin
        first_order=any(complex(m.permittivity(sum(wavelength) / 2)).real < 0 for m in stack.media),
    )
    fits = request.fits()
    fields = _fields(stack, ladder)
    modes = [
        _mode(one, field, ladder, request.fits_by_region())
        for one, field in zip(ladder.modes, fields, strict=True)
    ]
    return ModeSet(
        modes=tuple(
            sorted(
                (mode for mode in modes if mode.quality_factor >= quality_factor_floor),
                key=lambda mode: mode.wavelength,
            )
        ),
        cavity={"type": type(cavity).__name__, **cavity.model_dump(mode="json")},
        window=wavelength,
        settings={
            "method": METHOD,
            "quality_factor_floor": quality_factor_floor,
            **settings.model_dump(mode="json"),
        },
        provenance=provenance([ladder], fits, time.perf_counter() - started, []),
    )


def _fields(stack: PlanarStack, ladder: Ladder) -> list[PlanarField | None]:
    arrays = {} if ladder.field_result is None else ladder.field_result.arrays()
    if "fields" not in arrays:
        return [None] * len(ladder.modes)
    z = np.asarray(arrays["z"], dtype=np.float64)
    fields: list[PlanarField | None] = []
    for mode in ladder.modes:
        values = np.asarray(arrays["fields"][mode.field_number], dtype=np.complex128)
        fields.append(
            PlanarField(
                stack=stack,
                z=z,
                electric=values[0].ravel(),
                magnetic=values[1].ravel(),
                wavelength=1 / mode.frequency.real,
            )
        )
    return fields


def _mode(found: FoundMode, field: PlanarField | None, ladder: Ladder, fits: Any) -> Mode:
    balance = None if field is None else field.balance()
    return Mode(
        **shared_fields(found, ladder, balance, fits),
        mode_length=math.nan if balance is None else balance.mode_length,
        in_plane_wavenumber=0.0,
        polarization="TE",
        method=METHOD,
        sampler=field,
    )
