"""Which resonances are real: the checks, matching between runs, splitting of fields."""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvers.engines import run_worker
from solvers.fdtd.extrapolation import extrapolated
from solvers.fdtd.resonances import Resonance, matched, sound, unconfirmed


def resonance(wavelength: float, quality: float, **changes: Any) -> Resonance:
    f = 1 / wavelength
    values: dict[str, Any] = {
        "frequency": complex(f, -f / (2 * quality)),
        "number": 0,
        "amplitude": 1.0,
        "share": 1.0,
        "error": 1e-8,
        "spread": 0j,
        "drift": 0j,
        "signature": (1.0, 0.5, 0.2),
        "record": 200.0,
    }
    return Resonance(**(values | changes))


@pytest.fixture(scope="module")
def worker() -> ModuleType:
    """The worker script as a module: its numerics need NumPy only."""
    path = Path(run_worker.__file__).with_name("meep_worker.py")
    spec = importlib.util.spec_from_file_location("meep_worker", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_negative_and_unsupported_quality_are_never_modes() -> None:
    good = resonance(0.6, 500.0)
    limit = good.largest_quality_factor
    assert limit == pytest.approx(math.pi / 0.6 * 200 / 0.02)
    cases = {
        "negative Q": resonance(0.61, -400.0),
        "record supports": resonance(0.62, 1.1 * limit),
        "amplitude lost": resonance(0.63, 500.0, share=1e-6),
        "not sure": resonance(0.64, 500.0, error=0.01),
        "first third": resonance(0.65, 500.0, drift=0.1 + 0j),
        "not settled": resonance(0.66, 500.0, drift=1e-3j),
    }
    kept, rejected = sound([good, *cases.values()])
    assert kept == [good]
    for (words, one), found in zip(cases.items(), rejected, strict=True):
        assert found.resonance is one
        assert words in found.reason


def test_second_run_confirms_or_not() -> None:
    first = resonance(0.6, 500.0)
    assert unconfirmed(first, resonance(0.60005, 520.0)) == ""
    assert "not seen" in unconfirmed(first, None)
    assert "0.603" in unconfirmed(first, resonance(0.603, 500.0))
    assert "Q = 5e+03" in unconfirmed(first, resonance(0.6, 5000.0))


def test_neighbours_are_told_apart_by_their_pattern() -> None:
    """Two modes that cross between the resolutions keep their identity."""
    even, odd = (1.0, 0.1, 0.9), (0.1, 1.0, 0.0)
    coarse = [
        resonance(0.600, 300.0, signature=even),
        resonance(0.602, 320.0, signature=odd),
    ]
    fine = [resonance(0.601, 330.0, signature=odd), resonance(0.6035, 310.0, signature=even)]
    assert matched(coarse, fine) == [fine[1], fine[0]]
    assert matched(coarse, []) == [None, None]
    assert matched([resonance(0.6, 300)], [resonance(0.7, 300)]) == [None]


def test_probes_are_joined(worker: ModuleType) -> None:
    f, g = 1.5 - 0.002j, 1.52 - 0.001j
    lists = [
        [(f, 1.0, 1e-6), (g, 0.5, 1e-5)],
        [(f + 1e-6, 0.2, 1e-8), (g - 2e-6, 0.4, 1e-4), (1.6 - 0.1j, 1e-9, 1e-2)],
    ]
    found = worker.join_resonances(lists, 200.0)
    assert len(found) == 2
    assert found[0]["frequency"] == (f + 1e-6).real  # the one with the least error
    assert found[0]["probes"] == 2
    assert found[0]["signature"] == [1.0, 0.2]
    assert found[1]["spread"] < 2e-6


@pytest.mark.parametrize("real", [True, False])
def test_snapshots_are_split_into_modes(worker: ModuleType, real: bool) -> None:
    """Fields of three decaying modes come back from snapshots at irregular times."""
    rng = np.random.default_rng(7)
    frequencies = [1.50 - 0.004j, 1.53 - 0.001j, 1.44 - 0.01j]
    fields = rng.normal(size=(3, 2, 5)) + 1j * rng.normal(size=(3, 2, 5))
    count = 24
    times = 60 * (np.arange(count) + 0.5 + 0.35 * np.sin(2.399 * np.arange(count))) / count
    values = np.tensordot(np.exp(-2j * np.pi * np.outer(times, frequencies)), fields, axes=1)
    found, residual = worker.split_modes(times, values.real if real else values, frequencies)
    assert residual < 1e-10
    np.testing.assert_allclose(found, fields, rtol=1e-8)


@given(
    limit=st.floats(0.5, 2.0),
    first=st.floats(-0.2, 0.2),
    second=st.floats(-0.2, 0.2),
    rungs=st.integers(3, 6),
)
def test_mixed_convergence_is_within_the_error(
    limit: float, first: float, second: float, rungs: int
) -> None:
    """Any mixture of first and second order of the same sign stays inside the error bar."""
    h = np.geomspace(1.0, 0.5, rungs)
    values = limit + abs(first) * h + abs(second) * h**2
    value, error = extrapolated(list(h), list(values))
    assert abs(value - limit) <= error + 1e-9
    straight, certain = extrapolated(list(h), list(limit + second * h**2), first_order=False)
    assert straight == pytest.approx(limit, abs=1e-9)
    assert certain < 1e-6


def test_one_resolution_has_no_error() -> None:
    value, error = extrapolated([0.1], [0.6])
    assert value == 0.6
    assert math.isnan(error)
