"""From a PeriodicStack to a photonic crystal of legume, or a refusal."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

from cavities.cell_shape import CellShape, Circle
from cavities.material import Material
from cavities.periodic_stack import PatternedLayer, PeriodicLayer, PeriodicStack

__all__ = ["legume_crystal", "legume_module"]

_REAL = 1e-12


def legume_module() -> ModuleType:
    """Return legume.

    Raises:
        ImportError: it is not installed; the text says how to get it.
    """
    try:
        return importlib.import_module("legume")
    except ImportError:
        raise ImportError(
            "method: 'guided-mode-expansion' needs legume, which is not installed; "
            "pip install legume-gme"
        ) from None


def legume_crystal(stack: PeriodicStack, wavelength: float) -> Any:
    """Return the stack in legume's units, lengths in periods, media as at `wavelength` (um).

    Raises:
        ValueError: what a guided-mode expansion cannot represent: media with loss or gain, metals,
            or outer media in which the averaged layers guide nothing.
        ImportError: no legume.
    """
    legume = legume_module()
    period = stack.lattice.period
    below, above = (
        _permittivity(material, wavelength, region)
        for material, region in (
            (stack.substrate, "substrate"),
            (stack.superstrate, "superstrate"),
        )
    )
    pieces = stack.slices()
    means = [_mean(stack, layer, wavelength) for layer in pieces]
    if max(means) <= max(below, above):
        raise ValueError(
            "cavity: the averaged layers must guide light, got a mean permittivity of at most "
            f"{max(means):.4g} beside {max(below, above):.4g} outside; use method='fourier-modal'"
        )
    a1, a2 = ([float(x) / period for x in vector] for vector in stack.lattice.vectors)
    crystal = legume.PhotCryst(legume.Lattice(a1, a2), eps_l=below, eps_u=above)
    for layer in pieces:
        own = _permittivity(layer.material, wavelength, layer.name)
        crystal.add_layer(d=layer.thickness / period, eps_b=own)
        if isinstance(layer, PatternedLayer):
            for part, parent in zip(layer.inclusions, stack.parents(layer), strict=True):
                outer = layer if parent < 0 else layer.inclusions[parent]
                # legume adds (eps - eps of the layer) over shapes that lie in one another
                jump = _permittivity(part.material, wavelength, part.name) - _permittivity(
                    outer.material, wavelength, outer.name
                )
                crystal.layers[-1].add_shape(_shape(legume, part.shape, own + jump, period))
    return crystal


def _permittivity(material: Material, wavelength: float, region: str) -> float:
    eps = complex(material.permittivity(wavelength))
    if abs(eps.imag) > _REAL * abs(eps) or eps.real <= 0:
        raise ValueError(
            f"cavity: a guided-mode expansion must have real permittivities > 0, got {eps:.4g} in "
            f"{region!r}; use method='fourier-modal'"
        )
    return eps.real


def _mean(stack: PeriodicStack, layer: PeriodicLayer, wavelength: float) -> float:
    if not isinstance(layer, PatternedLayer):
        return _permittivity(layer.material, wavelength, layer.name)
    total = _permittivity(layer.material, wavelength, layer.name)
    for part, parent in zip(layer.inclusions, stack.parents(layer), strict=True):
        outer = layer if parent < 0 else layer.inclusions[parent]
        jump = _permittivity(part.material, wavelength, part.name) - _permittivity(
            outer.material, wavelength, outer.name
        )
        total += jump * part.shape.area / stack.lattice.area
    return total


def _shape(legume: ModuleType, shape: CellShape, eps: float, period: float) -> Any:
    if isinstance(shape, Circle):
        x, y = shape.center
        return legume.Circle(eps=eps, x_cent=x / period, y_cent=y / period, r=shape.radius / period)
    outline = shape.outline(2e-4 * shape.reach) / period
    return legume.Poly(eps=eps, x_edges=outline[:, 0], y_edges=outline[:, 1])
