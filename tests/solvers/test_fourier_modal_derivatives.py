"""Derivatives of poles against solving again, and the exact threshold."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from cavities.lattice import Lattice
from cavities.material import Material
from cavities.periodic_stack import PatternedLayer, PeriodicStack
from solvers import Mode, solve_modes
from solvers.fourier_modal import (
    Media,
    ModeSlope,
    PeriodicSettings,
    mode_slope,
    mode_slopes,
    solve_periodic,
    threshold_gain,
)
from tests.solvers.periodic_cases import covered_slab, slab_in_glass

FILM = Material.cauchy(1.85, 0.02, wavelength_range=(0.4, 1.0), name="film")
SETTINGS = PeriodicSettings(orders=49, search_orders=25)
WINDOW = (0.565, 0.58)


def bright(stack: PeriodicStack, window: tuple[float, float], media: Media | None = None) -> Mode:
    modes = solve_periodic(stack, window, settings=SETTINGS, media=media)
    return next(mode for mode in modes if mode.symmetry == "E" and mode.polarization == "TE")


def resolved(solve: Callable[[float], Mode], value: float, step: float) -> complex:
    """Return the fourth-order central difference of k0."""
    k = [solve(value + n * step).wavenumber for n in (-2, -1, 1, 2)]
    return (8 * (k[2] - k[1]) - (k[3] - k[0])) / (12 * step)


def assert_agrees(found: complex, expected: complex, mode: Mode) -> None:
    """Asked for: 1e-4 in wavelength, 1e-3 in Q; the formula is exact."""
    k = mode.wavenumber

    def quality(slope: complex) -> float:
        return slope.imag / k.real - k.imag * slope.real / k.real**2

    assert found.real == pytest.approx(expected.real, rel=1e-6)
    assert quality(found) == pytest.approx(quality(expected), rel=1e-4)


def slopes_of(stack: PeriodicStack, mode: Mode) -> dict[str, ModeSlope]:
    table = mode_slopes(stack, mode)
    pairs = zip(table["parameter"].tolist(), table["wavenumber_slope"].tolist(), strict=True)
    return {name: ModeSlope(parameter=name, mode=mode, wavenumber=slope) for name, slope in pairs}


def scaled_period(period: float) -> PeriodicStack:
    stack: PeriodicStack = slab_in_glass().changed(lattice=Lattice.square(period))
    return stack


@pytest.mark.parametrize(
    ("make", "value"),
    [
        (lambda radius: slab_in_glass(radius=radius), 0.08),
        (lambda thickness: slab_in_glass(thickness=thickness), 0.18),
        (scaled_period, 0.336),
        (lambda n: slab_in_glass().with_material("hole", n), 1.46),
        (lambda n: slab_in_glass().with_material("substrate", n), 1.46),
    ],
    ids=["radius", "thickness", "period", "hole index", "substrate index"],
)
def test_slope_against_solving_again(make: Callable[[float], PeriodicStack], value: float) -> None:
    mode = bright(make(value), WINDOW)
    slope = mode_slope(make, value, mode)
    expected = resolved(lambda x: bright(make(x), WINDOW), value, 1e-3 * value)
    assert_agrees(slope.wavenumber, expected, mode)
    assert slope.wavelength == pytest.approx(
        -2 * math.pi / mode.wavenumber.real**2 * expected.real, rel=1e-6
    )


def test_sloped_walls_and_an_absorbing_film() -> None:
    """The wall angle changes all slices at once."""

    def make(angle: float) -> PeriodicStack:
        stack = covered_slab(1.9 + 0.01j)
        layer = stack.layers[0]
        assert isinstance(layer, PatternedLayer)
        sloped = layer.changed(wall_angle_deg=angle, slices=3)
        changed: PeriodicStack = stack.changed(layers=(sloped, *stack.layers[1:]))
        return changed

    window = (0.675, 0.695)
    mode = bright(make(85.0), window)
    slope = mode_slope(make, 85.0, mode)
    assert_agrees(slope.wavenumber, resolved(lambda x: bright(make(x), window), 85.0, 0.1), mode)


def test_table_of_all_slopes() -> None:
    stack = covered_slab()
    mode = bright(stack, (0.68, 0.69))
    found = slopes_of(stack, mode)
    assert list(found) == [
        *("period", "thickness:slab", "thickness:gain", "growth:gain"),
        *("index:slab", "index:gain", "index:substrate", "index:superstrate"),
    ]
    gain = resolved(
        lambda n: bright(stack, (0.68, 0.69), Media(index_shift={"gain": n})), 0.0, 1e-3
    )
    assert_agrees(found["index:gain"].wavenumber, gain, mode)
    # scaling all lengths scales every wavelength: sum of p d lambda/dp is lambda
    lengths = {
        "period": 0.39,
        "thickness:slab": 0.17,
        "thickness:gain": 0.08,
        "growth:gain": 0.1365,
    }
    total = sum(value * found[name].wavelength for name, value in lengths.items())
    assert total == pytest.approx(mode.wavelength, rel=1e-6)
    quality = sum(value * found[name].inverse_quality for name, value in lengths.items())
    assert abs(quality) * mode.quality_factor < 1e-4


def test_dispersive_film() -> None:
    """The index shift of a dispersive film, group index included."""
    stack = covered_slab(FILM)
    mode = bright(stack, (0.68, 0.70))
    slope = slopes_of(stack, mode)["index:gain"]
    expected = resolved(
        lambda n: bright(stack, (0.68, 0.70), Media(index_shift={"gain": n})), 0.0, 1e-3
    )
    assert_agrees(slope.wavenumber, expected, mode)


def test_splitting_parameters_are_refused() -> None:
    """A pair that the change splits has no single derivative: without symmetry it is noticed."""

    def make(width: float) -> PeriodicStack:
        stack = slab_in_glass()
        layer = stack.layers[0]
        assert isinstance(layer, PatternedLayer)
        hole = layer.inclusions[0].changed(
            shape={"kind": "ellipse", "radii": (width, 0.08), "angle_deg": 0.0}
        )
        changed: PeriodicStack = stack.changed(layers=(layer.changed(inclusions=(hole,)),))
        return changed

    settings = SETTINGS.changed(use_symmetry=False)
    modes = solve_periodic(make(0.08), WINDOW, settings=settings)
    pair = [mode for mode in modes if mode.polarization == "TE"]
    with pytest.raises(ValueError, match="must not split the degenerate mode"):
        mode_slope(make, 0.08, pair[0])


@pytest.mark.parametrize("film", [1.9, 1.9 + 0.002j, FILM])
def test_threshold_puts_the_pole_on_the_real_axis(film: complex | Material) -> None:
    stack = covered_slab(film)
    mode = bright(stack, (0.68, 0.70))
    found = threshold_gain(stack, mode)
    assert found.gain_per_cm == pytest.approx(found.overlap_per_cm, rel=2e-3)
    pumped = bright(stack, (0.68, 0.70), Media(gain={"gain": 1e-4 * found.gain_per_cm}))
    assert abs(pumped.quality_factor) > 1e9
    assert pumped.wavelength == pytest.approx(found.wavelength, rel=1e-9)


def test_gain_overlap_is_the_derivative() -> None:
    stack = covered_slab()
    mode = bright(stack, (0.68, 0.69))
    step = 1e-4
    k = [
        bright(stack, (0.68, 0.69), Media(gain={"gain": sign * step})).wavenumber.imag
        for sign in (-1, 1)
    ]
    expected = 2 * 1.9 * (k[1] - k[0]) / (2 * step)
    assert mode.gain_overlap["gain"] == pytest.approx(expected, rel=1e-4)


def test_wrong_modes_and_regions() -> None:
    stack = covered_slab()
    mode = bright(stack, (0.68, 0.69))
    dark = next(
        m for m in solve_modes(stack, (0.68, 0.69), settings=SETTINGS) if m.symmetry == "A2"
    )
    with pytest.raises(ValueError, match="mode: must decay"):
        threshold_gain(stack, dark)
    with pytest.raises(ValueError, match="region: must be one of"):
        threshold_gain(stack, mode, region="film")
    with pytest.raises(ValueError, match="mode: must be of a periodic cavity"):
        mode_slopes(stack, Mode(wavenumber=9 - 0.01j))
    with pytest.raises(ValueError, match="mode: must be one of the cavity's"):
        mode_slopes(slab_in_glass(), mode)
    assert np.isnan(mode_slope(lambda n: stack.with_material("slab", n), 2.0, dark).quality_factor)
