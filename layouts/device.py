"""A device: one disk of a chip, made by one exposure at one spot."""

from __future__ import annotations

import math
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

from pydantic import Field, model_validator

from cavities.spec import Spec

if TYPE_CHECKING:
    from cavities.lithography import Exposure

__all__ = ["CIRCLES", "Device", "device_name"]

CIRCLES = (("rim", "top_diameter"), ("base", "base_diameter"))
"""The circles of a disk: layer, and the field that holds the diameter."""


class Device(Spec):
    """One disk of a chip: where it is, what the writer does there, what comes out.

    Attributes:
        name: unique on the chip, printable ASCII without spaces, commas or quotes.
        row, column: place in the table of devices, from 1; row 1 is the top row.
        x, y: exposure spot (um), from the origin of the chip; in a table of disks that is the
            centre of the lower left alignment cross.
        top_diameter: predicted diameter (um) of the rim.
        base_diameter: predicted diameter (um) where the disk meets the substrate.
        nominal_diameter: diameter (um) that the row aims at.
        dose_factor: exposure energy over the energy for the nominal diameter.
        exposure_time_ms, power_uw: what the writer is told; None for a disk drawn by other
            means (electron beam, mask), where the polygons are what is written.

    Raises:
        ValueError: one of time and power without the other.

    Example:
        >>> disk = Device(name="A01", x=0, y=0, top_diameter=15, base_diameter=12.5,
        ...               exposure_time_ms=50, power_uw=500)
        >>> disk.energy_uj
        25.0
    """

    name: str = Field(pattern=r"^[!#-&(-+\--~]{1,32}$")
    row: int = Field(default=1, ge=1)
    column: int = Field(default=1, ge=1)
    x: float
    y: float
    top_diameter: float = Field(gt=0)
    base_diameter: float = Field(gt=0)
    nominal_diameter: float | None = Field(default=None, gt=0)
    dose_factor: float = Field(default=1.0, gt=0)
    exposure_time_ms: float | None = Field(default=None, gt=0)
    power_uw: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _check(self) -> Device:
        if (self.exposure_time_ms is None) != (self.power_uw is None):
            raise ValueError(
                "exposure_time_ms and power_uw: give both or none, got "
                f"{self.exposure_time_ms} and {self.power_uw} in device {self.name!r}; "
                "add the missing one"
            )
        return self

    @classmethod
    def from_exposure(cls, exposure: Exposure, **fields: Any) -> Device:
        """Return the device that an exposure makes; `fields` are its name and place.

        Raises:
            ValueError: the exposure leaves no disk, or a detached one.

        Example:
            >>> from cavities.lithography import Exposure
            >>> round(Device.from_exposure(Exposure(), name="A01", x=0, y=0).top_diameter, 2)
            15.0
        """
        from cavities.resist_profile import resist_profile

        profile = resist_profile(exposure)
        return cls(
            top_diameter=2 * profile.top_radius,
            base_diameter=2 * profile.base_radius,
            exposure_time_ms=exposure.time_ms,
            power_uw=exposure.power_uw,
            **fields,
        )

    @property
    def footprint(self) -> float:
        """Diameter (um) of the widest part."""
        return max(self.top_diameter, self.base_diameter)

    @property
    def energy_uj(self) -> float:
        """Exposure energy power x time (uJ); nan without an exposure."""
        if self.exposure_time_ms is None or self.power_uw is None:
            return math.nan
        return self.power_uw * self.exposure_time_ms * 1e-3


def device_name(row: int, column: int) -> str:
    """Return the name of the device in `row`, `column` (from 1): letters, then digits.

    Example:
        >>> device_name(1, 7), device_name(27, 100)
        ('A07', 'AA100')
    """
    letters = ""
    while row > 0:
        row, digit = divmod(row - 1, 26)
        letters = ascii_uppercase[digit] + letters
    return f"{letters}{column:02d}"
