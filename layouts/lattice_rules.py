"""Rules of a chip of lattice devices, checked on the drawn polygons with klayout.

A lattice repeats itself, so gaps and widths are measured in windows of some periods: at every
corner of each device and where its first write fields meet. Between devices their outlines
stand for them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from layouts.rules import RuleReport, Violation

if TYPE_CHECKING:
    import gdsfactory as gf
    import klayout.db as kdb

    from layouts.lattice_device import Box, LatticeDevice
    from layouts.lattice_settings import LatticeSettings
    from layouts.settings import ChipSettings

__all__ = ["check_lattice_drawing", "windows"]

_PERIODS = 4
"""Half width of a window in periods."""


def check_lattice_drawing(
    component: gf.Component,
    devices: Sequence[LatticeDevice],
    settings: ChipSettings,
    lattice: LatticeSettings,
) -> RuleReport:
    """Check the drawn chip.

    Args:
        component: the chip.
        devices: of the plan: where to look, and how much there must be.
        settings, lattice: the limits.

    Returns:
        The report; `RuleReport.require` turns it into an error.
    """
    import klayout.db as kdb

    dbu = component.kcl.dbu
    grid_steps = round(2 * settings.grid / dbu)  # vertices and places snapped towards each other
    gap = max(1, round(lattice.min_gap / dbu) - grid_steps)
    width = max(1, round(lattice.min_width / dbu) - grid_steps)
    broken: dict[str, list[tuple[str, kdb.EdgePairs | kdb.Region]]] = {
        "gap": [],
        "width": [],
        "count": [],
    }
    # corners are no narrow places: only sides that face each other count
    projection = kdb.Metrics.Projection
    seen: set[object] = set()
    for device in devices:
        key = (device.outlines, device.extent.rows, device.extent.lines, device.layer)
        if key in seen:
            continue
        seen.add(key)
        for box in windows(device):
            region = _touching(component, device.layer, box)
            broken["gap"].append((device.layer, region.space_check(gap)))
            broken["width"].append(
                (device.layer, region.width_check(width, False, projection, 40.0, None, None))
            )
            if region.count() != region.merged().count():
                broken["count"].append((device.layer, region))
    texts = {
        "gap": f"shapes of a lattice at least {lattice.min_gap:g} um apart",
        "width": f"shapes of a lattice at least {lattice.min_width:g} um wide",
        "count": "no shape of a lattice touches another",
    }
    violations = []
    for rule, found in broken.items():
        bad = [(layer, item) for layer, item in found if item.count()]
        if bad:
            violations.append(
                Violation(
                    rule=texts[rule],
                    layers=tuple(dict.fromkeys(layer for layer, _ in bad)),
                    count=sum(item.count() for _, item in bad),
                    where=_centre(bad[0][1], dbu),
                )
            )
    texts_of_chip, more = _chip_rules(component, settings, lattice, len(devices))
    return RuleReport(rules=(*texts.values(), *texts_of_chip), violations=(*violations, *more))


def windows(device: LatticeDevice) -> tuple[Box, ...]:
    """Return the places (um, on the chip) where a device's pattern is looked at closely."""
    reach = _PERIODS * max(device.extent.rows.pitch, device.extent.rows.step)
    left, bottom, right, top = device.area
    centres = [(left, bottom), (right, bottom), (left, top), (right, top)]
    first = device.extent.outlines()[0]
    if device.extent.fields_x * device.extent.fields_y > 1:
        centres.append((device.x + first[2], device.y + first[3]))
    return tuple((x - reach, y - reach, x + reach, y + reach) for x, y in centres)


def _chip_rules(
    component: gf.Component, settings: ChipSettings, lattice: LatticeSettings, count: int
) -> tuple[list[str], list[Violation]]:
    """Check device outlines, lettering, marks and floorplan against each other."""
    import klayout.db as kdb

    dbu = component.kcl.dbu
    areas, label, marks, floor = (
        _region(component, name) for name in ("device_area", "label", "marks", "floorplan")
    )
    written = label + marks
    feature = round(settings.min_feature / dbu)
    projection = kdb.Metrics.Projection
    apart = max(1, round(min(settings.min_gap, lattice.spacing) / dbu))
    checks: list[tuple[str, tuple[str, ...], kdb.Region | kdb.EdgePairs]] = [
        (
            f"devices at least {settings.min_gap:g} um apart",
            ("device_area",),
            areas.space_check(apart),
        ),
        (
            f"devices at least {settings.min_gap:g} um from lettering and marks",
            ("device_area", "label", "marks"),
            areas.separation_check(written, apart),
        ),
        ("no device under lettering or marks", ("device_area", "label", "marks"), areas & written),
        ("lettering clear of the marks", ("label", "marks"), label & marks),
        *(
            (
                f"strokes at least {settings.min_feature:g} um wide",
                (name,),
                region.width_check(feature, False, projection, 40.0, None, None),
            )
            for name, region in (("label", label), ("marks", marks))
        ),
        (
            "everything inside the floorplan",
            ("device_area", "label", "marks", "floorplan"),
            (areas + written).merged() - floor,
        ),
    ]
    violations = [
        Violation(rule=rule, layers=layers, count=found.count(), where=_centre(found, dbu))
        for rule, layers, found in checks
        if found.count()
    ]
    separate = f"{count} separate devices"
    found = areas.merged().count()
    if found != count:
        violations.insert(
            0,
            Violation(
                rule=separate,
                layers=("device_area",),
                count=abs(found - count),
                where=_centre(areas, dbu),
            ),
        )
    return [separate, *(rule for rule, _, _ in checks)], violations


def _touching(component: gf.Component, layer: str, box: Box) -> kdb.Region:
    """Return the shapes of a layer in a window, each a polygon of its own."""
    import klayout.db as kdb

    from layouts.layers import layer_info

    dbu = component.kcl.dbu
    index = component.kcl.layer(layer_info(layer))
    window = kdb.Box(*(round(side / dbu) for side in box))
    region = kdb.Region(component.kdb_cell.begin_shapes_rec_touching(index, window))
    region.merged_semantics = False
    return region


def _region(component: gf.Component, layer: str) -> kdb.Region:
    import klayout.db as kdb

    from layouts.layers import layer_info

    index = component.kcl.layout.find_layer(layer_info(layer))
    if index is None:
        return kdb.Region()
    return kdb.Region(component.kdb_cell.begin_shapes_rec(index))


def _centre(found: kdb.Region | kdb.EdgePairs, dbu: float) -> tuple[float, float]:
    for item in found.each():
        centre = item.bbox().center()
        return centre.x * dbu, centre.y * dbu
    return math.nan, math.nan
