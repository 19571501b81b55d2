"""The tables of a design file: read, names resolved and units converted, laid over each other."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from studies.cavity_table import cavity_class, normalise_cavity
from studies.compare_table import normalise_compared
from studies.dynamics_settings import DynamicsSettings
from studies.errors import DesignError, suggest
from studies.gain_design_tables import EXPERIMENTS, has_no_cavity
from studies.gain_table import normalise_gain
from studies.kinetics_table import normalise_kinetics
from studies.normalise import is_scalar, join, nested_models, normalise, resolve_key
from studies.periodic_settings import PeriodicStudy
from studies.planar_settings import (
    PlanarSettings,
    PolaritonLaserSettings,
    StrongCouplingSettings,
    TwoPhotonSettings,
)
from studies.settings import (
    LayoutSettings,
    LossSettings,
    MonteCarloSettings,
    OutputSettings,
    SolverSettings,
)

__all__ = [
    "TABLES",
    "TEXTS",
    "find_field",
    "merge_tables",
    "normalise_design",
    "plain_models",
]

FORMAT = 1
TEXTS = ("name", "description", "reference")
TABLES = (
    "cavity",
    "solver",
    "losses",
    "gain",
    "pump",
    "monte_carlo",
    "planar",
    "periodic",
    "strong_coupling",
    "polariton_laser",
    "two_photon",
    "kinetics",
    "dynamics",
    "compare",
    "layout",
    "output",
)


def plain_models() -> dict[str, type[BaseModel]]:
    """Return the models of the tables that are one model each."""
    from gain.pump import Pump

    return {
        "solver": SolverSettings,
        "losses": LossSettings,
        "pump": Pump,
        "monte_carlo": MonteCarloSettings,
        "planar": PlanarSettings,
        "periodic": PeriodicStudy,
        "strong_coupling": StrongCouplingSettings,
        "polariton_laser": PolaritonLaserSettings,
        "two_photon": TwoPhotonSettings,
        "dynamics": DynamicsSettings,
        "layout": LayoutSettings,
        "output": OutputSettings,
    }


def normalise_design(
    tables: Mapping[str, Any],
    *,
    folder: Path | None = None,
    base: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the tables of a design with names resolved and units converted.

    Args:
        tables: as read from the file.
        folder: where relative file names start.
        base: the design that `tables` will be laid over: a cavity without `type` is of its.

    Raises:
        DesignError: unknown keys and units: what is wrong whatever the values are.
    """
    known = ("format", *TEXTS, *TABLES)
    if base is None and has_no_cavity(tables):
        first = next(name for name in tables if name in EXPERIMENTS)
        raise DesignError(
            f"is required for modes, thresholds, masks and sweeps, got a design of [{first}] "
            "without one; `lasewright run` computes it (in Python: load_gain_design)",
            key="cavity",
        )
    for name, value in tables.items():
        if name in EXPERIMENTS and "cavity" in (base or tables):
            raise DesignError(
                "must be left out of a design with a cavity, got it; remove the table, or "
                "[cavity] and [solver]",
                key=name,
            )
        if name not in known:
            raise DesignError(f"unknown key; {suggest(name, (*known, *EXPERIMENTS))}", key=name)
        if name in TABLES and name != "compare" and not isinstance(value, Mapping):
            raise DesignError(f"must be a table, got {value!r}; write [{name}]", key=name)
        if name in TEXTS and not isinstance(value, str):
            raise DesignError(f"must be a string, got {value!r}", key=name)
    version = tables.get("format", FORMAT)
    if version != FORMAT:
        raise DesignError(
            f"must be {FORMAT}, got {version!r}; use the release that wrote it", key="format"
        )
    result: dict[str, Any] = {name: tables[name] for name in TEXTS if name in tables}
    models = plain_models()
    for name in TABLES:
        if name not in tables:
            continue
        table = tables[name]
        if name == "cavity":
            kind = (base or {}).get("cavity", {}).get("type")
            table = table if kind is None else {"type": kind, **table}
            result[name] = normalise_cavity(table, folder=folder)
        elif name == "gain":
            result[name] = normalise_gain(table, folder=folder)
        elif name == "kinetics":
            result[name] = normalise_kinetics(table, folder=folder)
        elif name == "compare":
            result[name] = normalise_compared(table, folder=folder)
        else:
            result[name] = normalise(table, models[name], key=name, folder=folder)
    return result


def merge_tables(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return `base` with `changes` laid over it, table by table; both are left as they are.

    A cavity of another type replaces the base's cavity as a whole.

    Example:
        >>> merge_tables({"a": {"x": 1, "y": 2}}, {"a": {"y": 3}})
        {'a': {'x': 1, 'y': 3}}
    """
    result = dict(base)
    for name, value in changes.items():
        old = result.get(name)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            same = all(old.get(tag) == value.get(tag, old.get(tag)) for tag in ("type", "kind"))
            result[name] = merge_tables(old, value) if same else dict(value)
        else:
            result[name] = value
    return result


def find_field(key: str, value: Any, tables: Mapping[str, Any]) -> tuple[str, Any]:
    """Return the full path and the type of the field that a dotted key means.

    Args:
        key: e.g. "cavity.exposure.power" or "cavity.exposure.power_uw".
        value: a value for it; the unit of a string decides between fields.
        tables: the normalised tables of the design.

    Raises:
        DesignError: there is no such field, or it is a table.
    """
    from gain.nanocrystal_medium import NanocrystalMedium

    first, *rest = key.split(".")
    if first not in TABLES or not rest:
        raise DesignError(
            f"must be the dotted path of a field such as cavity.coat_thickness, got {key!r}; "
            f"{suggest(first, TABLES)}"
        )
    if first in ("kinetics", "dynamics", "compare", "periodic"):
        raise DesignError(
            f"must be a field that static thresholds depend on, got {key!r}; run one design for "
            "each value"
        )
    if first == "cavity":
        kind = tables["cavity"]["type"]
        if kind == "parabolic_microdisk" and rest == ["diameter"]:
            return key, float
        lattice = tables["cavity"].get("lattice")
        numbers = {*lattice} - {"kind"} if isinstance(lattice, Mapping) else set()
        if rest[0] == "lattice" and len(rest) == 2 and rest[1] in numbers:
            return key, float
        model: type[BaseModel] = cavity_class(kind)
    elif first == "gain":
        if rest == ["preset"]:
            return key, str
        model = NanocrystalMedium
    else:
        model = plain_models()[first]
    path = first
    for position, part in enumerate(rest):
        last = position == len(rest) - 1
        field = resolve_key(part, value if last else {}, model, path)
        path = join(path, field)
        annotation = model.model_fields[field].annotation
        if last:
            if not is_scalar(annotation):
                raise DesignError(f"must be a field, got the table {path!r}; add a field of it")
            return path, annotation
        inner = nested_models(annotation)
        if len(inner) > 1:
            here: Any = tables
            for step in path.split("."):
                here = here.get(step, {}) if isinstance(here, Mapping) else {}
            inner = [m for m in inner if set(here) <= set(m.model_fields)][:1] if here else []
        if len(inner) != 1:
            raise DesignError(f"must lead to a table, got {path!r} on the way of {key!r}")
        model = inner[0]
    raise AssertionError("a key has a last part")
