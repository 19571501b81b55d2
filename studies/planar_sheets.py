"""The sheets that come with the mask of a planar cavity: deposition, order of masks, spacers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from studies.design import Design

if TYPE_CHECKING:
    from gain.lasing_threshold import ThresholdResult
    from layouts.deposition_sheet import ProcessSheet
    from layouts.planar_chip import PlanarLayout
    from solvers.modes import Mode, ModeSet

__all__ = ["design_sheet", "leading_mode", "write_sheets"]


def leading_mode(modes: ModeSet, result: ThresholdResult | None) -> Mode | None:
    """Return the mode that lases first, else the one of the highest Q; None without modes."""
    index = None if result is None else result.lasing_index
    if index is not None:
        return modes[index]
    return max(modes, key=lambda mode: mode.quality_factor, default=None)


def design_sheet(design: Design, mode: Mode | None = None) -> ProcessSheet:
    """Return the process sheet of a design with a planar cavity.

    With a mode, the sheet holds the derivative of its wavelength by every thickness, and the
    error of each layer alone that moves it by half a linewidth, lambda/(2 Q).

    Args:
        design: its cavity has a method `stack()`.
        mode: a mode that was solved for it.

    Raises:
        ValueError: the stack has no layers.
    """
    from layouts.deposition_sheet import process_sheet
    from layouts.planar_parts import reference_wavelength

    low, high = design.solver.wavelength
    wavelength = reference_wavelength(design.cavity) or (low + high) / 2
    if mode is None:
        return process_sheet(design.cavity, wavelength=wavelength)
    from solvers.multilayer import planar_derivative

    derivative = planar_derivative(design.cavity, mode)
    return process_sheet(
        design.cavity,
        wavelength=wavelength,
        shift_nm_per_nm=derivative.wavelength_by_thickness,
        allowed_shift_nm=1e3 * mode.wavelength / mode.quality_factor / 2,
    )


def write_sheets(
    chip: PlanarLayout, design: Design, folder: Path, *, mode: Mode | None = None
) -> tuple[Path, ...]:
    """Write process_sheet.csv and .html, mask_steps.csv, and spacer_table.csv with a spacer.

    The spacer table is made for the wavelength of `mode`, else the mirrors' design wavelength.

    Returns:
        The files.
    """
    from layouts.manifest import write_manifest
    from layouts.planar_parts import reference_wavelength, sections
    from layouts.spacer_table import spacer_thicknesses

    sheet = design_sheet(design, mode)
    written = [
        sheet.write(folder / "process_sheet.csv"),
        sheet.write(folder / "process_sheet.html"),
        chip.write_mask_steps(folder / "mask_steps.csv"),
    ]
    names = [layer.name for layer in sections(design.cavity)[1]]
    wavelength = reference_wavelength(design.cavity) if mode is None else mode.wavelength
    if names.count("spacer") == 1 and wavelength is not None:
        table = spacer_thicknesses(design.cavity, wavelength=wavelength)
        written.append(write_manifest(table, folder / "spacer_table.csv"))
    return tuple(written)
