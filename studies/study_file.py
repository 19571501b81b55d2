"""Study files: the TOML form of a sweep."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, model_validator

from cavities.spec import Spec
from studies.design_tables import find_field, merge_tables, normalise_design
from studies.errors import DesignError
from studies.normalise import normalise, normalise_value
from studies.study import Parameter, Study
from studies.toml_file import read_toml
from studies.validation import first_error

__all__ = ["load_study"]

Written = float | int | bool | str


class ParameterTable(Spec):
    """A [[parameter]] table: values one by one, or evenly spaced from start to stop.

    Attributes:
        key: dotted path in the design file, the unit in the name or in the values.
        values: numbers in the field's unit, or strings with a unit; or
        start, stop, points, spacing: evenly spaced values, linear or logarithmic.
        label: text for axes.
    """

    key: str
    values: tuple[Written, ...] | None = Field(default=None, min_length=1)
    start: Written | None = None
    stop: Written | None = None
    points: int | None = Field(default=None, ge=2, le=100_000)
    spacing: Literal["linear", "log"] = "linear"
    label: str = ""

    @model_validator(mode="after")
    def _one_form(self) -> ParameterTable:
        span = [part is not None for part in (self.start, self.stop, self.points)]
        if any(span) == (self.values is not None) or (any(span) and not all(span)):
            raise ValueError(
                "values: must be given, or start, stop and points together, got "
                f"{'both' if self.values is not None else 'an incomplete set'} "
                f"for {self.key!r}; keep one form"
            )
        return self


def load_study(path: str | Path) -> Study:
    """Return the study of a TOML file.

    The file holds `design` (file name of the base design, relative to the study), optional
    `name`, `description`, `combine` ("grid" or "zip"), a table [overrides] laid over the
    design, and one [[parameter]] table for each swept parameter.

    Args:
        path: the study file.

    Raises:
        DesignError: one line that names file, key, rule and value.
    """
    path = Path(path)
    try:
        return _study(read_toml(path), path.parent)
    except DesignError as error:
        raise error.located(source=str(path)) from None


class _Head(Spec):
    """The plain keys of a study file."""

    name: str = ""
    description: str = ""
    combine: Literal["grid", "zip"] = "grid"


def _study(content: dict[str, Any], folder: Path) -> Study:
    """Return the study of a file's content."""
    name = content.pop("design", None)
    if not isinstance(name, str):
        raise DesignError(f"must be the file name of a design, got {name!r}", key="design")
    base = folder / name
    overrides = content.pop("overrides", {})
    if not isinstance(overrides, Mapping):
        raise DesignError(f"must be a table, got {overrides!r}", key="overrides")
    given = content.pop("parameter", [])
    if not isinstance(given, list) or not given:
        raise DesignError("must be given at least once, as a table [[parameter]]", key="parameter")
    head = normalise(content, _Head)
    tables = normalise_design(read_toml(base), folder=base.parent)
    changes = normalise_design(overrides, folder=folder, base=tables)
    tables = merge_tables(tables, changes)
    parameters = tuple(
        _parameter(table, tables, key=f"parameter[{number}]", folder=folder)
        for number, table in enumerate(given)
    )
    try:
        return Study(**{"name": base.stem, **head}, tables=tables, parameters=parameters)
    except (ValueError, TypeError) as error:
        raise first_error(error) from None


def _parameter(table: Any, tables: Mapping[str, Any], *, key: str, folder: Path) -> Parameter:
    """Return one [[parameter]] table with its field found and its units converted."""
    if not isinstance(table, Mapping):
        raise DesignError(f"must be a table, got {table!r}", key=key)
    fields = normalise(table, _Raw, key=key)
    try:
        form = ParameterTable(**fields)
    except (ValueError, TypeError) as error:
        raise first_error(error, key=key) from None
    first = form.values[0] if form.values is not None else form.start
    try:
        path, annotation = find_field(form.key, first, tables)
    except DesignError as error:
        raise error.located(key=f"{key}.key") from None
    field = path.rpartition(".")[2]

    def converted(value: Any, where: str) -> Any:
        return normalise_value(value, annotation, field, key=f"{key}.{where}", folder=folder)

    if form.values is not None:
        values = tuple(converted(value, "values") for value in form.values)
    else:
        ends = (converted(form.start, "start"), converted(form.stop, "stop"))
        values = _spaced(*ends, form, key=key)
    try:
        return Parameter(key=path, values=values, label=form.label)
    except (ValueError, TypeError) as error:
        raise first_error(error, key=key) from None


class _Raw(BaseModel):
    """The keys of a [[parameter]] table, all values as written."""

    key: Any
    values: Any
    start: Any
    stop: Any
    points: Any
    spacing: Any
    label: Any


def _spaced(start: Any, stop: Any, form: ParameterTable, *, key: str) -> tuple[float, ...]:
    """Return evenly spaced values, both ends included."""
    for name, value in (("start", start), ("stop", stop)):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise DesignError(f"must be a number, got {value!r}", key=f"{key}.{name}")
        if form.spacing == "log" and value <= 0:
            raise DesignError(f'must be > 0 for spacing "log", got {value:g}', key=f"{key}.{name}")
    assert form.points is not None
    low, high, last = float(start), float(stop), form.points - 1
    if form.spacing == "log":
        logs = [math.log(low) + math.log(high / low) * i / last for i in range(form.points)]
        steps = [low, *(math.exp(x) for x in logs[1:-1]), high]
    else:
        steps = [low + (high - low) * i / last for i in range(form.points)]
    return tuple(float(f"{x:.12g}") for x in steps)
