"""Media at other temperatures: limits of the laws, what stays, errors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cavities.constants import HC_EV_UM
from gain import TabulatedLine, TemperatureLaw, medium_at_temperature, quantum_shells

KELVIN = st.floats(50.0, 350.0)


def test_the_reference_temperature_changes_nothing() -> None:
    medium = quantum_shells()
    assert medium_at_temperature(medium, TemperatureLaw().reference_k) == medium
    assert TemperatureLaw().shift_mev(293.0) == 0


@given(KELVIN)
def test_varshni_and_phonons(kelvin: float) -> None:
    """With b = 0 Varshni's law is linear; without phonons the width stays."""
    law = TemperatureLaw(varshni_k=0.0, acoustic_mev_per_k=0.0, optical_mev=0.0)
    assert law.shift_mev(kelvin) == pytest.approx(0.37 * (293 - kelvin), abs=1e-9)
    medium = quantum_shells()
    moved = medium_at_temperature(medium, kelvin, law)
    energy = HC_EV_UM / moved.emission_wavelength - HC_EV_UM / medium.emission_wavelength
    assert 1e3 * energy == pytest.approx(law.shift_mev(kelvin), abs=1e-9)
    if kelvin != law.reference_k:
        before = medium.line.std("mev", nm_per_mev=medium.nm_per_mev)  # type: ignore[union-attr]
        after = moved.line.std("mev", nm_per_mev=moved.nm_per_mev)  # type: ignore[union-attr]
        assert after == pytest.approx(before, rel=1e-9)


def test_phonons_at_high_temperature_are_classical() -> None:
    law = TemperatureLaw(acoustic_mev_per_k=0.0)
    hot = 1e4
    assert law.phonon_width_mev(hot) == pytest.approx(
        law.optical_mev * (0.0861733 * hot / law.phonon_mev - 0.5), rel=1e-3
    )


def test_cold_lines_are_narrower_and_bluer() -> None:
    medium = quantum_shells()
    cold = medium_at_temperature(medium, 77.0)
    assert cold.emission_wavelength < medium.emission_wavelength
    assert cold.line_width < 0.7 * medium.line_width
    assert cold.cross_section_cm2 == medium.cross_section_cm2
    assert TemperatureLaw(index_per_k=1e-4).film_index_change(77.0) == pytest.approx(-0.0216)


def test_errors() -> None:
    line = TabulatedLine(redshift_nm=(-20, -10, 0, 10, 20), value=(0.1, 0.5, 1, 0.5, 0.1))
    with pytest.raises(ValueError, match="one Gaussian"):
        medium_at_temperature(quantum_shells(line=line), 77.0)
    with pytest.raises(ValueError, match="wider than the phonons"):
        medium_at_temperature(quantum_shells(), 77.0, TemperatureLaw(optical_mev=500.0))
    with pytest.raises(ValueError, match="must be > 0"):
        TemperatureLaw().shift_mev(0.0)
