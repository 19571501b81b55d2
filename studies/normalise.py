"""Tables of a design file into the fields of a model: names resolved, units converted.

A key is the field's name ("power_uw"), or its name without the unit when the value is a
string that carries one (power = "500 uW"). Unknown keys are errors with close matches.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from cavities.lattice import Lattice
from cavities.material import Material
from cavities.outline import Outline
from studies.errors import DesignError, suggest
from studies.units import base_name, convert, field_unit, is_quantity

__all__ = ["is_scalar", "join", "nested_models", "normalise", "normalise_value", "resolve_key"]


def join(*parts: str) -> str:
    """Return the dotted path of the parts, empty ones left out."""
    return ".".join(part for part in parts if part)


def resolve_key(name: str, value: Any, model: type[BaseModel], key: str) -> str:
    """Return the field of `model` that a key of a design file means.

    Raises:
        DesignError: no such field, or a number under a name without its unit.
    """
    fields = model.model_fields
    if name in fields:
        return name
    meant = [field for field in fields if base_name(field) == name]
    if meant:
        if not isinstance(value, str | list | tuple):
            units = " or ".join(field_unit(field) for field in meant)
            raise DesignError(
                f"must be a string with its unit ({units}), got {value!r}; "
                f'write {name} = "{value} {field_unit(meant[0])}" or {meant[0]} = {value}',
                key=join(key, name),
            )
        return _matching_unit(meant, value)
    known = {*fields, *(base_name(field) for field in fields)}
    raise DesignError(f"unknown key; {suggest(name, known)}", key=join(key, name))


def _matching_unit(fields: list[str], value: Any) -> str:
    """Return the field whose unit fits the value: std = "11 nm" is std_nm, not std_mev."""
    for field in fields:
        try:
            for item in value if isinstance(value, list | tuple) else [value]:
                convert(item, unit=field_unit(field), key=field)
        except DesignError:
            continue
        return field
    return fields[0]


def normalise(
    table: Mapping[str, Any], model: type[BaseModel], *, key: str = "", folder: Path | None = None
) -> dict[str, Any]:
    """Return the keyword arguments of `model` that a table of a design file means.

    Args:
        table: the table as TOML gives it; it may leave fields out.
        model: the model to build.
        key: dotted path of the table, for messages.
        folder: where relative file names start.

    Raises:
        DesignError: unknown key, the same field twice, a wrong unit.
    """
    result: dict[str, Any] = {}
    for name, value in table.items():
        field = resolve_key(name, value, model, key)
        if field in result:
            raise DesignError(
                "must be given once, got it with and without its unit", key=join(key, field)
            )
        annotation = model.model_fields[field].annotation
        path = join(key, name)
        result[field] = normalise_value(value, annotation, field, key=path, folder=folder)
    return result


def normalise_value(
    value: Any, annotation: Any, field: str, *, key: str, folder: Path | None = None
) -> Any:
    """Return one value of a table, converted for a field of the given type."""
    leaves, models = list(_leaves(annotation)), nested_models(annotation)
    if isinstance(value, Mapping):
        return _table(value, models, key=key, folder=folder)
    if isinstance(value, list | tuple) and Material not in models:
        return [
            normalise_value(item, annotation, field, key=f"{key}[{number}]", folder=folder)
            for number, item in enumerate(value)
        ]
    numeric = float in leaves or int in leaves
    if isinstance(value, bool) and numeric and bool not in leaves:
        raise DesignError(f"must be a number, got {value!r}", key=key)
    if isinstance(value, str) and numeric:
        texts = str in leaves or any(isinstance(leaf, str) for leaf in leaves)
        if is_quantity(value) or not texts:
            return convert(value, unit=field_unit(field), key=key)
    return value


def nested_models(annotation: Any) -> list[type[BaseModel]]:
    """Return the models that a field of this type may hold."""
    leaves = _leaves(annotation)
    return [leaf for leaf in leaves if isinstance(leaf, type) and issubclass(leaf, BaseModel)]


def is_scalar(annotation: Any) -> bool:
    """Return whether a field of this type can be one number, name, switch or material."""
    scalars = (bool, int, float, str, Material)
    return any(leaf in scalars or isinstance(leaf, str) for leaf in _leaves(annotation))


def _table(
    value: Mapping[str, Any], models: list[type[BaseModel]], *, key: str, folder: Path | None
) -> Any:
    """Return a nested table, as the model that it describes needs it."""
    if Material in models and (made := _material(value, key=key, folder=folder)) is not None:
        return made
    if Outline in models and len(value) == 1 and (drawn := _outline(value, key=key)) is not None:
        return drawn
    if Lattice in models and "kind" in value:
        return _lattice(value, key=key)
    if len(models) > 1 and "kind" in value:
        kinds = {_kind(model): model for model in models}
        kind = value["kind"]
        if kind not in kinds:
            names = [str(name) for name in kinds if name]
            raise DesignError(
                f"must be one of {', '.join(names)}, got {kind!r}; {suggest(str(kind), names)}",
                key=join(key, "kind"),
            )
        models = [kinds[kind]]
    elif len(models) > 1:
        models = [model for model in models if _knows(model, value)]
    if len(models) != 1:
        return dict(value)
    return normalise(value, models[0], key=key, folder=folder)


def _knows(model: type[BaseModel], names: Iterable[str]) -> bool:
    """Return whether a model has a field for every key."""
    fields = model.model_fields
    return {*names} <= {*fields, *(base_name(field) for field in fields)}


def _kind(model: type[BaseModel]) -> Any:
    """Return the value that the `kind` field of a model must have."""
    field = model.model_fields.get("kind")
    return field.default if field is not None else None


def _leaves(annotation: Any) -> Iterator[Any]:
    """Yield the types and the literal values that make up an annotation."""
    origin = typing.get_origin(annotation)
    if origin is None:
        yield annotation
    elif origin is typing.Annotated:
        yield from _leaves(typing.get_args(annotation)[0])
    elif origin is typing.Literal:
        yield from typing.get_args(annotation)
    elif origin in (typing.Union, types.UnionType) or origin in (tuple, list):
        for part in typing.get_args(annotation):
            yield from _leaves(part)
    else:
        yield origin


def _material(value: Mapping[str, Any], *, key: str, folder: Path | None) -> Material | None:
    """Return the material of a user's file: {csv = "film.csv"} or {refractiveindex = "x.yml"}."""
    readers: dict[str, Callable[..., Material]] = {
        "csv": Material.from_csv,
        "refractiveindex": Material.from_refractiveindex,
    }
    name = next((name for name in readers if name in value), None)
    if name is None:
        return None
    rest = {k: v for k, v in value.items() if k != name}
    path = Path(str(value[name]))
    path = path if folder is None else folder / path
    if not path.is_file():
        raise DesignError(f"must be a file, got {str(path)!r}: no such file", key=join(key, name))
    try:
        return readers[name](path, **rest)
    except (ValueError, TypeError) as error:
        raise DesignError(str(error), key=key) from None


def _lattice(value: Mapping[str, Any], *, key: str) -> dict[str, Any]:
    """Return a lattice by its constructor: {kind = "square", period = "400 nm"}."""
    return {
        name: item
        if name == "kind"
        else convert(item, unit="deg" if name.endswith("_deg") else "um", key=join(key, name))
        for name, item in value.items()
    }


_SHAPES = {
    "polygon": ("points",),
    "rectangle": ("inner", "outer", "bottom", "top"),
    "half_disk": ("radius", "height"),
    "circle": ("centre", "radius"),
}


def _outline(value: Mapping[str, Any], *, key: str) -> Outline | None:
    """Return an outline given by one of its short forms, e.g. {polygon = [[0, 0], ...]}."""
    ((name, given),) = value.items()
    if name not in _SHAPES:
        return None
    path = join(key, name)

    def lengths(item: Any) -> Any:
        if isinstance(item, list | tuple):
            return tuple(lengths(part) for part in item)
        return convert(item, unit="um", key=path)

    try:
        if name == "polygon":
            return Outline.closed_polygon(lengths(given))
        if not isinstance(given, Mapping):
            raise DesignError(f"must be a table, got {given!r}", key=path)
        for part in given:
            if part not in _SHAPES[name]:
                raise DesignError(
                    f"unknown key; {suggest(part, _SHAPES[name])}", key=join(path, part)
                )
        arguments = {part: lengths(item) for part, item in given.items()}
        return typing.cast(Outline, getattr(Outline, name)(**arguments))
    except DesignError:
        raise
    except (ValueError, TypeError) as error:
        from studies.validation import first_error

        raise first_error(error, key=path) from None
