"""Where the loss of a mode is taken from when rounding hides it in the eigenvalue."""

from __future__ import annotations

import math

import numpy as np
import pytest

from solvers.axisymmetric.description import with_balanced_loss
from solvers.axisymmetric.energies import EnergyBalance


def balance(**inverse_quality: float) -> EnergyBalance:
    return EnergyBalance(
        inverse_quality=inverse_quality,
        confinement={},
        electric_energy=1.0,
        azimuthal_slope=1.0,
        inertia=1.0 + 0j,
    )


def q_of(k: complex) -> float:
    return -k.real / (2 * k.imag)


def test_the_eigenvalue_decides_where_it_has_digits() -> None:
    wavenumbers = np.asarray([10 - 1e-3j, 10 - 5e-10j])
    balances = [balance(radiation=1 / 5100), balance(radiation=1 / 1.1e10)]
    got, rounding = with_balanced_loss(wavenumbers, balances)
    assert got.tolist() == wavenumbers.tolist()
    assert rounding[0] < 1e-10
    assert 1e-5 < rounding[1] < 1e-4


def test_the_balance_decides_where_rounding_hides_the_loss() -> None:
    """Also where noise gave the eigenvalue the sign of gain."""
    wavenumbers = np.asarray([10 - 1e-14j, 10 + 3e-14j])
    balances = [balance(radiation=1e-14, gold=3e-14), balance(radiation=2e-14)]
    got, rounding = with_balanced_loss(wavenumbers, balances)
    assert q_of(got[0]) == pytest.approx(2.5e13)
    assert q_of(got[1]) == pytest.approx(5e13)
    assert np.all((rounding > 1e-3) & (rounding < 0.1))


@pytest.mark.parametrize("loss", [1e-17, 0.0, -1e-17])
def test_beyond_1e15_q_is_a_lower_bound_with_unknown_error(loss: float) -> None:
    got, rounding = with_balanced_loss(np.asarray([10 + 1e-15j]), [balance(radiation=loss)])
    assert q_of(got[0]) == pytest.approx(1e15)
    assert math.isinf(rounding[0])
