"""Derivatives of planar modes: against solving again, scaling laws and each other."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from cavities import Layer, PlanarStack
from solvers import Mode, solve_modes
from solvers.multilayer import planar_derivative

HIGH = Layer(name="high", material=2.3, thickness=0.065)
LOW = Layer(name="low", material=1.46, thickness=0.1)
STACK = PlanarStack(
    substrate=1.46,
    superstrate=1.0,
    layers=(
        *(LOW, HIGH) * 3,
        Layer(name="gain", material=1.85 + 1e-3j, thickness=0.5),
        Layer(name="metal", material=0.2 + 3.3j, thickness=0.01),
        *(HIGH, LOW) * 3,
    ),
)
CONDITIONS: list[tuple[str, dict[str, Any]]] = [
    ("in_plane_wavenumber", {}),
    ("in_plane_wavenumber", {"in_plane_wavenumber": 4.0}),
    ("in_plane_wavenumber", {"in_plane_wavenumber": 13.0}),
    ("angle", {"angle_deg": 40.0}),
]


def changed(layer: int, *, thickness: float = 0.0, index: complex = 0.0) -> PlanarStack:
    layers = list(STACK.layers)
    old = layers[layer]
    layers[layer] = old.changed(
        thickness=old.thickness + thickness, material=complex(old.material.index(0.6)) + index
    )
    changed_stack: PlanarStack = STACK.changed(layers=tuple(layers))
    return changed_stack


def nearest(stack: PlanarStack, mode: Mode, conditions: dict[str, Any]) -> complex:
    window = (mode.wavelength - 0.01, mode.wavelength + 0.01)
    modes = solve_modes(
        stack, window, polarization=mode.polarization, quality_factor_floor=4, **conditions
    )
    return min((m.wavenumber for m in modes), key=lambda k: abs(k - mode.wavenumber))


@pytest.mark.parametrize(("hold", "conditions"), CONDITIONS)
@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_every_thickness_and_index_against_solving_again(
    hold: Any, conditions: dict[str, Any], polarization: str
) -> None:
    """Central differences of step 1e-4 and 2e-4, extrapolated: exact to 1e-9 or so."""
    modes = solve_modes(
        STACK, (0.5, 0.75), polarization=polarization, quality_factor_floor=8, **conditions
    )
    mode = max(modes, key=lambda m: m.confinement["gain"])
    found = planar_derivative(STACK, mode, hold=hold)

    def slope(layer: int, **step: float) -> complex:
        ((name, h),) = step.items()
        first, second = (
            (
                nearest(changed(layer, **{name: x}), mode, conditions)
                - nearest(changed(layer, **{name: -x}), mode, conditions)
            )
            / (2 * x)
            for x in (h, 2 * h)
        )
        return (4 * first - second) / 3

    scale = np.abs(found.wavenumber_by_thickness).max(), np.abs(found.wavenumber_by_index).max()
    for layer in (0, 3, 6, 7, 8, 13):
        thick, index = slope(layer, thickness=1e-4), slope(layer, index=1e-4)
        assert abs(found.wavenumber_by_thickness[layer] - thick) < 1e-6 * scale[0]
        assert abs(found.wavenumber_by_index[layer] - index) < 1e-6 * scale[1]
    if hold == "in_plane_wavenumber" and not conditions:
        for place, side in enumerate(("substrate", "superstrate")):
            material = getattr(STACK, side)
            n = complex(material.index(0.6))
            first, second = (
                nearest(STACK.changed(**{side: n + s * 1e-4}), mode, conditions) for s in (1, -1)
            )
            expected = (first - second) / 2e-4
            assert abs(found.wavenumber_by_outer_index[place] - expected) < 1e-6 * scale[1]


def test_scaling_all_lengths_scales_the_wavelength() -> None:
    """lambda is homogeneous of degree 1 in the thicknesses, at k_x = 0 or a fixed angle."""
    for hold, conditions in (CONDITIONS[0], CONDITIONS[3]):
        for mode in solve_modes(STACK, (0.5, 0.75), quality_factor_floor=8, **conditions):
            found = planar_derivative(STACK, mode, hold=hold)  # type: ignore[arg-type]
            thick = np.array([layer.thickness for layer in STACK.layers])
            np.testing.assert_allclose(
                found.wavenumber_by_thickness @ thick, -mode.wavenumber, rtol=1e-12
            )
            assert found.wavelength_by_thickness @ thick == pytest.approx(mode.wavelength)
            assert abs(found.inverse_quality_by_thickness @ thick) < 1e-12


def test_slope_of_the_dispersion_against_solving_again() -> None:
    for polarization in ("TE", "TM"):
        conditions: dict[str, Any] = {"in_plane_wavenumber": 4.0}
        mode = solve_modes(
            STACK, (0.5, 0.75), polarization=polarization, quality_factor_floor=8, **conditions
        )[0]
        slope = planar_derivative(STACK, mode).wavenumber_by_in_plane_square
        ahead, behind = (
            nearest(STACK, mode, {"in_plane_wavenumber": 4.0 + s}) for s in (1e-4, -1e-4)
        )
        assert abs(2 * 4.0 * slope - (ahead - behind) / 2e-4) < 1e-7 * abs(slope)


def test_dispersive_materials_enter_the_derivative() -> None:
    """The continuation to first order is no analytic function: its own slope counts."""
    stack = PlanarStack(
        substrate="SiO2",
        superstrate="air",
        layers=(
            Layer(name="film", material="TiO2", thickness=1.2),
            Layer(name="cap", material="Au", thickness=0.02),
        ),
    )
    mode = solve_modes(stack, (0.55, 0.75), quality_factor_floor=3)[0]
    found = planar_derivative(stack, mode)

    def solved(change: float) -> complex:
        other = stack.with_thicknesses([1.2 + change, 0.02])
        window = (mode.wavelength - 0.02, mode.wavelength + 0.02)
        modes = solve_modes(other, window, quality_factor_floor=3)
        return min((m.wavenumber for m in modes), key=lambda k: abs(k - mode.wavenumber))

    expected = (solved(1e-4) - solved(-1e-4)) / 2e-4
    assert mode.quality_factor < 20  # far off the axis, where continuations differ most
    assert abs(found.wavenumber_by_thickness[0] - expected) < 1e-6 * abs(expected)


def test_the_table_has_one_row_per_layer() -> None:
    mode = solve_modes(STACK, (0.5, 0.75), quality_factor_floor=8)[0]
    table = planar_derivative(STACK, mode).to_dataframe()
    assert list(table["name"]) == [layer.name for layer in STACK.layers]
    assert not table.isna().any().any()


def test_a_mode_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="mode: must be a TE or TM mode of a planar cavity"):
        planar_derivative(STACK, Mode(wavenumber=10.0))
    assert math.isnan(Mode(wavenumber=10.0).mode_length)
