"""report.html of a design without a cavity: its sections, the medium, the provenance."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studies.number_text import quantity
from studies.report_page import inline_images, render
from studies.report_tables import parameter_rows
from studies.result_json import plain

if TYPE_CHECKING:
    from studies.gain_run import GainRunResult

__all__ = ["gain_report_html"]

KINDS = {
    "cuvette": "cuvette",
    "ase": "amplified spontaneous emission",
    "transient_absorption": "transient absorption",
    "device": "assumed cavities",
}


def gain_report_html(outcome: GainRunResult, pictures: Mapping[str, Path]) -> str:
    """Return the page of a run.

    Args:
        outcome: the run.
        pictures: picture files by name; they are inlined.
    """
    design, provenance = outcome.design, outcome.provenance
    kind = next(text for name, text in KINDS.items() if getattr(design, name))
    sections = [(s.anchor, s.short or s.title) for s in outcome.sections]
    return render(
        "gain_report.html",
        title=design.name,
        kicker=f"Lasewright design report · {kind}",
        description=design.description,
        reference=design.reference,
        created=str(provenance.get("created", "")).replace("T", " "),
        versions=provenance.get("versions", {"lasewright": ""}),
        sections=[*sections, ("medium", "Medium"), ("provenance", "Provenance")],
        cards=[card for section in outcome.sections for card in section.cards],
        warnings=provenance.get("warnings", []),
        extra=[
            {
                "section": section,
                "images": inline_images(
                    {
                        item.name: pictures[item.name]
                        for item in section.figures
                        if item.name in pictures
                    }
                ),
            }
            for section in outcome.sections
        ],
        medium=parameter_rows(design.gain),
        kinetics=_kinetics_rows(design.kinetics),
        sources=_sources(design),
        provenance=[
            ("made", str(provenance.get("created", "")).replace("T", " ")),
            ("wall time", quantity(provenance.get("wall_time_s"), "s", 3)),
            ("machine", str(provenance.get("machine", ""))),
        ],
        version_rows=list(provenance.get("versions", {}).items()),
        design_json=json.dumps(plain(design.content()), indent=1, ensure_ascii=False),
    )


def _kinetics_rows(kinetics: Any) -> list[tuple[str, str]]:
    """Return the decay rates and the lifetimes that follow."""
    rows = parameter_rows(kinetics)
    if kinetics.auger_lifetime_ns is None:
        rows.append(("auger lifetime", "no Auger recombination"))
    rows.append(("exciton lifetime", quantity(kinetics.exciton_lifetime_ns, "ns")))
    if kinetics.max_excitons > 1:
        rows.append(("biexciton lifetime", quantity(kinetics.biexciton_lifetime_ns, "ns")))
    return rows


def _sources(design: Any) -> list[tuple[str, str]]:
    """Return where the numbers of the presets come from, those that the design kept."""
    from gain.kinetics_presets import kinetics_names, kinetics_provenance
    from gain.presets import preset, provenance
    from studies.gain_table import preset_names

    found: list[tuple[str, str]] = []
    if design.gain.name in preset_names():
        own = preset(design.gain.name)
        texts = provenance(design.gain.name)
        found += [
            (name.replace("_", " "), text)
            for name, text in texts.items()
            if hasattr(own, name) and getattr(own, name) == getattr(design.gain, name)
        ]
    if design.kinetics.name in kinetics_names():
        texts = kinetics_provenance(design.kinetics.name)
        found += [(name.replace("_", " "), text) for name, text in texts.items()]
    return found
