"""Plan of a chip of lattice devices: which period, size, bias and dose goes where."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cavities.periodic_presets import PCSEL_PERIODS
from cavities.spec import Spec
from layouts.circle import snap
from layouts.device import device_name
from layouts.labels import LINE_PITCH, label_width
from layouts.lattice_device import LatticeDevice, extent
from layouts.lattice_pattern import Pattern, pattern_of, polygons, rows

if TYPE_CHECKING:
    from layouts.chip import Lettering
    from layouts.lattice_settings import LatticeSettings
    from layouts.settings import ChipSettings

__all__ = ["PERIOD_SWEEPS", "LatticePlan", "plan_lattice", "sweep_periods"]

PERIOD_SWEEPS: Final = {
    "NanopillarArray": tuple(round(0.315 + 0.01 * i, 3) for i in range(6)),
    "PhotonicCrystalSlab": PCSEL_PERIODS,
}
"""Default periods (um) by kind of cavity: the ranges of the published devices."""

GAP = 8.0
"""Distance (um) from a device to its lettering."""


@dataclass(frozen=True, kw_only=True)
class LatticePlan:
    """The devices of a chip and their lettering.

    Attributes:
        devices: by row and column.
        texts: lettering.
        box: left, bottom, right, top (um) around devices and lettering.
    """

    devices: tuple[LatticeDevice, ...]
    texts: tuple[Lettering, ...]
    box: tuple[float, float, float, float]

    def frame(self, distance: float) -> tuple[float, float, float, float]:
        """Return left, bottom, right, top (um) of the rectangle `distance` outside."""
        left, bottom, right, top = self.box
        return left - distance, bottom - distance, right + distance, top + distance


def sweep_periods(cavity: Spec) -> tuple[float, ...]:
    """Return the default periods (um) of a chip of a cavity.

    Example:
        >>> from cavities import nanopillar_quantum_shells
        >>> sweep_periods(nanopillar_quantum_shells(0.335))
        (0.315, 0.325, 0.335, 0.345, 0.355, 0.365)
    """
    own = pattern_of(cavity).lattice.period
    known = PERIOD_SWEEPS.get(type(cavity).__name__, ())
    if known and known[0] - 1e-9 <= own <= known[-1] + 1e-9:
        near = [abs(period - own) < 1e-9 for period in known]
        return known if any(near) else tuple(sorted((*known, own)))
    return tuple(round(factor * own, 9) for factor in (0.95, 0.975, 1.0, 1.025, 1.05))


def plan_lattice(cavity: Spec, *, lattice: LatticeSettings, settings: ChipSettings) -> LatticePlan:
    """Return the plan of a chip: a row for each period, columns for size, bias and dose.

    Raises:
        TypeError: the cavity is not periodic.
        ValueError: a shape that vanishes or does not fit the grid, fields smaller than a cell.
    """
    base = pattern_of(cavity)
    columns = list(
        itertools.product(lattice.sizes, lattice.biases, enumerate(lattice.dose_factors))
    )
    table = [
        [
            _device(base, period, size, bias, dose, (row, column), lattice, settings)
            for column, (size, bias, dose) in enumerate(columns, start=1)
        ]
        for row, period in enumerate(lattice.periods or sweep_periods(cavity), start=1)
    ]
    varied = (len(lattice.biases) > 1, len(lattice.dose_factors) > 1)
    return _placed(table, varied, lattice, settings)


def _device(
    base: Pattern,
    period: float,
    size: float,
    bias: float,
    dose: tuple[int, float],
    place: tuple[int, int],
    lattice: LatticeSettings,
    settings: ChipSettings,
) -> LatticeDevice:
    wanted = base.scaled_to(period)
    drawn = wanted.drawn(bias)
    outlines = polygons(drawn.shapes, chord_error=lattice.chord_error, grid=settings.grid)
    return LatticeDevice(
        name=device_name(*place),
        row=place[0],
        column=place[1],
        x=0.0,
        y=0.0,
        wanted=wanted,
        drawn=drawn,
        bias=bias,
        dose_class=dose[0],
        dose_factor=dose[1],
        extent=extent(
            rows(wanted.lattice),
            outlines,
            size=size,
            write_field=lattice.write_field,
            grid=settings.grid,
        ),
        outlines=outlines,
    )


def device_lines(device: LatticeDevice, varied: tuple[bool, bool]) -> str:
    """Return the lettering of a device: name, period, size, and bias and dose where they vary."""
    period = 1e3 * device.wanted.lattice.period
    lines = [f"{device.name} {period:.4g}nm", f"{max(device.extent.size):.4g}um"]
    if varied[0]:
        lines.append(f"b {1e3 * device.bias:+.3g}nm")
    if varied[1]:
        lines.append(f"x{device.dose_factor:.3g}")
    return "\n".join(lines)


def _placed(
    table: Sequence[Sequence[LatticeDevice]],
    varied: tuple[bool, bool],
    lattice: LatticeSettings,
    settings: ChipSettings,
) -> LatticePlan:
    """Put devices on a table whose rows and columns are as wide as their largest member."""
    height, grid = settings.label_height, settings.grid
    wide = [
        max(
            max(d.area[2] - d.area[0], label_width(device_lines(d, varied), height=height))
            for d in column
        )
        for column in zip(*table, strict=True)
    ]
    lines = device_lines(table[0][0], varied).count("\n")
    text_height = (lines * LINE_PITCH + 1) * height
    high = [max(d.area[3] - d.area[1] for d in row) + GAP + text_height for row in table]
    devices: list[LatticeDevice] = []
    texts: list[Lettering] = []
    top = math.fsum(high) + lattice.spacing * (len(table) - 1)
    total = math.fsum(wide) + lattice.spacing * (len(wide) - 1)
    upper = top
    for row, row_height in zip(table, high, strict=True):
        left = 0.0
        for device, width in zip(row, wide, strict=True):
            area = device.area
            x = snap(left + width / 2 - (area[0] + area[2]) / 2, grid=grid)
            y = snap(upper - area[3], grid=grid)
            placed = LatticeDevice(**{**vars(device), "x": x, "y": y})
            devices.append(placed)
            foot = placed.area[1] - GAP - text_height
            texts.append((device_lines(device, varied), left + width / 2, foot, height, 0))
            left += width + lattice.spacing
        upper -= row_height + lattice.spacing
    return LatticePlan(
        devices=tuple(devices),
        texts=tuple(texts),
        box=(0.0, 0.0, snap(total, grid=grid), snap(top, grid=grid)),
    )
