"""From a planar stack to an FDTD request in one dimension."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cavities.material import Material
from cavities.planar_stack import PlanarStack
from solvers.engines.job import EngineJob
from solvers.fdtd.material_fit import MaterialFit, fit_material
from solvers.fdtd.request_parts import halton, job_size, sources_and_probes, timing_of
from solvers.fdtd.settings import FdtdSettings

__all__ = ["PlanarRequest"]


@dataclass(frozen=True, kw_only=True)
class PlanarRequest:
    """One planar stack at normal incidence, ready to become jobs.

    Attributes:
        stack, wavelength (window, um), settings.
    """

    stack: PlanarStack
    wavelength: tuple[float, float]
    settings: FdtdSettings

    def resolutions(self) -> tuple[float, ...]:
        """Return the ladder (pixels per um)."""
        shortest = min(self.wavelength)
        eps = [complex(m.permittivity(shortest)).real for m in self.stack.media]
        # pixels on a line cost next to nothing
        return self.settings.ladder(shortest, 2 * float(np.sqrt(max(*eps, 1.0))))

    def fits(self) -> dict[str, MaterialFit]:
        """Return the fit of every medium by its key."""
        materials = {_key(m): m for m in self.stack.media}
        tolerance = self.settings.fit_tolerance
        return {
            key: fit_material(m, self.wavelength, tolerance=tolerance)
            for key, m in materials.items()
        }

    def fits_by_region(self) -> dict[str, MaterialFit]:
        """Return the fit of every region by its name, the worst where layers share a name."""
        fits = self.fits()
        found: dict[str, MaterialFit] = {}
        names = ["substrate", *(layer.name for layer in self.stack.layers), "superstrate"]
        for name, material in zip(names, self.stack.media, strict=True):
            fit = fits[_key(material)]
            if name not in found or fit.error > found[name].error:
                found[name] = fit
        return found

    def box(self, *, repeat: bool = False) -> tuple[float, float]:
        """Return bottom and top (um) of the part of the cell without absorbers."""
        gap = (self.settings.padding + (0.35 if repeat else 0.0)) * max(self.wavelength)
        return -gap, self.stack.thickness + gap

    def job(self, resolution: float, *, repeat: bool = False, fields: bool = False) -> EngineJob:
        """Return the run at one resolution; see `AxisymmetricRequest.job`."""
        bottom, top = self.box(repeat=repeat)
        absorber = self.settings.pml_thickness * max(self.wavelength)
        fits = self.fits()
        timing = timing_of(self.wavelength, self.settings)
        courant = 0.5 if self.settings.courant is None else self.settings.courant
        edges = self.stack.interfaces()
        beyond = 100 * (top - bottom + absorber)
        layers = [(-beyond, 0.0, self.stack.substrate)]
        layers += [
            (low, high, layer.material)
            for low, high, layer in zip(edges[:-1], edges[1:], self.stack.layers, strict=True)
        ]
        shapes = [
            {
                "kind": "block",
                "medium": _key(material),
                "low": [None, None, low],
                "high": [None, None, high],
            }
            for low, high, material in layers
        ]
        request: dict[str, Any] = {
            "dimensions": 1,
            "low": [0.0, 0.0, bottom - absorber],
            "high": [0.0, 0.0, top + absorber],
            "resolution": resolution,
            "courant": courant,
            "complex_fields": False,
            "pml": [{"axis": "Z", "thickness": absorber}],
            "media": {key: fit.medium for key, fit in fits.items()},
            "background": _key(self.stack.superstrate),
            "shapes": shapes,
            **timing.parts(),
            **sources_and_probes(self.points(), ("Ex",), int(repeat)),
            "snapshots": None,
        }
        if fields:
            request["snapshots"] = {
                **timing.snapshots((0.0, 0.0, bottom), (0.0, 0.0, top)),
                "components": ["Ex", "Hy"],
            }
        pixels = (top - bottom + 2 * absorber) * resolution
        # a step of a short line costs 20 us whatever its length
        steps = (timing.pulse_length + timing.shortest) * resolution / courant
        poles = max(len(fit.medium["poles"]) for fit in fits.values())
        return EngineJob(
            kind="meep",
            request=request,
            size=job_size(max(pixels, 300.0), steps, complex_fields=False, poles=poles),
            title=f"Meep, planar, {resolution:g} pixels/um" + (", repeat" if repeat else ""),
        )

    def points(self) -> NDArray[np.float64]:
        """Return generic heights (12, 3) in the layers that are no metal, near the middle."""
        wavelength = sum(self.wavelength) / 2
        edges = self.stack.interfaces()
        clear = [complex(x.material.permittivity(wavelength)).real > 0 for x in self.stack.layers]
        if not any(clear):
            raise ValueError("stack: must have a layer that is no metal for FDTD, got none")
        found: list[tuple[float, float, float]] = []
        thickness = self.stack.thickness
        for (share,) in halton(4000, 1):
            z = thickness * (0.25 + 0.5 * float(share))
            layer = min(int(np.searchsorted(edges, z)) - 1, len(clear) - 1)
            if clear[max(layer, 0)]:
                found.append((0.0, 0.0, z))
            if len(found) == 12:
                return np.asarray(found)
        z0 = next(low for low, ok in zip(edges[:-1], clear, strict=True) if ok)
        z1 = next(high for high, ok in zip(edges[1:], clear, strict=True) if ok)
        return np.array([(0.0, 0.0, z0 + (z1 - z0) * float(s)) for (s,) in halton(12, 1)])


def _key(material: Material) -> str:
    return f"{material.name}-{material.content_hash()[:8]}"
