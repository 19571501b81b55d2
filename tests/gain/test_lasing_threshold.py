"""Thresholds over the modes of a cavity: values, invariances, results that are "never"."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from cavities.material import Material
from gain import (
    NanocrystalMedium,
    Pump,
    ThresholdResult,
    pump_532,
    quantum_dots,
    quantum_shells,
    threshold,
)
from solvers.modes import Mode, ModeSet


def shells(**fields: Any) -> NanocrystalMedium:
    return quantum_shells(**{"film_index": 1.8, **fields})


def mode(
    wavelength: float, quality: float, confinement: float = 0.3, order: int | None = None
) -> Mode:
    k0 = 2 * math.pi / wavelength
    return Mode(
        wavenumber=complex(k0, -k0 / (2 * quality)),
        confinement={"gain": confinement, "resist": 1 - confinement},
        polarization="TE",
        azimuthal_order=order,
    )


def comb(quality: float = 2e4, spacing: float = 0.004) -> list[Mode]:
    at = np.arange(0.600, 0.700, spacing)
    return [mode(float(x), quality, order=i) for i, x in enumerate(at)]


def test_every_mode_against_brentq() -> None:
    """Own wavelength, Q, Gamma; scalar scan and brentq on Gamma g = 2 pi n/(lambda Q)."""
    rng = np.random.default_rng(1)
    modes = [
        mode(float(w), float(q), float(g))
        for w, q, g in zip(
            rng.uniform(0.61, 0.69, 60),
            rng.lognormal(10, 1, 60),
            rng.uniform(0.05, 0.9, 60),
            strict=True,
        )
    ]
    medium = shells(background=0.002)
    result = threshold(modes, medium)
    scan = np.geomspace(1e-5, 40, 6000)
    for i, item in enumerate(modes):
        loss = 1e4 * 2 * math.pi * 1.8 / (item.wavelength * item.quality_factor)

        def net(n: float, item: Mode = item, loss: float = loss) -> float:
            gain = float(medium.gain_per_cm(item.wavelength, absorbed_photons=n))
            return item.confinement["gain"] * gain - loss

        values = medium.gain_per_cm(item.wavelength, absorbed_photons=scan)
        above = np.flatnonzero(item.confinement["gain"] * values >= loss)
        if above.size:
            expected = brentq(net, scan[above[0] - 1], scan[above[0]], xtol=1e-14)
            assert result.absorbed_photons[i] == pytest.approx(expected, rel=1e-9)
        else:
            assert np.isnan(result.absorbed_photons[i])
        assert result.cavity_loss_per_cm[i] == pytest.approx(loss)
        assert result.material_gain_per_cm[i] == pytest.approx(loss / item.confinement["gain"])
    assert 10 < np.count_nonzero(~np.isnan(result.absorbed_photons)) < 60


def test_the_lasing_mode_has_the_lowest_threshold() -> None:
    result = threshold(comb(), shells())
    assert result.lasing_index == int(np.nanargmin(result.absorbed_photons))
    assert result.lasing_label == f"TE m={result.lasing_index}"
    assert result.lasing_wavelength == result.wavelength[result.lasing_index]
    assert result.lasing_redshift_nm == pytest.approx(1e3 * result.lasing_wavelength - 650)
    # At its threshold the gain touches no other mode's loss.
    n = result.lasing_absorbed_photons
    margin = result.medium.gain(result.wavelength, absorbed_photons=n) - 1 / result.figure_of_merit
    others = np.arange(len(margin)) != result.lasing_index
    assert margin[~others] == pytest.approx([0.0], abs=1e-12)
    assert np.all(margin[others] < 0)


def test_a_poor_mode_at_the_best_wavelength_does_not_lase_first() -> None:
    modes = [mode(0.664, 400), mode(0.652, 3e4)]
    assert threshold(modes, shells()).lasing_index == 1


@settings(max_examples=60, deadline=None)
@given(q=st.floats(0.2, 5), c=st.floats(0.2, 5), sigma=st.floats(0.2, 5), index=st.floats(0.7, 1.4))
def test_only_k_matters(q: float, c: float, sigma: float, index: float) -> None:
    """Q, C, sigma_0, n and Gamma scaled with a constant K: the same thresholds."""
    gamma = 0.02 * index / (q * c * sigma)
    plain, base = shells(), [mode(x, 1e5, 0.02) for x in (0.63, 0.655, 0.666, 0.672)]
    other = plain.changed(
        cross_section_cm2=sigma * plain.cross_section_cm2,
        concentration_per_cm3=c * plain.concentration_per_cm3,
        film_index=Material.constant(1.8 * index),
    )
    scaled = [mode(x, 1e5 * q, min(gamma, 1.0)) for x in (0.63, 0.655, 0.666, 0.672)]
    if gamma > 1:
        return
    np.testing.assert_allclose(
        threshold(scaled, other).absorbed_photons,
        threshold(base, plain).absorbed_photons,
        rtol=1e-10,
    )


def test_never_is_a_result() -> None:
    result = threshold(comb(quality=50), shells(), pump_532("quantum_shells"))
    assert not result.lases
    assert result.lasing_index is None
    assert result.lasing_label is None
    assert math.isnan(result.lasing_wavelength)
    assert math.isnan(result.lasing_absorbed_photons)
    assert math.isnan(result.lasing_fluence_uj_per_cm2)
    assert "None of the 25 modes lases" in result.report()
    assert "never" in result.report()


def test_modes_without_gain_or_overlap_never_lase() -> None:
    modes = [mode(0.45, 1e9), mode(1.55, 1e9), mode(0.66, 1e9, 0.0), mode(0.66, 1e4)]
    result = threshold(modes, shells())
    assert np.isnan(result.absorbed_photons).tolist() == [True, True, True, False]
    assert np.isnan(result.material_gain_per_cm).tolist() == [False, False, True, False]
    assert result.lasing_index == 3


def test_lossless_mode_lases_at_transparency() -> None:
    k0 = 2 * math.pi / 0.66
    lossless = Mode(wavenumber=complex(k0, 0.0), confinement={"gain": 0.5})
    result = threshold([lossless], shells())
    gain = shells().gain(0.66, absorbed_photons=result.lasing_absorbed_photons)
    assert result.cavity_loss_per_cm[0] == 0
    assert float(gain) == pytest.approx(0, abs=1e-14)


def test_fluence_of_a_pulsed_pump() -> None:
    pump = pump_532("quantum_shells", field_factor=1.5)
    result = threshold(comb(), shells(), pump)
    assert result.fluence_uj_per_cm2 is not None
    assert result.intensity_w_per_cm2 is None
    np.testing.assert_allclose(
        pump.absorbed_photons(fluence_uj_per_cm2=result.fluence_uj_per_cm2),
        result.absorbed_photons,
        rtol=1e-12,
    )
    assert result.lasing_fluence_uj_per_cm2 == np.nanmin(result.fluence_uj_per_cm2)


def test_intensity_of_a_cw_pump() -> None:
    pump = pump_532("quantum_shells", kind="cw", lifetime_ns=20.0)
    result = threshold(comb(), shells(), pump)
    assert result.fluence_uj_per_cm2 is None
    expected = float(pump.intensity_w_per_cm2(result.lasing_absorbed_photons))
    assert result.lasing_intensity_w_per_cm2 == pytest.approx(expected)


def test_without_a_pump_there_are_no_fluences() -> None:
    result = threshold(comb(), shells())
    assert result.fluence_uj_per_cm2 is None
    assert math.isnan(result.lasing_fluence_uj_per_cm2)
    assert math.isnan(result.lasing_intensity_w_per_cm2)


def test_dispersive_film_index_is_taken_at_each_mode() -> None:
    film = Material.named("SiO2")
    result = threshold(comb(), shells(film_index=film))
    np.testing.assert_allclose(result.film_index, film.index(result.wavelength).real)


def test_another_region() -> None:
    k0 = 2 * math.pi / 0.66
    odd = Mode(wavenumber=complex(k0, -1e-4), confinement={"shells": 0.4, "gain": 0.1})
    assert threshold([odd], shells(), region="shells").confinement.tolist() == [0.4]


def test_a_mode_set_is_accepted() -> None:
    modes = tuple(comb())
    together = threshold(ModeSet(modes=modes), shells())
    np.testing.assert_array_equal(
        together.absorbed_photons, threshold(list(modes), shells()).absorbed_photons
    )


def test_film_absorption_in_q_is_reported() -> None:
    k0 = 2 * math.pi / 0.66
    absorbing = Mode(
        wavenumber=complex(k0, -1e-3),
        quality_factors={"radiation": 1e5, "absorption:gain": 5000.0},
        confinement={"gain": 0.3},
    )
    with pytest.warns(UserWarning, match="counts again"):
        threshold([absorbing], shells())


def result_with_pump() -> ThresholdResult:
    pump = Pump(wavelength=0.532, cross_section_cm2=9.6e-15, lifetime_ns=3.5)
    return threshold(comb(), quantum_dots(film_index=1.8), pump)


def test_report_names_the_lasing_mode_first() -> None:
    result = result_with_pump()
    text = result.report(rows=5)
    lines = text.splitlines()
    assert lines[0].startswith(f"{result.lasing_label} lases first, at ")
    assert "uJ/cm^2" in lines[0]
    assert "W/cm^2 CW" in lines[0]
    assert result.medium.name in lines[1]
    assert lines[5].startswith(str(result.lasing_label))
    assert len(lines) == 3 + 2 + 5
    photons = [float(line.split()[-3]) for line in lines[5:] if "never" not in line]
    assert photons == sorted(photons)


def test_html_is_escaped_and_complete() -> None:
    result = result_with_pump()
    html = result._repr_html_()
    assert html.count("<tr>") == 11
    assert "<th>mode</th>" in html
    sneaky = Mode(wavenumber=9.5 - 1e-4j, confinement={"gain": 0.3}, polarization="TE")
    object.__setattr__(sneaky, "polarization", "<b>")
    assert "<b>" not in threshold([sneaky], shells())._repr_html_()


def test_dataframe_keeps_the_order_of_the_modes() -> None:
    result = result_with_pump()
    table = result.to_dataframe()
    assert len(table) == len(result.labels)
    assert table.wavelength_um.tolist() == result.wavelength.tolist()
    assert {"fluence_uj_per_cm2", "intensity_w_per_cm2"} <= set(table.columns)
    plain = threshold(comb(), quantum_dots(film_index=1.8)).to_dataframe()
    assert "fluence_uj_per_cm2" not in plain.columns


def test_thousands_of_modes_at_many_q() -> None:
    """A whole spectrum at once gives what its modes give one by one."""
    rng = np.random.default_rng(5)
    modes = [
        mode(float(w), float(q), 0.2)
        for w, q in zip(rng.uniform(0.6, 0.68, 3000), rng.lognormal(9, 2, 3000), strict=True)
    ]
    result = threshold(modes, shells())
    for i in (0, 17, 1234, 2999):
        alone = threshold([modes[i]], shells()).absorbed_photons
        np.testing.assert_array_equal(alone, result.absorbed_photons[i : i + 1])
