"""How fast the interfaces of a body move when a parameter of the cavity changes.

Bodies at neighbouring values of the parameter correspond by construction: same regions, same
segments. A point of a mesh edge is found on its segment (number and parameter 0..1); the
displacement of that point is taken from the neighbouring bodies. Motion along the interface
does not matter, so that the parametrisation of a segment is free.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cavities.body_of_revolution import BodyOfRevolution, LayeredBackground
from cavities.material import Material

__all__ = [
    "STENCILS",
    "Attachment",
    "attach",
    "interface_velocity",
    "material_entries",
    "material_key",
    "same_shape",
    "same_topology",
]

Floats = NDArray[np.float64]
Curve = tuple[int, int]

_BACKGROUND = -1  # in place of a region's number: curves (-1, j) are the layers' interfaces

# Finite differences over bodies at p + step * offset; the second one is for control.
_CENTRAL = ({-2: 1 / 12, -1: -2 / 3, 1: 2 / 3, 2: -1 / 12}, {-2: -0.25, 2: 0.25})
_FORWARD = ({0: -1.5, 1: 2.0, 2: -0.5}, {0: -0.5, 2: 0.5})
_BACKWARD = ({0: 1.5, -1: -2.0, -2: 0.5}, {0: 0.5, -2: -0.5})
STENCILS = (_CENTRAL, _FORWARD, _BACKWARD)


@dataclass(frozen=True, kw_only=True, eq=False)
class Attachment:
    """A mesh edge that lies on a curve of the body, at these parameters (points,)."""

    edge: int
    curve: Curve
    parameters: Floats


def material_entries(body: BodyOfRevolution) -> list[tuple[str, Material]]:
    """Return region name and material of every region, then of every piece of the background."""
    entries = [(region.name, region.material) for region in body.regions]
    background = body.background
    if not isinstance(background, LayeredBackground):
        return [*entries, ("background", background)]
    layers = [(layer.name, layer.material) for layer in background.layers]
    ends = [("substrate", background.substrate), ("superstrate", background.superstrate)]
    return [*entries, *layers, *ends]


def material_key(region: str, material: Material) -> tuple[str, str]:
    """Return the key of a region's energies: its name and the content hash of its material."""
    return region, material.content_hash()


def same_shape(body: BodyOfRevolution, other: BodyOfRevolution) -> bool:
    """Whether two bodies differ in their materials only."""
    return _outlines(body) == _outlines(other) and _heights(body) == _heights(other)


def same_topology(body: BodyOfRevolution, other: BodyOfRevolution) -> bool:
    """Whether two bodies have the same regions, segments and layers."""

    def signature(item: BodyOfRevolution) -> object:
        layers = item.background
        names = isinstance(layers, LayeredBackground) and [a.name for a in layers.layers]
        return [(r.name, len(r.outline.segments)) for r in item.regions], names

    return signature(body) == signature(other)


def attach(body: BodyOfRevolution, points: Floats) -> tuple[Attachment, ...]:
    """Find the curves on which mesh edges lie; where curves coincide, all of them.

    Args:
        body: the body that was meshed.
        points: points of every edge (edges, points, 2) in um.

    Raises:
        RuntimeError: an edge lies on no curve.
    """
    low, high = points.min(axis=1), points.max(axis=1)
    reach = 1e-3 * np.hypot(*(high - low).T) + 1e-9
    found: list[Attachment] = []
    for curve, samples in _curves(body).items():
        bend = np.abs(np.diff(samples, axis=0)).max()
        near = np.all(low >= samples.min(axis=0) - bend - reach[:, None], axis=1)
        near &= np.all(high <= samples.max(axis=0) + bend + reach[:, None], axis=1)
        for edge in np.flatnonzero(near):
            parameters, distance = _nearest(body, curve, samples, points[edge])
            if distance <= reach[edge]:
                found.append(Attachment(edge=int(edge), curve=curve, parameters=parameters))
    for j, height in enumerate(_heights(body)):
        for edge in np.flatnonzero(np.abs(points[..., 1] - height).max(axis=1) <= reach):
            curve = (_BACKGROUND, j)
            found.append(Attachment(edge=int(edge), curve=curve, parameters=points[edge, :, 0]))
    lost = set(range(len(points))) - {item.edge for item in found}
    if lost:
        at = points[min(lost)].mean(axis=0)
        raise RuntimeError(
            f"interface: a mesh edge at r = {at[0]:.6g}, z = {at[1]:.6g} um lies on no outline"
        )
    return tuple(found)


def interface_velocity(
    points: Floats,
    normals: Floats,
    attachments: tuple[Attachment, ...],
    bodies: Mapping[int, BodyOfRevolution],
    step: float,
) -> Floats:
    """Return the normal velocity (edges, points) of the interfaces.

    Args:
        points, normals: on the mesh edges (edges, points, 2).
        attachments: curves of the edges.
        bodies: by their offset in steps: -2, -1, 1, 2, or 0, 1, 2, or 0, -1, -2.
        step: change of the parameter from one body to the next.

    Raises:
        ValueError: interfaces that coincide move apart, or one does not move smoothly.
    """
    fine, control = next(pair for pair in STENCILS if pair[0].keys() == bodies.keys())
    places = {
        offset: [_points(body, item.curve, item.parameters) for item in attachments]
        for offset, body in bodies.items()
    }
    total = np.full(points.shape[:2], np.nan)
    checked = np.zeros(len(attachments))
    speeds = []
    for number, item in enumerate(attachments):
        velocity, coarse = (
            sum(weight * places[offset][number] for offset, weight in weights.items()) / step
            for weights in (fine, control)
        )
        checked[number] = np.abs(velocity - coarse).max()
        speeds.append(np.sum(velocity * normals[item.edge], axis=1))
    fastest = max(float(np.abs(speed).max()) for speed in speeds)
    # Outlines that are fitted (splines) carry noise of the order of 1e-8 um.
    slack = 1e-3 * fastest + 1e-7 / step
    if checked.max() > 20 * slack:
        at = points[attachments[int(checked.argmax())].edge].mean(axis=0)
        raise ValueError(
            f"parameter: the interface at r = {at[0]:.4g}, z = {at[1]:.4g} um must move smoothly, "
            f"got a jump within {2 * step:.3g}; give a smaller step"
        )
    for item, speed in zip(attachments, speeds, strict=True):
        apart = np.abs(total[item.edge] - speed).max()
        if apart > slack:
            at = points[item.edge].mean(axis=0)
            raise ValueError(
                f"parameter: interfaces that coincide (r = {at[0]:.4g}, z = {at[1]:.4g} um) must "
                "move together, got a gap that opens or closes; solve at two values instead"
            )
        total[item.edge] = speed
    return total


def _outlines(body: BodyOfRevolution) -> list[object]:
    return [region.outline for region in body.regions]


def _heights(body: BodyOfRevolution) -> list[float]:
    background = body.background
    return background.interfaces() if isinstance(background, LayeredBackground) else []


def _curves(body: BodyOfRevolution) -> dict[Curve, Floats]:
    """Return points along every segment of every region."""
    grid = np.linspace(0.0, 1.0, 401)
    return {
        (i, j): _points(body, (i, j), grid)
        for i, region in enumerate(body.regions)
        for j in range(len(region.outline.segments))
    }


def _points(body: BodyOfRevolution, curve: Curve, parameters: Floats) -> Floats:
    i, j = curve
    if i == _BACKGROUND:
        return np.column_stack([parameters, np.full(len(parameters), _heights(body)[j])])
    outline = body.regions[i].outline
    start = outline.start if j == 0 else outline.segments[j - 1].end
    return np.asarray(outline.segments[j].points(start, parameters))


def _nearest(
    body: BodyOfRevolution, curve: Curve, samples: Floats, points: Floats
) -> tuple[Floats, float]:
    """Return the parameters of the nearest points of a curve, and the largest distance."""
    squares = np.sum((points[:, None] - samples) ** 2, axis=-1)
    t = squares.argmin(axis=1) / (len(samples) - 1)
    for _ in range(4):
        before, after = np.clip(t - 1e-5, 0, 1), np.clip(t + 1e-5, 0, 1)
        here, low, high = np.split(_points(body, curve, np.concatenate([t, before, after])), 3)
        tangent = (high - low) / (after - before)[:, None]
        t = t + np.sum((points - here) * tangent, axis=1) / np.sum(tangent**2, axis=1)
        t = np.clip(t, 0.0, 1.0)
    gaps = points - _points(body, curve, t)
    return t, float(np.hypot(*gaps.T).max())
