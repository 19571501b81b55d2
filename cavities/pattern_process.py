"""From process to geometry: bias of the walls, duty cycle, film thickness after spin-coating."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, get_args

from cavities.cell_shape import CellShape
from cavities.cover_film import PlanarFilm
from cavities.lattice import Lattice

if TYPE_CHECKING:
    from cavities.photonic_crystal_slab import PhotonicCrystalSlab

__all__ = [
    "DutyCycle",
    "diameter_from_duty_cycle",
    "drawn",
    "fabricated",
    "film_volume",
    "open_volume",
    "planar_overcoat",
    "spin_coated",
]

DutyCycle = Literal["diameter", "gap", "area", "gap_area"]
"""What a duty cycle is the share of: see `diameter_from_duty_cycle`."""


def fabricated(shapes: Sequence[CellShape], bias: float) -> tuple[CellShape, ...]:
    """Return drawn shapes as they come out: every wall `bias` (um) further outwards.

    Raises:
        ValueError: a shape vanishes.
    """
    return tuple(shape.grown(bias) if bias else shape for shape in shapes)


def drawn(shapes: Sequence[CellShape], bias: float) -> tuple[CellShape, ...]:
    """Return what has to be drawn so that the shapes come out as given: every wall `bias` in.

    Raises:
        ValueError: a shape vanishes.
    """
    return fabricated(shapes, -bias)


def diameter_from_duty_cycle(lattice: Lattice, duty_cycle: float, of: DutyCycle) -> float:
    """Return the diameter (um) of the one circle per cell that has a duty cycle.

    Publications mean different things by it, so the meaning must be said:

    Args:
        lattice: its shortest vector is the period a.
        duty_cycle: a share, > 0 and < 1.
        of: "diameter": d/a; "gap": what is left between circles, 1 - d/a; "area": pi d^2/4 over
            the cell's area; "gap_area": one minus that.

    Raises:
        ValueError: not a share, an unknown meaning, or circles that would overlap.

    Example:
        >>> round(diameter_from_duty_cycle(Lattice.square(0.4), 0.7, "diameter"), 12)
        0.28
    """
    if not 0 < duty_cycle < 1:
        raise ValueError(
            f"duty_cycle: must be > 0 and < 1, got {duty_cycle:g}; give a share, not per cent"
        )
    if of not in get_args(DutyCycle):
        raise ValueError(
            f"of: must be one of {list(get_args(DutyCycle))}, got {of!r}; say what it is a share of"
        )
    share = 1 - duty_cycle if of.startswith("gap") else duty_cycle
    if not of.endswith("area"):
        return share * lattice.period
    diameter = math.sqrt(4 * share * lattice.area / math.pi)
    if diameter > lattice.period:
        raise ValueError(
            f"duty_cycle: circles must not overlap, got a diameter of {diameter:.4g} um for a "
            f"period of {lattice.period:.4g} um; they fill at most "
            f"{math.pi * lattice.period**2 / 4 / lattice.area:.3f} of the area"
        )
    return diameter


def open_volume(slab: PhotonicCrystalSlab, height: float) -> float:
    """Return the volume of the openings up to a height (um) over their floor, per area (um).

    The area of a shape with straight walls is quadratic in the depth, so Simpson's rule is
    exact.
    """
    depths = (slab.depth, slab.depth - height / 2, slab.depth - height)
    low, middle, high = (slab.open_fraction(max(0.0, depth)) for depth in depths)
    return height * (low + 4 * middle + high) / 6


def film_volume(slab: PhotonicCrystalSlab) -> float:
    """Return the volume per area (um) of the slab's planar film: its thickness on a flat wafer.

    Raises:
        ValueError: the slab has no planar film.
    """
    if not isinstance(slab.film, PlanarFilm):
        raise ValueError(
            f"film: must be a PlanarFilm, got {type(slab.film).__name__}; a conformal film has "
            "its thickness everywhere"
        )
    overcoat = slab.film.overcoat
    return open_volume(slab, slab.depth + min(0.0, overcoat)) + max(0.0, overcoat)


def planar_overcoat(slab: PhotonicCrystalSlab, film_on_flat: float) -> float:
    """Return the overcoat (um) of a spin-coated film, < 0 where it does not fill the openings.

    The film keeps the volume per area that it has on a flat wafer, t, and ends in a plane
    (long-range levelling: surface tension flattens a wet film over periods far below its
    capillary length). It fills the volume V of the openings per area first: overcoat = t - V,
    or, for t < V, the level at which the filled volume is t.

    Validity: colloidal films that shrink after the surface has become rigid keep a dip of the
    shrinkage times the depth over the openings, which is not modelled.

    Args:
        slab: with or without a film, which has no effect.
        film_on_flat: thickness (um) on an unpatterned wafer.

    Raises:
        ValueError: film_on_flat not > 0.

    Example:
        >>> from cavities import Circle, Layer, PhotonicCrystalSlab
        >>> slab = PhotonicCrystalSlab(lattice=Lattice.square(0.4), shapes=(Circle(radius=0.1),),
        ...                            layers=(Layer(name="slab", material=2, thickness=0.2),))
        >>> round(planar_overcoat(slab, 0.1), 6) == round(0.1 - 0.2 * math.pi / 16, 6)
        True
    """
    if not (math.isfinite(film_on_flat) and film_on_flat > 0):
        raise ValueError(
            f"film_on_flat: must be > 0 um, got {film_on_flat:g}; leave the film out instead"
        )
    total = open_volume(slab, slab.depth)
    if film_on_flat >= total:
        return film_on_flat - total
    from scipy.optimize import brentq

    def missing(height: float) -> float:
        return open_volume(slab, height) - film_on_flat

    return float(brentq(missing, 0.0, slab.depth, xtol=1e-14, rtol=1e-13)) - slab.depth


def spin_coated(
    slab: PhotonicCrystalSlab, material: Any, film_on_flat: float | None, *, name: str = "gain"
) -> PlanarFilm | None:
    """Return the film of a spin-coating: see `planar_overcoat`.

    Args:
        slab: what is coated.
        material: of the film; None: there is none.
        film_on_flat: thickness (um) on an unpatterned wafer; None: there is none.
        name: region of the film.

    Raises:
        ValueError: one of material and film_on_flat without the other.
    """
    if (material is None) != (film_on_flat is None):
        raise ValueError(
            "film_on_flat: must be given together with film_material, got one of them; "
            "give both or neither"
        )
    if film_on_flat is None:
        return None
    return PlanarFilm(material=material, overcoat=planar_overcoat(slab, film_on_flat), name=name)
