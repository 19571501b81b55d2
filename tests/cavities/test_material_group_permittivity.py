"""d(omega Re eps)/d omega against closed forms, mpmath and finite differences."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cavities.dispersion import FormulaIndex
from cavities.material import Material, material_names


@given(
    strength=st.floats(0.1, 3.0),
    resonance=st.floats(0.05, 0.3),
    wavelength=st.floats(0.4, 2.0),
)
def test_sellmeier_closed_form(strength: float, resonance: float, wavelength: float) -> None:
    """Eps = 1 + B w0^2 / (w0^2 - w^2): d(w eps)/dw = 1 + B w0^2 (w0^2 + w^2)/(w0^2 - w^2)^2."""
    material = Material.sellmeier((strength, resonance), wavelength_range=(0.35, 2.1))
    w, w0 = 1 / wavelength, 1 / resonance
    expected = 1 + strength * w0**2 * (w0**2 + w**2) / (w0**2 - w**2) ** 2
    assert float(material.group_permittivity(wavelength)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("wavelength", [0.1, 0.19, 0.21, 1.0])
def test_drude_metal_through_its_plasma_wavelength(wavelength: float) -> None:
    """Eps = 1 - (l/lp)^2: d(w eps)/dw = 1 + (l/lp)^2, also where eps < 0 and n is imaginary."""
    plasma = 0.2
    model = FormulaIndex(formula=3, coefficients=(1, -1 / plasma**2, 2), valid_range=(0.05, 2.0))
    metal = Material(name="Drude", model=model)
    ratio = (wavelength / plasma) ** 2
    assert complex(metal.permittivity(wavelength)) == pytest.approx(1 - ratio, rel=1e-12)
    assert float(metal.group_permittivity(wavelength)) == pytest.approx(1 + ratio, rel=1e-12)


FORMULAS = {
    1: (0.1, 0.9, 0.1, 0.5, 8.0),
    2: (0.1, 0.9, 0.01, 0.5, 64.0),
    3: (2.2, 0.01, -2, 0.0003, -4, -0.01, 2),
    4: (1.5, 0.8, 2, 0.1, 2, 0.01, 0, 0.12, 1, -0.01, 2),
    5: (1.5, 0.006, -2, 0.0004, -4),
    6: (0.0, 0.05792105, 238.0185, 0.00167917, 57.362),
    7: (1.5, 0.01, 0.0002, -0.001, 0.0001, -0.00001),
    8: (0.2, 0.1, 0.02, -0.001),
    9: (2.2, 0.02, 0.02, 0.01, 0.1, 0.5),
}


def closed_form(formula: int, c: tuple[float, ...], x: mpmath.mpf) -> mpmath.mpf:
    """Return n by the formula as printed in the database's documentation."""
    if formula == 1:
        n2 = 1 + c[0] + c[1] * x**2 / (x**2 - c[2] ** 2) + c[3] * x**2 / (x**2 - c[4] ** 2)
    elif formula == 2:
        n2 = 1 + c[0] + c[1] * x**2 / (x**2 - c[2]) + c[3] * x**2 / (x**2 - c[4])
    elif formula == 3:
        n2 = c[0] + c[1] * x ** c[2] + c[3] * x ** c[4] + c[5] * x ** c[6]
    elif formula == 4:
        n2 = c[0] + c[1] * x ** c[2] / (x**2 - c[3] ** c[4])
        n2 += c[5] * x ** c[6] / (x**2 - c[7] ** c[8]) + c[9] * x ** c[10]
    elif formula == 5:
        return c[0] + c[1] * x ** c[2] + c[3] * x ** c[4]
    elif formula == 6:
        return 1 + c[0] + c[1] / (c[2] - x**-2) + c[3] / (c[4] - x**-2)
    elif formula == 7:
        y = 1 / (x**2 - mpmath.mpf("0.028"))
        return c[0] + c[1] * y + c[2] * y**2 + c[3] * x**2 + c[4] * x**4 + c[5] * x**6
    elif formula == 8:
        y = c[0] + c[1] * x**2 / (x**2 - c[2]) + c[3] * x**2
        n2 = (1 + 2 * y) / (1 - y)
    else:
        n2 = c[0] + c[1] / (x**2 - c[2]) + c[3] * (x - c[4]) / ((x - c[4]) ** 2 + c[5])
    return mpmath.sqrt(n2)


@pytest.mark.parametrize("formula", sorted(FORMULAS))
@pytest.mark.parametrize("wavelength", [0.41, 0.63, 1.0, 1.9])
def test_all_nine_formulas_and_their_group_permittivity(formula: int, wavelength: float) -> None:
    c = FORMULAS[formula]
    model = FormulaIndex(formula=formula, coefficients=c, valid_range=(0.4, 2.0))
    material = Material(name="formula", model=model)
    with mpmath.workdps(40):
        n = closed_form(formula, c, mpmath.mpf(wavelength))
        group = mpmath.diff(
            lambda w: w * closed_form(formula, c, 1 / w) ** 2, 1 / mpmath.mpf(wavelength)
        )
    assert complex(material.index(wavelength)) == pytest.approx(float(n), rel=1e-13)
    assert float(material.group_permittivity(wavelength)) == pytest.approx(float(group), rel=1e-10)


@pytest.mark.parametrize("name", material_names())
@settings(max_examples=20, deadline=None)
@given(position=st.floats(0.01, 0.99))
def test_finite_differences(name: str, position: float) -> None:
    """Central difference in omega; the interpolant's slope is continuous, so the error is O(h)."""
    material = Material.named(name)
    low, high = max(material.wavelength_range[0], 0.3), min(material.wavelength_range[1], 2.0)
    x = low + position * (high - low)
    if name in ("CdS", "CdSe", "nanocrystal_film") and min(abs(x - 0.512), abs(x - 0.713)) < 1e-4:
        x += 1e-3
    h = 1e-6
    wavelengths = np.array([x / (1 + h), x / (1 - h)])
    weighted = material.permittivity(wavelengths).real / wavelengths
    difference = (weighted[0] - weighted[1]) / (2 * h / x)
    exact = float(material.group_permittivity(x))
    assert difference == pytest.approx(exact, rel=2e-3, abs=2e-3)


@pytest.mark.parametrize("rule", ["maxwell_garnett", "bruggeman"])
@pytest.mark.parametrize("wavelength", [0.45, 0.63, 0.9])
def test_mixture_of_formulas_against_mpmath(rule: str, wavelength: float) -> None:
    fraction = 0.4
    spheres = Material.sellmeier((4.0, 0.2), wavelength_range=(0.4, 1.0))
    host = Material.cauchy(1.45, 0.01, wavelength_range=(0.4, 1.0))
    mixed = Material.mixture(spheres, host, fraction, rule=rule)  # type: ignore[arg-type]

    def weighted(w: mpmath.mpf) -> mpmath.mpf:
        x = 1 / w
        i = 1 + 4 * x**2 / (x**2 - mpmath.mpf(0.2) ** 2)
        h = (1.45 + mpmath.mpf(0.01) / x**2) ** 2
        if rule == "maxwell_garnett":
            beta = fraction * (i - h) / (i + 2 * h)
            return w * h * (1 + 2 * beta) / (1 - beta)
        b = (3 * fraction - 1) * i + (2 - 3 * fraction) * h
        return w * (b + mpmath.sqrt(b**2 + 8 * i * h)) / 4

    with mpmath.workdps(40):
        w = 1 / mpmath.mpf(wavelength)
        eps, group = float(weighted(w) / w), float(mpmath.diff(weighted, w))
    assert complex(mixed.permittivity(wavelength)) == pytest.approx(eps, rel=1e-13)
    assert float(mixed.group_permittivity(wavelength)) == pytest.approx(group, rel=1e-10)


def test_constant_material_has_its_permittivity() -> None:
    assert float(Material.constant(1.5 + 0.1j).group_permittivity(0.63)) == pytest.approx(2.24)


def test_group_permittivity_of_a_transparent_medium_is_n_times_two_ng_minus_n() -> None:
    su8 = Material.named("SU8")
    n, ng = float(su8.index(0.64).real), float(su8.group_index(0.64))
    assert float(su8.group_permittivity(0.64)) == pytest.approx(n * (2 * ng - n), rel=1e-13)
