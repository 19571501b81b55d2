"""First-order gain overlap: against the exact pole on the real axis, and stored with the modes."""

from __future__ import annotations

from pathlib import Path

import pytest

from cavities import Layer, PlanarMicrocavity, PlanarStack, QuarterWaveMirror, Sphere
from gain import modal_overlap, quantum_shells, threshold
from solvers import solve_modes
from solvers.axisymmetric.derivative import mode_derivative
from solvers.modes import Mode, ModeSet
from solvers.multilayer import threshold_gain


def microcavity(film: str | float, high: str | float, low: str | float) -> PlanarMicrocavity:
    mirror = QuarterWaveMirror(
        design_wavelength=0.65, high_material=high, low_material=low, pairs=6.5
    )
    return PlanarMicrocavity(
        bottom_mirror=mirror,
        top_mirror=mirror,
        cavity=(Layer(name="gain", material=film, thickness=0.7027),),
    )


CAVITIES = {
    "nothing disperses": microcavity(1.85, 2.3, 1.46),
    "mirrors disperse": microcavity(1.85, "TiO2", "SiO2"),
    "film disperses": microcavity("nanocrystal_film", 2.3, 1.46),
    "both disperse": microcavity("nanocrystal_film", "TiO2", "SiO2"),
}


@pytest.mark.parametrize("name", CAVITIES)
def test_threshold_gain_within_1e_minus_4_of_the_exact_pole(name: str) -> None:
    """The energy fraction misses it by 2 to 9 % where media disperse."""
    device = CAVITIES[name]
    modes = solve_modes(device, (0.6, 0.7))
    assert len(modes)
    film = device.stack().layers[len(device.stack().layers) // 2].material
    for mode in modes:
        exact = threshold_gain(device, mode)
        found = threshold([mode], quantum_shells(film_index=film))
        assert found.material_gain_per_cm[0] == pytest.approx(exact.gain_per_cm, rel=1e-4)
        assert found.gain_overlap[0] == modal_overlap(mode, "gain")
        by_energy = exact.formula_per_cm / exact.gain_per_cm
        if name == "nothing disperses":
            assert by_energy == pytest.approx(1, abs=0.01)
        elif "film" in name or "both" in name:
            assert by_energy < 0.95


@pytest.mark.parametrize("polarization", ["TE", "TM"])
def test_oblique_modes(polarization: str) -> None:
    device = CAVITIES["both disperse"]
    mode = solve_modes(device, (0.56, 0.68), angle_deg=30, polarization=polarization)[0]
    exact = threshold_gain(device, mode)
    found = threshold([mode], quantum_shells(film_index="nanocrystal_film"))
    assert found.material_gain_per_cm[0] == pytest.approx(exact.gain_per_cm, rel=2e-3)


def test_film_of_low_quality() -> None:
    """Q of 19: still within two permille."""
    film = PlanarStack(
        substrate=1.0,
        superstrate=1.0,
        layers=(Layer(name="gain", material=3.5, thickness=1.0),),
    )
    (mode,) = solve_modes(film, (0.95, 1.05), quality_factor_floor=1)
    exact = threshold_gain(film, mode)
    found = threshold([mode], quantum_shells(film_index=3.5))
    assert found.material_gain_per_cm[0] == pytest.approx(exact.gain_per_cm, rel=2e-3)
    assert modal_overlap(mode, "gain") > 1  # a few 1e-4 at Q = 19


def test_overlaps_of_all_layers_without_dispersion_are_the_energy_fractions() -> None:
    (mode,) = solve_modes(CAVITIES["nothing disperses"], (0.63, 0.67))
    for region, overlap in mode.gain_overlap.items():
        assert overlap == pytest.approx(mode.confinement[region], abs=0.01)


def test_body_of_revolution_against_the_derivative_by_index() -> None:
    """Gamma_1 = 2 n d(Im k0)/dg = -n Re(dk0/dn / k0)."""
    ball = Sphere(radius=1.0, material=1.5)
    mode = solve_modes(ball, (0.384, 0.39), azimuthal_order=20)[0]
    slope = mode_derivative(mode, ball, "material.index").wavenumber
    expected = -1.5 * (slope / mode.wavenumber).real
    assert mode.gain_overlap["sphere"] == pytest.approx(expected, rel=1e-6)
    assert mode.gain_overlap["sphere"] == pytest.approx(mode.confinement["sphere"], abs=0.02)


def test_stored_and_read_back(tmp_path: Path) -> None:
    mode = Mode(wavenumber=9.4 - 1e-3j, confinement={"gain": 0.5}, gain_overlap={"gain": 0.45})
    bare = Mode(wavenumber=9.3 - 1e-3j, confinement={"gain": 0.5})
    modes = ModeSet(modes=(mode, bare))
    modes.save(tmp_path / "modes.h5")
    for back in (
        ModeSet.load(tmp_path / "modes.h5"),
        ModeSet.from_dataframe(modes.to_dataframe()),
        ModeSet.from_dataset(modes.to_dataset()),
    ):
        assert [dict(one.gain_overlap) for one in back] == [{"gain": 0.45}, {}]
    older = modes.to_dataset().drop_vars("gain_overlap")
    assert [dict(one.gain_overlap) for one in ModeSet.from_dataset(older)] == [{}, {}]
    assert modes.sorted_by("gain_overlap:gain")[0].gain_overlap["gain"] == 0.45
