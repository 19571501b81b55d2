"""The cells: disk, lettering, marks. Every expected number is worked out here by hand."""

from __future__ import annotations

import math
from typing import Any

import klayout.db as kdb
import pytest

from layouts.alignment_marks import alignment_cross, corner_mark, vernier
from layouts.circle import area_tolerance
from layouts.dose_array import dose_array
from layouts.labels import label, label_width
from layouts.layers import LAYERS, layer, layer_info
from layouts.microdisk_cell import microdisk_cell


def _region(component: Any, name: str) -> kdb.Region:
    index = component.kcl.layout.find_layer(layer_info(name))
    return kdb.Region(component.kdb_cell.begin_shapes_rec(index))


def test_layers_have_their_own_numbers() -> None:
    assert len({(entry.number, entry.datatype) for entry in LAYERS.values()}) == len(LAYERS)
    with pytest.raises(ValueError, match=r"layer: must be one of rim, base, .* got 'metal'"):
        layer("metal")


def test_disk_circles_have_the_areas_of_the_diameters() -> None:
    """Tolerance: area_tolerance, the ring between the circles R - e and R + grid/sqrt(2)."""
    disk = microdisk_cell(top_diameter=15.0, base_diameter=12.0, chord_error=0.01)
    for name, diameter in (("rim", 15.0), ("base", 12.0)):
        area = _region(disk, name).area() * 1e-6
        allowed = area_tolerance(diameter / 2, chord_error=0.01)
        assert abs(area - math.pi * diameter**2 / 4) <= allowed
        assert allowed < 0.004 * area


def test_disk_info_is_plain() -> None:
    disk = microdisk_cell(
        top_diameter=15.0, base_diameter=12.0, exposure_time_ms=50.0, power_uw=500.0
    )
    info = disk.info.model_dump()
    assert {type(value) for value in info.values()} <= {int, float, str}
    assert info["energy_uj"] == 25.0
    assert (info["exposure_time_ms"], info["power_uw"]) == (50.0, 500.0)
    assert "energy_uj" not in microdisk_cell(top_diameter=9.0, base_diameter=9.0).info


def test_disks_of_different_dose_are_different_cells() -> None:
    first = microdisk_cell(exposure_time_ms=50.0, power_uw=500.0)
    again = microdisk_cell(exposure_time_ms=50.0, power_uw=500.0)
    other = microdisk_cell(exposure_time_ms=50.00001, power_uw=500.0)
    assert first.cell_index() == again.cell_index() != other.cell_index()
    assert first.name != other.name


def test_array_holds_references_not_copies() -> None:
    blocks = (
        (0.0, 0.0, 15.0, 12.0, 50.0, 500.0, 40, 30),
        (0.0, -100.0, 10.0, 8.0, 14.0, 500.0, 1, 1),
    )
    array = dose_array(blocks=blocks, pitch=60.0)
    assert [inst.cell_inst.size() for inst in array.kdb_cell.each_inst()] == [1200, 1]
    assert array.kdb_cell.shapes(array.kcl.layout.find_layer(layer_info("rim"))).is_empty()
    assert array.info["energy_uj"] == pytest.approx(1200 * 25.0 + 7.0)
    box = array.bbox()
    assert (box.left, box.right) == (-7.5, 39 * 60 + 7.5)
    assert (box.bottom, box.top) == (-105.0, 29 * 60 + 7.5)


@pytest.mark.parametrize("text", ["A01", "B07 15.00um\n50ms", "x1.25", "#89af"])
def test_lettering_is_centred_and_as_wide_as_said(text: str) -> None:
    """A capital is 5/7 of its height wide: the outermost strokes may end inside their cells."""
    height = 14.0
    box = label(text=text, height=height).bbox()
    assert box.width() <= label_width(text, height=height) + 0.002
    assert box.width() >= label_width(text, height=height) - 4 / 7 * height
    assert abs(box.center().x) <= 2 / 7 * height
    assert box.bottom >= -1 / 7 * height


def test_texts_that_differ_in_punctuation_have_different_cells() -> None:
    """Cell names that drop characters would make these one."""
    names = {label(text=text).name for text in ("x1.5", "x15", "x1,5", "x(15)", "x=15", "x1p5")}
    assert len(names) == 6


def test_strokes_are_a_seventh_of_the_height() -> None:
    every = "".join(chr(code) for code in range(33, 127))
    region = _region(label(text=every, height=14.0), "label").merged()

    def narrow(limit: int) -> int:
        check = region.width_check(limit, False, kdb.Metrics.Projection, 40.0, None, None)
        return int(check.count())

    assert narrow(1999) == 0
    assert narrow(2010) > 0


def test_counters_of_letters_are_open() -> None:
    """A full O would have its bounding box less four clipped corners: 5/7 x 1 of 14^2."""
    region = _region(label(text="O", height=14.0), "label")
    assert region.area() * 1e-6 < 0.8 * 10 * 14
    assert [polygon.holes() for polygon in region.each()] == [0]  # files know no holes: cut open
    assert region.merged().holes().count() == 1


@pytest.mark.parametrize("text", ["", " \n ", "5 \u00b5m"])
def test_lettering_is_printable_ascii(text: str) -> None:
    with pytest.raises(ValueError, match="text: must be printable ASCII"):
        label(text=text)


def test_cross_area() -> None:
    """Two bars less their common square."""
    region = _region(alignment_cross(size=50.0, width=4.0), "marks")
    assert region.area() * 1e-6 == pytest.approx(2 * 50 * 4 - 16)
    with pytest.raises(ValueError, match="width: must be > 0 and < size"):
        alignment_cross(size=4.0, width=4.0)


def test_corner_mark_has_no_symmetry() -> None:
    """All eight images under turns and mirrors differ, even when moved onto each other."""
    region = _region(corner_mark(), "marks")
    images = set()
    for mirror in (False, True):
        for turns in range(4):
            image = region.transformed(kdb.Trans(turns, mirror, 0, 0))
            box = image.bbox()
            images.add(str(image.moved(-box.left, -box.bottom).merged()))
    assert len(images) == 8


def test_vernier_reads_an_overlay() -> None:
    """With the vernier layer shifted by 3 resolutions, exactly the fingers k = 3 line up."""
    scale = vernier(pitch=10.0, resolution=0.2, fingers=5)

    def centres(name: str) -> list[float]:
        found = _region(scale, name).each()
        return sorted(polygon.bbox().center().x * 1e-3 for polygon in found)

    main, moved = centres("marks"), [x + 0.6 for x in centres("label")]
    assert main == pytest.approx([10.0 * k for k in range(-5, 6)])
    lined_up = [k - 5 for k in range(11) if abs(main[k] - moved[k]) < 1e-9]
    assert lined_up == [3]
    with pytest.raises(ValueError, match="resolution: must be > 0 and < pitch"):
        vernier(resolution=10.0)
    with pytest.raises(ValueError, match="finger_width"):
        vernier(finger_width=9.9)
