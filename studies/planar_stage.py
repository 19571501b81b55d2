"""What a run adds for planar cavities: one report section after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from studies.cavity_table import is_planar
from studies.design import Design
from studies.errors import DesignError
from studies.mode_stage import Solve, solve_again
from studies.report_section import ReportSection, table_of_frame

if TYPE_CHECKING:
    from gain.lasing_threshold import ThresholdResult
    from solvers.modes import Mode, ModeSet
    from studies.planar_spectra import PassiveDispersion
    from studies.pump_profile import PumpProfile

__all__ = ["planar_sections", "require_decay"]


def require_decay(design: Design, modes: ModeSet) -> None:
    """Raise when a planar cavity oscillates by itself: no spectrum and no threshold exist.

    Raises:
        DesignError: a mode grows.
    """
    if not is_planar(design.cavity):
        return
    for mode in modes:
        if mode.quality_factor < 0:
            raise DesignError(
                "must be below its threshold for spectra and modes, got a layer whose gain makes "
                f"{mode.label} at {1e3 * mode.wavelength:.2f} nm grow (Q = "
                f"{mode.quality_factor:.4g}); lower the gain: give a material with a smaller -Im n",
                key="cavity",
            )


def planar_sections(
    design: Design,
    modes: ModeSet,
    result: ThresholdResult | None,
    *,
    solve: Solve | None = None,
) -> tuple[ReportSection, ...]:
    """Return the sections of a planar cavity; none for others.

    Args:
        design: what was asked.
        modes: the modes with all losses.
        result: their thresholds, None without a medium.
        solve: the solver, default `solvers.solve_modes`.

    Raises:
        DesignError: a table of the design asks for what the cavity cannot give.
    """
    if not is_planar(design.cavity):
        return ()
    return tuple(_sections(design, modes, result, solve))


def _sections(
    design: Design, modes: ModeSet, result: ThresholdResult | None, solve: Solve | None
) -> Iterator[ReportSection]:
    from studies.mirror_pairs import pairs_section
    from studies.planar_spectra import passive_dispersion, spectra_section

    passive = passive_dispersion(design)
    yield spectra_section(design, modes, passive)
    index = _leading(design, modes, result)
    lead = modes[index]
    pairs = pairs_section(design, lead, line_q=_line_q(design))
    if pairs is not None:
        yield pairs
    live = solve_again(design, lead, solve=solve) or lead
    profile = None
    if result is not None and design.pump is not None and "gain" in lead.confinement:
        from studies.pump_profile import pump_profile, pump_section

        profile = pump_profile(design)
        if profile is not None and live.sampler is not None:
            fluence = result.fluence_uj_per_cm2
            yield pump_section(
                design,
                profile,
                live,
                figure_of_merit=float(result.figure_of_merit[index]),
                uniform=float("nan") if fluence is None else float(fluence[index]),
            )
    if design.strong_coupling is not None:
        yield from _polariton(design, lead, index, result, profile, passive)
    if design.two_photon is not None:
        from studies.two_photon_section import resonator_section, two_photon_section

        yield resonator_section(design, modes)
        yield two_photon_section(design, modes, result)
    yield _sheet(design, lead)
    yield from _paper(design, modes)


def _leading(design: Design, modes: ModeSet, result: ThresholdResult | None) -> int:
    """Return the number of the mode that the sections are about."""
    if design.strong_coupling is not None:
        from studies.polariton_coupling import coupled_mode

        return coupled_mode(design, modes)
    if result is not None and result.lasing_index is not None:
        return result.lasing_index
    return max(range(len(modes)), key=lambda i: modes[i].quality_factor)


def _line_q(design: Design) -> float | None:
    """Return the Q that a measured linewidth stands for."""
    pump = design.two_photon
    if pump is None or pump.line_energy_ev is None or pump.linewidth_mev is None:
        return None
    return 1e3 * pump.line_energy_ev / pump.linewidth_mev


def _polariton(
    design: Design,
    lead: Mode,
    index: int,
    result: ThresholdResult | None,
    profile: PumpProfile | None,
    passive: PassiveDispersion,
) -> Iterator[ReportSection]:
    from studies.coupling_section import coupling_section
    from studies.polariton_coupling import strong_cavity

    cavity = strong_cavity(design, lead, passive)
    yield coupling_section(cavity)
    study = None
    if design.polariton_laser is not None:
        from studies.polariton_lasing import laser_section, laser_study

        study = laser_study(cavity, design.polariton_laser)
        yield laser_section(study)
    if result is not None:
        from studies.photon_laser_section import photon_laser_section

        yield photon_laser_section(design, cavity, index, result, study, profile)


def _sheet(design: Design, lead: Mode) -> ReportSection:
    """Return the deposition table with the tolerance of the mode to every layer."""
    from studies.planar_sheets import design_sheet

    sheet = design_sheet(design, lead)
    table = table_of_frame(
        sheet.table,
        {
            "step": ("step", "", ".0f"),
            "part": ("part", "", ""),
            "region": ("region", "", ""),
            "material": ("material", "", ""),
            "thickness_nm": ("thickness", "nm", ".2f"),
            "index": ("n", "", ".4f"),
            "quarter_waves": ("optical thickness", "quarter waves", ".3f"),
            "total_nm": ("running total", "nm", ".1f"),
            "shift_nm_per_nm": ("shift of the mode", "nm per nm", ".4f"),
            "shift_nm_per_percent": ("shift of the mode", "nm per %", ".4f"),
        },
        title=f"Layers, and what they do to {lead.label} at {1e3 * lead.wavelength:.2f} nm",
    )
    return ReportSection(
        anchor="deposition",
        title="Deposition",
        sentences=sheet.notes,
        tables=(table,),
        numbers={
            "mode": lead.label,
            "shift_nm_for_1_percent_independent": sheet.shift_nm(),
            "shift_nm_for_1_percent_common": sheet.shift_nm(common=True),
        },
    )


def _paper(design: Design, modes: ModeSet) -> Iterator[ReportSection]:
    from studies.paper_section import paper_section

    if design.output.paper == "polariton_dbr_microcavity":
        from gain import polariton_paper_verdicts
        from gain.polariton_paper_verdicts import EVIDENCE

        yield paper_section(
            polariton_paper_verdicts(),
            title="The paper, line by line (doi:10.1039/D4NR05185H)",
            sentences=(EVIDENCE,),
        )
    elif design.output.paper == "two_photon_two_mirror":
        from gain import two_photon_verdicts
        from solvers.multilayer import cavity_lengths
        from studies.two_photon_section import line_mode

        settings = design.two_photon
        given: dict[str, Any] = {}
        if settings is not None:
            lengths = cavity_lengths(design.cavity, modes[line_mode(settings, modes)])
            given["group_index"] = lengths.group_index
            given["effective_length"] = lengths.effective_length
            pulses = settings.pulse_fwhm_fs
            given["pulse_fwhm_fs"] = (pulses[0], pulses[-1])
        yield paper_section(
            two_photon_verdicts(**given),
            title="The paper, line by line (doi:10.1039/D4NR04653F)",
        )
