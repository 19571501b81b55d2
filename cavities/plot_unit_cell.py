"""Pictures of periodic cavities: the pattern from above and a cross-section."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from cavities.lattice import Lattice, Vector
from cavities.periodic_stack import PatternedLayer, PeriodicLayer, PeriodicStack
from cavities.region_palette import RegionPalette

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from cavities.cell_shape import CellShape

__all__ = ["draw_unit_cell", "plot_cross_section", "plot_top_view"]

Floats = NDArray[np.float64]

_WALL_STEPS = 64
"""Slices of a sloped wall in a cross-section."""


class _HasUnitCell(Protocol):
    def unit_cell(self) -> PeriodicStack: ...


def draw_unit_cell(
    cavity: _HasUnitCell, *, axes: tuple[Axes, Axes] | None = None
) -> tuple[Axes, Axes]:
    """Draw a periodic cavity from above and in cross-section, with one legend.

    Args:
        cavity: anything with a `unit_cell()`.
        axes: for the two pictures; default: a new figure.

    Example:
        >>> from cavities import hsu_slab
        >>> top, section = draw_unit_cell(hsu_slab())
        >>> top.get_ylabel(), section.get_ylabel()
        ('y (um)', 'z (um)')
    """
    if axes is None:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(9.0, 4.6), layout="constrained")
        axes = figure.subplots(1, 2)
    top, section = axes
    palette = RegionPalette()
    plot_cross_section(cavity, ax=section, palette=palette, legend=False)
    plot_top_view(cavity, ax=top, palette=palette, legend=False)
    handles, labels = _entries(section)
    top.figure.legend(
        handles, labels, frameon=False, loc="outside lower center", ncols=3, fontsize="small"
    )
    return top, section


def plot_top_view(
    cavity: _HasUnitCell,
    *,
    z: float | None = None,
    ax: Axes | None = None,
    palette: RegionPalette | None = None,
    legend: bool = True,
) -> Axes:
    """Draw the pattern from above, with the primitive cell and its two vectors.

    Args:
        cavity: anything with a `unit_cell()`.
        z: height (um) of the plane; None: the middle of the thickest patterned layer.
        ax: axes to draw in; default: a new figure.
        palette: colours, to share between pictures.
        legend: whether to add one.

    Raises:
        ValueError: z outside the layers.
    """
    stack = cavity.unit_cell()
    ax, colors = ax or _axes(), palette or RegionPalette()
    layer, height = _layer_at(stack, z)
    box = _window(stack.lattice)
    first = (layer.name, layer.material.name)
    ax.axhspan(*box[2:], facecolor=colors.color(*first), label=_label(*first), zorder=0)
    for part in layer.at(height) if isinstance(layer, PatternedLayer) else ():
        name = (part.name, part.material.name)
        color = colors.color(*name)
        for outline in _repeated(stack.lattice, part.shape, box):
            x, y = outline.T
            ax.fill(x, y, facecolor=color, edgecolor="0.3", linewidth=0.5, label=_label(*name))
    _draw_cell(ax, stack.lattice)
    ax.set_xlim(box[0], box[1])
    ax.set_ylim(box[2], box[3])
    ax.set_aspect("equal")
    ax.set_xlabel("x (um)")
    ax.set_ylabel("y (um)")
    bottom = stack.interfaces()[stack.layers.index(layer)]
    ax.set_title(f"z = {bottom + height:.3f} um", fontsize="medium")
    if legend:
        _add_legend(ax)
    return ax


def plot_cross_section(
    cavity: _HasUnitCell,
    *,
    through: Vector | None = None,
    direction: Vector | None = None,
    ax: Axes | None = None,
    palette: RegionPalette | None = None,
    legend: bool = True,
) -> Axes:
    """Draw the layers in a vertical plane.

    Args:
        cavity: anything with a `unit_cell()`.
        through: x, y (um) of a point of the plane; None: the centre of the first shape.
        direction: of the plane, seen from above; None: along a1.
        ax: axes to draw in; default: a new figure.
        palette: colours, to share between pictures.
        legend: whether to add one.
    """
    stack = cavity.unit_cell()
    ax, colors = ax or _axes(), palette or RegionPalette()
    along = np.asarray(stack.lattice.a1 if direction is None else direction, dtype=np.float64)
    along = along / np.hypot(*along)
    reach = 1.1 * max(math.hypot(*stack.lattice.a1), math.hypot(*stack.lattice.a2))
    margin = max(0.1, 0.3 * stack.thickness)
    bands = [
        ("substrate", stack.substrate.name, -margin, 0.0),
        ("superstrate", stack.superstrate.name, stack.thickness, stack.thickness + margin),
    ]
    edges = stack.interfaces()
    for layer, bottom, top in zip(stack.layers, edges[:-1], edges[1:], strict=True):
        bands.append((layer.name, layer.material.name, bottom, top))
    for name, material, bottom, top in bands:
        color = colors.color(name, material)
        ax.axhspan(bottom, top, facecolor=color, label=_label(name, material), zorder=0)
    origin = np.asarray(_first_centre(stack) if through is None else through, dtype=np.float64)
    for layer, bottom in zip(stack.layers, edges[:-1], strict=True):
        if isinstance(layer, PatternedLayer):
            _draw_cuts(ax, stack, layer, bottom, origin, along, reach, colors)
    ax.set_xlim(-reach, reach)
    ax.set_ylim(-margin, stack.thickness + margin)
    ax.set_aspect("equal")
    x, y = origin
    ax.set_xlabel("distance in the plane (um)")
    ax.set_ylabel("z (um)")
    angle = math.degrees(math.atan2(along[1], along[0]))
    ax.set_title(f"through ({x:.3f}, {y:.3f}) um at {angle:.0f} deg", fontsize="medium")
    if legend:
        _add_legend(ax)
    return ax


def _axes() -> Axes:
    from matplotlib.figure import Figure

    axes: Axes = Figure(figsize=(6.0, 4.2), layout="constrained").subplots()
    return axes


def _label(name: str, material: str) -> str:
    return f"{name} ({material})"


def _entries(ax: Axes) -> tuple[list[Artist], list[str]]:
    """Return handles and labels of a legend, each region once, from top to bottom."""
    from matplotlib.patches import Patch

    found = zip(*ax.get_legend_handles_labels(), strict=True)
    unique = {label: handle for handle, label in found}
    boxes: list[Artist] = []
    for handle in unique.values():
        face = handle.get_facecolor()  # type: ignore[attr-defined]
        boxes.append(Patch(facecolor=face, edgecolor="0.5", linewidth=0.5))
    return boxes, list(unique)


def _add_legend(ax: Axes) -> None:
    handles, labels = _entries(ax)
    ax.legend(handles, labels, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))


def _layer_at(stack: PeriodicStack, z: float | None) -> tuple[PeriodicLayer, float]:
    """Return the layer at a height and the height above its bottom."""
    edges = stack.interfaces()
    if z is None:
        patterned = [i for i, x in enumerate(stack.layers) if isinstance(x, PatternedLayer)]
        places = patterned or range(len(stack.layers))
        index = max(places, key=lambda i: stack.layers[i].thickness)
        z = (edges[index] + edges[index + 1]) / 2
    if not 0 <= z <= edges[-1]:
        raise ValueError(
            f"z: must lie within the layers, 0 to {edges[-1]:g} um, got {z:g} um; choose another"
        )
    index = min(int(np.searchsorted(edges, z, side="right")) - 1, len(stack.layers) - 1)
    return stack.layers[index], z - edges[index]


def _cell_corners(lattice: Lattice) -> Floats:
    """Return the corners (4, 2) of the primitive cell."""
    a1, a2 = lattice.vectors
    return np.array([0 * a1, a1, a1 + a2, a2])


def _window(lattice: Lattice) -> tuple[float, float, float, float]:
    """Return left, right, bottom, top (um) of what shows the primitive cell and its neighbours."""
    corners, margin = _cell_corners(lattice), 0.6 * lattice.period
    (left, bottom), (right, top) = corners.min(axis=0) - margin, corners.max(axis=0) + margin
    return float(left), float(right), float(bottom), float(top)


def _repeated(
    lattice: Lattice, shape: CellShape, box: tuple[float, float, float, float]
) -> list[Floats]:
    """Return the outlines of a shape and its repetitions that reach into a window."""
    outline = shape.outline(1e-3 * shape.reach)
    far = max(abs(edge) for edge in box) * math.sqrt(2) + shape.reach + math.hypot(*shape.centroid)
    moved = [outline + shift for shift in lattice.translations(far)]
    low, high = np.array([box[0], box[2]]), np.array([box[1], box[3]])
    return [p for p in moved if np.all(p.max(axis=0) > low) and np.all(p.min(axis=0) < high)]


def _draw_cell(ax: Axes, lattice: Lattice) -> None:
    corners = _cell_corners(lattice)
    ax.plot(*np.vstack([corners, corners[:1]]).T, color="black", linestyle="--", linewidth=1.0)
    for name, end in (("a1", lattice.a1), ("a2", lattice.a2)):
        arrow = {"arrowstyle": "->", "linewidth": 1.4, "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", xy=end, xytext=(0.0, 0.0), arrowprops=arrow)
        ax.annotate(name, xy=end, xytext=(3, 3), textcoords="offset points")


def _first_centre(stack: PeriodicStack) -> Vector:
    for layer in stack.layers:
        if isinstance(layer, PatternedLayer):
            return layer.inclusions[0].shape.centroid
    return 0.0, 0.0


def _draw_cuts(
    ax: Axes,
    stack: PeriodicStack,
    layer: PatternedLayer,
    bottom: float,
    origin: Floats,
    along: Floats,
    reach: float,
    colors: RegionPalette,
) -> None:
    """Draw what a vertical plane cuts of the inclusions of a layer."""
    from matplotlib.patches import Rectangle

    fine = layer if layer.is_vertical else layer.changed(slices=_WALL_STEPS)
    pieces = fine.cut()
    for number, piece in enumerate(pieces):
        low = bottom + number * layer.thickness / len(pieces)
        for part in piece.inclusions:
            name = (part.name, part.material.name)
            for start, end in _cuts(stack.lattice, part.shape, origin, along, reach):
                ax.add_patch(
                    Rectangle(
                        (start, low),
                        end - start,
                        piece.thickness,
                        facecolor=colors.color(*name),
                        edgecolor="none",
                        label=_label(*name),
                    )
                )


def _cuts(
    lattice: Lattice, shape: CellShape, origin: Floats, along: Floats, reach: float
) -> list[tuple[float, float]]:
    """Return the ranges (um) of a line that lie in a shape or its repetitions."""
    import shapely

    line = shapely.LineString([origin - reach * along, origin + reach * along])
    polygon = shape.polygon(1e-4 * shape.reach)
    x, y = shape.centroid
    far = reach + shape.reach + math.hypot(x - origin[0], y - origin[1])
    found = []
    for dx, dy in lattice.translations(far):
        # the line moves the other way: one polygon serves all repetitions
        moved = shapely.transform(line, lambda p, d=(dx, dy): p - np.asarray(d))
        common = polygon.intersection(moved)
        for piece in getattr(common, "geoms", [common]):
            if piece.length > 0:
                ends = (np.asarray(piece.coords) + np.array([dx, dy]) - origin) @ along
                found.append((float(ends.min()), float(ends.max())))
    return found
