"""Dose arrays as plans: which exposure goes where, before anything is drawn."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field, PositiveFloat

from cavities.spec import Spec
from layouts.circle import snap
from layouts.device import Device, device_name

if TYPE_CHECKING:
    from cavities.lithography import Exposure

__all__ = ["Block", "DoseArray", "Plan", "plan_devices", "plan_dose_array", "plan_size_array"]

DEFAULT_DIAMETERS = (10.0, 12.5, 15.0, 17.5, 20.0, 22.5, 25.0, 27.5, 30.0)
"""Diameters (um) of the default rows, as far as the beam reaches them."""

DEFAULT_DOSE_FACTORS = (0.8, 0.9, 1.0, 1.12, 1.25)
"""Column groups of the default dose array: the nominal energy times these."""

DEFAULT_SIZE_FACTORS = (0.8, 0.9, 1.0, 1.1, 1.2)
"""Rows of a chip without exposures: the cavity's diameter times these."""


class DoseArray(Spec):
    """A table of disks: a row for each nominal diameter, a group of columns for each dose.

    Attributes:
        diameters: nominal top diameters (um), one row each, from top to bottom. None: the
            cavity's own and those of 10, 12.5, ... 30 um that can be written, which means
            attached at the smallest dose factor and within `max_exposure_time_ms`.
        dose_factors: energy over the energy for the nominal diameter, one group of columns
            each, from left to right. None: 0.8, 0.9, 1, 1.12, 1.25.
        replicate_columns, replicate_rows: identical disks in each group. None: two columns,
            or ten where there is no dose to vary.
        pitch: distance (um) between neighbours; None: the largest diameter plus eight beam
            waists (plus 60 um without a beam), rounded up to 10 um.
        time_step_ms: exposure times are multiples of this; diameters follow from the rounded
            times.
        max_exposure_time_ms: longest exposure time.

    The absorber concentration belongs to the resist film and so to the whole chip: an absorber
    series is one chip per concentration.
    """

    diameters: tuple[PositiveFloat, ...] | None = Field(default=None, min_length=1)
    dose_factors: tuple[PositiveFloat, ...] | None = Field(default=None, min_length=1)
    replicate_columns: int | None = Field(default=None, ge=1)
    replicate_rows: int = Field(default=1, ge=1)
    pitch: float | None = Field(default=None, gt=0)
    time_step_ms: float = Field(default=0.01, gt=0)
    max_exposure_time_ms: float = Field(default=1000.0, gt=0)


@dataclass(frozen=True, kw_only=True)
class Block:
    """Identical disks on a regular grid: what becomes one arrayed reference.

    Attributes:
        device: the disk of the lower left corner.
        columns, rows: number of disks along +x and +y.
        pitch: their pitch (um).
    """

    device: Device
    columns: int = 1
    rows: int = 1
    pitch: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Everything that will be written, and how it is grouped.

    Attributes:
        devices: one entry per disk, by row and column.
        blocks: the same disks grouped into regular arrays.
        pitch: pitch (um) of the table; 0 for a free arrangement.
    """

    devices: tuple[Device, ...]
    blocks: tuple[Block, ...]
    pitch: float = 0.0

    def frame(self, distance: float) -> tuple[float, float, float, float]:
        """Return left, bottom, right, top (um) of the rectangle `distance` outside the spots."""
        x = [device.x for device in self.devices]
        y = [device.y for device in self.devices]
        return min(x) - distance, min(y) - distance, max(x) + distance, max(y) + distance


def plan_dose_array(
    exposure: Exposure, array: DoseArray, *, origin: tuple[float, float], grid: float = 0.001
) -> Plan:
    """Return the plan of a dose array around an exposure.

    Power, waist, resist and film are those of `exposure`; only the time varies.

    Args:
        exposure: the nominal exposure.
        array: the table of diameters and doses.
        origin: x, y (um) of the lower left disk.
        grid: writing grid (um) that positions lie on.

    Raises:
        ValueError: a diameter that is not written at one of the doses, a time too long or
            too short for the time step.
    """
    factors = array.dose_factors or DEFAULT_DOSE_FACTORS
    diameters = array.diameters or _practical_diameters(exposure, array, factors)
    table = [[_exposed(exposure, array, d, f) for f in factors] for d in diameters]
    largest = max(device.footprint for line in table for device in line)
    pitch = _pitch(array, largest, 8 * exposure.beam_waist, grid)
    return _arrange(table, array, pitch, origin, array.replicate_columns or 2)


def plan_size_array(
    *,
    top_diameter: float,
    base_diameter: float,
    array: DoseArray,
    origin: tuple[float, float],
    grid: float = 0.001,
) -> Plan:
    """Return the plan of a table of sizes, for disks that are drawn rather than exposed.

    Every disk keeps the overhang of rim over foot of the cavity, as the same etch or wall
    profile gives it; there is no dose.

    Raises:
        ValueError: dose factors other than 1, or a diameter without a foot.
    """
    if array.dose_factors not in (None, (1.0,)):
        raise ValueError(
            "dose_factors: must be left out for a cavity without exposure, got "
            f"{array.dose_factors}; vary `diameters` instead"
        )
    diameters = array.diameters or tuple(f * top_diameter for f in DEFAULT_SIZE_FACTORS)
    overhang = top_diameter - base_diameter
    table = []
    for diameter in diameters:
        if not diameter > overhang:
            raise ValueError(
                f"diameters: must exceed the {overhang:g} um between the cavity's rim and foot, "
                f"got {diameter:g} um; leave it out"
            )
        disk = Device(
            name="disk",
            x=0,
            y=0,
            top_diameter=diameter,
            base_diameter=diameter - overhang,
            nominal_diameter=diameter,
        )
        table.append([disk])
    largest = max(line[0].footprint for line in table)
    pitch = _pitch(array, largest, 60.0, grid)
    return _arrange(table, array, pitch, origin, array.replicate_columns or 10)


def plan_devices(devices: Iterable[Device], *, grid: float = 0.001) -> Plan:
    """Return the plan of freely placed disks, their positions moved to the writing grid.

    Raises:
        ValueError: no device at all, or two of the same name.
    """
    placed = tuple(
        device.changed(x=snap(device.x, grid=grid), y=snap(device.y, grid=grid))
        for device in devices
    )
    counts = Counter(device.name for device in placed)
    twice = [name for name, count in counts.items() if count > 1]
    if not placed or twice:
        raise ValueError(
            "devices: must hold at least one device, each with its own name, got "
            f"{f'{twice[0]!r} twice' if twice else 'none'}; "
            f"{'rename one' if twice else 'add a device'}"
        )
    return Plan(devices=placed, blocks=tuple(Block(device=device) for device in placed))


def _practical_diameters(
    exposure: Exposure, array: DoseArray, factors: tuple[float, ...]
) -> tuple[float, ...]:
    nominal = exposure.profile().diameter
    wanted = [d for d in DEFAULT_DIAMETERS if abs(d - nominal) > 0.05 * nominal]
    practical = []
    for diameter in sorted({*wanted, nominal}):
        try:
            for factor in factors:
                _exposed(exposure, array, diameter, factor)
        except ValueError:
            if diameter == nominal:
                raise
        else:
            practical.append(diameter)
    return tuple(practical)


def _exposed(exposure: Exposure, array: DoseArray, diameter: float, factor: float) -> Device:
    """Return the disk of one cell of the table: time rounded, shape predicted from it."""
    from cavities.resist_profile import resist_profile

    wanted = exposure.time_for_diameter_ms(diameter) * factor
    time_ms = round(round(wanted / array.time_step_ms) * array.time_step_ms, 9)
    if not 0 < time_ms <= array.max_exposure_time_ms:
        raise ValueError(
            f"diameters: the exposure time must be within time_step_ms = {array.time_step_ms:g} "
            f"and max_exposure_time_ms = {array.max_exposure_time_ms:g}, got {wanted:.4g} ms for "
            f"{diameter:g} um at dose factor {factor:g}; change the power or leave it out"
        )
    try:
        profile = resist_profile(exposure.changed(time_ms=time_ms))
    except ValueError as error:
        raise ValueError(
            f"diameters: {diameter:g} um at dose factor {factor:g} cannot be written; leave it "
            f"out, or change dose_factors: {error}"
        ) from None
    return Device(
        name="disk",
        x=0,
        y=0,
        top_diameter=2 * profile.top_radius,
        base_diameter=2 * profile.base_radius,
        nominal_diameter=diameter,
        dose_factor=factor,
        exposure_time_ms=time_ms,
        power_uw=exposure.power_uw,
    )


def _pitch(array: DoseArray, largest: float, room: float, grid: float) -> float:
    if array.pitch is None:
        return 10.0 * math.ceil((largest + room) / 10.0)
    return snap(array.pitch, grid=grid)


def _arrange(
    table: list[list[Device]],
    array: DoseArray,
    pitch: float,
    origin: tuple[float, float],
    wide: int,
) -> Plan:
    """Give every replicate of every cell of the table its name and its place."""
    high = array.replicate_rows
    total_rows = len(table) * high
    devices: dict[tuple[int, int], Device] = {}
    blocks = []
    for i, line in enumerate(table):
        for j, disk in enumerate(line):
            for row in range(i * high + 1, (i + 1) * high + 1):
                for column in range(j * wide + 1, (j + 1) * wide + 1):
                    devices[row, column] = disk.model_copy(
                        update={
                            "name": device_name(row, column),
                            "row": row,
                            "column": column,
                            "x": origin[0] + (column - 1) * pitch,
                            "y": origin[1] + (total_rows - row) * pitch,
                        }
                    )
            corner = devices[(i + 1) * high, j * wide + 1]
            blocks.append(Block(device=corner, columns=wide, rows=high, pitch=pitch))
    ordered = tuple(devices[key] for key in sorted(devices))
    return Plan(devices=ordered, blocks=tuple(blocks), pitch=pitch)
