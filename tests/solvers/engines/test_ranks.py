"""Two MPI processes: the same modes as one, and nothing left running when they are stopped."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import pytest

from cavities import Microdisk
from solvers import solve_modes
from solvers.engines.errors import EngineCancelled
from solvers.engines.job import EngineJob
from solvers.engines.run_worker import RunOptions, run_job
from solvers.fdtd import FdtdSettings
from solvers.fdtd.plain_structures import holey_waveguide
from tests.solvers.engine_case import interpreter_or_skip


@pytest.fixture(scope="module")
def parallel(tmp_path_factory: pytest.TempPathFactory) -> RunOptions:
    """Options that run a Meep built with MPI; results are not shared between numbers of ranks."""
    workspace = tmp_path_factory.mktemp("ranks")
    return RunOptions(workspace=workspace, interpreter=interpreter_or_skip(mpi=True), reuse=False)


def ranks(options: RunOptions, count: int) -> RunOptions:
    return dataclasses.replace(options, ranks=count)


@pytest.mark.meep
def test_two_ranks_give_the_resonances_of_one(parallel: RunOptions) -> None:
    job = holey_waveguide(resolution=10)
    one, two = (run_job(job, ranks(parallel, count)) for count in (1, 2))
    assert (one.ranks, two.ranks) == (1, 2)
    assert len(two.report["resonances"]) == len(one.report["resonances"]) > 0
    for first, second in zip(one.report["resonances"], two.report["resonances"], strict=True):
        if first["amplitude"] > 1e-3:
            assert second["frequency"] == pytest.approx(first["frequency"], rel=1e-9)
            assert second["quality_factor"] == pytest.approx(first["quality_factor"], rel=1e-6)


@pytest.mark.meep
def test_two_ranks_give_the_modes_and_fields_of_one(parallel: RunOptions) -> None:
    """Complex fields, snapshots and all: a disk through the solver's own interface."""
    disk = Microdisk(radius=0.5, height=0.3, material=3.0, substrate=1.0)
    settings = FdtdSettings(
        resolutions=(20.0,), repeat=False, quality_factor_goal=300, shortest_record=40
    )
    one, two = (
        solve_modes(
            disk,
            (0.9, 1.0),
            method="fdtd",
            azimuthal_order=6,
            settings=settings,
            engine=ranks(parallel, count),
            quality_factor_floor=20,
        )
        for count in (1, 2)
    )
    assert len(two) == len(one) > 0
    for first, second in zip(one, two, strict=True):
        assert second.wavelength == pytest.approx(first.wavelength, rel=1e-8)
        assert second.quality_factor == pytest.approx(first.quality_factor, rel=1e-5)
        assert second.confinement == pytest.approx(first.confinement, rel=1e-4)


@pytest.mark.meep
def test_stopping_ends_every_rank(parallel: RunOptions) -> None:
    started: list[float] = []
    options = dataclasses.replace(
        ranks(parallel, 2),
        progress=lambda _: started.append(time.monotonic()),
        cancel=lambda: bool(started),
    )
    job = holey_waveguide(resolution=60)
    with pytest.raises(EngineCancelled, match="was cancelled"):
        run_job(job, options)
    assert started
    assert parallel.workspace is not None
    assert not workers_in(parallel.workspace, job)


def workers_in(workspace: Path, job: EngineJob) -> list[str]:
    """Return the command lines of living processes that work for a job below a folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # it ended while we looked
            continue
        if str(workspace) in command and job.worker.name in command:
            found.append(command)
    return found
