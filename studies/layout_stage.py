"""The mask of a run: planned before the modes are solved, drawn and written after."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from studies.cavity_table import is_periodic
from studies.design import Design
from studies.planar_sheets import write_sheets
from studies.validation import first_error

if TYPE_CHECKING:
    from gain.lasing_threshold import ThresholdResult
    from layouts.chip_layout import Layout
    from layouts.verification import ReadBack
    from solvers.modes import Mode

__all__ = ["NAME", "check_layout", "draw_layout", "is_drawn", "write_layout"]

NAME = "chip"
DIAMETER_TOLERANCE = 1e-4


def check_layout(design: Design) -> None:
    """Raise when the doses or sizes of the design's [layout] cannot be written.

    Only the plan is made: nothing is drawn and gdsfactory is not loaded.

    Raises:
        DesignError: with the key "layout".
    """
    if not is_drawn(design):
        return
    from cavities import ParabolicMicrodisk
    from layouts.dose_plan import plan_dose_array
    from layouts.lattice_plan import plan_lattice
    from layouts.planar_parts import is_planar
    from layouts.planar_plan import check_step, plan_planar

    cavity, settings = design.cavity, design.layout
    if is_periodic(cavity):
        try:
            plan_lattice(cavity, lattice=settings.lattice, settings=settings.chip)
        except (ValueError, TypeError) as error:
            raise first_error(error, key="layout.lattice") from None
    if is_planar(cavity):
        try:
            check_step(cavity, settings.planar)
            plan_planar(array=settings.array, settings=settings.chip, planar=settings.planar)
        except (ValueError, TypeError) as error:
            raise first_error(error, key="layout") from None
    if isinstance(cavity, ParabolicMicrodisk) and cavity.exposure is not None:
        origin = (settings.chip.cross_distance,) * 2
        try:
            plan_dose_array(cavity.exposure, settings.array, origin=origin, grid=settings.chip.grid)
        except (ValueError, TypeError) as error:
            raise first_error(error, key="layout.array") from None


def is_drawn(design: Design) -> bool:
    """Return whether `layouts` draws this kind of cavity."""
    from cavities import Microdisk, ParabolicMicrodisk
    from layouts.planar_parts import is_planar

    known = isinstance(design.cavity, ParabolicMicrodisk | Microdisk)
    return is_planar(design.cavity) or is_periodic(design.cavity) or known


def draw_layout(design: Design, result: ThresholdResult | None = None) -> Layout | None:
    """Return the mask with the predicted numbers of the solved cavity; None if it is not drawn.

    The disks of the design's own diameter and dose get wavelength, Q and threshold of the mode
    that lases first; the other rows stay empty, for their modes were not solved. On a planar
    chip every mesa and the bare stack get those of the unbounded stack, which is what was
    solved; the manifest's hard_wall_shift_nm tells how far a mesa may be from it. On a chip of a
    periodic cavity the devices of its own period get those of the endless lattice.

    Raises:
        DesignError: the mask breaks a rule of the layout.
    """
    if not is_drawn(design):
        return None
    check_layout(design)
    from layouts import layout
    from layouts.lattice_chip import LatticeLayout
    from layouts.planar_chip import PlanarLayout
    from layouts.planar_parts import is_planar

    settings = design.layout
    how: dict[str, Any] = {"array": settings.array}
    if is_planar(design.cavity):
        how["planar"] = settings.planar
    if is_periodic(design.cavity):
        how = {"lattice": settings.lattice}
    try:
        chip = layout(design.cavity, settings=settings.chip, **how)
    except (ValueError, TypeError) as error:
        raise first_error(error, key="layout") from None
    index = None if result is None else result.lasing_index
    if result is None or index is None:
        return chip
    row: dict[str, Any] = {
        "wavelength_um": float(result.wavelength[index]),
        "quality_factor": float(result.quality_factor[index]),
    }
    if result.fluence_uj_per_cm2 is not None:
        row["threshold_uj_per_cm2"] = float(result.fluence_uj_per_cm2[index])
    if isinstance(chip, LatticeLayout):
        from studies.periodic_variants import period

        own = period(design.cavity)
        rows = [d.name for d in chip.devices if abs(d.wanted.lattice.period - own) < 1e-6 * own]
        return chip.with_results(dict.fromkeys(rows, row))
    if isinstance(chip, PlanarLayout):
        stacks = [area.name for area in chip.areas if area.kind == "bare_stack"]
        return chip.with_results(
            dict.fromkeys([*(device.name for device in chip.devices), *stacks], row)
        )
    diameter = float(design.cavity.diameter)  # type: ignore[attr-defined]
    same = [
        device.name
        for device in chip.devices
        if abs(device.top_diameter - diameter) <= DIAMETER_TOLERANCE * diameter
    ]
    return chip.with_results(dict.fromkeys(same, row))


def write_layout(
    chip: Layout, design: Design, folder: Path, *, mode: Mode | None = None
) -> dict[str, ReadBack]:
    """Write the masks, the manifest and the preview; return what the masks hold, by file name.

    A planar cavity comes with its process sheet, the order of its masks and, with a spacer,
    the spacer table; see `studies.planar_sheets`.

    Args:
        chip: the mask.
        design: what it was drawn from.
        folder: where the files go; it is made.
        mode: the mode whose tolerances belong in the process sheet of a planar cavity.
    """
    from layouts.planar_chip import PlanarLayout

    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for suffix in design.layout.formats:
        name = f"{NAME}.{suffix}"
        files[name] = chip.write(folder / name)
    chip.write_manifest(folder / "manifest.csv")
    chip.preview(folder / f"{NAME}.png")
    if isinstance(chip, PlanarLayout):
        write_sheets(chip, design, folder, mode=mode)
    return files
