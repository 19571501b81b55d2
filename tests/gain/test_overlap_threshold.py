"""Which overlap the threshold takes, and which it refuses."""

from __future__ import annotations

import math

import pytest

from gain import modal_overlap, quantum_shells, threshold
from solvers.modes import Mode


def mode(**fields: object) -> Mode:
    return Mode(wavenumber=9.438 - 4e-4j, **fields)  # type: ignore[arg-type]


def test_the_first_order_overlap_comes_before_the_energy_fraction() -> None:
    both = mode(confinement={"gain": 0.5}, gain_overlap={"gain": 0.25})
    energy, only = mode(confinement={"gain": 0.25}), mode(gain_overlap={"gain": 0.25})
    film = quantum_shells()
    first, second, third = (threshold([one], film) for one in (both, energy, only))
    assert first.absorbed_photons == second.absorbed_photons == third.absorbed_photons
    assert first.confinement[0] == 0.5
    assert first.gain_overlap[0] == 0.25
    assert math.isnan(third.confinement[0])
    loss = first.cavity_loss_per_cm[0]
    assert first.material_gain_per_cm[0] == pytest.approx(loss / 0.25, rel=1e-12)
    assert "0.2500" in first.report()
    assert first.to_dataframe()["gain_overlap"].tolist() == [0.25]


def test_other_regions_fall_back() -> None:
    one = mode(confinement={"gain": 0.5, "coat": 0.1}, gain_overlap={"gain": 0.4})
    assert modal_overlap(one, "coat") == 0.1


def test_an_overlap_below_zero_never_lases() -> None:
    one = mode(confinement={"gain": 0.01}, gain_overlap={"gain": -0.01})
    assert modal_overlap(one, "gain") == 0
    assert not threshold([one], quantum_shells()).lases


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"confinement": {"gain": 1.3}}, "confinement: must lie in 0 to 1, got 1.3"),
        ({"confinement": {"gain": -0.2}}, "confinement: must lie in 0 to 1, got -0.2"),
        ({"gain_overlap": {"gain": 1.5}}, "gain_overlap: must lie in 0 to 1, got 1.5"),
        ({"gain_overlap": {"gain": -0.5}}, "gain_overlap: must lie in 0 to 1, got -0.5"),
        ({"gain_overlap": {"gain": math.nan}}, "gain_overlap: must lie in 0 to 1, got nan"),
        ({"confinement": {"resist": 0.5}}, r"region: must be a region of every mode \(resist\)"),
    ],
)
def test_bad_overlaps(fields: dict[str, dict[str, float]], words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        threshold([mode(**fields)], quantum_shells())
    assert "\n" not in str(caught.value)
