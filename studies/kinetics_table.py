"""The [kinetics] table of a design file: preset decay rates with overrides, or all of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studies.errors import DesignError, suggest
from studies.normalise import join, normalise
from studies.validation import first_error

if TYPE_CHECKING:
    from gain.exciton_kinetics import ExcitonKinetics

__all__ = ["build_kinetics", "normalise_kinetics"]

NO_AUGER = "none"
"""What a design file says for a biexciton without Auger recombination."""


def normalise_kinetics(
    table: Mapping[str, Any], *, key: str = "kinetics", folder: Path | None = None
) -> dict[str, Any]:
    """Return the table with its names resolved and its units converted.

    Raises:
        DesignError: an unknown preset or key, a wrong unit.
    """
    from gain.exciton_kinetics import ExcitonKinetics
    from gain.kinetics_presets import kinetics_names

    rest = dict(table)
    preset = rest.pop("preset", None)
    if preset is not None and preset not in kinetics_names():
        raise DesignError(
            f"must be the name of a preset, got {preset!r}; "
            f"{suggest(str(preset), kinetics_names())}",
            key=join(key, "preset"),
        )
    without = [
        name for name in ("auger_lifetime", "auger_lifetime_ns") if rest.get(name) == NO_AUGER
    ]
    for name in without:
        del rest[name]
    fields = normalise(rest, ExcitonKinetics, key=key, folder=folder)
    if without:
        fields["auger_lifetime_ns"] = None
    return fields if preset is None else {"preset": preset, **fields}


def build_kinetics(table: Mapping[str, Any], *, key: str = "kinetics") -> ExcitonKinetics:
    """Return the decay rates of a normalised table.

    Raises:
        DesignError: a rate is missing, or a value breaks a rule.
    """
    from gain.exciton_kinetics import ExcitonKinetics
    from gain.kinetics_presets import kinetics_preset

    rest = dict(table)
    preset = rest.pop("preset", None)
    try:
        return ExcitonKinetics(**rest) if preset is None else kinetics_preset(preset, **rest)
    except (ValueError, TypeError) as error:
        raise first_error(error, key=key) from None
