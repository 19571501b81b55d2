"""The disk cell: predicted rim and base circles of one exposure, with its dose in `info`."""

from __future__ import annotations

import gdsfactory as gf

from layouts.circle import circle, circle_vertices
from layouts.drawing import draw_polygon

__all__ = ["microdisk_cell"]


@gf.cell
def microdisk_cell(
    *,
    top_diameter: float = 15.0,
    base_diameter: float = 12.5,
    exposure_time_ms: float = 0.0,
    power_uw: float = 0.0,
    chord_error: float = 0.005,
    grid: float = 0.001,
) -> gf.Component:
    """Return a disk centred on the origin: rim circle and base circle on their layers.

    One exposure at the origin makes the whole disk; the circles show what it will become.
    A straight-walled disk (base_diameter = top_diameter) has both circles all the same.

    Args:
        top_diameter: predicted diameter (um) of the rim.
        base_diameter: predicted diameter (um) on the substrate.
        exposure_time_ms, power_uw: the exposure; 0 and 0 for a disk made by other means.
        chord_error: largest distance (um) of the polygons from the circles.
        grid: writing grid (um) that the vertices lie on.

    Returns:
        Component whose `info` holds `top_diameter_um`, `base_diameter_um`, `chord_error_um`,
        `vertices` and, with an exposure, `exposure_time_ms`, `power_uw`, `energy_uj`.

    Raises:
        ValueError: see `layouts.circle.circle_vertices`.

    Example:
        >>> microdisk_cell(exposure_time_ms=50.0, power_uw=500.0).info["energy_uj"]
        25.0
    """
    circles = {
        layer: circle(diameter / 2, chord_error=chord_error, grid=grid) * grid
        for layer, diameter in (("rim", top_diameter), ("base", base_diameter))
    }
    component = gf.Component()
    for layer, points in circles.items():
        draw_polygon(component, [(float(x), float(y)) for x, y in points], layer)
    component.info["top_diameter_um"] = float(top_diameter)
    component.info["base_diameter_um"] = float(base_diameter)
    component.info["chord_error_um"] = float(chord_error)
    component.info["vertices"] = circle_vertices(
        top_diameter / 2, chord_error=chord_error, grid=grid
    )
    if exposure_time_ms > 0:
        component.info["exposure_time_ms"] = float(exposure_time_ms)
        component.info["power_uw"] = float(power_uw)
        component.info["energy_uj"] = float(power_uw * exposure_time_ms * 1e-3)
    return component
