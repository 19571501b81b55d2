"""What a chip of a periodic cavity holds: periods, sizes, biases, doses, write fields."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, PositiveFloat, model_validator

from cavities.spec import Spec
from layouts.layers import DOSE_CLASSES

__all__ = ["LatticeSettings"]

Bias = Annotated[float, Field(gt=-1, lt=1)]


class LatticeSettings(Spec):
    """A table of lattice devices: a row for each period, columns for sizes, biases and doses.

    Attributes:
        periods: periods (um), one row each, from top to bottom; the pattern is scaled in the
            plane, so that ratios to the period stay. None: 315 to 365 nm for a
            `NanopillarArray` of a period in that range, 320 to 460 nm for a
            `PhotonicCrystalSlab` likewise, else the cavity's own +-5 %.
        sizes: sides (um) of the square devices; rounded to whole cells and equal write fields.
        biases: how far (um) the process moves every wall outwards from the drawn outline; what
            is drawn is smaller by it. One group of columns for each.
        dose_factors: factors of the base dose, one column each; the n-th is drawn on datatype n
            of the pattern's layer.
        write_field: largest side (um) of a write field. Fields hold whole cells.
        spacing: distance (um) between devices, lettering excluded.
        chord_error: largest distance (um) of a drawn outline from the wanted one, snapping to
            the grid included.
        min_gap, min_width: smallest distance between two drawn shapes, and smallest width of
            one (um).
    """

    periods: tuple[PositiveFloat, ...] | None = Field(default=None, min_length=1)
    sizes: tuple[PositiveFloat, ...] = Field(default=(50.0, 100.0, 200.0), min_length=1)
    biases: tuple[Bias, ...] = Field(default=(0.0,), min_length=1)
    dose_factors: tuple[PositiveFloat, ...] = Field(default=(1.0,), min_length=1)
    write_field: float = Field(default=100.0, gt=0)
    spacing: float = Field(default=50.0, ge=10)
    chord_error: float = Field(default=0.001, gt=0)
    min_gap: float = Field(default=0.04, gt=0)
    min_width: float = Field(default=0.04, gt=0)

    @model_validator(mode="after")
    def _check(self) -> LatticeSettings:
        for name in ("periods", "sizes", "biases", "dose_factors"):
            values = getattr(self, name) or ()
            if len(set(values)) < len(values):
                raise ValueError(
                    f"{name}: must not name a value twice, got {list(values)}; leave one out"
                )
        if len(self.dose_factors) > DOSE_CLASSES:
            raise ValueError(
                f"dose_factors: must be at most {DOSE_CLASSES} (one datatype each), got "
                f"{len(self.dose_factors)}; make two chips"
            )
        return self
