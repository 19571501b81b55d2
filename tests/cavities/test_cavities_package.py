"""The package's public names, and that importing it stays cheap."""

from __future__ import annotations

import subprocess
import sys
import types

import pytest

import cavities

HEAVY = (
    "scipy", "shapely", "matplotlib", "pandas", "xarray", "pint", "ngsolve", "gdsfactory",
)  # fmt: skip


def test_every_public_name_resolves() -> None:
    names = [name for name in dir(cavities) if not name.startswith("_")]
    assert {"Microdisk", "Material", "draw_unit_cell"} <= set(names)
    for name in names:
        assert not isinstance(getattr(cavities, name), types.ModuleType), name


def test_unknown_names_are_attribute_errors() -> None:
    with pytest.raises(AttributeError, match="Microdisc"):
        getattr(cavities, "Microdisc")  # noqa: B009


def test_imports_stay_light() -> None:
    code = (
        "import sys, cavities, cavities.parabolic_microdisk, cavities.micropillar\n"
        "import cavities.lithography, cavities.plot_body, cavities.plot_profile\n"
        "cavities.Exposure().profile()\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
