"""Which engines are on this machine, their versions, and how to get the missing ones.

Nothing is imported into this process: Meep changes the floating-point mode of the process that
imports it, and a broken build can take the interpreter with it. Each engine is asked in a short
process of its own.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from solvers.engines.discovery import (
    ask_program,
    find_engines,
    install_line,
    meep_interpreters,
)

__all__ = ["Engine", "diagnose", "meep_interpreters"]

_ASK_MODULE = """
import importlib, json, sys
module = importlib.import_module(sys.argv[1])
print(json.dumps(str(getattr(module, "__version__", "unknown"))))
"""


@dataclass(frozen=True, kw_only=True)
class Engine:
    """One engine as found.

    Attributes:
        name: e.g. "ngsolve"; purpose: what the suite uses it for.
        version: its version, "" when it is missing; build: "serial" or "MPI" where that matters.
        where: the interpreter or program that has it; problem: why it does not serve.
        install: the command that gets it.
        required: whether `lasewright run` needs it.
    """

    name: str
    purpose: str
    version: str = ""
    build: str = ""
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


def _module(module: str, purpose: str, package: str = "") -> Engine:
    """Return a Python package as an engine, asked in a process of its own."""
    name = package or module
    output, problem = ask_program([sys.executable, "-c", _ASK_MODULE, module])
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
    """Return Meep and MPB as found in the first interpreters that have them."""
    search = find_engines(environment, meep_interpreters(environment))
    install = install_line()
    meep = Engine(
        name="meep", purpose="finite differences in time: the independent check", install=install
    )
    mpb = Engine(name="mpb", purpose="plane-wave bands", install=install)
    why = "; ".join(search.problems)
    first = search.best()
    if first is None:
        return [replace(meep, problem=why), replace(mpb, problem=why)]
    ranks = search.best(mpi=True)
    meep = replace(meep, version=first.version, build=first.build, where=first.python)
    if not first.has_mpi and ranks is not None:
        meep = replace(meep, build=f"{first.build}; MPI: {ranks.python}")
    with_bands = search.best(mpb=True)
    if with_bands is None:
        return [meep, replace(mpb, problem=f"{first.python}: this Meep has no meep.mpb")]
    return [meep, replace(mpb, version=with_bands.version, where=with_bands.python)]
