"""A run of a design without a cavity: report sections, pictures, result.json, report.html."""

from __future__ import annotations

import logging
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from studies.files import check_writable, write_text
from studies.gain_design import GainDesign
from studies.report_section import ReportSection
from studies.result_json import result_text
from studies.run_clock import RunClock
from studies.versions import versions
from studies.warning_log import collected_warnings

__all__ = ["GainRunResult", "run_gain"]

Progress = Callable[[str], None]
logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, eq=False)
class GainRunResult:
    """Everything a run of a design without a cavity produced.

    Attributes:
        design: what was asked.
        sections: what was computed, with the numbers of each.
        provenance: versions, wall time, warnings.
        folder: where the files are, None when nothing was written.
    """

    design: GainDesign
    sections: tuple[ReportSection, ...]
    provenance: dict[str, Any] = field(default_factory=dict)
    folder: Path | None = None

    def section(self, anchor: str) -> ReportSection:
        """Return a section by its anchor.

        Raises:
            KeyError: there is none.
        """
        for one in self.sections:
            if one.anchor == anchor:
                return one
        raise KeyError(anchor)


def run_gain(
    design: GainDesign, out: str | Path | None = None, *, progress: Progress | None = None
) -> GainRunResult:
    """Return what the design's experiments give; with `out`, write report and numbers.

    Args:
        design: see `load_gain_design`.
        out: folder for result.json, report.html and pictures.
        progress: called with one line when a stage starts.

    Raises:
        DesignError: the design cannot be computed, or `out` cannot be written.
    """
    say = progress or logger.info
    clock = RunClock()
    folder = None if out is None else Path(out)
    if folder is not None:
        check_writable(folder)
    with collected_warnings() as messages:
        sections = []
        with clock.stage("studies"):
            for section in _sections(design, say):
                sections.append(section)
        pictures: dict[str, Path] = {}
        if folder is not None and design.output.pictures:
            from studies.pictures import write_sections

            say("pictures")
            with clock.stage("pictures"):
                pictures = write_sections(sections, folder / "pictures")
    provenance = {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": versions(),
        "wall_time_s": clock.total(),
        "stages_s": clock.seconds,
        "machine": f"{platform.system()} {platform.machine()}",
        "warnings": messages,
    }
    outcome = GainRunResult(
        design=design, sections=tuple(sections), provenance=provenance, folder=folder
    )
    if folder is not None:
        text = result_text(
            design=design.content(),
            modes=(),
            threshold=None,
            layout=None,
            provenance=provenance,
            extra={section.anchor: section.numbers for section in sections},
        )
        write_text(folder / "result.json", text)
        from studies.gain_report import gain_report_html

        say("report")
        write_text(folder / "report.html", gain_report_html(outcome, pictures))
    return outcome


def _sections(design: GainDesign, say: Progress) -> Iterator[ReportSection]:
    """Yield the sections that the design's tables ask for."""
    if design.cuvette is not None:
        from studies.cuvette_section import cuvette_sections

        say("cuvette")
        yield from cuvette_sections(design)
    if design.ase is not None:
        from studies.ase_section import ase_section

        say("amplified spontaneous emission")
        yield ase_section(design)
    if design.transient_absorption is not None:
        from studies.transient_section import transient_section

        say("transient absorption")
        yield transient_section(design)
    if design.device:
        from studies.device_section import device_sections

        say("devices")
        yield from device_sections(design)
    yield from _paper(design)


def _paper(design: GainDesign) -> Iterator[ReportSection]:
    from studies.paper_section import paper_section

    if design.output.paper == "cw_ase_cuvette":
        from gain.cuvette_paper import cuvette_verdicts
        from studies.cuvette_section import cuvette_of

        cuvette = None if design.cuvette is None else cuvette_of(design)
        yield paper_section(
            cuvette_verdicts(cuvette),
            title="The paper, line by line (Das et al., Opt. Mater. Express, 2023)",
        )
    elif design.output.paper == "quantum_shell_devices":
        from gain.quantum_shell_paper import quantum_shell_verdicts
        from gain.two_photon_paper import two_photon_verdicts

        yield paper_section(
            (*quantum_shell_verdicts(design.gain), *two_photon_verdicts()),
            title="The paper, line by line (doi:10.1039/D4NR04653F)",
        )
