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
    for name in cavities.__all__:
        value = getattr(cavities, name)
        assert not isinstance(value, types.ModuleType), name
    assert set(cavities.__all__) <= set(dir(cavities))


def test_unknown_names_are_attribute_errors() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Microdisc'"):
        cavities.Microdisc  # noqa: B018


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
