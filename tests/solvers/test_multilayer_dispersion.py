"""Dispersion, mass, splitting, penetration depth and effective length of planar cavities."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from cavities import Layer, PlanarMicrocavity, PlanarStack, QuarterWaveMirror
from cavities.constants import HC_EV_UM
from solvers import solve_modes
from solvers.multilayer import cavity_lengths, mirror_response, planar_dispersion, spectrum

N_HIGH, N_LOW, N_FILM, DESIGN = 2.3, 1.46, 1.85, 0.601


def mirror(pairs: float, first: Any = "auto") -> QuarterWaveMirror:
    return QuarterWaveMirror(
        design_wavelength=DESIGN,
        high_material=N_HIGH,
        low_material=N_LOW,
        pairs=pairs,
        next_to_cavity=first,
    )


def microcavity(pairs: float = 6.5, thickness: float = 0.812) -> PlanarMicrocavity:
    return PlanarMicrocavity(
        bottom_mirror=mirror(pairs),
        top_mirror=mirror(pairs),
        cavity=(Layer(name="gain", material=N_FILM, thickness=thickness),),
        substrate=N_LOW,
    )


@pytest.mark.parametrize("first", ["high", "low"])
@pytest.mark.parametrize("inside", [1.5, 1.85])
def test_penetration_depth_of_many_quarter_waves(first: str, inside: float) -> None:
    found = mirror_response(mirror(40, first).layers("m"), inside, 1.5, DESIGN)
    delta = N_HIGH - N_LOW
    expected = DESIGN / (4 * delta)
    if first == "low":
        expected = DESIGN * N_HIGH * N_LOW / (4 * inside**2 * delta)
    assert found.penetration_depth == pytest.approx(expected, rel=1e-10)
    assert found.r.real == pytest.approx(-1 if first == "high" else 1, abs=1e-9)


@pytest.mark.parametrize("polarization", ["TE", "TM"])
@pytest.mark.parametrize("kx", [0.0, 5.0])
def test_penetration_depth_is_the_slope_of_the_phase(polarization: Any, kx: float) -> None:
    """arg r from `spectrum` at neighbouring wavelengths, over the slope of 2 k_z."""
    layers = mirror(5.5).layers("m")
    stack = PlanarStack(substrate=1.5, layers=layers[::-1], superstrate=N_FILM)
    k, h = 2 * math.pi / 0.62, 1e-5
    r = spectrum(
        stack,
        [2 * math.pi / (k + h), 2 * math.pi / (k - h)],
        in_plane_wavenumber=kx,
        polarization=polarization,
    ).r
    k_z = [math.sqrt((N_FILM * x) ** 2 - kx**2) for x in (k + h, k - h)]
    expected = float(np.angle(r[0] / r[1])) / (2 * (k_z[0] - k_z[1]))
    found = mirror_response(
        layers, N_FILM, 1.5, 0.62, in_plane_wavenumber=kx, polarization=polarization
    )
    assert found.penetration_depth == pytest.approx(expected, rel=1e-7)
    assert found.reflectance == pytest.approx(
        float(spectrum(stack, 0.62, in_plane_wavenumber=kx, polarization=polarization).reflectance),
        rel=1e-12,
    )


def test_effective_length_gives_q_and_spacing() -> None:
    """Q = 2 pi n L_eff/(lambda (1 - R)) with R the mean reflectance, L_eff = L + 2 x 179 nm."""
    device = microcavity(pairs=9.5)
    (mode,) = solve_modes(device, (0.59, 0.61))
    found = cavity_lengths(device, mode)
    assert found.cavity_thickness == pytest.approx(0.812)
    for side in (found.bottom, found.top):
        assert side.penetration_depth == pytest.approx(DESIGN / 4 / (N_HIGH - N_LOW), rel=2e-3)
    loss = (1 - found.bottom.reflectance * found.top.reflectance) / 2
    quality = 2 * math.pi * N_FILM * found.effective_length / (mode.wavelength * loss)
    assert quality == pytest.approx(mode.quality_factor, rel=2e-3)
    assert found.free_spectral_range == pytest.approx(
        mode.wavelength**2 / (2 * N_FILM * found.effective_length)
    )
    # A standing wave fills its effective length to one half.
    assert found.mode_length == pytest.approx(found.effective_length / 2, rel=0.01)


def test_spacing_of_a_long_cavity() -> None:
    """Neighbouring modes of a 30 um cavity lie one free spectral range apart."""
    device = microcavity(pairs=7.5, thickness=30.0)
    modes = solve_modes(device, (0.59, 0.612))
    middle = len(modes) // 2
    found = cavity_lengths(device, modes[middle])
    spacing = (modes[middle + 1].wavelength - modes[middle - 1].wavelength) / 2
    assert spacing == pytest.approx(found.free_spectral_range, rel=2e-3)


def test_mass_of_a_mode_between_ideal_walls() -> None:
    """Thick silver-like walls of index i 1000: k0^2 n^2 = k_z^2 + k_x^2, m = hbar k0 n^2/c."""
    n = 1.85
    stack = PlanarStack(
        substrate=1e3j,
        superstrate=1e3j,
        layers=(Layer(name="cavity", material=n, thickness=0.5),),
    )
    mode = solve_modes(stack, (0.55, 1.0), quality_factor_floor=10)[0]
    found = cavity_lengths(stack, mode)
    electron = 9.1093837015e-31
    expected = 1.054571817e-34 * mode.wavenumber.real * 1e6 * n**2 / 299792458.0 / electron
    assert found.effective_mass == pytest.approx(expected, rel=2e-3)


def test_dispersion_finds_what_single_searches_find() -> None:
    device, angles = microcavity(), np.linspace(0, 50, 11)
    found = planar_dispersion(device, (0.5, 0.75), angle_deg=angles)
    for number, angle in enumerate(angles):
        single = solve_modes(device, (0.5, 0.75), angle_deg=float(angle), polarization=("TE", "TM"))
        here = [b.wavelength[number] for b in found.branches if not np.isnan(b.wavelength[number])]
        np.testing.assert_allclose(sorted(here), [m.wavelength for m in single], rtol=1e-11)
    te = found.branch("TE", 18)
    assert not np.any(np.isnan(te.wavelength))
    assert np.all(np.diff(te.wavelength) < 0)
    np.testing.assert_allclose(te.energy_ev * te.wavelength, HC_EV_UM)
    np.testing.assert_allclose(te.linewidth_mev, 1e3 * te.energy_ev / te.quality_factor, rtol=1e-9)


def test_mass_is_the_curvature_of_the_dispersion() -> None:
    device, kx = microcavity(), np.linspace(0, 0.4, 5)
    branch = planar_dispersion(
        device, (0.59, 0.61), in_plane_wavenumber=kx, polarization="TE"
    ).branches[0]
    k = branch.wavenumber.real
    slope = np.polynomial.polynomial.polyfit(kx**2, k - k[0], 2)[1]
    hbar, c, electron = 1.054571817e-34, 299792458.0, 9.1093837015e-31
    assert branch.effective_mass[0] == pytest.approx(hbar / (2e-6 * c * slope) / electron, rel=1e-6)
    np.testing.assert_allclose(branch.group_velocity, np.gradient(k, kx, edge_order=2), atol=1e-6)


def test_te_tm_splitting_of_the_polariton_cavity() -> None:
    """0 at 0 degrees, 0.5 meV at 30, 1.6 at 40; even in the angle, so quadratic at first."""
    found = planar_dispersion(microcavity(), (0.52, 0.62), angle_deg=[0, 0.25, 0.5, 30, 40])
    splitting = found.te_tm_splitting_mev(18)
    assert abs(splitting[0]) < 1e-10
    assert splitting[2] / splitting[1] == pytest.approx(4, rel=0.05)
    np.testing.assert_allclose(splitting[3:], [0.5, 1.6], atol=0.06)


def test_dispersion_as_dataset_and_picture() -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    found = planar_dispersion(microcavity(), (0.55, 0.62), angle_deg=[0, 10, 20])
    data = found.to_dataset()
    assert data["energy_ev"].dims == ("branch", "angle")
    assert data["energy_ev"].attrs["units"] == "eV"
    axes = found.plot()
    assert len(axes.lines) == len(found.branches)
    assert axes.get_ylabel() == "photon energy (eV)"
    plt.close("all")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "must give exactly one of them, got 0"),
        ({"angle_deg": [0], "in_plane_wavenumber": [0]}, "got 2"),
        ({"angle_deg": [0, 95]}, "0 <= angle < 90"),
        ({"angle_deg": [10, 0]}, "must be a rising list"),
        ({"angle_deg": [0], "wavelength": (0.56, 0.57)}, "must hold at least one mode"),
    ],
)
def test_bad_input_gets_one_line(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        planar_dispersion(microcavity(), **{"wavelength": (0.55, 0.62), **arguments})
    assert "\n" not in str(caught.value)


def test_unknown_branches_and_ranges_are_refused() -> None:
    found = planar_dispersion(microcavity(), (0.59, 0.61), angle_deg=[0])
    with pytest.raises(ValueError, match=r"branch: must be one of \[\('TE', 18\)"):
        found.branch("TE", 3)
    device = microcavity()
    mode = solve_modes(device, (0.59, 0.61))[0]
    with pytest.raises(ValueError, match="between: must be two layers"):
        cavity_lengths(device, mode, between=(5, 99))
    with pytest.raises(ValueError, match="must leave a propagating wave inside"):
        mirror_response(mirror(3).layers("m"), 1.0, 1.5, 0.6, in_plane_wavenumber=12.0)
