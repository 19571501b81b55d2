"""Unit cells read from GDS and OASIS files: shapes, lattices, what is refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import klayout.db as kdb
import numpy as np
import pytest

from cavities import Circle, Lattice, Layer, PhotonicCrystalSlab, Polygon, nanopillar_quantum_shells
from layouts import LatticeSettings, layout, unit_cell_from_gds

SLAB = Layer(name="slab", material=2.0, thickness=0.2)


def written(path: Path, cells: dict[str, list[kdb.DPolygon]], array: bool = True) -> Path:
    """Write cells with polygons on 6/0, each in an array of references in cell "top"."""
    source = kdb.Layout()
    source.dbu = 0.001
    index = source.layer(6, 0)
    top = source.create_cell("top")
    for name, polygons in cells.items():
        cell = source.create_cell(name)
        for polygon in polygons:
            cell.shapes(index).insert(polygon)
        placed = kdb.DCellInstArray(cell.cell_index(), kdb.DTrans())
        if array:
            along, up = kdb.DVector(0.4, 0.0), kdb.DVector(0.1, 0.45)
            placed = kdb.DCellInstArray(cell.cell_index(), kdb.DTrans(), along, up, 10, 8)
        top.insert(placed)
    source.write(str(path))
    return path


def polygon(shape: Circle | Polygon, dx: float = 0.0, dy: float = 0.0) -> kdb.DPolygon:
    points = shape.translated(dx, dy).outline(1e-4)
    return kdb.DPolygon([kdb.DPoint(float(x), float(y)) for x, y in points])


@pytest.mark.parametrize("ending", ["gds", "oas"])
@pytest.mark.parametrize("kind", ["square", "triangular"])
def test_our_own_chips_come_back(kind: str, ending: str, tmp_path: Path) -> None:
    cavity = nanopillar_quantum_shells(0.336, lattice=kind)  # type: ignore[arg-type]
    chip = layout(cavity, lattice=LatticeSettings(sizes=(5.0,), periods=(0.336,)))
    path = tmp_path / f"chip.{ending}"
    chip.write(path)
    given = None if kind == "square" else cavity.lattice
    cell = unit_cell_from_gds(path, layer="pillar", lattice=given)
    assert cell.name == chip.manifest["unit_cell"][0]
    np.testing.assert_allclose(cell.lattice.vectors, cavity.lattice.vectors, atol=1e-12)
    (shape,) = cell.shapes
    assert isinstance(shape, Circle)
    assert shape.radius == pytest.approx(0.084, abs=0.0007)
    assert shape.centroid == pytest.approx((0.0, 0.0), abs=1e-9)
    assert cell.outline_error < 0.001
    slab = cell.slab(layers=[SLAB], bias=0.005, pattern="pillars")
    assert isinstance(slab, PhotonicCrystalSlab)
    assert slab.shapes[0].area == pytest.approx(math.pi * 0.089**2, rel=0.02)
    if kind == "triangular":
        with pytest.raises(ValueError, match="lattice: must be given unless one two-dim"):
            unit_cell_from_gds(path, layer="pillar")


def test_polygons_and_circles_of_a_foreign_file(tmp_path: Path) -> None:
    triangle = Polygon.regular(3, 0.08, center=(0.25, 0.2))
    path = written(
        tmp_path / "foreign.gds", {"motif": [polygon(Circle(radius=0.1)), polygon(triangle)]}
    )
    cell = unit_cell_from_gds(path)
    assert (cell.name, cell.lattice) == ("motif", Lattice(a1=(0.4, 0.0), a2=(0.1, 0.45)))
    by_kind = {type(shape): shape for shape in cell.shapes}
    assert by_kind[Circle].area == pytest.approx(math.pi * 0.01, rel=0.01)
    assert by_kind[Polygon].area == pytest.approx(triangle.area, rel=0.02)
    assert by_kind[Polygon].centroid == pytest.approx((0.25, 0.2), abs=1e-3)
    as_polygons = unit_cell_from_gds(path, circles=False)
    assert all(isinstance(shape, Polygon) for shape in as_polygons.shapes)
    assert unit_cell_from_gds(path, layer=(6, 0), cell="motif") == cell


def test_shapes_cut_by_the_cell_s_edge_are_joined(tmp_path: Path) -> None:
    """A circle on a corner, drawn as four quarters in the four corners of the cell."""
    lattice = Lattice.square(0.4)
    box = kdb.DPolygon(kdb.DBox(0, 0, 0.4, 0.4))
    quarters = []
    for dx in (0.0, 0.4):
        for dy in (0.0, 0.4):
            whole = kdb.Region(polygon(Circle(radius=0.1), dx, dy).to_itype(0.001))
            quarters += [
                p.to_dtype(0.001) for p in (whole & kdb.Region(box.to_itype(0.001))).each()
            ]
    path = written(tmp_path / "quarters.gds", {"motif": quarters}, array=False)
    cell = unit_cell_from_gds(path, lattice=lattice)
    (shape,) = cell.shapes
    assert isinstance(shape, Circle)
    steps = lattice.fractional(shape.centroid)
    np.testing.assert_allclose(steps, np.round(steps), atol=0.005)
    assert shape.area == pytest.approx(math.pi * 0.01, rel=0.01)


def ring() -> kdb.DPolygon:
    shape = polygon(Circle(radius=0.15))
    shape.insert_hole(list(polygon(Circle(radius=0.05)).each_point_hull()))
    return shape


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda p: unit_cell_from_gds(written(p, {"a": [ring()]})),
            "cell: shapes must have no holes",
        ),
        (
            lambda p: unit_cell_from_gds(written(p, {"a": [polygon(Circle(radius=0.1))]}, False)),
            "lattice: must be given unless .* got 0 for 'a'",
        ),
        (
            lambda p: unit_cell_from_gds(
                written(p, {n: [polygon(Circle(radius=0.1))] for n in ("a", "b")})
            ),
            r"cell: must be given unless .* got \['a', 'b'\]",
        ),
        (
            lambda p: unit_cell_from_gds(
                written(p, {"a": [polygon(Circle(radius=0.1))]}), cell="nowhere", layer=(6, 0)
            ),
            r"cell: must be in the file, got 'nowhere' .* \['a', 'top'\]",
        ),
        (
            lambda p: unit_cell_from_gds(
                written(p, {"a": [polygon(Circle(radius=0.1))]}), layer=(8, 0)
            ),
            r"layer: must be in the file, got \(8, 0\).*6/0",
        ),
        (lambda p: unit_cell_from_gds(p), "path: must be a GDS or OASIS file"),
        (
            lambda p: unit_cell_from_gds(
                written(p, {"a": []}, False), cell="a", layer=(6, 0), lattice=Lattice.square(0.4)
            ),
            "layer: must be in the file|must hold polygons",
        ),
    ],
)
def test_bad_files(make: Callable[[Path], object], message: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=message):
        make(tmp_path / "file.gds")
