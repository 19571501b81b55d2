"""Pulse shapes: unit area, stated widths, two-photon moments."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad

from gain import (
    ContinuousPump,
    GaussianPulse,
    InstantPulse,
    RectangularPulse,
    Sech2Pulse,
    TabulatedPulse,
    TwoPhotonPump,
)
from gain.pulse_shape import PulseShape

TIMES = np.linspace(0.0, 9.0, 40)
TABLE = TabulatedPulse(time_ns=tuple(TIMES), power=tuple(TIMES**2 * np.exp(-TIMES)))
SHAPES: tuple[PulseShape, ...] = (
    GaussianPulse(fwhm_ns=3.0),
    Sech2Pulse(fwhm_ns=3.0),
    RectangularPulse(fwhm_ns=3.0),
    RectangularPulse(fwhm_ns=3.0, edge_ns=1.0),
    RectangularPulse(fwhm_ns=3.0, edge_ns=3.0),
    TABLE,
)


def integral(pulse: PulseShape, power: int) -> float:
    start, stop = pulse.window_ns
    points = [t for t in (*pulse.corners_ns, 0.0) if start < t < stop]
    value = quad(
        lambda t: float(pulse.flux_per_ns(t)) ** power, start, stop, points=points, limit=400
    )
    return float(value[0])


@pytest.mark.parametrize("pulse", SHAPES)
def test_unit_area_and_two_photon_moment(pulse: PulseShape) -> None:
    assert integral(pulse, 1) == pytest.approx(1, abs=1e-7)
    assert integral(pulse, 2) == pytest.approx(pulse.two_photon_moment_per_ns, rel=1e-7)


@pytest.mark.parametrize("pulse", SHAPES[:5])
def test_full_width_at_half_maximum(pulse: PulseShape) -> None:
    top = float(pulse.flux_per_ns(0.0))
    inside, outside = pulse.flux_per_ns([1.5 * (1 - 1e-9), 1.5 * (1 + 1e-9)])
    assert inside >= 0.5 * top * (1 - 1e-7)
    assert outside <= 0.5 * top * (1 + 1e-7)
    assert pulse.flux_per_ns([-0.7, -1.4]).tolist() == pulse.flux_per_ns([0.7, 1.4]).tolist()


@pytest.mark.parametrize(
    ("shape", "name"),
    [(GaussianPulse, "gaussian"), (Sech2Pulse, "sech2"), (RectangularPulse, "rectangle")],
)
def test_moments_are_those_of_the_two_photon_pump(shape: type, name: str) -> None:
    pump = TwoPhotonPump(
        wavelength=0.8,
        pulse_fwhm_fs=100,
        cross_section_gm=1e6,
        pulse_shape=name,
    )
    assert shape(fwhm_ns=1e-4).two_photon_moment_per_ns * 1e-4 == pytest.approx(pump.pulse_factor)


def test_two_photon_excitation_follows_the_square() -> None:
    one = GaussianPulse(fwhm_ns=2.0)
    narrow = GaussianPulse(fwhm_ns=2.0 / math.sqrt(2))
    t = np.linspace(-3, 3, 13)
    np.testing.assert_allclose(one.excitation_per_ns(t, photons=2), narrow.flux_per_ns(t))


def test_centre_of_gravity_of_a_table_is_at_zero() -> None:
    start, stop = TABLE.window_ns
    first = quad(lambda t: t * float(TABLE.flux_per_ns(t)), start, stop, limit=400)[0]
    assert abs(first) < 1e-7
    assert TABLE.flux_per_ns([start - 1, stop + 1]).tolist() == [0, 0]


def test_continuous_and_instant() -> None:
    pump = ContinuousPump(period_ns=20.0)
    assert pump.flux_per_ns([-1.0, 0.0, 5.0]).tolist() == [0, 0.05, 0.05]
    assert pump.excitation_per_ns([1.0], photons=2).tolist() == pytest.approx([0.05])
    with pytest.raises(ValueError, match="set a fwhm_ns"):
        InstantPulse().flux_per_ns(0.0)
    assert InstantPulse().window_ns == (0.0, 0.0)
