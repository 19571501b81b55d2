"""Process sheets and spacer tables: against the stack, closed forms and the multilayer solver."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cavities import (
    Layer,
    LayerMirror,
    Material,
    MetalMirror,
    PlanarMicrocavity,
    PlanarStack,
    QuarterWaveMirror,
    Sphere,
    TwoMirrorCavity,
)
from layouts import longitudinal_modes, process_sheet, spacer_thicknesses
from layouts.deposition_sheet import COLUMNS, TOLERANCE_COLUMNS

MIRROR = QuarterWaveMirror(design_wavelength=0.6, high_material=2.3, low_material=1.46, pairs=6.5)
FILM = Layer(name="gain", material=1.85, thickness=0.8)
SPACER = Layer(name="spacer", material=1.49, thickness=0.2)
CAVITY = PlanarMicrocavity(bottom_mirror=MIRROR, cavity=(SPACER, FILM), top_mirror=MIRROR)


def test_rows_follow_the_stack() -> None:
    """Thickness, index and total, by hand: 14 high layers, 12 low ones, spacer and film."""
    table = process_sheet(CAVITY).table
    assert list(table.columns) == list(COLUMNS)
    high, low = 600 / 4 / 2.3, 600 / 4 / 1.46
    mirror = [high, low] * 6 + [high]
    assert table["thickness_nm"].tolist() == pytest.approx([*mirror, 200.0, 800.0, *mirror])
    assert table["total_nm"].iloc[-1] == pytest.approx(14 * high + 12 * low + 1000)
    assert table["total_nm"].to_numpy() == pytest.approx(table["thickness_nm"].cumsum())
    waves = table.set_index("layer")["quarter_waves"]
    assert waves.drop([14, 15]).tolist() == pytest.approx([1.0] * 26)
    assert waves[14] == pytest.approx(1.49 * 200 / 150)
    assert waves[15] == pytest.approx(1.85 * 800 / 150)
    assert table["step"].tolist() == table["layer"].tolist() == list(range(1, 29))
    assert set(table["part"]) == {"substrate"}
    assert table.set_index("region")["action"].to_dict() == {
        "bottom_mirror": "deposit",
        "spacer": "deposit",
        "gain": "coat",
        "top_mirror": "deposit",
    }


def test_transferred_mirror_is_a_part_of_its_own() -> None:
    glued = CAVITY.changed(gap_material=1.5, gap_thickness=0.05)
    table = process_sheet(glued).table
    assert table["part"].tolist() == ["substrate"] * 16 + ["carrier"] * 13
    assert table["layer"].tolist() == [*range(1, 17), *range(29, 16, -1)]
    assert (table["region"].tolist()[15], table["action"].tolist()[15]) == ("gap", "glue")
    assert table.loc[16, "total_nm"] == pytest.approx(table.loc[16, "thickness_nm"])
    opened = glued.changed(gap_material="air")
    assert process_sheet(opened).table.loc[15, "action"] == "leave gap"
    assert "upside down" in process_sheet(opened).notes[1]


def test_two_mirrors_are_two_parts() -> None:
    """The film on one mirror, the spacer on the other, each listed as it grows."""
    cavity = TwoMirrorCavity(spacer_thickness=5.0)
    sheet = process_sheet(cavity)
    table = sheet.table
    ends = table.groupby("part").tail(1)
    assert ends["region"].tolist() == ["gain", "spacer"]
    assert ends["action"].tolist() == ["coat", "coat"]
    assert sorted(table["layer"]) == list(range(1, 33))
    assert ends["total_nm"].sum() == pytest.approx(1e3 * cavity.stack().thickness)
    assert "face to face" in str(sheet)


def test_metal_has_extinction_and_needs_a_wavelength() -> None:
    cavity = PlanarMicrocavity(
        bottom_mirror=MetalMirror(thickness=0.1),
        cavity=(FILM,),
        top_mirror=MetalMirror(thickness=0.04),
    )
    with pytest.raises(ValueError, match="wavelength: must be given for a cavity without"):
        process_sheet(cavity)
    table = process_sheet(cavity, wavelength=0.62).table
    gold = complex(Material.named("Au").index(0.62))
    assert table.loc[0, "extinction"] == pytest.approx(gold.imag)
    assert table.loc[0, "index"] == pytest.approx(gold.real)


def test_wavelength_is_the_bottom_mirrors() -> None:
    cavity = CAVITY.changed(top_mirror=MIRROR.changed(design_wavelength=0.66))
    table = process_sheet(cavity).table
    assert table["quarter_waves"].iloc[-1] == pytest.approx(1.1)
    assert process_sheet(cavity, wavelength=0.66).table["quarter_waves"].iloc[-1] == pytest.approx(
        1.0
    )


def test_derivatives_follow_their_layers() -> None:
    """Layer i gets the value i in whatever order the steps are."""
    cavity = TwoMirrorCavity(spacer_thickness=5.0)
    values = np.arange(1, 33, dtype=float)
    sheet = process_sheet(cavity, shift_nm_per_nm=values, allowed_shift_nm=0.15)
    table = sheet.table
    assert list(table.columns) == [*COLUMNS, *TOLERANCE_COLUMNS]
    assert table["shift_nm_per_nm"].tolist() == table["layer"].tolist()
    percent = table["layer"] * table["thickness_nm"] / 100
    assert table["shift_nm_per_percent"].to_numpy() == pytest.approx(percent)
    assert table["tolerance_nm"].to_numpy() == pytest.approx(0.15 / table["layer"])
    assert sheet.shift_nm(2.0) == pytest.approx(2 * math.sqrt((percent**2).sum()))
    assert sheet.shift_nm(2.0, common=True) == pytest.approx(2 * percent.sum())
    with pytest.raises(ValueError, match=r"shift_nm_per_nm: must have been given"):
        process_sheet(cavity).shift_nm()


def test_common_error_scales_the_wavelength() -> None:
    """Maxwell's equations have no length scale: 1 % on every layer is 1 % on the wavelength.

    Exact for media without dispersion, whatever the mirrors; the derivatives are the solver's.
    """
    from solvers import solve_modes
    from solvers.multilayer import planar_derivative

    cavity = CAVITY.changed(substrate=1.5)
    modes = solve_modes(cavity, (0.59, 0.62))
    mode = max(modes, key=lambda m: m.quality_factor)
    derivative = planar_derivative(cavity, mode).wavelength_by_thickness
    sheet = process_sheet(cavity, shift_nm_per_nm=derivative)
    assert sheet.shift_nm(common=True) == pytest.approx(10 * mode.wavelength, rel=1e-9)
    assert sheet.shift_nm() < sheet.shift_nm(common=True)
    own = sheet.table.set_index("region")["shift_nm_per_nm"]
    assert own["gain"] > own["top_mirror"].min()


@settings(deadline=None)
@given(thickness=st.lists(st.floats(1e-3, 2.0), min_size=1, max_size=12))
def test_any_stack_is_listed_from_the_substrate(thickness: list[float]) -> None:
    layers = tuple(
        Layer(name=f"l{i}", material=1.5 + 0.1 * i, thickness=d) for i, d in enumerate(thickness)
    )
    stack = PlanarStack(layers=layers)
    table = process_sheet(stack, wavelength=0.6).table
    assert table["region"].tolist() == [layer.name for layer in layers]
    assert table["total_nm"].to_numpy() == pytest.approx(1e3 * np.array(stack.interfaces()[1:]))


def test_files(tmp_path: Path) -> None:
    sheet = process_sheet(CAVITY, shift_nm_per_nm=np.full(28, 0.01), allowed_shift_nm=0.1)
    back = pd.read_csv(sheet.write(tmp_path / "sheet.csv"))
    pd.testing.assert_frame_equal(back, sheet.table, rtol=5e-9, check_dtype=False)
    page = sheet.write(tmp_path / "sheet.html").read_text()
    assert page.startswith("<!doctype html>")
    assert page.count("<tr") == 29
    assert sheet.to_html() == sheet._repr_html_()
    assert "bottom_mirror" in page
    assert "when they are common" in page
    with pytest.raises(ValueError, match=r"path: must end in .csv or .html, got"):
        sheet.write(tmp_path / "sheet.txt")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["sheet.csv", "sheet.html"]


def test_names_are_escaped_in_html() -> None:
    stack = PlanarStack(layers=(FILM.changed(name="<b>film</b>"),))
    assert "<b>film" not in process_sheet(stack, wavelength=0.6).to_html()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"wavelength": -0.6}, "wavelength: must be > 0 um"),
        ({"shift_nm_per_nm": [1.0, 2.0]}, r"shift_nm_per_nm: must hold 28 finite .* \(2,\)"),
        ({"shift_nm_per_nm": np.full(28, np.nan)}, "shift_nm_per_nm: must hold 28 finite"),
        ({"shift_nm_per_nm": np.full(28, 1j)}, "shift_nm_per_nm: must be real"),
        ({"allowed_shift_nm": 0.1}, "allowed_shift_nm: needs shift_nm_per_nm"),
        (
            {"shift_nm_per_nm": np.ones(28), "allowed_shift_nm": 0.0},
            "allowed_shift_nm: must be > 0 nm",
        ),
    ],
)
def test_bad_input(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        process_sheet(CAVITY, **arguments)
    assert "\n" not in str(caught.value)


def test_only_planar_cavities() -> None:
    with pytest.raises(TypeError, match=r"cavity: must have a method stack\(\), got Sphere"):
        process_sheet(Sphere(radius=1.0, material=1.5))
    with pytest.raises(ValueError, match="cavity: must have at least one layer"):
        process_sheet(PlanarStack(), wavelength=0.6)
    with pytest.raises(TypeError, match="cavity: must have a mirror below and above"):
        spacer_thicknesses(PlanarStack(layers=(FILM,)))


# Spacer tables


def _etalon(index: float, outside: float) -> PlanarMicrocavity:
    """A plate between half spaces: the mirrors are of the material outside, so they vanish."""
    wall = LayerMirror(sequence=(Layer(name="wall", material=outside, thickness=0.5),))
    return PlanarMicrocavity(
        bottom_mirror=wall,
        cavity=(Layer(name="plate", material=index, thickness=3.0),),
        top_mirror=wall,
        substrate=outside,
        superstrate=outside,
    )


@pytest.mark.parametrize(("index", "outside", "shift"), [(1.5, 3.5, 1), (3.5, 1.0, 0)])
def test_etalon_in_closed_form(index: float, outside: float, shift: int) -> None:
    """Two interfaces: d = (m - shift) lambda/(2 n), FSR lambda^2/(2 n d), Airy linewidth.

    Seen from the thinner medium each interface turns the phase by pi, so the order counts one
    more than the half waves; seen from the denser medium by nothing.
    """
    x = 0.65
    table = spacer_thicknesses(_etalon(index, outside), wavelength=x, thickness=(0.5, 4.0))
    half_waves = table["order"] - shift
    d = half_waves * x / 2 / index
    assert table["spacer_nm"].to_numpy() == pytest.approx(1e3 * d)
    assert len(table) == math.floor(4.0 * 2 * index / x) - math.ceil(0.5 * 2 * index / x) + 1
    spacing = x**2 / (2 * index * d)
    assert table["free_spectral_range_nm"].to_numpy() == pytest.approx(1e3 * spacing, rel=1e-7)
    assert table["effective_length_um"].to_numpy() == pytest.approx(index * d, rel=1e-7)
    assert table["shift_nm_per_nm"].to_numpy() == pytest.approx(x / d, rel=1e-7)
    kept = ((index - outside) / (index + outside)) ** 2
    width = 1e3 * spacing * (1 - kept) / (math.pi * math.sqrt(kept))
    assert table["linewidth_nm"].to_numpy() == pytest.approx(width, rel=1e-7)


def test_modes_of_an_etalon_in_closed_form() -> None:
    cavity = _etalon(1.5, 3.5)
    table = longitudinal_modes(cavity, wavelength=(0.6, 0.7), thickness=(3.0, 4.0))
    for thickness, group in table.groupby("spacer_nm"):
        path = 2 * 1.5 * float(str(thickness)) * 1e-3
        wanted = [path / q for q in range(60, 0, -1) if 0.6 <= path / q <= 0.7]
        assert group["wavelength_nm"].to_numpy() * 1e-3 == pytest.approx(wanted, rel=1e-12)
        assert group["order"].tolist() == [round(path / x) + 1 for x in wanted]
    assert set(table["spacer_nm"]) == {3000.0, 4000.0}


def test_quarter_wave_mirrors_penetrate_as_they_should() -> None:
    """High index first, many pairs: depth lambda/(4 (n_h - n_l)), doi:10.1109/3.123281."""
    mirror = MIRROR.changed(pairs=40.0, next_to_cavity="high")
    layer = SPACER.changed(material=1.5)
    cavity = PlanarMicrocavity(bottom_mirror=mirror, cavity=(layer,), top_mirror=mirror)
    table = spacer_thicknesses(cavity, thickness=(0.1, 2.0))
    d = table["spacer_nm"] * 1e-3
    assert (d * 2 * 1.5 / 0.6).to_numpy() == pytest.approx(table["order"] - 1)
    depth = 0.6 / 4 / (2.3 - 1.46)
    length = 1.5 * (d + 2 * depth)
    assert table["effective_length_um"].to_numpy() == pytest.approx(length, rel=1e-6)


def test_two_mirror_cavity_against_the_multilayer_solver() -> None:
    """Poles of the whole stack: wavelength to a hundredth of the linewidth, Q to 1 %.

    The table takes the wavelength real; the pole differs by the curvature of the phase over
    the linewidth, of second order in 1/Q.
    """
    from solvers import solve_modes

    cavity = TwoMirrorCavity(spacer_thickness=5.0)
    modes = solve_modes(cavity, (0.65, 0.74))
    table = longitudinal_modes(cavity, wavelength=(0.65, 0.74))
    assert len(table) == len(modes) == 4
    found = table["wavelength_nm"].to_numpy() * 1e-3
    wanted = np.array([mode.wavelength for mode in modes])
    q = np.array([mode.quality_factor for mode in modes])
    assert np.all(np.abs(found - wanted) < 0.01 * wanted / q)
    assert found / (table["linewidth_nm"].to_numpy() * 1e-3) == pytest.approx(q, rel=0.01)


def test_both_tables_agree() -> None:
    """A spacer from one table has its mode where the other was asked to put it."""
    cavity = TwoMirrorCavity(spacer_thickness=5.0)
    table = spacer_thicknesses(cavity, wavelength=0.68, thickness=(4.0, 6.0))
    modes = longitudinal_modes(
        cavity, wavelength=(0.675, 0.685), thickness=table["spacer_nm"] * 1e-3
    )
    near = modes[(modes["wavelength_nm"] - 680).abs() < 1e-6]
    assert near["order"].tolist() == table["order"].tolist()
    assert near["shift_nm_per_nm"].to_numpy() == pytest.approx(table["shift_nm_per_nm"])
    step = 1e-4
    spacer = table["spacer_nm"].iloc[3] * 1e-3
    moved = longitudinal_modes(cavity, wavelength=(0.675, 0.685), thickness=(spacer + step,))
    shift = (moved["wavelength_nm"].iloc[0] - 680) / (1e3 * step)
    assert shift == pytest.approx(table["shift_nm_per_nm"].iloc[3], rel=1e-3)


def test_orders_beyond_the_stop_band() -> None:
    """Outside the mirrors' band the phase turns back in places, where no line can be told."""
    cavity = TwoMirrorCavity(spacer_thickness=3.0)
    table = longitudinal_modes(cavity, wavelength=(0.45, 0.95))
    orders = table["order"].to_numpy()
    assert np.all(np.diff(orders) <= -1)
    assert np.all(np.diff(orders[table["wavelength_nm"] > 600]) == -1)
    assert np.all(table["linewidth_nm"] < table["free_spectral_range_nm"])
    inside = longitudinal_modes(cavity, wavelength=(0.66, 0.72))
    assert set(inside["order"]) <= set(orders)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"thickness": (2.0, 1.0)}, r"thickness: must be \(low, high\)"),
        ({"thickness": (1.0, 1.001)}, "thickness: must hold a spacer with a mode at 689 nm"),
        ({"spacer": "glue"}, "spacer: must name one of the layers .* gain, spacer, got 'glue'"),
        ({"wavelength": 0.0}, "wavelength: must be > 0 um"),
    ],
)
def test_bad_spacers(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        spacer_thicknesses(TwoMirrorCavity(spacer_thickness=5.0), **arguments)
    assert "\n" not in str(caught.value)


def test_bad_windows() -> None:
    cavity = TwoMirrorCavity(spacer_thickness=5.0)
    with pytest.raises(ValueError, match=r"wavelength: must be \(low, high\)"):
        longitudinal_modes(cavity, wavelength=(0.7, 0.6))
    with pytest.raises(ValueError, match="thickness: must be > 0 um, got -1"):
        longitudinal_modes(cavity, wavelength=(0.6, 0.7), thickness=(5.0, -1.0))
    assert longitudinal_modes(cavity, wavelength=(0.69, 0.691)).empty
