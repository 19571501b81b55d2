"""Coupled oscillators against the closed 2 x 2 form, 30-digit eigenvalues and exact limits."""

from __future__ import annotations

import math

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cavities.constants import HBAR_EV_S, HC_EV_UM
from gain import CavityPhoton, CoupledOscillators, Exciton

rabi = st.floats(1.0, 200.0)
detuning = st.floats(-150.0, 150.0)
width = st.floats(0.0, 120.0)


def pair(
    om: float, delta: float, photon_mev: float = 0.0, exciton_mev: float = 0.0
) -> CoupledOscillators:
    photon = CavityPhoton(energy_ev=2.09 + 1e-3 * delta, effective_index=1.7, fwhm_mev=photon_mev)
    return CoupledOscillators(
        photons=(photon,),
        excitons=(Exciton(energy_ev=2.09, fwhm_mev=exciton_mev),),
        rabi_splittings_mev=om,
    )


@given(om=rabi, delta=detuning, photon=width, exciton=width)
def test_closed_form_of_two(om: float, delta: float, photon: float, exciton: float) -> None:
    found = pair(om, delta, photon, exciton).branches(angle_deg=0.0)
    c, x = 2.09 + 1e-3 * delta - 5e-4j * photon, 2.09 - 5e-4j * exciton
    root = np.sqrt((1e-3 * om) ** 2 + (c - x) ** 2)
    expected = sorted([(c + x + root) / 2, (c + x - root) / 2], key=lambda e: e.real)
    # Close to the exceptional point the eigenvalues move as the root of the rounding error.
    tolerance = max(1e-13, min(1e-6, 1e-14 / max(abs(root), 1e-14)))
    gap = abs(expected[0].real - expected[1].real)
    if gap > 10 * tolerance:
        np.testing.assert_allclose(found.energy_ev, expected, atol=10 * tolerance)


@given(om=rabi, delta=detuning)
def test_hopfield_weights_without_widths(om: float, delta: float) -> None:
    found = pair(om, delta).branches(angle_deg=0.0)
    photon = 0.5 * (1 - delta / math.hypot(delta, om))
    np.testing.assert_allclose(found.weights[0], [photon, 1 - photon], atol=1e-11)
    np.testing.assert_allclose(found.weights[1], [1 - photon, photon], atol=1e-11)


@settings(max_examples=40)
@given(data=st.data())
def test_weights_sum_to_one_over_oscillators_and_branches(data: st.DataObject) -> None:
    """Any number of oscillators; without widths the weights also sum to 1 over the branches."""
    photons = data.draw(st.integers(1, 3))
    excitons = data.draw(st.integers(1, 4))
    lossy = data.draw(st.booleans())
    energy = st.floats(1.8, 2.4)
    fwhm = width if lossy else st.just(0.0)
    system = CoupledOscillators(
        photons=tuple(
            CavityPhoton(
                energy_ev=data.draw(energy),
                effective_index=data.draw(st.floats(1.3, 2.5)),
                fwhm_mev=data.draw(fwhm),
                name=f"photon {j}",
            )
            for j in range(photons)
        ),
        excitons=tuple(
            Exciton(energy_ev=data.draw(energy), fwhm_mev=data.draw(fwhm), name=f"exciton {j}")
            for j in range(excitons)
        ),
        rabi_splittings_mev=tuple(
            tuple(data.draw(rabi) for _ in range(excitons)) for _ in range(photons)
        ),
    )
    found = system.branches(angle_deg=[0.0, 20.0, 45.0])
    assert found.weights.shape == (3, photons + excitons, photons + excitons)
    np.testing.assert_allclose(found.weights.sum(axis=-1), 1, atol=1e-12)
    if not lossy:
        np.testing.assert_allclose(found.weights.sum(axis=-2), 1, atol=1e-9)
    trace = np.trace(system.hamiltonian_ev(angle_deg=[0.0, 20.0, 45.0]), axis1=-2, axis2=-1)
    np.testing.assert_allclose(found.energy_ev.sum(axis=-1), trace, atol=1e-12)


def test_three_oscillators_against_30_digits() -> None:
    system = CoupledOscillators(
        photons=(CavityPhoton(energy_ev=2.05, effective_index=1.7, fwhm_mev=4.0),),
        excitons=(
            Exciton(energy_ev=2.07, fwhm_mev=30.0, name="heavy"),
            Exciton(energy_ev=2.15, fwhm_mev=50.0, name="light"),
        ),
        rabi_splittings_mev=((60.0, 40.0),),
    )
    mpmath.mp.dps = 30
    matrix = mpmath.matrix(
        [
            [mpmath.mpc(2.05, -0.002), 0.03, 0.02],
            [0.03, mpmath.mpc(2.07, -0.015), 0],
            [0.02, 0, mpmath.mpc(2.15, -0.025)],
        ]
    )
    values = mpmath.eig(matrix, left=False, right=False)
    expected = sorted((complex(value) for value in values), key=lambda e: e.real)
    found = system.branches(in_plane_wavenumber=0.0)
    np.testing.assert_allclose(found.energy_ev, expected, atol=1e-14)


@given(om=rabi, delta=detuning, photon=width, exciton=width)
def test_response_is_the_derivative_of_the_complex_energy(
    om: float, delta: float, photon: float, exciton: float
) -> None:
    """E(E_c + h) - E(E_c - h) over 2h; the sum rule holds by construction."""
    found = pair(om, delta, photon, exciton).branches(angle_deg=0.0)
    gap = abs(found.energy_ev[1] - found.energy_ev[0])
    step = 1e-3
    apart = abs(found.energy_ev[1].real - found.energy_ev[0].real) > 2e-3 * step
    # Beside an exceptional point the derivative diverges; where real energies cross they swap.
    assume(gap > 2e-3 and apart)
    up, down = (pair(om, delta + s, photon, exciton).branches(angle_deg=0.0) for s in (step, -step))
    slope = (up.energy_ev - down.energy_ev) / (2e-3 * step)
    bend = (1e-3 * om) ** 2 / gap**3  # of second order; the third is smaller still here
    np.testing.assert_allclose(found.response[:, 0], slope, atol=1e-6 + 1e-10 * bend / gap)
    np.testing.assert_allclose(found.response.sum(axis=-1), 1, atol=1e-12)


def test_limits() -> None:
    """No coupling: bare energies; zero detuning: half and half, split by Om; k large: exciton."""
    bare = pair(0.0, -27.0).branches(angle_deg=0.0)
    np.testing.assert_allclose(bare.energy_ev.real, [2.063, 2.09], rtol=1e-15)
    assert pair(45.0, 0.0).branches(angle_deg=0.0).weights == pytest.approx(0.5)
    split = pair(45.0, 0.0).branches(angle_deg=0.0)
    assert 1e3 * float(split.upper - split.lower) == pytest.approx(45.0, rel=1e-12)
    far = pair(45.0, -27.0).branches(in_plane_wavenumber=2e3)
    assert float(far.lower) == pytest.approx(2.09, abs=1e-5)
    assert float(far.exciton_weight[0]) == pytest.approx(1, abs=1e-6)


@given(angle=st.floats(-89.0, 89.0), index=st.floats(1.2, 3.0))
def test_dispersions_over_angle_and_wavenumber_agree(angle: float, index: float) -> None:
    """E_c(k) at the k of the light that leaves at that angle is E_c(theta)."""
    photon = CavityPhoton(energy_ev=2.063, effective_index=index)
    energy = float(photon.energy_at(angle_deg=angle))
    k = 2 * math.pi * energy / HC_EV_UM * math.sin(math.radians(angle))
    assert float(photon.energy_at(in_plane_wavenumber=k)) == pytest.approx(energy, rel=1e-13)


def test_effective_mass_is_the_curvature() -> None:
    """1/m = d^2E/dk^2/hbar^2 of every branch, m in electron masses."""
    system = pair(45.0, -27.0)
    step = 0.02
    k = np.array([-step, 0.0, step])
    energy = system.branches(in_plane_wavenumber=k).energy_ev.real
    curvature = (energy[0] - 2 * energy[1] + energy[2]) / step**2  # eV um^2
    # hbar^2/m_e in eV um^2: (hbar c)^2/(m_e c^2)
    unit = (HC_EV_UM / (2 * math.pi)) ** 2 / 510_998.95
    np.testing.assert_allclose(system.effective_masses(), unit / curvature, rtol=1e-4)


def test_lifetimes_and_widths() -> None:
    """LP width without exciton width is |C|^2 g_c to first order; tau = hbar/width."""
    found = pair(45.0, -27.0, photon_mev=0.5).branches(angle_deg=0.0)
    share = float(found.photon_weight[0])
    assert float(found.fwhm_mev[0]) == pytest.approx(0.5 * share, rel=1e-3)
    expected = 1e15 * HBAR_EV_S / float(found.fwhm_mev[0])
    assert float(found.lifetime_ps[0]) == pytest.approx(expected, rel=1e-12)
    assert math.isinf(float(pair(45.0, -27.0).branches(angle_deg=0.0).lifetime_ps[0]))


def test_table() -> None:
    frame = pair(45.0, -27.0, 2.0, 30.0).branches(angle_deg=[0.0, 10.0]).to_dataframe()
    assert list(frame.columns) == [
        "angle_deg", "branch", "energy_ev", "fwhm_mev", "weight_photon", "weight_exciton",
    ]  # fmt: skip
    assert len(frame) == 4


def test_shapes_are_kept() -> None:
    found = pair(45.0, -27.0).branches(angle_deg=np.zeros((2, 5)))
    assert found.energy_ev.shape == (2, 5, 2)
    assert found.weights.shape == (2, 5, 2, 2)
    assert found.lower.shape == (2, 5)


def test_bad_input() -> None:
    system = pair(45.0, -27.0)
    with pytest.raises(ValueError, match=r"angle_deg: must lie in -90 to 90 degrees, got 95"):
        system.branches(angle_deg=[0.0, 95.0])
    with pytest.raises(ValueError, match="exactly one of them, got neither"):
        system.branches()
    with pytest.raises(ValueError, match="exactly one of them, got both"):
        system.branches(angle_deg=0.0, in_plane_wavenumber=0.0)
    with pytest.raises(ValueError, match="in_plane_wavenumber: must be finite"):
        system.branches(in_plane_wavenumber=np.nan)
    with pytest.raises(ValueError, match="rabi_splittings_mev: must be >= 0"):
        pair(-1.0, 0.0)
    with pytest.raises(ValueError, match="rabi_splittings_mev: must be a number or 1 rows of 1"):
        system.changed(rabi_splittings_mev=((1.0, 2.0),))
    with pytest.raises(ValueError, match="name: must be different"):
        system.changed(excitons=(Exciton(energy_ev=2.0, name="photon"),))
