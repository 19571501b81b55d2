"""The [cavity] table of a design file: from its `type` and keys to a cavity."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cavities.spec import Spec
from studies.errors import DesignError, suggest
from studies.normalise import join, normalise, normalise_value
from studies.validation import first_error

if TYPE_CHECKING:
    from cavities import Exposure

__all__ = [
    "CAVITIES",
    "build_cavity",
    "cavity_class",
    "cavity_type",
    "is_periodic",
    "is_planar",
    "normalise_cavity",
]

CAVITIES = {
    "body_of_revolution": "BodyOfRevolution",
    "microdisk": "Microdisk",
    "micropillar": "Micropillar",
    "nanopillar_array": "NanopillarArray",
    "parabolic_microdisk": "ParabolicMicrodisk",
    "periodic_stack": "PeriodicStack",
    "photonic_crystal_slab": "PhotonicCrystalSlab",
    "planar_microcavity": "PlanarMicrocavity",
    "planar_stack": "PlanarStack",
    "sphere": "Sphere",
    "torus": "Torus",
    "two_mirror_cavity": "TwoMirrorCavity",
}
"""The values of `type` and the classes of `cavities` they stand for."""

_FROM_EXPOSURE = ("top_radius", "base_radius", "height", "wall_points")


def cavity_class(kind: str) -> type[Spec]:
    """Return the class that a `type` stands for."""
    import cavities

    found: type[Spec] = getattr(cavities, CAVITIES[kind])
    return found


def cavity_type(cavity: Spec) -> str:
    """Return the `type` of a cavity, the class name for one without a table form."""
    name = type(cavity).__name__
    return next((kind for kind, known in CAVITIES.items() if known == name), name)


def is_planar(cavity: Spec) -> bool:
    """Return whether a cavity is a stack of layers without end in the plane."""
    return callable(getattr(cavity, "stack", None))


def is_periodic(cavity: Spec) -> bool:
    """Return whether a cavity repeats a unit cell in the plane."""
    return callable(getattr(cavity, "unit_cell", None))


def normalise_cavity(
    table: Mapping[str, Any], *, key: str = "cavity", folder: Path | None = None
) -> dict[str, Any]:
    """Return the table with its names resolved and its units converted.

    The key `diameter` of a parabolic microdisk (with an exposure without time) asks for the
    exposure time that gives this diameter.

    Raises:
        DesignError: no or an unknown type, an unknown key, a wrong unit.
    """
    rest = dict(table)
    kind = rest.pop("type", None)
    if kind is None:
        raise DesignError(f"is required; {suggest('', CAVITIES)}", key=join(key, "type"))
    if kind not in CAVITIES:
        raise DesignError(
            f"must be a cavity type, got {kind!r}; {suggest(str(kind), CAVITIES)}",
            key=join(key, "type"),
        )
    model = cavity_class(kind)
    diameter: dict[str, Any] = {}
    if kind == "parabolic_microdisk" and "diameter" in rest:
        given = rest.pop("diameter")
        diameter["diameter"] = normalise_value(given, float, "diameter", key=join(key, "diameter"))
    return {"type": kind, **diameter, **normalise(rest, model, key=key, folder=folder)}


def build_cavity(table: Mapping[str, Any], *, key: str = "cavity") -> Spec:
    """Return the cavity of a normalised table.

    Raises:
        DesignError: a value breaks a rule of the cavity or of its exposure.
    """
    rest = dict(table)
    kind = rest.pop("type")
    try:
        if kind == "parabolic_microdisk" and rest.get("exposure") is not None:
            return _from_exposure(rest, key=key)
        if "diameter" in rest and kind == "parabolic_microdisk":
            raise DesignError(
                "needs a table [cavity.exposure]; give top_radius instead", key="diameter"
            )
        return cavity_class(kind)(**rest)
    except (ValueError, TypeError) as error:
        raise first_error(error, key=key) from None


def _from_exposure(rest: dict[str, Any], *, key: str) -> Spec:
    """Return the parabolic microdisk that the table's exposure writes."""
    from cavities import ParabolicMicrodisk

    twice = [name for name in _FROM_EXPOSURE if name in rest]
    if twice:
        raise DesignError(
            f"must not be given beside [cavity.exposure], which sets it, got {rest[twice[0]]!r}; "
            "remove one of the two",
            key=twice[0],
        )
    exposure = _exposure(rest.pop("exposure"), rest.pop("diameter", None))
    return ParabolicMicrodisk.from_exposure(exposure, **rest)


def _exposure(table: Any, diameter: float | None) -> Exposure:
    """Return the exposure of a table, timed for the diameter (um) when one is wanted."""
    from cavities import Exposure

    try:
        exposure = Exposure(**table)
    except (ValueError, TypeError) as error:
        raise first_error(error, key="exposure") from None
    if diameter is None:
        return exposure
    if "time_ms" in table:
        raise DesignError(
            f"must not be given together with exposure.time_ms, got {diameter:g} um; remove one",
            key="diameter",
        )
    return exposure.with_diameter(diameter)
