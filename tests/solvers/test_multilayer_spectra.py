"""Spectra of planar stacks: against `tmm`, mpmath, conservation laws and themselves."""

from __future__ import annotations

import math
from typing import Any

import mpmath
import numpy as np
import pytest
import tmm  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from cavities import Layer, PlanarStack, QuarterWaveMirror
from solvers.multilayer import StackArrays, field_profile, spectrum
from solvers.multilayer.sweep import amplitudes


def stack_of(indices: list[complex], thicknesses: list[float]) -> PlanarStack:
    """A stack from the superstrate downwards, as `tmm` counts."""
    layers = [
        Layer(name=f"layer {i}", material=n, thickness=d)
        for i, (n, d) in enumerate(zip(indices[1:-1], thicknesses, strict=True))
    ]
    return PlanarStack(substrate=indices[-1], layers=tuple(layers[::-1]), superstrate=indices[0])


REAL = st.floats(1.0, 3.5)
LOSSY = st.builds(complex, st.floats(0.1, 3.5), st.floats(0.0, 4.0))
GAIN = st.builds(complex, st.floats(1.2, 3.5), st.floats(-0.03, 0.0))


@st.composite
def random_stacks(draw: st.DrawFn) -> tuple[list[complex], list[float]]:
    count = draw(st.integers(0, 12))
    inner = draw(st.lists(REAL | LOSSY | GAIN, min_size=count, max_size=count))
    thick = draw(st.lists(st.floats(1e-4, 2.0), min_size=count, max_size=count))
    return [draw(REAL), *inner, draw(REAL | LOSSY)], thick


@settings(max_examples=400, deadline=None)
@given(random_stacks(), st.floats(0.3, 2.0), st.floats(0, 89.0), st.sampled_from(["TE", "TM"]))
def test_agrees_with_tmm(
    stack: tuple[list[complex], list[float]], wavelength: float, angle: float, name: str
) -> None:
    """R, T, A and both amplitudes to 1e-12: loss, gain, total internal reflection.

    `tmm` itself loses digits where it divides by cos(theta) close to zero inside a layer, and it
    cuts the decay in opaque layers off at exp(-35): such points are not drawn here.
    """
    indices, thick = stack
    sine = indices[0].real * math.sin(math.radians(angle))
    near_grazing = [abs(1 - (sine / n) ** 2) < 1e-4 for n in indices]
    depth = [abs((np.sqrt(complex(n) ** 2 - sine**2) * d).imag) for n, d in
             zip(indices[1:-1], thick, strict=True)]  # fmt: skip
    if any(near_grazing) or sum(depth) * 2 * math.pi / wavelength > 30:
        return
    found = spectrum(
        stack_of(indices, thick),
        wavelength,
        angle_deg=angle,
        polarization=name,
        check_gain=False,
    )
    with np.errstate(all="ignore"):
        expected = tmm.coh_tmm(
            "s" if name == "TE" else "p",
            indices,
            [np.inf, *thick, np.inf],
            math.radians(angle),
            wavelength,
        )
        parts = np.array(tmm.absorp_in_each_layer(expected))[1:-1]
    # Gain can raise r and t far above 1: then 1e-12 is relative.
    scale = max(1.0, abs(expected["r"]) ** 2, abs(expected["t"]) ** 2)
    assert abs(found.r - expected["r"]) < 1e-12 * scale
    assert abs(found.t - expected["t"]) < 1e-12 * scale
    assert abs(found.reflectance - expected["R"]) < 1e-12 * scale
    assert abs(found.transmittance - expected["T"]) < 1e-12 * scale
    np.testing.assert_allclose(found.layer_absorption[::-1], parts, atol=1e-12 * scale, rtol=0)


def test_the_numbers_of_tmm_s_own_test() -> None:
    """n = [1, 2+4j, 3+0.3j, 1+0.1j], theta = 0.1 rad, wavelength 100 (any unit)."""
    stack = stack_of([1, 2 + 4j, 3 + 0.3j, 1 + 0.1j], [2.0, 3.0])
    found = spectrum(stack, 100.0, angle_deg=math.degrees(0.1), polarization=("TE", "TM"))
    np.testing.assert_allclose(found.reflectance, [0.372732088391, 0.370161103730], atol=1e-12)
    np.testing.assert_allclose(found.transmittance, [0.226044912471, 0.228243743142], atol=1e-12)


@settings(max_examples=200, deadline=None)
@given(random_stacks(), st.floats(0.3, 2.0), st.floats(0, 89.9), st.sampled_from(["TE", "TM"]))
def test_power_is_conserved(
    stack: tuple[list[complex], list[float]], wavelength: float, angle: float, name: str
) -> None:
    found = spectrum(
        stack_of(*stack), wavelength, angle_deg=angle, polarization=name, check_gain=False
    )
    scale = max(1.0, float(found.reflectance), float(found.transmittance))
    total = found.reflectance + found.transmittance + found.absorption
    assert abs(total - 1) < 1e-10 * scale


@settings(max_examples=100, deadline=None)
@given(random_stacks(), st.floats(0.3, 2.0), st.floats(0, 0.999), st.sampled_from(["TE", "TM"]))
def test_transmission_is_reciprocal(
    stack: tuple[list[complex], list[float]], wavelength: float, share: float, name: str
) -> None:
    """The same T from both sides at the same k_x, whatever absorbs or amplifies between."""
    indices, thick = stack
    indices = [complex(n).real + 1 if i in (0, len(indices) - 1) else n
               for i, n in enumerate(indices)]  # fmt: skip
    kx = share * min(indices[0].real, indices[-1].real) * 2 * math.pi / wavelength
    one, other = (
        spectrum(
            stack_of(indices, thick),
            wavelength,
            in_plane_wavenumber=kx,
            polarization=name,
            side=side,
            check_gain=False,
        )
        for side in ("top", "bottom")
    )
    assert one.transmittance == pytest.approx(float(other.transmittance), rel=1e-9, abs=1e-280)


def by_mpmath(
    indices: list[complex], thick: list[float], wavelength: float, angle: float, name: str
) -> tuple[float, float]:
    """R and T with 400 digits by plain characteristic matrices: nothing can overflow there."""
    with mpmath.workdps(400):
        k0 = 2 * mpmath.pi / mpmath.mpf(wavelength)
        sine = mpmath.mpf(indices[0].real) * mpmath.sin(mpmath.mpf(angle) * mpmath.pi / 180)

        def wave(n: complex) -> Any:
            w = mpmath.sqrt(mpmath.mpc(n) ** 2 - sine**2)
            w = -w if mpmath.im(w) < 0 else w
            return w, (w if name == "TE" else w / mpmath.mpc(n) ** 2)

        entrance, exit_wave = wave(indices[0])[1], wave(indices[-1])[1]
        u, v = mpmath.mpc(1), exit_wave
        for n, d in reversed(list(zip(indices[1:-1], thick, strict=True))):
            w, y = wave(n)
            c, s = mpmath.cos(k0 * w * d), mpmath.sin(k0 * w * d)
            u, v = c * u - 1j * s / y * v, -1j * y * s * u + c * v
        r = (entrance * u - v) / (entrance * u + v)
        t = 2 * entrance / (entrance * u + v)
        ratio = mpmath.re(exit_wave) / mpmath.re(entrance)
        return float(abs(r) ** 2), float(ratio * abs(t) ** 2)


@pytest.mark.parametrize("name", ["TE", "TM"])
@pytest.mark.parametrize("angle", [0.0, 50.0])
def test_sixty_pairs_and_a_millimetre_do_not_overflow(name: str, angle: float) -> None:
    mirror = QuarterWaveMirror(
        design_wavelength=0.6, high_material=3.5, low_material=1.45, pairs=60
    )
    pairs = [(complex(x.material.index(0.6)), x.thickness) for x in mirror.layers("m")]
    for extra in ((1.5, 1000.0), (1.5 + 0.05j, 1000.0), (0.2 + 3.4j, 1000.0), (1.0, 1000.0)):
        indices = [1.7, *(n for n, _ in pairs), extra[0], 1.52]
        thick = [*(d for _, d in pairs), extra[1]]
        for wavelength in (0.6, 0.611, 0.48):
            reference = by_mpmath(indices, thick, wavelength, angle, name)
            found = spectrum(
                stack_of(indices, thick), wavelength, angle_deg=angle, polarization=name
            )
            # 1e4 rad of phase in the thick layer cost four digits.
            assert found.reflectance == pytest.approx(reference[0], abs=1e-11)
            assert found.transmittance == pytest.approx(reference[1], rel=1e-8, abs=1e-300)


def test_evanescent_millimetre_and_critical_angle() -> None:
    """Beyond total reflection nothing comes through; at k_z = 0 in a layer nothing divides by 0."""
    gap = stack_of([1.5, 1.0, 1.5], [1000.0])
    found = spectrum(gap, 0.6, angle_deg=60, polarization=("TE", "TM"))
    np.testing.assert_allclose(found.reflectance, 1, atol=1e-14)
    np.testing.assert_array_equal(found.transmittance, 0)
    kx = 2 * math.pi / 0.6
    thin = stack_of([1.5, 1.0, 1.5], [0.1])
    at, beside = (
        spectrum(thin, 0.6, in_plane_wavenumber=k, polarization=("TE", "TM")).transmittance
        for k in (kx, kx * (1 - 1e-9))
    )
    np.testing.assert_allclose(at, beside, rtol=1e-7)


def test_one_call_for_all_is_the_same_as_one_by_one() -> None:
    """Broadcasting over polarisation, stack, angle and wavelength, in blocks of every size."""
    rng = np.random.default_rng(5)
    indices = [1.0, 2.3, 1.46 + 0.01j, 2.3, 1.46 + 0.01j, 1.9, 1.5]
    stack = stack_of(indices, [0.06, 0.1, 0.06, 0.1, 0.4])
    waves, angles = np.linspace(0.5, 0.7, 7), np.array([0.0, 30.0, 80.0])
    thick = np.array([layer.thickness for layer in stack.layers]) * rng.uniform(0.9, 1.1, (4, 5))
    shift = 0.1 * rng.normal(size=(4, 5)) + 0.01j * rng.uniform(size=(4, 5))
    many: dict[str, Any] = {
        "angle_deg": angles,
        "polarization": ("TE", "TM"),
        "thickness": thick,
        "index_shift": shift,
    }
    whole = spectrum(stack, waves, **many)
    assert whole.dimensions == ("polarization", "stack", "angle", "wavelength")
    assert whole.reflectance.shape == (2, 4, 3, 7)
    for p, name in enumerate(("TE", "TM")):
        for s in range(4):
            layers = [
                layer.changed(
                    thickness=thick[s, i], material=complex(layer.material.index(0.6)) + shift[s, i]
                )
                for i, layer in enumerate(stack.layers)
            ]
            single = stack.changed(layers=tuple(layers))
            for a in range(3):
                one = spectrum(single, waves[4], angle_deg=angles[a], polarization=name)
                assert one.dimensions == ()
                for quantity in ("r", "t", "reflectance", "transmittance"):
                    value = getattr(whole, quantity)[p, s, a, 4]
                    np.testing.assert_allclose(value, getattr(one, quantity), rtol=1e-12)
                np.testing.assert_allclose(
                    whole.layer_absorption[p, s, a, 4], one.layer_absorption, atol=1e-14
                )
    for chunk in (1, 5, 50, 100000):
        again = spectrum(stack, waves, chunk=chunk, **many)
        np.testing.assert_allclose(again.reflectance, whole.reflectance, rtol=1e-13)
        np.testing.assert_allclose(again.layer_absorption, whole.layer_absorption, atol=1e-15)


def test_a_list_of_stacks_of_different_length() -> None:
    stacks = [stack_of([1.0, 2.0 + 0.1j, 1.5], [0.1]), stack_of([1.2, 2.3, 1.4, 1.5], [0.2, 0.3])]
    batch = spectrum(stacks, [0.5, 0.6], angle_deg=20)
    assert batch.dimensions == ("stack", "wavelength")
    for number, stack in enumerate(stacks):
        one = spectrum(stack, [0.5, 0.6], angle_deg=20)
        np.testing.assert_allclose(batch.reflectance[number], one.reflectance, rtol=1e-14)
        np.testing.assert_allclose(batch.absorption[number], one.absorption, atol=1e-15)


def test_dispersive_materials_and_regions() -> None:
    stack = PlanarStack(
        substrate="SiO2",
        superstrate="air",
        layers=(
            Layer(name="metal", material="Au", thickness=0.03),
            Layer(name="spacer", material="SiO2", thickness=0.2),
            Layer(name="metal", material="Au", thickness=0.02),
        ),
    )
    found = spectrum(stack, [0.55, 0.65], angle_deg=[0, 40], polarization=("TE", "TM"))
    for a, angle in enumerate((0, 40)):
        for w, x in enumerate((0.55, 0.65)):
            n = [1.0, *(complex(stack.layers[i].material.index(x)) for i in (2, 1, 0))]
            n.append(complex(stack.substrate.index(x)))
            n[0] = complex(stack.superstrate.index(x))
            one = tmm.coh_tmm("p", n, [np.inf, 0.02, 0.2, 0.03, np.inf], math.radians(angle), x)
            assert found.reflectance[1, a, w] == pytest.approx(one["R"], abs=1e-12)
    regions = found.region_absorption
    assert set(regions) == {"metal", "spacer"}
    np.testing.assert_array_equal(regions["spacer"], 0)
    total = found.reflectance + found.transmittance + regions["metal"]
    np.testing.assert_allclose(total, 1, atol=1e-13)
    data = found.to_dataset()
    assert data["absorption"].dims == ("polarization", "angle", "wavelength", "region")
    assert data["wavelength"].attrs["units"] == "um"


def test_absorbing_and_amplifying_outer_media() -> None:
    """Fresnel's formulas with the root that continues the transparent case."""
    for outer in (1.5 + 0.2j, 1.5 - 0.01j, 0.2 + 3.4j):
        found = spectrum(stack_of([1.0, outer], []), 0.6, angle_deg=30, polarization=("TE", "TM"))
        cosine = np.sqrt(1 - (0.5 / outer) ** 2 + 0j)
        te = (math.cos(math.pi / 6) - outer * cosine) / (math.cos(math.pi / 6) + outer * cosine)
        tm = (outer * math.cos(math.pi / 6) - cosine) / (outer * math.cos(math.pi / 6) + cosine)
        np.testing.assert_allclose(found.r, [te, tm], rtol=1e-13)


def test_thick_substrate_adds_intensities() -> None:
    """Against tmm.inc_tmm, from both sides; power is conserved."""
    layers = (
        Layer(name="a", material=2.3 + 0.01j, thickness=0.1),
        Layer(name="b", material=0.2 + 3j, thickness=0.01),
    )
    stack = PlanarStack(
        substrate=1.52, superstrate=1.0, layers=layers, substrate_thickness=500.0, backside=1.1
    )
    indices = [1.0, 0.2 + 3j, 2.3 + 0.01j, 1.52, 1.1]
    thick, kinds = [np.inf, 0.01, 0.1, 500.0, np.inf], ["i", "c", "c", "i", "i"]
    for side, order in (("top", slice(None)), ("bottom", slice(None, None, -1))):
        found = spectrum(
            stack,
            [0.5, 0.6],
            angle_deg=[0, 40],
            polarization=("TE", "TM"),
            side=side,  # type: ignore[arg-type]
        )
        for p, letter in enumerate("sp"):
            for a, angle in enumerate((0, 40)):
                one = tmm.inc_tmm(
                    letter, indices[order], thick[order], kinds[order], math.radians(angle), 0.6
                )
                assert found.reflectance[p, a, 1] == pytest.approx(one["R"], abs=1e-12)
                assert found.transmittance[p, a, 1] == pytest.approx(one["T"], abs=1e-12)
        total = found.reflectance + found.transmittance + found.absorption
        np.testing.assert_allclose(total, 1, atol=1e-12)
        assert np.all(np.isnan(found.r))
    grey = stack.changed(substrate=1.52 + 1e-5j)
    found = spectrum(grey, 0.6)
    assert found.substrate_absorption == pytest.approx(0.05, abs=0.03)
    assert found.reflectance + found.transmittance + found.absorption == pytest.approx(1, abs=1e-4)


@settings(max_examples=60, deadline=None)
@given(
    random_stacks(),
    st.floats(0, 85),
    st.sampled_from(["TE", "TM"]),
    st.sampled_from(["top", "bottom"]),
)
def test_profiles_integrate_to_the_absorption_of_each_layer(
    stack: tuple[list[complex], list[float]], angle: float, name: Any, side: Any
) -> None:
    indices, thick = stack
    layers = stack_of([*indices[:-1], complex(indices[-1]).real + 1], thick)
    profile = field_profile(layers, 0.6, angle_deg=angle, polarization=name, side=side)
    found = spectrum(layers, 0.6, angle_deg=angle, polarization=name, side=side, check_gain=False)
    scale = max(1.0, float(found.reflectance), float(found.transmittance))
    for region, absorbed in found.region_absorption.items():
        assert profile.absorbed(region) == pytest.approx(float(absorbed), abs=1e-10 * scale)


@pytest.mark.parametrize("side", ["top", "bottom"])
def test_profiles_of_a_millimetre(side: Any) -> None:
    """Gold, an evanescent gap, glass: no overflow, and the absorption is that of the spectrum."""
    cases: list[list[complex]] = [
        [1.0, 0.2 + 3.4j, 1.5],
        [1.5, 1.6, 1.0, 1.5],
        [1.0, 1.5 + 0.01j, 2.0],
    ]
    for indices in cases:
        stack = stack_of(indices, [1000.0] * (len(indices) - 2))
        profile = field_profile(stack, 0.6, angle_deg=70, polarization="TM", side=side)
        found = spectrum(stack, 0.6, angle_deg=70, polarization="TM", side=side)
        assert np.all(np.isfinite(profile.intensity))
        for region, absorbed in found.region_absorption.items():
            assert profile.absorbed(region) == pytest.approx(float(absorbed), abs=1e-11)


def test_the_field_in_front_of_a_mirror_is_the_standing_wave() -> None:
    stack = stack_of([1.0, 1.5], [])
    z = np.linspace(-1, 2, 31)
    profile = field_profile(stack, 0.6, z=z)
    k, r, t = 2 * math.pi / 0.6, -0.2, 0.8
    above = np.abs(np.exp(-1j * k * z) + r * np.exp(1j * k * z)) ** 2
    np.testing.assert_allclose(profile.intensity, np.where(z > 0, above, t**2), atol=1e-12)


def test_memory_beyond_the_result_is_that_of_a_block() -> None:
    """Eight times the points: eight times the result, the same few megabytes beside it."""
    import tracemalloc

    def scratch(count: int) -> float:
        arrays = StackArrays(
            permittivity=tuple(np.full((1, 1, 1), e) for e in (2.25, 5.3, 2.1, 5.3, 1.0)),
            thickness=np.full((1, 3), 0.1),
            names=("a", "b", "c"),
            batched=False,
        )
        k, sine = np.linspace(8, 12, count), np.zeros((1, 1, 1))
        tracemalloc.start()
        found = amplitudes(arrays, k, sine, ("TE",), absorption=False)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        kept = sum(a.nbytes for a in (found.r, found.t, found.reflectance, found.transmittance))
        return peak - kept

    assert scratch(100_000) < 8e6
    assert scratch(800_000) < 8e6


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"angle_deg": 90.0}, "angle_deg: must satisfy 0 <= angle < 90 degrees, got 90"),
        ({"angle_deg": [10.0, -5.0]}, "got -5"),
        ({"angle_deg": float("nan")}, "got nan"),
        ({"wavelength": 0.0}, "wavelength: must be a number or a list"),
        ({"polarization": "s"}, 'must be "TE", "TM" or both'),
        ({"in_plane_wavenumber": 11.0}, "must be below n k0 = 10.472"),
        ({"in_plane_wavenumber": 1.0, "angle_deg": 5.0}, "got both"),
        ({"thickness": [-0.1, 0.1]}, "thickness: must be >= 0 um in every layer, got -0.1"),
        ({"thickness": [0.1]}, r"one column per layer \(2\)"),
        ({"side": "left"}, 'must be "top" or "bottom"'),
    ],
)
def test_bad_input_gets_one_line(arguments: dict[str, Any], message: str) -> None:
    stack = stack_of([1.0, 2.0, 1.5, 1.5], [0.1, 0.2])
    with pytest.raises(ValueError, match=message) as caught:
        spectrum(stack, **{"wavelength": 0.6, **arguments})
    assert "\n" not in str(caught.value)


def test_a_film_above_threshold_has_no_spectrum() -> None:
    """A gain film lases when R exp(g d) = 1: below, a spectrum; above, an error with a reason.

    At constant Im n the gain is 1.23 times higher at 0.81 um, the end of what is looked at.
    """
    n, d = 3.5, 1.0
    needed = math.log(((n + 1) / (n - 1)) ** 2) / d  # power gain per um, real index in R
    for share, lases in ((0.75, False), (1.1, True)):
        film = stack_of([1.0, n - 1j * share * needed / (4 * math.pi), 1.0], [d])
        if lases:
            with pytest.raises(ValueError, match="must be below its threshold") as caught:
                spectrum(film, np.linspace(0.9, 1.1, 50))
            assert "\n" not in str(caught.value)
            spectrum(film, 1.0, check_gain=False)
        else:
            assert spectrum(film, np.linspace(0.9, 1.1, 50)).reflectance.max() > 1


def test_not_a_planar_cavity() -> None:
    with pytest.raises(TypeError, match=r"must be a PlanarStack or a cavity with \.stack\(\)"):
        spectrum(1.5, 0.6)


def test_pictures() -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    stack = stack_of([1.0, 2.0 + 0.1j, 1.5], [0.3])
    axes = spectrum(stack, np.linspace(0.4, 0.8, 20)).plot()
    labels = [line.get_label() for line in axes.lines]
    assert labels == ["reflectance", "transmittance", "absorption"]
    chart = spectrum(stack, np.linspace(0.4, 0.8, 20), angle_deg=[0, 20, 40]).plot()
    assert chart.get_xlabel() == "angle (degrees)"
    with pytest.raises(ValueError, match="must be a list to plot"):
        spectrum(stack, 0.5).plot()
    plt.close("all")


def test_types_of_the_result() -> None:
    found = spectrum(stack_of([1.0, 2.0 + 0.1j, 1.5], [0.3]), 0.5, absorption=False)
    with pytest.raises(ValueError, match="must be asked for"):
        _ = found.absorption
    values: NDArray[np.float64] = found.reflectance
    assert values.shape == ()
