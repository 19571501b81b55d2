"""Profiles of modes over groups of nanocrystals."""

from __future__ import annotations

import numpy as np
import pytest

from gain import LaserModes, field_profile, quantum_shells, standing_wave_profile, threshold
from solvers.modes import Mode


def mode(order: int, wavenumber: complex = 9.44 - 4e-4j) -> Mode:
    def sampler(r: np.ndarray, z: np.ndarray) -> dict[str, np.ndarray]:
        inside = r < 9
        field = np.where(inside, r ** (order / 10) * (1 + 0j), np.nan)
        return {"E_r": 0 * field, "E_phi": 1j * field, "E_z": field, "eps": 0 * r + 2.0}

    return Mode(
        wavenumber=wavenumber, confinement={"gain": 0.3}, azimuthal_order=order, sampler=sampler
    )


def test_field_profile_is_the_energy_density() -> None:
    r, z = np.array([1.0, 2.0]), np.array([0.5, 0.5])
    profile = field_profile([mode(10), mode(20)], r, z)
    np.testing.assert_allclose(profile, 4 * np.array([[1, 1], [4, 16]]))


def test_fields_are_needed_and_points_inside() -> None:
    bare = Mode(wavenumber=9.4 - 1e-4j, confinement={"gain": 0.3})
    with pytest.raises(ValueError, match=r"modes: .* got none for mode 1"):
        field_profile([mode(10), bare], [1.0], [0.0])
    with pytest.raises(ValueError, match=r"r, z: .* r = 10"):
        field_profile([mode(10)], [1.0, 10.0], [0.0, 0.0])
    with pytest.raises(ValueError, match="as long as each other"):
        field_profile([mode(10)], [1.0, 2.0], [0.0])


def test_standing_waves_are_uncorrelated_and_have_contrast() -> None:
    profile = standing_wave_profile([80, 81, 83], 31)
    np.testing.assert_allclose(profile.mean(axis=0), 1)
    covariance = (profile.T @ profile) / 31 - 1
    np.testing.assert_allclose(covariance, 0.5 * np.eye(3), atol=1e-12)
    with pytest.raises(ValueError, match=r"groups: .* got 7"):
        standing_wave_profile([3, 4], 7)


def test_modes_of_a_solver_keep_their_figures_of_merit() -> None:
    modes = [mode(88, 9.4552 - 4e-4j), mode(87, 9.3892 - 4e-4j), mode(70, 11.0 - 4e-4j)]
    static = threshold(modes, quantum_shells())
    found = LaserModes.from_modes(modes, quantum_shells())
    assert list(found.wavelength) == sorted(static.wavelength)
    np.testing.assert_allclose(np.sort(found.figure_of_merit), np.sort(static.figure_of_merit))
    best = LaserModes.from_modes(modes, quantum_shells(), keep=1)
    assert best.labels == (static.lasing_label,)
    explicit = LaserModes.explicit(
        found.wavelength, quality_factor=found.quality_factor, medium=quantum_shells(),
        confinement=0.3,
    )  # fmt: skip
    np.testing.assert_allclose(explicit.figure_of_merit, found.figure_of_merit)


def test_profiles_are_scaled_to_a_mean_of_one() -> None:
    modes = LaserModes.explicit([0.65, 0.66], quality_factor=6e3, figure_of_merit=50)
    found = modes.with_profile([[1, 5], [3, 0]], group_fraction=[1, 3], pump_profile=[2, 6])
    np.testing.assert_allclose(found.group_fraction, [0.25, 0.75])
    np.testing.assert_allclose(found.group_fraction @ found.profile, 1)
    np.testing.assert_allclose(found.profile[:, 0], [0.4, 1.2])
    np.testing.assert_allclose(found.pump_profile, [0.4, 1.2])
