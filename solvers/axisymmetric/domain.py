"""The computational domain: which part of the (r, z) half-plane is meshed, and the PML."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from cavities.body_of_revolution import BodyOfRevolution, LayeredBackground
from cavities.material import Material
from solvers.axisymmetric.caustic import inner_wall_radius
from solvers.axisymmetric.settings import AxisymmetricSettings

__all__ = ["BackgroundCell", "Domain", "background_cells", "domain_of", "skin_depth"]


@dataclass(frozen=True, kw_only=True)
class Domain:
    """The meshed rectangle (um): physical part and surrounding absorbing layer.

    Attributes:
        inner: radius of the inner wall, 0 when the axis is part of the domain.
        outer, bottom, top: edges of the physical part.
        pml: thickness of the absorbing layer outside and above.
        pml_below: the same below; 0 where an opaque metal is the floor.
    """

    inner: float
    outer: float
    bottom: float
    top: float
    pml: float
    pml_below: float

    @property
    def has_axis(self) -> bool:
        """Whether the symmetry axis is part of the domain."""
        return self.inner == 0.0


@dataclass(frozen=True, kw_only=True)
class BackgroundCell:
    """A horizontal band of one background material, bottom <= z <= top (um)."""

    name: str
    material: Material
    bottom: float
    top: float


def domain_of(
    body: BodyOfRevolution,
    *,
    wavelength: tuple[float, float],
    azimuthal_order: int,
    settings: AxisymmetricSettings,
) -> Domain:
    """Return the domain that serves all orders >= `azimuthal_order` in the window (um)."""
    longest, shortest = max(wavelength), min(wavelength)
    bounds = np.asarray([region.outline.polygon(1e-3).bounds for region in body.regions])
    rim, bottom, top = bounds[:, 2].max(), bounds[:, 1].min(), bounds[:, 3].max()
    if isinstance(body.background, LayeredBackground):
        heights = body.background.interfaces()
        bottom, top = min(bottom, heights[0]), max(top, heights[-1])
    gap = settings.pml_distance * longest
    inner = inner_wall_radius(body, azimuthal_order, shortest, settings.inner_wall_tolerance)
    pml = settings.pml_thickness * longest
    floor = _opaque_floor(body, float(bounds[:, 1].min()), longest)
    return Domain(
        inner=inner,
        outer=float(rim) + gap,
        bottom=float(bottom) - gap if floor is None else floor,
        top=float(top) + gap,
        pml=pml,
        pml_below=pml if floor is None else 0.0,
    )


def skin_depth(material: Material, wavelength: float) -> float | None:
    """Return the 1/e depth of the field (um) in a metal, None in a dielectric."""
    eps = complex(material.permittivity(wavelength))
    return wavelength / (2 * math.pi * (eps**0.5).imag) if eps.real < 0 else None


def _opaque_floor(body: BodyOfRevolution, lowest: float, wavelength: float) -> float | None:
    """Return the height (um) below which an opaque metal under the body hides everything.

    A metal of more than six skin depths lets 6e-6 of the intensity through: the domain ends
    in it, at its lower face or at most eight skin depths deep.
    """
    for cell in reversed(background_cells(body, -math.inf, math.inf)):
        depth = skin_depth(cell.material, wavelength)
        if depth is None or cell.top > lowest + 1e-9:
            continue
        if cell.top - cell.bottom > 6 * depth:
            return max(cell.bottom, cell.top - 8 * depth)
    return None


def background_cells(body: BodyOfRevolution, bottom: float, top: float) -> list[BackgroundCell]:
    """Return the background's bands between bottom and top, lowest first."""
    background = body.background
    if not isinstance(background, LayeredBackground):
        return [BackgroundCell(name="background", material=background, bottom=bottom, top=top)]
    heights = [bottom, *background.interfaces(), top]
    names = ["substrate", *(layer.name for layer in background.layers), "superstrate"]
    materials = [
        background.substrate,
        *(layer.material for layer in background.layers),
        background.superstrate,
    ]
    return [
        BackgroundCell(name=name, material=material, bottom=low, top=high)
        for name, material, low, high in zip(
            names, materials, heights[:-1], heights[1:], strict=True
        )
        if high > low
    ]
