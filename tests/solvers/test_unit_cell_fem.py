"""The unit-cell finite elements: exact films, the Fourier modal solver, channels, refusals."""

import math

import pytest

from cavities import Lattice, PeriodicStack, PlanarStack, hsu_slab
from cavities.body_of_revolution import Layer
from cavities.material import MaterialInput, as_material
from solvers import solve_modes
from solvers.unit_cell_fem import UnitCellSettings, solve_unit_cell
from tests.solvers.periodic_cases import slab_in_glass

FAST = UnitCellSettings(order=4)


def _film(material: MaterialInput, lattice: Lattice) -> PeriodicStack:
    layer = Layer(name="film", material=as_material(material), thickness=0.2)
    return PeriodicStack(lattice=lattice, substrate=1.46, layers=(layer,), superstrate=1.0)


@pytest.mark.parametrize(
    ("material", "lattice"),
    [(2.1, Lattice.oblique(0.2, 0.19, 70.0)), ("SiNx_pecvd", Lattice.rectangular(0.2, 0.17))],
)
def test_a_uniform_film_has_the_modes_of_the_multilayer(
    material: MaterialInput, lattice: Lattice
) -> None:
    """Any cell of a film is a cell: phases that differ between the sides, and dispersion.

    One element across the cell at p = 5: 3e-5 in wavelength, and falling tenfold per order.
    """
    bloch, window = (13.0, 4.0), (0.70, 0.86)
    film = _film(material, lattice)
    planar = PlanarStack(substrate=1.46, layers=film.layers, superstrate=1.0)
    exact = solve_modes(planar, window, in_plane_wavenumber=math.hypot(*bloch))
    found = solve_unit_cell(film, window, bloch=bloch, settings=UnitCellSettings(order=5))
    assert [m.polarization for m in found] == [m.polarization for m in exact] == ["TM", "TE"]
    for mode, other in zip(found, exact, strict=True):
        assert mode.wavelength == pytest.approx(other.wavelength, rel=1e-4)
        assert abs(mode.wavelength - other.wavelength) < mode.wavelength_error
        # the tails in the absorbing layers are not counted
        assert mode.confinement["film"] == pytest.approx(other.confinement["film"], abs=5e-3)
        assert mode.quality_factor > 1e5


def test_slab_agrees_with_the_fourier_modal_solver() -> None:
    """Seven modes blind by either method: 0.04 nm and 2 % at p = 4 (0.03 nm measured)."""
    window = (0.565, 0.595)
    witness = solve_modes(hsu_slab(), window, method="unit-cell-fem", settings=FAST)
    modes = solve_modes(hsu_slab(), window, accuracy="reference")
    assert not witness.provenance["warnings"]
    assert [m.polarization for m in witness] == [m.polarization for m in modes]
    for mode, other in zip(witness, modes, strict=True):
        assert abs(mode.wavelength - other.wavelength) < 4e-5
        assert abs(mode.wavelength - other.wavelength) < mode.wavelength_error
        if other.quality_factor < 1e6:
            assert mode.quality_factor == pytest.approx(other.quality_factor, rel=0.02)
        else:
            assert mode.quality_factor > 1e5
        assert mode.gain_overlap["slab"] == pytest.approx(other.gain_overlap["slab"], abs=3e-3)
        assert mode.quality_factor_balance() < 1e-9
        assert mode.lattice_point == "Gamma"


def test_away_from_gamma_the_cell_is_periodic() -> None:
    """A complex phase along x, mirrors along y and z; k = (1, 0) rad/um."""
    bloch, window = (1.0, 0.0), (0.566, 0.576)
    witness = solve_unit_cell(slab_in_glass(), window, bloch=bloch, settings=FAST)
    modes = solve_modes(slab_in_glass(), window, bloch=bloch)
    assert [m.polarization for m in witness] == [m.polarization for m in modes] == ["TM", "TE"]
    for mode, other in zip(witness, modes, strict=True):
        assert mode.wavelength == pytest.approx(other.wavelength, abs=4e-5)
        assert mode.quality_factor == pytest.approx(other.quality_factor, rel=0.03)
        assert not mode.gain_overlap


def test_too_large_a_problem_is_refused_before_it_is_factorised() -> None:
    settings = UnitCellSettings(order=4, largest_unknowns=500)
    with pytest.raises(ValueError, match=r"largest_unknowns: must be at least \d+ .* got 500"):
        solve_unit_cell(hsu_slab(), (0.571, 0.574), settings=settings)


def test_settings_of_another_method_are_refused() -> None:
    with pytest.raises(TypeError, match="settings: must be PeriodicSettings"):
        solve_modes(hsu_slab(), (0.571, 0.574), settings=FAST)
