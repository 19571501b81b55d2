"""Quasi-normal modes of planar stacks: closed forms, an independent solver, energy balance."""

from __future__ import annotations

import cmath
import itertools
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cavities import Layer, Micropillar, PlanarMicrocavity, PlanarStack, QuarterWaveMirror, Sphere
from cavities.constants import HC_EV_UM
from cavities.exciton_material import exciton_film, exciton_line
from solvers import Mode, ModeSet, solve_modes
from solvers.multilayer import plot_planar_mode, spectrum
from tests.solvers.exact_planar import planar_resonance

MIRROR = QuarterWaveMirror(design_wavelength=0.601, high_material=2.3, low_material=1.46, pairs=6.5)


def microcavity(gain: complex = 1.85, pairs: float = 6.5) -> PlanarMicrocavity:
    mirror = MIRROR.changed(pairs=pairs)
    return PlanarMicrocavity(
        bottom_mirror=mirror,
        top_mirror=mirror,
        cavity=(Layer(name="gain", material=gain, thickness=0.812),),
        substrate=1.46,
    )


def film(
    index: complex, thickness: float, below: complex = 1.0, above: complex = 1.0
) -> PlanarStack:
    layer = Layer(name="film", material=index, thickness=thickness)
    return PlanarStack(substrate=below, superstrate=above, layers=(layer,))


@pytest.mark.parametrize("index", [1.5, 3.5, 2 + 0.01j, 2 - 0.05j])
@pytest.mark.parametrize("outer", [(1.0, 1.0), (1.33, 1.0), (1.0, 4.0)])
def test_film_has_the_fabry_perot_comb(index: complex, outer: tuple[float, float]) -> None:
    """r_1 r_2 exp(2 i n k d) = 1: k = (2 pi m + i ln(r_1 r_2))/(2 n d), every m in the window."""
    d, (below, above) = 5.0, outer
    r = (index - below) / (index + below) * (index - above) / (index + above)
    low, high = 0.503, 0.7
    expected = []
    for m in range(500):
        k = (2 * math.pi * m + 1j * cmath.log(r)) / (2 * index * d)
        if low <= 2 * math.pi / max(k.real, 1e-9) <= high:
            expected.append(k)
    modes = solve_modes(film(index, d, below, above), (low, high), quality_factor_floor=5)
    assert len(modes) == len(expected) >= 8
    found = sorted((mode.wavenumber for mode in modes), key=lambda k: k.real)
    np.testing.assert_allclose(found, sorted(expected, key=lambda k: k.real), rtol=1e-13)


@pytest.mark.parametrize("polarization", ["TE", "TM"])
@pytest.mark.parametrize("in_plane", [0.0, 6.0, 12.0, 15.0, 20.0])
def test_film_at_any_in_plane_wavenumber_meets_fresnel(polarization: str, in_plane: float) -> None:
    """Radiating, one-sided leaky and guided modes fulfil r_1 r_2 exp(2 i q d) = 1."""
    n, d, below, above = 2.2, 1.5, 1.46, 1.0
    modes = solve_modes(
        film(n, d, below, above),
        (0.5, 0.7),
        in_plane_wavenumber=in_plane,
        polarization=polarization,
        quality_factor_floor=3,
    )
    assert len(modes) >= 2
    for mode in modes:
        k = mode.wavenumber

        def wave(index: float, k: complex = k, inside: bool = False) -> complex:
            q = cmath.sqrt((index * k) ** 2 - in_plane**2)
            if not inside and (index * k.real) ** 2 < in_plane**2 and q.imag < 0:
                q = -q
            return q if polarization == "TE" else q / index**2

        y = wave(n, inside=True)
        q = y if polarization == "TE" else y * n**2
        r = (y - wave(below)) / (y + wave(below)) * (y - wave(above)) / (y + wave(above))
        assert abs(r * cmath.exp(2j * q * d) - 1) < 1e-11
    if in_plane == 20.0:  # beyond both light lines
        assert all(mode.quality_factor == math.inf for mode in modes)


def test_quarter_wave_stack_has_its_analytic_band_edges() -> None:
    """eps = 9, d = 0.25 in air, period 1: edges at 2/9 and 4/9 (units 1/period).

    The modes of N periods lie outside the gap and approach its edges like 1/N^2; two of them
    extrapolate to the edge. The edges themselves follow from t of one period, cos K = Re 1/t.
    """
    edges = (2 / 9, 4 / 9)
    found = {}
    for periods in (40, 80):
        pair = (
            Layer(name="high", material=3.0, thickness=0.25),
            Layer(name="air", material=1.0, thickness=0.75),
        )
        stack = PlanarStack(substrate=1.0, superstrate=1.0, layers=(*pair * periods, pair[0]))
        modes = solve_modes(stack, (1 / 0.47, 1 / 0.2), quality_factor_floor=20)
        frequencies = np.array([1 / mode.wavelength for mode in modes])
        gap = (frequencies > edges[0] + 1e-9) & (frequencies < edges[1] - 1e-9)
        assert not np.any(gap)
        found[periods] = (frequencies[frequencies <= 1 / 3].max(),
                          frequencies[frequencies > 1 / 3].min())  # fmt: skip
    for side, edge in enumerate(edges):
        near, far = found[80][side], found[40][side]
        assert abs(near - edge) < 1e-4
        # Modes of N + 1 layers: the distance falls like 1/(N + 1/2)^2 to leading order.
        ratio = (81 / 41) ** 2
        assert (ratio * near - far) / (ratio - 1) == pytest.approx(edge, abs=3e-6)
    cell = PlanarStack(
        substrate=1.0,
        superstrate=1.0,
        layers=(
            Layer(name="a", material=1.0, thickness=0.375),
            Layer(name="b", material=3.0, thickness=0.25),
            Layer(name="c", material=1.0, thickness=0.375),
        ),
    )
    bloch = (1 / spectrum(cell, [1 / edge for edge in edges]).t).real
    np.testing.assert_allclose(np.abs(bloch), 1, atol=1e-13)


@pytest.mark.parametrize("in_plane", [0.0, 3.0, 7.0])
def test_agrees_with_a_plain_transfer_matrix(in_plane: float) -> None:
    device = microcavity()
    layers = [
        (float(layer.material.index(0.6).real), layer.thickness) for layer in device.stack().layers
    ]
    for name in ("TE", "TM"):
        modes = solve_modes(device, (0.5, 0.75), in_plane_wavenumber=in_plane, polarization=name)
        assert len(modes) >= 2
        for mode in modes:
            exact = planar_resonance(
                layers,
                substrate=1.46,
                superstrate=1.0,
                in_plane=in_plane,
                polarization=name,
                guess=mode.wavenumber * (1 + 1e-5),
            )
            assert abs(mode.wavenumber - exact) < 1e-12 * abs(exact)


def test_the_modes_of_the_polariton_cavity() -> None:
    """0.8 um between 6.5 pairs 2.30/1.46: modes near 531, 601 and 691 nm, Q about 3080."""
    modes = solve_modes(microcavity(), (0.5, 0.75))
    np.testing.assert_allclose([m.wavelength for m in modes], [0.5315, 0.6009, 0.6913], atol=1e-4)
    assert modes[1].quality_factor == pytest.approx(3081, rel=0.01)
    assert modes[1].confinement["gain"] == pytest.approx(0.694, abs=1e-3)
    orders = [mode.axial_order for mode in modes]
    assert orders == [orders[0], orders[0] - 1, orders[0] - 2]  # type: ignore[operator]
    assert all(mode.method == "multilayer" for mode in modes)


@pytest.mark.parametrize("conditions", [{}, {"angle_deg": 30.0}, {"in_plane_wavenumber": 12.0}])
def test_losses_by_channel_add_up_to_the_pole(conditions: dict[str, Any]) -> None:
    """Flux out and absorption give Im k0 of the pole to rounding; fractions sum to 1."""
    modes = solve_modes(microcavity(gain=1.85 + 2e-4j), (0.5, 0.75), **conditions)
    assert len(modes) > 2
    for mode in modes:
        assert mode.quality_factor_balance() < 1e-12
        assert mode.quality_factor_error < 1e-10
        assert mode.residual < 1e-13
        assert math.fsum(mode.confinement.values()) == pytest.approx(1, abs=1e-12)
        assert mode.wavelength_error < 1e-13
        channels = set(mode.quality_factors)
        assert {"radiation:substrate", "absorption:gain"} <= channels


def test_absorption_channel_is_that_of_section_eight() -> None:
    """Q_abs = 2 pi n/(lambda Gamma alpha), alpha = 4 pi k/lambda, at high Q."""
    mode = solve_modes(microcavity(gain=1.85 + 1e-5j, pairs=12.5), (0.59, 0.61))[0]
    alpha = 4 * math.pi * 1e-5 / mode.wavelength
    expected = 2 * math.pi * 1.85 / (mode.wavelength * mode.confinement["gain"] * alpha)
    assert mode.quality_factors["absorption:gain"] == pytest.approx(expected, rel=1e-6)


def test_a_lossless_resonance_shows_in_transmission_with_its_linewidth() -> None:
    """Half the peak of T at Re k0 +- Im k0, to the order of 1/Q."""
    device = microcavity(pairs=9.5)
    (mode,) = solve_modes(device, (0.59, 0.61))
    k = mode.wavenumber
    peak, *halves = spectrum(
        device, [2 * math.pi / x for x in (k.real, k.real + k.imag, k.real - k.imag)]
    ).transmittance
    np.testing.assert_allclose(halves, peak / 2, rtol=2e-3)


def test_very_high_quality_factors_keep_their_digits() -> None:
    """Im k0 comes from the energy balance: each pair multiplies 1/Q by (n_l/n_h)^2."""
    quality = []
    for pairs in (16.5, 17.5, 24.5, 25.5):
        modes = solve_modes(microcavity(pairs=pairs), (0.5995, 0.6025))
        quality.append(max(mode.quality_factor for mode in modes))
    for lower, higher in ((0, 1), (2, 3)):
        assert quality[higher] / quality[lower] == pytest.approx((2.3 / 1.46) ** 2, rel=1e-4)
    assert quality[3] > 1e10


def test_normal_incidence_is_degenerate() -> None:
    te, tm = (solve_modes(microcavity(), (0.5, 0.75), polarization=name) for name in ("TE", "TM"))
    for one, other in zip(te, tm, strict=True):
        assert abs(one.wavenumber - other.wavenumber) < 1e-12 * abs(one.wavenumber)
        assert one.axial_order == other.axial_order
        assert one.mode_length == pytest.approx(other.mode_length, rel=1e-6)


def test_metal_mirrors_and_dispersion() -> None:
    """Gold walls: continued to complex k0, balanced, and self-consistent.

    Against the same stack with every index frozen at the mode's real wavelength: the slope of
    the index changes Q to first order in 1/Q and the wavelength to second (here Q = 20 to 50).
    """
    stack = PlanarStack(
        substrate="SiO2",
        superstrate="air",
        layers=(
            Layer(name="metal", material="Au", thickness=0.2),
            Layer(name="gain", material="SU8", thickness=0.9),
            Layer(name="top_metal", material="Au", thickness=0.04),
        ),
    )
    modes = solve_modes(stack, (0.6, 0.8), quality_factor_floor=10)
    assert len(modes) >= 1
    for mode in modes:
        assert mode.quality_factor_error < 1e-6  # first-order continuation
        assert {"absorption:metal", "absorption:top_metal"} <= set(mode.quality_factors)
        frozen = stack.changed(
            substrate=complex(stack.substrate.index(mode.wavelength)),
            superstrate=complex(stack.superstrate.index(mode.wavelength)),
            layers=tuple(
                layer.changed(material=complex(layer.material.index(mode.wavelength)))
                for layer in stack.layers
            ),
        )
        near = solve_modes(
            frozen, (mode.wavelength - 0.01, mode.wavelength + 0.01), quality_factor_floor=10
        )
        best = min(abs(other.wavelength - mode.wavelength) for other in near)
        assert best < 1e-3 * mode.wavelength


def test_gain_above_threshold_is_a_growing_mode() -> None:
    modes = solve_modes(microcavity(gain=1.85 - 1e-3j), (0.59, 0.61))
    (mode,) = modes
    assert mode.quality_factor < 0
    assert mode.wavenumber.imag > 0
    assert mode.quality_factors["absorption:gain"] < 0


def test_field_matches_at_interfaces_and_solves_the_wave_equation() -> None:
    device = microcavity()
    edges = np.array(device.stack().interfaces())
    for mode in solve_modes(device, (0.59, 0.61), angle_deg=20):
        at = mode.field(0.0, np.concatenate([edges - 1e-10, edges + 1e-10]))
        part = "E_phi" if mode.polarization == "TE" else "E_r"
        below, above = at[part].values[0].reshape(2, -1)
        np.testing.assert_allclose(below, above, atol=1e-7)
        if mode.polarization == "TM":
            normal = (at["eps"] * at["E_z"]).values[0].reshape(2, -1)
            np.testing.assert_allclose(normal[0], normal[1], atol=1e-6)
        middle = device.stack().thickness / 2
        h = 2e-4
        e = mode.field([0.0, 0.3], [middle - h, middle, middle + h])[part].values
        second = (e[0, 2] - 2 * e[0, 1] + e[0, 0]) / h**2
        kx = mode.in_plane_wavenumber
        assert kx is not None
        q = 1.85**2 * mode.wavenumber**2 - kx**2
        assert abs(second + q * e[0, 1]) < 1e-4 * abs(q) * np.abs(e).max()
        np.testing.assert_allclose(e[1, 1], e[0, 1] * cmath.exp(0.3j * kx), rtol=1e-12)


def test_saved_modes_come_back(tmp_path: Path) -> None:
    modes = solve_modes(microcavity(), (0.5, 0.75), angle_deg=20)
    modes.save(tmp_path / "modes.h5")
    back = ModeSet.load(tmp_path / "modes.h5")
    for one, other in zip(modes, back, strict=True):
        assert one.wavenumber == other.wavenumber
        assert one.in_plane_wavenumber == other.in_plane_wavenumber
        assert one.mode_length == other.mode_length
        assert one.label == other.label
    again = ModeSet.from_dataframe(modes.to_dataframe())
    assert [m.in_plane_wavenumber for m in again] == [m.in_plane_wavenumber for m in modes]


def test_files_from_before_planar_modes_can_be_read() -> None:
    """Data without the two numbers that planar modes brought: nan and None."""
    old = ModeSet(modes=(Mode(wavenumber=10 - 1e-3j, azimuthal_order=3),)).to_dataset()
    back = ModeSet.from_dataset(old.drop_vars(["mode_length", "in_plane_wavenumber"]))
    assert math.isnan(back[0].mode_length)
    assert back[0].in_plane_wavenumber is None
    with pytest.raises(ValueError, match="got no mode_volume"):
        ModeSet.from_dataset(old.drop_vars(["mode_volume"]))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"angle_deg": 90.0}, "angle_deg: must satisfy 0 <= angle < 90"),
        ({"angle_deg": -1.0}, "got -1"),
        ({"in_plane_wavenumber": -1.0}, "in_plane_wavenumber: must be finite and >= 0"),
        ({"in_plane_wavenumber": 1.0, "angle_deg": 3.0}, "got both"),
        ({"polarization": "X"}, 'must be "TE", "TM" or both'),
        ({"azimuthal_order": 3}, "azimuthal_order: must be left out for a planar cavity"),
    ],
)
def test_bad_input_gets_one_line(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        solve_modes(microcavity(), (0.5, 0.75), **arguments)
    assert "\n" not in str(caught.value)


def test_arguments_of_the_other_method_are_refused() -> None:
    with pytest.raises(ValueError, match="angle_deg: must be left out for a body of revolution"):
        solve_modes(Sphere(radius=1.0, material=1.5), (0.4, 0.5), angle_deg=10)
    with pytest.raises(TypeError, match="fit the method"):
        solve_modes(Sphere(radius=1.0, material=1.5), (0.4, 0.5), method="multilayer")
    with pytest.raises(TypeError, match="or planar"):
        solve_modes(microcavity(), (0.5, 0.7), method="axisymmetric-fem")
    with pytest.raises(ValueError, match="at least one layer"):
        solve_modes(PlanarStack(), (0.5, 0.7))


def test_a_window_beyond_the_data_is_refused() -> None:
    stack = film(1.5, 1.0).changed(substrate="SiO2")
    with pytest.raises(ValueError, match=r"wavelength: must lie in 0\.21-6\.7 um"):
        solve_modes(stack, (0.15, 0.4))


def test_an_empty_window_is_a_valid_answer() -> None:
    modes = solve_modes(microcavity(), (0.56, 0.57))
    assert len(modes) == 0
    assert "searched" in modes.summary()


def test_label_tells_order_and_in_plane_wavenumber() -> None:
    mode = Mode(wavenumber=10, polarization="TE", axial_order=4, in_plane_wavenumber=2.5)
    assert mode.label == "TE q=4 kx=2.5"
    assert Mode(wavenumber=10, polarization="TE", axial_order=4).label == "TE q=4"


def test_mode_picture() -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    device = microcavity()
    axes = plot_planar_mode(device, solve_modes(device, (0.59, 0.61))[0])
    assert "Q = 3068" in axes.get_title()
    plt.close("all")


def test_a_pillar_still_goes_to_the_axisymmetric_solver() -> None:
    """Dispatch by what the cavity offers: a pillar has body(), no stack()."""
    assert not hasattr(Micropillar(design_wavelength=0.6, radius=1.0), "stack")


@pytest.mark.parametrize("width_mev", [10.0, 45.0])
def test_an_exciton_line_in_the_strip_does_not_stop_the_search(width_mev: float) -> None:
    """The line's pole at E_x - i g/2 is kept clear of; both polaritons are found beside it.

    Energies and widths of the complex 2 x 2 with Om = Om_bulk sqrt(Gamma) within 1 meV and 5 %.
    """
    line = exciton_line(
        energy_ev=2.09, fwhm_mev=width_mev, background_index=1.85, bulk_rabi_splitting_mev=54.0
    )
    (cold,) = solve_modes(microcavity(), (0.59, 0.61))
    device = microcavity().stack().with_material("gain", exciton_film(1.85, line))
    modes = solve_modes(device, (0.57, 0.63), quality_factor_floor=15)
    energies = np.array([HC_EV_UM / mode.wavelength for mode in modes])
    widths = 1e3 * energies / np.array([mode.quality_factor for mode in modes])
    photon = HC_EV_UM / cold.wavelength * (1 - 0.5j / cold.quality_factor)
    matrix = np.array([[photon, 0.0], [0.0, 2.09 - 0.5e-3j * width_mev]])
    matrix[0, 1] = matrix[1, 0] = 0.027 * math.sqrt(cold.confinement["gain"])
    for value in np.linalg.eigvals(matrix):
        near = int(np.argmin(np.abs(energies - 0.5e-3j * widths - value)))
        assert energies[near] == pytest.approx(value.real, abs=1e-3)
        assert widths[near] == pytest.approx(-2e3 * value.imag, rel=0.05)
    assert all(mode.quality_factor_balance() < 1e-9 for mode in modes)


def test_nearly_degenerate_modes_are_told_apart() -> None:
    """Two equal cavities through 20 pairs: split by 2e-9 um, by (n_l/n_h)^2 less per pair."""
    splitting = []
    for pairs in (12, 16, 20):
        mirror = MIRROR.changed(design_wavelength=0.6, pairs=pairs - 0.5)
        spacer = Layer(name="gain", material=1.85, thickness=0.9 / 1.85)
        side = mirror.layers("mirror", spacer.material)
        stack = PlanarStack(
            substrate=1.46,
            superstrate=1.46,
            layers=(*side[::-1], spacer, *side[:-1], *side[::-1], spacer, *side),
        )
        modes = solve_modes(stack, (0.595, 0.605))
        assert len(modes) == 2
        assert not modes.provenance["warnings"]
        splitting.append(modes[1].wavelength - modes[0].wavelength)
    for wide, narrow in itertools.pairwise(splitting):
        assert narrow / wide == pytest.approx((1.46 / 2.3) ** 8, rel=1e-3)
