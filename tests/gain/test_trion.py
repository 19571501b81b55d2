"""Charged dots: bleached absorption, trion emission, transparency in closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from gain import (
    ChargedMedium,
    GaussianLine,
    Shift,
    charged,
    coherence_areas,
    nanoplatelets,
    quantum_dots,
    quantum_shells,
    threshold_curve,
    transparency_photons,
    trion_provenance,
)


def unshifted(**fields: object) -> ChargedMedium:
    plain = quantum_dots(stokes=Shift(nm=0.0), biexciton_shift=Shift(nm=0.0))
    return charged(plain, **fields)


@pytest.mark.parametrize(("extra", "expected"), [(1, [-0.5, 0.5, 1.0]), (2, [0.0, 0.5, 1.0])])
def test_states_of_a_charged_dot(extra: int, expected: list[float]) -> None:
    """Ground-state absorption halved or gone, trion and charged biexciton amplify."""
    dots = unshifted(extra_carriers=extra)
    peak = dots.emission_wavelength
    np.testing.assert_allclose(dots.gain_coefficients(peak), expected, atol=1e-15)
    assert dots.absorption_coefficients(peak)[0] == 1 - extra / 2


@given(
    areas=st.integers(1, 6),
    extra=st.integers(1, 12),
    fraction=st.floats(0, 1),
    pairing=st.sampled_from(["paired", "uncorrelated"]),
)
def test_net_gain_without_shifts_is_the_fillings_less_one(
    areas: int, extra: int, fraction: float, pairing: str
) -> None:
    extra = min(extra, 2 * areas)
    dots = unshifted(
        coherence_areas=areas, extra_carriers=extra, charged_fraction=fraction, pairing=pairing
    )
    n = np.arange(2 * areas + 1)
    own, other = n / (2 * areas), np.minimum(n + extra, 2 * areas) / (2 * areas)
    expected = fraction * (own + other - 1) + (1 - fraction) * (2 * own - 1)
    found = dots.gain_coefficients(dots.emission_wavelength)
    np.testing.assert_allclose(found, expected, atol=1e-13)
    assert np.all(dots.absorption_coefficients(0.65) >= 0)
    assert np.all(dots.emission_coefficients(0.65) >= 0)


def test_uncorrelated_carriers_emit_and_absorb_as_squares() -> None:
    """f^2 and (1 - f)^2 for neutral nanocrystals: the plasma variant of the N-exciton ladder."""
    film = nanoplatelets(stokes=Shift(nm=0.0), pairing="uncorrelated")
    f = np.arange(film.states) / (film.states - 1)
    np.testing.assert_allclose(film.emission_coefficients(0.650), f**2, atol=1e-15)
    np.testing.assert_allclose(film.absorption_coefficients(0.650), (1 - f) ** 2, atol=1e-15)


@pytest.mark.parametrize("extra", [0, 1, 2])
@pytest.mark.parametrize("fraction", [0.0, 0.3, 1.0])
def test_transparency_in_closed_form(extra: int, fraction: float) -> None:
    """Against the zero of the medium's own gain."""
    closed = transparency_photons(extra, charged_fraction=fraction)
    dots = unshifted(extra_carriers=max(extra, 1), charged_fraction=fraction if extra else 0.0)
    peak = dots.emission_wavelength

    def gain(n: float) -> float:
        return float(dots.gain(peak, absorbed_photons=n))

    if gain(0.0) >= 0:
        assert closed == 0.0
        assert (extra, fraction) == (2, 1.0)
    else:
        assert closed == pytest.approx(float(brentq(gain, 0, 5, xtol=1e-14)), abs=1e-10)


def test_transparency_values() -> None:
    """exp(N) = 2 + N and exp(N) = (3 + N)/2."""
    neutral, single = transparency_photons(0), transparency_photons(1)
    assert neutral == pytest.approx(1.14619, abs=5e-6)
    assert math.exp(single) == pytest.approx((3 + single) / 2, rel=1e-12)
    assert single == pytest.approx(0.5831, abs=5e-5)
    assert transparency_photons(2) == 0.0


def test_no_charge_is_the_plain_medium_and_mixtures_are_linear() -> None:
    plain = quantum_shells()
    at = np.linspace(0.61, 0.69, 9)
    none = charged(plain, charged_fraction=0.0)
    np.testing.assert_array_equal(none.gain_coefficients(at), plain.gain_coefficients(at))
    full = charged(plain).gain_coefficients(at)
    mixed = charged(plain, charged_fraction=0.25).gain_coefficients(at)
    np.testing.assert_allclose(mixed, 0.25 * full + 0.75 * plain.gain_coefficients(at), atol=1e-15)


def test_lines_of_the_charged_species() -> None:
    """A trion 10 meV below the exciton, its biexciton at its own place."""
    dots = charged(
        quantum_dots(shifts_in="mev", stokes=Shift(mev=40.0), biexciton_shift=Shift(mev=30.0)),
        trion_shift="-10 meV",
    )
    assert sorted(dots.line_positions.round(9).tolist()) == [-60.0, -30.0, -20.0, 10.0]
    own = dots.changed(charged_biexciton_shift=Shift(mev=5.0))
    assert sorted(own.line_positions.round(9).tolist()) == [-45.0, -30.0, -5.0, 10.0]


def test_charging_lowers_the_threshold_and_ends_at_zero() -> None:
    """Good cavity, no shifts: 1.15, 0.58, 0 photons (plus what the loss asks for)."""
    merit = [1e6]
    flat = [
        float(threshold_curve(dots, merit).absorbed_photons[0])
        for dots in (
            unshifted(charged_fraction=0.0),
            unshifted(extra_carriers=1),
            unshifted(extra_carriers=2),
        )
    ]
    expected = [transparency_photons(0), transparency_photons(1)]
    np.testing.assert_allclose(flat[:2], expected, atol=5e-6)
    assert flat[2] < 1e-5
    shells = quantum_shells()
    better = [threshold_curve(charged(shells, charged_fraction=x), [20.0]) for x in (0, 0.5, 1)]
    photons = [float(one.absorbed_photons[0]) for one in better]
    assert photons[0] > photons[1] > photons[2]


def test_charge_and_size_dispersion_combine() -> None:
    dots = charged(quantum_dots(inhomogeneous=GaussianLine(std_nm=9.0)))
    plain = quantum_dots(inhomogeneous=GaussianLine(std_nm=9.0))
    at = 0.6391
    assert dots.absorption_coefficients(at)[0] == pytest.approx(
        plain.absorption_coefficients(at)[0] / 2, rel=1e-12
    )


@pytest.mark.parametrize(("merit", "areas"), [(100.0, 7), (20.0, 4)])
def test_platelets_need_many_areas_for_a_threshold_above_two(merit: float, areas: int) -> None:
    """N >= 2 needs M of about 7 at K = 100 and 4 at K = 20; lasing 11 to 16 nm red."""
    film = nanoplatelets(line=GaussianLine(std_nm=9.0), stokes=Shift(nm=9.0))
    curves = {
        m: threshold_curve(film.changed(coherence_areas=m), [merit]) for m in (areas - 1, areas + 1)
    }
    assert curves[areas - 1].absorbed_photons[0] < 2.05
    assert curves[areas + 1].absorbed_photons[0] > 1.95
    assert all(10.5 < float(curve.redshift_nm[0]) < 16.5 for curve in curves.values())


def test_areas_of_a_platelet() -> None:
    assert coherence_areas(122.0) == 20
    with pytest.raises(ValueError, match="lateral_area_nm2: must be positive, got 0"):
        coherence_areas(0.0)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: unshifted(charged_fraction=1.2), "charged_fraction"),
        (lambda: unshifted(charged_fraction=-0.1), "charged_fraction"),
        (lambda: unshifted(extra_carriers=0), "extra_carriers"),
        (lambda: unshifted(extra_carriers=3), "extra_carriers: must fit the band edge, at most"),
        (lambda: transparency_photons(3), "extra_carriers: must be 0, 1 or 2"),
        (lambda: transparency_photons(1, charged_fraction=2.0), "charged_fraction: must lie"),
        (lambda: unshifted(trion_shift=10.0), "shift: must carry its unit"),
    ],
)
def test_bad_charges(call: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()  # type: ignore[operator]


def test_every_default_of_the_charge_has_a_source() -> None:
    own = set(ChargedMedium.model_fields) - set(quantum_dots().model_dump())
    assert set(trion_provenance()) == own
    assert all(text.split(":")[0] in ("measured", "guess") for text in trion_provenance().values())
