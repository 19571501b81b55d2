"""Guided-mode expansion (legume): the slabs it is good for, and what it has to refuse."""

import math

import pytest

from cavities import (
    Circle,
    Inclusion,
    Lattice,
    PatternedLayer,
    PeriodicStack,
    PlanarStack,
    Polygon,
    hsu_slab,
    infilled_slab,
    nanopillar_quantum_shells,
)
from cavities.body_of_revolution import Layer
from cavities.material import Material, as_material
from solvers import solve_modes
from solvers.guided_modes import GuidedModeSettings, solve_guided_modes


def test_filled_slab_agrees_with_the_fourier_modal_solver() -> None:
    """The method is an approximation: 0.1 nm, 10 % in Q and the right split of it."""
    window = (0.65, 0.69)
    found = solve_modes(infilled_slab(), window, method="guided-mode-expansion")
    exact = solve_modes(infilled_slab(), window)
    assert len(found) == len(exact) == 8
    for mode, other in zip(found, exact, strict=True):
        assert mode.polarization == other.polarization
        assert mode.wavelength == pytest.approx(other.wavelength, abs=1e-4)
        if other.quality_factor > 1e10:
            assert mode.quality_factor > 1e8
            continue
        assert mode.quality_factor == pytest.approx(other.quality_factor, rel=0.1)
        for channel, value in other.quality_factors.items():
            assert mode.quality_factors[channel] == pytest.approx(value, rel=0.15)
        assert mode.quality_factor_balance() < 1e-9


def test_a_uniform_film_is_exact() -> None:
    """Without a pattern the basis is the answer: to the tolerance of its root search."""
    bloch, window = (13.0, 4.0), (0.70, 0.86)
    layer = Layer(name="film", material=as_material(2.1), thickness=0.2)
    lattice = Lattice.oblique(0.2, 0.19, 70.0)
    film = PeriodicStack(lattice=lattice, substrate=1.46, layers=(layer,), superstrate=1.0)
    planar = PlanarStack(substrate=1.46, layers=(layer,), superstrate=1.0)
    exact = solve_modes(planar, window, in_plane_wavenumber=math.hypot(*bloch))
    found = solve_guided_modes(film, window, bloch=bloch, settings=GuidedModeSettings())
    assert [m.polarization for m in found] == [m.polarization for m in exact] == ["TM", "TE"]
    for mode, other in zip(found, exact, strict=True):
        assert mode.wavelength == pytest.approx(other.wavelength, rel=1e-6)
        assert mode.quality_factor == math.inf


def test_nested_shapes_and_polygons_replace_what_they_lie_in() -> None:
    """A pillar with an invisible ring around it is the pillar; a round polygon is a circle."""

    def stack(*parts: Inclusion) -> PeriodicStack:
        layer = PatternedLayer(name="slab", material=1.46, thickness=0.2, inclusions=parts)
        return PeriodicStack(
            lattice=Lattice.square(0.336), substrate=1.46, layers=(layer,), superstrate=1.46
        )

    pillar = Inclusion(shape=Circle(radius=0.12), material=2.3, name="pillar")
    ring = Inclusion(shape=Circle(radius=0.15), material=1.46, name="ring")
    round_polygon = Polygon(points=tuple(map(tuple, Circle(radius=0.12).outline(1e-6))))
    window = (0.5, 0.6)
    wanted = solve_guided_modes(stack(pillar), window)
    assert len(wanted) >= 4
    for other in (
        stack(ring, pillar),
        stack(pillar.changed(shape=round_polygon)),
    ):
        found = solve_guided_modes(other, window)
        assert [m.wavelength for m in found] == pytest.approx(
            [m.wavelength for m in wanted], rel=1e-5
        )


def test_what_it_cannot_represent_is_refused() -> None:
    with pytest.raises(ValueError, match=r"real permittivities > 0, got .* in 'substrate'"):
        solve_guided_modes(nanopillar_quantum_shells(), (0.58, 0.60))
    gain = hsu_slab().unit_cell().with_material("slab", Material.constant(2.02 - 0.001j))
    with pytest.raises(ValueError, match="real permittivities > 0"):
        solve_guided_modes(gain, (0.54, 0.60))
    leaky = hsu_slab().unit_cell().with_material("substrate", Material.constant(3.5))
    with pytest.raises(ValueError, match="averaged layers must guide light"):
        solve_guided_modes(leaky, (0.54, 0.60))
    with pytest.raises(ValueError, match="largest_wave: must give a basis of more than"):
        solve_guided_modes(hsu_slab(), (0.1, 10.0), settings=GuidedModeSettings(largest_wave=1.5))
