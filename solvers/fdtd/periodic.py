"""Modes of periodic cavities by FDTD: one unit cell with Bloch boundaries, in three dimensions."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from cavities.periodic_stack import PeriodicStack
from solvers.band_structure.radiation import cannot_radiate
from solvers.engines.run_worker import RunOptions
from solvers.fdtd.bound_modes import bound_modes
from solvers.fdtd.ladder import FoundMode, Ladder, climb
from solvers.fdtd.mode_record import error_of_fits, losses_by_channel, mode_settings, provenance
from solvers.fdtd.periodic_classes import SymmetryClass, symmetry_classes
from solvers.fdtd.periodic_fields import PeriodicField
from solvers.fdtd.periodic_request import PeriodicRequest
from solvers.fdtd.settings import FdtdSettings
from solvers.fourier_modal.bloch_point import BlochInput, bloch_vector, point_name
from solvers.fourier_modal.labels import labelled
from solvers.fourier_modal.point_group import PointGroup
from solvers.fourier_modal.prepare import as_unit_cell
from solvers.modes import Mode, ModeSet

__all__ = ["METHOD", "solve_periodic_fdtd"]

METHOD = "fdtd"
_TRANSPARENT = 1e-9
_SCATTER = 0.15
"""Share of the step from the finest run to zero pixel size that is added to the error: walls cut
pixels differently at every resolution, which few runs can hide by chance."""


def solve_periodic_fdtd(
    cavity: Any,
    *,
    wavelength: tuple[float, float],
    bloch: BlochInput = "Gamma",
    symmetry: Sequence[str] | None = None,
    parity: str | None = None,
    quality_factor_floor: float = 100.0,
    settings: FdtdSettings | None = None,
    options: RunOptions | None = None,
) -> ModeSet:
    """Return the modes of a periodic cavity in a window at one Bloch vector, by Meep.

    Every symmetry class of the unit cell is a ladder of runs of its own: near modes of different
    classes cannot disturb each other, and mirror planes halve the cell. Modes that cannot radiate
    (below the light cone, or dark by symmetry) are reported with infinite Q where the media are
    lossless; FDTD by itself knows only that it is beyond `settings["largest_quality_factor"]`.

    Args:
        cavity: a PeriodicStack, or a cavity with `.unit_cell()`; a square or rectangular lattice.
        wavelength: window (um), low and high; narrow ones are faster and miss less.
        bloch: "Gamma", "X", ... or (kx, ky) in rad/um.
        symmetry: representations to look for ("A1", "E", ...); None: all.
        parity: "even" or "odd" in z (E in the plane), for stacks with a mirror plane in their
            middle; None: both.
        quality_factor_floor: modes of lower Q are left out.
        settings: resolutions (rounded to even numbers of pixels per period), domain, record.
        options: how the engine is run: workspace, ranks, limits, progress, cancel.

    Returns:
        Modes with `lattice_point`, `symmetry` and `band` as of the Fourier modal method, at zero
        pixel size, with errors; rejected resonances are in `provenance["rejected"]`.

    Raises:
        ValueError: a lattice that is not rectangular, an unknown representation or parity, a
            material that amplifies or cannot be fitted.
        EngineError: the engine is missing, a job too large, a run ended badly.
    """
    started = time.perf_counter()
    stack = as_unit_cell(cavity)
    settings = FdtdSettings() if settings is None else settings
    options = RunOptions() if options is None else options
    vector = bloch_vector(stack.lattice, bloch)
    name = point_name(stack.lattice, vector)
    centre, group, classes = symmetry_classes(stack, vector)
    chosen = chosen_classes(classes, symmetry, parity)
    lossless = _is_lossless(stack, wavelength)
    # averaged permittivities make dielectric walls second order (doi:10.1364/OL.31.002972)
    metallic = any(complex(m.permittivity(max(wavelength))).real < 0 for m in stack.media)
    window = (1 / max(wavelength), 1 / min(wavelength))
    modes: list[Mode] = []
    ladders: list[Ladder] = []
    requests: list[PeriodicRequest] = []
    for one in chosen:
        dark = lossless and cannot_radiate(stack, vector, min(wavelength), one.irrep, group)
        request = PeriodicRequest(
            stack=stack,
            wavelength=wavelength,
            settings=settings,
            bloch=vector,
            centre=centre,
            one=one,
            dark=dark,
            alone=len(classes) == 1,
        )
        ladder = climb(
            request.job,
            request.resolutions(),
            options,
            window=window,
            repeat=settings.repeat,
            fields=settings.fields,
            first_order=metallic,
        )
        if lossless:
            ladder = _with_bound(ladder, window, request, group)
        requests.append(request)
        ladders.append(ladder)
        for found in ladder.modes:
            field = PeriodicField.of(found, request, ladder)
            modes += class_modes(found, request, ladder, field, name)
    kept = [mode for mode in modes if abs(mode.quality_factor) >= quality_factor_floor]
    warnings = []
    if symmetry is not None or parity is not None:
        warnings.append("only a part of the symmetry classes was looked at; bands are numbered so")
    return ModeSet(
        modes=labelled(kept),
        cavity={"type": type(cavity).__name__, **cavity.model_dump(mode="json")},
        window=wavelength,
        settings={
            "method": METHOD,
            "bloch": [float(x) for x in vector],
            "lattice_point": name,
            "classes": [one.title for one in chosen],
            "quality_factor_floor": quality_factor_floor,
            **settings.model_dump(mode="json"),
        },
        provenance=provenance(ladders, requests[0].fits(), time.perf_counter() - started, warnings),
    )


def chosen_classes(
    classes: Sequence[SymmetryClass], symmetry: Sequence[str] | None, parity: str | None
) -> list[SymmetryClass]:
    """Return the classes that are asked for; see `solve_periodic_fdtd`.

    Raises:
        ValueError: there is no such representation, or no parity.
    """
    names = list(dict.fromkeys(name for one in classes for name in one.partners))
    if symmetry is not None and not set(symmetry) <= set(names):
        raise ValueError(
            f"symmetry: must be among {names} here, got {list(symmetry)}; leave it out for all"
        )
    parities = {"even": 1, "odd": -1}
    if parity is not None and (parity not in parities or classes[0].parity_z == 0):
        raise ValueError(
            f"parity: must be 'even' or 'odd' for a stack with a mirror plane in its middle, and "
            f"None for others, got {parity!r}"
        )
    return [
        one
        for one in classes
        if (symmetry is None or set(symmetry) & set(one.partners))
        and (parity is None or one.parity_z == parities[parity])
    ]


def _is_lossless(stack: PeriodicStack, wavelength: tuple[float, float]) -> bool:
    edges = np.linspace(min(wavelength), max(wavelength), 5)
    eps = np.array([m.permittivity(edges) for m in stack.media])
    return bool(np.all(np.abs(eps.imag) < _TRANSPARENT * np.abs(eps)) and np.all(eps.real > 0))


def _with_bound(
    ladder: Ladder, window: tuple[float, float], request: PeriodicRequest, group: PointGroup
) -> Ladder:
    """Return the ladder with the modes that cannot radiate among its modes."""

    def is_bound(wavelength: float) -> bool:
        return cannot_radiate(request.stack, request.bloch, wavelength, request.one.irrep, group)

    bound, rejected = bound_modes(ladder, window, is_bound)
    taken = {mode.rungs[-1].number for mode in bound}
    leaky = [mode for mode in ladder.modes if mode.rungs[-1].number not in taken]
    together = sorted([*leaky, *bound], key=lambda mode: -mode.frequency.real)
    return dataclasses.replace(ladder, modes=tuple(together), rejected=tuple(rejected))


def class_modes(
    found: FoundMode,
    request: PeriodicRequest,
    ladder: Ladder,
    field: PeriodicField | None,
    lattice_point: str | None,
) -> list[Mode]:
    """Return one mode per degenerate partner.

    Args:
        found: what the ladder of a class gave; request, ladder: of the class.
        field: of the mode, where one was kept; lattice_point: None without a lattice.
    """
    f, wavelength = found.frequency, 1 / found.frequency.real
    scatter = _SCATTER * (f - found.rungs[-1].frequency)
    error = complex(found.error.real + abs(scatter.real), found.error.imag + abs(scatter.imag))
    balance = None if field is None else field.balance()
    parts: dict[str, float] = {}
    if f.imag == 0:
        parts = {"radiation": math.inf}
    elif balance is not None:
        parts = losses_by_channel(balance.inverse_quality, -2 * f.imag / f.real)
    confinement = {} if balance is None else balance.confinement
    share = _axial_share(found) if balance is None else balance.axial_share
    fit_error = error_of_fits(request.fits_by_region(), confinement, parts)
    settings = {
        **mode_settings(found, ladder),
        "symmetry_class": request.one.title,
        "bound": f.imag == 0,
    }
    loss_error = error.imag / abs(f.imag) if f.imag else 0.0
    return [
        Mode(
            wavenumber=2 * math.pi * f,
            quality_factors=parts,
            confinement=confinement,
            mode_volume=math.nan if balance is None else balance.mode_volume,
            polarization="TM" if share > 0.5 else "TE",
            lattice_point=lattice_point,
            symmetry=partner or None,
            residual=found.rungs[-1].error,
            wavelength_error=wavelength * (error.real / f.real + fit_error.real),
            quality_factor_error=loss_error + (fit_error.imag if f.imag else 0.0),
            method=METHOD,
            settings=settings,
            sampler=field,
        )
        for partner in request.one.partners
    ]


def _axial_share(found: FoundMode) -> float:
    """Return the share of E_z in the squared amplitudes at the probes (E_x, E_y, E_z in turn)."""
    square = np.asarray(found.rungs[-1].signature).reshape(-1, 3) ** 2
    return float(square[:, 2].sum() / square.sum())
