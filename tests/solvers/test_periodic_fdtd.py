"""Unit cells in FDTD: symmetry classes and requests, and reduced cases against Fourier modes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from cavities import Lattice, NanopillarArray, PlanarFilm
from cavities.cell_shape import Circle
from cavities.periodic_stack import Inclusion, PatternedLayer, PeriodicStack
from solvers.engines.run_worker import RunOptions
from solvers.fdtd.periodic import solve_periodic_fdtd
from solvers.fdtd.periodic_classes import symmetry_classes
from solvers.fdtd.periodic_fields import regions_at
from solvers.fdtd.periodic_request import PeriodicRequest
from solvers.fdtd.settings import FdtdSettings
from solvers.fourier_modal import solve_periodic
from tests.solvers.engine_case import engine_options
from tests.solvers.periodic_cases import covered_slab, slab_in_glass

GAMMA = np.zeros(2)


def request_for(
    stack: PeriodicStack, irrep: str, parity: str = "even", bloch: np.ndarray = GAMMA
) -> PeriodicRequest:
    centre, _, classes = symmetry_classes(stack, bloch)
    signs = (-1,) if parity == "odd" else (0, 1)
    return PeriodicRequest(
        stack=stack,
        wavelength=(0.57, 0.6),
        settings=FdtdSettings(resolutions=(30.0, 45.0)),
        bloch=bloch,
        centre=centre,
        one=next(one for one in classes if one.irrep == irrep and one.parity_z in signs),
        dark=False,
        alone=len(classes) == 1,
    )


def shifted_hole() -> PeriodicStack:
    hole = Inclusion(shape=Circle(center=(0.1, 0.05), radius=0.08), material=1.46, name="hole")
    slab = PatternedLayer(name="slab", material=2.02, thickness=0.18, inclusions=(hole,))
    return PeriodicStack(
        lattice=Lattice.square(0.336), substrate=1.46, layers=(slab,), superstrate=1.0
    )


def test_classes_of_a_mirrored_square_slab() -> None:
    _, group, classes = symmetry_classes(slab_in_glass(), GAMMA)
    assert group.name == "C4v"
    assert [(one.irrep, one.parity_z) for one in classes[:2]] == [("A1", 1), ("A1", -1)]
    assert len(classes) == 10
    pair = next(one for one in classes if one.irrep == "E")
    assert pair.partners == ("E", "E")
    assert dict(pair.mirrors) == {"X": -1, "Y": 1, "Z": 1}
    assert {phase for axis, phase in classes[2].mirrors if axis != "Z"} == {-1}  # A2


def test_classes_at_the_zone_edge_keep_the_mirror_along_k() -> None:
    stack = covered_slab()
    _, group, classes = symmetry_classes(stack, np.array(stack.lattice.point("X")))
    assert group.name == "C2v"
    assert all([axis for axis, _ in one.mirrors] == ["Y"] for one in classes)


def test_cell_is_a_whole_even_number_of_pixels() -> None:
    request = request_for(slab_in_glass(), "A2")
    for resolution in request.resolutions():
        pixels = resolution * 0.336
        assert pixels == pytest.approx(2 * round(pixels / 2))
        job = request.job(resolution).request
        counts = [(b - a) * resolution for a, b in zip(job["low"], job["high"], strict=True)]
        assert_allclose(counts, 2 * np.round(np.array(counts) / 2), atol=1e-6)
        assert (job["low"][2] + job["high"][2]) / 2 == pytest.approx(0.09)


@pytest.mark.parametrize("irrep", ["A1", "A2", "B1", "B2"])
@pytest.mark.parametrize("parity", ["even", "odd"])
def test_sources_have_the_symmetry_of_their_class(irrep: str, parity: str) -> None:
    """The set of currents, turned or mirrored, is itself times the character.

    Meep's mirrors demand it: sources without their image in z excited states that are no modes.
    """
    request = request_for(slab_in_glass(), irrep, parity)
    sources = request.job(30.0).request["sources"]
    currents = {
        (s["component"], *(round(value, 9) for value in s["point"])): s["amplitude"][0]
        for s in sources
    }
    assert len(currents) == len(sources)
    names = ("Ex", "Ey", "Ez")
    for operation, character in zip(request.one.operations, request.one.characters, strict=True):
        for (name, x, y, z), value in currents.items():
            vector = np.zeros(3)
            vector[names.index(name)] = value
            vector[:2] = operation @ vector[:2]
            place = operation @ [x, y]
            along = int(np.argmax(np.abs(vector)))
            image = currents[(names[along], round(place[0], 9), round(place[1], 9), z)]
            assert vector[along] == pytest.approx(image * character.real)
    for (name, x, y, z), value in currents.items():
        expected = value if (name == "Ez") == (parity == "odd") else -value
        assert currents[(name, x, y, round(0.18 - z, 9))] == pytest.approx(expected)


def test_shapes_cover_the_cell_about_the_centre_of_symmetry() -> None:
    """The hole is moved to the origin, and the substrate ends with the cell (Meep repeats it)."""
    job = request_for(shifted_hole(), "A2").job(30.0).request
    cylinders = [one for one in job["shapes"] if one["kind"] == "cylinder"]
    assert_allclose(cylinders[0]["center"], [0, 0, 0.09], atol=1e-12)
    assert job["shapes"][0]["low"][2] == job["low"][2]
    assert job["media"][job["background"]]["epsilon"] == 1.0


def test_regions_of_points() -> None:
    found = regions_at(
        shifted_hole(),
        np.array([0.1, 0.0, 0.1 + 0.336, 0.0, 0.0]),
        np.array([0.05, 0.2, 0.05, 0.0, 0.0]),
        np.array([0.1, 0.1, 0.1, -0.1, 0.3]),
    )
    assert found.tolist() == [3, 2, 3, 0, 1]


def test_what_cannot_be_represented_is_refused() -> None:
    triangular = slab_in_glass().changed(lattice=Lattice.triangular(0.336))
    with pytest.raises(ValueError, match="square or rectangular"):
        solve_periodic_fdtd(triangular, wavelength=(0.57, 0.6))
    with pytest.raises(ValueError, match="symmetry: must be among"):
        solve_periodic_fdtd(slab_in_glass(), wavelength=(0.57, 0.6), symmetry=["B3"])
    with pytest.raises(ValueError, match="parity: must be"):
        solve_periodic_fdtd(covered_slab(), wavelength=(0.57, 0.6), parity="even")
    with pytest.raises(ValueError, match="amplify"):
        solve_periodic_fdtd(
            slab_in_glass().with_material("slab", 2.0 - 0.01j), wavelength=(0.57, 0.6)
        )


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> RunOptions:
    return engine_options(tmp_path_factory.mktemp("meep"))


@pytest.mark.meep
def test_leaky_pair_of_the_reduced_crystal(engine: RunOptions) -> None:
    """10 and 14 pixels per period, extrapolated: within 0.2 % in wavelength and 5 % in Q."""
    stack = slab_in_glass()
    found = solve_periodic_fdtd(
        stack,
        wavelength=(0.565, 0.58),
        symmetry=["E"],
        parity="even",
        settings=FdtdSettings(resolutions=(10 / 0.336, 14 / 0.336)),
        options=engine,
    )
    exact = solve_periodic(stack, (0.57, 0.575), accuracy="fast")[0]
    assert [mode.symmetry for mode in found] == ["E", "E"]
    mode = found[0]
    assert mode.polarization == "TE"
    assert mode.wavelength == pytest.approx(exact.wavelength, rel=2e-3)
    assert abs(mode.wavelength - exact.wavelength) < mode.wavelength_error
    assert mode.quality_factor == pytest.approx(exact.quality_factor, rel=0.05)
    halves = [mode.quality_factors[f"radiation:{side}"] for side in ("substrate", "superstrate")]
    assert_allclose(halves, 2 * mode.quality_factor, rtol=1e-3)
    inside = mode.confinement["slab"] / mode.confinement["hole"]
    assert inside == pytest.approx(exact.confinement["slab"] / exact.confinement["hole"], rel=0.1)


@pytest.mark.meep
def test_dark_mode_of_the_reduced_crystal(engine: RunOptions) -> None:
    """Without any damping; the other dark mode, 6 nm away, is in another class."""
    stack = slab_in_glass()
    found = solve_periodic_fdtd(
        stack,
        wavelength=(0.58, 0.6),
        symmetry=["A2"],
        parity="even",
        settings=FdtdSettings(
            resolutions=(8 / 0.336, 12 / 0.336), fields=False, repeat=False, shortest_record=60
        ),
        options=engine,
    )
    assert len(found) == 1
    assert math.isinf(found[0].quality_factor)
    assert found[0].wavelength == pytest.approx(0.59018, rel=2e-3)


@pytest.mark.meep
def test_reduced_nanopillars(engine: RunOptions) -> None:
    """12 and 20 pixels per period, extrapolated: within 0.2 % in wavelength and 5 % in Q."""
    array = NanopillarArray(
        lattice=Lattice.square(0.36),
        diameter=0.18,
        height=0.18,
        residual_thickness=0.12,
        pillar_material=1.46,
        substrate=2.6,
        film=PlanarFilm(material=1.95, overcoat=0.12),
    )
    found = solve_periodic_fdtd(
        array,
        wavelength=(0.62, 0.65),
        symmetry=["A2"],
        settings=FdtdSettings(
            resolutions=(12 / 0.36, 20 / 0.36), fields=False, repeat=False, shortest_record=60
        ),
        options=engine,
    )
    exact = next(
        m for m in solve_periodic(array, (0.63, 0.645), accuracy="fast") if m.symmetry == "A2"
    )
    assert [mode.symmetry for mode in found] == ["A2"]
    assert found[0].wavelength == pytest.approx(exact.wavelength, rel=2e-3)
    assert found[0].quality_factor == pytest.approx(exact.quality_factor, rel=0.05)
