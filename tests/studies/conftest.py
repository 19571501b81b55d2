"""Shared pieces of the study tests: a fast stand-in for the solver, a small design."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from solvers.modes import Mode, ModeSet
from studies import RunResult, Store, load_design, run

DESIGN = """\
name = "Test disk"

[cavity]
type = "parabolic_microdisk"
coat_thickness = "75 nm"

[cavity.exposure]
power = "500 uW"
time = "50 ms"
absorber = "20 mg/mL"

[solver]
wavelength = ["640 nm", "670 nm"]
quality_factor_floor = 100

[gain]
preset = "quantum_shells"

[pump]
wavelength = "532 nm"
cross_section = "3.6e-14 cm^2"

[monte_carlo]
cavities = 60
median_quality_factor = 6000

[output]
field_count = 2
field_points = 60
"""


class FakeSolver:
    """Stands in for `solve_modes`: two families of whispering-gallery modes of a ring."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []

    def __call__(
        self,
        cavity: Any,
        *,
        wavelength: tuple[float, float],
        azimuthal_order: int | tuple[int, ...] | None = None,
        quality_factor_floor: float = 100.0,
        accuracy: str = "default",
        workers: int = 1,
        progress: Any = None,
        checkpoint: Any = None,
    ) -> ModeSet:
        """Return the modes of the window, with fields."""
        self.calls.append({"wavelength": wavelength, "azimuthal_order": azimuthal_order})
        radius = float(cavity.diameter) / 2
        orders: Any = range(20, 400) if azimuthal_order is None else azimuthal_order
        orders = (orders,) if isinstance(orders, int) else orders
        modes = []
        for m in orders:
            for polarization, index, quality in (("TE", 1.52, 3e4), ("TM", 1.50, 8e3)):
                k = m / (radius * index)
                if wavelength[0] <= 2 * math.pi / k <= wavelength[1]:
                    modes.append(_mode(k, m, polarization, quality, radius))
        modes = [mode for mode in modes if mode.quality_factor > quality_factor_floor]
        modes.sort(key=lambda mode: mode.wavelength)
        return ModeSet(modes=tuple(modes), window=wavelength, provenance={"solver": "fake"})


def _mode(k: float, m: int, polarization: str, quality: float, radius: float) -> Mode:
    def sampler(r: np.ndarray, z: np.ndarray) -> Mapping[str, np.ndarray]:
        bump = np.exp(-((r - 0.93 * radius) ** 2) / 0.1 - (z - 4.0) ** 2 / 0.4)
        flat = np.ones_like(bump)
        return {
            "E_r": (bump + 0j),
            "E_phi": 0.2j * bump,
            "E_z": 0.1 * bump + 0j,
            "eps": np.where(r < radius, 2.5, 1.0) * flat + 0j,
        }

    return Mode(
        wavenumber=k * (1 - 0.5j / quality),
        quality_factors={"radiation": 4 * quality, "absorption:reflector": quality * 4 / 3},
        confinement={"gain": 0.1, "resist": 0.85, "superstrate": 0.05},
        mode_volume=20.0,
        polarization=polarization,
        azimuthal_order=m,
        radial_order=1,
        axial_order=0,
        residual=1e-12,
        wavelength_error=2e-8,
        quality_factor_error=1e-4,
        method="fake",
        sampler=sampler,
    )


@pytest.fixture
def fake_solver() -> FakeSolver:
    """A fast stand-in for `solve_modes` that counts its calls."""
    return FakeSolver()


@pytest.fixture
def design_file(tmp_path: Path) -> Callable[..., Path]:
    """Write the small design, with replacements, and return its path."""

    def write(*changes: tuple[str, str], name: str = "design.toml") -> Path:
        text = DESIGN
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} must occur once"
            text = text.replace(old, new)
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    """One full run of the small design, for the tests that only look at it."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "design.toml").write_text(DESIGN, encoding="utf-8")
    store = Store(folder / "store")
    return run(load_design(folder / "design.toml"), folder / "out", store=store, solve=FakeSolver())
