"""DBR pillars: layers against a transfer matrix written here, regions, confinement."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from cavities import BodyOfRevolution, Layer, LayeredBackground, Micropillar

PILLAR: dict[str, Any] = {
    "design_wavelength": 0.6,
    "radius": 1.5,
    "high_material": 2.3,
    "low_material": 1.5,
    "cavity_material": 1.5,
    "substrate": 1.5,
}


def reflectance(layers: tuple[Layer, ...], outside: tuple[float, float], lam: float) -> float:
    """Power reflectance at normal incidence from the top, characteristic matrices."""
    bottom, top = outside
    matrix = np.eye(2, dtype=complex)
    for layer in reversed(layers):
        n = complex(layer.material.index(lam))
        phase = 2 * np.pi * n * layer.thickness / lam
        c, s = np.cos(phase), np.sin(phase)
        matrix = matrix @ np.array([[c, -1j * s / n], [-1j * n * s, c]])
    b, c = matrix @ np.array([1.0, bottom])
    return float(abs((top * b - c) / (top * b + c)) ** 2)


def material_on(body: BodyOfRevolution, r: float, z: float) -> tuple[str, str]:
    """(region name, material name) at a point: the last region that covers it, or a layer."""
    for region in reversed(body.regions):
        if region.outline.polygon(1e-6).covers(shapely.Point(r, z)):
            return region.name, region.material.name
    background = body.background
    assert isinstance(background, LayeredBackground)
    edges = background.interfaces()
    if z < edges[0]:
        return "substrate", background.substrate.name
    if z > edges[-1]:
        return "superstrate", background.superstrate.name
    layer = background.layers[int(np.searchsorted(edges, z)) - 1]
    return layer.name, layer.material.name


def swept_areas(body: BodyOfRevolution) -> dict[str, float]:
    areas: dict[str, float] = {}
    for region in body.regions:
        area = region.outline.polygon(1e-6).area
        areas[region.name] = areas.get(region.name, 0.0) + area
    return areas


@pytest.mark.parametrize("cavity_index", [1.5, 2.3, 1.7, 2.1])
@pytest.mark.parametrize("order", [1, 2, 5])
def test_symmetric_pillar_is_transparent_at_the_design_wavelength(
    cavity_index: float, order: int
) -> None:
    """Equal mirrors about a cavity of half waves, equal media outside: full transmission."""
    pillar = Micropillar(
        **{**PILLAR, "cavity_material": cavity_index},
        cavity_order=order,
        bottom_pairs=8,
        top_pairs=8,
    )
    assert reflectance(pillar.layers, (1.5, 1.5), 0.6) < 1e-8
    for shift in (-0.01, 0.01):
        assert reflectance(pillar.layers, (1.5, 1.5), 0.6 + shift) > 0.9


@pytest.mark.parametrize("pairs", [1.0, 4.5, 20.0])
def test_mirror_reflectance_closed_form(pairs: float) -> None:
    """At the centre a quarter-wave layer turns the admittance Y into n^2/Y."""
    pillar = Micropillar(**PILLAR, bottom_pairs=0, top_pairs=pairs)
    mirror = tuple(layer for layer in pillar.layers if layer.name == "top_mirror")
    assert len(mirror) == round(2 * pairs)
    admittance = 1.5
    for i in range(len(mirror)):
        admittance = (2.3, 1.5)[i % 2] ** 2 / admittance
    closed = ((1 - admittance) / (1 + admittance)) ** 2
    assert reflectance(mirror, (1.5, 1.0), 0.6) == pytest.approx(closed, rel=1e-10)


def test_order_of_the_layers() -> None:
    pillar = Micropillar(**PILLAR, bottom_pairs=1.5, top_pairs=2)
    index = [complex(layer.material.index(0.6)).real for layer in pillar.layers]
    assert index == [2.3, 1.5, 2.3, 1.5, 2.3, 1.5, 2.3, 1.5]
    names = [layer.name for layer in pillar.layers]
    assert names == ["bottom_mirror"] * 3 + ["cavity"] + ["top_mirror"] * 4


@pytest.mark.parametrize(("cavity", "side"), [(1.5, "high"), (2.3, "low"), (3.5, "low")])
def test_cavity_side(cavity: float, side: str) -> None:
    assert Micropillar(**{**PILLAR, "cavity_material": cavity}).cavity_side == side
    forced = Micropillar(**{**PILLAR, "cavity_material": cavity}, next_to_cavity="high")
    assert forced.cavity_side == "high"


def test_gain_film_keeps_the_optical_path() -> None:
    pillar = Micropillar(**PILLAR, gain_material=1.9, gain_thickness=0.05)
    cavity = [layer for layer in pillar.layers if layer.name in ("cavity", "gain")]
    assert [layer.name for layer in cavity] == ["cavity", "gain", "cavity"]
    path = sum(complex(layer.material.index(0.6)).real * layer.thickness for layer in cavity)
    assert path == pytest.approx(0.6, rel=1e-13)
    assert pillar.cavity_length == pytest.approx(sum(layer.thickness for layer in cavity))


def test_gain_can_fill_the_cavity() -> None:
    pillar = Micropillar(**PILLAR, cavity_thickness=0.3, gain_material=1.9, gain_thickness=0.3)
    assert [layer.name for layer in pillar.layers if "mirror" not in layer.name] == ["gain"]


@given(
    st.integers(0, 40), st.integers(0, 40), st.sampled_from(["full", "cavity", "top"]), st.data()
)
def test_regions_fill_the_mesa(bottom: int, top: int, mesa: Any, data: st.DataObject) -> None:
    """Whatever is etched, the layers on the axis are those of the table."""
    if mesa == "top" and top == 0:
        return
    fields = {**PILLAR, "bottom_pairs": bottom / 2, "top_pairs": top / 2, "mesa": mesa}
    pillar = Micropillar(**fields)
    body, layers = pillar.body(), pillar.layers
    assert isinstance(body.background, LayeredBackground)
    kept = len(body.background.layers)
    assert body.background.layers == layers[:kept]
    assert kept == {"full": 0, "cavity": bottom, "top": bottom + 1}[mesa]
    assert [region.name for region in body.regions] == [layer.name for layer in layers[kept:]]
    edges = np.cumsum([0.0, *(layer.thickness for layer in layers)])
    at = data.draw(st.integers(0, len(layers) - 1))
    middle = (edges[at] + edges[at + 1]) / 2
    assert material_on(body, 0.7, middle) == (layers[at].name, layers[at].material.name)
    outside = material_on(body, 1.6, middle)[0]
    assert outside == (layers[at].name if at < kept else "superstrate")
    total = sum(swept_areas(body).values())
    assert total == pytest.approx(1.5 * (edges[-1] - edges[kept]), rel=1e-9)


def test_sixty_pairs() -> None:
    pillar = Micropillar(**PILLAR, bottom_pairs=60, top_pairs=60)
    body = pillar.body()
    assert len(body.regions) == 241
    assert isinstance(body.background, LayeredBackground)
    assert body.background.interfaces() == [0.0]
    tops = [region.outline.polygon(1e-6).bounds[3] for region in body.regions]
    bottoms = [region.outline.polygon(1e-6).bounds[1] for region in body.regions]
    assert bottoms[0] == 0
    assert tops[:-1] == bottoms[1:]  # the very same numbers: no slivers between layers
    assert tops[-1] == pytest.approx(pillar.height, rel=1e-13)
    assert pillar.height == pytest.approx(60 * 2 * (0.15 / 2.3 + 0.15 / 1.5) + 0.4, rel=1e-12)


def test_oxide_ring_in_a_mesa() -> None:
    pillar = Micropillar(**PILLAR, oxide_aperture=0.6, oxide_thickness=0.03, oxide_layer=1)
    body = pillar.body()
    oxide = body.regions[-1]
    assert oxide.name == "oxide"
    low, high = oxide.outline.polygon(1e-6).bounds[1::2]
    cavity_top = 14 * (0.15 / 2.3 + 0.15 / 1.5) / 2 + 0.4
    layer_bottom, layer_top = cavity_top + 0.15 / 2.3, cavity_top + 0.15 / 2.3 + 0.1
    assert (low + high) / 2 == pytest.approx((layer_bottom + layer_top) / 2)
    assert high - low == pytest.approx(0.03)
    middle = (low + high) / 2
    assert material_on(body, 0.3, middle)[0] == "top_mirror"
    assert material_on(body, 1.0, middle)[0] == "oxide"
    assert material_on(body, 2.0, middle)[0] == "superstrate"
    assert material_on(body, 1.0, layer_bottom + 0.01)[0] == "top_mirror"


@pytest.mark.parametrize("thickness", [None, 0.03])
def test_oxide_ring_without_a_mesa(thickness: float | None) -> None:
    """All layers infinite; inside the opening every layer is as on the table."""
    fields = {**PILLAR, "radius": None}
    pillar = Micropillar(**fields, oxide_aperture=0.6, oxide_thickness=thickness)
    body = pillar.body()
    assert isinstance(body.background, LayeredBackground)
    assert body.background.interfaces()[0] == pytest.approx(0.0, abs=1e-12)
    assert body.background.top == pytest.approx(pillar.height)
    total = math.fsum(layer.thickness for layer in body.background.layers)
    assert total == pytest.approx(pillar.height, rel=1e-13)
    edges = np.cumsum([0.0, *(layer.thickness for layer in pillar.layers)])
    for layer, low, high in zip(pillar.layers, edges[:-1], edges[1:], strict=True):
        assert material_on(body, 0.3, (low + high) / 2) == (layer.name, layer.material.name)
    opening = body.regions[0].outline.polygon(1e-6)
    middle = (opening.bounds[1] + opening.bounds[3]) / 2
    assert opening.bounds[3] - opening.bounds[1] == pytest.approx(thickness or 0.15 / 2.3)
    assert material_on(body, 5.0, middle)[0] == "oxide"
    assert material_on(body, 5.0, 1e-3)[0] == "bottom_mirror"


def test_layer_table() -> None:
    table = Micropillar(**PILLAR).layer_table()
    assert list(table["top_um"][:-1]) == list(table["bottom_um"][1:])
    mirrors = table[table["name"] != "cavity"]
    assert np.allclose(mirrors["optical_thickness_waves"], 0.25, rtol=1e-12)
    assert float(table.loc[table["name"] == "cavity", "optical_thickness_waves"].iloc[0]) == 1.0


def test_dispersive_materials_use_their_index_at_the_design_wavelength() -> None:
    pillar = Micropillar(design_wavelength=0.64, radius=2.0)
    index = float(pillar.low_material.index(0.64).real)
    assert pillar.low_layer == pytest.approx(0.16 / index, rel=1e-14)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"radius": None}, "radius: must be given when there is no oxide_aperture"),
        ({"oxide_aperture": 2.0}, "oxide_aperture: must be < radius = 1.5 um, got 2"),
        ({"oxide_aperture": 0.5, "oxide_layer": 14}, "oxide_layer: must be < 14"),
        ({"oxide_aperture": 0.5, "oxide_thickness": 0.5}, "must be <= its layer of 0.06522 um"),
        ({"gain_thickness": 0.05}, "must be > 0 with a gain_material and 0 without, got 0.05"),
        ({"gain_material": 1.9}, "must be > 0 with a gain_material and 0 without, got 0 um"),
        (
            {"gain_material": 1.9, "gain_thickness": 0.5, "cavity_thickness": 0.4},
            "gain_thickness: must be <= the cavity of 0.4 um, got 0.5",
        ),
        ({"gain_material": 1.9, "gain_thickness": 0.5}, "raise cavity_order"),
        ({"top_pairs": 0, "mesa": "top"}, "mesa: must etch at least one layer"),
    ],
)
def test_impossible_pillars(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Micropillar(**{**PILLAR, **fields})


@pytest.mark.parametrize("pairs", [-1.0, 2.3])
def test_pairs_come_in_halves(pairs: float) -> None:
    with pytest.raises(ValidationError) as error:
        Micropillar(**{**PILLAR, "top_pairs": pairs})
    assert error.value.errors()[0]["loc"] == ("top_pairs",)
