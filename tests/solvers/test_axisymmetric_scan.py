"""Which azimuthal orders are solved when none are given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from cavities import Sphere
from solvers.axisymmetric import solve
from solvers.modes import Mode, ModeSet


class Recorder:
    """Stands before the runner: modes exist at some orders only."""

    def __init__(self, mode: Mode, occupied: range) -> None:
        self.mode, self.occupied = mode, occupied
        self.asked: list[list[int]] = []
        self.solved: list[int] = []

    def __call__(self, groups: Sequence[Sequence[int]]) -> Iterator[ModeSet]:
        self.asked.append([order for group in groups for order in group])
        for group in groups:
            self.solved += group
            some = any(order in self.occupied for order in group)
            yield ModeSet(modes=(self.mode,) if some else (), window=(0.6, 0.7))


@pytest.fixture(scope="module")
def mode() -> Mode:
    """Return any mode."""
    from solvers import solve_modes

    return solve_modes(
        Sphere(radius=1.0, material=1.5), (0.38, 0.39), azimuthal_order=20, accuracy="fast"
    )[0]


def scanned(monkeypatch: pytest.MonkeyPatch, mode: Mode, occupied: range) -> Recorder:
    """Scan orders up to 100 where some are occupied."""
    monkeypatch.setattr(solve, "highest_order", lambda body, wavelength: 100)
    recorder = Recorder(mode, occupied)
    body = Sphere(radius=1.0, material=1.5).body()
    list(solve._scan(body, (0.6, 0.7), None, recorder, None))
    return recorder


def test_whispering_gallery(monkeypatch: pytest.MonkeyPatch, mode: Mode) -> None:
    """m = 0 and 1 are empty: nothing is begun beyond them; the rest from above."""
    recorder = scanned(monkeypatch, mode, range(40, 80))
    assert recorder.asked[0] == [0, 1]
    assert recorder.asked[1][0] > 90
    assert set(range(40, 101)) < set(recorder.solved)
    # Two empty groups below m = 40, no more.
    assert 33 <= min(set(recorder.solved) - {0, 1}) <= 38
    assert len(recorder.solved) == len(set(recorder.solved))


def test_pillar(monkeypatch: pytest.MonkeyPatch, mode: Mode) -> None:
    """Modes at the low end only: the scan goes up until it is empty, then looks at the rest."""
    recorder = scanned(monkeypatch, mode, range(6))
    assert recorder.solved[:8] == list(range(8))
    assert sorted(recorder.solved) == list(range(101))


def test_a_gap_at_the_axis(monkeypatch: pytest.MonkeyPatch, mode: Mode) -> None:
    """m = 0 may be empty where m = 1 is not."""
    recorder = scanned(monkeypatch, mode, range(1, 4))
    assert set(range(6)) < set(recorder.solved)
    assert len(recorder.solved) == len(set(recorder.solved))
