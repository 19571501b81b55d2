"""What `solve_modes` accepts as azimuthal orders, and one-line errors that say what is wrong."""

from __future__ import annotations

import math
from typing import Any

import pytest

from cavities import Sphere
from solvers import ModeSet, solve_modes
from solvers.axisymmetric.settings import AxisymmetricSettings

WINDOW = (2 * math.pi / 7.0, 2 * math.pi / 6.7)
SPHERE = Sphere(radius=1.0, material=2.0)


def solve(**changes: Any) -> ModeSet:
    arguments = {"wavelength": WINDOW, "accuracy": "fast", "azimuthal_order": 10, **changes}
    return solve_modes(SPHERE, **arguments)


def wavenumbers(modes: ModeSet) -> list[complex]:
    return [mode.wavenumber for mode in modes]


@pytest.mark.parametrize(
    "orders",
    [[10], (10,), range(10, 11), {10}, [10, 10], iter([10])],
    ids=lambda o: type(o).__name__,
)
def test_one_order_may_be_given_in_any_form(orders: Any) -> None:
    expected = solve()
    assert len(expected) == 1
    assert wavenumbers(solve(azimuthal_order=orders)) == wavenumbers(expected)


def test_order_of_the_list_does_not_matter() -> None:
    up, down = solve(azimuthal_order=[9, 10]), solve(azimuthal_order=[10, 9])
    assert wavenumbers(up) == wavenumbers(down)
    assert [mode.azimuthal_order for mode in up] == [9, 10] or len(up) > 2
    assert up.settings["azimuthal_orders"] == [9, 10]


def test_empty_window_is_a_valid_answer() -> None:
    modes = solve(wavelength=(2 * math.pi / 6.95, 2 * math.pi / 6.9))
    assert len(modes) == 0
    assert modes.window == pytest.approx((2 * math.pi / 6.95, 2 * math.pi / 6.9))


def test_floor_is_respected() -> None:
    """TE l = 10 has Q = 1346.07."""
    assert len(solve(quality_factor_floor=1250.0)) == 1
    assert len(solve(quality_factor_floor=1450.0)) == 0


def test_progress_reports_every_order() -> None:
    seen: list[tuple[int, int]] = []
    solve(azimuthal_order=[9, 11, 14], progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (3, 3)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"wavelength": (0.7, 0.7)}, r"wavelength: must satisfy 0 < low < high.*got \(0.7, 0.7\)"),
        ({"wavelength": (-0.1, 0.7)}, r"wavelength: must satisfy.*got \(-0.1, 0.7\)"),
        ({"wavelength": (0.6, math.nan)}, r"wavelength: must satisfy.*got \(0.6, nan\)"),
        ({"wavelength": (0.6, math.inf)}, r"wavelength: must satisfy.*got \(0.6, inf\)"),
        ({"wavelength": (0.6, 0.65, 0.7)}, r"wavelength: must be a pair.*got \(0.6, 0.65, 0.7\)"),
        ({"wavelength": ("red", "blue")}, r"wavelength: must be a pair.*'red'"),
        ({"azimuthal_order": [3, -2]}, r"azimuthal_order: must be an integer >= 0, got -2"),
        ({"azimuthal_order": True}, r"azimuthal_order: must be an integer >= 0, got True"),
        ({"azimuthal_order": [10.5]}, r"azimuthal_order: must be an integer >= 0, got 10.5"),
        ({"azimuthal_order": range(0)}, r"azimuthal_order: must name at least one order"),
        ({"quality_factor_floor": -5.0}, r"quality_factor_floor: must be finite and > 0, got -5.0"),
        ({"quality_factor_floor": math.nan}, r"quality_factor_floor: must be finite.*got nan"),
        ({"quality_factor_floor": math.inf}, r"quality_factor_floor: must be finite.*got inf"),
        ({"method": "fdtd2"}, r"method: must be one of .*'axisymmetric-fem'.*got 'fdtd2'"),
        ({"workers": -1}, r"workers: must be >= 1, got -1"),
        ({"accuracy": "best"}, r"accuracy: must be one of .*'default'.*got 'best'"),
    ],
)
def test_bad_arguments_name_parameter_rule_and_value(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        solve(**changes)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("orders", [10.5, "ten", [None]])
def test_orders_of_the_wrong_type_are_named(orders: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="azimuthal_order: must be"):
        solve(azimuthal_order=orders)


def test_cavity_must_be_a_body_of_revolution() -> None:
    with pytest.raises(TypeError, match=r"cavity: must be a body of revolution.*got float"):
        solve_modes(1.5, WINDOW)


def test_window_outside_a_material_is_an_error_that_names_the_range() -> None:
    with pytest.raises(ValueError, match=r"wavelength: must lie in .* for SiO2"):
        solve_modes(Sphere(radius=1.0, material="SiO2"), (9.0, 9.5), azimuthal_order=10)


@pytest.mark.parametrize("order", [2, 3])
def test_lowest_orders_of_the_elements_work(order: int) -> None:
    """The blind search runs one order lower: it must exist for every order that is allowed."""
    modes = solve(accuracy="default", settings=AxisymmetricSettings(order=order, mesh_size=0.4))
    assert abs(modes[0].wavenumber.real / 6.826264072 - 1) < 1e-2


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="mesh_size"):
        AxisymmetricSettings(mesh_size=0.0)
    with pytest.raises(ValueError, match="order"):
        AxisymmetricSettings(order=1)
