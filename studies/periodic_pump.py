"""Absorption of the pump in the film of a periodic cavity, by the solver of its modes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from cavities.material import Material
from cavities.periodic_stack import PatternedLayer, PeriodicLayer, PeriodicStack
from cavities.spec import Spec
from studies.design import Design

if TYPE_CHECKING:
    from gain.gain_film import GainFilm
    from gain.pump import Pump

__all__ = ["PumpAbsorption", "film_volume", "periodic_pump", "pump_absorption", "sliced_film"]

Floats = NDArray[np.float64]
GAIN = "gain"


@dataclass(frozen=True, kw_only=True, eq=False)
class PumpAbsorption:
    """What becomes of the pump.

    Attributes:
        wavelength: of the pump (um).
        angle_deg: angles of incidence from above (A,).
        absorption_per_cm: of the film, C sigma_p (1/cm).
        film: volume of the film per area of the wafer (um).
        absorbed: share that the film absorbs, mean of both polarisations (A,).
        reflected, transmitted: shares, in all orders (A,).
        parts: share by region (A,), the film's slices by their own names.
    """

    wavelength: float
    angle_deg: Floats
    absorption_per_cm: float
    film: float
    absorbed: Floats
    reflected: Floats
    transmitted: Floats
    parts: dict[str, Floats]

    @property
    def field_factor(self) -> Floats:
        """Mean flux in the film over the incident one: absorbed/(alpha V) (A,)."""
        return np.asarray(self.absorbed / (1e-4 * self.absorption_per_cm * self.film))


def film_volume(stack: PeriodicStack, region: str = GAIN) -> float:
    """Return the volume of a region per area of the wafer (um).

    Example:
        >>> from cavities import infilled_slab
        >>> round(film_volume(infilled_slab().unit_cell()), 4)
        0.1454
    """
    return math.fsum(
        layer.thickness * stack.fractions(layer).get(region, 0.0) for layer in stack.layers
    )


def sliced_film(stack: PeriodicStack, slices: int) -> tuple[PeriodicStack, tuple[str, ...]]:
    """Return the stack with the film cut into slices with names of their own, and these.

    Layers without film, and with sloped walls, are left whole (the film in them is one slice).

    Args:
        stack: with a region "gain"; slices: of every layer that holds film.
    """
    layers: list[PeriodicLayer] = []
    names: list[str] = []
    for layer in stack.layers:
        if GAIN not in _names(layer):
            layers.append(layer)
            continue
        count = slices if getattr(layer, "is_vertical", True) else 1
        for _ in range(count):
            names.append(f"{GAIN} {len(names) + 1}")
            layers.append(_renamed(layer, names[-1], layer.thickness / count))
    cut: PeriodicStack = stack.changed(layers=tuple(layers))
    return cut, tuple(names)


def pump_absorption(
    stack: PeriodicStack,
    *,
    wavelength: float,
    absorption_per_cm: float,
    angle_deg: Sequence[float] = (0.0,),
    orders: int = 81,
) -> PumpAbsorption:
    """Return where the pump is absorbed.

    Args:
        stack: the film is every region whose name begins with "gain".
        wavelength: of the pump (um).
        absorption_per_cm: of the film (1/cm), on top of its index.
        angle_deg: angles of incidence along x (degrees).
        orders: plane waves.
    """
    from solvers.fourier_modal import spectrum

    extinction = 1e-4 * absorption_per_cm * wavelength / (4 * math.pi)
    pumped = _absorbing(stack, wavelength, extinction)
    found = [spectrum(pumped, [wavelength], angle_deg=angle, orders=orders) for angle in angle_deg]
    regions = dict.fromkeys(name for one in found for name in one.region_absorption)
    zero = np.zeros((2, 1))
    parts = {
        name: np.array([float(one.region_absorption.get(name, zero).mean()) for one in found])
        for name in regions
    }
    film = [name for name in regions if name.startswith(GAIN)]
    total = np.sum([parts[name] for name in film], axis=0) if film else np.zeros(len(found))
    volumes = [film_volume(stack, name) for name in stack.regions if name.startswith(GAIN)]
    return PumpAbsorption(
        wavelength=wavelength,
        angle_deg=np.asarray(angle_deg, dtype=np.float64),
        absorption_per_cm=absorption_per_cm,
        film=math.fsum(volumes),
        absorbed=np.asarray(total),
        reflected=np.array([float(one.reflectance.mean()) for one in found]),
        transmitted=np.array([float(one.transmittance.mean()) for one in found]),
        parts=parts,
    )


def periodic_pump(design: Design, cavity: Spec | None = None) -> Pump | None:
    """Return the design's pump with the film's own field factor at normal incidence.

    A field_factor that the design gives is kept.

    Args:
        design: with a pump and a medium; cavity: another one than its own.
    """
    pump: Any = design.pump
    medium: GainFilm | None = design.gain  # type: ignore[assignment]
    if pump is None or medium is None or "field_factor" in pump.model_fields_set:
        return pump  # type: ignore[no-any-return]
    stack = (cavity or design.cavity).unit_cell()  # type: ignore[attr-defined]
    absorption = pump_absorption(
        stack,
        wavelength=pump.wavelength,
        absorption_per_cm=pump.cross_section_cm2 * medium.concentration_per_cm3,
        orders=design.periodic.study_orders,
    )
    changed: Pump = pump.changed(field_factor=float(absorption.field_factor[0]))
    return changed


def _names(layer: PeriodicLayer) -> tuple[str, ...]:
    return layer.regions if isinstance(layer, PatternedLayer) else (layer.name,)


def _renamed(layer: PeriodicLayer, name: str, thickness: float) -> PeriodicLayer:
    """Return a layer of another thickness whose film has another name."""
    own = {"name": name} if layer.name == GAIN else {}
    if isinstance(layer, PatternedLayer):
        parts = tuple(
            part.changed(name=name) if part.name == GAIN else part for part in layer.inclusions
        )
        own["inclusions"] = parts  # type: ignore[assignment]
    changed: PeriodicLayer = layer.changed(thickness=thickness, **own)
    return changed


def _absorbing(stack: PeriodicStack, wavelength: float, extinction: float) -> PeriodicStack:
    """Return the stack with a film of the index it has at one wavelength that also absorbs."""

    def film(part: Any) -> Any:
        if not part.name.startswith(GAIN):
            return part
        index = complex(part.material.index(wavelength)).real
        return part.changed(material=Material.constant(complex(index, extinction)))

    layers = []
    for layer in map(film, stack.layers):
        if isinstance(layer, PatternedLayer):
            layer = layer.changed(inclusions=tuple(map(film, layer.inclusions)))
        layers.append(layer)
    changed: PeriodicStack = stack.changed(layers=tuple(layers))
    return changed
