"""report.html: one page that tells a design's story and needs no other file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from studies.cavity_table import cavity_type, is_periodic, is_planar
from studies.number_text import quantity, readable
from studies.report_page import data_address, inline_images, render
from studies.report_tables import (
    material_rows,
    mode_table,
    parameter_rows,
    periodic_rows,
    quality_text,
    top_rows,
    uncertain,
)
from studies.result_json import plain

if TYPE_CHECKING:
    from studies.pipeline import RunResult

__all__ = ["report_html"]


def report_html(outcome: RunResult, pictures: Mapping[str, Path]) -> str:
    """Return the page of a run.

    Args:
        outcome: the run.
        pictures: picture files by name (`studies.pictures.write_pictures`); they are inlined.
    """
    design, modes, result = outcome.design, outcome.modes, outcome.threshold
    shown = dict(pictures)
    preview = None if outcome.folder is None else outcome.folder / "chip.png"
    if outcome.layout is not None and preview is not None and preview.exists():
        shown["chip"] = preview
    columns, rows = mode_table(modes, outcome.solved, result)
    order, top_title = _ranking(outcome)
    count = design.output.table_rows
    provenance = outcome.provenance
    return render(
        "report.html",
        title=design.name,
        kicker=f"Lasewright design report · {cavity_type(design.cavity).replace('_', ' ')}",
        description=design.description,
        reference=design.reference,
        created=str(provenance.get("created", "")).replace("T", " "),
        versions=provenance.get("versions", {"lasewright": ""}),
        sections=_sections(outcome),
        extra=_extra(outcome, pictures),
        cavity_caption=_cavity_caption(outcome),
        mask_caption=_mask_caption(outcome),
        cards=_cards(outcome),
        warnings=provenance.get("warnings", []),
        images=inline_images(shown),
        geometry=_geometry(outcome),
        exposure=_exposure(outcome),
        materials=material_rows(design.cavity, _centre(outcome)),
        centre=quantity(1e3 * _centre(outcome), "nm", 5),
        spectrum_caption=_spectrum_caption(outcome),
        q_caption=_q_caption(outcome),
        mode_sentence=_mode_sentence(outcome),
        field_images=_fields(outcome, pictures),
        top_title=top_title,
        columns=columns,
        top_rows=top_rows(rows, order, count),
        all_rows=rows if len(rows) > count else [],
        modes_csv=data_address(modes.to_dataframe().to_csv().encode(), ".csv"),
        threshold_sentence=_threshold_sentence(outcome),
        medium=[] if design.gain is None else parameter_rows(design.gain),
        pump=_pump(outcome),
        population_sentence=_population_sentence(outcome),
        population=[] if outcome.cloud is None else parameter_rows(outcome.cloud.population),
        layout_rows=_layout_rows(outcome),
        provenance=_provenance_rows(outcome),
        version_rows=list(provenance.get("versions", {}).items()),
        design_json=json.dumps(plain(design.content()), indent=1, ensure_ascii=False),
    )


def _centre(outcome: RunResult) -> float:
    """Return the middle of the solver's window (um)."""
    return sum(outcome.design.solver.wavelength) / 2


def _sections(outcome: RunResult) -> list[tuple[str, str]]:
    """Return anchor and title of the page's sections."""
    entries = [("cavity", "Cavity", True), ("modes", "Modes", True)]
    entries += [(s.anchor, s.short or s.title, True) for s in outcome.sections]
    entries.append(("threshold", "Gain and threshold", outcome.threshold is not None))
    entries.append(("population", "Population", outcome.cloud is not None))
    entries.append(("mask", "Mask", bool(outcome.layout_files)))
    entries.append(("provenance", "Provenance", True))
    return [(anchor, text) for anchor, text, there in entries if there]


def _ranking(outcome: RunResult) -> tuple[list[int], str]:
    """Return the order of the first table and its title."""
    modes, result = outcome.modes, outcome.threshold
    if result is not None and result.lases:
        order = np.argsort(result.absorbed_photons, kind="stable")
        title = "Modes with the lowest thresholds"
    else:
        order = np.argsort([-mode.quality_factor for mode in modes], kind="stable")
        title = "Modes with the highest Q"
    return [int(index) for index in order], title


def _cards(outcome: RunResult) -> list[dict[str, str]]:
    """Return the headline numbers."""
    from studies.population_stage import family_spacing

    def card(what: str, value: str, unit: str = "", note: str = "") -> dict[str, str]:
        return {"what": what, "value": value, "unit": unit, "note": note}

    modes, result, cards = outcome.modes, outcome.threshold, []
    index = None if result is None else result.lasing_index
    if result is not None and index is not None:
        mode = modes[index]
        shift = f"{result.lasing_redshift_nm:+.1f} nm from the emission peak".replace("-", "−")
        cards.append(card("Lases first at", f"{1e3 * mode.wavelength:.3f}", "nm", shift))
        photons = result.lasing_absorbed_photons
        cards.append(card("Threshold", readable(photons, 3), "photons", "absorbed per nanocrystal"))
        if result.fluence_uj_per_cm2 is not None:
            fluence = readable(result.lasing_fluence_uj_per_cm2, 3)
            cards.append(card("Pump fluence", fluence, "µJ/cm²", "incident, at the beam's peak"))
        cards.append(card("Its Q", readable(mode.quality_factor, 3), "", mode.label))
        confinement = 100 * float(result.confinement[index])
        cards.append(card("In the film", readable(confinement, 3), "%", "of the mode's energy, Γ"))
    elif result is not None:
        cards.append(card("Lases first at", "never", "", "no mode lases at any pump"))
    solved = outcome.solved
    best = max(range(len(solved)), key=lambda i: solved[i].quality_factor)
    smooth = outcome.design.losses.scattering_quality_factor is not None
    what = "Highest Q, smooth cavity" if smooth else "Highest Q"
    cards.append(card(what, quality_text(solved[best], 3), "", solved[best].label))
    spacing = family_spacing(modes, best if index is None else index)
    if spacing is not None:
        cards.append(card("Free spectral range", readable(spacing, 3), "nm", "of this family"))
    for section in outcome.sections:
        cards += [card(*item) for item in section.cards]
    cards.append(card("Modes found", str(len(modes)), "", _window_text(outcome)))
    return cards


def _extra(outcome: RunResult, pictures: Mapping[str, Path]) -> list[dict[str, Any]]:
    """Return the run's own sections with their pictures inlined."""
    found = []
    for section in outcome.sections:
        names = {item.name for item in section.figures}
        images = inline_images({k: v for k, v in pictures.items() if k in names})
        found.append({"section": section, "images": images})
    return found


def _cavity_caption(outcome: RunResult) -> str:
    if is_planar(outcome.design.cavity):
        return (
            "The layers from the substrate (left) to the superstrate (right), by material; "
            "indices at the middle of the window."
        )
    if is_periodic(outcome.design.cavity):
        return (
            "The pattern from above with the primitive cell, and a cross-section; z = 0 is the "
            "substrate's top face."
        )
    return (
        "Cross-section in the (r, z) half-plane; the axis of revolution is at r = 0, z = 0 is the "
        "top face of the substrate or reflector."
    )


def _pump(outcome: RunResult) -> list[tuple[str, str]]:
    """Return the pump as the thresholds used it, with a computed field factor."""
    result = outcome.threshold
    pump: Any = outcome.design.pump if result is None else result.pump
    return [] if pump is None else parameter_rows(pump)


def _mask_caption(outcome: RunResult) -> str:
    if is_planar(outcome.design.cavity):
        return "The chip as written and read back: mesas, test areas and marks."
    if is_periodic(outcome.design.cavity):
        return "The chip as written and read back: devices by period and size, with close-ups."
    return "The chip as written and read back: rims filled by exposure energy."


def _window_text(outcome: RunResult) -> str:
    low, high = outcome.design.solver.wavelength
    floor = outcome.design.solver.quality_factor_floor
    return f"{1e3 * low:g}–{1e3 * high:g} nm, Q > {readable(floor)}"


def _geometry(outcome: RunResult) -> list[tuple[str, str]]:
    """Return sizes that follow from the cavity, then its parameters."""
    cavity, rows = outcome.design.cavity, []
    derived = {"diameter": "um", "undercut": "um", "wall_tilt_deg": "deg", "volume": "um^3"}
    for name, unit in derived.items():
        value = getattr(cavity, name, None)
        if isinstance(value, int | float) and name not in type(cavity).model_fields:
            words = name.removesuffix("_deg").replace("_", " ")
            rows.append((words, quantity(value, unit)))
    if is_periodic(cavity):
        return rows + periodic_rows(cavity)
    return rows + parameter_rows(cavity, skip=("wall_points", "exposure"))


def _exposure(outcome: RunResult) -> list[tuple[str, str]]:
    """Return the parameters of the exposure that writes the cavity, if one does."""
    exposure = getattr(outcome.design.cavity, "exposure", None)
    if exposure is None:
        return []
    latitude = exposure.profile().dose_latitude
    return [
        *parameter_rows(exposure),
        ("energy", quantity(exposure.energy_uj, "uJ")),
        ("dose latitude dR/dlnE", quantity(latitude, "um")),
    ]


def _mode_sentence(outcome: RunResult) -> str:
    modes = outcome.modes
    orders = [m.azimuthal_order for m in modes if m.azimuthal_order is not None]
    span = f" with m from {min(orders)} to {max(orders)}" if orders else ""
    method = ", ".join(sorted({mode.method for mode in modes if mode.method})) or "the solver"
    errors = [m.wavelength_error for m in modes if np.isfinite(m.wavelength_error)]
    doubt = f" Largest estimated error: {readable(1e6 * max(errors), 2)} pm." if errors else ""
    noun = "mode" if len(modes) == 1 else "modes"
    bounds = sum(uncertain(mode) for mode in outcome.solved)
    if bounds:
        doubt += (
            f" {bounds} {'has' if bounds == 1 else 'have'} a Q that the solver's own error "
            "estimate exceeds (≳): an order of magnitude, as a rule a lower bound; a higher "
            "accuracy resolves it."
        )
    return f"{len(modes)} {noun}{span} in {_window_text(outcome)}, by {method}.{doubt}"


def _spectrum_caption(outcome: RunResult) -> str:
    bare = outcome.design.losses.scattering_quality_factor is not None
    return (
        "Every mode found, by azimuthal order m. Colour is "
        + ("the solver's Q, without scattering" if bare else "Q")
        + "; thin lines join neighbouring orders of one family."
    )


def _q_caption(outcome: RunResult) -> str:
    text = "What limits Q: the quality factor of each loss channel; the smallest sets the total. "
    if outcome.design.losses.scattering_quality_factor is not None:
        text += (
            "The dashed line is the design's scattering, which adds to the losses of the solver. "
        )
    return text + "The nanocrystals' resonant absorption is not in Q: it belongs to the gain."


def _threshold_sentence(outcome: RunResult) -> str:
    if outcome.threshold is None:
        return ""
    from gain.threshold_report import threshold_summary

    text = threshold_summary(outcome.threshold)
    return text.replace("uJ/cm^2", "µJ/cm²").replace("W/cm^2", "W/cm²").replace("(-", "(−")


def _population_sentence(outcome: RunResult) -> str:
    cloud = outcome.cloud
    if cloud is None:
        return ""
    return (
        f"{len(cloud.absorbed_photons)} cavities like this one, differing in Q and in the position "
        f"of their modes: {cloud.lasing_fraction:.1%} lase, {cloud.fraction_below(0.5):.1%} below "
        f"half an absorbed photon per nanocrystal, {cloud.blue_fraction:.1%} on the blue side of "
        "the emission peak (more than one exciton)."
    )


def _fields(outcome: RunResult, pictures: Mapping[str, Path]) -> list[dict[str, str]]:
    """Return the field pictures with their captions."""
    result, items = outcome.threshold, []
    images = inline_images({k: v for k, v in pictures.items() if k.startswith("field_")})
    what = "intensity" if is_planar(outcome.design.cavity) else "energy density"
    for number, field in enumerate(outcome.fields):
        source = images.get(f"field_{number + 1}")
        if source is None:
            continue
        rank = f"Mode {number + 1} by threshold" if result is not None else f"Mode {number + 1}"
        caption = f"{rank}: {what} of {field.mode.label} at {1e3 * field.mode.wavelength:.3f} nm."
        items.append({"source": source, "alt": f"Field of {field.mode.label}", "caption": caption})
    return items


def _layout_rows(outcome: RunResult) -> list[tuple[str, str]]:
    if outcome.layout is None or not outcome.layout_files:
        return []
    held: Any = next(iter(outcome.layout_files.values()))
    if is_periodic(outcome.design.cavity):
        return _lattice_rows(outcome, held)
    left, bottom, right, top = held.bounding_box
    planar = is_planar(outcome.design.cavity)
    sheets = ["mask_steps.csv", "process_sheet.csv", "process_sheet.html"] if planar else []
    return [
        ("files", ", ".join([*outcome.layout_files, "manifest.csv", *sheets])),
        ("top cell", held.top_cell),
        ("mesas" if planar else "disks", str(held.device_count)),
        ("size", f"{right - left:.0f} µm × {top - bottom:.0f} µm"),
        (
            "read back",
            f"{held.off_grid_vertices} vertices off the grid, largest distance of a "
            f"drawn circle from the true one {1e3 * held.radius_error:.2g} nm",
        ),
        ("content", outcome.layout.content_hash[:16]),
    ]


def _lattice_rows(outcome: RunResult, held: Any) -> list[tuple[str, str]]:
    """Return what the mask of a periodic cavity holds."""
    left, bottom, right, top = held.bounding_box
    assert outcome.layout is not None
    return [
        ("files", ", ".join([*outcome.layout_files, "manifest.csv"])),
        ("top cell", held.top_cell),
        ("devices", str(len(outcome.layout.devices))),
        *((f"shapes on {name}", f"{n:,}") for name, n in held.shape_counts.items()),
        ("size", f"{right - left:.0f} µm × {top - bottom:.0f} µm"),
        ("file size", f"{held.bytes / 1e3:.0f} kB"),
        (
            "read back",
            "largest distance of a drawn outline from the wanted one "
            f"{_distance(held.outline_error)}, "
            f"of a shape from its lattice point {_distance(held.position_error)}",
        ),
        ("content", outcome.layout.content_hash[:16]),
    ]


def _distance(value: float) -> str:
    """Return a distance (um) in nm; what is below a femtometre is rounding."""
    return "0 nm" if value < 1e-9 else quantity(1e3 * value, "nm", 2)


def _setting(value: Any) -> str:
    """Return a setting of the solver as people write it."""
    if isinstance(value, list | tuple):
        return ", ".join(_setting(item) for item in value)
    return readable(value) if isinstance(value, bool | int | float) else str(value)


def _provenance_rows(outcome: RunResult) -> list[tuple[str, str]]:
    found: dict[str, Any] = outcome.provenance
    stages = found.get("stages_s", {})
    used = dict(found.get("settings", {}))
    if is_planar(outcome.design.cavity):
        for name in ("azimuthal_order", "accuracy", "workers"):
            used.pop(name, None)
    if is_periodic(outcome.design.cavity):
        for name in ("azimuthal_order", "workers"):
            used.pop(name, None)
    return [
        ("made", str(found.get("created", "")).replace("T", " ")),
        ("wall time", quantity(found.get("wall_time_s"), "s", 3)),
        *((f"stage {name}", quantity(seconds, "s", 3)) for name, seconds in stages.items()),
        ("modes from the store", readable(bool(found.get("modes_from_store")))),
        ("machine", str(found.get("machine", ""))),
        *((f"solver {k.replace('_', ' ')}", _setting(v)) for k, v in used.items() if v is not None),
    ]
