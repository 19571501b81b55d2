"""What depends on the process: import cost, and files that do not depend on its history."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

LIGHT = """
import sys
import layouts
from layouts import ChipSettings, Device, DoseArray, Layout, layout, read_back, plot_layout
heavy = {"gdsfactory", "kfactory", "klayout", "matplotlib", "pandas", "scipy"} & set(sys.modules)
assert not heavy, heavy
assert callable(layout)
assert set(layouts.__all__) == set(dir(layouts))
"""

WRITE = """
import sys, warnings
warnings.simplefilter("error")
from cavities import Exposure, ParabolicMicrodisk
from layouts import DoseArray, layout
disk = ParabolicMicrodisk.from_exposure(Exposure())
array = DoseArray(diameters=(12.5, 15.0), dose_factors=(0.9, 1.1))
if sys.argv[2] == "late":
    import gdsfactory as gf
    gf.gpdk.PDK.activate()
    gf.components.straight(length=3)
    gf.kcl.layer(77, 7)
    layout(disk, array=array.changed(diameters=(15.0, 12.5, 17.0)))
layout(disk, array=array).write(sys.argv[1] + ".gds")
layout(disk, array=array).write(sys.argv[1] + ".oas")
layout(disk, array=array).write_manifest(sys.argv[1] + ".csv")
"""


def _python(code: str, *arguments: str) -> None:
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, cwd=ROOT)


def test_importing_loads_nothing_heavy() -> None:
    _python(LIGHT)


def test_files_do_not_depend_on_history(tmp_path: Path) -> None:
    """Two processes, one of which drew other things first: the same bytes."""
    for when in ("early", "late"):
        _python(WRITE, str(tmp_path / when), when)
    for ending in (".gds", ".oas", ".csv"):
        early, late = ((tmp_path / f"{when}{ending}").read_bytes() for when in ("early", "late"))
        assert early == late
        assert early
