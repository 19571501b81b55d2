"""Second references: the two-dimensional disk inside a tall rod, the fibre inside a thin torus."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from cavities import Microdisk, Torus
from solvers import ModeSet, solve_modes
from tests.solvers.exact_cylinder import disk_root, fibre_wavenumber


def test_tall_rod_holds_the_modes_of_the_two_dimensional_disk() -> None:
    """The ladder of axial orders q = 1, 2, ... extrapolates to the disk's root at q = 0.

    A mode of a rod of height H is a mode of the infinite rod with k_z (H + 2 d) = q pi, where
    the end faces reflect with a phase that is odd in k_z: k^2 is a power series in q^2, whose
    constant term is the two-dimensional root. Four rungs determine four coefficients; the rod's
    sharp rims limit its modes to 2e-6.
    """
    exact = disk_root(10, "Ez", 2.0, 6.54 - 0.003j)
    rod = Microdisk(radius=1.0, height=4.0, material=2.0, substrate=1.0, superstrate=1.0)
    window = (2 * math.pi / 6.75, 2 * math.pi / 6.5)
    modes = solve_modes(rod, window, azimuthal_order=10)
    assert {mode.polarization for mode in modes} == {"TE"}
    k = np.asarray(sorted((mode.wavenumber for mode in modes), key=lambda k: k.real)[:4])
    rungs = np.arange(1, 5) ** 2
    series = np.linalg.solve(np.vander(rungs, increasing=True).astype(complex), k**2)
    root = complex(np.sqrt(series[0]))
    assert abs(root.real / exact.real - 1) < 2e-6
    assert abs(root.imag / exact.imag - 1) < 1e-3
    # The extrapolation does something: the lowest rung is 1.6e-3 away.
    assert k[0].real / exact.real - 1 > 1e-3


FIBRE_RADIUS, FIBRE_INDEX, FIBRE_BETA = 0.5, 2.0, 4.0


@cache
def straight_fibre() -> float:
    return fibre_wavenumber(1, FIBRE_BETA, FIBRE_RADIUS, FIBRE_INDEX, 2.77)


@cache
def bent_fibre(bend: float) -> ModeSet:
    """Return the two HE11 modes of a torus with m = beta R."""
    k = straight_fibre()
    torus = Torus(major_radius=bend, minor_radius=FIBRE_RADIUS, material=FIBRE_INDEX)
    window = (2 * math.pi / (1.01 * k), 2 * math.pi / (0.99 * k))
    return solve_modes(torus, window, azimuthal_order=round(FIBRE_BETA * bend))


@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_thin_torus_tends_to_the_straight_fibre(polarization: str) -> None:
    """Bending splits HE11 in two and shifts each by c/R^2 + O(1/R^4); the limit is exact."""
    bends = np.asarray([7.5, 12.0, 20.0])
    k = []
    for bend in bends:
        modes = [m for m in bent_fibre(float(bend)) if m.polarization == polarization]
        assert len(modes) == 1
        k.append(modes[0].wavenumber.real)
    shifts = np.asarray(k) / straight_fibre() - 1
    # Second order in 1/R: local exponents of the shift.
    exponents = np.diff(np.log(np.abs(shifts))) / np.diff(np.log(bends))
    assert np.all(np.abs(exponents + 2) < 0.08)
    assert abs(exponents[1] + 2) < abs(exponents[0] + 2)
    powers = np.vander(bends**-2.0, increasing=True)
    limit = np.linalg.solve(powers, np.asarray(k))[0]
    assert abs(limit / straight_fibre() - 1) < 1e-6


def test_bending_loss_falls_exponentially() -> None:
    """Q of a bent fibre grows exponentially with R: log Q rises in proportion to R."""
    logs = [
        math.log(min(m.quality_factor for m in bent_fibre(bend) if m.polarization == "TE"))
        for bend in (5.0, 7.5, 10.0)
    ]
    assert logs[1] - logs[0] > 3
    assert (logs[2] - logs[1]) / (logs[1] - logs[0]) == pytest.approx(1.0, abs=0.1)
