"""Near and far field, bands, dark points, labels and errors of the periodic solver."""

import math

import numpy as np
import pytest

from cavities.cell_shape import Polygon
from cavities.lattice import Lattice
from cavities.material import Material
from cavities.periodic_stack import Inclusion, PatternedLayer, PeriodicStack
from cavities.planar_stack import PlanarStack
from cavities.sphere import Sphere
from solvers import Mode, ModeSet, solve_modes
from solvers.axisymmetric.settings import AxisymmetricSettings
from solvers.fourier_modal import (
    PeriodicSettings,
    bands,
    dark_points,
    far_field,
    sampled_field,
    solve_periodic,
)
from tests.solvers.periodic_cases import covered_slab, slab_in_glass

SMALL = PeriodicSettings(orders=49, search_orders=25)
ZONE = 2 * math.pi / 0.336


@pytest.fixture(scope="module")
def modes() -> ModeSet:
    return solve_periodic(covered_slab(1.9 + 0.01j), (0.65, 0.69), settings=SMALL)


def test_fields_solve_maxwells_equations(modes: ModeSet) -> None:
    """curl E = i k0 H everywhere; the series of E has a derivative in x, y and z."""
    step = 1e-4
    rng = np.random.default_rng(0)
    for mode in modes:
        field = mode.sampler
        assert field is not None
        for z in (-0.1, 0.05, 0.12, 0.2, 0.4):  # substrate, slab, slab, film, superstrate
            x, y = rng.uniform(-0.2, 0.2, 2)
            moves = [(d, sign) for d in range(3) for sign in (1, -1)]
            points = np.array([x, y, z]) + np.array(
                [[sign * step * (i == d) for i in range(3)] for d, sign in moves]
            )
            values = field.at(*points.T)[:3]  # type: ignore[attr-defined]
            dx, dy, dz = ((values[:, 2 * d] - values[:, 2 * d + 1]) / (2 * step) for d in range(3))
            curl = np.array([dy[2] - dz[1], dz[0] - dx[2], dx[1] - dy[0]])
            here = field.at(*np.array([[x], [y], [z]]))[:, 0]  # type: ignore[attr-defined]
            expected = 1j * field.wavenumber * here[3:]  # type: ignore[attr-defined]
            scale = abs(mode.wavenumber) * np.abs(here).max()
            np.testing.assert_allclose(curl, expected, atol=2e-5 * scale)


def test_tangential_fields_have_no_jump(modes: ModeSet) -> None:
    gap = 1e-9
    for z in (0.0, 0.17, 0.25):
        below, above = (
            sampled_field(modes[0], [0.03, 0.1], [0.05], [z + side * gap]) for side in (-1, 1)
        )
        for name in ("E_x", "E_y", "H_x", "H_y", "H_z"):
            scale = np.abs(below[name].values).max()
            difference = np.abs(below[name].values - above[name].values).max()
            assert difference < 1e-5 * scale + 1e-12


def test_partners_of_a_pair_are_turned_by_90_degrees(modes: ModeSet) -> None:
    pair = [mode for mode in modes if mode.symmetry == "E" and mode.polarization == "TE"]
    first = sampled_field(pair[0], 0.05, 0.02, 0.1)
    second = sampled_field(pair[1], -0.02, 0.05, 0.1)
    turned = -second["E_x"].item(), second["E_y"].item()
    assert first["E_x"].item() == pytest.approx(turned[1], abs=1e-9)
    assert first["E_y"].item() == pytest.approx(turned[0], abs=1e-9)


def test_mode_field_along_x(modes: ModeSet) -> None:
    data = modes[0].field(np.linspace(0, 0.195, 4), [-0.05, 0.1, 0.3])
    assert data["eps"].sel(r=0.0, z=0.1).item() == pytest.approx((1.9 + 0.01j) ** 2)
    assert data["eps"].sel(r=0.195, z=0.1).item() == pytest.approx(4.0)
    assert data["eps"].sel(r=0.0, z=-0.05).item() == pytest.approx(1.46**2)


def test_far_field_of_bright_and_dark_modes(modes: ModeSet) -> None:
    bright = [mode for mode in modes if mode.symmetry == "E"]
    for mode, direction in zip(bright[:2], (1.0, -1.0), strict=True):
        up = far_field(mode)
        assert up.angle_deg.tolist() == [0.0]
        assert up.power.tolist() == [1.0]
        assert up.stokes[0, 0] == pytest.approx(direction)
    dark = next(mode for mode in modes if mode.symmetry == "A2")
    assert np.abs(far_field(dark).amplitude).max() < 1e-12
    assert np.isnan(far_field(dark, "down").power).all()


def test_beam_of_a_finite_device(modes: ModeSet) -> None:
    """A Gaussian of 1/e^2 diameter d: half angle lambda/(pi d/2) to 1/e^2."""
    mode = next(mode for mode in modes if mode.symmetry == "E")
    width = 20.0
    half = math.degrees(mode.wavelength / (math.pi * width / 2))
    beam = far_field(mode).pattern([0.0, half], 0.0, width=width)
    ratio = beam["intensity"].values[1, 0] / beam["intensity"].values[0, 0]
    assert ratio == pytest.approx(math.exp(-2), rel=1e-3)


def test_radiation_follows_from_the_far_field() -> None:
    """Flux up over flux down is the ratio of the loss channels."""
    (mode, *_) = solve_periodic(covered_slab(), (0.686, 0.688), settings=SMALL)
    ratio = (
        mode.quality_factors["radiation:substrate"] / mode.quality_factors["radiation:superstrate"]
    )
    field = mode.sampler
    waves = [field.above, field.below]  # type: ignore[union-attr]
    flux = []
    for wave, sign in zip(waves, (1, -1), strict=True):
        i = int(np.argmin(np.hypot(*field.wavevectors.T)))  # type: ignore[union-attr]
        (ex, ey, _), (hx, hy, _) = wave.electric[:, i], wave.magnetic[:, i]
        flux.append(sign * (ex * hy.conj() - ey * hx.conj()).real)
    assert flux[0] / flux[1] == pytest.approx(ratio, rel=1e-6)


def test_bands_are_joined_through_crossings() -> None:
    structure = bands(
        slab_in_glass(), (0.555, 0.60), points=7, reach=0.06, path=("X", "Gamma", "M"),
        settings=SMALL,
    )  # fmt: skip
    middle = structure.ticks[1][0]
    place = int(np.argmin(np.abs(structure.distance - middle)))
    found = structure.wavenumber
    assert np.sum(~np.isnan(found[:, place])) == 7
    # on Gamma X every branch keeps the parity of its mirror
    for branch in structure.branches:
        parities = {mode.symmetry for mode in branch[:place] if mode is not None}
        assert len(parities) <= 1
    assert structure.to_dataset()["quality_factor"].dims == ("branch", "point")
    assert structure.plot().get_ylabel() == "wavelength (nm)"
    assert structure.light_lines["substrate"][place] == 0.0


def test_slope_of_a_band_is_even_at_gamma() -> None:
    """k and -k have the same modes."""
    there, back = (
        solve_periodic(slab_in_glass(), (0.56, 0.58), bloch=(sign * 0.3, 0.1), settings=SMALL)
        for sign in (1, -1)
    )
    assert len(there) == len(back) > 2
    for one, other in zip(there, back, strict=True):
        assert one.wavelength == pytest.approx(other.wavelength, rel=1e-9)


def test_accidental_dark_point() -> None:
    """TM1 of Hsu et al. (doi:10.1038/nature12289) is dark at k_x a/2 pi = 0.273."""
    found = dark_points(
        slab_in_glass(),
        (0.72, 0.76),
        start=(0.25 * ZONE, 0.0),
        end=(0.30 * ZONE, 0.0),
        points=6,
        settings=SMALL,
    )
    (point,) = found
    assert point.bloch[0] / ZONE == pytest.approx(0.273, abs=5e-4)
    assert point.radiation_quality_factor > 1e10
    assert point.mode.polarization == "TM"


def test_triangular_holes_split_the_pair() -> None:
    hole = Inclusion(shape=Polygon.regular(3, 0.1), material=1.46, name="hole")
    layer = PatternedLayer(name="slab", material=2.02, thickness=0.18, inclusions=(hole,))
    stack = PeriodicStack(
        lattice=Lattice.square(0.336), substrate=1.46, layers=(layer,), superstrate=1.46
    )
    found = solve_periodic(stack, (0.55, 0.6), settings=SMALL)
    assert {mode.symmetry for mode in found} == {"A'", "A''"}
    assert all(mode.quality_factor < 1e9 for mode in found)


def test_metal_and_silicon_substrates_are_solved() -> None:
    """A strongly absorbing film and a substrate whose index is above everything else."""
    for outer in ("Si", "Au"):
        stack = covered_slab().changed(substrate=Material.named(outer))
        found = solve_periodic(stack, (0.62, 0.69), settings=SMALL, quality_factor_floor=20)
        assert not found.provenance["warnings"] or len(found) == 0
        for mode in found:
            assert mode.quality_factor_balance() < 1e-6


def test_files_keep_the_labels(modes: ModeSet, tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "modes.h5"
    modes.save(path)
    loaded = ModeSet.load(path)
    assert [mode.label for mode in loaded] == [mode.label for mode in modes]
    assert loaded[0].lattice_point == "Gamma"
    with pytest.raises(ValueError, match="must carry the field"):
        sampled_field(loaded[0], 0, 0, 0)
    with pytest.raises(ValueError, match="must carry the field"):
        far_field(loaded[0])


def test_arguments_of_other_methods_are_refused() -> None:
    stack, window = slab_in_glass(), (0.57, 0.58)
    with pytest.raises(ValueError, match="azimuthal_order: must be left out for a periodic"):
        solve_modes(stack, window, azimuthal_order=3)
    with pytest.raises(ValueError, match="angle_deg: must be left out for a periodic"):
        solve_modes(stack, window, angle_deg=3.0)
    with pytest.raises(TypeError, match="settings: must be PeriodicSettings"):
        solve_modes(stack, window, settings=AxisymmetricSettings.for_accuracy("fast"))
    with pytest.raises(ValueError, match="bloch: must be left out"):
        solve_modes(Sphere(radius=1.0, material=1.5), window, bloch="Gamma")
    with pytest.raises(TypeError, match="settings: must be AxisymmetricSettings"):
        solve_modes(Sphere(radius=1.0, material=1.5), window, settings=SMALL)
    with pytest.raises(TypeError, match="cavity: must be a body of revolution"):
        solve_modes(Sphere(radius=1.0, material=1.5), window, method="fourier-modal")
    with pytest.raises(TypeError, match="cavity: must be a PeriodicStack"):
        solve_periodic(PlanarStack(layers=()), window)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"bloch": "K"}, "point: must be one of"),
        ({"bloch": (1.0, 2.0, 3.0)}, "bloch: must be the name of a lattice point"),
        ({"accuracy": "best"}, "accuracy: must be one of"),
        (
            {"settings": PeriodicSettings(orders=25, search_orders=9, largest_error=1e-6)},
            "orders: must be enough for an error",
        ),
    ],
)
def test_wrong_arguments(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        solve_periodic(slab_in_glass(), (0.57, 0.58), **arguments)  # type: ignore[arg-type]


def test_search_needs_fewer_orders_than_the_answer() -> None:
    with pytest.raises(ValueError, match="search_orders: must be below orders"):
        PeriodicSettings(orders=49, search_orders=49)


def test_a_window_without_modes_says_so() -> None:
    found = solve_periodic(slab_in_glass(), (0.91, 0.92), settings=SMALL)
    assert len(found) == 0
    assert "no mode between" in found.provenance["warnings"][0]


def test_modes_of_other_solvers_have_no_far_field() -> None:
    with pytest.raises(ValueError, match="must carry the field"):
        far_field(Mode(wavenumber=10))
