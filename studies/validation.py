"""Validation errors of the models as one line: key path, rule, value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from studies.errors import DesignError, one_line
from studies.normalise import join
from studies.units import field_unit

__all__ = ["first_error"]

_RULES = {
    "greater_than": "must be > {gt}",
    "greater_than_equal": "must be >= {ge}",
    "less_than": "must be < {lt}",
    "less_than_equal": "must be <= {le}",
    "multiple_of": "must be a multiple of {multiple_of}",
    "finite_number": "must be finite",
    "too_short": "must have at least {min_length} entries",
    "too_long": "must have at most {max_length} entries",
    "literal_error": "must be one of {expected}",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be a string",
    "tuple_type": "must be a list",
    "model_type": "must be a table",
    "union_tag_not_found": "must say its kind",
}


def first_error(error: Exception, *, key: str = "") -> DesignError:
    """Return the first problem of a failed validation as a DesignError.

    Args:
        error: pydantic's ValidationError, or any ValueError or TypeError with a message.
        key: dotted path of the table that was validated.
    """
    if isinstance(error, DesignError):
        return error.located(key=key)
    if not isinstance(error, ValidationError):
        return _named(one_line(str(error)), key=key)
    details = error.errors(include_url=False)
    chosen = max(details, key=lambda detail: _rank(detail, details))
    path = _path(chosen, key)
    if chosen["type"] == "value_error":
        return _named(one_line(str(chosen["ctx"]["error"])), key=path)
    if chosen["type"] == "missing":
        return DesignError("is required; add it", key=path)
    got = chosen.get("input")
    rules = dict.fromkeys(
        _rule(detail)
        for detail in details
        if detail["type"] != "value_error" and _path(detail, key).startswith(path)
    )
    rule = " or ".join(
        text.removeprefix("must be ") if number else text for number, text in enumerate(rules)
    )
    return DesignError(f"{rule}, got {_shown(got, str(chosen['loc'][-1]))}", key=path)


def _path(detail: Mapping[str, Any], key: str) -> str:
    """Return the dotted path of an error."""
    return join(key, *(_step(part) for part in detail["loc"])).replace(".[", "[")


def _rule(detail: Mapping[str, Any]) -> str:
    """Return the rule that was broken, in our words."""
    rule = _RULES.get(detail["type"])
    if rule is None:
        return f"must be valid ({detail['msg']})"
    numbers = {
        name: f"{x:g}" if isinstance(x, float) else x for name, x in detail.get("ctx", {}).items()
    }
    text = rule.format(**numbers)
    return text if " or " in text else text.replace("must be one of ", "must be ")


def _rank(detail: Mapping[str, Any], details: list[Any]) -> tuple[int, int]:
    """Prefer our own messages, then the earliest of the errors."""
    return (detail["type"] == "value_error", -details.index(detail))


def _step(part: int | str) -> str:
    """Return one step of pydantic's location; names of union branches are dropped."""
    if isinstance(part, int):
        return f"[{part}]"
    return "" if not part.isidentifier() or part[:1].isupper() else part


def _shown(value: Any, field: str) -> str:
    """Return the rejected value with the unit of its field."""
    text = repr(value) if not isinstance(value, Mapping) else "a table"
    if isinstance(value, float):
        text = f"{value:.10g}"
    unit = field_unit(field) if isinstance(value, int | float) else ""
    return f"{text} {unit}".strip() if len(text) < 80 else text[:77] + "..."


def _named(message: str, *, key: str) -> DesignError:
    """Return a message of ours; its leading "argument:" joins the key path."""
    name, separator, rule = message.partition(": ")
    if separator and name.isidentifier():
        last = key.rpartition(".")[2]
        return DesignError(rule, key=key if name == last else join(key, name))
    return DesignError(message, key=key)
