"""Absorption, dispersion and metals against exact roots of spheres with complex indices."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cavities import Material, Microdisk, Sphere
from solvers import Mode, ModeSet, solve_modes
from tests.solvers.exact_sphere import dispersive_root, sphere_root


def q_of(k: complex) -> float:
    return -k.real / (2 * k.imag)


def solve(sphere: Sphere, low: float, high: float, order: int, **options: object) -> ModeSet:
    window = (2 * math.pi / high, 2 * math.pi / low)
    return solve_modes(sphere, window, azimuthal_order=order, **options)  # type: ignore[arg-type]


def assert_honest(mode: Mode, root: complex) -> None:
    """No error estimate is smaller than a third of the true error."""
    assert abs(mode.wavenumber.real / root.real - 1) < 3 * mode.wavelength_error / mode.wavelength
    assert abs(mode.quality_factor / q_of(root) - 1) < 3 * mode.quality_factor_error


def test_absorbed_part_of_a_high_q_sphere_is_the_difference_of_exact_roots() -> None:
    index = 1.5 + 1e-4j
    modes = solve(Sphere(radius=1.0, material=index), 30.3, 31.05, 40)
    assert len(modes) == 2
    for mode in modes:
        lossy = sphere_root(40, mode.polarization, index, mode.wavenumber)  # type: ignore[arg-type]
        clear = sphere_root(40, mode.polarization, 1.5, mode.wavenumber)  # type: ignore[arg-type]
        assert abs(mode.wavenumber.real / lossy.real - 1) < 1e-7
        assert abs(mode.quality_factor / q_of(lossy) - 1) < 1e-5
        absorbed = 1 / q_of(lossy) - 1 / q_of(clear)
        assert mode.quality_factors["absorption:sphere"] * absorbed == pytest.approx(1, abs=1e-4)
        assert mode.quality_factors["radiation"] == pytest.approx(q_of(clear), rel=0.01)
        assert set(mode.quality_factors) == {"absorption:sphere", "radiation"}
        assert mode.quality_factor_balance() < 1e-6
        assert math.fsum(mode.confinement.values()) == pytest.approx(1, abs=1e-12)
        # Q_abs of a homogeneous absorber: n / (2 kappa confinement), here within 1 %.
        assert mode.quality_factors["absorption:sphere"] == pytest.approx(
            1.5 / (2e-4 * mode.confinement["sphere"]), rel=0.01
        )


@pytest.mark.parametrize(
    "material",
    [
        Material.cauchy(1.5, 0.02, wavelength_range=(0.3, 1.0), name="Cauchy glass"),
        Material.named("SU8"),
    ],
    ids=lambda material: material.name,
)
def test_dispersive_sphere_solves_the_equation_with_its_own_index(material: Material) -> None:
    """The mode is a root of the characteristic equation with eps at its own complex k.

    eps is continued off the real axis to first order in Im k, as the solver documents; with eps
    frozen anywhere else Q would be off by twice the dispersion's share (checked below).
    """
    radius = 1.5
    modes = solve(Sphere(radius=radius, material=material), 10.0, 11.02, 20)
    assert len(modes) >= 2

    def index(x: complex) -> complex:
        k = x / radius
        wavelength = 2 * math.pi / k.real
        eps = complex(material.permittivity(wavelength))
        slope = float(material.group_permittivity(wavelength)) - eps.real
        return complex(np.sqrt(eps + 1j * k.imag / k.real * slope))

    compared = 0
    for mode in modes:
        x = mode.wavenumber * radius
        if (mode.radial_order, mode.axial_order) != (0, 0):
            continue
        root = dispersive_root(20, mode.polarization, index, x)  # type: ignore[arg-type]
        assert abs(x.real / root.real - 1) < 1e-7
        assert abs(mode.quality_factor / q_of(root) - 1) < 1e-3
        assert_honest(mode, root / radius)
        frozen = sphere_root(20, mode.polarization, index(root.real + 0j), x)  # type: ignore[arg-type]
        assert abs(q_of(frozen) / q_of(root) - 1) > 5e-3
        compared += 1
    assert compared == 2


GOLD = 0.18 + 3.6j


@pytest.mark.parametrize(
    ("accuracy", "limit_k", "limit_q"), [("default", 5e-5, 1e-2), ("reference", 1e-5, 1e-3)]
)
def test_bubble_in_gold_has_the_exact_absorption(
    accuracy: str, limit_k: float, limit_q: float
) -> None:
    """A dielectric ball in infinite metal: Q 360, all of it absorption within a skin depth."""
    root = sphere_root(8, "TE", 1.5, 8.27 - 0.01j, outside=GOLD)
    ball = Sphere(radius=1.0, material=1.5, background=GOLD)
    modes = solve(ball, 8.2, 8.33, 8, accuracy=accuracy)
    assert len(modes) == 1
    mode = modes[0]
    assert abs(mode.wavenumber.real / root.real - 1) < limit_k
    assert abs(mode.quality_factor / q_of(root) - 1) < limit_q
    assert_honest(mode, root)
    assert mode.quality_factors["absorption:background"] == pytest.approx(
        mode.quality_factor, rel=1e-3
    )
    assert abs(mode.quality_factors["radiation"]) > 1e9


def test_disk_on_gold_is_stable_under_refinement() -> None:
    """Dispersive gold, resist on top: default and reference agree within their estimates."""
    disk = Microdisk(radius=2.0, height=1.0, material="SU8", substrate="Au", superstrate="air")
    window = (0.672, 0.69)
    default, reference = (
        solve_modes(disk, window, azimuthal_order=22, accuracy=level)
        for level in ("default", "reference")
    )
    assert len(default) == len(reference) >= 1
    for mode, better in zip(default, reference, strict=True):
        assert abs(mode.wavelength - better.wavelength) < 3 * (
            mode.wavelength_error + better.wavelength_error
        )
        assert abs(mode.quality_factor / better.quality_factor - 1) < min(
            3 * (mode.quality_factor_error + better.quality_factor_error), 3e-3
        )
        assert mode.quality_factor_balance() < 1e-4
        parts = set(mode.quality_factors)
        assert parts == {"absorption:substrate", "radiation"}
