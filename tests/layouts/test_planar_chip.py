"""Chips of planar cavities: what is drawn, written, listed, and what is refused."""

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
from matplotlib.figure import Figure

from cavities import (
    Layer,
    MetalMirror,
    Microdisk,
    PlanarMicrocavity,
    PlanarStack,
    QuarterWaveMirror,
    TwoMirrorCavity,
)
from layouts import (
    ChipSettings,
    Device,
    DoseArray,
    Layout,
    PlanarLayout,
    PlanarSettings,
    layout,
    plot_layout,
    read_back,
)
from layouts.layers import LAYERS, PLANAR_LAYERS
from layouts.planar_manifest import PLANAR_COLUMNS, hard_wall_shift_nm
from layouts.planar_settings import TEST_AREAS, WINDOWS, AreaKind

MIRROR = QuarterWaveMirror(design_wavelength=0.6, high_material=2.3, low_material=1.46, pairs=5.5)
CAVITY = PlanarMicrocavity(
    bottom_mirror=MIRROR,
    cavity=(Layer(name="gain", material=1.85, thickness=0.8),),
    top_mirror=MIRROR,
)
SMALL = DoseArray(diameters=(5.0, 20.0), replicate_columns=3)


@pytest.fixture(scope="module")
def chip() -> PlanarLayout:
    made = layout(CAVITY)
    assert isinstance(made, PlanarLayout)
    return made


@pytest.fixture(scope="module")
def small() -> PlanarLayout:
    made = layout(CAVITY, array=SMALL)
    assert isinstance(made, PlanarLayout)
    return made


def _region(cell: kdb.Cell, name: str) -> kdb.Region:
    entry = {**LAYERS, **PLANAR_LAYERS}[name]
    index = cell.layout().find_layer(kdb.LayerInfo(entry.number, entry.datatype))
    return kdb.Region() if index is None else kdb.Region(cell.begin_shapes_rec(index))


def test_layers_are_told_apart() -> None:
    entries = [*LAYERS.values(), *PLANAR_LAYERS.values()]
    assert len({(entry.number, entry.datatype) for entry in entries}) == len(entries)
    assert not set(LAYERS) & set(PLANAR_LAYERS)
    assert set(WINDOWS) < set(PLANAR_LAYERS)


@pytest.mark.parametrize("ending", ["gds", "oas"])
def test_round_trip_is_exact(chip: PlanarLayout, ending: str, tmp_path: Path) -> None:
    """XOR of every layer of the file, read by klayout alone, with gdsfactory's cell."""
    path = tmp_path / f"chip.{ending}"
    report = chip.write(path)
    file = kdb.Layout()
    file.read(str(path))
    for name in [*PLANAR_LAYERS, "label", "marks", "floorplan"]:
        there = _region(file.top_cell(), name)
        assert not there.is_empty()
        assert (there ^ _region(chip.component.kdb_cell, name)).is_empty()
    used = (set(LAYERS) | set(PLANAR_LAYERS)) - {"rim", "base"}
    assert set(report.xor_areas) == used
    assert set(report.xor_areas.values()) == {0.0}


def test_circles_are_within_the_chord_error(chip: PlanarLayout, tmp_path: Path) -> None:
    report = chip.write(tmp_path / "chip.oas")
    assert report.device_count == len(chip.devices) == 100
    assert 0 < report.radius_error <= chip.settings.chord_error
    analytic = sum(math.pi * device.top_diameter**2 / 4 for device in chip.devices)
    assert report.areas["mesa"] == pytest.approx(analytic, rel=report.area_error)
    coarse = layout(CAVITY, settings=ChipSettings(grid=0.005, chord_error=0.05))
    worse = coarse.write(tmp_path / "coarse.oas")
    assert chip.settings.chord_error < worse.radius_error <= 0.05
    assert worse.off_grid_vertices == 0
    assert read_back(tmp_path / "coarse.oas", grid=0.005).off_grid_vertices == 0


def test_mesas_are_where_the_manifest_says(chip: PlanarLayout) -> None:
    table = chip.manifest.query("kind == 'mesa'")
    boxes = [polygon.bbox() for polygon in _region(chip.component.kdb_cell, "mesa").each()]
    drawn = sorted((b.center().x, b.center().y, b.width()) for b in boxes)
    columns = ["x_um", "y_um", "diameter_um"]
    listed = sorted(tuple(round(1e3 * v) for v in row) for row in table[columns].to_numpy())
    assert drawn == listed


def test_each_test_area_has_its_deposits(chip: PlanarLayout) -> None:
    """At the centre of every square: which deposits are there, from the polygons alone."""
    wanted = {
        "bare_stack": (True, True, True),
        "bare_film": (False, True, False),
        "bottom_mirror": (True, False, False),
        "top_mirror": (False, False, True),
        "substrate": (False, False, False),
    }
    cell = chip.component.kdb_cell
    found = {}
    for area in chip.areas:
        centre = kdb.Region(kdb.Box(-1, -1, 1, 1).moved(round(1e3 * area.x), round(1e3 * area.y)))
        found[area.kind] = tuple((_region(cell, w) & centre).is_empty() for w in WINDOWS)
        assert not (_region(cell, "mesa_area") & centre).is_empty()
    assert found == wanted
    squares = [polygon.bbox() for polygon in _region(cell, "mesa_area").each()]
    assert {(box.width(), box.height()) for box in squares} == {(300_000, 300_000)}


def test_half_cavity_lacks_the_top_mirror_only() -> None:
    made = layout(CAVITY, array=SMALL, planar=PlanarSettings(test_areas=("half_cavity",)))
    areas = {name: _region(made.component.kdb_cell, name).area() for name in WINDOWS}
    assert areas == {"no_bottom_mirror": 0, "no_cavity": 0, "no_top_mirror": 300_000**2}


def test_street_surrounds_the_floorplan(chip: PlanarLayout, small: PlanarLayout) -> None:
    cell = chip.component.kdb_cell
    street, floor = _region(cell, "dicing").merged(), _region(cell, "floorplan")
    box = floor.bbox()
    width = 100_000
    outer = box.enlarged(width, width)
    assert (street ^ (kdb.Region(outer) - floor)).is_empty()
    assert chip.component.info["width_um"] == pytest.approx(outer.width() * 1e-3)
    bare = layout(CAVITY, array=SMALL, planar=PlanarSettings(dicing_width=0.0))
    assert _region(bare.component.kdb_cell, "dicing").is_empty()
    assert bare.component.info["width_um"] == small.component.info["width_um"] - 200
    assert bare.check().passed


def test_lower_left_cross_is_the_origin(chip: PlanarLayout, small: PlanarLayout) -> None:
    """Of a table, whatever the test areas beside it need."""
    for made in (chip, small):
        assert made.crosses[0] == (0.0, 0.0)
        crosses = {
            (p.bbox().center().x * 1e-3, p.bbox().center().y * 1e-3)
            for p in _region(made.component.kdb_cell, "marks").each()
            if p.bbox().width() == 80_000
        }
        assert crosses == {tuple(np.round(c, 9)) for c in made.crosses}


def test_rules_know_the_test_areas(small: PlanarLayout) -> None:
    report = small.check()
    assert report.passed
    assert "no disk in a test area" in report.rules
    devices = [Device(name="one", x=0, y=0, top_diameter=10, base_diameter=10)]
    free = layout(CAVITY, devices=devices, planar=PlanarSettings(test_areas=("bare_stack",)))
    assert isinstance(free, PlanarLayout)
    assert free.check().passed
    assert len(free.devices) == 1
    assert free.areas[0].box[0] > 5.0


def test_mesa_in_a_test_area_is_a_broken_rule(small: PlanarLayout, tmp_path: Path) -> None:
    """Drawn by hand into a copy of the chip's polygons, found by klayout."""
    from dataclasses import replace

    import gdsfactory as gf

    from layouts.drawing import draw_rectangle, place

    area = small.areas[0]
    spoiled = gf.Component()
    place(spoiled, small.component)
    spoiled.info["width_um"] = small.component.info["width_um"]
    left, bottom = area.box[:2]
    draw_rectangle(spoiled, left=left, bottom=bottom, right=left + 5, top=bottom + 5, layer="mesa")
    broken = replace(small, component=spoiled)
    assert {v.rule for v in broken.check().violations} >= {"no disk in a test area"}
    with pytest.raises(ValueError, match=r"layout: must keep every rule, got .*test area"):
        broken.write(tmp_path / "chip.gds")
    assert list(tmp_path.iterdir()) == []
    spoiled.delete()


def _lose_square(file: kdb.Layout) -> None:
    (cell,) = (c for c in file.each_cell() if c.name.startswith("reference_squares"))
    shapes = cell.shapes(file.find_layer(kdb.LayerInfo(33, 0)))
    next(shapes.each()).delete()


def _stretch_square(file: kdb.Layout) -> None:
    (cell,) = (c for c in file.each_cell() if c.name.startswith("reference_squares"))
    shape = next(cell.shapes(file.find_layer(kdb.LayerInfo(5, 0))).each())
    shape.polygon = shape.polygon.sized(1)


def _move_mesa(file: kdb.Layout) -> None:
    (cell,) = (c for c in file.each_cell() if c.name.startswith("mesa_cell_D20_"))
    shape = next(cell.shapes(file.find_layer(kdb.LayerInfo(4, 0))).each())
    shape.polygon = shape.polygon.moved(1, 0)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_lose_square, r"areas: layer 'no_top_mirror' must hold the planned .* \(3\), got 2"),
        (_stretch_square, r"areas: layer 'mesa_area' .* differ by 1\.2\d* um\^2"),
        (_move_mesa, "every circle on layer 'mesa' must belong to one device"),
    ],
)
def test_damage_is_found(
    small: PlanarLayout, damage: Callable[[kdb.Layout], None], message: str, tmp_path: Path
) -> None:
    """By the drawing and, without it, by the plan."""
    path = tmp_path / "chip.oas"
    small.write(path)
    file = kdb.Layout()
    file.read(str(path))
    damage(file)
    file.write(str(path))
    with pytest.raises(ValueError, match="path: the file must equal the layout"):
        read_back(path, reference=small.component.kdb_cell)
    with pytest.raises(ValueError, match=message):
        read_back(path, devices=small.devices, circles=small.circles, rectangles=small.rectangles)


def test_manifest(small: PlanarLayout, tmp_path: Path) -> None:
    table = small.manifest
    assert list(table.columns) == list(PLANAR_COLUMNS)
    assert table["name"].is_unique
    assert table["kind"].tolist() == ["mesa"] * 6 + [area.kind for area in small.areas]
    assert table["side_um"].dropna().tolist() == [300.0] * 5
    row = {"wavelength_um": 0.6012, "quality_factor": 925.0}
    later = small.with_results({"A01": row, "T1": row})
    back = pd.read_csv(later.write_manifest(tmp_path / "chip.csv")).set_index("name")
    assert back["quality_factor"].dropna().to_dict() == {"A01": 925.0, "T1": 925.0}
    assert back.loc[["A02", "T2"], "wavelength_um"].isna().all()
    at = hard_wall_shift_nm(5.0, wavelength=0.6012, index=1.85)
    assert back.loc["A01", "hard_wall_shift_nm"] == pytest.approx(at)
    assert layout(CAVITY, array=SMALL, results={"T1": row}).manifest["quality_factor"].count() == 1
    with pytest.raises(ValueError, match="results: keys must be device names"):
        small.with_results({"T9": row})
    with pytest.raises(ValueError, match="results: columns must be"):
        small.with_results({"T1": {"finesse": 1.0}})


def test_hard_walls_in_the_limit_of_wide_disks() -> None:
    """-lambda^3 k^2/(8 pi^2 n^2), the first order in k^2, and k_z is kept exactly."""
    x, n, d = 0.6, 1.85, 40.0
    k = 2 * 2.404825557695773 / d
    first = -(x**3) * k**2 / (8 * math.pi**2 * n**2)
    assert hard_wall_shift_nm(d, wavelength=x, index=n) == pytest.approx(1e3 * first, rel=1e-3)
    moved = x + 1e-3 * hard_wall_shift_nm(2.0, wavelength=x, index=n)
    k = 2.404825557695773
    kz = math.sqrt((2 * math.pi * n / moved) ** 2 - k**2)
    assert kz == pytest.approx(2 * math.pi * n / x, rel=1e-12)


def test_shift_without_a_design_wavelength() -> None:
    metal = MetalMirror(thickness=0.05)
    made = layout(CAVITY.changed(bottom_mirror=metal, top_mirror=metal), array=SMALL)
    assert made.manifest["hard_wall_shift_nm"].isna().all()
    known = made.with_results({"A01": {"wavelength_um": 0.6}}).manifest
    assert known["hard_wall_shift_nm"].count() == 1


def test_masks_in_the_order_of_the_work(small: PlanarLayout, tmp_path: Path) -> None:
    """Depth of the mesa: film and top mirror, by hand: 6 high and 5 low layers (5.5 pairs)."""
    steps = small.mask_steps
    kept = "mesa + mesa_area + label"
    assert steps["layers"].tolist() == ["marks", *WINDOWS, kept]
    assert steps["gds"].tolist() == ["20/0", "31/0", "32/0", "33/0", "4/0 + 5/0 + 10/0"]
    depth = 800 + 6 * 150 / 2.3 + 5 * 150 / 1.46
    assert steps["depth_nm"].tolist()[-1] == pytest.approx(depth)
    trap = layout(CAVITY, array=SMALL, planar=PlanarSettings(structure="trap", step_nm=12.0))
    assert isinstance(trap, PlanarLayout)
    assert trap.mask_steps["layers"].tolist() == ["marks", *WINDOWS[:2], kept, WINDOWS[2]]
    assert trap.mask_steps["depth_nm"].tolist()[3] == 12.0
    assert set(trap.manifest["kind"]) >= {"trap"}
    back = pd.read_csv(trap.write_mask_steps(tmp_path / "steps.csv"))
    assert back["step"].tolist() == [1, 2, 3, 4, 5]


def test_two_mirror_cavity(tmp_path: Path) -> None:
    """The film alone is etched: the spacer comes with the other mirror."""
    made = layout(TwoMirrorCavity(spacer_thickness=5.0), array=SMALL)
    assert isinstance(made, PlanarLayout)
    steps = made.mask_steps
    assert steps["depth_nm"].tolist()[-1] == pytest.approx(1000.0)
    assert steps["when"].tolist()[-1] == "before the top mirror is laid on"
    assert "mirrored" in steps["how"].tolist()[3]
    assert made.write(tmp_path / "chip.gds").device_count == 6
    assert len(made.process_sheet().table) == 32
    glued = layout(CAVITY.changed(gap_material=1.5, gap_thickness=0.1), array=SMALL)
    assert isinstance(glued, PlanarLayout)
    assert glued.mask_steps["depth_nm"].tolist()[-1] == pytest.approx(800.0)


def test_same_chip_same_bytes(tmp_path: Path) -> None:
    layout(CAVITY, array=SMALL).write(tmp_path / "one.gds")
    layout(CAVITY).write(tmp_path / "other.gds")
    layout(CAVITY, array=SMALL).write(tmp_path / "two.gds")
    assert (tmp_path / "one.gds").read_bytes() == (tmp_path / "two.gds").read_bytes()


def test_content_hash_is_of_all_that_matters(small: PlanarLayout) -> None:
    others = [
        layout(CAVITY.changed(substrate=1.6), array=SMALL),
        layout(CAVITY, array=SMALL, planar=PlanarSettings(structure="trap")),
        layout(CAVITY, array=SMALL.changed(replicate_columns=4)),
        layout(CAVITY, array=SMALL, settings=ChipSettings(title="Run 7")),
    ]
    assert len({small.content_hash, *(other.content_hash for other in others)}) == 5
    assert small.content_hash[:8] in small.component.info["title"]
    assert repr(small).startswith("<Layout of 6 mesas and 5 test areas for PlanarMicrocavity, #")


def test_many_mesas_are_one_reference(tmp_path: Path) -> None:
    array = DoseArray(diameters=(5.0,), replicate_columns=50, replicate_rows=50, pitch=20.0)
    made = layout(CAVITY, array=array)
    assert made.write(tmp_path / "chip.gds").device_count == 2500
    assert (tmp_path / "chip.gds").stat().st_size < 300_000


def test_picture(small: PlanarLayout, tmp_path: Path) -> None:
    ax = Figure().add_subplot()
    plot_layout(small, ax=ax)
    legend = ax.get_legend()
    assert legend is not None
    names = [text.get_text() for text in legend.get_texts()]
    assert names == ["marks", "label", *PLANAR_LAYERS, "floorplan"]
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_aspect()) == ("x (um)", "y (um)", 1.0)
    path = small.preview(tmp_path / "chip.png")
    image = matplotlib.image.imread(path)
    assert len(np.unique(image[..., :3].reshape(-1, 3), axis=0)) > 50


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"array": SMALL.changed(pitch=20.5)}, "pitch: disks must be at least min_gap = 2 um"),
        ({"array": SMALL.changed(dose_factors=(0.9, 1.1))}, "dose_factors: must be left out"),
        ({"array": SMALL.changed(diameters=(0.01,))}, "radius: must be at least 10 grid steps"),
        ({"array": SMALL, "devices": []}, "array and devices: give one or the other"),
        ({"devices": []}, "devices: must hold at least one device"),
        (
            {"devices": [Device(name="a", x=0, y=0, top_diameter=5, base_diameter=4)]},
            "devices: a mesa has one diameter",
        ),
        (
            {"devices": [Device(name="T1", x=0, y=0, top_diameter=5, base_diameter=5)]},
            "devices: names must differ from those of the test areas, got 'T1'",
        ),
        (
            {"planar": PlanarSettings(structure="trap", step_nm=900.0)},
            "step_nm: must be < the 800 nm between the mirrors, got 900",
        ),
        ({"settings": ChipSettings(grid=0.0005)}, "grid: must be a multiple of the database"),
        ({"results": {"Z01": {}}}, "results: keys must be device names"),
    ],
)
def test_bad_input(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        layout(CAVITY, **arguments)
    assert "\n" not in str(caught.value)


def test_exposed_devices_are_no_mesas() -> None:
    exposed = Device(
        name="a", x=0, y=0, top_diameter=5, base_diameter=5, exposure_time_ms=1.0, power_uw=1.0
    )
    with pytest.raises(ValueError, match="devices: a mesa is drawn, not exposed spot by spot"):
        layout(CAVITY, devices=[exposed])


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"test_areas": ("bare_film", "bare_film")}, "test_areas: must name each area once"),
        ({"test_areas": ("film",)}, "bare_film"),
        ({"test_area_size": 5.0}, "test_area_size"),
        ({"dicing_width": -1.0}, "dicing_width"),
        ({"step_nm": 0.0}, "step_nm"),
        ({"structure": "pillar"}, "structure"),
    ],
)
def test_bad_settings(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        PlanarSettings.model_validate(fields)


def test_planar_settings_are_for_planar_cavities() -> None:
    with pytest.raises(ValueError, match="planar: must be left out for a Microdisk"):
        layout(Microdisk(radius=2.5, height=0.5), planar=PlanarSettings())
    with pytest.raises(TypeError, match="cavity: must be a ParabolicMicrodisk or a Microdisk"):
        layout(PlanarStack(layers=CAVITY.cavity))


@pytest.mark.parametrize("size", [20.0, 100.0, 1000.0])
@pytest.mark.parametrize("areas", [(), ("bare_film",), tuple(TEST_AREAS)])
def test_any_set_of_areas_keeps_the_rules(size: float, areas: tuple[AreaKind, ...]) -> None:
    planar = PlanarSettings(test_areas=areas, test_area_size=size)
    made: Layout = layout(CAVITY, array=SMALL, planar=planar)
    report = made.check()
    assert report.passed, report.violations
    assert made.crosses[0] == (0.0, 0.0)
