"""Batches of cavities: equal to one at a time, and to the gain written out."""

from __future__ import annotations

import numpy as np
import pytest

from gain import absorbed_photons_at_threshold, batch_thresholds, quantum_shells

LEVELS = np.geomspace(0.05, 10, 7)


def combs(count: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    wavelength = 0.65 + 1e-3 * (4.05 * (np.arange(11) - 5) + rng.uniform(0, 4, (count, 1)))
    return wavelength, np.exp(rng.uniform(-0.5, 5, (count, 1))) * np.ones(11)


def test_a_batch_is_its_cavities() -> None:
    wavelength, merit = combs(30)
    batch = batch_thresholds(quantum_shells(), wavelength, merit, LEVELS)
    roots = absorbed_photons_at_threshold(quantum_shells(), wavelength, merit)
    for row in range(30):
        if np.all(np.isnan(roots[row])):
            assert np.isnan(batch.absorbed_photons[row])
            assert np.isnan(batch.wavelength[row])
            continue
        best = int(np.nanargmin(roots[row]))
        assert batch.absorbed_photons[row] == roots[row, best]
        assert batch.wavelength[row] == wavelength[row, best]
    gain = quantum_shells().gain(wavelength[..., None], absorbed_photons=LEVELS)
    excess = merit[..., None] * gain - 1
    np.testing.assert_allclose(batch.net_gain, excess.max(axis=1), atol=1e-12)
    np.testing.assert_array_equal(batch.leading_mode, excess.argmax(axis=1))


def test_no_level_below_threshold_lases_and_blocks_do_not_matter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wavelength, merit = combs(40)
    batch = batch_thresholds(quantum_shells(), wavelength, merit, LEVELS)
    below = batch.absorbed_photons[:, None] > LEVELS
    never = np.isnan(batch.absorbed_photons)[:, None]
    assert not np.any(batch.lasing & (below | never))
    assert batch.yield_by_level.shape == LEVELS.shape
    monkeypatch.setattr("gain.threshold_batch._ENTRIES", 500)
    again = batch_thresholds(quantum_shells(), wavelength, merit, LEVELS)
    np.testing.assert_array_equal(again.absorbed_photons, batch.absorbed_photons)
    np.testing.assert_allclose(again.net_gain, batch.net_gain, atol=1e-13)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([0.65], 50.0, [1.0]), r"must have the shapes \(cavities, modes\)"),
        (([[0.65]], 50.0, 1.0), "must have the shapes"),
        (([[0.65]], 50.0, [-1.0]), "pump_levels: must be >= 0, got -1"),
        (([[0.65]], [[-2.0]], [1.0]), "figure_of_merit: must be >= 0"),
    ],
)
def test_bad_batches(arguments: tuple[object, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        batch_thresholds(quantum_shells(), *arguments)  # type: ignore[arg-type]
