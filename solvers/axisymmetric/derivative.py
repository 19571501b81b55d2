"""First derivatives of a mode with respect to any parameter of its cavity, without a new solve.

For T(k) x = 0 with the complex-symmetric pencil T = A - k^2 M(k), the unconjugated form of the
Hellmann-Feynman theorem gives dk/dp = -x^T (dT/dp) x / (x^T (dT/dk) x). Moving interfaces:
S. G. Johnson et al., Phys. Rev. E 65, 066611 (2002), doi:10.1103/PhysRevE.65.066611, here in
the equivalent volume form of `solvers.axisymmetric.shape_gradient`; open modes: P. T. Leung et
al., Phys. Rev. A 49, 3982 (1994), doi:10.1103/PhysRevA.49.3982.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from cavities.body_of_revolution import BodyOfRevolution
from cavities.material import Material
from cavities.spec import Spec
from solvers.axisymmetric.cavity_parameters import (
    entry_at,
    number_at,
    with_entry,
)
from solvers.axisymmetric.interface_motion import (
    STENCILS,
    interface_velocity,
    material_entries,
    material_key,
    same_shape,
    same_topology,
)
from solvers.modes import Mode

if TYPE_CHECKING:
    from solvers.axisymmetric.fields import ResolvedField
    from solvers.axisymmetric.mode_response import ModeResponse

__all__ = ["ModeDerivative", "mode_derivative"]

Key = tuple[str, str]
"""A region's name and the content hash of its material."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ModeDerivative:
    """How a mode responds to a parameter of its cavity, to first order.

    All derivatives are per unit of the parameter: per um for lengths, per deg for angles, ...

    Attributes:
        parameter: name of the parameter.
        value: its value in the cavity; nan for the index of several materials at once.
        wavenumber: d k0/dp, complex (rad/um per unit).
        mode: the mode.

    Example:
        >>> mode = Mode(wavenumber=10 - 5e-5j)
        >>> response = ModeDerivative(
        ...     parameter="radius", value=2.0, wavenumber=-mode.wavenumber / 2, mode=mode)
        >>> round(response.relative_wavelength, 12), response.relative_quality_factor
        (0.5, 0.0)
    """

    parameter: str
    value: float
    wavenumber: complex
    mode: Mode

    @property
    def wavelength(self) -> float:
        """Derivative of the wavelength (um per unit)."""
        return self.relative_wavelength * self.mode.wavelength

    @property
    def quality_factor(self) -> float:
        """Derivative of Q (1 per unit); nan for a lossless mode."""
        return self.relative_quality_factor * self.mode.quality_factor

    @property
    def inverse_quality_factor(self) -> float:
        """Derivative of the loss 1/Q (1 per unit)."""
        k, slope = self.mode.wavenumber, self.wavenumber
        return -2 * (slope.imag - k.imag * slope.real / k.real) / k.real

    @property
    def relative_wavelength(self) -> float:
        """Derivative of ln(wavelength) (1 per unit)."""
        return -self.wavenumber.real / self.mode.wavenumber.real

    @property
    def relative_quality_factor(self) -> float:
        """Derivative of ln(Q) (1 per unit); nan for a lossless mode."""
        k, slope = self.mode.wavenumber, self.wavenumber
        return slope.real / k.real - slope.imag / k.imag if k.imag else math.nan

    def wavenumber_after(self, change: float) -> complex:
        """Return k0 (rad/um) to first order after a change of the parameter.

        Its imaginary part, hence 1/Q, is linear in the change; Q itself is not.
        """
        return self.mode.wavenumber + self.wavenumber * change

    def __str__(self) -> str:
        unit = f"per unit of {self.parameter}"
        return (
            f"{self.mode.label}: {self.wavelength:+.6g} um and "
            f"{100 * self.relative_quality_factor:+.4g} % of Q {unit}"
        )


def mode_derivative(
    mode: Mode, cavity: Any, parameter: str, *, step: float | None = None
) -> ModeDerivative:
    """Return the first derivative of a mode's wavelength and Q with respect to a parameter.

    It takes the mode's own field, not a second solution. After the first parameter of a mode,
    further ones cost milliseconds.

    Args:
        mode: a mode that `solve_modes` found in this process, with its field.
        cavity: the cavity it was solved for.
        parameter: what changes:
            a number of the cavity by its (dotted) name: "radius", "coat_thickness",
            "exposure.waist", "coat_material.model.fraction";
            "<field>.index" or "<field>.extinction": real or imaginary part of the index of the
            material in a field, "coat_material.index", at fixed geometry;
            "index:<name>" or "extinction:<name>": the same for a region of the mode's body,
            "index:gain", or for every region of a material of that name, "index:Au".
        step: step (in the parameter's unit) of the differences that give the velocity of
            the interfaces; the mode is not solved again. Default: 0.2 % of the value.

    Returns:
        The derivative, zero for a parameter without effect. Its error is 10 to 50 times the
        relative error of k itself: "reference" accuracy where dQ matters to 1e-4.

    Raises:
        ValueError: unknown parameter, a mode of another cavity or without field, or a
            body whose regions appear or vanish as the parameter changes.

    Example:
        >>> from cavities import Sphere
        >>> from solvers.solve import solve_modes
        >>> ball = Sphere(radius=1.0, material=1.5)
        >>> mode = solve_modes(ball, (0.384, 0.39), azimuthal_order=20)[0]
        >>> round(mode_derivative(mode, ball, "radius").relative_wavelength, 4)
        1.0
        >>> round(mode_derivative(mode, ball, "material.index").relative_wavelength, 3)
        0.609
    """
    from solvers.axisymmetric.fields import ResolvedField

    if not isinstance(mode.sampler, ResolvedField):
        raise ValueError(
            f"mode: must carry its field from the axisymmetric solver, got none for "
            f"{mode.label!r} (loaded, or of another solver); solve again with solve_modes"
        )
    if not callable(getattr(cavity, "body", None)) or cavity.body() != mode.sampler.body:
        raise ValueError(
            "cavity: must be the one the mode was solved for, got a "
            f"{type(cavity).__name__} of another shape or material; solve it first"
        )
    if step is not None and not (math.isfinite(step) and step > 0):
        raise ValueError(f"step: must be > 0, got {step}; leave it out for the default")
    response = _response(mode.sampler)
    kind, _, name = parameter.partition(":")
    ending = parameter.rpartition(".")
    if kind in _INDEX and name:
        chosen = _named_materials(response.body, name)
        value, form = _index_change(response, chosen, _INDEX[kind])
    elif ending[2] in _INDEX and isinstance(_entry_or_none(cavity, ending[0]), Material):
        chosen = _materials_of_field(cavity, ending[0])
        value, form = _index_change(response, chosen, _INDEX[ending[2]])
    else:
        value = number_at(cavity, parameter)
        form = _number_change(response, cavity, parameter, value, step)
    return ModeDerivative(
        parameter=parameter, value=value, wavenumber=response.slope(form), mode=mode
    )


_INDEX: dict[str, complex] = {"index": 1.0, "extinction": 1j}


@functools.lru_cache(maxsize=32)
def _response(sampler: ResolvedField) -> ModeResponse:
    from solvers.axisymmetric.mode_response import ModeResponse

    return ModeResponse(sampler)


def _entry_or_none(cavity: Spec, name: str) -> Any:
    try:
        return entry_at(cavity, name) if name else None
    except ValueError:
        return None


def _named_materials(body: BodyOfRevolution, name: str) -> dict[Key, Material]:
    """Return the body's materials in a region, else those with a name."""
    entries = material_entries(body)
    for chosen in (
        {material_key(*entry): entry[1] for entry in entries if entry[0] == name},
        {material_key(*entry): entry[1] for entry in entries if entry[1].name == name},
    ):
        if chosen:
            return chosen
    regions = ", ".join(dict.fromkeys(region for region, _ in entries))
    materials = ", ".join(dict.fromkeys(material.name for _, material in entries))
    raise ValueError(
        f"parameter: must name a region or a material of the body, got {name!r}; "
        f"give one of {regions}; {materials}"
    )


def _materials_of_field(cavity: Any, field: str) -> dict[Key, Material]:
    """Return the body's materials that come from a field of the cavity.

    The same material under another name shows where it ends up; the geometry, which may
    depend on its index, stays.
    """
    marker = "\N{BLACK STAR}"
    marked = with_entry(cavity, field, entry_at(cavity, field).changed(name=marker)).body()
    before, after = material_entries(cavity.body()), material_entries(marked)
    chosen, others = {}, set()
    for entry, (_, material) in zip(before, after, strict=True):
        if material.name == marker:
            chosen[material_key(*entry)] = entry[1]
        else:
            others.add(material_key(*entry))
    shared = sorted(name for name, _ in others & chosen.keys())
    if shared:
        raise ValueError(
            f"parameter: {field!r} must not share region and material with another field, got "
            f"{shared[0]!r} twice; give the materials different names"
        )
    return chosen


def _index_change(
    response: ModeResponse, chosen: dict[Key, Material], direction: complex
) -> tuple[float, complex]:
    """Return the index's present value and x^T dT x per unit of n (direction 1) or k (1j)."""
    k = response.wavenumber
    wavelength = np.asarray(2 * math.pi / k.real)
    values, changes = set(), {}
    for key, material in chosen.items():
        index = complex(material.index(wavelength))
        slope = -float(wavelength) * complex(material.model.slope(wavelength))
        # The continuation to complex k, see `continued_permittivity`.
        continued = 2j * k.imag / k.real * (direction * slope).real
        changes[key] = 2 * index * direction + continued
        values.add(index.imag if direction == 1j else index.real)
    return values.pop() if len(values) == 1 else math.nan, response.mass_change(changes)


def _number_change(
    response: ModeResponse, cavity: Any, parameter: str, value: float, step: float | None
) -> complex:
    """Return x^T dT x per unit of a number of the cavity: moving interfaces, changing indices."""
    step = step or (2e-3 * abs(value) if abs(value) > 1e-9 else 2e-5)
    bodies, weights = _neighbours(response.body, cavity, parameter, value, step)
    permittivities = {
        offset: _permittivities(body, response.wavenumber) for offset, body in bodies.items()
    }
    changes: dict[Key, complex] = {}
    present = _permittivities(response.body, response.wavenumber)
    for number, entry in enumerate(material_entries(response.body)):
        # Differences from the present value: what stays contributes an exact zero.
        change = sum(w * (permittivities[o][number] - present[number]) for o, w in weights.items())
        change /= step
        key = material_key(*entry)
        if abs(changes.setdefault(key, change) - change) > 1e-9 * (1 + abs(change)):
            raise ValueError(
                f"parameter: the layers named {key[0]!r} of one material must change alike, got "
                f"two changes by {parameter!r}; give them different names"
            )
    form = response.mass_change(changes)
    if not all(same_shape(response.body, body) for body in bodies.values()):
        gradient, attachments = response.shape
        form += gradient.change(
            interface_velocity(gradient.points, gradient.normals, attachments, bodies, step)
        )
    return form


def _neighbours(
    body: BodyOfRevolution, cavity: Any, parameter: str, value: float, step: float
) -> tuple[dict[int, BodyOfRevolution], dict[int, float]]:
    """Return bodies at neighbouring values, by offset in steps, and the weights of a slope.

    Differences are central, or one-sided where the cavity does not exist on the other side.
    """
    refusals: list[str] = []
    for weights, _ in STENCILS:
        bodies: dict[int, BodyOfRevolution] = {}
        for offset in sorted(weights, key=abs):
            try:
                moved = with_entry(cavity, parameter, value + offset * step).body()
            except ValueError as error:
                refusals.append(_first_line(error))
                break
            if not same_topology(body, moved):
                refusals.append("a region, a segment of its outline or a layer comes or goes")
                break
            bodies[offset] = moved
        else:
            return bodies, weights
    reasons = " / ".join(dict.fromkeys(refusals))
    raise ValueError(
        f"parameter: the body must keep its regions and outlines as {parameter!r} leaves "
        f"{value:.6g} by {step:.3g}, got: {reasons}; give a smaller step or solve at two values"
    )


def _permittivities(body: BodyOfRevolution, wavenumber: complex) -> list[complex]:
    from solvers.axisymmetric.pencil import continued_permittivity

    square = np.asarray([wavenumber**2])
    entries = material_entries(body)
    return [complex(continued_permittivity(material, square)[0][0]) for _, material in entries]


def _first_line(error: ValueError) -> str:
    """Return what a validator said."""
    details = getattr(error, "errors", None)
    return str(details()[0]["msg"]) if callable(details) else str(error).splitlines()[0]
