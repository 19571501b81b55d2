"""Spectra of the cuvette: areas, the dark limit, what lamp and mirror may do."""

from __future__ import annotations

import numpy as np
import pytest

from gain import cdznse_cuvette, cuvette_spectra, pump_cuvette

WINDOW = np.linspace(0.55, 0.76, 421)
POWERS = [10.0, 100.0, 400.0]


def area(rows: np.ndarray) -> np.ndarray:
    return np.asarray(np.trapezoid(rows, 1e3 * WINDOW, axis=-1))


def test_areas_are_the_signals_of_the_response() -> None:
    spectra = cuvette_spectra(cdznse_cuvette(), POWERS, WINDOW)
    response = pump_cuvette(cdznse_cuvette(), POWERS)
    np.testing.assert_allclose(area(spectra.emission), response.emission, rtol=1e-4)
    np.testing.assert_allclose(area(spectra.lamp), response.lamp, rtol=1e-4)


def test_without_a_mirror_only_the_emission_is_left() -> None:
    blind = cdznse_cuvette(mirror_reflectance=0.0)
    spectra = cuvette_spectra(blind, POWERS, WINDOW)
    np.testing.assert_allclose(spectra.mirror, spectra.emission, rtol=1e-12)


def test_a_thin_solution_doubles_the_emission_at_a_perfect_mirror() -> None:
    thin = cdznse_cuvette(mirror_reflectance=1.0, amplified_length=1e-3)
    spectra = cuvette_spectra(thin, POWERS, WINDOW)
    np.testing.assert_allclose(spectra.mirror, 2 * spectra.emission, rtol=1e-5)
    plain = spectra.lamp[0]  # the lamp's own line: a Gaussian of 18 nm
    above = 1e3 * WINDOW[plain > plain.max() / 2]
    assert np.ptp(above) == pytest.approx(18.0, abs=0.6)


def test_the_recycled_pump_adds_its_share() -> None:
    """1 + R exp(-alpha_p l) times the excitons, linear at these pumps."""
    once = cdznse_cuvette(amplified_length=1e-3)
    twice = once.changed(pump_recycling=True)
    share = 1 + 0.95 * np.exp(-twice.pump_absorption_per_cm * 1.0)
    ratio = area(cuvette_spectra(twice, 100.0, WINDOW).mirror) / area(
        cuvette_spectra(once, 100.0, WINDOW).mirror
    )
    assert ratio[0] == pytest.approx(share, rel=1e-3)


def test_bad_windows_are_told() -> None:
    with pytest.raises(ValueError, match="wavelength: must be at least three increasing"):
        cuvette_spectra(cdznse_cuvette(), POWERS, [0.7, 0.6, 0.5])
    with pytest.raises(ValueError, match="power_mw: must be >= 0, got -1"):
        cuvette_spectra(cdznse_cuvette(), -1.0, WINDOW)
