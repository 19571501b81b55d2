"""Small finite arrays in FDTD: requests, one pillar against finite elements, growth with cells."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from cavities import Lattice, Microdisk
from cavities.cell_shape import Circle
from cavities.periodic_stack import Inclusion, PatternedLayer, PeriodicStack
from solvers import solve_modes
from solvers.engines.errors import JobTooLarge
from solvers.engines.run_worker import RunOptions
from solvers.fdtd import FdtdSettings, solve_finite_array
from solvers.fdtd.finite_array import FiniteArrayField, FiniteArrayRequest
from solvers.fdtd.periodic_classes import symmetry_classes

CENTRE = (0.0, 0.0)


def pillars(
    radius: float, height: float, index: float, lattice: Lattice, *, center: Any = CENTRE
) -> PeriodicStack:
    pillar = Inclusion(shape=Circle(center=center, radius=radius), material=index, name="pillar")
    layer = PatternedLayer(name="gap", material=1.0, thickness=height, inclusions=(pillar,))
    return PeriodicStack(lattice=lattice, substrate=1.0, layers=(layer,), superstrate=1.0)


SMALL = pillars(0.13, 0.24, 3.5, Lattice.square(0.36), center=(0.1, 0.05))


def request_for(columns: int, rows: int) -> FiniteArrayRequest:
    array = SMALL.isolated(columns, rows, 0.3)
    _, _, classes = symmetry_classes(array, np.zeros(2), CENTRE)
    return FiniteArrayRequest(
        stack=array,
        wavelength=(0.7, 0.76),
        settings=FdtdSettings(resolutions=(8 / 0.36, 12 / 0.36)),
        bloch=np.zeros(2),
        centre=CENTRE,
        one=classes[0],
        dark=False,
        alone=False,
        cell=SMALL,
        extent_um=(columns * 0.36, rows * 0.36),
    )


def test_request_has_every_cell_and_absorbers_on_all_sides() -> None:
    request = request_for(3, 2)
    for repeat in (False, True):
        job = request.job(12 / 0.36, repeat=repeat).request
        assert [layer["axis"] for layer in job["pml"]] == ["X", "Y", "Z"]
        assert job["bloch"] is None
        assert not job["complex_fields"]
        pixels = (np.array(job["high"]) - job["low"]) * 12 / 0.36
        assert_allclose(pixels, 2 * np.round(pixels / 2), atol=1e-6)
        centres = [one["center"][:2] for one in job["shapes"] if one["kind"] == "cylinder"]
        expected = [[x, y] for x in (-0.36, 0.0, 0.36) for y in (-0.18, 0.18)]
        assert_allclose(sorted(centres), expected, atol=1e-12)
        wall = job["high"][0] - job["pml"][0]["thickness"]
        assert wall >= 1.5 * 0.36 + 0.3 - 1e-9


def test_symmetry_is_that_of_the_array() -> None:
    """Two by two: four-fold about the middle between the pillars; three by two: two-fold."""
    for columns, rows, name in ((2, 2, "C4v"), (3, 3, "C4v"), (3, 2, "C2v")):
        array = SMALL.isolated(columns, rows, 0.3)
        centre, group, classes = symmetry_classes(array, np.zeros(2), CENTRE)
        assert centre == CENTRE
        assert group.name == name
        assert all(len(one.mirrors) == 3 for one in classes)


def test_flux_through_the_sides_of_a_known_wave() -> None:
    """Waves that leave along +x and -x with E_z: each carries |E|^2/2 per area."""
    axis, z = np.linspace(-0.5, 0.5, 21), np.linspace(-0.3, 0.6, 31)
    values = np.zeros((6, 21, 21, 31), dtype=np.complex64)
    values[2] = 1.0
    values[4] = -np.sign(axis)[:, None, None]  # H_y = -E_z for +x
    field = FiniteArrayField(
        stack=SMALL.isolated(1, 1, 0.3),
        x=axis,
        y=axis,
        z=z,
        values=values,
        wavelength=0.7,
        bloch=CENTRE,
    )
    below, above = field.faces()
    area = (above - below - 1) * 0.03 * 21 * 0.05
    assert field.side_flux()["radiation:sides"] == pytest.approx(area, rel=1e-6)
    outside = field(np.array([0.0, 0.9]), np.array([0.1, 0.1]))["E_z"]
    assert np.isnan(outside).tolist() == [False, True]


@pytest.mark.parametrize("cells", [(0, 1), (2,), (1.5, 2), "33", 3, (True, 1)])
def test_bad_cells_are_refused(cells: Any) -> None:
    with pytest.raises(ValueError, match=r"cells: must be two whole numbers >= 1.*got"):
        solve_finite_array(SMALL, (0.7, 0.76), cells=cells)


def test_what_cannot_be_an_array_is_refused() -> None:
    window = (0.7, 0.76)
    with pytest.raises(ValueError, match=r"cells: must be at most 400 in all, got 1000 x 1000"):
        solve_finite_array(SMALL, window, cells=(1000, 1000))
    triangular = SMALL.changed(lattice=Lattice.triangular(0.36))
    with pytest.raises(ValueError, match="lattice: must be square or rectangular"):
        solve_finite_array(triangular, window, cells=(2, 2))
    with pytest.raises(ValueError, match="cavity: must not amplify"):
        solve_finite_array(SMALL.with_material("pillar", 3.5 - 0.01j), window, cells=(2, 2))
    with pytest.raises(ValueError, match="margin: must be > 0 um"):
        solve_finite_array(SMALL, window, cells=(2, 2), margin=-0.1)
    with pytest.raises(ValueError, match="symmetry: must be among"):
        solve_finite_array(SMALL, window, cells=(3, 2), symmetry=["E"])


@pytest.mark.meep
def test_too_large_an_array_is_refused(engine: RunOptions) -> None:
    fine = FdtdSettings(resolutions=(400 / 0.36,))
    with pytest.raises(JobTooLarge):
        solve_finite_array(
            SMALL, (0.7, 0.76), cells=(4, 4), symmetry=["A1"], settings=fine, engine=engine
        )


@pytest.mark.meep
@pytest.mark.parametrize(
    ("parity", "window", "pixels"),
    [("odd", (0.78, 0.86), (12, 14, 18)), ("even", (0.70, 0.77), (14, 16, 20))],
)
def test_one_pillar_agrees_with_finite_elements(
    engine: RunOptions, parity: str, window: tuple[float, float], pixels: tuple[int, ...]
) -> None:
    """Order m = 4 of a cylinder, n = 3, both parities: 0.5 % and 10 %, and the reported errors.

    Of the orders in A2 (0 and 4) m = 0 has no mode of Q > 40 here: there is one mode in each class.
    """
    disk = Microdisk(radius=0.3, height=0.3, material=3.0, substrate=1.0)
    exact = solve_modes(disk, window, azimuthal_order=4, quality_factor_floor=40)
    found = solve_finite_array(
        pillars(0.3, 0.3, 3.0, Lattice.square(0.6)),
        window,
        cells=(1, 1),
        symmetry=["A2"],
        parity=parity,
        quality_factor_floor=40,
        settings=FdtdSettings(
            resolutions=tuple(count / 0.6 for count in pixels),
            quality_factor_goal=300,
            padding=0.4,
            pml_thickness=0.5,
            shortest_record=40,
        ),
        engine=engine,
    )
    assert len(exact) == 1
    assert [mode.symmetry for mode in found] == ["A2"]
    mode = found[0]
    assert mode.wavelength == pytest.approx(exact[0].wavelength, rel=5e-3)
    assert abs(mode.wavelength - exact[0].wavelength) < mode.wavelength_error < 0.02
    assert mode.quality_factor == pytest.approx(exact[0].quality_factor, rel=0.1)
    apart = abs(mode.quality_factor / exact[0].quality_factor - 1)
    assert apart < mode.quality_factor_error < 0.3
    assert math.fsum(1 / q for q in mode.quality_factors.values()) == pytest.approx(
        1 / mode.quality_factor
    )
    # of the one pillar much of the light leaves between the planes of its faces
    assert 0.1 < mode.quality_factor / mode.quality_factors["radiation:sides"] < 0.95
    # cos 4 phi has twice the peak density of the travelling wave
    assert mode.mode_volume == pytest.approx(exact[0].mode_volume / 2, rel=0.3)


@pytest.mark.meep
def test_quality_factor_grows_with_the_number_of_cells(engine: RunOptions) -> None:
    """The dark band-edge mode of vertical dipoles leaks through the edges only."""
    best = []
    for count in (2, 3):
        found = solve_finite_array(
            SMALL,
            (0.7, 0.78),
            cells=(count, count),
            symmetry=["A1"],
            parity="odd",
            quality_factor_floor=30,
            settings=FdtdSettings(
                resolutions=(8 / 0.36,),
                quality_factor_goal=400,
                padding=0.4,
                pml_thickness=0.5,
                shortest_record=60,
                fields=False,
                repeat=False,
            ),
            engine=engine,
        )
        best.append(max(mode.quality_factor for mode in found))
    assert best[1] > 2 * best[0] > 100
