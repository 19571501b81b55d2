"""The [gain] table of a design file: a preset medium with overrides, or a medium in full."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studies.errors import DesignError, suggest
from studies.normalise import join, normalise
from studies.validation import first_error

if TYPE_CHECKING:
    from cavities.material import Material
    from gain.nanocrystal_medium import NanocrystalMedium

__all__ = ["build_medium", "normalise_gain", "preset_names"]


def preset_names() -> tuple[str, ...]:
    """Return the names of the media that `gain` brings along."""
    from gain.presets import PresetName

    names: tuple[str, ...] = typing.get_args(PresetName)
    return names


def normalise_gain(
    table: Mapping[str, Any], *, key: str = "gain", folder: Path | None = None
) -> dict[str, Any]:
    """Return the table with its names resolved and its units converted.

    Raises:
        DesignError: an unknown preset or key, a wrong unit.
    """
    from gain.nanocrystal_medium import NanocrystalMedium

    rest = dict(table)
    preset = rest.pop("preset", None)
    if preset is not None and preset not in preset_names():
        raise DesignError(
            f"must be the name of a preset, got {preset!r}; {suggest(str(preset), preset_names())}",
            key=join(key, "preset"),
        )
    fields = normalise(rest, NanocrystalMedium, key=key, folder=folder)
    return fields if preset is None else {"preset": preset, **fields}


def build_medium(
    table: Mapping[str, Any], *, film: Material | None = None, key: str = "gain"
) -> NanocrystalMedium:
    """Return the medium of a normalised table.

    Args:
        table: what `normalise_gain` returns.
        film: material of the cavity's gain region: the film's index unless the table has one.

    Raises:
        DesignError: a value breaks a rule of the medium.
    """
    from gain import presets
    from gain.nanocrystal_medium import NanocrystalMedium

    rest = dict(table)
    preset = rest.pop("preset", None)
    if film is not None:
        rest.setdefault("film_index", film)
    try:
        if preset is None:
            return NanocrystalMedium(**rest)
        medium: NanocrystalMedium = presets.preset(preset, **rest)
        return medium
    except (ValueError, TypeError) as error:
        raise first_error(error, key=key) from None
