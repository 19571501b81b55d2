"""Ready media: quantum dots, quantum shells, nanoplatelets, with the source of every number.

The sample tables behind the published microdisk lasers (sizes, cross-sections, Stokes shifts)
are not public, so several numbers are guesses. `provenance` says which: each entry begins with
"measured", "computed", "derived" or "guess". Nothing was adjusted to meet a published
threshold; override any field by keyword.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal

from gain.line_shape import GaussianLine
from gain.nanocrystal_medium import NanocrystalMedium
from gain.pump import Pump
from gain.spectral_shift import Shift

__all__ = [
    "PresetName",
    "nanoplatelets",
    "preset",
    "provenance",
    "pump_532",
    "quantum_dots",
    "quantum_shells",
]

PresetName = Literal["quantum_dots", "quantum_shells", "nanoplatelets"]

_COMMON: Final[dict[str, str]] = {
    "background": "guess: no non-saturable absorption at the band edge",
    "exciton_interaction": "guess: one shift for every multi-exciton, as in equation (5)",
    "pairing": "source model: one exciton per transition, equations (4), (5) of HAL hal-05014673",
    "inhomogeneous": "guess: not told apart, `line` is as wide as the ensemble's emission",
    "shifts_in": "source model: shifts in wavelength, equation (5) of HAL hal-05014673",
    "temperature_k": "guess: room temperature",
    "film_index": "computed: material 'nanocrystal_film', effective medium of CdSe, CdS and ligand "
    "(n = 1.86 at 650 nm) with a guessed composition",
}

_PRESETS: Final[dict[str, dict[str, tuple[Any, str]]]] = {
    "quantum_shells": {
        "emission_wavelength": (0.650, "guess: red CdS/CdSe/CdS shells emit at 640 to 670 nm"),
        "line": (GaussianLine(std_nm=11.5), "guess: FWHM 27 nm, ensembles have 22 to 36 nm"),
        "stokes": (Shift(nm=15.0), "derived: Kennard-Stepanov gives 14.9 nm for this width"),
        "biexciton_shift": (
            Shift(nm=21.5),
            "measured: 63 meV between X and XX amplified emission of shells with a 7.2 nm core "
            "(57 to 80 meV at 10 K), doi:10.1039/D4NR04653F; first order at 650 nm",
        ),
        "coherence_areas": (1, "source model: two-fold degenerate band edge, equation (4)"),
        "cross_section_cm2": (
            5e-15,
            "guess: the 1S value 3.7e-15 cm^2 of CdSe dots emitting alike "
            "(doi:10.1021/cm034081k), a little more for the larger volume",
        ),
        "concentration_per_cm3": (3.5e17, "guess: 14 nm spheres filling half of the film"),
    },
    "quantum_dots": {
        "emission_wavelength": (
            0.654,
            "measured: CdZnSe/ZnSe dots, Das et al., Opt. Mater. Express (2023)",
        ),
        "line": (
            GaussianLine(fwhm_nm=34.5),
            "measured: emission of the same dots; an ensemble width, broader than one dot's",
        ),
        "stokes": (
            Shift(nm=15.0),
            "measured: absorption peak 639 nm, emission peak 654 nm of the same dots",
        ),
        "biexciton_shift": (
            Shift(nm=0.0),
            "guess: attractive in bare cores, repulsive under thick CdS shells (arXiv:1205.7055)",
        ),
        "coherence_areas": (1, "source model: two-fold degenerate band edge, equation (4)"),
        "cross_section_cm2": (
            3.7e-15,
            "derived: sizing curve and extinction of CdSe dots at 639 nm, doi:10.1021/cm034081k",
        ),
        "concentration_per_cm3": (6e17, "guess: 12.5 nm dots, ligands included, filling 60 %"),
    },
    "nanoplatelets": {
        "emission_wavelength": (0.650, "guess: red CdSe/CdZnS platelets"),
        "line": (GaussianLine(std_nm=9.0), "guess: FWHM 21 nm, narrower than shells"),
        "stokes": (Shift(nm=9.0), "derived: Kennard-Stepanov gives 9.2 nm for this width"),
        "biexciton_shift": (Shift(nm=0.0), "guess: exciton interaction small against the width"),
        "coherence_areas": (
            16,
            "guess: 100 nm^2 of platelet over the exciton coherence area 6.1 nm^2 measured at "
            "room temperature, doi:10.1038/s41377-021-00548-z",
        ),
        "cross_section_cm2": (
            1.3e-14,
            "measured: gain cross-section of red core/crown/shell quantum wells in solution, from "
            "an abstract; green ones 3.3e-14, CdSe/CdS platelets up to 7.3e-14 cm^2",
        ),
        "concentration_per_cm3": (8e17, "guess: 100 nm^2 by 6 nm platelets filling half"),
    },
}

_PUMP_532: Final[dict[str, tuple[float, str]]] = {
    "quantum_shells": (
        3.6e-14,
        "computed: quasi-static multishell sphere, 8 nm CdS core, 1.75 nm CdSe, 2 nm CdS (3.0e-14 "
        "to 4.1e-14 cm^2 for cores of 7.2 to 8.7 nm)",
    ),
    "quantum_dots": (9.6e-15, "computed: quasi-static CdSe sphere of 6.5 nm"),
    "nanoplatelets": (
        2.0e-14,
        "guess: the sphere's value per volume for 120 nm^3 of CdSe, without the sphere's "
        "depolarisation (field in the plane)",
    ),
}


def preset(name: PresetName, **overrides: Any) -> NanocrystalMedium:
    """Return a ready medium by name; keyword arguments replace its fields.

    Errors: ValueError listing the names for an unknown one; those of `NanocrystalMedium`.
    """
    fields = {key: value for key, (value, _) in _entries(name).items()}
    return NanocrystalMedium(**{"name": name, **fields, **overrides})


def quantum_shells(**overrides: Any) -> NanocrystalMedium:
    """Return CdS/CdSe/CdS quantum shells emitting at 650 nm; keywords replace fields.

    Example:
        >>> quantum_shells(cross_section_cm2=1e-14).peak_gain_per_cm
        3500.0
    """
    return preset("quantum_shells", **overrides)


def quantum_dots(**overrides: Any) -> NanocrystalMedium:
    """Return CdSe-like quantum dots emitting at 654 nm; keywords replace fields."""
    return preset("quantum_dots", **overrides)


def nanoplatelets(**overrides: Any) -> NanocrystalMedium:
    """Return CdSe/CdZnS nanoplatelets emitting at 650 nm; keywords replace fields."""
    return preset("nanoplatelets", **overrides)


def pump_532(name: PresetName, **overrides: Any) -> Pump:
    """Return a pulsed 532 nm pump with the preset's absorption cross-section there.

    Example:
        >>> pump = pump_532("quantum_shells", kind="cw", lifetime_ns=20.0)
        >>> round(float(pump.intensity_w_per_cm2(0.2741)), 1)
        142.1
    """
    _entries(name)
    fields = {"wavelength": 0.532, "cross_section_cm2": _PUMP_532[name][0]}
    return Pump(**{**fields, **overrides})


def provenance(name: PresetName) -> Mapping[str, str]:
    """Return where each number of a preset comes from, by field ("pump_..." for the pump).

    Example:
        >>> provenance("quantum_shells")["line"]
        'guess: FWHM 27 nm, ensembles have 22 to 36 nm'
    """
    texts = {key: text for key, (_, text) in _entries(name).items()}
    return MappingProxyType({**_COMMON, **texts, "pump_cross_section_cm2": _PUMP_532[name][1]})


def _entries(name: str) -> dict[str, tuple[Any, str]]:
    try:
        return _PRESETS[name]
    except KeyError:
        raise ValueError(
            f"preset: must be one of {', '.join(_PRESETS)}, got {name!r}; or build a "
            "NanocrystalMedium"
        ) from None
