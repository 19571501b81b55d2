"""Sections that a run adds to its report: sentences, pictures, tables, and numbers for JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from studies.report_tables import Cell, Column, Row

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["ReportSection", "SectionFigure", "SectionTable", "table_of_frame"]


@dataclass(frozen=True, kw_only=True, eq=False)
class SectionFigure:
    """A picture that is drawn when the pictures of the run are.

    Attributes:
        name: stem of its file, unique in the run.
        draw: returns the figure; called inside the report's matplotlib style.
        caption: what it shows; alt: the same for those who cannot see it.
        full: whether it takes the full width.
        vector: whether it is written as SVG (fields and maps are not).
    """

    name: str
    draw: Callable[[], Figure]
    caption: str
    alt: str
    full: bool = False
    vector: bool = True


@dataclass(frozen=True, kw_only=True)
class SectionTable:
    """A table: columns and rows as in `studies.report_tables`.

    Attributes:
        title: heading, empty for none.
        columns, rows: heads and cells.
        folded: whether it is folded away at first.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    folded: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class ReportSection:
    """One section of the report.

    Attributes:
        anchor: its id on the page and its key in result.json.
        title: heading; short: name in the navigation (default: the title).
        sentences: paragraphs.
        figures, tables: in the order they are shown, figures first.
        cards: headline numbers: what, value, unit, note.
        numbers: what result.json holds under the anchor, units in the keys.
    """

    anchor: str
    title: str
    short: str = ""
    sentences: tuple[str, ...] = ()
    figures: tuple[SectionFigure, ...] = ()
    tables: tuple[SectionTable, ...] = ()
    cards: tuple[tuple[str, str, str, str], ...] = ()
    numbers: Mapping[str, Any] = field(default_factory=dict)


def table_of_frame(
    frame: pd.DataFrame,
    columns: Mapping[str, tuple[str, str, str]],
    *,
    title: str = "",
    folded: bool = False,
) -> SectionTable:
    """Return a table of some columns of a data frame.

    Args:
        frame: the data.
        columns: by name in the frame: head, unit, format (such as ".3f"; empty: text).
        title: heading.
        folded: whether it is folded away at first.

    Example:
        >>> import pandas as pd
        >>> table = table_of_frame(pd.DataFrame({"q": [12.345]}), {"q": ("Q", "", ".1f")})
        >>> table.rows[0].cells[0].shown
        '12.3'
    """
    rows = []
    for record in frame.to_dict("records"):
        cells = []
        for name, (_, _, style) in columns.items():
            value = record[name]
            if style:
                number = float(value)
                missing = number != number
                cells.append(Cell("–" if missing else f"{number:{style}}", sort=number))
            else:
                cells.append(Cell(str(value), text=True))
        rows.append(Row(tuple(cells)))
    heads = tuple(Column(head, unit, text=not style) for head, unit, style in columns.values())
    return SectionTable(title=title, columns=heads, rows=tuple(rows), folded=folded)
