"""Effective media: exact limits, bounds, and the electrostatics they stand for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cavities.effective_medium import (
    bruggeman,
    maxwell_garnett,
    multishell_permittivity,
    wiener_bounds,
)
from cavities.material import Material
from cavities.named_materials import nanocrystal_film_index

RULES = (maxwell_garnett, bruggeman)
positive = st.floats(1.0, 12.0)
fractions = st.floats(0.0, 1.0)
passive = st.builds(complex, st.floats(-20.0, 12.0), st.floats(0.05, 10.0))


@pytest.mark.parametrize("rule", RULES)
@given(i=passive, h=passive)
def test_empty_and_full(rule: type, i: complex, h: complex) -> None:
    assert complex(rule(i, h, 0.0)) == pytest.approx(h, rel=1e-10)
    assert complex(rule(i, h, 1.0)) == pytest.approx(i, rel=1e-10)


@pytest.mark.parametrize("rule", RULES)
@given(e=passive, f=fractions)
def test_equal_phases(rule: type, e: complex, f: float) -> None:
    assert complex(rule(e, e, f)) == pytest.approx(e, rel=1e-10)


@pytest.mark.parametrize("rule", RULES)
@given(i=positive, h=positive, f=fractions)
def test_wiener_bounds(rule: type, i: float, h: float, f: float) -> None:
    low, high = wiener_bounds(i, h, f)
    mixed = complex(rule(i, h, f))
    assert mixed.imag == 0
    assert low * (1 - 1e-12) <= mixed.real <= high * (1 + 1e-12)


@given(i=positive, h=positive, f=fractions)
def test_maxwell_garnett_is_the_hashin_shtrikman_bound(i: float, h: float, f: float) -> None:
    """Bound for isotropic media: h + f / (1/(i - h) + (1 - f)/(3h)), doi:10.1063/1.1728579."""
    expected = h if i == h else h + f * (i - h) / (1 + (1 - f) * (i - h) / (3 * h))
    assert complex(maxwell_garnett(i, h, f)) == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("rule", RULES)
@given(i=passive, h=passive, f=fractions)
def test_absorbing_phases_absorb(rule: type, i: complex, h: complex, f: float) -> None:
    assert complex(rule(i, h, f)).imag > 0


@given(i=passive, h=passive, f=fractions)
def test_bruggeman_solves_its_equation_and_is_symmetric(i: complex, h: complex, f: float) -> None:
    e = complex(bruggeman(i, h, f))
    residual = f * (i - e) * (h + 2 * e) + (1 - f) * (h - e) * (i + 2 * e)
    scale = (abs(i) + abs(e)) * (abs(h) + abs(e))
    assert abs(residual) < 1e-10 * scale
    assert complex(bruggeman(h, i, 1 - f)) == pytest.approx(e, rel=1e-6, abs=1e-6)


@given(i=passive, h=passive, f=fractions, angle=st.floats(0, 2 * np.pi), scale=st.floats(0.1, 10.0))
def test_rules_are_homogeneous(
    i: complex, h: complex, f: float, angle: float, scale: float
) -> None:
    """F(c i, c h) = c F(i, h): the physical root is chosen without regard to loss or gain."""
    c = scale * np.exp(1j * angle)
    for rule in RULES:
        direct, turned = complex(rule(i, h, f)), complex(rule(c * i, c * h, f))
        assert turned == pytest.approx(c * direct, rel=1e-6, abs=1e-6 * scale)


def test_dilute_limits_agree_to_first_order() -> None:
    i, h, f = 6.0 + 0.3j, 2.1, 1e-6
    clausius_mossotti = h + 3 * f * h * (i - h) / (i + 2 * h)
    for rule in RULES:
        assert complex(rule(i, h, f)) == pytest.approx(clausius_mossotti, abs=1e-11)


@pytest.mark.parametrize("fraction", [-0.1, 1.1, 45])
def test_fraction_outside_is_refused(fraction: float) -> None:
    for rule in RULES:
        with pytest.raises(ValueError, match="fraction: must lie in 0-1, got"):
            rule(2.0, 1.0, fraction)


def polarizability(eps: list[complex], radii: list[float], host: complex) -> complex:
    """Return the dipole coefficient of a layered sphere from the boundary conditions.

    Potential a r + b / r^2 (times cos theta) in each layer, no b in the core, a = 1 outside;
    the potential and eps times its slope are continuous: a linear system, no recursion.
    """
    layers = len(radii)
    matrix = np.zeros((2 * layers, 2 * layers), dtype=complex)
    right = np.zeros(2 * layers, dtype=complex)
    media = [*eps, host]
    for s, r in enumerate(radii):
        for side, sign in ((s, 1), (s + 1, -1)):
            a, b = 2 * side - 1, 2 * side  # columns of a and b; the core's a is column 0
            if side == 0:
                a, b = 0, -1
            values = ((r, r**-2), (media[side], -2 * media[side] * r**-3))
            for row, (for_a, for_b) in zip((2 * s, 2 * s + 1), values, strict=True):
                if side == layers:
                    right[row] -= sign * for_a
                    matrix[row, 2 * layers - 1] += sign * for_b
                else:
                    matrix[row, a] += sign * for_a
                    if b > 0:
                        matrix[row, b] += sign * for_b
    return complex(np.linalg.solve(matrix, right)[-1])


@given(
    eps=st.lists(passive, min_size=1, max_size=4),
    steps=st.lists(st.floats(0.3, 2.0), min_size=4, max_size=4),
)
def test_multishell_against_the_boundary_conditions(eps: list[complex], steps: list[float]) -> None:
    radii = np.cumsum(steps)[: len(eps)].tolist()
    host = 2.1
    equivalent = complex(multishell_permittivity(eps, radii))
    expected = -polarizability(eps, radii, host) / radii[-1] ** 3
    ours = (equivalent - host) / (equivalent + 2 * host)
    assert ours == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_core_shell_material_is_the_multishell_sphere() -> None:
    dot = Material.core_shell(["CdSe", "CdS_sputtered", 1.47], [2.0, 4.0, 5.0])
    parts = [Material.named(name).permittivity(0.55) for name in ("CdSe", "CdS_sputtered")]
    expected = multishell_permittivity([*parts, 1.47**2], [2.0, 4.0, 5.0])
    assert complex(dot.permittivity(0.55)) == pytest.approx(complex(expected), rel=1e-13)
    assert "10.1063/1.359815" in dot.source
    assert "10.1088/1742-6596/286/1/012038" in dot.source


@pytest.mark.parametrize("radii", [[4.0, 2.0], [0.0, 2.0], [-1.0, 2.0], [2.0]])
def test_bad_radii_are_refused(radii: list[float]) -> None:
    with pytest.raises(ValueError, match="radii"):
        Material.core_shell(["CdSe", "CdS"], radii)
    with pytest.raises(ValueError, match="radii"):
        multishell_permittivity([6.0, 5.0], radii)


def test_mixture_needs_a_common_range() -> None:
    red = Material.cauchy(1.5, wavelength_range=(0.6, 0.7))
    blue = Material.cauchy(1.5, wavelength_range=(0.4, 0.5))
    with pytest.raises(ValueError, match="ranges of its parts must overlap"):
        Material.mixture(red, blue, 0.5)


def test_nanocrystal_film_is_near_1_85_and_carries_no_absorption() -> None:
    film = Material.named("nanocrystal_film")
    x = np.linspace(*film.wavelength_range, 500)
    assert float(film.index(0.65).real) == pytest.approx(1.85, abs=0.02)
    assert np.all(film.index(x).imag == 0)
    absorbing = Material(name="film", model=nanocrystal_film_index(transparent=False))
    assert np.array_equal(absorbing.index(x).real, film.index(x).real)
    assert float(absorbing.index(0.45).imag) > 0.01
    assert absorbing.transparent().index(0.45) == film.index(0.45)


def test_nanocrystal_film_spans_the_limits_of_its_fraction() -> None:
    empty = nanocrystal_film_index(fraction=0.0).index(np.array(0.65))
    full = nanocrystal_film_index(fraction=1.0).index(np.array(0.65))
    assert complex(empty) == pytest.approx(1.47)
    core, shell = (Material.named(name).index(0.65).real for name in ("CdS_sputtered", "CdSe"))
    assert float(core) < complex(full).real < float(shell)
    bruggeman_film = nanocrystal_film_index(rule="bruggeman").index(np.array(0.65))
    assert complex(empty).real < complex(bruggeman_film).real < complex(full).real


def test_transparent_keeps_the_source_and_the_real_part() -> None:
    gold = Material.named("Au")
    clear = gold.transparent()
    assert clear.source == gold.source
    assert complex(clear.index(0.63)) == float(gold.index(0.63).real)
    assert complex(gold.transparent(beyond=0.7).index(0.63)) == complex(gold.index(0.63))
