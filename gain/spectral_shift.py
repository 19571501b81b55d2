"""Spectral shifts that carry their unit: nanometres or millielectronvolts."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, model_validator

from cavities.constants import HC_EV_NM
from cavities.spec import Spec
from gain.line_shape import SpectralUnit

__all__ = ["Shift", "ShiftLike"]

_TEXT = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(nm|meV)\s*")


class Shift(Spec):
    """A shift between two lines, given in nm or in meV (exactly one).

    Attributes:
        nm: shift in vacuum wavelength (nm), counted from the emission peak to the blue.
        mev: shift in photon energy (meV), counted from the emission peak to the blue.

    Errors: ValueError unless exactly one is given.

    Example:
        >>> round(Shift(mev=63.0).to("nm", emission_wavelength_nm=650.0), 3)
        20.782
        >>> Shift(nm=15.0).to("nm", emission_wavelength_nm=650.0)
        15.0
    """

    nm: float | None = None
    mev: float | None = None

    @model_validator(mode="after")
    def _one_unit(self) -> Shift:
        if (self.nm is None) == (self.mev is None):
            raise ValueError(
                "shift: must have exactly one of nm, mev, got "
                f"{'neither' if self.nm is None else 'both'}; write Shift(nm=15.0) or '15 nm'"
            )
        return self

    def to(self, unit: SpectralUnit, *, emission_wavelength_nm: float) -> float:
        """Return the shift in `unit`: exact distance to the line blue of the emission peak."""
        peak_mev = 1e3 * HC_EV_NM / emission_wavelength_nm
        if self.mev is not None:
            if unit == "mev":
                return self.mev
            return emission_wavelength_nm - 1e3 * HC_EV_NM / (peak_mev + self.mev)
        assert self.nm is not None
        if unit == "nm":
            return self.nm
        return 1e3 * HC_EV_NM / (emission_wavelength_nm - self.nm) - peak_mev


def _as_shift(value: Any) -> Any:
    if isinstance(value, str):
        match = _TEXT.fullmatch(value)
        if match:
            return Shift(**{match[2].lower(): float(match[1])})
    if isinstance(value, str | int | float) and value != "kennard_stepanov":
        raise ValueError(
            f"shift: must carry its unit, nm or meV, got {value!r}; "
            "write Shift(nm=15.0), '15 nm' or '44 meV'"
        )
    return value


ShiftLike = Annotated[Shift, BeforeValidator(_as_shift)]
"""A `Shift`, or text such as "15 nm" or "63 meV"."""
