"""Finite areas: exact limits, power balance, far field."""

from __future__ import annotations

import math

import matplotlib as mpl
import numpy as np
import pytest
from scipy.linalg import expm
from scipy.optimize import fsolve

from solvers.coupled_wave import (
    Coupling,
    coupling,
    finite_spectrum,
    length_sweep,
    with_full_vector,
)
from solvers.coupled_wave.collocation import collocation
from solvers.coupled_wave.finite_area import legendre_tail
from solvers.coupled_wave.finite_losses import edge_loss
from solvers.coupled_wave.finite_operator import finite_operator
from solvers.fourier_modal import solve_periodic
from solvers.fourier_modal.media import Media
from tests.solvers.coupled_wave_cases import (
    TRIANGLE,
    film,
    gallium_arsenide,
    reference,
    square_waves,
)

mpl.use("Agg")


@pytest.fixture(scope="module")
def crystal() -> Coupling:
    return coupling(reference())


def test_collocation_integrates_by_parts_exactly() -> None:
    grid = collocation(11)
    flux = np.diag(grid.weights) @ grid.derivative
    ends = np.zeros((11, 11))
    ends[0, 0], ends[-1, -1] = -1, 1
    assert np.abs(flux + flux.T - ends).max() < 1e-13


@pytest.mark.parametrize("kappa_length", [1.0, 3.0])
def test_one_direction_is_the_distributed_feedback_laser(kappa_length: float) -> None:
    """R and S alone: roots of the transfer matrix of the two coupled waves."""
    coupled = np.zeros((4, 4), dtype=complex)
    for i, j in ((0, 1), (1, 0), (2, 3), (3, 2)):
        coupled[i, j] = kappa_length / 50.0
    operator = finite_operator(square_waves(), coupled, (50.0, 50.0), 16)
    values, _ = operator.eigenpairs()

    def leak(v: np.ndarray) -> list[float]:
        lam, kappa = complex(*v), kappa_length
        step = expm(np.array([[1j * lam, -1j * kappa], [1j * kappa, -1j * lam]]))
        return [step[1, 1].real, step[1, 1].imag]

    slow = values[np.abs(values.real) * 50 < kappa_length + 3]
    start = max(slow, key=lambda v: v.imag)
    exact = complex(*fsolve(leak, [start.real * 50, start.imag * 50], xtol=1e-13))
    assert exact.imag < -0.3
    assert np.abs(values * 50 - exact).min() < 1e-9


@pytest.mark.parametrize("hole", [None, TRIANGLE], ids=["circle", "triangle"])
def test_symmetry_classes_hold_the_whole_spectrum(hole: object) -> None:
    found = coupling(film(hole))  # type: ignore[arg-type]
    operator = finite_operator(found.matrix.waves, found.matrix.total, (80.0, 60.0), 7)
    split, fields = operator.eigenpairs()
    whole = np.linalg.eigvals(operator._matrix())
    assert len(split) == len(whole)
    gaps = np.abs(split[:, None] - whole)
    assert gaps.min(axis=0).max() < 1e-9
    assert gaps.min(axis=1).max() < 1e-9
    for value, field in list(zip(split, fields, strict=True))[::40]:
        residual = (operator.apply(field) - value * field).reshape(-1)[operator.kept]
        assert np.abs(residual).max() < 1e-9 * np.abs(field).max()


def test_losses_add_up_to_the_threshold(crystal: Coupling) -> None:
    """Edge and both faces from the fields, the sum from the eigenvalue."""
    for mode in finite_spectrum(crystal, 150):
        assert mode.alpha_per_cm == pytest.approx(-1e4 * mode.eigenvalue.imag, rel=1e-10)
        assert mode.losses_per_cm["diffraction"] == 0
        assert all(value > 0 for name, value in mode.losses_per_cm.items() if name != "diffraction")
        assert sum(mode.slope_parts.values()) == pytest.approx(1.0)


def test_losses_add_up_with_absorption_and_without_symmetry() -> None:
    found = coupling(film(TRIANGLE, filling=1.9 + 1e-3j))
    for mode in finite_spectrum(found, (150.0, 220.0), nodes=10, modes=6):
        offset = (mode.eigenvalue - found.matrix.detuning).imag
        assert mode.alpha_per_cm == pytest.approx(-1e4 * offset, rel=1e-9)
        assert mode.losses_per_cm["absorption"] > 2
        assert mode.losses_per_cm["edge"] == pytest.approx(
            1e4 * edge_loss(mode.operator, mode.amplitudes)
        )


@pytest.mark.parametrize(
    ("length", "alpha_l"), [(50, 1.471), (100, 0.778), (200, 0.323), (400, 0.113)]
)
def test_lowest_thresholds_of_the_reference_structure(
    crystal: Coupling, length: float, alpha_l: float
) -> None:
    """Numbers of an independent implementation (Chebyshev points, spectral elements in z)."""
    mode = finite_spectrum(crystal, length)[0]
    assert mode.alpha_l == pytest.approx(alpha_l, rel=0.01)
    assert mode.band_edge == "B"
    assert "B" in mode.fundamental


def test_quoted_structure_has_the_coupling_that_the_full_vector_solver_sees() -> None:
    """Band edges 17 nm apart: half the coupling, as alpha L of the table would need, has 9 nm."""
    order = ("active", "crystal", "spacer")
    stack = gallium_arsenide({"active": 0.0885, "crystal": 0.118, "spacer": 0.059}, order)
    edges = coupling(stack, 0.98)
    modes = {m.symmetry: m for m in solve_periodic(stack, (0.975, 1.005), accuracy="fast")
             if m.polarization == "TE"}  # fmt: skip
    ours = edges.band_edge("A").wavelength - edges.band_edge("C").wavelength
    exact = modes["A2"].wavelength - modes["E"].wavelength
    assert ours == pytest.approx(exact, rel=0.1)
    found = finite_spectrum(edges, 70)
    assert [round(found.of(n).alpha_l, 2) for n in "ABC"] == [0.10, 0.25, 4.55]


def test_large_areas_become_the_infinite_structure(crystal: Coupling) -> None:
    excess = []
    for length in (500.0, 1000.0, 2000.0):
        found = finite_spectrum(crystal, length)
        for name in "ABC":
            edge, mode = crystal.band_edge(name), found.of(name)
            assert mode.wavelength == pytest.approx(edge.wavelength, rel=20 / length**2)
        excess.append([found.of(n).alpha_per_cm - crystal.band_edge(n).loss_per_cm for n in "ABC"])
    ratio = np.array(excess[:-1]) / np.array(excess[1:])
    assert np.all(np.abs(excess[-1]) < [0.2, 0.2, 0.1])
    # of the bright mode the emission itself changes with the envelope, to either side
    assert np.all(ratio[:, :2] > 4)


def test_error_estimate_covers_the_change_on_a_finer_grid(crystal: Coupling) -> None:
    coarse, fine = (finite_spectrum(crystal, 200, nodes=n).of("B") for n in (8, 14))
    change = abs(coarse.alpha_per_cm - fine.alpha_per_cm)
    assert change > 1e-7
    assert 0.3 * change < coarse.loss_error_per_cm < 30 * change


def test_spectrum_is_the_same_for_the_turned_rectangle() -> None:
    found = coupling(reference())
    wide = finite_spectrum(found, (120.0, 180.0))
    tall = finite_spectrum(found, (180.0, 120.0))
    assert [m.alpha_l for m in wide][:6] == pytest.approx([m.alpha_l for m in tall][:6], rel=1e-8)
    assert any("many lobes" in note for note in wide.notes)
    assert wide.selectivity_per_cm == 0


def test_threshold_gain_brings_the_mode_to_the_axis(crystal: Coupling) -> None:
    """The gain put into cover and holes: what first order leaves is below 1 %."""
    mode = finite_spectrum(crystal, 300)[0]
    gain = mode.threshold_gain_per_cm / 1e4
    pumped = coupling(reference(), media=Media(gain={"gain": gain}))
    left = finite_spectrum(pumped, 300).of("B")
    assert abs(left.alpha_per_cm) < 0.01 * mode.alpha_per_cm
    assert 0.45 < mode.modal_gain_share < 0.55
    bare = finite_spectrum(crystal, 300, gain_region="nothing")
    assert math.isnan(bare[0].threshold_gain_per_cm)


def test_gain_share_agrees_with_the_full_vector_overlap(crystal: Coupling) -> None:
    """At large L: modal gain n_g/n times the energy confinement of the full-vector mode."""
    modes = {m.symmetry: m for m in solve_periodic(reference(), (0.68, 0.69))}
    found = finite_spectrum(crystal, 2000)
    for name, symmetry in {"A": "A2", "B": "B2", "C": "E"}.items():
        wanted = modes[symmetry].gain_overlap["gain"] * crystal.group_index / 1.9
        assert found.of(name).modal_gain_share == pytest.approx(wanted, rel=0.02), name


def test_band_edges_of_the_full_vector_solver_can_be_used(crystal: Coupling) -> None:
    modes = solve_periodic(reference(), (0.68, 0.69))
    exact = with_full_vector(crystal, modes)
    found = finite_spectrum(exact, 3000)
    wavelength = {m.symmetry: m.wavelength for m in modes}
    assert found.of("B").wavelength == pytest.approx(wavelength["B2"], abs=1e-5)
    assert found[0].alpha_per_cm == pytest.approx(-1e4 * found[0].eigenvalue.imag, rel=1e-8)


def test_unresolved_envelopes_are_left_out(crystal: Coupling) -> None:
    found = finite_spectrum(crystal, 100)
    assert found.unresolved > 100
    assert max(mode.unresolved for mode in found) < 1e-3
    operator = found[0].operator
    _, fields = operator.eigenpairs()
    assert legendre_tail(operator, fields).max() > 0.5


def test_triangular_lattice_has_finite_modes() -> None:
    from cavities.cell_shape import Circle
    from cavities.lattice import Lattice

    found = coupling(film(Circle(radius=0.12), lattice=Lattice.triangular(0.45)))
    spectrum = finite_spectrum(found, 200, nodes=9, modes=4)
    for mode in spectrum:
        assert mode.alpha_per_cm == pytest.approx(-1e4 * mode.eigenvalue.imag, rel=1e-9)


def test_far_field_of_a_dark_and_of_a_bright_mode(crystal: Coupling) -> None:
    found = finite_spectrum(crystal, 200)
    dark, bright = found.of("B").far_field(), found.of("C").far_field()
    assert dark.on_axis < 1e-12
    assert bright.on_axis > 0.9
    twice = finite_spectrum(crystal, 400).of("C").far_field(half_angle_deg=1.0)
    once = found.of("C").far_field(half_angle_deg=2.0)
    assert once.divergence_deg[0] == pytest.approx(2 * twice.divergence_deg[0], rel=0.3)
    turned = np.abs(dark.intensity - np.rot90(dark.intensity)).max()
    assert turned < 1e-8
    assert set(dark.to_dataset().data_vars) == {"intensity", "e_x", "e_y"}


def test_far_field_carries_the_emitted_power(crystal: Coupling) -> None:
    """Parseval: the sum over angles is the flux through the face."""
    mode = finite_spectrum(crystal, 100).of("C")
    far = mode.far_field(half_angle_deg=20.0, points=301)
    k = mode.wavenumber.real
    kx = k * np.sin(np.radians(far.angle_x_deg))
    spectral = np.abs(far.e_x) ** 2 + np.abs(far.e_y) ** 2
    area = mode.lengths[0] * mode.lengths[1] / 4
    total = np.trapezoid(np.trapezoid(spectral, kx, axis=1), kx) * area**2 / (2 * np.pi) ** 2
    wanted = 1e-4 * mode.losses_per_cm["radiation:superstrate"] * 2 * (2 * np.pi / 0.39) / k
    assert total == pytest.approx(wanted, rel=0.01)


def test_slope_efficiency_counts_photons(crystal: Coupling) -> None:
    mode = finite_spectrum(crystal, 200)[0]
    up = mode.losses_per_cm["radiation:superstrate"] / mode.alpha_per_cm
    assert mode.slope_efficiency(0.4) == pytest.approx(up * 0.4 / mode.wavelength)


def test_envelopes_of_many_lobes_tend_to_the_laser_on_a_line(crystal: Coupling) -> None:
    """More nodes resolve more lobes, with thresholds that fall towards the limit, never below."""
    limits = [finite_spectrum(crystal, 200, nodes=n) for n in (10, 16)]
    limit = limits[0].line_limit_per_cm
    many = [min(m.alpha_per_cm for m in found if not m.fundamental) - limit for found in limits]
    assert 0 < many[1] < 0.5 * many[0]
    # two waves alone: roots of the transfer matrix
    pair = crystal.matrix.total[:2, :2]

    def leak(v: np.ndarray) -> list[float]:
        step = expm(
            200 * 1j * np.array([[complex(*v) - pair[0, 0], -pair[0, 1]],
                                 [pair[1, 0], pair[1, 1] - complex(*v)]])
        )  # fmt: skip
        return [step[1, 1].real, step[1, 1].imag]

    found = fsolve(leak, [pair[0, 0].real - abs(pair[0, 1]) - 0.005, -1e-4 * limit], xtol=1e-13)
    other = fsolve(leak, [pair[0, 0].real + abs(pair[0, 1]) + 0.005, -1e-4 * limit], xtol=1e-13)
    assert min(-found[1], -other[1]) == pytest.approx(1e-4 * limit, rel=1e-8)


def test_selectivity_skips_the_degenerate_partner(crystal: Coupling) -> None:
    found = finite_spectrum(crystal, 200)
    others = [m.alpha_per_cm for m in found if m.alpha_per_cm > found[0].alpha_per_cm * 1.001]
    margin = min([*others, found.line_limit_per_cm]) - found[0].alpha_per_cm
    assert found.selectivity_per_cm == pytest.approx(margin)


def test_sweep_tables_and_pictures(crystal: Coupling) -> None:
    from matplotlib import pyplot as plt

    sweep = length_sweep(crystal, [100, 300])
    assert np.all(np.diff(sweep.lowest_alpha_l) < 0)
    assert sweep.alpha_per_cm("B")[1] < sweep.alpha_per_cm("B")[0]
    found = sweep.spectra[0]
    table = found.to_dataframe()
    assert {"band_edge", "alpha_l", "edge_per_cm", "threshold_gain_per_cm"} <= set(table.columns)
    assert "margin to the next mode" in found.report()
    assert found[0].to_dataset(21)["amplitude"].dims == ("wave", "x", "y")
    for picture in (sweep, found, found[0], found[0].far_field(points=41), crystal):
        ax = picture.plot()
        assert ax.get_xlabel()
        assert ax.get_ylabel()
    plt.close("all")


def test_wrong_input(crystal: Coupling) -> None:
    for wrong in (0.0, 2.0, (100.0, 50.0, 20.0)):
        with pytest.raises(ValueError, match="length"):
            finite_spectrum(crystal, wrong)  # type: ignore[arg-type]
    found = finite_spectrum(crystal, 100, nodes=8)
    with pytest.raises(ValueError, match="must be one of"):
        found.of("X")
    with pytest.raises(ValueError, match="side"):
        found[0].far_field("left")
    with pytest.raises(ValueError, match="area ends there"):
        found[0].envelope(60.0, 0.0)
