"""`solve_modes(method="fdtd")` against exact resonances and against our own solvers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cavities import Layer, Microdisk, PlanarMicrocavity, Sphere
from cavities.mirrors import QuarterWaveMirror
from solvers import Mode, solve_modes
from solvers.engines.job import EngineJob
from solvers.engines.run_worker import RunOptions
from solvers.fdtd import FdtdSettings
from solvers.fdtd.axisymmetric_request import AxisymmetricRequest, axisymmetric_courant
from tests.solvers.exact_sphere import sphere_root


def deviations(mode: Mode, wavelength: float, quality: float) -> tuple[float, float]:
    return abs(mode.wavelength / wavelength - 1), abs(mode.quality_factor / quality - 1)


@pytest.mark.meep
@pytest.mark.parametrize("resolutions", [(12.0, 16.0, 21.0), (11.0, 14.0, 18.0, 22.0)])
def test_sphere_is_exact_within_the_reported_error(
    engine: RunOptions, resolutions: tuple[float, ...]
) -> None:
    """Sphere n = 2, TE l = 6 at m = 1; `benchmarks/engines.py` has the other cases."""
    exact = sphere_root(6, "TE", 2.0, 4.511 - 0.0256j)
    settings = FdtdSettings(resolutions=resolutions, quality_factor_goal=300)
    modes = solve_modes(
        Sphere(radius=1.0, material=2.0),
        (1.35, 1.43),
        method="fdtd",
        azimuthal_order=1,
        quality_factor_floor=40,
        settings=settings,
        engine=engine,
    )
    assert len(modes) == 1
    mode = modes[0]
    wavelength, quality = 2 * math.pi / exact.real, -exact.real / (2 * exact.imag)
    apart, q_apart = deviations(mode, wavelength, quality)
    assert apart < mode.wavelength_error / wavelength < 5e-3
    assert q_apart < mode.quality_factor_error < 0.25
    assert mode.quality_factors["radiation"] == pytest.approx(mode.quality_factor)
    flux = mode.settings["flux_and_dissipation"]["radiation"]
    assert 1 / flux == pytest.approx(quality, rel=0.15)


@pytest.fixture(scope="module")
def planar() -> PlanarMicrocavity:
    mirror = QuarterWaveMirror(
        design_wavelength=0.6, high_material=2.3, low_material=1.46, pairs=4.5
    )
    layers = (
        Layer(name="gain", material=1.85, thickness=0.8),
        Layer(name="lossy", material=1.6 + 0.002j, thickness=0.1),
    )
    return PlanarMicrocavity(bottom_mirror=mirror, top_mirror=mirror, cavity=layers)


@pytest.mark.meep
def test_planar_cavity_agrees_with_the_multilayer_solver(
    engine: RunOptions, planar: PlanarMicrocavity
) -> None:
    window = (0.57, 0.66)
    expected = solve_modes(planar, window, quality_factor_floor=50)
    found = solve_modes(planar, window, method="fdtd", quality_factor_floor=50, engine=engine)
    assert len(found) == len(expected) == 1
    one, other = expected[0], found[0]
    apart, q_apart = deviations(other, one.wavelength, one.quality_factor)
    assert apart < 2e-4
    assert q_apart < 0.05
    assert other.confinement["gain"] == pytest.approx(one.confinement["gain"], abs=0.02)
    for channel, value in one.quality_factors.items():
        if value < 1e5:
            assert other.quality_factors[channel] == pytest.approx(value, rel=0.08), channel
    z = np.linspace(0.8, 1.6, 200)
    fields = [np.abs(mode.field(0.0, z)["E_phi"].values[0]) for mode in (one, other)]
    shapes = [field / np.linalg.norm(field) for field in fields]
    assert float(shapes[0] @ shapes[1]) > 0.999
    assert found.provenance["material_fits"]
    again = solve_modes(planar, window, method="fdtd", quality_factor_floor=50, engine=engine)
    assert all(run["reused"] for run in again.provenance["runs"])


@pytest.mark.meep
def test_small_microdisk_agrees_with_finite_elements(engine: RunOptions) -> None:
    """A disk of 1 um on glass: 0.2 % in wavelength and 5 % in Q, or inside the error.

    Seven pixels per wavelength in the medium keep the runs short; measured: TE 2e-5 and 2e-3, TM
    3e-3 (its own error: 5e-3) and 0.035 (0.09).
    """
    disk = Microdisk(radius=0.5, height=0.25, material=2.5, substrate=1.3, superstrate=1.0)
    window = (0.735, 0.78)
    expected = solve_modes(disk, window, azimuthal_order=6, quality_factor_floor=30)
    found = solve_modes(
        disk,
        window,
        method="fdtd",
        azimuthal_order=6,
        quality_factor_floor=30,
        settings=FdtdSettings(quality_factor_goal=300, pixels_per_wavelength=7),
        engine=engine,
    )
    assert len(found) == len(expected) == 2
    for one, other in zip(expected, found, strict=True):
        apart, q_apart = deviations(other, one.wavelength, one.quality_factor)
        assert apart < max(2e-3, other.wavelength_error / one.wavelength) < 0.01
        assert q_apart < max(0.05, other.quality_factor_error) < 0.12
        assert other.confinement["disk"] == pytest.approx(one.confinement["disk"], abs=0.06)


def test_high_orders_have_their_time_step() -> None:
    assert axisymmetric_courant(0) == axisymmetric_courant(1) == 0.5
    assert axisymmetric_courant(3) == pytest.approx(0.9 / 3.5)
    assert axisymmetric_courant(40) == 0.5
    assert axisymmetric_courant(3, 0.1) == 0.1


def _job(cavity: object, order: int) -> EngineJob:
    request = AxisymmetricRequest(
        body=cavity.body(),  # type: ignore[attr-defined]
        azimuthal_order=order,
        wavelength=(0.8, 0.85),
        settings=FdtdSettings(),
    )
    return request.job(request.resolutions()[0])


def test_absorber_lies_beyond_the_turning_point() -> None:
    """An absorber where light of order m is still evanescent would take part of the mode."""
    sphere = Sphere(radius=1.0, material=2.0)
    near, far = (_job(sphere, order).request["high"][0] for order in (1, 15))
    assert far - near == pytest.approx(15 * 0.85 / (2 * math.pi) - 1.0, abs=0.05)


def test_shapes_keep_their_kind_and_order() -> None:
    disk = Microdisk(radius=1.0, height=0.3, material=2.0, wall_angle_deg=20.0, substrate=1.45)
    kinds = [shape["kind"] for shape in _job(disk, 8).request["shapes"]]
    assert kinds == ["block", "prism"]
    ball = _job(Sphere(radius=1.0, material=2.0), 8).request["shapes"]
    assert [shape["kind"] for shape in ball] == ["sphere"]
    assert ball[0]["radius"] == pytest.approx(1.0)


def test_sources_lie_in_the_cavity_and_the_second_run_differs() -> None:
    sphere = Sphere(radius=1.0, material=2.0)
    request = AxisymmetricRequest(
        body=sphere.body(), azimuthal_order=8, wavelength=(0.8, 0.85), settings=FdtdSettings()
    )
    first, second = (request.job(30.0, repeat=again).request for again in (False, True))
    points = [s["point"] for r in (first, second) for s in r["sources"]]
    assert all(math.hypot(r, z) < 1 and abs(z) > 1e-3 for r, _, z in points)
    assert {s["component"] for s in first["sources"]} == {"Er", "Ep", "Ez"}
    assert not {tuple(s["point"]) for s in first["sources"]} & {
        tuple(s["point"]) for s in second["sources"]
    }
    assert second["high"][0] > first["high"][0]


def test_flat_walls_lie_alike_in_their_pixels_at_every_resolution() -> None:
    walls = [(0.43, 0.0), (1.0, 0.2)]
    ladder = FdtdSettings().ladder(0.85, 2.5, walls)
    assert ladder[-1] / ladder[0] == pytest.approx(2, rel=0.17)
    for resolution in ladder:
        for place, wanted in walls:
            pixels = place * resolution - wanted
            assert abs(pixels - round(pixels)) < 0.06


def test_bad_input_is_refused_before_anything_runs() -> None:
    sphere = Sphere(radius=1.0, material=2.0)
    with pytest.raises(ValueError, match="azimuthal_order: must be given"):
        solve_modes(sphere, (0.6, 0.7), method="fdtd")
    with pytest.raises(ValueError, match="engine: must be left out"):
        solve_modes(sphere, (0.6, 0.7), azimuthal_order=8, engine=RunOptions())
    with pytest.raises(ValueError, match="polarization: must be left out"):
        solve_modes(sphere, (0.6, 0.7), method="fdtd", polarization="TE")
    with pytest.raises(ValueError, match="resolutions: must be > 0 and rise"):
        FdtdSettings(resolutions=(20.0, 10.0))
    gain = Sphere(radius=1.0, material=2.0 - 0.01j)
    with pytest.raises(ValueError, match="must not amplify"):
        solve_modes(gain, (0.6, 0.7), method="fdtd", azimuthal_order=3, engine=RunOptions())
