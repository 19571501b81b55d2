"""Line shapes, shifts, the two spectral axes, background tables, the medium as data."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cavities.constants import BOLTZMANN_EV_PER_K, HC_EV_NM
from gain import (
    BackgroundTable,
    GaussianLine,
    NanocrystalMedium,
    Shift,
    TabulatedLine,
    quantum_shells,
    threshold_curve,
)
from gain.line_shape import SpectralUnit
from gain.spectrum import (
    absorption_coefficients,
    absorption_positions,
    emission_coefficients,
    emission_positions,
    redshift,
    wavelength_at,
)

NM_PER_MEV = 650.0**2 / (1e3 * HC_EV_NM)


def gaussian_table(step_nm: float = 0.5, reach: float = 5.0) -> TabulatedLine:
    x = np.arange(-reach * 11.5, reach * 11.5 + step_nm / 2, step_nm)
    x -= x[np.abs(x).argmin()]
    return TabulatedLine(redshift_nm=tuple(x), value=tuple(np.exp(-0.5 * (x / 11.5) ** 2)))


def test_widths_are_the_same_line() -> None:
    std = 11.5
    fwhm = 2 * math.sqrt(2 * math.log(2)) * std
    lines = [
        GaussianLine(std_nm=std),
        GaussianLine(fwhm_nm=fwhm),
        GaussianLine(std_mev=std / NM_PER_MEV),
        GaussianLine(fwhm_mev=fwhm / NM_PER_MEV),
    ]
    x = np.linspace(-40, 40, 17)
    for line in lines:
        np.testing.assert_allclose(
            line.profile(x, "nm", nm_per_mev=NM_PER_MEV), np.exp(-0.5 * (x / std) ** 2), rtol=1e-12
        )
        np.testing.assert_allclose(
            line.profile(x / NM_PER_MEV, "mev", nm_per_mev=NM_PER_MEV),
            np.exp(-0.5 * (x / std) ** 2),
            rtol=1e-12,
        )


@given(st.floats(-60, 60))
def test_shift_units_invert(nm: float) -> None:
    mev = Shift(nm=nm).to("mev", emission_wavelength_nm=650.0)
    assert Shift(mev=mev).to("nm", emission_wavelength_nm=650.0) == pytest.approx(nm, abs=1e-9)
    assert mev == pytest.approx(1e3 * HC_EV_NM * (1 / (650 - nm) - 1 / 650), abs=1e-9)


@pytest.mark.parametrize(
    ("text", "shift"),
    [
        ("15 nm", Shift(nm=15)),
        ("-2.5nm", Shift(nm=-2.5)),
        ("63 meV", Shift(mev=63)),
        (" 1e1 meV ", Shift(mev=10)),
    ],
)
def test_shifts_are_read_from_text(text: str, shift: Shift) -> None:
    medium = quantum_shells(biexciton_shift=text, stokes=text if "-" not in text else "0 nm")
    assert medium.biexciton_shift == shift


def test_shift_of_63_mev_is_21_5_nm_to_first_order() -> None:
    assert pytest.approx(21.5, abs=0.05) == 63 * NM_PER_MEV


def test_kennard_stepanov_stokes_shift() -> None:
    """Delta_S = s^2/kT: 44.8 meV for 11.5 nm at 650 nm and 295 K, 14.9 nm."""
    medium = quantum_shells(stokes="kennard_stepanov", shifts_in="mev")
    std_mev = 11.5 / NM_PER_MEV
    assert medium.stokes_redshift == pytest.approx(std_mev**2 / (1e3 * BOLTZMANN_EV_PER_K * 295))
    in_nm = medium.changed(shifts_in="nm").stokes_redshift
    assert in_nm == pytest.approx(14.9, abs=0.05)
    hot = medium.changed(temperature_k=590.0)
    assert hot.stokes_redshift == pytest.approx(medium.stokes_redshift / 2)


def test_kennard_stepanov_lines_obey_detailed_balance() -> None:
    """sigma_em/sigma_abs of 0-X falls as exp((E_zl - E)/kT), on the energy axis, at all E."""
    medium = quantum_shells(
        stokes="kennard_stepanov", shifts_in="mev", biexciton_shift=Shift(mev=900.0)
    )
    at = np.linspace(0.62, 0.68, 13)
    energy = 1e3 * HC_EV_NM / (1e3 * at)
    ratio = 2 * emission_coefficients(medium, at)[:, 1] / absorption_coefficients(medium, at)[:, 0]
    zero_line = 1e3 * HC_EV_NM / 650 + medium.stokes_redshift / 2
    thermal = 1e3 * BOLTZMANN_EV_PER_K * 295
    np.testing.assert_allclose(np.log(ratio), (zero_line - energy) / thermal, atol=1e-9)


@pytest.mark.parametrize("axis", ["nm", "mev"])
def test_redshift_inverts(axis: str) -> None:
    medium = quantum_shells(shifts_in=axis)
    at = np.linspace(0.55, 0.8, 11)
    np.testing.assert_allclose(wavelength_at(medium, redshift(medium, at)), at, rtol=1e-14)
    assert np.all(np.diff(redshift(medium, at)) > 0)


def test_energy_axis_line_positions() -> None:
    """On the energy axis lines are at E_0, E_0 + Delta_S and Delta_XX above both."""
    medium = quantum_shells(shifts_in="mev", stokes="44 meV", biexciton_shift="63 meV")
    assert emission_positions(medium).tolist() == [0.0, 0.0, -63.0]
    assert absorption_positions(medium).tolist() == [-44.0, -107.0, -107.0]


def test_the_two_axes_differ_by_a_few_percent() -> None:
    """30 nm blue of 650 nm is 92.3 meV, 30 nm red 84.1: shifts in nm or meV are not the same."""
    medium = quantum_shells(shifts_in="mev")
    blue, red = redshift(medium, [0.620, 0.680])
    assert -blue == pytest.approx(92.3, abs=0.05)
    assert red == pytest.approx(84.2, abs=0.05)
    merit = [50.0]
    nm = threshold_curve(quantum_shells(), merit).absorbed_photons[0]
    mev = threshold_curve(medium, merit).absorbed_photons[0]
    assert nm == pytest.approx(mev, rel=0.1)
    assert nm != pytest.approx(mev, rel=1e-3)


def test_tabulated_gaussian_gives_the_gaussian_thresholds() -> None:
    """Linear interpolation errs by h^2/(8 s^2) = 2e-4 of the peak for h = 0.5 nm."""
    table = quantum_shells(line=gaussian_table())
    merit = [2.0, 8.0, 20.0, 50.0, 200.0]
    found, exact = threshold_curve(table, merit), threshold_curve(quantum_shells(), merit)
    np.testing.assert_allclose(found.absorbed_photons, exact.absorbed_photons, rtol=5e-3)
    np.testing.assert_allclose(found.redshift_nm, exact.redshift_nm, atol=0.5)


def test_table_on_the_other_axis() -> None:
    nm = gaussian_table()
    assert nm.redshift_nm is not None
    mev = TabulatedLine(redshift_mev=tuple(np.array(nm.redshift_nm) / NM_PER_MEV), value=nm.value)
    x = np.linspace(-70, 70, 29)
    axes: tuple[tuple[SpectralUnit, float], ...] = (("nm", 1.0), ("mev", 1 / NM_PER_MEV))
    for unit, scale in axes:
        np.testing.assert_allclose(
            mev.profile(x * scale, unit, nm_per_mev=NM_PER_MEV),
            nm.profile(x, "nm", nm_per_mev=NM_PER_MEV),
            rtol=1e-9,
        )


def test_table_goes_on_as_an_exponential() -> None:
    """Exponential wings exp(-|x|/L): sampled to 3 L, exact beyond."""
    x = np.linspace(-30, 30, 13)
    line = TabulatedLine(redshift_nm=tuple(x), value=tuple(np.exp(-np.abs(x) / 10)))
    far = np.array([-80.0, -35.0, 35.0, 80.0])
    np.testing.assert_allclose(line.profile(far, "nm", nm_per_mev=0.34), np.exp(-np.abs(far) / 10))


def test_table_that_ends_at_zero_stays_zero() -> None:
    line = TabulatedLine(redshift_nm=(-2, -1, 0, 1, 2), value=(0, 0.5, 1, 0.5, 0))
    assert line.profile([-3.0, 3.0], "nm", nm_per_mev=0.34).tolist() == [0.0, 0.0]


def test_spectrum_file_is_recentred_and_normalised(tmp_path: Path) -> None:
    file = tmp_path / "absorption.csv"
    nm = np.arange(590, 681, 1.0)[::-1]
    value = 0.37 * np.exp(-0.5 * ((nm - 635) / 11.5) ** 2)
    np.savetxt(file, np.column_stack([nm, value]), delimiter=",", header="nm, absorbance")
    line = TabulatedLine.from_csv(file)
    assert line.redshift_nm is not None
    assert line.redshift_nm[0] == -45
    assert max(line.value) == 1
    assert float(line.profile(11.5, "nm", nm_per_mev=0.34)) == pytest.approx(0.6065, abs=1e-3)
    medium = quantum_shells(line=line)
    assert medium == NanocrystalMedium.model_validate_json(medium.model_dump_json())


@pytest.mark.parametrize(
    ("text", "words"),
    [("nm,value\n600,1\n", "put '#' before header"), ("600,1,2\n601,1,2\n", "got 3 in")],
)
def test_bad_spectrum_files(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(text)
    with pytest.raises(ValueError, match=words) as error:
        TabulatedLine.from_csv(file)
    assert "bad.csv" in str(error.value)
    assert "\n" not in str(error.value)


def test_separate_emission_line() -> None:
    """A narrower emission line raises its own gain terms and leaves the absorption alone."""
    narrow = GaussianLine(std_nm=6.0)
    medium = quantum_shells(emission_line=narrow)
    at = np.array([0.64, 0.65, 0.66])
    np.testing.assert_array_equal(
        absorption_coefficients(medium, at), absorption_coefficients(quantum_shells(), at)
    )
    np.testing.assert_allclose(
        emission_coefficients(medium, at)[:, 1],
        0.5 * np.exp(-0.5 * ((1e3 * at - 650) / 6) ** 2),
        rtol=1e-12,
    )


def test_background_table_is_interpolated_and_held() -> None:
    table = BackgroundTable(wavelength=(0.6, 0.7), ratio=(0.2, 0.0))
    medium = quantum_shells(background=table)
    np.testing.assert_allclose(
        medium.background_ratio([0.5, 0.6, 0.65, 0.7, 0.8]), [0.2, 0.2, 0.1, 0.0, 0.0], atol=1e-15
    )
    loss = quantum_shells().gain(0.65, absorbed_photons=1) - medium.gain(0.65, absorbed_photons=1)
    assert float(loss) == pytest.approx(0.1)


def test_gain_of_given_populations_is_linear() -> None:
    medium = quantum_shells()
    c = medium.gain_coefficients([0.63, 0.66])
    assert c.shape == (2, 3)
    np.testing.assert_allclose(
        medium.gain([0.63, 0.66], populations=[0.2, 0.5, 0.3]), c @ [0.2, 0.5, 0.3]
    )
    np.testing.assert_allclose(
        medium.gain_per_cm(0.66, absorbed_photons=0.5),
        medium.gain(0.66, absorbed_photons=0.5) * 3.5e17 * 5e-15,
    )


def test_unpumped_medium_absorbs() -> None:
    at = np.linspace(0.5, 0.8, 61)
    assert np.all(quantum_shells().gain(at, absorbed_photons=0.0) < 0)


def test_medium_is_data() -> None:
    medium = quantum_shells()
    again = NanocrystalMedium.model_validate_json(medium.model_dump_json())
    assert again == medium
    assert hash(again) == hash(medium)
    assert again.content_hash() == medium.content_hash()
    assert medium.changed(cross_section_cm2=1e-14).content_hash() != medium.content_hash()
