"""Uneven excitation: populations are averaged, not the excitation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import ArrayLike
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import exp1

from gain import (
    ExcitationProfile,
    GainFilm,
    absorbed_photons_at_threshold,
    depth_profile,
    gaussian_disk_profile,
    gaussian_overlap,
    gaussian_rim_profile,
    nanoplatelets,
    poisson_populations,
    pump_532,
    quantum_shells,
    threshold,
)
from gain.poisson_mixture import Spread, first_root, mixture
from solvers.modes import Mode

MODES = [
    Mode(wavenumber=9.438 - 1e-4j, confinement={"gain": 0.2}),
    Mode(wavenumber=9.60 - 1e-4j, confinement={"gain": 0.2}),
]


def uneven(share: ArrayLike, weight: ArrayLike) -> ExcitationProfile:
    return ExcitationProfile(share=np.asarray(share), weight=np.asarray(weight))


def test_even_excitation_changes_nothing() -> None:
    even = uneven([1.0, 1.0, 1.0], [0.2, 0.5, 0.1])
    plain, same = (
        threshold(MODES, quantum_shells()),
        threshold(MODES, quantum_shells(), excitation=even),
    )
    np.testing.assert_allclose(same.absorbed_photons, plain.absorbed_photons, rtol=1e-12)
    np.testing.assert_allclose(
        even.populations([0.3, 2.0]), poisson_populations([0.3, 2.0]), atol=1e-15
    )
    # half the share everywhere: twice the reference
    half = uneven([0.5], [3.0])
    double = threshold(MODES, quantum_shells(), excitation=half)
    np.testing.assert_allclose(double.absorbed_photons, 2 * plain.absorbed_photons, rtol=1e-12)


def test_gaussian_spot_over_a_disk_in_closed_form() -> None:
    """A disk sees fluences from 1 to u, uniform in ln u: <p_0> = [E1(N u) - E1(N)]/ln(1/u)."""
    profile = gaussian_disk_profile(10.0, 12.0)
    u = math.exp(-2 * (10 / 12) ** 2)
    for n in (0.3, 2.0, 9.0):
        exact = (exp1(n * u) - exp1(n)) / math.log(1 / u)
        p = profile.populations(n)
        assert p[0] == pytest.approx(exact, rel=1e-12)
        assert p.sum() == pytest.approx(1, abs=1e-12)
        one, _ = quad(lambda y, n=n: n * y * math.exp(-n * y) / y, u, 1)
        assert p[1] == pytest.approx(one / math.log(1 / u), rel=1e-9)
    assert profile.mean_share == pytest.approx((1 - u) / math.log(1 / u), rel=1e-12)


def test_gaussian_mode_under_a_gaussian_spot() -> None:
    """Mean fluence of a mode of radius m under a beam of radius w: 1/(1 + (m/w)^2)."""
    for mode_radius in (2.0, 10.0, 25.0):
        profile = gaussian_disk_profile(mode_radius, 10.0, mode="gaussian")
        exact = 1 / (1 + (mode_radius / 10.0) ** 2)
        assert profile.mean_share == pytest.approx(exact, rel=1e-4)


def test_rim_under_a_displaced_beam() -> None:
    """Mean over the rim: exp(-2 (r^2 + s^2)/w^2) I_0(4 r s/w^2)."""
    from scipy.special import i0

    assert gaussian_rim_profile(7.5, 20.0).mean_share == gaussian_overlap(7.5, 20.0)
    for offset in (0.5, 6.0, 20.0):
        profile = gaussian_rim_profile(7.5, 12.0, offset=offset)
        exact = math.exp(-2 * (7.5**2 + offset**2) / 144) * i0(4 * 7.5 * offset / 144)
        assert profile.mean_share == pytest.approx(float(exact), rel=1e-12)


def test_depth_profile_of_a_front_loaded_film() -> None:
    """Beer-Lambert: share a exp(-a z)/(1 - exp(-a)), <p_0> by exponential integrals."""
    depth = 3.0
    node, weight = np.polynomial.legendre.leggauss(40)
    z, dz = (node + 1) / 2, weight / 2
    profile = depth_profile(np.exp(-depth * z), np.ones(40), dz)
    assert profile.mean_share == pytest.approx(1, rel=1e-14)
    top = depth / -math.expm1(-depth)
    n = 1.3
    exact = (exp1(n * top * math.exp(-depth)) - exp1(n * top)) / depth
    assert profile.populations(n)[0] == pytest.approx(float(exact), rel=1e-12)
    # a convex p_0: uneven pumping leaves more nanocrystals dark than the mean says
    assert profile.populations(n)[0] > math.exp(-n)
    # weights follow the mode: all of it at the front
    front = depth_profile(np.exp(-depth * z), np.exp(-500 * z), dz)
    assert front.mean_share == pytest.approx(top, rel=0.02)


def test_two_photon_profile_is_the_square() -> None:
    """Gaussian flux of radius w: excitation as one of radius w/sqrt(2)."""
    squared = gaussian_disk_profile(8.0, 10.0).two_photon()
    narrower = gaussian_disk_profile(8.0, 10.0 / math.sqrt(2))
    np.testing.assert_allclose(squared.share, narrower.share, rtol=1e-12)
    assert squared.mean_share == pytest.approx(narrower.mean_share, rel=1e-12)


@pytest.mark.parametrize("medium", [quantum_shells(), nanoplatelets(coherence_areas=3)])
def test_threshold_is_the_first_root_of_the_averaged_gain(medium: GainFilm) -> None:
    """Against a dense scan and brentq on a sum written out."""
    profile = gaussian_disk_profile(10.0, 9.0).times(
        depth_profile([3.0, 2.0, 1.0, 0.5], [1.0, 4.0, 4.0, 1.0])
    )
    wavelength = np.array([0.634, 0.650, 0.662, 0.668])
    merit = np.array([4.0, 30.0, 60.0, 200.0])
    found = absorbed_photons_at_threshold(
        medium,
        wavelength,
        merit,
        excitation=profile,
    )
    for x, k, root in zip(wavelength, merit, found, strict=True):

        def excess(n: float, x: float = x, k: float = k) -> float:
            gain = medium.gain(x, absorbed_photons=n * profile.share)
            return float(profile.weight @ gain) - 1 / k

        scan = np.geomspace(1e-3, 1e4, 3000)
        above = np.flatnonzero([excess(n) >= 0 for n in scan])
        if not above.size:
            assert math.isnan(root)
            continue
        first = above[0]
        exact = brentq(excess, scan[first - 1], scan[first], xtol=1e-14)
        assert root == pytest.approx(float(exact), rel=1e-9)


def test_one_profile_per_mode_and_the_fluence_at_the_beam_peak() -> None:
    pump = pump_532("quantum_shells")
    profiles = [gaussian_rim_profile(7.5, w) for w in (20.0, 8.0)]
    found = threshold(MODES, quantum_shells(), pump, excitation=profiles)
    plain = threshold(MODES, quantum_shells(), pump)
    shares = [profile.mean_share for profile in profiles]
    np.testing.assert_allclose(found.absorbed_photons, plain.absorbed_photons / shares, rtol=1e-12)
    # a centred beam on a rim is the pump's overlap factor
    by_overlap = threshold(MODES[:1], quantum_shells(), pump.changed(overlap=shares[0]))
    assert found.fluence_uj_per_cm2 is not None
    assert by_overlap.fluence_uj_per_cm2 is not None
    assert found.fluence_uj_per_cm2[0] == pytest.approx(by_overlap.fluence_uj_per_cm2[0])


def test_sequences_by_part_and_weights_by_row() -> None:
    """Every part with its own states, every row with its own weights, against single rows."""
    rng = np.random.default_rng(3)
    sequence = np.sort(rng.uniform(-1, 1, (6, 4, 3)), axis=2)
    share, weight = np.array([0.2, 0.7, 1.0, 1.6]), rng.dirichlet(np.ones(4), 6)
    level = np.full(6, 0.05)
    found = first_root(sequence, level, Spread(share, weight))
    for row in range(6):

        def f(n: float, row: int = row) -> float:
            parts = mixture(sequence[row], n * share)
            return float(weight[row] @ parts) - 0.05

        if math.isnan(found[row]):
            assert all(f(n) < 0 for n in np.geomspace(1e-3, 1e4, 400))
        elif found[row] > 0:
            assert f(found[row]) == pytest.approx(0, abs=1e-12)
        alone = first_root(sequence[row : row + 1], level[:1], Spread(share, weight[row]))
        np.testing.assert_allclose(alone[0], found[row], rtol=1e-12)


def test_average_of_any_function_keeps_its_axes() -> None:
    profile = uneven([0.5, 2.0], [1.0, 3.0])
    mean = np.array([[0.1, 1.0, 2.0]])
    assert profile.populations(mean, states=5).shape == (1, 3, 5)
    np.testing.assert_allclose(profile.average(lambda n: n**2, mean), mean**2 * (0.25 + 12) / 4)
    assert profile.effective_photons(2.0) == pytest.approx(3.25)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: uneven([1.0], [1, 2]), "share, weight: must be one-dim"),
        (lambda: uneven([-1.0], [1]), "share: must be finite and >= 0"),
        (lambda: uneven([1.0], [0]), "weight: must have a positive sum"),
        (lambda: uneven([math.nan], [1]), "share: must be finite"),
        (lambda: depth_profile([0.0, 0.0], [1, 1]), "absorption: must have a positive mean"),
        (lambda: depth_profile([1.0], [1, 1]), "must be one-dimensional and equally long"),
        (lambda: gaussian_rim_profile(-1, 5), "rim_radius: must be >= 0"),
        (lambda: gaussian_rim_profile(1, 0), "beam_radius: must be positive"),
        (lambda: gaussian_disk_profile(0, 5), "mode_radius: must be positive"),
        (lambda: gaussian_disk_profile(5, 5, mode="ring"), "mode: must be 'top_hat' or"),
        (
            lambda: threshold(
                MODES, quantum_shells(), excitation=[gaussian_rim_profile(7.5, 20.0)]
            ),
            r"excitation: must be one profile or one per mode \(2\), got 1",
        ),
    ],
)
def test_bad_profiles(call: object, words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        call()  # type: ignore[operator]
    assert "\n" not in str(caught.value)
