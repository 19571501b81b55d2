"""The tables of a planar cavity's chip: what is where, and which mask is used when."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from layouts.layers import layer
from layouts.manifest import RESULT_COLUMNS, Results
from layouts.planar_parts import is_transferred, planar_stack, reference_wavelength, sections
from layouts.planar_settings import WINDOWS, PlanarSettings

if TYPE_CHECKING:
    import pandas as pd

    from cavities.spec import Spec
    from layouts.planar_plan import PlanarPlan

__all__ = ["PLANAR_COLUMNS", "hard_wall_shift_nm", "mask_steps", "planar_manifest"]

PLANAR_COLUMNS = {
    "name": "unique name of the mesa or test area",
    "row": "row of the table, from 1 at the top; 0 for a test area",
    "column": "column of the table, from 1 at the left; 0 for a test area",
    "x_um": "centre from the origin (of a table: centre of the lower left cross)",
    "y_um": "likewise along y",
    "kind": "mesa, trap, or what is in the test area",
    "diameter_um": "diameter of the mesa or trap; empty for a test area",
    "side_um": "side of the test area; empty for a mesa",
    "hard_wall_shift_nm": "shift of the lowest lateral mode from the unbounded stack's, estimate",
}
"""Columns of every manifest of a planar chip, with their meaning."""

BESSEL_ZERO = 2.404825557695773
"""First zero of J0 (NIST DLMF 10.21)."""


def hard_wall_shift_nm(diameter: float, *, wavelength: float, index: float) -> float:
    """Return the shift of the lowest mode of a disk with hard walls from the unbounded stack's.

    With k_par = 2 j01/D in the plane and the same k_z, lambda = lambda_0 (1 + x^2)^(-1/2),
    x = k_par lambda_0/(2 pi n). An upper bound (in size): real walls let the field out, a
    trap's more than a mesa's.

    Args:
        diameter: D (um).
        wavelength: lambda_0, the mode of the unbounded stack (um).
        index: n, mean index between the mirrors.

    Returns:
        Shift (nm), negative.

    Example:
        >>> round(hard_wall_shift_nm(10.0, wavelength=0.6, index=1.85), 3)
        -0.185
    """
    x = BESSEL_ZERO / (diameter / 2) * wavelength / (2 * math.pi * index)
    return 1e3 * wavelength * (1 / math.sqrt(1 + x**2) - 1)


def planar_manifest(
    cavity: Spec, plan: PlanarPlan, planar: PlanarSettings, results: Results | None = None
) -> pd.DataFrame:
    """Return the table of mesas and test areas, one row each.

    Results are those of the unbounded stack or whatever the caller computed for a device.
    """
    import pandas as pd

    numbers = results or {}
    areas = plan.areas
    rows: list[list[object]] = []
    for device in plan.devices:
        known = numbers.get(device.name, {}).get("wavelength_um")
        rows.append(
            [
                device.name,
                device.row,
                device.column,
                device.x,
                device.y,
                planar.structure,
                device.top_diameter,
                math.nan,
                _shift(cavity, device.top_diameter, known),
            ]
        )
    rows += [
        [area.name, 0, 0, area.x, area.y, area.kind, math.nan, area.size, math.nan]
        for area in areas
    ]
    table = pd.DataFrame(rows, columns=list(PLANAR_COLUMNS))
    if results is not None:
        names: Sequence[str] = [*(d.name for d in plan.devices), *(a.name for a in areas)]
        for column in RESULT_COLUMNS:
            table[column] = [float(results.get(n, {}).get(column, math.nan)) for n in names]
    return table


def mask_steps(cavity: Spec, planar: PlanarSettings, layers: Sequence[str]) -> pd.DataFrame:
    """Return which mask is used when, and how deep it goes, in the order of the work.

    Args:
        cavity: a PlanarMicrocavity or a TwoMirrorCavity.
        planar: structure and test areas.
        layers: the layers that the chip uses.

    Returns:
        Columns step, layers, gds, when, how, depth_nm (empty where nothing is removed).
    """
    import pandas as pd

    _, middle, top = (1e3 * sum(x.thickness for x in part) for part in sections(cavity))
    rows: list[tuple[tuple[str, ...], str, str, float]] = [
        (("marks",), "before the first layer", "metal, lift-off", math.nan)
    ]
    deposits = dict(
        zip(WINDOWS, ("bottom mirror", "layers between the mirrors", "top mirror"), strict=True)
    )
    for window, deposit in deposits.items():
        how = f"shadow mask or lift-off: no {deposit} inside"
        if window == "no_top_mirror" and is_transferred(cavity):
            how += "; mirrored, for this part is turned over"
        if window in layers:
            rows.append(((window,), f"before the {deposit}", how, math.nan))
    kept = tuple(name for name in ("mesa", "mesa_area", "label") if name in layers)
    laid_on = is_transferred(cavity)
    when = f"before the top mirror{' is laid on' if laid_on else ''}"
    if planar.structure == "trap":
        trap = (kept, when, "outside, the layers between the mirrors are thinned", planar.step_nm)
        first_of_top = not laid_on and "no_top_mirror" in layers
        rows.insert(len(rows) - int(first_of_top), trap)
    elif laid_on:
        depth = middle - _not_etched(cavity)
        rows.append((kept, when, "etched outside, down to the bottom mirror", depth))
    else:
        rows.append((kept, "last", "etched outside, down to the bottom mirror", middle + top))
    table = pd.DataFrame(rows, columns=["layers", "when", "how", "depth_nm"])
    entries = [[layer(name) for name in names] for names in table["layers"]]
    table["layers"] = [" + ".join(entry.name for entry in row) for row in entries]
    table.insert(
        1, "gds", [" + ".join(f"{entry.number}/{entry.datatype}" for entry in r) for r in entries]
    )
    table.insert(0, "step", range(1, len(table) + 1))
    return table


def _not_etched(cavity: Spec) -> float:
    """Return the thickness (nm) between the mirrors that comes with the second part."""
    from cavities.two_mirror_cavity import TwoMirrorCavity

    if isinstance(cavity, TwoMirrorCavity):
        return 1e3 * cavity.spacer_thickness
    return 1e3 * sum(x.thickness for x in planar_stack(cavity).layers if x.name == "gap")


def _shift(cavity: Spec, diameter: float, known: float | None) -> float:
    wavelength = known if known is not None else reference_wavelength(cavity)
    if wavelength is None:
        return math.nan
    middle = sections(cavity)[1]
    optical = sum(float(x.material.index(wavelength).real) * x.thickness for x in middle)
    index = optical / sum(x.thickness for x in middle)
    return hard_wall_shift_nm(diameter, wavelength=wavelength, index=index)
