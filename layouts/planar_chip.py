"""Chips of planar cavities: mesas or trap disks in a table, test areas, marks, dicing street."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from numpy.typing import ArrayLike

from cavities.spec import Spec
from layouts.chip_layout import Layout, content_hash
from layouts.deposition_sheet import ProcessSheet, process_sheet
from layouts.device import Device
from layouts.dose_plan import DoseArray
from layouts.manifest import Results, check_results, write_manifest
from layouts.planar_manifest import mask_steps, planar_manifest
from layouts.planar_parts import sections
from layouts.planar_plan import PlanarPlan, ReferenceArea, check_step, plan_planar
from layouts.planar_settings import PlanarSettings
from layouts.rules import RuleReport, check_drawing
from layouts.settings import ChipSettings

if TYPE_CHECKING:
    import gdsfactory as gf
    import pandas as pd

    from layouts.verification import Rectangle

__all__ = ["PlanarLayout", "planar_layout"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class PlanarLayout(Layout):
    """A chip of a planar cavity: the mask, the tables and the process sheet that belong to it.

    Attributes:
        plan: mesas and test areas.
        planar: structure, test areas, dicing street.

    The others are those of `Layout`.
    """

    plan: PlanarPlan
    planar: PlanarSettings

    circles: ClassVar[tuple[tuple[str, str], ...]] = (("mesa", "top_diameter"),)

    def __repr__(self) -> str:
        kind = type(self.cavity).__name__
        return (
            f"<Layout of {len(self.devices)} {self.planar.structure}s and {len(self.areas)} test "
            f"areas for {kind}, #{self.content_hash[:8]}>"
        )

    @property
    def areas(self) -> tuple[ReferenceArea, ...]:
        """The test areas, from top to bottom."""
        return self.plan.areas

    @property
    def rectangles(self) -> Mapping[str, tuple[Rectangle, ...]]:
        """Test areas: left, bottom, right, top (um) by layer."""
        return self.plan.rectangles

    @property
    def manifest(self) -> pd.DataFrame:
        """Table of mesas and test areas, one row each.

        The columns are those of `layouts.planar_manifest.PLANAR_COLUMNS`, and the results.
        """
        return planar_manifest(self.cavity, self.plan, self.planar, self.results)

    @property
    def mask_steps(self) -> pd.DataFrame:
        """Which layer of the mask is used when, and how deep it goes."""
        used = ("mesa", *self.rectangles, "label", "marks")
        return mask_steps(self.cavity, self.planar, used)

    def process_sheet(
        self,
        *,
        wavelength: float | None = None,
        shift_nm_per_nm: ArrayLike | None = None,
        allowed_shift_nm: float | None = None,
    ) -> ProcessSheet:
        """Return the deposition table of the cavity; see `layouts.process_sheet()`."""
        return process_sheet(
            self.cavity,
            wavelength=wavelength,
            shift_nm_per_nm=shift_nm_per_nm,
            allowed_shift_nm=allowed_shift_nm,
        )

    def with_results(self, results: Results) -> PlanarLayout:
        """Return the same chip with computed numbers in its manifest.

        Args:
            results: by name of a mesa or a test area, then by column; see `Layout`.

        Raises:
            ValueError: an unknown name or column.
        """
        check_results([*self.devices, *self.areas], results)
        frozen = {name: MappingProxyType(dict(row)) for name, row in results.items()}
        return replace(self, results=MappingProxyType(frozen))

    def check(self) -> RuleReport:
        """Return the outcome of the polygon rules: gaps, strokes, overlaps, dicing street."""
        return check_drawing(
            self.component,
            self.settings,
            device_count=len(self.devices),
            disk_layers=("mesa",),
            area_layers=tuple(self.rectangles),
        )

    def write_mask_steps(self, path: str | Path) -> Path:
        """Write `mask_steps` as CSV; the file appears complete or not at all.

        Raises:
            ValueError: the path does not end in ".csv".
            OSError: the folder cannot be written.
        """
        return write_manifest(self.mask_steps, path)


def planar_layout(
    cavity: Spec,
    *,
    array: DoseArray | None = None,
    devices: Iterable[Device] | None = None,
    settings: ChipSettings | None = None,
    planar: PlanarSettings | None = None,
    results: Results | None = None,
) -> PlanarLayout:
    """Return a chip for a planar cavity; what `layout` calls.

    Args:
        cavity: a `PlanarMicrocavity` or a `TwoMirrorCavity`.
        array: table of diameters, repeats and pitch; doses do not apply.
        devices: mesas at free positions instead of a table.
        settings: how the chip is drawn.
        planar: mesas or traps, test areas, dicing street.
        results: numbers for the manifest, by name and column.

    Raises:
        ValueError: mesas too close or too small, a trap deeper than its layers, settings that
            do not fit the grid.

    Example:
        >>> from cavities import TwoMirrorCavity
        >>> chip = planar_layout(TwoMirrorCavity(spacer_thickness=5.0))
        >>> len(chip.devices), len(chip.areas), chip.check().passed
        (100, 5, True)
    """
    settings, planar = settings or ChipSettings(), planar or PlanarSettings()
    check_step(cavity, planar)
    plan = plan_planar(array=array, devices=devices, settings=settings, planar=planar)
    if results is not None:
        check_results([*plan.devices, *plan.areas], results)
    digest = content_hash(cavity, plan.devices, settings, planar)
    chip = PlanarLayout(
        cavity=cavity,
        plan=plan,
        settings=settings,
        component=_draw(plan, settings, planar, title=_title(cavity, settings, planar, digest)),
        content_hash=digest,
        planar=planar,
    )
    return chip if results is None else chip.with_results(results)


def _draw(
    plan: PlanarPlan, settings: ChipSettings, planar: PlanarSettings, *, title: str
) -> gf.Component:
    """Return the chip: mesas, test areas, lettering, names, marks, title, street."""
    from layouts.chip import Lettering, lettering
    from layouts.chip_drawing import framed_chip, require_grid
    from layouts.plan_lettering import GAP, plan_lettering
    from layouts.planar_cells import mesa_array, planar_chip, reference_squares

    require_grid(settings.grid)
    blocks = tuple(
        (b.device.x, b.device.y, round(b.device.top_diameter, 6), b.columns, b.rows)
        for b in plan.blocks
    )
    contents = [
        mesa_array(
            blocks=blocks,
            pitch=plan.pitch,
            chord_error=settings.chord_error,
            grid=settings.grid,
        )
    ]
    texts: list[Lettering] = list(plan_lettering(plan, settings))
    for area in plan.areas:
        height = area.text_height
        texts.append((area.text, area.x, area.box[1] - 2 * GAP - height, height, 0))
    if texts:
        contents.append(lettering(texts=tuple(texts), grid=settings.grid))
    if plan.areas:
        squares = tuple((area.name, area.layers, *area.box) for area in plan.areas)
        contents.append(reference_squares(areas=squares))
    inner = framed_chip(plan, settings, contents, title=title)
    return planar_chip(inner=inner, dicing_width=planar.dicing_width, grid=settings.grid)


def _title(cavity: Spec, settings: ChipSettings, planar: PlanarSettings, digest: str) -> str:
    parts = sections(cavity)
    counts = "+".join(str(len(part)) for part in parts)
    total = 1e3 * sum(layer.thickness for part in parts for layer in part)
    first = f"{settings.title or type(cavity).__name__} #{digest[:8]}"
    return f"{first}\n{planar.structure}s, {counts} layers, {total:.1f} nm"
