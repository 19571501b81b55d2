"""Rows of the report's tables: parameters with units, materials, modes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cavities.material import Material
from cavities.spec import Spec
from studies.checks import materials_of
from studies.number_text import quantity, readable, symbol
from studies.units import base_name, field_unit

if TYPE_CHECKING:
    from gain.lasing_threshold import ThresholdResult
    from solvers.modes import Mode, ModeSet

__all__ = [
    "Cell",
    "Column",
    "Row",
    "material_rows",
    "mode_table",
    "parameter_rows",
    "periodic_rows",
    "quality_text",
    "uncertain",
]

Pair = tuple[str, str]


@dataclass(frozen=True)
class Column:
    """Head of a column: its name, its unit, whether it holds text."""

    name: str
    unit: str = ""
    text: bool = False


@dataclass(frozen=True)
class Cell:
    """One cell: what is shown and the number it sorts by."""

    shown: str
    sort: float | None = None
    text: bool = False


@dataclass(frozen=True)
class Row:
    """One row; `first` marks the mode that lases first."""

    cells: tuple[Cell, ...]
    first: bool = False


def parameter_rows(spec: Spec, *, skip: Iterable[str] = (), prefix: str = "") -> list[Pair]:
    """Return (name, value with unit) for the plain fields of a description.

    Materials, tables and fields that are not set are left out; nested descriptions follow with
    their name in front.

    Args:
        spec: cavity, medium, pump.
        skip: names of fields to leave out.
        prefix: words in front of the names.
    """
    rows: list[Pair] = []
    for name in type(spec).model_fields:
        value = getattr(spec, name)
        if name in skip or value is None or isinstance(value, Material):
            continue
        words = f"{prefix}{base_name(name).replace('_', ' ')}"
        if isinstance(value, Spec):
            given = [pair for pair in parameter_rows(value) if pair[0] != "kind"]
            if len(given) == 1:
                name, shown = given[0]
                told = shown.lower().endswith(name.lower())
                rows.append((words, shown if told else f"{shown} ({name})"))
            else:
                rows += parameter_rows(value, prefix=f"{words}: ")
        elif isinstance(value, bool | str):
            text = readable(value) if isinstance(value, bool) else value
            rows.append((words, "meV" if text == "mev" else text))
        elif isinstance(value, int | float):
            rows.append((words, quantity(value, field_unit(name))))
        elif isinstance(value, tuple) and value and all(isinstance(v, int | float) for v in value):
            texts = ", ".join(readable(item) for item in value[:8])
            more = ", …" if len(value) > 8 else ""
            rows.append((words, f"{texts}{more} {symbol(field_unit(name))}".strip()))
    return rows


def periodic_rows(cavity: Spec) -> list[Pair]:
    """Return (name, value with unit) for a periodic cavity: lattice, layers and shapes included.

    Args:
        cavity: with a lattice.
    """
    lattice: Any = cavity.lattice  # type: ignore[attr-defined]
    regular = lattice.symmetry in ("square", "triangular")
    skip = {"lattice"} if regular else set()
    if getattr(cavity, "wall_angle_deg", None) == 90:
        skip.add("slices")
    rows: list[Pair] = []
    if regular:
        rows.append(("lattice", f"{lattice.symmetry}, period {quantity(lattice.period, 'um')}"))
    for name in type(cavity).model_fields:
        parts = getattr(cavity, name)
        if isinstance(parts, tuple) and parts and all(isinstance(part, Spec) for part in parts):
            for number, part in enumerate(parts, start=1):
                own = getattr(part, "name", str(number) if len(parts) > 1 else "")
                rows.append((f"{name.removesuffix('s')} {own}".strip(), _in_a_line(part)))
    return rows + parameter_rows(cavity, skip=skip)


def _in_a_line(part: Spec) -> str:
    """Return the kind and the numbers of a part of a cavity."""
    skip = ["kind", "name"]
    skip += [name for name in type(part).model_fields if getattr(part, name) in (0.0, (0.0, 0.0))]
    numbers = [f"{name} {value}" for name, value in parameter_rows(part, skip=skip)]
    return ", ".join([*([part.kind] if hasattr(part, "kind") else []), *numbers])


def material_rows(cavity: Spec, wavelength: float) -> list[dict[str, str]]:
    """Return part, name, n, k, range (um) and source of every material of the cavity."""
    rows = []
    for path, material in materials_of(cavity):
        index = complex(material.index(wavelength))
        low, high = material.wavelength_range
        rows.append(
            {
                "part": _part(cavity, path),
                "name": material.name,
                "n": f"{index.real:.4f}",
                "k": readable(index.imag, 3),
                "span": "any" if math.isinf(high) else f"{low:.3g}–{high:.3g}",
                "source": material.source,
            }
        )
    return rows


def _part(cavity: Spec, path: str) -> str:
    """Return the part of a cavity that a path leads to, layers by their own names."""
    words, owner = [], cavity
    for step in path.removesuffix("_material").removesuffix(".material").split("."):
        name, _, place = step.rstrip("]").partition("[")
        words.append(name.replace("_", " "))
        if place:
            owner = getattr(owner, name)[int(place)]
            words[-1] = str(getattr(owner, "name", f"{words[-1]} {int(place) + 1}"))
        elif isinstance(below := getattr(owner, name, None), Spec):
            owner = below
    return ": ".join(words)


def mode_table(
    modes: ModeSet, solved: ModeSet, result: ThresholdResult | None
) -> tuple[list[Column], list[Row]]:
    """Return the columns and one row per mode, in the order of the set.

    Args:
        modes: the modes with all losses; solved: the same ones as the solver gave them.
        result: their thresholds.
    """
    scattered = any("scattering" in mode.quality_factors for mode in modes)
    flat = any(math.isfinite(mode.mode_length) for mode in modes)
    lattice = any(mode.lattice_point is not None for mode in modes)
    volume = Column("V per area", "µm") if flat else Column("V", "µm³")
    regions = [name for name in ("gain",) if any(name in mode.confinement for mode in modes)]
    columns = [
        Column("mode", text=True),
        Column("λ", "nm"),
        Column("±\u00a0λ", "pm"),
        Column("Q", "with scattering" if scattered else ""),
        *([Column("Q", "smooth")] if scattered else []),
        *([Column("±\u00a0Q", "smooth, %")] if lattice else []),
        Column("smooth Q limited by" if scattered else "limited by", text=True),
        *([] if lattice else [volume]),
        *(Column(f"Γ\u00a0{name}", "%") for name in regions),
    ]
    if result is not None:
        columns += [Column("K"), Column("N at threshold")]
        if result.fluence_uj_per_cm2 is not None:
            columns.append(Column("fluence", "µJ/cm²"))
    rows = []
    for index, mode in enumerate(modes):
        cells = [
            Cell(mode.label, text=False),
            _number(1e3 * mode.wavelength, f"{1e3 * mode.wavelength:.4f}"),
            _number(1e6 * mode.wavelength_error, readable(1e6 * mode.wavelength_error, 2)),
            _number(mode.quality_factor) if scattered else _quality(mode),
            *([_quality(solved[index])] if scattered else []),
            *([_error(mode.quality_factor_error)] if lattice else []),
            Cell(_limit(solved[index].quality_factors), text=True),
            *([] if lattice else [_number(mode.mode_length if flat else mode.mode_volume)]),
            *(_number(100 * mode.confinement.get(name, math.nan)) for name in regions),
        ]
        if result is not None:
            cells += [
                _number(result.figure_of_merit[index]),
                _never(result.absorbed_photons[index]),
            ]
            if result.fluence_uj_per_cm2 is not None:
                cells.append(_never(result.fluence_uj_per_cm2[index]))
        first = result is not None and index == result.lasing_index
        rows.append(Row(tuple(cells), first=first))
    return columns, rows


def top_rows(rows: Sequence[Row], order: Sequence[int], count: int) -> list[Row]:
    """Return the first `count` rows in the given order."""
    return [rows[index] for index in order[:count]]


def _number(value: Any, shown: str = "") -> Cell:
    value = float(value)
    return Cell(shown or readable(value, 4), sort=value)


def uncertain(mode: Mode) -> bool:
    """Whether Q is known by order of magnitude at best: its estimated error exceeds it."""
    return mode.quality_factor_error > 1


def quality_text(mode: Mode, digits: int = 4) -> str:
    """Return Q, marked where its estimated error exceeds it."""
    return ("≳\u00a0" if uncertain(mode) else "") + readable(mode.quality_factor, digits)


def _quality(mode: Mode) -> Cell:
    return _number(mode.quality_factor, quality_text(mode))


def _error(share: float) -> Cell:
    """Return an estimated relative error as a percentage of two digits."""
    return Cell(readable(100 * share, 2), sort=100 * share)


def _never(value: Any) -> Cell:
    value = float(value)
    return Cell("never", sort=math.nan) if math.isnan(value) else Cell(readable(value), sort=value)


def _limit(parts: Any) -> str:
    """Return the loss channel with the smallest Q and its share of the loss."""
    losses = {name: 1 / q for name, q in parts.items() if q > 0 and math.isfinite(q)}
    if not losses:
        return "–"
    name = max(losses, key=lambda channel: losses[channel])
    share = losses[name] / sum(losses.values())
    return f"{name.replace('absorption:', 'absorption in ')} ({share:.0%})"
