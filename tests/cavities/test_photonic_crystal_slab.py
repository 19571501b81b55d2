"""Slabs and pillar arrays: which material is where, volumes, films, process, bad input."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from cavities import (
    Circle,
    ConformalFilm,
    Lattice,
    Layer,
    NanopillarArray,
    PeriodicStack,
    PhotonicCrystalSlab,
    PlanarFilm,
    Polygon,
    diameter_from_duty_cycle,
)
from cavities.pattern_process import drawn, fabricated
from cavities.periodic_stack import PatternedLayer

OXIDE = Layer(name="oxide", material="SiO2", thickness=0.1)
SLAB = Layer(name="slab", material=2.0, thickness=0.2)


def slab(**fields: object) -> PhotonicCrystalSlab:
    values = {
        "lattice": Lattice.square(0.4),
        "layers": (OXIDE, SLAB),
        "shapes": (Circle(radius=0.1),),
        **fields,
    }
    return PhotonicCrystalSlab(**values)


def region_at(stack: PeriodicStack, x: float, y: float, z: float) -> str:
    """Return the region at a point by painting: the slow, independent way."""
    edges = np.cumsum([0.0, *(piece.thickness for piece in stack.slices())])
    if z < 0 or z >= edges[-1]:
        return "substrate" if z < 0 else "superstrate"
    piece = stack.slices()[int(np.searchsorted(edges, z, side="right")) - 1]
    found = piece.name
    if isinstance(piece, PatternedLayer):
        for part in piece.inclusions:
            for dx, dy in stack.lattice.translations(2.0):
                if part.shape.polygon(1e-5).covers(shapely.Point(x - dx, y - dy)):
                    found = part.name
    return found


def volume(stack: PeriodicStack, region: str) -> float:
    """Return the volume of a region per area (um)."""
    return math.fsum(
        layer.thickness * stack.fractions(layer).get(region, 0.0) for layer in stack.layers
    )


@pytest.mark.parametrize(
    ("fields", "points"),
    [
        # through-etched, bare: (x, z) -> region
        ({}, {(0.0, 0.05): "oxide", (0.0, 0.2): "opening", (0.15, 0.2): "slab"}),
        # partial etch
        ({"etch_depth": 0.12}, {(0.0, 0.17): "slab", (0.0, 0.19): "opening"}),
        # over-etch into the oxide
        ({"etch_depth": 0.25}, {(0.0, 0.04): "oxide", (0.0, 0.06): "opening"}),
        # pillars
        (
            {"pattern": "pillars"},
            {(0.0, 0.2): "slab", (0.2, 0.2): "opening", (0.2, 0.05): "oxide"},
        ),
        # planarised film over the top
        (
            {"film": PlanarFilm(overcoat=0.05)},
            {(0.0, 0.11): "gain", (0.2, 0.34): "gain", (0.2, 0.36): "superstrate"},
        ),
        # film that ends inside the holes
        (
            {"film": PlanarFilm(overcoat=-0.05)},
            {(0.0, 0.24): "gain", (0.0, 0.26): "opening", (0.2, 0.26): "slab"},
        ),
        # conformal film in holes
        (
            {"film": ConformalFilm(thickness=0.03)},
            {
                (0.0, 0.12): "gain",
                (0.0, 0.14): "opening",
                (0.08, 0.2): "gain",
                (0.06, 0.2): "opening",
                (0.11, 0.2): "slab",
                (0.08, 0.32): "gain",
                (0.06, 0.32): "opening",
                (0.2, 0.32): "gain",
                (0.2, 0.34): "superstrate",
            },
        ),
        # conformal film on pillars, bare walls
        (
            {"pattern": "pillars", "film": ConformalFilm(thickness=0.03, wall_thickness=0.0)},
            {
                (0.2, 0.12): "gain",
                (0.11, 0.14): "opening",
                (0.09, 0.14): "slab",
                (0.09, 0.32): "gain",
                (0.11, 0.32): "opening",
            },
        ),
        # a conformal film thicker than the hole is deep: floor film meets the top film
        (
            {"etch_depth": 0.05, "film": ConformalFilm(thickness=0.08)},
            {
                (0.0, 0.26): "gain",
                (0.15, 0.26): "slab",
                (0.0, 0.32): "gain",
                (0.01, 0.34): "opening",
                (0.15, 0.34): "gain",
                (0.15, 0.39): "superstrate",
            },
        ),
        # holes that narrow downwards, pillars that widen downwards
        ({"wall_angle_deg": 80.0}, {(0.09, 0.29): "opening", (0.09, 0.11): "slab"}),
        (
            {"wall_angle_deg": 80.0, "pattern": "pillars"},
            {(0.11, 0.29): "opening", (0.11, 0.11): "slab"},
        ),
        # a sealed void
        (
            {"above": (OXIDE.changed(name="cap"),), "opening_material": 1.0},
            {(0.0, 0.2): "opening", (0.0, 0.35): "cap"},
        ),
    ],
)
def test_which_region_is_where(
    fields: dict[str, object], points: dict[tuple[float, float], str]
) -> None:
    stack = slab(**fields).unit_cell()
    for (x, z), region in points.items():
        assert region_at(stack, x, 0.0, z) == region, (x, z)
        assert region_at(stack, x + 0.4, -0.8, z) == region  # the same in other cells


def test_walls_go_on_through_layers_and_films() -> None:
    """Radii at the seams of sublayers: one straight wall from the mask to the floor."""
    cell = slab(
        etch_depth=0.25,
        wall_angle_deg=85.0,
        slices=50,
        film=ConformalFilm(thickness=0.02, wall_thickness=0.01),
    ).unit_cell()
    slope = math.tan(math.radians(5.0))
    height = 0.0
    for layer in cell.layers:
        if isinstance(layer, PatternedLayer) and layer.name in ("oxide", "slab"):
            for z in (0.0, layer.thickness):
                hole = layer.at(z)[0].shape
                assert isinstance(hole, Circle)
                assert hole.radius == pytest.approx(0.1 - slope * (0.3 - height - z), abs=1e-12)
        height += layer.thickness
    assert height == pytest.approx(0.32)


@pytest.mark.parametrize("pattern", ["holes", "pillars"])
@pytest.mark.parametrize("angle_deg", [90.0, 84.0])
@pytest.mark.parametrize("film_on_flat", [0.02, 0.05, 0.3])
def test_spin_coated_film_keeps_its_volume(
    pattern: str, angle_deg: float, film_on_flat: float
) -> None:
    made = PhotonicCrystalSlab.from_process(
        drawn=[Circle(radius=0.09), Polygon.regular(3, 0.06, center=(0.2, 0.2))],
        bias=0.01,
        film_material=1.9,
        film_on_flat=film_on_flat,
        lattice=Lattice.square(0.4),
        layers=(OXIDE, SLAB),
        pattern=pattern,
        wall_angle_deg=angle_deg,
        slices=200,
    )
    assert made.film_on_flat == pytest.approx(film_on_flat, rel=1e-9)
    assert volume(made.unit_cell(), "gain") == pytest.approx(film_on_flat, rel=1e-5)
    assert isinstance(made.film, PlanarFilm)
    assert (made.film.overcoat < 0) == (film_on_flat < made.open_volume)
    assert made.gain_material is made.film.material
    circle = made.shapes[0]
    assert isinstance(circle, Circle)
    assert circle.radius == pytest.approx(0.1)


def test_volumes_of_films_by_hand() -> None:
    share = math.pi * 0.01 / 0.16
    assert slab().open_volume == pytest.approx(0.2 * share, rel=1e-12)
    assert slab(pattern="pillars").open_volume == pytest.approx(0.2 * (1 - share), rel=1e-12)
    conformal = slab(film=ConformalFilm(thickness=0.03, wall_thickness=0.02)).unit_cell()
    open_share = math.pi * 0.08**2 / 0.16
    expected = 0.03 * share + 0.17 * (share - open_share) + 0.03 * (1 - open_share)
    assert volume(conformal, "gain") == pytest.approx(expected, rel=1e-12)
    # a frustum's openings, exactly
    low = 0.1 - 0.2 * math.tan(math.radians(6.0))
    frustum = math.pi * 0.2 * (0.01 + 0.1 * low + low**2) / 3 / 0.16
    assert slab(wall_angle_deg=84.0).open_volume == pytest.approx(frustum, rel=1e-12)


@settings(max_examples=30, deadline=None)
@given(
    st.floats(0.05, 0.18),
    st.floats(0.02, 0.29),
    st.floats(-0.02, 0.1),
    st.sampled_from(["holes", "pillars"]),
    st.floats(80.0, 90.0),
)
def test_the_layers_hold_what_the_parameters_say(
    radius: float, depth: float, overcoat: float, pattern: str, angle_deg: float
) -> None:
    try:
        cavity = slab(
            shapes=(Circle(radius=radius),),
            pattern=pattern,
            etch_depth=depth,
            wall_angle_deg=angle_deg,
            film=PlanarFilm(overcoat=overcoat),
        )
    except ValueError as error:
        assert "got" in str(error)  # noqa: PT017
        return
    cell = cavity.unit_cell()
    assert cell.thickness == pytest.approx(0.3 + max(0.0, overcoat))
    assert sum(volume(cell, region) for region in cell.regions) == pytest.approx(cell.thickness)
    solid = volume(cell, "oxide") + volume(cell, "slab")
    # mid-height slices against the exact frustum
    slack = 2e-4 * depth
    assert solid == pytest.approx(0.3 - cavity.open_volume, abs=slack)
    again = PhotonicCrystalSlab.model_validate_json(cavity.model_dump_json())
    assert again == cavity
    assert again.unit_cell() == cell


def test_pillar_arrays_are_slabs_of_pillars() -> None:
    array = NanopillarArray(
        lattice=Lattice.triangular(0.335),
        diameter=0.17,
        height=0.2,
        residual_thickness=0.1,
        below=(Layer(name="stop", material=2.0, thickness=0.05),),
        film=PlanarFilm(material=1.95, overcoat=0.1),
    )
    cell = array.unit_cell()
    assert [layer.name for layer in cell.layers] == ["stop", "residual", "gain", "gain"]
    assert region_at(cell, 0.0, 0.0, 0.2) == "pillar"
    assert region_at(cell, 0.1675, 0.0, 0.2) == "gain"
    assert array.filling == pytest.approx(math.pi * 0.085**2 / (0.335**2 * math.sqrt(3) / 2))
    assert array.gain_material == array.slab().gain_material
    square = NanopillarArray(
        lattice=Lattice.square(0.335), shapes=(Polygon.rectangle(0.1, 0.1),), height=0.2
    )
    assert square.unit_cell().regions == ("opening", "pillar")
    assert square.gain_material is None


def test_duty_cycles_by_their_meaning() -> None:
    lattice = Lattice.square(0.4)
    assert diameter_from_duty_cycle(lattice, 0.7, "diameter") == pytest.approx(0.28)
    assert diameter_from_duty_cycle(lattice, 0.7, "gap") == pytest.approx(0.12)
    for of, filled in (("area", 0.3), ("gap_area", 0.7)):
        d = diameter_from_duty_cycle(lattice, 0.3, of)  # type: ignore[arg-type]
        assert math.pi * d**2 / 4 / lattice.area == pytest.approx(filled)
    with pytest.raises(ValueError, match=r"circles must not overlap.*at most 0.785"):
        diameter_from_duty_cycle(lattice, 0.8, "area")
    with pytest.raises(ValueError, match="give a share, not per cent"):
        diameter_from_duty_cycle(lattice, 70, "diameter")
    with pytest.raises(ValueError, match="of: must be one of"):
        diameter_from_duty_cycle(lattice, 0.7, "hole")  # type: ignore[arg-type]


def test_bias_goes_there_and_back() -> None:
    shapes = (Circle(radius=0.1), Polygon.rectangle(0.1, 0.2, center=(0.2, 0.2)))
    back = drawn(fabricated(shapes, 0.012), 0.012)
    assert [s.area for s in back] == pytest.approx([s.area for s in shapes])
    assert fabricated(shapes, 0.012)[0].area == pytest.approx(math.pi * 0.112**2)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: slab(etch_depth=0.31), "etch_depth: must be at most .* 0.3 um, got 0.31"),
        (lambda: slab(shapes=(Circle(radius=0.21),)), "must not overlap their own repetitions"),
        (
            lambda: slab(shapes=(Circle(radius=0.1), Circle(radius=0.05))),
            "shapes: must not lie inside each other",
        ),
        (
            lambda: slab(shapes=(Circle(radius=0.1), Circle(center=(0.15, 0), radius=0.1))),
            "across the edge of inclusion 0",
        ),
        (lambda: slab(wall_angle_deg=60.0), "wall_angle_deg: every shape must be left"),
        (
            lambda: slab(wall_angle_deg=60.0, pattern="pillars"),
            "must not overlap their own repetitions",
        ),
        (
            lambda: slab(film=PlanarFilm(overcoat=-0.2)),
            "overcoat: must be > -etch depth = -0.2 um",
        ),
        (
            lambda: slab(film=ConformalFilm(thickness=0.1)),
            "wall_thickness: must leave the openings open, got 0.1 um; use a PlanarFilm",
        ),
        (
            lambda: PhotonicCrystalSlab.from_process(
                drawn=[Circle(radius=0.1)],
                film_on_flat=0.1,
                lattice=Lattice.square(0.4),
                layers=(SLAB,),
            ),
            "film_on_flat: must be given together with film_material",
        ),
        (
            lambda: PhotonicCrystalSlab.from_process(
                drawn=[Circle(radius=0.1)],
                film_on_flat=0.0,
                film_material=1.9,
                lattice=Lattice.square(0.4),
                layers=(SLAB,),
            ),
            "film_on_flat: must be > 0 um",
        ),
        (
            lambda: NanopillarArray(lattice=Lattice.square(0.4), height=0.2),
            "diameter: must be given, or shapes instead, got neither",
        ),
        (
            lambda: NanopillarArray(
                lattice=Lattice.square(0.4), height=0.2, diameter=0.1, shapes=(Circle(radius=0.1),)
            ),
            "got both",
        ),
        (
            lambda: NanopillarArray(lattice=Lattice.square(0.4), height=0.0, diameter=0.1),
            "greater than 0",
        ),
    ],
)
def test_bad_slabs(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
