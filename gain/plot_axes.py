"""Axes of the package's pictures: a new figure where none is given, plain log labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

__all__ = ["new_axes", "plain_log_labels"]


def new_axes(ax: Axes | None) -> Axes:
    """Return `ax`, or the axes of a new figure where it is None."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    _, new = plt.subplots(layout="constrained")
    return new


def plain_log_labels(axis: Axis) -> None:
    """Label a logarithmic axis 0.1, 0.2, 0.5, 1, ... instead of powers of ten."""
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axis.set_minor_formatter(NullFormatter())
