"""Periodic cavities like a design's own, with one thing changed: period, pattern, film, a field."""

from __future__ import annotations

import math
import re
from typing import Any, TypeVar

from cavities.cover_film import ConformalFilm, PlanarFilm
from cavities.nanopillar_array import NanopillarArray
from cavities.periodic_stack import PatternedLayer, PeriodicStack
from cavities.photonic_crystal_slab import PhotonicCrystalSlab
from cavities.spec import Spec
from studies.errors import DesignError, suggest
from studies.validation import first_error

__all__ = [
    "film_thickness",
    "parameter",
    "pattern_ratio",
    "period",
    "with_film_thickness",
    "with_parameter",
    "with_pattern_ratio",
    "with_period",
]

C = TypeVar("C", bound=Spec)

_INDEXED = re.compile(r"(\w+)\[(\d+)\]")


def period(cavity: Spec) -> float:
    """Return the period (um)."""
    return float(cavity.unit_cell().lattice.period)  # type: ignore[attr-defined]


def with_period(cavity: C, value: float) -> C:
    """Return the cavity with another period (um): lattice and shapes scaled in the plane.

    Example:
        >>> from cavities import nanopillar_quantum_shells
        >>> round(with_period(nanopillar_quantum_shells(0.335), 0.365).diameter, 6)
        0.1825
    """
    factor = value / period(cavity)
    return _in_plane(cavity, factor, factor)


def pattern_ratio(cavity: Spec) -> float:
    """Return the diameter of the first shape over the period (of a circle of its area)."""
    area = _shapes(cavity)[0].area
    return 2 * math.sqrt(area / math.pi) / period(cavity)


def with_pattern_ratio(cavity: C, value: float) -> C:
    """Return the cavity with shapes scaled about their centres, lattice kept.

    Example:
        >>> from cavities import nanopillar_quantum_shells
        >>> round(with_pattern_ratio(nanopillar_quantum_shells(0.335), 0.6).diameter, 6)
        0.201
    """
    return _in_plane(cavity, 1.0, value / pattern_ratio(cavity))


def film_thickness(cavity: Spec) -> float | None:
    """Return the thickness of the film over the pattern (um), None without a film.

    Of a planar film: its overcoat.
    """
    film = getattr(cavity, "film", None)
    if isinstance(film, PlanarFilm):
        return film.overcoat
    return film.thickness if isinstance(film, ConformalFilm) else None


def with_film_thickness(cavity: C, value: float) -> C:
    """Return the cavity with another film thickness (um).

    Raises:
        DesignError: the cavity has no film.
    """
    film = getattr(cavity, "film", None)
    if not isinstance(film, PlanarFilm | ConformalFilm):
        raise DesignError(
            f"must be left out for a {type(cavity).__name__} without a film, got a thickness of "
            f"{value:g} um; give it a film",
            key="periodic.film_thickness",
        )
    name = "overcoat" if isinstance(film, PlanarFilm) else "thickness"
    changed: C = cavity.changed(film=film.changed(**{name: value}))
    return changed


def parameter(cavity: Spec, key: str) -> float | None:
    """Return the value of a key of `UnknownRange`; None where it is no plain number."""
    if key == "pattern_ratio":
        return pattern_ratio(cavity)
    if key == "film_thickness":
        return film_thickness(cavity)
    value = _found(cavity, key)
    if hasattr(value, "index") and not isinstance(value, tuple):
        index = complex(value.index(0.6))
        return index.real if not value.is_dispersive else None
    return float(value) if isinstance(value, int | float) else None


def with_parameter(cavity: C, key: str, value: float) -> C:
    """Return the cavity with one key of `UnknownRange` changed.

    Raises:
        DesignError: no such field, or a value that breaks a rule of the cavity.

    Example:
        >>> from cavities import nanopillar_quantum_shells
        >>> array = nanopillar_quantum_shells(0.335)
        >>> with_parameter(array, "residual_thickness", 0.3).residual_thickness
        0.3
        >>> complex(with_parameter(array, "film.material", 1.9).film.material.index(0.6)).real
        1.9
    """
    try:
        if key == "pattern_ratio":
            return with_pattern_ratio(cavity, value)
        if key == "film_thickness":
            return with_film_thickness(cavity, value)
        _found(cavity, key)
        changed: C = _with_field(cavity, key.split("."), value)
        return changed
    except DesignError:
        raise
    except (ValueError, TypeError) as error:
        raise first_error(error, key=f"periodic.unknown: {key} = {value:g}") from None


def _with_field(spec: Any, path: list[str], value: Any) -> Any:
    """Return the description with a field, at a path, replaced."""
    name, *rest = path
    match = _INDEXED.fullmatch(name)
    if match is None:
        inner = _with_field(getattr(spec, name), rest, value) if rest else value
        return spec.changed(**{name: inner})
    items = list(getattr(spec, match[1]))
    place = int(match[2])
    items[place] = _with_field(items[place], rest, value) if rest else value
    return spec.changed(**{match[1]: tuple(items)})


def _found(cavity: Spec, key: str) -> Any:
    """Return what a dotted path of fields leads to."""
    value: Any = cavity
    for name in key.split("."):
        match = _INDEXED.fullmatch(name)
        field = name if match is None else match[1]
        known = list(getattr(type(value), "model_fields", {}))
        if field not in known:
            raise DesignError(
                f"must be a field of the cavity, got {key!r}; {suggest(field, known)}",
                key="periodic.unknown.key",
            )
        value = getattr(value, field)
        if match is not None:
            if not isinstance(value, tuple) or int(match[2]) >= len(value):
                raise DesignError(
                    f"must be a field of the cavity, got {key!r}; count from 0",
                    key="periodic.unknown.key",
                )
            value = value[int(match[2])]
    return value


def _shapes(cavity: Spec) -> tuple[Any, ...]:
    """Return the shapes of the pattern."""
    if isinstance(cavity, NanopillarArray):
        return cavity.slab().shapes
    if isinstance(cavity, PhotonicCrystalSlab):
        return cavity.shapes
    for layer in cavity.unit_cell().layers:  # type: ignore[attr-defined]
        if isinstance(layer, PatternedLayer):
            return tuple(part.shape for part in layer.inclusions)
    raise DesignError("must have a patterned layer, got none; add inclusions", key="cavity")


def _in_plane(cavity: C, lattice: float, shape: float) -> C:
    """Return the cavity with its lattice and its shapes scaled by two factors."""
    changes: dict[str, Any] = {}
    if lattice != 1.0:
        changes["lattice"] = cavity.lattice.scaled(lattice)  # type: ignore[attr-defined]
    if isinstance(cavity, PeriodicStack):
        changes["layers"] = tuple(_layer(item, lattice, shape) for item in cavity.layers)
    elif getattr(cavity, "diameter", None) is not None:
        changes["diameter"] = shape * cavity.diameter  # type: ignore[attr-defined]
    else:
        changes["shapes"] = tuple(_scaled(item, lattice, shape) for item in cavity.shapes)  # type: ignore[attr-defined]
    changed: C = cavity.changed(**changes)
    return changed


def _layer(layer: Any, lattice: float, shape: float) -> Any:
    if not isinstance(layer, PatternedLayer):
        return layer
    parts = tuple(
        part.changed(shape=_scaled(part.shape, lattice, shape)) for part in layer.inclusions
    )
    return layer.changed(inclusions=parts)


def _scaled(shape: Any, lattice: float, factor: float) -> Any:
    """Return a shape with its size scaled by `factor` and its centre by `lattice`."""
    x, y = shape.centroid
    grown = shape.scaled(factor)
    return grown.translated((lattice - factor) * x, (lattice - factor) * y)
