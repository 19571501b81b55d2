"""First-order change of a periodic mode with geometry, materials, thicknesses and period.

With left and right fields of the mode, dk0/dp = -w^T (dM/dp) a / w^T (dM/dk0) a, where both
derivatives are overlaps without complex conjugation.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cavities.periodic_stack import PatternedLayer, PeriodicStack
from solvers.fourier_modal.cell_problem import SectorProblem
from solvers.fourier_modal.media import index_tilt
from solvers.fourier_modal.one_pole import changed_problem, poles_of_mode
from solvers.fourier_modal.operator_change import operator_response
from solvers.fourier_modal.overlap import Pairing
from solvers.fourier_modal.prepare import as_unit_cell
from solvers.fourier_modal.sensitivity import index_of, pairing_of, permittivity_response
from solvers.modes import Mode

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ModeSlope", "mode_slope", "mode_slopes"]

Complexes = NDArray[np.complex128]

_STEP = 1e-5


@dataclass(frozen=True, kw_only=True)
class ModeSlope:
    """Derivative of one mode with respect to one parameter p.

    Attributes:
        parameter: its name.
        mode: the mode.
        wavenumber: dk0/dp (rad/um per unit of p), complex.
    """

    parameter: str
    mode: Mode
    wavenumber: complex

    @property
    def wavelength(self) -> float:
        """D lambda/dp (um per unit of p)."""
        return -2 * math.pi / self.mode.wavenumber.real**2 * self.wavenumber.real

    @property
    def inverse_quality(self) -> float:
        """d(1/Q)/dp (per unit of p)."""
        k = self.mode.wavenumber
        return -2 * (self.wavenumber.imag / k.real - k.imag * self.wavenumber.real / k.real**2)

    @property
    def quality_factor(self) -> float:
        """dQ/dp (per unit of p); nan for a mode without loss."""
        q = self.mode.quality_factor
        return -(q**2) * self.inverse_quality if math.isfinite(q) else math.nan


def mode_slope(
    make: Callable[[float], Any],
    value: float,
    mode: Mode,
    *,
    name: str = "parameter",
    step: float | None = None,
) -> ModeSlope:
    """Return the derivative of a mode with respect to any parameter of its cavity.

    Degenerate pairs that the change splits have two derivatives; ask for parameters that keep
    the symmetry, or break it first.

    Args:
        make: the cavity as a function of the parameter.
        value: the parameter's value; `make(value)` is what the mode was solved for.
        mode: a mode of method "fourier-modal".
        name: of the parameter, for tables.
        step: half the distance of the two cavities from which the operators' differences are
            taken; default: 1e-5 of the value.

    Raises:
        ValueError: not a mode of the cavity, or a pair that the change splits.

    Example:
        >>> from cavities.cell_shape import Circle
        >>> from cavities.lattice import Lattice
        >>> from cavities.periodic_stack import Inclusion
        >>> from solvers import solve_modes
        >>> def slab(radius):
        ...     hole = Inclusion(shape=Circle(radius=radius), material=1.46, name="hole")
        ...     layer = PatternedLayer(name="slab", material=2.02, thickness=0.18,
        ...                            inclusions=(hole,))
        ...     return PeriodicStack(lattice=Lattice.square(0.336), substrate=1.46,
        ...                          layers=(layer,), superstrate=1.46)
        >>> pair = solve_modes(slab(0.08), (0.57, 0.574), accuracy="fast")
        >>> round(mode_slope(slab, 0.08, pair[0]).wavelength, 2)  # um per um
        -0.54
    """
    width = 2 * (step if step is not None else _STEP * (abs(value) or 1.0))
    problem, poles = poles_of_mode(make(value), mode)
    pairing = pairing_of(poles)
    plus, minus = (as_unit_cell(make(value + sign * width / 2)) for sign in (1, -1))
    slopes = _resolved(problem, pairing, _slopes(problem, pairing, plus, minus, width))
    if np.ptp(slopes.real) + np.ptp(slopes.imag) > 1e-6 * np.abs(slopes).max():
        raise ValueError(
            f"make: must not split the degenerate mode {mode.label!r}, got derivatives "
            f"{slopes[0]:.4g} and {slopes[-1]:.4g}; break the symmetry before solving"
        )
    return ModeSlope(parameter=name, mode=mode, wavenumber=complex(slopes[0]))


def mode_slopes(cavity: Any, mode: Mode) -> pd.DataFrame:
    """Return the derivatives of a mode with respect to everything that its unit cell is made of.

    Args:
        cavity: what the mode was solved for.
        mode: a mode of method "fourier-modal".

    Returns:
        One row per parameter: "period" (all lattice vectors and shapes' places in proportion,
        sizes of shapes and thicknesses kept), "thickness:<layer>", "growth:<inclusion>" (its
        outline moved outwards), "index:<region>"; columns parameter, wavenumber_slope (rad/um per
        unit), wavelength_slope (um per unit), inverse_quality_slope, with the unit of the
        parameter in `unit`.
    """
    import pandas as pd

    stack = as_unit_cell(cavity)
    problem, poles = poles_of_mode(stack, mode)
    pairing = pairing_of(poles)
    found: list[tuple[str, str, Complexes]] = []
    for name, make, value in _parameters(stack):
        width = 2 * _STEP * value
        pair = make(value + width / 2), make(value - width / 2)
        found.append((name, "um", _slopes(problem, pairing, *pair, width)))
    for region in (*stack.regions, "substrate", "superstrate"):
        twice = {region: 2 * index_of(problem, region, pairing.sides.k)}
        response = permittivity_response(problem, pairing, twice)
        values = np.asarray(np.linalg.eigvals(-response), dtype=np.complex128)
        found.append((f"index:{region}", "1", values))
    rows = []
    for name, unit, direct in found:
        slopes = _resolved(problem, pairing, direct)
        slope = ModeSlope(parameter=name, mode=mode, wavenumber=complex(np.mean(slopes)))
        rows.append(
            {
                "parameter": name,
                "unit": unit,
                "wavenumber_slope": slope.wavenumber,
                "wavelength_slope": slope.wavelength,
                "inverse_quality_slope": slope.inverse_quality,
            }
        )
    return pd.DataFrame(rows)


def _slopes(
    problem: SectorProblem,
    pairing: Pairing,
    plus: PeriodicStack,
    minus: PeriodicStack,
    width: float,
) -> Complexes:
    """Return dk0/dp of every degenerate mode of the sector."""
    point = problem.cell.orders.bloch @ np.linalg.inv(problem.cell.stack.lattice.reciprocal)
    upper, lower = (
        changed_problem(problem, stack, point @ stack.lattice.reciprocal) for stack in (plus, minus)
    )
    response = operator_response(pairing, upper, lower, width)
    return np.asarray(np.sort_complex(np.linalg.eigvals(-response)))


def _resolved(problem: SectorProblem, pairing: Pairing, direct: Complexes) -> Complexes:
    """Return dk0 from its part at fixed Re lambda, where indices are continued to first order.

    dk = direct + pull Re(-2 pi dk/k^2), two real equations; the pull is that of all index tilts.
    """
    k, stack = pairing.sides.k, problem.cell.stack
    tilts = {"substrate": stack.substrate, "superstrate": stack.superstrate}
    for layer in problem.cell.layers:
        tilts.update(zip(layer.regions, layer.materials, strict=True))
    slopes = {
        region: 2 * index_of(problem, region, k) * index_tilt(material, k)
        for region, material in tilts.items()
        if material.is_dispersive
    }
    if not slopes:
        return direct
    pull = -complex(np.trace(permittivity_response(problem, pairing, slopes))) / len(direct)
    weight = -2 * math.pi / k**2
    matrix = np.eye(2) - np.outer([pull.real, pull.imag], [weight.real, -weight.imag])
    real, imag = np.linalg.solve(matrix, np.array([direct.real, direct.imag]))
    return np.asarray(real + 1j * imag, dtype=np.complex128)


def _parameters(
    stack: PeriodicStack,
) -> list[tuple[str, Callable[[float], PeriodicStack], float]]:
    """Return name, stack as a function, and value of every parameter of a unit cell."""
    found: list[tuple[str, Callable[[float], PeriodicStack], float]] = []

    def period(value: float) -> PeriodicStack:
        factor = value / stack.lattice.period
        layers = []
        for layer in stack.layers:
            if isinstance(layer, PatternedLayer):
                parts = []
                for part in layer.inclusions:
                    x, y = part.shape.centroid
                    moved = part.shape.translated((factor - 1) * x, (factor - 1) * y)
                    parts.append(part.changed(shape=moved))
                layers.append(layer.changed(inclusions=tuple(parts)))
            else:
                layers.append(layer)
        changed: PeriodicStack = stack.changed(
            lattice=stack.lattice.scaled(factor), layers=tuple(layers)
        )
        return changed

    found.append(("period", period, stack.lattice.period))
    for number, layer in enumerate(stack.layers):
        found.append((f"thickness:{layer.name}", _with_thickness(stack, number), layer.thickness))
    inclusions = {
        part.name: 0.1 * part.shape.reach
        for layer in stack.layers
        if isinstance(layer, PatternedLayer)
        for part in layer.inclusions
    }
    for name, size in inclusions.items():
        found.append((f"growth:{name}", _grown(stack, name, size), size))
    return found


def _with_thickness(stack: PeriodicStack, number: int) -> Callable[[float], PeriodicStack]:
    def make(value: float) -> PeriodicStack:
        layers = list(stack.layers)
        layers[number] = layers[number].changed(thickness=value)
        changed: PeriodicStack = stack.changed(layers=tuple(layers))
        return changed

    return make


def _grown(stack: PeriodicStack, name: str, size: float) -> Callable[[float], PeriodicStack]:
    """Return the stack as a function of a length: its change moves the outlines outwards."""

    def make(value: float) -> PeriodicStack:
        layers = []
        for layer in stack.layers:
            if isinstance(layer, PatternedLayer):
                parts = tuple(
                    part.changed(shape=part.shape.grown(value - size))
                    if part.name == name
                    else part
                    for part in layer.inclusions
                )
                layers.append(layer.changed(inclusions=parts))
            else:
                layers.append(layer)
        changed: PeriodicStack = stack.changed(layers=tuple(layers))
        return changed

    return make
