"""Verdicts: a number printed in a paper beside what the model gives, and what follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Judgement", "PaperVerdict", "verdict_frame", "verdict_text"]

Judgement = Literal["agrees", "disagrees", "compatible", "not testable"]
"""agrees: the printed number follows from the others; compatible: it does with values that the
paper does not give; not testable: what would decide is missing."""


@dataclass(frozen=True, kw_only=True)
class PaperVerdict:
    """One line of the comparison.

    Attributes:
        quantity: what it is about.
        paper: as printed.
        model: what the model gives, with its unit.
        value: the model's number alone, in the unit named in `quantity`.
        judgement: "agrees", "disagrees", "compatible" or "not testable".
        reason: why, in one sentence.
    """

    quantity: str
    paper: str
    model: str
    value: float
    judgement: Judgement
    reason: str


def verdict_text(verdicts: Iterable[PaperVerdict]) -> str:
    """Return the verdicts as text, one block per quantity."""
    return "\n".join(
        f"{v.quantity}: paper {v.paper}; model {v.model}; {v.judgement}. {v.reason}"
        for v in verdicts
    )


def verdict_frame(verdicts: Iterable[PaperVerdict]) -> pd.DataFrame:
    """Return the verdicts as a table, one row per quantity."""
    import dataclasses

    import pandas as pd

    return pd.DataFrame([dataclasses.asdict(verdict) for verdict in verdicts])
