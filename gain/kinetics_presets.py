"""Decay rates of real nanocrystals, with the source of every number."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from gain.exciton_kinetics import ExcitonKinetics

__all__ = ["kinetics_names", "kinetics_preset", "kinetics_provenance"]

_REVIEW = "doi:10.1039/D4NR04653F"
_QUADRUPLE = f"source model: quadruple scaling of the biexciton's radiative rate, {_REVIEW}"
_COMMON: Final = {
    "radiative_exponent": _QUADRUPLE,
    "auger_scaling": "guess: every three-particle channel alike (statistical scaling)",
    "max_excitons": "choice: raise it where the top state fills",
    "quantum_yield": "guess: no trapping",
}

_PRESETS: Final[dict[str, tuple[dict[str, float | None], dict[str, str]]]] = {
    "quantum_shells_7.2nm": (
        {"radiative_lifetime_ns": 4 * 22.0 * 0.43 / 0.57, "auger_lifetime_ns": 22.0},
        {
            "radiative_lifetime_ns": "derived: 66 ns from QY_XX/QY_X = 57 % and the Auger "
            f"lifetime, {_REVIEW}",
            "auger_lifetime_ns": f"measured: photon correlation, 7.2 nm core, {_REVIEW}; the rate "
            "scaling model of the same source gives 50 ns",
        },
    ),
    "quantum_shells_8.0nm": (
        {"radiative_lifetime_ns": 81.0, "auger_lifetime_ns": 81.0 / 4 * 0.82 / 0.18},
        {
            "radiative_lifetime_ns": "guess: between the values derived for 7.2 and 8.7 nm cores",
            "auger_lifetime_ns": "derived: 92 ns from QY_XX = 82 %, mean of single particles with "
            f"8.0 nm cores, {_REVIEW}, and the guessed radiative lifetime",
        },
    ),
    "quantum_shells_8.7nm": (
        {"radiative_lifetime_ns": 4 * 90.0 * 0.21 / 0.79, "auger_lifetime_ns": 90.0},
        {
            "radiative_lifetime_ns": "derived: 96 ns from QY_XX/QY_X = 79 % and the Auger "
            f"lifetime, {_REVIEW}",
            "auger_lifetime_ns": f"measured: photon correlation, 8.7 nm core, {_REVIEW}; the rate "
            "scaling model of the same source gives 110 ns",
        },
    ),
    "microdisk_shells": (
        {"radiative_lifetime_ns": 20.0, "auger_lifetime_ns": 10 / 3},
        {
            "radiative_lifetime_ns": "guess: 20 ns; the lifetimes of the microdisk lasers' shells "
            "are not published (HAL hal-05014673)",
            "auger_lifetime_ns": "guess: with it the biexciton lives 2 ns",
        },
    ),
    "quantum_dots": (
        {"radiative_lifetime_ns": 20.0, "auger_lifetime_ns": 0.5},
        {
            "radiative_lifetime_ns": "guess: typical of CdSe/CdS core/shell dots",
            "auger_lifetime_ns": "guess: between bare CdSe cores (0.1 ns) and thick shells (some "
            "ns), doi:10.1021/nl901681d",
        },
    ),
    "nanoplatelets": (
        {"radiative_lifetime_ns": 5.0, "auger_lifetime_ns": 0.5, "radiative_exponent": 1.0},
        {
            "radiative_lifetime_ns": "guess: fast excitons of wide platelets",
            "auger_lifetime_ns": "guess: some 0.1 to 1 ns, growing with the area",
            "radiative_exponent": "guess: excitons apart in a wide platelet decay on their own",
            "auger_scaling": "guess: excitons annihilate in pairs",
        },
    ),
    "cdznse_dots": (
        {"radiative_lifetime_ns": 3.5 / 0.58, "auger_lifetime_ns": 0.7071, "quantum_yield": 0.58},
        {
            "radiative_lifetime_ns": "derived: decay of 3.4 to 3.5 ns over the quantum yield, Das "
            "et al., Opt. Mater. Express (2023), Table 1",
            "auger_lifetime_ns": "derived: from the 0.59 to 0.62 ns that the source assigns to "
            "Auger recombination, less radiation and trapping",
            "quantum_yield": "measured: 58 %, same source",
        },
    ),
}


def kinetics_names() -> tuple[str, ...]:
    """Return the names of the presets."""
    return tuple(_PRESETS)


def kinetics_preset(name: str, **overrides: Any) -> ExcitonKinetics:
    """Return ready kinetics by name; keyword arguments replace its fields.

    Raises:
        ValueError: unknown name, listing the known ones.

    Example:
        >>> round(kinetics_preset("quantum_shells_8.7nm").biexciton_lifetime_ns, 1)
        18.9
    """
    fields: dict[str, Any] = dict(_entry(name)[0])
    if name == "nanoplatelets":
        fields.update(auger_scaling="superposition", max_excitons=40)
    return ExcitonKinetics(**{"name": name, **fields, **overrides})


def kinetics_provenance(name: str) -> Mapping[str, str]:
    """Return where each number of a preset comes from, by field.

    Example:
        >>> kinetics_provenance("quantum_dots")["quantum_yield"]
        'guess: no trapping'
    """
    return MappingProxyType({**_COMMON, **_entry(name)[1]})


def _entry(name: str) -> tuple[dict[str, float | None], dict[str, str]]:
    try:
        return _PRESETS[name]
    except KeyError:
        raise ValueError(
            f"kinetics: must be one of {', '.join(_PRESETS)}, got {name!r}; or build "
            "ExcitonKinetics"
        ) from None
