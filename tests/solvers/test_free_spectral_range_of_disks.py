"""Free spectral range of coated bowls of 10, 20 and 30 um against the textbook formula."""

from __future__ import annotations

import math

import pytest

from cavities import Material, ParabolicMicrodisk
from solvers import solve_modes

WAVELENGTH = 0.65


def group_index(name: str) -> float:
    """Return n_g = n - lambda dn/dlambda of a material at 650 nm."""
    material = Material.named(name)
    step = 1e-3
    low, high = (float(material.index(WAVELENGTH + s).real) for s in (-step, step))
    return float(material.index(WAVELENGTH).real) - WAVELENGTH * (high - low) / (2 * step)


@pytest.mark.parametrize(("diameter", "order"), [(10.0, 69), (20.0, 142), (30.0, 216)])
def test_spacing_of_the_rim_modes(diameter: float, order: int) -> None:
    """lambda^2/(pi D n_g) within 5 %, from neighbouring orders solved apart.

    The lowest family runs closest to the rim. It still lies inside it and partly in air, which
    moves the spacing by the few percent allowed.
    """
    disk = ParabolicMicrodisk(
        top_radius=diameter / 2,
        base_radius=diameter / 2 - 2,
        height=3.0,
        coat_thickness=0.075,
        coat_material=1.85,
        reflector_thickness=0.2,
    )
    window = (WAVELENGTH - 0.012, WAVELENGTH + 0.012)
    modes = solve_modes(
        disk,
        window,
        azimuthal_order=[order, order + 1],
        quality_factor_floor=1000,
        accuracy="fast",
    )
    first, second = (
        max(
            (m for m in modes if m.azimuthal_order == n and m.polarization == "TE"),
            key=lambda m: m.wavelength,
        )
        for n in (order, order + 1)
    )
    spacing = first.wavelength - second.wavelength
    expected = WAVELENGTH**2 / (math.pi * diameter * group_index("SU8"))
    assert spacing == pytest.approx(expected, rel=0.05)
    slopes = (first.free_spectral_range + second.free_spectral_range) / 2
    assert slopes == pytest.approx(spacing, rel=2e-3)
