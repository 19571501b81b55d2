"""Checks of a design that come before any heavy work: ranges of materials, regions, geometry."""

from __future__ import annotations

from collections.abc import Iterator

from cavities.material import Material
from cavities.spec import Spec
from studies.design import Design, gain_material
from studies.errors import DesignError
from studies.validation import first_error

__all__ = ["check_design", "materials_of"]


def check_design(design: Design) -> None:
    """Raise unless the solver can start on the design.

    Raises:
        DesignError: the window leaves a material's range, the medium has no region to be in,
            or the body cannot be built.
    """
    low, high = design.solver.wavelength
    for where, material in materials_of(design.cavity):
        first, last = material.wavelength_range
        if not material.allow_extrapolation and not (first <= low and high <= last):
            raise DesignError(
                f"must lie in {first:g}-{last:g} um, where the data of {material.name} "
                f"(cavity.{where}) hold, got {low:g}-{high:g} um; move the window or give other "
                "data for the material",
                key="solver.wavelength",
            )
    if design.gain is not None and gain_material(design.cavity) is None:
        raise DesignError(
            f'needs a region named "gain", got none in the {type(design.cavity).__name__}; add a '
            "coat or a gain film, or leave [gain] out",
            key="gain",
        )
    try:
        design.cavity.body()  # type: ignore[attr-defined]
    except (ValueError, TypeError) as error:
        raise first_error(error, key="cavity") from None


def materials_of(spec: Spec, path: str = "") -> Iterator[tuple[str, Material]]:
    """Yield (dotted path, material) for every material of a description that has a thickness.

    Example:
        >>> from cavities import Sphere
        >>> [path for path, _ in materials_of(Sphere(radius=1.0, material=1.5))]
        ['material', 'background']
    """
    for name in type(spec).model_fields:
        value = getattr(spec, name)
        here = f"{path}.{name}" if path else name
        thickness = getattr(spec, name.removesuffix("_material") + "_thickness", None)
        if name.endswith("_material") and thickness == 0:
            continue
        if isinstance(value, Material):
            yield here, value
        elif isinstance(value, Spec):
            yield from materials_of(value, here)
        elif isinstance(value, tuple):
            for number, item in enumerate(value):
                if isinstance(item, Spec):
                    yield from materials_of(item, f"{here}[{number}]")
