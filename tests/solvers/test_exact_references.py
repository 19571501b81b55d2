"""The exact references themselves: published digits, derivatives, completeness, limits."""

from __future__ import annotations

import math

import pytest

from tests.solvers.exact_cylinder import disk_root, fibre_wavenumber
from tests.solvers.exact_planar import planar_resonance
from tests.solvers.exact_roots import all_roots, count_roots
from tests.solvers.exact_sphere import index_derivative, sphere_modes, sphere_root


@pytest.mark.parametrize(
    ("index", "degree", "polarization", "root"),
    [
        (1.5, 20, "TE", 16.233530946 - 0.009525120j),
        (1.5, 20, "TM", 16.649720305 - 0.015571320j),
    ],
)
def test_sphere_roots_have_the_known_digits(
    index: float, degree: int, polarization: str, root: complex
) -> None:
    found = sphere_root(degree, polarization, index, root)  # type: ignore[arg-type]
    assert abs(found - root) < 1e-9


@pytest.mark.parametrize(
    ("index", "degree", "polarization", "real", "quality"),
    [(2.0, 10, "TE", 6.826264072, 1346.07), (2.0, 10, "TM", 7.247900976, 837.86)],
)
def test_sphere_quality_factors_are_the_known_ones(
    index: float, degree: int, polarization: str, real: float, quality: float
) -> None:
    found = sphere_root(degree, polarization, index, real - 1e-3j)  # type: ignore[arg-type]
    assert found.real == pytest.approx(real, abs=1e-9)
    assert -found.real / (2 * found.imag) == pytest.approx(quality, rel=1e-5)


def test_a_sphere_in_a_medium_is_a_sphere_of_their_index_ratio() -> None:
    """Only n/n_o and n_o k R matter."""
    in_air = sphere_root(20, "TM", 1.25, 19.0 - 0.1j)
    in_water = sphere_root(20, "TM", 1.25 * 1.33, in_air / 1.33, outside=1.33)
    assert abs(in_water * 1.33 / in_air - 1) < 1e-14


@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_index_derivative_matches_finite_differences(polarization: str) -> None:
    root = sphere_root(20, polarization, 1.5, 16.4 - 0.01j)  # type: ignore[arg-type]
    step = 1e-5
    ends = [
        sphere_root(20, polarization, 1.5 + side, root)  # type: ignore[arg-type]
        for side in (-step, step)
    ]
    derivative = index_derivative(20, polarization, 1.5, root)  # type: ignore[arg-type]
    assert abs((ends[1] - ends[0]) / (2 * step) / derivative - 1) < 1e-8


def test_all_roots_of_a_polynomial_and_missed_ones_are_noticed() -> None:
    roots = [complex(1.02 + 0.06 * n, -0.02 * (n % 5 + 1)) for n in range(16)]

    def polynomial(x: complex) -> complex:
        return math.prod((x - root for root in roots), start=1 + 0j)

    found = all_roots(polynomial, low=1, high=2, depth=0.3)
    assert found == pytest.approx(roots, abs=1e-9)
    assert count_roots(polynomial, low=1, high=2, depth=0.05) == 7
    with pytest.raises(AssertionError, match="16 by the argument principle"):
        all_roots(polynomial, low=1, high=2, depth=0.3, spacing=2.0)


def test_twenty_modes_of_the_window_and_their_extremes() -> None:
    modes = sphere_modes(1.5, low=30, high=35.5, lowest_quality=50, lowest_degree=40)
    assert len(modes) == 20
    assert {mode.degree for mode in modes} == set(range(40, 48))
    assert (modes[0].polarization, modes[0].degree) == ("TE", 40)
    assert max(mode.quality_factor for mode in modes) == pytest.approx(1.3585e7, rel=1e-4)


@pytest.mark.parametrize(
    ("index", "order", "component", "real", "quality"),
    [
        (1.5, 20, "Ez", 15.870259399, 724.575),
        (1.5, 20, "Hz", 16.296577411, 461.724),
        (2.0, 10, "Ez", 6.542363507, 942.90),
        (2.0, 10, "Hz", 6.974968970, 618.95),
    ],
)
def test_disk_roots_are_the_known_ones(
    index: float, order: int, component: str, real: float, quality: float
) -> None:
    root = disk_root(order, component, index, real - 0.005j)  # type: ignore[arg-type]
    assert root.real == pytest.approx(real, abs=1e-9)
    assert -root.real / (2 * root.imag) == pytest.approx(quality, rel=1e-5)


def test_weakly_guiding_fibre_tends_to_the_scalar_mode() -> None:
    """For n -> 1 HE11 obeys u J1(u)/J0(u) = w K1(w)/K0(w) (LP01)."""
    from scipy.optimize import brentq
    from scipy.special import jv, kv

    radius, index, beta = 1.0, 1.001, 70.0

    def scalar(k: float) -> float:
        u, w = radius * math.sqrt((index * k) ** 2 - beta**2), radius * math.sqrt(beta**2 - k**2)
        return float(u * jv(1, u) * kv(0, w) - w * kv(1, w) * jv(0, u))

    expected = brentq(scalar, beta / index * (1 + 1e-6), beta * (1 - 1e-6), xtol=1e-13)
    found = fibre_wavenumber(1, beta, radius, index, expected)
    assert abs(found - expected) < 1e-3 * (beta - beta / index)


def test_quarter_wave_cavity_resonates_at_its_design_wavelength() -> None:
    pair = [(2.3, 0.6 / 4 / 2.3), (1.5, 0.6 / 4 / 1.5)]
    stack = [*pair * 8, pair[0], (1.5, 0.6 / 1.5), pair[0], *pair[::-1] * 8]
    k = planar_resonance(
        stack, substrate=1.45, superstrate=1.0, in_plane=0.0, polarization="TE", guess=10.5 - 1e-3j
    )
    assert 2 * math.pi / k.real == pytest.approx(0.6, rel=1e-4)
    assert -k.real / (2 * k.imag) > 1e3
