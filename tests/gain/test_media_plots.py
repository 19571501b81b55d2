"""Pictures of media, pumping and claims: they show the numbers, on given or new axes."""

from __future__ import annotations

import numpy as np
import pytest

from gain import (
    GaussianLine,
    ParameterRange,
    depth_profile,
    find_holding_box,
    map_sensitivity,
    plasma_shells,
    plot_averaged_populations,
    plot_claim_by_parameter,
    plot_ensemble_lines,
    plot_plasma_gain,
    plot_sensitivity_map,
    poisson_populations,
    quantum_shells,
)

pytestmark = pytest.mark.usefixtures("no_screen")

BOX = (
    ParameterRange(name="x", low=1, high=100, scale="log", label="figure of merit"),
    ParameterRange(name="y", low=0, high=1),
)


def test_ensemble_lines_are_the_sum_of_the_classes() -> None:
    film = quantum_shells(inhomogeneous=GaussianLine(std_nm=8.0))
    ax = plot_ensemble_lines(film, classes=21)
    thick = [line for line in ax.lines if line.get_linewidth() == 2]
    thin = [line for line in ax.lines if line.get_linewidth() < 1]
    assert len(thin) == 42
    total = np.sum([np.asarray(line.get_ydata()) for line in thin[::2]], axis=0)
    np.testing.assert_allclose(total, np.asarray(thick[0].get_ydata()), atol=1e-6)
    assert ax.get_xlabel() == "Wavelength (nm)"


def test_plasma_gain_ends_at_its_dots() -> None:
    ax = plot_plasma_gain(plasma_shells(), pairs=(0, 8, 20))
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert len(dots) == 2
    assert ax.get_xlabel() == "Photon energy (eV)"


def test_averaged_populations_lie_beside_those_at_the_mean() -> None:
    profile = depth_profile([4.0, 2.0, 1.0], [1.0, 1.0, 1.0])
    ax = plot_averaged_populations(profile)
    solid, dashed = ax.lines[0], ax.lines[1]
    mean = np.asarray(dashed.get_xdata(), dtype=float)
    np.testing.assert_allclose(np.asarray(dashed.get_ydata()), poisson_populations(mean)[:, 0])
    assert np.all(np.asarray(solid.get_ydata()) >= np.asarray(dashed.get_ydata()))
    assert "N_\\mathrm{eff}" in ax.get_xlabel()


def test_claims_over_parameters() -> None:
    import matplotlib.pyplot as plt

    found = map_sensitivity(lambda x, y: x > 10, BOX, count=256, description="large is good")
    _, axes = plt.subplots(1, 2)
    ax = plot_sensitivity_map(found, "x", "y", box=find_holding_box(found), bins=4, ax=axes[0])
    assert ax is axes[0]
    (mesh,) = ax.collections
    np.testing.assert_allclose(np.asarray(mesh.get_array()).reshape(4, 4)[:, 0], 0)
    np.testing.assert_allclose(np.asarray(mesh.get_array()).reshape(4, 4)[:, 3], 1)
    assert ax.get_xscale() == "log"
    assert ax.get_xlabel() == "Figure of merit"
    lines = plot_claim_by_parameter(found, bins=4, ax=axes[1]).lines
    np.testing.assert_allclose(np.asarray(lines[0].get_ydata()), [0, 0, 1, 1])
