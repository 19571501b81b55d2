"""From a unit cell to FDTD requests in three dimensions, one per symmetry class."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cavities.cell_shape import Circle
from cavities.material import Material
from cavities.periodic_stack import PatternedLayer, PeriodicStack
from solvers.engines.job import EngineJob
from solvers.fdtd.material_fit import MaterialFit, fit_material
from solvers.fdtd.periodic_classes import SymmetryClass
from solvers.fdtd.request_parts import halton, job_size, timing_of
from solvers.fdtd.settings import FdtdSettings

__all__ = ["PeriodicRequest", "rectangular_periods"]

Floats = NDArray[np.float64]

_COMPONENTS = ("Ex", "Ey", "Ez")
_SOURCES, _PROBES = 2, 5
_SEPARATED = 2500.0
"""Length of the record (periods of the lattice over c) that tells modes of a thousandth apart."""

_MISFIT = 1e-3
"""Largest relative difference of the two pixel sizes of a rectangular cell."""


def require_square_pixels(stack: PeriodicStack, count: int) -> None:
    """Check that both periods are whole even numbers of one pixel size.

    Args:
        stack: the unit cell.
        count: pixels along the shorter period.

    Raises:
        ValueError: they are not.
    """
    periods = rectangular_periods(stack)
    pixel = min(periods) / count
    pixels = max(periods) / pixel
    if abs(pixels / (2 * round(pixels / 2)) - 1) > _MISFIT:
        raise ValueError(
            f"resolutions: must give both periods {periods} um an even number of pixels, got "
            f"{count} and {pixels:.4g}; choose other resolutions"
        )


def rectangular_periods(stack: PeriodicStack) -> tuple[float, float]:
    """Return the periods along x and y (um).

    Raises:
        ValueError: the lattice is not square or rectangular along x and y.
    """
    u, v = np.array(stack.lattice.reduced())
    if abs(u[0]) < abs(u[1]):
        u, v = v, u
    if abs(u[1]) > 1e-9 * abs(u[0]) or abs(v[0]) > 1e-9 * abs(v[1]):
        raise ValueError(
            f"lattice: must be square or rectangular along x and y for FDTD, got a "
            f"{stack.lattice.symmetry} one with a1 = {stack.lattice.a1} and a2 = "
            f"{stack.lattice.a2}; use method='fourier-modal', or turn the structure"
        )
    return float(abs(u[0])), float(abs(v[1]))


@dataclass(frozen=True, kw_only=True, eq=False)
class PeriodicRequest:
    """One unit cell at one Bloch vector and in one symmetry class, ready to become jobs.

    Attributes:
        stack, wavelength (window, um), settings.
        bloch: Bloch vector (2,), rad/um.
        centre: of symmetry (um).
        one: the symmetry class.
        dark: its modes cannot radiate or be absorbed: their Q is not looked for.
        alone: modes of all symmetries are in one class, so that a long record must tell them.
    """

    stack: PeriodicStack
    wavelength: tuple[float, float]
    settings: FdtdSettings
    bloch: Floats
    centre: tuple[float, float]
    one: SymmetryClass
    dark: bool
    alone: bool

    @property
    def unit(self) -> PeriodicStack:
        """What the pixels have to fit: the unit cell."""
        return self.stack

    def resolutions(self) -> tuple[float, ...]:
        """Return the ladder (pixels per um): an even number of pixels per period each."""
        shortest = min(self.wavelength)
        eps = [complex(m.permittivity(shortest)).real for m in self.stack.media]
        wanted = self.settings.ladder(shortest, math.sqrt(max(*eps, 1.0)))
        period = min(rectangular_periods(self.unit))
        if self.settings.resolutions is None:
            first = 2 * math.ceil(wanted[0] * period / 2 - 1e-9)
            counts = [first, 2 * round(0.75 * first), 2 * first]
        else:
            # Meep pads odd numbers under mirror symmetries, which would change the period
            counts = [max(4, 2 * round(value * period / 2)) for value in wanted]
        return tuple(count / period for count in dict.fromkeys(counts))

    def fits(self) -> dict[str, MaterialFit]:
        """Return the fit of every medium by its key."""
        tolerance = self.settings.fit_tolerance
        return {
            _key(m): fit_material(m, self.wavelength, tolerance=tolerance) for m in self.stack.media
        }

    def fits_by_region(self) -> dict[str, MaterialFit]:
        """Return the fit of every region by its name, the worst where regions share a name."""
        fits = self.fits()
        parts: list[tuple[str, Material]] = [
            ("substrate", self.stack.substrate),
            ("superstrate", self.stack.superstrate),
        ]
        for layer in self.stack.layers:
            parts.append((layer.name, layer.material))
            if isinstance(layer, PatternedLayer):
                parts += [(part.name, part.material) for part in layer.inclusions]
        found: dict[str, MaterialFit] = {}
        for name, material in parts:
            fit = fits[_key(material)]
            if name not in found or fit.error > found[name].error:
                found[name] = fit
        return found

    def job(self, resolution: float, *, repeat: bool = False, fields: bool = False) -> EngineJob:
        """Return the run at one resolution.

        Args:
            resolution: pixels per um, one of `resolutions()`.
            repeat: with other sources and probes, and the absorbers farther away.
            fields: split fields at resonance.
        """
        bottom, top, pml = self.box(resolution, repeat=repeat)
        half_x, half_y, side = self.sides(resolution, repeat=repeat)
        courant = 0.5 if self.settings.courant is None else self.settings.courant
        fits = self.fits()
        at_gamma = not np.any(self.bloch)
        is_complex = not (at_gamma and self.one.is_real)
        timing = timing_of(self.wavelength, self.settings)
        parts = timing.parts()
        parts["record"] = self._record(timing.shortest, timing.longest)
        request: dict[str, Any] = {
            "dimensions": 3,
            "low": [-half_x - side, -half_y - side, bottom - pml],
            "high": [half_x + side, half_y + side, top + pml],
            "resolution": resolution,
            "courant": courant,
            "complex_fields": is_complex,
            "bloch": None if side else [float(self.bloch[0]), float(self.bloch[1]), 0.0],
            "pml": [
                {"axis": axis, "thickness": thickness, "side": "both"}
                for axis, thickness in (("X", side), ("Y", side), ("Z", pml))
                if thickness
            ],
            "symmetries": [{"axis": axis, "phase": phase} for axis, phase in self.one.mirrors],
            "media": {key: fit.medium for key, fit in fits.items()},
            "background": _key(self.stack.superstrate),
            "shapes": self._shapes(bottom - pml),
            **parts,
            **self._sources_and_probes(int(repeat)),
            "snapshots": None,
        }
        if fields:
            request["snapshots"] = {
                **timing.snapshots((-half_x, -half_y, bottom), (half_x, half_y, top)),
                "components": [*_COMPONENTS, "Hx", "Hy", "Hz"],
            }
        area = 4 * (half_x + side) * (half_y + side)
        pixels = area * (top - bottom + 2 * pml) * resolution**3
        steps = (timing.pulse_length + parts["record"]["longest"]) * resolution / courant
        size = job_size(
            pixels / 2 ** len(self.one.mirrors),
            steps,
            complex_fields=is_complex,
            poles=max(len(fit.medium["poles"]) for fit in fits.values()),
            snapshots=24 if fields else 0,
        )
        count = round(resolution * min(rectangular_periods(self.unit)))
        require_square_pixels(self.unit, count)
        title = f"Meep, {self.one.title}, {count} pixels per period"
        return EngineJob(
            kind="meep", request=request, size=size, title=title + (", repeat" if repeat else "")
        )

    def box(self, resolution: float, *, repeat: bool = False) -> tuple[float, float, float]:
        """Return bottom and top of the cell without absorbers, and their thickness (um).

        The middle of the stack is the middle of the cell, all lengths are whole pixels.
        """
        longest = max(self.wavelength)
        gap = (self.settings.padding + (0.35 if repeat else 0.0)) * longest
        middle = self.stack.thickness / 2
        half = math.ceil((middle + gap) * resolution) / resolution
        pml = math.ceil(self.settings.pml_thickness * longest * resolution) / resolution
        return middle - half, middle + half, pml

    def sides(self, resolution: float, *, repeat: bool = False) -> tuple[float, float, float]:
        """Return half the width and depth of the cell, and its absorbers' there, 0 here (um)."""
        width, depth = rectangular_periods(self.stack)
        return width / 2, depth / 2, 0.0

    @property
    def extent(self) -> tuple[float, float]:
        """Width and depth (um), about the centre, of where sources and probes may be."""
        return rectangular_periods(self.stack)

    def points(self) -> Floats:
        """Return generic places (n, 3) in the layer that guides best, about the centre (um)."""
        wavelength = sum(self.wavelength) / 2
        best, low, high, z = -math.inf, 0.0, 0.0, 0.0
        for layer in self.stack.slices():
            eps = complex(layer.material.permittivity(wavelength)).real
            if isinstance(layer, PatternedLayer):
                inside = [complex(p.material.permittivity(wavelength)) for p in layer.inclusions]
                eps = max([eps, *(value.real for value in inside)])
            if eps * min(1.0, layer.thickness / 0.05) > best:
                best = eps * min(1.0, layer.thickness / 0.05)
                low, high = z, z + layer.thickness
            z += layer.thickness
        width, depth = self.extent
        # off the symmetry lines, which lie at 0, 1/2 and on the diagonals
        share = 0.06 + 0.38 * halton(60, 3, skip=3)
        share = share[np.abs(share[:, 0] - share[:, 1]) > 0.04]
        x, y = width * share[:, 0], depth * share[:, 1]
        return np.column_stack([x, y, low + (high - low) * share[:, 2]])

    def _record(self, shortest: float, longest: float) -> dict[str, float]:
        """Return the request for the record's length (um/c)."""
        if self.alone:
            shortest = max(shortest, _SEPARATED * self.stack.lattice.period)
        longest = max(shortest, longest)
        if self.dark:
            # the frequency of an undamped mode is known after the shortest record
            longest = shortest
        return {"shortest": shortest, "longest": longest, "decay": self.settings.decay}

    def _sources_and_probes(self, set_number: int) -> dict[str, Any]:
        """Return symmetrised sources, and probes of every component at generic points."""
        places = self.points()
        each = _SOURCES + _PROBES
        chosen = places[set_number * each : set_number * each + each]
        sources = []
        for number, place in enumerate(chosen[:_SOURCES]):
            for component in range(3):
                phase = 2.4 * (number + 1) + 1.1 * component + 0.7 * set_number
                amplitude = complex(math.cos(phase), math.sin(phase))
                if self.one.is_real and not np.any(self.bloch):
                    amplitude = complex(math.copysign(0.5 + abs(amplitude.real), amplitude.real))
                sources += self._orbit(place, component, amplitude)
        probes = [
            {"component": name, "point": [float(value) for value in place]}
            for place in chosen[_SOURCES:]
            for name in _COMPONENTS
        ]
        return {"sources": sources, "probes": probes}

    def _orbit(self, place: Floats, component: int, amplitude: complex) -> list[dict[str, Any]]:
        """Return a source with its images: J = sum over O of chi(O)* O J0, Bloch-periodic."""
        periods = np.array(rectangular_periods(self.stack))
        images: dict[tuple[str, float, float], complex] = {}
        for operation, character in zip(self.one.operations, self.one.characters, strict=True):
            spot = operation @ place[:2]
            steps = -np.round(spot / periods) * periods
            phase = np.exp(1j * float(self.bloch @ steps))
            vector = np.zeros(3)
            vector[component] = 1.0
            vector[:2] = operation @ vector[:2]
            along = int(np.argmax(np.abs(vector)))
            x, y = (round(float(value), 12) for value in spot + steps)
            key = (_COMPONENTS[along], x, y)
            value = amplitude * complex(character).conjugate() * vector[along] * phase
            images[key] = images.get(key, 0j) + value
        # Meep's mirrors need sources that have the symmetry: one without its image excites states
        # that are no modes (a cylinder's m = 4 came out 10 % off, in the wrong class)
        levels = [(float(place[2]), 1)]
        if self.one.parity_z:
            sign = self.one.parity_z * (-1 if component == 2 else 1)
            levels.append((float(self.stack.thickness - place[2]), sign))
        return [
            {
                "component": name,
                "point": [x, y, z],
                "amplitude": [sign * float(value.real), sign * float(value.imag)],
            }
            for (name, x, y), value in images.items()
            for z, sign in levels
        ]

    def _shapes(self, floor: float) -> list[dict[str, Any]]:
        """Return substrate, layers and inclusions, each repetition that reaches into the cell."""
        # no further than the cell: Meep repeats objects across it, along z too
        shapes: list[dict[str, Any]] = [_layer(_key(self.stack.substrate), floor, 0.0)]
        z = 0.0
        for layer in self.stack.slices():
            shapes.append(_layer(_key(layer.material), z, z + layer.thickness))
            if isinstance(layer, PatternedLayer):
                for part in layer.inclusions:
                    for shape in self.repetitions(part.shape):
                        shapes.append(_pillar(shape, _key(part.material), z, layer.thickness))
            z += layer.thickness
        return shapes

    def repetitions(self, shape: Any) -> Sequence[Any]:
        """Return the shape and its repetitions that reach into the cell, moved to the centre."""
        width, depth = rectangular_periods(self.stack)
        lattice = self.stack.lattice
        moved = shape.translated(-self.centre[0], -self.centre[1])
        found = []
        reach = 2 * (shape.reach + math.hypot(width, depth)) + math.dist((0, 0), moved.centroid)
        for dx, dy in lattice.translations(reach):
            one = moved.translated(float(dx), float(dy))
            x, y = one.centroid
            if abs(x) - one.reach < width / 2 and abs(y) - one.reach < depth / 2:
                found.append(one)
        return found


def _layer(medium: str, low: float, high: float) -> dict[str, Any]:
    return {"kind": "block", "medium": medium, "low": [None, None, low], "high": [None, None, high]}


def _pillar(shape: Any, medium: str, bottom: float, height: float) -> dict[str, Any]:
    """Return a vertical cylinder or prism."""
    if isinstance(shape, Circle):
        return {
            "kind": "cylinder",
            "medium": medium,
            "center": [*shape.center, bottom + height / 2],
            "radius": shape.radius,
            "height": height,
        }
    outline = shape.outline(1e-4 * shape.reach)
    return {
        "kind": "prism",
        "medium": medium,
        "vertices": [[float(x), float(y), bottom] for x, y in outline],
        "height": height,
        "axis": [0.0, 0.0, 1.0],
    }


def _key(material: Material) -> str:
    return f"{material.name}-{material.content_hash()[:8]}"
