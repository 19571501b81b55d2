"""The axisymmetric solver against the exact resonances of the dielectric sphere."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from cavities import Sphere
from solvers import Mode, ModeSet, follow_modes, solve_modes
from solvers.axisymmetric import pencil as pencil_module
from solvers.axisymmetric.settings import AxisymmetricSettings
from solvers.axisymmetric.system import build_system
from tests.solvers.exact_sphere import Polarization, sphere_modes, sphere_root

GUESSES = {
    (20, "TE"): 16.2335 - 0.0095j,
    (20, "TM"): 16.6497 - 0.01557j,
    (40, "TE"): 30.45936 - 1.5e-5j,
    (40, "TM"): 30.92423 - 2.3e-5j,
    (60, "TE"): 44.401004 - 1.1e-8j,
    (60, "TM"): 44.877376 - 1.7e-8j,
}
LIMITS = {"default": (1e-7, 1e-3), "reference": (1e-8, 1e-4)}


def solve(low: float, high: float, order: Any, **options: Any) -> ModeSet:
    """Return the modes of a sphere of radius 1 um and n = 1.5 with low < k < high (rad/um)."""
    sphere = Sphere(radius=1.0, material=1.5)
    window = (2 * math.pi / high, 2 * math.pi / low)
    return solve_modes(sphere, window, azimuthal_order=order, **options)


def q_of(k: complex) -> float:
    """Return the quality factor of a complex wavenumber."""
    return -k.real / (2 * k.imag)


def nearest(modes: ModeSet, k: complex) -> Mode:
    """Return the mode of nearest wavenumber."""
    return min(modes, key=lambda mode: abs(mode.wavenumber - k))


@pytest.mark.parametrize("accuracy", ["default", "reference"])
@pytest.mark.parametrize("degree", [20, 40, 60])
def test_wavelength_and_q_and_their_error_estimates(degree: int, accuracy: str) -> None:
    """Q runs from 500 to 1.9e9; no estimate may be smaller than a third of the true error."""
    limit_k, limit_q = LIMITS[accuracy]
    polarizations: tuple[Polarization, ...] = ("TE", "TM")
    roots = {p: sphere_root(degree, p, 1.5, GUESSES[degree, p]) for p in polarizations}
    modes = solve(0.99 * roots["TE"].real, 1.01 * roots["TM"].real, degree, accuracy=accuracy)
    for polarization, root in roots.items():
        mode = nearest(modes, root)
        assert mode.polarization == polarization
        assert (mode.radial_order, mode.axial_order) == (0, 0)
        error_k = abs(mode.wavenumber.real / root.real - 1)
        error_q = abs(mode.quality_factor / q_of(root) - 1)
        assert error_k < limit_k
        assert error_q < limit_q
        assert mode.wavelength_error / mode.wavelength > error_k / 3
        assert mode.quality_factor_error > error_q / 3


def test_very_high_q_comes_from_the_energy_balance() -> None:
    """l = m = 80: Q 4.7e12, of which the eigenvalue alone has two digits."""
    root = sphere_root(80, "TE", 1.5, 58.2 - 1e-11j)
    assert q_of(root) == pytest.approx(4.7e12, rel=0.02)
    mode = nearest(solve(58.15, 58.3, 80), root)
    assert mode.wavenumber.real == pytest.approx(root.real, rel=1e-7)
    assert mode.quality_factor == pytest.approx(q_of(root), rel=0.02)
    assert mode.quality_factors["radiation"] == pytest.approx(mode.quality_factor, rel=0.01)


def test_the_error_falls_exponentially_with_the_order() -> None:
    """At a fixed mesh every order gains a constant factor: ln(error) falls linearly."""
    root = sphere_root(40, "TE", 1.5, GUESSES[40, "TE"])
    orders = np.arange(3, 8)
    errors = []
    for order in orders:
        settings = AxisymmetricSettings(order=int(order), mesh_size=0.8)
        modes = solve(30.3, 30.6, 40, settings=settings)
        errors.append(abs(nearest(modes, root).wavenumber.real / root.real - 1))
    slope = np.polyfit(orders, np.log10(errors), 1)[0]
    assert slope < -0.8, f"decades per order {slope:.2f}, errors {errors}"
    assert errors[-1] < 1e-8


@pytest.fixture(scope="module")
def exact_twenty() -> list[complex]:
    """Return the 20 exact modes l >= 40 with 30 < kR < 35.5 and Q > 50."""
    modes = sphere_modes(1.5, low=30, high=35.5, lowest_quality=50, lowest_degree=40)
    assert len(modes) == 20
    return [mode.wavenumber for mode in modes]


def test_every_mode_is_found_and_none_is_spurious(exact_twenty: list[complex]) -> None:
    found = solve(30, 35.5, 40, quality_factor_floor=50)
    assert len(found) == len(exact_twenty)
    for mode, root in zip(
        sorted(found, key=lambda m: m.wavenumber.real), exact_twenty, strict=True
    ):
        assert abs(mode.wavenumber - root) < 1e-5 * abs(root)


def test_equal_order_spaces_would_be_caught(
    exact_twenty: list[complex], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With H1 of the order of H(curl) the same search fills with spurious modes."""
    import ngsolve

    def equal_orders(mesh: Any, order: int, *, complex_valued: bool) -> Any:
        return ngsolve.HCurl(mesh, order=order, complex=complex_valued) * ngsolve.H1(
            mesh, order=order, complex=complex_valued
        )

    monkeypatch.setattr(pencil_module, "spaces", equal_orders)
    build_system.cache_clear()
    settings = AxisymmetricSettings(order=4)
    sphere = Sphere(radius=1.0, material=1.5)
    window = (2 * math.pi / 31.5, 2 * math.pi / 30.0)
    system = build_system(sphere.body(), window, 40, settings)
    from solvers.axisymmetric.search import Window, search_disc

    frame = Window(low=30.0, high=31.5, quality_factor_floor=50).frame(30.4, 31.0, 9)
    disc = search_disc(system.pencil, 40, 30.7 + 0.1j, frame)
    inside = [k for k in disc.wavenumbers if 30 < k.real < 31.5 and q_of(complex(k)) > 50]
    exact = [k for k in exact_twenty if k.real < 31.5]
    spurious = [k for k in inside if min(abs(k - root) for root in exact) > 1e-3 * abs(k)]
    build_system.cache_clear()
    assert len(spurious) > 5


@pytest.mark.parametrize("order", [0, 1, 2, 3])
def test_low_orders_with_the_axis_in_the_mesh(order: int) -> None:
    """Every multipole l >= m appears once at each m; l = 0 does not radiate and is no mode."""
    sphere = Sphere(radius=1.0, material=2.0)
    exact = sphere_modes(2.0, low=3.6, high=5.2, lowest_quality=8, lowest_degree=max(order, 1))
    found = solve_modes(
        sphere,
        (2 * math.pi / 5.2, 2 * math.pi / 3.6),
        azimuthal_order=order,
        quality_factor_floor=8,
        settings=AxisymmetricSettings(order=8),
    )
    assert len(found) == len(exact)
    for mode, root in zip(sorted(found, key=lambda m: m.wavenumber.real), exact, strict=True):
        assert abs(mode.wavenumber - root.wavenumber) < 1e-6 * abs(root.wavenumber)


BASE = AxisymmetricSettings(order=6, mesh_size=0.6)


@pytest.mark.parametrize(
    "change",
    [{"pml_distance": 2.5}, {"pml_thickness": 3.0}, {"pml_strength": 7.0}],
    ids=["moved", "thickened", "strengthened"],
)
def test_nothing_depends_on_the_absorbing_layer(change: dict[str, float]) -> None:
    before = solve(16.1, 16.8, 20, settings=BASE)
    after = solve(16.1, 16.8, 20, settings=BASE.changed(**change))
    for one, other in zip(before, after, strict=True):
        assert abs(one.wavelength / other.wavelength - 1) < 1e-6
        assert abs(one.quality_factor / other.quality_factor - 1) < 1e-4


def test_nothing_depends_on_the_inner_wall() -> None:
    before = solve(30.3, 31.1, 40, settings=BASE)
    after = solve(30.3, 31.1, 40, settings=BASE.changed(inner_wall_tolerance=1e-9))
    for one, other in zip(before, after, strict=True):
        assert abs(one.wavelength / other.wavelength - 1) < 1e-9


def test_parts_of_q_and_energy_fractions_of_an_absorbing_sphere() -> None:
    """The absorbed part is the difference of the exact roots with and without absorption."""
    index = 1.5 + 1e-4j
    modes = solve_modes(
        Sphere(radius=1.0, material=index),
        (2 * math.pi / 16.8, 2 * math.pi / 16.1),
        azimuthal_order=20,
    )
    for mode in modes:
        polarization: Polarization = "TE" if mode.polarization == "TE" else "TM"
        lossy = sphere_root(20, polarization, index, mode.wavenumber)
        clear = sphere_root(20, polarization, 1.5, mode.wavenumber)
        assert abs(mode.wavenumber - lossy) < 2e-7 * abs(lossy)
        assert abs(mode.quality_factor_balance()) < 1e-3
        absorbed = 1 / q_of(lossy) - 1 / q_of(clear)
        assert math.isclose(mode.quality_factors["absorption:sphere"] * absorbed, 1.0, rel_tol=0.05)
        assert math.isclose(sum(mode.confinement.values()), 1.0, rel_tol=1e-12)


def test_two_half_windows_hold_the_modes_of_the_whole() -> None:
    whole = solve(30, 33, 40, accuracy="fast")
    halves = [solve(*edges, 40, accuracy="fast") for edges in pairwise((30.0, 31.55, 33.0))]
    merged = sorted((mode for half in halves for mode in half), key=lambda mode: mode.wavelength)
    assert len(merged) == len(whole)
    for mode, other in zip(whole, merged, strict=True):
        # Three meshes: each mode is off by its estimate, which may be three times too small.
        allowed = 3 * (mode.wavelength_error + other.wavelength_error)
        assert abs(mode.wavelength - other.wavelength) < allowed < 5e-5 * mode.wavelength


def test_two_processes_give_what_one_gives() -> None:
    one = solve(16.1, 16.8, range(18, 22), accuracy="fast")
    two = solve(16.1, 16.8, range(18, 22), accuracy="fast", workers=2)
    assert [mode.label for mode in two] == [mode.label for mode in one]
    assert [m.wavenumber for m in two] == pytest.approx([m.wavenumber for m in one], rel=1e-12)
    # A mode from another process still knows its field.
    assert np.isfinite(abs(complex(two[0].field([0.9], [0.0])["E_phi"].values.item())))


def test_all_orders_are_those_that_have_modes() -> None:
    """For l = 20 alone in the window every m from 0 to 20 carries the mode, none above."""
    found = solve(16.15, 16.3, None, accuracy="fast", quality_factor_floor=500)
    orders = sorted(mode.azimuthal_order or 0 for mode in found)
    assert orders == list(range(21))


def test_following_a_mode_arrives_at_the_next_multipole() -> None:
    start = solve(16.1, 16.3, 20)
    arrived = follow_modes(start, 22)
    root = sphere_root(22, "TE", 1.5, arrived[0].wavenumber)
    assert abs(arrived[0].wavenumber.real / root.real - 1) < 3e-7
    assert arrived[0].azimuthal_order == 22


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"wavelength": (0.7, 0.6)}, "wavelength: must satisfy 0 < low < high"),
        ({"wavelength": 0.6}, "wavelength: must be a pair"),
        ({"azimuthal_order": -1}, "azimuthal_order: must be an integer >= 0, got -1"),
        ({"azimuthal_order": []}, "azimuthal_order: must name at least one order"),
        ({"quality_factor_floor": 0.0}, "quality_factor_floor: must be finite and > 0, got 0.0"),
        ({"method": "magic"}, "method: must be one of .*got 'magic'"),
        ({"workers": 0}, "workers: must be >= 1, got 0"),
        ({"accuracy": "perfect"}, "accuracy: must be one of .*got 'perfect'"),
    ],
)
def test_bad_arguments_are_named(arguments: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {"wavelength": (0.6, 0.7), **arguments}
    with pytest.raises(ValueError, match=message):
        solve_modes(Sphere(radius=1.0, material=1.5), **given)
