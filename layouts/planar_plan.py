"""The plan of a planar cavity's chip: mesas by diameter, test areas beside them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cavities.spec import Spec
from layouts.circle import circle_vertices, snap
from layouts.device import Device
from layouts.dose_plan import DoseArray, Plan, plan_devices, plan_size_array
from layouts.labels import label_width
from layouts.planar_parts import sections
from layouts.planar_settings import TEST_AREAS, AreaKind, PlanarSettings
from layouts.rules import check_spacing
from layouts.settings import ChipSettings

__all__ = ["DEFAULT_DIAMETERS", "PlanarPlan", "ReferenceArea", "check_step", "plan_planar"]

DEFAULT_DIAMETERS = (2.0, 3.0, 5.0, 7.5, 10.0, 15.0, 20.0, 30.0, 50.0, 100.0)
"""Diameters (um) of the default rows."""

AREA_GAP = 60.0
"""Distance (um) between test areas, besides a line of lettering."""


@dataclass(frozen=True, kw_only=True)
class ReferenceArea:
    """A square in which only a part of the cavity is deposited.

    Attributes:
        name: unique on the chip.
        kind: which part, a key of `layouts.planar_settings.TEST_AREAS`.
        x, y: centre (um).
        size: side (um).
        text_height: height (um) of the lettering below it.
    """

    name: str
    kind: AreaKind
    x: float
    y: float
    size: float
    text_height: float = 7.0

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top (um)."""
        half = self.size / 2
        left, bottom = round(self.x - half, 9), round(self.y - half, 9)
        return left, bottom, round(self.x + half, 9), round(self.y + half, 9)

    @property
    def text(self) -> str:
        """What is lettered below the square.

        Example:
            >>> ReferenceArea(name="T1", kind="bare_film", x=0, y=0, size=300).text
            'T1 BARE FILM'
        """
        return f"{self.name} {self.kind.upper().replace('_', ' ')}"

    @property
    def layers(self) -> tuple[str, ...]:
        """Layers on which the square is drawn."""
        return ("mesa_area", *TEST_AREAS[self.kind])


@dataclass(frozen=True, kw_only=True)
class PlanarPlan(Plan):
    """A plan with test areas; see `Plan` for the rest."""

    areas: tuple[ReferenceArea, ...] = ()

    def frame(self, distance: float) -> tuple[float, float, float, float]:
        """Return left, bottom, right, top (um), `distance` outside mesas' centres and areas."""
        boxes = [(d.x, d.y, d.x, d.y) for d in self.devices] + [area.box for area in self.areas]
        left, bottom = (min(box[side] for box in boxes) for side in (0, 1))
        right, top = (max(box[side] for box in boxes) for side in (2, 3))
        return left - distance, bottom - distance, right + distance, top + distance

    @property
    def rectangles(self) -> Mapping[str, tuple[tuple[float, float, float, float], ...]]:
        """The squares of every layer that has some."""
        layers = dict.fromkeys(layer for area in self.areas for layer in area.layers)
        return {
            layer: tuple(area.box for area in self.areas if layer in area.layers)
            for layer in layers
        }


def plan_planar(
    *,
    array: DoseArray | None = None,
    devices: Iterable[Device] | None = None,
    settings: ChipSettings,
    planar: PlanarSettings,
) -> PlanarPlan:
    """Return the plan of a chip, checked as far as it can be before it is drawn.

    Args:
        array: table of diameters; None: ten mesas of each of `DEFAULT_DIAMETERS`.
        devices: mesas at free positions instead of a table.
        settings: how the chip is drawn.
        planar: structure and test areas.

    Raises:
        ValueError: both array and devices, mesas too close to each other or too small for the
            grid, a device that is no mesa.

    Example:
        >>> plan = plan_planar(settings=ChipSettings(), planar=PlanarSettings())
        >>> len(plan.devices), len(plan.areas), plan.pitch
        (100, 5, 160.0)
    """
    if devices is not None and array is not None:
        raise ValueError(
            "array and devices: give one or the other, got both; leave out `array` for free "
            "positions"
        )
    if devices is not None:
        plan = plan_devices(devices, grid=settings.grid)
        _check_mesas(plan.devices)
    else:
        table = array or DoseArray()
        diameters = table.diameters or DEFAULT_DIAMETERS
        plan = plan_size_array(
            top_diameter=diameters[0],
            base_diameter=diameters[0],
            array=table.changed(diameters=diameters),
            origin=(settings.cross_distance, settings.cross_distance),
            grid=settings.grid,
        )
    for diameter in {device.top_diameter for device in plan.devices}:
        circle_vertices(diameter / 2, chord_error=settings.chord_error, grid=settings.grid)
    check_spacing(plan.devices, min_gap=settings.min_gap)
    areas = _areas(plan.devices, settings, planar)
    _check_names(plan.devices, areas)
    return PlanarPlan(devices=plan.devices, blocks=plan.blocks, pitch=plan.pitch, areas=areas)


def check_step(cavity: Spec, planar: PlanarSettings) -> None:
    """Check that the step of a trap fits between the mirrors.

    Raises:
        ValueError: it does not.
    """
    room = 1e3 * sum(layer.thickness for layer in sections(cavity)[1])
    if planar.structure == "trap" and planar.step_nm >= room:
        raise ValueError(
            f"step_nm: must be < the {room:g} nm between the mirrors, got {planar.step_nm:g}; "
            "make the trap shallower"
        )


def _check_mesas(devices: tuple[Device, ...]) -> None:
    for device in devices:
        if device.top_diameter != device.base_diameter:
            raise ValueError(
                "devices: a mesa has one diameter, got top_diameter "
                f"{device.top_diameter:g} and base_diameter {device.base_diameter:g} um for "
                f"{device.name}; make them equal"
            )
        if device.exposure_time_ms is not None:
            raise ValueError(
                "devices: a mesa is drawn, not exposed spot by spot, got exposure_time_ms for "
                f"{device.name}; leave time and power out"
            )


def _check_names(devices: tuple[Device, ...], areas: tuple[ReferenceArea, ...]) -> None:
    taken = {device.name for device in devices} & {area.name for area in areas}
    if taken:
        raise ValueError(
            f"devices: names must differ from those of the test areas, got {min(taken)!r}; "
            "rename it"
        )


def _areas(
    devices: tuple[Device, ...], settings: ChipSettings, planar: PlanarSettings
) -> tuple[ReferenceArea, ...]:
    """Return the squares, in columns to the right of the mesas, the first at the top."""
    step = 2 * settings.grid
    size = snap(planar.test_area_size, grid=step)
    reach = max(device.footprint for device in devices) / 2
    texts = [f"T{i + 1} {kind}" for i, kind in enumerate(planar.test_areas)]
    fits = all(label_width(text, height=settings.title_height) <= size for text in texts)
    text_height = settings.title_height if fits else settings.label_height
    widest = max((label_width(text, height=text_height) for text in texts), default=0.0)
    reach = max(device.footprint for device in devices) / 2
    left = max(device.x for device in devices) + reach + 2 * AREA_GAP + max(0.0, widest - size) / 2
    lowest = min(device.y for device in devices)
    highest = max(device.y for device in devices) + reach
    across, down = max(size, widest) + AREA_GAP, size + AREA_GAP + text_height
    high = max(1, math.floor((highest - lowest + down - size) / down))
    top = max(highest, lowest + (min(high, len(texts)) - 1) * down + size)
    areas = []
    for number, kind in enumerate(planar.test_areas):
        column, row = divmod(number, high)
        areas.append(
            ReferenceArea(
                name=f"T{number + 1}",
                kind=kind,
                x=snap(left + size / 2 + column * across, grid=step),
                y=snap(top - size / 2 - row * down, grid=step),
                size=size,
                text_height=text_height,
            )
        )
    return tuple(areas)
