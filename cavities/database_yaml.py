"""Reader of the refractiveindex.info YAML format: formulas and tables of n and k."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import ValidationError

from cavities.closed_form_index import FormulaIndex
from cavities.index_model import FloatArray
from cavities.index_table import TableIndex

if TYPE_CHECKING:
    from cavities.combined_index import CombinedIndex

__all__ = ["DatabaseEntry", "parse_database_yaml"]


@dataclass(frozen=True, kw_only=True)
class DatabaseEntry:
    """The content of one refractiveindex.info file.

    Attributes:
        model: the index model.
        source: the references as plain text, DOIs kept.
        comments: the sample and its conditions as plain text.
    """

    model: FormulaIndex | TableIndex | CombinedIndex
    source: str
    comments: str


def parse_database_yaml(text: str, *, where: str = "refractiveindex.info file") -> DatabaseEntry:
    """Return the index model and the references of a refractiveindex.info YAML text.

    The format and its formulas 1-9: M. N. Polyanskiy, Sci. Data 11, 94 (2024),
    doi:10.1038/s41597-023-02898-2. Blocks "formula 1" to "formula 9", "tabulated n",
    "tabulated k" and "tabulated nk" are read, wavelengths in um.

    Args:
        text: the YAML text.
        where: what to call the text in errors (a file name).

    Raises:
        ValueError: not such a file, an unknown block, or no n in it.

    Example:
        >>> entry = parse_database_yaml('''
        ... REFERENCES: "A. Author, doi:10.1000/xyz"
        ... DATA:
        ...   - type: tabulated nk
        ...     data: |
        ...       0.4 1.50 0.001
        ...       0.8 1.48 0.000
        ... ''')
        >>> entry.model.wavelength_range, entry.source
        ((0.4, 0.8), 'A. Author, doi:10.1000/xyz')
    """
    import yaml

    try:
        content = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # C: faster
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise ValueError(f"{where}: must be YAML, got {reason}; check the file") from None
    blocks = content.get("DATA") if isinstance(content, dict) else None
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise ValueError(
            f"{where}: must have a DATA list, got {type(content).__name__}; "
            "give a file in the refractiveindex.info format"
        )
    try:
        model = _model(blocks, where)
    except ValidationError as error:
        reason = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise ValueError(f"{where}: {reason}") from None
    return DatabaseEntry(
        model=model,
        source=_plain_text(content.get("REFERENCES")),
        comments=_plain_text(content.get("COMMENTS")),
    )


def _model(blocks: list[dict[str, Any]], where: str) -> FormulaIndex | TableIndex | CombinedIndex:
    from cavities.dispersion import CombinedIndex  # not above: dispersion reads pages by us

    real: FormulaIndex | TableIndex | None = None
    imag: TableIndex | None = None
    for block in blocks:
        kind, _, what = str(block.get("type", "")).strip().partition(" ")
        if kind == "formula":
            real = _formula(block, what, where)
        elif kind == "tabulated" and what in ("n", "nk"):
            real = _table(block, what, where)
        elif kind == "tabulated" and what == "k":
            imag = _table(block, what, where)
        else:
            raise ValueError(
                f"{where}: type must be 'formula 1' to 'formula 9' or 'tabulated n', 'k' or "
                f"'nk', got {block.get('type')!r}; n2 and other data are no index"
            )
    if real is None:
        raise ValueError(
            f"{where}: must give n, got only k; choose a page with n or combine two with "
            "cavities.dispersion.CombinedIndex"
        )
    return real if imag is None else CombinedIndex(n=real, k=imag)


def _formula(block: Mapping[str, Any], number: str, where: str) -> FormulaIndex:
    span = block.get("wavelength_range", block.get("range"))
    if span is None or "coefficients" not in block or not number.strip().isdigit():
        raise ValueError(
            f"{where}: a formula must have a number, wavelength_range and coefficients, "
            f"got {sorted(block)}; complete the block"
        )
    limits = _numbers(str(span), where)
    if len(limits) != 2:
        raise ValueError(
            f"{where}: wavelength_range must be two wavelengths (um), got {span!r}; "
            "give 'lowest highest'"
        )
    return FormulaIndex(
        formula=int(number),
        coefficients=_numbers(str(block["coefficients"]), where),
        valid_range=(limits[0], limits[1]),
    )


def _table(block: Mapping[str, Any], what: str, where: str) -> TableIndex:
    lines = [line for line in str(block.get("data", "")).splitlines() if line.strip()]
    rows = [_numbers(line, where) for line in lines]
    width = 3 if what == "nk" else 2
    for line, row in zip(lines, rows, strict=True):
        if len(row) != width:
            raise ValueError(
                f"{where}: a row of 'tabulated {what}' must have {width} numbers, "
                f"got {line.strip()!r}; correct the row"
            )
    if not rows:
        raise ValueError(f"{where}: 'tabulated {what}' must have rows, got none; add the data")
    # Some database tables repeat a wavelength after rounding, or are not sorted.
    table: FloatArray = np.asarray(rows, dtype=np.float64)
    table = table[np.unique(table[:, 0], return_index=True)[1]]
    wavelength, *columns = (tuple(column.tolist()) for column in table.T)
    if what == "k":
        return TableIndex(wavelength=wavelength, n=(0.0,) * len(wavelength), k=columns[0])
    return TableIndex(wavelength=wavelength, n=columns[0], k=columns[1] if what == "nk" else ())


def _numbers(text: str, where: str) -> tuple[float, ...]:
    try:
        return tuple(float(word) for word in text.split())
    except ValueError:
        raise ValueError(
            f"{where}: must hold numbers, got {text.strip()!r}; correct the line"
        ) from None


def _plain_text(value: object) -> str:
    """Return HTML as plain text, links to a DOI written as doi:..."""
    text = str(value or "")
    link = r'<a href=\\?"?https?://doi\.org/([^"> ]+)"?[^>]*>(.*?)</a>'
    text = re.sub(link, r"\2, doi:\1", text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", text)).split())
