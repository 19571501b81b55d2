"""All modes of a window, blind: reference structures, degeneracy, dark modes, invariances."""

import math

import numpy as np
import pytest

from cavities.lattice import Lattice
from solvers import ModeSet, solve_modes
from solvers.fourier_modal import PeriodicSettings, band_edges, solve_periodic
from tests.solvers.periodic_cases import covered_slab, slab_in_glass

WINDOW = (0.54, 0.6)


@pytest.fixture(scope="module")
def slab_modes() -> ModeSet:
    return solve_modes(slab_in_glass(), WINDOW)


def wavelengths_nm(modes: ModeSet) -> list[float]:
    return [1e3 * mode.wavelength for mode in modes]


def test_eight_band_edge_modes_in_one_call(slab_modes: ModeSet) -> None:
    """Converged values of independent prototypes (RCWA, FEM within 0.1 nm): see the docs."""
    labels = [(mode.polarization, mode.symmetry) for mode in slab_modes]
    assert labels == [
        *(("TM", "A1"), ("TM", "E"), ("TM", "E"), ("TE", "E"), ("TE", "E")),
        *(("TM", "B1"), ("TE", "B2"), ("TE", "A2")),
    ]
    expected = [543.31, 566.716, 566.716, 572.33, 572.33, 575.17, 584.24, 590.18]
    np.testing.assert_allclose(wavelengths_nm(slab_modes), expected, atol=0.04)
    te_pair = slab_modes[3]
    assert te_pair.wavelength == pytest.approx(0.57233, abs=2e-5)
    assert te_pair.quality_factor == pytest.approx(249.4, rel=5e-3)
    assert slab_modes[1].quality_factor == pytest.approx(1671, rel=5e-3)


def test_covered_slab() -> None:
    """Structure A1: 687.048/2405, 654.789/3.89e4, dark 685.816 and 685.181 nm."""
    modes = solve_modes(covered_slab(), (0.65, 0.69))
    te = band_edges(modes, "TE")
    assert list(te) == ["C", "D", "A", "B"]
    assert te["C"].wavelength == pytest.approx(0.687048, abs=2e-5)
    assert te["C"].quality_factor == pytest.approx(2405, rel=5e-3)
    assert te["A"].wavelength == pytest.approx(0.685816, abs=2e-5)
    assert te["B"].wavelength == pytest.approx(0.685181, abs=2e-5)
    pair = band_edges(modes, "TM")["C"]
    assert pair.wavelength == pytest.approx(0.654789, abs=2e-5)
    assert pair.quality_factor == pytest.approx(3.89e4, rel=1e-2)


def test_dark_modes_and_pairs(slab_modes: ModeSet) -> None:
    for mode in slab_modes:
        if mode.symmetry == "E":
            partner = [m for m in slab_modes if m.wavenumber == mode.wavenumber]
            assert len(partner) == 2
        else:
            assert mode.quality_factor > 1e10
        assert mode.residual < 1e-6
        if mode.quality_factor < 1e10:
            assert mode.quality_factor_balance() < 1e-6


def test_symmetry_changes_nothing_but_the_labels() -> None:
    settings = PeriodicSettings(orders=49, search_orders=25)
    with_it = solve_modes(slab_in_glass(), WINDOW, settings=settings)
    without = solve_modes(slab_in_glass(), WINDOW, settings=settings.changed(use_symmetry=False))
    assert len(with_it) == len(without) == 8
    for one, other in zip(with_it, without, strict=True):
        assert other.symmetry is None
        assert other.wavelength == pytest.approx(one.wavelength, rel=1e-9)
        assert other.polarization == one.polarization
        if one.symmetry == "E":
            assert other.quality_factor == pytest.approx(one.quality_factor, rel=1e-6)
        else:
            assert other.quality_factor > 1e10
    pair = [mode for mode in without if mode.wavelength == pytest.approx(0.5723, abs=3e-4)]
    assert abs(pair[0].wavelength / pair[1].wavelength - 1) < 1e-6


def test_origin_of_the_cell_does_not_matter(slab_modes: ModeSet) -> None:
    shifted = solve_modes(slab_in_glass().shifted(0.071, -0.113), WINDOW)
    assert [m.symmetry for m in shifted] == [m.symmetry for m in slab_modes]
    np.testing.assert_allclose(wavelengths_nm(shifted), wavelengths_nm(slab_modes), rtol=1e-10)


def test_doubled_cell_folds_the_bands() -> None:
    """Gamma of the doubled cell holds the modes of Gamma and of the middle of the zone's edge."""
    settings = PeriodicSettings(orders=49, search_orders=25)
    window, edge = (0.50, 0.575), math.pi / 0.336
    slab = slab_in_glass()
    single = [
        *solve_periodic(slab, window, settings=settings, quality_factor_floor=30),
        *solve_periodic(
            slab, window, bloch=(edge, 0.0), settings=settings, quality_factor_floor=30
        ),
    ]
    folded = solve_periodic(
        slab.repeated(2, 1),
        window,
        settings=PeriodicSettings(orders=101, search_orders=49),
        quality_factor_floor=30,
    )
    assert len(folded) == len(single) == 12
    single.sort(key=lambda mode: mode.wavelength)
    for mode, one in zip(folded, single, strict=True):
        assert mode.wavelength == pytest.approx(one.wavelength, rel=1e-7)
        if one.quality_factor < 1e10:
            assert mode.quality_factor == pytest.approx(one.quality_factor, rel=1e-4)


def test_error_estimates_cover_the_distance_to_convergence(slab_modes: ModeSet) -> None:
    best = solve_modes(
        slab_in_glass(), WINDOW, settings=PeriodicSettings(orders=349, search_orders=121)
    )
    coarse = solve_modes(slab_in_glass(), WINDOW, accuracy="fast")
    for modes in (coarse, slab_modes):
        for mode, exact in zip(modes, best, strict=True):
            assert abs(mode.wavelength - exact.wavelength) < mode.wavelength_error
            if exact.quality_factor < 1e10:
                error = abs(mode.quality_factor / exact.quality_factor - 1)
                assert error < mode.quality_factor_error


def test_uniform_film_has_the_modes_of_planar_optics() -> None:
    from cavities.body_of_revolution import Layer
    from cavities.periodic_stack import PeriodicStack
    from cavities.planar_stack import PlanarStack

    film = (Layer(name="film", material=3.5, thickness=1.0),)
    planar = solve_modes(PlanarStack(substrate=1.0, superstrate=1.0, layers=film), (0.95, 1.05),
                         quality_factor_floor=5)  # fmt: skip
    periodic = solve_modes(
        PeriodicStack(lattice=Lattice.square(0.2), substrate=1.0, superstrate=1.0, layers=film),
        (0.95, 1.05),
        quality_factor_floor=5,
    )
    ours = {round(mode.wavelength, 9): mode for mode in periodic if mode.symmetry == "E"}
    for mode in planar:
        twin = ours[round(mode.wavelength, 9)]
        assert twin.quality_factor == pytest.approx(mode.quality_factor, rel=1e-9)
        for name, value in mode.quality_factors.items():
            assert twin.quality_factors[name] == pytest.approx(value, rel=1e-8)
