"""`layout(cavity)`: what is drawn, what is written, what is listed, and that they agree."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import gdsfactory as gf
import klayout.db as kdb
import pandas as pd
import pytest

from cavities import Exposure, Microdisk, ParabolicMicrodisk, Sphere
from layouts import ChipSettings, Device, DoseArray, Layout, layout, read_back
from layouts.layers import LAYERS

DISK = ParabolicMicrodisk.from_exposure(Exposure())
SMALL = DoseArray(diameters=(12.5, 15.0), dose_factors=(0.9, 1.1), replicate_columns=2)


@pytest.fixture(scope="module")
def chip() -> Layout:
    return layout(DISK)


def _placed(component: Any, number: int) -> list[tuple[float, float, float]]:
    """Return x, y, width (um) of every polygon of a layer, flattened by klayout."""
    index = component.kcl.layout.find_layer(kdb.LayerInfo(number, 0))
    boxes = []
    shapes = component.kdb_cell.begin_shapes_rec(index)
    while not shapes.at_end():
        boxes.append(shapes.shape().bbox().transformed(shapes.trans()).to_dtype(1e-3))
        shapes.next()
    return sorted((box.center().x, box.center().y, box.width()) for box in boxes)


@pytest.mark.parametrize("ending", ["gds", "oas"])
def test_round_trip_is_exact(chip: Layout, ending: str, tmp_path: Path) -> None:
    """XOR of every layer of the file, read by klayout alone, with gdsfactory's cell."""
    path = tmp_path / f"chip.{ending}"
    report = chip.write(path)
    assert report.path == path
    file = kdb.Layout()
    file.read(str(path))
    component = chip.component
    for entry in LAYERS.values():
        info = kdb.LayerInfo(entry.number, entry.datatype)
        there = kdb.Region(file.top_cell().begin_shapes_rec(file.find_layer(info)))
        index = component.kcl.layout.find_layer(info)
        here = kdb.Region(component.kdb_cell.begin_shapes_rec(index))
        assert (here ^ there).is_empty()
        assert entry.name == "device" or not there.is_empty()
    assert set(report.xor_areas.values()) == {0.0}
    assert set(report.xor_areas) == set(LAYERS)


def test_report_of_the_file(chip: Layout, tmp_path: Path) -> None:
    report = chip.write(tmp_path / "chip.gds")
    assert report.device_count == report.polygon_counts["base"] == len(chip.devices) == 50
    assert report.top_cell == chip.component.name
    assert report.database_unit == 0.001
    assert report.off_grid_vertices == 0
    assert 0 < report.radius_error <= chip.settings.chord_error
    analytic = sum(math.pi * device.top_diameter**2 / 4 for device in chip.devices)
    assert report.areas["rim"] == pytest.approx(analytic, rel=report.area_error)
    disks = [count for name, count in report.cells.items() if name.startswith("microdisk_cell")]
    assert disks == [2] * 25
    left, bottom, right, top = report.bounding_box
    assert right - left == pytest.approx(chip.component.info["width_um"])
    assert top - bottom == pytest.approx(chip.component.info["height_um"])
    assert report.areas["floorplan"] == pytest.approx((right - left) * (top - bottom))


def test_manifest_lists_the_drawn_disks(chip: Layout) -> None:
    """Position exact on the grid; the drawn width is the diameter within one grid step."""
    table = chip.manifest.sort_values(["x_um", "y_um"])
    for number, column in ((1, "top_diameter_um"), (2, "base_diameter_um")):
        placed = _placed(chip.component, number)
        assert len(placed) == len(table)
        rows = zip(table["x_um"], table["y_um"], table[column], strict=True)
        for (x, y, width), (x_um, y_um, diameter) in zip(placed, rows, strict=True):
            assert (x, y) == pytest.approx((x_um, y_um), abs=1e-9)
            assert width == pytest.approx(diameter, abs=0.00101)


def test_manifest_doses_invert_to_the_drawn_diameters(chip: Layout) -> None:
    """E = (pi w0^2 W_cl/2) exp(D^2/(2 w0^2)), written out here in SI units."""
    exposure = Exposure()
    waist = exposure.beam_waist
    threshold_uj_per_um2 = exposure.cross_linking_dose_j_per_cm2 * 1e6 / 1e8
    columns = ["top_diameter_um", "energy_uj", "power_uw", "exposure_time_ms"]
    for diameter, energy_uj, power_uw, time_ms in chip.manifest[columns].to_numpy(float):
        energy = math.pi * waist**2 * threshold_uj_per_um2 / 2
        energy *= math.exp(diameter**2 / (2 * waist**2))
        assert energy_uj == pytest.approx(energy, rel=1e-9)
        assert energy_uj == pytest.approx(power_uw * time_ms / 1000)
        assert exposure.energy_for_diameter_uj(diameter) == pytest.approx(energy)


def test_names_stand_at_the_disks(chip: Layout) -> None:
    shapes = chip.component.kdb_cell.begin_shapes_rec(
        chip.component.kcl.layout.find_layer(kdb.LayerInfo(3, 0))
    )
    texts = {(t.x * 1e-3, t.y * 1e-3): t.string for t in kdb.Texts(shapes).each()}
    assert texts == {(d.x, d.y): d.name for d in chip.devices}


def test_lower_left_cross_is_the_origin(chip: Layout) -> None:
    crosses = [place for place in _placed(chip.component, 20) if place[2] == 80.0]
    x = max(device.x for device in chip.devices) + 200.0
    y = max(device.y for device in chip.devices) + 200.0
    assert [cross[:2] for cross in crosses] == [(0, 0), (0, y), (x, 0), (x, y)]
    assert sorted(chip.crosses) == [cross[:2] for cross in crosses]
    assert chip.crosses[0] == (0.0, 0.0)


def test_dose_travels_in_the_file(tmp_path: Path) -> None:
    chip = layout(DISK, array=SMALL)
    for ending in ("gds", "oas"):
        chip.write(tmp_path / f"chip.{ending}")
        chip.write(tmp_path / f"plain.{ending}", metadata=False)
        file, plain = kdb.Layout(), kdb.Layout()
        file.read(str(tmp_path / f"chip.{ending}"))
        plain.read(str(tmp_path / f"plain.{ending}"))
        energies = []
        for cell in file.each_cell():
            info = {item.name: item.value for item in cell.each_meta_info()}
            if cell.name.startswith("microdisk_cell"):
                energies.append(info["kfactory:info"]["energy_uj"])
        wanted = {device.energy_uj for device in chip.devices}
        assert sorted(energies) == pytest.approx(sorted(wanted))
        assert not any(list(cell.each_meta_info()) for cell in plain.each_cell())


def test_two_layouts_in_one_process_do_not_mix(tmp_path: Path) -> None:
    """Same kind of chip, other parameters, back and forth: each as if it were alone."""
    other = ParabolicMicrodisk.from_exposure(Exposure(absorber_mg_per_ml=10.0, time_ms=60.0))
    first = layout(DISK, array=SMALL)
    before = first.write(tmp_path / "first.gds")
    second = layout(other, array=SMALL.changed(replicate_columns=1, replicate_rows=3))
    report = second.write(tmp_path / "second.gds")
    again = layout(DISK, array=SMALL)
    assert again.component.name == first.component.name
    assert again.component.cell_index() == first.component.cell_index()
    after = again.write(tmp_path / "again.gds")
    assert (tmp_path / "again.gds").read_bytes() == (tmp_path / "first.gds").read_bytes()
    assert (report.device_count, before.device_count, after.device_count) == (12, 8, 8)
    assert second.devices[0].base_diameter > first.devices[0].base_diameter
    assert second.content_hash != first.content_hash
    for result in (first, second):
        widths = {round(width, 3) for _, _, width in _placed(result.component, 1)}
        wanted = {round(device.top_diameter, 3) for device in result.devices}
        assert {round(w - d, 3) for w, d in zip(sorted(widths), sorted(wanted), strict=True)} <= {
            -0.001,
            0.0,
            0.001,
        }


def test_survives_a_cleared_cache(tmp_path: Path) -> None:
    layout(DISK, array=SMALL).write(tmp_path / "before.oas")
    gf.clear_cache()
    layout(DISK, array=SMALL).write(tmp_path / "after.oas")
    assert (tmp_path / "before.oas").read_bytes() == (tmp_path / "after.oas").read_bytes()


def test_active_pdk_is_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from gdsfactory import pdk

    bytes_without = tmp_path / "without.oas"
    layout(DISK, array=SMALL).write(bytes_without)
    monkeypatch.setattr(pdk, "_ACTIVE_PDK", None)
    layout(DISK, array=SMALL.changed(pitch=90.0))
    assert pdk._ACTIVE_PDK is None
    gf.gpdk.PDK.activate()
    layout(DISK, array=SMALL.changed(pitch=95.0))
    assert pdk._ACTIVE_PDK is gf.gpdk.PDK
    layout(DISK, array=SMALL).write(tmp_path / "with.oas")
    assert (tmp_path / "with.oas").read_bytes() == bytes_without.read_bytes()


def test_cell_of_the_user_with_our_name_is_told_apart(tmp_path: Path) -> None:
    """A cell that someone else calls like one of ours is not in the chip's file."""
    chip = layout(DISK, array=SMALL)
    namesake = gf.Component()
    namesake.name = chip.component.name
    chip.write(tmp_path / "chip.gds")
    file = kdb.Layout()
    file.read(str(tmp_path / "chip.gds"))
    assert not file.top_cell().bbox().empty()
    namesake.delete()


def test_large_array_is_a_small_file(tmp_path: Path) -> None:
    """10^4 disks: one cell, one arrayed reference; the file holds no copies of them.

    One rim and one base of about 100 vertices each are 2 kB, 200 heads of rows and columns
    some tens of kB; flattened, the disks alone would take 10^4 x 200 x 8 bytes = 16 MB.
    """
    array = DoseArray(
        diameters=(15.0,), dose_factors=(1.0,), replicate_columns=100, replicate_rows=100
    )
    chip = layout(DISK, array=array)
    report = chip.write(tmp_path / "chip.gds")
    chip.write(tmp_path / "chip.oas")
    assert report.device_count == len(chip.devices) == 10_000
    assert (tmp_path / "chip.gds").stat().st_size < 300_000
    assert (tmp_path / "chip.oas").stat().st_size < 50_000
    file = kdb.Layout()
    file.read(str(tmp_path / "chip.gds"))
    (disks,) = (cell for cell in file.each_cell() if cell.name.startswith("dose_array"))
    assert [inst.cell_inst.size() for inst in disks.each_inst()] == [10_000]
    assert report.areas["rim"] == pytest.approx(1e4 * math.pi * 7.5**2, rel=2e-3)


def test_overlapping_disks_are_an_error() -> None:
    with pytest.raises(ValueError, match=r"pitch: disks must be at least min_gap .*overlap"):
        layout(DISK, array=SMALL.changed(pitch=14.0))
    with pytest.raises(ValueError, match="max_proximity"):
        layout(DISK, array=SMALL.changed(pitch=19.0))


def test_broken_rule_writes_nothing(tmp_path: Path) -> None:
    """A cross distance that lets huge letters run into the marks."""
    settings = ChipSettings(label_height=70.0, device_labels=True)
    chip = layout(DISK, array=SMALL.changed(pitch=700.0), settings=settings)
    assert not chip.check().passed
    with pytest.raises(ValueError, match="layout: must keep every rule, got label/marks"):
        chip.write(tmp_path / "chip.gds")
    assert list(tmp_path.iterdir()) == []


def test_failed_check_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that loses a layer is caught before the file gets its name."""
    from layouts import layout_file

    def lossy(file: kdb.Layout, path: Path, *, metadata: bool = True) -> None:
        file.clear_layer(file.find_layer(kdb.LayerInfo(2, 0)))
        file.write(str(path))

    chip = layout(DISK, array=SMALL)
    monkeypatch.setattr(layout_file, "write_layout_file", lossy)
    (tmp_path / "chip.gds").write_text("old")
    with pytest.raises(ValueError, match=r"path: the file must equal the layout.*base"):
        chip.write(tmp_path / "chip.gds")
    assert (tmp_path / "chip.gds").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_unwritable_path_writes_nothing(tmp_path: Path) -> None:
    chip = layout(DISK, array=SMALL)
    with pytest.raises(FileNotFoundError, match="path: the folder must exist"):
        chip.write(tmp_path / "missing" / "chip.gds")
    with pytest.raises(ValueError, match=r"path: must end in .gds or .oas, got"):
        chip.write(tmp_path / "chip.dxf")
    with pytest.raises(ValueError, match=r"path: must end in .png, got"):
        chip.preview(tmp_path / "chip.jpg")
    assert list(tmp_path.iterdir()) == []


def test_straight_disk_has_sizes_and_no_dose() -> None:
    chip = layout(Microdisk(radius=2.5, height=0.5, wall_angle_deg=10.0))
    overhang = 2 * 0.5 * math.tan(math.radians(10.0))
    table = chip.manifest
    assert len(table) == 50
    assert sorted(set(table["top_diameter_um"].round(9))) == [4.0, 4.5, 5.0, 5.5, 6.0]
    assert (table["top_diameter_um"] - table["base_diameter_um"]).to_numpy() == pytest.approx(
        overhang
    )
    assert table[["exposure_time_ms", "power_uw", "energy_uj"]].isna().all(axis=None)
    assert chip.check().passed
    cells = [cell.name for cell in chip.component.kcl.kcells.values() if "ETM0_" in cell.name]
    assert len(cells) == 5


def test_pedestal_is_the_base() -> None:
    disk = Microdisk(radius=5.0, height=0.5, pedestal_radius=3.0, pedestal_height=1.0)
    table = layout(disk, array=DoseArray(diameters=(10.0,))).manifest
    assert table["base_diameter_um"].to_numpy() == pytest.approx(6.0)


def test_measured_shape_has_no_dose() -> None:
    disk = ParabolicMicrodisk(top_radius=7.5, base_radius=6.0, height=5.0)
    assert layout(disk).manifest["energy_uj"].isna().all()


def test_free_positions(tmp_path: Path) -> None:
    exposure = Exposure()
    devices = [
        Device.from_exposure(exposure.with_diameter(d), name=f"d{d}", x=x, y=y)
        for d, x, y in ((15, 0.0, 0.0), (12, 100.0, 30.0), (18, -50.0, 200.0))
    ]
    chip = layout(DISK, devices=devices)
    assert chip.manifest["name"].tolist() == ["d15", "d12", "d18"]
    report = chip.write(tmp_path / "chip.oas")
    assert report.device_count == 3
    assert chip.crosses == ((-250, -200), (300, -200), (-250, 400), (300, 400))
    wrong = devices[0].changed(top_diameter=16.0)
    with pytest.raises(ValueError, match="devices: diameters must be those of the cavity's"):
        layout(DISK, devices=[wrong])
    drawn = Device(name="one", x=0, y=0, top_diameter=15, base_diameter=12)
    with pytest.raises(ValueError, match="devices: must carry exposure_time_ms"):
        layout(DISK, devices=[drawn])
    with pytest.raises(ValueError, match="array and devices: give one or the other"):
        layout(DISK, devices=devices, array=DoseArray())


def test_results_join_the_manifest(tmp_path: Path) -> None:
    chip = layout(DISK, array=SMALL, results={"A01": {"quality_factor": 5000.0}})
    assert chip.manifest.loc[0, "quality_factor"] == 5000.0
    later = layout(DISK, array=SMALL).with_results({"B02": {"wavelength_um": 0.65}})
    path = later.write_manifest(tmp_path / "chip.csv")
    back = pd.read_csv(path).set_index("name")
    assert back.loc["B02", "wavelength_um"] == 0.65
    with pytest.raises(ValueError, match="results: keys must be device names"):
        chip.with_results({"Q77": {}})


def test_title_carries_the_content_hash(chip: Layout) -> None:
    title = chip.component.info["title"]
    assert title.startswith(f"ParabolicMicrodisk #{chip.content_hash[:8]}\n500uW w0=7um")
    named = layout(DISK, array=SMALL, settings=ChipSettings(title="Run 7"))
    assert named.component.info["title"].startswith(f"Run 7 #{named.content_hash[:8]}\n")
    assert named.content_hash != layout(DISK, array=SMALL).content_hash


def test_coarse_grid(tmp_path: Path) -> None:
    """On a 5 nm grid every vertex and every position is a multiple of 5 nm."""
    settings = ChipSettings(grid=0.005, chord_error=0.02)
    report = layout(DISK, array=SMALL, settings=settings).write(tmp_path / "chip.gds")
    assert report.off_grid_vertices == 0
    assert read_back(tmp_path / "chip.gds", grid=0.005).off_grid_vertices == 0
    fine = layout(DISK, array=SMALL)
    fine.write(tmp_path / "fine.gds")
    with pytest.raises(ValueError, match=r"grid: every vertex must lie on the grid of 0.005 um"):
        read_back(tmp_path / "fine.gds", grid=0.005)


def test_labels_need_room() -> None:
    wanted = ChipSettings(device_labels=True)
    with pytest.raises(ValueError, match=r"device_labels: must have .* um from disk to disk"):
        layout(DISK, array=SMALL.changed(pitch=40.0), settings=wanted)
    assert layout(DISK, array=SMALL.changed(pitch=40.0)).check().passed


def test_only_disks_are_drawn() -> None:
    with pytest.raises(TypeError, match="cavity: must be a ParabolicMicrodisk or a Microdisk"):
        layout(Sphere(radius=2.0, material=1.5))


def test_grid_below_the_database_unit() -> None:
    with pytest.raises(ValueError, match="grid: must be a multiple of the database unit"):
        layout(DISK, array=SMALL, settings=ChipSettings(grid=0.0005))
