"""Threshold gain: closed form, the formula of first order, and the pole on the real axis."""

from __future__ import annotations

import cmath
import math

import numpy as np
import pytest

from cavities import Layer, Material, PlanarMicrocavity, PlanarStack, QuarterWaveMirror
from solvers import solve_modes
from solvers.multilayer import spectrum, threshold_gain
from solvers.multilayer.characteristic import characteristic
from solvers.multilayer.open_stack import OpenStack


def microcavity(pairs: float = 6.5, film: complex = 1.85) -> PlanarMicrocavity:
    mirror = QuarterWaveMirror(
        design_wavelength=0.601, high_material=2.3, low_material=1.46, pairs=pairs
    )
    return PlanarMicrocavity(
        bottom_mirror=mirror,
        top_mirror=mirror,
        cavity=(Layer(name="gain", material=film, thickness=0.812),),
        substrate=1.46,
    )


@pytest.mark.parametrize("index", [1.5, 3.5])
@pytest.mark.parametrize("thickness", [0.5, 4.0])
def test_film_against_its_round_trip(index: float, thickness: float) -> None:
    """r^2 exp(2 i n k d) = 1 at real k with n = n' - i g/(2k), solved by fixed-point iteration."""
    stack = PlanarStack(
        substrate=1.0,
        superstrate=1.0,
        layers=(Layer(name="gain", material=index, thickness=thickness),),
    )
    low = 0.6 if thickness > 1 else 0.4
    mode = solve_modes(stack, (low, 0.8), quality_factor_floor=0.5)[0]
    found = threshold_gain(stack, mode)
    k, gain = 2 * math.pi / found.wavelength, found.gain_per_cm / 1e4
    n = index - 0.5j * gain / k
    r = (n - 1) / (n + 1)
    assert abs(r * r * cmath.exp(2j * n * k * thickness) - 1) < 1e-12
    # The textbook's formula leaves the gain out of R.
    textbook = math.log(((index + 1) / (index - 1)) ** 2) / thickness
    assert gain == pytest.approx(textbook, rel=0.08)


@pytest.mark.parametrize("pairs", [4.5, 5.5, 6.5, 7.5, 12.5, 20.5])
def test_formula_and_pole_agree_within_one_percent(pairs: float) -> None:
    device = microcavity(pairs)
    (mode,) = solve_modes(device, (0.585, 0.62))
    found = threshold_gain(device, mode)
    assert found.formula_per_cm == pytest.approx(found.gain_per_cm, rel=0.01)
    assert found.residual < 1e-14
    # The formula is what section 8 writes down.
    n, gamma = 1.85, mode.confinement["gain"]
    by_hand = 2 * math.pi * n / (gamma * mode.wavelength * mode.quality_factor) * 1e4
    assert found.formula_per_cm == pytest.approx(by_hand, rel=1e-12)


def test_the_polariton_cavity_without_strong_coupling() -> None:
    """Q 3081, Gamma 0.6944: 90.4 per cm by the formula, 90.3 by the pole, within half a percent."""
    device = microcavity()
    (mode,) = solve_modes(device, (0.59, 0.61))
    found = threshold_gain(device, mode)
    assert found.gain_per_cm == pytest.approx(90.5, rel=0.005)
    assert found.gain_per_cm / found.formula_per_cm == pytest.approx(0.9991, abs=5e-4)


@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_at_threshold_the_pole_is_real_to_rounding(polarization: str) -> None:
    device = microcavity()
    mode = solve_modes(device, (0.57, 0.62), angle_deg=25, polarization=polarization)[0]
    found = threshold_gain(device, mode)
    stack = device.stack()
    amplifying = frozenset(i for i, x in enumerate(stack.layers) if x.name == "gain")
    problem = OpenStack(
        stack=stack,
        polarization=polarization,  # type: ignore[arg-type]
        in_plane_wavenumber=mode.in_plane_wavenumber,
        gain_layers=amplifying,
        gain=found.gain_per_cm / 1e4,
    )
    f = characteristic(problem, np.array([2 * math.pi / found.wavelength + 0j]))
    assert abs(f.value[0] / f.by_wavenumber[0]) < 1e-13 * 2 * math.pi / found.wavelength


def test_just_below_threshold_the_spectrum_exists_and_just_above_it_does_not() -> None:
    device = microcavity()
    (mode,) = solve_modes(device, (0.59, 0.61))
    found = threshold_gain(device, mode)
    for share, lases in ((0.999, False), (1.001, True)):
        k = 2 * math.pi / found.wavelength
        film = 1.85 - 0.5j * share * found.gain_per_cm / 1e4 / k
        pumped = device.stack().with_material("gain", Material.constant(film))
        waves = np.linspace(0.595, 0.605, 20)
        if lases:
            with pytest.raises(ValueError, match="must be below its threshold"):
                spectrum(pumped, [*waves, found.wavelength])
        else:
            assert spectrum(pumped, found.wavelength).transmittance > 1e3


def test_dispersive_media_need_the_overlap_formula() -> None:
    """With d(omega eps)/d omega in the energy the textbook's Gamma is off, the overlap is not."""
    mirror = QuarterWaveMirror(design_wavelength=0.65, pairs=8.5)
    device = PlanarMicrocavity(
        bottom_mirror=mirror,
        top_mirror=mirror,
        cavity=(Layer(name="gain", material="SU8", thickness=0.6),),
    )
    for mode in solve_modes(device, (0.6, 0.7)):
        found = threshold_gain(device, mode)
        assert found.overlap_per_cm == pytest.approx(found.gain_per_cm, rel=3e-3)


def test_absorption_in_the_film_adds_to_its_threshold() -> None:
    """A film that absorbs alpha needs alpha more gain."""
    k = 1e-5
    clear, lossy = microcavity(), microcavity(film=1.85 + 1j * k)
    results = []
    for device in (clear, lossy):
        (mode,) = solve_modes(device, (0.59, 0.61))
        results.append(threshold_gain(device, mode))
    alpha = 4 * math.pi * k / results[0].wavelength * 1e4
    assert results[1].gain_per_cm - results[0].gain_per_cm == pytest.approx(alpha, rel=1e-6)


def test_no_threshold_without_a_region_or_without_loss() -> None:
    device = microcavity()
    (mode,) = solve_modes(device, (0.59, 0.61))
    with pytest.raises(ValueError, match=r"region: must be one of .*got 'dots'") as caught:
        threshold_gain(device, mode, region="dots")
    assert "\n" not in str(caught.value)
    guided = solve_modes(device, (0.6, 0.75), in_plane_wavenumber=15.5)[-1]
    assert guided.quality_factor == math.inf
    with pytest.raises(ValueError, match="mode: must decay to have a threshold, got Q = inf"):
        threshold_gain(device, guided)
