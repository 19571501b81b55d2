"""Mirrors, planar stacks and planar cavities: layers, orders, regions, bad input."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from cavities import (
    Layer,
    LayerMirror,
    Material,
    MetalMirror,
    Micropillar,
    PlanarMicrocavity,
    PlanarStack,
    QuarterWaveMirror,
    TwoMirrorCavity,
)
from cavities.mirrors import Mirror

MIRROR = QuarterWaveMirror(design_wavelength=0.6, high_material=2.3, low_material=1.46, pairs=5.5)
GAIN = Layer(name="gain", material=1.85, thickness=0.8)


def cavity(**fields: Any) -> PlanarMicrocavity:
    given: dict[str, Any] = {"bottom_mirror": MIRROR, "top_mirror": MIRROR, "cavity": (GAIN,)}
    return PlanarMicrocavity(**{**given, **fields})


@pytest.mark.parametrize("pairs", [0, 0.5, 1, 5.5, 12])
@pytest.mark.parametrize("first", ["high", "low"])
def test_every_layer_is_a_quarter_wave_and_materials_alternate(pairs: float, first: str) -> None:
    mirror = MIRROR.changed(pairs=pairs, next_to_cavity=first)
    layers = mirror.layers("mirror")
    assert len(layers) == 2 * pairs
    for i, layer in enumerate(layers):
        index = 2.3 if (i % 2 == 0) == (first == "high") else 1.46
        assert layer.material.index(0.6) == index
        assert layer.thickness * index == pytest.approx(0.15, rel=1e-14)


def test_auto_puts_the_greater_contrast_beside_the_cavity() -> None:
    assert MIRROR.layers("m", Material.constant(1.5))[0].material.index(0.6) == 2.3
    assert MIRROR.layers("m", Material.constant(2.2))[0].material.index(0.6) == 1.46


@given(chirp=st.floats(-1.5, 1.5), pairs=st.integers(1, 40).map(lambda n: n / 2))
def test_chirp_is_linear_and_keeps_the_mean(chirp: float, pairs: float) -> None:
    plain = MIRROR.changed(pairs=pairs).layers("m")
    chirped = MIRROR.changed(pairs=pairs, chirp=chirp).layers("m")
    factors = np.array([b.thickness / a.thickness for a, b in zip(plain, chirped, strict=True)])
    if len(factors) > 1:
        np.testing.assert_allclose(factors.mean(), 1, rtol=1e-12)
        np.testing.assert_allclose(factors[-1] - factors[0], chirp, atol=1e-12)
        np.testing.assert_allclose(np.diff(factors), chirp / (len(factors) - 1), atol=1e-12)


def test_a_single_layer_has_no_chirp_to_run() -> None:
    (layer,) = MIRROR.changed(pairs=0.5, chirp=0.2).layers("m")
    (plain,) = MIRROR.changed(pairs=0.5).layers("m")
    assert layer.thickness == plain.thickness


def test_the_cavity_stands_between_its_mirrors() -> None:
    spacer = Layer(name="spacer", material=1.5, thickness=0.1)
    stack = cavity(
        cavity=(spacer, GAIN), gap_material="air", gap_thickness=0.05, substrate=1.5
    ).stack()
    assert [layer.name for layer in stack.layers] == [
        *["bottom_mirror"] * 11,
        "spacer",
        "gain",
        "gap",
        *["top_mirror"] * 11,
    ]
    # high index beside the spacer and beside the gap, so that 5.5 pairs end with it as well
    for number in (0, 10, 14, 24):
        assert stack.layers[number].material.index(0.6) == 2.3
    assert stack.regions == ("bottom_mirror", "spacer", "gain", "gap", "top_mirror")
    assert stack.thickness == pytest.approx(sum(layer.thickness for layer in stack.layers))


def test_a_planar_cavity_has_the_layers_of_the_pillar_of_the_same_mirrors() -> None:
    """One home for quarter-wave pairs: pillar and planar cavity agree layer by layer."""
    pillar = Micropillar(
        design_wavelength=0.6, radius=1.0, high_material=2.3, low_material=1.46,
        cavity_material=1.5, bottom_pairs=4, top_pairs=3.5,
    )  # fmt: skip
    mirror = MIRROR.changed(pairs=4)
    planar = PlanarMicrocavity(
        bottom_mirror=mirror,
        top_mirror=mirror.changed(pairs=3.5),
        cavity=(Layer(name="cavity", material=1.5, thickness=pillar.cavity_length),),
    )
    assert planar.stack().layers == pillar.layers


def test_metal_and_explicit_mirrors() -> None:
    gold = MetalMirror(thickness=0.05, adhesion_material="Ti", adhesion_thickness=0.003)
    listed = LayerMirror(sequence=(Layer(name="a", material=2.0, thickness=0.1),
                                   Layer(name="b", material=1.5, thickness=0.2)))  # fmt: skip
    stack = cavity(bottom_mirror=gold, top_mirror=listed).stack()
    assert [layer.name for layer in stack.layers] == ["adhesion", "bottom_mirror", "gain", "a", "b"]


def test_mirrors_and_cavities_round_trip_through_json() -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(Mirror)
    for mirror in (MIRROR, MetalMirror(thickness=0.1), LayerMirror(sequence=(GAIN,))):
        assert adapter.validate_json(adapter.dump_json(mirror)) == mirror
    device = cavity(gap_material=1.5, gap_thickness=0.1)
    assert PlanarMicrocavity.model_validate_json(device.model_dump_json()) == device
    assert len({device, cavity()}) == 2


def test_stack_tables_and_copies() -> None:
    stack = cavity(substrate=1.46).stack()
    table = stack.layer_table(0.6)
    assert table["bottom_um"].iloc[0] == 0
    assert table["top_um"].iloc[-1] == pytest.approx(stack.thickness)
    mirrors = table["name"] != "gain"
    np.testing.assert_allclose(table["optical_thickness_waves"][mirrors], 0.25, rtol=1e-12)
    twice = stack.with_thicknesses([2 * layer.thickness for layer in stack.layers])
    assert twice.thickness == pytest.approx(2 * stack.thickness)
    assert stack.reversed().reversed() == stack
    filled = stack.with_material("gain", 1.7)
    assert [layer.material.index(0.6) for layer in filled.layers if layer.name == "gain"] == [1.7]
    assert stack.stack() is stack


def test_two_mirror_cavity_names_its_parts() -> None:
    device = TwoMirrorCavity(spacer_thickness=20.0, film_thickness=2.0)
    stack = device.stack()
    assert stack.regions == ("back_mirror", "gain", "spacer", "front_mirror")
    assert len(stack.layers) == 32
    by_name = {layer.name: layer.thickness for layer in device.cavity}
    assert by_name == {"gain": 2.0, "spacer": 20.0}
    assert device.layer_table(0.689)["thickness_um"].sum() == pytest.approx(stack.thickness)


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Layer(name="a", material=1.5, thickness=-0.1), "greater than 0"),
        (lambda: MIRROR.changed(pairs=2.3), "multiple of 0.5"),
        (lambda: MIRROR.changed(high_material=1.2), "swap the two materials"),
        (lambda: MetalMirror(thickness=0.1, adhesion_thickness=0.01), "give both or neither"),
        (lambda: cavity(gap_material="air"), "give both or neither"),
        (lambda: cavity(cavity=()), "at least 1 item"),
        (lambda: cavity(bottom_mirror={"kind": "magic"}), "kind"),
        (
            lambda: PlanarStack(layers=(Layer(name="substrate", material=1.5, thickness=1),)),
            "rename the layer",
        ),
        (lambda: TwoMirrorCavity(spacer_thickness=0), "greater than 0"),
    ],
)
def test_bad_input_is_refused(build: Any, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        build()


def test_wrong_copies_are_refused() -> None:
    stack = cavity().stack()
    with pytest.raises(ValueError, match="one per layer \\(23\\), got 1"):
        stack.with_thicknesses([1.0])
    with pytest.raises(ValueError, match=r"region: must be one of .*got 'gian'"):
        stack.with_material("gian", 1.5)
