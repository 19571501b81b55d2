"""Sensitivity maps: known volumes, recovered boxes, and the two static predictions."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gain import (
    LOW_QUALITY_RANGES,
    SINGLE_EXCITON_RANGES,
    ParameterRange,
    find_holding_box,
    lases_blue,
    map_sensitivity,
    redshift_is_10_to_25_nm,
    shells_with,
)

UNIT = (
    ParameterRange(name="x", low=0, high=1),
    ParameterRange(name="y", low=1, high=100, scale="log"),
)


def test_share_of_a_known_volume() -> None:
    found = map_sensitivity(lambda x, y: x < 0.3 and y < 10, UNIT, count=1024)
    assert len(found.values) == 1024
    assert found.fraction == pytest.approx(0.15, abs=0.01)
    low, high = found.interval()
    assert low < 0.15 < high
    edges, share = found.by_parameter("y", bins=4)
    np.testing.assert_allclose(edges, [1, 10**0.5, 10, 10**1.5, 100])
    np.testing.assert_allclose(share, [0.3, 0.3, 0, 0], atol=0.03)


def test_points_do_not_depend_on_the_claim_and_a_grid_has_its_ends() -> None:
    one, other = (map_sensitivity(lambda x, y: 1, UNIT, count=64, seed=4) for _ in range(2))
    np.testing.assert_array_equal(one.samples, other.samples)
    grid = map_sensitivity(lambda x, y: x * y, UNIT, count=30, sampling="grid")
    assert len(grid.values) == 25
    assert grid.samples.min(axis=0).tolist() == [0, 1]
    assert grid.samples.max(axis=0).tolist() == pytest.approx([1, 100])
    np.testing.assert_allclose(grid.values, grid.samples[:, 0] * grid.samples[:, 1])


def test_where_a_claim_does_not_apply() -> None:
    found = map_sensitivity(lambda x, y: math.nan if x < 0.5 else y > 10, UNIT, count=256)
    assert found.applicable_fraction == pytest.approx(0.5, abs=0.01)
    assert found.fraction == pytest.approx(0.5, abs=0.02)
    assert np.isnan(found.by_parameter("x", bins=4)[1][:2]).all()
    nowhere = map_sensitivity(lambda x, y: math.nan, UNIT, count=8)
    assert math.isnan(nowhere.fraction)
    assert nowhere.interval() == (0.0, 1.0)
    with pytest.raises(ValueError, match="found: the claim must apply somewhere"):
        find_holding_box(nowhere)


def test_a_box_is_found_again() -> None:
    found = map_sensitivity(
        lambda x, y: x > 0.3 and y < 20, UNIT, count=1024, fixed={}, description="a box"
    )
    box = find_holding_box(found, fraction=1.0, peel=0.02)
    x, y = box.ranges
    assert (box.fraction, box.reached) == (1.0, True)
    assert x.low == pytest.approx(0.3, abs=0.03)
    assert x.high > 0.97
    assert y.high == pytest.approx(20, rel=0.15)
    assert y.low < 1.15
    assert box.volume == pytest.approx(0.7 * math.log(20) / math.log(100), abs=0.05)
    assert str(box).endswith("of the map")
    assert "a box" in found.report()
    assert found.to_dataframe()["holds"].sum() == found.values.sum()


def test_a_box_that_cannot_be_found_says_so() -> None:
    found = map_sensitivity(lambda x, y: 0.5, UNIT, count=64)
    assert not find_holding_box(found).reached


def test_cavities_of_low_quality_lase_blue() -> None:
    """Always below K = 2.5, never by itself above 20; the box spans all widths."""
    found = map_sensitivity(lases_blue, LOW_QUALITY_RANGES, count=256)
    merit = found.column("figure_of_merit")
    blue = found.values[(merit < 2.5) & (found.column("biexciton_shift_nm") > 10)]
    assert blue.min() == 1
    _, share = found.by_parameter("figure_of_merit", bins=4)
    assert share[0] > 0.95
    assert share[-1] < 0.3
    box = find_holding_box(found)
    assert box.reached
    by_name = {one.name: one for one in box.ranges}
    assert 3.5 < by_name["figure_of_merit"].high < 8
    assert box.volume > 0.25


def test_redshift_of_single_exciton_lasing() -> None:
    """10 to 25 nm for N_th < 0.5: in most of the box, and nearly always with the KS shift."""
    found = map_sensitivity(redshift_is_10_to_25_nm, SINGLE_EXCITON_RANGES, count=256)
    assert 0.75 < found.fraction < 0.95
    assert found.applicable_fraction < 0.7
    ratio, merit = found.column("stokes_ratio"), found.column("figure_of_merit")
    near = (np.abs(ratio - 1) < 0.25) & found.applies & (merit > 30)
    assert found.values[near].mean() > 0.9


def test_shells_of_the_claims_obey_detailed_balance_at_ratio_one() -> None:
    own = shells_with(fwhm_nm=27.0, stokes_ratio=1.0, biexciton_shift_nm=21.5)
    by_rule = own.changed(stokes="kennard_stepanov")
    assert own.stokes_redshift == pytest.approx(by_rule.stokes_redshift, rel=1e-12)
    assert math.isnan(
        lases_blue(figure_of_merit=0.9, fwhm_nm=27.0, stokes_ratio=1.0, biexciton_shift_nm=20.0)
    )


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: ParameterRange(name="x", low=1, high=1), "range of x: must have low < high"),
        (lambda: ParameterRange(name="x", low=0, high=1, scale="log"), "low > 0 on a log"),
        (lambda: map_sensitivity(lambda: 1, []), "ranges: must name each parameter once"),
        (lambda: map_sensitivity(lambda x: 1, UNIT[:1] * 2), "ranges: must name each"),
        (lambda: map_sensitivity(lambda x, y: 1, UNIT, count=1), "count: must be at least 2"),
        (
            lambda: map_sensitivity(lambda x, y: 1, UNIT, sampling="halton"),  # type: ignore[arg-type]
            "sampling: must be 'sobol' or 'grid'",
        ),
        (
            lambda: map_sensitivity(lambda x, y: 1, UNIT, count=4).column("z"),
            "name: must be one of x, y, got 'z'",
        ),
        (
            lambda: find_holding_box(map_sensitivity(lambda x, y: y, UNIT, count=8)),
            "found: values must lie in 0 to 1",
        ),
        (
            lambda: find_holding_box(map_sensitivity(lambda x, y: 1, UNIT, count=8), fraction=1.5),
            "fraction: must lie in 0 to 1, got 1.5",
        ),
        (
            lambda: map_sensitivity(lambda x, y: 1, UNIT, count=8).interval(confidence=95),
            "confidence: must lie in 0 to 1, got 95",
        ),
    ],
)
def test_bad_maps(call: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()  # type: ignore[operator]
