"""Designs without a cavity: a medium, its decay rates and experiments on it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, SerializeAsAny, model_validator

from cavities.spec import Spec
from gain.exciton_kinetics import ExcitonKinetics
from gain.nanocrystal_medium import NanocrystalMedium
from gain.plasma_gain import PlasmaMedium
from studies.design import Design, build_design
from studies.design_tables import normalise_design
from studies.device_settings import DeviceSettings
from studies.errors import DesignError
from studies.gain_design_tables import (
    EXPERIMENTS,
    TEXTS,
    has_no_cavity,
    normalise_gain_design,
)
from studies.gain_settings import (
    AseSettings,
    CuvetteSettings,
    GainOutputSettings,
    TransientSettings,
)
from studies.gain_table import build_medium
from studies.kinetics_table import build_kinetics
from studies.toml_file import read_toml
from studies.validation import first_error

__all__ = ["GainDesign", "build_gain_design", "load_any_design", "load_gain_design"]


class GainDesign(Spec):
    """Experiments on a gain medium without a cavity that is solved: no modes, no mask.

    Attributes:
        name: short title; description: a few sentences; reference: DOI or address.
        gain: the nanocrystals.
        kinetics: their decay rates.
        plasma: the electron-hole plasma in them at many pairs, for devices that ask for it.
        cuvette: continuous pumping with a lamp and a mirror.
        ase: amplified spontaneous emission of a stripe.
        transient_absorption: pump and probe.
        device: lasers whose Q and confinement are assumptions.
        output: what is written.

    Errors: ValueError for a design without any experiment.
    """

    name: str = Field(default="unnamed design", min_length=1)
    description: str = ""
    reference: str = ""
    gain: NanocrystalMedium
    kinetics: ExcitonKinetics
    plasma: SerializeAsAny[PlasmaMedium] | None = None
    cuvette: CuvetteSettings | None = None
    ase: AseSettings | None = None
    transient_absorption: TransientSettings | None = None
    device: tuple[DeviceSettings, ...] = ()
    output: GainOutputSettings = GainOutputSettings()

    @model_validator(mode="after")
    def _experiments(self) -> GainDesign:
        if not any(getattr(self, name) for name in EXPERIMENTS):
            raise ValueError(
                f"cuvette: must be given, or another of {', '.join(EXPERIMENTS[1:])}, got none; "
                "add a table"
            )
        names = [device.name for device in self.device]
        if len(set(names)) < len(names):
            raise ValueError(f"device: must have different names, got {names}; rename one")
        if self.plasma is None and any(device.medium == "plasma" for device in self.device):
            raise ValueError(
                "plasma: must be given for a device with medium = 'plasma', got none; "
                "add the table [plasma]"
            )
        return self

    def content(self) -> dict[str, Any]:
        """Return the design as JSON-able data: what result.json holds under "design"."""
        return self.model_dump(mode="json")


def load_gain_design(path: str | Path) -> GainDesign:
    """Return the design without a cavity of a TOML file; see docs/design_files.md.

    Raises:
        DesignError: one line that names file, key, rule and value.
    """
    design = load_any_design(path)
    if isinstance(design, Design):
        raise DesignError(
            "must be left out of a design without a cavity, got one; use load_design",
            key="cavity",
            source=str(path),
        )
    return design


def load_any_design(path: str | Path) -> Design | GainDesign:
    """Return the design of a TOML file, with or without a cavity.

    Raises:
        DesignError: one line that names file, key, rule and value.
    """
    path = Path(path)
    try:
        tables = read_toml(path)
        if has_no_cavity(tables):
            return build_gain_design(normalise_gain_design(tables, folder=path.parent))
        return build_design(normalise_design(tables, folder=path.parent))
    except DesignError as error:
        raise error.located(source=str(path)) from None


def build_gain_design(tables: Mapping[str, Any]) -> GainDesign:
    """Return the design of normalised tables (`normalise_gain_design`).

    Raises:
        DesignError: a value breaks a rule; the message names its key.
    """
    for name in ("gain", "kinetics"):
        if name not in tables:
            raise DesignError(f"is required; add the table [{name}]", key=name)
    fields: dict[str, Any] = {name: tables[name] for name in TEXTS if name in tables}
    models: dict[str, type[Spec]] = {
        "cuvette": CuvetteSettings,
        "ase": AseSettings,
        "transient_absorption": TransientSettings,
        "output": GainOutputSettings,
    }
    for name, model in models.items():
        if name in tables:
            fields[name] = _made(model, tables[name], key=name)
    fields["device"] = tuple(
        _made(DeviceSettings, table, key=f"device[{number}]")
        for number, table in enumerate(tables.get("device", ()))
    )
    fields["gain"] = build_medium(_with_density(tables["gain"], fields.get("cuvette")))
    fields["kinetics"] = build_kinetics(tables["kinetics"])
    if "plasma" in tables:
        from gain.plasma_gain import plasma_shells

        fields["plasma"] = _made(plasma_shells, tables["plasma"], key="plasma")
    _check_kinetics(fields["device"])
    try:
        return GainDesign(**fields)
    except (ValueError, TypeError) as error:
        raise first_error(error) from None


def _made(model: Any, table: Mapping[str, Any], *, key: str) -> Any:
    """Return the model of a table."""
    try:
        return model(**table)
    except (ValueError, TypeError) as error:
        raise first_error(error, key=key) from None


def _with_density(table: Mapping[str, Any], cuvette: CuvetteSettings | None) -> dict[str, Any]:
    """Return the [gain] table with the concentration that the cuvette's filling gives."""
    result = dict(table)
    if cuvette is None or cuvette.amount_mmol is None or cuvette.volume_ml is None:
        return result
    if "concentration_per_cm3" in result:
        raise DesignError(
            "must be left out with cuvette.amount_mmol, which sets it, got "
            f"{result['concentration_per_cm3']:g} /cm^3; remove one",
            key="gain.concentration_per_cm3",
        )
    from gain.cw_cuvette import number_density_per_cm3

    result["concentration_per_cm3"] = number_density_per_cm3(
        amount_mmol=cuvette.amount_mmol, volume_ml=cuvette.volume_ml
    )
    return result


def _check_kinetics(devices: tuple[DeviceSettings, ...]) -> None:
    """Raise unless every device names known decay rates."""
    from gain.kinetics_presets import kinetics_names
    from studies.errors import suggest

    for number, device in enumerate(devices):
        if device.kinetics is not None and device.kinetics not in kinetics_names():
            raise DesignError(
                f"must be the name of a preset, got {device.kinetics!r}; "
                f"{suggest(device.kinetics, kinetics_names())}",
                key=f"device[{number}].kinetics",
            )
