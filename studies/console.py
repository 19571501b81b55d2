"""What the command prints: progress on stderr, results on stdout."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studies.number_text import readable

if TYPE_CHECKING:
    from rich.console import Console

    from gain.lasing_threshold import ThresholdResult
    from layouts.verification import ReadBack
    from solvers.modes import ModeSet
    from studies.doctor import Engine
    from studies.gain_run import GainRunResult
    from studies.pipeline import RunResult
    from studies.sweep_run import SweepEvent, SweepResult
    from studies.verify import Verification

__all__ = [
    "point_progress",
    "print_doctor",
    "print_gain_run",
    "print_layout",
    "print_modes",
    "print_run",
    "print_sweep",
    "print_threshold",
    "print_verification",
    "stage_progress",
]


def _console(*, err: bool = False) -> Console:
    """Return a console; without a terminal it neither colours nor breaks lines."""
    from rich.console import Console

    stream = sys.stderr if err else sys.stdout
    width = None if stream.isatty() else 200
    return Console(
        stderr=err, highlight=False, soft_wrap=width is not None, emoji=False, width=width
    )


@contextmanager
def stage_progress(*, verbose: bool = False) -> Iterator[Callable[[str], None]]:
    """Give a function that shows the current stage; on a terminal with the time it takes."""
    console = _console(err=True)
    if not console.is_terminal or verbose:
        yield lambda text: console.print(text, markup=False)
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)

        def say(text: str) -> None:
            bar.update(task, description=text.replace("[", r"\["))

        yield say


@contextmanager
def point_progress(*, verbose: bool = False) -> Iterator[Callable[[SweepEvent], None]]:
    """Give a function that shows how many points are done, failed, and the time left."""
    console = _console(err=True)
    if not console.is_terminal or verbose:
        yield lambda event: console.print(event.text(), markup=False)
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("points", total=None)

        def show(event: Any) -> None:
            failed = f", {event.failed} failed" if event.failed else ""
            bar.update(task, completed=event.done, total=event.total, description=f"points{failed}")

        yield show


def _table(console: Console, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; the first column is text, the others are numbers."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, name in enumerate(columns):
        table.add_column(name, justify="left" if number == 0 else "right", no_wrap=True)
    for row in rows:
        table.add_row(*(cell.replace("[", r"\[") for cell in row))
    console.print(table)


def print_run(outcome: RunResult) -> None:
    """Print the outcome of a run in a few lines."""
    console = _console()
    if outcome.threshold is not None:
        from gain.threshold_report import threshold_summary

        console.print(threshold_summary(outcome.threshold), markup=False)
    else:
        console.print(outcome.modes.summary(), markup=False)
    for message in outcome.provenance.get("warnings", []):
        console.print(f"warning: {message}", markup=False)
    console.print(f"{outcome.folder}/report.html", markup=False)


def print_gain_run(outcome: GainRunResult) -> None:
    """Print the headline numbers of a run without a cavity."""
    console = _console()
    for what, value, unit, note in (card for one in outcome.sections for card in one.cards):
        number = f"{value} {unit}".strip()
        console.print(f"{what}: {number}{f' ({note})' if note else ''}", markup=False)
    for message in outcome.provenance.get("warnings", []):
        console.print(f"warning: {message}", markup=False)
    console.print(f"{outcome.folder}/report.html", markup=False)


def print_modes(modes: ModeSet, rows: int) -> None:
    """Print the modes with the highest Q."""
    from studies.report_tables import uncertain

    console = _console()
    console.print(modes.summary(), markup=False)
    best = modes.sorted_by("quality_factor", reverse=True)[:rows]
    flat = any(math.isfinite(mode.mode_length) for mode in modes)
    volume = "V/area (um)" if flat else "V (um^3)"
    columns = ("mode", "wavelength (nm)", "+- (pm)", "Q", volume, "in gain (%)", "limited by")
    table = []
    for mode in best:
        losses = {name: 1 / q for name, q in mode.quality_factors.items() if q > 0}
        table.append(
            [
                mode.label,
                f"{1e3 * mode.wavelength:.4f}",
                readable(1e6 * mode.wavelength_error, 2),
                (">~ " if uncertain(mode) else "") + f"{mode.quality_factor:.4g}",
                readable(mode.mode_length if flat else mode.mode_volume),
                readable(100 * mode.confinement.get("gain", float("nan")), 3),
                max(losses, key=lambda name: losses[name]) if losses else "",
            ]
        )
    _table(console, columns, table)


def print_threshold(result: ThresholdResult, rows: int) -> None:
    """Print which mode lases first and the modes with the lowest thresholds."""
    _console().print(result.report(rows=rows), markup=False)


def print_layout(files: Mapping[str, ReadBack], folder: Path) -> None:
    """Print what the written masks hold."""
    console = _console()
    for name, held in files.items():
        left, bottom, right, top = held.bounding_box
        counted = getattr(held, "shape_counts", None)
        if counted is None:
            what = f"{held.device_count} disks"
        else:
            what = f"{sum(counted.values())} shapes"
        console.print(
            f"{folder / name}: {what}, {len(held.cells)} cells, "
            f"{right - left:.0f} x {top - bottom:.0f} um, read back and equal to the drawing",
            markup=False,
        )


def print_sweep(outcome: SweepResult) -> None:
    """Print what a sweep computed and where it is."""
    console = _console()
    console.print(outcome.summary(), markup=False)
    console.print(f"{outcome.folder}/report.html", markup=False)


def print_verification(result: Verification) -> None:
    """Print the modes of both methods side by side, and the verdict."""
    console = _console()
    rows = []
    for row in result.rows:
        one, other = row.default, row.engine
        texts = [one.label, f"{1e3 * one.wavelength:.4f}", f"{one.quality_factor:.4g}"]
        if other is None:
            rows.append([*texts, "", "", "", "", "", row.verdict])
            continue
        rows.append(
            [
                *texts,
                f"{1e3 * other.wavelength:.4f}",
                f"{other.quality_factor:.4g}",
                f"{100 * row.wavelength_difference:+.3f} ({100 * row.wavelength_error:.3f})",
                f"{100 * row.quality_difference:+.2f} ({100 * row.quality_error:.2f})",
                f"{row.confinement_difference:.3f}",
                row.verdict,
            ]
        )
    names = ("mode", "nm", "Q", "Meep nm", "Meep Q", "nm %", "Q %", "confinement", "verdict")
    _table(console, names, rows)
    for row in result.rows:
        if row.note:
            console.print(f"{row.default.label}: {row.note}", markup=False)
    walls = result.wall_s
    console.print(
        f"\n{result.verdict}\n"
        f"Differences are Meep minus {result.default.settings.get('method', 'default')}, both "
        f"error estimates together in brackets. Seconds: {walls['default']:.1f} and "
        f"{walls['engine']:.1f}.",
        markup=False,
    )


def print_doctor(engines: Sequence[Engine]) -> None:
    """Print the engines with versions, and the install line of the missing ones."""
    console = _console()
    _table(
        console,
        ("engine", "version", "where"),
        [
            [e.name, f"{e.version}, {e.build}" if e.build else e.version or "missing", e.where]
            for e in engines
        ],
    )
    lines: dict[str, list[Engine]] = {}
    for engine in engines:
        if not engine.found:
            lines.setdefault(engine.install, []).append(engine)
    for install, missing in lines.items():
        names = " and ".join(engine.name for engine in missing)
        console.print(f"\nTo get {names} ({missing[0].purpose}):\n  {install}", markup=False)
        for engine in missing[:1]:
            for reason in engine.problem.split("; "):
                console.print(f"  tried {reason}", markup=False)
