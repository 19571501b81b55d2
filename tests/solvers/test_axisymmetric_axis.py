"""Low azimuthal orders: the axis lies in the mesh, with its conditions for m = 0, 1 and above.

On the axis only the sum A0 + m A1 + m^2 A2 is finite for m = 1, and w must vanish for every m.
Either mistake (a quadrature that differs between the forms, an axis without conditions) leaves
plausible modes whose error falls algebraically or not at all: hence the test of convergence.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from cavities import Sphere
from solvers import Mode, ModeSet, solve_modes
from solvers.axisymmetric.settings import AxisymmetricSettings
from tests.solvers.exact_sphere import sphere_modes, sphere_root

INDEX = 2.0
LOW, HIGH, FLOOR = 3.6, 4.4, 6.0


def solve(low: float, high: float, order: int, settings: AxisymmetricSettings) -> ModeSet:
    return solve_modes(
        Sphere(radius=1.0, material=INDEX),
        (2 * math.pi / high, 2 * math.pi / low),
        azimuthal_order=order,
        quality_factor_floor=FLOOR,
        settings=settings,
    )


@pytest.mark.parametrize("order", [0, 1, 2])
def test_error_falls_exponentially_with_the_axis_in_the_mesh(order: int) -> None:
    """At least a factor of 5 per order on a fixed mesh, from p = 3 to p = 6."""
    root = sphere_root(5, "TE", INDEX, 3.914 - 0.042j)
    degrees = np.arange(3, 7)
    errors = []
    for degree in degrees:
        settings = AxisymmetricSettings(order=int(degree), mesh_size=0.5, quality_tolerance=1e-8)
        modes = solve(3.85, 3.98, order, settings)
        errors.append(min(abs(mode.wavenumber / root - 1) for mode in modes))
    slope = np.polyfit(degrees, np.log(errors), 1)[0]
    assert slope < -math.log(5), f"factor {math.exp(-slope):.2f} per order, errors {errors}"
    assert errors[-1] < 2e-7


@pytest.fixture(scope="module")
def low_multipoles() -> dict[int, ModeSet]:
    settings = AxisymmetricSettings(mesh_size=0.6)
    return {order: solve(LOW, HIGH, order, settings) for order in range(4)}


@pytest.mark.parametrize("order", [0, 1, 2, 3])
def test_each_multipole_appears_once_at_each_order(
    low_multipoles: dict[int, ModeSet], order: int
) -> None:
    """Degrees 1 to 5 down to Q = 6, each with l >= m, and nothing else."""
    exact = sphere_modes(
        INDEX, low=LOW, high=HIGH, lowest_quality=FLOOR, lowest_degree=max(order, 1)
    )
    found = sorted(low_multipoles[order], key=lambda mode: mode.wavenumber.real)
    assert len(found) == len(exact) > 3
    for mode, expected in zip(found, exact, strict=True):
        assert abs(mode.wavenumber / expected.wavenumber - 1) < 3e-5
        error = abs(mode.wavenumber.real / expected.wavenumber.real - 1)
        assert error < 3 * mode.wavelength_error / mode.wavelength
        error = abs(mode.quality_factor / expected.quality_factor - 1)
        assert error < 3 * mode.quality_factor_error


def azimuthal_share(mode: Mode) -> float:
    """Return the share of E_phi in |E|^2 over points inside the sphere."""
    field = mode.field(np.linspace(0.1, 0.65, 12), np.linspace(-0.65, 0.65, 24))
    energy = [float((abs(field[name]) ** 2).sum()) for name in ("E_r", "E_z", "E_phi")]
    return energy[2] / sum(energy)


def test_without_azimuthal_variation_te_and_tm_decouple(low_multipoles: dict[int, ModeSet]) -> None:
    """For m = 0 a TE mode is all E_phi and a TM mode has none."""
    exact = sphere_modes(INDEX, low=LOW, high=HIGH, lowest_quality=FLOOR)
    for expected in exact:
        mode = min(low_multipoles[0], key=lambda m: abs(m.wavenumber - expected.wavenumber))
        share = azimuthal_share(mode)
        assert abs(share - (expected.polarization == "TE")) < 1e-8


def test_purely_azimuthal_modes_are_called_te(low_multipoles: dict[int, ModeSet]) -> None:
    """E_phi lies along the wall: such a mode is TE, whatever rounding leaves in E_r and E_z."""
    for expected in sphere_modes(INDEX, low=LOW, high=HIGH, lowest_quality=FLOOR):
        if expected.polarization == "TE":
            mode = min(low_multipoles[0], key=lambda m: abs(m.wavenumber - expected.wavenumber))
            assert mode.polarization == "TE"
