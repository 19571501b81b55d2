"""Alignment marks: cross, corner mark without symmetry, vernier scales."""

from __future__ import annotations

import gdsfactory as gf

from layouts.drawing import draw_polygon, draw_rectangle

__all__ = ["alignment_cross", "corner_mark", "vernier"]


@gf.cell
def alignment_cross(
    *, size: float = 80.0, width: float = 4.0, layer: str = "marks"
) -> gf.Component:
    """Return a cross centred on the origin, one polygon of twelve vertices.

    Args:
        size: length (um) of both bars.
        width: width (um) of both bars.
        layer: name of the layer.

    Raises:
        ValueError: the bars are wider than long.

    Example:
        >>> alignment_cross().bbox().width()
        80.0
    """
    if not 0 < width < size:
        raise ValueError(
            f"width: must be > 0 and < size {size:g} um, got {width:g} um; make the bars thinner"
        )
    a, b = width / 2, size / 2
    corner = [(a, a), (a, b), (-a, b)]
    points = []
    for _ in range(4):
        points += corner
        corner = [(-y, x) for x, y in corner]
    component = gf.Component()
    draw_polygon(component, points, layer)
    component.info["size_um"] = float(size)
    component.info["width_um"] = float(width)
    return component


@gf.cell
def corner_mark(*, size: float = 40.0, layer: str = "marks") -> gf.Component:
    """Return an F, lower left corner at the origin: no rotation or mirror image looks the same.

    Args:
        size: height (um); the stroke is size/5 wide and the long bar 3 size/5.
        layer: name of the layer.

    Example:
        >>> corner_mark().bbox().height()
        40.0
    """
    u = size / 5
    points = [
        (0, 0),
        (0, 5 * u),
        (3 * u, 5 * u),
        (3 * u, 4 * u),
        (u, 4 * u),
        (u, 3 * u),
        (2 * u, 3 * u),
        (2 * u, 2 * u),
        (u, 2 * u),
        (u, 0),
    ]
    component = gf.Component()
    draw_polygon(component, [(float(x), float(y)) for x, y in points], layer)
    return component


@gf.cell
def vernier(
    *,
    pitch: float = 10.0,
    resolution: float = 0.2,
    fingers: int = 5,
    finger_width: float = 4.0,
    finger_length: float = 20.0,
    gap: float = 2.0,
    main_layer: str = "marks",
    vernier_layer: str = "label",
) -> gf.Component:
    """Return two facing combs along x that read the overlay of two layers.

    The main comb (below y = 0) has its fingers at k pitch, the vernier comb (above) at
    k (pitch - resolution), k = -fingers..fingers. When the vernier layer is shifted by +d
    along x, the fingers k = d/resolution line up: the range is +- fingers x resolution.

    Args:
        pitch: pitch (um) of the main comb.
        resolution: smallest overlay (um) that moves the coincidence by one finger.
        fingers: fingers on either side of the middle one, which is longer.
        finger_width, finger_length: size (um) of a finger.
        gap: distance (um) between the two combs.
        main_layer, vernier_layer: names of the two layers.

    Raises:
        ValueError: resolution not within 0..pitch, or fingers that touch each other.

    Example:
        >>> vernier().info["range_um"]
        1.0
    """
    if not 0 < resolution < pitch:
        raise ValueError(
            f"resolution: must be > 0 and < pitch {pitch:g} um, got {resolution:g} um; "
            "a fiftieth of the pitch is usual"
        )
    if not 0 < finger_width < pitch - resolution:
        raise ValueError(
            f"finger_width: must be > 0 and < pitch - resolution = {pitch - resolution:g} um, "
            f"got {finger_width:g} um; make the fingers thinner or the pitch wider"
        )
    component = gf.Component()
    for k in range(-fingers, fingers + 1):
        length = finger_length * (1.4 if k == 0 else 1.0)
        main, moved = k * pitch, k * (pitch - resolution)
        for centre, bottom, top, layer in (
            (main, -gap / 2 - length, -gap / 2, main_layer),
            (moved, gap / 2, gap / 2 + length, vernier_layer),
        ):
            draw_rectangle(
                component,
                left=centre - finger_width / 2,
                bottom=bottom,
                right=centre + finger_width / 2,
                top=top,
                layer=layer,
            )
    component.info["resolution_um"] = float(resolution)
    component.info["range_um"] = float(fingers * resolution)
    return component
