"""Bands by MPB: its own documented crystals, exact limits, labels, group velocity, files."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from cavities import Lattice, Layer
from cavities.cell_shape import Polygon
from cavities.periodic_stack import Inclusion
from solvers.band_structure import (
    BandSettings,
    BandStructure,
    LayerCrystal,
    PlaneCrystal,
    solve_bands,
)
from solvers.engines.run_worker import RunOptions
from tests.solvers.engine_case import engine_options

pytestmark = pytest.mark.meep

SQUARE, TRIANGULAR = Lattice.square(1.0), Lattice.triangular(1.0)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> RunOptions:
    return engine_options(tmp_path_factory.mktemp("mpb"), mpb=True)


def rods(lattice: Lattice, epsilon: float = 12.0) -> PlaneCrystal:
    return PlaneCrystal.round(lattice, radius=0.2, inside=math.sqrt(epsilon))


@pytest.fixture(scope="module")
def square(engine: RunOptions) -> BandStructure:
    """MPB's tutorial: 32 x 32 points, eps 12, r 0.2 a."""
    return solve_bands(
        rods(SQUARE),
        polarization="TM",
        path=["Gamma", "X", "M", "Gamma"],
        points_between=4,
        fields=[("X", 1)],
        options=engine,
    )


def test_square_rods_of_11_56(engine: RunOptions) -> None:
    """Values of MPB's example mpb_sq_rods."""
    found = solve_bands(
        rods(SQUARE, 11.56),
        polarization="TM",
        path=["X", "M"],
        points_between=0,
        options=engine,
    )
    assert_allclose(found.frequency[0, :2], [0.245809, 0.420657], atol=1e-6)
    assert_allclose(found.frequency[1, :2], [0.285906, 0.502981], atol=1e-6)


def test_gap_of_the_square_tutorial(square: BandStructure) -> None:
    """Edges of MPB's own test suite; the tutorial page, of an older MPB, says 0.282623-0.419335."""
    gap = square.gaps()[0]
    assert (gap.below, gap.above) == (1, 2)
    assert_allclose([gap.low, gap.high], [0.28094795, 0.41711425], atol=2e-7)
    assert_allclose([gap.low, gap.high], [0.282623, 0.419335], rtol=6e-3)
    assert gap.relative_width == pytest.approx(0.3895, abs=1e-3)


def test_gap_of_the_triangular_tutorial(engine: RunOptions) -> None:
    """Edges of MPB's own test suite, at K and M; the tutorial page says 0.275066-0.446290."""
    found = solve_bands(
        rods(TRIANGULAR),
        polarization="TM",
        path=["M", "K"],
        points_between=0,
        options=engine,
    )
    gap = found.gaps()[0]
    assert_allclose([gap.low, gap.high], [0.27469023, 0.44533108], atol=2.5e-4)
    assert_allclose([gap.low, gap.high], [0.275066, 0.446290], rtol=3e-3)
    assert gap.relative_width == pytest.approx(0.4747, abs=2e-3)
    with pytest.raises(ValueError, match="must be one of"):
        found.band_edges("TM")


def test_quarter_wave_stack(engine: RunOptions) -> None:
    """Exact edges 2/9 and 4/9; MPB's documented 0.22245099 and 0.44347072 at 32 points."""
    layers = (
        Layer(name="high", material=3.0, thickness=0.25),
        Layer(name="low", material=1.0, thickness=0.75),
    )
    found = solve_bands(LayerCrystal(layers=layers), points_between=0, options=engine)
    assert_allclose(found.frequency[-1, :2], [0.22245099, 0.44347072], atol=1e-7)
    fine = solve_bands(
        LayerCrystal(layers=layers),
        points_between=0,
        settings=BandSettings(resolution=256, bands=2),
        options=engine,
    )
    assert_allclose(fine.frequency[-1], [2 / 9, 4 / 9], rtol=5e-5)


def test_point_defect(engine: RunOptions) -> None:
    """0.37730041 of MPB's own test suite; the tutorial page, of an older MPB, says 0.378166."""
    defect = rods(SQUARE).repeated(5, 5).without((0.0, 0.0))
    corner = math.pi / 5
    found = solve_bands(
        defect,
        polarization="TM",
        path=[(corner, corner)],
        period=1.0,
        settings=BandSettings(bands=25, resolution=16, symmetry=False, group_velocity=False),
        options=engine,
    )
    assert found.frequency[0, 24] == pytest.approx(0.37730041, abs=1e-6)
    assert found.frequency[0, 24] == pytest.approx(0.378166, rel=2.5e-3)
    assert found.frequency[0, 23] < 0.283


def test_uniform_medium_is_exact(engine: RunOptions) -> None:
    """Bands of a uniform medium are |k + G|/(2 pi n)."""
    found = solve_bands(
        PlaneCrystal(lattice=TRIANGULAR, material=1.5),
        path=[(1.0, 0.4)],
        settings=BandSettings(bands=6, resolution=8),
        options=engine,
    )
    orders = found.bloch[0] + np.array(
        [i * TRIANGULAR.reciprocal[0] + j * TRIANGULAR.reciprocal[1] for i in range(-2, 3)
         for j in range(-2, 3)]
    )  # fmt: skip
    exact = np.sort(np.hypot(*orders.T))[:3] / (2 * np.pi * 1.5)
    assert_allclose(found.frequency[0], np.repeat(exact, 2), rtol=1e-6)


def test_group_velocity_is_the_slope(engine: RunOptions) -> None:
    lattice = Lattice.rectangular(1.0, 0.8)
    step = 1e-3
    points = [(1.2, 0.7), (1.2 + step, 0.7), (1.2, 0.7 + step)]
    found = solve_bands(
        PlaneCrystal.round(lattice, radius=0.25, inside=3.0),
        polarization="TE",
        path=points,
        points_between=0,
        settings=BandSettings(bands=3, tolerance=1e-10),
        options=engine,
    )
    assert found.group_velocity is not None
    slope = (found.frequency[1:] - found.frequency[0]) * 2 * np.pi / (step * found.period)
    assert_allclose(found.group_velocity[0].T, slope, atol=2e-3)


def test_labels_and_square_band_edges(square: BandStructure) -> None:
    """E_z of the lowest moving bands at Gamma: s-like, p-like pair, d-like."""
    gamma = square.at("Gamma")
    assert square.point_groups[gamma] == "C4v"
    assert square.symmetry[gamma][:4] == (None, "A1", "E", "E")
    assert set(square.symmetry[1]) <= {"A'", "A''"}
    assert square.symmetry[square.at("X")][0] == "A1"
    edges = square.band_edges("TM")
    assert edges["C"].frequency == pytest.approx(edges["D"].frequency, rel=1e-4)
    assert edges["A"].frequency == pytest.approx(0.546027, abs=1e-6)
    with pytest.raises(ValueError, match="two dark bands"):
        square.band_edges("TE")


def test_polygon_in_an_oblique_cell_is_turned_rightly(engine: RunOptions) -> None:
    """A 48-gon of the circle's area gives the circle's bands, in a triangular lattice too."""
    turns = np.arange(48) * 2 * np.pi / 48
    radius = 0.2 * math.sqrt(2 * np.pi / 48 / math.sin(2 * np.pi / 48))
    points = tuple((radius * math.cos(t), radius * math.sin(t)) for t in turns)
    gon = PlaneCrystal(
        lattice=TRIANGULAR,
        inclusions=(Inclusion(shape=Polygon(points=points), material=math.sqrt(12)),),
    )
    chosen = BandSettings(bands=4, resolution=16, symmetry=False, group_velocity=False)
    both = [
        solve_bands(one, polarization="TM", path=["K"], settings=chosen, options=engine)
        for one in (gon, rods(TRIANGULAR))
    ]
    assert_allclose(both[0].frequency, both[1].frequency, rtol=1e-4)


def test_field_is_where_the_rod_is(square: BandStructure) -> None:
    field = square.field("X", 1)
    strength = np.abs(field["E_z"].to_numpy()) ** 2
    distance = np.hypot(field["x"].to_numpy(), field["y"].to_numpy())
    assert distance.flat[int(np.argmax(strength))] < 0.05
    assert float(np.abs(field["E_x"]).max()) == 0.0
    with pytest.raises(ValueError, match="must have been asked for"):
        square.field("M", 1)


def test_file_and_report(square: BandStructure, tmp_path: Path) -> None:
    square.save(tmp_path / "bands.nc")
    again = BandStructure.load(tmp_path / "bands.nc")
    assert_allclose(again.frequency, square.frequency, rtol=0)
    assert again.symmetry == square.symmetry
    assert again.corners == square.corners
    assert again.report() == square.report()
    assert "bands 1-2: 0.280948-0.417114" in square.report()
    (tmp_path / "other.nc").write_text("no")
    with pytest.raises(ValueError, match=r"BandStructure\.save"):
        BandStructure.load(tmp_path / "other.nc")


def test_plot_has_every_band(square: BandStructure) -> None:
    from matplotlib import pyplot as plt

    axes = square.plot()
    assert len(axes.lines) >= square.bands
    assert [label.get_text() for label in axes.get_xticklabels()] == ["Γ", "X", "M", "Γ"]
    plt.close(axes.get_figure())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("material", "message"),
    [(2.0 + 0.1j, "without loss"), (0.1 + 3j, "without loss"), ("SiO2", "wavelength")],
)
def test_media_that_mpb_cannot_represent_are_refused(material: complex | str, message: str) -> None:
    crystal = PlaneCrystal.round(SQUARE, radius=0.2, inside=material)
    with pytest.raises(ValueError, match=message):
        solve_bands(crystal)


def test_metals_are_refused_even_without_their_loss() -> None:
    crystal = PlaneCrystal.round(SQUARE, radius=0.2, inside=0.1 + 3j)
    with pytest.raises(ValueError, match="real part > 0"):
        solve_bands(crystal, settings=BandSettings(drop_losses=True))
