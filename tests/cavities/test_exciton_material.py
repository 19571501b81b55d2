"""Exciton lines against sum rules, mpmath, convolutions by quadrature and the bulk polariton."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cavities.constants import HC_EV_UM
from cavities.exciton_index import FWHM_PER_STD
from cavities.exciton_material import (
    ExcitonResonance,
    bulk_rabi_splitting_mev,
    exciton_film,
    exciton_line,
    integrated_absorption_ev_per_cm,
    peak_absorption_per_cm,
)
from cavities.material import Material


def line(**changes: float) -> ExcitonResonance:
    values = {"energy_ev": 2.09, "strength_ev2": 0.01, "fwhm_mev": 20.0}
    return ExcitonResonance(**{**values, **changes})


def oscillator(energy: complex, centre: complex, strength: float, fwhm_ev: float) -> complex:
    return complex(strength / (centre**2 - energy**2 - 1j * energy * fwhm_ev))


@given(energy=st.floats(1.5, 3.0), shift=st.floats(-0.05, 0.05), fwhm=st.floats(1.0, 200.0))
def test_lorentz_line_at_complex_energies(energy: float, shift: float, fwhm: float) -> None:
    at = complex(energy, shift)
    value = complex(line(fwhm_mev=fwhm).susceptibility(np.array(at)))
    assert value == pytest.approx(oscillator(at, 2.09, 0.01, 1e-3 * fwhm), rel=1e-12)


@settings(max_examples=12, deadline=None)
@given(
    energy=st.floats(1.9, 2.3),
    below=st.floats(-0.002, 0.02),
    fwhm=st.floats(5.0, 100.0),
    spread=st.floats(10.0, 120.0),
)
def test_voigt_line_is_the_gaussian_average_of_the_oscillator(
    energy: float, below: float, fwhm: float, spread: float
) -> None:
    """Quadrature over the distribution of E_x; `below` stays above the Lorentzian's pole."""
    mpmath.mp.dps = 20
    at = complex(energy, below)
    std = 1e-3 * spread / FWHM_PER_STD
    weight = 1 / (std * math.sqrt(2 * math.pi))

    def integrand(x: mpmath.mpf) -> mpmath.mpc:
        lorentz = 0.01 / (x**2 - at**2 - 1j * at * fwhm * 1e-3)
        return lorentz * weight * mpmath.exp(-((x - 2.09) ** 2) / (2 * std**2))

    nodes = sorted({2.09 + j * std for j in range(-12, 13, 2)} | {energy})
    expected = complex(mpmath.quad(integrand, nodes))
    found = line(fwhm_mev=fwhm, inhomogeneous_fwhm_mev=spread)
    assert complex(found.susceptibility(np.array(at))) == pytest.approx(expected, rel=1e-9)


def test_a_narrow_spread_is_the_lorentzian() -> None:
    at = np.linspace(1.8, 2.4, 61) - 0.003j
    wide, narrow = line(), line(inhomogeneous_fwhm_mev=1e-2)
    np.testing.assert_allclose(narrow.susceptibility(at), wide.susceptibility(at), rtol=1e-6)


def test_a_gaussian_line_has_its_width() -> None:
    """Without homogeneous width the absorption is the Gaussian (times slowly varying 1/E)."""
    gauss = line(fwhm_mev=0.0, inhomogeneous_fwhm_mev=20.0)
    at = 2.09 + np.array([-0.010, 0.0, 0.010])
    shape = at * gauss.susceptibility(at + 0j).imag
    np.testing.assert_allclose(shape / shape[1], [0.5, 1.0, 0.5], rtol=1e-9)


@given(fwhm=st.floats(5.0, 100.0), spread=st.floats(0.0, 100.0), energy=st.floats(1.6, 2.6))
def test_slope_is_the_derivative(fwhm: float, spread: float, energy: float) -> None:
    """Along the imaginary direction too: the line is analytic."""
    found = line(fwhm_mev=fwhm, inhomogeneous_fwhm_mev=spread)
    step = 0.02e-3 * fwhm
    turns = np.array([1, 1j, -1, -1j])
    values = found.susceptibility(energy + step * turns)
    expected = np.sum(values / turns) / (4 * step)  # error of order (step/width)^4
    found_slope = complex(found.slope(np.array(energy + 0j)))
    assert abs(found_slope - expected) <= 1e-5 * abs(expected) + 1e-9 * np.abs(values).max() / step


@pytest.mark.parametrize("spread", [0.0, 40.0])
def test_sum_rule(spread: float) -> None:
    """int E Im eps dE = pi A/2 for any widths."""
    found = line(inhomogeneous_fwhm_mev=spread)
    x = np.tan(np.linspace(-math.pi / 2, math.pi / 2, 400_001)[1:-1])
    energy = 2.09 + 0.02 * x
    keep = energy > 0
    values = energy * found.susceptibility(energy + 0j).imag * (1 + x**2) * 0.02
    integral = np.sum(values[keep]) * math.pi / 400_000
    assert integral == pytest.approx(math.pi * 0.01 / 2, rel=2e-4)


def test_bulk_polaritons_are_split_by_the_bulk_rabi_splitting() -> None:
    """In a uniform film E^2 eps(E) = (hbar c k)^2; at resonance the roots differ by Om exactly."""
    found = exciton_line(
        energy_ev=2.09, fwhm_mev=1e-9, background_index=1.85, bulk_rabi_splitting_mev=54.0
    )
    strength, n = found.strength_ev2, 1.85
    # n^2 (E_x^2 - E^2)^2 = A E^2
    roots = np.roots([n**2, 0, -2 * n**2 * 2.09**2 - strength, 0, n**2 * 2.09**4])
    upper = np.sort(roots.real)[-2:]
    assert 1e3 * (upper[1] - upper[0]) == pytest.approx(54.0, rel=1e-12)
    assert bulk_rabi_splitting_mev(found, n) == pytest.approx(54.0, rel=1e-14)


@pytest.mark.parametrize("widths", [(90.0, 0.0), (0.0, 90.0), (50.0, 60.0)])
def test_cross_section_gives_its_peak_absorption(widths: tuple[float, float]) -> None:
    """sigma_0 C = alpha at the peak of the material itself (weak line: n does not change)."""
    found = exciton_line(
        energy_ev=2.09,
        background_index=1.85,
        fwhm_mev=widths[0],
        inhomogeneous_fwhm_mev=widths[1],
        cross_section_cm2=3.7e-17,
        concentration_per_cm3=6e17,
    )
    film = exciton_film(1.85, found)
    x = HC_EV_UM / np.linspace(2.05, 2.13, 2001)
    alpha = 4 * np.pi * film.index(x).imag / (1e-4 * x)
    assert alpha.max() == pytest.approx(22.2, rel=2e-3)
    assert peak_absorption_per_cm(found, 1.85) == pytest.approx(22.2, rel=1e-12)


def test_integrated_absorption_of_the_film() -> None:
    found = exciton_line(
        energy_ev=2.09,
        background_index=1.85,
        fwhm_mev=10.0,
        inhomogeneous_fwhm_mev=60.0,
        integrated_absorption_ev_per_cm=3.0,
    )
    energy = np.linspace(0.6, 6.0, 200_001)
    film = exciton_film(1.85, found)
    alpha = 4 * np.pi * film.index(HC_EV_UM / energy).imag * energy / (1e-4 * HC_EV_UM)
    area = np.sum(alpha) * (energy[1] - energy[0])
    # Beyond the window 2 * 0.5 g_x/(pi distance) of a Lorentzian is left out: 0.3 %.
    assert area == pytest.approx(3.0, rel=5e-3)
    assert integrated_absorption_ev_per_cm(found, 1.85) == pytest.approx(3.0, rel=1e-12)


def test_the_papers_numbers() -> None:
    """45 meV with Gamma 0.6944 needs 54 meV in the bulk; 45 in the bulk 298 eV/cm."""
    found = exciton_line(
        energy_ev=2.09,
        fwhm_mev=90.0,
        background_index=1.85,
        cavity_rabi_splitting_mev=45.0,
        confinement=0.6944,
    )
    assert bulk_rabi_splitting_mev(found, 1.85) == pytest.approx(54.0, abs=0.01)
    dots = exciton_line(
        energy_ev=2.09,
        inhomogeneous_fwhm_mev=90.0,
        background_index=1.85,
        cross_section_cm2=3.7e-15,
        concentration_per_cm3=6e17,
    )
    assert bulk_rabi_splitting_mev(dots, 1.85) == pytest.approx(38.0, abs=0.1)


@pytest.mark.parametrize("spread", [0.0, 50.0])
def test_material_at_complex_wavelengths(spread: float) -> None:
    """Exact continuation, not the first-order one: Im E comparable with the line's width."""
    film = exciton_film(1.85, line(inhomogeneous_fwhm_mev=spread))
    energy = 2.09 + np.array([-0.02, 0.0, 0.03]) - 0.008j
    wavelength = HC_EV_UM / energy
    expected = 1.85**2 + line(inhomogeneous_fwhm_mev=spread).susceptibility(energy)
    np.testing.assert_allclose(film.permittivity(wavelength), expected, rtol=1e-12)
    real = np.array([0.58, 0.6])
    np.testing.assert_allclose(film.permittivity(real + 0j), film.permittivity(real), rtol=1e-14)
    assert film.permittivity(complex(wavelength[0])).shape == ()


def test_pole_of_the_line() -> None:
    """1/eps vanishes there; a Gaussian average has no pole."""
    film = exciton_film(1.85, line())
    (pole,) = film.model.poles
    assert abs(complex(film.permittivity(pole * (1 + 1e-9)))) > 1e5
    assert (HC_EV_UM / pole).imag == pytest.approx(-0.010)
    assert exciton_film(1.85, line(inhomogeneous_fwhm_mev=30.0)).model.poles == ()
    assert Material.named("SiO2").model.poles == ()


def test_other_materials_are_continued_to_first_order() -> None:
    silica = Material.sellmeier((1.1, 0.09), wavelength_range=(0.3, 2.0))
    at = 0.6 + 0.002j
    exact = 1 + 1.1 * at**2 / (at**2 - 0.09**2)
    assert complex(silica.permittivity(at)) == pytest.approx(exact, rel=1e-6)
    with pytest.raises(ValueError, match=r"wavelength: must lie in 0\.3-2 um"):
        silica.index(0.2 + 0.002j)


def test_mixtures_pass_the_continuation_on() -> None:
    film = exciton_film(2.0, line())
    mixed = Material.mixture(film, 1.5, 0.4)
    at = HC_EV_UM / (2.09 - 0.008j)
    eps, host = complex(film.permittivity(at)), 2.25
    ratio = 0.4 * (eps - host) / (eps + 2 * host)
    expected = host * (1 + 2 * ratio) / (1 - ratio)
    assert complex(mixed.permittivity(at)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("spread", [0.0, 50.0])
def test_group_permittivity(spread: float) -> None:
    film = exciton_film("PMMA", line(inhomogeneous_fwhm_mev=spread))
    x, step = 0.61, 1e-5

    def weighted(wavelength: float) -> float:
        return float(film.permittivity(wavelength).real) / wavelength

    near, far = (weighted(x + j * step) - weighted(x - j * step) for j in (1, 2))
    slope = (8 * near - far) / (12 * step)
    expected = -(x**2) * slope  # d(omega eps)/d omega with omega ~ 1/lambda
    assert float(film.group_permittivity(x)) == pytest.approx(expected, rel=1e-8)


def test_json_round_trip_and_hash() -> None:
    film = exciton_film("TiO2", line(inhomogeneous_fwhm_mev=30.0), name="dots in titania")
    assert Material.model_validate_json(film.model_dump_json()) == film
    assert hash(film) == hash(Material.model_validate_json(film.model_dump_json()))
    assert "Franta" in film.source


@pytest.mark.parametrize(
    ("arguments", "match"),
    [
        ({}, "strength: must have exactly one of"),
        ({"bulk_rabi_splitting_mev": 45, "integrated_absorption_ev_per_cm": 3}, "exactly one"),
        ({"cavity_rabi_splitting_mev": 45}, "confinement: must be given with"),
        ({"bulk_rabi_splitting_mev": -45}, "bulk_rabi_splitting_mev: must be > 0"),
        ({"cavity_rabi_splitting_mev": 45, "confinement": 1.2}, "confinement: must lie in 0-1"),
        ({"bulk_rabi_splitting_mev": 45, "fwhm_mev": 0.0}, "fwhm_mev: must be > 0 without"),
    ],
)
def test_bad_lines(arguments: dict[str, float], match: str) -> None:
    fixed = {"energy_ev": 2.09, "fwhm_mev": 20.0, "background_index": 1.85}
    with pytest.raises(ValueError, match=match):
        exciton_line(**{**fixed, **arguments})


def test_bad_materials() -> None:
    with pytest.raises(ValueError, match="lines: must hold at least one"):
        exciton_film(1.85)
    with pytest.raises(ValueError, match="energy_ev: must lie in"):
        exciton_film("CdS_prism", line(energy_ev=3.0))
    with pytest.raises(ValueError, match="line: must absorb"):
        bulk_rabi_splitting_mev(line(strength_ev2=-0.01), 1.85)
    with pytest.raises(ValueError, match="inhomogeneous_fwhm_mev: must be below half"):
        line(inhomogeneous_fwhm_mev=90_000)
