"""Strong coupling end to end: the suite's multilayer solver against coupled oscillators."""

from __future__ import annotations

import functools
import math

import numpy as np
import pytest

from cavities import Layer, Material, PlanarMicrocavity, QuarterWaveMirror
from cavities.constants import HC_EV_UM
from cavities.exciton_material import exciton_film, exciton_line
from gain import CoupledOscillators, DispersionMap, fit_dispersion
from solvers.modes import Mode
from solvers.multilayer import solve_planar, spectrum

HOST, EXCITON, BULK_RABI = 1.85, 2.09, 54.0


def film(fwhm_mev: float) -> Material:
    line = exciton_line(
        energy_ev=EXCITON,
        fwhm_mev=fwhm_mev,
        background_index=HOST,
        bulk_rabi_splitting_mev=BULK_RABI,
    )
    return exciton_film(HOST, line, name="excitons")


def device(thickness: float, material: Material | float = HOST) -> PlanarMicrocavity:
    mirror = QuarterWaveMirror(
        design_wavelength=0.601, high_material=2.30, low_material=1.46, pairs=5.5
    )
    return PlanarMicrocavity(
        bottom_mirror=mirror,
        top_mirror=mirror,
        cavity=(Layer(name="gain", material=material, thickness=thickness),),
        substrate=1.5,
        superstrate=1.0,
    )


@functools.cache
def empty_mode(thickness: float) -> Mode:
    modes = solve_planar(device(thickness), wavelength=(0.57, 0.64))
    return min(modes, key=lambda mode: abs(mode.wavelength - HC_EV_UM / EXCITON))


def model(thickness: float, fwhm_mev: float) -> CoupledOscillators:
    mode = empty_mode(thickness)
    return CoupledOscillators.from_quality_factor(
        exciton_energy_ev=EXCITON,
        detuning_mev=1e3 * (HC_EV_UM / mode.wavelength - EXCITON),
        rabi_splitting_mev=BULK_RABI * math.sqrt(mode.confinement["gain"]),
        effective_index=1.8,
        quality_factor=mode.quality_factor,
        exciton_fwhm_mev=fwhm_mev,
    )


def polaritons(thickness: float, fwhm_mev: float) -> list[complex]:
    """Complex energies in a window that ends above the exciton's own pole.

    At the pole of eps, E_x - i g_x/2, the modes of the film accumulate without end.
    """
    floor = 1.15 * 1e3 * EXCITON / fwhm_mev
    modes = solve_planar(
        device(thickness, film(fwhm_mev)), wavelength=(0.565, 0.63), quality_factor_floor=floor
    )
    energies = [HC_EV_UM / (2 * math.pi) * mode.wavenumber for mode in modes]
    return sorted(energies, key=lambda energy: energy.real)


@pytest.mark.parametrize("fwhm_mev", [20.0, 45.0])
@pytest.mark.parametrize("thickness", [0.784, 0.797, 0.812])
def test_energies_and_widths(thickness: float, fwhm_mev: float) -> None:
    """Within 1 meV and 5 %: nothing of the coupled cavity enters the model."""
    expected = model(thickness, fwhm_mev).branches(angle_deg=0.0).energy_ev
    found = polaritons(thickness, fwhm_mev)
    assert len(found) == 2
    for mode, value in zip(found, expected, strict=True):
        assert 1e3 * abs(mode.real - value.real) < 1.0
        assert mode.imag == pytest.approx(value.imag, rel=0.05)


def test_minimum_splitting() -> None:
    """Least distance over the thickness: Om_bulk sqrt(Gamma), Gamma from the energy density.

    Widths of 1.8 and 4 meV take sqrt(1 - (1.1/45)^2), 0.03 %, off it.
    """
    thickness = np.linspace(0.791, 0.803, 7)
    gap = []
    for value in thickness.tolist():
        lower, upper = polaritons(value, 4.0)
        gap.append(1e3 * (upper.real - lower.real))
    best = int(np.argmin(gap))
    assert 0 < best < len(gap) - 1
    confinement = empty_mode(float(thickness[best])).confinement["gain"]
    assert min(gap) == pytest.approx(BULK_RABI * math.sqrt(confinement), rel=0.01)


def test_transmission_map_is_fitted_back() -> None:
    """T(angle, E) of the multilayer -> peaks -> fit: splitting, exciton and detuning of the model.

    Narrow lines, so that the peaks of the transmission are the polaritons; the fit knows nothing
    of the stack. The neighbouring cavity modes (0.27 eV away) couple to the exciton too and shift
    it by fractions of a meV: that is the accuracy of any 2 x 2 model, 2 % and 1.5 meV here.
    """
    thickness = 0.800
    angle = np.linspace(0, 30, 16)
    energy = np.linspace(2.02, 2.20, 1201)
    result = spectrum(
        device(thickness, film(2.0)), HC_EV_UM / energy, angle_deg=angle, absorption=False
    )
    measured = DispersionMap(
        angle_deg=angle, energy_ev=energy, intensity=result.transmittance, kind="transmission"
    )
    fit = fit_dispersion(measured, branches="both")
    expected = model(thickness, 2.0)
    rabi = float(np.ravel(np.asarray(expected.rabi_splittings_mev))[0])
    assert int(np.isfinite(fit.peaks.energy_ev).sum()) >= 24
    assert float(fit.value("rabi_splitting_mev")) == pytest.approx(rabi, rel=0.02)
    assert float(fit.value("exciton_energy_ev")) == pytest.approx(EXCITON, abs=1e-3)
    detuning = 1e3 * (expected.photons[0].energy_ev - EXCITON)
    assert float(fit.value("detuning_mev")) == pytest.approx(detuning, abs=1.5)
    assert 1.6 < float(fit.value("effective_index")) < 2.0
