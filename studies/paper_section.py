"""Report section: a paper's printed numbers beside the models, with a verdict each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from studies.report_section import ReportSection, SectionTable
from studies.report_tables import Cell, Column, Row

if TYPE_CHECKING:
    from gain.paper_verdict import PaperVerdict

__all__ = ["paper_section"]


def paper_section(
    verdicts: Sequence[PaperVerdict], *, title: str, sentences: Sequence[str] = ()
) -> ReportSection:
    """Return the section of a comparison.

    Args:
        verdicts: one per printed number.
        title: which paper.
        sentences: paragraphs above the table.
    """
    counts: dict[str, int] = {}
    for verdict in verdicts:
        counts[verdict.judgement] = counts.get(verdict.judgement, 0) + 1
    words = {"agrees": "agree", "disagrees": "disagree"}
    summary = ", ".join(
        f"{count} {name if count == 1 else words.get(name, name)}" for name, count in counts.items()
    )
    rows = tuple(
        Row(
            tuple(
                Cell(text, text=True)
                for text in (v.quantity, v.paper, v.model, v.judgement, v.reason)
            )
        )
        for v in verdicts
    )
    heads = ("quantity", "paper", "model", "verdict", "why")
    return ReportSection(
        anchor="paper",
        title=title,
        short="Paper",
        sentences=(f"{len(verdicts)} printed numbers: {summary}.", *sentences),
        tables=(
            SectionTable(
                title="", columns=tuple(Column(head, text=True) for head in heads), rows=rows
            ),
        ),
        numbers={
            "verdicts": [
                {
                    "quantity": v.quantity,
                    "paper": v.paper,
                    "model": v.model,
                    "value": v.value,
                    "verdict": v.judgement,
                    "reason": v.reason,
                }
                for v in verdicts
            ],
        },
    )
