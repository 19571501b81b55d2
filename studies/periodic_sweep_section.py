"""Report section: wavelength and Q over period, pattern, film thickness, residual oxide."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from studies.periodic_sweep import ModeSweep
from studies.report_section import ReportSection, SectionFigure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_sweep", "family_styles", "sweep_section"]

_COLORS = {
    "TE A2": "#22577a", "TE B2": "#38a3a5", "TE E": "#c9184a", "TE A1": "#4361ee",
    "TE B1": "#7b2cbf", "TM A1": "#e09f3e", "TM B1": "#9e2a2b", "TM E": "#8d99ae",
    "TM A2": "#588157", "TM B2": "#bc6c25",
}  # fmt: skip
_OTHERS = ("#22577a", "#c9184a", "#e09f3e", "#7b2cbf", "#588157", "#8d99ae", "#38a3a5", "#9e2a2b")
_HIGHEST = 1e7
"""Q beyond which modes are drawn at the upper edge: dark modes have none."""


def family_styles(names: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """Return colour, line style and marker of every family; TM is dashed."""
    free = iter(_OTHERS * 9)
    return {
        name: {
            "color": _COLORS.get(name) or next(free),
            "linestyle": "--" if name.startswith("TM") else "-",
            "marker": "s" if name.startswith("TM") else "o",
            "markersize": 4,
            "linewidth": 1.3,
        }
        for name in names
    }


def sweep_section(sweeps: Mapping[str, ModeSweep], *, orders: int) -> ReportSection:
    """Return the section.

    Args:
        sweeps: by short name, see `studies.periodic_sweep.mode_sweeps`.
        orders: plane waves they were solved with.
    """
    errors = [
        1e3 * mode.wavelength_error
        for sweep in sweeps.values()
        for found in sweep.modes
        for mode in found.values()
        if math.isfinite(mode.wavelength_error)
    ]
    losses = [
        mode.quality_factor_error
        for sweep in sweeps.values()
        for found in sweep.modes
        for mode in found.values()
        if math.isfinite(mode.quality_factor_error) and mode.quality_factor < _HIGHEST
    ]
    doubt = ""
    if errors:
        doubt = f" Largest estimated errors: {max(errors):.2g} nm"
        doubt += f", {max(losses):.0%} of Q." if losses else "."
    return ReportSection(
        anchor="geometry",
        title="Wavelength and Q over the geometry",
        short="Geometry",
        sentences=(
            "The lowest mode of every symmetry at the design's Bloch vector, one parameter changed "
            f"at a time, with {orders} plane waves.{doubt} Q is that of the endless lattice "
            "without scattering. The upright line is the design.",
        ),
        figures=tuple(
            SectionFigure(
                name=f"sweep_{name}",
                draw=lambda sweep=sweep: draw_sweep(sweep),  # type: ignore[misc]
                caption=f"Wavelength and Q against {sweep.name}."
                + (
                    " Modes with Q > 10⁷, or that cannot radiate, are named at the upper edge."
                    if _dark(sweep)
                    else ""
                ),
                alt=f"Wavelength and Q against {sweep.name}",
                full=True,
            )
            for name, sweep in sweeps.items()
        ),
        numbers={
            "plane_waves": orders,
            "largest_wavelength_error_nm": max(errors, default=math.nan),
            **{name: _numbers(sweep) for name, sweep in sweeps.items()},
        },
    )


def _dark(sweep: ModeSweep) -> list[str]:
    """Return the families whose Q lies beyond the picture somewhere."""
    return [
        name
        for name in sweep.families
        if any(q >= _HIGHEST for q in sweep.series(name, lambda mode: abs(mode.quality_factor)))
    ]


def _numbers(sweep: ModeSweep) -> dict[str, Any]:
    key = f"values_{'um' if sweep.unit == 'nm' else '1'}"
    return {
        "parameter": sweep.name,
        key: list(sweep.values),
        "own": sweep.own,
        "wavelength_um": {
            name: sweep.series(name, lambda mode: mode.wavelength) for name in sweep.families
        },
        "q": {
            name: sweep.series(name, lambda mode: mode.quality_factor) for name in sweep.families
        },
    }


def draw_sweep(sweep: ModeSweep) -> Figure:
    """Return wavelength (left) and Q (right) of every family over the parameter."""
    from matplotlib.figure import Figure

    from studies.pictures import plain_logarithm

    new = Figure(figsize=(9.2, 3.6), layout="constrained")
    left, right = new.subplots(1, 2)
    scale = 1e3 if sweep.unit == "nm" else 1.0
    at = [scale * value for value in sweep.values]
    styles = family_styles(sweep.families)
    for name in sweep.families:
        waves = sweep.series(name, lambda mode: 1e3 * mode.wavelength)
        quality = sweep.series(name, lambda mode: min(abs(mode.quality_factor), _HIGHEST))
        left.plot(at, waves, label=name, **styles[name])
        right.plot(at, quality, **styles[name])
    for ax in (left, right):
        ax.axvline(scale * sweep.own, color="0.6", lw=1, zorder=0)
        ax.set_xlabel(f"{sweep.name} (nm)" if sweep.unit == "nm" else sweep.name)
    left.set_ylabel("wavelength (nm)")
    right.set_ylabel("Q of the endless lattice")
    right.set_yscale("log")
    if dark := _dark(sweep):
        right.set_ylim(top=5 * _HIGHEST)
        text = f"Q > 10$^7$: {', '.join(dark)}"
        right.annotate(
            text, (0, _HIGHEST), xycoords=("axes fraction", "data"), xytext=(5, 6),
            textcoords="offset points", fontsize="small",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )  # fmt: skip
    plain_logarithm(right.yaxis)
    new.legend(loc="outside right center", fontsize="small")
    return new
