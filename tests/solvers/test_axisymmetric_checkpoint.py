"""A run that is cut short goes on where it was, with the same numbers and fields."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cavities import Sphere
from solvers import solve_modes
from solvers.axisymmetric import spectrum

SPHERE = Sphere(radius=1.0, material=2.0)
WINDOW = (2 * math.pi / 7.3, 2 * math.pi / 6.0)


class Counted:
    """Stands before `modes_of_order`: counts, and fails from the given call on."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.orders: list[int] = []
        self.fails_at = fails_at
        self.solve = spectrum.modes_of_order

    def __call__(self, system: Any, order: int, window: Any) -> Any:
        if len(self.orders) == self.fails_at:
            raise KeyboardInterrupt
        self.orders.append(order)
        return self.solve(system, order, window)


def test_interrupted_run_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = solve_modes(SPHERE, WINDOW, azimuthal_order=[7, 9, 11], accuracy="fast")
    cut = Counted(fails_at=2)
    monkeypatch.setattr(spectrum, "modes_of_order", cut)
    folder = tmp_path / "unfinished"
    with pytest.raises(KeyboardInterrupt):
        solve_modes(SPHERE, WINDOW, azimuthal_order=[7, 9, 11], accuracy="fast", checkpoint=folder)
    assert len(list(folder.glob("*.h5"))) == 2
    rest = Counted()
    rest.solve = cut.solve
    monkeypatch.setattr(spectrum, "modes_of_order", rest)
    resumed = solve_modes(
        SPHERE, WINDOW, azimuthal_order=[7, 9, 11], accuracy="fast", checkpoint=folder
    )
    assert rest.orders == [11]
    assert [m.wavenumber for m in resumed] == [m.wavenumber for m in whole]
    assert [m.label for m in resumed] == [m.label for m in whole]
    r, z = np.linspace(0.8, 1.1, 4), np.linspace(0.9, 1.1, 3)
    for old, new in zip(whole, resumed, strict=True):
        np.testing.assert_allclose(
            np.abs(new.field(r, z)["E_phi"]), np.abs(old.field(r, z)["E_phi"]), rtol=1e-6
        )


def test_another_computation_does_not_read_the_folder(tmp_path: Path) -> None:
    solve_modes(SPHERE, WINDOW, azimuthal_order=9, accuracy="fast", checkpoint=tmp_path)
    other = Sphere(radius=1.0, material=1.9)
    modes = solve_modes(other, WINDOW, azimuthal_order=9, accuracy="fast", checkpoint=tmp_path)
    alone = solve_modes(other, WINDOW, azimuthal_order=9, accuracy="fast")
    assert [m.wavenumber for m in modes] == [m.wavenumber for m in alone]


def test_damaged_file_is_computed_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    first = solve_modes(SPHERE, WINDOW, azimuthal_order=9, accuracy="fast", checkpoint=tmp_path)
    (file,) = tmp_path.glob("*.h5")
    file.write_bytes(file.read_bytes()[:1000])
    again = solve_modes(SPHERE, WINDOW, azimuthal_order=9, accuracy="fast", checkpoint=tmp_path)
    assert "computing these orders again" in caplog.text
    assert [m.wavenumber for m in again] == [m.wavenumber for m in first]


def test_doubts_of_worker_processes_reach_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mode that does not converge is named in the provenance."""
    from solvers.axisymmetric import refine

    solve = refine.refine
    monkeypatch.setattr(
        spectrum, "refine", lambda *args, **options: solve(*args, **options, max_sweeps=0)
    )
    modes = solve_modes(SPHERE, WINDOW, azimuthal_order=9, accuracy="fast")
    assert modes.provenance["warnings"]
    assert "azimuthal order 9" in modes.provenance["warnings"][0]
    assert "not converged" in modes.provenance["warnings"][0]
