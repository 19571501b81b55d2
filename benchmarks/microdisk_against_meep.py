"""One microdisk by our solver and by Meep: the time to a given accuracy of the wavelength.

    python -m benchmarks.microdisk_against_meep -o out/benchmarks

The disk and its modes are those of `microdisk_case`. Meep runs in cylindrical coordinates with
harmonic inversion, at several resolutions and two Courant numbers: its default and the one found
best for the E_z-like mode. The choices favour Meep: its cell is the smallest whose result is
converged (1e-7), pulse and ring-down are the shortest (1e-6), one run gives both modes.

Accuracies are relative to the wavelength at our `reference` settings; beside it stands the
Richardson limit of Meep's own ladder with its uncertainty, which has to agree. A time marked with
* lies beyond the finest resolution that was run: the ladder's error model gives the resolution,
its cost law the time. Both codes run on one thread; the processor time is compared, so that a
busy machine does not matter. Finished Meep runs are kept in the output directory, and a second
start goes on from there. About six minutes at the default resolutions.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks.ladder_report import compare, draw, print_meep, print_ours
from benchmarks.measure import machine, one_thread, write_json
from benchmarks.meep_ladder import run_meep
from benchmarks.solver_ladder import run_ours


def main(arguments: Sequence[str] | None = None) -> None:
    """Run both ladders, print the tables, write the numbers and a picture."""
    parser = argparse.ArgumentParser(description="Our solver and Meep on one same microdisk.")
    parser.add_argument("-o", "--out", type=Path, default=Path("out/benchmarks"))
    parser.add_argument(
        "--resolutions", type=float, nargs="+", default=[20, 30, 40, 50, 60, 80], help="per um"
    )
    parser.add_argument("--courants", type=float, nargs="+", default=[0.5, 0.15])
    parser.add_argument("--meep-only", action="store_true", help="leave our solver out")
    options = parser.parse_args(arguments)
    one_thread()

    ladders = {
        courant: [run_meep(res, courant, options.out / "meep") for res in options.resolutions]
        for courant in options.courants
    }
    print_meep(ladders)
    if options.meep_only:
        return
    ours = run_ours()
    print_ours(ours)
    rows = compare(ladders, ours)
    meep = [
        {key: run[key] for key in ("request", "modes", "cpu_s", "wall_s", "meep")}
        for runs in ladders.values()
        for run in runs
    ]
    numbers = options.out / "microdisk_against_meep.json"
    write_json(numbers, {"machine": machine(), "meep": meep, "ours": ours, "comparison": rows})
    print(f"numbers: {numbers}")
    print(f"picture: {draw(ladders, ours, numbers.with_suffix('.png'))}")


if __name__ == "__main__":
    main()
