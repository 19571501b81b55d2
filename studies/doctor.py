"""Which engines are on this machine, their versions, and how to get the missing ones.

Nothing is imported into this process: Meep changes the floating-point mode of the process that
imports it, and a broken build can take the interpreter with it. Each engine is asked in a short
process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Engine", "diagnose", "meep_interpreters"]

TIMEOUT_S = 60.0
APT_LINE = "apt-get install python3-meep python3-matplotlib python3-scipy python3-h5py"
CONDA_LINE = "conda create -n meep -c conda-forge pymeep"

_ASK_MODULE = """
import importlib, json, sys
module = importlib.import_module(sys.argv[1])
print(json.dumps(str(getattr(module, "__version__", "unknown"))))
"""
_ASK_MEEP = """
import json
import meep
try:
    import meep.mpb
    mpb = True
except ImportError:
    mpb = False
print("LASEWRIGHT" + json.dumps({"meep": meep.__version__, "mpb": mpb}))
"""


@dataclass(frozen=True, kw_only=True)
class Engine:
    """One engine as found.

    Attributes:
        name: e.g. "ngsolve"; purpose: what the suite uses it for.
        version: its version, "" when it is missing.
        where: the interpreter or program that has it; problem: why it does not serve.
        install: the command that gets it.
        required: whether `lasewright run` needs it.
    """

    name: str
    purpose: str
    version: str = ""
    where: str = ""
    problem: str = ""
    install: str = ""
    required: bool = False

    @property
    def found(self) -> bool:
        """Whether the engine can be used."""
        return bool(self.version)


def diagnose(environment: Mapping[str, str] | None = None) -> tuple[Engine, ...]:
    """Return every engine the suite can use, found or not.

    Args:
        environment: variables to look at, default those of this process.
    """
    environment = os.environ if environment is None else environment
    tasks: list[Callable[[], list[Engine]]] = [
        lambda: [_module("ngsolve", "axisymmetric modes by finite elements")],
        lambda: [_module("gdsfactory", "mask layouts")],
        lambda: [_module("klayout.db", "reading, writing and checking GDS and OASIS", "klayout")],
        lambda: _meep(environment),
    ]
    with ThreadPoolExecutor(max_workers=len(tasks)) as pool:
        return tuple(engine for found in pool.map(lambda task: task(), tasks) for engine in found)


def meep_interpreters(environment: Mapping[str, str] | None = None) -> list[str]:
    """Return the interpreters that may have Meep, in the order in which they are tried.

    LASEWRIGHT_MEEP_PYTHON, this interpreter, /usr/bin/python3, then those of conda environments.
    """
    environment = os.environ if environment is None else environment
    chosen = environment.get("LASEWRIGHT_MEEP_PYTHON")
    candidates = [*([chosen] if chosen else []), sys.executable, "/usr/bin/python3"]
    candidates += [str(path) for path in _conda_pythons(environment)]
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


def _ask(command: list[str]) -> tuple[str, str]:
    """Run a short program; return (output, problem), one of which is empty."""
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            stdin=subprocess.DEVNULL,
            check=False,
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


def _module(module: str, purpose: str, package: str = "") -> Engine:
    """Return a Python package as an engine, asked in a process of its own."""
    name = package or module
    output, problem = _ask([sys.executable, "-c", _ASK_MODULE, module])
    version = json.loads(output.strip().splitlines()[-1]) if output.strip() else ""
    if version:
        from studies.versions import package_version

        installed = package_version(name)
        version = version if installed == "not installed" else installed
    return Engine(
        name=name,
        purpose=purpose,
        version=version,
        where=sys.executable if version else "",
        problem=problem,
        install=f"{sys.executable} -m pip install {name}",
        required=True,
    )


def _meep(environment: Mapping[str, str]) -> list[Engine]:
    """Return Meep and MPB as found in the first interpreter that has them."""
    meep = Engine(
        name="meep",
        purpose="finite differences in time: the independent check of modes",
        install=f"{APT_LINE}   (or: {CONDA_LINE})",
    )
    mpb = Engine(name="mpb", purpose="plane-wave bands", install=meep.install)
    problems: list[str] = []
    answers: list[tuple[str, str, bool]] = []
    for python in meep_interpreters(environment):
        output, problem = _ask([python, "-c", _ASK_MEEP])
        marked = [line for line in output.splitlines() if line.startswith("LASEWRIGHT")]
        if marked:
            answer = json.loads(marked[-1].removeprefix("LASEWRIGHT"))
            answers.append((python, str(answer["meep"]), bool(answer["mpb"])))
            if answer["mpb"]:
                break
        else:
            problems.append(f"{python}: {problem or 'no answer'}")
    from dataclasses import replace

    why = "; ".join(problems)
    if not answers:
        return [replace(meep, problem=why), replace(mpb, problem=why)]
    where, version, _ = answers[0]
    meep = replace(meep, version=version, where=where)
    for where, version, has_mpb in answers:
        if has_mpb:
            return [meep, replace(mpb, version=version, where=where)]
    return [meep, replace(mpb, problem=f"{answers[0][0]}: this Meep has no meep.mpb")]
