"""Derivatives of modes against exact spheres, scaling laws and modes solved again."""

from __future__ import annotations

import cmath
import dataclasses
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import Field

from cavities import Exposure, Material, Microdisk, Micropillar, ParabolicMicrodisk, Sphere
from cavities.body_of_revolution import BodyOfRevolution, Region
from cavities.material import as_material
from cavities.outline import Outline
from cavities.spec import Spec
from solvers import Mode, ModeDerivative, mode_derivative, solve_modes
from solvers.axisymmetric.fields import ResolvedField
from solvers.axisymmetric.interface_motion import STENCILS, attach, interface_velocity
from solvers.axisymmetric.settings import AxisymmetricSettings
from tests.solvers.exact_sphere import dispersive_root, index_derivative, sphere_root

DOCUMENT = Path(__file__).parents[2] / "docs" / "derivatives.md"
FINE = AxisymmetricSettings(order=7)
QUICK = AxisymmetricSettings(quality_tolerance=1e-7)
SPHERE = Sphere(radius=1.0, material=1.5)
METAL = Material.constant(0.18 + 3.4j, name="metal")


def relative_errors(got: complex, exact: complex) -> tuple[float, float]:
    return abs(got.real / exact.real - 1), abs(got.imag / exact.imag - 1)


@pytest.fixture(scope="module", params=["TE", "TM"])
def sphere_mode(request: pytest.FixtureRequest) -> Mode:
    window = {"TE": (0.3865, 0.3875), "TM": (0.377, 0.378)}[request.param]
    (mode,) = solve_modes(
        SPHERE, window, azimuthal_order=20, quality_factor_floor=400, settings=FINE
    )
    assert mode.polarization == request.param
    return mode


def exact_sphere(mode: Mode) -> tuple[complex, complex]:
    """Return the exact k and dk/dn of the mode with l = m = 20."""
    assert mode.polarization in ("TE", "TM")
    polarization: Any = mode.polarization
    k = sphere_root(20, polarization, 1.5, mode.wavenumber)
    return k, index_derivative(20, polarization, 1.5, k)


def test_radius_of_a_sphere(sphere_mode: Mode) -> None:
    """dk/dR = -k/R, as Maxwell's equations scale: so that Q does not change."""
    k, _ = exact_sphere(sphere_mode)
    slope = mode_derivative(sphere_mode, SPHERE, "radius")
    real, imag = relative_errors(slope.wavenumber, -k)
    assert real < 1e-7
    assert imag < 1e-4
    assert slope.relative_wavelength == pytest.approx(1.0, rel=1e-7)
    assert abs(slope.relative_quality_factor) < 1e-4


@pytest.mark.parametrize("name", ["index:sphere", "index:n = 1.5", "material.index"])
def test_index_of_a_sphere(sphere_mode: Mode, name: str) -> None:
    _, exact = exact_sphere(sphere_mode)
    slope = mode_derivative(sphere_mode, SPHERE, name)
    real, imag = relative_errors(slope.wavenumber, exact)
    assert real < 1e-6
    assert imag < 1e-5
    assert slope.value == 1.5


def test_extinction_is_imaginary_index(sphere_mode: Mode) -> None:
    index = mode_derivative(sphere_mode, SPHERE, "index:sphere")
    extinction = mode_derivative(sphere_mode, SPHERE, "extinction:sphere")
    assert extinction.wavenumber == pytest.approx(1j * index.wavenumber, rel=1e-12)
    assert extinction.inverse_quality_factor > 0
    assert extinction.value == 0.0


def test_high_quality_sphere() -> None:
    """l = m = 40, Q = 7e5: the loss is 1e-6 of the frequency, its derivative is still right."""
    settings = AxisymmetricSettings(order=6)
    (mode,) = solve_modes(
        SPHERE, (0.2031, 0.2033), azimuthal_order=40, quality_factor_floor=1e5, settings=settings
    )
    exact = sphere_root(40, "TM", 1.5, mode.wavenumber)
    slope = mode_derivative(mode, SPHERE, "radius")
    real, imag = relative_errors(slope.wavenumber, -exact)
    assert mode.quality_factor > 5e5
    assert real < 1e-7
    assert imag < 1e-4
    real, imag = relative_errors(
        mode_derivative(mode, SPHERE, "index:sphere").wavenumber,
        index_derivative(40, "TM", 1.5, exact),
    )
    assert real < 1e-8
    assert imag < 1e-5


def test_radius_of_a_dispersive_sphere() -> None:
    """x(R) = k R obeys the sphere's equation with the index at k: differentiate that root."""
    resin = as_material("SU8")
    ball = Sphere(radius=1.6, material=resin)
    (mode,) = solve_modes(ball, (0.645, 0.6465), azimuthal_order=20, settings=FINE)
    assert mode.polarization == "TE"

    def wavenumber(radius: float) -> complex:
        def index(x: complex) -> complex:
            k = x / radius
            wavelength = 2 * math.pi / k.real
            eps = complex(resin.permittivity(wavelength))
            slope = float(resin.group_permittivity(wavelength)) - eps.real
            return cmath.sqrt(eps + 1j * k.imag / k.real * slope)

        return dispersive_root(20, "TE", index, mode.wavenumber * radius) / radius

    assert abs(wavenumber(1.6) / mode.wavenumber - 1) < 1e-7
    exact = (wavenumber(1.6 + 1e-4) - wavenumber(1.6 - 1e-4)) / 2e-4
    real, imag = relative_errors(mode_derivative(mode, ball, "radius").wavenumber, exact)
    assert real < 1e-6
    assert imag < 1e-3
    # Dispersion slows the response down by the ratio of phase to group index, about 3 %.
    assert exact.real / (-mode.wavenumber.real / 1.6) < 0.98


def scaling_defects(mode: Mode, cavity: Any, lengths: list[str], indices: list[str]) -> list[float]:
    """Return how far sum p dk/dp over all lengths, then over all indices, misses -k."""
    sums = []
    for names in (lengths, indices):
        slopes = [mode_derivative(mode, cavity, name) for name in names]
        sums.append(sum(slope.value * slope.wavenumber for slope in slopes))
    return [abs(total / -mode.wavenumber - 1) for total in sums]


def test_scaling_of_a_coated_disk_on_a_pedestal() -> None:
    disk = Microdisk(
        radius=1.5,
        height=0.5,
        material=1.6,
        pedestal_radius=0.9,
        pedestal_height=0.4,
        coat_thickness=0.05,
        coat_material=1.9,
        substrate=1.5,
    )
    (mode,) = solve_modes(
        disk, (0.5632, 0.5640), azimuthal_order=20, quality_factor_floor=800, settings=QUICK
    )
    lengths = ["radius", "height", "pedestal_radius", "pedestal_height", "coat_thickness"]
    names = ("disk", "gain", "pedestal", "substrate", "superstrate")
    by_length, by_index = scaling_defects(mode, disk, lengths, [f"index:{name}" for name in names])
    assert by_length < 2e-5
    assert by_index < 1e-12
    assert mode_derivative(mode, disk, "wall_angle_deg").value == 0.0


def test_scaling_of_a_pillar_with_an_oxide_aperture() -> None:
    """The axis, m = 1, and a stack whose many layers all move."""
    pillar = Micropillar(
        design_wavelength=0.6,
        radius=1.0,
        high_material=2.3,
        low_material=1.5,
        cavity_material=1.5,
        bottom_pairs=4,
        top_pairs=4,
        high_thickness=0.065,
        low_thickness=0.1,
        cavity_thickness=0.4,
        substrate=1.5,
        oxide_aperture=0.6,
    )
    (mode,) = solve_modes(
        pillar, (0.59, 0.592), azimuthal_order=1, quality_factor_floor=20, settings=QUICK
    )
    lengths = ["radius", "high_thickness", "low_thickness", "cavity_thickness", "oxide_aperture"]
    fields = ("high_material", "low_material", "cavity_material", "substrate", "superstrate")
    by_length, by_index = scaling_defects(
        mode, pillar, lengths, [f"{name}.index" for name in (*fields, "oxide_material")]
    )
    assert by_length < 2e-4
    assert by_index < 1e-12


BOWL = ParabolicMicrodisk(
    top_radius=2.0,
    base_radius=1.6,
    height=1.0,
    coat_material=1.85,
    reflector_material=METAL,
    reflector_thickness=0.07,
)


@pytest.fixture(scope="module")
def mode_of_the_bowl() -> Mode:
    (mode,) = solve_modes(
        BOWL, (0.6315, 0.6335), azimuthal_order=24, quality_factor_floor=1000, settings=QUICK
    )
    return mode


def solved_again(cavity: ParabolicMicrodisk, mode: Mode, guess: complex) -> complex:
    """Return the eigenvalue nearest to a guess, on a new mesh for the changed cavity.

    Inverse iteration: the shift is 1e-4 of the distance to the next mode away.
    """
    assert isinstance(mode.sampler, ResolvedField)
    sampler = mode.sampler.changed(body=cavity.body(), wavenumber=(guess.real, guess.imag))
    system = sampler.system()
    vector, pencil = sampler.vector(system), system.pencil
    stiffness = pencil.matrix(pencil.stiffness_entries(sampler.azimuthal_order))
    mass = pencil.matrix(pencil.mass_entries(guess))
    return complex(cmath.sqrt((vector @ (stiffness @ vector)) / (vector @ (mass @ vector))))


def with_change(name: str, value: float) -> ParabolicMicrodisk:
    changed: ParabolicMicrodisk
    if name.endswith(".index"):
        changed = BOWL.changed(**{name.removesuffix(".index"): Material.constant(value)})
    else:
        changed = BOWL.changed(**{name: value})
    return changed


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("top_radius", 1e-4),
        ("height", 1e-4),
        ("coat_thickness", 5e-5),
        ("coat_material.index", 1e-4),
        ("reflector_thickness", 1e-4),
    ],
)
def test_bowl_against_solving_again(mode_of_the_bowl: Mode, name: str, step: float) -> None:
    """The disk on a thin mirror against central differences, each side with its own mesh.

    The steps are small so that the meshes stay alike: where an element more or less comes in,
    the discretisation errors of both sides do not cancel (4e-4 um: 5e-6 and 1e-3).
    """
    slope = mode_derivative(mode_of_the_bowl, BOWL, name)
    high, low = (
        solved_again(
            with_change(name, slope.value + change),
            mode_of_the_bowl,
            slope.wavenumber_after(change),
        )
        for change in (step, -step)
    )
    again = dataclasses.replace(slope, wavenumber=(high - low) / (2 * step))
    assert slope.wavelength == pytest.approx(again.wavelength, rel=2e-5)
    assert slope.quality_factor == pytest.approx(again.quality_factor, rel=1e-3)


def test_absorption_of_the_coat_to_first_order(mode_of_the_bowl: Mode) -> None:
    """1/Q of a weakly absorbing film is kappa d(1/Q)/d kappa."""
    kappa = 1e-4
    slope = mode_derivative(mode_of_the_bowl, BOWL, "extinction:gain")
    absorbing = BOWL.changed(coat_material=Material.constant(1.85 + 1j * kappa))
    k = solved_again(absorbing, mode_of_the_bowl, slope.wavenumber_after(kappa))
    loss = -2 * k.imag / k.real - 1 / mode_of_the_bowl.quality_factor
    assert slope.inverse_quality_factor * kappa == pytest.approx(loss, rel=1e-5)


def test_exposure_obeys_the_chain_rule(mode_of_the_bowl: Mode) -> None:
    """The power moves top and base radius; the mode does not ask what moves them."""
    shot = Exposure(film_thickness=1.0, beam_waist=2.0, absorptivity_ml_per_mg_per_um=0.025)
    shot = shot.with_diameter(4.0)
    fields = {"coat_material": 1.85, "reflector_material": METAL}
    written = ParabolicMicrodisk.from_exposure(shot, **fields)
    mode = solve_modes(
        written, (0.6, 0.64), azimuthal_order=24, quality_factor_floor=200, settings=QUICK
    )[0]
    power, step = shot.power_uw, 1e-3 * shot.power_uw
    high, low = (
        ParabolicMicrodisk.from_exposure(shot.changed(power_uw=power + change), **fields)
        for change in (step, -step)
    )
    chain = sum(
        mode_derivative(mode, written, name).wavenumber
        * (getattr(high, name) - getattr(low, name))
        / (2 * step)
        for name in ("top_radius", "base_radius")
    )
    slope = mode_derivative(mode, written, "exposure.power_uw")
    assert slope.wavenumber == pytest.approx(chain, rel=1e-6)
    # Reciprocity of dose, and a field without effect.
    time = mode_derivative(mode, written, "exposure.time_ms")
    assert time.wavenumber * shot.time_ms == pytest.approx(slope.wavenumber * power, rel=1e-9)
    assert mode_derivative(mode, written, "exposure.wavelength").wavenumber == 0


def edge_on(outline: Callable[[float], tuple[float, float]], low: float, high: float) -> Any:
    """Return points (1, 5, 2) and normals of a mesh edge on a curve."""
    t = np.linspace(low, high, 5)
    points = np.asarray([[outline(value) for value in t]])
    tangent = np.asarray([np.subtract(outline(v + 1e-6), outline(v - 1e-6)) for v in t])
    tangent /= np.hypot(*tangent.T)[:, None]
    return points, np.stack([tangent[:, 1], -tangent[:, 0]], axis=-1)[None]


@pytest.mark.parametrize("stencil", STENCILS)
def test_interface_of_a_sphere_moves_with_unit_velocity(stencil: Any) -> None:
    points, normals = edge_on(lambda t: (2 * math.cos(t), 2 * math.sin(t)), 0.3, 0.5)
    bodies = {offset: SPHERE.changed(radius=2.0 + 1e-3 * offset).body() for offset in stencil[0]}
    attachments = attach(SPHERE.changed(radius=2.0).body(), points)
    velocity = interface_velocity(points, normals, attachments, bodies, 1e-3)
    np.testing.assert_allclose(velocity, 1.0, rtol=1e-9)


def test_coincident_interfaces_must_move_together() -> None:
    """The foot of the pedestal leaves the substrate when only the substrate moves."""
    disk = Microdisk(radius=2.0, height=1.0, material=1.6)
    points, normals = edge_on(lambda t: (t, 0.0), 1.0, 1.2)

    def lowered(change: float) -> Any:
        body = disk.body()
        return body.changed(background=body.background.changed(top=change))

    bodies = {offset: lowered(1e-3 * offset) for offset in STENCILS[0][0]}
    with pytest.raises(ValueError, match="must move together, got a gap"):
        interface_velocity(points, normals, attach(disk.body(), points), bodies, 1e-3)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("top_radios", "got 'top_radios'; did you mean 'top_radius'\\? give one of top_radius"),
        ("coat_material", 'give "coat_material.index" or "coat_material.extinction"'),
        ("index:coat", "got 'coat'; give one of gain, resist, adhesion, reflector, substrate"),
        ("coat_top", "must be a continuous number, got coat_top = True"),
        ("exposure", "'exposure' must have a value, got None"),
        ("top_radius.index", "must be a number in the ParabolicMicrodisk"),
    ],
)
def test_wrong_parameters_are_one_line_errors(
    mode_of_the_bowl: Mode, name: str, message: str
) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        mode_derivative(mode_of_the_bowl, BOWL, name)
    assert "\n" not in str(caught.value)


class Filled(Spec):
    """A sphere with a core that is there or not."""

    core: float = Field(default=0.0, ge=0)

    def body(self) -> BodyOfRevolution:
        body = SPHERE.body()
        if self.core == 0:
            return body
        core = Region(name="core", outline=Outline.half_disk(radius=self.core), material=1.3)
        return body.changed(regions=(*body.regions, core))


def test_refusals(sphere_mode: Mode) -> None:
    with pytest.raises(ValueError, match="a region, a segment of its outline or a layer comes"):
        mode_derivative(sphere_mode, Filled(), "core")
    with pytest.raises(ValueError, match="step: must be > 0, got -1"):
        mode_derivative(sphere_mode, SPHERE, "radius", step=-1.0)
    with pytest.raises(ValueError, match="cavity: must be the one the mode was solved for"):
        mode_derivative(sphere_mode, BOWL, "top_radius")
    with pytest.raises(ValueError, match="mode: must carry its field"):
        mode_derivative(Mode(wavenumber=10 - 1e-3j), SPHERE, "radius")


def test_lossless_modes_have_no_derivative_of_q() -> None:
    slope = ModeDerivative(
        parameter="radius", value=1.0, wavenumber=-10 + 0j, mode=Mode(wavenumber=10 + 0j)
    )
    assert math.isnan(slope.quality_factor)
    assert slope.inverse_quality_factor == 0
    assert slope.wavelength == pytest.approx(2 * math.pi / 10)


def test_every_python_block_of_the_page_runs() -> None:
    blocks = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    names: dict[str, Any] = {}
    for block in blocks:
        exec(block, names)
