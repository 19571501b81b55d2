"""Coupled oscillators against Maxwell: complex poles of a microcavity with an exciton film.

A 40-line transfer matrix (written here, independent of the suite's solver) finds the poles of a
TiO2/SiO2 cavity around a film. The empty cavity gives E_c, g_c and the confinement Gamma (from
dE/dn, exact for open cavities); nothing else enters the 2 x 2 model.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable

import numpy as np
import pytest

from cavities.constants import HC_EV_UM
from cavities.exciton_material import exciton_film, exciton_line
from gain import CoupledOscillators

HOST, EXCITON, BULK_RABI = 1.85, 2.09, 54.0
DESIGN, HIGH, LOW, PAIRS = 0.601, 2.30, 1.46, 5
SUBSTRATE, SUPERSTRATE = 1.5, 1.0

Index = Callable[[complex], complex]


def pole_condition(energy: complex, thickness: float, film: Index) -> complex:
    """Zero where outgoing waves on both sides need no incident one (normal incidence)."""
    pair = [(HIGH, DESIGN / 4 / HIGH), (LOW, DESIGN / 4 / LOW)]
    inner = [(HIGH, DESIGN / 4 / HIGH)]
    layers: list[tuple[complex, float]] = [
        *pair * PAIRS, *inner, (film(energy), thickness), *inner, *pair[::-1] * PAIRS,
    ]  # fmt: skip
    k = 2 * np.pi * energy / HC_EV_UM
    e, h = 1.0 + 0j, SUPERSTRATE + 0j
    for n, d in reversed(layers):
        cos, sin = np.cos(k * n * d), np.sin(k * n * d)
        e, h = cos * e - 1j * sin / n * h, -1j * n * sin * e + cos * h
    return complex(h + SUBSTRATE * e)


def pole(thickness: float, film: Index, start: complex) -> complex:
    energy = start
    for _ in range(80):
        step = 1e-7
        up, down = (pole_condition(energy + s, thickness, film) for s in (step, -step))
        move = -pole_condition(energy, thickness, film) * 2 * step / (up - down)
        energy += move
        if abs(move) < 1e-13:
            return energy
    raise AssertionError("no pole")


@functools.cache
def empty_cavity(thickness: float) -> tuple[complex, float]:
    """Complex energy and confinement -n/E dE/dn of the cavity without exciton."""
    energy = pole(thickness, lambda _: HOST, 2.063 + (0.812 - thickness))
    step = 1e-5
    up, down = (pole(thickness, lambda _, s=s: HOST + s, energy) for s in (step, -step))  # type: ignore[misc]
    return energy, (-HOST / energy * (up - down) / (2 * step)).real


def film_with(fwhm_mev: float, rabi_mev: float = BULK_RABI) -> Index:
    line = exciton_line(
        energy_ev=EXCITON,
        fwhm_mev=fwhm_mev,
        background_index=HOST,
        bulk_rabi_splitting_mev=rabi_mev,
    )
    material = exciton_film(HOST, line)
    return lambda energy: complex(material.index(HC_EV_UM / energy))


def model(thickness: float, fwhm_mev: float, rabi_mev: float = BULK_RABI) -> CoupledOscillators:
    energy, confinement = empty_cavity(thickness)
    return CoupledOscillators.from_quality_factor(
        exciton_energy_ev=EXCITON,
        detuning_mev=1e3 * (energy.real - EXCITON),
        rabi_splitting_mev=rabi_mev * math.sqrt(confinement),
        effective_index=1.7,
        quality_factor=-energy.real / (2 * energy.imag),
        exciton_fwhm_mev=fwhm_mev,
    )


@pytest.mark.parametrize("fwhm_mev", [20.0, 45.0, 90.0])
def test_energies_within_1_mev_and_widths_within_5_percent(fwhm_mev: float) -> None:
    """Detunings from +69 to -108 meV; measured: 0.3 meV and 3 %."""
    film = film_with(fwhm_mev)
    detunings = []
    for thickness in np.linspace(0.76, 0.86, 11).tolist():
        expected = model(thickness, fwhm_mev).branches(angle_deg=0.0).energy_ev
        detunings.append(1e3 * (empty_cavity(thickness)[0].real - EXCITON))
        for value in expected:
            found = pole(thickness, film, complex(value))
            assert 1e3 * abs(found.real - value.real) < 1.0
            assert found.imag == pytest.approx(value.imag, rel=0.05)
    assert max(detunings) > 60
    assert min(detunings) < -100


@pytest.mark.parametrize("rabi_mev", [20.0, 54.0, 80.0])
def test_minimum_splitting_is_the_bulk_one_times_the_root_of_the_confinement(
    rabi_mev: float,
) -> None:
    """Least distance of the poles over the thickness, Om_bulk sqrt(Gamma) within 1 %."""
    film = film_with(0.05, rabi_mev)

    def splitting(thickness: float) -> float:
        start = model(thickness, 0.05, rabi_mev).branches(angle_deg=0.0).energy_ev
        lower, upper = (pole(thickness, film, complex(value)) for value in start)
        return 1e3 * (upper.real - lower.real)

    thickness = np.linspace(0.790, 0.804, 8)
    values = np.array([splitting(value) for value in thickness.tolist()])
    best = int(np.argmin(values))
    assert 0 < best < len(values) - 1
    curve = np.polyfit(thickness[best - 1 : best + 2], values[best - 1 : best + 2], 2)
    place = -curve[1] / (2 * curve[0])
    least = float(np.polyval(curve, place))
    confinement = empty_cavity(float(place))[1]
    assert least == pytest.approx(rabi_mev * math.sqrt(confinement), rel=0.01)
    assert least / rabi_mev == pytest.approx(0.834, abs=0.002)


def test_gaussian_broadening_broadens_the_polaritons_less() -> None:
    """Same full width and strength: far from the line a Gaussian does not absorb (Houdre 1996)."""
    narrow, total = 4.0, 40.0
    line = exciton_line(
        energy_ev=EXCITON,
        fwhm_mev=narrow,
        inhomogeneous_fwhm_mev=total,
        background_index=HOST,
        bulk_rabi_splitting_mev=100.0,
    )
    gauss = exciton_film(HOST, line)
    thickness = 0.797
    start = complex(model(thickness, narrow, 100.0).branches(angle_deg=0.0).energy_ev[0])
    found = pole(thickness, lambda e: complex(gauss.index(HC_EV_UM / e)), start)
    lorentz = pole(thickness, film_with(total, 100.0), start)
    assert -found.imag < 0.5 * -lorentz.imag
