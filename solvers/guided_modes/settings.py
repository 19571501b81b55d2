"""Numerical settings of the guided-mode expansion."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cavities.spec import Spec

__all__ = ["GuidedModeAccuracy", "GuidedModeSettings"]

GuidedModeAccuracy = Literal["fast", "default", "reference"]


class GuidedModeSettings(Spec):
    """Truncation of the basis: guided modes of the averaged layers at k + G.

    Attributes:
        largest_wave: length of the largest G, in units of 2 pi over the period.
        guided_modes: orders of guided modes of the averaged layers, TE and TM counted alternately.
        search_step: step in frequency (c over the period) in the search for them.

    Example:
        >>> GuidedModeSettings.for_accuracy("fast").largest_wave
        3.0
    """

    largest_wave: float = Field(default=5.0, ge=1, le=20)
    guided_modes: int = Field(default=4, ge=2, le=20)
    search_step: float = Field(default=1e-2, gt=0)

    @classmethod
    def for_accuracy(cls, accuracy: GuidedModeAccuracy) -> GuidedModeSettings:
        """Return the settings of a level; beyond "fast" the method's own error dominates."""
        levels = {"fast": 3.0, "default": 5.0, "reference": 7.0}
        if accuracy not in levels:
            raise ValueError(f"accuracy: must be one of {list(levels)}, got {accuracy!r}")
        return cls(largest_wave=levels[accuracy])
