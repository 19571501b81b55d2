"""The [[compare]] tables of a design file: other nanocrystals in the same cavity."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studies.dynamics_settings import ComparedMedium
from studies.errors import DesignError
from studies.gain_table import build_medium, normalise_gain
from studies.kinetics_table import build_kinetics, normalise_kinetics
from studies.normalise import join, normalise
from studies.validation import first_error

if TYPE_CHECKING:
    from cavities.material import Material

__all__ = ["build_compared", "normalise_compared"]


def normalise_compared(
    value: Any, *, key: str = "compare", folder: Path | None = None
) -> list[dict[str, Any]]:
    """Return the tables with names resolved and units converted.

    Raises:
        DesignError: not a list of tables, an unknown key or preset, a wrong unit.
    """
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise DesignError(f"must be tables, got {value!r}; write [[{key}]]", key=key)
    return [_one(item, key=f"{key}[{i}]", folder=folder) for i, item in enumerate(value)]


def _one(table: Mapping[str, Any], *, key: str, folder: Path | None) -> dict[str, Any]:
    rest = dict(table)
    result: dict[str, Any] = {}
    for name, read in (("gain", normalise_gain), ("kinetics", normalise_kinetics)):
        if name not in rest:
            raise DesignError(
                f'is required; write {name} = {{ preset = "..." }}', key=join(key, name)
            )
        inner = rest.pop(name)
        if not isinstance(inner, Mapping):
            raise DesignError(f"must be a table, got {inner!r}", key=join(key, name))
        result[name] = read(inner, key=join(key, name), folder=folder)
    return {**result, **normalise(rest, ComparedMedium, key=key, folder=folder)}


def build_compared(table: Mapping[str, Any], *, film: Material | None, key: str) -> ComparedMedium:
    """Return the medium of a normalised table.

    Args:
        table: an entry of what `normalise_compared` returns.
        film: material of the cavity's gain region, see `build_medium`.
        key: dotted path, for messages.

    Raises:
        DesignError: a value breaks a rule.
    """
    fields = dict(table)
    fields["gain"] = build_medium(table["gain"], film=film, key=join(key, "gain"))
    fields["kinetics"] = build_kinetics(table["kinetics"], key=join(key, "kinetics"))
    try:
        return ComparedMedium(**fields)
    except (ValueError, TypeError) as error:
        raise first_error(error, key=key) from None
