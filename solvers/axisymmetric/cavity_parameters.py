"""Numbers and materials inside a cavity by their (dotted) names."""

from __future__ import annotations

import difflib
from typing import Any

from cavities.material import Material
from cavities.spec import Spec

__all__ = ["entry_at", "number_at", "parameter_names", "with_entry"]


def entry_at(cavity: Spec, name: str) -> Any:
    """Return what a dotted name stands for: "radius", "exposure.thickness", "regions.0.material".

    Raises:
        ValueError: there is no such entry.
    """
    entry: Any = cavity
    for step in name.split("."):
        if isinstance(entry, Spec) and step in type(entry).model_fields:
            entry = getattr(entry, step)
        elif isinstance(entry, tuple) and step.isdigit() and int(step) < len(entry):
            entry = entry[int(step)]
        else:
            raise ValueError(_unknown(cavity, name))
    return entry


def number_at(cavity: Spec, name: str) -> float:
    """Return the continuous number that a dotted name stands for.

    Raises:
        ValueError: there is none; whole numbers and None have no derivative.
    """
    entry = entry_at(cavity, name)
    if isinstance(entry, float):
        return entry
    if isinstance(entry, Material):
        raise ValueError(
            f"parameter: must be a number, got the material {name!r}; "
            f'give "{name}.index" or "{name}.extinction"'
        )
    if entry is None:
        raise ValueError(
            f"parameter: {name!r} must have a value, got None; set it in the cavity first"
        )
    raise ValueError(
        f"parameter: must be a continuous number, got {name} = {entry!r:.60}; "
        f"give one of {', '.join(parameter_names(cavity))}"
    )


def with_entry(cavity: Spec, name: str, value: Any) -> Any:
    """Return the cavity with the entry of a dotted name replaced, validated afresh."""
    return _replaced(cavity, name.split("."), value)


def parameter_names(cavity: Spec) -> list[str]:
    """Return the names of the numbers and indices in a cavity and its nested descriptions."""
    names = []
    for field in type(cavity).model_fields:
        entry = getattr(cavity, field)
        if isinstance(entry, float):
            names.append(field)
        elif isinstance(entry, Material):
            names += [f"{field}.index", f"{field}.extinction"]
        elif isinstance(entry, Spec):
            names += [f"{field}.{name}" for name in parameter_names(entry)]
    return names


def _replaced(item: Any, steps: list[str], value: Any) -> Any:
    if not steps:
        return value
    first, *others = steps
    if isinstance(item, tuple):
        place = int(first)
        return (*item[:place], _replaced(item[place], others, value), *item[place + 1 :])
    return item.changed(**{first: _replaced(getattr(item, first), others, value)})


def _unknown(cavity: Spec, name: str) -> str:
    names = parameter_names(cavity)
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return (
        f"parameter: must be a number in the {type(cavity).__name__}, got {name!r}; {hint}"
        f'give one of {", ".join(names)}, or "index:<region>" or "extinction:<region>"'
    )
