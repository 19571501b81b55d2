"""The array of disks: one arrayed reference for each group of identical disks."""

from __future__ import annotations

import gdsfactory as gf

from layouts.drawing import name_cell, place
from layouts.microdisk_cell import microdisk_cell

__all__ = ["BlockTuple", "dose_array"]

BlockTuple = tuple[float, float, float, float, float, float, int, int]
"""x, y, top diameter, base diameter (um), time (ms), power (uW), columns, rows of one group."""


@gf.cell(set_name=False)
def dose_array(
    *,
    blocks: tuple[BlockTuple, ...] = ((0.0, 0.0, 15.0, 12.5, 50.0, 500.0, 1, 1),),
    pitch: float = 80.0,
    chord_error: float = 0.005,
    grid: float = 0.001,
) -> gf.Component:
    """Return groups of identical disks, each group one reference or one array of references.

    Args:
        blocks: for each group the x, y (um) of its lower left disk, the top and base diameters
            (um), the exposure time (ms) and power (uW, 0 and 0 without an exposure), and the
            numbers of columns and rows.
        pitch: distance (um) between the disks of a group.
        chord_error: largest distance (um) of the polygons from the circles.
        grid: writing grid (um).

    Returns:
        Component whose `info` holds `devices`, the number of disks, and `energy_uj`, their
        total exposure energy.

    Example:
        >>> block = (0.0, 0.0, 15.0, 12.5, 50.0, 500.0, 100, 100)
        >>> array = dose_array(blocks=(block,), pitch=80.0)
        >>> array.info["devices"], len(array.insts)
        (10000, 1)
    """
    component = gf.Component()
    name_cell(component, "dose_array", blocks, pitch, chord_error, grid)
    count, energy = 0, 0.0
    for x, y, top, base, time_ms, power_uw, columns, rows in blocks:
        disk = microdisk_cell(
            top_diameter=top,
            base_diameter=base,
            exposure_time_ms=time_ms,
            power_uw=power_uw,
            chord_error=chord_error,
            grid=grid,
        )
        place(
            component,
            disk,
            x=x,
            y=y,
            columns=columns,
            rows=rows,
            column_pitch=pitch,
            row_pitch=pitch,
        )
        count += columns * rows
        energy += columns * rows * power_uw * time_ms * 1e-3
    component.info["devices"] = count
    component.info["energy_uj"] = energy
    return component
