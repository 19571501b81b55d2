"""Shapes of a unit cell as objects of MPB."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cavities.cell_shape import Circle
from cavities.periodic_stack import Inclusion
from solvers.band_structure.job import CrystalCylinder, CrystalObject, CrystalPrism
from solvers.band_structure.lossless_media import LosslessMedia

__all__ = ["pattern_objects"]

Floats = NDArray[np.float64]

_CHORD = 1e-4
"""Chord error of curved outlines that are no circles, over the size of the shape."""


def pattern_objects(
    inclusions: Sequence[Inclusion],
    media: LosslessMedia,
    *,
    vectors: Floats,
    centre: tuple[float, float],
    unit: float,
    heights: tuple[float, float] | None = None,
) -> list[CrystalObject]:
    """Return the inclusions of one layer as objects, in their order.

    Args:
        inclusions: an inner one after the one it lies in.
        media: permittivities.
        vectors: primitive vectors as rows (um).
        centre: what becomes the origin (um).
        unit: length unit of the job (um).
        heights: bottom and top in that unit; None: without end.
    """
    objects: list[CrystalObject] = []
    bottom, top = heights if heights is not None else (0.0, 0.0)
    height = top - bottom if heights is not None else None
    for part in inclusions:
        epsilon = media.epsilon(part.material)
        local = np.array(part.shape.centroid) - centre
        dx, dy = -np.round(local @ np.linalg.inv(vectors)) @ vectors - centre
        shape = part.shape.translated(float(dx), float(dy)).scaled(1 / unit)
        if isinstance(shape, Circle):
            place = (*shape.center, (bottom + top) / 2)
            objects.append(
                CrystalCylinder(epsilon=epsilon, center=place, radius=shape.radius, height=height)
            )
            continue
        corners = tuple((float(x), float(y)) for x, y in shape.outline(_CHORD * shape.reach))
        objects.append(CrystalPrism(epsilon=epsilon, corners=corners, bottom=bottom, height=height))
    return objects
