"""From a body of revolution to an FDTD request in cylindrical coordinates."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cavities.body_of_revolution import BodyOfRevolution
from cavities.material import Material
from cavities.outline import Arc, Line, Outline
from solvers.axisymmetric.domain import background_cells, skin_depth
from solvers.engines.job import EngineJob
from solvers.fdtd.material_fit import MaterialFit, fit_material
from solvers.fdtd.request_parts import halton, job_size, sources_and_probes, timing_of
from solvers.fdtd.settings import FdtdSettings

__all__ = ["AxisymmetricRequest", "axisymmetric_courant"]

COMPONENTS = ("Er", "Ep", "Ez")
MAGNETIC = ("Hr", "Hp", "Hz")
OFFSET, RADIAL_OFFSET = 0.25, 0.2
"""Place of z = 0, and of upright walls, in their pixels."""
ACCURATE_AXIS = (2, 4)
"""Orders whose fields near the axis are kept, at the price of a small time step."""


def axisymmetric_courant(azimuthal_order: int, courant: float | None = None) -> float:
    """Return the Courant number for an azimuthal order.

    Up to |m| = 1, and for high orders whose fields within |m| pixels of the axis are set to
    zero (they are far inside the caustic), 0.5 is stable. For 2 <= |m| <= 4 the fields near the
    axis count and the time step is 1/(|m| + 1/2) of a pixel.
    """
    if courant is not None:
        return courant
    low, high = ACCURATE_AXIS
    order = abs(azimuthal_order)
    return min(0.5, 0.9 / (order + 0.5)) if low <= order <= high else 0.5


@dataclass(frozen=True, kw_only=True)
class AxisymmetricRequest:
    """One body of revolution at one azimuthal order, ready to become jobs.

    Attributes:
        body, azimuthal_order, wavelength (window, um), settings.
    """

    body: BodyOfRevolution
    azimuthal_order: int
    wavelength: tuple[float, float]
    settings: FdtdSettings

    def resolutions(self) -> tuple[float, ...]:
        """Return the ladder (pixels per um)."""
        shortest = min(self.wavelength)
        eps = [complex(m.permittivity(shortest)).real for m in self._materials().values()]
        index = math.sqrt(max(*eps, 1.0))
        return self.settings.ladder(shortest, index, self._flat_walls())

    def fits(self) -> dict[str, MaterialFit]:
        """Return the fit of every medium by its key."""
        return {
            key: fit_material(m, self.wavelength, tolerance=self.settings.fit_tolerance)
            for key, m in self._materials().items()
        }

    def fits_by_region(self) -> dict[str, MaterialFit]:
        """Return the fit of every region by its name, the worst where regions share a name."""
        fits = self.fits()
        found: dict[str, MaterialFit] = {}
        for part in (*self._background(), *self.body.regions):
            fit = fits[self._key(part.material)]
            if part.name not in found or fit.error > found[part.name].error:
                found[part.name] = fit
        return found

    def job(self, resolution: float, *, repeat: bool = False, fields: bool = False) -> EngineJob:
        """Return the run at one resolution.

        Args:
            resolution: pixels per um.
            repeat: with other sources and probes, and the absorber farther away.
            fields: split fields at resonance.
        """
        box = self.box(resolution, repeat=repeat)
        fits = self.fits()
        timing = timing_of(self.wavelength, self.settings)
        courant = axisymmetric_courant(self.azimuthal_order, self.settings.courant)
        layers = [
            {"axis": "R", "thickness": box.pml, "side": "high"},
            {"axis": "Z", "thickness": box.pml, "side": "high" if box.closed else "both"},
        ]
        request: dict[str, Any] = {
            "dimensions": "cylindrical",
            "azimuthal_order": self.azimuthal_order,
            "low": [0.0, 0.0, box.bottom - (0 if box.closed else box.pml)],
            "high": [box.outer + box.pml, 0.0, box.top + box.pml],
            "resolution": resolution,
            "courant": courant,
            "accurate_axis": ACCURATE_AXIS[0] <= abs(self.azimuthal_order) <= ACCURATE_AXIS[1],
            "complex_fields": True,
            "pml": layers,
            "media": {key: fit.medium for key, fit in fits.items()},
            "background": self._key(self._background()[-1].material),
            "shapes": self._shapes(resolution, box),
            **timing.parts(),
            **sources_and_probes(self.points(), COMPONENTS, int(repeat)),
            "snapshots": None,
        }
        if fields:
            request["snapshots"] = {
                **timing.snapshots((0.0, 0.0, box.bottom), (box.outer, 0.0, box.top)),
                "components": [*COMPONENTS, *MAGNETIC],
            }
        size = np.subtract(request["high"], request["low"])
        steps = (timing.pulse_length + timing.shortest) * resolution / courant
        return EngineJob(
            kind="meep",
            request=request,
            size=job_size(
                float(size[0] * size[2]) * resolution**2,
                steps,
                complex_fields=True,
                poles=max(len(fit.medium["poles"]) for fit in fits.values()),
                snapshots=24 if fields else 0,
            ),
            title=f"Meep, m = {self.azimuthal_order}, {resolution:g} pixels/um"
            + (", repeat" if repeat else ""),
        )

    def box(self, resolution: float, *, repeat: bool = False) -> Box:
        """Return the physical part of the cell, in whole pixels of a resolution.

        Pixel faces are a quarter of a pixel off z = 0: a flat wall on a pixel face is a tie that
        rounding decides, and a percent of a wavelength with it.
        """
        longest = max(self.wavelength)
        bounds = np.asarray([r.outline.polygon(1e-3).bounds for r in self.body.regions])
        rim, bottom, top = bounds[:, 2].max(), bounds[:, 1].min(), bounds[:, 3].max()
        cells = self._background()
        heights = [cell.top for cell in cells[:-1]]
        if heights:
            bottom, top = min(bottom, heights[0]), max(top, heights[-1])
        gap = (self.settings.padding + (0.35 if repeat else 0.0)) * longest
        floor = self._opaque_floor(float(bounds[:, 1].min()))

        def pixels(length: float) -> int:
            return math.ceil(length * resolution - 1e-6)

        pml = pixels(self.settings.pml_thickness * longest)
        lowest = -(pixels(gap - float(bottom)) if floor is None else pixels(-floor)) - OFFSET
        count = pixels(float(top) + gap - lowest / resolution)
        # Meep centres its grid: only an even number of pixels puts pixel faces at the cell's ends
        count += (count + (1 if floor is not None else 2) * pml) % 2
        # Light of order m is evanescent up to r = m/(k n): an absorber in there takes part of the
        # near field, and Q with it.
        index = min(
            math.sqrt(max(complex(cell.material.permittivity(longest)).real, 1.0))
            for cell in (cells[0], cells[-1])
        )
        turning = abs(self.azimuthal_order) * longest / (2 * math.pi * index)
        return Box(
            outer=pixels(max(float(rim), turning) + gap) / resolution,
            bottom=lowest / resolution,
            top=(lowest + count) / resolution,
            pml=pml / resolution,
            closed=floor is not None,
        )

    def points(self) -> NDArray[np.float64]:
        """Return generic places (12, 3) inside the body where light of this order can be.

        Inside the optically densest transparent regions; for m > 3 beyond 0.6 of their rim.
        """
        import shapely

        wavelength = sum(self.wavelength) / 2
        eps = [complex(r.material.permittivity(wavelength)) for r in self.body.regions]
        clear = [e.real for e in eps if e.real > 0]
        if not clear:
            raise ValueError("body: must have a region that is no metal for FDTD, got none")
        polygons = [region.outline.polygon(1e-3) for region in self.body.regions]
        limit = 0.6 * max(clear)
        dense = [p for p, e in zip(polygons, eps, strict=True) if e.real > limit]
        area = shapely.unary_union(dense)
        for metal in (p for p, e in zip(polygons, eps, strict=True) if e.real <= 0):
            area = area.difference(metal)
        left, bottom, right, top = area.bounds
        if self.azimuthal_order > 3:
            left = max(left, 0.6 * right)
        found: list[tuple[float, float, float]] = []
        for share_r, share_z in halton(4000, 2):
            r, z = left + (right - left) * share_r, bottom + (top - bottom) * share_z
            if shapely.contains_xy(area, r, z):
                found.append((float(r), 0.0, float(z)))
            if len(found) == 12:
                return np.asarray(found)
        raise ValueError("body: its dense region is too thin to place sources in; coarsen it")

    def _background(self) -> list[Any]:
        return background_cells(self.body, -math.inf, math.inf)

    def _materials(self) -> dict[str, Material]:
        everything = [cell.material for cell in self._background()]
        everything += [region.material for region in self.body.regions]
        return {self._key(material): material for material in everything}

    def _key(self, material: Material) -> str:
        return f"{material.name}-{material.content_hash()[:8]}"

    def _flat_walls(self) -> list[tuple[float, float]]:
        """Return (place in um, place in its pixel) of flat faces and upright walls.

        Faces should lie in their pixels like z = 0; walls clear of pixel faces and middles.
        """
        found = {(float(cell.top), 0.0) for cell in self._background()[:-1]}
        for region in self.body.regions:
            for start, segment in zip(
                region.outline.starts(), region.outline.segments, strict=True
            ):
                if isinstance(segment, Line):
                    if abs(start[0] - segment.end[0]) < 1e-9 < start[0]:
                        found.add((float(start[0]), RADIAL_OFFSET))
                    if abs(start[1] - segment.end[1]) < 1e-9:
                        found.add((float(start[1]), 0.0))
        return sorted(found - {(0.0, 0.0)})

    def _opaque_floor(self, lowest: float) -> float | None:
        """Return the height (um) inside an opaque metal at which the cell may end."""
        longest = max(self.wavelength)
        for cell in reversed(self._background()):
            depth = skin_depth(cell.material, longest)
            if depth is None or cell.top > lowest + 1e-9:
                continue
            if cell.top - cell.bottom > 6 * depth:
                return float(max(cell.bottom, cell.top - 8 * depth))
        return None

    def _shapes(self, resolution: float, box: Box) -> list[dict[str, Any]]:
        shapes = []
        beyond = 10 * (box.outer + box.pml)
        for cell in self._background()[:-1]:
            low = cell.bottom if math.isfinite(cell.bottom) else box.bottom - beyond
            shapes.append(
                {
                    "kind": "block",
                    "medium": self._key(cell.material),
                    "low": [-beyond, None, low],
                    "high": [beyond, None, cell.top],
                }
            )
        for region in self.body.regions:
            error = 0.02 / resolution
            shapes.append(_shape(region.outline, error) | {"medium": self._key(region.material)})
        return shapes


@dataclass(frozen=True, kw_only=True)
class Box:
    """The physical part of the cell (um): 0 <= r <= outer, bottom <= z <= top; the absorber.

    `closed`: the cell ends below inside an opaque metal, without an absorber there.
    """

    outer: float
    bottom: float
    top: float
    pml: float
    closed: bool


def _shape(outline: Outline, max_error: float) -> dict[str, Any]:
    """Return an outline as block, sphere or prism; what touches the axis reaches beyond it."""
    points = outline.points(max_error)
    if all(isinstance(segment, Line) for segment in outline.segments) and len(points) == 4:
        (left, bottom), (right, top) = points.min(axis=0), points.max(axis=0)
        if all(p[0] in (left, right) and p[1] in (bottom, top) for p in points):
            low = -right if left == 0 else left
            return {
                "kind": "block",
                "low": [float(low), None, float(bottom)],
                "high": [float(right), None, float(top)],
            }
    first = outline.segments[0]
    if len(outline.segments) == 2 and isinstance(first, Arc) and outline.start[0] == 0:
        r, z = first.centre(outline.start)
        if abs(r) < 1e-12 and first.end[0] == 0:
            return {
                "kind": "sphere",
                "center": [0.0, 0.0, float(z)],
                "radius": float(abs(first.end[1] - z)),
            }
    reach = float(points[:, 0].max())
    vertices = []
    for number, (r, z) in enumerate(points):
        before, after = points[number - 1], points[(number + 1) % len(points)]
        if r == 0 and before[0] > 0:
            vertices.append((0.0, z))
        if r == 0:
            vertices.append((-0.1 * reach, z))
        if r > 0 or after[0] > 0:
            vertices.append((r, z))
    return {
        "kind": "prism",
        "vertices": [[float(r), -reach, float(z)] for r, z in vertices],
        "height": 2 * reach,
        "axis": [0.0, 1.0, 0.0],
    }
