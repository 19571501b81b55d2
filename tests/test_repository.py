"""House rules that no linter knows: small files, light imports, documents that hold."""

from __future__ import annotations

import ast
import doctest
import importlib
import importlib.metadata
import json
import re
import statistics
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("cavities", "solvers", "gain", "layouts", "studies")
CODE = sorted(p for n in (*PACKAGES, "benchmarks", "tests") for p in (ROOT / n).rglob("*.py"))
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*/README.md")])
HEAVY = (
    "dask", "distributed", "gdsfactory", "kfactory", "klayout", "matplotlib", "netgen", "ngsolve",
    "pandas", "pint", "scipy.integrate", "scipy.interpolate", "scipy.optimize", "scipy.sparse",
    "scipy.special", "shapely", "xarray",
)  # fmt: skip


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def test_files_are_small() -> None:
    long = {str(path.relative_to(ROOT)): lines(path) for path in CODE if lines(path) > 500}
    assert not long
    assert statistics.median(lines(path) for path in CODE) < 200


def test_no_module_is_a_drawer() -> None:
    drawers = re.compile(r"(utils?|helpers?|misc|common)")
    assert [path for path in CODE if drawers.fullmatch(path.stem)] == []


@pytest.mark.parametrize("package", [*PACKAGES, "studies.cli"])
def test_import_loads_nothing_heavy(package: str) -> None:
    program = f"import {package}, json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stdout))
    assert sorted(loaded & set(HEAVY)) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_package_says_what_it_is_and_what_is_public(package: str) -> None:
    program = (
        f"import {package} as p, json; "
        "print(json.dumps([p.__doc__, p.__all__, [hasattr(p, n) for n in p.__all__]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    documentation, public, there = json.loads(done.stdout)
    assert documentation
    assert public == sorted(public)
    assert all(there)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_inside_the_repository_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text())
    broken = [
        target
        for target in targets
        if not re.match(r"[a-z]+:", target) and not (document.parent / target).exists()
    ]
    assert broken == []


def test_readme_commands_are_targets_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text()
    named = set(re.findall(r"`?make ([a-z-]+)", (ROOT / "README.md").read_text()))
    assert {"run", "test"} <= named
    assert [name for name in named if not re.search(rf"^{name}:", makefile, re.MULTILINE)] == []


def test_version_has_its_entry_in_the_changelog() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text()


def test_continuous_integration_runs_the_makefile() -> None:
    script = ROOT / ".ci" / "run"
    assert "make test" in script.read_text()
    assert script.stat().st_mode & 0o111


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_python_in_documents_parses_and_imports_names_that_exist(document: Path) -> None:
    for block in re.findall(r"^```python\n(.*?)^```", document.read_text(), re.DOTALL | re.M):
        code = doctest.script_from_examples(block) if ">>>" in block else block
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.ImportFrom) and node.module:
                module = importlib.import_module(node.module)
                assert [alias.name for alias in node.names if not hasattr(module, alias.name)] == []


def test_every_import_is_a_declared_dependency() -> None:
    """What a package imports must be asked for by name, not come along with something else."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"]
    declared = {re.split(r"[\[<>=~! ]", line)[0] for line in wanted} | {"netgen-mesher"}
    owners = importlib.metadata.packages_distributions()
    imported = {
        name.partition(".")[0]
        for path in CODE
        if path.relative_to(ROOT).parts[0] in PACKAGES
        # These scripts run in the engine's own interpreter, and nothing imports them.
        if path.name not in ("meep_worker.py", "mpb_worker.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    foreign = imported - set(sys.stdlib_module_names) - set(PACKAGES)
    undeclared = {
        name for name in foreign if not {d.lower() for d in owners.get(name, [])} & declared
    }
    assert undeclared == set()
