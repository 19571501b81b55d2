"""Designs: a cavity with the solver's window, the gain medium, the pump and the outputs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field, SerializeAsAny, field_validator, model_validator

from cavities.spec import Spec
from studies.cavity_table import build_cavity, cavity_type, is_periodic, is_planar
from studies.compare_table import build_compared
from studies.design_tables import TEXTS, normalise_design, plain_models
from studies.dynamics_settings import ComparedMedium, DynamicsSettings
from studies.errors import DesignError
from studies.gain_table import build_medium
from studies.kinetics_table import build_kinetics
from studies.periodic_settings import PeriodicStudy
from studies.planar_settings import (
    PlanarSettings,
    PolaritonLaserSettings,
    StrongCouplingSettings,
    TwoPhotonSettings,
)
from studies.settings import (
    LayoutSettings,
    LossSettings,
    MonteCarloSettings,
    OutputSettings,
    SolverSettings,
)
from studies.toml_file import read_toml
from studies.validation import first_error

if TYPE_CHECKING:
    from cavities.material import Material

__all__ = ["Design", "build_design", "gain_material", "load_design"]


class Design(Spec):
    """Everything that one run needs, in the units of the suite.

    Attributes:
        name: short title; description: a few sentences; reference: DOI or address.
        cavity: any cavity with `.body()`, a planar one with `.stack()`, or a periodic one with
            `.unit_cell()`.
        solver: the solver's window and settings.
        losses: losses beyond the solver's, added to every mode.
        gain: the medium, a `gain.NanocrystalMedium`; None: modes only, no threshold.
        pump: a `gain.Pump`; None: thresholds in absorbed photons only.
        monte_carlo: settings of the Monte Carlo over cavity quality.
        layout: the mask; left out for cavities that the package `layouts` does not draw.
        planar: what is computed of every planar cavity.
        periodic: what is computed of every periodic cavity.
        strong_coupling: an exciton line in a planar cavity.
        polariton_laser: the polariton laser made of it; needs strong_coupling.
        two_photon: a pump of a planar cavity whose photons are absorbed in pairs.
        kinetics: decay rates of the medium's states, a `gain.ExcitonKinetics`: adds the laser in
            time; None: static thresholds only.
        dynamics: pump pulses and modes of the laser in time; needs kinetics.
        compare: other nanocrystals in the same cavity; needs kinetics.
        output: what is written.

    Example:
        >>> from cavities import Sphere
        >>> ball = Design(name="ball", cavity=Sphere(radius=2.0, material=1.5),
        ...               solver=SolverSettings(wavelength=(0.6, 0.62)))
        >>> ball.cavity.diameter
        4.0
    """

    name: str = Field(default="unnamed design", min_length=1)
    description: str = ""
    reference: str = ""
    cavity: SerializeAsAny[Spec]
    solver: SolverSettings
    losses: LossSettings = LossSettings()
    gain: SerializeAsAny[Spec] | None = None
    pump: SerializeAsAny[Spec] | None = None
    monte_carlo: MonteCarloSettings = MonteCarloSettings()
    layout: LayoutSettings = LayoutSettings()
    planar: PlanarSettings = PlanarSettings()
    periodic: PeriodicStudy = PeriodicStudy()
    strong_coupling: StrongCouplingSettings | None = None
    polariton_laser: PolaritonLaserSettings | None = None
    two_photon: TwoPhotonSettings | None = None
    kinetics: SerializeAsAny[Spec] | None = None
    dynamics: DynamicsSettings | None = None
    compare: tuple[ComparedMedium, ...] = ()
    output: OutputSettings = OutputSettings()

    @field_validator("cavity", mode="after")
    @classmethod
    def _has_body(cls, cavity: Spec) -> Spec:
        if not (
            callable(getattr(cavity, "body", None)) or is_planar(cavity) or is_periodic(cavity)
        ):
            raise ValueError(
                f"cavity: must have a method body(), got {type(cavity).__name__}; "
                "use a cavity of the package `cavities` (planar ones have stack(), periodic ones "
                "unit_cell())"
            )
        return cavity

    @model_validator(mode="after")
    def _tables_fit(self) -> Design:
        if self.polariton_laser is not None and self.strong_coupling is None:
            raise ValueError(
                "polariton_laser: needs an exciton in the cavity, got none; "
                "add the table [strong_coupling]"
            )
        if self.kinetics is not None and self.gain is None:
            raise ValueError("kinetics: needs a gain medium, got none; add the table [gain]")
        for name in ("dynamics", "compare"):
            if getattr(self, name) and self.kinetics is None:
                raise ValueError(
                    f"{name}: needs decay rates, got none; add the table [kinetics], such as "
                    'preset = "microdisk_shells"'
                )
        if is_planar(self.cavity):
            return self
        for name in ("strong_coupling", "two_photon"):
            if getattr(self, name) is not None:
                raise ValueError(
                    f"{name}: must be left out for a cavity that is not planar, got it for a "
                    f"{cavity_type(self.cavity)}; remove the table"
                )
        return self

    def content(self) -> dict[str, Any]:
        """Return the design as JSON-able data: what result.json holds under "design"."""
        data = self.model_dump(mode="json")
        data["cavity"] = {"type": cavity_type(self.cavity), **data["cavity"]}
        return data


def load_design(path: str | Path) -> Design:
    """Return the design of a TOML file.

    Lengths are micrometres or strings with a unit; see docs/design_files.md.

    Args:
        path: the design file.

    Raises:
        DesignError: one line that names file, key, rule and value.
    """
    path = Path(path)
    try:
        return build_design(normalise_design(read_toml(path), folder=path.parent))
    except DesignError as error:
        raise error.located(source=str(path)) from None


def build_design(tables: Mapping[str, Any]) -> Design:
    """Return the design of normalised tables (`normalise_design`).

    Raises:
        DesignError: a value breaks a rule; the message names its key.
    """
    for name in ("cavity", "solver"):
        if name not in tables:
            raise DesignError(f"is required; add the table [{name}]", key=name)
    fields: dict[str, Any] = {name: tables[name] for name in TEXTS if name in tables}
    fields["cavity"] = build_cavity(tables["cavity"])
    for name, model in plain_models().items():
        if name in tables:
            try:
                fields[name] = model(**tables[name])
            except (ValueError, TypeError) as error:
                raise first_error(error, key=name) from None
    film = gain_material(fields["cavity"])
    if "gain" in tables:
        fields["gain"] = build_medium(tables["gain"], film=film)
    if "kinetics" in tables:
        fields["kinetics"] = build_kinetics(tables["kinetics"])
    fields["compare"] = tuple(
        build_compared(table, film=film, key=f"compare[{number}]")
        for number, table in enumerate(tables.get("compare", ()))
    )
    try:
        return Design(**fields)
    except (ValueError, TypeError) as error:
        raise first_error(error) from None


def gain_material(cavity: Spec) -> Material | None:
    """Return the material of the cavity's region "gain", None when it has none.

    Example:
        >>> from cavities import ParabolicMicrodisk
        >>> gain_material(ParabolicMicrodisk(top_radius=7.5, base_radius=6.3, height=5.0)).name
        'nanocrystal_film'
    """
    if hasattr(cavity, "coat_material") and hasattr(cavity, "coat_thickness"):
        return cavity.coat_material if cavity.coat_thickness > 0 else None
    if hasattr(cavity, "gain_material"):
        found: Material | None = cavity.gain_material
        return found
    if is_periodic(cavity):
        return _material_of_region(cavity.unit_cell(), "gain")  # type: ignore[attr-defined]
    if is_planar(cavity):
        layers = cavity.stack().layers  # type: ignore[attr-defined]
        return next((layer.material for layer in layers if layer.name == "gain"), None)
    try:
        body = cavity.body()  # type: ignore[attr-defined]
    except (ValueError, TypeError) as error:
        raise first_error(error, key="cavity") from None
    layers = getattr(body.background, "layers", ())
    return next((part.material for part in (*body.regions, *layers) if part.name == "gain"), None)


def _material_of_region(stack: Any, region: str) -> Material | None:
    """Return the material of a region of a periodic stack, of its first part."""
    for layer in stack.layers:
        for part in (layer, *getattr(layer, "inclusions", ())):
            if part.name == region:
                found: Material = part.material
                return found
    return None
