"""Report sections of a two-mirror laser: its resonator, its two-photon pump, its spacer table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cavities.constants import HC_EV_UM
from studies.design import Design
from studies.number_text import readable
from studies.planar_settings import TwoPhotonSettings
from studies.planar_spectra import axial_spacing
from studies.report_section import ReportSection, SectionFigure, SectionTable, table_of_frame
from studies.report_tables import Cell, Column, Row
from studies.validation import first_error

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from gain.lasing_threshold import ThresholdResult
    from solvers.modes import ModeSet

__all__ = ["line_mode", "resonator_section", "two_photon_field_factor", "two_photon_section"]

Floats = NDArray[np.float64]


def line_mode(settings: TwoPhotonSettings, modes: ModeSet) -> int:
    """Return the number of the mode nearest to the measured line, else of the highest Q."""
    if settings.line_energy_ev is None:
        return int(np.argmax([mode.quality_factor for mode in modes]))
    target = HC_EV_UM / settings.line_energy_ev
    return int(np.argmin([abs(mode.wavelength - target) for mode in modes]))


def two_photon_field_factor(design: Design) -> float:
    """Return the root mean square of the pump's flux in the film over the incident flux.

    The flux at a height is Re(n) |E|^2 of the standing wave in the layers; two-photon absorption
    goes with its square. 1 where the layers are left out.
    """
    from solvers.multilayer import field_profile

    settings = design.two_photon
    assert settings is not None
    if not settings.through_mirrors:
        return 1.0
    stack = design.cavity.stack()  # type: ignore[attr-defined]
    try:
        profile = field_profile(
            stack,
            settings.wavelength,
            angle_deg=settings.angle_deg,
            polarization=settings.polarization,
        )
        inside = profile.in_region("gain")
    except (ValueError, TypeError) as error:
        raise first_error(error, key="two_photon") from None
    assert profile.weights is not None
    incident = float(stack.superstrate.index(settings.wavelength).real)
    flux = np.sqrt(profile.permittivity[inside]).real / incident * profile.intensity[inside]
    weights = profile.weights[inside]
    return float(np.sqrt(weights @ flux**2 / weights.sum()))


def two_photon_section(
    design: Design, modes: ModeSet, result: ThresholdResult | None
) -> ReportSection:
    """Return the section: excitons per nanocrystal against fluence, and what lasing needs."""
    from gain.two_photon import TwoPhotonPump

    settings = design.two_photon
    assert settings is not None
    factor = two_photon_field_factor(design)
    pumps = [
        TwoPhotonPump(
            wavelength=settings.wavelength,
            pulse_fwhm_fs=length,
            cross_section_gm=settings.cross_section_gm,
            pulse_shape=settings.pulse_shape,
            field_factor=factor,
        )
        for length in settings.pulse_fwhm_fs
    ]
    bare = [pump.changed(field_factor=1.0) for pump in pumps]
    fluence = settings.fluence_mj_per_cm2
    needed = None if result is None else result.lasing_absorbed_photons
    if needed is not None and math.isnan(needed):
        needed = None
    rows, numbers = [], []
    for pump, free in zip(pumps, bare, strict=True):
        entry: dict[str, Any] = {
            "pulse_fwhm_fs": pump.pulse_fwhm_fs,
            "excitons_incident_flux": float(free.excitons(fluence)),
            "excitons_in_the_film": float(pump.excitons(fluence)),
        }
        cells = [
            Cell(f"{pump.pulse_fwhm_fs:g}", sort=pump.pulse_fwhm_fs),
            _cell(entry["excitons_incident_flux"]),
            _cell(entry["excitons_in_the_film"]),
        ]
        if settings.gain_threshold_excitons is not None:
            cross = free.cross_section_for(settings.gain_threshold_excitons, fluence)
            entry["cross_section_for_gain_gm"] = cross
            cells.append(_cell(cross))
        if needed is not None:
            entry["threshold_incident_flux_mj_per_cm2"] = float(free.fluence_mj_per_cm2(needed))
            entry["threshold_in_the_film_mj_per_cm2"] = float(pump.fluence_mj_per_cm2(needed))
            cells += [
                _cell(entry["threshold_incident_flux_mj_per_cm2"]),
                _cell(entry["threshold_in_the_film_mj_per_cm2"]),
            ]
        numbers.append(entry)
        rows.append(Row(tuple(cells)))
    columns = [
        Column("pulse", "fs"),
        Column("excitons", "incident flux"),
        Column("excitons", "flux in the film"),
    ]
    if settings.gain_threshold_excitons is not None:
        columns.append(Column("σ₂ for gain", f"{settings.gain_threshold_excitons:g} excitons, GM"))
    if needed is not None:
        columns += [
            Column("threshold", "incident flux, mJ/cm²"),
            Column("threshold", "flux in the film, mJ/cm²"),
        ]
    first = numbers[0]
    sentences = [
        f"N = (σ₂/2) (F/hν)² g/t at F = {fluence:g} mJ/cm², σ₂ = "
        f"{readable(settings.cross_section_gm)} GM and {settings.pulse_shape} pulses of "
        f"{settings.pulse_fwhm_fs[0]:g} fs: {first['excitons_incident_flux']:.2f} excitons per "
        "nanocrystal if the flux in the film is the incident one.",
    ]
    if settings.through_mirrors:
        sentences.append(
            f"The layers change the flux in the film at {1e3 * settings.wavelength:.0f} nm and "
            f"{settings.angle_deg:g}° ({settings.polarization}) by a factor {factor:.3f} (root "
            f"mean square), which enters squared: {first['excitons_in_the_film']:.2f} excitons. "
            "The mirrors of this design are stand-ins: a colour-selective mirror is made to let "
            "the pump through."
        )
    if needed is not None:
        sentences.append(
            f"The gain module asks for N = {readable(needed, 3)} for the mode that lases first "
            f"({result.lasing_label if result else ''} at "
            f"{1e3 * (result.lasing_wavelength if result else 0):.2f} nm)."
        )
    return ReportSection(
        anchor="two_photon",
        title="Two-photon pump",
        sentences=tuple(sentences),
        figures=(
            SectionFigure(
                name="two_photon",
                draw=lambda: _draw(settings, pumps, bare, needed),
                caption="Excitons per nanocrystal and pulse against incident fluence: the slope "
                "is 2. Solid: flux in the film; dashed: the incident flux.",
                alt="Excitons over fluence for several pulse lengths",
                full=True,
            ),
        ),
        tables=(SectionTable(title="", columns=tuple(columns), rows=tuple(rows)),),
        cards=(
            (
                "Two-photon excitons",
                readable(first["excitons_incident_flux"], 3),
                "",
                f"per nanocrystal at {fluence:g} mJ/cm², {settings.pulse_fwhm_fs[0]:g} fs",
            ),
        ),
        numbers={
            "wavelength_um": settings.wavelength,
            "pulse_shape": settings.pulse_shape,
            "cross_section_gm": settings.cross_section_gm,
            "fluence_mj_per_cm2": fluence,
            "field_factor": factor,
            "absorbed_photons_at_threshold": needed,
            "pulses": numbers,
        },
    )


def _cell(value: float) -> Cell:
    return Cell(readable(value, 3), sort=value)


def resonator_section(design: Design, modes: ModeSet) -> ReportSection:
    """Return the section: spacing, linewidth and finesse of the solver beside the formulas."""
    from gain.two_mirror import TwoMirrorResonator, linewidth_nm
    from solvers.multilayer import cavity_lengths

    settings = design.two_photon
    assert settings is not None
    index = line_mode(settings, modes)
    mode = modes[index]
    spacing = axial_spacing(modes, index)
    lengths = cavity_lengths(design.cavity, mode)
    pair = {
        "wavelength": mode.wavelength,
        "group_index": lengths.group_index,
        "effective_length": lengths.effective_length,
    }
    formula = TwoMirrorResonator(
        **pair,
        reflectance_1=lengths.bottom.reflectance,
        reflectance_2=lengths.top.reflectance,
    )
    width = 1e3 * mode.wavelength / mode.quality_factor
    rows: list[tuple[str, float | None, float]] = [
        ("free spectral range (nm)", None if spacing is None else 1e3 * spacing,
         formula.free_spectral_range_nm),
        ("linewidth (nm)", width, formula.linewidth_nm),
        ("Q", mode.quality_factor, formula.quality_factor),
        ("finesse", None if spacing is None else 1e3 * spacing / width, formula.finesse),
    ]  # fmt: skip
    sentences = [
        f"{mode.label} at {1e3 * mode.wavelength:.2f} nm ({HC_EV_UM / mode.wavelength:.4f} eV): "
        f"effective length {lengths.effective_length:.2f} µm, group index "
        f"{lengths.group_index:.3f}, mirrors of {100 * lengths.bottom.reflectance:.3f} and "
        f"{100 * lengths.top.reflectance:.3f} %."
    ]
    numbers: dict[str, Any] = {
        "mode": mode.label,
        "wavelength_um": mode.wavelength,
        "energy_ev": HC_EV_UM / mode.wavelength,
        "q": mode.quality_factor,
        "linewidth_nm": width,
        "free_spectral_range_nm": None if spacing is None else 1e3 * spacing,
        "formula_free_spectral_range_nm": formula.free_spectral_range_nm,
        "formula_q": formula.quality_factor,
        "effective_length_um": lengths.effective_length,
        "group_index": lengths.group_index,
        "reflectance": [lengths.bottom.reflectance, lengths.top.reflectance],
    }
    if settings.line_energy_ev is not None and settings.linewidth_mev is not None:
        line = linewidth_nm(settings.linewidth_mev, settings.line_energy_ev)
        quality = 1e3 * settings.line_energy_ev / settings.linewidth_mev
        mirror = TwoMirrorResonator.reflectance_for(quality, **pair)
        sentences.append(
            f"The measured line, {1e3 * settings.linewidth_mev:g} µeV at "
            f"{settings.line_energy_ev:g} eV, is {line:.3f} nm wide: Q = {quality:.0f}, which in "
            f"this cavity two mirrors of {100 * mirror:.2f} % would give. It is the width of a "
            "line above threshold behind a spectrometer and not the cold cavity's: it bounds "
            "neither mirror nor spacer."
        )
        numbers |= {
            "measured_linewidth_nm": line,
            "measured_q": quality,
            "reflectance_for_measured_q": mirror,
        }
    body = tuple(
        Row(
            (
                Cell(name, text=True),
                Cell("–" if value is None else readable(value), sort=value),
                Cell(readable(other), sort=other),
            )
        )
        for name, value, other in rows
    )
    columns = (
        Column("quantity", text=True),
        Column("layers", "poles"),
        Column("two mirrors", "round trip"),
    )
    tables = [SectionTable(title="Round trip", columns=columns, rows=body)]
    target = mode.wavelength
    if settings.line_energy_ev is not None:
        target = HC_EV_UM / settings.line_energy_ev
    spacers = _spacers(design, target)
    if spacers is not None:
        tables.append(spacers[0])
        numbers["spacers"] = spacers[1]
    return ReportSection(
        anchor="resonator",
        title="Resonator and spacer",
        short="Resonator",
        sentences=tuple(sentences),
        tables=tuple(tables),
        numbers=numbers,
    )


def _spacers(design: Design, wavelength: float) -> tuple[SectionTable, list[dict[str, Any]]] | None:
    """Return the spacers near the design's that put a mode at a wavelength, None without one."""
    from layouts.spacer_table import spacer_thicknesses

    own = getattr(design.cavity, "spacer_thickness", None)
    if own is None:
        return None
    step = wavelength / 2
    try:
        frame = spacer_thicknesses(
            design.cavity,
            wavelength=wavelength,
            thickness=(max(0.0, own - 2.5 * step), own + 2.5 * step),
        )
    except (ValueError, TypeError):
        return None
    table = table_of_frame(
        frame,
        {
            "spacer_nm": ("spacer", "nm", ".1f"),
            "order": ("order", "half waves", ".0f"),
            "free_spectral_range_nm": ("FSR", "nm", ".3f"),
            "effective_length_um": ("effective optical length", "µm", ".3f"),
            "shift_nm_per_nm": ("shift", "nm per nm", ".4f"),
            "linewidth_nm": ("linewidth", "nm", ".4f"),
        },
        title=f"Spacers that put a mode at {1e3 * wavelength:.2f} nm",
    )
    records = [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]
    return table, records


def _draw(
    settings: TwoPhotonSettings, pumps: list[Any], bare: list[Any], needed: float | None
) -> Figure:
    from matplotlib import colormaps

    from studies.pictures import figure

    new, ax = figure(6.0, 4.2)
    fluence = np.geomspace(0.1, 10, 100) * settings.fluence_mj_per_cm2
    colors = colormaps["viridis"](np.linspace(0.1, 0.75, len(pumps)))
    for pump, free, color in zip(pumps, bare, colors, strict=True):
        ax.loglog(fluence, pump.excitons(fluence), color=color, label=f"{pump.pulse_fwhm_fs:g} fs")
        ax.loglog(fluence, free.excitons(fluence), "--", color=color, lw=1)
        ax.plot(settings.fluence_mj_per_cm2, float(free.excitons(settings.fluence_mj_per_cm2)),
                "o", color=color, ms=5)  # fmt: skip
    ax.axvline(settings.fluence_mj_per_cm2, color="0.6", lw=0.8, ls=":")
    if needed is not None:
        ax.axhline(needed, color="#b5322a", lw=0.9, ls="--", label="lasing (gain module)")
    ax.set_xlabel("incident fluence (mJ/cm²)")
    ax.set_ylabel("excitons per nanocrystal and pulse")
    ax.legend()
    return new
