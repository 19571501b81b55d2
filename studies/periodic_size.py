"""Report section: threshold over the size of the device.

Where coupled-wave theory holds (a guided TE mode, square or triangular lattice): finite areas with
open edges. Elsewhere: what the endless lattice says at the Bloch vector that a single lobe of the
area's envelope has, without the edges' loss.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from studies.design import Design
from studies.number_text import readable
from studies.periodic_settings import solver_settings
from studies.report_section import ReportSection, SectionFigure, SectionTable
from studies.report_tables import Cell, Column, Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from solvers.coupled_wave import Coupling, LengthSweep
    from solvers.modes import Mode, ModeSet

__all__ = ["FiniteStudy", "envelope_study", "finite_study", "size_section"]

_EDGES = "ABC"


@dataclass(frozen=True, kw_only=True, eq=False)
class FiniteStudy:
    """Finite areas by coupled-wave theory.

    Attributes:
        found: coupling of the endless lattice.
        sweep: finite spectra; full: the same with the band edges of the full-vector solver, None
            when the modes do not hold all four.
        gain_per_cm: threshold gain of the film of the lowest mode at every size (1/cm).
        photons: absorbed photons per nanocrystal at that gain; nan: never.
        comparison: band edges by both theories.
        exact_per_cm: full-vector threshold gain of the radiating pair of the endless lattice.
    """

    found: Coupling
    sweep: LengthSweep
    full: LengthSweep | None
    gain_per_cm: list[float]
    photons: list[float]
    comparison: list[dict[str, Any]]
    exact_per_cm: float


def finite_study(design: Design, solved: ModeSet) -> FiniteStudy | None:
    """Return finite areas of a design; None where coupled-wave theory does not hold.

    Args:
        design: with its sizes in [periodic]; solved: its modes, endless and without scattering.
    """
    from solvers.coupled_wave import (
        beside_full_vector,
        coupling,
        length_sweep,
        with_full_vector,
    )
    from solvers.fourier_modal import band_edges, threshold_gain
    from studies.mode_stage import solve_again

    low, high = design.solver.wavelength
    try:
        found = coupling(design.cavity, (0.8 * low, 1.2 * high))
    except (ValueError, TypeError):
        return None
    lengths = design.periodic.device_length
    sweep = length_sweep(found, lengths)
    edges = band_edges(solved)
    full, rows, exact = None, [], math.nan
    if len(edges) == 4:
        full = length_sweep(with_full_vector(found, solved), lengths)
        beside = beside_full_vector(found, solved)
        for name, mode in beside.modes.items():
            rows.append(
                {
                    "band_edge": name,
                    "mode": f"{mode.polarization} {mode.symmetry}",
                    "coupled_wave_nm": 1e3 * beside.edges[name].wavelength,
                    "coupled_wave_q": beside.edges[name].quality_factor,
                    "full_vector_nm": 1e3 * mode.wavelength,
                    "full_vector_q": mode.quality_factor,
                }
            )
        bright = edges["C"]
        live = bright if bright.sampler is not None else solve_again(design, bright)
        if live is not None and "gain" in live.gain_overlap:
            exact = threshold_gain(design.cavity, live).gain_per_cm
    used = full or sweep
    gains = [spectrum[0].threshold_gain_per_cm for spectrum in used.spectra]
    waves = [spectrum[0].wavelength for spectrum in used.spectra]
    return FiniteStudy(
        found=found,
        sweep=sweep,
        full=full,
        gain_per_cm=gains,
        photons=_photons(design, waves, gains),
        comparison=rows,
        exact_per_cm=exact,
    )


def _photons(design: Design, waves: list[float], gains: list[float]) -> list[float]:
    """Return N at which the film has a gain (1/cm) at a wavelength (um)."""
    if design.gain is None:
        return [math.nan] * len(gains)
    from gain import absorbed_photons_at_threshold

    medium: Any = design.gain
    merit = medium.peak_gain_per_cm / np.asarray(gains)
    usable = np.isfinite(merit) & (merit > 0)
    photons = np.full(len(gains), math.nan)
    if usable.any():
        photons[usable] = absorbed_photons_at_threshold(
            medium, np.asarray(waves)[usable], merit[usable]
        )
    return [float(n) for n in photons]


def envelope_study(design: Design) -> dict[float, dict[str, Mode]]:
    """Return the modes at the Bloch vector (pi/L, pi/L) of a single lobe, by side L (um).

    Names are polarisation and band, counted from the longest wavelength.
    """
    import solvers

    found: dict[float, dict[str, Mode]] = {}
    for length in design.periodic.device_length:
        modes = solvers.solve_modes(
            design.cavity,
            wavelength=design.solver.wavelength,
            quality_factor_floor=design.solver.quality_factor_floor,
            bloch=(math.pi / length, math.pi / length),
            settings=solver_settings(design.solver, orders=design.periodic.study_orders),
        )
        ordered = sorted(modes, key=lambda mode: -mode.wavelength)
        found[length] = {f"{mode.polarization} {mode.band}": mode for mode in ordered}
    return found


def size_section(design: Design, solved: ModeSet) -> ReportSection:
    """Return the section of a design.

    Args:
        design: the design; solved: its modes, endless and without scattering.
    """
    study = finite_study(design, solved)
    return _envelopes(design) if study is None else _finite(design, study)


def _finite(design: Design, study: FiniteStudy) -> ReportSection:
    lengths = list(study.sweep.length)
    used = study.full or study.sweep
    sentences = [
        f"Coupled-wave theory of square areas with open edges: effective index "
        f"{study.found.effective_index:.4f}, group index {study.found.group_index:.4f}. The edges' "
        "loss, which an endless lattice does not have, makes the dark modes lase at a finite gain; "
        "it falls faster than 1/L. Scattering is not in these numbers.",
        *(f"Note: {note}." for note in study.found.notes),
    ]
    if study.comparison:
        worst = max(abs(r["coupled_wave_nm"] - r["full_vector_nm"]) for r in study.comparison)
        sentences.append(
            f"Beside the full-vector solver the band edges lie within {worst:.2g} nm; the sizes "
            "below are computed with the full-vector band edges, and, dotted, with the theory's "
            f"own. Full-vector threshold gain of the radiating pair of the endless lattice: "
            f"{readable(study.exact_per_cm, 3)} /cm."
        )
    rows = tuple(
        Row(
            (
                Cell(f"{length:g}", sort=length),
                Cell(spectrum[0].band_edge, text=True),
                Cell(f"{1e3 * spectrum[0].wavelength:.3f}", sort=spectrum[0].wavelength),
                Cell(readable(spectrum[0].alpha_l, 3), sort=spectrum[0].alpha_l),
                Cell(readable(spectrum[0].quality_factor, 3), sort=spectrum[0].quality_factor),
                Cell(f"{100 * spectrum[0].slope_parts['edge']:.0f}"),
                Cell(f"{100 * spectrum[0].slope_parts['radiation:superstrate']:.1f}"),
                Cell(readable(gain, 3), sort=gain),
                Cell("never" if math.isnan(n) else readable(n, 3), sort=n),
                Cell(readable(spectrum.selectivity_per_cm, 2), sort=spectrum.selectivity_per_cm),
            )
        )
        for length, spectrum, gain, n in zip(
            lengths, used.spectra, study.gain_per_cm, study.photons, strict=True
        )
    )
    columns = (
        Column("L", "µm"), Column("lases first", text=True), Column("λ", "nm"), Column("αL"),
        Column("Q"), Column("edge", "% of the loss"), Column("up", "% of the loss"),
        Column("gain of the film", "1/cm"), Column("N"), Column("margin to the next", "1/cm"),
    )  # fmt: skip
    tables = [SectionTable(title="Mode of lowest threshold", columns=columns, rows=rows)]
    if study.comparison:
        tables.append(_comparison(study.comparison))
    return ReportSection(
        anchor="device_size",
        title="Threshold over the size of the device",
        short="Device size",
        sentences=tuple(sentences),
        figures=(
            SectionFigure(
                name="device_size",
                draw=lambda: _draw(study),
                caption="Left: normalised threshold gain αL of the single-lobed mode of every band "
                "edge"
                + (
                    "; dotted: with the band edges of coupled-wave theory instead of the "
                    "full-vector ones"
                    if study.full is not None
                    else ""
                )
                + ". Right: gain that the film must give for the lowest of them.",
                alt="Threshold over the size of the device",
                full=True,
            ),
        ),
        tables=tuple(tables),
        numbers={
            "method": "coupled-wave",
            "effective_index": study.found.effective_index,
            "group_index": study.found.group_index,
            "lengths_um": lengths,
            "alpha_l": {name: used.alpha_l(name) for name in _EDGES},
            "alpha_l_coupled_wave_edges": {name: study.sweep.alpha_l(name) for name in _EDGES},
            "lasing_band_edge": [spectrum[0].band_edge for spectrum in used.spectra],
            "threshold_gain_per_cm": study.gain_per_cm,
            "absorbed_photons": study.photons,
            "selectivity_per_cm": used.selectivity_per_cm,
            "band_edges": study.comparison,
            "full_vector_pair_threshold_gain_per_cm": study.exact_per_cm,
            "notes": list(study.found.notes),
        },
    )


def _comparison(rows: list[dict[str, Any]]) -> SectionTable:

    def q(value: float) -> Cell:
        return Cell("dark" if not value < 1e9 else readable(value, 4), sort=value)

    return SectionTable(
        title="Band edges of the endless lattice by both theories",
        columns=(
            Column("band edge", text=True), Column("mode", text=True),
            Column("λ", "coupled-wave, nm"), Column("Q", "coupled-wave"),
            Column("λ", "full vector, nm"), Column("Q", "full vector"),
        ),
        rows=tuple(
            Row(
                (
                    Cell(row["band_edge"], text=True),
                    Cell(row["mode"], text=True),
                    Cell(f"{row['coupled_wave_nm']:.3f}", sort=row["coupled_wave_nm"]),
                    q(row["coupled_wave_q"]),
                    Cell(f"{row['full_vector_nm']:.3f}", sort=row["full_vector_nm"]),
                    q(row["full_vector_q"]),
                )
            )
            for row in rows
        ),
    )  # fmt: skip


def _draw(study: FiniteStudy) -> Figure:
    from matplotlib.figure import Figure

    from studies.pictures import legend_above

    new = Figure(figsize=(9.2, 3.8), layout="constrained")
    left, right = new.subplots(1, 2)
    used = study.full or study.sweep
    symmetry = {row["band_edge"]: row["mode"] for row in study.comparison}
    for name, color in zip(_EDGES, ("#22577a", "#38a3a5", "#c9184a"), strict=True):
        own = f" ({symmetry[name]})" if name in symmetry else ""
        label = f"{'C, D' if name == 'C' else name}{own}"
        left.loglog(used.length, used.alpha_l(name), "o-", ms=4, color=color, label=label)
        if study.full is not None:
            left.loglog(study.sweep.length, study.sweep.alpha_l(name), ":", color=color)
    left.set_xlabel("side of the area L (µm)")
    left.set_ylabel("normalised threshold gain αL")
    legend_above(left, columns=3)
    right.loglog(used.length, study.gain_per_cm, "o-", ms=4, color="#22577a", label="lowest mode")
    if math.isfinite(study.exact_per_cm):
        right.axhline(
            study.exact_per_cm, color="#c9184a", ls="--", lw=1,
            label="radiating pair, endless, full vector",
        )  # fmt: skip
    right.set_xlabel("side of the area L (µm)")
    right.set_ylabel("threshold gain of the film (1/cm)")
    legend_above(right)
    for ax in (left, right):
        _plain_lengths(ax, list(used.length))
    return new


def _plain_lengths(ax: Axes, lengths: list[float]) -> None:
    """Label the sizes themselves on a logarithmic axis."""
    ax.set_xticks(lengths, [f"{length:g}" for length in lengths])
    ax.set_xticks([], minor=True)


def _envelopes(design: Design) -> ReportSection:
    found = envelope_study(design)
    lengths = list(found)
    names = list(dict.fromkeys(name for modes in found.values() for name in modes))
    quality = {
        name: [m[name].quality_factor if name in m else math.nan for m in found.values()]
        for name in names
    }
    waves = {
        name: [m[name].wavelength if name in m else math.nan for m in found.values()]
        for name in names
    }
    return ReportSection(
        anchor="device_size",
        title="The size of the device",
        short="Device size",
        sentences=(
            "Coupled-wave theory does not hold for this structure: its mean stack guides no mode, "
            "the substrate's index is higher. Instead, full-vector modes of the endless lattice at "
            "the Bloch vector (π/L, π/L) that an envelope of one lobe on L × L has. Modes that are "
            "dark at Γ radiate there. What leaves through the edges comes on top and is not "
            "computed.",
        ),
        figures=(
            SectionFigure(
                name="device_size",
                draw=lambda: _draw_envelopes(lengths, quality),
                caption="Q of the endless lattice at the Bloch vector of a single lobe, by band "
                "from the longest wavelength.",
                alt="Q over the size of the device",
                full=True,
            ),
        ),
        numbers={
            "method": "envelope of the endless lattice",
            "lengths_um": lengths,
            "q": quality,
            "wavelength_um": waves,
        },
    )


def _draw_envelopes(lengths: list[float], quality: dict[str, list[float]]) -> Figure:
    from studies.periodic_sweep_section import family_styles
    from studies.pictures import figure, plain_logarithm

    new, ax = figure(7.4, 3.8)
    styles = family_styles(tuple(quality))
    for name, values in quality.items():
        ax.loglog(lengths, values, label=name, **styles[name])
    ax.set_xlabel("side of the area L (µm)")
    ax.set_ylabel("Q at (π/L, π/L)")
    _plain_lengths(ax, lengths)
    plain_logarithm(ax.yaxis)
    new.legend(loc="outside right center", fontsize="small")
    return new
