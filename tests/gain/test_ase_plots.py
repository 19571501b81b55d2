"""Pictures of ASE, the cuvette, transient absorption and cross-sections: axes and content."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes

from gain.absorption_plots import plot_cross_sections, plot_sizing
from gain.ase import ase_threshold, minimum_concentration_per_cm3
from gain.ase_stripe import AseStripe
from gain.bleach_fit import fit_bleach_decay
from gain.cdznse_table import CDZNSE_TABLE
from gain.cw_cuvette import cdznse_cuvette
from gain.cw_cuvette_range import cuvette_range
from gain.cw_cuvette_result import pump_cuvette
from gain.kinetics_presets import kinetics_preset
from gain.nanocrystal_samples import nanocrystal
from gain.presets import quantum_shells
from gain.stripe_length import fit_stripe_length, stripe_length_intensity
from gain.stripe_spectrum import ase_spectrum
from gain.transient_absorption import pump_probe_map

pytestmark = pytest.mark.usefixtures("no_screen")


def check(axes: Axes, x: str, y: str) -> None:
    assert x in axes.get_xlabel()
    assert y in axes.get_ylabel()
    axes.figure.canvas.draw()


def test_ase_threshold_and_spectra() -> None:
    shells, stripe = quantum_shells(), AseStripe()
    lowest = minimum_concentration_per_cm3(stripe, shells)
    ratio = np.array([0.8, 1.1, 2.0, 8.0, 30.0])
    result = ase_threshold(stripe, shells, concentration_per_cm3=ratio * lowest)
    check(result.plot(), "concentration", "absorbed photons")
    spectra = ase_spectrum(
        stripe,
        quantum_shells(concentration_per_cm3=5e15),
        [0.1, 10.0, 1e4],
        np.linspace(0.6, 0.7, 101),
    )
    axes = spectra.plot()
    assert len(axes.get_lines()) == 4
    check(axes, "(nm)", "intensity")


def test_overflowing_spectra_are_left_out() -> None:
    dense = quantum_shells(concentration_per_cm3=3e18)
    spectra = ase_spectrum(AseStripe(), dense, [0.01, 10.0], np.linspace(0.6, 0.7, 51))
    assert np.isinf(spectra.intensity[1]).any()
    assert len(spectra.plot().get_lines()) == 2


def test_stripe_length() -> None:
    length = np.linspace(200, 2000, 12)
    data = stripe_length_intensity(length, gain_per_cm=20.0)
    fit = fit_stripe_length(length, data, relative_uncertainty=0.03, longest=1700)
    check(fit.plot(), "(um)", "intensity")


def test_cuvette() -> None:
    response = pump_cuvette(cdznse_cuvette(), np.linspace(10, 400, 5))
    check(response.plot(), "(mW)", "signal")
    span = cuvette_range(cdznse_cuvette(), intensity_w_per_cm2=31.83)
    check(span.plot(), "(W/cm$^2$)", "")


def test_transient_absorption_and_its_fit() -> None:
    delays = np.geomspace(1, 1e4, 40)
    result = pump_probe_map(
        quantum_shells(), kinetics_preset("cdznse_dots"), 2.0, delays, np.linspace(0.6, 0.7, 21)
    )
    check(result.plot(), "(nm)", "(ps)")
    fit = fit_bleach_decay(delays, CDZNSE_TABLE[1].absorbance_change(delays))
    check(fit.plot(), "(ps)", "absorbance change")


def test_cross_sections() -> None:
    dot = nanocrystal("cdse_dot_6.5nm")
    check(dot.plot(), "(um)", "cm$^2$")
    _, given = plt.subplots()
    assert plot_cross_sections([dot, nanocrystal("quantum_shell_8.0nm")], ax=given) is given
    check(plot_sizing(np.linspace(0.47, 0.652, 300)), "(nm)", "cm$^2$")
