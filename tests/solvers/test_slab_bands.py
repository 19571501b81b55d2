"""Bands of slabs in supercells, and `method="bands"`, against the Fourier modal method."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from cavities import Lattice, Layer, NanopillarArray
from cavities.periodic_stack import PeriodicStack
from solvers import ModeSet, solve_modes
from solvers.band_structure import BandSettings, BandStructure, solve_bands
from solvers.band_structure.modes_of_bands import band_modes
from solvers.engines.run_worker import RunOptions
from solvers.fourier_modal import solve_periodic
from tests.solvers.engine_case import engine_options
from tests.solvers.periodic_cases import covered_slab, slab_in_glass

pytestmark = pytest.mark.meep
COARSE = BandSettings(resolution=12, padding=1.2, bands=16, mesh_size=7, group_velocity=False)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> RunOptions:
    return engine_options(tmp_path_factory.mktemp("mpb"), mpb=True)


@pytest.fixture(scope="module")
def even(engine: RunOptions) -> BandStructure:
    return solve_bands(
        slab_in_glass(),
        polarization="TE",
        path=["Gamma", "X"],
        points_between=0,
        settings=COARSE,
        options=engine,
    )


def test_band_edges_of_the_slab(even: BandStructure) -> None:
    """Dark edges 590.18 and 584.24 nm; the leaky pair at 572.33 nm mixes with waves outside."""
    edges = even.band_edges("TE")
    assert [edges[name].symmetry for name in "ABCD"] == ["A2", "B2", "E", "E"]
    assert edges["A"].wavelength == pytest.approx(0.59018, rel=3e-3)
    assert edges["B"].wavelength == pytest.approx(0.58424, rel=3e-3)
    split = edges["A"].wavelength - edges["B"].wavelength
    assert split == pytest.approx(0.00594, rel=0.1)
    assert edges["C"].wavelength == pytest.approx(0.57233, rel=1e-2)
    assert edges["A"].core_share > 0.7
    assert "Band edges at Gamma, TE" in even.report()


def test_light_cone_and_guided_bands(even: BandStructure) -> None:
    x = even.at("X")
    assert even.light_line[x] == pytest.approx(0.5 / 1.46)
    assert not even.guided[even.at("Gamma")].any()
    assert even.guided[x, :2].all()
    assert not even.guided[x, 4:].any()
    modes = solve_periodic(slab_in_glass(), (1.02, 1.15), bloch="X", accuracy="fast")
    lowest = {m.symmetry: m.wavelength for m in modes if m.polarization == "TE"}
    for band in (0, 1):
        exact = lowest[even.symmetry[x][band] or ""]
        assert even.wavelength[x, band] == pytest.approx(exact, rel=1e-2)


def test_slab_picture(even: BandStructure, tmp_path: Path) -> None:
    from matplotlib import pyplot as plt

    axes = even.plot()
    assert "even in z" in axes.get_title()
    plt.close(axes.get_figure())  # type: ignore[arg-type]
    even.save(tmp_path / "slab.nc")
    again = BandStructure.load(tmp_path / "slab.nc")
    assert np.array_equal(again.light_line, even.light_line)


def test_uniform_film_against_the_exact_guided_mode(engine: RunOptions) -> None:
    """A film of n = 2 in n = 1: its first TE mode from the dispersion relation."""
    period, thickness = 0.3, 0.3
    film = Layer(name="film", material=2.0, thickness=thickness)
    stack = PeriodicStack(
        lattice=Lattice.square(period), substrate=1.0, layers=(film,), superstrate=1.0
    )
    beta = 0.8 * math.pi / period

    def miss(k: float) -> float:
        inside, outside = math.sqrt(4 * k * k - beta**2), math.sqrt(beta**2 - k * k)
        return inside * math.tan(inside * thickness / 2) - outside

    from scipy.optimize import brentq

    exact = brentq(miss, 0.501 * beta, 0.75 * beta)
    found = solve_bands(
        stack,
        polarization="TE",
        path=[(beta, 0.0)],
        settings=BandSettings(bands=2, resolution=12, padding=1.5, mesh_size=7, symmetry=False),
        options=engine,
    )
    assert 2 * math.pi * found.frequency[0, 0] / period == pytest.approx(exact, rel=2e-3)


@pytest.fixture(scope="module")
def dark(engine: RunOptions) -> ModeSet:
    return solve_modes(
        covered_slab(),
        (0.683, 0.69),
        method="bands",
        settings=BandSettings(resolution=12, padding=1.0, bands=18),
        engine=engine,
    )


def test_dark_modes_are_those_of_the_fourier_modal_method(dark: ModeSet) -> None:
    reference = solve_periodic(covered_slab(), (0.68, 0.69), accuracy="fast")
    bound = {m.symmetry: m for m in reference if math.isinf(m.quality_factor)}
    found = {m.symmetry: m for m in dark}
    assert set(found) == set(bound) == {"A2", "B2"}
    for name, mode in found.items():
        assert mode.polarization == "TE"
        assert math.isinf(mode.quality_factor)
        assert abs(mode.wavelength - bound[name].wavelength) < mode.wavelength_error
        assert mode.wavelength_error < 5e-3 * mode.wavelength


def test_leaky_bands_are_counted_not_reported(dark: ModeSet) -> None:
    assert any("leaky bands" in text for text in dark.provenance["warnings"])


def test_a_window_of_too_many_bands_is_refused() -> None:
    array = NanopillarArray(lattice=Lattice.square(0.3), diameter=0.15, height=0.2, substrate=3.5)
    with pytest.raises(ValueError, match="at most 200 bands"):
        band_modes(array, (0.2, 0.3), settings=BandSettings(padding=3.0, drop_losses=True))


def test_parity_needs_a_mirror_plane() -> None:
    with pytest.raises(ValueError, match="mirror plane"):
        solve_bands(covered_slab(), polarization="TE")
