"""The pictures show the numbers they are made from, with quantities and units on their axes."""

from __future__ import annotations

import math

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes

from gain import (
    CavityPopulation,
    ThresholdResult,
    lasing_cloud,
    plot_gain_and_losses,
    plot_gain_spectra,
    plot_gain_versus_pump,
    plot_lasing_cloud,
    plot_lasing_wavelength_curve,
    plot_mode_thresholds,
    plot_threshold_curve,
    quantum_shells,
    threshold,
    threshold_curve,
)
from solvers.modes import Mode

pytestmark = pytest.mark.usefixtures("no_screen")


def result(quality: float = 2e4) -> ThresholdResult:
    modes = [
        Mode(
            wavenumber=complex(2 * math.pi / x, -math.pi / x / quality),
            confinement={"gain": 0.3},
            polarization="TE",
        )
        for x in np.arange(0.60, 0.70, 0.004)
    ]
    return threshold(modes, quantum_shells())


def draw(ax: Axes) -> None:
    ax.figure.canvas.draw()


def test_gain_spectra() -> None:
    ax = plot_gain_spectra(quantum_shells(), (0.1, 1.0, 3.0))
    curves = [line for line in ax.lines if len(np.asarray(line.get_xdata())) > 2]
    assert len(curves) == 3
    x, y = (np.asarray(data) for data in curves[1].get_data())
    np.testing.assert_allclose(y, quantum_shells().gain(x / 1e3, absorbed_photons=1.0))
    assert ax.get_xlabel() == "Wavelength (nm)"
    draw(ax)


def test_gain_versus_pump() -> None:
    ax = plot_gain_versus_pump(quantum_shells(), (-20.0, 15.0))
    x, y = (np.asarray(data) for data in ax.lines[-1].get_data())
    np.testing.assert_allclose(y, quantum_shells().gain(0.665, absorbed_photons=x))
    assert ax.get_xscale() == "log"
    draw(ax)


def test_curves_against_inverse_merit() -> None:
    curve = threshold_curve(quantum_shells(), np.geomspace(1.1, 1e3, 40))
    _, (left, right) = plt.subplots(1, 2)
    assert plot_threshold_curve(curve, ax=left) is left
    np.testing.assert_allclose(np.asarray(left.lines[0].get_xdata()), 1 / curve.figure_of_merit)
    plot_lasing_wavelength_curve(curve, ax=right)
    shift = np.asarray(right.lines[-1].get_ydata())
    assert np.count_nonzero(np.isnan(shift)) == 1  # broken at the branch jump
    draw(left)


def test_cloud() -> None:
    population = CavityPopulation.from_figure_of_merit(50.0, quantum_shells())
    cloud = lasing_cloud(population, quantum_shells(), count=40)
    ax = plot_lasing_cloud(cloud)
    offsets = np.asarray(ax.collections[0].get_offsets())
    np.testing.assert_allclose(offsets[:, 0], cloud.absorbed_photons)
    np.testing.assert_allclose(offsets[:, 1], cloud.redshift_nm)
    draw(cloud.plot())


def named(ax: Axes, found: ThresholdResult) -> bool:
    """Whether the legend names the mode that lases first and no text lies over the curves."""
    legend = ax.get_legend()
    assert legend is not None
    return not ax.texts and any(
        str(found.lasing_label) in text.get_text() for text in legend.get_texts()
    )


def test_mode_thresholds() -> None:
    found = result()
    ax = plot_mode_thresholds(found)
    offsets = np.asarray(ax.collections[0].get_offsets())
    lasing = ~np.isnan(found.absorbed_photons)
    np.testing.assert_allclose(offsets[:, 1], found.absorbed_photons[lasing])
    assert named(ax, found)
    draw(found.plot())


def test_gain_touches_the_loss_of_the_lasing_mode() -> None:
    found = result()
    ax = plot_gain_and_losses(found)
    dots = next(line for line in ax.lines if line.get_marker() == ".")
    np.testing.assert_allclose(np.asarray(dots.get_ydata()), 1 / found.figure_of_merit)
    assert named(ax, found)
    draw(ax)


@pytest.mark.parametrize("plot", [plot_mode_thresholds, plot_gain_and_losses])
def test_nothing_lases(plot: object) -> None:
    assert callable(plot)
    draw(plot(result(quality=30)))


@pytest.mark.parametrize("name", ["all", "none"])
def test_axes_are_reused(name: str) -> None:
    _, ax = plt.subplots()
    before = plt.get_fignums()
    plot_mode_thresholds(result(2e6 if name == "all" else 30), ax=ax)
    assert plt.get_fignums() == before
    assert ax.get_ylabel()
