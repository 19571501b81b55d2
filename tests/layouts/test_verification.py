"""Reading back: every kind of damage to a file is found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import klayout.db as kdb
import pytest

from cavities import Exposure, ParabolicMicrodisk
from layouts import DoseArray, Layout, layout, read_back

Damage = Callable[[kdb.Layout], None]


@pytest.fixture(scope="module")
def chip() -> Layout:
    disk = ParabolicMicrodisk.from_exposure(Exposure())
    array = DoseArray(diameters=(12.5, 15.0), dose_factors=(1.0,), replicate_columns=2)
    return layout(disk, array=array)


def _disk(file: kdb.Layout) -> kdb.Cell:
    return next(cell for cell in file.each_cell() if cell.name.startswith("microdisk_cell"))


def _rim(file: kdb.Layout) -> kdb.Shapes:
    return _disk(file).shapes(file.find_layer(kdb.LayerInfo(1, 0)))


def _replace_rim(file: kdb.Layout, change: Callable[[kdb.Polygon], kdb.Polygon]) -> None:
    (shape,) = list(_rim(file).each())
    shape.polygon = change(shape.polygon)


def _move_rim(file: kdb.Layout) -> None:
    _replace_rim(file, lambda polygon: polygon.moved(1, 0))


def _grow_rim(file: kdb.Layout) -> None:
    _replace_rim(file, lambda polygon: polygon.sized(10))


def _dent_rim(file: kdb.Layout) -> None:
    """Cut a corner that leaves bounding box and position as they are."""

    def dent(polygon: kdb.Polygon) -> kdb.Polygon:
        points = list(polygon.each_point_hull())
        del points[3]
        return kdb.Polygon(points)

    _replace_rim(file, dent)


def _lose_disk(file: kdb.Layout) -> None:
    array = next(cell for cell in file.each_cell() if cell.name.startswith("dose_array"))
    file.prune_cell(next(array.each_inst()).cell_index, -1)


def _double_disk(file: kdb.Layout) -> None:
    array = next(cell for cell in file.each_cell() if cell.name.startswith("dose_array"))
    array.insert(next(array.each_inst()).cell_inst.dup())


def _rename_text(file: kdb.Layout) -> None:
    texts = file.find_layer(kdb.LayerInfo(3, 0))
    for cell in file.each_cell():
        for shape in cell.shapes(texts).each():
            shape.text_string = "X99"
            return


def _damaged(chip: Layout, damage: Damage, path: Path) -> Path:
    chip.write(path)
    file = kdb.Layout()
    file.read(str(path))
    damage(file)
    file.write(str(path))
    return path


@pytest.mark.parametrize("damage", [_move_rim, _grow_rim, _dent_rim, _lose_disk, _rename_text])
def test_any_difference_from_the_component(chip: Layout, damage: Damage, tmp_path: Path) -> None:
    path = _damaged(chip, damage, tmp_path / "chip.oas")
    with pytest.raises(ValueError, match="path: the file must equal the layout"):
        read_back(path, reference=chip.component.kdb_cell)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (_move_rim, "every circle on layer 'rim' must belong to one device"),
        (_grow_rim, "chord_error: circles must be within 0.005 um"),
        (_dent_rim, "chord_error: circles must be within 0.005 um"),
        (_lose_disk, r"every device must have a circle on layer 'rim', got none for .*2 missing"),
        (_double_disk, "every circle on layer 'rim' must belong to one device"),
    ],
)
def test_any_difference_from_the_devices(
    chip: Layout, damage: Damage, message: str, tmp_path: Path
) -> None:
    path = _damaged(chip, damage, tmp_path / "chip.gds")
    with pytest.raises(ValueError, match=message):
        read_back(path, devices=chip.devices)


def test_untouched_copy_passes(chip: Layout, tmp_path: Path) -> None:
    path = _damaged(chip, lambda file: None, tmp_path / "chip.oas")
    report = read_back(path, reference=chip.component.kdb_cell, devices=chip.devices)
    assert report.device_count == 4
    assert report.path == path


def test_text_off_the_layer_counts(chip: Layout, tmp_path: Path) -> None:
    def add(file: kdb.Layout) -> None:
        file.top_cell().shapes(file.layer(55, 0)).insert(kdb.Box(0, 0, 1000, 1000))

    path = _damaged(chip, add, tmp_path / "chip.gds")
    with pytest.raises(ValueError, match=r"differences \(55/0 1 um\^2\)"):
        read_back(path, reference=chip.component.kdb_cell)


def test_two_top_cells(chip: Layout, tmp_path: Path) -> None:
    def add(file: kdb.Layout) -> None:
        file.create_cell("other").shapes(file.layer(1, 0)).insert(kdb.Box(0, 0, 9, 9))

    path = _damaged(chip, add, tmp_path / "chip.gds")
    with pytest.raises(ValueError, match=r"one top cell, got \['chip_.*', 'other'\]"):
        read_back(path)


def test_other_database_unit(chip: Layout, tmp_path: Path) -> None:
    def scale(file: kdb.Layout) -> None:
        file.dbu = 0.002

    path = _damaged(chip, scale, tmp_path / "chip.gds")
    with pytest.raises(ValueError, match=r"database unit must be 0.001 um, got 0.002 um"):
        read_back(path, reference=chip.component.kdb_cell)


def test_not_a_layout(tmp_path: Path) -> None:
    (tmp_path / "chip.gds").write_text("not a layout")
    with pytest.raises(ValueError, match=r"path: must be a GDS or OASIS file, got .*chip.gds"):
        read_back(tmp_path / "chip.gds")
    with pytest.raises(ValueError, match=r"path: must be a GDS or OASIS file, got .*none.gds"):
        read_back(tmp_path / "none.gds")
