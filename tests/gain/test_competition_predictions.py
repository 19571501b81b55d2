"""Predictions of mode competition over ranges of inputs, and the microdisk paper's verdicts."""

from __future__ import annotations

import numpy as np
import pytest

from gain import (
    COMPETITION_RANGES,
    GaussianPulse,
    InstantPulse,
    competition_map,
    kinetics_preset,
    mode_shares,
    monoexciton_verdicts,
)
from gain.competition_predictions import _laser


def test_nanosecond_pulses_stay_red_and_femtosecond_pulses_turn_blue_for_moderate_k() -> None:
    red = competition_map(GaussianPulse(fwhm_ns=1.0), stays="red", count=16)
    blue = competition_map(InstantPulse(), stays="blue", count=16)
    assert red.fraction == 1.0
    assert red.applicable_fraction > 0.8
    merit = blue.column("figure_of_merit")
    moderate = blue.applies & (merit < 30)
    assert moderate.any()
    assert np.all(blue.values[moderate] == 1)
    assert np.all(blue.values[blue.applies & (merit > 120)] == 0)


def test_a_point_of_the_map_is_one_laser() -> None:
    found = competition_map(InstantPulse(), stays="blue", count=2, absorbed_photons=[2.0, 10.0])
    for row, value in zip(found.samples, found.values, strict=True):
        sample = dict(zip(found.names, map(float, row), strict=True))
        shares = mode_shares(_laser(**sample), InstantPulse(), [1.0, 2.0, 5.0, 10.0])
        if not np.isnan(value):
            assert (shares.leading_redshift_nm[-1] < 0) == bool(value)


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="absorbed_photons: must increase"):
        competition_map(InstantPulse(), stays="blue", absorbed_photons=[3.0, 1.0])
    with pytest.raises(ValueError, match="ranges: must hold figure_of_merit"):
        competition_map(InstantPulse(), stays="blue", ranges=COMPETITION_RANGES[1:])


def test_every_verdict_of_the_microdisk_paper_has_a_reason() -> None:
    rows = {
        row.quantity: row for row in monoexciton_verdicts(None, kinetics_preset("microdisk_shells"))
    }
    assert all(row.reason for row in rows.values())
    assert rows["C_min sigma_0 L"].value == pytest.approx(1, rel=1e-2)
    lead = rows["pump up to which the first mode leads (absorbed photons)"]
    assert lead.judgement == "disagrees"
    assert 3 < lead.value < 10
    dots = rows["threshold of dots with the Q of the shells (absorbed photons)"]
    assert dots.judgement == "disagrees"  # guessed inputs lase, the paper's dots did not
    red = rows["bluest leading mode under nanosecond pulses (nm from the emission peak)"]
    assert red.value > 0
    platelets = rows["lowest thresholds of platelets (absorbed photons)"]
    assert platelets.value > 2
