"""Index models as data: the discriminated union that a material holds."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cavities.closed_form_index import CauchyIndex, ConstantIndex, FormulaIndex, SellmeierIndex
from cavities.combined_index import CombinedIndex, MixtureIndex, TransparentIndex
from cavities.database_page import PageIndex
from cavities.exciton_index import ExcitonIndex
from cavities.index_table import TableIndex

__all__ = [
    "CauchyIndex",
    "CombinedIndex",
    "ConstantIndex",
    "ExcitonIndex",
    "FormulaIndex",
    "IndexModel",
    "MixtureIndex",
    "PageIndex",
    "SellmeierIndex",
    "TableIndex",
    "TransparentIndex",
]

IndexModel = Annotated[
    ConstantIndex
    | CauchyIndex
    | SellmeierIndex
    | FormulaIndex
    | TableIndex
    | PageIndex
    | CombinedIndex
    | TransparentIndex
    | MixtureIndex
    | ExcitonIndex,
    Field(discriminator="kind"),
]
"""Any index model; `kind` tells them apart in JSON and TOML."""

for _model in (CombinedIndex, TransparentIndex, MixtureIndex, ExcitonIndex):
    _model.model_rebuild(_types_namespace={"IndexModel": IndexModel})
