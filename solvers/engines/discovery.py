"""Finding Meep and MPB on this machine, and the command that installs them.

Nothing is imported into this process: Meep changes the floating-point mode of the process that
imports it, and a broken build can take the interpreter with it. Each candidate is asked in a short
process of its own; answers are remembered as long as the interpreter's file does not change.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from solvers.engines.errors import EngineMissing

__all__ = [
    "APT_LINE",
    "CONDA_LINE",
    "EngineSearch",
    "Interpreter",
    "ask_program",
    "clean_environment",
    "find_engines",
    "install_line",
    "meep_interpreters",
    "require_meep",
]

TIMEOUT_S = 60.0
APT_LINE = "apt-get install python3-meep python3-matplotlib python3-scipy python3-h5py"
CONDA_LINE = "conda create -n meep -c conda-forge pymeep"

_ASK_MEEP = """
import json, sys
import meep
def has(name):
    try:
        __import__(name)
    except ImportError:
        return False
    return True
print("LASEWRIGHT" + json.dumps({
    "meep": meep.__version__, "mpb": has("meep.mpb"), "mpi": bool(meep.with_mpi()),
    "h5py": has("h5py"), "numpy": __import__("numpy").__version__,
}))
"""


@dataclass(frozen=True, kw_only=True)
class Interpreter:
    """A Python interpreter that has Meep.

    Attributes:
        python: the program; version: of Meep.
        has_mpb: whether meep.mpb is in it; has_mpi: whether Meep was built with MPI.
        has_h5py: whether results can be written as HDF5.
        numpy: version of its NumPy.
    """

    python: str
    version: str
    has_mpb: bool = False
    has_mpi: bool = False
    has_h5py: bool = False
    numpy: str = ""

    @property
    def build(self) -> str:
        """What it was built for: "MPI" or "serial"."""
        return "MPI" if self.has_mpi else "serial"


@dataclass(frozen=True, kw_only=True)
class EngineSearch:
    """What was found, in the order of preference, and why other candidates do not serve."""

    found: tuple[Interpreter, ...]
    problems: tuple[str, ...]

    def best(self, *, mpb: bool = False, mpi: bool = False) -> Interpreter | None:
        """Return the first interpreter that has what is asked for."""
        for interpreter in self.found:
            if (interpreter.has_mpb or not mpb) and (interpreter.has_mpi or not mpi):
                return interpreter
        return None


def find_engines(
    environment: Mapping[str, str] | None = None, candidates: Iterable[str] | None = None
) -> EngineSearch:
    """Return every interpreter with Meep.

    Args:
        environment: variables to look at, default those of this process.
        candidates: interpreters to ask; default: `meep_interpreters`.
    """
    found: list[Interpreter] = []
    problems: list[str] = []
    names = meep_interpreters(environment) if candidates is None else candidates
    for python in names:
        try:
            found.append(_asked(python, _stamp(python)))
        except LookupError as error:
            problems.append(f"{python}: {error}")
    return EngineSearch(found=tuple(found), problems=tuple(problems))


def require_meep(
    *, mpb: bool = False, mpi: bool = False, environment: Mapping[str, str] | None = None
) -> Interpreter:
    """Return the interpreter to run Meep with.

    Args:
        mpb: it must have meep.mpb; mpi: Meep must be built with MPI.
        environment: variables to look at, default those of this process.

    Raises:
        EngineMissing: none serves; the message says what was tried and how to install it.
    """
    search = _first_that_serves(environment, mpb=mpb, mpi=mpi)
    best = search.best(mpb=mpb, mpi=mpi)
    if best is not None:
        return best
    what = "meep.mpb" if mpb else "Meep built with MPI" if mpi else "Meep"
    tried = [*search.problems]
    tried += [f"{one.python}: Meep {one.version} ({one.build}) lacks it" for one in search.found]
    raise EngineMissing(
        f"engine: {what} must be on this machine, got none (tried {'; '.join(tried)}); "
        f"install it: {install_line(mpi=mpi)}; or set LASEWRIGHT_MEEP_PYTHON to the "
        "interpreter that has it"
    )


def _first_that_serves(
    environment: Mapping[str, str] | None, *, mpb: bool, mpi: bool
) -> EngineSearch:
    """Ask candidates one by one until one serves."""
    found: list[Interpreter] = []
    problems: list[str] = []
    for python in meep_interpreters(environment):
        one = find_engines(environment, [python])
        found += one.found
        problems += one.problems
        if one.best(mpb=mpb, mpi=mpi) is not None:
            break
    return EngineSearch(found=tuple(found), problems=tuple(problems))


def meep_interpreters(environment: Mapping[str, str] | None = None) -> list[str]:
    """Return the interpreters that may have Meep, in the order in which they are tried.

    LASEWRIGHT_MEEP_PYTHON, this interpreter, /usr/bin/python3, those of conda environments, and
    the build for MPI that `make meep-mpi` puts into this interpreter's environment.
    """
    environment = os.environ if environment is None else environment
    chosen = environment.get("LASEWRIGHT_MEEP_PYTHON")
    candidates = [*([chosen] if chosen else []), sys.executable, "/usr/bin/python3"]
    candidates += [str(path) for path in _conda_pythons(environment)]
    beside = Path(sys.prefix) / "meep-mpi" / "bin" / "python"
    candidates += [str(beside)] if beside.exists() else []
    return list(dict.fromkeys(candidates))


def _conda_pythons(environment: Mapping[str, str]) -> Iterable[Path]:
    """Return the interpreters of the conda environments of the usual places."""
    home = Path(environment.get("HOME", "/nonexistent"))
    roots = [
        Path(environment[name])
        for name in ("CONDA_PREFIX", "MAMBA_ROOT_PREFIX")
        if environment.get(name)
    ]
    names = ("miniconda3", "miniforge3", "mambaforge", "anaconda3", "micromamba")
    roots += [home / name for name in names] + [Path("/opt/conda")]
    for root in roots:
        for prefix in (root, *sorted((root / "envs").glob("*"))):
            python = prefix / "bin" / "python"
            if python.exists():
                yield python


def install_line(*, mpi: bool = False, os_release: Path = Path("/etc/os-release")) -> str:
    """Return the command that installs Meep and MPB on this very system.

    Args:
        mpi: the build that runs under mpirun.
        os_release: file that names the distribution.
    """
    conda = next((name for name in ("mamba", "micromamba", "conda") if shutil.which(name)), None)
    package = '"pymeep=*=mpi_mpich_*"' if mpi else "pymeep"
    environment = "meep-mpi" if mpi else "meep"
    by_conda = f"{conda or 'conda'} create -n {environment} -c conda-forge {package}"
    debian = shutil.which("apt-get") is not None and _is_debian(os_release)
    if not debian:
        return by_conda if conda else f"{by_conda}   (get conda: conda-forge.org/download)"
    if mpi:
        # Debian's package would replace python3-meep and has no meep.mpb: it is put beside it
        return f"make meep-mpi (in Lasewright's checkout)   (or: {by_conda})"
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    line = APT_LINE if root else f"sudo {APT_LINE}"
    return f"{line}   (or: {by_conda})"


def _is_debian(os_release: Path) -> bool:
    try:
        text = os_release.read_text()
    except OSError:
        return False
    fields = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    names = f"{fields.get('ID', '')} {fields.get('ID_LIKE', '')}".replace('"', "").split()
    return bool({"debian", "ubuntu"} & set(names))


def ask_program(
    command: list[str], *, environment: Mapping[str, str] | None = None
) -> tuple[str, str]:
    """Run a short program; return (output, problem), one of which is empty.

    Args:
        command: program and arguments; environment: its variables, default ours.
    """
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            stdin=subprocess.DEVNULL,
            check=False,
            env=None if environment is None else dict(environment),
        )
    except FileNotFoundError:
        return "", "no such program"
    except PermissionError:
        return "", "not an executable program"
    except subprocess.TimeoutExpired:
        return "", f"no answer within {TIMEOUT_S:.0f} s"
    except OSError as error:
        return "", str(error)
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        return "", lines[-1] if lines else f"ended with status {done.returncode}"
    return done.stdout, ""


def _stamp(python: str) -> float:
    """Return the time of change of an interpreter, 0 when there is none."""
    try:
        return Path(python).stat().st_mtime
    except OSError:
        return 0.0


@functools.lru_cache(maxsize=64)
def _asked(python: str, stamp: float) -> Interpreter:
    """Return what an interpreter says about its Meep; LookupError, not remembered, if nothing."""
    output, problem = ask_program([python, "-c", _ASK_MEEP], environment=clean_environment())
    marked = [line for line in output.splitlines() if line.startswith("LASEWRIGHT")]
    if not marked:
        raise LookupError(problem or "no answer")
    answer = json.loads(marked[-1].removeprefix("LASEWRIGHT"))
    return Interpreter(
        python=python,
        version=str(answer["meep"]),
        has_mpb=bool(answer.get("mpb")),
        has_mpi=bool(answer.get("mpi")),
        has_h5py=bool(answer.get("h5py")),
        numpy=str(answer.get("numpy", "")),
    )


def clean_environment() -> dict[str, str]:
    """Return this process's environment without what would lead another Python astray."""
    hidden = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYTHONWARNINGS")
    return {name: value for name, value in os.environ.items() if name not in hidden}
