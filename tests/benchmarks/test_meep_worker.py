"""The Meep worker alone: its two modes, and that they are those of the benchmark's case."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.meep_ladder import meep_mode, run_meep
from tests.solvers.engine_case import interpreter_or_skip


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    interpreter_or_skip()
    return run_meep(20, 0.5, tmp_path_factory.mktemp("meep"))


@pytest.mark.meep
@pytest.mark.parametrize(
    ("name", "wavelength", "error"), [("E_z-like", 0.705191, 3e-3), ("E_r-like", 0.692016, 1e-3)]
)
def test_coarse_run_is_near_the_converged_wavelength(
    run: dict[str, object], name: str, wavelength: float, error: float
) -> None:
    """Converged values: finite elements; 20 pixels per um give 2.3e-3 and 4e-4."""
    mode = meep_mode(run, name)
    assert mode["wavelength"] == pytest.approx(wavelength, rel=error)
    assert mode["error"] < 1e-6


@pytest.mark.meep
def test_finished_run_is_not_repeated(run: dict[str, object], tmp_path: Path) -> None:
    import json

    kept = tmp_path / "microdisk_resolution_20_courant_0.5.json"
    kept.write_text(json.dumps(run | {"cpu_s": -1.0}))
    assert run_meep(20, 0.5, tmp_path)["cpu_s"] == -1.0
