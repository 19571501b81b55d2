"""How a chip is drawn: grid, accuracy of circles, lettering, marks, limits of the rules."""

from __future__ import annotations

from pydantic import Field, model_validator

from cavities.spec import Spec

__all__ = ["ChipSettings"]


class ChipSettings(Spec):
    """Settings of a chip that do not change its devices.

    Attributes:
        title: first words of the chip's title; None: the kind of cavity.
        grid: writing grid (um), a divisor of 0.1 um; every vertex and position is a multiple
            of it.
        chord_error: largest distance (um) of a drawn circle from the true one.
        label_height: height (um) of the lettering at the devices; strokes are a seventh, so
            at least 7 `min_feature`.
        title_height: height (um) of the title, less where the chip is too narrow.
        device_labels: whether each device carries its name, diameter and time; None: where
            they fit and up to 400 devices.
        cross_size, cross_width: bars (um) of the four alignment crosses.
        cross_distance: distance (um) from the outermost devices to the lines of the crosses.
        min_gap: smallest distance (um) between two disks, or a disk and any lettering or mark.
        min_feature: narrowest stroke (um) that the writer resolves.
        max_proximity: largest dose (over the cross-linking dose) that the neighbours of a disk
            may add at its rim.
    """

    title: str | None = Field(default=None, pattern=r"^[ -~]{1,60}$")
    grid: float = Field(default=0.001, gt=0)
    chord_error: float = Field(default=0.005, gt=0)
    label_height: float = Field(default=7.0, gt=0)
    title_height: float = Field(default=20.0, gt=0)
    device_labels: bool | None = None
    cross_size: float = Field(default=80.0, ge=20, le=100)
    cross_width: float = Field(default=4.0, gt=0)
    cross_distance: float = Field(default=200.0, ge=200)
    min_gap: float = Field(default=2.0, gt=0)
    min_feature: float = Field(default=1.0, gt=0)
    max_proximity: float = Field(default=0.01, gt=0)

    @model_validator(mode="after")
    def _check(self) -> ChipSettings:
        if abs(0.1 / self.grid - round(0.1 / self.grid)) > 1e-6 or self.grid > 0.1:
            raise ValueError(
                f"grid: must divide 0.1 um, got {self.grid:g} um; use 0.001, 0.002, 0.005, 0.01..."
            )
        for name, halves in (("cross_size", 2), ("cross_width", 2), ("cross_distance", 1)):
            steps = getattr(self, name) / (halves * self.grid)
            if abs(steps - round(steps)) > 1e-6:
                raise ValueError(
                    f"{name}: must be a multiple of {halves * self.grid:g} um, got "
                    f"{getattr(self, name):g} um; round it"
                )
        least = 7 * self.min_feature
        for name in ("label_height", "title_height"):
            if getattr(self, name) < least * (1 - 1e-9):
                raise ValueError(
                    f"{name}: must be at least 7 min_feature = {least:g} um (strokes are a "
                    f"seventh of the height), got {getattr(self, name):g} um; write larger"
                )
        if self.cross_width < self.min_feature:
            raise ValueError(
                f"cross_width: must be at least min_feature = {self.min_feature:g} um, got "
                f"{self.cross_width:g} um; widen the bars"
            )
        return self
