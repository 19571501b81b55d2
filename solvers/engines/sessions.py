"""Ending a worker with everything that it started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

__all__ = ["end_session", "process_exists", "session_members"]

GRACE_S = 3.0


def end_session(process: subprocess.Popen[str]) -> None:
    """End the session that a process leads: first politely, then by SIGKILL.

    mpirun puts every rank into a process group of its own, so that killing one group is not
    enough: on Linux all processes of the session are ended, elsewhere the leader's group.
    """
    _signal(process, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(GRACE_S)
    limit = time.monotonic() + GRACE_S
    while session_members(process.pid) and time.monotonic() < limit:
        _signal(process, signal.SIGKILL)
        time.sleep(0.02)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(GRACE_S)


def _signal(process: subprocess.Popen[str], number: signal.Signals) -> None:
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
    for member in session_members(process.pid):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(member, number)


def session_members(session: int) -> list[int]:
    """Return the live processes of a session (Linux), [] where /proc is not there."""
    members = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        state, its_session = fields[0], int(fields[3])
        if its_session == session and state not in ("Z", "X"):
            members.append(int(stat.parent.name))
    return members


def process_exists(process: int) -> bool:
    """Whether a process of that number is there."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
