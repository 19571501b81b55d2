"""From a uniform stack to a patterned one: etch, walls, film in and over the openings."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from cavities.body_of_revolution import Layer
from cavities.cell_shape import CellShape
from cavities.cover_film import ConformalFilm, PlanarFilm
from cavities.material import Material
from cavities.periodic_stack import Inclusion, PatternedLayer, PeriodicLayer

__all__ = ["OPENING", "Etch", "etched_layers"]

OPENING = "opening"
"""Region of what no film fills."""

_THIN = 1e-9
"""Layers thinner than this (um) are left out: rounding of heights."""

Film = PlanarFilm | ConformalFilm | None
Part = tuple[str, Material]
"""Region and material."""


@dataclass(frozen=True, kw_only=True)
class Etch:
    """A pattern etched from the top: shapes at the top, depth (um), walls.

    Attributes:
        holes: whether the shapes are removed; otherwise all but the shapes is.
        wall_angle_deg: of what is left standing; 90: vertical.
        slices: of sloped walls, over the whole depth.
    """

    holes: bool
    shapes: tuple[CellShape, ...]
    depth: float
    wall_angle_deg: float
    slices: int

    def shape_at(self, shape: CellShape, below_top: float) -> CellShape:
        """Return a shape at a depth (um) below the top of the pattern.

        Raises:
            ValueError: nothing of it is left there.
        """
        if self.wall_angle_deg == 90.0 or below_top == 0:
            return shape
        slope = math.tan(math.radians(90.0 - self.wall_angle_deg))
        try:
            return shape.grown(below_top * (-slope if self.holes else slope))
        except ValueError:
            raise ValueError(
                "wall_angle_deg: every shape must be left over the whole etch depth, got "
                f"{self.wall_angle_deg:g} degrees, which closes one {below_top:.4g} um below the "
                "top; use steeper walls, a smaller depth or larger shapes"
            ) from None


@dataclass(frozen=True, kw_only=True)
class _Zone:
    """A range of heights (um) in which nothing changes but the slope of the walls.

    `solid` is the etched layer there, None above the pattern.
    """

    bottom: float
    top: float
    solid: Layer | None


def etched_layers(
    layers: Sequence[Layer], etch: Etch, film: Film, opening: Material
) -> tuple[PeriodicLayer, ...]:
    """Return the layers after etching and coating, from bottom to top.

    Args:
        layers: uniform, from bottom to top.
        etch: the pattern; at most as deep as the layers together.
        film: over the pattern.
        opening: material of what no film fills, region "opening".

    Raises:
        ValueError: a film that ends below the openings or closes them.
    """
    total = math.fsum(layer.thickness for layer in layers)
    floor = total - etch.depth
    ceiling, marks = _film_heights(film, floor, total)
    edges = [0.0, *itertools.accumulate(layer.thickness for layer in layers)]
    result: list[PeriodicLayer] = []
    zones: list[_Zone] = []
    for layer, bottom, top in zip(layers, edges[:-1], edges[1:], strict=True):
        if min(top, floor) - bottom > _THIN:
            result.append(layer.changed(thickness=min(top, floor) - bottom))
        zones += _zones(max(bottom, floor), top, marks, layer)
    zones += _zones(total, ceiling, marks, None)
    return (*result, *(_patterned(zone, etch, film, opening, floor, total) for zone in zones))


def _film_heights(film: Film, floor: float, total: float) -> tuple[float, list[float]]:
    """Return the highest point of the film (or pattern), and the heights where the film ends."""
    if film is None:
        return total, []
    if isinstance(film, ConformalFilm):
        return total + film.thickness, [floor + film.thickness]
    top = total + film.overcoat
    if top <= floor:
        raise ValueError(
            f"overcoat: must be > -etch depth = {floor - total:g} um, so that some film is in the "
            f"openings, got {film.overcoat:g} um; leave the film out instead"
        )
    return max(total, top), [top]


def _zones(bottom: float, top: float, marks: Sequence[float], solid: Layer | None) -> list[_Zone]:
    """Return the pieces of a range of heights between the marks."""
    inner = sorted(z for z in marks if bottom + _THIN < z < top - _THIN)
    pairs = itertools.pairwise([bottom, *inner, top])
    return [_Zone(bottom=a, top=b, solid=solid) for a, b in pairs if b - a > _THIN]


def _patterned(
    zone: _Zone, etch: Etch, film: Film, opening: Material, floor: float, total: float
) -> PeriodicLayer:
    """Return the layer of one zone: what stands, what is on its walls, what is between."""
    thickness = zone.top - zone.bottom
    middle = (zone.bottom + zone.top) / 2
    void: Part = (OPENING, opening)
    coat = void if film is None else (film.name, film.material)
    conformal = isinstance(film, ConformalFilm)
    top_of_fill = _top_of_fill(film, floor, total)
    between = coat if middle < top_of_fill else void
    # what has the outline of the solid: the solid itself, or the film's cap over it
    core: Part = coat if zone.solid is None else (zone.solid.name, zone.solid.material)
    if core == between:
        return Layer(name=core[0], material=core[1], thickness=thickness)
    wall = 0.0
    if conformal and between == void:
        wall = film.on_walls  # type: ignore[union-attr]
    below = max(0.0, total - zone.top)
    shapes = [etch.shape_at(shape, below) for shape in etch.shapes]
    sign = -1.0 if etch.holes else 1.0
    outer = [_moved(shape, sign * wall) for shape in shapes] if wall else shapes
    if zone.solid is None:
        # above the pattern there is only the film's cap, as wide as the coated solid
        nested = [(shape, (void if etch.holes else core)) for shape in outer]
    elif wall and etch.holes:
        nested = [
            pair for s, o in zip(shapes, outer, strict=True) for pair in ((s, coat), (o, void))
        ]
    elif wall:
        nested = [
            pair for s, o in zip(shapes, outer, strict=True) for pair in ((o, coat), (s, core))
        ]
    else:
        nested = [(shape, between if etch.holes else core) for shape in shapes]
    host = core if etch.holes else between
    angle = etch.wall_angle_deg if zone.solid is not None else 90.0
    return PatternedLayer(
        name=host[0],
        material=host[1],
        thickness=thickness,
        inclusions=tuple(
            Inclusion(shape=shape, material=part[1], name=part[0]) for shape, part in nested
        ),
        wall_angle_deg=180.0 - angle if etch.holes else angle,
        shape_height="top",
        slices=max(1, round(etch.slices * thickness / etch.depth)),
    )


def _top_of_fill(film: Film, floor: float, total: float) -> float:
    """Return the height (um) up to which the openings are filled with film from the floor."""
    if film is None:
        return -math.inf
    if isinstance(film, ConformalFilm):
        return floor + film.thickness
    return total + film.overcoat


def _moved(shape: CellShape, distance: float) -> CellShape:
    try:
        return shape.grown(distance)
    except ValueError:
        raise ValueError(
            f"wall_thickness: must leave the openings open, got {abs(distance):g} um; use a "
            "PlanarFilm for a film that fills them"
        ) from None
