"""Presets of periodic cavities, and their pictures."""

from __future__ import annotations

import inspect

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import cavities
from cavities import (
    Circle,
    PhotonicCrystalSlab,
    draw_unit_cell,
    hsu_slab,
    infilled_slab,
    nanopillar_quantum_shells,
    pcsel_sin_quantum_shells,
    periodic_preset_names,
    preset_provenance,
)
from cavities.periodic_presets import NANOPILLAR_PERIODS, PCSEL_PERIODS
from cavities.periodic_stack import PatternedLayer
from cavities.plot_unit_cell import plot_cross_section, plot_top_view


@pytest.mark.parametrize("period", PCSEL_PERIODS)
def test_the_pcsel_is_the_stated_one(period: float) -> None:
    cell = pcsel_sin_quantum_shells(period).unit_cell()
    assert cell.lattice.symmetry == "square"
    assert cell.lattice.period == pytest.approx(period)
    nitride, cover = cell.layers
    assert isinstance(nitride, PatternedLayer)
    assert nitride.thickness == 0.17
    hole = nitride.inclusions[0].shape
    assert isinstance(hole, Circle)
    assert 2 * hole.radius / period == pytest.approx(0.7)
    assert (nitride.inclusions[0].name, cover.name) == ("gain", "gain")


@pytest.mark.parametrize("period", NANOPILLAR_PERIODS)
@pytest.mark.parametrize("residual", [0.0, 0.3])
def test_the_pillars_are_the_stated_ones(period: float, residual: float) -> None:
    array = nanopillar_quantum_shells(period, residual_oxide=residual, lattice="triangular")
    cell = array.unit_cell()
    assert cell.lattice.symmetry == "triangular"
    assert cell.thickness == pytest.approx(residual + 0.3)
    assert array.diameter == pytest.approx(period / 2)
    assert complex(array.gain_material.index(0.63)) == 1.95  # type: ignore[union-attr]


def test_reference_structures() -> None:
    cell = hsu_slab().unit_cell()
    assert complex(cell.layers[0].material.index(0.57)) == 2.02
    assert {m.name for m in (cell.substrate, cell.superstrate)} == {"n = 1.46"}
    assert cell.fractions(cell.layers[0])["opening"] == pytest.approx(0.178095, abs=1e-6)
    filled = infilled_slab()
    assert isinstance(filled, PhotonicCrystalSlab)
    assert filled.unit_cell().interfaces() == pytest.approx((0.0, 0.17, 0.25))


@pytest.mark.parametrize("name", periodic_preset_names())
def test_every_number_has_a_provenance(name: str) -> None:
    texts = preset_provenance(name)
    known = ("measured", "stated", "reference", "guess")
    assert all(text.split(":")[0] in known for text in texts.values())
    if name in ("pcsel_sin_quantum_shells", "nanopillar_quantum_shells"):
        assert set(inspect.signature(getattr(cavities, name)).parameters) <= set(texts)


def test_unknown_presets() -> None:
    with pytest.raises(ValueError, match="name: must be one of"):
        preset_provenance("pcsel")
    with pytest.raises(ValueError, match="lattice: must be one of"):
        nanopillar_quantum_shells(lattice="hexagonal")  # type: ignore[arg-type]


def test_pictures_show_every_region_and_the_cell() -> None:
    array = nanopillar_quantum_shells(wall_angle_deg=85.0)
    top, section = draw_unit_cell(array)
    texts = {text.get_text() for text in top.figure.legends[0].get_texts()}
    assert {text.split(" ")[0] for text in texts} == {
        "substrate",
        "residual",
        "pillar",
        "gain",
        "superstrate",
    }
    assert (top.get_xlabel(), top.get_ylabel()) == ("x (um)", "y (um)")
    assert section.get_ylabel() == "z (um)"
    box = top.get_xlim()
    assert box[0] < 0 < 0.335 < box[1]


def pillars(ax: Axes) -> list[Rectangle]:
    return [
        patch
        for patch in ax.patches
        if isinstance(patch, Rectangle) and str(patch.get_label()).startswith("pillar")
    ]


def test_cross_sections_cut_what_is_there() -> None:
    """Through the pillars of a = 0.335 um: widths 0.1675 um; half-way between rows: none."""
    array = nanopillar_quantum_shells()
    cuts = pillars(plot_cross_section(array))
    assert len(cuts) == 3
    # the window cuts the outer two
    assert max(patch.get_width() for patch in cuts) == pytest.approx(0.1675, abs=1e-4)
    assert not pillars(plot_cross_section(array, through=(0.0, 0.1675), ax=Figure().subplots()))
    assert len(plot_top_view(array).patches) > len(plot_top_view(array, z=0.1).patches)
    with pytest.raises(ValueError, match="z: must lie within the layers"):
        plot_top_view(array, z=2.0)
