"""Lorentz-Drude fits: within the stated error, passive and stable."""

from __future__ import annotations

import numpy as np
import pytest

from cavities import Material
from solvers.fdtd.material_fit import fit_material, fitted_permittivity


@pytest.mark.parametrize(
    ("name", "largest"),
    [("Au", 0.01), ("Ti", 0.002), ("Si", 1e-3), ("SU8", 1e-4), ("TiO2", 1e-4), ("glass", 1e-4)],
)
def test_fit_is_as_good_as_it_says(name: str, largest: float) -> None:
    window = (0.60, 0.68)
    material = Material.named(name)
    fit = fit_material(material, window)
    waves = np.linspace(*window, 77)
    eps = material.permittivity(waves)
    error = np.abs(fitted_permittivity(fit.medium, 1 / waves) - eps) / np.abs(eps)
    assert fit.error < largest
    assert error.max() < 1.2 * fit.error + 1e-9
    assert fit.medium["epsilon"] >= 1
    assert all(pole["gamma"] > 0 and pole["sigma"] > 0 for pole in fit.medium["poles"])


def test_constant_media_are_exact_at_the_centre() -> None:
    window = (0.60, 0.68)
    fit = fit_material(Material.constant(1.9), window)
    assert fit.medium == {"epsilon": pytest.approx(3.61), "conductivity": 0.0, "poles": []}
    assert fit.error < 1e-14
    lossy = fit_material(Material.constant(1.9 + 0.01j), window)
    centre = np.array([(1 / 0.60 + 1 / 0.68) / 2])
    value = complex(fitted_permittivity(lossy.medium, centre)[0])
    assert value == pytest.approx((1.9 + 0.01j) ** 2, rel=1e-3)


def test_gain_and_impossible_fits_are_refused() -> None:
    with pytest.raises(ValueError, match="must not amplify"):
        fit_material(Material.constant(1.9 - 0.001j), (0.6, 0.68))
    with pytest.raises(ValueError, match="must be fitted within 1e-06"):
        fit_material(Material.named("Au"), (0.5, 0.8), tolerance=1e-6)
