"""`layout(cavity)`: from a cavity to a chip, its manifest, its files and its picture."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from cavities.spec import Spec
from layouts.circle import circle_vertices
from layouts.device import CIRCLES, Device
from layouts.dose_plan import DoseArray, Plan, plan_devices, plan_dose_array, plan_size_array
from layouts.lattice_pattern import is_periodic
from layouts.manifest import Results, check_results, manifest, write_manifest
from layouts.planar_parts import is_planar
from layouts.rules import RuleReport, check_drawing, check_spacing
from layouts.settings import ChipSettings

if TYPE_CHECKING:
    import gdsfactory as gf
    import pandas as pd

    from cavities.lithography import Exposure
    from layouts.lattice_settings import LatticeSettings
    from layouts.planar_settings import PlanarSettings
    from layouts.verification import ReadBack, Rectangle

__all__ = ["Layout", "content_hash", "layout"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Layout:
    """A chip: the drawing and the list of what is on it.

    Of microdisks, each is one exposure at one spot, so what the writer consumes is the
    manifest; the drawing shows the rim and the base that the exposures will leave. Of a planar
    cavity (`PlanarLayout`) the drawing is the mask.

    Attributes:
        cavity: the cavity that it was made from.
        plan: devices and their grouping into arrays.
        settings: how it is drawn.
        component: the chip (gdsfactory).
        content_hash: hexadecimal digest of cavity, devices and settings; its first eight
            digits are in the title on the chip.
        results: numbers added to the manifest, by device name and column.
    """

    cavity: Spec
    plan: Plan
    settings: ChipSettings
    component: gf.Component
    content_hash: str
    results: Mapping[str, Mapping[str, float]] | None = None

    circles: ClassVar[tuple[tuple[str, str], ...]] = CIRCLES
    """The circles of each device: layer, and the field that holds the diameter."""

    def __repr__(self) -> str:
        kind = type(self.cavity).__name__
        return f"<Layout of {len(self.devices)} disks for {kind}, #{self.content_hash[:8]}>"

    @property
    def devices(self) -> tuple[Device, ...]:
        """The disks, by row and column."""
        return self.plan.devices

    @property
    def crosses(self) -> tuple[tuple[float, float], ...]:
        """Centres x, y (um) of the alignment crosses: lower left, lower right, upper two.

        The lower left one of a table of disks is at (0, 0).
        """
        left, bottom, right, top = self.plan.frame(self.settings.cross_distance)
        return (left, bottom), (right, bottom), (left, top), (right, top)

    @property
    def rectangles(self) -> Mapping[str, tuple[Rectangle, ...]]:
        """Test areas: left, bottom, right, top (um) by layer; a chip of disks has none."""
        return {}

    @property
    def manifest(self) -> pd.DataFrame:
        """Table of devices, one row each; the columns are those of `layouts.manifest.COLUMNS`."""
        return manifest(self.devices, self.results)

    def with_results(self, results: Results) -> Layout:
        """Return the same chip with computed numbers in its manifest.

        Args:
            results: by device name, then by column (wavelength_um, quality_factor,
                threshold_uj_per_cm2).

        Raises:
            ValueError: an unknown device or column.
        """
        check_results(self.devices, results)
        frozen = {name: MappingProxyType(dict(row)) for name, row in results.items()}
        return replace(self, results=MappingProxyType(frozen))

    def check(self) -> RuleReport:
        """Return the outcome of the polygon rules: gaps, strokes, overlaps, floorplan."""
        return check_drawing(self.component, self.settings, device_count=len(self.devices))

    def write(self, path: str | Path, *, metadata: bool = True) -> ReadBack:
        """Write the chip as GDS or OASIS, and read it back before it gets its name.

        The file appears complete and checked or not at all; the same chip gives the same
        bytes.

        Args:
            path: ends in ".gds" or ".oas".
            metadata: whether every cell carries its settings and `info` (dose, diameters).

        Returns:
            What the file holds.

        Raises:
            ValueError: a broken rule, a wrong ending, or a file that differs from the chip.
            OSError: the folder cannot be written.
        """
        from layouts.files import replace_when_complete
        from layouts.layout_file import SUFFIXES, to_klayout, write_layout_file
        from layouts.verification import read_back

        self.check().require()
        with replace_when_complete(path, suffixes=SUFFIXES) as temporary:
            written = to_klayout(self.component, metadata=metadata)
            write_layout_file(written, temporary, metadata=metadata)
            return read_back(
                temporary,
                reference=self.component.kdb_cell,
                devices=self.devices,
                circles=self.circles,
                rectangles=self.rectangles,
                chord_error=self.settings.chord_error,
                grid=self.settings.grid,
                claim=path,
            )

    def write_manifest(self, path: str | Path) -> Path:
        """Write the manifest as CSV; the file appears complete or not at all.

        Raises:
            ValueError: the path does not end in ".csv".
            OSError: the folder cannot be written.
        """
        return write_manifest(self.manifest, path)

    def preview(self, path: str | Path) -> Path:
        """Write a picture of the chip as PNG; the file appears complete or not at all.

        Raises:
            ValueError: the path does not end in ".png".
            OSError: the folder cannot be written.
        """
        from layouts.preview import write_preview

        return write_preview(self, path)


def layout(
    cavity: Spec,
    *,
    array: DoseArray | None = None,
    devices: Iterable[Device] | None = None,
    settings: ChipSettings | None = None,
    planar: PlanarSettings | None = None,
    lattice: LatticeSettings | None = None,
    results: Results | None = None,
) -> Layout:
    """Return a chip for a cavity.

    With an exposure (`ParabolicMicrodisk.from_exposure`) the default chip is a dose array: a
    row for each nominal diameter from 10 to 30 um that the beam reaches, columns for doses
    around the nominal one, two disks each. Without (a `Microdisk`, a measured shape) it is a
    row of ten for each of five sizes around the cavity's own. A planar cavity
    (`PlanarMicrocavity`, `TwoMirrorCavity`) gets a `PlanarLayout`: a row of ten mesas or trap
    disks for each diameter from 2 to 100 um, test areas and a dicing street. A periodic cavity
    (`PhotonicCrystalSlab`, `NanopillarArray`, `PeriodicStack`) gets a `LatticeLayout`: a row of
    square devices of several sizes for each period, all of it arrayed references.

    Args:
        cavity: a `ParabolicMicrodisk`, a `Microdisk`, a planar or a periodic cavity.
        array: the table of diameters and doses.
        devices: disks at free positions instead of a table.
        settings: how the chip is drawn.
        planar: mesas or traps, test areas and dicing street of a planar cavity.
        lattice: periods, sizes, biases, doses and write fields of a periodic cavity.
        results: numbers for the manifest, by device name and column.

    Raises:
        TypeError: a cavity that is neither a disk nor planar nor periodic.
        ValueError: a diameter that cannot be written, disks too close to each other, devices
            at odds with the cavity's exposure, both `array` and `devices`, settings for another
            kind of cavity.

    Example:
        >>> from cavities import Exposure, ParabolicMicrodisk
        >>> chip = layout(ParabolicMicrodisk.from_exposure(Exposure()))
        >>> len(chip.devices), chip.check().passed
        (50, True)
    """
    settings = settings or ChipSettings()
    if is_periodic(cavity):
        from layouts.lattice_chip import lattice_layout

        _refuse(cavity, "a disk or planar cavity", array=array, devices=devices, planar=planar)
        return lattice_layout(cavity, lattice=lattice, settings=settings, results=results)
    _refuse(cavity, "a periodic cavity", lattice=lattice)
    if is_planar(cavity):
        from layouts.planar_chip import planar_layout

        return planar_layout(
            cavity,
            array=array,
            devices=devices,
            settings=settings,
            planar=planar,
            results=results,
        )
    exposure, top, base = _disk(cavity)
    _refuse(cavity, "a planar cavity", planar=planar)
    if devices is not None and array is not None:
        raise ValueError(
            "array and devices: give one or the other, got both; leave out `array` for free "
            "positions"
        )
    origin = (settings.cross_distance, settings.cross_distance)
    if devices is not None:
        plan = plan_devices(devices, grid=settings.grid)
        _check_shapes(plan.devices, exposure)
    elif exposure is not None:
        plan = plan_dose_array(exposure, array or DoseArray(), origin=origin, grid=settings.grid)
    else:
        plan = plan_size_array(
            top_diameter=top,
            base_diameter=base,
            array=array or DoseArray(),
            origin=origin,
            grid=settings.grid,
        )
    for diameter in {
        d for device in plan.devices for d in (device.top_diameter, device.base_diameter)
    }:
        circle_vertices(diameter / 2, chord_error=settings.chord_error, grid=settings.grid)
    check_spacing(
        plan.devices,
        min_gap=settings.min_gap,
        exposure=exposure,
        max_proximity=settings.max_proximity,
    )
    if results is not None:
        check_results(plan.devices, results)
    digest = content_hash(cavity, plan.devices, settings)
    from layouts.chip_drawing import draw_chip

    chip = Layout(
        cavity=cavity,
        plan=plan,
        settings=settings,
        component=draw_chip(plan, settings, title=_title(cavity, exposure, settings, digest)),
        content_hash=digest,
    )
    return chip if results is None else chip.with_results(results)


def _refuse(cavity: Spec, kind: str, **settings: object) -> None:
    """Raise for settings that are for another kind of cavity."""
    for name, value in settings.items():
        if value is not None:
            raise ValueError(
                f"{name}: must be left out for a {type(cavity).__name__}, got settings for it; "
                f"they are for {kind}"
            )


def _disk(cavity: Spec) -> tuple[Exposure | None, float, float]:
    """Return the exposure, if there is one, and the diameters of rim and foot (um)."""
    from cavities.microdisk import Microdisk
    from cavities.parabolic_microdisk import ParabolicMicrodisk

    if isinstance(cavity, ParabolicMicrodisk):
        return cavity.exposure, 2 * cavity.top_radius, 2 * cavity.base_radius
    if isinstance(cavity, Microdisk):
        foot = cavity.base_radius if cavity.pedestal_radius is None else cavity.pedestal_radius
        return None, 2 * cavity.radius, 2 * foot
    raise TypeError(
        "cavity: must be a ParabolicMicrodisk or a Microdisk (or planar: a PlanarMicrocavity, a "
        "TwoMirrorCavity; or periodic: a PhotonicCrystalSlab, a NanopillarArray), got "
        f"{type(cavity).__name__}; layouts of other cavities are not drawn"
    )


def _check_shapes(devices: tuple[Device, ...], exposure: Exposure | None) -> None:
    """Check that devices with a dose have the shape that the cavity's process gives them."""
    if exposure is None:
        return
    from cavities.resist_profile import resist_profile

    predicted: dict[tuple[float, float], tuple[float, float]] = {}
    for device in devices:
        if device.exposure_time_ms is None or device.power_uw is None:
            raise ValueError(
                "devices: must carry exposure_time_ms and power_uw for a cavity with an "
                f"exposure, got none for {device.name}; use Device.from_exposure"
            )
        dose = (device.exposure_time_ms, device.power_uw)
        if dose not in predicted:
            profile = resist_profile(exposure.changed(time_ms=dose[0], power_uw=dose[1]))
            predicted[dose] = (2 * profile.top_radius, 2 * profile.base_radius)
        given = (device.top_diameter, device.base_diameter)
        if any(abs(a - b) > 1e-6 * a for a, b in zip(predicted[dose], given, strict=True)):
            raise ValueError(
                "devices: diameters must be those of the cavity's exposure, "
                f"{predicted[dose][0]:.6g} and {predicted[dose][1]:.6g} um, got {given[0]:.6g} "
                f"and {given[1]:.6g} um for {device.name}; use Device.from_exposure"
            )


def content_hash(
    cavity: Spec, devices: Iterable[Device], settings: ChipSettings, *others: Spec
) -> str:
    """Return the digest of a cavity, the devices of its chip and how they are drawn."""
    payload = [
        cavity.content_hash(),
        [device.model_dump(mode="json") for device in devices],
        settings.model_dump(mode="json"),
        *(other.model_dump(mode="json") for other in others),
    ]
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _title(cavity: Spec, exposure: Exposure | None, settings: ChipSettings, digest: str) -> str:
    first = f"{settings.title or type(cavity).__name__} #{digest[:8]}"
    if exposure is None:
        return first
    return (
        f"{first}\n{exposure.power_uw:g}uW w0={exposure.beam_waist:g}um "
        f"absorber={exposure.absorber_mg_per_ml:g}mg/mL film={exposure.film_thickness:g}um"
    )
