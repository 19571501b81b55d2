"""Chips of periodic cavities: a table of lattice devices, marks, lettering, manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from cavities.spec import Spec
from layouts.chip_layout import Layout, content_hash
from layouts.lattice_device import LatticeDevice
from layouts.lattice_manifest import lattice_manifest
from layouts.lattice_plan import LatticePlan, plan_lattice
from layouts.lattice_settings import LatticeSettings
from layouts.manifest import Results, check_results
from layouts.rules import RuleReport
from layouts.settings import ChipSettings

if TYPE_CHECKING:
    import gdsfactory as gf
    import pandas as pd

    from layouts.lattice_verification import LatticeReadBack

__all__ = ["LatticeLayout", "lattice_layout"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class LatticeLayout(Layout):
    """A chip of lattice devices: holes or pillars as arrayed references, and their table.

    Attributes:
        plan: devices and lettering.
        lattice: periods, sizes, biases, doses, write fields.

    The others are those of `Layout`.
    """

    plan: LatticePlan  # type: ignore[assignment]
    lattice: LatticeSettings

    circles: ClassVar[tuple[tuple[str, str], ...]] = ()

    def __repr__(self) -> str:
        kind = type(self.cavity).__name__
        count = sum(device.shape_count for device in self.devices)
        return (
            f"<Layout of {len(self.devices)} lattices, {count:.3g} {self.devices[0].drawn.kind}s, "
            f"for {kind}, #{self.content_hash[:8]}>"
        )

    @property
    def devices(self) -> tuple[LatticeDevice, ...]:  # type: ignore[override]
        """The devices, by row and column."""
        return self.plan.devices

    @property
    def manifest(self) -> pd.DataFrame:
        """Table of devices, one row each; columns: `layouts.lattice_manifest.LATTICE_COLUMNS`."""
        return lattice_manifest(self.devices, self.results)

    def check(self) -> RuleReport:
        """Return the outcome of the polygon rules: gaps and widths of the pattern, areas, marks."""
        from layouts.lattice_rules import check_lattice_drawing

        return check_lattice_drawing(self.component, self.devices, self.settings, self.lattice)

    def write(self, path: str | Path, *, metadata: bool = True) -> LatticeReadBack:  # type: ignore[override]
        """Write the chip as GDS or OASIS, and read it back before it gets its name.

        The file appears complete and checked or not at all; the same chip gives the same
        bytes. Nothing is flattened at any stage.

        Args:
            path: ends in ".gds" or ".oas".
            metadata: whether every cell carries its settings and `info`.

        Returns:
            What the file holds.

        Raises:
            ValueError: a broken rule, a wrong ending, or a file that differs from the chip.
            OSError: the folder cannot be written.
        """
        from layouts.files import replace_when_complete
        from layouts.lattice_verification import read_back_lattice
        from layouts.layout_file import SUFFIXES, to_klayout, write_layout_file

        self.check().require()
        with replace_when_complete(path, suffixes=SUFFIXES) as temporary:
            written = to_klayout(self.component, metadata=metadata)
            write_layout_file(written, temporary, metadata=metadata)
            return read_back_lattice(
                temporary,
                reference=self.component.kdb_cell,
                devices=self.devices,
                chord_error=self.lattice.chord_error,
                claim=path,
            )

    def preview(self, path: str | Path) -> Path:
        """Write a picture of the chip, with close-ups of the lattice, as PNG.

        Raises:
            ValueError: the path does not end in ".png".
            OSError: the folder cannot be written.
        """
        from layouts.lattice_preview import write_lattice_preview

        return write_lattice_preview(self, path)


def lattice_layout(
    cavity: Spec,
    *,
    lattice: LatticeSettings | None = None,
    settings: ChipSettings | None = None,
    results: Results | None = None,
) -> LatticeLayout:
    """Return a chip for a periodic cavity; what `layout` calls.

    Args:
        cavity: a `PhotonicCrystalSlab`, a `NanopillarArray` or a `PeriodicStack`.
        lattice: periods, sizes, biases, doses, write fields.
        settings: how the chip is drawn.
        results: numbers for the manifest, by device name and column.

    Raises:
        TypeError: the cavity is not periodic.
        ValueError: shapes that vanish or do not fit the grid, a lattice without a vector along
            x, settings that do not fit.

    Example:
        >>> from cavities import nanopillar_quantum_shells
        >>> chip = lattice_layout(nanopillar_quantum_shells(0.335))
        >>> len(chip.devices), chip.check().passed
        (18, True)
    """
    settings, lattice = settings or ChipSettings(), lattice or LatticeSettings()
    plan = plan_lattice(cavity, lattice=lattice, settings=settings)
    if results is not None:
        check_results(plan.devices, results)
    digest = content_hash(cavity, (), settings, lattice)
    frozen: Mapping[str, Mapping[str, float]] | None = None
    if results is not None:
        frozen = MappingProxyType({k: MappingProxyType(dict(v)) for k, v in results.items()})
    return LatticeLayout(
        cavity=cavity,
        plan=plan,
        settings=settings,
        lattice=lattice,
        component=_draw(plan, settings, title=_title(cavity, settings, plan, digest)),
        content_hash=digest,
        results=frozen,
    )


def _draw(plan: LatticePlan, settings: ChipSettings, *, title: str) -> gf.Component:
    """Return the chip: devices, lettering, names, marks and title."""
    from layouts.chip import chip, device_names, lettering
    from layouts.chip_drawing import require_grid
    from layouts.lattice_cells import lattice_chip_contents

    require_grid(settings.grid)
    contents = [lattice_chip_contents(plan.devices, grid=settings.grid)]
    if settings.device_labels is not False:
        contents.append(lettering(texts=plan.texts, grid=settings.grid))
    names = tuple((device.name, *device.centre) for device in plan.devices)
    contents.append(device_names(names=names))
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


def _title(cavity: Spec, settings: ChipSettings, plan: LatticePlan, digest: str) -> str:
    periods = [1e3 * device.wanted.lattice.period for device in plan.devices]
    first = f"{settings.title or type(cavity).__name__} #{digest[:8]}"
    kind = plan.devices[0].wanted.lattice.symmetry
    return f"{first}\n{kind} {min(periods):.4g} to {max(periods):.4g} nm"
