"""A chip with 10^8 pillars: seconds to draw, check, write and read back; bytes on disk.

Each case runs in a process of its own, for drawn cells are kept for the session. Imports are not
counted; `write` includes the rule check, the read-back and the comparison with the drawing.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import in_fresh_process, machine, measured, peak_memory_mb, write_json

__all__ = ["main"]

CASES = (
    ("square", 335.0, ".gds"),
    ("square", 335.0, ".oas"),
    ("triangular", 335.0, ".gds"),
    ("triangular", 335.0, ".oas"),
    # a period off the writing grid: every row and column at its own rounded place
    ("triangular", 335.3, ".gds"),
    ("triangular", 335.3, ".oas"),
)

PILLARS = 1e8


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the cases, print a table, write JSON; return 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-o", "--out", type=Path, default=Path("out/benchmarks"))
    options = parser.parse_args(arguments)
    rows = [
        in_fresh_process("benchmarks.lattice_layout:one_device", kind, period, ending)
        for kind, period, ending in CASES
    ]
    print(
        "| lattice | period (nm) | file | pillars | draw (s) | check, write, read back (s) "
        "| of that, write alone (s) | kB | peak memory (MB) |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for row in rows:
        print(
            f"| {row['lattice']} | {row['period_nm']:g} | {row['file']} | {row['pillars']:.4g} | "
            f"{row['draw_s']:.2f} | {row['write_checked_s']:.2f} | {row['write_s']:.2f} | "
            f"{row['bytes'] / 1e3:.1f} | {row['peak_memory_mb']:.0f} |"
        )
    write_json(options.out / "lattice_layout.json", {"machine": machine(), "cases": rows})
    return 0


def one_device(kind: str, period_nm: float, ending: str) -> dict[str, Any]:
    """Draw and write one device of 10^8 pillars; return what it cost."""
    from cavities import nanopillar_quantum_shells
    from layouts import LatticeSettings, layout
    from layouts.layout_file import to_klayout, write_layout_file

    period = 1e-3 * period_nm
    area = period**2 * (1.0 if kind == "square" else 3**0.5 / 2)
    cavity = nanopillar_quantum_shells(period, lattice=kind)  # type: ignore[arg-type]
    settings = LatticeSettings(
        periods=(period,), sizes=((PILLARS * area) ** 0.5 * 1.01,), write_field=500.0
    )
    # the first chip of a process builds the lettering's cells and loads lazy modules
    layout(cavity, lattice=LatticeSettings(periods=(period,), sizes=(10.0,)))
    drawn = measured(lambda: layout(cavity, lattice=settings))
    chip = drawn.value
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"array{ending}"
        checked = measured(lambda: chip.write(path, metadata=False))
        bare = measured(
            lambda: write_layout_file(
                to_klayout(chip.component, metadata=False), path, metadata=False
            )
        )
    back = checked.value
    return {
        "lattice": kind,
        "period_nm": period_nm,
        "file": ending,
        "pillars": back.shape_counts["pillar"],  # type: ignore[attr-defined]
        "draw_s": drawn.wall_s,
        "draw_cpu_s": drawn.cpu_s,
        "write_checked_s": checked.wall_s,
        "write_checked_cpu_s": checked.cpu_s,
        "write_s": bare.wall_s,
        "bytes": back.bytes,  # type: ignore[attr-defined]
        "position_error_nm": 1e3 * back.position_error,  # type: ignore[attr-defined]
        "peak_memory_mb": peak_memory_mb(),
    }


if __name__ == "__main__":
    raise SystemExit(main())
