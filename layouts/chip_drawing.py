"""Draws a plan: the cells of a chip from its devices and settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gdsfactory as gf

from layouts.chip import chip, device_names, lettering
from layouts.dose_array import BlockTuple, dose_array
from layouts.plan_lettering import labels_devices, plan_lettering

if TYPE_CHECKING:
    from layouts.dose_plan import Block, Plan
    from layouts.settings import ChipSettings

__all__ = ["draw_chip", "require_grid"]


def draw_chip(plan: Plan, settings: ChipSettings, *, title: str) -> gf.Component:
    """Return the chip of a plan: disks, labels, device names, marks and title.

    Args:
        plan: devices and their grouping.
        settings: how to draw them.
        title: lines of the title.

    Raises:
        ValueError: device labels were asked for and there is no room for them, or a grid that
            gdsfactory's layout cannot hold.
    """
    require_grid(settings.grid)
    texts = plan_lettering(plan, settings)
    contents = [
        dose_array(
            blocks=tuple(_block(block) for block in plan.blocks),
            pitch=plan.pitch,
            chord_error=settings.chord_error,
            grid=settings.grid,
        )
    ]
    if texts:
        contents.append(lettering(texts=texts, grid=settings.grid))
    return framed_chip(plan, settings, contents, title=title)


def framed_chip(
    plan: Plan, settings: ChipSettings, contents: list[gf.Component], *, title: str
) -> gf.Component:
    """Return the chip: the contents with device names, title and alignment crosses around."""
    if labels_devices(plan, settings):
        names = tuple((device.name, device.x, device.y) for device in plan.devices)
        contents = [*contents, device_names(names=names)]
    left, bottom, right, top = plan.frame(settings.cross_distance)
    return chip(
        contents=tuple(contents),
        left=left,
        bottom=bottom,
        right=right,
        top=top,
        title=title,
        title_height=settings.title_height,
        cross_size=settings.cross_size,
        cross_width=settings.cross_width,
        grid=settings.grid,
    )


def require_grid(grid: float) -> None:
    """Check that a writing grid (um) is one that gdsfactory's layout can hold.

    Raises:
        ValueError: it is no multiple of the database unit.
    """
    steps = grid / gf.kcl.dbu
    if round(steps) < 1 or abs(steps - round(steps)) > 1e-6:
        raise ValueError(
            f"grid: must be a multiple of the database unit {gf.kcl.dbu:g} um, got "
            f"{grid:g} um; use a coarser grid"
        )


def _block(block: Block) -> BlockTuple:
    device = block.device
    return (
        device.x,
        device.y,
        round(device.top_diameter, 6),
        round(device.base_diameter, 6),
        device.exposure_time_ms or 0.0,
        device.power_uw or 0.0,
        block.columns,
        block.rows,
    )
