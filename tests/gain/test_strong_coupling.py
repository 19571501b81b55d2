"""Criteria of strong coupling against eigenvalues and numerically found spectral peaks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gain import CoupledOscillators, exceptional_point, strong_coupling_criteria

rabi = st.floats(5.0, 100.0)
width = st.floats(0.5, 150.0)


def peaks(om: float, photon: float, exciton: float, kind: str) -> float:
    """Splitting of the spectrum of two coupled modes on a fine grid (meV)."""
    x = np.linspace(-1.2 * om - 5, 1.2 * om + 5, 400_001)
    a = (x + 0.5j * photon) * (x + 0.5j * exciton) - om**2 / 4
    numerator = np.abs(x + 0.5j * exciton) ** 2 if kind == "transmission" else 1.0
    spectrum = numerator / np.abs(a) ** 2
    top = (spectrum[1:-1] > spectrum[:-2]) & (spectrum[1:-1] >= spectrum[2:])
    places = x[1:-1][top]
    return float(places[-1] - places[0])


@given(om=rabi, photon=width, exciton=width)
def test_observable_splittings(om: float, photon: float, exciton: float) -> None:
    found = strong_coupling_criteria(om, photon_fwhm_mev=photon, exciton_fwhm_mev=exciton)
    step = (2.4 * om + 10) / 400_000
    for kind, value in (
        ("transmission", found.transmission_splitting_mev),
        ("absorption", found.absorption_splitting_mev),
    ):
        seen = peaks(om, photon, exciton, kind)
        # Just split peaks are flat: the grid cannot place them.
        assume(value == 0 or value > 0.05 * om)
        assert seen == pytest.approx(value, abs=3 * step + (1e-3 * om if value == 0 else 0))


@given(om=rabi, photon=width, exciton=width)
def test_eigenvalue_splitting(om: float, photon: float, exciton: float) -> None:
    found = strong_coupling_criteria(om, photon_fwhm_mev=photon, exciton_fwhm_mev=exciton)
    root = np.sqrt(complex(om**2 - (exciton - photon) ** 2 / 4))
    assert found.eigenvalue_splitting_mev == pytest.approx(root.real, rel=1e-9, abs=1e-6)
    assert found.is_strong == (om > abs(exciton - photon) / 2)
    assert found.is_resolved_in_absorption == (om**2 > (exciton**2 + photon**2) / 2)


def test_energies_coalesce_at_the_exceptional_point() -> None:
    """Equal energies and widths, and parallel eigenvectors: weights 1/2 in both branches."""
    point = exceptional_point(45.0, photon_fwhm_mev=2.23, exciton_fwhm_mev=92.23)
    assert point.rabi_splitting_mev == pytest.approx(45.0)
    assert point.exciton_fwhm_mev == pytest.approx(92.23)
    system = CoupledOscillators.from_quality_factor(
        exciton_energy_ev=2.09,
        detuning_mev=0.0,
        rabi_splitting_mev=45.0,
        effective_index=1.7,
        quality_factor=2.09e3 / 2.23,
        exciton_fwhm_mev=point.exciton_fwhm_mev,
    )
    found = system.branches(angle_deg=0.0)
    # Rounding of 1e-16 moves a double root by its square root.
    assert abs(found.energy_ev[1] - found.energy_ev[0]) < 1e-8
    np.testing.assert_allclose(found.fwhm_mev, point.fwhm_mev, atol=1e-4)
    np.testing.assert_allclose(found.weights, 0.5, atol=1e-6)


def test_encircling_the_exceptional_point_swaps_the_branches() -> None:
    """The signature of a square-root branch point: one turn exchanges the energies."""
    turn = np.exp(2j * np.pi * np.linspace(0, 1, 2001))
    delta = 1e-3 * (0 + 2 * turn.imag)
    half_width = 5e-4 * (90.0 + 4 * turn.real)  # (g_x - g_c)/2 around 2 Om/2 = 45
    root = np.sqrt((0.045) ** 2 + (delta + 1j * half_width) ** 2)
    steps = np.concatenate([[1.0], np.sign((root[1:] * np.conj(root[:-1])).real)])
    followed = root * np.cumprod(steps)
    assert followed[-1] == pytest.approx(-followed[0])


@pytest.mark.parametrize(("exciton", "resolved"), [(60.0, True), (66.0, False), (69.0, False)])
def test_the_papers_splitting_is_resolved_up_to_64_mev_in_absorption(
    exciton: float, resolved: bool
) -> None:
    """Om = 45 meV: g_x < sqrt(2) Om = 63.6 in absorption, 1.554 Om = 69.9 meV in transmission."""
    found = strong_coupling_criteria(45.0, photon_fwhm_mev=2.23, exciton_fwhm_mev=exciton)
    assert found.is_resolved_in_absorption is resolved
    assert found.is_resolved_in_transmission
    limit = math.sqrt(1 + math.sqrt(2)) * 45.0
    none = strong_coupling_criteria(45.0, photon_fwhm_mev=0.0, exciton_fwhm_mev=1.001 * limit)
    assert not none.is_resolved_in_transmission
    assert none.is_strong


def test_no_widths_and_bad_input() -> None:
    sharp = strong_coupling_criteria(45.0, photon_fwhm_mev=0.0, exciton_fwhm_mev=0.0)
    assert sharp.transmission_splitting_mev == pytest.approx(45.0)
    assert sharp.cooperativity == math.inf
    assert sharp.exceeds_mean_width
    with pytest.raises(ValueError, match="exciton_fwhm_mev: must be >= 0"):
        strong_coupling_criteria(45.0, photon_fwhm_mev=1.0, exciton_fwhm_mev=-1.0)
    with pytest.raises(ValueError, match="rabi_splitting_mev: must be >= 0 and finite"):
        exceptional_point(math.inf, photon_fwhm_mev=1.0, exciton_fwhm_mev=1.0)
