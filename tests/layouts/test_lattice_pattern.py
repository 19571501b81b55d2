"""What is drawn of a periodic cavity: rows of any lattice, outlines on the grid, division."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from cavities import (
    Circle,
    Ellipse,
    Inclusion,
    Lattice,
    Layer,
    PatternedLayer,
    PeriodicStack,
    PhotonicCrystalSlab,
    Polygon,
    RoundedPolygon,
    Sphere,
    hsu_slab,
    nanopillar_quantum_shells,
    pcsel_sin_quantum_shells,
)
from cavities.cell_shape import CellShape
from layouts.lattice_device import extent
from layouts.lattice_pattern import Rows, pattern_of, polygons, rows
from layouts.lattice_plan import sweep_periods

LATTICES = {
    "square": Lattice.square(0.335),
    "turned square": Lattice(a1=(0.3, 0.3), a2=(-0.3, 0.3)),
    "triangular": Lattice.triangular(0.335),
    "upright triangular": Lattice(a1=(0.0, 0.335), a2=(0.335 * math.sqrt(3) / 2, 0.1675)),
    "rectangular": Lattice.rectangular(0.4, 0.3),
    "oblique": Lattice.oblique(0.4, 0.5, 70.0),
    "left-handed": Lattice(a1=(0.1, 0.4), a2=(0.5, 0.0)),
    "skewed": Lattice(a1=(0.9, 0.3), a2=(0.6, 0.3)),
}


def row_points(found: Rows, columns: int, lines: int) -> np.ndarray:
    offsets = found.offsets(lines)
    return np.array(
        [
            (offsets[j] + i * found.pitch, j * found.step)
            for j in range(lines)
            for i in range(columns)
        ]
    )


@pytest.mark.parametrize("name", LATTICES)
def test_rows_are_the_lattice(name: str) -> None:
    lattice = LATTICES[name]
    found = rows(lattice)
    assert found.pitch * found.step == pytest.approx(lattice.area, rel=1e-12)
    points = row_points(found, 9, 9)
    steps = lattice.fractional(points)
    np.testing.assert_allclose(steps, np.round(steps), atol=1e-9)
    assert 0 <= found.shift < found.pitch


def test_rows_need_a_lattice_vector_along_x() -> None:
    with pytest.raises(ValueError, match="lattice: must have a vector along x"):
        rows(Lattice(a1=(0.3, math.pi / 50), a2=(0.0, 0.3)))


@pytest.mark.parametrize(
    "shape",
    [
        Circle(radius=0.0837),
        Circle(center=(0.1234, -0.0567), radius=0.12),
        Ellipse(radii=(0.12, 0.05), angle_deg=30.0),
        Polygon.regular(3, 0.0921, center=(0.0313, 0.0)),
        RoundedPolygon(points=Polygon.rectangle(0.2, 0.15).points, radius=0.0333),
    ],
    ids=lambda shape: shape.kind,
)
@pytest.mark.parametrize(("chord_error", "grid"), [(0.001, 0.001), (0.004, 0.005), (0.01, 0.001)])
def test_outlines_stay_within_the_chord_error(
    shape: CellShape, chord_error: float, grid: float
) -> None:
    (points,) = polygons([shape], chord_error=chord_error, grid=grid)
    drawn = shapely.Polygon(np.array(points) * grid)
    centre = np.array(shape.centroid)
    if isinstance(shape, Circle):  # about the nearest centre on the grid
        shape = shape.translated(*(np.rint(centre / grid) * grid - centre))
    distance = shapely.hausdorff_distance(
        drawn.exterior, shape.polygon(1e-6).exterior, densify=0.02
    )
    assert distance <= chord_error + 1e-6


def test_outlines_that_do_not_fit_the_grid() -> None:
    with pytest.raises(ValueError, match="radius: must be at least 10 grid steps"):
        polygons([Circle(radius=0.02)], chord_error=0.004, grid=0.005)
    with pytest.raises(ValueError, match="shapes: must be larger than a few grid steps"):
        polygons([Polygon.rectangle(0.001, 0.2)], chord_error=0.004, grid=0.005)
    with pytest.raises(ValueError, match=r"chord_error: must exceed grid/sqrt\(2\)"):
        polygons([Polygon.rectangle(0.1, 0.2)], chord_error=0.0005, grid=0.001)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(LATTICES)),
    st.floats(1.0, 60.0),
    st.floats(4.0, 30.0),
    st.sampled_from([0.001, 0.005]),
)
def test_fields_tile_the_device_with_whole_cells(
    name: str, size: float, write_field: float, grid: float
) -> None:
    """Every lattice point of the device once, each drawn within the stated distance."""
    lattice = LATTICES[name]
    found = rows(lattice)
    outlines = polygons([Circle(radius=0.08)], chord_error=0.004, grid=grid)
    place = extent(found, outlines, size=size, write_field=write_field, grid=grid)
    width, height = place.field_size
    assert max(width, height) <= write_field * (1 + 1e-9)
    assert place.fields_x == place.fields_y == math.ceil(size / write_field)
    assert place.size[0] == pytest.approx(size, abs=2 * place.fields_x * found.pitch)
    assert place.size[1] == pytest.approx(size, abs=4 * place.fields_y * found.step)
    if place.cells > 40000:
        return
    # as drawn: fields, rows and columns are snapped one after the other
    within = found.offsets(place.lines)
    i, j = np.meshgrid(np.arange(place.columns), np.arange(place.lines))

    def snapped(values: np.ndarray) -> np.ndarray:
        return np.rint(values / grid) * grid

    drawn, exact = [], []
    for x, y in place.places():
        exact.append(
            np.column_stack(
                [(x + i * found.pitch + within[j]).ravel(), (y + j * found.step).ravel()]
            )
        )
        drawn.append(
            np.column_stack(
                [
                    (snapped(x) + snapped(i * found.pitch) + snapped(within[j])).ravel(),
                    (snapped(y) + snapped(j * found.step)).ravel(),
                ]
            )
        )
    points, places = np.concatenate(exact), np.concatenate(drawn)
    assert len(points) == place.cells
    assert len(cKDTree(points).query_pairs(0.5 * lattice.period)) == 0
    steps = lattice.fractional(points)
    np.testing.assert_allclose(steps, np.round(steps), atol=1e-7)
    off = np.hypot(*(places - points).T).max()
    assert off <= place.position_error() + 1e-12
    area = place.area
    assert np.all(points - 0.08 >= np.array(area[:2]) - 0.004)
    assert np.all(points + 0.08 <= np.array(area[2:]) + 0.004)
    if place.straight_stitches:
        outlines_x = sorted({box[0] for box in place.outlines()})
        outlines_y = sorted({box[1] for box in place.outlines()})
        for axis, inner in enumerate((outlines_x[1:], outlines_y[1:])):
            for edge in inner:
                assert np.abs(points[:, axis] - edge).min() > 0.08
    # shapes belong to the field of their lattice point, and fields hold equally many
    assert place.cells == place.fields_x * place.fields_y * place.columns * place.lines


def test_square_fields_are_cut_between_the_holes_and_staggered_ones_say_so() -> None:
    def straight(lattice: Lattice, radius: float) -> bool:
        outlines = polygons([Circle(radius=radius)], chord_error=0.001, grid=0.001)
        return extent(
            rows(lattice), outlines, size=30.0, write_field=10.0, grid=0.001
        ).straight_stitches

    assert straight(Lattice.square(0.4), 0.14)
    assert straight(Lattice.triangular(0.4), 0.09)  # d < a/2: a straight gap between rows
    assert not straight(Lattice.triangular(0.4), 0.11)


def test_patterns_of_cavities() -> None:
    pillars, holes = pattern_of(nanopillar_quantum_shells()), pattern_of(hsu_slab())
    assert (pillars.kind, holes.kind) == ("pillar", "hole")
    assert pillars.shapes[0].area == pytest.approx(math.pi * (0.335 / 4) ** 2)
    larger = pillars.scaled_to(0.365)
    assert larger.shapes[0].area / larger.lattice.area == pytest.approx(
        pillars.shapes[0].area / pillars.lattice.area
    )
    assert pillars.drawn(0.01).shapes[0].area == pytest.approx(math.pi * (0.335 / 4 - 0.01) ** 2)
    with pytest.raises(ValueError, match="biases: something must be left to draw"):
        pillars.drawn(0.1)
    ring = PatternedLayer(
        name="slab",
        material=2.0,
        thickness=0.1,
        inclusions=(
            Inclusion(shape=Circle(radius=0.1), material=1.0, name="hole"),
            Inclusion(shape=Circle(radius=0.05), material=2.0, name="island"),
        ),
    )
    stack = PeriodicStack(lattice=Lattice.square(0.4), layers=(ring,))
    assert pattern_of(stack).shapes == (Circle(radius=0.1),)
    plain = PeriodicStack(
        lattice=Lattice.square(0.4), layers=(Layer(name="slab", material=2.0, thickness=0.1),)
    )
    with pytest.raises(ValueError, match="must have one pattern to draw, got 0"):
        pattern_of(plain)
    with pytest.raises(TypeError, match="cavity: must be periodic, got Sphere"):
        pattern_of(Sphere(radius=1.0, material=1.5))


def test_default_periods_cover_the_published_devices() -> None:
    assert sweep_periods(nanopillar_quantum_shells(0.335))[::5] == (0.315, 0.365)
    assert 0.3333 in sweep_periods(nanopillar_quantum_shells(0.3333))
    assert sweep_periods(pcsel_sin_quantum_shells(0.4))[::7] == (0.32, 0.46)
    big = PhotonicCrystalSlab(
        lattice=Lattice.square(1.0),
        layers=(Layer(name="slab", material=2.0, thickness=0.1),),
        shapes=(Circle(radius=0.2),),
    )
    assert sweep_periods(big) == (0.95, 0.975, 1.0, 1.025, 1.05)
