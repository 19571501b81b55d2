"""The polariton pictures show the numbers they are made from, with units on their axes."""

from __future__ import annotations

from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.axes import Axes

from gain import (
    CavityPhoton,
    CoupledOscillators,
    DispersionPeaks,
    Exciton,
    LifetimeCurve,
    bose_einstein,
    condensate_occupation,
    emission_map,
    fit_blueshift,
    fit_dispersion,
    fit_occupation,
    fit_polarization,
    fit_s_curve,
    mean_field_blueshift_mev,
    paper_laser,
    paper_oscillators,
    plot_blueshift,
    plot_dispersion,
    plot_dispersion_map,
    plot_hopfield_weights,
    plot_lifetime,
    plot_linewidth,
    plot_occupation,
    plot_polarization,
    plot_pulses,
    plot_s_curve,
)

pytestmark = pytest.mark.usefixtures("no_screen")

ANGLE = np.linspace(-30, 30, 31)
SYSTEM = paper_oscillators(exciton_fwhm_mev=20.0, quality_factor=925)


def labels(ax: Axes) -> list[str]:
    return [str(line.get_label()) for line in ax.lines]


def draw(ax: Axes) -> None:
    ax.figure.canvas.draw()


def line(ax: Axes, label: str) -> np.ndarray:
    return np.asarray(next(item for item in ax.lines if item.get_label() == label).get_ydata())


def test_dispersion_holds_bare_cavity_exciton_and_both_branches() -> None:
    branches = SYSTEM.branches(angle_deg=ANGLE)
    ax = plot_dispersion(branches, widths=True)
    np.testing.assert_allclose(line(ax, "bare cavity"), branches.photon_energy_ev[:, 0])
    np.testing.assert_allclose(line(ax, "exciton"), 2.09)
    np.testing.assert_allclose(line(ax, "lower polariton"), branches.lower)
    np.testing.assert_allclose(line(ax, "upper polariton"), branches.upper)
    assert ax.get_xlabel() == "Angle (deg)"
    assert ax.get_ylabel() == "Energy (eV)"
    assert len(ax.collections) == 2
    draw(ax)
    draw(branches.plot())


def test_three_branches_have_names() -> None:
    system = CoupledOscillators(
        photons=(CavityPhoton(energy_ev=2.06, effective_index=1.7),),
        excitons=(Exciton(energy_ev=2.05, name="X"), Exciton(energy_ev=2.15, name="Y")),
        rabi_splittings_mev=45.0,
    )
    branches = system.branches(in_plane_wavenumber=np.linspace(0, 8, 21))
    ax = plot_dispersion(branches)
    assert "middle polariton" in labels(ax)
    assert "wavenumber" in ax.get_xlabel()
    weights = plot_hopfield_weights(branches, branch=1)
    total = sum(np.asarray(item.get_ydata()) for item in weights.lines[:3])
    np.testing.assert_allclose(total, 1)
    draw(weights)


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_map_with_branches_over_it(scale: str) -> None:
    found = emission_map(SYSTEM, angle_deg=ANGLE, energy_ev=np.linspace(2.0, 2.2, 101))
    ax = plot_dispersion_map(found, SYSTEM.branches(angle_deg=ANGLE), scale=scale)  # type: ignore[arg-type]
    mesh = ax.collections[0]
    values = np.asarray(mesh.get_array())
    assert values.max() == pytest.approx(1)
    assert {"bare cavity", "exciton", "lower polariton", "upper polariton"} <= set(labels(ax))
    draw(ax)
    batch = replace(found, intensity=found.intensity[None])
    with pytest.raises(ValueError, match="measured: must be one map"):
        plot_dispersion_map(batch)
    transmission = replace(found, kind="transmission")
    draw(transmission.plot())


def test_fit() -> None:
    branches = SYSTEM.branches(angle_deg=ANGLE)
    peaks = DispersionPeaks.single(ANGLE, branches.lower, error_mev=1.0).joined(
        DispersionPeaks.single(ANGLE, branches.upper, error_mev=1.0, branch="upper")
    )
    draw(fit_dispersion(peaks).plot())


def test_s_curve() -> None:
    pump = 49 * np.geomspace(0.3, 3, 12)
    fit = fit_s_curve(pump, condensate_occupation(pump / 49, 1e-4))
    ax = plot_s_curve(fit, pump_unit="uJ/cm^2")
    assert ax.get_xlabel() == "Pump (uJ/cm^2)"
    assert ax.get_yscale() == "log"
    draw(ax)
    draw(fit.plot())


def test_linewidth() -> None:
    ratio = np.geomspace(0.2, 3, 40)
    ax = plot_linewidth(paper_laser(), ratio, measured_mev=([1.13], [2.23]))
    shown = line(ax, "quantum limit (CW)")
    np.testing.assert_allclose(shown, paper_laser().linewidth_mev(ratio))
    draw(ax)


def test_blueshift() -> None:
    ratio = np.linspace(0.2, 2.4, 8)
    shift = mean_field_blueshift_mev(ratio, beta=1e-4, reservoir_shift_mev=3.1)
    fit = fit_blueshift(ratio, shift, error_mev=0.1, beta=1e-4)
    ax = plot_blueshift(fit, limit_mev=12.74)
    assert "limit of saturation" in labels(ax)
    draw(ax)
    draw(fit.plot())


def test_occupation() -> None:
    energy = np.linspace(0, 50, 11)
    data = bose_einstein(energy, temperature_k=300, chemical_potential_mev=-1)
    fit = fit_occupation(energy, data, statistics="bose_einstein", amplitude=1.0)
    ax = plot_occupation(fit, labels=["1.1 P_th"])
    assert labels(ax)[0].startswith("1.1 P_th: BE, T = 300 K")
    draw(ax)
    draw(fit_occupation(energy, data).plot())


def test_time() -> None:
    pulses = [paper_laser().pulsed(ratio) for ratio in (0.5, 1.6)]
    ax = plot_pulses(pulses, duration_ps=50)
    assert len(ax.lines) == 2
    draw(ax)
    curve = LifetimeCurve.of(pulses, irf_fwhm_ps=50.0)
    lifetime = plot_lifetime(curve)
    np.testing.assert_allclose(line(lifetime, "emission"), curve.decay_time_ps)
    draw(lifetime)


def test_polarization() -> None:
    angle = np.arange(0, 360, 30.0)
    fit = fit_polarization(angle, 1 + 0.3 * np.cos(2 * np.radians(angle)), error=0.01)
    draw(plot_polarization(fit))
    _, ax = plt.subplots(subplot_kw={"projection": "polar"})
    assert fit.plot(ax=ax) is ax
