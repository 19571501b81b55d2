"""Orders, Fourier coefficients, point groups and symmetry-adapted bases."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cavities.cell_shape import CellShape, Circle, Ellipse, Polygon, RoundedPolygon
from cavities.lattice import Lattice
from cavities.periodic_stack import Inclusion, PatternedLayer, PeriodicStack
from solvers.fourier_modal.cell_symmetry import cell_symmetry, little_group
from solvers.fourier_modal.normal_field import normal_tensor
from solvers.fourier_modal.orders import chosen_orders
from solvers.fourier_modal.point_group import plane_group
from solvers.fourier_modal.sectors import sectors
from solvers.fourier_modal.shape_transform import shape_coefficients
from tests.solvers.periodic_cases import slab_in_glass

SHAPES = [
    Circle(center=(0.05, -0.02), radius=0.1),
    Ellipse(center=(0.01, 0.03), radii=(0.14, 0.07), angle_deg=25.0),
    Polygon.regular(3, 0.13, center=(0.02, 0.01)),
    RoundedPolygon(points=Polygon.rectangle(0.2, 0.15).points, radius=0.04),
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.kind)
def test_coefficients_against_integration(shape: CellShape) -> None:
    """Gauss integration of exp(-iGr) over the triangles of a fine outline's fan."""
    vectors = np.array([[0.0, 0.0], [15.0, 0.0], [-20.0, 31.0], [3.0, 4.0]])
    centre = np.array(shape.centroid)
    outline = shape.outline(1e-7) - centre
    ends = np.roll(outline, -1, axis=0)
    x, w = np.polynomial.legendre.leggauss(24)
    x, w = (x + 1) / 2, w / 2
    cross = outline[:, 0] * ends[:, 1] - outline[:, 1] * ends[:, 0]
    total = np.zeros(len(vectors), dtype=complex)
    for s, ws in zip(x, w, strict=True):  # points s (a + t (b - a)), Jacobian s cross
        at = outline[:, None] + x[:, None] * (ends - outline)[:, None]
        wave = np.exp(-1j * np.einsum("enc,gc->gen", centre + s * at, vectors))
        total += ws * s * np.einsum("gen,n,e->g", wave, w, cross)
    found = shape_coefficients(shape, vectors, 0.1)
    np.testing.assert_allclose(found, total / 0.1, atol=2e-6)
    assert found[0].real == pytest.approx(shape.area / 0.1, rel=1e-12)


@given(st.sampled_from(SHAPES), st.floats(-0.3, 0.3), st.floats(-0.3, 0.3))
def test_moving_a_shape_turns_phases(shape: CellShape, dx: float, dy: float) -> None:
    vectors = np.array([[0.0, 0.0], [15.0, 0.0], [-20.0, 31.0]])
    moved = shape_coefficients(shape.translated(dx, dy), vectors, 0.1)
    expected = shape_coefficients(shape, vectors, 0.1) * np.exp(-1j * vectors @ [dx, dy])
    np.testing.assert_allclose(moved, expected, atol=1e-10)


def test_shells_are_whole() -> None:
    square = Lattice.square(0.3)
    counts = [len(chosen_orders(square, np.zeros(2), n)) for n in (49, 81, 121, 225, 349)]
    assert counts == [49, 81, 121, 225, 349]
    triangular = Lattice.triangular(0.3)
    assert len(chosen_orders(triangular, np.zeros(2), 81)) == 73
    corner = chosen_orders(square, np.array(square.point("M")), 81)
    assert len(corner) == 80
    assert len(np.unique(np.round(corner.lengths, 9))) < 20


def test_small_sets_lie_inside_larger_ones() -> None:
    lattice = Lattice.oblique(0.4, 0.3, 70.0)
    small, large = (chosen_orders(lattice, np.array([1.0, 0.5]), n) for n in (15, 61))
    places = small.subset_of(large)
    np.testing.assert_array_equal(large.indices[places], small.indices)


@pytest.mark.parametrize("mirror", [None, 0.0, 45.0])
@pytest.mark.parametrize("order", [1, 2, 4])
def test_sectors_are_a_basis_of_all_waves(order: int, mirror: float | None) -> None:
    orders = chosen_orders(Lattice.square(0.3), np.zeros(2), 45)
    found = sectors(orders, plane_group(order, mirror))
    columns = [
        sector.vector_basis(partner).reshape(-1, sector.size)
        for sector in found
        for partner in range(sector.partners)
    ]
    basis = np.concatenate(columns, axis=1)
    assert basis.shape == (90, 90)
    np.testing.assert_allclose(basis.conj().T @ basis, np.eye(90), atol=1e-12)


@pytest.mark.parametrize(
    ("order", "dimensions"),
    [(1, [1, 1]), (2, [1] * 4), (3, [1, 1, 2]), (4, [1] * 4 + [2]), (6, [1] * 4 + [2, 2])],
)
def test_irreps_are_representations(order: int, dimensions: list[int]) -> None:
    group = plane_group(order, 15.0)
    irreps = group.irreps()
    assert [irrep.dimension for irrep in irreps] == dimensions
    assert sum(d * d for d in dimensions) == len(group.operations)
    for irrep in irreps:
        for g, first in enumerate(group.operations):
            for h, second in enumerate(group.operations):
                product = first @ second
                place = next(i for i, op in enumerate(group.operations) if np.allclose(op, product))
                expected = irrep.matrices[g] @ irrep.matrices[h]
                np.testing.assert_allclose(irrep.matrices[place], expected, atol=1e-12)


def stack_of(lattice: Lattice, *shapes: CellShape) -> PeriodicStack:
    parts = tuple(Inclusion(shape=shape, material="air", name="hole") for shape in shapes)
    layer = PatternedLayer(name="slab", material=2.0, thickness=0.2, inclusions=parts)
    return PeriodicStack(lattice=lattice, layers=(layer,))


@pytest.mark.parametrize(
    ("stack", "name"),
    [
        (slab_in_glass(), "C4v"),
        (slab_in_glass().shifted(0.11, 0.07), "C4v"),
        (slab_in_glass().repeated(2, 1), "C2v"),
        (slab_in_glass().repeated(2, 2), "C4v"),
        (stack_of(Lattice.triangular(0.4), Circle(radius=0.1)), "C6v"),
        (stack_of(Lattice.triangular(0.4), Polygon.regular(3, 0.12)), "C3v"),
        (stack_of(Lattice.square(0.4), Polygon.regular(3, 0.12)), "Cs"),
        (stack_of(Lattice.square(0.4), Ellipse(radii=(0.1, 0.06), angle_deg=45.0)), "C2v"),
        (stack_of(Lattice.square(0.4), Ellipse(radii=(0.1, 0.06), angle_deg=20.0)), "C2"),
        (stack_of(Lattice.oblique(0.4, 0.3, 70), Circle(radius=0.1)), "C2"),
        (
            stack_of(
                Lattice.square(0.5), Circle(radius=0.1), Circle(center=(0.22, 0.0), radius=0.05)
            ),
            "Cs",
        ),
        (
            stack_of(
                Lattice.square(0.5),
                Ellipse(radii=(0.1, 0.06), angle_deg=10.0),
                Circle(center=(0.25, 0.1), radius=0.05),
            ),
            "C1",
        ),
    ],
)
def test_point_groups(stack: PeriodicStack, name: str) -> None:
    assert cell_symmetry(stack)[1].name == name


@pytest.mark.parametrize(
    ("bloch", "name"),
    [((0.0, 0.0), "C4v"), ("X", "C2v"), ("M", "C4v"), ((1.0, 0.0), "Cs"), ((1.0, 1.0), "Cs"),
     ((1.0, 0.3), "C1")],
)  # fmt: skip
def test_little_groups_of_the_square_lattice(bloch: str | tuple[float, float], name: str) -> None:
    lattice = Lattice.square(0.336)
    vector = np.array(lattice.point(bloch) if isinstance(bloch, str) else bloch)
    assert little_group(plane_group(4, 0.0), lattice, vector).name == name


def test_normal_field_on_a_wall() -> None:
    """The series sums to n n^T on a circle, and to a projector on it."""
    lattice = Lattice.square(0.336)
    orders = chosen_orders(lattice, np.zeros(2), 225)
    xx, xy, yy = normal_tensor([Circle(radius=0.08)], np.array(lattice.reduced()), orders.reach)
    angle = np.linspace(0, 2 * math.pi, 17)
    normal = np.array([np.cos(angle), np.sin(angle)])
    waves = np.exp(1j * np.einsum("abc,cn->abn", orders.difference_vectors, 0.08 * normal))
    for series, expected in ((xx, normal[0] ** 2), (xy, normal.prod(axis=0)), (yy, normal[1] ** 2)):
        np.testing.assert_allclose(np.einsum("ab,abn->n", series, waves), expected, atol=2e-2)
