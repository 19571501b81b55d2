"""The picture of a verification: the same mode by both methods, one above the other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from studies.cavity_table import is_planar

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from studies.verify import Comparison, Verification

__all__ = ["draw_verification"]

MOST = 3
"""So many modes are drawn, those of the highest Q."""


def draw_verification(result: Verification, path: Path) -> Path | None:
    """Draw both fields of the modes that both methods have; None when there is none."""
    from matplotlib import pyplot as plt

    from studies.pictures import STYLE

    rows = [
        row
        for row in result.rows
        if row.engine is not None
        and row.engine.sampler is not None
        and row.default.sampler is not None
    ][:MOST]
    planar = is_planar(result.design.cavity)
    if not rows or not (planar or callable(getattr(result.design.cavity, "body", None))):
        return None
    with plt.rc_context(STYLE):
        figure = _planar(rows, result) if planar else _bodies(rows, result)
        figure.savefig(path)
        plt.close(figure)
    return path


def _bodies(rows: list[Comparison], result: Verification) -> Figure:
    from matplotlib import pyplot as plt

    from solvers.plot_mode_field import plot_mode_field

    body = result.design.cavity.body()  # type: ignore[attr-defined]
    outlines = [region.outline.points(1e-3) for region in body.regions]
    outlines = [np.vstack([line, line[:1]]) for line in outlines]
    bounds = np.concatenate(outlines)
    margin = 0.5 * sum(result.design.solver.wavelength) / 2
    r = np.linspace(0.0, float(bounds[:, 0].max()) + margin, 240)
    if bounds[:, 0].max() > 6 * margin:  # light is at the rim of large bodies
        r = r[r > 0.4 * bounds[:, 0].max()]
    z = np.linspace(bounds[:, 1].min() - margin, bounds[:, 1].max() + margin, 200)
    figure, axes = plt.subplots(
        2, len(rows), figsize=(3.6 * len(rows) + 0.6, 6.4), squeeze=False, layout="constrained"
    )
    for column, row in enumerate(rows):
        for line, mode in enumerate((row.default, row.engine)):
            if mode is None:
                continue
            ax = plot_mode_field(
                mode, r, z, component="|E|^2", outline=outlines, ax=axes[line, column]
            )
            quality = f"Q = {mode.quality_factor:.4g}"
            ax.set_title(f"{mode.method}\n{1e3 * mode.wavelength:.3f} nm, {quality}")
    return figure


def _planar(rows: list[Comparison], result: Verification) -> Figure:
    from matplotlib import pyplot as plt

    stack = result.design.cavity.stack()  # type: ignore[attr-defined]
    edges = stack.interfaces()
    margin = 0.25 * sum(result.design.solver.wavelength)
    z = np.linspace(edges[0] - margin, edges[-1] + margin, 1500)
    figure, axes = plt.subplots(
        len(rows), 1, figsize=(7.0, 2.4 * len(rows) + 0.6), squeeze=False, layout="constrained"
    )
    for ax, row in zip(axes[:, 0], rows, strict=True):
        for mode, style in ((row.default, "-"), (row.engine, "--")):
            if mode is None:
                continue
            data = mode.field(0.0, z)
            square = sum(np.abs(data[n].values[0]) ** 2 for n in ("E_r", "E_phi", "E_z"))
            label = f"{mode.method}: {1e3 * mode.wavelength:.3f} nm, Q = {mode.quality_factor:.4g}"
            ax.plot(z, square / np.nanmax(square), style, linewidth=1.2, label=label)
        for edge in edges:
            ax.axvline(edge, color="0.85", linewidth=0.6, zorder=0)
        ax.set(xlabel="z (µm)", ylabel="|E|² / max", ylim=(0, 1.35), xlim=(z[0], z[-1]))
        ax.legend(loc="upper right", ncols=2)
    return figure
