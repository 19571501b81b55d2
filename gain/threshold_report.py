"""Text, HTML and table forms of a threshold result."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from gain.lasing_threshold import ThresholdResult

__all__ = ["threshold_html", "threshold_summary", "threshold_table", "threshold_text"]


def threshold_table(result: ThresholdResult) -> pd.DataFrame:
    """Return one row per mode, in the modes' order, units in the column names."""
    import pandas as pd

    columns = {
        "mode": list(result.labels),
        "wavelength_um": result.wavelength,
        "quality_factor": result.quality_factor,
        "confinement": result.confinement,
        "gain_overlap": result.gain_overlap,
        "figure_of_merit": result.figure_of_merit,
        "material_gain_per_cm": result.material_gain_per_cm,
        "absorbed_photons": result.absorbed_photons,
    }
    if result.fluence_uj_per_cm2 is not None:
        columns["fluence_uj_per_cm2"] = result.fluence_uj_per_cm2
    if result.intensity_w_per_cm2 is not None:
        columns["intensity_w_per_cm2"] = result.intensity_w_per_cm2
    return pd.DataFrame(columns)


def threshold_summary(result: ThresholdResult) -> str:
    """Return one sentence: which mode lases first and at what pump, or that none does."""
    count = len(result.labels)
    able = int(np.count_nonzero(~np.isnan(result.absorbed_photons)))
    if result.lasing_index is None:
        best = float(np.max(result.figure_of_merit))
        return (
            f"None of the {count} modes lases at any pump: the largest figure of merit is "
            f"K = {best:.3g}."
        )
    text = (
        f"{result.lasing_label} lases first, at {1e3 * result.lasing_wavelength:.2f} nm "
        f"({result.lasing_redshift_nm:+.1f} nm from the emission peak), "
        f"N = {result.lasing_absorbed_photons:.4g} absorbed photons per nanocrystal"
    )
    if result.fluence_uj_per_cm2 is not None:
        text += f", {result.lasing_fluence_uj_per_cm2:.4g} uJ/cm^2"
    if result.intensity_w_per_cm2 is not None:
        text += f", {result.lasing_intensity_w_per_cm2:.4g} W/cm^2 CW"
    return f"{text}; {able} of {count} modes can lase."


def _rows(result: ThresholdResult, rows: int) -> tuple[list[str], list[list[str]]]:
    head = ["mode", "wavelength (nm)", "Q", "Gamma", "K", "gain (1/cm)", "N"]
    columns = [
        list(result.labels),
        [f"{1e3 * x:.3f}" for x in result.wavelength],
        [f"{x:.0f}" if x < 1e6 else f"{x:.4g}" for x in result.quality_factor],
        [f"{x:.4f}" for x in result.gain_overlap],
        [f"{x:.4g}" for x in result.figure_of_merit],
        [f"{x:.4g}" for x in result.material_gain_per_cm],
        ["never" if np.isnan(x) else f"{x:.4g}" for x in result.absorbed_photons],
    ]
    for name, values in (
        ("F (uJ/cm^2)", result.fluence_uj_per_cm2),
        ("I (W/cm^2)", result.intensity_w_per_cm2),
    ):
        if values is not None:
            head.append(name)
            columns.append(["never" if np.isnan(x) else f"{x:.4g}" for x in values])
    order = np.argsort(result.absorbed_photons, kind="stable")[:rows]  # nan sorts last
    return head, [[column[i] for column in columns] for i in order]


def threshold_text(result: ThresholdResult, *, rows: int = 10) -> str:
    """Return the summary and a table of the `rows` modes with the lowest thresholds."""
    head, body = _rows(result, rows)
    widths = [max(map(len, column)) for column in zip(head, *body, strict=True)]
    lines = [
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in [head, *body]
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    medium = f"Medium: {result.medium.name}, C sigma_0 = {result.medium.peak_gain_per_cm:.4g} /cm."
    return "\n".join([threshold_summary(result), medium, "", *lines])


def threshold_html(result: ThresholdResult, *, rows: int = 10) -> str:
    """Return the same as an HTML fragment, for notebooks and reports."""
    head, body = _rows(result, rows)
    cells = "".join(f"<th>{escape(text)}</th>" for text in head)
    lines = "".join(
        "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in body
    )
    return (
        f"<p>{escape(threshold_summary(result))}</p>"
        f"<table><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table>"
    )
