"""Names of modes: polarisation relative to the wall, and orders from counting field nodes.

TE and TM are used as on the sphere: TE has its electric field along the wall in the (r, z)
plane, TM has it across the wall. For a flat disk TE is the E_z-like and TM the E_r-like family.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cavities.body_of_revolution import BodyOfRevolution
from solvers.axisymmetric.fields import sample
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
    r, z = _grid(system, wavelength)
    points = [a.ravel() for a in np.meshgrid(r, z)]
    values = sample(system, vector, wavelength, *points)
    shape = (len(z), len(r))
    field = np.stack([values[n].reshape(shape) for n in ("E_r", "E_z")])
    energy = np.nan_to_num((np.abs(field) ** 2).sum(axis=0))
    azimuthal = np.abs(values["E_phi"].reshape(shape)) ** 2
    eps = np.nan_to_num(values["eps"].reshape(shape).real)
    density = eps * np.nan_to_num(energy + azimuthal)
    row, column = np.unravel_index(np.argmax(np.where(eps > 0, energy, 0)), shape)
    angle = _wall_angle(system.body, float(z[row]))
    across = math.cos(angle) * field[0] + math.sin(angle) * field[1]
    along = -math.sin(angle) * field[0] + math.cos(angle) * field[1]
    across_energy = float(np.nansum(np.abs(across) ** 2 * r))
    along_energy = float(np.nansum(np.abs(along) ** 2 * r))
    share = across_energy / (across_energy + along_energy)
    polarization = "TE" if share < _TE_BELOW else "TM" if share > _TM_ABOVE else "hybrid"
    strong = np.nan_to_num(across if share > 0.5 else along)
    # The fields of a high-Q mode are real up to one phase.
    phase = np.exp(-0.5j * np.angle(np.sum(strong**2)))
    real = (strong * phase).real
    return ModeLabel(
        polarization=polarization,
        radial_order=_nodes(real, r, z, (row, column), angle),
        axial_order=_nodes(real, r, z, (row, column), angle + math.pi / 2),
        across_share=share,
        peak_energy=float(density.max()),
    )


def _grid(system: System, wavelength: float) -> tuple[Floats, Floats]:
    """Return r and z (um) over the body, about ten points per local wavelength."""
    domain = system.mesh.domain
    left, bottom, right, top = _bounds(system.body)
    left = max(left, domain.inner)
    step = wavelength / 16
    columns = int(np.clip((right - left) / step, 24, 400))
    rows = int(np.clip((top - bottom) / step, 24, 400))
    return np.linspace(left, right, columns), np.linspace(bottom, top, rows)


@functools.lru_cache(maxsize=8)
def _bounds(body: BodyOfRevolution) -> tuple[float, float, float, float]:
    bounds = np.asarray([region.outline.polygon(1e-3).bounds for region in body.regions])
    return (
        float(bounds[:, 0].min()),
        float(bounds[:, 1].min()),
        float(bounds[:, 2].max()),
        float(bounds[:, 3].max()),
    )


@functools.lru_cache(maxsize=256)
def _wall_angle(body: BodyOfRevolution, height: float) -> float:
    """Return the angle (rad) from r to the outward normal of the outer wall at a height."""
    best_radius, best_angle = -1.0, 0.0
    for region in body.regions:
        points = region.outline.points(1e-4)
        following = np.roll(points, -1, axis=0)
        low, high = points[:, 1], following[:, 1]
        crossing = (np.minimum(low, high) <= height) & (height < np.maximum(low, high))
        for start, end in zip(points[crossing], following[crossing], strict=True):
            share = (height - start[1]) / (end[1] - start[1])
            radius = start[0] + share * (end[0] - start[0])
            if radius > best_radius:
                tangent = (end - start) * np.sign(end[1] - start[1])
                best_radius = float(radius)
                best_angle = math.atan2(-tangent[0], tangent[1])
    return best_angle


def _nodes(real: Floats, r: Floats, z: Floats, peak: tuple[np.intp, np.intp], angle: float) -> int:
    """Count sign changes along the line through the peak, where the field is not negligible."""
    from scipy.ndimage import map_coordinates

    reach = math.hypot(r[-1] - r[0], z[-1] - z[0])
    distance = np.linspace(-reach, reach, 1601)
    columns = (r[peak[1]] + distance * math.cos(angle) - r[0]) / (r[1] - r[0])
    rows = (z[peak[0]] + distance * math.sin(angle) - z[0]) / (z[1] - z[0])
    line = map_coordinates(real, [rows, columns], order=1, mode="constant", cval=0.0)
    strong = line[np.abs(line) > 0.04 * np.abs(real).max()]
    return int(np.count_nonzero(np.diff(np.sign(strong))))
