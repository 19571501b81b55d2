"""Report section: Q and threshold gain of a planar cavity against its mirrors' pairs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cavities.mirrors import QuarterWaveMirror
from cavities.spec import Spec
from studies.design import Design
from studies.number_text import readable
from studies.report_section import ReportSection, SectionFigure, SectionTable
from studies.report_tables import Cell, Column, Row

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from solvers.modes import Mode

__all__ = ["PairsRow", "pairs_section", "with_pairs"]

_MIRRORS = ("bottom_mirror", "top_mirror", "back_mirror", "front_mirror")
_NEAR = 0.02


@dataclass(frozen=True, kw_only=True)
class PairsRow:
    """One cavity of the series.

    Attributes:
        pairs: pairs of each mirror, bottom first.
        wavelength: of the mode (um); quality_factor: of it, without absorption in the film's line.
        confinement: Gamma in the film.
        exact_per_cm: material gain that brings the pole to the real axis (1/cm).
        formula_per_cm: 2 pi n/(Gamma lambda Q) (1/cm), Gamma the electric energy fraction.
        overlap_per_cm: the same with the overlap n^2 int |E|^2/energy: first-order theory.
        absorbed_photons: photons per nanocrystal at threshold; nan: never; None: no medium.
    """

    pairs: tuple[float, ...]
    wavelength: float
    quality_factor: float
    confinement: float
    exact_per_cm: float
    formula_per_cm: float
    overlap_per_cm: float
    absorbed_photons: float | None


def with_pairs(cavity: Spec, change: float) -> Spec | None:
    """Return the cavity with `change` more pairs on each quarter-wave mirror, None without one.

    Example:
        >>> from cavities import TwoMirrorCavity
        >>> with_pairs(TwoMirrorCavity(spacer_thickness=1.0), -2).front_mirror.pairs
        5.5
    """
    found = {name: getattr(cavity, name, None) for name in _MIRRORS}
    mirrors = {name: m for name, m in found.items() if isinstance(m, QuarterWaveMirror)}
    if not mirrors or min(m.pairs for m in mirrors.values()) + change < 1:
        return None
    changes = {name: m.changed(pairs=m.pairs + change) for name, m in mirrors.items()}
    changed: Spec = cavity.changed(**changes)
    return changed


def pairs_section(
    design: Design, mode: Mode, *, line_q: float | None = None
) -> ReportSection | None:
    """Return the section for the mode nearest to `mode` in every cavity of the series.

    Args:
        design: with quarter-wave mirrors and a gain film; else there is no section.
        mode: the mode of the design's own cavity.
        line_q: a measured Q to draw beside them.
    """
    if with_pairs(design.cavity, 0.0) is None or "gain" not in mode.confinement:
        return None
    rows = []
    for change in _changes(design):
        cavity = with_pairs(design.cavity, change)
        row = None if cavity is None else _row(design, cavity, mode)
        if row is not None:
            rows.append(row)
    if len(rows) < 2:
        return None
    worst = max(abs(row.formula_per_cm / row.exact_per_cm - 1) for row in rows)
    first = max(abs(row.overlap_per_cm / row.exact_per_cm - 1) for row in rows)
    own = next((row for row in rows if row.pairs == _pairs(design.cavity)), None)
    text = (
        "Both mirrors change by the same number of pairs. Threshold gain: of the film alone, exact "
        "(the pole brought to the real axis) and by 2πn/(ΓλQ). With Γ the fraction of the electric "
        f"energy, dispersion included, the formula is off by at most {100 * worst:.2g} % in this "
        "series; with the overlap n²∫|E|² over the film and the whole energy, which is "
        f"first-order theory for dispersive layers, by at most {100 * first:.2g} %."
    )
    if own is not None:
        text += (
            f" This design has Q = {readable(own.quality_factor)} and needs "
            f"{readable(own.exact_per_cm)} /cm."
        )
    return ReportSection(
        anchor="mirror_pairs",
        title="Q and threshold against the number of mirror pairs",
        short="Mirrors",
        sentences=(text,),
        figures=(
            SectionFigure(
                name="mirror_pairs",
                draw=lambda: _draw(rows, own, line_q),
                caption="Left: Q of the mode. Right: material gain at threshold, exact pole "
                "(circles) and formula (crosses)."
                + (
                    " The dashed line is the Q that the measured line's width stands for."
                    if line_q
                    else ""
                ),
                alt="Q and threshold gain over the number of mirror pairs",
                full=True,
            ),
        ),
        tables=(_table(rows, own),),
        numbers={
            "largest_relative_difference_of_formula": worst,
            "largest_relative_difference_of_overlap": first,
            "rows": [
                {
                    "pairs": list(row.pairs),
                    "wavelength_um": row.wavelength,
                    "q": row.quality_factor,
                    "confinement": row.confinement,
                    "threshold_gain_exact_per_cm": row.exact_per_cm,
                    "threshold_gain_formula_per_cm": row.formula_per_cm,
                    "threshold_gain_overlap_per_cm": row.overlap_per_cm,
                    "absorbed_photons": row.absorbed_photons,
                }
                for row in rows
            ],
        },
    )


def _pairs(cavity: Spec) -> tuple[float, ...]:
    mirrors = (getattr(cavity, name, None) for name in _MIRRORS)
    return tuple(m.pairs for m in mirrors if isinstance(m, QuarterWaveMirror))


def _changes(design: Design) -> list[float]:
    first = _pairs(design.cavity)[0]
    wanted = design.planar.mirror_pairs
    return [pairs - first for pairs in wanted] if wanted else [float(n) for n in range(-3, 4)]


def _row(design: Design, cavity: Spec, mode: Mode) -> PairsRow | None:
    """Return the row of one cavity; None when its mode is lost."""
    from solvers import solve_modes
    from solvers.multilayer import threshold_gain

    angle = design.solver.angle_deg
    window = (mode.wavelength * (1 - _NEAR), mode.wavelength * (1 + _NEAR))
    found = solve_modes(
        cavity,
        window,
        angle_deg=angle,
        in_plane_wavenumber=design.solver.in_plane_wavenumber,
        polarization=mode.polarization,
        quality_factor_floor=5.0,
    )
    if not len(found):
        return None
    best = min(found, key=lambda other: abs(other.wavelength - mode.wavelength))
    gain = threshold_gain(cavity, best)
    photons = None
    if design.gain is not None:
        from gain import threshold

        photons = float(threshold([best], design.gain).absorbed_photons[0])  # type: ignore[arg-type]
    return PairsRow(
        pairs=_pairs(cavity),
        wavelength=best.wavelength,
        quality_factor=best.quality_factor,
        confinement=best.confinement["gain"],
        exact_per_cm=gain.gain_per_cm,
        formula_per_cm=gain.formula_per_cm,
        overlap_per_cm=gain.overlap_per_cm,
        absorbed_photons=photons,
    )


def _table(rows: list[PairsRow], own: PairsRow | None) -> SectionTable:
    photons = any(row.absorbed_photons is not None for row in rows)
    columns = [
        Column("pairs", "bottom, top"),
        Column("λ", "nm"),
        Column("Q"),
        Column("Γ gain", "%"),
        Column("exact", "1/cm"),
        Column("formula", "1/cm"),
        Column("formula/exact"),
        Column("overlap/exact"),
        *([Column("N at threshold")] if photons else []),
    ]
    lines = []
    for row in rows:
        numbers = [
            (1e3 * row.wavelength, f"{1e3 * row.wavelength:.2f}"),
            (row.quality_factor, readable(row.quality_factor)),
            (row.confinement, f"{100 * row.confinement:.2f}"),
            (row.exact_per_cm, readable(row.exact_per_cm)),
            (row.formula_per_cm, readable(row.formula_per_cm)),
            (
                row.formula_per_cm / row.exact_per_cm,
                f"{row.formula_per_cm / row.exact_per_cm:.4f}",
            ),
            (
                row.overlap_per_cm / row.exact_per_cm,
                f"{row.overlap_per_cm / row.exact_per_cm:.4f}",
            ),
        ]
        if photons and row.absorbed_photons is not None:
            never = row.absorbed_photons != row.absorbed_photons
            shown = "never" if never else readable(row.absorbed_photons, 3)
            numbers.append((row.absorbed_photons, shown))
        cells = [Cell(text, sort=value) for value, text in numbers]
        name = ", ".join(f"{p:g}" for p in row.pairs)
        lines.append(Row((Cell(name, sort=row.pairs[0]), *cells), first=row is own))
    return SectionTable(title="", columns=tuple(columns), rows=tuple(lines))


def _draw(rows: list[PairsRow], own: PairsRow | None, line_q: float | None) -> Figure:
    from matplotlib.figure import Figure

    new = Figure(figsize=(7.6, 3.3), layout="constrained")
    left, right = new.subplots(1, 2)
    pairs = [row.pairs[0] for row in rows]
    left.semilogy(pairs, [row.quality_factor for row in rows], "o-", color="#1f4e79", ms=4)
    if line_q is not None:
        left.axhline(line_q, color="#b5322a", ls="--", lw=1)
        left.annotate(
            f"measured line: {line_q:.0f}", (pairs[-1], line_q), ha="right", va="bottom",
            color="#b5322a", fontsize="small",
        )  # fmt: skip
    left.set_ylabel("Q")
    exact = [row.exact_per_cm for row in rows]
    right.semilogy(pairs, exact, "o-", color="#1f4e79", ms=4, label="exact pole")
    right.semilogy(
        pairs, [row.formula_per_cm for row in rows], "x", color="#c0561b", ms=6, label="2πn/(ΓλQ)"
    )
    right.set_ylabel("threshold gain of the film (1/cm)")
    right.legend()
    for ax, value in ((left, "quality_factor"), (right, "exact_per_cm")):
        ax.set_xlabel("pairs of the first mirror")
        if own is not None:
            ax.plot(own.pairs[0], getattr(own, value), "o", ms=9, mfc="none", color="#b5322a")
    return new
