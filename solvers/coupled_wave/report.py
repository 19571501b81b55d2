"""Text and tables of coupled-wave results."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from solvers.coupled_wave.finite_area import FiniteSpectrum
    from solvers.coupled_wave.solve_coupling import Coupling

__all__ = ["coupling_report", "finite_report", "finite_table"]


def coupling_report(found: Coupling) -> str:
    """Return constants, band edges and notes as text."""
    lines = [
        f"Bragg wavelength {1e3 * found.wavelength:.3f} nm, effective index "
        f"{found.effective_index:.4f}, group index {found.group_index:.4f}",
        "constants (1/cm, amplitude): "
        + ", ".join(f"{name} {_complex(value)}" for name, value in found.constants_per_cm.items()),
        "edge  symmetry  wavelength nm     Q           loss 1/cm",
    ]
    for edge in found.band_edges:
        lines.append(
            f"{edge.name:4s}  {edge.symmetry or '-':8s}  {1e3 * edge.wavelength:12.3f}  "
            f"{edge.quality_factor:10.4g}  {edge.loss_per_cm:11.4g}"
        )
    return "\n".join([*lines, *(f"note: {note}" for note in found.notes)])


def finite_table(found: FiniteSpectrum) -> pd.DataFrame:
    """Return one row per mode, units in the column names."""
    import pandas as pd

    rows = [
        {
            "band_edge": mode.band_edge,
            "wavelength_um": mode.wavelength,
            "alpha_l": mode.alpha_l,
            "alpha_per_cm": mode.alpha_per_cm,
            **{f"{name}_per_cm": value for name, value in mode.losses_per_cm.items()},
            "threshold_gain_per_cm": mode.threshold_gain_per_cm,
            "q": mode.quality_factor,
            "overlap": mode.overlap,
            "loss_error_per_cm": mode.loss_error_per_cm,
        }
        for mode in found.modes
    ]
    return pd.DataFrame(rows)


def finite_report(found: FiniteSpectrum) -> str:
    """Return the modes and their losses as text."""
    lines = [
        f"{found.lengths[0]:g} x {found.lengths[1]:g} um, {found.nodes} nodes a side, "
        f"{found.unresolved} unresolved eigenvalues left out",
        "edge  wavelength nm  alpha L   alpha 1/cm  edge   down   up     rest   gain 1/cm",
    ]
    for mode in found.modes:
        parts = list(mode.slope_parts.values())
        gain = mode.threshold_gain_per_cm
        lines.append(
            f"{mode.band_edge:4s}  {1e3 * mode.wavelength:13.3f}  {mode.alpha_l:8.4g}  "
            f"{mode.alpha_per_cm:10.4g}  "
            + "  ".join(f"{part:5.1%}" for part in parts)
            + ("" if math.isnan(gain) else f"  {gain:9.4g}")
        )
    lines.append(
        f"margin to the next mode {found.selectivity_per_cm:.4g} 1/cm; envelopes of many lobes "
        f"accumulate at {found.line_limit_per_cm:.4g} 1/cm (amplitude)"
    )
    return "\n".join([*lines, *(f"note: {note}" for note in found.notes)])


def _complex(value: complex) -> str:
    if abs(value.imag) < 1e-9 * abs(value):
        return f"{value.real:.1f}"
    return f"{value.real:.1f}{value.imag:+.1f}i"
