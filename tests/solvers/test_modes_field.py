"""Sampling a mode's field, with an analytic sampler."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from solvers.modes import Mode

Floats = NDArray[np.float64]


def sphere_sampler(r: Floats, z: Floats) -> Mapping[str, NDArray[Any]]:
    """A field that tells r from z, in a sphere of radius 2 um, known up to 4 um."""
    distance = np.hypot(r, z)
    eps = np.where(distance < 2, 2.25 + 0.001j, 1.0 + 0j)
    eps[distance > 4] = np.nan
    return {"E_r": r + 10j * z, "E_phi": 1j * r, "E_z": z + 0j, "eps": eps}


def sampled_mode() -> Mode:
    return Mode(wavenumber=10 - 1e-4j, azimuthal_order=20, sampler=sphere_sampler)


def test_the_field_is_sampled_on_the_outer_grid() -> None:
    r, z = np.array([0.0, 0.5, 3.0]), np.array([-1.0, 5.0])
    data = sampled_mode().field(r, z)
    assert dict(data.sizes) == {"r": 3, "z": 2}
    np.testing.assert_array_equal(data["E_r"], r[:, None] + 10j * z[None, :])
    np.testing.assert_array_equal(data["E_phi"], 1j * r[:, None] + 0 * z)
    assert data["E_z"].sel(r=0.5, z=-1.0).item() == -1
    assert data["eps"].sel(r=0.5, z=-1.0).item() == 2.25 + 0.001j
    assert data["eps"].sel(r=3.0, z=-1.0).item() == 1
    assert np.isnan(data["eps"].sel(z=5.0)).all()
    assert data["r"].attrs["units"] == data["z"].attrs["units"] == "um"
    assert data["eps"].attrs["units"] == "1"
    assert data["E_z"].attrs["units"] == "arbitrary"
    assert all(np.iscomplexobj(data[name]) for name in ("E_r", "E_phi", "E_z", "eps"))
    assert data.attrs["label"] == "hybrid m=20"


def test_numbers_and_lists_are_grids_too() -> None:
    data = sampled_mode().field(1, [0, 1])
    assert dict(data.sizes) == {"r": 1, "z": 2}


@pytest.mark.parametrize(
    ("r", "z", "message"),
    [
        ([], [0.0], r"^r: must be .* at least one point"),
        ([1.0], [], r"^z: must be .* at least one point"),
        ([[1.0]], [0.0], r"^r: must be .* got shape \(1, 1\)"),
        ([-0.1, 1.0], [0.0], r"^r: must be >= 0 .* got -0.1"),
        ([1.0], [np.nan], r"^z: must be finite"),
    ],
)
def test_wrong_grids_are_errors(r: Any, z: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sampled_mode().field(r, z)


def test_a_mode_without_a_sampler_says_so() -> None:
    with pytest.raises(ValueError, match=r"must carry a field sampler, got none .*; solve again"):
        Mode(wavenumber=10).field([1.0], [0.0])


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({}, r"sampler: must return 'E_r' .* got no such entry"),
        ({"E_r": np.zeros(3)}, r"sampler: must return 'E_r' with shape \(2,\), got shape \(3,\)"),
    ],
)
def test_a_wrong_sampler_is_named(answer: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Mode(wavenumber=10, sampler=lambda r, z: answer).field([1.0], [0.0, 1.0])
