"""Periodic stacks: overlaps with repetitions, nesting, sloped walls, moved and repeated cells."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st

from cavities.body_of_revolution import Layer
from cavities.cell_shape import Circle, Polygon, Shape
from cavities.lattice import Lattice
from cavities.periodic_stack import Inclusion, PatternedLayer, PeriodicStack


def layer(*shapes: Shape, **fields: object) -> PatternedLayer:
    parts = tuple(
        Inclusion(shape=shape, material=1.0 + 0.1 * i, name=f"part{i}")
        for i, shape in enumerate(shapes)
    )
    values = {"name": "slab", "material": 2.0, "thickness": 0.2, **fields}
    return PatternedLayer(inclusions=parts, **values)


def stack(*shapes: Shape, lattice: Lattice | None = None, **fields: object) -> PeriodicStack:
    return PeriodicStack(lattice=lattice or Lattice.square(0.4), layers=(layer(*shapes, **fields),))


def patterned(cell: PeriodicStack) -> PatternedLayer:
    found = cell.layers[0]
    assert isinstance(found, PatternedLayer)
    return found


def test_regions_media_and_heights() -> None:
    cell = PeriodicStack(
        lattice=Lattice.square(0.4),
        substrate="Si",
        layers=(
            Layer(name="oxide", material="SiO2", thickness=0.3),
            layer(Circle(radius=0.1)),
            Layer(name="part0", material=1.0, thickness=0.1),
        ),
    )
    assert cell.regions == ("oxide", "slab", "part0")
    assert [m.name for m in cell.media] == ["Si", "SiO2", "n = 2", "n = 1", "air"]
    assert cell.interfaces() == pytest.approx((0.0, 0.3, 0.5, 0.6))
    assert cell.unit_cell() is cell
    assert cell.slices() == cell.layers
    assert PeriodicStack.model_validate_json(cell.model_dump_json()) == cell
    assert hash(cell) == hash(cell.changed())
    fat = cell.with_material("part0", 1.9)
    assert [m.name for m in fat.media] == ["Si", "SiO2", "n = 2", "n = 1.9", "air"]
    assert cell.with_material("superstrate", 1.5).superstrate.name == "n = 1.5"
    assert cell.scaled(2.0).thickness == pytest.approx(1.2)
    assert cell.scaled(2.0).fractions(cell.scaled(2.0).layers[1]) == pytest.approx(
        cell.fractions(cell.layers[1])
    )


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["square", "triangular", "oblique"]),
    st.floats(-0.2, 0.2),
    st.floats(-0.2, 0.2),
    st.floats(0.05, 0.25),
    st.booleans(),
)
def test_overlaps_are_those_of_a_drawn_lattice(
    kind: str, x: float, y: float, radius: float, polygons: bool
) -> None:
    """The independent reference: shapely areas on a drawn 7 x 7 lattice."""
    lattice = {
        "square": Lattice.square(0.4),
        "triangular": Lattice.triangular(0.4),
        "oblique": Lattice.oblique(0.4, 0.5, 50.0),
    }[kind]
    shapes: list[Shape] = [Circle(radius=0.08), Circle(center=(x, y), radius=radius)]
    if polygons:
        shapes = [shapes[0], Polygon(points=tuple(map(tuple, shapes[1].outline(1e-4))))]
    drawn = []
    for i in range(-3, 4):
        for j in range(-3, 4):
            dx, dy = np.array([i, j]) @ lattice.vectors
            drawn += [shape.translated(dx, dy).polygon(1e-6) for shape in shapes]
    middle = len(drawn) // 2 - 1  # the cell i = j = 0
    overlap = 0.0
    first, second = drawn[middle], drawn[middle + 1]
    for other in drawn[::2]:
        inside = other.intersection(second)
        if second.difference(other.buffer(1e-6)).area > 1e-9:
            overlap += inside.area
    for same in (drawn[::2], drawn[1::2]):
        own = first if same[0] is drawn[0] else second
        overlap += sum(own.intersection(p).area for p in same if p is not own)
    if 0 < overlap < 2e-5:
        return  # at the limit of touching
    if overlap:
        with pytest.raises(ValueError, match=r"overlap|wholly inside"):
            stack(*shapes, lattice=lattice)
    else:
        stack(*shapes, lattice=lattice)


def test_touching_is_allowed() -> None:
    stack(Circle(radius=0.2))  # touches its repetitions
    stack(Polygon.rectangle(0.4, 0.1))  # lines of a grating
    stack(Circle(radius=0.1), Circle(center=(0.2, 0.0), radius=0.1))


def test_a_shape_over_the_edge_goes_on_in_the_next_cell() -> None:
    cell = stack(Circle(center=(0.4, 0.2), radius=0.1), Circle(center=(0.1, 0.0), radius=0.05))
    assert cell.parents(patterned(cell)) == (-1, -1)
    with pytest.raises(ValueError, match="inclusion 1 across the edge of inclusion 0"):
        # two cells away on paper, neighbours in the lattice
        stack(Circle(center=(0.35, 0.0), radius=0.1), Circle(center=(-0.2, 0.0), radius=0.1))


def test_nested_inclusions_replace_each_other() -> None:
    ring = stack(
        Circle(radius=0.15),
        Circle(center=(0.4, 0.4), radius=0.1),  # inside a repetition of the first
        Polygon.rectangle(0.05, 0.05),
        Circle(center=(0.2, 0.2), radius=0.04),
    )
    film = patterned(ring)
    assert ring.parents(film) == (-1, 0, 1, -1)
    areas = [math.pi * 0.15**2, math.pi * 0.1**2, 0.0025, math.pi * 0.04**2]
    assert ring.fractions(film) == pytest.approx(
        {
            "slab": 1 - (areas[0] + areas[3]) / 0.16,
            "part0": (areas[0] - areas[1]) / 0.16,
            "part1": (areas[1] - areas[2]) / 0.16,
            "part2": areas[2] / 0.16,
            "part3": areas[3] / 0.16,
        }
    )
    with pytest.raises(ValueError, match="list the outer one first"):
        stack(Circle(radius=0.1), Circle(radius=0.15))


@pytest.mark.parametrize("height", ["bottom", "middle", "top"])
@pytest.mark.parametrize("angle_deg", [80.0, 97.0])
def test_sloped_walls_have_the_volume_of_a_frustum(height: str, angle_deg: float) -> None:
    fine = stack(Circle(radius=0.12), wall_angle_deg=angle_deg, shape_height=height, slices=400)
    part = patterned(fine)
    low, high = (0.12 + part.growth(z) for z in (0.0, 0.2))
    assert (low > high) == (angle_deg < 90)  # below 90 degrees inclusions narrow upwards
    assert {"bottom": low, "middle": (low + high) / 2, "top": high}[height] == pytest.approx(0.12)
    assert (low - high) / 0.2 == pytest.approx(1 / math.tan(math.radians(angle_deg)))
    volume = math.pi * (low**2 + low * high + high**2) / 3 / 0.16
    assert fine.fractions(part)["part0"] == pytest.approx(volume, rel=1e-6)
    assert sum(fine.fractions(part).values()) == pytest.approx(1.0)
    pieces = fine.slices()
    assert len(pieces) == 400
    assert sum(piece.thickness for piece in pieces) == pytest.approx(0.2)
    assert all(isinstance(p, PatternedLayer) and p.is_vertical for p in pieces)


def test_slices_converge_quadratically() -> None:
    def share(slices: int) -> float:
        cell = stack(Circle(radius=0.12), wall_angle_deg=80.0, slices=slices)
        return cell.fractions(patterned(cell))["part0"]

    exact = share(4000)
    errors = [abs(share(n) - exact) for n in (2, 4, 8)]
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.02)
    assert errors[1] / errors[2] == pytest.approx(4, rel=0.02)


def test_walls_that_widen_into_each_other_are_refused() -> None:
    stack(Circle(radius=0.19), wall_angle_deg=90.0)
    with pytest.raises(ValueError, match="must not overlap their own repetitions"):
        stack(Circle(radius=0.19), wall_angle_deg=80.0)
    with pytest.raises(ValueError, match="wall_angle_deg: every shape must be left"):
        stack(Circle(radius=0.03), wall_angle_deg=100.0)


@settings(max_examples=25, deadline=None)
@given(st.floats(-1.0, 1.0), st.floats(-1.0, 1.0), st.integers(1, 3), st.integers(1, 3))
def test_moved_and_repeated_cells_are_the_same_structure(
    dx: float, dy: float, first: int, second: int
) -> None:
    lattice = Lattice.triangular(0.4)
    cell = stack(Circle(radius=0.15), Circle(radius=0.1), lattice=lattice)
    moved, larger = cell.shifted(dx, dy), cell.repeated(first, second)
    for other in (moved, larger, larger.shifted(dx, dy)):
        assert other.fractions(other.layers[0]) == pytest.approx(cell.fractions(cell.layers[0]))
    steps = lattice.fractional(np.array(patterned(moved).inclusions[0].shape.centroid) - (dx, dy))
    np.testing.assert_allclose(steps, np.round(steps), atol=1e-9)
    assert larger.lattice.area == pytest.approx(first * second * lattice.area)
    assert len(patterned(larger).inclusions) == 2 * first * second


def test_a_repeated_cell_paints_the_same_picture() -> None:
    lattice = Lattice.oblique(0.4, 0.5, 70.0)
    cell = stack(Circle(center=(0.1, 0.1), radius=0.12), lattice=lattice)
    larger = cell.repeated(2, 3)

    def picture(one: PeriodicStack) -> shapely.Geometry:
        parts = [
            part.shape.translated(*shift).polygon(1e-4)
            for part in patterned(one).inclusions
            for shift in one.lattice.translations(5.0)
        ]
        return shapely.union_all(parts).intersection(shapely.box(-1, -1, 1, 1))

    assert picture(cell).symmetric_difference(picture(larger)).area < 1e-9


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: stack(Circle(radius=0.21)), "must not overlap their own repetitions"),
        (lambda: stack(Polygon.rectangle(0.41, 0.1)), "must not overlap their own repetitions"),
        (
            lambda: stack(Circle(center=(200.0, 200.0), radius=80.0)),
            r"within one lattice vector of the origin, got \(200, 200\) um = 500 a1",
        ),
        (lambda: stack(Circle(radius=0.1), thickness=0.0), "greater than 0"),
        (lambda: stack(Circle(radius=0.1), name="substrate"), "region name: must not be one of"),
        (lambda: stack(), "at least 1"),
        (
            lambda: PeriodicStack(lattice=Lattice.square(0.4), layers=()),
            "at least 1",
        ),
        (
            lambda: stack(Circle(radius=0.1)).with_material("gain", 1.9),
            r"region: must be one of \['slab', 'part0', 'substrate', 'superstrate'\], got 'gain'",
        ),
    ],
)
def test_bad_stacks(make: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()  # type: ignore[operator]
