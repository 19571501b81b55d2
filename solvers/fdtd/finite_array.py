"""Small finite arrays by FDTD in three dimensions: a few cells of a periodic cavity, alone."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cavities.periodic_stack import PeriodicStack
from solvers.engines.run_worker import RunOptions
from solvers.fdtd.ladder import Ladder, climb
from solvers.fdtd.mode_record import provenance
from solvers.fdtd.periodic import METHOD, chosen_classes, class_modes
from solvers.fdtd.periodic_classes import symmetry_classes
from solvers.fdtd.periodic_fields import PeriodicField
from solvers.fdtd.periodic_request import PeriodicRequest, rectangular_periods
from solvers.fdtd.settings import FdtdSettings
from solvers.fourier_modal.prepare import as_unit_cell
from solvers.modes import Mode, ModeSet

__all__ = ["FiniteArrayField", "FiniteArrayRequest", "solve_finite_array"]

Floats = NDArray[np.float64]
_CENTRE = (0.0, 0.0)
_AMPLIFIES = -1e-12
_MOST_CELLS = 400


def solve_finite_array(
    cavity: Any,
    wavelength: tuple[float, float],
    *,
    cells: tuple[int, int],
    margin: float | None = None,
    symmetry: Sequence[str] | None = None,
    parity: str | None = None,
    quality_factor_floor: float = 100.0,
    settings: FdtdSettings | None = None,
    engine: RunOptions | None = None,
) -> ModeSet:
    """Return the modes of a few cells of a periodic cavity that end in its bare layers, by Meep.

    Inclusions are in cells[0] x cells[1] cells only; substrate, layers and superstrate go on into
    absorbers on all six sides. An array has the symmetry of its cells as far as its outline keeps
    it: every representation, and every parity in z of a mirrored stack, is a ladder of runs of
    its own. A cell is where the stack's inclusions are as given: one circle makes the array that
    it looks like; with several, give the ones that belong together.

    Args:
        cavity: a PeriodicStack, or a cavity with `.unit_cell()`; a square or rectangular lattice.
        wavelength: window (um), low and high; narrow ones are faster and miss less.
        cells: along x and y.
        margin: bare layers between the cells' edge and the absorbers (um); None: as much as there
            is above and below the layers, `settings.padding` longest wavelengths.
        symmetry: representations to look for ("A1", "E", ...); None: all.
        parity: "even" or "odd" in z (E in the plane), for stacks with a mirror plane in their
            middle; None: both.
        quality_factor_floor: modes of lower Q are left out.
        settings: resolutions (rounded to even numbers of pixels per period), domain, record.
        engine: how the engine is run: workspace, ranks, limits, progress, cancel.

    Returns:
        Modes by wavelength with `symmetry`, at zero pixel size, with errors. Q by channel knows
        "radiation:sides", what leaves within the layers. Rejected resonances are in
        `provenance["rejected"]`.

    Raises:
        ValueError: cells or a margin that make no array, a lattice that is not rectangular, an
            unknown representation or parity, a material that amplifies or cannot be fitted.
        EngineError: the engine is missing, a job too large, a run ended badly.
    """
    started = time.perf_counter()
    unit = as_unit_cell(cavity)
    settings = FdtdSettings() if settings is None else settings
    options = RunOptions() if engine is None else engine
    columns, rows = _checked_cells(cells)
    gap = settings.padding * max(wavelength) if margin is None else margin
    if not (math.isfinite(gap) and gap > 0):
        raise ValueError(
            f"margin: must be > 0 um, got {gap:g}; leave it out for {settings.padding:g} "
            "wavelengths"
        )
    periods = rectangular_periods(unit)
    _require_passive(unit, wavelength)
    array = unit.isolated(columns, rows, gap)
    _, _, classes = symmetry_classes(array, np.zeros(2), _CENTRE)
    chosen = chosen_classes(classes, symmetry, parity)
    window = (1 / max(wavelength), 1 / min(wavelength))
    modes: list[Mode] = []
    ladders: list[Ladder] = []
    requests = [
        FiniteArrayRequest(
            stack=array,
            wavelength=wavelength,
            settings=settings,
            bloch=np.zeros(2),
            centre=_CENTRE,
            one=one,
            dark=False,
            alone=False,
            cell=unit,
            extent_um=(columns * periods[0], rows * periods[1]),
        )
        for one in chosen
    ]
    for request in requests:
        ladder = climb(
            request.job,
            request.resolutions(),
            options,
            window=window,
            repeat=settings.repeat,
            fields=settings.fields,
        )
        ladders.append(ladder)
        for found in ladder.modes:
            field = FiniteArrayField.of(found, request, ladder)
            modes += class_modes(found, request, ladder, field, None)
    kept = [mode for mode in modes if mode.quality_factor >= quality_factor_floor]
    warnings = []
    if symmetry is not None or parity is not None:
        warnings.append("only a part of the symmetry classes was looked at")
    return ModeSet(
        modes=tuple(sorted(kept, key=lambda mode: mode.wavelength)),
        cavity={"type": type(cavity).__name__, **cavity.model_dump(mode="json")},
        window=wavelength,
        settings={
            "method": METHOD,
            "cells": [columns, rows],
            "margin": gap,
            "classes": [one.title for one in chosen],
            "quality_factor_floor": quality_factor_floor,
            **settings.model_dump(mode="json"),
        },
        provenance=provenance(ladders, requests[0].fits(), time.perf_counter() - started, warnings),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class FiniteArrayRequest(PeriodicRequest):
    """An array in one symmetry class, ready to become jobs.

    Attributes:
        stack: the array alone in one large cell, as of `PeriodicStack.isolated`.
        cell: what is repeated; its periods are whole numbers of pixels.
        extent_um: width and depth of the array (um).
    """

    cell: PeriodicStack
    extent_um: tuple[float, float]

    @property
    def unit(self) -> PeriodicStack:
        """What the pixels have to fit: one cell of the array."""
        return self.cell

    @property
    def extent(self) -> tuple[float, float]:
        """Width and depth (um) of the array: sources and probes are within."""
        return self.extent_um

    def sides(self, resolution: float, *, repeat: bool = False) -> tuple[float, float, float]:
        """Return half the width and depth between the absorbers, and their thickness (um).

        All lengths are whole pixels.
        """
        longest = max(self.wavelength)
        farther = 0.35 * longest if repeat else 0.0
        half_x, half_y = (
            math.ceil((period / 2 + farther) * resolution - 1e-6) / resolution
            for period in rectangular_periods(self.stack)
        )
        return half_x, half_y, self.box(resolution)[2]

    def repetitions(self, shape: Any) -> Sequence[Any]:
        """Return the shape: nothing is repeated."""
        return [shape]


@dataclass(frozen=True, kw_only=True, eq=False)
class FiniteArrayField(PeriodicField):
    """The complex field of an array's mode on pixel centres; nan beyond them."""

    endless: ClassVar[bool] = False

    def at(self, x: Floats, y: Floats, z: Floats) -> NDArray[np.complex128]:
        """Return E and H at points (n,) each: (6, n); nan outside the grid."""
        values = super().at(x, y, z)
        outside = (x < self.x[0]) | (x > self.x[-1]) | (y < self.y[0]) | (y > self.y[-1])
        values[:, outside] = np.nan
        return values

    def side_flux(self) -> dict[str, float]:
        """Return what leaves through the four sides, from the layers' bottom to their top."""
        below, above = self.faces()
        e, h = np.split(self.values[..., below + 1 : above].astype(np.complex128), 2)
        along_x = (e[1] * h[2].conj() - e[2] * h[1].conj()).real
        along_y = (e[2] * h[0].conj() - e[0] * h[2].conj()).real
        dx, dy, dz = (float(axis[1] - axis[0]) for axis in (self.x, self.y, self.z))
        flux = (along_x[-1] - along_x[0]).sum() * dy * dz
        flux += (along_y[:, -1] - along_y[:, 0]).sum() * dx * dz
        return {"radiation:sides": max(float(flux) / 2, 0.0)}


def _checked_cells(cells: Any) -> tuple[int, int]:
    """Return the numbers of cells along x and y.

    Raises:
        ValueError: they are not two whole numbers of at least 1, or too many.
    """
    values = list(cells) if isinstance(cells, Sequence) and not isinstance(cells, str) else []
    whole = all(
        isinstance(value, int | np.integer) and not isinstance(value, bool) and value >= 1
        for value in values
    )
    if len(values) != 2 or not whole:
        raise ValueError(
            f"cells: must be two whole numbers >= 1, along x and y, got {cells!r}; "
            "give (3, 3) for three by three"
        )
    if values[0] * values[1] > _MOST_CELLS:
        raise ValueError(
            f"cells: must be at most {_MOST_CELLS} in all, got {values[0]} x {values[1]}; "
            "solvers.coupled_wave is for large arrays"
        )
    return int(values[0]), int(values[1])


def _require_passive(stack: PeriodicStack, wavelength: tuple[float, float]) -> None:
    """Check that nothing amplifies.

    Raises:
        ValueError: a material does.
    """
    edges = np.linspace(min(wavelength), max(wavelength), 9)
    for material in stack.media:
        least = float(np.min(np.asarray(material.permittivity(edges)).imag))
        if least < _AMPLIFIES:
            raise ValueError(
                f"cavity: must not amplify in a finite array, got {material.name} with Im eps = "
                f"{least:.3g}; take the gain out and use the cold cavity's Q and confinement"
            )
