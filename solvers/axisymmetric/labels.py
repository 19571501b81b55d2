"""Names of modes: polarisation relative to the wall, and orders from counting field nodes.

TE and TM are used as on the sphere: TE has its electric field along the wall in the (r, z)
plane, TM has it across the wall. For a flat disk TE is the E_z-like and TM the E_r-like family.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from cavities.body_of_revolution import BodyOfRevolution
from solvers.axisymmetric.fields import LocatedPoints, sample
from solvers.axisymmetric.system import System

__all__ = ["ModeLabel", "label_mode"]

Floats = NDArray[np.float64]

_TE_BELOW, _TM_ABOVE = 0.3, 0.7


@dataclass(frozen=True, kw_only=True)
class ModeLabel:
    """What a mode's field looks like, and the peak of eps |E|^2 (field units)."""

    polarization: str
    radial_order: int
    axial_order: int
    across_share: float
    peak_energy: float


def label_mode(system: System, vector: NDArray[np.complex128], wavelength: float) -> ModeLabel:
    """Return the label of an eigenvector (wavelength in um)."""
    r, z, points = _grid(system)
    values = sample(system, points, vector, wavelength)
    shape = (len(z), len(r))
    field = np.stack([values[n].reshape(shape) for n in ("E_r", "E_z")])
    energy = np.nan_to_num((np.abs(field) ** 2).sum(axis=0))
    azimuthal = np.abs(values["E_phi"].reshape(shape)) ** 2
    eps = np.nan_to_num(values["eps"].reshape(shape).real)
    density = eps * np.nan_to_num(energy + azimuthal)
    row, column = np.unravel_index(np.argmax(np.where(eps > 0, energy, 0)), shape)
    wall = _outer_wall(system.body)
    angle = np.interp(z, wall.z, wall.angle)[:, None]
    across = np.cos(angle) * field[0] + np.sin(angle) * field[1]
    along = -np.sin(angle) * field[0] + np.cos(angle) * field[1]
    across_energy = float(np.nansum(np.abs(across) ** 2 * r))
    along_energy = float(np.nansum(np.abs(along) ** 2 * r))
    share = across_energy / (across_energy + along_energy)
    polarization = "TE" if share < _TE_BELOW else "TM" if share > _TM_ABOVE else "hybrid"
    strong = np.nan_to_num(across if share > 0.5 else along)
    if across_energy + along_energy < 1e-6 * float(np.nansum(azimuthal * r)):
        # m = 0: the field is purely azimuthal, along the wall everywhere.
        share, polarization = 0.0, "TE"
        strong = np.nan_to_num(values["E_phi"].reshape(shape))
        row, column = np.unravel_index(np.argmax(np.nan_to_num(azimuthal)), shape)
    # The fields of a high-Q mode are real up to one phase.
    phase = np.exp(-0.5j * np.angle(np.sum(strong**2)))
    real = (strong * phase).real
    radial, axial = wall.lines_through(float(r[column]), float(z[row]))
    return ModeLabel(
        polarization=polarization,
        radial_order=_nodes(real, r, z, radial),
        axial_order=_nodes(real, r, z, axial),
        across_share=share,
        peak_energy=float(density.max()),
    )


# The grid goes when its system goes.
_grids: WeakKeyDictionary[System, tuple[Floats, Floats, LocatedPoints]] = WeakKeyDictionary()


def _grid(system: System) -> tuple[Floats, Floats, LocatedPoints]:
    """Return r and z (um) over the body, about ten points per local wavelength, and their grid."""
    if system in _grids:
        return _grids[system]
    domain = system.mesh.domain
    left, bottom, right, top = _bounds(system.body)
    left = max(left, domain.inner)
    step = min(system.wavelength) / 16
    columns = int(np.clip((right - left) / step, 24, 400))
    rows = int(np.clip((top - bottom) / step, 24, 400))
    r, z = np.linspace(left, right, columns), np.linspace(bottom, top, rows)
    _grids[system] = r, z, LocatedPoints.of(system, *(a.ravel() for a in np.meshgrid(r, z)))
    return _grids[system]


@functools.lru_cache(maxsize=8)
def _bounds(body: BodyOfRevolution) -> tuple[float, float, float, float]:
    bounds = np.asarray([region.outline.polygon(1e-3).bounds for region in body.regions])
    return (
        float(bounds[:, 0].min()),
        float(bounds[:, 1].min()),
        float(bounds[:, 2].max()),
        float(bounds[:, 3].max()),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Wall:
    """The outermost boundary r(z) of the body (um) with the angle of its normal to r (rad)."""

    r: Floats
    z: Floats
    angle: Floats

    def lines_through(self, r: float, z: float) -> tuple[Floats, Floats]:
        """Return the line along the normal and the curve parallel to the wall, both (n, 2)."""
        distance = np.hypot(self.r - r, self.z - z)
        foot = int(np.argmin(distance))
        depth = float(distance[foot])
        normals = np.column_stack([np.cos(self.angle), np.sin(self.angle)])
        points = np.column_stack([self.r, self.z])
        reach = float(np.ptp(self.z) + np.ptp(self.r) + self.r.max())
        across = points[foot] - np.linspace(0, reach, 1601)[:, None] * normals[foot]
        return across, points - depth * normals


@functools.lru_cache(maxsize=8)
def _outer_wall(body: BodyOfRevolution) -> _Wall:
    _, bottom, _, top = _bounds(body)
    heights = np.linspace(bottom, top, 803)[1:-1]
    radius = np.full(len(heights), -1.0)
    angle = np.zeros(len(heights))
    for region in body.regions:
        points = region.outline.points(1e-4)
        for start, end in zip(points, np.roll(points, -1, axis=0), strict=True):
            low, high = sorted((start[1], end[1]))
            chosen = np.flatnonzero((low <= heights) & (heights < high))
            if not len(chosen):
                continue
            share = (heights[chosen] - start[1]) / (end[1] - start[1])
            found = start[0] + share * (end[0] - start[0])
            outer = found > radius[chosen]
            tangent = (end - start) * np.sign(end[1] - start[1])
            radius[chosen[outer]] = found[outer]
            angle[chosen[outer]] = math.atan2(-tangent[0], tangent[1])
    kept = radius > 0
    return _Wall(r=radius[kept], z=heights[kept], angle=angle[kept])


def _nodes(real: Floats, r: Floats, z: Floats, line: Floats) -> int:
    """Count sign changes along a line of points (n, 2) where the field is not negligible."""
    from scipy.ndimage import map_coordinates

    columns = (line[:, 0] - r[0]) / (r[1] - r[0])
    rows = (line[:, 1] - z[0]) / (z[1] - z[0])
    values = map_coordinates(real, [rows, columns], order=1, mode="constant", cval=0.0)
    strong = values[np.abs(values) > 0.04 * np.abs(real).max()]
    return int(np.count_nonzero(np.diff(np.sign(strong))))
