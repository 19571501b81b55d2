"""Published nanocrystals as layered spheres, and pump cross-sections at any wavelength.

Every number has a stated origin (`sample_provenance`), each beginning with "measured",
"computed", "derived", "source model" or "guess"; override any field by keyword.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gain.nanocrystal_absorption import LayeredNanocrystal
from gain.presets import PresetName, preset, pump_532
from gain.pump import Pump

__all__ = [
    "SampleName",
    "nanocrystal",
    "pump_at",
    "pump_cross_section_cm2",
    "quantum_shell",
    "sample_provenance",
]

SampleName = Literal[
    "cdse_dot_6.5nm", "quantum_shell_7.2nm", "quantum_shell_8.0nm", "quantum_shell_8.7nm"
]

_INDICES = (
    "measured: bulk wurtzite CdSe and CdS, ordinary ray, doi:10.1063/1.359815 and "
    "doi:10.1063/1.360355; k = 0 beyond the gaps (0.713 and 0.512 um), where the published fits "
    "keep an unphysical tail"
)
_HOST = "measured: toluene, n = 1.496 at 589 nm and 20 C; taken as constant"
_SHELLS = "guess: 1.75 nm of CdSe and 2 nm of CdS, neither is printed for these samples"

_SAMPLES: Final[dict[str, tuple[tuple[str, ...], tuple[float, ...], str]]] = {
    "cdse_dot_6.5nm": (
        ("CdSe",),
        (3.25,),
        "measured: mean diameter 6.5 nm by electron microscopy (Das et al., Opt. Mater. Express, "
        "2023); guess: all of it CdSe, although the dots are CdZnSe/ZnSe with more Zn than Cd, "
        "so the cross-section is an upper bound",
    ),
    **{
        f"quantum_shell_{core}nm": (
            ("CdS", "CdSe", "CdS"),
            (float(core) / 2, float(core) / 2 + 1.75, float(core) / 2 + 3.75),
            f"measured: {core} nm CdS core, doi:10.1039/D4NR04653F; {_SHELLS}",
        )
        for core in ("7.2", "8.0", "8.7")
    },
}

# The medium presets that have a sample behind their pump cross-section.
_SAMPLE_OF_PRESET: Final[dict[str, str]] = {
    "quantum_dots": "cdse_dot_6.5nm",
    "quantum_shells": "quantum_shell_8.0nm",
}


def nanocrystal(name: SampleName, **overrides: Any) -> LayeredNanocrystal:
    """Return a published nanocrystal; keyword arguments replace fields.

    Errors: ValueError listing the names for an unknown one; those of `LayeredNanocrystal`.

    Example:
        >>> shell = nanocrystal("quantum_shell_8.0nm")
        >>> [f"{float(shell.cross_section_cm2(x)):.2e}" for x in (0.400, 0.532)]
        ['2.12e-13', '3.60e-14']
    """
    layers, radii, _ = _sample(name)
    return LayeredNanocrystal(**{"name": name, "layers": layers, "radii_nm": radii, **overrides})


def quantum_shell(
    core_diameter_nm: float,
    *,
    quantum_shell_nm: float = 1.75,
    outer_shell_nm: float = 2.0,
    **overrides: Any,
) -> LayeredNanocrystal:
    """Return a CdS/CdSe/CdS quantum shell of any core (nm) and shell thicknesses (nm).

    Errors: those of `LayeredNanocrystal`.
    """
    core = core_diameter_nm / 2
    radii = (core, core + quantum_shell_nm, core + quantum_shell_nm + outer_shell_nm)
    fields = {
        "name": f"quantum_shell_{core_diameter_nm:g}nm",
        "layers": ("CdS", "CdSe", "CdS"),
        "radii_nm": radii,
    }
    return LayeredNanocrystal(**{**fields, **overrides})


def sample_provenance(name: SampleName) -> Mapping[str, str]:
    """Return where the numbers of a sample come from, by field.

    Example:
        >>> sample_provenance("quantum_shell_7.2nm")["radii_nm"][:29]
        'measured: 7.2 nm CdS core, do'
    """
    _, _, radii = _sample(name)
    return MappingProxyType({"layers": _INDICES, "radii_nm": radii, "host": _HOST})


def pump_cross_section_cm2(name: PresetName, wavelength: ArrayLike) -> NDArray[np.float64]:
    """Return the pump cross-section (cm^2) of a medium preset at wavelengths (um).

    Quantum shells and dots: the layered sphere behind the preset, at any wavelength of its
    optical constants that is shorter than the emission. Nanoplatelets: 532 nm only (a guess).

    Errors: ValueError for a wavelength without a cross-section or an unknown preset.

    Example:
        >>> f"{float(pump_cross_section_cm2('quantum_dots', 0.370)):.1e}"
        '1.8e-14'
    """
    x = np.asarray(wavelength, dtype=np.float64)
    emission = preset(name).emission_wavelength
    if name not in _SAMPLE_OF_PRESET:
        known = pump_532(name)
        if not np.all(np.abs(x - known.wavelength) < 1e-3):
            raise ValueError(
                f"wavelength: {name} have a pump cross-section at {known.wavelength:g} um only, "
                f"got {np.min(x):g} to {np.max(x):g} um; give Pump(cross_section_cm2=...) instead"
            )
        return np.full(x.shape, known.cross_section_cm2)
    if not np.all((x > 0) & (x < emission)):
        raise ValueError(
            f"wavelength: {name} have a pump cross-section below their emission at {emission:g} "
            f"um, got {np.min(x):g} to {np.max(x):g} um; give Pump(cross_section_cm2=...) instead"
        )
    return _sphere(name).cross_section_cm2(x)


def pump_at(name: PresetName, wavelength: float, **overrides: Any) -> Pump:
    """Return a pump at any wavelength (um) with the preset's cross-section there.

    Args:
        name: medium preset.
        wavelength: vacuum wavelength of the pump (um).
        **overrides: fields of `Pump`.

    Errors: those of `pump_cross_section_cm2` and `Pump`.

    Example:
        >>> pump = pump_at("quantum_shells", 0.400)
        >>> round(float(pump.absorbed_photons(fluence_uj_per_cm2=4.0)), 2)
        1.71
    """
    if "cross_section_cm2" not in overrides:
        overrides["cross_section_cm2"] = float(pump_cross_section_cm2(name, wavelength))
    return Pump(**{"wavelength": wavelength, **overrides})


def _sphere(name: str) -> LayeredNanocrystal:
    sample = _SAMPLE_OF_PRESET[name]
    layers, radii, _ = _sample(sample)
    return LayeredNanocrystal(name=sample, layers=layers, radii_nm=radii)


def _sample(name: str) -> tuple[tuple[str, ...], tuple[float, ...], str]:
    try:
        return _SAMPLES[name]
    except KeyError:
        raise ValueError(
            f"nanocrystal: must be one of {', '.join(_SAMPLES)}, got {name!r}; or build a "
            "LayeredNanocrystal"
        ) from None
