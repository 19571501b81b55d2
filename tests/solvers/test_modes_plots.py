"""The pictures of modes show the numbers of the modes, with quantities and units on the axes."""

import dataclasses
import math
from collections.abc import Iterator, Mapping
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection, QuadMesh
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

from solvers.free_spectral_range import free_spectral_range
from solvers.modes import Mode, ModeSet
from solvers.plot_modes import (
    plot_free_spectral_range,
    plot_mode_field,
    plot_quality_factors,
    plot_spectrum,
)

Floats = NDArray[np.float64]


@pytest.fixture(autouse=True)
def no_windows() -> Iterator[None]:
    from matplotlib import pyplot as plt

    before = mpl.get_backend()
    plt.switch_backend("Agg")
    yield
    plt.close("all")
    plt.switch_backend(before)


def comb(
    orders: range = range(140, 146),
    polarizations: tuple[str, ...] = ("TE", "TM"),
    radial_orders: tuple[int, ...] = (1, 2),
) -> ModeSet:
    """A whispering-gallery comb of a 20 um ring: k n R = m, Q set by order and polarisation."""
    modes = []
    for p, polarization in enumerate(polarizations):
        for radial in radial_orders:
            index = 1.55 - 0.03 * p - 0.05 * radial
            gold, radiation = 10.0 ** (5 + p), 10.0 ** (9 - 2 * radial)
            quality = 1 / (1 / gold + 1 / radiation)
            modes += [
                Mode(
                    wavenumber=m / (10 * index) * (1 - 0.5j / quality),
                    quality_factors={"radiation": radiation, "absorption:gold": gold},
                    polarization=polarization,
                    azimuthal_order=m,
                    radial_order=radial,
                    axial_order=0,
                )
                for m in orders
            ]
    return ModeSet(modes=tuple(modes)).sorted_by("wavelength")


def points(ax: Axes) -> tuple[Floats, Floats]:
    """Return the positions (n, 2) and the colour values (n,) of all coloured markers."""
    drawn = [c for c in ax.collections if isinstance(c, PathCollection)]
    coloured = [c for c in drawn if c.get_array() is not None]
    positions = np.concatenate([np.asarray(c.get_offsets()) for c in coloured])
    return positions, np.concatenate([np.asarray(c.get_array()) for c in coloured])


def legend(ax: Axes) -> list[str]:
    found = ax.get_legend()
    assert found is not None
    return [text.get_text() for text in found.get_texts()]


def by_position(positions: Floats, values: Floats) -> Floats:
    table = np.column_stack([positions, values])
    return np.asarray(table[np.lexsort(table.T)])


# Spectrum


def test_spectrum_places_every_mode_and_colours_it_by_q() -> None:
    modes = comb()
    ax = modes.plot()
    positions, qualities = points(ax)
    expected = np.array([[m.azimuthal_order, m.wavelength] for m in modes], dtype=float)
    wanted = by_position(expected, np.array([m.quality_factor for m in modes]))
    np.testing.assert_allclose(by_position(positions, qualities), wanted)
    assert ax.get_xlabel() == "azimuthal order m"
    assert ax.get_ylabel() == "vacuum wavelength (µm)"
    assert legend(ax) == ["TE", "TM"]
    (bar,) = [other for other in ax.figure.axes if other is not ax]
    assert bar.get_ylabel() == "quality factor Q"
    norms = [c.norm for c in ax.collections if c.get_array() is not None]
    assert all(isinstance(norm, LogNorm) for norm in norms)
    assert {(norm.vmin, norm.vmax) for norm in norms} == {(1e4, 1e6)}


def test_spectrum_uses_the_axes_it_is_given() -> None:
    from matplotlib import pyplot as plt

    ax = Figure().subplots()
    assert plot_spectrum(comb(), ax=ax) is ax
    assert plt.get_fignums() == []


def test_spectrum_marks_gain_and_counts_what_it_leaves_out() -> None:
    lossy = comb()[0]
    gain = dataclasses.replace(lossy, wavenumber=lossy.wavenumber.conjugate(), azimuthal_order=7)
    lossless = dataclasses.replace(lossy, wavenumber=lossy.wavenumber.real, azimuthal_order=8)
    bare = Mode(wavenumber=10 - 1e-3j)
    ax = plot_spectrum(ModeSet(modes=(lossy, gain, lossless, bare)))
    positions, qualities = points(ax)
    order = lossy.azimuthal_order
    assert order is not None
    assert positions[:, 0].tolist() == [order, 8]
    assert qualities[1] >= qualities[0]
    assert legend(ax) == [
        lossy.polarization,
        f"{lossy.polarization}, net gain",
        "1 without m not shown",
    ]


def test_spectrum_of_modes_without_azimuthal_orders_shows_q() -> None:
    modes = ModeSet(
        modes=(Mode(wavenumber=10 - 1e-3j), Mode(wavenumber=11 - 1e-2j), Mode(wavenumber=12))
    )
    ax = plot_spectrum(modes)
    (line,) = [line for line in ax.lines if len(np.asarray(line.get_xdata()))]
    np.testing.assert_allclose(np.asarray(line.get_ydata()), [5000, 550])
    assert ax.get_yscale() == "log"
    assert legend(ax) == ["hybrid", "1 lossless or with gain not shown"]


# Quality factors


def test_quality_factors_are_placed_on_a_log_axis() -> None:
    modes = comb()[:3]
    ax = plot_quality_factors(modes)
    drawn = [float(np.asarray(line.get_xdata())[0]) for line in ax.lines if line.get_marker() == "o"
             and len(np.asarray(line.get_xdata()))]  # fmt: skip
    channels = [q for mode in modes for q in mode.quality_factors.values()]
    assert sorted(drawn) == pytest.approx(sorted(channels))
    totals = [
        np.asarray(line.get_xdata()).tolist() for line in ax.lines if line.get_linewidth() == 2.2
    ]
    assert [pair for pair in totals if pair] == [[mode.quality_factor] * 2 for mode in modes]
    assert ax.get_xscale() == "log"
    assert ax.get_xlabel() == "quality factor Q by loss channel"
    assert legend(ax) == ["total", "radiation", "absorption:gold"]
    names = [tick.get_text() for tick in ax.get_yticklabels()]
    assert names[0] == f"{modes[0].label}  {1e3 * modes[0].wavelength:.2f} nm"
    bottom, top = ax.get_ylim()
    assert bottom > top  # the first mode is on top


def test_quality_factors_off_the_scale_are_written_at_the_edge() -> None:
    base = comb()[0]
    odd = dataclasses.replace(
        base, quality_factors={"radiation": 1e15, "scattering": math.inf, "gain": -2e5}
    )
    ax = plot_quality_factors([base, odd])
    assert {text.get_text() for text in ax.texts} == {"1.0e+15", "∞", "-2.0e+05"}
    assert ax.get_xlim()[1] < 1e12
    markers = [line.get_marker() for line in ax.lines]
    assert (markers.count(">"), markers.count("x")) == (2, 1)


def test_too_many_rows_or_none_are_errors() -> None:
    modes = comb(range(100, 150))
    with pytest.raises(ValueError, match=r"modes: must be at most 40 .* got 200; choose"):
        plot_quality_factors(modes)
    for plot in (plot_quality_factors, plot_spectrum):
        with pytest.raises(ValueError, match=r"modes: must hold at least one mode, got none"):
            plot(ModeSet(modes=()))


# Free spectral range


def test_free_spectral_ranges_and_the_ring() -> None:
    modes = comb(polarizations=("TE",), radial_orders=(1,))
    ax = plot_free_spectral_range(modes, diameter=20.0, group_index=1.5)
    family, ring = ax.lines
    (spacing,) = free_spectral_range(modes)
    np.testing.assert_allclose(np.asarray(family.get_xdata()), spacing.wavelength)
    np.testing.assert_allclose(np.asarray(family.get_ydata()), 1e3 * spacing.spacing)
    x, y = (np.asarray(data) for data in (ring.get_xdata(), ring.get_ydata()))
    np.testing.assert_allclose(y, 1e3 * x**2 / (math.pi * 20 * 1.5))
    # the comb has n_g = 1.5 exactly, so that the first and last points lie on the line
    np.testing.assert_allclose(
        sorted(spacing.spacing * 1e3)[:: spacing.spacing.size - 1], y[[0, -1]]
    )
    assert ax.get_xlabel() == "vacuum wavelength (µm)"
    assert ax.get_ylabel() == "free spectral range (nm)"
    assert legend(ax)[0] == "TE (1, 0)"


def test_many_families_are_told_apart_by_a_colour_bar() -> None:
    modes = comb(range(100, 104), radial_orders=tuple(range(1, 9)))
    ax = plot_free_spectral_range(modes)
    assert legend(ax) == ["TE", "TM"]
    (bar,) = [other for other in ax.figure.axes if other is not ax]
    assert bar.get_ylabel() == "radial order"


def test_free_spectral_range_needs_neighbours_and_both_ring_parameters() -> None:
    with pytest.raises(ValueError, match=r"diameter, group_index: must be given together"):
        plot_free_spectral_range(comb(), diameter=20.0)
    with pytest.raises(ValueError, match=r"modes: must hold two neighbouring azimuthal orders"):
        plot_free_spectral_range(comb(range(100, 101)))


# Field


def ring_sampler(r: Floats, z: Floats) -> Mapping[str, NDArray[Any]]:
    """A ring of light at r = 9 um, z = 1 um; E_z is odd in z, all are 2i times real fields."""
    shape = 2j * np.exp(-((r - 9) ** 2) - (z - 1) ** 2)
    eps = np.where(r < 10, 2.25, 1.0) + 0j
    eps[z > 4] = np.nan
    shape[z > 4] = np.nan
    return {"E_r": shape, "E_phi": 0 * shape, "E_z": shape * (z - 1), "eps": eps}


R, Z = np.linspace(6, 12, 61), np.linspace(-1, 5, 31)
MODE = Mode(wavenumber=10 - 1e-4j, azimuthal_order=140, sampler=ring_sampler)


def shown(ax: Axes) -> Floats:
    """Return the values on screen (nz, nr), nan where blank."""
    (mesh,) = [c for c in ax.collections if isinstance(c, QuadMesh)]
    return np.ma.filled(np.ma.asarray(mesh.get_array(), dtype=float), np.nan).reshape(31, 61)


def test_energy_picture_is_normalised_and_blank_outside_the_domain() -> None:
    ax = plot_mode_field(MODE, R, Z)
    values = shown(ax)
    r, z = np.meshgrid(R, Z)
    intensity = np.exp(-2 * (r - 9) ** 2 - 2 * (z - 1) ** 2) * (1 + (z - 1) ** 2)
    energy = np.where(r < 10, 2.25, 1.0) * intensity
    inside = z <= 4
    np.testing.assert_allclose(values[inside], (energy / energy[inside].max())[inside])
    assert np.isnan(values[~inside]).all()
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("r (µm)", "z (µm)")
    assert ax.get_aspect() == 1


def test_field_picture_is_real_at_its_peak_and_keeps_its_sign() -> None:
    values = shown(plot_mode_field(MODE, R, Z, component="E_z"))
    assert np.nanmax(np.abs(values)) == pytest.approx(1)
    column = values[:, np.argmin(abs(R - 9))]
    below, above = column[Z < 0.99], column[(Z > 1.01) & (Z <= 4)]
    assert below[0] * above[0] < 0
    assert (np.sign(below) == np.sign(below[0])).all()
    assert (np.sign(above) == np.sign(above[0])).all()


def test_logarithmic_picture_covers_its_decades() -> None:
    ax = plot_mode_field(MODE, R, Z, component="|E|^2", decades=3)
    (mesh,) = [c for c in ax.collections if isinstance(c, QuadMesh)]
    assert isinstance(mesh.norm, LogNorm)
    assert (mesh.norm.vmin, mesh.norm.vmax) == pytest.approx((1e-3, 1))
    assert np.nanmin(shown(ax)) == pytest.approx(1e-3)


def test_outlines_are_drawn_and_do_not_widen_the_view() -> None:
    outline: list[Any] = [np.array([[0, 0], [20, 0], [20, 3]]), [(6, 1), (7, 1)]]
    ax = plot_mode_field(MODE, R, Z, outline=outline)
    assert len(ax.lines) == 2
    np.testing.assert_array_equal(np.asarray(ax.lines[0].get_xdata()), [0, 20, 20])
    low, high = ax.get_xlim()
    assert 5.9 < low < 6
    assert 12 < high < 12.1


def test_a_component_that_vanishes_is_a_flat_picture() -> None:
    values = shown(plot_mode_field(MODE, R, Z, component="E_phi"))
    assert (values[~np.isnan(values)] == 0).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"component": "Ez"}, r"component: must be one of energy, .* got 'Ez'"),
        ({"decades": 0}, r"decades: must be > 0 .* got 0"),
        ({"component": "E_r", "decades": 3}, r"decades: must be > 0 and go with energy"),
        ({"r": R[::-1]}, r"r: must be a rising array"),
        ({"z": 1.0}, r"z: must be a rising array .* got shape \(\)"),
    ],
)
def test_wrong_field_pictures_are_errors(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        plot_mode_field(MODE, **{"r": R, "z": Z, **arguments})
