"""The CW cuvette: spot conversion, exact ladders, transparency, the honest verdict."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gain.cuvette_paper import cuvette_verdicts
from gain.cw_cuvette import CwCuvette, cdznse_cuvette, number_density_per_cm3
from gain.cw_cuvette_range import DECAY_SCENARIOS, cuvette_range
from gain.cw_cuvette_result import chord_departure, pump_cuvette
from gain.cw_threshold import ase_intensity_w_per_cm2, transparency_intensity_w_per_cm2
from gain.exciton_kinetics import ExcitonKinetics
from gain.lasing_threshold import absorbed_photons_at_threshold
from gain.populations import poisson_populations
from gain.pump import Pump

PHOTON_J = 6.62607015e-34 * 299792458 / 532e-9
REPORTED = 31.83


def poisson_cuvette() -> CwCuvette:
    """Independent excitons of 3.5 ns, no Auger recombination: Poisson populations."""
    return cdznse_cuvette(kinetics=DECAY_SCENARIOS["independent excitons"](3.5))


def test_spot_conversion() -> None:
    cuvette = cdznse_cuvette()
    np.testing.assert_allclose(
        cuvette.intensity_w_per_cm2([150, 250, 400]), [19.10, 31.83, 50.93], atol=0.005
    )
    gaussian = cdznse_cuvette(spot_profile="gaussian")
    assert float(gaussian.intensity_w_per_cm2(150)) == pytest.approx(38.2, abs=0.05)
    wide = cdznse_cuvette(spot_diameter=2000.0)
    assert float(wide.intensity_w_per_cm2(150)) == pytest.approx(4.8, abs=0.05)


@given(power=st.floats(0.1, 1e4), diameter=st.floats(10, 1e4))
def test_spot_agrees_with_the_pump(power: float, diameter: float) -> None:
    cuvette = cdznse_cuvette(spot_diameter=diameter)
    pump = Pump(
        wavelength=0.532, cross_section_cm2=1e-14, profile="top_hat", beam_radius=diameter / 2
    )
    back = float(pump.power_mw(cuvette.intensity_w_per_cm2(power)))
    assert back == pytest.approx(power, rel=1e-12)


def test_concentration() -> None:
    density = number_density_per_cm3(amount_mmol=1.5e-5, volume_ml=3.0)
    assert density == pytest.approx(5.0e-6 * 6.02214076e23 / 1e3, rel=1e-12)
    assert cdznse_cuvette().medium.concentration_per_cm3 == density
    assert cdznse_cuvette().pump_absorption_per_cm == pytest.approx(28.9, abs=0.05)


@given(st.floats(1e-3, 1e6))
def test_ladder_without_auger_is_poisson(intensity: float) -> None:
    cuvette = poisson_cuvette()
    mean = intensity * 9.6e-15 * 3.5e-9 / PHOTON_J
    if mean > 8:
        return
    populations = cuvette.populations(intensity)
    np.testing.assert_allclose(populations[:6], poisson_populations(mean, states=40)[:6], rtol=1e-6)
    assert float(cuvette.mean_excitons(intensity)) == pytest.approx(mean, rel=1e-6)


def test_mean_excitons_at_the_reported_intensity() -> None:
    for sigma, tau, printed in (
        (1e-15, 3.5, 3.0e-4),
        (9.6e-15, 3.5, 2.9e-3),
        (9.6e-15, 20, 1.6e-2),
    ):
        cuvette = cdznse_cuvette(
            pump_cross_section_cm2=sigma, kinetics=DECAY_SCENARIOS["independent excitons"](tau)
        )
        assert float(cuvette.mean_excitons(REPORTED)) == pytest.approx(printed, rel=0.03)


def test_gain_at_the_emission_peak() -> None:
    cuvette = poisson_cuvette()
    unpumped, pumped, inverted = (
        float(cuvette.gain_per_cm(0.654, x)) for x in (0.0, REPORTED, 1e9)
    )
    assert unpumped == pytest.approx(-6.6, abs=0.01)
    assert pumped == pytest.approx(-6.57, abs=0.01)
    assert inverted == pytest.approx(11.1, abs=0.05)
    far = cuvette.gain_per_cm(np.linspace(0.64, 1.0, 721), REPORTED)
    assert far.max() < 1e-6


def test_poisson_transparency_is_the_static_threshold() -> None:
    cuvette = poisson_cuvette()
    per_exciton = PHOTON_J / (9.6e-15 * 3.5e-9)
    for shift in (0.0, 0.01, 0.02, 0.03):
        static = float(absorbed_photons_at_threshold(cuvette.medium, 0.654 + shift, np.inf))
        found = transparency_intensity_w_per_cm2(cuvette, 0.654 + shift)
        assert found == pytest.approx(static * per_exciton, rel=1e-7)
    unshifted = transparency_intensity_w_per_cm2(cuvette, "unshifted")
    mean = unshifted / per_exciton
    assert math.exp(mean) == pytest.approx(2 + mean, rel=1e-7)


def test_stokes_assisted_transparency() -> None:
    """sigma 9.6e-15 cm^2, 3.5 ns, Poisson: an independent prototype."""
    cuvette = poisson_cuvette()
    found = [transparency_intensity_w_per_cm2(cuvette, 0.654 + d) for d in (0, 0.01, 0.02, 0.03)]
    np.testing.assert_allclose(found, [8.9e3, 5.2e3, 2.9e3, 1.5e3], rtol=0.02)
    assert found[0] / REPORTED == pytest.approx(280, abs=1)
    assert found[0] * 9.6e-15 * 3.5e-9 / PHOTON_J == pytest.approx(0.80, abs=0.005)


@pytest.mark.parametrize(("first", "second"), [(3.5, 0.6), (20.0, 2.0)])
def test_transparency_of_three_states_in_closed_form(first: float, second: float) -> None:
    """p_0 = p_2 where W^2 = k_1 k_2."""
    kinetics = ExcitonKinetics.from_lifetimes(
        exciton_lifetime_ns=first, biexciton_lifetime_ns=second, max_excitons=2
    )
    cuvette = cdznse_cuvette(kinetics=kinetics)
    rate = 1e9 / math.sqrt(first * second)
    found = transparency_intensity_w_per_cm2(cuvette, "unshifted")
    assert found == pytest.approx(rate * PHOTON_J / 9.6e-15, rel=1e-9)


def test_transparency_range_without_shift() -> None:
    """2.1e4 to 2.5e5 W/cm^2 for 3.5 ns, 1.1e4 at best for 20 ns, with Auger recombination."""
    law = DECAY_SCENARIOS["biexciton lifetime 0.6 ns"]
    worst = cdznse_cuvette(kinetics=law(3.5), pump_cross_section_cm2=1e-15)
    best = cdznse_cuvette(kinetics=law(20.0), pump_cross_section_cm2=9.6e-15)
    assert transparency_intensity_w_per_cm2(worst, "unshifted") == pytest.approx(2.5e5, rel=0.05)
    assert transparency_intensity_w_per_cm2(best, "unshifted") == pytest.approx(1.1e4, rel=0.02)


def test_no_threshold_near_the_reported_intensity() -> None:
    """Over every physical cross-section, lifetime and decay law: factors of tens to thousands."""
    span = cuvette_range(cdznse_cuvette(), intensity_w_per_cm2=REPORTED)
    assert not span.amplifies
    assert span.shortfall[0] > 45
    assert span.shortfall[1] > 4000
    assert np.nanmin(span.ase_w_per_cm2) > 200 * REPORTED
    assert span.mean_excitons.max() < 0.02
    assert span.bleach.max() < 0.03
    assert "absorbs for all of them" in span.report()
    assert len(span.to_dataframe()) == 12


def test_range_sees_gain_where_there_is_some() -> None:
    span = cuvette_range(cdznse_cuvette(), intensity_w_per_cm2=1e6)
    assert span.amplifies
    assert "amplifies for some of them" in span.report()


def test_amplification_takes_more_than_transparency() -> None:
    cuvette = poisson_cuvette()
    long = ase_intensity_w_per_cm2(cuvette, length=1e4)
    assert ase_intensity_w_per_cm2(cuvette) > long
    assert ase_intensity_w_per_cm2(cuvette, length=1e4, kappa=5.0) > long
    assert np.isnan(ase_intensity_w_per_cm2(cuvette, length=800.0))  # C sigma_0 L < 1


def test_signals_are_linear_and_without_threshold() -> None:
    power = np.linspace(10, 400, 40)
    response = pump_cuvette(cdznse_cuvette(), power)
    np.testing.assert_allclose(response.emission, power / 10, rtol=0.02)
    for enhancement in (response.lamp_enhancement, response.mirror_enhancement):
        assert np.all(np.diff(enhancement) > 0)
        assert chord_departure(power, enhancement) < 2e-3
    assert response.lamp[0] == pytest.approx(1.0)
    text = response.report()
    assert "net absorption" in text
    assert "without threshold" in text
    assert response.shortfall.min() > 300


def test_mirror_adds_reflectance_times_transmission() -> None:
    cuvette = cdznse_cuvette(mirror_reflectance=0.5)
    response = pump_cuvette(cuvette, [1e-3, 2e-3])
    transmitted = math.exp(response.unpumped_gain_per_cm * 0.1)
    np.testing.assert_allclose(
        response.mirror_enhancement, 0.5 * transmitted * response.emission, rtol=1e-6
    )
    none = pump_cuvette(cdznse_cuvette(mirror_reflectance=0.0), [10.0, 20.0])
    np.testing.assert_allclose(none.mirror_enhancement, 0.0, atol=1e-14)


def test_pump_recycling_adds_the_transmitted_pump() -> None:
    fields: dict[str, Any] = {"mirror_reflectance": 1.0, "pump_path": 100.0}
    once = pump_cuvette(cdznse_cuvette(**fields), [1e-3, 2e-3])
    twice = pump_cuvette(cdznse_cuvette(pump_recycling=True, **fields), [1e-3, 2e-3])
    passed = math.exp(-cdznse_cuvette().pump_absorption_per_cm * 0.01)
    total = (once.emission + once.mirror) * (1 + passed)
    np.testing.assert_allclose(twice.emission + twice.mirror, total, rtol=1e-6)


def test_lamp_bleaching_is_the_change_of_the_gain() -> None:
    """A narrow lamp: d ln T = dg l."""
    response = pump_cuvette(cdznse_cuvette(lamp_fwhm_nm=1e-3), [10.0, 400.0])
    change = response.gain_per_cm[1] - response.gain_per_cm[0]
    assert response.lamp_enhancement[1] == pytest.approx(math.expm1(change * 0.1), rel=1e-6)


def test_a_kink_is_not_a_straight_line() -> None:
    x = np.linspace(0, 1, 101)
    assert chord_departure(x, np.maximum(x - 0.5, 0)) == pytest.approx(0.5)
    assert chord_departure(x, 3 * x + 1) < 1e-12


def test_verdicts_are_honest() -> None:
    verdicts = {verdict.quantity: verdict for verdict in cuvette_verdicts()}
    assert len(verdicts) == 14
    disagree = [name for name, v in verdicts.items() if v.judgement == "disagrees"]
    assert "intensity for transparency (W/cm^2)" in disagree
    assert "gain at 654 nm and 31.8 W/cm^2 (1/cm)" in disagree
    assert "mean excitons per dot at 31.8 W/cm^2" in disagree
    assert verdicts["intensity of 250 mW (W/cm^2)"].value == pytest.approx(31.831, abs=1e-3)
    assert verdicts["A/A_0 right after the pulse at <N> ~ 1"].value == pytest.approx(
        0.104, abs=1e-3
    )
    spot = verdicts["spot of the 370 nm pump for <N> = 1 at 100 nJ (mm)"]
    assert spot.value == pytest.approx(0.65, abs=0.02)
    stokes = verdicts["Stokes shift (meV)"]
    assert "44.5 meV" in stokes.paper
    assert stokes.value == pytest.approx(71, abs=0.5)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: number_density_per_cm3(amount_mmol=-1, volume_ml=3), "amount_mmol, volume_ml"),
        (lambda: number_density_per_cm3(amount_mmol=1, volume_ml=0), "must be >= 0 and > 0"),
        (lambda: cdznse_cuvette(amount_mmol=0.0), "concentration_per_cm3"),
        (lambda: cdznse_cuvette(mirror_reflectance=1.2), "mirror_reflectance"),
        (lambda: cdznse_cuvette(pump_cross_section_cm2=-1e-15), "pump_cross_section_cm2"),
        (lambda: cdznse_cuvette().intensity_w_per_cm2(-1.0), "power_mw: must be >= 0"),
        (lambda: pump_cuvette(cdznse_cuvette(), [20.0, 10.0]), "power_mw: must be"),
        (lambda: transparency_intensity_w_per_cm2(cdznse_cuvette(), -0.6), "wavelength"),
        (lambda: ase_intensity_w_per_cm2(cdznse_cuvette(), kappa=0.0), "kappa, length"),
        (lambda: cuvette_range(cdznse_cuvette(), intensity_w_per_cm2=0.0), "intensity_w_per_cm2"),
        (lambda: chord_departure([0, 1], [0, 1]), "three pairs"),
        (lambda: CwCuvette(kinetics=1), "pump_cross_section_cm2"),  # type: ignore[call-arg]
    ],
)
def test_bad_input_is_named(call: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()  # type: ignore[operator]
