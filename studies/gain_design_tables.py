"""The tables of a design file without a cavity: names resolved and units converted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from studies.errors import DesignError, suggest
from studies.gain_table import normalise_gain
from studies.kinetics_table import normalise_kinetics
from studies.normalise import normalise

__all__ = ["EXPERIMENTS", "has_no_cavity", "normalise_gain_design"]

FORMAT = 1
TEXTS = ("name", "description", "reference")
EXPERIMENTS = ("cuvette", "ase", "transient_absorption", "device")
"""The tables that make a design without a cavity."""
TABLES = ("gain", "kinetics", "plasma", *EXPERIMENTS, "output")


def has_no_cavity(tables: Mapping[str, Any]) -> bool:
    """Return whether the tables of a file are those of a design without a cavity.

    Example:
        >>> has_no_cavity({"gain": {}, "cuvette": {}}), has_no_cavity({"cavity": {}, "gain": {}})
        (True, False)
    """
    return "cavity" not in tables and any(name in tables for name in EXPERIMENTS)


def normalise_gain_design(
    tables: Mapping[str, Any], *, folder: Path | None = None
) -> dict[str, Any]:
    """Return the tables with names resolved and units converted.

    Args:
        tables: as read from the file.
        folder: where relative file names start.

    Raises:
        DesignError: unknown keys and units.
    """
    known = ("format", *TEXTS, *TABLES)
    result: dict[str, Any] = {}
    for name, value in tables.items():
        if name not in known:
            raise DesignError(f"unknown key; {suggest(name, known)}", key=name)
        if name in TEXTS:
            if not isinstance(value, str):
                raise DesignError(f"must be a string, got {value!r}", key=name)
            result[name] = value
        elif name == "format":
            if value != FORMAT:
                raise DesignError(
                    f"must be {FORMAT}, got {value!r}; use the release that wrote it", key="format"
                )
        elif name == "device":
            result[name] = _devices(value, folder)
        elif not isinstance(value, Mapping):
            raise DesignError(f"must be a table, got {value!r}; write [{name}]", key=name)
        else:
            result[name] = _table(name, value, folder)
    return result


def _table(name: str, table: Mapping[str, Any], folder: Path | None) -> dict[str, Any]:
    from gain.plasma_gain import PlasmaMedium
    from studies.gain_settings import (
        AseSettings,
        CuvetteSettings,
        GainOutputSettings,
        TransientSettings,
    )

    if name == "gain":
        return normalise_gain(table, folder=folder)
    if name == "kinetics":
        return normalise_kinetics(table, folder=folder)
    models: dict[str, type[BaseModel]] = {
        "plasma": PlasmaMedium,
        "cuvette": CuvetteSettings,
        "ase": AseSettings,
        "transient_absorption": TransientSettings,
        "output": GainOutputSettings,
    }
    return normalise(table, models[name], key=name, folder=folder)


def _devices(value: Any, folder: Path | None) -> list[dict[str, Any]]:
    from studies.device_settings import DeviceSettings

    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise DesignError(f"must be tables, got {value!r}; write [[device]]", key="device")
    return [
        normalise(item, DeviceSettings, key=f"device[{number}]", folder=folder)
        for number, item in enumerate(value)
    ]
