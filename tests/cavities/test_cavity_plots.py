"""Pictures: what is drawn, in which units, without touching global state."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib import rcParams
from matplotlib.figure import Figure

from cavities import (
    Exposure,
    Micropillar,
    ParabolicMicrodisk,
    Sphere,
    plot_dose_map,
    plot_profiles,
)
from cavities.plot_body import plot_body


def test_profiles_versus_absorber() -> None:
    shots = [Exposure(absorber_mg_per_ml=c) for c in (0, 10, 20, 40, 70)]
    axes = plot_profiles(shots)
    curves = [line for line in axes.get_lines() if "absorber" in str(line.get_label())]
    assert [str(line.get_label()) for line in curves] == [
        "0 mg/mL absorber",
        "10 mg/mL absorber",
        "20 mg/mL absorber",
        "40 mg/mL absorber",
        "70 mg/mL absorber (detached)",
    ]
    for line in curves:
        x = np.asarray(line.get_xdata())
        assert x.max() == pytest.approx(7.5, abs=1e-3)
        assert x.min() == pytest.approx(-x.max())
    assert axes.get_xlabel() == "r (um)"
    assert axes.get_ylabel() == "z (um)"


def test_profiles_into_given_axes() -> None:
    axes = Figure().subplots()
    assert plot_profiles(Exposure(), labels=["mine"], ax=axes) is axes
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["mine"]


def test_profiles_need_exposures_and_labels() -> None:
    with pytest.raises(ValueError, match="at least one exposure"):
        plot_profiles([])
    with pytest.raises(ValueError, match=r"as many as exposures \(1\), got 2"):
        plot_profiles(Exposure(), labels=["a", "b"])


@pytest.mark.parametrize("time_ms", [1.0, 50.0])
def test_dose_map(time_ms: float) -> None:
    axes = plot_dose_map(Exposure(time_ms=time_ms))
    figure = axes.get_figure()
    assert figure is not None
    bar = next(a for a in figure.get_axes() if a is not axes)
    assert bar.get_xlabel() == "dose / cross-linking dose"


def test_body_with_layers_and_coat() -> None:
    disk = ParabolicMicrodisk.from_exposure(Exposure(), coat_floor=True)
    axes = plot_body(disk)
    figure = axes.get_figure()
    assert isinstance(figure, Figure)
    texts = {text.get_text() for text in figure.legends[0].get_texts()}
    assert texts == {
        "substrate (glass)",
        "adhesion (Ti)",
        "reflector (Au)",
        "gain (nanocrystal_film)",
        "resist (SU8)",
        "superstrate (air)",
    }
    assert axes.get_xlim()[0] == 0


def test_mirror_materials_differ_in_shade() -> None:
    axes = plot_body(Micropillar(design_wavelength=0.64, radius=1.5), ax=Figure().subplots())
    colors = {}
    for patch in axes.patches:
        colors[str(patch.get_label())] = patch.get_facecolor()
    assert colors["top_mirror (TiO2)"] != colors["top_mirror (SiO2)"]


def test_body_window() -> None:
    axes = plot_body(Sphere(radius=2.0, material=1.5), box=(0.0, 1.0, -0.5, 0.5))
    assert axes.get_xlim() == (0.0, 1.0)
    assert axes.get_ylim() == (-0.5, 0.5)


def test_no_global_style_is_changed() -> None:
    before = dict(rcParams)
    plot_body(Sphere(radius=2.0, material=1.5))
    plot_dose_map(Exposure())
    assert dict(rcParams) == before
