"""Mode sets as a compact HTML table for notebooks and reports."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable

from solvers.modes import Mode, ModeSet

__all__ = ["modes_to_html"]

_NUMBER_STYLE = "text-align:right;padding:1px 8px"
_TEXT_STYLE = "text-align:left;padding:1px 8px;white-space:nowrap"


def modes_to_html(modes: ModeSet, *, max_rows: int = 24, max_regions: int = 4) -> str:
    """Return a self-contained HTML table: label, wavelength, Q, main loss, confinement, volume.

    Args:
        modes: the modes.
        max_rows: longer sets show their first rows and say how many were left out.
        max_regions: confinement columns, the regions with the largest fraction in any mode.

    Returns:
        A `div` without scripts or outside references.
    """
    regions = _main_regions(modes, max_regions)
    heads = ["", "mode", "wavelength (um)", "Q", "main loss"]
    heads += [f"in {region}" for region in regions] + ["volume (um<sup>3</sup>)"]
    escaped = [head if "<sup>" in head else html.escape(head) for head in heads]
    lines = [
        f"<div><strong>ModeSet</strong>: {html.escape(modes.summary())}",
        '<table style="border-collapse:collapse;font-variant-numeric:tabular-nums">',
        _row("th", escaped),
    ]
    for position, mode in enumerate(modes[:max_rows]):
        fractions = [_fraction(mode.confinement.get(region, math.nan)) for region in regions]
        cells = [
            str(position),
            html.escape(mode.label),
            format(mode.wavelength, ".6f"),
            _power(mode.quality_factor),
            html.escape(_main_loss(mode)),
            *fractions,
            "" if math.isnan(mode.mode_volume) else format(mode.mode_volume, ".4g"),
        ]
        lines.append(_row("td", cells))
    lines.append("</table>")
    if len(modes) > max_rows:
        lines.append(f"<em>and {len(modes) - max_rows} more</em>")
    lines.append("</div>")
    return "\n".join(lines)


def _row(tag: str, cells: Iterable[str]) -> str:
    styles = (_TEXT_STYLE if i in (1, 4) else _NUMBER_STYLE for i, _ in enumerate(cells))
    body = "".join(f'<{tag} style="{s}">{c}</{tag}>' for s, c in zip(styles, cells, strict=True))
    return f"<tr>{body}</tr>"


def _main_regions(modes: ModeSet, count: int) -> list[str]:
    """Return the regions with the largest fraction in any mode, largest first."""
    largest: dict[str, float] = {}
    for mode in modes:
        for region, fraction in mode.confinement.items():
            largest[region] = max(largest.get(region, -math.inf), fraction)
    return sorted(largest, key=lambda region: -largest[region])[:count]


def _main_loss(mode: Mode) -> str:
    """Return the channel with the largest 1/Q and its share of the total loss."""
    lossy = {name: value for name, value in mode.quality_factors.items() if 1 / value > 0}
    if not lossy:
        return ""
    channel = min(lossy, key=lambda name: lossy[name])
    share = mode.quality_factor / mode.quality_factors[channel]
    return f"{channel} {share:.0%}" if 0 < share <= 1 else channel


def _fraction(value: float) -> str:
    if math.isnan(value):
        return ""
    return format(value, ".4f" if value == 0 or abs(value) >= 1e-3 else ".1e")


def _power(value: float) -> str:
    """Return a number in powers of ten, or the sign for infinity."""
    if math.isinf(value):
        return "∞"
    if 1 <= abs(value) < 1e4:
        return f"{value:.4g}"
    mantissa, exponent = f"{value:.2e}".split("e")
    return f"{mantissa}×10<sup>{int(exponent)}</sup>"
