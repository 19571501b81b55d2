"""Rules that a chip keeps: exact ones on the planned circles, polygon ones on the drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import gdsfactory as gf
    import klayout.db as kdb

    from cavities.lithography import Exposure
    from layouts.device import Device
    from layouts.settings import ChipSettings

__all__ = ["RuleReport", "Violation", "check_drawing", "check_spacing", "proximity"]


@dataclass(frozen=True, kw_only=True)
class Violation:
    """One rule that is broken.

    Attributes:
        rule: what must hold, with its limit.
        layers: names of the layers.
        count: how many places break it.
        where: x, y (um) of one of them.
    """

    rule: str
    layers: tuple[str, ...]
    count: int
    where: tuple[float, float]

    def __str__(self) -> str:
        x, y = self.where
        return (
            f"{'/'.join(self.layers)}: {self.rule}, broken in {self.count} places, "
            f"one at ({x:.3f}, {y:.3f}) um"
        )


@dataclass(frozen=True, kw_only=True)
class RuleReport:
    """The outcome of a rule check.

    Attributes:
        rules: every rule that was checked.
        violations: those that are broken.
    """

    rules: tuple[str, ...]
    violations: tuple[Violation, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether no rule is broken."""
        return not self.violations

    def require(self) -> RuleReport:
        """Return the report when it passed.

        Raises:
            ValueError: naming every broken rule.
        """
        if self.violations:
            raise ValueError(
                "layout: must keep every rule, got "
                + "; ".join(str(violation) for violation in self.violations)
                + "; widen the pitch or change the settings"
            )
        return self


def check_spacing(
    devices: Sequence[Device],
    *,
    min_gap: float,
    exposure: Exposure | None = None,
    max_proximity: float = 0.01,
) -> None:
    """Check the distances between the planned circles, exactly.

    Args:
        devices: the disks.
        min_gap: smallest distance (um) between the widest parts of two disks.
        exposure: the exposure whose beam writes the disks; None leaves out the dose check.
        max_proximity: see `ChipSettings`.

    Raises:
        ValueError: two disks overlap or come closer than `min_gap`, or the neighbours of a disk
            add too much dose at its rim.
    """
    pairs, distance = _close_pairs(devices, reach=min_gap)
    if len(pairs):
        worst = int(np.argmin(distance))
        first, second = (devices[index] for index in pairs[worst])
        state = "overlap" if distance[worst] < 0 else "are too close"
        raise ValueError(
            f"pitch: disks must be at least min_gap = {min_gap:g} um apart, got "
            f"{distance[worst]:.4g} um between {first.name} and {second.name} ({state}); "
            "widen the pitch or move one"
        )
    if exposure is None:
        return
    added = proximity(devices, exposure)
    if added.max(initial=0.0) > max_proximity:
        index = int(np.argmax(added))
        raise ValueError(
            "pitch: the neighbours of a disk must add at most max_proximity = "
            f"{max_proximity:g} of the cross-linking dose at its rim, got {added[index]:.4g} at "
            f"{devices[index].name}; widen the pitch"
        )


def proximity(devices: Sequence[Device], exposure: Exposure) -> NDArray[np.float64]:
    """Return the dose that neighbours add at each disk's rim, over the cross-linking dose.

    The rim of disk j is where its own dose equals the cross-linking dose, so at a distance d
    from its centre that dose is exp(-2 (d^2 - R_j^2)/w^2) in the same unit, w the 1/e^2
    radius. Taken at the point of the rim of i nearest to j, d = |r_i - r_j| - R_i; a relative
    dose p widens the rim by (w^2/(4 R)) ln(1 + p).

    Args:
        devices: the disks.
        exposure: gives beam waist, diffusion blur and shrinkage.

    Returns:
        Array (n,), one value per device; neighbours that add less than 1e-9 are left out.
    """
    waist = exposure.blurred_waist
    radius = np.array([d.top_diameter for d in devices]) / 2 / (1 - exposure.shrinkage)
    largest = float(radius.max())
    reach = float(np.sqrt(largest**2 + waist**2 / 2 * np.log(1e9))) - largest
    pairs, _ = _close_pairs(devices, reach=reach + 2 * largest * exposure.shrinkage)
    added = np.zeros(len(devices))
    places = np.array([(d.x, d.y) for d in devices])
    for own, other in (pairs.T, pairs.T[::-1]):
        centres = np.hypot(*(places[own] - places[other]).T)
        d = centres - radius[own]
        np.add.at(added, own, np.exp(-2 * (d**2 - radius[other] ** 2) / waist**2))
    return added


def check_drawing(
    component: gf.Component,
    settings: ChipSettings,
    *,
    device_count: int,
    disk_layers: tuple[str, ...] = ("rim", "base"),
    area_layers: tuple[str, ...] = (),
) -> RuleReport:
    """Check the drawn polygons, with klayout and without any knowledge of the plan.

    Args:
        component: the chip.
        settings: the limits.
        device_count: how many separate disks there must be.
        disk_layers: layers of their circles.
        area_layers: layers of test areas, which keep clear of disks, lettering and marks.

    Returns:
        The report; `RuleReport.require` turns it into an error.
    """
    import klayout.db as kdb

    dbu = component.kcl.dbu
    gap, feature = round(settings.min_gap / dbu), round(settings.min_feature / dbu)
    store = kdb.DeepShapeStore()  # hierarchical: an array costs as much as one disk
    store.max_vertex_count = 0  # polygons stay whole: they are counted
    store.max_area_ratio = 0
    names = (*disk_layers, *area_layers, "label", "marks")
    regions = {name: _region(component, name, store) for name in names}
    floor = _region(component, "floorplan", store)
    disks = _union(regions, disk_layers).merged()
    areas = _union(regions, area_layers).merged()
    written = regions["label"] + regions["marks"]
    slack = round(2 * settings.grid / dbu)  # vertices snapped outwards, on both sides of a gap
    projection = kdb.Metrics.Projection
    checks: list[tuple[str, tuple[str, ...], kdb.Region | kdb.EdgePairs]] = [
        (
            f"disks at least {settings.min_gap:g} um apart",
            disk_layers,
            disks.space_check(max(1, gap - slack)),
        ),
        (
            f"disks at least {settings.min_gap:g} um from lettering and marks",
            (disk_layers[0], "label", "marks"),
            disks.separation_check(written, max(1, gap - slack)),
        ),
        ("no disk under lettering or marks", (disk_layers[0], "label", "marks"), disks & written),
        (
            "lettering clear of the marks",
            ("label", "marks"),
            regions["label"] & regions["marks"],
        ),
        *(
            (
                f"strokes at least {settings.min_feature:g} um wide",
                (name,),
                regions[name].width_check(feature, False, projection, 40.0, None, None),
            )
            for name in ("label", "marks")
        ),
        (
            "everything inside the floorplan",
            (*regions, "floorplan"),
            (disks + areas + written).merged() - floor,
        ),
    ]
    if area_layers:
        near = disks.separation_check(areas, max(1, gap - slack))
        checks += [
            (
                f"disks at least {settings.min_gap:g} um from the test areas",
                (disk_layers[0], *area_layers),
                near,
            ),
            ("no disk in a test area", (disk_layers[0], *area_layers), disks & areas),
            (
                "lettering and marks clear of the test areas",
                ("label", "marks", *area_layers),
                written & areas,
            ),
            (
                "floorplan clear of the dicing street",
                ("floorplan", "dicing"),
                floor & _region(component, "dicing", store),
            ),
        ]
    violations = [
        Violation(rule=rule, layers=layers, count=found.count(), where=_centre(found, dbu))
        for rule, layers, found in checks
        if found.count()
    ]
    single = f"{device_count} separate disks"
    if disks.count() != device_count:
        violations.insert(
            0,
            Violation(
                rule=single,
                layers=disk_layers,
                count=abs(disks.count() - device_count),
                where=_centre(disks, dbu),
            ),
        )
    return RuleReport(
        rules=(single, *(rule for rule, _, _ in checks)), violations=tuple(violations)
    )


def _close_pairs(
    devices: Sequence[Device], *, reach: float
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return pairs (n, 2) closer than `reach` (um) from edge to edge, and those distances."""
    from scipy.spatial import cKDTree

    places = np.array([(d.x, d.y) for d in devices])
    radius = np.array([d.footprint for d in devices]) / 2
    tree = cKDTree(places)
    pairs = tree.query_pairs(reach + 2 * float(radius.max()), output_type="ndarray")
    distance = np.hypot(*(places[pairs[:, 0]] - places[pairs[:, 1]]).T) - radius[pairs].sum(axis=1)
    close = distance < reach
    order = np.lexsort(pairs[close].T[::-1])
    return pairs[close][order], np.asarray(distance[close][order])


def _region(component: gf.Component, layer: str, store: kdb.DeepShapeStore) -> kdb.Region:
    import klayout.db as kdb

    from layouts.layers import layer_info

    index = component.kcl.layout.find_layer(layer_info(layer))
    if index is None:
        return kdb.Region()
    return kdb.Region(component.kdb_cell.begin_shapes_rec(index), store)


def _union(regions: Mapping[str, kdb.Region], names: Sequence[str]) -> kdb.Region:
    import klayout.db as kdb

    union = kdb.Region()
    for name in names:
        union += regions[name]
    return union


def _centre(found: kdb.Region | kdb.EdgePairs, dbu: float) -> tuple[float, float]:
    for item in found.each():
        centre = item.bbox().center()
        return centre.x * dbu, centre.y * dbu
    return float("nan"), float("nan")
