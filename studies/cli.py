"""The command `lasewright`.

Only click loads here; every command imports what it needs when it runs, so that help and errors
come at once. Bad input ends with status 2 and one line on stderr, an interruption with 130.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from studies.design import Design
    from studies.store import Store

__all__ = ["cli", "main"]

BAD_INPUT, FAILED, INTERRUPTED = 2, 1, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status.

    Args:
        arguments: words after the program's name; default: those of this process.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    verbose = "--verbose" in words or "-v" in words
    try:
        status = cli.main(args=words, prog_name="lasewright", standalone_mode=False)
        return status if isinstance(status, int) else 0
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx is not None else "lasewright"
        return _stop(f"{error.format_message()} See {where} --help.", BAD_INPUT)
    except click.ClickException as error:
        return _stop(error.format_message(), BAD_INPUT)
    except (click.Abort, KeyboardInterrupt):
        return _stop(
            "interrupted; what was finished is kept, the same command goes on from there",
            INTERRUPTED,
        )
    except (ValueError, TypeError, FileNotFoundError) as error:
        _traceback(verbose)
        return _stop(str(error), BAD_INPUT)
    except OSError as error:
        _traceback(verbose)
        return _stop(f"{error.filename or 'file system'}: {error.strerror or error}", BAD_INPUT)
    except Exception as error:
        _traceback(verbose)
        hint = "" if verbose else "; --verbose shows where"
        return _stop(f"{type(error).__name__}: {error}{hint}", FAILED)


def _stop(message: str, status: int) -> int:
    """Print one line on stderr and return the status."""
    click.echo(f"lasewright: {' '.join(message.split())}", err=True)
    return status


def _traceback(verbose: bool) -> None:
    """Print the traceback of the current exception when it was asked for."""
    if verbose:
        import traceback

        traceback.print_exc()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda context, _, asked: _version(context) if asked else None,
    help="Show the version and leave.",
)
def cli() -> None:
    """Design microlaser cavities: from a design file to modes, threshold and mask."""


def _version(context: click.Context) -> None:
    """Print the version and leave."""
    from studies.versions import suite_version

    click.echo(f"lasewright {suite_version()}")
    context.exit()


Command = Callable[..., Any]


def _common(command: Command) -> Command:
    """Add the options that every command on a design has."""
    for option in (
        click.option("-v", "--verbose", is_flag=True, help="Log what happens; show tracebacks."),
        click.option(
            "--store",
            "store_folder",
            type=click.Path(path_type=Path),
            envvar="LASEWRIGHT_STORE",
            help="Folder of the result store (default: the user's cache folder).",
        ),
        click.option("--fresh", is_flag=True, help="Solve even what the store has."),
        click.option("-j", "--workers", type=click.IntRange(min=1), help="Processes to use."),
    ):
        command = option(command)
    return command


_design_argument = click.argument(
    "design_file", metavar="DESIGN.toml", type=click.Path(path_type=Path)
)


def _out_option(*, required: bool, text: str, metavar: str = "OUT") -> Callable[[Command], Command]:
    """Return the option -o."""
    return click.option(
        "-o",
        "--out",
        "out",
        required=required,
        metavar=metavar,
        type=click.Path(path_type=Path),
        help=text,
    )


_rows_option = click.option(
    "-n",
    "--rows",
    default=20,
    show_default=True,
    type=click.IntRange(min=1),
    help="Modes to print.",
)


@cli.command("run")
@_design_argument
@_out_option(required=True, text="Folder for result.json, report.html, tables, pictures, masks.")
@_common
def run_command(design_file: Path, out: Path, **options: Any) -> None:
    """Modes, threshold, pictures, mask and report of a design."""
    from studies.console import stage_progress
    from studies.gain_design_tables import has_no_cavity
    from studies.toml_file import read_toml

    if has_no_cavity(read_toml(design_file)):
        _run_without_cavity(design_file, out, options)
        return
    design, store = _prepare(design_file, options, out=out)
    from studies.pipeline import run

    with stage_progress(verbose=options["verbose"]) as say, _located(design_file):
        outcome = run(design, out, store=store, fresh=options["fresh"], progress=say)
    from studies.console import print_run

    print_run(outcome)


def _run_without_cavity(design_file: Path, out: Path, options: dict[str, Any]) -> None:
    """Run a design of a gain medium alone."""
    from studies.console import print_gain_run, stage_progress
    from studies.gain_design import load_gain_design
    from studies.gain_run import run_gain

    _log(options["verbose"])
    design = load_gain_design(design_file)
    with stage_progress(verbose=options["verbose"]) as say, _located(design_file):
        outcome = run_gain(design, out, progress=say)
    print_gain_run(outcome)


@cli.command("modes")
@_design_argument
@_out_option(required=False, metavar="FILE", text="Write the modes to a .csv, .json or .h5 file.")
@_rows_option
@_common
def modes_command(design_file: Path, out: Path | None, rows: int, **options: Any) -> None:
    """Solve for the modes and print those with the highest Q."""
    from studies.console import print_modes, stage_progress
    from studies.table_file import check_table_file, write_modes

    check_table_file(out)
    design, store = _prepare(design_file, options)
    from studies.mode_stage import find_modes, with_losses
    from studies.pipeline import orders_progress

    with stage_progress(verbose=options["verbose"]) as say, _located(design_file):
        say("modes")
        modes, _ = find_modes(design, store, fresh=options["fresh"], progress=orders_progress(say))
        modes = with_losses(design, modes)
    print_modes(modes, rows)
    if out is not None:
        write_modes(modes, out)


@cli.command("threshold")
@_design_argument
@_out_option(required=False, metavar="FILE", text="Write the thresholds to a .csv or .json file.")
@_rows_option
@_common
def threshold_command(design_file: Path, out: Path | None, rows: int, **options: Any) -> None:
    """Which mode lases first, and at what pump."""
    from studies.console import print_threshold, stage_progress
    from studies.errors import DesignError
    from studies.table_file import check_table_file, write_threshold

    check_table_file(out, suffixes=(".csv", ".json"))
    design, store = _prepare(design_file, options)
    if design.gain is None:
        raise DesignError(
            "is required for a threshold; add the table [gain]", key="gain", source=str(design_file)
        )
    from gain import threshold
    from studies.mode_stage import find_modes, with_losses
    from studies.pipeline import orders_progress
    from studies.planar_stage import require_decay
    from studies.pump_profile import effective_pump

    with stage_progress(verbose=options["verbose"]) as say, _located(design_file):
        say("modes")
        modes, _ = find_modes(design, store, fresh=options["fresh"], progress=orders_progress(say))
        require_decay(design, modes)
        modes = with_losses(design, modes)
        result = threshold(modes, design.gain, effective_pump(design))  # type: ignore[arg-type]
    print_threshold(result, rows)
    if out is not None:
        write_threshold(result, out)


@cli.command("layout")
@_design_argument
@_out_option(required=True, text="Folder for the masks, the manifest and the preview.")
@click.option(
    "--predict",
    is_flag=True,
    help="Solve every disk of the mask for the manifest (one solution for each exposure time).",
)
@_common
def layout_command(design_file: Path, out: Path, predict: bool, **options: Any) -> None:
    """Draw the mask of a design: GDS, OASIS, manifest and preview."""
    design, store = _prepare(design_file, options, out=out)
    from studies.console import print_layout, stage_progress
    from studies.errors import DesignError
    from studies.layout_stage import draw_layout, write_layout

    with _located(design_file):
        chip = draw_layout(design)
        if chip is None:
            got = type(design.cavity).__name__
            raise DesignError(f"must be a microdisk to be drawn, got {got}", key="cavity.type")
        if predict:
            from studies.device_predictions import predict_devices

            with stage_progress(verbose=options["verbose"]) as say:
                chip = predict_devices(
                    design,
                    chip,
                    store,
                    workers=options["workers"],
                    progress=lambda done, total: say(f"disks: {done} of {total} exposure times"),
                )
        print_layout(write_layout(chip, design, out), out)


@cli.command("sweep")
@click.argument("study_file", metavar="STUDY.toml", type=click.Path(path_type=Path))
@_out_option(required=True, text="Folder for the table, the data set, the pictures, the report.")
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Dask scheduler to compute on, e.g. tcp://host:8786 (default: this machine).",
)
@click.option("--retry-failed", is_flag=True, help="Compute points again that ended in an error.")
@_common
def sweep_command(
    study_file: Path, out: Path, scheduler: str | None, retry_failed: bool, **options: Any
) -> None:
    """Run a study: one design with some parameters varied. Goes on where it was cut short."""
    from studies.toml_file import read_toml

    read_toml(study_file)
    from studies.study_file import load_study

    study = load_study(study_file)
    from studies.files import check_writable

    check_writable(out)
    _log(options["verbose"])
    from studies.console import point_progress, print_sweep
    from studies.sweep_run import sweep

    with point_progress(verbose=options["verbose"]) as bar, _located(study_file):
        outcome = sweep(
            study,
            out,
            store=_store(options) if options["store_folder"] else None,
            workers=options["workers"],
            scheduler=scheduler,
            fresh=options["fresh"],
            retry_failed=retry_failed,
            progress=bar,
        )
    print_sweep(outcome)


@cli.command("verify")
@_design_argument
@_out_option(required=False, text="Folder for verify.json and the picture of both fields.")
@click.option("--order", type=click.IntRange(min=0), help="Azimuthal order to compare.")
@click.option(
    "--window", nargs=2, type=float, metavar="LOW HIGH", help="Narrower window of wavelengths (um)."
)
@click.option(
    "--resolution", type=float, multiple=True, help="Pixels per um; once for each rung, rising."
)
@click.option("--goal", type=float, default=1e4, show_default=True, help="Largest Q to resolve.")
@click.option("--ranks", type=click.IntRange(min=1), default=1, help="MPI processes.")
@click.option("--time-limit", type=float, metavar="S", help="Seconds that one run may take.")
@_common
def verify_command(
    design_file: Path,
    out: Path | None,
    order: int | None,
    window: tuple[float, float] | None,
    resolution: tuple[float, ...],
    goal: float,
    ranks: int,
    time_limit: float | None,
    **options: Any,
) -> None:
    """The same modes by an independent engine (Meep), side by side."""
    from studies.console import print_verification, stage_progress

    design, store = _prepare(design_file, options, out=out)
    from solvers.engines.run_worker import RunOptions
    from solvers.fdtd import FdtdSettings
    from studies.verify import throttled, verify, write_verification

    settings = FdtdSettings(resolutions=resolution or None, quality_factor_goal=goal)
    with stage_progress(verbose=options["verbose"]) as say, _located(design_file):
        result = verify(
            design,
            store,
            azimuthal_order=order,
            wavelength=window,
            settings=settings,
            options=RunOptions(
                ranks=ranks,
                time_limit_s=time_limit,
                progress=throttled(say),
                reuse=not options["fresh"],
                workspace=store.root / "engines",
            ),
            say=say,
        )
    print_verification(result)
    if out is not None:
        for path in write_verification(result, out):
            click.echo(str(path))


@cli.command("doctor")
def doctor_command() -> None:
    """Which engines are here, their versions, and how to get the missing ones."""
    from studies.console import print_doctor
    from studies.doctor import diagnose

    engines = diagnose()
    print_doctor(engines)
    if any(engine.required and not engine.found for engine in engines):
        raise click.exceptions.Exit(FAILED)


def _prepare(
    design_file: Path, options: dict[str, Any], *, out: Path | None = None
) -> tuple[Design, Store]:
    """Return the checked design and the store; nothing is written."""
    from studies.toml_file import read_toml

    read_toml(design_file)
    from studies.checks import check_design
    from studies.design import load_design

    _log(options["verbose"])
    design = load_design(design_file)
    workers = options.get("workers") or design.solver.workers or os.cpu_count()
    design = design.changed(solver=design.solver.changed(workers=workers))
    if out is not None:
        from studies.files import check_writable

        check_writable(out)
    with _located(design_file):
        check_design(design)
    return design, _store(options)


def _store(options: dict[str, Any]) -> Store:
    """Return the result store that the options ask for."""
    from studies.store import Store, default_root

    folder = options.get("store_folder")
    return Store(default_root() if folder is None else folder)


class _located:
    """A context in which a DesignError learns which file it is about."""

    def __init__(self, source: Path) -> None:
        self._source = source

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, _: Any) -> None:
        if error is not None:
            from studies.errors import DesignError

            if isinstance(error, DesignError) and not error.source:
                raise error.located(source=str(self._source)) from None


def _log(verbose: bool) -> None:
    """Send the log to stderr: all of ours with --verbose, else warnings only."""
    import logging

    logging.basicConfig(
        level=logging.WARNING,
        format="%(levelname)s %(name)s: %(message)s" if verbose else "%(levelname)s: %(message)s",
        force=True,
    )
    for handler in logging.getLogger().handlers:
        handler.addFilter(_worth_showing)
    for name in ("cavities", "solvers", "gain", "layouts", "studies"):
        logging.getLogger(name).setLevel(logging.INFO if verbose else logging.WARNING)


def _worth_showing(record: Any) -> bool:
    """Keep the scheduler's chatter out of the log: it speaks of workers that come and go."""
    ours = not record.name.startswith("distributed")
    return ours or record.levelno >= 40


if __name__ == "__main__":
    sys.exit(main())
