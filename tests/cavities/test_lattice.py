"""Lattices: reciprocal vectors, symmetry whatever the basis, special points, bad input."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cavities.lattice import Lattice

KINDS = {
    "square": Lattice.square(0.4),
    "triangular": Lattice.triangular(0.4),
    "rectangular": Lattice.rectangular(0.4, 0.5),
    "rhombic": Lattice.oblique(0.4, 0.4, 70.0),
    "oblique": Lattice.oblique(0.4, 0.5, 70.0),
}
SHEARS = [(1, 0, 0, 1), (1, 1, 0, 1), (2, 1, 1, 1), (0, 1, 1, 0), (3, 2, 4, 3), (-1, 0, 5, 1)]


def sheared(lattice: Lattice, i: int, j: int, k: int, m: int) -> Lattice:
    a1, a2 = lattice.vectors
    return Lattice(a1=tuple(i * a1 + j * a2), a2=tuple(k * a1 + m * a2))


def turned(lattice: Lattice, angle_deg: float) -> Lattice:
    c, s = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    rows = lattice.vectors @ np.array([[c, s], [-s, c]])
    return Lattice(a1=tuple(rows[0]), a2=tuple(rows[1]))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shear", SHEARS)
@pytest.mark.parametrize("angle_deg", [0.0, 17.0])
def test_symmetry_does_not_depend_on_the_basis(
    kind: str, shear: tuple[int, int, int, int], angle_deg: float
) -> None:
    lattice = turned(sheared(KINDS[kind], *shear), angle_deg)
    assert lattice.symmetry == kind
    assert lattice.area == pytest.approx(KINDS[kind].area, rel=1e-9)
    assert lattice.period == pytest.approx(0.4, rel=1e-9)


@given(
    st.floats(0.1, 2.0), st.floats(0.1, 2.0), st.floats(5.0, 175.0), st.integers(0, len(SHEARS) - 1)
)
def test_reciprocal_vectors(a: float, b: float, angle_deg: float, shear: int) -> None:
    lattice = sheared(Lattice.oblique(a, b, angle_deg), *SHEARS[shear])
    product = lattice.reciprocal @ lattice.vectors.T
    scale = np.abs(lattice.reciprocal).max() * np.abs(lattice.vectors).max()
    np.testing.assert_allclose(product, 2 * np.pi * np.eye(2), atol=1e-12 * scale)
    u, v = lattice.reduced()
    dot = u[0] * v[0] + u[1] * v[1]
    assert 0 <= dot <= 0.5 * math.hypot(*u) ** 2 * (1 + 1e-6)
    assert math.hypot(*u) <= math.hypot(*v) * (1 + 1e-6)
    assert abs(u[0] * v[1] - u[1] * v[0]) == pytest.approx(lattice.area, rel=1e-6)


@pytest.mark.parametrize("shear", SHEARS)
@pytest.mark.parametrize("kind", KINDS)
def test_special_points_lie_where_their_waves_meet(
    kind: str, shear: tuple[int, int, int, int]
) -> None:
    lattice = sheared(KINDS[kind], *shear)
    points = lattice.points()
    assert set(lattice.path) <= set(points)
    # waves k - G of the same length as k: 1 at Gamma, 2 at a zone edge's middle, 3 at K, 4 at M
    lattice_sums = [(i, j) for i in range(-12, 13) for j in range(-12, 13)] @ lattice.reciprocal
    counts = {}
    for name, point in points.items():
        lengths = np.hypot(*(lattice_sums - np.array(point)).T)
        own = math.hypot(*point)
        if name != "S":
            assert lengths.min() > own - 1e-9
        counts[name] = int(np.sum(lengths < own + 1e-6))
        # 2 k (3 k at K) is a reciprocal vector
        order = 3 if name == "K" else 2
        steps = order * np.array(point) @ lattice.vectors.T / (2 * np.pi)
        np.testing.assert_allclose(steps, np.round(steps), atol=1e-9)
    expected = {
        "square": {"Gamma": 1, "X": 2, "M": 4},
        "triangular": {"Gamma": 1, "M": 2, "K": 3},
        "rectangular": {"Gamma": 1, "X": 2, "Y": 2, "S": 4},
    }
    if kind in expected:
        assert counts == expected[kind]
    else:
        assert (counts["Gamma"], counts["X"], counts["Y"]) == (1, 2, 2)


def test_points_of_the_usual_lattices() -> None:
    a = 0.4
    square, triangular = Lattice.square(a).points(), Lattice.triangular(a).points()
    np.testing.assert_allclose(square["X"], (math.pi / a, 0), atol=1e-12)
    np.testing.assert_allclose(square["M"], (math.pi / a, math.pi / a), atol=1e-12)
    np.testing.assert_allclose(triangular["K"], (4 * math.pi / 3 / a, 0), atol=1e-12)
    np.testing.assert_allclose(
        triangular["M"], (math.pi / a, math.pi / a / math.sqrt(3)), atol=1e-12
    )
    with pytest.raises(ValueError, match=r"must be one of \['Gamma', 'X', 'M'\].*'K'"):
        Lattice.square(a).point("K")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shear", SHEARS)
def test_translations_are_complete(kind: str, shear: tuple[int, int, int, int]) -> None:
    lattice = sheared(KINDS[kind], *shear)
    brute = [(i, j) for i in range(-40, 41) for j in range(-40, 41)] @ lattice.vectors
    expected = int(np.sum(np.hypot(*brute.T) <= 1.61))
    found = lattice.translations(1.61)
    assert len(found) == expected
    assert np.all(np.diff(np.hypot(*found.T)) > -1e-12)
    np.testing.assert_allclose(found[0], 0.0, atol=1e-15)


def test_fractional_coordinates_and_scaling() -> None:
    lattice = Lattice.triangular(0.4)
    np.testing.assert_allclose(
        lattice.fractional([[0.4, 0.0], [0.2, 0.2 * math.sqrt(3)]]), np.eye(2), atol=1e-15
    )
    assert lattice.scaled(2.0).area == pytest.approx(4 * lattice.area)
    assert Lattice.model_validate_json(lattice.model_dump_json()) == lattice


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Lattice(a1=(0.4, 0.0), a2=(0.8, 0.0)), "must not lie on one line"),
        (lambda: Lattice(a1=(0.4, 0.0), a2=(-0.8, 1e-9)), "must not lie on one line"),
        (lambda: Lattice(a1=(0.0, 0.0), a2=(0.8, 0.0)), "a1: must have a length > 0"),
        (lambda: Lattice.square(0.0), "period_x: must be finite and > 0, got 0"),
        (lambda: Lattice.triangular(-0.1), "period: must be finite and > 0, got -0.1"),
        (lambda: Lattice.oblique(0.4, 0.4, 180.0), "must not lie on one line"),
        (lambda: Lattice(a1=(0.4, float("nan")), a2=(0.8, 0.0)), "finite number"),
    ],
)
def test_bad_lattices(make: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()  # type: ignore[operator]
