"""Checks of a design that come before any heavy work: ranges of materials, regions, geometry."""

from __future__ import annotations

from collections.abc import Iterator

from cavities.constants import HC_EV_UM
from cavities.material import Material
from cavities.planar_stack import PlanarStack
from cavities.spec import Spec
from studies.cavity_table import cavity_type, is_periodic, is_planar
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
    check_solver_table(design)
    if is_periodic(design.cavity):
        from studies.periodic_checks import check_periodic

        check_periodic(design)
        return
    try:
        if is_planar(design.cavity):
            stack = design.cavity.stack()  # type: ignore[attr-defined]
        else:
            design.cavity.body()  # type: ignore[attr-defined]
            return
    except (ValueError, TypeError) as error:
        raise first_error(error, key="cavity") from None
    check_planar(design, stack)


def check_solver_table(design: Design) -> None:
    """Raise when [solver] has keys that belong to another kind of cavity.

    Raises:
        DesignError: angle, k_x or polarisation without a planar cavity, or azimuthal orders with;
            plane waves or a Bloch vector without a periodic one.
    """
    solver, kind = design.solver, cavity_type(design.cavity)
    if is_periodic(design.cavity):
        if solver.azimuthal_order != "all":
            raise DesignError(
                f"must be left out for a {kind}, got {solver.azimuthal_order!r}; give bloch",
                key="solver.azimuthal_order",
            )
    else:
        for name in ("bloch", "orders", "search_orders", "largest_error_nm"):
            value = getattr(solver, name)
            if value is not None:
                raise DesignError(
                    f"must be left out for a {kind}, got {value!r}; it is for periodic cavities",
                    key=f"solver.{name}",
                )
    if is_planar(design.cavity):
        if solver.azimuthal_order != "all":
            raise DesignError(
                f"must be left out for a {kind}, got {solver.azimuthal_order!r}; give angle_deg or "
                "in_plane_wavenumber",
                key="solver.azimuthal_order",
            )
        return
    for name in ("angle_deg", "in_plane_wavenumber", "polarization"):
        value = getattr(solver, name)
        if value is not None:
            raise DesignError(
                f"must be left out for a {kind}, got {value!r}; it is for planar cavities",
                key=f"solver.{name}",
            )


def check_planar(design: Design, stack: PlanarStack) -> None:
    """Raise unless the tables of a planar design fit its stack.

    Raises:
        DesignError: a map, an exciton or a pump outside the materials' range, or no layer of
            the name that the exciton needs.
    """
    coupling, pump = design.strong_coupling, design.pump
    wanted: list[tuple[str, float]] = []
    if coupling is not None:
        if coupling.region not in stack.regions:
            raise DesignError(
                f"must be one of {', '.join(stack.regions)}, got {coupling.region!r}; "
                "name the layers that hold the excitons",
                key="strong_coupling.region",
            )
        if design.solver.angle_deg or design.solver.in_plane_wavenumber:
            raise DesignError(
                "must be left out with [strong_coupling], which starts from the mode at normal "
                f"incidence, got {design.solver.angle_deg or design.solver.in_plane_wavenumber:g}; "
                "the maps have the angles of [planar]",
                key="solver.angle_deg",
            )
        wanted += [("strong_coupling.energy_ev", HC_EV_UM / edge) for edge in coupling.energy_ev]
    if pump is not None and design.gain is not None:
        wanted.append(("pump.wavelength", pump.wavelength))  # type: ignore[attr-defined]
    if design.two_photon is not None:
        wanted.append(("two_photon.wavelength", design.two_photon.wavelength))
    for key, wavelength in wanted:
        for material in stack.media:
            first, last = material.wavelength_range
            if not material.allow_extrapolation and not first <= wavelength <= last:
                raise DesignError(
                    f"must lie in {first:g}-{last:g} um ({HC_EV_UM / last:.4g}-"
                    f"{HC_EV_UM / first:.4g} eV), where the data of {material.name} hold, got "
                    f"{wavelength:.4g} um; move it or give other data for the material",
                    key=key,
                )


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
        if name == "backside" and getattr(spec, "substrate_thickness", None) is None:
            continue
        if isinstance(value, Material):
            yield here, value
        elif isinstance(value, Spec):
            yield from materials_of(value, here)
        elif isinstance(value, tuple):
            for number, item in enumerate(value):
                if isinstance(item, Spec):
                    yield from materials_of(item, f"{here}[{number}]")
