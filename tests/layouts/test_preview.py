"""Pictures: axes, colours, files."""

from __future__ import annotations

from pathlib import Path

import matplotlib.image
import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from cavities import Exposure, Microdisk, ParabolicMicrodisk
from layouts import DoseArray, Layout, layout, plot_layout

ARRAY = DoseArray(diameters=(12.5, 15.0), dose_factors=(0.9, 1.1))


@pytest.fixture(scope="module")
def chip() -> Layout:
    return layout(ParabolicMicrodisk.from_exposure(Exposure()), array=ARRAY)


def test_axes_are_true_to_scale_and_labelled(chip: Layout) -> None:
    ax = Figure().add_subplot()
    assert plot_layout(chip, ax=ax) is ax
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_aspect()) == ("x (um)", "y (um)", 1.0)
    legend = ax.get_legend()
    assert legend is not None
    names = [text.get_text() for text in legend.get_texts()]
    assert names == ["marks", "label", "rim", "base (paler)", "floorplan"]
    bar = ax.get_figure().axes[-1]  # type: ignore[union-attr]
    assert bar.get_ylabel() == "exposure energy (uJ)"


def test_rims_are_drawn_at_their_places_by_dose(chip: Layout) -> None:
    ax = plot_layout(chip)
    (rims,) = (
        item
        for item in ax.collections
        if isinstance(item, PolyCollection) and item.get_array() is not None
    )
    values = rims.get_array()
    assert values is not None
    assert values.tolist() == [device.energy_uj for device in chip.devices]
    centres = [path.vertices.mean(axis=0) for path in rims.get_paths()]  # type: ignore[union-attr]
    wanted = [(device.x, device.y) for device in chip.devices]
    assert np.array(centres) == pytest.approx(np.array(wanted), abs=0.4)


def test_letters_have_open_counters(chip: Layout) -> None:
    """Counters are cut open before drawing: area by the shoelace formula equals klayout's."""
    import klayout.db as kdb

    ax = plot_layout(chip)
    labels = ax.collections[2]
    area = 0.0
    for path in labels.get_paths():
        x, y = np.asarray(path.vertices).T
        area += abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2
    component = chip.component
    index = component.kcl.layout.find_layer(kdb.LayerInfo(10, 0))
    drawn = kdb.Region(component.kdb_cell.begin_shapes_rec(index)).merged().area() * 1e-6
    assert area == pytest.approx(drawn, rel=1e-9)


def test_png_is_written_and_not_blank(chip: Layout, tmp_path: Path) -> None:
    path = chip.preview(tmp_path / "chip.png")
    image = matplotlib.image.imread(path)
    assert min(image.shape[:2]) > 500
    assert len(np.unique(image[..., :3].reshape(-1, 3), axis=0)) > 50
    assert [entry.name for entry in tmp_path.iterdir()] == ["chip.png"]
    first = path.read_bytes()
    assert chip.preview(path).read_bytes() == first


def test_disks_without_dose_have_one_colour() -> None:
    ax = plot_layout(layout(Microdisk(radius=2.5, height=0.5), array=DoseArray(diameters=(5.0,))))
    assert len(ax.get_figure().axes) == 1  # type: ignore[union-attr]
