"""DBR pillars: the axis in the mesh, many thin layers, planar physics as the reference.

A pillar much wider than the wavelength is the planar cavity with its in-plane wavenumber
quantised by the wall. The estimate takes kt = u/R with u of the step-index fibre whose core has
the stack's mean permittivity, and the planar resonance at that kt from transfer matrices. It
gives the shift from the planar wavelength (1 % of it here) to a few percent of the shift.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from cavities import Micropillar
from solvers import Mode, ModeSet, solve_modes
from solvers.axisymmetric.settings import AxisymmetricSettings
from tests.solvers.exact_cylinder import fibre_wavenumber
from tests.solvers.exact_planar import planar_resonance

DESIGN = 0.6
TWENTY_PAIRS = Micropillar(
    design_wavelength=DESIGN,
    radius=1.0,
    high_material=2.3,
    low_material=1.5,
    cavity_material=1.5,
    bottom_pairs=10,
    top_pairs=10,
    substrate=1.45,
    superstrate=1.0,
)
SIXTY_PAIRS = Micropillar(
    design_wavelength=0.94,
    radius=1.0,
    high_material=3.5,
    low_material=2.95,
    cavity_material=3.5,
    bottom_pairs=30,
    top_pairs=30,
    substrate=3.5,
    superstrate=1.0,
)


def indices(pillar: Micropillar) -> list[tuple[float, float]]:
    wavelength = pillar.design_wavelength
    return [(float(part.material.index(wavelength).real), part.thickness) for part in pillar.layers]


def planar(pillar: Micropillar, in_plane: float, polarization: str) -> complex:
    return planar_resonance(
        indices(pillar),
        substrate=float(pillar.substrate.index(pillar.design_wavelength).real),
        superstrate=1.0,
        in_plane=in_plane,
        polarization=polarization,  # type: ignore[arg-type]
        guess=2 * math.pi / pillar.design_wavelength * (1 + 0.06 * (in_plane / 10) ** 2),
    )


def in_plane_wavenumber(pillar: Micropillar, order: int) -> float:
    """Return u/R (rad/um) of HE11 (order 1) or of TE01 and TM01 (order 0, here their mean)."""
    layers = indices(pillar)
    height = sum(thickness for _, thickness in layers)
    index = math.sqrt(sum(n**2 * thickness for n, thickness in layers) / height)
    k, radius = 2 * math.pi / pillar.design_wavelength, float(pillar.radius or math.nan)
    if order == 0:
        strength = k * radius * math.sqrt(index**2 - 1)
        return 3.8317 * strength / (strength + 1) / radius
    u = 2.405
    for _ in range(30):
        beta = math.sqrt((index * k) ** 2 - (u / radius) ** 2)
        k_fibre = fibre_wavenumber(1, beta, radius, index, k)
        u = radius * math.sqrt((index * k_fibre) ** 2 - beta**2)
    return u / radius


def estimated_wavelength(pillar: Micropillar, order: int) -> float:
    """Return the mean of the TE and TM planar resonances at the fibre's in-plane wavenumber."""
    kt = in_plane_wavenumber(pillar, order)
    return float(np.mean([2 * math.pi / planar(pillar, kt, p).real for p in ("TE", "TM")]))


def solve(
    pillar: Micropillar, order: int, accuracy: str | AxisymmetricSettings, margin: float
) -> ModeSet:
    estimate = estimated_wavelength(pillar, order)
    shift = pillar.design_wavelength - estimate
    window = (estimate - margin * shift, estimate + margin * shift)
    return solve_modes(
        pillar,
        window,
        azimuthal_order=order,
        quality_factor_floor=1000,
        settings=(
            accuracy
            if isinstance(accuracy, AxisymmetricSettings)
            else AxisymmetricSettings.for_accuracy(accuracy)  # type: ignore[arg-type]
        ),
    )


@cache
def fundamental(accuracy: str) -> Mode:
    return max(solve(TWENTY_PAIRS, 1, accuracy, 0.3), key=lambda mode: mode.quality_factor)


def test_planar_resonance_is_where_the_pillar_was_designed() -> None:
    k = planar(TWENTY_PAIRS, 0.0, "TE")
    assert 2 * math.pi / k.real == pytest.approx(DESIGN, rel=1e-4)


def test_fundamental_mode_is_the_planar_one_quantised_by_the_wall() -> None:
    """HE11: shift within 5 % of the estimate, Q below the planar one but of its order."""
    mode = fundamental("fast")
    shift = DESIGN - estimated_wavelength(TWENTY_PAIRS, 1)
    assert 0.005 < shift < 0.006
    assert DESIGN - mode.wavelength == pytest.approx(shift, rel=0.05)
    kt = in_plane_wavenumber(TWENTY_PAIRS, 1)
    k = planar(TWENTY_PAIRS, kt, "TE")
    planar_quality = -k.real / (2 * k.imag)
    assert 0.2 * planar_quality < mode.quality_factor < planar_quality
    assert mode.residual < 1e-3


def test_fast_and_default_agree_within_their_estimates() -> None:
    fast, default = fundamental("fast"), fundamental("default")
    assert abs(fast.wavelength / default.wavelength - 1) < 1e-5
    assert abs(fast.wavelength - default.wavelength) < 3 * fast.wavelength_error
    assert abs(fast.quality_factor / default.quality_factor - 1) < min(
        3 * fast.quality_factor_error, 1e-2
    )
    assert default.wavelength_error < 0.1 * fast.wavelength_error


def test_modes_without_azimuthal_variation_are_te01_and_tm01() -> None:
    """m = 0: one mode of each kind near the estimate, with E_phi only and without E_phi."""
    modes = solve(TWENTY_PAIRS, 0, "fast", 0.15)
    middle = TWENTY_PAIRS.body().regions[0].outline.polygon(1e-3).bounds[3]
    shares = []
    for mode in modes:
        field = mode.field(np.linspace(0.05, 0.95, 10), np.linspace(middle, 2 * middle, 7))
        energy = {n: float((abs(field[n]) ** 2).sum()) for n in ("E_r", "E_z", "E_phi")}
        shares.append(energy["E_phi"] / sum(energy.values()))
    assert all(share < 1e-6 or share > 1 - 1e-6 for share in shares)
    assert {round(share) for share in shares} == {0, 1}


@pytest.mark.slow
def test_stack_of_sixty_pairs() -> None:
    """121 layers, 9 um tall: HE11 with Q 1e5 at the estimated place.

    The accuracy level "fast" is too coarse here (9e-4): a leaky mode lies 0.13 nm away.
    """
    fast = AxisymmetricSettings.for_accuracy("fast")
    settings = fast.changed(mesh_size=0.5)
    modes = solve(SIXTY_PAIRS, 1, settings, 0.25)
    mode = max(modes, key=lambda mode: mode.quality_factor)
    shift = 0.94 - estimated_wavelength(SIXTY_PAIRS, 1)
    assert 0.94 - mode.wavelength == pytest.approx(shift, rel=0.08)
    k = planar(SIXTY_PAIRS, in_plane_wavenumber(SIXTY_PAIRS, 1), "TE")
    assert 0.1 < mode.quality_factor / (-k.real / (2 * k.imag)) < 1
    assert mode.quality_factor > 5e4
    assert mode.wavelength_error < 1e-5 * mode.wavelength
    assert mode.quality_factor_error < 5e-2
    assert math.fsum(mode.confinement.values()) == pytest.approx(1, abs=1e-12)
