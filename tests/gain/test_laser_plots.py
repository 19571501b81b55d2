"""The pictures of populations and lasers show the numbers they are made from."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh

from gain import (
    GaussianPulse,
    InstantPulse,
    LaserModel,
    LaserModes,
    LightLightCurve,
    evolve_populations,
    kinetics_preset,
    light_light,
    mode_shares,
    output_spectra,
    plot_cw_laser,
    plot_laser_trace,
    plot_light_light_curve,
    plot_mode_competition,
    plot_output_spectra,
    plot_populations,
    quantum_shells,
    simulate_laser,
    steady_laser,
)

pytestmark = pytest.mark.usefixtures("no_screen")

SHELLS = kinetics_preset("microdisk_shells")
MODEL = LaserModel(
    medium=quantum_shells(),
    kinetics=SHELLS,
    modes=LaserModes.comb(0.658, spacing_nm=4.05, count=5, quality_factor=6000, figure_of_merit=50),
)


@pytest.fixture(scope="module")
def curve() -> LightLightCurve:
    return light_light(MODEL, InstantPulse(), np.geomspace(0.1, 1.5, 26), duration_ns=30.0)


def labelled(ax: Axes) -> dict[str, np.ndarray]:
    return {str(line.get_label()): np.asarray(line.get_ydata()) for line in ax.lines}


def draw(ax: Axes) -> None:
    ax.figure.canvas.draw()
    assert ax.get_xlabel()
    assert ax.get_ylabel()


def test_populations() -> None:
    trace = evolve_populations(SHELLS, GaussianPulse(fwhm_ns=1.0), [0.5, 3.0])
    ax = plot_populations(trace, pump=1)
    lines = labelled(ax)
    np.testing.assert_allclose(lines["XX"], trace.populations[1, :, 2])
    np.testing.assert_allclose(lines["5 and more"], trace.populations[1, :, 5:].sum(axis=1))
    assert ax.get_xlabel() == "Time (ns)"
    draw(trace.plot())


def test_trace() -> None:
    trace = simulate_laser(MODEL, GaussianPulse(fwhm_ns=1.0), 0.6, duration_ns=5.0)
    ax = plot_laser_trace(trace, modes=2)
    lines = labelled(ax)
    best = trace.output_per_ns[:, trace.brightest]
    np.testing.assert_allclose(lines[trace.brightest_label], np.maximum(best, 1e-300))
    assert ax.get_yscale() == "log"
    draw(ax)
    draw(trace.plot())


def test_light_light_curve_marks_three_thresholds(curve: LightLightCurve) -> None:
    ax = plot_light_light_curve(curve)
    np.testing.assert_allclose(labelled(ax)["all modes"], curve.output)
    upright = [float(np.asarray(line.get_xdata())[0]) for line in ax.lines
               if len(np.asarray(line.get_xdata())) == 2]  # fmt: skip
    expected = [curve.net_gain_threshold, curve.slope_threshold, curve.linear_threshold]
    assert upright == pytest.approx(expected)
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    draw(ax)


def test_maps(curve: LightLightCurve) -> None:
    spectra = output_spectra(curve, np.linspace(0.62, 0.68, 200), instrument_nm=1.0)
    ax = plot_output_spectra(spectra)
    mesh = next(item for item in ax.collections if isinstance(item, QuadMesh))
    values = np.asarray(mesh.get_array()).reshape(spectra.per_nm.shape)
    assert values.max(axis=1) == pytest.approx(0)  # each row in dB of its maximum
    draw(ax)
    shares = mode_shares(MODEL, InstantPulse(), np.geomspace(0.1, 5, 6))
    ax = plot_mode_competition(shares)
    leading = labelled(ax)["leading mode"]
    np.testing.assert_allclose(leading, shares.absorbed_photons)
    draw(shares.plot())


def test_cw() -> None:
    steady = steady_laser(MODEL, np.geomspace(0.05, 5, 12))
    ax = plot_cw_laser(steady, modes=2)
    drawn = labelled(ax)
    best = int(steady.output_per_ns[-1].argmax())
    np.testing.assert_allclose(drawn[MODEL.modes.labels[best]], steady.output_per_ns[:, best])
    draw(ax)


def test_axes_are_reused_and_dark_lasers_drawn() -> None:
    weak = LaserModel(
        medium=quantum_shells(),
        kinetics=SHELLS,
        modes=LaserModes.explicit([0.66], quality_factor=100, figure_of_merit=0.5),
    )
    _, ax = plt.subplots()
    before = plt.get_fignums()
    dark = light_light(weak, InstantPulse(), np.geomspace(0.1, 5, 5), duration_ns=30.0)
    assert plot_light_light_curve(dark, ax=ax) is ax
    assert plt.get_fignums() == before
    assert len([line for line in ax.lines if len(np.asarray(line.get_xdata())) == 2]) == 0
    draw(ax)
    draw(mode_shares(weak, InstantPulse(), [0.1, 1.0, 2.0, 3.0]).plot())
    draw(steady_laser(weak, [0.1, 1.0]).plot())
