"""Checks of a design with a periodic cavity that come before any heavy work."""

from __future__ import annotations

from collections.abc import Iterator

from cavities.periodic_stack import PeriodicStack
from studies.design import Design
from studies.errors import DesignError
from studies.periodic_variants import with_parameter

__all__ = ["check_periodic", "pump_wavelengths"]


def check_periodic(design: Design) -> None:
    """Raise unless the tables of a periodic design fit its cavity.

    Raises:
        DesignError: an unknown Bloch point, materials without data at a pump's wavelength or in
            the window, an unknown that the cavity does not have, decay rates without a name.
    """
    stack: PeriodicStack = design.cavity.unit_cell()  # type: ignore[attr-defined]
    solver, study = design.solver, design.periodic
    if isinstance(solver.bloch, str):
        try:
            stack.lattice.point(solver.bloch)
        except ValueError as error:
            raise DesignError(str(error).partition(": ")[2], key="solver.bloch") from None
    for key, wavelength in _wanted(design):
        for material in stack.media:
            first, last = material.wavelength_range
            if not material.allow_extrapolation and not first <= wavelength <= last:
                raise DesignError(
                    f"must lie in {first:g}-{last:g} um, where the data of {material.name} hold, "
                    f"got {wavelength:.4g} um; move it or give other data for the material",
                    key=key,
                )
    for number, unknown in enumerate(study.unknown):
        for value in (unknown.start, unknown.end):
            try:
                with_parameter(design.cavity, unknown.key, value)
            except DesignError as error:
                raise DesignError(error.rule, key=f"periodic.unknown[{number}]") from None
    _check_kinetics(study.quasi_cw_kinetics)


def pump_wavelengths(design: Design) -> Iterator[tuple[str, float]]:
    """Yield the key and the wavelength (um) of every pump of a design with a medium."""
    if design.gain is None:
        return
    if design.pump is not None:
        yield "pump.wavelength", design.pump.wavelength  # type: ignore[attr-defined]
    if design.periodic.quasi_cw_wavelength is not None:
        yield "periodic.quasi_cw_wavelength", design.periodic.quasi_cw_wavelength


def _wanted(design: Design) -> Iterator[tuple[str, float]]:
    yield from pump_wavelengths(design)
    for wavelength in design.solver.wavelength:
        yield "solver.wavelength", wavelength


def _check_kinetics(name: str) -> None:
    from gain.kinetics_presets import kinetics_names
    from studies.errors import suggest

    if name not in kinetics_names():
        raise DesignError(
            f"must be the name of a preset, got {name!r}; {suggest(name, kinetics_names())}",
            key="periodic.quasi_cw_kinetics",
        )
