"""How far the lowest resonance moves when each assumption about the cavity moves in its range."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from studies.design import Design
from studies.mode_stage import Solve
from studies.number_text import readable, signed
from studies.periodic_settings import UnknownRange
from studies.periodic_sweep import WIDENED, ModeSweep, leading_modes, lowest, solve_variant
from studies.periodic_variants import period, with_parameter, with_period
from studies.report_section import ReportSection, SectionFigure, SectionTable
from studies.report_tables import Cell, Column, Row

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from solvers.modes import Mode

__all__ = ["Moved", "assumption_section", "moved_resonances"]

_MARGIN = 0.03


@dataclass(frozen=True, kw_only=True, eq=False)
class Moved:
    """The lowest resonance at one period, and where the ends of each range bring it.

    Attributes:
        period: um.
        mode: the design's own, None where there is none.
        ends: by unknown, the modes at both ends of its range; None: none found.
    """

    period: float
    mode: Mode | None
    ends: tuple[tuple[UnknownRange, tuple[Mode | None, Mode | None]], ...]

    def shifts_nm(self, number: int) -> tuple[float, float]:
        """Return by how much the ends of one unknown move the wavelength (nm); nan: gone."""
        found = [math.nan, math.nan]
        for i, mode in enumerate(self.ends[number][1]):
            if mode is not None and self.mode is not None:
                found[i] = 1e3 * (mode.wavelength - self.mode.wavelength)
        return found[0], found[1]

    @property
    def band_nm(self) -> tuple[float, float]:
        """Wavelengths (nm) between which all unknowns together leave it, added in quadrature."""
        if self.mode is None:
            return math.nan, math.nan
        shifts = np.array([self.shifts_nm(i) for i in range(len(self.ends))]).reshape(-1, 2)
        down = np.nan_to_num(np.minimum(shifts, 0)).min(axis=1, initial=0.0)
        up = np.nan_to_num(np.maximum(shifts, 0)).max(axis=1, initial=0.0)
        centre = 1e3 * self.mode.wavelength
        return centre - float(np.hypot.reduce(down)), centre + float(np.hypot.reduce(up))


def moved_resonances(design: Design, *, solve: Solve | None = None) -> tuple[Moved, ...]:
    """Return the lowest resonance of every published period (else the design's) and its ranges.

    Args:
        design: with its unknowns in [periodic]; solve: default `solvers.solve_modes`.
    """
    study = design.periodic
    found = []
    for value in study.published_periods or (period(design.cavity),):
        cavity = with_period(design.cavity, value)
        given: dict[str, Any] = {"solve": solve, "widened": WIDENED}
        own = leading_modes(solve_variant(design, cavity, **given))
        mode = lowest(own)
        ends = []
        for unknown in study.unknown:
            pair = tuple(
                _same(
                    mode,
                    leading_modes(
                        solve_variant(
                            design,
                            with_parameter(cavity, unknown.key, end),
                            solve=solve,
                            widened=WIDENED + _MARGIN,
                        )
                    ),
                )
                for end in (unknown.start, unknown.end)
            )
            ends.append((unknown, (pair[0], pair[1])))
        found.append(Moved(period=value, mode=mode, ends=tuple(ends)))
    return tuple(found)


def _same(mode: Mode | None, found: dict[str, Mode]) -> Mode | None:
    """Return the mode of the same family."""
    from studies.periodic_sweep import family

    return None if mode is None else found.get(family(mode))


def assumption_section(design: Design, moved: tuple[Moved, ...], sweep: ModeSweep) -> ReportSection:
    """Return the section.

    Args:
        design: the design; moved: its resonances and ranges.
        sweep: modes over the period.
    """
    columns = [
        Column("assumption", text=True), Column("range", text=True),
        *(Column(f"{1e3 * one.period:g} nm", "shift, nm", text=True) for one in moved),
        *(Column(f"{1e3 * one.period:g} nm", "Q", text=True) for one in moved),
    ]  # fmt: skip
    rows = [
        Row(
            (
                Cell("as designed", text=True),
                Cell("", text=True),
                *(Cell(_wavelength(one), text=True) for one in moved),
                *(Cell(_quality(one.mode), text=True) for one in moved),
            )
        )
    ]
    for number, unknown in enumerate(design.periodic.unknown):
        rows.append(
            Row(
                (
                    Cell(unknown.words, text=True),
                    Cell(_range(unknown), text=True),
                    *(Cell(_shifts(one.shifts_nm(number)), text=True) for one in moved),
                    *(
                        Cell(" / ".join(_quality(m) for m in one.ends[number][1]), text=True)
                        for one in moved
                    ),
                )
            )
        )
    return ReportSection(
        anchor="assumptions",
        title="What the assumptions leave open",
        short="Assumptions",
        sentences=(
            "The resonance of longest wavelength against the period, and how far the ends of each "
            "assumption's range move it (first / second end). The band adds all shifts in "
            "quadrature, as for independent errors.",
        ),
        figures=(
            SectionFigure(
                name="assumptions",
                draw=lambda: _draw(moved, sweep),
                caption="Lowest resonance over the period; band: the assumptions together, worked "
                "out at the periods with a bar.",
                alt="Lowest resonance over the period with the band of the assumptions",
                full=True,
            ),
        ),
        tables=(SectionTable(title="", columns=tuple(columns), rows=tuple(rows)),),
        numbers={
            "periods": [
                {
                    "period_um": one.period,
                    "wavelength_um": math.nan if one.mode is None else one.mode.wavelength,
                    "q": math.nan if one.mode is None else one.mode.quality_factor,
                    "band_nm": one.band_nm,
                    "unknowns": [
                        {
                            "key": unknown.key,
                            "start": unknown.start,
                            "end": unknown.end,
                            "shift_nm": one.shifts_nm(i),
                            "q": [math.nan if m is None else m.quality_factor for m in ends],
                        }
                        for i, (unknown, ends) in enumerate(one.ends)
                    ],
                }
                for one in moved
            ]
        },
    )


def _wavelength(one: Moved) -> str:
    if one.mode is None:
        return "no mode"
    low, high = one.band_nm
    return f"{1e3 * one.mode.wavelength:.1f} nm ({low:.0f}–{high:.0f})"


def _quality(mode: Mode | None) -> str:
    if mode is None:
        return "no mode"
    return "dark" if mode.quality_factor > 1e9 else readable(mode.quality_factor, 2)


def _shifts(pair: tuple[float, float]) -> str:
    return " / ".join("–" if math.isnan(x) else signed(x, 2) for x in pair)


def _range(unknown: UnknownRange) -> str:
    index = unknown.key.endswith("material") or unknown.key == "pattern_ratio"
    if index:
        return f"{unknown.start:g} to {unknown.end:g}"
    return f"{1e3 * unknown.start:g} to {1e3 * unknown.end:g} nm"


def _draw(moved: tuple[Moved, ...], sweep: ModeSweep) -> Figure:
    from studies.pictures import figure

    new, ax = figure(6.8, 4.0)
    points = []
    for value, modes in zip(sweep.values, sweep.modes, strict=True):
        mode = lowest(modes)
        if mode is not None:
            points.append((1e3 * value, 1e3 * mode.wavelength))
    own = [one for one in moved if one.mode is not None]
    at = [1e3 * one.period for one in own]
    if own:
        bands = np.array([one.band_nm for one in own])
        if len(own) > 1:
            ax.fill_between(at, bands[:, 0], bands[:, 1], color="#2b5d8a", alpha=0.18, lw=0)
        for x, (low, high) in zip(at, bands, strict=True):
            ax.plot([x, x], [low, high], color="#2b5d8a", lw=2)
        points += [
            (x, 1e3 * one.mode.wavelength)
            for x, one in zip(at, own, strict=True)
            if one.mode is not None
        ]
    points.sort()
    ax.plot(*zip(*points, strict=True), "o-", color="#22577a", ms=4, label="lowest resonance")
    ax.set_xlabel("period (nm)")
    ax.set_ylabel("wavelength (nm)")
    ax.legend()
    return new
