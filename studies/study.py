"""Studies: a base design and the parameters that a sweep varies."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, model_validator

from cavities.spec import Spec
from studies.design import Design, build_design
from studies.units import base_name, field_unit

__all__ = ["Parameter", "Point", "Study", "Value", "get_path", "set_path"]

Value = bool | int | float | str


class Parameter(Spec):
    """One swept parameter.

    Attributes:
        key: dotted path of a field in the design's tables, e.g.
            "cavity.exposure.absorber_mg_per_ml".
        values: the values, in the field's own unit.
        label: text for axes; default: the field's name.

    Example:
        >>> absorber = Parameter(key="cavity.exposure.absorber_mg_per_ml", values=(10.0, 20.0))
        >>> absorber.name, absorber.unit
        ('absorber_mg_per_ml', 'mg/mL')
    """

    key: str = Field(pattern=r"^[a-z_0-9]+(\.[a-z_0-9]+)+$")
    values: tuple[Value, ...] = Field(min_length=1)
    label: str = ""

    @property
    def name(self) -> str:
        """The last part of the key: the name of the dimension."""
        return self.key.rpartition(".")[2]

    @property
    def is_numeric(self) -> bool:
        """Whether every value is a number (an axis), not a name or a switch."""
        return all(isinstance(v, int | float) and not isinstance(v, bool) for v in self.values)

    @property
    def unit(self) -> str:
        """Unit of the values, "" for plain numbers and names."""
        return field_unit(self.name) if self.is_numeric else ""

    @property
    def axis_label(self) -> str:
        """Label with its unit, for axes and tables."""
        text = self.label or base_name(self.name).replace("_", " ")
        return f"{text} ({self.unit})" if self.unit else text


@dataclass(frozen=True, kw_only=True)
class Point:
    """One point of a study.

    Attributes:
        number: place in the order of the study; values: one per parameter.
        tables: the design's normalised tables with these values.
    """

    number: int
    values: tuple[Value, ...]
    tables: dict[str, Any]

    def design(self) -> Design:
        """Return the design of this point (raises DesignError where it is impossible)."""
        return build_design(self.tables)


class Study(Spec):
    """A sweep: a base design, what varies, and how the parameters combine.

    Attributes:
        name, description: for the report.
        tables: the base design's normalised tables (`normalise_design`).
        parameters: what varies.
        combine: "grid" (every combination) or "zip" (value by value).
    """

    name: str = Field(min_length=1)
    description: str = ""
    tables: dict[str, Any]
    parameters: tuple[Parameter, ...] = Field(min_length=1)
    combine: Literal["grid", "zip"] = "grid"

    @model_validator(mode="after")
    def _lengths(self) -> Study:
        names = [parameter.name for parameter in self.parameters]
        if len(set(names)) < len(names):
            raise ValueError(f"parameter: must have different names, got {names}; drop one")
        lengths = sorted({len(parameter.values) for parameter in self.parameters})
        if self.combine == "zip" and len(lengths) > 1:
            raise ValueError(
                f"parameter: must have equally many values to be zipped, got {lengths}; "
                'make them equal or use combine = "grid"'
            )
        return self

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the results: one axis per parameter, one in all when zipped."""
        lengths = tuple(len(parameter.values) for parameter in self.parameters)
        return lengths if self.combine == "grid" else lengths[:1]

    def points(self) -> Iterator[Point]:
        """Yield the points in order, the last parameter fastest."""
        columns = [parameter.values for parameter in self.parameters]
        rows: Iterator[tuple[Value, ...]]
        rows = itertools.product(*columns) if self.combine == "grid" else zip(*columns, strict=True)
        for number, values in enumerate(rows):
            tables = self.tables
            for parameter, value in zip(self.parameters, values, strict=True):
                tables = set_path(tables, parameter.key, value)
            yield Point(number=number, values=values, tables=tables)


def set_path(tables: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    """Return the tables with the value at a dotted path; the argument is left as it is.

    Example:
        >>> set_path({"cavity": {"radius": 1.0, "height": 2.0}}, "cavity.radius", 3.0)
        {'cavity': {'radius': 3.0, 'height': 2.0}}
    """
    first, _, rest = key.partition(".")
    inner = tables.get(first)
    if rest:
        value = set_path(inner if isinstance(inner, Mapping) else {}, rest, value)
    return {**tables, first: value}


def get_path(tables: Mapping[str, Any], key: str) -> Any:
    """Return the value at a dotted path, None where there is none.

    Example:
        >>> get_path({"cavity": {"radius": 1.0}}, "cavity.radius")
        1.0
    """
    value: Any = tables
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
