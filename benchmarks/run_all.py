"""Run every benchmark, each in a process of its own.

python -m benchmarks.run_all -o out/benchmarks
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

BENCHMARKS = (
    "microdisk_modes",
    "microdisk_against_meep",
    "multilayer_spectra",
    "periodic_modes",
    "periodic_witness",
    "periodic_peers",
    "static_thresholds",
    "laser_dynamics",
    "lattice_layout",
    "coupled_wave",
    "engines",
    "engines_periodic",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run them one after the other; return the number of those that failed."""
    parser = argparse.ArgumentParser(description="Run every benchmark.")
    parser.add_argument("-o", "--out", type=Path, default=Path("out/benchmarks"))
    parser.add_argument("--only", nargs="+", choices=BENCHMARKS, default=BENCHMARKS)
    options = parser.parse_args(arguments)
    failed = []
    for name in options.only:
        print(f"\n=== {name}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{name}", "-o", str(options.out)]
        if subprocess.run(command, check=False).returncode:
            failed.append(name)
    if failed:
        print(f"\nfailed: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
