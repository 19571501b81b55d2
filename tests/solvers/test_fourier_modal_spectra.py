"""Spectra: against planar optics, energy balance, published values, special wavelengths."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cavities.body_of_revolution import Layer
from cavities.cell_shape import Circle, Polygon
from cavities.lattice import Lattice
from cavities.periodic_presets import pcsel_sin_quantum_shells
from cavities.periodic_stack import Inclusion, PatternedLayer, PeriodicStack
from cavities.planar_stack import PlanarStack
from solvers.fourier_modal import spectrum
from solvers.multilayer import spectrum as planar_spectrum
from tests.solvers.periodic_cases import covered_slab, slab_in_glass

FILMS = (
    Layer(name="a", material=2.3, thickness=0.1),
    Layer(name="b", material=1.8 + 0.1j, thickness=0.15),
    Layer(name="c", material=2.0, thickness=0.2),
)


@pytest.mark.parametrize("angle_deg", [0.0, 35.0, 80.0])
@pytest.mark.parametrize("side", ["top", "bottom"])
@pytest.mark.parametrize("with_hole", [False, True])
def test_uniform_layers_are_planar_optics(angle_deg: float, side: str, with_hole: bool) -> None:
    """Also when a layer is patterned with its own material."""
    waves = np.linspace(0.4, 0.7, 4)
    planar = planar_spectrum(
        PlanarStack(substrate=1.5, superstrate=1.0, layers=FILMS),
        waves,
        angle_deg=angle_deg,
        polarization=("TE", "TM"),
        side=side,  # type: ignore[arg-type]
    )
    part = Inclusion(shape=Circle(radius=0.1), material=2.3, name="a")
    holed = PatternedLayer(name="a", material=2.3, thickness=0.1, inclusions=(part,))
    stack = PeriodicStack(
        lattice=Lattice.triangular(0.3),
        substrate=1.5,
        superstrate=1.0,
        layers=(holed, *FILMS[1:]) if with_hole else FILMS,
    )
    periodic = spectrum(
        stack,
        waves,
        angle_deg=angle_deg,
        azimuth_deg=20.0,
        side=side,  # type: ignore[arg-type]
        orders=19,
    )
    for name in ("reflectance", "transmittance", "r", "t", "absorption"):
        difference = np.abs(getattr(periodic, name) - getattr(planar, name)).max()
        assert difference < 1e-12, name
    assert set(periodic.region_absorption) == {"b"}


def test_published_value_of_simpler_programs() -> None:
    """S4 and grcwa (Laurent's rule, 101 orders): T_s = 0.83900480, T_p = 0.85249901.

    Their T is the flux of an incident wave of unit amplitude, that is, times cos(10 deg).
    """
    disk = Inclusion(shape=Circle(radius=0.04), material=math.sqrt(12), name="disk")
    layer = PatternedLayer(name="gap", material=1.0, thickness=0.2, inclusions=(disk,))
    stack = PeriodicStack(
        lattice=Lattice.square(0.1), substrate=1.0, superstrate=1.0, layers=(layer,)
    )
    found = spectrum(stack, 1.0, angle_deg=10, azimuth_deg=20, orders=101, factorization="laurent")
    flux = found.transmittance[:, 0] * math.cos(math.radians(10))
    np.testing.assert_allclose(flux, [0.83900479939861, 0.85249901083265], rtol=1e-8)


@settings(max_examples=12, deadline=None)
@given(
    radius=st.floats(0.05, 0.18),
    index=st.floats(1.0, 3.4),
    angle=st.floats(0.0, 70.0),
    azimuth=st.floats(0.0, 360.0),
    wavelength=st.floats(0.25, 1.0),
)
def test_energy_is_conserved_without_loss(
    radius: float, index: float, angle: float, azimuth: float, wavelength: float
) -> None:
    hole = Inclusion(shape=Circle(radius=radius), material=index, name="hole")
    slab = PatternedLayer(name="slab", material=2.1, thickness=0.2, inclusions=(hole,))
    cover = Layer(name="cover", material=1.7, thickness=0.1)
    stack = PeriodicStack(
        lattice=Lattice.square(0.4), substrate=1.46, layers=(slab, cover), superstrate=1.0
    )
    found = spectrum(stack, wavelength, angle_deg=angle, azimuth_deg=azimuth, orders=21)
    np.testing.assert_allclose(found.reflectance + found.transmittance, 1, atol=1e-10)
    assert found.order_reflectance.min() >= 0


def test_absorption_is_what_is_missing() -> None:
    """The absorbed power is integrated in each region, without reference to R and T."""
    triangle = Inclusion(shape=Polygon.regular(3, 0.12), material=3.5 + 0.3j, name="metal")
    slab = PatternedLayer(name="slab", material=2.0 + 0.02j, thickness=0.15, inclusions=(triangle,))
    stack = PeriodicStack(lattice=Lattice.square(0.39), substrate=1.46, layers=(slab,))
    found = spectrum(stack, [0.5, 0.61], angle_deg=17, azimuth_deg=33, orders=25)
    total = found.reflectance + found.transmittance + found.absorption
    np.testing.assert_allclose(total, 1, atol=1e-11)
    assert all(np.all(part > 0) for part in found.region_absorption.values())


def test_normal_incidence_and_rayleigh_wavelengths() -> None:
    """Orders that graze the surface at exactly the period, or the period times an index."""
    period = 0.336
    waves = [period, 1.46 * period, 1.46 * period / math.sqrt(2), 0.5]
    found = spectrum(slab_in_glass(), waves, orders=49)
    np.testing.assert_allclose(found.reflectance + found.transmittance, 1, atol=1e-10)
    beside = spectrum(slab_in_glass(), [wave * (1 + 1e-12) for wave in waves], orders=49)
    np.testing.assert_allclose(found.reflectance, beside.reflectance, atol=1e-4)


def test_symmetry_and_origin_change_nothing() -> None:
    waves = [0.5724, 0.61]
    with_it = spectrum(slab_in_glass(), waves, orders=49)
    without = spectrum(slab_in_glass(), waves, orders=49, use_symmetry=False)
    shifted = spectrum(slab_in_glass().shifted(0.1, 0.05), waves, orders=49)
    np.testing.assert_allclose(without.reflectance, with_it.reflectance, atol=1e-10)
    np.testing.assert_allclose(shifted.r, with_it.r, atol=1e-10)


def test_doubled_cell_gives_the_same_spectrum() -> None:
    """49 orders of the cell are among the 101 of the doubled one, which adds nothing to them."""
    waves = [0.56, 0.5724]
    single = spectrum(slab_in_glass(), waves, orders=49)
    double = spectrum(slab_in_glass().repeated(2, 1), waves, orders=101)
    np.testing.assert_allclose(double.reflectance, single.reflectance, atol=1e-6)


def test_reciprocity_of_transmission() -> None:
    up = spectrum(covered_slab(1.9 + 0.05j), 0.62, side="bottom", orders=49)
    down = spectrum(covered_slab(1.9 + 0.05j), 0.62, side="top", orders=49)
    np.testing.assert_allclose(
        up.order_transmittance[..., 0], down.order_transmittance[..., 0], rtol=1e-9
    )
    assert np.abs(up.reflectance - down.reflectance).max() > 1e-3


def test_resonance_stands_at_the_pole() -> None:
    """A narrow dip or peak of the spectrum at the wavelength of the bright TM mode."""
    from solvers import solve_modes

    mode = solve_modes(slab_in_glass(), (0.565, 0.568), accuracy="fast")[0]
    waves = mode.wavelength * (1 + np.linspace(-3, 3, 61) / mode.quality_factor)
    found = spectrum(slab_in_glass(), waves, orders=81)
    assert found.reflectance[0].max() > 0.99
    peak = waves[np.argmax(found.reflectance[0])]
    assert abs(peak / mode.wavelength - 1) < 1 / mode.quality_factor


def test_result_as_dataset_and_picture() -> None:
    found = spectrum(covered_slab(1.9 + 0.05j), [0.6, 0.62], orders=25)
    data = found.to_dataset()
    assert data["region_absorption"].dims == ("polarization", "wavelength", "region")
    assert data["wavelength"].attrs["units"] == "um"
    assert found.plot().get_xlabel() == "wavelength (um)"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"angle_deg": 90.0}, "angle_deg: must satisfy"),
        ({"side": "left"}, "side: must be"),
        ({"polarization": "circular"}, "polarization: must be"),
    ],
)
def test_wrong_arguments(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        spectrum(slab_in_glass(), 0.6, **arguments)  # type: ignore[arg-type]


def test_absorbing_medium_of_incidence_is_an_error() -> None:
    stack = slab_in_glass().changed(superstrate=1.46 + 0.01j)
    with pytest.raises(ValueError, match="side: the medium of incidence must not absorb"):
        spectrum(stack, 0.6)


def test_measured_materials_serve_where_they_are_known() -> None:
    """Tables of silicon nitride and silica end far below a wavelength of 6 um."""
    slab = pcsel_sin_quantum_shells(0.40)
    assert min(m.wavelength_range[1] for m in slab.unit_cell().media) < 6.28
    found = spectrum(slab, [0.60, 0.62], orders=25)
    total = found.reflectance + found.transmittance + found.absorption
    assert np.allclose(total, 1, atol=1e-9)
