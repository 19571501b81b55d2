"""Bound states in the continuum away from symmetric points: zeros of the radiation along a line.

Where the amplitude of every open order vanishes the mode is dark. Along a mirror line of a
structure with an up-down mirror and a two-fold axis that amplitude is one real function times a
constant, so it has true zeros; elsewhere the search finds the points of least radiation.

Source: C. W. Hsu et al., Nature 499, 188 (2013), doi:10.1038/nature12289.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solvers.fourier_modal.band_structure import BandStructure, bands
from solvers.fourier_modal.bloch_point import BlochInput, bloch_vector
from solvers.fourier_modal.cell_problem import SectorProblem
from solvers.fourier_modal.description import Differences, described_modes
from solvers.fourier_modal.energy_balance import periodic_balance
from solvers.fourier_modal.find_modes import FoundPole
from solvers.fourier_modal.modal_field import ModalField
from solvers.fourier_modal.one_pole import changed_problem, followed, poles_of_mode
from solvers.fourier_modal.prepare import as_unit_cell
from solvers.fourier_modal.refine import Pole
from solvers.fourier_modal.settings import Accuracy, PeriodicSettings
from solvers.modes import Mode

__all__ = ["DarkPoint", "dark_points"]

Floats = NDArray[np.float64]

_CLOSE = 1e-9
_MOST_HALVINGS = 12


@dataclass(frozen=True, kw_only=True)
class DarkPoint:
    """A point of least radiation on a line.

    Attributes:
        fraction: where on the line (0: start, 1: end).
        bloch: Bloch vector (rad/um).
        mode: the mode there.
        radiation_quality_factor: Q of radiation alone; inf or beyond 1e10 at a dark point.
    """

    fraction: float
    bloch: tuple[float, float]
    mode: Mode
    radiation_quality_factor: float


def dark_points(
    cavity: Any,
    wavelength: tuple[float, float],
    *,
    start: BlochInput = "Gamma",
    end: BlochInput = "X",
    points: int = 24,
    least_quality_factor: float = 1e8,
    accuracy: Accuracy = "fast",
    settings: PeriodicSettings | None = None,
) -> list[DarkPoint]:
    """Return the modes on a line that do not radiate though orders are open.

    The bands on the line are searched blind; between the neighbours of every minimum of 1/Q of
    radiation the branch is followed and the minimum is closed in.

    Args:
        cavity: a PeriodicStack, or a cavity with `.unit_cell()`.
        wavelength: window (um), low and high.
        start, end: of the line; the ends themselves are not reported.
        points: points of the blind search.
        least_quality_factor: minima with a lower Q of radiation are left out.
        accuracy, settings: numerical settings.

    Returns:
        Dark points by wavelength.
    """
    stack = as_unit_cell(cavity)
    ends = [bloch_vector(stack.lattice, corner) for corner in (start, end)]
    shift = 1e-3 * (ends[1] - ends[0])
    inner: list[BlochInput] = [tuple(ends[0] + shift), tuple(ends[1] - shift)]
    structure = bands(
        cavity,
        wavelength,
        path=inner,
        points=points,
        quality_factor_floor=30.0,
        accuracy=accuracy,
        settings=settings,
    )
    found = []
    for branch, places in _minima(structure):
        point = _closed_in(cavity, structure, branch, places, ends)
        if point is not None and point.radiation_quality_factor >= least_quality_factor:
            found.append(point)
    return sorted(found, key=lambda one: one.mode.wavelength)


def _radiation(mode: Mode) -> float:
    return sum(1 / q for name, q in mode.quality_factors.items() if name.startswith("radiation"))


def _minima(structure: BandStructure) -> list[tuple[tuple[Mode | None, ...], int]]:
    """Return branches and places where the radiation is least among three neighbours."""
    found = []
    for branch in structure.branches:
        losses = [math.nan if mode is None else _radiation(mode) for mode in branch]
        for place in range(1, len(losses) - 1):
            left, here, right = losses[place - 1 : place + 2]
            if here <= left and here < right and here > 0:
                found.append((branch, place))
    return found


def _closed_in(
    cavity: Any,
    structure: BandStructure,
    branch: Sequence[Mode | None],
    place: int,
    ends: list[Floats],
) -> DarkPoint | None:
    mode = branch[place]
    assert mode is not None
    problem, poles = poles_of_mode(cavity, mode)
    line = ends[1] - ends[0]
    left, middle, right = (
        float((structure.bloch[i] - ends[0]) @ line / (line @ line))
        for i in (place - 1, place, place + 1)
    )
    track = _Track(problem, poles[:1], ends[0], line, middle)
    from scipy.optimize import minimize_scalar

    try:
        closed = minimize_scalar(
            track.radiation,
            bracket=(left, middle, right),
            method="brent",
            options={"xtol": _CLOSE},
        )
    except RuntimeError:  # the branch ends where an order opens
        return None
    x = float(closed.x)
    at = ends[0] + x * line
    found_problem, pole = track.at(x)
    one = FoundPole(problem=found_problem, pole=pole, coarse=pole.k)
    described = described_modes(
        one, f"k=({at[0]:.6g}, {at[1]:.6g})", Differences(math.nan, math.nan)
    )
    loss = _radiation(described[0])
    return DarkPoint(
        fraction=x,
        bloch=(float(at[0]), float(at[1])),
        mode=described[0],
        radiation_quality_factor=1 / loss if loss else math.inf,
    )


class _Track:
    """Follows one pole along a line and tells how it radiates."""

    def __init__(
        self, problem: SectorProblem, poles: list[Pole], start: Floats, line: Floats, x: float
    ) -> None:
        self.start, self.line = start, line
        self.known = {x: (problem, poles)}

    def at(self, x: float) -> tuple[SectorProblem, Pole]:
        """Return sector and pole at a place on the line, in steps as small as needed."""
        origin = min(self.known, key=lambda other: abs(other - x))
        target, halvings = x, 0
        while origin != x:
            problem, poles = self.known[origin]
            moved = changed_problem(problem, problem.cell.stack, self.start + target * self.line)
            try:
                self.known[target] = moved, followed(moved, poles)
                origin, target = target, x
            except RuntimeError:
                halvings += 1
                if halvings > _MOST_HALVINGS:
                    raise
                target = (origin + target) / 2
        problem, poles = self.known[x]
        return problem, poles[0]

    def radiation(self, x: float) -> float:
        """Return 1/Q of radiation at a place on the line."""
        problem, pole = self.at(x)
        balance = periodic_balance(ModalField.of(problem, pole.sides, pole.right), pole.k)
        return sum(v for name, v in balance.inverse_quality.items() if "radiation" in name)
