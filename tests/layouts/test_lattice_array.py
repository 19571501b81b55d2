"""Chips of periodic cavities: hierarchy, every shape at its place, rules, files, bad input."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import klayout.db as kdb
import matplotlib.image
import numpy as np
import pandas as pd
import pytest
from scipy.spatial import cKDTree

from cavities import (
    Circle,
    Lattice,
    Layer,
    Microdisk,
    PhotonicCrystalSlab,
    Polygon,
    nanopillar_quantum_shells,
    pcsel_sin_quantum_shells,
)
from layouts import ChipSettings, DoseArray, LatticeLayout, LatticeSettings, layout
from layouts.lattice_manifest import LATTICE_COLUMNS
from layouts.lattice_verification import read_back_lattice
from layouts.layers import LATTICE_LAYERS, LAYERS, PLANAR_LAYERS, layer_info

OBLIQUE = PhotonicCrystalSlab(
    lattice=Lattice.oblique(0.4, 0.45, 70.0),
    layers=(Layer(name="slab", material=2.0, thickness=0.2),),
    shapes=(Circle(radius=0.08), Polygon.regular(3, 0.07, center=(0.27, 0.2))),
)
CAVITIES = {
    "square": nanopillar_quantum_shells(0.335),
    "triangular": nanopillar_quantum_shells(0.335, lattice="triangular"),
    "holes off the grid": pcsel_sin_quantum_shells(0.3337),
    "oblique, two shapes": OBLIQUE,
}
SMALL = LatticeSettings(sizes=(8.0,), write_field=3.0, periods=(0.335, 0.4))


def chip_of(cavity: Any, **settings: Any) -> LatticeLayout:
    made = layout(cavity, lattice=SMALL.changed(**settings))
    assert isinstance(made, LatticeLayout)
    return made


@pytest.fixture(scope="module")
def sweep() -> LatticeLayout:
    made = layout(
        CAVITIES["triangular"],
        lattice=LatticeSettings(
            sizes=(20.0, 30.0), biases=(0.0, 0.004), dose_factors=(1.0, 1.1), write_field=15.0
        ),
    )
    assert isinstance(made, LatticeLayout)
    return made


@pytest.mark.parametrize("name", CAVITIES)
def test_every_shape_is_where_the_lattice_says(name: str, tmp_path: Path) -> None:
    """The file flattened by klayout against points counted out from the lattice vectors."""
    chip = chip_of(CAVITIES[name])
    back = chip.write(tmp_path / "chip.gds")
    source = kdb.Layout()
    source.read(str(tmp_path / "chip.gds"))
    top = source.top_cell()
    for device in chip.devices:
        info = layer_info(device.layer)
        region = kdb.Region(top.begin_shapes_rec(source.find_layer(info.layer, info.datatype)))
        region.merged_semantics = False
        left, bottom, right, top_edge = device.area
        window = kdb.Region(kdb.DBox(left, bottom, right, top_edge).to_itype(source.dbu))
        polygons = list(region.inside(window).each())
        assert len(polygons) == device.shape_count
        boxes = np.array(
            [(p.bbox().left + p.bbox().right, p.bbox().bottom + p.bbox().top) for p in polygons]
        )
        middles = boxes / 2 * source.dbu
        steps = []
        for points in device.outlines:
            corners = np.array(points) * 1e-3
            middle = (corners.min(axis=0) + corners.max(axis=0)) / 2
            steps.append(device.wanted.lattice.fractional(middles - middle - (device.x, device.y)))
        away = [np.abs(s - np.round(s)) @ [1, 1] * device.wanted.lattice.period for s in steps]
        assert np.min(away, axis=0).max() < 2 * device.extent.position_error() + 1e-6
        # no two at one place
        assert len(cKDTree(middles).query_pairs(0.05)) == 0
    assert back.position_error <= max(d.extent.position_error() for d in chip.devices) + 1e-6
    assert set(back.xor_areas.values()) == {0.0}


@pytest.mark.parametrize("name", CAVITIES)
def test_the_flattened_file_equals_the_drawing(name: str, tmp_path: Path) -> None:
    chip = chip_of(CAVITIES[name], periods=(0.35,), sizes=(5.0,))
    regions, kept = [], []
    for ending in ("gds", "oas"):
        chip.write(tmp_path / f"chip.{ending}", metadata=False)
        source = _read(tmp_path / f"chip.{ending}")
        kept.append(source)  # regions point into it
        regions.append(
            {
                source.get_info(i).layer: kdb.Region(source.top_cell().begin_shapes_rec(i))
                for i in source.layer_indexes()
            }
        )
    drawn = chip.component
    for found in regions:
        checked = set()
        for index in drawn.kcl.layout.layer_indexes():
            number = drawn.kcl.layout.get_info(index).layer
            if drawn.kdb_cell.bbox(index).empty() or number not in found:
                continue
            own = kdb.Region(drawn.kdb_cell.begin_shapes_rec(index))
            assert found[number].merged().count() == own.merged().count()
            assert (own ^ found[number]).is_empty()
            checked.add(number)
        assert {41, 42, 10, 20, 99, 6 if chip.devices[0].drawn.kind == "hole" else 7} <= checked


def test_a_hundred_million_pillars_are_a_small_file(tmp_path: Path) -> None:
    for kind, period in (("square", 0.335), ("triangular", 0.335), ("triangular", 0.3353)):
        cavity = nanopillar_quantum_shells(period, lattice=kind)  # type: ignore[arg-type]
        settings = LatticeSettings(periods=(period,), sizes=(3400.0,), write_field=500.0)
        chip = layout(cavity, lattice=settings)
        for ending in ("gds", "oas"):
            back = chip.write(tmp_path / f"{kind}.{ending}")
            assert back.shape_counts["pillar"] >= 1e8  # type: ignore[attr-defined]
            assert (tmp_path / f"{kind}.{ending}").stat().st_size < 1e6
            polygons = sum(
                1
                for cell in _read(tmp_path / f"{kind}.{ending}").each_cell()
                for i in cell.layout().layer_indexes()
                for s in cell.shapes(i).each()
                if cell.layout().get_info(i).layer == 7
            )
            assert polygons == 1  # one pillar, never copied


def _read(path: Path) -> kdb.Layout:
    source = kdb.Layout()
    source.read(str(path))
    return source


def test_the_same_chip_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first", "second"):
        chip_of(CAVITIES["triangular"]).write(tmp_path / f"{name}.gds")
    assert (tmp_path / "first.gds").read_bytes() == (tmp_path / "second.gds").read_bytes()


def test_sweep_of_periods_biases_and_doses(sweep: LatticeLayout, tmp_path: Path) -> None:
    table = sweep.manifest
    assert list(table.columns) == list(LATTICE_COLUMNS)
    assert len(table) == 6 * 2 * 2 * 2
    assert table["period_nm"].unique() == pytest.approx([315, 325, 335, 345, 355, 365])
    np.testing.assert_allclose(table["diameter_nm"], table["period_nm"] / 2)
    np.testing.assert_allclose(
        table["drawn_diameter_nm"], table["diameter_nm"] - 2 * table["bias_nm"]
    )
    assert set(table["bias_nm"]) == {0.0, 4.0}
    assert dict(zip(table["dose_factor"], table["gds_layer"], strict=True)) == {
        1.0: "7/0",
        1.1: "7/1",
    }
    assert (table["width_um"] - 20).abs().lt(1).sum() == 24
    assert table["field_width_um"].max() <= 15.0
    assert table["name"].is_unique
    np.testing.assert_allclose(
        table["width_um"] / table["cells_x"], 1e-3 * table["period_nm"], rtol=1e-9
    )
    back = sweep.write(tmp_path / "sweep.oas")
    assert back.shape_counts["pillar"] == table["shapes"][table["dose_factor"] == 1.0].sum()
    assert back.shape_counts["pillar_dose_1"] == table["shapes"][table["dose_factor"] > 1].sum()
    assert set(table["unit_cell"]) < set(back.cells)
    sweep.write_manifest(tmp_path / "sweep.csv")
    again = pd.read_csv(tmp_path / "sweep.csv")
    assert list(again["unit_cell"]) == list(table["unit_cell"])
    # the drawn polygon has the biased area
    for device in sweep.devices[:4]:
        points = np.array(device.outlines[0]) * 1e-3
        x, y = points.T
        area = abs(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) / 2
        radius = device.wanted.lattice.period / 4 - device.bias
        assert area == pytest.approx(math.pi * radius**2, rel=0.02)


def test_results_join_the_manifest(sweep: LatticeLayout) -> None:
    assert isinstance(sweep, LatticeLayout)
    with_numbers = sweep.with_results({"A02": {"quality_factor": 2100.0}})
    row = with_numbers.manifest.set_index("name").loc["A02"]
    assert row["quality_factor"] == 2100.0
    assert isinstance(with_numbers, LatticeLayout)
    with pytest.raises(ValueError, match="results: keys must be device names"):
        sweep.with_results({"Z99": {"quality_factor": 1.0}})


def test_rules_hold_and_break(sweep: LatticeLayout) -> None:
    assert sweep.check().passed
    assert len(sweep.check().rules) >= 9
    tight = chip_of(CAVITIES["square"], min_gap=0.2).check()
    assert not tight.passed
    assert "at least 0.2 um apart" in str(tight.violations[0])
    thin = chip_of(CAVITIES["square"], min_width=0.18).check()
    assert "at least 0.18 um wide" in str(thin.violations[0])
    # the gap of holes of 0.7 a at a = 0.335 um is 100.5 nm, two grid steps of slack
    holes = pcsel_sin_quantum_shells(0.335)
    assert chip_of(holes, min_gap=0.100, periods=(0.335,)).check().passed
    assert not chip_of(holes, min_gap=0.104, periods=(0.335,)).check().passed
    with pytest.raises(ValueError, match="layout: must keep every rule"):
        chip_of(CAVITIES["square"], min_gap=0.2).write("nowhere.gds")


@pytest.mark.parametrize("change", ["moved", "missing", "shape", "layer", "field"])
def test_a_changed_file_is_found_out(change: str, tmp_path: Path) -> None:
    chip = chip_of(CAVITIES["triangular"], periods=(0.335,))
    path = tmp_path / "chip.gds"
    chip.write(path, metadata=False)
    source = _read(path)
    device = chip.devices[0]
    cell = source.cell(device.cell_name)
    field = next(c for c in source.each_cell() if c.name.startswith("lattice_field"))
    instance = list(field.each_inst())[3]
    index = source.find_layer(7, 0)
    if change == "moved":
        instance.transform(kdb.Trans(3, 0))
    elif change == "missing":
        instance.delete()
    elif change == "shape":
        cell.shapes(index).clear()
        cell.shapes(index).insert(kdb.Box(-84, -84, 84, 84))
    elif change == "layer":
        cell.move(index, source.layer(7, 3))
    else:
        parent = next(c for c in source.each_cell() if c.name.startswith("lattice_device"))
        next(iter(parent.each_inst())).transform(kdb.Trans(0, 2))
    source.write(str(path))
    with pytest.raises(ValueError, match="write it again"):
        read_back_lattice(path, reference=chip.component.kdb_cell, devices=chip.devices)
    if change in ("missing", "layer"):  # seen without the drawing too
        with pytest.raises(ValueError, match="write it again"):
            read_back_lattice(path, devices=chip.devices)


def test_places_are_checked_without_the_drawing(tmp_path: Path) -> None:
    """Fields moved by 2 nm are found from the lattice alone."""
    chip = chip_of(CAVITIES["square"], periods=(0.335,))
    path = tmp_path / "chip.gds"
    chip.write(path, metadata=False)
    assert read_back_lattice(path, devices=chip.devices).position_error < 1e-9
    source = _read(path)
    parent = next(c for c in source.each_cell() if c.name.startswith("lattice_device"))
    next(iter(parent.each_inst())).transform(kdb.Trans(0, 2))
    source.write(str(path))
    with pytest.raises(ValueError, match="of its lattice place, got 2 nm"):
        read_back_lattice(path, devices=chip.devices)


def test_layer_numbers_are_unique_and_known() -> None:
    entries = [*LAYERS.values(), *PLANAR_LAYERS.values(), *LATTICE_LAYERS.values()]
    numbers = [(entry.number, entry.datatype) for entry in entries]
    assert len(set(numbers)) == len(numbers)


def test_preview_is_a_picture_of_the_periods(sweep: LatticeLayout, tmp_path: Path) -> None:
    sweep.preview(tmp_path / "sweep.png")
    image = matplotlib.image.imread(tmp_path / "sweep.png")
    assert image.shape[1] > 1500
    # six period colours beside black, white and marks
    colours = {tuple(pixel) for pixel in np.round(image[::4, ::4, :3], 2).reshape(-1, 3).tolist()}
    assert len(colours) > 6


def test_default_chips_of_the_published_devices() -> None:
    pillars, pcsel = layout(nanopillar_quantum_shells()), layout(pcsel_sin_quantum_shells())
    for chip, low, high in ((pillars, 315, 365), (pcsel, 320, 460)):
        assert isinstance(chip, LatticeLayout)
        table = chip.manifest
        assert (table["period_nm"].min(), table["period_nm"].max()) == pytest.approx((low, high))
        assert chip.check().passed
        assert chip.component.info["title"].endswith(f"{low} to {high} nm")


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: chip_of(CAVITIES["square"], biases=(0.1,)), ValueError, "biases: something must"),
        (
            lambda: chip_of(CAVITIES["square"], sizes=(0.1,)),
            ValueError,
            "sizes: must be at least one cell of 0.335 um, got 0.1 um",
        ),
        (
            lambda: chip_of(CAVITIES["square"], write_field=0.3),
            ValueError,
            "write_field: must hold a cell of 0.335 um",
        ),
        (
            lambda: chip_of(CAVITIES["square"], periods=(0.335, 0.335)),
            ValueError,
            "periods: must not name a value twice",
        ),
        (
            lambda: chip_of(CAVITIES["square"], dose_factors=tuple(1 + i / 20 for i in range(11))),
            ValueError,
            r"dose_factors: must be at most 10 \(one datatype each\), got 11",
        ),
        (
            lambda: layout(CAVITIES["square"], array=DoseArray()),
            ValueError,
            "array: must be left out for a NanopillarArray",
        ),
        (
            lambda: layout(
                Microdisk(radius=5.0, height=1.0, material=1.6), lattice=LatticeSettings()
            ),
            ValueError,
            "lattice: must be left out for a Microdisk",
        ),
        (
            lambda: layout(CAVITIES["square"], lattice=SMALL, settings=ChipSettings(grid=0.01)),
            ValueError,
            "chord_error: must exceed|radius: must be at least 10 grid steps",
        ),
    ],
)
def test_bad_lattice_chips(
    make: Callable[[], object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        make()
