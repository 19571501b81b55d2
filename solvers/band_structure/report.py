"""A band structure as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from solvers.band_structure.band_structure import BandStructure

__all__ = ["band_report"]

_MOST_BANDS = 12


def band_report(bands: BandStructure) -> str:
    """Return the bands at the named points, the gaps, the band edges and the doubts.

    Wavelengths are in um, frequencies are period/wavelength. A star marks leaky bands: those
    above the light cone.
    """
    lines = [repr(bands), f"period {bands.period:g} um"]
    if bands.outer_index is not None:
        lines[-1] += f", light cone of n = {bands.outer_index:.4g}"
    shown: set[str] = set()
    for index, name in bands.corners:
        if name in shown:
            continue
        shown.add(name)
        lines += ["", name, *_rows(bands, index)]
    gaps = bands.gaps()
    lines += ["", "Gaps" if bands.outer_index is None else "Gaps of the guided modes"]
    lines += [f"  {gap}" for gap in gaps] or ["  none"]
    lines += _edges(bands)
    doubts = bands.provenance.get("warnings", [])
    if doubts:
        lines += ["", "Doubts", *(f"  {doubt}" for doubt in doubts)]
    return "\n".join(lines)


def _rows(bands: BandStructure, index: int) -> list[str]:
    head = "  band  frequency  wavelength  symmetry"
    if bands.core_share is not None:
        head += "  in layers"
    if bands.group_velocity is not None:
        head += "  |v|/c"
    rows = [head]
    for band in range(min(bands.bands, _MOST_BANDS)):
        leaky = "" if bands.guided[index, band] else "*"
        symmetry = bands.symmetry[index][band] or "-"
        row = (
            f"  {band + 1:4d}  {bands.frequency[index, band]:9.6f}"
            f"  {bands.wavelength[index, band]:10.6f}  {symmetry + leaky:8s}"
        )
        if bands.core_share is not None:
            row += f"  {bands.core_share[index, band]:9.3f}"
        if bands.group_velocity is not None:
            row += f"  {np.hypot(*bands.group_velocity[index, band]):5.3f}"
        rows.append(row.rstrip())
    if bands.bands > _MOST_BANDS:
        rows.append(f"  ... and {bands.bands - _MOST_BANDS} more")
    return rows


def _edges(bands: BandStructure) -> list[str]:
    lines: list[str] = []
    kinds = ("TE", "TM") if bands.polarization == "all" else (bands.polarization,)
    for kind in kinds:
        try:
            edges = bands.band_edges(kind)
        except ValueError:
            continue
        lines += ["", f"Band edges at Gamma, {kind}"]
        for edge in edges.values():
            row = (
                f"  {edge.name}  band {edge.band}, {edge.symmetry}: {edge.frequency:.6f}, "
                f"{edge.wavelength:.6f} um"
            )
            if bands.core_share is not None:
                row += f", {100 * edge.core_share:.0f} % in the layers"
            lines.append(row)
    return lines
