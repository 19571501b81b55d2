"""Coupling constants and band edges: identities, and the full-vector solver beside them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import j1

from cavities.body_of_revolution import Layer
from cavities.cell_shape import Circle
from cavities.lattice import Lattice
from cavities.material import Material
from cavities.periodic_presets import hsu_slab
from cavities.periodic_stack import PeriodicStack
from solvers.coupled_wave import Coupling, beside_full_vector, coupling, refined_band_edges
from solvers.fourier_modal import solve_periodic
from tests.solvers.coupled_wave_cases import TRIANGLE, film, reference


@pytest.fixture(scope="module")
def crystal() -> Coupling:
    return coupling(reference())


def test_direct_coupling_is_the_closed_form(crystal: Coupling) -> None:
    """kappa = -k^2/(2 beta_0) eps(2 beta_0) Gamma, a circle's transform being 2 f J1(x)/x."""
    k, bragg = 2 * math.pi / crystal.wavelength, 2 * math.pi / 0.39
    x = 2 * bragg * 0.1365
    step = (1.9**2 - 2.0**2) * math.pi * 0.1365**2 / 0.39**2 * 2 * j1(x) / x
    wanted = -(k**2) / (2 * bragg) * step * crystal.confinement["slab"]
    assert crystal.matrix.direct[0, 1] == pytest.approx(wanted, rel=1e-12)
    assert crystal.matrix.direct[0, 2] == 0  # E along y and along x do not meet


def test_bragg_condition(crystal: Coupling) -> None:
    assert crystal.matrix.mode.beta == pytest.approx(2 * math.pi / 0.39, rel=1e-13)
    assert crystal.effective_index == pytest.approx(crystal.wavelength / 0.39, rel=1e-13)
    assert sum(crystal.confinement.values()) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("hole", [Circle(radius=0.1365), TRIANGLE], ids=["circle", "triangle"])
def test_without_absorption_all_loss_is_normal_emission(hole: Circle) -> None:
    """The anti-Hermitian part of C equals the flux of the emitted waves, entry by entry."""
    matrix = coupling(film(hole)).matrix
    emitted = matrix.radiation.sum(axis=0)
    assert np.abs(emitted - matrix.loss).max() < 1e-13 * np.abs(matrix.total).max()
    assert np.linalg.eigvalsh(emitted).min() > -1e-15


def test_reciprocity_of_a_shape_without_symmetry() -> None:
    """C_ij = C_-j,-i, also with absorption."""
    matrix = coupling(film(TRIANGLE, filling=1.9 + 0.02j)).matrix
    back = matrix.waves.reverse
    assert np.allclose(matrix.total.T[np.ix_(back, back)], matrix.total, rtol=0, atol=1e-14)


def test_origin_of_the_cell_does_not_matter() -> None:
    here, moved = coupling(film(TRIANGLE)), coupling(film(TRIANGLE).shifted(0.07, -0.11))
    for one, other in zip(here.band_edges, moved.band_edges, strict=True):
        assert one.wavelength == pytest.approx(other.wavelength, rel=1e-12)
        assert one.loss_per_cm == pytest.approx(other.loss_per_cm, rel=1e-7)


def test_cutting_a_layer_changes_nothing() -> None:
    """A layer as three slices: the responses of several patterned slices add up."""
    whole = film(TRIANGLE)
    slab = whole.layers[0]
    pieces = [slab.changed(thickness=t, slices=1) for t in (0.05, 0.08, 0.04)]
    cut = whole.changed(layers=(*pieces, whole.layers[1]))
    one, many = coupling(whole).matrix.total, coupling(cut).matrix.total
    assert np.abs(one - many).max() < 1e-11 * np.abs(one).max()


def test_sloped_walls_converge_with_the_slices() -> None:
    def at(slices: int) -> float:
        stack = film()
        tilted = stack.layers[0].changed(wall_angle_deg=100.0, slices=slices)
        edges = coupling(stack.changed(layers=(tilted, stack.layers[1]))).band_edges
        return edges[0].wavelength

    errors = [abs(at(slices) - at(24)) for slices in (2, 4, 8)]
    assert errors[0] > 3 * errors[1] > 9 * errors[2]


def test_reference_structure_beside_the_full_vector_solver(crystal: Coupling) -> None:
    """0.1 nm and 10 % of Q; names and representations are the same."""
    modes = solve_periodic(reference(), (0.68, 0.69))
    beside = beside_full_vector(crystal, modes)
    assert sorted(beside.modes) == ["A", "B", "C", "D"]
    assert max(abs(v) for v in beside.wavelength_differences_nm.values()) < 0.1
    assert beside.quality_ratios["C"] == pytest.approx(1.0, abs=0.05)
    for name, mode in beside.modes.items():
        assert beside.edges[name].symmetry == mode.symmetry
        dark = name in "AB"
        assert (beside.edges[name].quality_factor == math.inf) == dark
    assert "E" in beside.report()


def test_stronger_reference_structure_beside_the_full_vector_solver() -> None:
    """n = 2.02 against 1.46: second order misses 0.3 % in wavelength, 10 % in Q."""
    beside = beside_full_vector(coupling(hsu_slab()), solve_periodic(hsu_slab(), (0.565, 0.595)))
    differences = beside.wavelength_differences_nm
    assert abs(differences["A"]) < 0.3
    assert abs(differences["B"]) < 0.3
    assert abs(differences["C"]) < 1.6
    assert beside.quality_ratios["C"] == pytest.approx(1.0, abs=0.1)


def test_error_vanishes_with_the_square_of_the_contrast() -> None:
    """Second-order theory: what is left goes at least with the square of the contrast."""
    errors = []
    for step in (0.1, 0.05):
        stack = film(filling=2.0 - step)
        beside = beside_full_vector(coupling(stack), solve_periodic(stack, (0.68, 0.70)))
        errors.append(max(abs(v) for v in beside.wavelength_differences_nm.values()))
        ratio = beside.quality_ratios["C"]
    assert errors[1] < errors[0] / 3.5
    assert ratio == pytest.approx(1.0, abs=0.02)


def test_triangular_lattice_beside_the_full_vector_solver() -> None:
    """Six waves; by their order in wavelength."""
    stack = film(Circle(radius=0.12), lattice=Lattice.triangular(0.45))
    found = coupling(stack)
    assert len(found.matrix.waves.names) == 6
    edges = refined_band_edges(found)
    modes = [m for m in solve_periodic(stack, (0.68, 0.70)) if m.polarization == "TE"]
    modes.sort(key=lambda mode: -mode.wavelength)
    assert len(modes) == 6
    for edge, mode in zip(edges, modes, strict=True):
        assert edge.wavelength == pytest.approx(mode.wavelength, abs=1e-4)
        if mode.quality_factor < 1e9:
            assert edge.quality_factor == pytest.approx(mode.quality_factor, rel=0.05)
        else:
            assert edge.quality_factor == math.inf


def test_absorbing_film_beside_the_full_vector_solver() -> None:
    stack = film(filling=1.9 + 1e-3j, cover=1.9 + 1e-3j)
    beside = beside_full_vector(coupling(stack), solve_periodic(stack, (0.68, 0.69)))
    for name, ratio in beside.quality_ratios.items():
        assert ratio == pytest.approx(1.0, abs=0.02), name
        edge = beside.edges[name]
        parts = math.fsum(edge.losses_per_cm.values())
        assert parts == pytest.approx(edge.loss_per_cm)
        assert edge.losses_per_cm["absorption"] > 40


def test_dispersion_enters_the_group_index() -> None:
    """A window is needed where media have a range; the Bragg condition holds at its end."""
    glassy = Material.cauchy(1.98, 0.01, wavelength_range=(0.5, 0.9))
    stack = film(index=1.0).with_material("slab", glassy)
    found = coupling(stack, 0.69)
    flat = coupling(film(index=complex(glassy.index(found.wavelength)).real))
    assert found.wavelength == pytest.approx(flat.wavelength, rel=1e-12)
    assert found.group_index > flat.group_index + 0.01
    h = 1e-4
    ends = [coupling(stack, evaluate_at=found.wavelength * (1 + s * h)) for s in (-1, 1)]
    beta = [c.matrix.mode.beta.real for c in ends]
    k = [2 * math.pi / c.wavelength for c in ends]
    slope = (beta[1] - beta[0]) / (k[1] - k[0])
    assert found.group_index == pytest.approx(slope, rel=1e-6)


def test_given_band_edges_are_met(crystal: Coupling) -> None:
    wanted = {"A": 9.165 + 0j, "C": 9.14 - 3e-3j, "D": 9.14 - 3e-3j}
    moved = crystal.with_modes(wanted)
    for name, k in wanted.items():
        assert moved.band_edge(name).wavenumber == pytest.approx(k, abs=1e-10)
    kept = crystal.band_edge("B").wavenumber
    assert moved.band_edge("B").wavenumber == pytest.approx(kept, abs=1e-12)
    emitted = moved.matrix.radiation.sum(axis=0)
    assert np.abs(emitted - moved.matrix.loss).max() < 1e-12
    assert any("set to given wavenumbers" in note for note in moved.notes)


def test_high_contrast_is_said() -> None:
    air = film(filling=1.0)
    assert any("high contrast" in note for note in coupling(air).notes)
    assert "note: high contrast" in coupling(air).report()
    assert coupling(reference()).notes == ()


def test_wrong_input(crystal: Coupling) -> None:
    with pytest.raises(ValueError, match="square or triangular"):
        coupling(film(lattice=Lattice.rectangular(0.39, 0.42)))
    with pytest.raises(ValueError, match="must hold the Bragg wavelength"):
        coupling(reference(), (0.5, 0.6))
    with pytest.raises(ValueError, match="truncation"):
        coupling(reference(), truncation=1)
    with pytest.raises(ValueError, match="must guide"):
        coupling(reference().with_material("substrate", 3.4))
    with pytest.raises(TypeError, match="unit_cell"):
        coupling("slab")
    flat = PeriodicStack(
        lattice=Lattice.square(0.39), layers=(Layer(name="film", material=2.0, thickness=0.2),)
    )
    with pytest.raises(ValueError, match="patterned layer"):
        coupling(flat)
    with pytest.raises(ValueError, match="must be one of"):
        crystal.band_edge("F")
    with pytest.raises(ValueError, match="band edges A to D"):
        beside_full_vector(crystal, [])
