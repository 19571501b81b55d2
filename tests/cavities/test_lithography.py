"""Lithography against closed forms, brute-force convolutions and exact invariants."""

from __future__ import annotations

import logging
import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from pydantic import ValidationError
from scipy.integrate import dblquad, quad

from cavities import Exposure
from cavities.depth_dose import depth_dose
from cavities.outline import Line, Parabola, Spline

REFINEMENTS = [
    {},
    {"substrate_reflectance": 0.3},
    {"diffusion_length": 0.25},
    {"shrinkage": 0.06},
    {"substrate_reflectance": 0.2, "diffusion_length": 0.1, "shrinkage": 0.03},
]


@st.composite
def attached_exposures(draw: st.DrawFn) -> Exposure:
    """Any exposure that leaves a disk with a foot."""
    waist = draw(st.floats(2.0, 20.0))
    absorber = draw(st.floats(0.0, 60.0))
    film = draw(st.floats(0.5, 10.0))
    limit = draw(st.floats(0.05, 20.0))
    margin = draw(st.floats(0.01, 4.0))
    time_ms = draw(st.floats(1.0, 1000.0))
    absorption = 0.0069 * absorber
    energy_uj = limit * math.pi * waist**2 / 200 * math.exp(absorption * film + margin)
    return Exposure(
        beam_waist=waist,
        absorber_mg_per_ml=absorber,
        film_thickness=film,
        cross_linking_dose_j_per_cm2=limit,
        time_ms=time_ms,
        power_uw=energy_uj / time_ms * 1e3,
    )


def test_peak_dose_in_si_units() -> None:
    shot = Exposure()
    energy, waist = 500e-6 * 50e-3, 7e-6
    assert_allclose(shot.energy_uj, energy * 1e6, rtol=1e-15)
    peak_j_per_m2 = 2 * energy / (math.pi * waist**2)
    assert_allclose(shot.peak_dose_j_per_cm2, peak_j_per_m2 * 1e-4, rtol=1e-14)


def test_radial_dose_integrates_to_the_energy() -> None:
    """At the top face of a film without refinements, the whole shot passes: 2 pi int W r dr = E."""
    shot = Exposure()
    top = shot.film_thickness
    total, _ = quad(lambda r: 2 * math.pi * r * float(shot.dose_j_per_cm2(r, top)), 0, 60)
    assert_allclose(total * 1e-8 * 1e6, shot.energy_uj, rtol=1e-10)  # um^2 -> cm^2, J -> uJ


@pytest.mark.parametrize("refinement", REFINEMENTS)
def test_dose_on_the_iso_surface_is_the_threshold(refinement: dict[str, float]) -> None:
    shot = Exposure(**refinement)
    profile = shot.profile()
    z = np.linspace(profile.bottom, profile.top, 101)
    scale = 1 - shot.shrinkage
    dose = shot.dose_j_per_cm2(profile.radius(z) / scale, np.minimum(z / scale, 5.0))
    assert_allclose(dose, shot.cross_linking_dose_j_per_cm2, rtol=1e-12)


def test_wall_is_the_corrected_equation_3() -> None:
    """z = z0 + (1/a) [2 r^2/w0^2 + ln(W_cl pi w0^2/(2 P tau))] along the exact parabola."""
    shot = Exposure(absorber_mg_per_ml=35.0)
    profile = shot.profile()
    assert isinstance(profile.wall, Parabola)
    r, z = profile.wall.points(profile.wall_start, np.linspace(0, 1, 50)).T
    logarithm = math.log(3.27 * math.pi * 49e-8 / (2 * 25e-6))
    expected = 5.0 + (2 * r**2 / 49 + logarithm) / (0.0069 * 35)
    assert_allclose(z, expected, atol=1e-12)


def test_without_absorber_the_wall_is_vertical() -> None:
    profile = Exposure(absorber_mg_per_ml=0.0).profile()
    assert isinstance(profile.wall, Line)
    assert profile.wall_tilt_deg == 0
    assert profile.base_radius == profile.top_radius
    assert profile.vertex_height == -math.inf


def test_vertical_wall_is_the_limit_of_little_absorber() -> None:
    cylinder = Exposure(absorber_mg_per_ml=0.0).profile()
    for absorber in (1e-2, 1e-4, 1e-6):
        profile = Exposure(absorber_mg_per_ml=absorber).profile()
        difference = 0.0069 * absorber * 5.0 * 49 / 2  # of the squared radii
        first_order = difference / (2 * cylinder.top_radius)
        second_order = difference / (4 * cylinder.top_radius**2)  # relative to the first
        assert_allclose(profile.undercut, first_order, rtol=1.01 * second_order + 1e-7)
        lost = difference / 2 / cylinder.top_radius**2
        assert_allclose(1 - profile.volume / cylinder.volume, lost, rtol=1e-6, atol=1e-14)


@given(attached_exposures(), st.floats(0.0, 1.0))
def test_top_radius_does_not_depend_on_the_absorber(shot: Exposure, fraction: float) -> None:
    less = shot.changed(absorber_mg_per_ml=fraction * shot.absorber_mg_per_ml)
    assert less.profile().top_radius == pytest.approx(shot.profile().top_radius, rel=1e-14)


@given(attached_exposures())
def test_undercut_law(shot: Exposure) -> None:
    """R_top^2 - R_base^2 = a z0 w0^2/2 exactly."""
    profile = shot.profile()
    law = shot.absorption_per_um * shot.film_thickness * shot.beam_waist**2 / 2
    difference = profile.top_radius**2 - profile.base_radius**2
    assert difference == pytest.approx(law, rel=1e-12, abs=1e-12 * profile.top_radius**2)


@given(attached_exposures(), st.floats(1.01, 30.0))
def test_radius_squared_grows_with_the_logarithm_of_time(shot: Exposure, factor: float) -> None:
    longer = shot.changed(time_ms=factor * shot.time_ms)
    gain = longer.profile().top_radius ** 2 - shot.profile().top_radius ** 2
    assert gain == pytest.approx(shot.beam_waist**2 / 2 * math.log(factor), rel=1e-9)


@given(attached_exposures())
def test_inverse_of_forward_is_identity(shot: Exposure) -> None:
    diameter = shot.profile().diameter
    assert shot.energy_for_diameter_uj(diameter) == pytest.approx(shot.energy_uj, rel=1e-11)
    assert shot.time_for_diameter_ms(diameter) == pytest.approx(shot.time_ms, rel=1e-11)


@pytest.mark.parametrize("refinement", REFINEMENTS)
@given(diameter=st.floats(12.0, 24.0))
def test_forward_of_inverse_is_identity(refinement: dict[str, float], diameter: float) -> None:
    shot = Exposure(absorber_mg_per_ml=10.0, **refinement).with_diameter(diameter)
    assert shot.profile().diameter == pytest.approx(diameter, rel=1e-12)


def test_inverse_closed_form() -> None:
    shot = Exposure()
    for diameter in (10.0, 20.0, 30.0):
        closed = math.pi * 49e-8 * 3.27 / 2 * math.exp(diameter**2 / (2 * 49))
        assert_allclose(shot.energy_for_diameter_uj(diameter), closed * 1e6, rtol=1e-12)


@given(attached_exposures(), st.floats(0.2, 5.0))
def test_scaling_all_lengths_at_fixed_dose_scales_the_profile(shot: Exposure, s: float) -> None:
    scaled = shot.changed(
        beam_waist=s * shot.beam_waist,
        film_thickness=s * shot.film_thickness,
        absorber_mg_per_ml=shot.absorber_mg_per_ml / s,
        power_uw=s**2 * shot.power_uw,
    )
    small, large = shot.profile(), scaled.profile()
    for name in ("top_radius", "base_radius", "height"):
        assert getattr(large, name) == pytest.approx(s * getattr(small, name), rel=1e-9)
    assert large.volume == pytest.approx(s**3 * small.volume, rel=1e-9)
    assert large.wall_tilt_deg == pytest.approx(small.wall_tilt_deg, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("absorber", "base_radius", "tilt_deg"), [(10, 6.91, 6.4), (20, 6.27, 12.7), (40, 4.74, 24.3)]
)
def test_default_disk(absorber: float, base_radius: float, tilt_deg: float) -> None:
    """Independent prototype's table for 15 um disks, w0 = 7 um, a = 0.138/um at 20 mg/mL."""
    profile = Exposure(absorber_mg_per_ml=absorber).profile()
    assert profile.diameter == pytest.approx(15.0, abs=0.005)
    assert profile.base_radius == pytest.approx(base_radius, abs=0.005)
    assert profile.wall_tilt_deg == pytest.approx(tilt_deg, abs=0.05)
    closed = math.degrees(math.atan(0.0069 * absorber * 49 / (4 * profile.top_radius)))
    assert profile.wall_tilt_deg == pytest.approx(closed, rel=1e-12)


@pytest.mark.parametrize("refinement", REFINEMENTS)
def test_volume_against_quadrature(refinement: dict[str, float]) -> None:
    profile = Exposure(absorber_mg_per_ml=30.0, **refinement).profile()
    expected, _ = quad(
        lambda z: math.pi * float(profile.radius(z)) ** 2, profile.bottom, profile.top, epsabs=1e-9
    )
    # a spline wall follows the iso-dose surface within 1e-6 um
    rtol = 1e-12 if isinstance(profile.wall, Parabola) else 1e-6
    assert_allclose(profile.volume, expected, rtol=rtol)


@given(attached_exposures())
def test_volume_closed_form(shot: Exposure) -> None:
    profile, z0 = shot.profile(), shot.film_thickness
    a = shot.absorption_per_um
    closed = math.pi * z0 * (profile.top_radius**2 - a * shot.beam_waist**2 * z0 / 4)
    assert profile.volume == pytest.approx(closed, rel=1e-11)


@pytest.mark.parametrize("refinement", REFINEMENTS)
def test_dose_latitude_is_the_derivative(refinement: dict[str, float]) -> None:
    shot = Exposure(**refinement)
    step = 1e-4
    low, high = (shot.changed(time_ms=50 * math.exp(s)).profile() for s in (-step, step))
    profile = shot.profile()
    slope = (high.top_radius - low.top_radius) / (2 * step)
    assert_allclose(profile.dose_latitude, slope, rtol=1e-7)
    base_slope = (high.base_radius - low.base_radius) / (2 * step)
    assert_allclose(profile.base_latitude, base_slope, rtol=1e-7)


def test_detached_disk() -> None:
    shot = Exposure(absorber_mg_per_ml=80.0)
    with pytest.raises(ValueError, match="detached") as error:
        shot.profile()
    message = str(error.value)
    assert "\n" not in message
    assert "cross_linking_dose_j_per_cm2 = 3.27" in message
    wanted = re.search(r"above ([\d.]+) uJ", message)
    assert wanted is not None
    enough = float(wanted.group(1)) * 1.001
    assert shot.changed(time_ms=enough / 500 * 1e3).profile().attached
    cap = shot.profile(allow_detached=True)
    z0, a = 5.0, shot.absorption_per_um
    surface = math.log(shot.peak_dose_j_per_cm2 / 3.27)
    assert not cap.attached
    assert math.isnan(cap.base_latitude)
    assert cap.vertex_height == pytest.approx(z0 - surface / a, rel=1e-12)
    assert cap.bottom == cap.vertex_height
    assert cap.volume == pytest.approx(math.pi * 49 / 2 * surface**2 / (2 * a), rel=1e-12)
    assert cap.outline().polygon(1e-6).is_valid
    assert "detached" in cap.summary()


@pytest.mark.parametrize("refinement", REFINEMENTS[1:3])
def test_detached_cap_with_refinement(refinement: dict[str, float]) -> None:
    shot = Exposure(absorber_mg_per_ml=100.0, **refinement)
    cap = shot.profile(allow_detached=True)
    assert 0 < cap.vertex_height < 5
    on_axis = float(shot.dose_j_per_cm2(0.0, cap.vertex_height))
    assert on_axis == pytest.approx(3.27, rel=1e-11)
    expected, _ = quad(lambda z: math.pi * float(cap.radius(z)) ** 2, cap.bottom, cap.top)
    assert cap.volume == pytest.approx(expected, rel=1e-6)


def test_under_dose() -> None:
    shot = Exposure(time_ms=1.0)
    with pytest.raises(ValueError, match="nothing cross-links") as error:
        shot.profile(allow_detached=True)
    message = str(error.value)
    assert "\n" not in message
    wanted = re.search(r"above ([\d.]+) uJ", message)
    assert wanted is not None
    barely = float(wanted.group(1)) * 1.001 / 500 * 1e3
    assert shot.changed(time_ms=barely).profile(allow_detached=True).top_radius > 0


def test_narrow_beam_is_doubted(caplog: pytest.LogCaptureFixture) -> None:
    """w0 = 0.43 um, the NA 0.3 diffraction limit: Rayleigh range 2.3 um in a 5 um film."""
    shot = Exposure(beam_waist=0.43, time_ms=0.5)
    with caplog.at_level(logging.WARNING, logger="cavities.lithography"):
        profile = shot.profile()
    (doubt,) = profile.warnings
    assert "got 2.3 um" in doubt
    assert "25 um" in doubt
    assert caplog.messages == [doubt]
    assert doubt in profile.summary()


def test_wide_beam_is_not_doubted() -> None:
    assert Exposure().rayleigh_range == pytest.approx(608, rel=0.01)
    assert Exposure().profile().warnings == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("absorber_mg_per_ml", -20.0),
        ("power_uw", 0.0),
        ("time_ms", -1.0),
        ("beam_waist", 0.0),
        ("film_thickness", -5.0),
        ("cross_linking_dose_j_per_cm2", 0.0),
        ("substrate_reflectance", 1.5),
        ("shrinkage", 1.0),
        ("diffusion_length", -0.1),
        ("time_ms", math.nan),
        ("time_ms", math.inf),
    ],
)
def test_impossible_values_are_named(field: str, value: float) -> None:
    with pytest.raises(ValidationError) as error:
        Exposure(**{field: value})
    (details,) = error.value.errors()
    assert details["loc"] == (field,)
    assert "should be" in details["msg"]
    assert details["input"] == pytest.approx(value, nan_ok=True)


def test_unknown_fields_are_errors() -> None:
    with pytest.raises(ValidationError, match="power_mw"):
        Exposure(power_mw=0.5)  # type: ignore[call-arg]


@pytest.mark.parametrize("diameter", [0.0, -3.0, math.nan, math.inf])
def test_impossible_diameters(diameter: float) -> None:
    with pytest.raises(ValueError, match="diameter: must be > 0"):
        Exposure().energy_for_diameter_uj(diameter)


def test_diameter_out_of_reach() -> None:
    """A diffraction-limited NA 0.3 beam would need 10^265 threshold doses for a 15 um disk."""
    shot = Exposure(beam_waist=0.43)
    assert math.log10(shot.energy_for_diameter_uj(15.0)) == pytest.approx(264, abs=2)
    with pytest.raises(ValueError, match="use a wider beam"):
        shot.energy_for_diameter_uj(20.0)


def test_reflection_adds_the_light_that_comes_back() -> None:
    z = np.linspace(0, 5, 11)
    without = depth_dose(z, thickness=5.0, absorption_per_um=0.2)
    with_mirror = depth_dose(z, thickness=5.0, absorption_per_um=0.2, reflectance=0.4)
    assert_allclose(without, np.exp(-0.2 * (5 - z)), rtol=1e-14)
    assert_allclose(with_mirror / without, 1 + 0.4 * np.exp(-0.4 * z), rtol=1e-14)


@pytest.mark.parametrize("sigma", [0.02, 0.24])
def test_narrow_depth_blur_against_the_heat_equation(sigma: float) -> None:
    """Insulated slab: cosine series, each term damped by exp(-(n pi sigma/z0)^2/2)."""
    z0, a, reflectance = 5.0, 0.3, 0.25
    z = np.linspace(0, z0, 23)
    n = np.arange(1, 4000)
    k = n * np.pi / z0

    def series(rate: float) -> np.ndarray:
        sign = (-1.0) ** n
        mean = (math.exp(rate * z0) - 1) / (rate * z0)
        c = 2 / z0 * rate * (sign * math.exp(rate * z0) - 1) / (rate**2 + k**2)
        damped = c * np.exp(-((k * sigma) ** 2) / 2)
        return np.asarray(mean + np.cos(np.outer(z, k)) @ damped)

    expected = math.exp(-a * z0) * (series(a) + reflectance * series(-a))
    got = depth_dose(
        z, thickness=z0, absorption_per_um=a, reflectance=reflectance, diffusion_length=sigma
    )
    assert_allclose(got, expected, rtol=1e-10)


@pytest.mark.parametrize("sigma", [0.24, 0.26, 1.5, 20.0])
@pytest.mark.parametrize("absorption", [0.0, 0.3, 2.0])
def test_depth_blur_against_folded_quadrature(sigma: float, absorption: float) -> None:
    """Fold the Gaussian back into the slab at both faces and integrate numerically."""
    z0 = 5.0
    images = np.arange(-60, 61) * 2 * z0

    def kernel(source: float, z: float) -> float:
        steps = np.concatenate([z - source - images, z + source - images])
        return float(np.exp(-((steps / sigma) ** 2) / 2).sum() / (sigma * math.sqrt(2 * math.pi)))

    for z in (0.0, 0.9, 5.0):
        expected, _ = quad(
            lambda s, z=z: math.exp(-absorption * (z0 - s)) * kernel(s, z),
            0,
            z0,
            points=[min(z + 3 * sigma, z0), z] if sigma < 1 else None,
            epsabs=1e-13,
            epsrel=1e-12,
            limit=400,
        )
        got = depth_dose(z, thickness=z0, absorption_per_um=absorption, diffusion_length=sigma)
        assert_allclose(got, expected, rtol=1e-9, atol=1e-13)


def test_lateral_blur_against_a_direct_convolution() -> None:
    """At a = 0 the depth plays no part: convolve the beam with the Gaussian by quadrature."""
    shot = Exposure(absorber_mg_per_ml=0.0, diffusion_length=1.2)
    s, r = 1.2, 4.0

    def integrand(y: float, x: float) -> float:
        beam = math.exp(-2 * ((r - x) ** 2 + y**2) / 49)
        return beam * math.exp(-(x**2 + y**2) / (2 * s**2)) / (2 * math.pi * s**2)

    blurred, _ = dblquad(integrand, -9, 9, -9, 9, epsabs=1e-10)
    expected = shot.peak_dose_j_per_cm2 * blurred
    assert_allclose(shot.dose_j_per_cm2(r, 2.0), expected, rtol=1e-8)


@given(st.floats(0.01, 5.0), st.floats(0.0, 1.0))
def test_depth_blur_keeps_the_total_dose(sigma: float, a: float) -> None:
    nodes, weights = np.polynomial.legendre.leggauss(200)
    z = 2.5 * (1 + nodes)
    sharp, blurred = (
        depth_dose(z, thickness=5.0, absorption_per_um=a, diffusion_length=s) @ weights
        for s in (0.0, sigma)
    )
    assert blurred == pytest.approx(sharp, rel=1e-7)


def test_blur_vanishes_with_its_length() -> None:
    """The radius at mid-height moves as s^2, the foot as s (reflection at the substrate)."""
    sharp = Exposure().profile()
    middle, foot = [], []
    for sigma in (0.2, 0.1, 0.05):
        blurred = Exposure(diffusion_length=sigma).profile()
        assert isinstance(blurred.wall, Spline)
        middle.append(abs(float(blurred.radius(2.5) - sharp.radius(2.5))))
        foot.append(abs(blurred.base_radius - sharp.base_radius))
    assert middle[1] / middle[0] == pytest.approx(1 / 4, rel=0.05)
    assert middle[2] / middle[1] == pytest.approx(1 / 4, rel=0.05)
    assert foot[1] / foot[0] == pytest.approx(1 / 2, rel=0.05)
    assert foot[2] / foot[1] == pytest.approx(1 / 2, rel=0.05)


def test_reflection_widens_the_foot_most() -> None:
    sharp, mirrored = Exposure().profile(), Exposure(substrate_reflectance=0.3).profile()
    assert mirrored.base_radius - sharp.base_radius > mirrored.top_radius - sharp.top_radius > 0


@pytest.mark.parametrize("refinement", REFINEMENTS[1:3])
def test_computed_wall_follows_the_iso_dose(refinement: dict[str, float]) -> None:
    profile = Exposure(**refinement).profile()
    r, z = profile.wall.points(profile.wall_start, np.linspace(0, 1, 777)).T
    inside = np.clip(z, profile.bottom, profile.top)
    assert_allclose(r, profile.radius(inside), atol=2e-6)
    assert np.all(np.diff(z) > 0)


def test_shrinkage_scales_every_length() -> None:
    plain, shrunk = Exposure().profile(), Exposure(shrinkage=0.1).profile()
    assert isinstance(shrunk.wall, Parabola)
    for name in ("top_radius", "base_radius", "height", "undercut", "vertex_height"):
        assert getattr(shrunk, name) == pytest.approx(0.9 * getattr(plain, name), rel=1e-12)
    assert shrunk.volume == pytest.approx(0.9**3 * plain.volume, rel=1e-12)
    assert shrunk.wall_tilt_deg == pytest.approx(plain.wall_tilt_deg, rel=1e-12)


@given(attached_exposures())
def test_outline_area_closed_form(shot: Exposure) -> None:
    """Area of the half cross-section: int r dz = (2/3) (h/(Rt^2 - Rb^2)) (Rt^3 - Rb^3)."""
    profile = shot.profile()
    top, base, h = profile.top_radius, profile.base_radius, profile.height
    area = 2 / 3 * h * (top**2 + top * base + base**2) / (top + base)
    outline = profile.outline()
    assert outline.polygon(1e-7 * top).area == pytest.approx(area, rel=1e-6)


def test_radius_outside_the_solid_is_nan() -> None:
    profile = Exposure().profile()
    assert np.isnan(profile.radius([-0.1, 5.1])).all()


def test_hash_tells_exposures_apart() -> None:
    assert Exposure().content_hash() == Exposure().content_hash()
    assert Exposure().content_hash() != Exposure(time_ms=51.0).content_hash()
