"""Reader of index tables in CSV form."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from cavities.constants import HC_EV_UM
from cavities.index_model import FloatArray
from cavities.index_table import TableIndex

__all__ = ["parse_index_csv", "read_index_csv"]

_UNITS_PER_UM = {
    "wavelength_um": 1.0,
    "wavelength(um)": 1.0,
    "wl": 1.0,  # the CSV export of refractiveindex.info
    "wavelength_nm": 1e3,
    "wavelength(nm)": 1e3,
    "wavelength_m": 1e-6,
}
_ENERGY = ("energy_ev", "photon_energy_ev", "energy(ev)")


def read_index_csv(path: str | Path) -> TableIndex:
    """Return the index table in a CSV file; see `parse_index_csv` for the format."""
    file = Path(path)
    return parse_index_csv(file.read_text(encoding="utf-8-sig"), where=file.name)


def parse_index_csv(text: str, *, where: str = "CSV") -> TableIndex:
    r"""Return the index table in a CSV text.

    The header names the columns: "wavelength_um", "wavelength_nm" or "energy_ev"; "n"; and,
    unless the material is transparent, "k". Separators may be commas, semicolons or tabs;
    lines that start with # are comments; rows come in any order. The two-part export of
    refractiveindex.info ("wl,n" rows, then "wl,k" rows on the same wavelengths) is read too.

    Args:
        text: the CSV text.
        where: what to call the text in errors (a file name).

    Raises:
        ValueError: no header, an unknown or missing column, a row that is not numbers,
            a repeated wavelength, or values that look like another unit.

    Example:
        >>> table = parse_index_csv("wavelength_nm,n,k\n500,1.90,0.01\n600,1.86,0.0\n")
        >>> table.wavelength, table.k
        ((0.5, 0.6), (0.01, 0.0))
    """
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        raise ValueError(f"{where}: must have a header and rows, got an empty text; add the data")
    separator = next((mark for mark in ";\t" if mark in lines[0]), ",")
    columns: dict[str, FloatArray] = {}
    for header, rows in _sections(list(csv.reader(lines, delimiter=separator)), where):
        for name, column in zip(header, np.asarray(rows, dtype=np.float64).T, strict=True):
            if name in columns and not np.array_equal(columns[name], column):
                raise ValueError(
                    f"{where}: n and k must be given on the same wavelengths in a two-part file, "
                    "got different ones; write one table with columns wavelength_um,n,k"
                )
            columns[name] = column
    return _table(columns, where)


def _sections(
    rows: list[list[str]], where: str
) -> list[tuple[tuple[str, ...], list[tuple[float, ...]]]]:
    """Return the tables of the text, each a header and its rows of numbers."""
    sections: list[tuple[tuple[str, ...], list[tuple[float, ...]]]] = []
    for number, row in enumerate(rows, start=1):
        try:
            values = tuple(float(cell) for cell in row)
        except ValueError:
            values = ()
        if not values and (not sections or row[0].strip().lower() == rows[0][0].strip().lower()):
            sections.append((_header(row, where), []))
        elif sections and len(values) == len(sections[-1][0]):
            sections[-1][1].append(values)
        else:
            names = ", ".join(sections[-1][0]) if sections else "wavelength_um, n, k"
            raise ValueError(
                f"{where}: row {number} must hold the numbers {names}, "
                f"got {','.join(row)!r}; {'correct the row' if sections else 'add a header'}"
            )
    if not all(body for _, body in sections):
        raise ValueError(f"{where}: must have rows, got only a header; add the data")
    return sections


def _header(cells: list[str], where: str) -> tuple[str, ...]:
    names = tuple("".join(cell.lower().split()) for cell in cells)
    known = names[0] in _UNITS_PER_UM or names[0] in _ENERGY
    if not known or sorted(names[1:]) not in (["n"], ["k"], ["k", "n"]):
        raise ValueError(
            f"{where}: the header must be wavelength_um (or wavelength_nm, energy_ev),n[,k], "
            f"got {','.join(cells)!r}; name the columns"
        )
    return names


def _table(columns: dict[str, FloatArray], where: str) -> TableIndex:
    axis, position = next(iter(columns.items()))
    if "n" not in columns:
        raise ValueError(f"{where}: must have a column n, got only k; add the real part")
    if np.any(position <= 0):
        raise ValueError(f"{where}: {axis} must be > 0, got {position.min():g}; correct the column")
    wavelength = HC_EV_UM / position if axis in _ENERGY else position / _UNITS_PER_UM[axis]
    if wavelength.min() > 50:
        raise ValueError(
            f"{where}: {axis} must be in the unit of its name, got values from "
            f"{position.min():g} ({wavelength.min():g} um); name the column wavelength_nm for nm"
        )
    order = np.argsort(wavelength)
    wavelength = wavelength[order]
    if np.any(np.diff(wavelength) <= 0):
        raise ValueError(
            f"{where}: {axis} must not repeat a value, got {len(wavelength)} rows with repeats; "
            "remove the repeated rows"
        )
    return TableIndex(
        wavelength=tuple(wavelength.tolist()),
        n=tuple(columns["n"][order].tolist()),
        k=tuple(columns["k"][order].tolist()) if "k" in columns else (),
    )
